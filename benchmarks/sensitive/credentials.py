"""Invented secrets in the shapes that providers give theirs, put together from parts at run time; none was ever live."""

import base64
import json
import zlib
from collections.abc import Callable
from random import Random
from typing import Final

from benchmarks.sensitive.check_digits import words
from benchmarks.sensitive.people import digits

Make = Callable[[Random], str]

LOWER: Final = "abcdefghijklmnopqrstuvwxyz"
ALNUM: Final = LOWER + LOWER.upper() + "0123456789"
BASE62: Final = "0123456789" + LOWER.upper() + LOWER
HEX: Final = "0123456789abcdef"
URLSAFE: Final = ALNUM + "-_"
WORDS: Final = words(
    "Tiger Winter Harbor Falcon Copper Juniper Mango Thunder Velvet Rocket Saffron Walnut Glacier Pepper Comet Lantern"
)
PINYIN: Final = words("zhangwei liming wangjun chenhao xiaolong haitao qingdao jinxiu caiwu yunwei beijing kaifa")


def chars(random: Random, count: int, alphabet: str = ALNUM) -> str:
    """Characters drawn evenly."""
    return "".join(random.choice(alphabet) for _ in range(count))


def _b64(random: Random, size: int) -> str:
    return base64.b64encode(random.randbytes(size)).decode()


def _url64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def _crc62(body: str) -> str:
    """CRC-32 in base 62, six digits: the checksum that GitHub and npm put at the end of a token."""
    value, found = zlib.crc32(body.encode()), ""
    for _ in range(6):
        value, rest = divmod(value, 62)
        found = BASE62[rest] + found
    return found


def _shaped(prefix: tuple[str, ...], count: int, alphabet: str = ALNUM) -> Make:
    """A maker of tokens with a prefix, given in parts."""
    return lambda random: "".join(prefix) + chars(random, count, alphabet)


def password(random: Random) -> str:
    """As people and generators make them; never a dictionary word alone."""
    year = random.randint(1987, 2026)
    made = (
        f"{random.choice(WORDS)}{random.choice('!@#$%')}{random.choice(WORDS)}{random.randint(10, 99)}",
        f"{random.choice(WORDS).lower()}{year}{random.choice('!@#*')}",
        chars(random, random.choice((12, 16, 20)), ALNUM + "!@#%^*-_"),
        f"{random.choice(WORDS)[:4]}-{chars(random, 4)}-{chars(random, 4)}-{digits(random, 3)}",
        f"P{random.choice('@4a')}{chars(random, 3, LOWER)}{random.choice(WORDS)}{digits(random, 3)}",
    )
    return random.choice(made)


def password_chinese(random: Random) -> str:
    """As Chinese users make them: pinyin, a year, a birthday, a lucky number."""
    name = random.choice(PINYIN)
    made = (
        f"{name}@{random.randint(2015, 2026)}",
        f"{name.capitalize()}{random.choice('!@#')}{digits(random, 4)}",
        f"{name[:2].upper()}{name[2:]}_{digits(random, 3)}{random.choice('!#')}",
        f"{random.randint(1960, 2001)}{random.randint(1, 12):02d}{random.randint(1, 28):02d}{name[:2]}",
        chars(random, 14, ALNUM + "@#_"),
    )
    return random.choice(made)


def password_plain(random: Random) -> str:
    """Letters and digits only, for places where other characters would end the value."""
    return f"{random.choice(WORDS)}{chars(random, 5)}{digits(random, 2)}"


