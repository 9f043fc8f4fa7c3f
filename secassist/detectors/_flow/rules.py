"""The types of the rules for following data, and the tables by which a call finds the rules that speak of it."""
# ruff: noqa: E501 - a row is easier to check in one piece

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from schemas import Severity

_LOW, _MED, _HIGH = Severity.LOW, Severity.MEDIUM, Severity.HIGH


@dataclass(frozen=True, slots=True)
class Weakness:
    """What a rule reports. `kind` names the cleaning that makes a value harmless there; `also` is said when it is built."""

    cwe: int
    kind: str
    severity: Severity
    message: str
    also: str = ""


WEAKNESSES: Final[Mapping[str, Weakness]] = {
    "sql-execution": Weakness(89, "sql", _HIGH, "a query is run on text that holds request data", "SQL text is joined with a value; use bound parameters"),
    "sql-concatenation": Weakness(89, "sql", _HIGH, "SQL text holds request data; use bound parameters", "SQL text is joined with a value; use bound parameters"),
    "nosql-query": Weakness(943, "nosql", _HIGH, "a database is asked with an object that request data makes"),
    "command-execution": Weakness(78, "shell", _HIGH, "a command holds request data", "a command is joined with a value; pass an argument list without a shell"),
    "code-evaluation": Weakness(95, "code", _HIGH, "request data is run as code", "text joined with a value is run as code"),
    "template-injection": Weakness(1336, "code", _HIGH, "request data is used as a template", "a template is joined with a value"),
    "expression-injection": Weakness(94, "code", _HIGH, "request data is run as an expression", "an expression is joined with a value"),
    "path-traversal": Weakness(22, "path", _HIGH, "a file path holds request data"),
    "file-inclusion": Weakness(98, "path", _HIGH, "request data chooses the code that is included"),
    "xss": Weakness(79, "html", _HIGH, "request data is written into the page", "markup is joined with a value"),
    "open-redirect": Weakness(601, "url", _MED, "request data chooses where the browser goes"),
    "request-forgery": Weakness(918, "url", _HIGH, "request data chooses which host this server asks"),
    "xml-external-entity": Weakness(611, "xml", _HIGH, "request data goes to an XML parser that resolves external entities"),
    "xpath-injection": Weakness(643, "xpath", _HIGH, "an XPath expression holds request data", "an XPath expression is joined with a value"),
    "ldap-injection": Weakness(90, "ldap", _HIGH, "a directory query holds request data", "a directory filter is joined with a value"),
    "unsafe-deserialisation": Weakness(502, "object", _HIGH, "objects are built from request data"),
    "trust-boundary": Weakness(501, "trust", _MED, "request data is kept in the session unchecked"),
    "log-forging": Weakness(117, "log", _LOW, "request data is written to a log"),
    "format-string": Weakness(134, "format", _HIGH, "the format string holds data from outside", "the format string is a variable"),
    "header-injection": Weakness(113, "header", _MED, "a response header holds request data"),
    "unsafe-reflection": Weakness(470, "code", _MED, "request data chooses a class or function"),
    "regex-injection": Weakness(1333, "regex", _LOW, "request data is used as a pattern"),
    "mail-injection": Weakness(93, "header", _LOW, "a mail header holds request data"),
    "resource-size": Weakness(400, "number", _LOW, "request data chooses how much is taken"),
    "prototype-pollution": Weakness(915, "key", _MED, "request data chooses which property is written"),
    "recursive-merge": Weakness(1321, "", _MED, "a key named __proto__ is copied into the prototype of every object; leave __proto__, constructor and prototype out"),
    "host-pattern": Weakness(20, "", _MED, "a dot of the host name stands for any character in this pattern"),
    "part-of-address-checked": Weakness(20, "", _MED, "the pattern finds the host in other addresses too; begin it with ^ and end it with / or $, choices in brackets"),
    "incomplete-filter": Weakness(116, "", _MED, "browsers know other ways to write this tag (</script >, <SCRIPT>); use a parser"),
    "wide-range": Weakness(20, "", _LOW, "the range goes from one kind of character to another and holds signs or letters in between"),
    "message-of-anybody": Weakness(346, "", _LOW, "messages of other windows are believed without asking for their origin"),
    "message-to-anybody": Weakness(346, "", _LOW, "the message goes to whatever page the other window shows; name its origin instead of *"),
    "hidden-direction": Weakness(1007, "", _MED, "signs that turn the direction of writing make the code look other than it runs"),
    "framed-twice": Weakness(444, "", _MED, "both Transfer-Encoding and Content-Length are set, and servers differ in which they believe"),
    "secret-redirected": Weakness(200, "", _MED, "headers with secrets are sent on to whatever host the request is redirected to"),
    "origin-unchecked": Weakness(346, "", _MED, "connections from pages of any site are taken"),
    "resumed-unchecked": Weakness(295, "", _LOW, "a resumed session skips VerifyPeerCertificate; check in VerifyConnection"),
    "rsa-padding": Weakness(780, "", _LOW, "RSA encryption without OAEP tells by its errors what was encrypted"),
    "xml-injection": Weakness(91, "html", _MED, "request data becomes a part of an XML document unescaped"),
    "connection-string": Weakness(99, "conn", _MED, "request data chooses what a connection string says"),
    "directory-listing": Weakness(548, "", _LOW, "a folder is listed to whoever asks"),
    "token-without-end": Weakness(613, "", _LOW, "a token is taken however old it is"),
    "attempts-unlimited": Weakness(307, "", _LOW, "passwords can be tried without end"),
    "weak-password-rules": Weakness(521, "", _LOW, "short or simple passwords are taken"),
    "operator-mistaken": Weakness(480, "", _LOW, "! and a bitwise operator stand together where ~ or a logical operator is meant"),
    "stack-in-loop": Weakness(770, "", _LOW, "each round takes memory from the stack that only the end of the function gives back"),
    "mode-missing": Weakness(732, "", _MED, "a file is made without its rights being said, which are then left to chance"),
    "folder-kept": Weakness(243, "", _LOW, "the root is changed but not the working folder, from which everything can still be reached"),
    "weak-hash": Weakness(328, "", _LOW, "MD5 and SHA-1 no longer resist collisions"),
    "weak-cipher": Weakness(327, "", _MED, "the cipher or its mode is broken or outdated"),
    "weak-random": Weakness(330, "", _LOW, "the generator can be predicted; keys and tokens need a cryptographic one"),
    "insecure-cookie": Weakness(614, "", _LOW, "the cookie is sent in clear"),
    "script-readable-cookie": Weakness(1004, "", _LOW, "the cookie is readable by scripts"),
    "xml-parser-open": Weakness(611, "", _MED, "an XML parser resolves external entities"),
    "object-loader": Weakness(502, "", _MED, "objects of any type are built from data"),
    "certificate-not-checked": Weakness(295, "", _HIGH, "the certificate of the other side is not checked"),
    "old-protocol": Weakness(327, "", _MED, "the protocol version is outdated"),
    "short-key": Weakness(326, "", _MED, "the key is too short"),
    "hard-coded-credential": Weakness(798, "", _MED, "a credential is written into the code"),
    "loose-permissions": Weakness(732, "", _MED, "others may read or write the file"),
    "listens-everywhere": Weakness(1327, "", _LOW, "the service listens on every address"),
    "unverified-token": Weakness(347, "", _HIGH, "the signature of a token is not checked"),
    "fast-password-hash": Weakness(916, "", _LOW, "a password is hashed by a fast function; use bcrypt, scrypt or Argon2"),
    "slow-pattern": Weakness(1333, "", _LOW, "the expression can take exponential time"),
    "archive-extraction": Weakness(22, "", _MED, "names inside an archive choose where files go"),
    "cross-origin-wildcard": Weakness(942, "url", _LOW, "any site may read the answers"),
    "debug-mode": Weakness(489, "", _LOW, "debug output is on"),
    "shell-used": Weakness(78, "", _LOW, "a shell runs the command"),
    "temporary-file": Weakness(377, "", _LOW, "the name of the temporary file can be guessed"),
    "no-timeout": Weakness(400, "", _LOW, "the server waits for slow clients without limit"),
    "csrf-off": Weakness(352, "", _LOW, "state changes are not protected against forged requests"),
    "autoescape-off": Weakness(79, "", _MED, "the template engine does not escape"),
    "no-salt": Weakness(759, "", _LOW, "the salt or nonce is fixed"),
    "stack-overflow": Weakness(121, "", _HIGH, "more is written to an array on the stack than it holds"),
    "heap-overflow": Weakness(122, "", _HIGH, "more is written to allocated memory than was taken"),
    "write-before": Weakness(124, "", _HIGH, "memory in front of a buffer is written"),
    "read-beyond": Weakness(126, "", _MED, "memory behind a buffer is read"),
    "read-before": Weakness(127, "", _MED, "memory in front of a buffer is read"),
    "unbounded-copy": Weakness(120, "", _MED, "a copy does not know the size of its target"),
    "unbounded-read": Weakness(120, "", _HIGH, "input is read without regard to the size of its target"),
    "number-overflow": Weakness(190, "", _MED, "a sum or product can exceed its type"),
    "number-underflow": Weakness(191, "", _MED, "a difference can fall below its type"),
    "number-cut": Weakness(197, "", _LOW, "a number is cut to a smaller type"),
    "negative-size": Weakness(195, "", _MED, "a size can be negative, which is a huge unsigned number"),
    "division-by-zero": Weakness(369, "", _MED, "the divisor can be 0"),
    "allocation-overflow": Weakness(680, "", _MED, "the size is a product that can overflow"),
    "allocation-size": Weakness(789, "", _MED, "an outsider chooses how much memory is taken"),
    "unbounded-loop": Weakness(606, "", _LOW, "an outsider chooses how often a loop runs"),
    "uninitialised": Weakness(457, "", _MED, "a variable is read before it is set"),
    "null-pointer": Weakness(476, "", _MED, "a null pointer is followed"),
    "unchecked-allocation": Weakness(690, "", _LOW, "what an allocation gave back is used without asking whether it failed"),
    "use-after-free": Weakness(416, "", _HIGH, "memory is used after it was freed"),
    "double-free": Weakness(415, "", _HIGH, "memory is freed twice"),
    "double-close": Weakness(675, "", _LOW, "a file is closed twice"),
    "free-of-other-memory": Weakness(590, "", _MED, "memory is freed that was never allocated"),
    "free-inside-block": Weakness(761, "", _MED, "a pointer into a block is freed, not the block"),
    "mismatched-free": Weakness(762, "", _MED, "memory is given back in another way than it was taken"),
    "memory-leak": Weakness(401, "", _LOW, "memory is neither freed nor kept"),
    "file-leak": Weakness(775, "", _LOW, "a file is never closed"),
    "late-check": Weakness(476, "", _MED, "a pointer is followed before it is asked whether it is null"),
    "off-by-one": Weakness(193, "", _MED, "an index may be equal to the number of items, one behind the last"),
    "index-before-check": Weakness(125, "", _MED, "an item is read before its index is compared with the bound"),
    "result-ignored": Weakness(252, "", _LOW, "nobody looks whether the call did what it was asked for"),
    "result-misread": Weakness(253, "", _LOW, "the result is compared with what the call never gives when it fails"),
    "size-of-pointer": Weakness(467, "", _MED, "the size of a pointer is taken, not of what it points to"),
    "pointer-scaled-twice": Weakness(468, "", _MED, "sizeof is added to a pointer that already counts in items"),
    "assignment-as-condition": Weakness(481, "", _LOW, "a constant is assigned where it would be compared"),
    "comparison-as-statement": Weakness(482, "", _LOW, "a comparison stands where an assignment would"),
    "never-below-zero": Weakness(570, "", _LOW, "an unsigned number is asked whether it is below 0"),
    "small-counter": Weakness(190, "", _LOW, "a counter is smaller than what it is to count to, and may wrap around for ever"),
    "format-arguments": Weakness(685, "", _MED, "the format asks for more arguments than there are"),
    "format-type": Weakness(686, "", _MED, "the format asks for a text where a number is given"),
    "lock-kept": Weakness(667, "", _LOW, "a lock is still held on this way out"),
    "lock-twice": Weakness(764, "", _LOW, "a lock is taken that is already held"),
    "no-room-for-end": Weakness(131, "", _MED, "the size is the length of a text without its end"),
    "adds-too-much": Weakness(119, "", _MED, "strncat takes how much may be added, without the end, not the size of its target"),
    "bounded-by-source": Weakness(120, "", _LOW, "the copy is bounded by the length of its source, not by the size of its target"),
    "realloc-lost": Weakness(401, "", _LOW, "where realloc fails, the only pointer to the old memory is lost"),
    "checked-then-opened": Weakness(367, "", _LOW, "the file may be another one when it is opened than when it was looked at"),
    "unchecked-result": Weakness(476, "", _LOW, "what a call found or took is followed without asking whether there was anything"),
    "length-unchecked": Weakness(787, "", _MED, "as much is copied into an array as the data itself says, and nothing asks whether it fits"),
    "mismatched-close": Weakness(404, "", _LOW, "what was opened is closed by a call for something else"),
    "index-beyond-end": Weakness(118, "", _MED, "an index or bound lies beyond the end, which ends the program"),
    "context-never-ended": Weakness(400, "", _LOW, "what would end the context is thrown away, so that it is kept until its parent ends"),
    "loop-never-ended": Weakness(400, "", _LOW, "the loop goes on for ever, also when its context has ended"),
    "reachable-assertion": Weakness(617, "", _LOW, "an outsider's value can make an assertion fail, which ends the program"),
    "stack-address-returned": Weakness(562, "", _MED, "the address of a local variable is returned"),
}  # fmt: skip
"""What each rule says; CWE numbers are MITRE's."""

