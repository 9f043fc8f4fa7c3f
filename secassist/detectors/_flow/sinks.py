"""Sinks and checks of calls: which arguments are looked at, under which conditions, and what is reported."""

import re
from dataclasses import dataclass
from typing import Final

from secassist.detectors._flow.arguments import argument, chosen, conditioned, holds
from secassist.detectors._flow.context import counts, harmless, without_harmless_part
from secassist.detectors._flow.names import SHELL, every
from secassist.detectors._flow.rules import WEAKNESSES, Called, Compiled
from secassist.detectors._flow.texts import formatted
from secassist.detectors._flow.value import FIXED, REQUEST, Value, spelled
from secassist.parsing.forms import Form, Program

_QUERY: Final = re.compile(
    r"(?i)\b(?:select\b.{1,400}?\bfrom|insert\s+into|update\b.{1,200}?\bset|delete\s+from|drop\s+(?:table|database)|"
    r"create\s+table|alter\s+table|where\b|exec\b|call\s|replace\s+into|from\s|order\s+by|values\b|union\b)|"
    r"^\s{0,20}(?:select|insert|update|delete|alter|create|drop|replace|merge|with)\s",
    re.DOTALL,
)

_STATEMENT: Final = re.compile(
    r"(?is)^\s{0,20}(?:select\s.{1,200}?\sfrom\s|insert\s+into\s|update\s.{1,100}?\sset\s|delete\s+from\s|drop\s+table\s)"
)
_COMMAND: Final = re.compile(r"\s{0,4}[a-z][\w./-]{1,40}[ \t]")
_IN_HEADER: Final = re.compile(r"(?:^|\n)[\w-]{1,40}:[ \t]?[^\r\n]{0,200}$")
_PLAIN_START: Final = re.compile(r"\s{0,40}[^<\s%]")
"""How a text begins that a browser is told is no page: Go's server looks at the first bytes."""
_PAGE: Final = re.compile(r"(?i)text/html")
_LOCATION: Final = re.compile(r"(?i)^['\"\s]{0,3}(?:location|refresh)\s{0,3}:")


_SPOKEN: Final = {
    "html": "HTML",
    "htmlq": "quoted HTML attributes",
    "sql": "SQL",
    "sqlq": "quoted SQL",
    "shell": "a shell",
    "url": "URLs",
    "path": "paths",
    "ldap": "LDAP",
    "xpath": "XPath",
    "js": "scripts",
}
"""Kinds of cleaning, in words."""


@dataclass(frozen=True, slots=True)
class Found:
    """A report: `level` is that of the value (OPEN: joined text of unknown origin), `source` where it came in."""

    rule: str
    line: int
    end: int
    level: int = FIXED
    source: str = ""
    source_line: int = 0
    cleaned: str = ""
    """What an outsider's value was made harmless for, which is not this."""


_RUN_TEXT: Final = frozenset({"-c", "-lc", "/c", "/C"})
"""Options by which a shell is given a command."""
_ARGUMENTS: Final = ("process.argv", "sys.argv")
"""Words of a command line."""
_OWN_BUSINESS: Final = frozenset({"log-forging", "path-traversal"})
"""What whoever gives the words of a command line may do anyway: read the output, open files with rights of their own."""
MADE_AT: Final = "at:"
"""How the mark begins that tells in which line the name of a file was made, which touches no file yet."""
SPELLED_OUT: Final = "a constant"
WORKED_OUT: Final = "made of constants and of what the program works out"
"""Why what arrives does no harm: the program decides it alone."""


FETCHES: Final = frozenset({"sql-execution", "nosql-query", "command-execution", "path-traversal"})
"""Rules about calls that give back what a database, a program or a file holds."""
ADDRESS_OPTIONS: Final = frozenset({"url", "uri", "host", "hostname", "baseURL"})
"""Parts of the options of a request that say where it goes."""


