"""Who may ask, and how much may be held of bodies that are still coming in."""

import hashlib
import hmac
import ipaddress
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from secassist.errors import ConfigError, UsageError

TOKEN_VARIABLE = "SECASSIST_SERVE_TOKEN"  # noqa: S105 - the name of a variable
SHORTEST_TOKEN = 16
LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]", ""})


class Door:
    """Lets in who names the token; without one, programs that ask this machine by a name of its own.

    A page in a browser can send requests to a local address, but not without its `Origin`, and under a name of its own
    making not with another `Host`.
    """

    def __init__(self, token: str = "") -> None:
        self._token = _digest(token) if token else b""

    def opens(self, authorization: str, host: str, origin: str) -> bool:
        """By the headers of these names, "" where one is not there; takes as long for every wrong token."""
        if not self._token:
            return _name(host) in LOCAL_NAMES and not origin
        scheme, _, given = authorization.partition(" ")
        return hmac.compare_digest(_digest(given.strip()), self._token) and scheme.lower() == "bearer"


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()


def _name(host: str) -> str:
    """Of a Host header, without its port."""
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdigit() else host).lower()


def token(file: Path | None) -> str:
    """From the file, else from SECASSIST_SERVE_TOKEN, else "". Raises ConfigError for one that others can read or guess."""
    found = os.environ.get(TOKEN_VARIABLE, "") if file is None else _in_file(file)
    found = found.strip()
    where = TOKEN_VARIABLE if file is None else str(file)
    if file is not None and not found:
        raise ConfigError(f"{where}: holds no token")
    if found and (len(found) < SHORTEST_TOKEN or not found.isascii() or not found.isprintable() or " " in found):
        raise ConfigError(f"{where}: a token has {SHORTEST_TOKEN} or more ASCII characters and no spaces")
    return found


def _in_file(file: Path) -> str:
    try:
        if file.stat().st_mode & 0o077:
            raise ConfigError(f"{file}: can be read by others; run: chmod 600 {file}")
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not text"
        raise ConfigError(f"{file}: cannot be read as a token: {why}") from error


def bound(host: str, port: int, *, guarded: bool) -> socket.socket:
    """A socket that listens there. Raises UsageError when it cannot, or when others could reach it without a token."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        if not guarded and not _is_local(address[0]):
            raise UsageError(f"{host} can be reached by others; give a token with --token-file or {TOKEN_VARIABLE}")
        made = socket.create_server(address[:2], family=family, backlog=1024)
    except (OSError, UnicodeError) as error:
        raise UsageError(
            f"cannot listen at {host}, port {port}: {getattr(error, 'strerror', None) or error}"
        ) from error
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # inherited: else each answer waits 40 ms for an ACK
    made.setblocking(False)
    return made


def is_loopback(listener: socket.socket) -> bool:
    """Whether only this machine reaches it."""
    return _is_local(listener.getsockname()[0])


def _is_local(address: object) -> bool:
    return ipaddress.ip_address(str(address).partition("%")[0]).is_loopback


class Held:
    """Bytes of bodies that are being read or stored, by all clients together."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._now = 0

    @contextmanager
    def share(self) -> Iterator["Share"]:
        """One request's part of it, given back at the end."""
        share = Share(self)
        try:
            yield share
        finally:
            self._now -= share.size

    def grow(self, by: int) -> bool:
        """Whether there is room for more; only then it counts."""
        if self._now + by > self._most:
            return False
        self._now += by
        return True


class Share:
    """What one request holds."""

    def __init__(self, held: Held) -> None:
        self._held = held
        self.size = 0

    def grow(self, by: int) -> bool:
        """Whether these bytes may be held, too."""
        room = self._held.grow(by)
        self.size += by if room else 0
        return room
