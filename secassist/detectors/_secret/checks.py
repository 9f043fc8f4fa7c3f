"""Judges a single value: checksums, entropy, and the many ways in which a value says that it is no secret."""

import base64
import binascii
import hashlib
import json
import math
import re
import zlib
from collections import Counter
from functools import reduce
from itertools import pairwise
from operator import eq, sub, xor

from secassist.detectors._late import late

_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BECH32_FACTORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_BECH32_STEPS = tuple(
    reduce(xor, (factor for bit, factor in enumerate(_BECH32_FACTORS) if top >> bit & 1), 0) for top in range(32)
)
"""What each value of the five highest bits adds to the sum."""

_PLACEHOLDER_WORDS = late(
    r"example|sample|placeholder|change[_\- ]?(?:me|it|this)|replace[_\- ]?(?:me|this|with)|redacted|removed|insert[_\- ]|"
    r"(?:your|my|the|some|any|enter|put)[_\- .]{0,2}(?:[a-z0-9]{1,20}[_\- .]){0,3}[a-z0-9]{0,20}?(?:key|token|"
    r"secret|password|passwd|pass|id|here)|"
    r"^keyboard cat$|^[\[<(*]{1,2}[a-z][a-z _-]{2,30}[\])>*]{1,2}$|"
    r"dummy|fake|foobar|lorem|notreal|not[_\- ]?set|not[_\-]a[_\-]|todo|fixme|xxxx|\*\*\*|\.\.\.|</?[a-z][^>]{0,60}>|_here$|"
    r"placehold|undefined|^\(?sensitive\b|"
    r"示例|样例|请填写|你的|您的|替换|占位"
)
_REFERENCE = late(
    r"\$\{|\$\(|^\$[a-z_]\w{0,60}[/:.]|\{\{|#\{|%\{|<%|@@|(?:^|[/:@=])\$[a-z_]\w{0,60}$|\$env:|(?:^|[\s/\\:@=;,])%[a-z_]\w{0,60}%|secrets\.|vault:|^!(?:sub|getatt|join|select|importvalue|findinmap|secret|env|env_var|include|file|reference)$|arn:aws:secretsmanager|"
    r"(?:os\.|process\.|system\.)?(?:env|environ|getenv)\b[.\[(]|keyvault|\{[\w.:!]{0,40}\}|\(\?[:!=<P]|\[\^|\[:[a-z]|\[[^\[\]]{0,60}a-z[^\[\]]{0,60}\]|^\{[\w.\[\]()'\"]{0,60}\}$|^%\(?\w{0,40}\)?[sd]$|^__\w{1,60}__$|getproperty|!vault|!ref|^\(\(|^enc\[|^op://|^ref\+|^file:|^ssm:|^credentialsjson:"
)
_ORDINARY_WORDS = """
    true false float double null none nil undefined nan yes no on off string str text int integer number boolean bool bytes
    object any required optional default password passwd pwd pass secret token key apikey api_key username user
    admin root guest tiger empty blank hidden invalid valid test testing tests value values name type var let const public
    private protected static self this new return function func void char varchar basic bearer digest oauth oauth2
    jwt header headers body query param params post get file path input output submit enabled disabled prompt ask
    auto unknown missing expired incorrect wrong credential credentials authentication authorization login logout
    reset forgot forgotten change changed encrypted hashed foo bar baz qux changeme change_me letmein abc abcd 1234
    fail option options flag argument parameter base64 hex utf8 utf-8 ascii latin1 binary md5 sha1 sha256 sha512 bcrypt
    scram-sha-256 passwort kennwort contraseña contrasena senha wachtwoord lösenord hasło heslo пароль salasana adgangskode
    jelszó parola passphrase nullptr callable mask şifre sifre passord パスワード 비밀번호 密碼
    field fields box policy entry column dialog screen strength rules
    postgres postgresql mysql mariadb oracle minio minioadmin rabbitmq redis elastic s3cr3t s3cret
    12345 123456 xxx yyy zzz n/a na tbd todo 无 空 密码 错误
"""
_ORDINARY = frozenset(_ORDINARY_WORDS.split())
_GENERATED_PLACEHOLDER = late(
    r"example|placeholder|your[_\-]|redacted|dummy|xxxx|\*\*\*|\.\.\.|insert|change[_\-]?me|here$|1234567890abcdef"
)
"""What says so even in a long random value, where short words stand by chance."""
_ENCRYPTED = late(
    r"ENC[\[(]|\{(?:cipher|aes|ssha\d{0,3}|sha\d{0,3}|bcrypt|crypt|pbkdf2|noop_hash)\}|\$ANSIBLE_VAULT|vault:v\d|pbkdf2[:_$]|scrypt[:$]|"
    r"\$2[abxy]\$\d\d\$|\$argon2|U2FsdGVkX1|AQICAH|A[gQ][A-D][A-Za-z0-9+/]{80}|"
    r"\{[A-Za-z0-9+/]{14,400}={0,2}\}?$|-----BEGIN (?:PGP MESSAGE|ENCRYPTED)",
    re.IGNORECASE,
)
"""Jasypt, sops, Spring, LDAP, Ansible, Vault transit, hashes made to be slow, OpenSSL, KMS, sealed secrets, Maven, Jenkins."""
_PUBLIC = late(
    r"ssh-(?:rsa|dss|ed25519)|ecdsa-sha2|age1[a-z0-9]{50}|pk_(?:live|test)_|MII[A-Za-z0-9+/]{2,9}(?:A0GCSqGSIb3DQEBAQUAA4|BgkqhkiG9w0BAQEFAAOC)|"
    r"-----BEGIN (?:CERT|PUBLIC|RSA PUBLIC)"
)
"""Public keys and certificates."""
_MARKUP = late(r"<\|[^<>|]{0,40}\|>$|\]<\][^<>]{0,40}\[>\[$")
"""Special tokens of language models."""
_VERSION = late(
    r"(?:[a-z][\w.\-]{1,60}:)?[\^~>=<v]{0,2}\d{1,4}(?:\.(?:\d{1,5}|x|\*)){1,3}(?:[-+.]?(?:alpha|beta|rc|dev|post|canary|next)[\w.\-]{0,30})?$"
)
_CHINESE = late(r"[\u4e00-\u9fff]{2}")
_SHORTEST_RUN = 7
"""From this many characters on that count up or down, chance is no explanation: some 10 of 10^6 tokens of 40 hex digits."""
_SIGNS = late(r"[^0-9a-z]+")
_NEXT = {code: code + 1 for code in range(ord("0"), ord("z"))}
"""Translates a digit or letter to the one after it."""
_REPEATING = late(r"(.{1,4}?)\1{3,}", re.DOTALL)
_DOUBT = late(r"123456|abcdef|fedcba|987654|qwerty|hello|(.)\1{5}", re.IGNORECASE)
_TEST_WORDS = late(r"(?:^|[^a-z])(?:test|demo|mock|dev|local)(?:$|[^a-z])", re.IGNORECASE)


