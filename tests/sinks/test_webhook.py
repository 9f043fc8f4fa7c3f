"""One signed POST to an address that was checked, and nothing that a hostile name or server could make of it."""

import ipaddress
import socket
import ssl
import time
from pathlib import Path
from typing import Any

import pytest

from secassist.errors import ConfigError
from secassist.sinks._addresses import permitted, resolve
from secassist.sinks._signing import SIGNATURE, TIMESTAMP, headers, verified
from secassist.sinks.base import Message, Place, SinkError
from secassist.sinks.webhook import Webhook
from tests.sinks.receiver import certificate, receiving

KEY = b"an-invented-signing-key"
HERE = ("127.0.0.0/8",)
MESSAGE = Message("e" * 64, "analysis.done", "2026-11-02T08:00:00Z", {"disposition": "true_positive", "b": "\ud800"})


def hook(url: str, **more: Any) -> Webhook:
    return Webhook(Place(url=url, **{"key": KEY, "networks": HERE, "plain": True, "seconds": 5.0, **more}))


def test_it_arrives_signed_and_whole() -> None:
    with receiving() as receiver:
        hook(receiver.url).send(MESSAGE)
    (got,) = receiver.got
    assert got.path == "/hook?a=b"
    assert got.body == MESSAGE.body
    assert got.headers["Secassist-Event"] == MESSAGE.id
    assert got.headers["Host"] == f"127.0.0.1:{receiver.port}"
    now = int(time.time())
    assert verified(KEY, got.headers, got.body, now)
    assert not verified(KEY, got.headers, got.body + b" ", now)
    assert not verified(b"another-invented-key", got.headers, got.body, now)


def test_the_window_of_replay() -> None:
    head = headers(KEY, "e", "k", 1000, b"{}")
    assert verified(KEY, head, b"{}", 1300)
    assert verified(KEY, head, b"{}", 700)
    assert not verified(KEY, head, b"{}", 1301)
    assert not verified(KEY, {**head, TIMESTAMP: "1001"}, b"{}", 1001)
    assert not verified(KEY, {**head, TIMESTAMP: "\u0661"}, b"{}", 1)
    assert not verified(KEY, {**head, SIGNATURE: "v1=\ud800"}, b"{}", 1000)
    assert not verified(KEY, {}, b"{}", 1000)


@pytest.mark.parametrize(
    ("status", "hopeless"),
    [(500, False), (503, False), (404, False), (401, False), (410, True), (422, True), (302, False)],
)
def test_what_is_not_2xx_did_not_arrive(status: int, hopeless: bool) -> None:
    with receiving() as receiver:
        receiver.answer = lambda _: status
        receiver.more = {"Location": receiver.url, "Retry-After": "77"}
        with pytest.raises(SinkError, match=str(status)) as raised:
            hook(receiver.url).send(MESSAGE)
    assert (raised.value.hopeless, raised.value.wait) == (hopeless, 77.0)
    assert len(receiver.got) == 1, "a redirect was followed"


def test_a_server_that_drips_is_cut_off() -> None:
    with receiving() as receiver:
        receiver.drip = 0.05
        start = time.monotonic()
        with pytest.raises(SinkError, match="did not answer"):
            hook(receiver.url, seconds=0.6).send(MESSAGE)
    assert time.monotonic() - start < 3


def test_a_handshake_that_never_comes_is_cut_off() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        start = time.monotonic()
        with pytest.raises(SinkError, match="did not answer"):
            hook(f"https://127.0.0.1:{silent.getsockname()[1]}/", seconds=0.4).send(MESSAGE)
    assert time.monotonic() - start < 3


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(SinkError, match="did not answer: ConnectionRefusedError"):
        hook(f"http://127.0.0.1:{port}/").send(MESSAGE)


