"""What kind of value stands in a field, told by the field's name: the names that products give to the same thing."""

import ipaddress
import re

from secassist.detectors import indicators
from secassist.likeness.keys import ADDRESSES, HOSTS, NAMELESS, USERS
from secassist.vocabulary import ecs

LONGEST = 2_048
"""Characters of a value; a longer one is no name of anything, only commands may be cut."""
_PATHS: dict[str, str] = {
    "host": HOSTS
    + """ event.system.computer workstationname dvchost dest_host src_host machinename device.name host devicehostname
    device_hostname agentcomputername agentrealtimeinfo.agentcomputername endpoint.name computer_name dvc devicednsname
    computerdnsname dest_nt_host orig_host instancedetails.instanceid instanceid nodename spec.nodename _hostname hostname
    agentdetectioninfo.agentcomputername predecoder.hostname device.device_name sensor.hostname""",
    "user": USERS
    + """ subjectusername useridentity.username useridentity.arn actor.user.name userid useremail
    initiatedby.user.userprincipalname accountname user_name auid_name accountupn initiatingprocessaccountname
    authenticationinfo.principalemail sessionissuer.username callerusername caller srcuser src_user suser actor.email
    processusername processuser process.user.name loginname login_name accesskeydetails.username acct agentlastloggedinusername
    user.email_addr impersonateduser.username user.loginuid_name sourceusername actor.login""",
    "changed": """targetusername requestparameters.username targetresources.userprincipalname user.target.name
    target.alternateid target_user_name targetuser newusername new_user targetaccount targetaccountname membername dest_user
    samaccountname affected_user user.changes.name dstuser target.user.name
    target_account request.user.primaryemail""",
    "group": "group.name groupname requestparameters.groupname targetgroup group_name requestparameters.rolename",
    "source": ADDRESSES
    + """ src_endpoint.ip clientip remote_addr sourceip c-ip calleripaddress sourceipv4 source_ip client_ip clientipaddress
    client_address callerip requestmetadata.callerip id.orig_h orig_h remoteipdetails.ipaddressv4 sourceips rhost
    client.ipaddress httprequest.remoteip httprequest.clientip src_host_ip local_ip localip localaddressip4 sourceaddress
    source_address request.ipaddress""",
    "target": """destination.ip dest_ip dst_ip dstip destinationip dest dst process_network.destination_ip dst_endpoint.ip
    server.ip destination.address id.resp_h resp_h remoteip remoteaddressip4 destinationipaddress destination_ip raddr
    destinationaddress dest_address dst_ip_address remote_ip fd.rip""",
    "process": """process.executable process.name image newprocessname process.path processname exe process.file.path
    process.file.name proc.name proc.exepath imagefilename sourceimage tgt.process.name tgt.process.image.path
    process_name process_path processdetails.name processdetails.executablepath comm threatinfo.originatorprocess""",
    "parent": """process.parent.executable process.parent.name parentimage parentprocessname parent.path parentprocess
    parentbasefilename proc.pname proc.pexepath parent_process parent_process_name parent_image parentimagefilename
    process.parent_process.name parent_process.file.path parent_process.file.name
    initiatingprocessfilename src.process.name src.process.image.path
    processdetails.lineage.executablepath""",
    "command": """process.command_line commandline process.commandline cmdline command command_line proctitle
    process.cmd_line script_block_text scriptblocktext processcommandline proc.cmdline tgt.process.cmdline
    process_command_line cmd processargs maliciousprocessarguments""",
    "service": "servicename service.name taskname winlog.event_data.servicename service_name",
    "key": "useridentity.accesskeyid accesskeyid access_key_id accesskeydetails.accesskeyid",
    "action": """eventname operationname methodname event.action activity operation protopayload.methodname actiontype
    api.operation awsapicallaction.api activitydisplayname evt.type operationtype""",
    "sender": "from email.from.address sender senderfromaddress sendermailfromaddress p1sender mailfrom p2sender",
    "reply": "reply_to email.reply_to.address",
    "recipient": "to email.to.address recipient recipientemailaddress rcptto recipients",
    "subject": "subject email.subject",
    "domain": """dns.question.name dns.rrname query queryname tls.sni http.hostname url.domain destination.domain
    dnsrequestaction.domain domainname dst_domain query_name dns_query rrname dest_domain qname query.hostname
    tls.client.server_name server_name remoteurl""",
    "path": "http.url url.path uri cs-uri-stem request_uri requesturi",
    "agent": """http.http_user_agent user_agent.original useragent user_agent rawuseragent
    requestmetadata.callersupplieduseragent""",
    "bucket": "requestparameters.bucketname bucketname s3bucketdetails.name bucket_name labels.bucket_name",
    "file": """file.path targetfilename filename file_path filepath targetpath fullpath threatinfo.filepath tgt.file.path
    objectname syscheck.path file.full_path fd.name""",
    "registry": """targetobject registry.path registrykey registrykeypath registry_path tgt.registry.keypath reg_key.path""",
    "attachment": "attachments.name",
    "pod": "objectref.name kubernetes.pod.name k8s.pod.name pod_name podname kubernetes.pod_name"
    " kubernetesworkloaddetails.name",
    "container": """container.id container.name containerid container_id container_name k8s.container.name
    kubernetes.container_name container.image.name container.image.repository""",
    "principal": """serviceprincipalname serviceprincipalid appdisplayname initiatedby.app.displayname appid
    initiatedby.app.serviceprincipalname""",
    "resource": """resourcearn resource.arn requestparameters.rolearn requestparameters.policyarn sessionissuer.arn
    protopayload.resourcename resourcename resourceid _resourceid resource_id resources.uid resources.arn
    cloud.resource.uid requestparameters.functionname requestparameters.secretid""",
}  # fmt: skip
"""Kind -> the ends of dotted field paths, in lower case, under which sources keep it."""
_WHOLE = frozenset(
    [
        "userid",
        "from",
        "to",
        "subject",
        "sender",
        "recipient",
        "query",
        "host",
        "path",
        "uri",
        "command",
        "image",
        "activity",
        "comm",
        "exe",
        "cmd",
        "caller",
        "acct",
        "dvc",
        "domainname",
        "new_user",
        "resourcename",
        "appid",
        "remoteurl",
        "localip",
        "remoteip",
        "objectname",
        "recipients",
        "hostname",
    ]
)
"""Ends that mean it only where they are the whole path, apart from _WRAPPERS."""
_WRAPPERS = frozenset(
    [
        "event",
        "event_data",
        "eventdata",
        "winlog",
        "data",
        "win",
        "result",
        "alert",
        "properties",
        "output_fields",
        "payload",
        "detail",
        "fields",
        "_source",
        "record",
        "evidence",
        "system",
        "rawevent",
        "jsonpayload",
    ]
)
"""Names of objects that only carry a record."""
_ENDS = {end: kind for kind, ends in _PATHS.items() for end in ends.lower().split()}
_PORT = re.compile(r"(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}")
_GROUPS = frozenset({"4728", "4729", "4732", "4733", "4756", "4757"})
"""Events of Windows whose TargetUserName is a group."""
_CHANGES = frozenset({"4720", "4722", "4723", "4724", "4725", "4726", "4738", "4740", "4767", "4781"})
"""Events of Windows whose TargetUserName is an account that something was done to."""


