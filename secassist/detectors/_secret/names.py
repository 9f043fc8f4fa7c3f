"""The words that name a credential, and those that only resemble them."""

import re
from collections.abc import Iterable

PASSWORD_WORDS = (
    "pass", "pwd", "pw", "psw", "pssw", "pasw", "identified by", "identified with",
    "kennwort", "senha", "contrase", "mot_de_passe",
    "密码", "密碼", "口令", "授权码", "비밀번호", "パスワード",
)  # fmt: skip
"""Names whose values people choose: no entropy is asked of them."""

NAME_WORDS = (
    *PASSWORD_WORDS,
    "secret", "token", "credential", "authorization", "x-auth", "psk", "preshared", "pre-shared", "api_key",
    "apikey", "api-key", "api key", "access_key", "accesskey", "access-key", "private_key", "privatekey",
    "auth_key", "authkey", "account_key", "accountkey", "encryption_key", "encryptionkey", "signing_key",
    "secure_key", "master_key", "session_key", "license_key", "app_key", "appkey", "storage_key", "deploy_key",
    "aes_key", "aeskey", "hmac_key", "shared_key", "access key", "authentication key", "license key", "licence key",
    "local_key", "localkey", "validationkey", "decryptionkey", "encrypt_key", "encryptkey", "crypt_key", "cipher_key",
    "signkey", "sign_key", "jwt_key", "jwtkey", "keymaterial", "hash_salt",
    "product key", "activation key", "密钥", "秘钥", "金鑰", "令牌", "访问凭证",
)  # fmt: skip
"""Words that name a credential; lower case, matched anywhere in the lowered text."""

LOOSE_WORDS = ("key", "_api", "_pat", "token", "secret", "access", "private", "auth", "credential", "license", "salt")
"""Names after which a random-looking word counts even without an assignment."""

_OTHER_WORDS = """
    name names path file filename filepath directory folder location input page link label field fields hint placeholder prompt
    text title message messages error errors policy length size count limit expiry expires expired expiration timeout lifetime
    version hash hashed digest salt checksum alias format prefix suffix header param params parameter parameters endpoint
    provider service manager mgr store enabled required regex regexp pattern rule rules algorithm index column table class
    handler function method mode status state changed reset strength variable selector created updated usage scope scopes
    region domain audience issuer source rotation accessor
"""
_OTHERS = tuple(_OTHER_WORDS.split())
_JOINED_OTHERS = ("id", "dir", "url", "uri", "type", "len", "ttl")
_APART_OTHERS = (
    "within",
    "after",
    "until",
    "before",
    "every",
    "days",
    "hours",
    "minutes",
    "seconds",
    "interval",
    "attempts",
    "retries",
    "urls",
    "uris",
    "arn",
    "kind",
    "ref",
    "msg",
    "min",
    "max",
    "env",
    "var",
    "date",
    "time",
    "at",
    "by",
    "on",
    "for",
    "in",
)
_OTHER = frozenset((*_OTHERS, *_JOINED_OTHERS, *_APART_OTHERS))
"""Last words of names of things that belong to a credential and open nothing: `secret_name`, `tokenType`, `password-policy`."""
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_OTHER_BEFORE = re.compile(
    r"(?:public|primary|foreign|partition|sort|cache|row|hash|object|map|lookup|translation|i18n|shortcut|hot|arrow|short|sort|group|"
    r"idempotency|routing|registry|dedup\w{0,10}|(?:request|trace|span|correlation|page|pagination|next|continuation|sync|"
    r"access[_ ]?log|build|client|app|tenant|account|user|session)[_\- ]?id|sid|serial|"
    r"modulus|exponent|existing[_\- ]?secret|recv[_\- ]?keys?|gpg[_\- ]?keys?|key[_\- ]?(?:id|name)|site[_\- ]?key|"
    r"(?<![a-z])(?:page|next|continuation|sync|resume|cursor|pagination|device|registration|push|image|video|audio|start|end)"
    r"[_\- ]?(?:page[_\- ]?)?token|(?:csrf|xsrf|authenticity)[_\-]?(?:token)?|__requestverificationtoken|"
    r"private[_\- ]?mac|vapid[_\- ]?(?:public[_\- ]?)?key|"
    r"fingerprint|measurement[_\- ]?id|app(?:lication)?[_\- ]?id|project[_\- ]?id|public[_\- ]?key|publishable\w{0,10})"
    r"[_\-\s\"':=>]{0,6}(?:key|token)?[_\-\s\"':=>(]{0,6}$"
)
"""Names before a value that stands for a thing, or is public: `public key:`, `cache_key=`, `client_id = '`."""

