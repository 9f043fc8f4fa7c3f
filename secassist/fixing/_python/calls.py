"""Rewrites of one call or setting in Python: a safer function of the same library, or a safer argument."""

import ast
import re
from collections.abc import Callable, Iterator

from secassist.fixing._draft import Draft
from secassist.fixing._python.command import drop_keyword
from secassist.fixing.base import PASSWORDS, FixError, Proposal
from secassist.fixing.blocks import Splice
from secassist.fixing.python_code import PythonCode

Rewrite = Callable[[PythonCode, int, int], Iterator[Proposal]]
_CHECKSUM = re.compile(
    r"check_?sum|etag|e_tag|cache|digest_of|fingerprint|dedup|content_?hash|file_?hash|shard|bucket|git", re.I
)
_WEAK = re.compile(r"^(?:md4|md5|sha|sha1|ripemd160)$", re.I)
_PICKLES = frozenset({"pickle", "cPickle", "_pickle", "dill", "marshal", "cloudpickle"})
_LOADERS = re.compile(r"(?:^|\.)(?:C?Loader|C?UnsafeLoader|C?FullLoader|C?BaseLoader)$")


def _is(node: ast.AST | None, value: object) -> bool:
    return isinstance(node, ast.Constant) and node.value is value


def keyword(call: ast.Call, name: str) -> ast.keyword | None:
    """The keyword of this name."""
    return next((word for word in call.keywords if word.arg == name), None)


def set_keyword(draft: Draft, call: ast.Call, name: str, value: str) -> None:
    """Gives a keyword this value, adding it where it is missing; raises FixError where ** may bring it."""
    word = keyword(call, name)
    if word is not None:
        draft.replace(word.value, value)
        return
    if any(each.arg is None for each in call.keywords):
        raise FixError("the call takes keywords from a dictionary")
    code, given = draft.code, [*call.args, *call.keywords]
    last = max((code.span(node)[1] for node in given), default=0)
    inside = call.args[0] if len(given) == 1 and call.args else None
    if isinstance(inside, ast.GeneratorExp):
        raise FixError("the call's only argument is a generator without parentheses")
    end = code.span(call)[1] - 1
    at, comma = (last, ", ") if given else (end, "")
    draft.splices.append(Splice(at, at, f"{comma}{name}={value}"))


def yaml_safe(code: PythonCode, first: int, last: int) -> Iterator[Proposal]:
    """yaml.load and its like build any object; safe_load builds plain values."""
    safe = {"load": "safe_load", "load_all": "safe_load_all", "unsafe_load": "safe_load", "full_load": "safe_load"}
    for call in code.calls(first, last):
        module, _, name = code.name(call.func).rpartition(".")
        if module != "yaml" or name not in safe or not call.args:
            continue
        draft = Draft(
            code, "yaml-safe-load", "The safe loader builds plain values only, never objects of the sender's choice."
        )
        loader = keyword(call, "Loader") or (call.args[1] if len(call.args) > 1 else None)
        kind = loader.value if isinstance(loader, ast.keyword) else loader
        if kind is not None and not _LOADERS.search(code.name(kind)):
            continue
        draft.replace(call.func, f"{draft.module('yaml')}.{safe[name]}")
        if isinstance(loader, ast.keyword):
            drop_keyword(draft, call, loader)
        elif loader is not None:
            draft.splices.append(Splice(code.span(call.args[0])[1], code.span(loader)[1], ""))
        yield draft.proposal()