class Sinks:
    """What the engine reports."""

    def __init__(self, program: Program, rules: Compiled) -> None:
        self.program, self.rules = program, rules
        self.found: dict[tuple[str, int], Found] = {}
        self.queries: dict[int, Value] = {}
        self.arrivals: dict[tuple[int, int], set[str]] = {}
        """(CWE, line) of a sink -> what was seen to arrive there: "constant", "cleaned", "own" or "open"."""
        self.entries: dict[int, str] = {}
        """Line -> what an outsider's value came in by."""
        self.proofs: dict[tuple[int, int], set[str]] = {}
        """(CWE, line) of a sink -> why each value that arrives there is harmless for certain; "" for one that may not be."""
        self.kept_below: set[str] = set()
        """Marks of names of files that a check behind their making kept below a folder."""
        self.rich = False
        """Whether a header was seen to say that the answer is a page."""
        self.silent = 0
        self.waiting = 0
        """Calls that only wait around the place at hand: how long is no secret."""
        self.allowing: bool | None = None
        self.page = ""

    def inspect(self, form: Form, called: Called, given: list[Value], receiver: Value | None) -> bool:
        """All sinks and checks that speak of a call; gives whether the call fetches something from elsewhere."""
        elsewhere = False
        safe = self.hardened(form, called, given, receiver)
        self.rich = self.rich or any(value.known and _PAGE.match(str(value.const)) for value in given)
        for row in self.rules.sinks.find(called):
            rule, _, places, options = self.rules.rules.sinks[row]
            elsewhere = elsewhere or (rule in FETCHES and "named" not in options and "made" not in options)
            if WEAKNESSES[rule].kind in safe or (rule == "xss" and "plain" in safe):
                continue
            if ("=" in options or "@" in options) and not conditioned(options, form, given):
                continue
            first = 1 if "printf" in options else 0
            fills = ("format" in options or "printf" in options) and len(given) > first
            filled = [formatted(given[first], given[first + 1 :])] if fills else None
            for value in filled or chosen(places, form, given, receiver):
                if self.out_of_place(options, value, form, given):
                    continue
                self.sink(rule, value.whole, form.line, form.end, options)
        for row in self.rules.checks.find(called):
            if all(holds(one, form, given, receiver) for one in self.rules.conditions[row]):
                self.report(self.rules.rules.checks[row][0], form.line, form.end)
        if called.last in {"echo", "print"} and given and given[0].known:
            self.page = (self.page + str(given[0].const))[-2_000:]
        return elsewhere

    def out_of_place(self, options: str, value: Value, form: Form, given: list[Value]) -> bool:
        """Whether a value arrives in a shape in which a sink with these options does not mind it."""
        listed = value.kind == "list"
        return (
            ("list" in options and listed and not _shell_list(value))
            or ("words" in options and _words(value, given))
            or ("argv" in options and listed and not _runs_shell(form, given))
            or ("shelled" in options and not _runs_shell(form, given))
            or ("allowing" in options and not self.allows())
            or ("addressed" in options and bool(ADDRESS_OPTIONS & (value.members or {}).keys()))
            or ("rootless" in options and argument("root", form, given) is not None)
            or ("command" in options and not _COMMAND.match(value.before))
            or ("apart" in options and _apart(value, given))
            or ("text" in options and value.kind[:1].isupper())
            or ("markup" in options and "<" not in value.before)
            or ("rich" in options.split() and not self.rich)
            or ("redirected" in options and not value.before.startswith("redirect:"))
            or ("keyed" in options and "=" not in value.before)
            or ("headers" in options and not _IN_HEADER.search(value.before))
            or ("sniffed" in options and _PLAIN_START.match(value.before) is not None and not self.rich)
            or ("location" in options.split() and not _LOCATION.match(value.before))
        )

    def allows(self) -> bool:
        """Whether the file speaks of answers that are given with cookies and the like."""
        if self.allowing is None:
            self.allowing = any(
                form.kind == "string" and form.text.lower() == "access-control-allow-credentials"
                for form in every(self.program.body)
            )
        return self.allowing

    def cleaned_if(self, form: Form, called: Called, given: list[Value], receiver: Value | None) -> frozenset[str]:
        """The kinds of sink that the result of a call is harmless in because of its arguments."""
        found = frozenset[str]()
        for row in self.rules.cleans_if.find(called):
            if all(holds(one, form, given, receiver) for one in self.rules.cleaned_if[row]):
                found |= frozenset(self.rules.rules.cleans_if[row][0].split())
        return found

    def hardened(self, form: Form, called: Called, given: list[Value], receiver: Value | None) -> frozenset[str]:
        """The kinds of sink that this call is made harmless in, by itself, by what it is called on or by an option."""
        found = receiver.clean - {"all"} if receiver is not None and receiver.level < REQUEST else frozenset()
        for value in given:
            if value.level < REQUEST and value.kind != "list":
                found |= value.clean & {"xml", "plain", "sandbox"}
        found |= {"code"} if "sandbox" in found else frozenset()
        for row in self.rules.hardens.find(called):
            if all(holds(one, form, given, receiver) for one in self.rules.hardened[row]):
                found |= frozenset(self.rules.rules.hardens[row][0].split())
        return found

    def sink(self, rule: str, value: Value, line: int, end: int, options: str) -> None:
        """A value arrives: reported unless it is harmless there."""
        kind = WEAKNESSES[rule].kind
        if "far" in value.clean and (kind == "trust" or options == "returned"):
            if not self.silent:
                self.proofs.setdefault((WEAKNESSES[rule].cwe, line), set()).add("")
            return
        value = without_harmless_part(value, kind, self.page)
        fits = harmless(value, kind, self.page if kind == "html" else "")
        own = rule == "open-redirect" and "self" in value.clean  # back to the address that was asked for
        if not self.silent:
            self.arrivals.setdefault((WEAKNESSES[rule].cwe, line), set()).add(_arrival(value, fits or own))
            why = "" if "stored" in options else reason(value, fits)
            self.proofs.setdefault((WEAKNESSES[rule].cwe, line), set()).add(why)
        if fits or own or not counts(value, options):
            return
        if rule in _OWN_BUSINESS and value.source.startswith(_ARGUMENTS):
            return
        if kind == "sql" and value.level < REQUEST and not _QUERY.search(value.before):
            return
        self.report(rule, line, end, value)

    def put_together(self, line: int, value: Value) -> Value:
        """A text was joined: if it is SQL with a value in it, its line is remembered in case its execution is not seen."""
        if not self.silent and _STATEMENT.match(value.before):
            self.proofs.setdefault((89, line), set()).add(reason(value, harmless(value, "sql")))
        if (
            value.built
            and counts(value, "built")
            and not self.silent
            and _STATEMENT.match(value.before)
            and not harmless(value, "sql")
        ):
            self.queries[line] = value
        return value

    def unseen(self, first: int, last: int) -> None:
        """Queries put together in these lines are reported where none of them is seen to be run."""
        lines, self.queries = self.queries, {}
        if not any(rule == "sql-execution" and first <= line <= last for rule, line in self.found):
            for line, value in lines.items():
                if first <= line <= last:
                    self.report("sql-concatenation", line, line, value)

    def settle(self) -> None:
        """Takes back the making of a name of a file that is checked before it is used."""
        for mark in self.kept_below:
            line = int(mark.removeprefix(MADE_AT))
            if self.found.pop(("path-traversal", line), None) is not None:
                self.arrivals[22, line] = {"cleaned"}
                self.proofs[22, line] = {"a check behind it keeps it below a folder"}

    def report(self, rule: str, line: int, end: int, value: Value | None = None) -> None:
        """Keeps a report, the worst one of a rule and line."""
        if self.silent or (self.waiting and rule == "weak-random"):
            return
        level, source, from_ = (value.level, value.source, value.line) if value else (FIXED, "", 0)
        known = self.found.get((rule, line))
        if known is None or known.level < level:
            cleaned = ", ".join(sorted(_SPOKEN[kind] for kind in value.clean if kind in _SPOKEN)) if value else ""
            self.found[rule, line] = Found(rule, line, max(line, end), level, source, from_, cleaned)


