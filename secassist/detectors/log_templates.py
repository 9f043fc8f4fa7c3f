"""What repeats and what stands out in a log window: templates, rare lines, failed logins, sprayed passwords, scans, probes."""

import ipaddress
import json
import re
from collections import Counter
from dataclasses import dataclass, field

from schemas import Line, LogWindow, Severity, Subject, SubjectKind
from secassist.detectors._drain import mine
from secassist.detectors._marks import MARKS
from secassist.detectors.base import Detection, Signal

_LINES = 20_000
_KEPT = 50
"""Line numbers kept per signal."""
_TOP = 5
_RARE_OF = 12
"""Lines a window must have before a line that is alone in its template is called rare."""
_LOGINS = 5
"""Failed logins of one address (or in all) from which guessing is suspected; common lock-out thresholds are 5 to 10."""
_FEW = 3
_ERRORS = 10
_PATHS = 15
_PORTS = 8

_ADDRESS = re.compile(
    r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.]*\d)|(?<![\w:])::1(?![\w:])"
    r"|(?<![\w:])(?:[0-9a-fA-F]{1,4}:){2,7}(?::?[0-9a-fA-F]{1,4}){1,7}(?![\w:])"
)
_CLIENT = re.compile(
    r"(?i)(?:\bfrom|client(?:_?(?:ip|host|addr(?:ess)?))?|remote_?(?:ip|addr(?:ess)?)|rhost|src(?:_?ip)?|source|ip(?:address)?|rip"
    r"|peer|host|by|addr)"
    r"[\s\"':=\[(<`]{1,4}(?:ip\s)?((?:\d{1,3}\.){3}\d{1,3}|(?:[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F]{1,4})"
)
_FAILED = re.compile(
    r"(?i)\b(?:fail(?:ed|ure|s)?|invalid|incorrect|unsuccessful|wrong|bad|denied|reject(?:ed)?|unknown"
    r"|unauthori[sz]ed|not allowed"
    r"|no such|refused|mismatch|can't|cannot|could not|errors?)\b.{0,60}\b(?:log[ -]?(?:in|on)|sign[ -]?in"
    r"|auth\w{0,14}|passw(?:or)?d"
    r"|user(?:name)?|credentials?|pam \w+|session|otp|2fa|token|account|handshake)|\b(?:log[ -]?(?:in|on)"
    r"|sign[ -]?in|auth\w{0,14}"
    r"|passw(?:or)?d|user(?:name)?|credentials?|account|access)\b.{0,60}\b(?:fail\w{0,4}|invalid|incorrect"
    r"|unsuccessful|wrong|denied"
    r"|rejected|unknown|not found|does not exist|not allowed|refused|mismatch|no such user|error)|maximum "
    r"authentication attempts"
    r"|\b(?:4625|4771|4776)</eventid>|\"EventID\":\s?\"?(?:4625|4771)\b|closed by authenticating|no matching "
    r"key exchange"
    r"|banner exchange: connection from|kex exchange identification|bad protocol version"
)
_LOGIN_PATH = re.compile(
    r"(?i)\"?\b(?:POST|PUT)\s(\S{0,200}(?:login|signin|sign_in|auth|session|token|xmlrpc\.php|wp-login"
    r"|password|account)\S{0,200})"
)
_OK = re.compile(
    r"(?i)\b(?:accepted (?:password|publickey)|login success\w*|logged in|session opened|authentication "
    r"succe\w+|successful login)\b"
)
_ACCESS = re.compile(
    r"\"?\b(GET|POST|PUT|HEAD|DELETE|OPTIONS|PATCH|CONNECT|PROPFIND)\s(\S{1,2048})(?:\sHTTP/\d(?:\.\d)?)?\"?[\s:,]{1,4}"
    r"(?:\"?status\"?[=:\s]{0,3})?(\d{3})\b"
)
_JSON_STATUS = re.compile(
    r"(?i)\"(?:status(?:_?code)?|response_?code|downstreamstatus|http_?status)\"\s?:\s?\"?(\d{3})\b"
)
_JSON_PATH = re.compile(
    r"(?i)\"(?:request_?(?:path|uri)|path|uri|url|x-envoy-origin-path|cs-uri-stem)\"\s?:\s?\"([^\"]{1,2048})"
)
_USER = re.compile(
    r"(?i)(?:\bfor (?:invalid user |illegal user |user )?|\b(?:target)?user(?:_?name|id)?[\\\"'=:\s]{1,5}"
    r"|\blogin[=:]\s?|\bacct=)"
    r"[\\\"'<\[]{0,2}([\w.@+-]{1,64})"
)
_PORT = re.compile(
    r"(?i)\b(?:dpt|dport|dst_?port|dest(?:ination)?_?port|DestPort|id\.resp_p|to port)[\"'\s:=]{1,4}(\d{1,5})\b"
)
_DROP = re.compile(r"(?i)\b(?:drop|dropped|block(?:ed)?|deny|denied|reject(?:ed)?|UFW|IN=\S{1,16}\s)")


