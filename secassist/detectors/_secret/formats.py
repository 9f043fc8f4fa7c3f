"""Finds values by the shape of what stands around them: HTTP headers, credential files, container and cluster secrets."""

import re
from collections.abc import Callable, Iterator
from functools import cache, partial

from schemas import Severity
from secassist.detectors._secret.calls import CALLS
from secassist.detectors._secret.checks import safe_hint
from secassist.detectors._secret.devices import DEVICES
from secassist.detectors._secret.form import Format, decoded, form, generated, pair, plain
from secassist.detectors._secret.hit import Hit

_PRODUCT_KEY = r"[\"']?\s{0,3}[:=]\s{0,3}[\"']?(?P<u>[A-Z0-9]{4,6}(?:-[A-Z0-9]{4,6}){3,7})(?![\w\-])"
"""Groups of five or so, as shops sell them."""
_GUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_HOOK = r"(?:[\w.\-]{0,60}+/)?(?:[\w\-]{1,40}+/){0,6}(?P<u>[A-Za-z0-9_\-]{20,100}+)(?![\w/.\-%@])"
"""The last part of an address at which anybody may send, if it is generated."""

_NETRC = (
    r"machine +\S{1,200}\s{1,20}login +\S{1,100}\s{1,20}(?:account +\S{1,100}\s{1,20})?"
    r"password +(?P<u><[^<>\n]{1,60}>|\S{1,200})"
)

FORMATS: tuple[Format, ...] = (
    *CALLS,
    *DEVICES,
    form("bearer-token", "earer ", r"earer +(?P<u>[A-Za-z0-9_\-.=+/~]{16,2000}+)"),
    form("basic-auth", "asic ", r"asic +(?P<u>[A-Za-z0-9+/]{8,400}+={0,2})(?![A-Za-z0-9+/])", pair),
    form("password", "密码错误", r"密码错误[^\n]{0,60}?输入 ?[=:：] ?(?P<u>[^\s,;，；]{3,100})"),
    form(
        "password",
        "ConvertTo-SecureString",
        r"ConvertTo-SecureString +(?:-(?:String|Force|AsPlainText) +){0,3}(?:\\?[\"'](?P<u>[^\"'\n]{2,120}?)\\?[\"']|"
        r"(?<= )(?P<w>[^\s\"'$(|\-][^\s\"'|;]{4,120}))",
    ),
    *(
        form(
            "password",
            name,
            rf"{name}(?:\.exe)?(?: [^\n/@\"']{{0,40}})?[ \"'][\w$#.]{{1,30}}/(?P<u>[^\s/@\"']{{3,100}})@[/\w]",
        )
        for name in ("sqlplus", "sqlldr", "expdp", "impdp", "rman target")
    ),
    form("netrc-password", "machine ", _NETRC),
    form(
        "codecov-token",
        "codecov.io/bash",
        rf"codecov\.io/bash\)? +(?:-[A-Za-su-z]\b[^\n-]{{0,40}}){{0,4}}-t +(?P<u>{_GUID})",
    ),
    form("codecov-token", "codecov -t ", rf"codecov -t +(?P<u>{_GUID})"),
    form("openweather-key", "appid=", r"(?<=[?&])appid=(?P<u>[0-9a-f]{32})(?![0-9a-f])"),
    form("docker-auth", '"auth"', r'"auth"\s{0,4}:\s{0,4}"(?P<u>[A-Za-z0-9+/]{8,400}+={0,2})"', pair),
    form("npm-auth", "_auth", r"_auth ?= ?[\"']?(?P<u>[A-Za-z0-9+/]{8,400}+={0,2})", pair),
    form("npm-password", "_password", r"_password ?= ?[\"']?(?P<u>[A-Za-z0-9+/]{4,400}+={0,2})(?![^\s\"'])", decoded),
    form("password", "--from-literal", r"--from-literal[= ][\"']?[\w.\-]{1,100}=(?P<u>[^\s\"']{3,300})"),
    form("vault-unseal-key", "operator unseal ", r"operator unseal +(?P<u>[A-Za-z0-9+/]{43,44}={0,2})(?![A-Za-z0-9+/=])"),
    form("aws-secret-key", "aws_secret_access_key ", r"aws_secret_access_key +(?P<u>[A-Za-z0-9+/]{40})(?![A-Za-z0-9+/])"),
    form("sonarqube-token", "sonar.login", r"sonar\.login[\"']?[=,: ]{1,3}[\"']?(?P<u>[0-9a-f]{40})(?![0-9a-f])"),
    form("sonarqube-token", "sonarLogin", r"sonarLogin[\"']?\s?[=,:]\s?[\"']?(?P<u>[0-9a-f]{40})(?![0-9a-f])"),
    form("jenkins-crumb", "Jenkins-Crumb", r"Jenkins-Crumb[\"']?[:=, ]{1,3}[\"']?(?P<u>[0-9a-f]{32,64})(?![0-9a-f])"),
    form(
        "password", "echo ", r"echo +(?:-[en] +)?[\"']?[\w.\-]{1,40}:(?P<u>[^\s\"'|:]{3,100})[\"']? *\| *(?:sudo +)?chpasswd"
    ),
    form("json-web-key", '"kty"', r'"kty"(?:(?!"kty")[^{}]){0,1500}?"[dk]"\s{0,4}:\s{0,4}"(?P<u>[A-Za-z0-9_\-]{22,1000})"'),
    form("password", "snmp-server community ", r"snmp-server community +(?P<u>[^\s\"']{3,64})"),
    *(
        form("license-key", name, name + _PRODUCT_KEY)
        for name in (
            "ctivation key", "ctivation Key", "roduct key", "roduct Key", "icense key", "icense Key", "erial key",
            "ecovery key", "ecovery Key",
        )
    ),
    *(
        form("webhook", name, name.replace(".", r"\.") + _HOOK, generated)
        for name in ("://hooks.", "://hook.", "/webhook/", "/webhooks/", "/hooks/")
    ),
    *(
        form("pgpass-password", name, name + r"[\w.\-*]{1,64}:[\w.\-@*]{1,64}:(?P<u>(?!\*)[^\s:]{3,100})(?=\s|$)")
        for name in (":5432:", ":5433:", ":5434:", ":6432:")
    ),
    form("pgpass-password", ":*:", r":\*:[\w.\-*]{1,64}:[\w.\-@*]{1,64}:(?P<u>(?!\*)[^\s:]{3,100})(?=\s|$)"),
    form(
        "secret",
        'variable "',
        r"variable \"\w{0,40}(?:key|token|secret|password|pat)\w{0,12}\" {\s{0,20}"
        r"(?:\w{1,20} {0,12}= {0,4}[^\n]{0,200}\n\s{0,20}){0,4}?"
        r"default {0,12}= {0,4}\"(?P<u>[^\"\n$]{8,300})\"",
    ),
    form(
        "password",
        "following password",
        r"following password to proceed[^\n]{0,60}\n\s{1,8}(?P<u>[0-9a-f]{32})(?![0-9a-f])",
    ),
    form("cluster-secret", "kind: Secret", ""),
    form("cluster-secret", '"kind": "Secret"', ""),
    form("cluster-secret", '"kind":"Secret"', ""),
)  # fmt: skip