Sink = tuple[str, str, str, str]
"""(rule, callees, arguments, options). Arguments: places and names ("0 2 url"), "*" all, "r" the receiver.

Options: "built" joined text of unknown origin counts too; "open" any value that is not constant counts;
"argv" a list is harmless unless the argument before it is a shell; "format" the arguments fill the first one; "apart" an argument of a program that is no shell is harmless where nobody outside decides it or it stands behind `--`; "text" a structure is harmless; "words" a list of words for a known program that is no shell is harmless; "addressed" a structure that says where a request goes is harmless in its other parts; "stored" the value names or is a file, whose content nobody knows; "made" only a part of a query is made, which is run elsewhere; "named" only the name of a file is made, which a check behind it may still keep below a folder; "markup" only a text that begins as a page; "rich" only where the file says that an answer is a page; "redirected" only a text that begins with `redirect:`; "keyed" only behind a `name=`; "allowing" only where the file speaks of credentials; "shelled" only where a shell reads the arguments; "headers" only what stands in a header line; "rootless" not where a folder is named by the option `root`, which the library keeps it below; "command" only a text that begins like a command; "shell=true" only with this argument; "0@regex" only where that argument is spelled so; "location" only a text that begins a Location header; "list" an argument list is harmless there.
"""
Check = tuple[str, str, str]
"""(rule, callees, condition): "" always; "0~regex" the constant at 0 matches; "name=text"; "!name" is not given; "0?" is
there and not constant; "0*" is there, and neither the program decides it nor is it harmless as code; "0@regex" its dotted spelling matches; "0-mark" nothing hardened it so; "0+mark" a cleaner said so; several are joined by " & "."""
Clean = tuple[str, str]
"""(kinds, callees): the result is harmless in these kinds of sink."""


