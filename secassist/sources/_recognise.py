"""What a record is about: title, description, severity, time and techniques, found by the paths that products use.

The paths are those of Elastic Common Schema and Kibana alerts, OCSF, Wazuh, Splunk webhooks, Microsoft Graph alerts_v2 and
the SecurityAlert table, GuardDuty, Suricata and Sigma, from their public field references, then common words.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from schemas import Field, Severity
from secassist.sources._moments import moment
from secassist.vocabulary import ecs

_TITLES = (
    "kibana.alert.rule.name",
    "signal.rule.name",
    "finding_info.title",
    "finding.title",
    "alert.signature",
    "search_name",
    "detail.title",
    "rule.title",
    "rule.name",
    "alert.AlertName",
    "alert.title",
    "alert.name",
    "AlertName",
    "AlertDisplayName",
    "alertDisplayName",
    "title",
    "Title",
    "displayName",
    "alert_name",
    "rule.category",
    "signature",
    "name",
    "event.reason",
    "event.action",
    "eventName",
    "Name",
    "message",
    "msg",
    "event",
    "policy",
    "event_type",
    "type_name",
    "class_name",
    "type",
)
_ACTIONS = (
    "displayMessage",
    "activityDisplayName",
    "protoPayload.methodName",
    "operationName",
    "OperationName",
    "Operation",
    "ActionType",
    "eventType",
    "Activity",
)
"""What was done, in the words of Okta, Entra ID, Google Cloud, Azure, Microsoft 365 and Defender."""
_RUN = (
    "CommandLine",
    "command_line",
    "process.command_line",
    "ProcessCommandLine",
    "cmdline",
    "command",
    "text.command",
    "cmd",
    "text",
)
_REQUESTS = ("raw", "request", "payload", "http.request.headers", "event.payload")
_REQUEST = re.compile(r"\s{0,9}([A-Z]{3,9}) ([^\s?]{1,500})")
_DESCRIPTIONS = (
    "kibana.alert.reason",
    "kibana.alert.rule.description",
    "signal.rule.description",
    "finding_info.desc",
    "finding.desc",
    "detail.description",
    "rule.description",
    "alert.Description",
    "alert.description",
    "description",
    "Description",
    "full_log",
    "message",
    "msg",
    "Message",
    "event.original",
)
_TIMES = (
    "kibana.alert.original_time",
    "event.metadata.eventCreationTime",
    "metadata.eventCreationTime",
    "properties.firstActivityTimeUtc",
    "properties.startTimeUtc",
    "threatInfo.identifiedAt",
    "threatInfo.createdAt",
    "alertInfo.createdAt",
    "stageTimestamp",
    "requestReceivedTimestamp",
    "published",
    "finding_info.first_seen_time_dt",
    "time_dt",
    "Service.EventFirstSeen",
    "service.eventFirstSeen",
    "detail.service.eventFirstSeen",
    "firstActivityDateTime",
    "eventDateTime",
    "eventTime",
    "TimeCreated",
    "EventTime",
    "UtcTime",
    "StartTime",
    "alert.StartTime",
    "TimeGenerated",
    "result._time",
    "event.created",
    "@timestamp",
    "timestamp",
    "time",
    "ts",
    "_time",
    "createdDateTime",
    "CreatedAt",
    "createdAt",
    "created_at",
    "date",
)
_TIME_WORDS = tuple(
    re.compile(words, re.IGNORECASE)
    for words in (
        r"(?:event|occur|observed|activity|original|context|orig_?|detect|alert|start|first|stage|request)\w{0,24}?"
        r"(?:time|date|stamp|seen|at\b)",
        r"time|stamp|created|zeit|published|^(?:when|ts|rt|datum|date)$|_at$|(?-i:[a-z]At$)|时间|日期",
    )
)
"""What names of fields hold that tell a time, those of the event itself before any other."""
_OTHER_TIMES = re.compile(
    r"(?i)expir|valid|not_?(?:after|before)|until|next|timeout|uptime|time_?zone|timespan|modif|updat|password|birth|"
    r"regist|compil|build|duration|last_?(?:logon|login|boot)|issued|renew|(?:account|user)_?creat|runtime|lifetime|times$|"
    r"有效|到期|修改"
)
"""Times of something else than the event."""
_SEVERITIES = (
    "kibana.alert.severity",
    "signal.rule.severity",
    "severity_id",
    "rule.level",
    "rule.severity",
    "alert.severity",
    "detail.severity",
    "Severity",
    "AlertSeverity",
    "alert.Severity",
    "severity",
    "result.severity",
    "result.urgency",
    "urgency",
    "priority",
    "level",
    "log.level",
    "risk_level",
    "kibana.alert.risk_score",
    "event.severity",
)
_MEANT = _SEVERITIES[-1]
"""The only one of them that other names may mean."""
_WORDS = {
    Severity.CRITICAL: (
        "critical",
        "crit",
        "fatal",
        "emergency",
        "emerg",
        "严重",
        "紧急",
        "危急",
        "超危",
        "极高",
        "致命",
    ),
    Severity.HIGH: ("high", "major", "important", "alert", "高", "高危", "高级", "高风险", "重要"),
    Severity.MEDIUM: (
        "medium",
        "moderate",
        "med",
        "error",
        "warning",
        "warn",
        "中",
        "中危",
        "中级",
        "中风险",
        "一般",
        "警告",
    ),
    Severity.LOW: ("low", "minor", "notice", "低", "低危", "低级", "低风险", "轻微", "次要"),
    Severity.INFO: ("info", "informational", "information", "none", "debug", "ok", "提示", "信息", "正常", "通知"),
}
_TECHNIQUE = re.compile(r"(?<![A-Za-z0-9])[Tt](\d{4})(?:[./](\d{3}))?(?![0-9A-Za-z])")
_TECHNIQUE_PATHS = ("technique", "mitre", "attack", "threat", "tags", "tactic")
_WRAPPERS = ("event", "alert", "detail", "data", "payload", "result")
"""Objects that carry a whole record inside another; a path is looked for at the top first, then inside these."""
_WIDE = 120
"""Characters of a command that make a title, whole words only."""
_MOST_RUN = 5_000
_MOST_TITLE = 200
_WORD = "".join(map(chr, range(0x21, 0x7F)))
_MOST_TEXT = 500
"""Characters of a title's or description's source that are kept; the field itself keeps all."""


def known(fields: Sequence[Field]) -> Mapping[str, str]:
    """The first value under each path, by the path, by its part inside a wrapper and by its ECS name, in this order.

    "null" and empty containers do not count.
    """
    by_path: dict[str, str] = {}
    wrapped: dict[str, str] = {}
    meant: dict[str, str] = {}
    for field in fields:
        if field.value not in ("null", "[]", "{}", ""):
            by_path.setdefault(field.path, field.value)
            meant.setdefault(ecs(field.path), field.value)
            wrapper, _, inner = field.path.partition(".")
            if wrapper in _WRAPPERS:
                wrapped.setdefault(inner, field.value)
    return meant | wrapped | by_path


def _all(values: Mapping[str, str], paths: Sequence[str]) -> Iterator[str]:
    return (values[path] for path in paths if path in values)


def _first(values: Mapping[str, str], paths: Sequence[str]) -> str:
    return next((value for value in _all(values, paths) if value.strip()), "")


def title(values: Mapping[str, str]) -> str:
    """The rule's or event's name on one line of at most 200 characters, or "event" where none is `known`."""
    if _first(values, ("rule.level",)) and (told := _first(values, ("rule.description",))):
        return _line(told)  # Wazuh: the description is the name
    if rule := _first(values, ("kibana.alert.rule.name", "rule.title", "rule.name")):
        return _line(rule)
    return _line(_first(values, (*_TITLES, "rule", *_ACTIONS)) or shortened(_done(values), _WIDE) or "event")


def _done(values: Mapping[str, str]) -> str:
    """A request to Kubernetes or a web server, a sign-in to Entra ID, a command: for records without a name; or ""."""
    if (verb := _first(values, ("verb",))) and (thing := _first(values, ("objectRef.resource", "requestURI"))):
        return f"{verb} {thing} by {_first(values, ('user.username',)) or 'an unknown user'}"
    if (app := _first(values, ("appDisplayName",))) and (user := _first(values, ("userPrincipalName",))):
        return f"sign-in to {app} by {user}"
    if (method := _first(values, ("method",))) and (target := _first(values, ("uri", "url"))):
        return f"{method} {_first(values, ('host',))}{target.partition('?')[0]}"
    if request := _REQUEST.match(_first(values, _REQUESTS)):
        return f"{request[1]} {request[2]}"
    lines = (line.strip() for line in _first(values, _RUN)[:_MOST_RUN].splitlines())
    return next((line for line in lines if line and not line.startswith(("#", "@echo", "::", "REM "))), "")


def shortened(text: str, most: int) -> str:
    """At most so many characters, and no part of a word or of a key in PEM: half a secret is not known for one."""
    kept = text if len(text) <= most else text[:most].rstrip(_WORD)
    begin = kept.rfind("-----BEGIN ")
    return kept if begin < 0 or "-----END " in kept[begin:] else kept[:begin].rstrip()


def _line(text: str) -> str:
    """On one line, of which a key in PEM could not be told."""
    return shortened(" ".join(shortened(text, _MOST_TEXT).partition("-----BEGIN ")[0].split()), _MOST_TITLE) or "event"


def description(values: Mapping[str, str]) -> str:
    """The longer text that came with it (at most 500 characters), or "" where none is `known`."""
    return shortened(_first(values, _DESCRIPTIONS), _MOST_TEXT)


def observed_at(fields: Sequence[Field], before: datetime | None = None) -> str:
    """When it happened, as UTC ISO 8601; "" if no field holds a time.

    Known paths first, then any field whose name says that it holds one. `before` as `moments.moment` takes it.
    """
    told = tuple(_all(known(fields), _TIMES))
    named = (field.value for word in _TIME_WORDS for field in fields if _speaks_of(field.path, word))
    times = (moment(value, before) for value in (*told, *named))
    return next((time for time in times if "1990" <= time[:4] <= "2100"), "") or _any_year(told)


def _any_year(told: Sequence[str]) -> str:
    """As a known path tells it, however odd the year: an alert may claim anything."""
    return next((time for value in told if (time := moment(value))), "")


def _speaks_of(path: str, word: re.Pattern[str]) -> bool:
    name = path.rpartition(".")[2]
    return bool(word.search(name)) and not _OTHER_TIMES.search(name)


def reported_severity(fields: Sequence[Field]) -> Severity | None:
    """The severity that the product gave, on our scale, or None."""
    for path in _SEVERITIES:
        for field in fields:
            named = field.path == path or (path == _MEANT and ecs(field.path) == path)
            if named and (found := severity(field.value, path, fields)):
                return found
    return None


def severity(text: str, path: str = "", fields: Sequence[Field] = ()) -> Severity | None:
    """A severity word in English or Chinese, or a number on the scale that `path` speaks for, as Severity; else None."""
    word = text.strip().lower()
    for level, words in _WORDS.items():
        if word in words:
            return level
    if re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{1,6})?", word):
        return _scaled(float(word), path, fields)
    return None


def _scaled(number: float, path: str, fields: Sequence[Field]) -> Severity | None:
    if path == "severity_id":  # OCSF: 1 informational .. 5 critical, 6 fatal
        return _steps(number, 2, 3, 4, 5) if 1 <= number <= 6 else None
    if path == "rule.level":  # Wazuh: 0..16, its dashboards say low to 6, medium to 11, high to 14
        return _steps(number, 1, 7, 12, 15)
    if path == "kibana.alert.risk_score":  # Elastic: 21, 47, 73, 99 are the defaults of low to critical
        return _steps(number, 1, 47, 73, 99)
    if path in ("Severity", "severity", "detail.severity") and _is_guardduty(fields):
        return _steps(number, 1, 4, 7, 9)
    if path == "Severity" and any(field.path == "deviceVendor" for field in fields):  # CEF: 0 to 10
        return _steps(number, 0, 4, 7, 9)
    if path == "alert.severity":  # Suricata: 1 is the worst, 3 the usual least
        return {1.0: Severity.HIGH, 2.0: Severity.MEDIUM, 3.0: Severity.LOW}.get(number, Severity.INFO)
    return None


def _steps(number: float, low: float, medium: float, high: float, critical: float) -> Severity:
    levels = ((critical, Severity.CRITICAL), (high, Severity.HIGH), (medium, Severity.MEDIUM), (low, Severity.LOW))
    return next((level for least, level in levels if number >= least), Severity.INFO)


def _is_guardduty(fields: Sequence[Field]) -> bool:
    return any(field.path.lower().endswith(("service.detectorid", "service.servicename")) for field in fields)


def techniques(fields: Sequence[Field]) -> tuple[str, ...]:
    """ATT&CK technique ids in fields that speak of techniques or tags, upper case, in order, each once."""
    found: dict[str, None] = {}
    for field in fields:
        if any(word in field.path.lower() for word in _TECHNIQUE_PATHS):
            for main, part in _TECHNIQUE.findall(field.value[:_MOST_TEXT]):
                found[f"T{main}.{part}" if part else f"T{main}"] = None
    return tuple(found)
