"""Invented secrets that no one else has, the five spellings they travel in, and the search for any part of them."""

import base64
import json
import random
import string
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import numpy as np

WINDOW = 10
"""Bytes of a secret in a row that count as a leak; a mask shows at most 4 at either end."""
_KEYED = 8
_CHUNK = 1 << 22
_TABLE_BITS = 22
_BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
_BASE32 = string.ascii_uppercase + "234567"


@dataclass(frozen=True)
class Canary:
    """One secret: the line of text it stands in, and the value alone."""

    number: int
    kind: str
    line: str
    value: str


@dataclass(frozen=True)
class Sent:
    """A canary in one spelling, as it is put into an input; `part` are the characters that carry its value."""

    canary: Canary
    shape: str
    text: str
    part: str


Maker = Callable[[random.Random], tuple[str, str]]


def _word(rng: random.Random, length: int, alphabet: str = _BASE62) -> str:
    return "".join(rng.choice(alphabet) for _ in range(length))


def _aws(rng: random.Random) -> tuple[str, str]:
    value = "AKIA" + _word(rng, 16, _BASE32)
    return f"aws_access_key_id = {value}", value


def _github(rng: random.Random) -> tuple[str, str]:
    body, digits = _word(rng, 30), ""
    number = zlib.crc32(body.encode())
    for _ in range(6):
        number, rest = divmod(number, 62)
        digits = _BASE62[rest] + digits
    value = "gh" + "p_" + body + digits
    return f"git clone https://x:{value}@git.invented.test/a.git", value


def _slack(rng: random.Random) -> tuple[str, str]:
    value = "xox" + "b-" + _word(rng, 12, "123456789") + "-" + _word(rng, 24)
    return f"slack.token: {value}", value


def _payments(rng: random.Random) -> tuple[str, str]:
    value = "sk_" + "live_" + _word(rng, 24)
    return f'charge(key="{value}", amount=7)', value


def _google(rng: random.Random) -> tuple[str, str]:
    value = "AI" + "za" + _word(rng, 35)
    return f"GET /maps?key={value} HTTP/1.1", value


def _password(rng: random.Random) -> tuple[str, str]:
    value = _word(rng, 7) + rng.choice("!#%+") + _word(rng, 7) + str(rng.randrange(10, 99))
    return f'db_password = "{value}"', value


def _quoted(rng: random.Random) -> tuple[str, str]:
    value = _word(rng, 8) + "/" + _word(rng, 6) + "+" + _word(rng, 8)
    return f"curl --user-agent x --password '{value}' https://api.invented.test/", value


def _connection(rng: random.Random) -> tuple[str, str]:
    value = _word(rng, 14) + str(rng.randrange(10, 99))
    return f"postgresql://app:{value}@db.internal:5432/orders", value


def _bearer(rng: random.Random) -> tuple[str, str]:
    value = _word(rng, 40)
    return f"Authorization: Bearer {value}", value


def _private_key(rng: random.Random) -> tuple[str, str]:
    body = base64.b64encode(rng.randbytes(300)).decode()
    head, foot = (f"-----{word} RSA PRIVATE KEY-----" for word in ("BEGIN", "END"))
    lines = "\\n".join(body[at : at + 64] for at in range(0, len(body), 64))
    return f"{head}\\n{lines}\\n{foot}", body[64:128]


def _luhn(digits: str) -> str:
    total = sum(sum(divmod(int(d) * 2, 10)) if at % 2 == 0 else int(d) for at, d in enumerate(reversed(digits)))
    return digits + str(-total % 10)


def _card(rng: random.Random) -> tuple[str, str]:
    value = _luhn("622848" + _word(rng, 12, string.digits))
    return f"付款人银行卡号 {value} 已转账", value


def _resident(rng: random.Random) -> tuple[str, str]:
    body = rng.choice(("110105", "310104", "440106", "510107")) + str(rng.randrange(1955, 2006))
    body += f"{rng.randrange(1, 13):02}{rng.randrange(1, 29):02}{rng.randrange(1000):03}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    value = body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]
    return f"客户身份证号{value}已核实", value