def by_field(path: str, text: str, event: str = "") -> list[tuple[str, str]] | None:
    """(kind, value) pairs of a field, None where its name tells nothing; `event` is the number of a Windows event, or ""."""
    value = text.strip()
    kind = _kind(path.lower()) or _kind(ecs(path))
    if kind is None or value.lower() in NAMELESS or len(value) > LONGEST:
        return None
    if kind in ("sender", "recipient", "reply"):
        return [(kind, each) for name, each in indicators.extract(value) if name == "e-mail address"] or None
    if kind in ("source", "target"):
        plain = address_of(value)
        return [(kind, plain)] if plain else None
    return _checked(_role(kind, path.lower(), event), value)


def _kind(path: str) -> str | None:
    parts = path.split(".")
    bare = parts
    while len(bare) > 1 and bare[0] in _WRAPPERS:
        bare = bare[1:]
    whole = ".".join(bare)
    ends = (".".join(parts[-size:]) for size in (3, 2, 1))
    return next((_ENDS[end] for end in ends if end in _ENDS and (end not in _WHOLE or end in (path, whole))), None)


def _role(kind: str, path: str, event: str) -> str:
    """Who logs on is the target of an event of Windows too; who is put into a group is not."""
    if not path.endswith("targetusername"):
        return kind
    return "group" if event in _GROUPS else "changed" if event in _CHANGES or not event else "user"


def _checked(kind: str, value: str) -> list[tuple[str, str]] | None:
    """Values that are none of their kind are left to what the text shows."""
    if kind in ("user", "changed", "group") and value.startswith("arn:"):
        return [(kind, value.rpartition("/")[2])]
    if kind in ("changed", "user") and value[:3].lower() == "cn=":
        return [(kind, value[3:].partition(",")[0])]
    if kind == "domain" and ("." not in value or "/" in value or address_of(value)):
        return None
    if kind in ("file", "registry") and not re.search(r"[\\/]|^\w[\w -]{0,80}\.\w", value):
        return None
    if kind == "registry" and "\\" not in value:
        return None
    if kind == "file" and "->" in value:
        return None
    if kind == "host" and address_of(value):
        return [("address", address_of(value))]
    return [(kind, value)]


def address_of(text: str) -> str:
    """An address without its port, or the one of version 4 that one of version 6 carries; "" for what is none."""
    if hit := _PORT.fullmatch(text):
        text = hit[1]
    try:
        read = ipaddress.ip_address(text)
    except ValueError:
        return ""
    inner = read.ipv4_mapped if isinstance(read, ipaddress.IPv6Address) else None
    return str(inner) if inner else text