@dataclass
class _Client:
    users: set[str] = field(default_factory=set)
    failed: list[int] = field(default_factory=list)
    logins: list[int] = field(default_factory=list)
    succeeded: list[int] = field(default_factory=list)
    errors: list[int] = field(default_factory=list)
    paths: dict[str, int] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)
    requests: list[int] = field(default_factory=list)


class LogTemplates:
    """Counts per template and per client over one window."""

    name = "log_templates"
    version = "3"
    summary = "Log templates (Drain), rare lines, bursts of failed logins, sprayed passwords, scans, probes and bans"
    kinds = frozenset({SubjectKind.LOG_WINDOW})

    def detect(self, subject: Subject) -> Detection:
        """Bursts first (noteworthy), then templates and rare lines as context."""
        if not isinstance(subject, LogWindow):
            return Detection()
        lines = [line for line in subject.lines[:_LINES] if line.text.strip()]
        clients = _clients(lines)
        signals = [*_guessing(clients), *_spraying(clients), *_scanning(clients), *_marked(lines), *_two_places(lines)]
        signals += _templates(lines)
        return Detection(tuple(signals))


def _clients(lines: list[Line]) -> dict[str, _Client]:
    clients: dict[str, _Client] = {}
    for line in lines:
        text = line.text[:8192].replace("::ffff:", "")
        client = clients.setdefault(_client(text), _Client())
        _count(client, line.number, text)
    return clients


def _client(text: str) -> str:
    if text.lstrip().startswith("{"):
        found = _json_client(text)
        if found:
            return found
    named = _CLIENT.search(text)
    if named:
        return named.group(1)
    first = _ADDRESS.search(text)
    return first.group() if first else ""


def _json_client(text: str) -> str:
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(record, dict):
        return ""
    for name in (
        "sourceIPAddress",
        "src_ip",
        "remote_ip",
        "client_ip",
        "IpAddress",
        "SourceAddress",
        "SourceIp",
        "remote_addr",
        "ip",
    ):
        value = record.get(name)
        if isinstance(value, str) and value:
            return value
    return ""


def _count(client: _Client, number: int, text: str) -> None:
    access = _access(text)
    if access:
        method, path, status = access
        client.requests.append(number)
        client.paths.setdefault(path.partition("?")[0], number)
        if status in ("400", "401", "403", "404", "405", "429"):
            client.errors.append(number)
        if method == "POST" and _LOGIN_PATH.search(text):
            client.logins.append(number)
    if _OK.search(text):
        client.succeeded.append(number)
    elif _FAILED.search(text.replace("_", " ")) or (access and access[2] == "401"):
        client.failed.append(number)
        user = _USER.search(text)
        if user:
            client.users.add(user.group(1).lower())
    port = _PORT.search(text)
    if port and "conn_state=SF" not in text and (_DROP.search(text) or "flow" not in text):
        client.ports.setdefault(port.group(1), number)


def _access(text: str) -> tuple[str, str, str] | None:
    """Method, path and status of a request in a web server's line, plain or JSON."""
    plain = _ACCESS.search(text)
    if plain:
        method, path, status = plain.groups()
        return method, path, status
    status_found, path_found = _JSON_STATUS.search(text), _JSON_PATH.search(text)
    if status_found is None or path_found is None:
        return None
    return "POST" if "POST" in text else "GET", path_found.group(1), status_found.group(1)


def _marked(lines: list[Line]) -> list[Signal]:
    signals: list[Signal] = []
    for mark in MARKS:
        found = [line.number for line in lines if mark.pattern.search(line.text[:8192])]
        if len(found) >= mark.least:
            signals.append(_signal(mark.rule, mark.message, mark.severity, found, mark.techniques))
    return signals


def _spraying(clients: dict[str, _Client]) -> list[Signal]:
    """Many names with few tries each, which lock-out rules do not see."""
    signals: list[Signal] = []
    for address, client in clients.items():
        if len(client.users) >= _LOGINS and len(client.failed) <= 3 * len(client.users):
            message = f"{len(client.users)} different user names tried by {address or 'one place'}"
            signals.append(_signal("log:password-spraying", message, Severity.MEDIUM, client.failed, ("T1110.003",)))
    return signals