def reason(value: Value, fits: bool) -> str:
    """Why a value is harmless for certain, "" where it may not be: only what the language or a known cleaner guarantees."""
    if "guess" in value.clean or not (fits or value.level == FIXED):
        return ""
    if value.known:
        return SPELLED_OUT
    if value.level == FIXED:
        return WORKED_OUT
    named = sorted(_SPOKEN[kind] for kind in value.clean if kind in _SPOKEN and "all" not in value.clean)
    fitting = ", ".join(named) or "every sink"
    came = f"{value.source} of line {value.line}" if value.source else "a value of the caller's"
    return f"{came}, made harmless for {fitting}"


def _arrival(value: Value, fits: bool) -> str:
    """How a value at a sink is called: "own" is what the program decides, "open" what nobody knows or an outsider does."""
    if value.known:
        return "constant"
    if fits:
        return "cleaned" if value.level else "own"
    return "own" if not value.level or "ours" in value.clean else "open"


def _runs_shell(form: Form, given: list[Value]) -> bool:
    """`spawn("sh", ["-c", text])`, or with the option `shell`."""
    shell = argument("shell", form, given)
    words = (given[1].members or {}) if len(given) > 1 else {}
    asked = words["0"].const in _RUN_TEXT if "0" in words else False
    return (shell is not None and shell.const is not False) or bool(
        given and (SHELL.search(spelled(given[0].const)) or (asked and not given[0].known))
    )


def _apart(value: Value, given: list[Value]) -> bool:
    """Whether an argument of a program that is no shell is a word of its own and, from outside, stands behind `--`."""
    if any(one.known and SHELL.search(spelled(one.const)) for one in given[:2]):
        return False
    ahead = [
        one for given_ in given for one in ((given_.members or {}).values() if given_.kind == "list" else (given_,))
    ]
    dashes = any(one.known and one.const == "--" for one in ahead)
    return value.level < REQUEST or dashes


def _words(value: Value, given: list[Value]) -> bool:
    """Whether it is a list of words for a known program that is no shell, or a word behind its name (an outsider's: `--`)."""
    listed = value.members is not None
    program = (value.members or {}).get("0") if listed else given[0] if given and value is not given[0] else None
    apart = listed or value.level < REQUEST or any(one.const == "--" for one in given if one.known)
    return apart and program is not None and program.known and not SHELL.search(spelled(program.const))


def _shell_list(value: Value) -> bool:
    """["sh", "-c", text]: a list, but a shell reads its last part."""
    members = value.members or {}
    first = members.get("0")
    name = str(first.const) if first is not None and first.known else ""
    return bool(SHELL.search(name)) and len(members) > 1