@dataclass(frozen=True)
class RuleSet:
    """All rules of one language; callees are spelled as `Callees` reads them."""

    sources: str = "(?!)"
    """Regex on the dotted path of a value an outsider decides."""
    calls: str = ""
    """Callees whose result an outsider decides."""
    requests: str = "(?!)"
    """Regex on a parameter's type or annotations that makes it an outsider's value."""
    handlers: str = "(?!)"
    """Regex on the decorators of a function whose plain parameters an outsider decides."""
    sinks: tuple[Sink, ...] = ()
    assigned: tuple[tuple[str, str], ...] = ()
    """(rule, regex on the target's path): assigning there is a sink."""
    set_to: tuple[tuple[str, str, str], ...] = ()
    """(rule, regex on the target's path, regex on the constant assigned)."""
    returned: tuple[tuple[str, str, str], ...] = ()
    """(rule, regex on decorators, options as of a sink): what such a function returns is a sink."""
    checks: tuple[Check, ...] = ()
    cleaners: tuple[Clean, ...] = ()
    cleans_if: tuple[Check, ...] = ()
    """(kinds, callees, condition): cleaners that clean with such arguments only; as a condition they clean what they ask."""
    guards: tuple[Clean, ...] = ()
    """A call that, asked in a condition, makes its argument harmless where it says yes."""
    fills: Mapping[str, str] = field(default_factory=dict)
    """Callee -> place of the argument that is filled with an outsider's data."""
    hardens: tuple[Check, ...] = ()
    """(kinds, callees, condition): such a call is harmless in these kinds of sink, and so are what it is called on and
    what it gives back."""
    copies: str = ""
    """Callees that add what they are given to their first argument."""
    stops: str = ""
    """Callees whose result does not hold what was given to them."""
    dotless: str = "path guess"
    """What a text without `..` is known for: harmless as a path, or "dotless", which is so below a folder only."""