def _two_places(lines: list[Line]) -> list[Signal]:
    """One user who signs in from two far networks (first two numbers of the address differ) within one window."""
    places: dict[str, dict[str, int]] = {}
    for line in lines:
        text = line.text[:8192]
        if not _OK.search(text):
            continue
        user, client = _USER.search(text), _CLIENT.search(text)
        if user and client and _is_public(client.group(1)):
            network = ".".join(client.group(1).split(".")[:2])
            places.setdefault(user.group(1).lower(), {}).setdefault(network, line.number)
    return [
        _signal(
            "log:two-places",
            f"One user signed in from {len(seen)} different networks",
            Severity.LOW,
            list(seen.values()),
            ("T1078",),
        )
        for seen in places.values()
        if len(seen) > 1
    ]


def _is_public(address: str) -> bool:
    try:
        return ipaddress.IPv4Address(address).is_global
    except ValueError:
        return False


def _guessing(clients: dict[str, _Client]) -> list[Signal]:
    signals: list[Signal] = []
    for address, client in clients.items():
        tries = sorted({*client.failed, *client.logins})
        if _FEW <= len(tries) < _LOGINS:
            message = f"{len(tries)} failed or repeated logins from {address or 'one place'}"
            signals.append(_signal("log:few-failed-logins", message, Severity.LOW, tries, ("T1110",), noteworthy=False))
        if len(tries) >= _LOGINS:
            signals.append(
                _guess(f"{len(tries)} failed or repeated logins from {address or 'one place'}", tries, client)
            )
    everyone = sorted(n for client in clients.values() for n in client.failed)
    if not any(s.noteworthy for s in signals) and len(everyone) >= _LOGINS:
        message = f"{len(everyone)} failed logins from {len(clients)} addresses"
        signals.append(_signal("log:failed-logins", message, Severity.MEDIUM, everyone, ("T1110",)))
    return signals


def _guess(message: str, tries: list[int], client: _Client) -> Signal:
    later = [n for n in client.succeeded if n > tries[_LOGINS - 1]]
    if not later:
        return _signal("log:failed-logins", message, Severity.MEDIUM, tries, ("T1110",))
    return _signal(
        "log:login-after-failures",
        f"{message}, then one that worked",
        Severity.HIGH,
        [*tries, *later],
        ("T1110", "T1078"),
    )


def _scanning(clients: dict[str, _Client]) -> list[Signal]:
    signals: list[Signal] = []
    for address, client in clients.items():
        who = address or "one client"
        if len(client.errors) >= _ERRORS and len(client.paths) >= _ERRORS // 2:
            message = f"{len(client.errors)} refused or missing pages for {who} over {len(client.paths)} paths"
            signals.append(_signal("log:web-scan", message, Severity.MEDIUM, client.errors, ("T1595",)))
        elif len(client.paths) >= _PATHS and len(client.paths) * 10 >= len(client.requests) * 8:
            message = f"{len(client.paths)} different paths asked for by {who}"
            signals.append(_signal("log:crawl", message, Severity.LOW, list(client.paths.values()), ("T1595",)))
        if len(client.ports) >= _PORTS:
            message = f"{len(client.ports)} different ports tried by {who}"
            signals.append(
                _signal("log:port-scan", message, Severity.MEDIUM, list(client.ports.values()), ("T1595", "T1046"))
            )
    return signals


def _templates(lines: list[Line]) -> list[Signal]:
    groups = mine((line.number, line.text) for line in lines)
    if not groups:
        return []
    sizes = Counter(len(group.lines) for group in groups)
    message = f"{len(lines)} lines in {len(groups)} templates, {sizes[1]} of them seen once"
    signals = [_signal("log:templates", message, Severity.INFO, [], (), noteworthy=False)]
    for group in sorted(groups, key=lambda g: (-len(g.lines), g.lines[0]))[:_TOP]:
        if len(group.lines) > 1:
            text = f"{len(group.lines)} lines like: {group.template[:200]}"
            signals.append(_signal("log:template", text, Severity.INFO, group.lines, (), noteworthy=False))
    if len(lines) >= _RARE_OF and sizes[1] * 4 <= len(lines):
        for group in [g for g in groups if len(g.lines) == 1][:_TOP]:
            text = f"Rare line: {group.template[:200]}"
            signals.append(_signal("log:rare-line", text, Severity.INFO, group.lines, (), noteworthy=False))
    return signals


def _signal(
    rule: str,
    message: str,
    severity: Severity,
    lines: list[int],
    techniques: tuple[str, ...],
    *,
    noteworthy: bool = True,
) -> Signal:
    return Signal(
        rule=rule,
        message=message if message.endswith(".") else f"{message}.",
        severity=severity,
        lines=tuple(sorted(set(lines))[:_KEPT]),
        techniques=techniques,
        noteworthy=noteworthy,
    )


PLUGIN = LogTemplates()
