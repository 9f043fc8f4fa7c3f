"""Attacks on web applications in requests, parameters and access log lines: decoded, scored per family, shown in plain."""

import re
from collections.abc import Iterator, Sequence

from schemas import Alert, Severity, Subject, SubjectKind
from secassist.detectors._web import paths, protocol
from secassist.detectors._web.alerts import Part, parts, values_of_parts
from secassist.detectors._web.answers import told_by
from secassist.detectors._web.patterns import Family, score
from secassist.detectors._web.request import Value, decode, looks_like_request, squeeze, values_of_log_line
from secassist.detectors.base import Detection, Signal

_LINES = 5_000
_SIGNALS = 60
_SHOWN = 600
_BREAKS_OUT = re.compile(
    r"xp_cmdshell|into\s{1,9}(?:out|dump)file|load_file|\bsleep\s{0,3}\(|benchmark\s{0,3}\(|updatexml|extractvalue|waitfor\s{1,9}delay"
    r"|pg_sleep|information_schema\.(?:tables|columns|schemata)|\b(?:drop|truncate|alter|grant)\s|--\s{0,9}$|utl_http|\bsys\.|@@version"
)
"""What no report asks a database for."""
_SPACES = 2
"""Blanks in a line that may be a request line without a version; with more it is a sentence about one."""
_ODD_TECHNIQUES = ("T1595.002", "T1190")
_SCANNER = re.compile(
    r"sqlmap|nikto|nmap scripting|masscan|acunetix|\bnessus\b|openvas|gobuster|dirbuster|dirb\b|"
    r"wpscan|nuclei|zgrab|w3af|arachni|havij|whatweb|wfuzz|feroxbuster|fuzz faster|ffuf|netsparker|appscan"
    r"|burp(?:suite| collaborator)|qualys|zmeu|"
    r"morfeus|jorgee|muieblackcat|"
    r"commix|skipfish|vega/|grendel|jaeles|xray|goby|interact\.sh|censysinspect|internet-?measurement"
    r"|l9explore|l9tcpid|leakix|projectdiscovery|\bparos\b|webinspect|\bbrutus\b|cgichk|datacha0s|davtest"
    r"|\bdav\.pm|detectify"
    r"|(?<![\w/-])grabber\b|\bhydra\b|\bmetis\b|pmafind|absinthe|bsqlbf|black ?widow|cisco-torch"
    r"|core-project|email ?(?:siphon|wolf|extractor)"
    r"|fhscan|floodgate|mass scan|mysqloit|n-stealth|pangolin|security scan|sqlninja|sql power injector"
    r"|springenwerk|toata dragostea"
    r"|void-?eye|vulnerability scan|webbandit|webtrends security|webvulnscan|whisker|xmlrpc exploit"
    r"|sysscan|nsauditor|grey-?wolf"
    r"|gospider|hakrawler|\bkatana\b|xsstrike|dalfox|joomscan|cmsmap|droopescan|wafw00f|wapiti|ratproxy"
    r"|nosqlmap|tplmap|ghauri"
    r"|expanse|gbrmss|this is an exploit|libwww-perl|indy library|scrapy|nmap|sitesucker|\bhttrack"
    r"|webcopier|backdoorbot"
)
_COMMAND_AGENT = re.compile(
    r"^\s{0,9}[;|&$'\"]|\s--?[a-z][a-z-]{0,30}(?:[\s=]|$)|/bin/|/dev/(?:tcp|udp)|&&|;\s{0,3}(?:wget|curl"
    r"|chmod|cp|rm|cat|sh|bash|perl|id)\b"
    r"|^(?:id|whoami|uname|visudo|(?:time|nohup|strace|exec|sudo)\s{1,5}\S{1,60})$|!entity|\bdelete\s{1,9}from\b"
)
_ANSWERED = re.compile(r"[A-Z]{3,10} /\S{0,2048} [1-5]\d\d(?: \S{1,40}){0,4}")
"""A line of a log that names method, path and status: no request, so no rule of the protocol is broken."""
_TELLING_MARKS = (
    "${",
    "<",
    "'",
    "$(",
    "() {",
    "(){",
    "|",
    "`",
    "union",
    "select",
    "../",
    "%0",
    "\n",
    "/etc/",
    "/root/",
    "/proc/",
    "::",
)
"""What an honest user agent does not hold; without any of them it is only compared with the scanners."""