@dataclass(frozen=True, slots=True)
class Called:
    """A call as rules see it: resolved dotted path, last name, dotted receiver, whether it is a constructor."""

    path: str
    last: str
    receiver: str
    new: bool


class Callees:
    """Finds rows by callee. "name" without receiver, "a.name" by the end of the path, "*.name" with any receiver, "*name"
    either way, "new Name" a constructor, "name<regex" with a receiver like that."""

    def __init__(self, rows: Iterable[tuple[str, int]]) -> None:
        self._by_last: dict[str, list[tuple[str, re.Pattern[str] | None, int]]] = {}
        for callees, row in rows:
            for spelled in re.sub(r"(?<![.\w])new ", "new:", callees).split():
                name, _, receiver = spelled.partition("<")
                plain = name.removeprefix("new:")
                last = plain.rpartition(".")[2].lstrip("*")
                form = re.compile(receiver, re.IGNORECASE) if receiver else None
                self._by_last.setdefault(last, []).append((name, form, row))

    def find(self, called: Called) -> Sequence[int]:
        """Numbers of the rows that speak of this call."""
        rows = self._by_last.get(called.last)
        if rows is None:  # most calls, thousands of times in a file
            return ()
        return [
            row
            for name, receiver, row in rows
            if self._fits(name, called) and (receiver is None or receiver.search(called.receiver))
        ]

    @staticmethod
    def _fits(name: str, called: Called) -> bool:
        if name.startswith("new:"):
            return called.new and (called.path == name[4:] or called.path.endswith(("." + name[4:], "/" + name[4:])))
        if called.new:
            return name.startswith("*") and "." not in name
        if name.startswith("*."):
            return bool(called.receiver)
        if name.startswith("*"):
            return True
        return called.path == name or ("." in name and called.path.endswith(("." + name, "/" + name)))