_FILE_PATH = late(r"(?:~?/|[A-Za-z]:[\\/]|\.{1,2}/)[\w.\-+@ ]{0,80}(?:[\\/][\w.\-+@ ]{0,80}){0,20}$")
_DOCUMENTED = frozenset({"123e4567-e89b-12d3-a456-426614174000", "00000000-0000-0000-0000-000000000000"})
"""Identifiers that manuals show."""
_REFERENCE_ID = late(
    r"\{?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}?$|"
    r"(?:i|vol|vpc|subnet|sg|ami|snap|eni|rtb|igw|nat|eipalloc|acl)-[0-9a-f]{8,17}$"
)
_HEX_DIGEST = late(r"[0-9a-f]{32,128}$")
_DOTTED = late(r"[A-Za-z_$][\w$]*(?:(?:\.|::|/|->)[A-Za-z_$][\w$]*)++(?:\(\))?$")
_DIGEST_NAME = late(
    r"md5|sha-?[1235]|(?<![a-z])sha(?![a-z])|revision|hash|digest|checksum|fingerprint|thumbprint|commit|etag|integrity|校验|摘要|哈希"
)
_WORD = late(r"[A-Z][a-z]{2,}|[a-z]{3,}|[A-Z]{4,}")
_LONG_WORD = late(r"[A-Z]?[a-z]{4,}")
_SPOKEN = late(r"(?=.{0,3}[aeiouy])(?:[aeiouy]{1,3}+(?![aeiouy])|[^aeiouy]{1,3}+(?=[aeiouy]|$))++$")
"""A vowel early, no more than three vowels or three consonants in a row."""

_FOLLOWER_PAIRS = """
    a:bcdgiklmnprstuvwxy b:aceijlorsuy c:acdehiklorstu d:adegilorstu e:abcdefgilmnopqrstvwxy f:aefilorstu g:aeghilnorsu
    h:aeiorst i:abcdefglmnoprstvxz j: k:eis l:adeilopstuy m:abeilmopsu n:acdefgiklnopstuv o:abcdfgiklmnoprstuvwx
    p:aehiloprstuy q:u r:abcdefgiklmnoprstuvy s:acdefhiklmopstuy t:acdefhilmnoprstuy u:abcefilmnprst v:aeio w:aehinors
    x:ceipt y:lnpst z:ei
"""
_FOLLOWERS = {letter: after for letter, _, after in (pair.partition(":") for pair in _FOLLOWER_PAIRS.split())}
"""Letters to those that follow them in words: pairs that are 0.05 % of all or more in the words of Python packages."""