def test_the_certificate_must_be_that_of_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    file = certificate(tmp_path, "localhost")
    context.load_cert_chain(file)
    with receiving(context) as receiver:
        with pytest.raises(SinkError, match="SSLCertVerificationError"):
            hook(f"https://localhost:{receiver.port}/", networks=(*HERE, "::1/128")).send(MESSAGE)
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        hook(f"https://localhost:{receiver.port}/", networks=(*HERE, "::1/128")).send(MESSAGE)
        with pytest.raises(SinkError, match="SSLCertVerificationError"):
            hook(f"https://127.0.0.1:{receiver.port}/").send(MESSAGE)
    assert len(receiver.got) == 1


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "240.0.0.1", "198.18.0.1", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1",
        "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "fec0::1",
        "2001:db8::1",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public_are_refused(address: str) -> None:
    assert not permitted(ipaddress.ip_address(address), [])


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:93.184.216.34"])
def test_public_addresses_are_not(address: str) -> None:
    assert permitted(ipaddress.ip_address(address), [])


def test_what_was_allowed_is_allowed_and_no_more() -> None:
    allowed = [ipaddress.ip_network("10.0.0.0/8")]
    assert permitted(ipaddress.ip_address("10.1.2.3"), allowed)
    assert permitted(ipaddress.ip_address("::ffff:10.1.2.3"), allowed)
    assert not permitted(ipaddress.ip_address("192.168.0.1"), allowed)


def answering(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """The resolver gives these, one list per question; gives the questions."""
    asked: list[str] = []

    def ask(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in answers[len(asked) - 1]]

    monkeypatch.setattr("secassist.sinks._addresses.socket.getaddrinfo", ask)
    return asked


def test_a_name_with_one_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, ["93.184.216.34", "127.0.0.1"])
    with pytest.raises(SinkError, match=r"127\.0\.0\.1, which is not a public one"):
        resolve("rebind.example", 443, [])


def test_a_name_is_asked_for_once_and_the_checked_address_is_the_one_connected_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A name that answers differently the second time (DNS rebinding) is never asked a second time."""
    with receiving() as receiver:
        connected: list[Any] = []

        def connect(where: Any, _timeout: float) -> socket.socket:
            connected.append(where)
            made = socket.socket()
            made.connect(("127.0.0.1", receiver.port))
            return made

        monkeypatch.setattr("secassist.sinks.webhook.socket.create_connection", connect)
        asked = answering(monkeypatch, ["93.184.216.34"], ["127.0.0.1"])
        hook("http://rebind.example/", networks=()).send(MESSAGE)
        with pytest.raises(SinkError, match="not a public one"):
            hook("http://rebind.example/", networks=()).send(MESSAGE)
    assert connected == [("93.184.216.34", 80)]
    assert asked == ["rebind.example", "rebind.example"]
    assert [got.headers["Host"] for got in receiver.got] == ["rebind.example"]


def test_loopback_is_refused_unless_named() -> None:
    with receiving() as receiver, pytest.raises(SinkError, match="allow it with `networks`"):
        hook(receiver.url, networks=()).send(MESSAGE)
    assert not receiver.got


@pytest.mark.parametrize(
    ("url", "more", "said"),
    [
        ("http://siem.example/", {"plain": False}, "not https"),
        ("ftp://siem.example/", {}, "needs a URL"),
        ("https:///x", {}, "needs a URL"),
        ("https://siem.example:99999/", {}, "cannot be read"),
        ("https://u:invented@siem.example/", {}, "password in its URL"),
        ("https://siem.example/a b", {}, "percent-encoded"),
        ("https://siem.example/\r\nX: y", {}, "percent-encoded"),
        ("https://siem.example/", {"key": b"short"}, "at least 16 bytes"),
        ("https://siem.example/", {"networks": ("here",)}, "are networks"),
    ],
)
def test_what_can_never_work_is_refused_at_once(url: str, more: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError, match=said) as raised:
        hook(url, **more)
    assert "invented" not in str(raised.value)