def json_for_pickle(code: PythonCode, first: int, last: int) -> Iterator[Proposal]:
    """Pickles run what their sender wants; JSON holds values only. Refused where the file writes pickles to files."""
    for call in code.calls(first, last):
        module, _, name = code.name(call.func).rpartition(".")
        if module not in _PICKLES or name not in ("loads", "load"):
            continue
        if any(code.name(n.func) == f"{module}.dump" for n in code.nodes if isinstance(n, ast.Call)):
            raise FixError("the file also writes pickles; changing the format of stored data is for a person to decide")
        told = "JSON holds values only; loading it runs nothing. Data written as pickles has to be converted once."
        draft = Draft(code, "json-for-pickle", told)
        for other in (n for n in code.nodes if isinstance(n, ast.Call)):
            called = code.name(other.func).removeprefix(f"{module}.")
            if called in ("loads", "load") and other.args and code.name(other.func).startswith(f"{module}."):
                draft.replace(other, f"{draft.module('json')}.{called}({code.source(other.args[0])})")
                draft.no_longer(other.func)
            elif code.name(other.func) == f"{module}.dumps" and other.args:
                draft.replace(other, f"{draft.module('json')}.dumps({code.source(other.args[0])}).encode()")
                draft.no_longer(other.func)
        yield draft.proposal()
        return


def stronger_hash(code: PythonCode, first: int, last: int) -> Iterator[Proposal]:
    """MD5 and SHA-1: a slow hash for passwords, marked as harmless for checksums, SHA-256 for the rest."""
    for call in code.calls(first, last):
        name = code.name(call.func)
        weak = _weak_name(call, name)
        if not weak:
            continue
        around = code.function(call)
        about = f"{getattr(around, 'name', '')} {code.source(code.statement(call))[:400]}"
        if PASSWORDS.search(about):
            yield from _slow_hash(code, call, name)
            continue
        if _CHECKSUM.search(about):
            draft = Draft(code, "hash-not-for-security", "The digest only tells contents apart; the call says so.")
            set_keyword(draft, call, "usedforsecurity", "False")
            yield draft.proposal()
        draft = Draft(
            code, "sha-256", "SHA-256 resists collisions. Digests that were stored before do not match any more.", 1
        )
        _to_sha256(draft, call, name)
        yield draft.proposal()


def _weak_name(call: ast.Call, name: str) -> str:
    module, _, last = name.rpartition(".")
    if name == "hashlib.new" and isinstance(given := _algorithm(call), ast.Constant):
        return str(given.value) if _WEAK.match(str(given.value)) else ""
    if module == "hashlib" and _WEAK.match(last):
        return last
    if re.fullmatch(r"Crypt(?:o|odome)\.Hash\.(?:MD[245]|SHA1?)", module) and last == "new":
        return module.rpartition(".")[2]
    found = re.fullmatch(r"cryptography\.hazmat\.primitives\.hashes\.(MD5|SHA1)", name)
    return found[1] if found else ""


def _algorithm(call: ast.Call) -> ast.expr | None:
    """What hashlib.new is asked for."""
    word = keyword(call, "name")
    return call.args[0] if call.args else word.value if word else None


def _to_sha256(draft: Draft, call: ast.Call, name: str) -> None:
    code = draft.code
    if name == "hashlib.new":
        draft.replace(_algorithm(call) or call, '"sha256"')
    elif name.startswith("hashlib."):
        draft.replace(call.func, draft.member("hashlib", "sha256"))
        draft.no_longer(call.func)
    elif name.startswith("Crypt"):
        package = name.rpartition(".")[0].rpartition(".")[0]
        draft.replace(call.func, f"{draft.member(package, 'SHA256')}.new")
        draft.no_longer(call.func)
    elif isinstance(call.func, ast.Attribute):
        draft.replace(call.func, f"{code.source(call.func.value)}.SHA256")
    else:
        raise FixError("the hash is imported by its own name")


def _slow_hash(code: PythonCode, call: ast.Call, name: str) -> Iterator[Proposal]:
    above = code.parents.get(call)
    whole = code.parents.get(above) if isinstance(above, ast.Attribute) else None
    ended = isinstance(above, ast.Attribute) and above.attr in ("hexdigest", "digest") and isinstance(whole, ast.Call)
    if (
        not ended
        or not isinstance(whole, ast.Call)
        or not name.startswith("hashlib.")
        or len(call.args) != 1
        or call.keywords
    ):
        return
    told = (
        "Passwords need a slow hash with a salt: PBKDF2 with 600,000 rounds (OWASP's figure for HMAC-SHA-256) and a salt of "
        "this installation in PASSWORD_SALT. A salt per user is better still and needs a column. Stored hashes do not match."
    )
    draft = Draft(code, "slow-password-hash", told)
    salt = f'{draft.module("os")}.environ["PASSWORD_SALT"].encode()'
    module = draft.module("hashlib")
    new = f'{module}.pbkdf2_hmac("sha256", {code.source(call.args[0])}, {salt}, 600_000)'
    draft.replace(whole, new + (".hex()" if isinstance(above, ast.Attribute) and above.attr == "hexdigest" else ""))
    yield draft.proposal()