class WebAttack:
    """Looks at raw requests, parameters, URLs and user agents of an alert, and at access log lines of other subjects."""

    name = "web_attack"
    version = "6"
    summary = (
        "Web attacks (SQL, script, command, file, template, object injection, scanners) in requests and access logs"
    )
    kinds = frozenset({SubjectKind.ALERT, SubjectKind.LOG_WINDOW, SubjectKind.DOCUMENT})

    def detect(self, subject: Subject) -> Detection:
        """One signal per family and line, with the decoded value."""
        best: dict[tuple[str, int], tuple[int, Signal]] = {}
        placed = tuple(parts(subject)) if isinstance(subject, Alert) else ()  # once: each knows its value in plain
        for weight, signal in (*_broken_rules(placed), *_answered(placed)):
            best.setdefault((signal.rule, signal.lines[0]), (weight, signal))
        for value in values_of_parts(placed) if isinstance(subject, Alert) else _values(subject):
            for weight, signal in _inspect(value):
                key = (signal.rule, value.line)
                if key not in best or best[key][0] < weight:
                    best[key] = (weight, signal)
            if len(best) >= _SIGNALS:
                break
        ordered = sorted(best.values(), key=lambda item: (-item[0], item[1].rule, item[1].lines))
        return Detection(tuple(signal for _, signal in ordered))


def _values(subject: Subject) -> Iterator[Value]:
    for line in subject.lines[:_LINES]:
        yield from values_of_log_line(line.text, line.number)


def _broken_rules(placed: Sequence[Part]) -> Iterator[tuple[int, Signal]]:
    """What a raw request in an alert does against the rules of the protocol."""
    for part in placed:
        if _is_whole(part.field.value) and not _ANSWERED.fullmatch(part.field.value.strip()):
            for odd in protocol.oddities(part.field.value):
                value = Value("request", odd.shown, part.line + odd.line - 1)
                yield 2, _signal(odd.rule, odd.title, odd.severity, _ODD_TECHNIQUES, value, odd.shown, odd.cwe)


def _is_whole(text: str) -> bool:
    """Whether it is a request as it was sent, not what somebody wrote of one on a line."""
    return looks_like_request(text) and (" HTTP/" in text or "\n" in text or text.strip().count(" ") <= _SPACES)


def _answered(placed: Sequence[Part]) -> Iterator[tuple[int, Signal]]:
    """What the answer to a request gives away."""
    for part in placed:
        for told in told_by(part.text) if part.is_answer else ():
            value = Value("answer", told.shown, part.line)
            yield 6, _signal(told.rule, told.title, told.severity, told.techniques, value, told.shown, told.cwe)


def _inspect(value: Value) -> Iterator[tuple[int, Signal]]:
    plain = decode(value.text)
    if value.where == "header:user-agent":
        if _SCANNER.search(plain):
            yield 3, _signal("scanner", "The user agent of a scanner", Severity.MEDIUM, ("T1595.002",), value, plain)
        if not plain.strip():
            yield 3, _signal("no-agent", "The user agent is empty", Severity.LOW, ("T1595.002",), value, plain)
        if _COMMAND_AGENT.search(plain):
            title = "The user agent reads like a command"
            yield 3, _signal("odd-agent", title, Severity.LOW, ("T1190", "T1059"), value, plain)
        elif not any(mark in plain for mark in _TELLING_MARKS):
            return
    if "filename" in value.where.replace("-", "").replace("_", "").replace(".", "") and paths.UPLOAD.search(plain):
        yield (
            3,
            _signal(
                "upload",
                "A script is uploaded by its name",
                Severity.MEDIUM,
                ("T1190", "T1505.003"),
                value,
                plain,
                "CWE-434",
            ),
        )
    if value.where in ("path", "query", "query return"):
        yield from _inspect_target(value, plain)
    if "__" in plain and paths.GRAPHQL.search(plain):
        yield (
            3,
            _signal(
                "graphql", "The schema of a GraphQL service is asked for", Severity.LOW, ("T1595.002",), value, plain
            ),
        )
    for family, weight in _families(value, plain):
        yield weight, _family_signal(family, weight, value, plain)