def entropy(value: str) -> float:
    """Shannon entropy of the characters, in bits per character, to nine places; 0.0 for the empty string."""
    total = len(value)
    if not total:
        return 0.0
    repeated = sum(n * math.log2(n) for n in Counter(value).values() if n > 1)
    return round(math.log2(total) - repeated / total, 9)


def is_monotonous(value: str, least: float) -> bool:
    """Whether the entropy is below `least`, bits per character; where enough characters differ, they need not be counted."""
    total = len(value)
    most = total - len(set(value)) + 1
    return not total or (math.log2(total) - most * math.log2(most) / total < least and entropy(value) < least)


def looks_random(value: str) -> bool:
    """Whether letters and digits are mixed as in generated values: at least 2 digits and 2 letters, entropy above 2.7."""
    digits, letters = sum(map(str.isdigit, value)), sum(map(str.isalpha, value))
    return digits >= 2 and letters >= 2 and entropy(value) > 2.7


def is_scrambled(value: str) -> bool:
    """Whether letters of both cases are mixed as in generated values that happen to hold few digits."""
    mixed = sum(a.islower() != b.islower() for a, b in pairwise(value))
    return len(value) >= 24 and mixed * 4 > len(value) and entropy(value) > 4.0


def safe_hint(value: str, generated: bool = False) -> str:
    """Why the value itself says that it is no live secret, or ""; `generated` values hold short words by chance."""
    plain = value.strip().lower()
    if plain in _DOCUMENTED:
        return "example of manuals"
    if plain in _ORDINARY or plain.strip("<>{}[]()%$:@?#_*\"'") in _ORDINARY:
        return "ordinary word"
    if len(set(plain)) <= 2:
        return "one or two different characters"
    if not any(map(str.isalnum, plain)):
        return "no letter or digit"
    if _ENCRYPTED.match(value):
        return "encrypted or hashed"
    if _PUBLIC.match(value):
        return "public key"
    if not generated and (_MARKUP.match(plain) or _VERSION.match(plain)):
        return "markup or version"
    if not generated and _REFERENCE.search(plain):
        return "reference to another place"
    if (_GENERATED_PLACEHOLDER if generated else _PLACEHOLDER_WORDS).search(plain, 0, 400):
        return "placeholder word"
    if _is_sequence(plain):
        return "sequence or repetition"
    if not generated and _CHINESE.search(value):
        return "prose"
    return "test word" if not generated and len(plain) < 40 and _TEST_WORDS.search(plain) else ""


def is_path(value: str) -> bool:
    """Whether the value is an absolute path, or one below the home folder, of ordinary file names."""
    return _FILE_PATH.match(value) is not None


def is_reference_id(value: str) -> bool:
    """Whether the value is a GUID or a cloud resource's id, which name a thing and open nothing."""
    return _REFERENCE_ID.match(value) is not None


def is_digest(value: str, name: str) -> bool:
    """Whether the value is a hex digest and its name (lower case), or its own prefix, says so."""
    prefix, _, digits = value.lower().rpartition("=")
    return _HEX_DIGEST.match(digits) is not None and _DIGEST_NAME.search(f"{name} {prefix}") is not None


def is_identifier(value: str) -> bool:
    """Whether more than half of the letters and digits stand in pronounceable words, as in module names and paths."""
    known = sum(char.isalnum() for char in value)
    worded = sum(len(word) for word in _WORD.findall(value) if _SPOKEN.match(word.lower()))
    return known > 0 and worded * 2 > known


def is_worded(value: str) -> bool:
    """Whether more than half of all characters stand in pronounceable words of four letters or more, as in names of tests."""
    worded = sum(len(word) for word in _LONG_WORD.findall(value) if _SPOKEN.match(word.lower()))
    return worded * 2 > len(value)


def is_gibberish(value: str) -> bool:
    """Whether a word of one case holds pairs of letters that words hardly hold: at least three, and every third pair.

    Of 2,000 words drawn letter by letter 85 % are, of the words of 7 letters and more in Python packages 0.7 %.
    """
    word = value.lower()
    if not (7 <= len(value) <= 40 and value.isascii() and value.isalpha() and value in (word, value.upper())):
        return False
    rare = sum(after not in _FOLLOWERS[letter] for letter, after in pairwise(word))
    return rare >= 3 and rare * 3 >= len(word) - 1


