"""Log lines that say by themselves what happened: bans, probes, honeypots, web shells, rights given."""

import re
from dataclasses import dataclass

from schemas import Severity


@dataclass(frozen=True)
class Mark:
    """A line that says what it is; `least` is how many of them a window needs."""

    rule: str
    message: str
    severity: Severity
    techniques: tuple[str, ...]
    pattern: re.Pattern[str]
    least: int = 1


MARKS: tuple[Mark, ...] = (
    Mark(
        "log:guard-ban",
        "A guard counted too many tries and banned an address",
        Severity.MEDIUM,
        ("T1110",),
        re.compile(
            r"(?i)\bban(?:ning)?\s(?:\d{1,3}\.|[0-9a-f]{1,4}:)|blocked in (?:csf|ipset)|\b\d{1,4} in the last \d{1,6} sec"
            r"|added \S{1,20} \S{1,60} to (?:deny|block)list"
        ),
    ),
    Mark(
        "log:zone-transfer",
        "A whole DNS zone was asked for and refused",
        Severity.MEDIUM,
        ("T1590.002",),
        re.compile(r"(?i)zone transfer\b.{0,160}\bdenied|\b[AI]XFR\b.{0,120}\b(?:denied|refused|failed)"),
    ),
    Mark(
        "log:proxy-probe",
        "A web server was tried as an open proxy",
        Severity.MEDIUM,
        ("T1595", "T1090"),
        re.compile(
            r"\"(?:CONNECT \S{1,255}:\d{1,5}|(?:GET|POST|HEAD) https?://\S{1,1024}) HTTP/\d(?:\.\d)?\" [45]\d\d\b"
        ),
    ),
    Mark(
        "log:no-request",
        "Bytes that are no request were sent to a web server",
        Severity.MEDIUM,
        ("T1595", "T1046"),
        re.compile(r"\] \"(?:[^A-Z\"-]|[A-Z][^A-Z\"])[^\"]{0,2000}\" 400 "),
        least=3,
    ),
    Mark(
        "log:known-probe",
        "A path was asked for that only scanners and exploits ask for",
        Severity.MEDIUM,
        ("T1595.003", "T1190"),
        re.compile(
            r"(?i)(?:w00tw00t|/\.(?:env|git/(?:config|head)|aws/credentials|ds_store)\b|phpunit\S{0,60}eval-stdin"
            r"|getphpinfo\.php|/hnap1\b|/boaform/|/gponform/|/setup-restore\.action|/_ignition/execute-solution"
            r"|/actuator/(?:env|heapdump|gateway)|/solr/admin/cores|/manager/html\b|/cgi-bin/(?:\.|luci|test-cgi)"
            r"|/\+cscoe\+/|/remote/fgt_lang|/dana-na/|/vpn/\.\./|/owa/auth/x\.js|/autodiscover/autodiscover\.json\?@"
            r"|/wls-wsat/|/console/css/%252e|createremoteappwebsession|/xmlrpc\.php\?rsd|/wp-config\.php\.|/vendor/phpunit)"
        ),
    ),
    Mark(
        "log:user-enumeration",
        "The users of a site were asked for one after another",
        Severity.MEDIUM,
        ("T1595", "T1087"),
        re.compile(r"(?i)[?&]author=\d|/wp-json/wp/v2/users"),
        least=3,
    ),
    Mark(
        "log:rate-limited",
        "One or more clients ran into a limit of requests again and again",
        Severity.MEDIUM,
        ("T1499",),
        re.compile(r"(?i)\blimiting (?:requests|connections)\b|\brate ?limit(?:ed)? exceeded\b"),
        least=5,
    ),
    Mark(
        "log:waf-alert",
        "A web firewall matched an attack",
        Severity.MEDIUM,
        ("T1190",),
        re.compile(r"(?i)\b(?:coraza|modsecurity)\b.{0,30}\b(?:warning|access denied)"),
    ),
    Mark(
        "log:honeypot",
        "A honeypot, which nobody has a reason to visit, was visited",
        Severity.MEDIUM,
        ("T1046",),
        re.compile(
            r"(?i)\b(?:cowrie|endlessh|sshesame|kippo|opencanary|dionaea)\b.{0,200}\b(?:accept|connect|login|command)"
        ),
    ),
    Mark(
        "log:sudoers-changed",
        "Somebody was given the right to act as root",
        Severity.HIGH,
        ("T1548.003", "T1098"),
        re.compile(
            r"(?i)add(?:ed)? '?\S{1,64}'? to (?:shadow )?group '?(?:sudo|wheel|root)\b"
            r"|COMMAND=\S{0,40}(?:tee|cp|mv|sed|bash|sh|echo)\b.{0,200}/etc/sudoers"
        ),
    ),
    Mark(
        "log:web-shell",
        "A script in a folder for uploads answered, or took a command",
        Severity.HIGH,
        ("T1505.003",),
        re.compile(
            r"(?i)\"(?:GET|POST) \S{0,200}/(?:uploads?|images?|img|tmp|cache|files|media|avatars?)/\S{0,120}"
            r"\.(?:php\d?|phtml|jspx?|aspx?|ashx)(?:\?\S{0,500})? HTTP/\d(?:\.\d)?\" 200\b"
            r"|\"(?:GET|POST) \S{0,200}\.(?:php\d?|phtml|jspx?|aspx?)\?(?:cmd|exec|command|shell|c)=\S{1,500}"
            r" HTTP/\d(?:\.\d)?\" 200\b"
        ),
    ),
)
"""Lines that need no counting, or little; all patterns are bounded."""