_THING_BEFORE = re.compile(
    r"(?:^|[^a-z])(?:request|req|event|message|msg|ray|transaction|delivery|org|organi[sz]ation|build|chat|conversation|thread|"
    r"state|nonce|version|customer|job|run|trace|span|commit|sha|user|project|tenant|team|channel|instance|node|task|release|"
    r"deployment|revision|etag|guid|uuid|ref|accessor|lease|digest|hash|checksum|response|object|bucket|image|container|pod|"
    r"cluster|zone|invoice|order|payment|charge|subscription|member|workspace|cursor|batch|upload|delivery|ticket)"
    r"(?:[_\- ]?(?:id|guid|uuid|no|number|sid))?[\"']?[ =:|>]{1,4}[\"']?$"
)
"""Names of things with a number, right before a word that no sign calls a credential."""
_NO_CREDENTIAL = re.compile(
    r"pass(?:_?arg|port|ed|es|ing|ign|eng|age|iv|ion|thr|by|ag|ov|able)|(?:com|by|sur|tres|en|mini|ask)pass|pass(?:lib|py)|secretar|token(?:iz|is)|psych|"
    r"author(?!i)|(?:mon|tur|hoc|joc|don|whis)key|key(?:w|b|e|f|str|no)|accessi|accesso|privatel"
)
_WHOLE_WORDS = {"_pat": (), "pw": ("rd",), "psk": (), "psw": ("d", "rd", "ord")}
"""Words that count alone or with these endings only."""


def places_of(words: Iterable[str], lowered: str) -> list[tuple[int, int]]:
    """Where these words stand, sorted."""
    found = []
    for word in words:
        position = lowered.find(word)
        while position >= 0:
            found.append((position, position + len(word)))
            position = lowered.find(word, position + len(word))
    return sorted(found)


def is_credential(lowered: str, start: int, end: int) -> bool:
    """Whether the name word stands for a credential here: no "passport", no "pw" inside another word."""
    endings = _WHOLE_WORDS.get(lowered[start:end])
    if endings is not None:
        rest = re.match("[a-z]{0,4}", lowered[end : end + 4])
        inside = lowered[start].isalpha() and lowered[max(0, start - 1) : start].isalpha()
        return not inside and (not rest or rest[0] in ("", *endings))
    return not _NO_CREDENTIAL.search(lowered[max(0, start - 4) : end + 6])


def belongs_only(rest: str) -> bool:
    """Whether the rest of a name after its credential word (any case) says that the value is not the credential itself."""
    spelled = _HUMP.sub("_", rest[-40:]).lower().replace("-", "_").replace(".", "_").rstrip("_")
    _, apart, last = spelled.rpartition("_")
    return last in _OTHER if apart else last in _JOINED_OTHERS or last.endswith(_OTHERS)


def numbers_a_thing(before: str) -> bool:
    """Whether the text right before a word (lower case) names a thing that has a number: a request, an event, a build."""
    return _THING_BEFORE.search(before[-40:]) is not None


def names_a_thing(before: str) -> bool:
    """Whether the text before a value (lower case) names something public or countable."""
    return _OTHER_BEFORE.search(before[-60:]) is not None