def _families(value: Value, plain: str) -> list[tuple[Family, int]]:
    """What the text speaks for, read as it is and squeezed; dots that stay within the site are no traversal."""
    found = {family.name: (family, weight) for family, weight in score(plain)}
    squeezed = squeeze(plain)
    if squeezed != plain:
        for family, weight in score(squeezed):
            if weight > found.get(family.name, (family, 0))[1]:
                found[family.name] = (family, weight)
    if value.where == "path" and "/../" in plain and not paths.climbs(value.text, plain):
        found.pop("traversal", None)
    return list(found.values())


def _inspect_target(value: Value, plain: str) -> Iterator[tuple[int, Signal]]:
    if paths.SPLIT.search(plain):
        title = "A line break in a request target begins a line of its own"
        yield 3, _signal("protocol", title, Severity.MEDIUM, ("T1190",), value, plain, "CWE-113")
    if value.where != "path":
        return
    if paths.PROBE.search(plain):
        title = "A path known from attacks on a product, or a path with a trick in it, is asked for"
        yield 3, _signal("probe", title, Severity.MEDIUM, ("T1190", "T1595.002"), value, plain)
    if "/../" in plain and paths.climbs(value.text, plain):
        yield (
            2,
            _signal(
                "climbs",
                "A path that climbs a directory is asked for",
                Severity.LOW,
                ("T1083",),
                value,
                plain,
                "CWE-22",
            ),
        )
    if paths.SENSITIVE.search(plain):
        yield (
            3,
            _signal(
                "sensitive-file",
                "A file that no visitor needs is asked for",
                Severity.MEDIUM,
                ("T1595.003",),
                value,
                plain,
            ),
        )
    if paths.WEB_SHELL.search(plain):
        yield (
            3,
            _signal("webshell", "A path with the name of a web shell", Severity.MEDIUM, ("T1505.003",), value, plain),
        )


def _family_signal(family: Family, weight: int, value: Value, plain: str) -> Signal:
    severity = Severity.HIGH if weight >= 5 or family.name in ("jndi", "xxe") else Severity.MEDIUM
    if _is_at_home(family.name, value, plain):
        severity = Severity.LOW
    message = f"Text that looks like {family.title} (weight {weight}) in the {value.where} of a request"
    return _signal(family.name, message, severity, family.techniques, value, plain, family.cwe)


def _is_at_home(family: str, value: Value, plain: str) -> bool:
    """Whether such text is usual there: markup and commands in a page, a statement in a report, a way back in a sign-in."""
    if value.where == "body text":
        return family not in ("jndi", "xxe")
    if value.where == "body article":
        return family not in ("jndi", "xxe", "xss")
    if value.where == "body statement":
        return family == "sqli" and not _BREAKS_OUT.search(plain)
    return value.where == "query return" and family == "ssrf"


def _signal(
    name: str, message: str, severity: Severity, techniques: tuple[str, ...], value: Value, plain: str, cwe: str = ""
) -> Signal:
    return Signal(
        rule=f"web:{name}",
        message=f"{message}.",
        severity=severity,
        lines=(value.line,),
        techniques=techniques,
        cwe=cwe,
        decoded=plain[:_SHOWN],
    )


PLUGIN = WebAttack()