def is_dotted_name(value: str) -> bool:
    """Whether the value is a method, module or package written with its owner, as in `codec.Base64.getDecoder`."""
    return _DOTTED.match(value) is not None and is_identifier(value)


def doubtful(value: str) -> bool:
    """Whether the value holds a run of characters that people type and generators hardly ever give."""
    return _DOUBT.search(value[:2000]) is not None


def has_run(plain: str) -> bool:
    """Whether letters or digits count up or down somewhere, as people type them: "12345678", "GFEDCBA"."""
    codes = [*map(ord, plain)]
    steps = [*map(sub, codes[1:], codes)]
    if max(steps.count(1), steps.count(-1)) < _SHORTEST_RUN - 1:
        return False
    run, before = 1, 0
    for step in steps:
        run = run + 1 if step in (1, -1) and step == before else 2 if step in (1, -1) else 1
        before = step
        if run >= _SHORTEST_RUN:
            return True
    return False


def _is_sequence(plain: str) -> bool:
    """Whether the first characters, signs apart, count up, or repeat one piece."""
    core = _SIGNS.sub("", plain[:80])
    if len(core) < 6:
        return False
    ahead, after = core.translate(_NEXT), core[1:]
    steps = sum(map(eq, ahead, after)) + sum(map(eq, core, after))
    if steps >= 0.85 * (len(core) - 1):
        return True
    if len(set(core)) > 4 + 0.4 * len(core):
        return False
    repeated = _REPEATING.search(core)
    return repeated is not None and repeated.end() - repeated.start() > 0.6 * len(core)


def crc32_base62(token: str) -> bool:
    """GitHub's and npm's tokens end in the CRC-32 of their random part, as 6 base-62 digits (GitHub blog, April 2021)."""
    body = token.rsplit("_", 1)[-1]
    number, digits = zlib.crc32(body[:-6].encode()), ""
    for _ in range(6):
        number, rest = divmod(number, 62)
        digits = _BASE62[rest] + digits
    return digits == body[-6:]


def jwt(token: str) -> bool:
    """Whether the first part is a JOSE header: base64url of a JSON object with "alg" (RFC 7515)."""
    head = token.split(".", 1)[0].rstrip("=")
    try:
        header = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return False
    return isinstance(header, dict) and "alg" in header


def base58check(key: str) -> bool:
    """Bitcoin's keys end in the first four bytes of the double SHA-256 of what stands before (Base58Check)."""
    number = 0
    for char in key:
        number = number * 58 + _BASE58.index(char)
    data = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return hashlib.sha256(hashlib.sha256(data[:-4]).digest()).digest()[:4] == data[-4:]


def crc16_base32(seed: str) -> bool:
    """Stellar's and NATS' seeds are base32 and end in the CRC-16 (XMODEM, low byte first) of what stands before."""
    try:
        data = base64.b32decode(seed + "=" * (-len(seed) % 8))
    except binascii.Error:
        return False
    return binascii.crc_hqx(data[:-2], 0) == int.from_bytes(data[-2:], "little")


def bech32(key: str) -> bool:
    """age's keys end in six characters that make the polynomial of the whole come out as 1 (BIP 173)."""
    head, _, tail = key.lower().rpartition("1")
    values = [*(ord(char) >> 5 for char in head), 0, *(ord(char) & 31 for char in head), *map(_BECH32.index, tail)]
    sum_ = 1
    for value in values:
        sum_ = (sum_ & 0x1FFFFFF) << 5 ^ value ^ _BECH32_STEPS[sum_ >> 25]
    return sum_ == 1


def macaroon(token: str) -> bool:
    """PyPI's tokens are macaroons of version 2: they end in a field 6, a signature of 32 bytes."""
    body = token.removeprefix("pypi-")
    try:
        data = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
    except (binascii.Error, ValueError):
        return False
    return data[-34:-32] == b"\x06\x20"


def bitlocker(key: str) -> bool:
    """Each of the eight groups of BitLocker's recovery keys is a number of 16 bits times 11."""
    return all(int(group) % 11 == 0 and int(group) < 11 << 16 for group in key.split("-"))


CHECKS = {
    "base58check": base58check,
    "bech32": bech32,
    "bitlocker": bitlocker,
    "crc16_base32": crc16_base32,
    "crc32_base62": crc32_base62,
    "jwt": jwt,
    "macaroon": macaroon,
}
