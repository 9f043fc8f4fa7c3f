"""Which weaknesses a unit of code can have at all: those of which it shows a trace, the likeliest by its words first."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

from secassist.analyzers._proofs import family
from secassist.knowledge import cwe as weaknesses
from secassist.registry import Calibration

CHOICES: Final = 1
"""Weaknesses that are offered beside those that scanners name.

On calibration groups, of units that the model alone called weak, the bundled model named the labelled weakness in 18 of 117
when it might name any, in 28 of 111 when it chose among the ranker's first three, in 50 of 110 when it got the first.
"""
RANKED: Final = 30
"""How far down the ranker's order is looked for weaknesses that are possible."""
_READ: Final = 20_000
"""Characters of a unit that are searched for traces."""
_UNMANAGED: Final = frozenset({"c", "cpp", "objective_c", "assembly", ""})
_RAW: Final = re.compile(r"\b(?:unsafe|Unsafe|ctypes|cffi|malloc|Marshal)\b")
"""What code in a language that looks after memory holds when it does so itself."""
MEMORY: Final = frozenset(
    f"CWE-{number}"
    for number in (
        118,
        119,
        120,
        121,
        122,
        123,
        124,
        125,
        126,
        127,
        131,
        134,
        188,
        242,
        244,
        401,
        415,
        416,
        457,
        464,
        467,
        468,
        469,
        562,
        587,
        590,
        665,
        676,
        680,
        690,
        758,
        761,
        762,
        785,
        787,
        788,
        789,
        805,
        824,
        843,
        908,
    )
)
"""Weaknesses that a language with managed memory does not have."""
_CIPHER = r"md[2456]|sha|\bdes|rc[24]|hash|crypt|cipher|digest|ecb|aes|rsa|hmac|key|ssl|tls|blowfish|iv\b"
_PROCESS = r"exec|system|popen|spawn|process|shell|passthru|`|\bos\.|cmd|command|\brun|invoke|call"
_CODE = r"eval|exec|compile|function|assert|template|script|\bvm\b|import|require|invoke|include|call|render|define"
_OUTPUT = r"html|write|print|echo|render|response|\bres\.|markup|send|output|template|append|document|attr|<\?=|style"
_FILE = r"open|file|path|read|write|dir|unlink|include|require|load|save|upload|zip|tar|extract|fs\.|copy|move|sendfile"
_XML = r"xml|pars|sax|dom|entit|xsl|xpath|schema|stax|unmarshal|transform"
_LOG = r"log|warn|info|debug|error|print|trace"
_RANDOM = r"rand|uuid|mt_|seed|shuffle|choice|guid"
TRACES: Final[Mapping[str, str]] = {
    "CWE-20": r".",
    "CWE-22": _FILE,
    "CWE-36": _FILE,
    "CWE-73": _FILE,
    "CWE-77": _PROCESS,
    "CWE-78": _PROCESS,
    "CWE-79": _OUTPUT,
    "CWE-80": _OUTPUT,
    "CWE-88": _PROCESS,
    "CWE-89": r"select|insert|update|delete|query|sql|execut|where|cursor|statement|prepare|\bdb|raw",
    "CWE-90": r"ldap|search|\bdn\b|filter|dircontext",
    "CWE-91": _XML,
    "CWE-93": r"header|cookie|response|mail|smtp",
    "CWE-94": _CODE,
    "CWE-113": r"header|cookie|response",
    "CWE-117": _LOG,
    "CWE-208": r"==|equals|compare|strcmp",
    "CWE-209": r"exception|error|stack|trace|message",
    "CWE-290": r"addr|host|ip\b|header|auth|login|trust",
    "CWE-295": r"ssl|tls|cert|verif|trust|https|host",
    "CWE-297": r"ssl|tls|cert|verif|trust|https|host",
    "CWE-312": r"pass|secret|key|token|cred|cookie|store|write|log",
    "CWE-319": r"http|ftp|telnet|socket|smtp",
    "CWE-325": _CIPHER,
    "CWE-326": _CIPHER,
    "CWE-327": _CIPHER,
    "CWE-328": r"md[2456]|sha|hash|crypt|digest|hmac|checksum",
    "CWE-330": _RANDOM,
    "CWE-346": r"origin|cors|postmessage|allow",
    "CWE-347": r"sign|verif|jwt|token|alg",
    "CWE-362": r"thread|lock|mutex|async|sync|signal|access|stat|exist|go\b|goto|static",
    "CWE-367": r"access|stat|exist|isfile|isdir|lock",
    "CWE-369": r"[/%]",
    "CWE-377": r"tmp|temp",
    "CWE-384": r"session",
    "CWE-434": r"upload|file|move",
    "CWE-476": r"->|\*|\.|null|nil",
    "CWE-494": r"http|url|download|fetch|install|load",
    "CWE-502": r"load|seriali[sz]|pickle|yaml|marshal|readobject|decode|json|fromxml|eval|object",
    "CWE-532": _LOG,
    "CWE-601": r"redirect|location|url|href|forward",
    "CWE-611": _XML,
    "CWE-614": r"cookie|session",
    "CWE-643": r"xpath|evaluate|xml|select",
    "CWE-732": r"perm|chmod|mode|umask|mkdir|open|creat|0[0-7]{3}|readable|writable|writefile",
    "CWE-759": _CIPHER,
    "CWE-798": r"pass|pwd|secret|key|token|cred|auth|user|salt|pin\b|login|connect",
    "CWE-776": _XML,
    "CWE-827": _XML,
    "CWE-917": r"jndi|lookup|expression|eval|ognl|spel",
    "CWE-918": r"http|url|uri|fetch|request|curl|socket|connect|host|client|download",
    "CWE-943": r"find|query|where|mongo|collection|aggregate",
    "CWE-1004": r"cookie|session",
    "CWE-1204": _CIPHER,
    "CWE-1240": _CIPHER,
    "CWE-1321": r"proto|merge|assign|extend|\[",
    "CWE-1333": r"re\.|reg|match|pattern|test|replace",
    "CWE-1336": r"template|render|jinja|format|twig|freemarker|velocity",
}
"""Of each weakness what code must hold somewhere to have it, in any case; one that is not named asks for nothing."""
_SPLIT: Final = re.compile(r"([a-z])([A-Z])")


def likely(code: str, language: str, named: Iterable[str], calibration: Calibration) -> tuple[str, ...]:
    """What a model may choose among, best first: what scanners named, then possible ones as the ranker orders them.

    Empty where the adapter has no ranker: then it may name any.
    """
    ranked = calibration.nearest(spelled(code), RANKED)
    near = [cwe for cwe in ranked if weaknesses.exists(cwe) and possible(cwe, code, language)][:CHOICES]
    return tuple(dict.fromkeys([*filter(None, named), *near])) if ranked else ()


def possible(cwe: str, code: str, language: str) -> bool:
    """Whether code in this language (as `language_of` names it, "" if unknown) shows any trace of the weakness."""
    if cwe in MEMORY:
        return language in _UNMANAGED or _RAW.search(code, 0, _READ) is not None
    trace = TRACES.get(family(cwe))
    return trace is None or _compiled(trace).search(code, 0, _READ) is not None


def spelled(code: str) -> str:
    """Code as words for a ranker: names are cut where a capital or an underscore begins a word."""
    return _SPLIT.sub(r"\1 \2", code).replace("_", " ").replace(".", " . ")


@cache
def _compiled(trace: str) -> re.Pattern[str]:
    return re.compile(trace, re.IGNORECASE)
