"""Which rewrite of one call or word is made for which weakness, in languages other than Python: data only."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from secassist.fixing._tree import passwords
from secassist.fixing._tree.calls import (
    BUFFER,
    COOKIE,
    HASH,
    JS,
    RANDOM,
    TLS,
    WIDE_COPY,
    WIDE_JOIN,
    C,
    CallRule,
    Splices,
    as_text,
    bounded,
    csharp_hash,
    flag_on,
    format_first,
    go_escaped,
    go_hash,
    java_hash,
    newer_protocols,
    number_to,
    owner_mode,
    php_random,
    scanned,
    string_to,
    whole,
)
from secassist.fixing.blocks import Splice
from secassist.fixing.tree_code import TreeCode


def _rule(
    name: str,
    languages: frozenset[str] | str,
    cwes: frozenset[str],
    called: str,
    make: Callable[..., Splices],
    told: str,
) -> CallRule:
    chosen = frozenset({languages}) if isinstance(languages, str) else languages
    return CallRule(name, chosen, cwes, re.compile(called), make, told)


_SHA = "SHA-256 resists collisions. Digests that were stored before do not match any more."
_NEWER = "TLS 1.2 is the oldest version that still holds."
_LONGER = "NIST SP 800-131A asks for 2048 bits."
_OWNER = "Only the owner may read or change it."
_ESCAPED = "What comes from elsewhere is escaped for HTML."
_FLAGS = "The cookie is sent over TLS only, and scripts cannot read it."
_PLAIN = "No objects are built, only values."
_TEXT = "The value is shown as text, never read as HTML."
_JSON = "Only values are read; nothing is run. Text that is no JSON is refused."
_CUT = "No more is written than the array holds; longer text is cut."
_READ = "No more is read than the array holds."
_PRINTED = "The value is printed, not read as a format."
_CHECKED = "The certificate is checked."
_ENTITIES = "External entities are not read."
_FORETOLD = "The numbers come from the system's source and cannot be foretold."
_WEAK = r"md[245]|sha-?1"
_SLOW_PHP = passwords.TOLD.format("PBKDF2 with 600,000 rounds (OWASP's figure for HMAC-SHA-256)", "password_hash")
_SLOW_NODE = passwords.TOLD.format("scrypt", "a random one stored beside the hash")
RULES: tuple[CallRule, ...] = (
    _rule("slow-password-hash", "php", HASH, r"md5|sha1|hash", passwords.php_slow, f"{_SLOW_PHP} It needs PHP 8."),
    _rule("slow-password-hash", JS, HASH, passwords.NODE_HASH, passwords.node_slow, _SLOW_NODE),
    _rule("sha-256", JS, HASH, r"(?:.*\.)?(?:createHash|createHmac)", string_to(_WEAK, "sha256"), _SHA),
    _rule("sha-256", "java", HASH, r".*MessageDigest\.getInstance", string_to(_WEAK, "SHA-256"), _SHA),
    _rule("sha-256", "go", HASH, r"(?:md5|sha1)\.(?:Sum|New)", go_hash, _SHA),
    _rule("sha-256", "php", HASH, r"md5|sha1", whole("hash('sha256', {all})"), _SHA),
    _rule("sha-256", "php", HASH, r"hash|hash_hmac", string_to(_WEAK, "sha256"), _SHA),
    _rule("sha-256", C, HASH, r"EVP_(?:md[245]|sha1?)", whole("EVP_sha256()"), _SHA),
    _rule(
        "sha-256",
        "csharp",
        HASH,
        r"(?:.*\.)?(?:MD5|SHA1)(?:\.Create|CryptoServiceProvider|Managed|Cng)",
        csharp_hash,
        _SHA,
    ),
    _rule(
        "system-random",
        JS,
        RANDOM,
        r"Math\.random",
        whole("(Number(crypto.getRandomValues(new BigUint64Array(1))[0] >> 11n) / 2 ** 53)"),
        _FORETOLD,
    ),
    _rule(
        "system-random",
        "java",
        RANDOM,
        r"(?:java\.util\.)?Random",
        whole("new java.security.SecureRandom()"),
        _FORETOLD,
    ),
    _rule("system-random", "php", RANDOM, r"(?:mt_)?rand", whole("random_int({0}, {1})"), _FORETOLD),
    _rule("system-random", "php", RANDOM, r"uniqid|lcg_value", whole("bin2hex(random_bytes(16))"), _FORETOLD),
    _rule(
        "newer-protocol",
        "java",
        TLS,
        r".*SSLContext\.getInstance",
        string_to(r"SSL(?:v[23])?|TLS(?:v1(?:\.1)?)?", "TLSv1.2"),
        _NEWER,
    ),
    _rule("longer-key", "java", frozenset({"CWE-326"}), r".*\.initialize", number_to(2048, "2048"), _LONGER),
    _rule("longer-key", "go", frozenset({"CWE-326"}), r"rsa\.GenerateKey", number_to(2048, "2048"), _LONGER),
    _rule(
        "owner-only",
        "go",
        frozenset({"CWE-276", "CWE-732"}),
        r"(?:os|ioutil)\.(?:Chmod|OpenFile|Mkdir(?:All)?|WriteFile)",
        owner_mode,
        _OWNER,
    ),
    _rule(
        "escaped-output",
        "go",
        frozenset({"CWE-79"}),
        r"fmt\.Fprint(?:f|ln)?|io\.WriteString|(?:.*\.)?Write",
        go_escaped,
        _ESCAPED,
    ),
    _rule(
        "sha-256",
        "java",
        HASH,
        r"(?:.*\.)?Hashing\.(?:md5|sha1)|DigestUtils\.(?:md5|sha1|sha)(?:Hex)?|DigestUtils\.(?:get(?:Md5|Sha1?)Digest|md5DigestAsHex)",
        java_hash,
        _SHA,
    ),
    _rule(
        "newer-protocol",
        "java",
        TLS,
        r".*\.(?:setProtocols|setEnabledProtocols|getInstance)|SSLContext.*",
        newer_protocols,
        _NEWER,
    ),
    _rule(
        "system-random",
        "java",
        RANDOM,
        r"(?:java\.lang\.)?Math\.random",
        whole("new java.security.SecureRandom().nextDouble()"),
        _FORETOLD,
    ),
    _rule("system-random", "php", RANDOM, r"(?:mt_)?rand", php_random, _FORETOLD),
    _rule("system-random", "php", RANDOM, r"uniqid", whole("bin2hex(random_bytes(16))"), _FORETOLD),
    _rule("sha-256", "php", HASH, r"md5_file|sha1_file", whole("hash_file('sha256', {0})"), _SHA),
    _rule("flag-on", "java", COOKIE, r".*\.set(?:Secure|HttpOnly)", flag_on, _FLAGS),
    _rule(
        "plain-values",
        "php",
        frozenset({"CWE-502"}),
        r"unserialize",
        whole("unserialize({0}, ['allowed_classes' => false])"),
        _PLAIN,
    ),
    _rule("text-not-html", JS, frozenset({"CWE-79"}), r".*\)\.html", as_text, _TEXT),
    _rule(
        "text-not-html",
        JS,
        frozenset({"CWE-79"}),
        r"document\.write(?:ln)?",
        whole("document.body.append({all})"),
        _TEXT,
    ),
    _rule("json-for-eval", JS, frozenset({"CWE-94", "CWE-95"}), r"eval", whole("JSON.parse({0})"), _JSON),
    _rule("bounded-copy", C, BUFFER, r"strcpy", bounded('snprintf({0}, sizeof({0}), "%s", {1})'), _CUT),
    _rule("bounded-copy", C, BUFFER, r"strcat", bounded("strncat({0}, {1}, sizeof({0}) - strlen({0}) - 1)"), _CUT),
    _rule("bounded-copy", C, BUFFER, r"v?sprintf", bounded("snprintf({0}, sizeof({0}), {rest})"), _CUT),
    _rule("bounded-copy", C, BUFFER, r"strncat", bounded("strncat({0}, {1}, sizeof({0}) - strlen({0}) - 1)"), _CUT),
    _rule("bounded-copy", C, BUFFER, r"strncpy", bounded("strncpy({0}, {1}, sizeof({0}) - 1)"), _CUT),
    _rule("bounded-copy", C, BUFFER, r"wcscpy", bounded(WIDE_COPY, "wchar_t"), _CUT),
    _rule("bounded-copy", C, BUFFER, r"wcsn?cat", bounded(WIDE_JOIN, "wchar_t"), _CUT),
    _rule(
        "bounded-copy",
        C,
        BUFFER,
        r"wcsncpy",
        bounded("wcsncpy({0}, {1}, sizeof({0}) / sizeof({0}[0]) - 1)", "wchar_t"),
        _CUT,
    ),
    _rule(
        "bounded-copy",
        C,
        BUFFER,
        r"mem(?:cpy|move)",
        bounded("{name}({0}, {1}, ({2}) < sizeof({0}) ? ({2}) : sizeof({0}))", ""),
        _CUT,
    ),
    _rule("fixed-format", C, frozenset({"CWE-134"}), r"wprintf", format_first(0, 'L"%ls"'), _PRINTED),
    _rule("fixed-format", C, frozenset({"CWE-134"}), r"fwprintf", format_first(1, 'L"%ls"'), _PRINTED),
    _rule(
        "fixed-format",
        C,
        frozenset({"CWE-134"}),
        r"swprintf|_snwprintf|SNPRINTF|_snprintf",
        format_first(2, '"%s"'),
        _PRINTED,
    ),
    _rule("bounded-read", C, BUFFER, r"gets", bounded("fgets({0}, sizeof({0}), stdin)"), _READ),
    _rule("bounded-read", C, BUFFER, r"scanf", scanned, _READ),
    _rule("fixed-format", C, frozenset({"CWE-134"}), r"printf", format_first(0), _PRINTED),
    _rule("fixed-format", C, frozenset({"CWE-134"}), r"fprintf|syslog|sprintf", format_first(1), _PRINTED),
    _rule("fixed-format", C, frozenset({"CWE-134"}), r"snprintf", format_first(2), _PRINTED),
)


@dataclass(frozen=True)
class WordRule:
    """For what is written so on the finding's lines outside of strings: `new` takes the place of the pattern's group 1."""

    name: str
    languages: frozenset[str]
    cwes: frozenset[str]
    pattern: re.Pattern[str]
    new: str
    told: str


WORDS: tuple[WordRule, ...] = (
    WordRule(
        "certificate-checked", JS, TLS, re.compile(r"rejectUnauthorized['\"]?\s*:\s*(false|0)\b"), "true", _CHECKED
    ),
    WordRule(
        "certificate-checked",
        frozenset({"go"}),
        TLS,
        re.compile(r"InsecureSkipVerify\s*[:=]\s*(true)\b"),
        "false",
        _CHECKED,
    ),
    WordRule(
        "newer-protocol",
        frozenset({"go"}),
        TLS | {"CWE-326"},
        re.compile(r"\btls\.(Version(?:SSL30|TLS10|TLS11))\b"),
        "VersionTLS12",
        _NEWER,
    ),
    WordRule("flag-on", JS, COOKIE, re.compile(r"\b(?:secure|httpOnly)['\"]?\s*:\s*(false)\b"), "true", _FLAGS),
    WordRule(
        "flag-on", frozenset({"csharp"}), COOKIE, re.compile(r"\b(?:Secure|HttpOnly)\s*=\s*(false)\b"), "true", _FLAGS
    ),
    WordRule(
        "no-entities",
        JS,
        frozenset({"CWE-611", "CWE-776"}),
        re.compile(r"\bnoent['\"]?\s*:\s*(true)\b"),
        "false",
        _ENTITIES,
    ),
    WordRule(
        "no-entities",
        frozenset({"csharp"}),
        frozenset({"CWE-611", "CWE-776"}),
        re.compile(r"\bDtdProcessing\.(Parse)\b"),
        "Prohibit",
        _ENTITIES,
    ),
    WordRule(
        "no-entities",
        frozenset({"csharp"}),
        frozenset({"CWE-611", "CWE-776"}),
        re.compile(r"\bXmlResolver\s*=\s*(new\s+[\w.]{1,60}\s*(?:\([^()]{0,80}\))?)(?=\s*[;,}])"),
        "null",
        _ENTITIES,
    ),
    WordRule(
        "text-not-html",
        JS,
        frozenset({"CWE-79"}),
        re.compile(r"\.(innerHTML)\s*=(?!=)(?=[^<\n]*$)"),
        "textContent",
        _TEXT,
    ),
)


def words(code: TreeCode, rule: WordRule, first: int, last: int) -> Iterator[Splice]:
    """The places of a word rule, those in strings and comments left out."""
    lines = code.text.split("\n")
    at = sum(len(line) + 1 for line in lines[: first - 1])
    for line in lines[first - 1 : last]:
        for match in rule.pattern.finditer(line[:2000]):
            byte = len(code.text[: at + match.start(1)].encode("utf-8", "replace"))
            node = code.tree.root_node.descendant_for_byte_range(byte, byte)
            if node is None or not re.search(r"string|comment|template_chars", node.type):
                yield Splice(at + match.start(1), at + match.end(1), rule.new)
        at += len(line) + 1
