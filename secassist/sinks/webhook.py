"""A webhook: one signed POST to an address that was resolved once; no redirect, no proxy, no answer read, no end left open."""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import SplitResult, urlsplit

from secassist.errors import ConfigError
from secassist.sinks._addresses import resolve
from secassist.sinks._signing import headers
from secassist.sinks.base import Message, Place, SinkError

SHORTEST_KEY = 16
HOPELESS = frozenset({400, 410, 413, 415, 422})
"""Answers about the message itself: it will not be taken another time. Any other refusal may be mended over there."""
LONGEST_WAIT = 3600.0
"""Seconds that a target may ask for at most."""


class Webhook:
    """Sends to one URL."""

    def __init__(self, place: Place) -> None:
        self._url = _checked(place)
        self._place = place
        self._networks = _networks(place)

    def send(self, message: Message) -> None:
        """One POST. Arrived is what was answered with 2xx within the time."""
        body = message.body
        head = headers(self._place.key, message.id, message.kind, int(time.time()), body)
        head |= {"Content-Type": "application/json", "User-Agent": "secassist", "Connection": "close"}
        try:
            status, wait = self._posted(body, head)
        except (OSError, http.client.HTTPException) as error:
            raise SinkError(f"{self._url.hostname} did not answer: {type(error).__name__}") from error
        if not 200 <= status < 300:
            told = "; redirects are not followed" if 300 <= status < 400 else ""
            raise SinkError(f"{self._url.hostname} answered {status}{told}", hopeless=status in HOPELESS, wait=wait)

    def _posted(self, body: bytes, head: dict[str, str]) -> tuple[int, float]:
        host, port = str(self._url.hostname), self._url.port or (443 if self._url.scheme == "https" else 80)
        connection = _Pinned(host, port, resolve(host, port, self._networks), self._place.seconds)
        connection.encrypted = self._url.scheme == "https"
        path = (self._url.path or "/") + (f"?{self._url.query}" if self._url.query else "")
        with _bounded(connection, self._place.seconds):
            connection.request("POST", path, body=body, headers=head)
            answer = connection.getresponse()
            if connection.over:  # what was read up to the cut may look like an answer
                raise TimeoutError
            return answer.status, _wait(answer.getheader("Retry-After") or "")


class _Pinned(http.client.HTTPConnection):
    """Connects to an address that was checked, whatever the name says by now; the certificate must be the name's."""

    encrypted = True
    over = False

    def __init__(self, host: str, port: int, addresses: tuple[str, ...], seconds: float) -> None:
        super().__init__(host, port, timeout=seconds)
        self._addresses = addresses

    def connect(self) -> None:
        """To the first pinned address that answers, with TLS for the name."""
        plain = self._connected()
        if self.encrypted:
            context = ssl.create_default_context()
            secure = context.wrap_socket(plain, server_hostname=self.host, do_handshake_on_connect=False)
            self.sock = secure
            secure.do_handshake()
        else:
            self.sock = plain

    def _connected(self) -> socket.socket:
        failed: OSError = TimeoutError("the time was over")
        for address in self._addresses:
            if self.over:
                break
            try:
                return socket.create_connection((address, self.port), self.timeout)
            except OSError as error:
                failed = error
        raise failed

    def cut(self) -> None:
        """Ends whatever it waits for; called from another thread."""
        self.over = True
        with suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)


@contextmanager
def _bounded(connection: _Pinned, seconds: float) -> Iterator[None]:
    """Cuts the connection when the time is over, however slowly the other side goes on sending."""
    timer = threading.Timer(seconds, connection.cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        connection.close()


def _checked(place: Place) -> SplitResult:
    """Raises ConfigError, without quoting the URL: it may carry a token."""
    try:
        url = urlsplit(place.url)
        known = bool(url.hostname) and url.port != 0
    except ValueError as error:
        raise ConfigError("the URL of a webhook cannot be read") from error
    if not known or url.scheme not in ("https", "http"):
        raise ConfigError("a webhook needs a URL such as https://siem.example.org/hook")
    if url.scheme == "http" and not place.plain:
        raise ConfigError(f"the webhook at {url.hostname} is not https; set `plain` if that is meant")
    if url.username is not None or url.password is not None:
        raise ConfigError(f"the webhook at {url.hostname} has a password in its URL; use the signature instead")
    if any(ord(char) <= 32 or ord(char) >= 127 for char in place.url):
        raise ConfigError(f"the URL of the webhook at {url.hostname} holds characters that must be percent-encoded")
    if len(place.key) < SHORTEST_KEY:
        raise ConfigError(f"the webhook at {url.hostname} needs a key of at least {SHORTEST_KEY} bytes to sign with")
    return url


def _networks(place: Place) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    try:
        return tuple(ipaddress.ip_network(network) for network in place.networks)
    except ValueError as error:
        raise ConfigError("the `networks` of a webhook are networks such as 10.0.0.0/8") from error


def _wait(text: str) -> float:
    """Retry-After in seconds; a date, or anything else, is no number that counts."""
    return min(float(text), LONGEST_WAIT) if text.isascii() and text.isdigit() and len(text) < 10 else 0.0


PLUGIN = Webhook
