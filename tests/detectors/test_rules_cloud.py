"""Our rules for cloud, identity and service logs: what each names is hit, and the harmless act beside it is not."""

import json
from typing import Any

import pytest

from schemas import Alert, LogWindow
from secassist.detectors.sigma import PLUGIN
from secassist.sources._records import record


def alert(event: dict[str, Any]) -> Alert:
    return record(event, "alert_json", "test")


def hits(event: dict[str, Any]) -> set[str]:
    return {signal.rule.removeprefix("sigma:") for signal in PLUGIN.detect(alert(event)).signals}


def aws(source: str, name: str, kind: str = "AssumedRole", **more: Any) -> dict[str, Any]:
    return {
        "eventSource": f"{source}.amazonaws.com",
        "eventName": name,
        "userIdentity": {"type": kind, "userName": "ann"},
        **more,
    }


def kube(verb: str, resource: str, **more: Any) -> dict[str, Any]:
    ref = {"resource": resource, "namespace": "shop", **more.pop("ref", {})}
    return {
        "kind": "Event",
        "verb": verb,
        "objectRef": ref,
        "user": {"username": "ann"},
        "responseStatus": {"code": 201},
        **more,
    }


def gcp(method: str, service: str = "x.googleapis.com", **more: Any) -> dict[str, Any]:
    return {"protoPayload": {"methodName": method, "serviceName": service, **more}}


def admin(name: str, **parameters: Any) -> dict[str, Any]:
    return {"id": {"applicationName": "admin"}, "name": name, "parameters": parameters}