def unguessable(code: PythonCode, first: int, last: int) -> Iterator[Proposal]:
    """The random module can be foretold; secrets reads the system's source."""
    draft = Draft(code, "system-random", "Numbers come from the operating system's source and cannot be foretold.")
    for call in code.calls(first, last):
        module, _, name = code.name(call.func).rpartition(".")
        if module == "random" and name not in ("seed", "SystemRandom", "getstate", "setstate"):
            if code.old:
                inner = draft.member("random", "SystemRandom")
                draft.replace(call.func, inner if name == "Random" else f"{inner}().{name}")
                continue
            secrets = draft.module("secrets")
            direct = {"choice": "choice", "getrandbits": "randbits", "randbytes": "token_bytes"}
            new = f"{secrets}.{direct[name]}" if name in direct else f"{secrets}.SystemRandom().{name}"
            draft.replace(call.func, f"{secrets}.SystemRandom" if name == "Random" else new)
            draft.no_longer(call.func)
    if draft.splices:
        yield draft.proposal()


def literal_eval(code: PythonCode, first: int, last: int) -> Iterator[Proposal]:
    """eval of one text becomes ast.literal_eval, which reads values and calls nothing."""
    draft = Draft(
        code, "literal-eval", "Only literals are read (numbers, texts, lists, dictionaries); nothing is called."
    )
    for call in code.calls(first, last):
        if code.name(call.func) in ("eval", "builtins.eval") and call.args:
            draft.replace(call, f"{draft.module('ast')}.literal_eval({code.source(call.args[0])})")
    if draft.splices:
        yield draft.proposal()


def real_temporary_file(code: PythonCode, first: int, last: int) -> Iterator[Proposal]:
    """mktemp only names a file that another may make first; NamedTemporaryFile makes it."""
    for call in code.calls(first, last):
        name = code.name(call.func)
        if name != "tempfile.mktemp" or len(call.args) > 3:
            continue
        draft = Draft(
            code, "made-temporary-file", "The file is made at once, with a name that nobody else can take first."
        )
        given = [
            f"{key}={code.source(value)}" for key, value in zip(("suffix", "prefix", "dir"), call.args, strict=False)
        ]
        given += [code.source(word) for word in call.keywords]
        made = draft.member("tempfile", "NamedTemporaryFile")
        draft.replace(call, f"{made}({', '.join([*given, 'delete=False'])}).name")
        yield draft.proposal()


_SETTINGS: tuple[tuple[str, frozenset[str], str, str], ...] = (
    (
        r"(?:requests|httpx|aiohttp)\..*|\?\.(?:get|post|put|patch|delete|request)",
        frozenset({"CWE-295"}),
        "verify",
        "True",
    ),
    (r".*\.(?:wrap_socket|SSLContext|Context)|.*", frozenset({"CWE-295"}), "check_hostname", "True"),
    (r".*\.run", frozenset({"CWE-489", "CWE-94", "CWE-215"}), "debug", "False"),
    (r"jinja2\..*Environment|Environment|SandboxedEnvironment", frozenset({"CWE-79", "CWE-94"}), "autoescape", "True"),
    (r".*\.extractall", frozenset({"CWE-22", "CWE-23"}), "filter", '"data"'),
    (r"torch\.load", frozenset({"CWE-502"}), "weights_only", "True"),
    (r"lxml\.etree\.XMLParser", frozenset({"CWE-611", "CWE-776"}), "resolve_entities", "False"),
    (r"(?:numpy|np)\.load", frozenset({"CWE-502"}), "allow_pickle", "False"),
    (
        r"(?:requests|httpx)\.(?:get|post|put|patch|delete|head|options|request)",
        frozenset({"CWE-400"}),
        "timeout",
        "10",
    ),
)
_ADDED = frozenset({"autoescape", "filter", "weights_only", "resolve_entities", "timeout"})
"""Keywords whose absence is the fault, too."""
_TOLD = {
    "verify": "The server's certificate is checked again.",
    "check_hostname": "The server's name is checked again.",
    "debug": "Without the debugger nobody can run code through an error page.",
    "autoescape": "What templates put in is escaped for HTML.",
    "filter": "Members that would lead out of the folder are refused (PEP 706).",
    "weights_only": "Only tensors are loaded, no objects.",
    "resolve_entities": "External entities are not fetched.",
    "allow_pickle": "Only plain arrays are loaded.",
    "timeout": "A server that does not answer cannot hold the caller for ever.",
}