_CLUSTER_TYPE = "cluster-secret"
_DOCUMENT_END = re.compile(r"^(?:---|\.\.\.)[ \t]{0,8}$", re.MULTILINE)
_BLOCK = re.compile(r"^( {0,40})(data|stringData):[ \t]*\n((?:(?:\1[ \t-][^\n]*)?\n){1,400})", re.MULTILINE)
_ENTRY = re.compile(
    r"^ {1,60}[\"']?(?!(?:user(?:name)?|host(?:name)?|port|database|db_?name|namespace|email|region|bucket|endpoint|server|"
    r"ca\.crt|tls\.crt)[\"']?:)[\w.\-]{1,200}[\"']?:[ \t]{1,12}"
    r"(?:\"(?P<d>[^\"\n]{3,8000}+)\"|'(?P<s>[^'\n]{3,8000}+)'|(?P<u>[^\s\"'|>{}#&][^\s\"']{2,8000}+))[ \t]{0,8}$",
    re.MULTILINE,
)
_OBJECT = re.compile(r'"(data|stringData)"\s{0,4}:\s{0,4}\{([^{}]{0,40000})\}')
_MEMBER = re.compile(r':\s{0,4}"(?P<u>[^"\\\n]{3,8000})"')


def format_hits(text: str, present: Callable[[str], bool]) -> Iterator[Hit]:
    """Values of the formats above; `present` says whether a literal stands in the text."""
    cluster = False
    for each in FORMATS:
        if not present(each.literal):
            continue
        if each.type == _CLUSTER_TYPE:
            cluster = True
        else:
            yield from _formatted(each, text)
    if cluster:
        yield from _cluster_hits(text)


def _formatted(shape: Format, text: str) -> Iterator[Hit]:
    position = text.find(shape.literal)
    judge = cache(partial(_judged, shape.reads))
    while position >= 0:
        match = shape.pattern.match(text, position)
        if match:
            start, end = match.span("u" if match["u"] is not None else "w")
            hint = judge(text[start:end])
            if hint is not None:
                yield Hit(start, end, shape.type, text[start:end], 1, Severity.HIGH, hint=hint)
        position = text.find(shape.literal, max(position + 1, match.end() if match else 0))


def _judged(reads: Callable[[str], str | None], value: str) -> str | None:
    """Why a value is harmless, "" where nothing says so, or None where it is no value."""
    meant = reads(value)
    if meant is None or set(value) == {"*"}:
        return None
    return safe_hint(meant) or ("" if meant == value else safe_hint(value))


def _cluster_hits(text: str) -> Iterator[Hit]:
    """Values under `data` (base64) and `stringData` of Kubernetes objects of kind Secret, in YAML and JSON."""
    begin = 0
    for end in [*(mark.start() for mark in _DOCUMENT_END.finditer(text)), len(text)]:
        if re.search(r"^ {0,8}kind: [\"']?Secret\b", text[begin:end], re.MULTILINE):
            for block in _BLOCK.finditer(text, begin, end):
                yield from _entries(_ENTRY, text, block.span(3), block[2])
        begin = end
    if '"Secret"' in text:
        for block in _OBJECT.finditer(text):
            yield from _entries(_MEMBER, text, block.span(2), block[1])


def _entries(shape: re.Pattern[str], text: str, span: tuple[int, int], field: str) -> Iterator[Hit]:
    reads = decoded if field == "data" else plain
    for entry in shape.finditer(text, *span):
        start, end = entry.span(entry.lastgroup or 0)
        hint = _judged(reads, text[start:end])
        if hint is not None:
            yield Hit(start, end, _CLUSTER_TYPE, text[start:end], 1, Severity.HIGH, hint=hint)