OPEN = {"bucketPolicy": {"Statement": [{"Effect": "Allow", "Principal": "*"}]}}
LIMITED = {
    "bucketPolicy": {"Statement": [{"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}]}
}
CLOSED = {"bucketPolicy": {"Statement": [{"Principal": {"AWS": "arn:aws:iam::1:role/a"}}]}}
WIDE = {"rules": [{"verbs": ["*"], "resources": ["pods"]}]}
NARROW = {"rules": [{"verbs": ["get", "list"], "resources": ["pods"]}]}

CASES: list[tuple[str, dict[str, Any]]] = [
    ("aws-trail-stopped", aws("cloudtrail", "StopLogging")),
    (
        "aws-trail-stopped",
        aws("cloudtrail", "UpdateTrail", requestParameters={"isMultiRegionTrail": False}),
    ),
    ("aws-trail-changed", aws("cloudtrail", "CreateTrail")),
    ("aws-guardduty-off", aws("guardduty", "DeleteDetector")),
    ("aws-flow-logs-off", aws("ec2", "DeleteFlowLogs")),
    ("aws-firewall-removed", aws("wafv2", "DisassociateWebACL")),
    ("aws-root-use", aws("s3", "PutBucketVersioning", "Root")),
    ("aws-root-access-key", aws("iam", "CreateAccessKey", "Root")),
    ("aws-access-key-for-other", aws("iam", "CreateAccessKey", requestParameters={"userName": "bob"})),
    (
        "aws-admin-policy",
        aws("iam", "AttachRolePolicy", requestParameters={"policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}),
    ),
    (
        "aws-inline-admin-policy",
        aws("iam", "PutUserPolicy", requestParameters={"policyDocument": '{"Effect":"Allow","Action":"*"}'}),
    ),
    (
        "aws-trust-anyone",
        aws("iam", "UpdateAssumeRolePolicy", requestParameters={"policyDocument": '{"Principal": {"AWS": "*"}}'}),
    ),
    ("aws-federation-changed", aws("iam", "CreateSAMLProvider")),
    ("aws-startup-script-changed", aws("ec2", "ModifyInstanceAttribute", requestParameters={"userData": "x"})),
    ("aws-lambda-code", aws("lambda", "UpdateFunctionCode20150331v2", "IAMUser")),
    ("aws-lambda-public", aws("lambda", "CreateFunctionUrlConfig", requestParameters={"authType": "NONE"})),
    ("aws-secrets-bulk", aws("secretsmanager", "BatchGetSecretValue")),
    ("aws-parameters-decrypted", aws("ssm", "GetParametersByPath", requestParameters={"withDecryption": True})),
    ("aws-bucket-public", aws("s3", "PutBucketPolicy", requestParameters=OPEN)),
    ("aws-bucket-public", aws("s3", "DeletePublicAccessBlock")),
    ("aws-snapshot-shared", aws("rds", "ModifyDBSnapshotAttribute", requestParameters={"valuesToAdd": ["all"]})),
    ("aws-database-export", aws("rds", "StartExportTask")),
    ("aws-database-public", aws("rds", "ModifyDBInstance", requestParameters={"publiclyAccessible": True})),
    ("aws-database-protection-off", aws("rds", "ModifyDBCluster", requestParameters={"deletionProtection": False})),
    ("aws-database-deleted", aws("rds", "DeleteDBInstance")),
    ("aws-ransom-note", aws("s3", "PutObject", requestParameters={"key": "a/HOW-TO-RESTORE-YOUR-FILES.txt"})),
    ("aws-backup-or-key-deletion", aws("kms", "ScheduleKeyDeletion")),
    ("aws-leave-organization", aws("organizations", "LeaveOrganization", errorCode="AccessDenied")),
    ("aws-mail-discovery", aws("ses", "GetSendQuota")),
    ("aws-attack-tool-agent", aws("sts", "GetCallerIdentity", userAgent="TruffleHog")),
    ("gcp-service-account-key", gcp("google.iam.admin.v1.CreateServiceAccountKey")),
    (
        "gcp-owner-binding",
        gcp("SetIamPolicy", serviceData={"policyDelta": {"bindingDeltas": [{"action": "ADD", "role": "roles/owner"}]}}),
    ),
    ("gcp-log-sink-changed", gcp("google.logging.v2.ConfigServiceV2.DeleteSink", "logging.googleapis.com")),
    ("gcp-firewall-open", gcp("v1.compute.firewalls.insert", request={"sourceRanges": ["0.0.0.0/0"]})),
    ("gcp-workload-identity", gcp("google.iam.v1.WorkloadIdentityPools.CreateWorkloadIdentityPoolProvider")),
    ("gcp-token-for-service-account", gcp("GenerateAccessToken")),
    ("k8s-exec", kube("create", "pods", ref={"subresource": "exec"})),
    ("k8s-exec", gcp("io.k8s.core.v1.pods.exec.create", "k8s.io")),
    ("k8s-exec", {"properties": {"log": '{"verb":"create","objectRef":{"resource":"pods","subresource":"exec"}}'}}),
    ("k8s-secrets-listed", kube("list", "secrets", responseStatus={"code": 200})),
    ("k8s-secret-refused", kube("get", "secrets", responseStatus={"code": 403})),
    ("k8s-wide-role", kube("create", "clusterroles", requestObject=WIDE)),
    ("k8s-admin-binding", kube("create", "clusterrolebindings", requestObject={"roleRef": {"name": "cluster-admin"}})),
    ("k8s-privileged-pod", kube("create", "pods", requestObject={"spec": {"securityContext": {"privileged": True}}})),
    ("k8s-host-path", kube("create", "pods", requestObject={"spec": {"volumes": [{"hostPath": {"path": "/"}}]}})),
    ("k8s-anonymous", kube("get", "pods", user={"username": "system:anonymous"})),
    ("azure-conditional-access-off", {"operationName": "Delete conditional access policy", "result": "success"}),
    ("azure-app-consent", {"activityDisplayName": "Consent to application"}),
    (
        "azure-role-given",
        {
            "operationName": "Add member to role",
            "targetResources": [{"modifiedProperties": [{"newValue": '"Global Administrator"'}]}],
        },
    ),
    ("azure-run-command", {"operationName": {"value": "Microsoft.Compute/virtualMachines/runCommand/action"}}),
    ("azure-device-code", {"authenticationProtocol": "deviceCode"}),
    ("m365-inbox-rule", {"Operation": "New-InboxRule", "Parameters": [{"Name": "ForwardTo", "Value": "x@y.example"}]}),
    (
        "m365-audit-off",
        {
            "Operation": "Set-AdminAuditLogConfig",
            "Parameters": [{"Name": "UnifiedAuditLogIngestionEnabled", "Value": "False"}],
        },
    ),
    ("gws-admin-role", admin("ASSIGN_ROLE")),
    ("gws-data-export", admin("CUSTOMER_TAKEOUT_CREATED")),
    ("gws-government-attack", {"id": {"applicationName": "login"}, "name": "gov_attack_warning"}),
    ("okta-mfa-removed", {"eventType": "user.mfa.factor.reset_all", "outcome": {"result": "SUCCESS"}}),
    ("okta-idp-changed", {"eventType": "system.idp.lifecycle.create"}),
    ("gh-made-public", {"action": "repo.access", "visibility": "public"}),
    ("gh-repository-moved", {"action": "repo.transfer"}),
    ("slack-export", {"action": "manual_export_started"}),
    (
        "zoom-sign-in-weakened",
        {"operation_detail": "Security - Sign in with Two-Factor Authentication: from On to Off"},
    ),
    ("op-firewall", {"category": "firewall_failed", "target_user": {"email": "a@b.example"}}),
    ("snow-copy-out", {"QUERY_TEXT": "COPY INTO 's3://elsewhere/x' FROM customers"}),
    ("snow-admin-granted", {"query_text": "grant role ACCOUNTADMIN to user eve"}),
    ("auth0-role", {"data": {"description": "Assign roles to a user", "client_id": "c"}}),
    ("onelogin-assumed", {"event_type_id": 3}),
    ("duo-fraud", {"result": "fraud", "factor": "duo_push"}),
    ("box-shield", {"event_type": "SHIELD_ALERT"}),
    (
        "gl-visibility",
        {"entity_type": "Project", "details": {"custom_message": "Changed visibility from Private to Public"}},
    ),
    ("atlassian-login-as", {"attributes": {"action": "user_logged_in_as_user"}}),
    ("cf-key-seen", {"ActionType": "API_key_view"}),
    ("cs-detection-grave", {"metadata": {"eventType": "DetectionSummaryEvent"}, "event": {"SeverityName": "High"}}),
    ("notion-export", {"event": {"type": "workspace.content_exported"}}),
    ("tailscale-key", {"event": {"action": "CREATE", "target": {"type": "API_KEY"}}}),
    ("saas-second-factor-off", {"event_type": "account.mfa_disabled"}),
    ("saas-admin-given", {"action": "grant_admin_role"}),
    ("saas-audit-off", {"eventType": "audit_log.streaming.disabled"}),
    ("saas-export", {"event": "workspace_export_started"}),
    ("saas-key-made", {"type": "api_key.created"}),
    ("alert-threat-found", {"data": {"confidencelevel": "malicious"}}),
    ("net-remote-desktop-from-outside", {"srcAddr": "8.8.8.8", "dstAddr": "10.0.0.1", "dstPort": 3389}),
    ("net-dns-tunnel-service", {"query": "abc.ngrok-free.app"}),
]

NEAR: list[tuple[str, dict[str, Any]]] = [
    ("aws-trail-stopped", aws("cloudtrail", "StopLogging", errorCode="AccessDenied")),
    ("aws-trail-stopped", aws("cloudtrail", "GetTrailStatus")),
    ("aws-root-use", aws("iam", "ListAccessKeys", "Root")),
    ("aws-access-key-for-other", aws("iam", "CreateAccessKey", requestParameters={"userName": "ann"})),
    (
        "aws-admin-policy",
        aws("iam", "AttachRolePolicy", requestParameters={"policyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}),
    ),
    ("aws-bucket-public", aws("s3", "PutBucketPolicy", requestParameters=LIMITED)),
    ("aws-bucket-public", aws("s3", "PutBucketPolicy", requestParameters=CLOSED)),
    ("aws-ransom-note", aws("s3", "PutObject", requestParameters={"key": "docs/readme.txt"})),
    ("aws-lambda-code", aws("lambda", "UpdateFunctionCode20150331v2")),
    ("aws-database-protection-off", aws("rds", "ModifyDBCluster", requestParameters={"deletionProtection": True})),
    (
        "gcp-owner-binding",
        gcp(
            "SetIamPolicy",
            serviceData={"policyDelta": {"bindingDeltas": [{"action": "REMOVE", "role": "roles/owner"}]}},
        ),
    ),
    ("gcp-service-account-key", gcp("google.iam.admin.v1.CreateServiceAccountKey", status={"code": 7})),
    ("gcp-firewall-open", gcp("v1.compute.firewalls.insert", request={"sourceRanges": ["10.0.0.0/8"]})),
    ("k8s-wide-role", kube("create", "clusterroles", requestObject=NARROW)),
    ("k8s-exec", kube("create", "pods")),
    ("k8s-exec", kube("create", "pods", ref={"subresource": "exec"}, responseStatus={"code": 403})),
    ("k8s-admin-binding", kube("create", "clusterrolebindings", requestObject={"roleRef": {"name": "view"}})),
    ("k8s-anonymous", kube("get", "pods", user={"username": "system:anonymous"}, userAgent="kube-probe/1.28")),
    ("azure-conditional-access-off", {"operationName": "Delete conditional access policy", "result": "failure"}),
    ("m365-inbox-rule", {"Operation": "New-InboxRule", "Parameters": [{"Name": "FlaggedForAction", "Value": "x"}]}),
    ("okta-mfa-removed", {"eventType": "user.mfa.factor.reset_all", "outcome": {"result": "FAILURE"}}),
    ("gh-made-public", {"action": "repo.access", "visibility": "private"}),
    (
        "zoom-sign-in-weakened",
        {"operation_detail": "Security - Sign in with Two-Factor Authentication: from Off to On"},
    ),
    ("snow-copy-out", {"QUERY_TEXT": "SELECT * FROM customers"}),
    ("saas-second-factor-off", {"event_type": "account.mfa_enabled"}),
    ("saas-admin-given", {"action": "admin_role_revoked"}),
    ("saas-made-public", {"action": "public_key.create"}),
    ("net-remote-desktop-from-outside", {"srcAddr": "10.0.0.9", "dstAddr": "10.0.0.1", "dstPort": 3389}),
    ("net-remote-desktop-from-outside", {"srcAddr": "8.8.8.8", "dstPort": 3389, "action": "REJECT"}),
]


@pytest.mark.parametrize(("rule", "event"), CASES, ids=[f"{rule}-{at}" for at, (rule, _) in enumerate(CASES)])
def test_what_a_rule_names_is_hit(rule: str, event: dict[str, Any]):
    assert rule in hits(event)


@pytest.mark.parametrize(("rule", "event"), NEAR, ids=[f"{rule}-{at}" for at, (rule, _) in enumerate(NEAR)])
def test_the_harmless_act_beside_it_is_not(rule: str, event: dict[str, Any]):
    assert rule not in hits(event)


def test_the_text_of_a_foreign_rule_is_not_read():
    text = {"rule": {"title": "Bucket made public", "description": "mfa disabled, AllUsers, StopLogging, roles/owner"}}
    assert hits(text) == set()


def test_audit_events_in_the_lines_of_a_log_are_read():
    lines = [json.dumps(aws("cloudtrail", "DescribeTrails")), json.dumps(aws("cloudtrail", "DeleteTrail"))]
    found = PLUGIN.detect(LogWindow(source="log", body="\n".join(lines))).signals
    assert [s.lines for s in found if s.rule == "sigma:aws-trail-stopped"] == [(2,)]


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        (
            "linlog-service-login-refused",
            "2024/01/26 06:43:58 [error] 192.0.2.7 /login: invalid username or password",
        ),
        (
            "linlog-store-attacked",
            "1:M 22 Nov 10:00:00 # Possible SECURITY ATTACK detected. Somebody sends POST commands.",
        ),
        ("linlog-trap-touched", "2024-02-13T10:09:11Z ACCEPT host=::ffff:192.0.2.7 port=19005 fd=4 n=1/4096"),
        ("linlog-root-login", "May  1 10:00:00 h sshd[7]: Accepted password for root from 192.0.2.7 port 1 ssh2"),
        ("linlog-sudo-refused", "May  1 10:00:00 h sudo: eve : user NOT in sudoers ; TTY=pts/0 ; COMMAND=/bin/sh"),
        ("linlog-uid-zero", "May  1 10:00:00 h useradd[7]: new user: name=eve, UID=0, GID=0, home=/root"),
        ("linlog-user-added", "May  1 10:00:00 h usermod[7]: add 'eve' to group 'sudo'"),
        ("linlog-logs-gone", "May  1 10:00:00 h auditd[7]: The audit daemon is exiting."),
        ("linlog-promiscuous", "May  1 10:00:00 h kernel: device eth0 entered promiscuous mode"),
    ],
)
def test_lines_of_a_linux_log(rule: str, line: str):
    found = {s.rule for s in PLUGIN.detect(LogWindow(source="log", body=line)).signals}
    assert f"sigma:{rule}" in found
    quiet = "May  1 10:00:00 h kernel: device veth12 entered promiscuous mode"
    assert not PLUGIN.detect(LogWindow(source="log", body=quiet)).signals