def safer_keyword(code: PythonCode, first: int, last: int, cwe: str) -> Iterator[Proposal]:
    """A keyword that turns a protection off is turned, or the protection asked for."""
    for call in code.calls(first, last):
        name = code.name(call.func)
        for pattern, cwes, word, value in _SETTINGS:
            if cwe not in cwes or not re.fullmatch(pattern, name):
                continue
            given = keyword(call, word)
            if (given is None and word not in _ADDED) or (given is not None and code.source(given.value) == value):
                continue
            draft = Draft(code, f"{word.replace('_', '-')}-set", _TOLD[word])
            set_keyword(draft, call, word, value)
            yield draft.proposal()


_OLD_PROTOCOLS = ("SSLv2", "SSLv3", "SSLv23", "TLSv1", "TLSv1_1")
_SSH, _TRUSTING = ("paramiko", "paramiko.client"), ("AutoAddPolicy", "WarningPolicy")
_NAMES: tuple[tuple[str, str, str], ...] = (
    ("ssl._create_unverified_context", "ssl.create_default_context", "certificate-checked"),
    ("ssl.CERT_NONE", "ssl.CERT_REQUIRED", "certificate-checked"),
    ("ssl.CERT_OPTIONAL", "ssl.CERT_REQUIRED", "certificate-checked"),
    *((f"ssl.PROTOCOL_{old}", "ssl.PROTOCOL_TLSv1_2", "newer-protocol") for old in _OLD_PROTOCOLS),
    *(
        (f"{package}.SSL.{old}_METHOD", f"{package}.SSL.TLSv1_2_METHOD", "newer-protocol")
        for old in _OLD_PROTOCOLS
        for package in ("OpenSSL", "pyOpenSSL")
    ),
    *((f"crypt.METHOD_{old}", "crypt.METHOD_SHA512", "slow-crypt") for old in ("CRYPT", "MD5", "BLOWFISH")),
    *((f"{module}.{old}", f"{module}.RejectPolicy", "known-hosts-only") for module in _SSH for old in _TRUSTING),
)
_NAMES_TOLD = {
    "certificate-checked": "The server's certificate is checked.",
    "newer-protocol": "Old protocol versions are broken; TLS 1.2 is the oldest that still holds.",
    "slow-crypt": "SHA-512 with many rounds; passwords that are stored already keep their old method until they are set anew.",
    "known-hosts-only": "A host whose key is not known is refused; add its key to the known hosts.",
}


def safer_name(code: PythonCode, first: int, last: int) -> Iterator[Proposal]:
    """A constant or class that turns protection off gives way to its counterpart in the same module."""
    for old, new, kind in _NAMES:
        draft = Draft(code, kind, _NAMES_TOLD[kind])
        for node in code.on(first, last):
            if isinstance(node, ast.Attribute) and code.name(node) == old:
                draft.replace(node, f"{code.source(node.value)}.{new.rpartition('.')[2]}")
            elif isinstance(node, ast.Name) and code.name(node) == old:
                module, _, name = new.rpartition(".")
                draft.replace(node, draft.member(module, name))
                draft.no_longer(node)
        if draft.splices:
            yield draft.proposal()


