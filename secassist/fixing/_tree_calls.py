"""Rewrites of one call, constant or option in JavaScript, Java, Go, PHP, C, C++ and C#, where they are safe and local."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from secassist.fixing.blocks import Splice
from secassist.fixing.markup import escaping_helps
from secassist.fixing.tree_code import STRINGS, Call, TreeCode, go_imports

if TYPE_CHECKING:
    from tree_sitter import Node

Splices = list[Splice]
_JS = frozenset({"javascript", "typescript"})
_C = frozenset({"c", "cpp"})
_HASH = frozenset({"CWE-327", "CWE-328", "CWE-916"})
_RANDOM = frozenset({"CWE-330", "CWE-331", "CWE-335", "CWE-338"})
_TLS = frozenset({"CWE-295", "CWE-297", "CWE-327"})
_BUFFER = frozenset({"CWE-119", "CWE-120", "CWE-121", "CWE-122", "CWE-242", "CWE-676", "CWE-787"})
_COOKIE = frozenset({"CWE-614", "CWE-1004", "CWE-311"})


@dataclass(frozen=True)
class CallRule:
    """For calls of this name in these languages: `make` gives the edits, empty where it cannot."""

    name: str
    languages: frozenset[str]
    cwes: frozenset[str]
    called: re.Pattern[str]
    make: Callable[[TreeCode, Call], Splices]
    told: str


def _whole(template: str) -> Callable[[TreeCode, Call], Splices]:
    """The call becomes the template with {0}, {1} for its arguments and {all} for all of them."""

    def make(code: TreeCode, call: Call) -> Splices:
        args = [code.source(arg) for arg in call.args]
        needed = [int(number) for number in re.findall(r"\{(\d)\}", template)]
        if needed and max(needed) >= len(args):
            return []
        new = re.sub(r"\{(\d|all)\}", lambda m: ", ".join(args) if m[1] == "all" else args[int(m[1])], template)
        return [code.put(call.node, new)]

    return make


def _string(old: str, new: str) -> Callable[[TreeCode, Call], Splices]:
    """A string argument that matches becomes another, in the same quotes."""
    pattern = re.compile(old, re.IGNORECASE)

    def make(code: TreeCode, call: Call) -> Splices:
        found = []
        for arg in call.args:
            text = code.source(arg)
            if arg.type in STRINGS and pattern.fullmatch(text[1:-1]):
                found.append(code.put(arg, f"{text[0]}{new}{text[-1]}"))
        return found

    return make


def _number(most: int, new: str) -> Callable[[TreeCode, Call], Splices]:
    """A decimal number below `most` becomes `new`."""

    def make(code: TreeCode, call: Call) -> Splices:
        numbers = [arg for arg in call.args if re.fullmatch(r"\d{2,5}", code.source(arg))]
        return [code.put(arg, new) for arg in numbers if int(code.source(arg)) < most]

    return make


def _mode(code: TreeCode, call: Call) -> Splices:
    """Rights for everybody become rights for the owner."""
    new = "0700" if "dir" in call.name.lower() else "0600"
    return [code.put(arg, new) for arg in call.args if re.fullmatch(r"0o?[0-7]{3,4}", code.source(arg))]


def _go_hash(code: TreeCode, call: Call) -> Splices:
    old, _, function = call.name.partition(".")
    new = {"Sum": "sha256.Sum256", "New": "sha256.New"}.get(function)
    return [code.put(call.callee, new), *go_imports(code, "crypto/sha256", f"crypto/{old}")] if new else []


def _go_escaped(code: TreeCode, call: Call) -> Splices:
    """Texts that are written into a page go through html.EscapeString."""
    values, before = list["Node"](), ""
    if call.name.endswith("Write") and len(call.args) == 1 and code.source(call.args[0]).startswith("[]byte("):
        values = [call.args[0].named_children[-1]]
    elif call.name == "fmt.Fprintf" and len(call.args) > 2 and call.args[1].type in STRINGS:
        verbs = re.findall(r"%[^%]", code.source(call.args[1]))
        values = list(call.args[2:]) if verbs == ["%s"] * (len(call.args) - 2) else []
        before = code.source(call.args[1]).partition("%s")[0]
    values = [inner for v in values for inner in (v.named_children if v.type == "argument_list" else [v])]
    if (
        not values
        or not escaping_helps(before)
        or any(v.type in STRINGS or "EscapeString" in code.source(v) for v in values)
    ):
        return []
    return [*(code.put(v, f"html.EscapeString({code.source(v)})") for v in values), *go_imports(code, "html")]


def _array_size(code: TreeCode, node: "Node") -> int | None:
    """The size of a local array of char, where it is declared with a number in this function; 0 if it is another constant."""
    name = code.source(node)
    for declared in code.within(code.scope(node), "array_declarator"):
        inner = declared.child_by_field_name("declarator")
        above = declared.parent
        kind = code.source(above.child_by_field_name("type")) if above is not None else ""
        if code.source(inner) == name and above is not None and above.type in ("declaration", "init_declarator"):
            holder = above if above.type == "declaration" else above.parent
            kind = code.source(holder.child_by_field_name("type")) if holder is not None else kind
            size = code.source(declared.child_by_field_name("size"))
            if kind.split()[-1:] == ["char"]:
                return int(size) if size.isdigit() else 0
    return None


def _bounded(template: str) -> Callable[[TreeCode, Call], Splices]:
    """As `_whole`, where the first argument is a local array, whose size the compiler knows."""

    def make(code: TreeCode, call: Call) -> Splices:
        if not call.args or call.args[0].type != "identifier" or _array_size(code, call.args[0]) is None:
            return []
        rest = ", ".join(code.source(arg) for arg in call.args[1:])
        return _whole(template.replace("{rest}", rest.replace("{", "{{") if "{" in rest else rest))(code, call)

    return make


def _format(position: int) -> Callable[[TreeCode, Call], Splices]:
    """A format that is not written there is printed as text."""

    def make(code: TreeCode, call: Call) -> Splices:
        if len(call.args) != position + 1 or call.args[position].type in (*STRINGS, "concatenated_string"):
            return []
        start = code.span(call.args[position])[0]
        return [Splice(start, start, '"%s", ')]

    return make


def _scanned(code: TreeCode, call: Call) -> Splices:
    """scanf of a word into a local array reads no more than fits."""
    text = code.source(call.args[0]) if len(call.args) == 2 else ""
    size = _array_size(code, call.args[1]) if text == '"%s"' and call.args[1].type == "identifier" else None
    return [code.put(call.args[0], f'"%{size - 1}s"')] if size and size > 1 else []


def _csharp_hash(code: TreeCode, call: Call) -> Splices:
    """Construction or Create(); a declared type goes along."""
    space = re.match(r"(?:\w+\.)*(?=(?:MD5|SHA1))", call.name)
    found = [code.put(call.node, f"{space[0] if space else ''}SHA256.Create()")]
    above = call.node.parent
    while above is not None and above.type not in ("variable_declaration", "block", "declaration_list"):
        above = above.parent
    kind = above.child_by_field_name("type") if above is not None and above.type == "variable_declaration" else None
    if kind is not None and re.fullmatch(r"(?:MD5|SHA1)\w*|HashAlgorithm", code.source(kind)):
        found += [] if code.source(kind) == "HashAlgorithm" else [code.put(kind, "SHA256")]
    return found


def _flag(code: TreeCode, call: Call) -> Splices:
    """false becomes true."""
    return [code.put(arg, "true") for arg in call.args if code.source(arg) == "false"]


def _as_text(code: TreeCode, call: Call) -> Splices:
    """jQuery's html(x) becomes text(x), unless x is markup."""
    if any("<" in code.source(arg) for arg in call.args):
        return []
    end = code.span(call.callee)[1]
    return [Splice(end - len("html"), end, "text")] if len(call.args) == 1 else []


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
RULES: tuple[CallRule, ...] = (
    _rule("sha-256", _JS, _HASH, r"(?:.*\.)?(?:createHash|createHmac)", _string(_WEAK, "sha256"), _SHA),
    _rule("sha-256", "java", _HASH, r".*MessageDigest\.getInstance", _string(_WEAK, "SHA-256"), _SHA),
    _rule("sha-256", "go", _HASH, r"(?:md5|sha1)\.(?:Sum|New)", _go_hash, _SHA),
    _rule("sha-256", "php", _HASH, r"md5|sha1", _whole("hash('sha256', {all})"), _SHA),
    _rule("sha-256", "php", _HASH, r"hash|hash_hmac", _string(_WEAK, "sha256"), _SHA),
    _rule("sha-256", _C, _HASH, r"EVP_(?:md[245]|sha1?)", _whole("EVP_sha256()"), _SHA),
    _rule(
        "sha-256",
        "csharp",
        _HASH,
        r"(?:.*\.)?(?:MD5|SHA1)(?:\.Create|CryptoServiceProvider|Managed|Cng)",
        _csharp_hash,
        _SHA,
    ),
    _rule(
        "system-random",
        _JS,
        _RANDOM,
        r"Math\.random",
        _whole("(crypto.getRandomValues(new Uint32Array(1))[0] / 2 ** 32)"),
        _FORETOLD,
    ),
    _rule(
        "system-random",
        "java",
        _RANDOM,
        r"(?:java\.util\.)?Random",
        _whole("new java.security.SecureRandom()"),
        _FORETOLD,
    ),
    _rule("system-random", "php", _RANDOM, r"(?:mt_)?rand", _whole("random_int({0}, {1})"), _FORETOLD),
    _rule("system-random", "php", _RANDOM, r"uniqid|lcg_value", _whole("bin2hex(random_bytes(16))"), _FORETOLD),
    _rule(
        "newer-protocol",
        "java",
        _TLS,
        r".*SSLContext\.getInstance",
        _string(r"SSL(?:v[23])?|TLS(?:v1(?:\.1)?)?", "TLSv1.2"),
        _NEWER,
    ),
    _rule("longer-key", "java", frozenset({"CWE-326"}), r".*\.initialize", _number(2048, "2048"), _LONGER),
    _rule("longer-key", "go", frozenset({"CWE-326"}), r"rsa\.GenerateKey", _number(2048, "2048"), _LONGER),
    _rule(
        "owner-only",
        "go",
        frozenset({"CWE-276", "CWE-732"}),
        r"(?:os|ioutil)\.(?:Chmod|OpenFile|Mkdir(?:All)?|WriteFile)",
        _mode,
        _OWNER,
    ),
    _rule("escaped-output", "go", frozenset({"CWE-79"}), r"fmt\.Fprintf|(?:.*\.)?Write", _go_escaped, _ESCAPED),
    _rule("flag-on", "java", _COOKIE, r".*\.set(?:Secure|HttpOnly)", _flag, _FLAGS),
    _rule(
        "plain-values",
        "php",
        frozenset({"CWE-502"}),
        r"unserialize",
        _whole("unserialize({0}, ['allowed_classes' => false])"),
        _PLAIN,
    ),
    _rule("text-not-html", _JS, frozenset({"CWE-79"}), r".*\)\.html", _as_text, _TEXT),
    _rule(
        "text-not-html",
        _JS,
        frozenset({"CWE-79"}),
        r"document\.write(?:ln)?",
        _whole("document.body.append({all})"),
        _TEXT,
    ),
    _rule("json-for-eval", _JS, frozenset({"CWE-94", "CWE-95"}), r"eval", _whole("JSON.parse({0})"), _JSON),
    _rule("bounded-copy", _C, _BUFFER, r"strcpy", _bounded('snprintf({0}, sizeof({0}), "%s", {1})'), _CUT),
    _rule("bounded-copy", _C, _BUFFER, r"strcat", _bounded("strncat({0}, {1}, sizeof({0}) - strlen({0}) - 1)"), _CUT),
    _rule("bounded-copy", _C, _BUFFER, r"v?sprintf", _bounded("snprintf({0}, sizeof({0}), {rest})"), _CUT),
    _rule("bounded-read", _C, _BUFFER, r"gets", _bounded("fgets({0}, sizeof({0}), stdin)"), _READ),
    _rule("bounded-read", _C, _BUFFER, r"scanf", _scanned, _READ),
    _rule("fixed-format", _C, frozenset({"CWE-134"}), r"printf", _format(0), _PRINTED),
    _rule("fixed-format", _C, frozenset({"CWE-134"}), r"fprintf|syslog|sprintf", _format(1), _PRINTED),
    _rule("fixed-format", _C, frozenset({"CWE-134"}), r"snprintf", _format(2), _PRINTED),
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
        "certificate-checked", _JS, _TLS, re.compile(r"rejectUnauthorized['\"]?\s*:\s*(false|0)\b"), "true", _CHECKED
    ),
    WordRule(
        "certificate-checked",
        frozenset({"go"}),
        _TLS,
        re.compile(r"InsecureSkipVerify\s*[:=]\s*(true)\b"),
        "false",
        _CHECKED,
    ),
    WordRule(
        "newer-protocol",
        frozenset({"go"}),
        _TLS | {"CWE-326"},
        re.compile(r"\btls\.(Version(?:SSL30|TLS10|TLS11))\b"),
        "VersionTLS12",
        _NEWER,
    ),
    WordRule("flag-on", _JS, _COOKIE, re.compile(r"\b(?:secure|httpOnly)['\"]?\s*:\s*(false)\b"), "true", _FLAGS),
    WordRule(
        "flag-on", frozenset({"csharp"}), _COOKIE, re.compile(r"\b(?:Secure|HttpOnly)\s*=\s*(false)\b"), "true", _FLAGS
    ),
    WordRule(
        "no-entities",
        _JS,
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
        "text-not-html",
        _JS,
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
