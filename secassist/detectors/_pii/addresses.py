"""E-mail and IP addresses, found from the one sign that each of them must hold."""
# ruff: noqa: E501, SIM905 - word lists

import ipaddress
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from schemas import Severity
from secassist.detectors._pii.hints import mail_hint, network_hint
from secassist.detectors._pii.shape import EDGE
from secassist.detectors._secret.hit import Hit

AT = re.compile("@|%40")
LONGEST_LOCAL = 64
"""RFC 5321."""
_LOCAL_CHARS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-%"
_DOMAIN = re.compile(
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.){1,8}(?:xn--[A-Za-z0-9\-]{2,40}|[A-Za-z]{2,24})(?!-?[A-Za-z0-9])"
)
_FILES = frozenset(
    "png jpg jpeg gif svg webp bmp ico css html htm json yaml yml xml txt log lock exe dll jar class conf cfg ini service socket "
    "timer slice scope mount automount swap path target device dtd xsd gz tgz zip so".split()
)
"""What looks like a top-level domain but ends file names (icon@2x.png) and systemd units (getty@tty1.service)."""
_LOGIN = re.compile(r"://[^\s/@\"']{0,80}:$")
_REFERENCE = re.compile(r"(?:message-id|in-reply-to|references|content-id|resent-message-id)\s*:[^:]*$", re.IGNORECASE)
REFERENCE_REACH = 100
DOTTED = re.compile(rb"0{1,3}\.0{1,3}\.0{1,3}\.0{1,3}(?:/0{1,2})?(?![0Aa])(?!\.0)")
"""The spelling of an IP address of version 4."""
COLONED = re.compile(r":(?<!::)[0-9A-Fa-f]{0,4}:")
_DIGIT = re.compile("[0-9]")
"""An address of version 6 without any is more likely the name of a module (Fab::Cafe)."""
_DEVICE = re.compile(
    r"[0-9A-Fa-f]{2}(?:(?::[0-9A-Fa-f]{2}){5}|(?:-[0-9A-Fa-f]{2}){5})|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}"
)
_SIX = re.compile(r"[0-9A-Fa-f:.]{1,45}(?:%[A-Za-z0-9]{1,15})?(?:/\d{1,3})?(?![A-Za-z0-9:])(?!\.\d)")


def mail_hits(text: str) -> Iterator[Hit]:
    """E-mail addresses, in URLs with %40 too; not the password and host of a URL, nor the numbers of messages."""
    for at in AT.finditer(text):
        domain = _DOMAIN.match(text, at.end())
        start = _local_start(text, at.start()) if domain else at.start()
        if domain and start < at.start():
            hit = _mail(text, start, at.start(), domain)
            if hit:
                yield hit


def _local_start(text: str, at: int) -> int:
    """Where the part before the at sign begins; `at` itself if there is none."""
    head = text[max(0, at - LONGEST_LOCAL - 1) : at]
    local = head[len(head.rstrip(_LOCAL_CHARS)) :]
    if local.rpartition("%")[1]:
        local = re.sub(r"^.*%(?:[0-9A-Fa-f]{2})?", "", local)
    if text[at - len(local) - 1 : at - len(local)] == "\\" and local[:1] in ("n", "r", "t"):
        local = local[1:]
    local = local.lstrip("._%+-")
    return at - len(local) if len(local) <= LONGEST_LOCAL else at


def _mail(text: str, start: int, at: int, domain: re.Match[str]) -> Hit | None:
    name, host = text[start:at].lower(), domain[0].lower()
    if host.rpartition(".")[2] in _FILES or _LOGIN.search(text, max(0, start - 90), start):
        return None
    if text[start - 1 : start] == "<" and _REFERENCE.search(text[max(0, start - REFERENCE_REACH) : start]):
        return None
    reason = mail_hint(name, host)
    return Hit(start, domain.end(), "email", text[start : domain.end()], 2, Severity.MEDIUM, not reason, reason)


def network_hits(text: str, spelled: bytes) -> Iterator[Hit]:
    """IP addresses; personal data only where they point at a person, so the severity is lowest."""
    for start, end in (*_four_spans(spelled), *_six_spans(text)):
        value = text[start:end]
        try:
            address = ipaddress.ip_interface(value).ip
        except ValueError:
            continue
        if len(value) > 2:
            reason = network_hint(address)
            yield Hit(start, end, "IP_ADDRESS", value, 1, Severity.INFO, not reason, reason)


def device_hits(text: str, spelled: bytes) -> Iterator[Hit]:
    """Hardware addresses; like IP addresses they point at a person only where somebody knows whose device it is."""
    for match in _device().finditer(spelled):
        start, end = match.start() - EDGE, match.end() - EDGE
        value = text[start:end]
        around = spelled[match.start() - 1 : match.start()] + spelled[match.end() : match.end() + 1]
        if _DEVICE.fullmatch(value) and not any(sign in b"0Aa:-." for sign in around):
            nobody = len(set(re.sub("[^0-9a-f]", "", value.lower()))) == 1
            yield Hit(
                start, end, "MAC_ADDRESS", value, 1, Severity.INFO, not nobody, "address of no device" if nobody else ""
            )


@cache
def _device() -> Any:
    import re2

    return re2.compile(rb"[0Aa]{2}(?:[:\-][0Aa]{2}){5}|[0Aa]{4}\.[0Aa]{4}\.[0Aa]{4}")


def _four_spans(spelled: bytes) -> Iterator[tuple[int, int]]:
    for match in DOTTED.finditer(spelled):
        if spelled[match.start() - 1] not in b"0Aa.:":
            yield match.start() - EDGE, match.end() - EDGE


def _six_spans(text: str) -> Iterator[tuple[int, int]]:
    """What may be an IP address of version 6: two colons or more; clock times and hardware addresses have too few."""
    done = 0
    for colons in COLONED.finditer(text):
        if colons.start() < done:
            continue
        head = text[max(0, colons.start() - 4) : colons.start()]
        start = colons.start() - len(head) + len(head.rstrip("0123456789abcdefABCDEF"))
        match = _SIX.match(text, start)
        before = text[start - 1 : start]
        if match and not (before.isascii() and before.isalnum()) and before not in {":", "."}:
            done = match.end()
            value = match[0].rstrip(".")
            groups = value.count(":")
            if ("::" in value or groups == 7 or (groups == 6 and "." in value)) and _DIGIT.search(value):
                yield start, start + len(value)
