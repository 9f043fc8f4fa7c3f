"""Indicators in any text, refanged: addresses, domains, URLs, digests, CVE ids, registry keys, paths, attack tools' agents."""

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass

from schemas import Subject, SubjectKind
from secassist.detectors.base import Detection, Signal

_LINES = 20_000
_LINE_CHARS = 32_768
_SIGNALS = 200
_LINES_KEPT = 20

_DEFANG = (
    (re.compile(r"(?i)\bh(?:xx|tt|\*\*)p(s?)(?=\[?:\]?(?://|\\\\))"), r"http\1"),
    (re.compile(r"(?i)\bf[xt]p(?=\[?:\]?//)"), "ftp"),
    (re.compile(r"\[:\]|\[://\]"), lambda hit: hit.group()[1:-1]),
    (re.compile(r"(?i)\s?(?:\[\.\]|\(\.\)|\{\.\}|\[dot\]|\(dot\)|\{dot\}|\[\.|\.\])\s?(?=\w)"), "."),
    (re.compile(r"(?i)\s?(?:\[at\]|\(at\)|\{at\}|\[@\]|\(@\))\s?(?=\w)"), "@"),
)
"""The spellings that reports use so that nobody clicks; none of them is a value on its own."""

_OCTET = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_IPV4 = re.compile(rf"(?<![\w.]){_OCTET}(?:\.{_OCTET}){{3}}(?![\w.]*\d)(?:/\d{{1,2}})?(?!\w)")
_IPV6 = re.compile(r"(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?:%\w{1,15})?(?![\w:]|\.\d)")
_URL = re.compile(r"(?i)\b(?:https?|ftp|ldaps?|rmi)://[^\s\"'<>{}|^`\\\])]{3,2048}")
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,5}[A-Za-z]{2,24}(?![\w-])")
_DOMAIN = re.compile(
    r"(?<![\w@./\\-])(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,6}[A-Za-z]{2,24}(?![\w(-]|\.\w)"
)
_DIGEST = re.compile(r"(?<![0-9A-Za-z])(?:[0-9A-Fa-f]{64}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{32})(?![0-9A-Za-z])")
_CVE = re.compile(r"(?i)\bCVE-\d{4}-\d{4,7}\b")
_REGISTRY = re.compile(
    r"(?i)\b(?:HKEY_(?:LOCAL_MACHINE|CURRENT_USER|CLASSES_ROOT|USERS|CURRENT_CONFIG)|HK(?:LM|CU|CR|U"
    r"|CC)):?\\{1,2}[^\s\"'<>|,;]{3,300}"
)
_WINDOWS_PATH = re.compile(
    r"(?i)(?<![\w/])(?:[a-z]:|%\w{3,30}%|\\\\[\w.$-]{1,64})\\{1,2}(?:[\w "
    r".$%~()+-]{1,80}\\{1,2}){0,12}[\w.$%~()+-]{1,120}"
)
_UNIX_PATH = re.compile(
    r"(?<![\w/.:<])/(?:tmp|var|etc|usr|home|root|opt|dev/shm|bin|sbin|lib|proc|Users|Library|private)"
    r"(?:/[\w.+@~-]{1,120}){1,12}"
)
_AGENT = re.compile(
    r"(?i)\b(?:sqlmap|nikto|gobuster|dirbuster|wpscan|nuclei|masscan|zgrab|feroxbuster|ffuf|wfuzz|acunetix"
    r"|nessus|openvas|hydra|"
    r"metasploit|meterpreter|cobalt ?strike|empire|evil-?winrm|crackmapexec|impacket|bloodhound|mimikatz|burp "
    r"?suite)\b(?:/[\d.]{1,12})?"
)
_GENERIC = (
    " com net org info biz gov edu mil int arpa name pro io dev app xyz top online site club shop store tech "
    "cloud space website live "
    "icu vip work click link fun press news media blog wiki page host email support center group world today "
    "network systems services "
    "solutions company agency digital studio design global city life zone tools software tokyo london onion "
    "win bid loan date download "
    "stream trade party science racing review faith accountant cricket men gdn monster cyou rest sbs cfd quest "
    "beauty lol buzz pw uno "
    "ninja mobi asia tel travel jobs museum aero coop cat example test "
)
"""Generic top-level domains in use, among them those that abuse reports name most; country codes are any two letters."""
_NO_COUNTRY = (
    " py sh js rs go rb cs ts ps so md pl hs vb kt cc id ok "
    "db rc gz xz bz lz vm ns gb kb mb tb ms sq fs fn ex uc xp nt pt "
)
"""Two letters that end file names, units or code far more often than host names."""