def _phone(rng: random.Random) -> tuple[str, str]:
    value = rng.choice(("138", "159", "177", "186")) + _word(rng, 8, string.digits)
    return f"请联系手机 {value} 王女士", value


MAKERS: dict[str, Maker] = {
    "aws key": _aws,
    "github token": _github,
    "slack token": _slack,
    "payment key": _payments,
    "maps key": _google,
    "password": _password,
    "password on a command line": _quoted,
    "connection string": _connection,
    "bearer token": _bearer,
    "private key": _private_key,
    "bank card": _card,
    "resident id": _resident,
    "phone": _phone,
}


def make(count: int, seed: int = 7) -> list[Canary]:
    """So many different ones, the kinds in turn."""
    rng, seen, found = random.Random(seed), set[str](), list[Canary]()
    kinds = list(MAKERS)
    while len(found) < count:
        kind = kinds[len(found) % len(kinds)]
        line, value = MAKERS[kind](rng)
        if value[-WINDOW:] not in seen:
            seen.add(value[-WINDOW:])
            found.append(Canary(len(found), kind, line, value))
    return found


def _base64(line: str, value: str) -> tuple[str, str]:
    data = line.encode()
    start = data.index(value.encode())
    coded = base64.b64encode(data).decode()
    first, last = -(-start // 3) * 4, (start + len(value.encode())) // 3 * 4
    return coded, coded[first:last]


SHAPES: dict[str, Callable[[str, str], tuple[str, str]]] = {
    "plain": lambda line, value: (line, value),
    "base64": _base64,
    "hex": lambda line, value: (line.encode().hex(), value.encode().hex()),
    "url": lambda line, value: (quote(line, safe=""), quote(value, safe="")),
    "json": lambda line, value: (json.dumps(json.dumps({"m": line})), json.dumps(json.dumps(value)[1:-1])[1:-1]),
}


def sent(canaries: Iterable[Canary]) -> list[Sent]:
    """Each canary in each spelling."""
    return [Sent(c, shape, *spell(c.line, c.value)) for c in canaries for shape, spell in SHAPES.items()]


def windows(word: str) -> list[str]:
    """Every WINDOW characters in a row of an ASCII word."""
    return [word[at : at + WINDOW] for at in range(len(word) - WINDOW + 1)]


def _slots(words: Any) -> Any:
    """Where 8 bytes stand in the table; Fibonacci hashing (Knuth, The Art of Computer Programming, volume 3, 6.4)."""
    return (words * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - _TABLE_BITS)


class Search:
    """Finds whose secret any WINDOW bytes of a text come from; in numpy, since there are many of both."""

    def __init__(self, items: Iterable[Sent]) -> None:
        self._owners: dict[bytes, set[tuple[int, str]]] = {}
        for item in items:
            for word, shape in ((item.part, item.shape), (item.canary.value, "plain")):
                for part in windows(word):
                    self._owners.setdefault(part.encode(), set()).add((item.canary.number, shape))
        heads = {window[:_KEYED] for window in self._owners}
        self._heads = np.zeros(1 << _TABLE_BITS, dtype=bool)
        self._heads[_slots(np.frombuffer(b"".join(heads), dtype="<u8"))] = True

    def __call__(self, data: bytes) -> set[tuple[int, str]]:
        """(number, shape) of every canary of which a part stands in the data."""
        return {owner for window in self._windows(data) for owner in self._owners[window]}

    def first(self, data: bytes) -> int:
        """Where the first window found stands, -1 if there is none."""
        return next((data.index(window) for window in self._windows(data)), -1)

    def _windows(self, data: bytes) -> Iterator[bytes]:
        for start in range(0, max(0, len(data) - WINDOW + 1), _CHUNK):
            part = np.frombuffer(data[start : start + _CHUNK + WINDOW], dtype=np.uint8)
            for shift in range(_KEYED):
                whole = part[shift : shift + (len(part) - shift) // _KEYED * _KEYED].view("<u8")
                for index in np.flatnonzero(self._heads[_slots(whole)]):
                    at = start + shift + int(index) * _KEYED
                    if data[at : at + WINDOW] in self._owners:
                        yield data[at : at + WINDOW]