def owner_only(code: PythonCode, first: int, last: int) -> Iterator[Proposal]:
    """chmod for everybody becomes chmod for the owner."""
    for call in code.calls(first, last):
        if not re.search(r"(?:^|\.)(?:l?chmod|fchmod|mkdir|makedirs|open|mkfifo|mknod)$", code.name(call.func)):
            continue
        word = keyword(call, "mode")
        mode = word.value if word else (call.args[1] if len(call.args) > 1 else None)
        if mode is None:
            continue
        owner = {"chmod", "mkdir", "makedirs"} & {code.name(call.func).rpartition(".")[2]}
        value = mode.value if isinstance(mode, ast.Constant) and isinstance(mode.value, int) else 0o700
        draft = Draft(
            code, "owner-only", "Only the owner may read or change it; give a group rights on purpose, not everybody."
        )
        draft.replace(mode, oct((value & 0o700) or 0o600) if owner else "0o600")
        yield draft.proposal()


def longer_key(code: PythonCode, first: int, last: int) -> Iterator[Proposal]:
    """RSA and DSA keys of at least 2048 bits (NIST SP 800-131A), curves of at least 256."""
    for call in code.calls(first, last):
        draft = Draft(code, "longer-key", "Keys of fewer bits can be broken today (NIST SP 800-131A).")
        for node in [*call.args, *(word.value for word in call.keywords)]:
            if isinstance(node, ast.Constant) and isinstance(node.value, int) and 128 <= node.value < 2048:
                draft.replace(node, "2048" if node.value % 2 == 0 or node.value < 1024 else "3072")
            for inner in ast.walk(node):
                if isinstance(inner, ast.Attribute) and re.fullmatch(r"SEC[TP]\d+[RK]\d", inner.attr):
                    draft.replace(inner, f"{code.source(inner.value)}.SECP256R1")
        if draft.splices:
            yield draft.proposal()


def cookie_flags(code: PythonCode, first: int, last: int) -> Iterator[Proposal]:
    """Cookies go over TLS only, out of scripts' reach, and not along with other sites' requests."""
    for call in code.calls(first, last):
        if not code.name(call.func).endswith(".set_cookie"):
            continue
        draft = Draft(
            code,
            "cookie-flags",
            "The cookie is sent over TLS only, scripts cannot read it, other sites cannot send it.",
        )
        missing = [
            (name, value)
            for name, value in (("secure", "True"), ("httponly", "True"), ("samesite", '"Lax"'))
            if (word := keyword(call, name)) is None or _is(word.value, False) or _is(word.value, None)
        ]
        added = [f"{name}={value}" for name, value in missing if keyword(call, name) is None]
        for name, value in missing:
            if (word := keyword(call, name)) is not None:
                draft.replace(word.value, value)
        if added:
            set_keyword(draft, call, *", ".join(added).split("=", 1))
        if draft.splices:
            yield draft.proposal()


def safer_setting(code: PythonCode, first: int, last: int) -> Iterator[Proposal]:
    """Assigned settings that turn a protection off: DEBUG, app.debug, SESSION_COOKIE_*, check_hostname."""
    for node in code.on(first, last):
        if not isinstance(node, ast.Assign) or len(node.targets) != 1 or not isinstance(node.value, ast.Constant):
            continue
        target = re.sub(r"[\"'\]]+$", "", code.source(node.targets[0]))
        off = re.search(r"(?:^|[.\"'\[_])(?:debug|TEMPLATE_DEBUG)$", target, re.I) and node.value.value is True
        on = (
            re.search(r"(?:COOKIE_(?:SECURE|HTTPONLY)|check_hostname|verify|SSL_REDIRECT|autoescape)$", target)
            and node.value.value is False
        )
        if off or on:
            draft = Draft(code, "safer-setting", "The protection is on.")
            draft.replace(node.value, "False" if off else "True")
            yield draft.proposal()
