"""Indicators: refanged values, private and public told apart, no file names taken for hosts, never an accusation."""

import time

import pytest

from schemas import Document
from secassist.detectors.indicators import PLUGIN, extract, refang


def found(text: str) -> set[tuple[str, str]]:
    return set(extract(text))


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("hxxps://evil[.]example[.]com/a?b=1", "URL", "https://evil.example.com/a?b=1"),
        ("hXXp://192.0.2[.]7/x", "URL", "http://192.0.2.7/x"),
        ("evil(dot)example[dot]org", "domain", "evil.example.org"),
        ("user[at]example[.]com", "e-mail address", "user@example.com"),
        ("from 10.1.2.3 port 22", "private IPv4 address", "10.1.2.3"),
        ("from 8.8.8.8 port 22", "public IPv4 address", "8.8.8.8"),
        ("peer 2001:4860:4860::8888 up", "public IPv6 address", "2001:4860:4860::8888"),
        ("peer fe80::1 up", "private IPv6 address", "fe80::1"),
        ("md5 D41D8CD98F00B204E9800998ECF8427E", "MD5", "d41d8cd98f00b204e9800998ecf8427e"),
        ("sha1=da39a3ee5e6b4b0d3255bfef95601890afd80709", "SHA1", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
        ("cve-2021-44228 was used", "CVE", "CVE-2021-44228"),
        (r"HKLM\Software\Microsoft\Windows\Run set", "registry key", r"HKLM\Software\Microsoft\Windows\Run"),
        (r"ran C:\Windows\Temp\a.exe", "file path", r"C:\Windows\Temp\a.exe"),
        ("wrote /tmp/.x/run.sh", "file path", "/tmp/.x/run.sh"),
        ('"sqlmap/1.5.2"', "attack tool", "sqlmap/1.5.2"),
    ],
)
def test_each_kind_is_found_refanged(text: str, kind: str, value: str):
    assert (kind, value) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "version 1.2.3.4.5",
        "at 12:34:56",
        "module.py and config.json",
        "userIdentity.type",
        "a.b",
        "00:1a:2b:3c:4d:5e",
        "999.1.1.1",
    ],
)
def test_what_only_looks_like_an_indicator_is_not_one(text: str):
    assert found(text) == set()


def test_plain_text_stays_as_it_is():
    assert refang("list[0] and (see above)") == "list[0] and (see above)"


def test_signals_are_context_with_all_their_lines():
    detection = PLUGIN.detect(Document(source="text", body="8.8.8.8\nnothing\n8.8.8.8 again"))
    (signal,) = detection.signals
    assert signal.message == "public IPv4 address: 8.8.8.8"
    assert signal.lines == (1, 3)
    assert not signal.noteworthy


def test_many_values_are_bounded_and_quick():
    body = "\n".join(f"host{n}.example.com 10.{n % 250}.{n // 250}.1" for n in range(20_000))
    start = time.process_time()
    assert len(PLUGIN.detect(Document(source="text", body=body)).signals) == 200
    assert time.process_time() - start < 6