@dataclass
class _Seen:
    kind: str
    value: str
    lines: list[int]


class Indicators:
    """Extracts indicators as context; none of them is an accusation."""

    name = "indicators"
    version = "1"
    summary = "Indicators of compromise (addresses, domains, URLs, digests, CVEs, paths), refanged"
    kinds = frozenset(SubjectKind)

    def detect(self, subject: Subject) -> Detection:
        """One signal per distinct value, at most 200, in order of first sight, each with its lines."""
        seen: dict[tuple[str, str], _Seen] = {}
        for line in subject.lines[:_LINES]:
            for kind, value in extract(line.text):
                found = seen.get((kind, value))
                if found is None and len(seen) < _SIGNALS:
                    found = seen[kind, value] = _Seen(kind, value, [])
                if found is not None and len(found.lines) < _LINES_KEPT and line.number not in found.lines:
                    found.lines.append(line.number)
        return Detection(tuple(_signal(found) for found in seen.values()))


def _signal(found: _Seen) -> Signal:
    rule = found.kind.replace(" ", "-")
    return Signal(
        rule=f"indicator:{rule}", message=f"{found.kind}: {found.value}", lines=tuple(found.lines), noteworthy=False
    )


def refang(text: str) -> str:
    """hxxp, [.], (dot), [at] and their like written as what they stand for."""
    if not any(mark in text for mark in "[({") and "xx" not in text.lower():
        return text
    for pattern, plain in _DEFANG:
        text = pattern.sub(plain, text)
    return text


def extract(text: str) -> Iterator[tuple[str, str]]:
    """(kind, refanged value) pairs of one line, at most 32 K characters of it; linear in the line."""
    text = refang(text[:_LINE_CHARS])
    hosts: list[str] = []
    for hit in _URL.finditer(text):
        url = hit.group().rstrip(".,;:!?")
        hosts.append(url)
        yield "URL", url
    if "@" in text:
        for hit in _EMAIL.finditer(text):
            yield "e-mail address", hit.group()
    yield from _addresses(text)
    yield from _domains(text, hosts)
    for hit in _DIGEST.finditer(text):
        value = hit.group().lower()
        if not value.isdigit() and len(set(value)) > 4:
            yield {32: "MD5", 40: "SHA1", 64: "SHA256"}[len(value)], value
    for hit in _CVE.finditer(text):
        yield "CVE", hit.group().upper()
    yield from _paths(text)
    for hit in _AGENT.finditer(text):
        yield "attack tool", hit.group().lower()


def _addresses(text: str) -> Iterator[tuple[str, str]]:
    candidates = [hit.group() for hit in _IPV4.finditer(text)]
    candidates += [hit.group() for hit in _IPV6.finditer(text) if "::" in hit.group() or hit.group().count(":") == 7]
    for candidate in candidates:
        try:
            address = ipaddress.ip_address(candidate.partition("/")[0].partition("%")[0])
        except ValueError:
            continue
        if not address.is_unspecified:
            place = "private" if address.is_private or address.is_loopback or address.is_link_local else "public"
            yield f"{place} IPv{address.version} address", str(address)


def _domains(text: str, urls: list[str]) -> Iterator[tuple[str, str]]:
    given = {url.split("/", 3)[2].rpartition("@")[2].partition(":")[0].lower() for url in urls if url.count("/") >= 2}
    found = {hit.group().lower() for hit in _DOMAIN.finditer(text)} | given
    for domain in sorted(found):
        if "." in domain and _is_public_ending(domain.rpartition(".")[2], domain in given):
            yield "domain", domain


def _is_public_ending(ending: str, in_url: bool) -> bool:
    if len(ending) == 2 and ending.isalpha():
        return in_url or f" {ending} " not in _NO_COUNTRY
    return f" {ending} " in _GENERIC


def _paths(text: str) -> Iterator[tuple[str, str]]:
    if "\\" in text:
        for hit in _REGISTRY.finditer(text):
            yield "registry key", hit.group().rstrip(".")
        for hit in _WINDOWS_PATH.finditer(text):
            yield "file path", hit.group().strip()
    for hit in _UNIX_PATH.finditer(text):
        yield "file path", hit.group().rstrip(".")


PLUGIN = Indicators()
