"""What a server's answer gives away: that a command ran, a file was read, or a database choked on what was sent."""

import re
from typing import Final, NamedTuple

from schemas import Severity

_LONGEST: Final = 65_536


class Told(NamedTuple):
    """What an answer shows: rule, title, severity, ATT&CK techniques, CWE, and the text that shows it."""

    rule: str
    title: str
    severity: Severity
    techniques: tuple[str, ...]
    cwe: str
    shown: str


_RAN: Final = re.compile(
    r"\buid=\d{1,10}\([\w.$-]{1,64}\) {1,3}gid=\d|\bnt authority\\(?:system|network service|local service)\b"
    r"|^\s{0,9}(?:iis apppool\\[\w .-]{1,60}|www-data|root|[\w-]{1,15}\\[\w$.-]{1,40})\s{0,9}$"
    r"|Microsoft Windows \[\S{1,12} \d|Volume Serial Number is |卷的序列号是|Windows IP (?:Configuration|配置)"
    r"|^total \d{1,9}\s{1,3}[dl-][rwx-]{9}|(?m:^[dl-][rwxst-]{9}\.? {1,9}\d{1,6} {1,3}\w)"
    r"|Directory of [A-Z]:\\|[A-Z]:\\\S{0,120} 的目录"
    r"|\bLinux \S{1,64} \d\.\d{1,3}\.\S{1,60} #\d|主机名: {1,20}\S|Host Name: {1,20}\S{1,60}\s"
)
_FILE: Final = re.compile(
    r"\broot:[x*!]?:0:0:|\bdaemon:[x*]?:1:1:|\[boot loader\]|; for 16-bit app support|-----BEGIN (?:\w{1,9} )?PRIVATE KEY-----"
    r"|\broot:\$\d[a-z]?\$\S{4}|<\?php\s|<web-app[\s>]|\bAPP_KEY=base64:|\bDB_PASSWORD=\S"
)
_CHOKED: Final = re.compile(
    r"XPATH syntax error|You have an error in your SQL syntax|\bORA-\d{5}\b|SQLSTATE\[\w{5}\]|Unclosed quotation mark"
    r"|Warning: (?:mysqli?|pg|odbc|oci)_\w{1,40}\(|\bDuplicate entry '[^']{1,80}' for key"
    r"|PSQLException|SQLServerException"
    r"|com\.mysql\.(?:jdbc|cj)\.\S{1,80}Exception|Incorrect syntax near|sqlite3?\.OperationalError"
    r"|quoted string not properly terminated"
)
_KINDS: Final = (
    ("ran", "The answer shows what a command prints", Severity.HIGH, ("T1190", "T1059"), "CWE-78", _RAN),
    ("read", "The answer shows a file that no visitor may see", Severity.HIGH, ("T1190", "T1005"), "CWE-22", _FILE),
    ("choked", "The answer shows an error of the database", Severity.MEDIUM, ("T1190",), "CWE-89", _CHOKED),
)
_AROUND: Final = 60


def told_by(answer: str) -> list[Told]:
    """At most one of each kind, the gravest first; the text shown is the match with what stands around it."""
    found = []
    for rule, title, severity, techniques, cwe, pattern in _KINDS:
        hit = pattern.search(answer[:_LONGEST])
        if hit:
            shown = answer[max(0, hit.start() - _AROUND) : hit.end() + _AROUND].strip()
            found.append(Told(rule, title, severity, techniques, cwe, shown))
    return found
