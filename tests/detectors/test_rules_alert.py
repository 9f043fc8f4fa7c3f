"""Our rules for alarms of other products: what each names is hit; what was closed, stopped or only tested is not."""

from typing import Any

import pytest

from schemas import LogWindow
from secassist.detectors.sigma import PLUGIN
from secassist.sources._records import record

DEFENDER = {"title": "Process injection was seen", "detectionSource": "WindowsDefenderAtp"}
GUARDDUTY = {"type": "Recon:EC2/PortProbe", "severity": 5, "service": {"archived": False}}
FINDING = {"Types": ["TTPs/Persistence/IAMUser"], "Workflow": {"Status": "NEW"}}
PROXY = {"threatname": "Win32.Agent", "action": "Allowed", "url": "a.example/x"}
DELIVERED = {"messagesDelivered": [{"subject": "Scan", "threatsInfoMap": [{"threatStatus": "active"}]}]}
SENSOR = {"type": "THREAT", "subtype": "spyware", "severity": "critical", "action": "alert"}
POT = {"eventid": "cowrie.login.success", "src_ip": "10.4.4.4"}
LISTING = {"protoPayload": {"methodName": "dns.changes.create"}}


def changed(*kinds: str) -> dict[str, Any]:
    """A change of names in a zone: a proof for a certificate, and names of these kinds beside it."""
    added = [{"name": "_acme-challenge.shop.example.", "type": "TXT"}]
    added += [{"name": "www.shop.example.", "type": kind} for kind in kinds]
    return {"protoPayload": {"methodName": "dns.changes.create", "request": {"change": {"additions": added}}}}


HIT: list[tuple[str, dict[str, Any]]] = [
    ("alert-vendor-grave", DEFENDER),
    ("alert-vendor-grave", {"Title": "Multi-stage incident involving Execution", "IncidentNumber": 7}),
    ("alert-vendor-grave", {"alerts": [{"title": "Attacker tool: secretsdump"}], "status": "OPEN"}),
    ("alert-vendor-grave", {"AlertName": "Suspected DCSync"}),
    ("alert-vendor", {"AlertName": "Suspected brute force", "status": "Closed", "classification": "TruePositive"}),
    ("alert-threat-maybe", {"threatInfo": {"confidenceLevel": "suspicious", "analystVerdict": "undefined"}}),
    ("alert-guardduty", GUARDDUTY),
    ("alert-guardduty-low", GUARDDUTY | {"severity": 2}),
    ("alert-finding-threat", FINDING),
    ("alert-finding-threat", FINDING | {"Types": ["Effects/Data Exfiltration"]}),
    ("alert-threat-let-through", PROXY),
    ("alert-threat-let-through", DELIVERED),
    ("alert-threat-let-through", {"clicksPermitted": [{"threatStatus": "active"}]}),
    ("alert-decoy", POT),
    ("net-attack-not-stopped", SENSOR),
    ("saas-copy-agent", {"Operation": "FileDownloaded", "UserAgent": "rclone/v1.60.1"}),
    ("db-program-run", {"statement": "EXEC sp_configure 'xp_cmdshell', 1; RECONFIGURE"}),
    ("db-program-run", {"sql_text": "copy t from program 'id'"}),
    ("db-program-run", {"Message": "Configuration option 'xp_cmdshell' changed from 0 to 1."}),
    ("win-print-driver-exploit", {"EventID": 316, "Message": "Files:- UNIDRV.DLL, kernelbase.dll, a.dll"}),
    ("gcp-dns-changed", changed("A")),
    ("gcp-dns-changed", LISTING),
    ("okta-account-locked", {"eventType": "user.account.lock"}),
    ("azure-user-made", {"activityDisplayName": "Add user", "initiatedBy": {"app": {"displayName": "Tool"}}}),
    ("m365-files-synced", {"Operation": "FileSyncDownloadedFull", "UserAgent": "Mozilla/5.0"}),
    ("net-dns-harmful", {"domain": "a.example", "categories": "Command and Control"}),
]