def aws_key(random: Random) -> str:
    """The id of an access key."""
    return "AK" + "IA" + chars(random, 16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")


def github(random: Random) -> str:
    """A personal access token with its checksum."""
    body = chars(random, 30, BASE62)
    return "gh" + random.choice("pos") + "_" + body + _crc62(body)


def npm(random: Random) -> str:
    """An automation token with its checksum."""
    body = chars(random, 30, BASE62)
    return "np" + "m_" + body + _crc62(body)


def jwt(random: Random) -> str:
    """Header, claims and a signature that verifies nothing."""
    head = {"alg": random.choice(("HS256", "RS256")), "typ": "JWT"}
    body = {"sub": digits(random, 8), "iss": "auth.internal", "iat": random.randint(1_700_000_000, 1_790_000_000)}
    parts = [_url64(json.dumps(part, separators=(",", ":")).encode()) for part in (head, body)]
    return ".".join([*parts, _url64(random.randbytes(32))])


def basic(random: Random) -> str:
    """User and password of HTTP basic authentication, encoded."""
    return base64.b64encode(f"svc-{chars(random, 5, LOWER)}:{password(random)}".encode()).decode()


def private_key(random: Random) -> str:
    """A PEM block whose body is no key."""
    kind = random.choice(("RSA ", "EC ", "OPENSSH ", ""))
    lines = [_b64(random, 48) for _ in range(random.randint(3, 6))] + [_b64(random, 21)]
    name = f"{kind}PRIVATE" + " KEY-----"
    return "\n".join([f"-----BEGIN {name}", *lines, f"-----END {name}"])


def private_key_bare(random: Random) -> str:
    """An Alipay-like application key: PKCS#8 in base64 without its frame."""
    return "MIIEv" + "QIBADANBgkqhkiG9w0BAQEFAASC" + _b64(random, 360)


def slack(random: Random) -> str:
    """A bot token."""
    return "xo" + f"xb-{digits(random, 12)}-{digits(random, 13)}-{chars(random, 24)}"


def slack_hook(random: Random) -> str:
    """The address of an incoming webhook, which is its own secret."""
    upper = LOWER.upper() + "0123456789"
    where = "https://hooks." + "slack.com/services/"
    return f"{where}T{chars(random, 10, upper)}/B{chars(random, 10, upper)}/{chars(random, 24)}"


def sendgrid(random: Random) -> str:
    """An API key."""
    return "S" + f"G.{chars(random, 22, URLSAFE)}.{chars(random, 43, URLSAFE)}"


def azure(random: Random) -> str:
    """The key of a storage account: 64 bytes."""
    return _b64(random, 64)


def telegram(random: Random) -> str:
    """A bot token."""
    return f"{random.randint(5_000_000_000, 7_900_000_000)}:" + "AA" + chars(random, 33, URLSAFE)


def base64_password(random: Random) -> str:
    """A password as Kubernetes stores it."""
    return base64.b64encode(password(random).encode()).decode()


def hex_password(random: Random) -> str:
    """A password in hexadecimal."""
    return f"{password(random)}{random.choice(WORDS)}".encode().hex()


def uuid(random: Random) -> str:
    """A random UUID, in places where it is a key."""
    found = chars(random, 32, HEX)
    return f"{found[:8]}-{found[8:12]}-4{found[13:16]}-a{found[17:20]}-{found[20:]}"


SLOTS: Final[dict[str, tuple[str, Make]]] = {
    "pw": ("password", password),
    "pw_cn": ("password", password_chinese),
    "pw_plain": ("password", password_plain),
    "pw_b64": ("password", base64_password),
    "pw_hex": ("password", hex_password),
    "dsn_pw": ("url_credentials", password_plain),
    "basic": ("url_credentials", basic),
    "aws_key": ("cloud_key", aws_key),
    "aws_secret": ("cloud_key", lambda random: chars(random, 40, ALNUM + "/+")),
    "gcp_key": ("cloud_key", _shaped(("AI", "za"), 35, URLSAFE)),
    "azure_key": ("cloud_key", azure),
    "ali_key": ("cloud_key", _shaped(("LT", "AI5t"), 18)),
    "ali_secret": ("cloud_key", lambda random: chars(random, 30)),
    "tencent_key": ("cloud_key", _shaped(("AK", "ID"), 32)),
    "tencent_secret": ("cloud_key", lambda random: chars(random, 32)),
    "digitalocean": ("cloud_key", _shaped(("do", "p_v1_"), 64, HEX)),
    "github": ("token", github),
    "gitlab": ("token", _shaped(("gl", "pat-"), 20, URLSAFE)),
    "npm": ("token", npm),
    "pypi": ("token", _shaped(("py", "pi-AgEIcHlwaS5vcmc"), 70, URLSAFE)),
    "slack": ("token", slack),
    "slack_hook": ("token", slack_hook),
    "stripe": ("token", _shaped(("sk", "_li", "ve_"), 24)),
    "sendgrid": ("token", sendgrid),
    "openai": ("token", _shaped(("sk", "-pro", "j-"), 48, URLSAFE)),
    "anthropic": ("token", _shaped(("sk", "-ant-", "api03-"), 95, URLSAFE)),
    "huggingface": ("token", _shaped(("h", "f_"), 34, LOWER + LOWER.upper())),
    "vault": ("token", _shaped(("hv", "s."), 24)),
    "dockerhub": ("token", _shaped(("dck", "r_pat_"), 27, URLSAFE)),
    "databricks": ("token", _shaped(("da", "pi"), 32, HEX)),
    "newrelic": ("token", _shaped(("NR", "AK-"), 27, "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789")),
    "telegram": ("token", telegram),
    "hex32": ("token", lambda random: chars(random, 32, HEX)),
    "hex64": ("token", lambda random: chars(random, 64, HEX)),
    "key32": ("token", lambda random: chars(random, 32)),
    "key40": ("token", lambda random: chars(random, 40)),
    "key_uuid": ("token", uuid),
    "dingtalk": ("token", lambda random: "SE" + "C" + chars(random, 64, HEX)),
    "jwt": ("jwt", jwt),
    "pem": ("private_key", private_key),
    "pem_bare": ("private_key", private_key_bare),
}
"""Slot of a shape to the family of the secret it holds and the function that invents it."""