class Compiled:
    """A rule set ready for use."""

    def __init__(self, rules: RuleSet) -> None:
        self.rules = rules
        self.source = re.compile(rules.sources)
        self.request = re.compile(rules.requests)
        self.handler = re.compile(rules.handlers)
        self.dotless = frozenset(rules.dotless.split())
        self.calls = Callees([(rules.calls, 0)])
        self.copies = Callees([(rules.copies, 0)])
        self.stops = Callees([(rules.stops, 0)])
        self.sinks = Callees((row[1], place) for place, row in enumerate(rules.sinks))
        self.names = Callees((row[1], place) for place, row in enumerate(rules.sinks) if "named" in row[3])
        self.checks = Callees((row[1], place) for place, row in enumerate(rules.checks))
        self.cleaners = Callees((row[1], place) for place, row in enumerate(rules.cleaners))
        self.guards = Callees((row[1], place) for place, row in enumerate(rules.guards))
        self.fills = Callees((name, place) for place, name in enumerate(rules.fills))
        self.filled = tuple(rules.fills.values())
        self.assigned = [(rule, re.compile(form)) for rule, form in rules.assigned]
        self.set_to = [(rule, re.compile(form), re.compile(text)) for rule, form, text in rules.set_to]
        self.returned = [(rule, re.compile(form), options) for rule, form, options in rules.returned]
        self.hardens = Callees((row[1], place) for place, row in enumerate(rules.hardens))
        self.hardened = [tuple(_condition(one) for one in row[2].split(" & ")) for row in rules.hardens]
        self.cleans_if = Callees((row[1], place) for place, row in enumerate(rules.cleans_if))
        self.cleaned_if = [tuple(_condition(one) for one in row[2].split(" & ")) for row in rules.cleans_if]
        self.conditions = [tuple(_condition(one) for one in row[2].split(" & ")) for row in rules.checks]


Condition = tuple[str, str, re.Pattern[str] | None]


@cache
def _condition(text: str) -> Condition:
    """(argument, how, pattern): how is "always", "missing", "open", "foreign", "matches",
    "path", "unmarked", "marked" or "given"."""
    if not text:
        return "", "always", None
    name, sign, form = text.partition("~")
    if sign and re.fullmatch(r"[\w-]+", name):
        return name, "matches", re.compile(form)
    if text.startswith("!"):
        return text[1:], "missing", None
    if text.endswith("?"):
        return text[:-1], "open", None
    if text.endswith("*"):
        return text[:-1], "foreign", None
    name, sign, form = text.partition("-")
    if sign and name.isalnum() and form.isalpha():
        return name, "unmarked", re.compile(form)
    name, sign, form = text.partition("+")
    if sign and name.isalnum() and form.isalpha():
        return name, "marked", re.compile(form)
    name, sign, form = text.partition("@")
    if sign:
        return name, "path", re.compile(form)
    name, sign, value = text.partition("=")
    return name, "matches" if sign else "given", re.compile(f"(?i)^{re.escape(value)}$") if sign else None