QUIET: list[tuple[str, dict[str, Any]]] = [
    ("alert-vendor-grave", DEFENDER | {"classification": "FalsePositive"}),
    ("alert-vendor-grave", {"title": "How process injection works"}),
    ("alert-vendor-grave", {"rule": {"title": "Process injection"}, "detectionSource": "x"}),
    ("alert-vendor-grave", {"alertName": "Suspected DCSync", "determination": "NotMalicious"}),
    ("alert-vendor", {"AlertName": "Suspected brute force", "classification": "BenignPositive"}),
    ("alert-threat-maybe", {"threatInfo": {"confidenceLevel": "suspicious", "analystVerdict": "false_positive"}}),
    ("alert-guardduty", GUARDDUTY | {"service": {"additionalInfo": {"sample": True}}}),
    ("alert-guardduty", GUARDDUTY | {"severity": 2}),
    ("alert-guardduty-grave", GUARDDUTY | {"severity": 8, "service": {"additionalInfo": {"sample": True}}}),
    ("alert-finding-threat", FINDING | {"Workflow": {"Status": "SUPPRESSED"}}),
    ("alert-finding-threat", FINDING | {"Types": ["Software and Configuration Checks/Vulnerabilities/CVE"]}),
    ("alert-threat-let-through", PROXY | {"action": "Blocked"}),
    ("alert-threat-let-through", PROXY | {"threatname": "None"}),
    ("alert-threat-let-through", {"messagesBlocked": DELIVERED["messagesDelivered"]}),
    ("alert-decoy", POT | {"src_ip": "203.0.113.9"}),
    ("alert-decoy", POT | {"eventid": "cowrie.session.connect"}),
    ("net-attack-not-stopped", SENSOR | {"action": "reset-server"}),
    ("net-attack-not-stopped", SENSOR | {"severity": "low"}),
    ("saas-copy-agent", {"Operation": "FileDownloaded", "UserAgent": "Mozilla/5.0"}),
    ("db-program-run", {"statement": "EXEC sp_configure 'xp_cmdshell', 0; RECONFIGURE"}),
    ("db-program-run", {"statement": "SELECT note FROM program_copy"}),
    ("win-print-driver-exploit", {"EventID": 316, "Message": "Files:- UNIDRV.DLL, UNIRES.DLL"}),
    ("gcp-dns-changed", changed()),
    ("okta-locked-out", {"eventType": "user.account.lock"}),
    (
        "azure-user-made",
        {
            "activityDisplayName": "Add user",
            "initiatedBy": {"app": {"displayName": "Workday to Azure AD User Provisioning"}},
        },
    ),
    ("m365-files-synced", {"Operation": "FileSyncDownloadedFull", "UserAgent": "OneDriveMpc-Transform_Thumbnail/1.0"}),
    ("saas-export", {"Operation": "FileSyncDownloadedFull"}),
    ("saas-protection-changed", {"event_type": "Policy Update", "event_type_id": 553648130}),
    ("net-dns-harmful", {"domain": "a.example", "categories": "Newly Seen Domains"}),
]


def hits(event: dict[str, Any]) -> set[str]:
    found = PLUGIN.detect(record(event, "alert_json", "test")).signals
    return {signal.rule.removeprefix("sigma:") for signal in found}


@pytest.mark.parametrize(("rule", "event"), HIT, ids=[f"{rule}-{at}" for at, (rule, _) in enumerate(HIT)])
def test_what_a_rule_names_is_hit(rule: str, event: dict[str, Any]):
    assert rule in hits(event)


@pytest.mark.parametrize(("rule", "event"), QUIET, ids=[f"{rule}-{at}" for at, (rule, _) in enumerate(QUIET)])
def test_what_is_closed_stopped_or_ordinary_is_not(rule: str, event: dict[str, Any]):
    assert rule not in hits(event)


def test_what_a_gateway_let_through_is_never_called_harmless():
    found = PLUGIN.detect(record(PROXY, "alert_json", "test")).signals
    assert [s.floor.disposition for s in found if s.rule == "sigma:alert-threat-let-through" and s.floor] == [
        "suspicious"
    ]


def test_a_line_of_a_firewall_is_read():
    line = 'type="utm" subtype="ips" severity="critical" action="detected" attack="Some.Injection"'
    found = PLUGIN.detect(LogWindow(source="log", body=line)).signals
    assert "sigma:net-attack-not-stopped" in {s.rule for s in found}
