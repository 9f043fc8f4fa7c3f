"""Finds passwords on the command lines of well-known tools: by flag, glued to a flag, after a user name, or by position."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import dropwhile, islice

from schemas import Severity
from secassist.detectors._secret.checks import safe_hint
from secassist.detectors._secret.hit import Hit

LONGEST_COMMAND = 1_000
"""Characters read after the name of a tool."""


@dataclass(frozen=True)
class Tool:
    """How one family of tools takes a password. `after`: flags whose next word is it; `glued`: flags it follows at once.

    `between`: what stands between user name and password in the value ("" if the value is the password alone). Flags are
    compared as written where `cased`, else in lower case.
    """

    names: tuple[str, ...]
    after: tuple[str, ...] = ()
    glued: tuple[str, ...] = ()
    between: str = ""
    cased: bool = True


TOOLS: tuple[Tool, ...] = (
    Tool(("schtasks", "systeminfo", "tasklist", "taskkill", "driverquery"), ("/rp", "-rp", "/p", "-p"), cased=False),
    Tool(("psexec", "psexec64", "paexec", "pskill", "psservice", "psloggedon"), ("-p", "/p"), cased=False),
    Tool(("sqlcmd", "osql", "isql", "bcp"), ("-P",), ("-P",)),
    Tool(("mysql", "mysqldump", "mysqladmin", "mysqlimport", "mysqlsh", "mariadb", "mariadb-dump"), (), ("-p",)),
    Tool(("sshpass",), ("-p",), ("-p",)),
    Tool(("curl",), ("-u", "--user", "-U", "--proxy-user"), ("-u", "-U", "--user=", "--proxy-user="), ":"),
    Tool(("plink", "pscp", "psftp", "putty", "kitty"), ("-pw",), cased=False),
    Tool(("wmic", "cmdkey", "netdom"), (), ("/password:", "/pass:", "/passwordd:", "/passwordo:", "/pd:"), cased=False),
    Tool(("smbclient", "rpcclient", "winexe", "smbmap"), ("-U", "--user"), ("-U", "--user="), "%"),
    Tool(("evil-winrm", "crackmapexec", "netexec", "nxc"), ("-p",)),
    Tool(("xfreerdp", "wfreerdp", "sdl-freerdp"), (), ("/p:",)),
    Tool(("docker login", "podman login", "az login", "mongosh", "mongodump"), ("-p",)),
    Tool(("ldapsearch", "ldapmodify", "ldapadd", "ldappasswd"), ("-w",), ("-w",)),
    Tool(("redis-cli",), ("-a",)),
    Tool(("ipmitool", "ipmiutil", "mosquitto_pub", "mosquitto_sub", "zip", "unzip"), ("-P",), ("-P",)),
    Tool(("racadm", "ncftpput", "ncftpget", "ncftp", "mongoexport", "mongorestore", "mongoimport", "cqlsh"), ("-p",)),
    Tool(("helm registry login", "oc login", "buildah login", "nerdctl login", "crictl"), ("-p",)),
    Tool(("skopeo",), ("--creds", "--src-creds", "--dest-creds"), ("--creds=", "--src-creds=", "--dest-creds="), ":"),
    Tool(("signtool", "certutil"), ("/p", "-p"), cased=False),
    Tool(
        ("keytool", "jarsigner", "apksigner"),
        ("-storepass", "-keypass", "-srcstorepass", "-deststorepass", "-destkeypass"),
    ),
    Tool(("snmpwalk", "snmpget", "snmpset", "snmpbulkwalk", "snmpgetnext", "snmptable"), ("-c", "-A", "-X")),
    Tool(("http", "https", "xh"), ("-a", "--auth"), ("--auth=",), ":"),
    Tool(("lftp",), ("-u",), ("-u",), ","),
    Tool(("x11vnc", "vncviewer"), ("-passwd",)),
    Tool(("useradd", "usermod"), ("-p",)),
    Tool(("ossutil", "ossutil64"), ("-k", "--access-key-secret")),
    Tool(("coscli", "coscmd"), ("-s", "--secret_key")),
    Tool(("rar", "7z", "7za", "7zr"), (), ("-hp", "-p")),
)
"""Flags from the tools' own help texts; those whose name says "password" in full are found as assignments too."""

_WORD = re.compile(
    r"[ \t]{0,400}+(?:\\\n[ \t]{0,200}+){0,20}+"
    r"(?:(?P<head>[^\s\"']{0,80}?[:=%]|-[A-Za-z]{1,2})?\\?(?P<q>[\"'])(?P<quoted>[^\"'\n]{1,200}?)\\?(?P=q)"
    r"|(?P<bare>[^\s\"']{1,300}))"
)
_CALL = re.compile(r"(?:\.exe)?(?:\\?[\"'])?(?=[ \t])")
"""What may stand between a tool's name and its arguments."""
_ENDS = ("|", "&", ";", ">", "<")
_SWITCH = re.compile(r"/(?:add|domain|active|y$|expires|times|passwordchg|passwordreq|fullname|comment)", re.IGNORECASE)


@dataclass(frozen=True)
class Word:
    """An argument: `text` with what is glued before its quotes, the place of what stands inside them."""

    start: int
    end: int
    text: str = field(repr=False)


def command_hits(text: str, lowered: str, present: Callable[[str], bool]) -> Iterator[Hit]:
    """Passwords given to the tools above, to `net use` and to `net user`; linear, since no command is read twice.

    `present` says whether a tool's name (lower case) stands in the text.
    """
    for tool in TOOLS:
        for name in filter(present, tool.names):
            for start, end in _commands(lowered, name):
                yield from _flagged(tool, _words(text, start, end))
    for name in filter(present, ("net", "net1")):
        for start, end in _commands(lowered, name):
            verb, *words = [*_words(text, start, end)] or [Word(0, 0, "")]
            if verb.text.lower() == "use":
                yield from _mapped(words)
            elif verb.text.lower() == "user":
                yield from _account(words)


def _commands(lowered: str, name: str) -> Iterator[tuple[int, int]]:
    """Where a tool's arguments begin and end: at most to the line's end (unless a backslash stands there) or its next call."""
    starts = list(_calls(lowered, name))
    for at, start in enumerate(starts):
        limit = min(start + LONGEST_COMMAND, starts[at + 1] if at + 1 < len(starts) else len(lowered))
        newline = lowered.find("\n", start, limit)
        while newline > 0 and lowered[newline - 1] == "\\":
            newline = lowered.find("\n", newline + 1, limit)
        yield start, limit if newline < 0 else newline


def _calls(lowered: str, name: str) -> Iterator[int]:
    position = lowered.find(name)
    while position >= 0:
        match = _CALL.match(lowered, position + len(name))
        before = lowered[position - 1] if position else " "
        if match and not (before.isascii() and before.isalnum()) and before not in "-_":
            yield match.end()
        position = lowered.find(name, position + len(name))


def _words(text: str, start: int, end: int) -> Iterator[Word]:
    """Arguments up to a separator of commands, or to a quote that closes the text around the command."""
    position = start
    while position < end and (match := _WORD.match(text, position, end)):
        if match["bare"] is None:
            if position > start and match.start() == match.start("q") - text.startswith("\\", match.start()):
                return
            yield Word(*match.span("quoted"), (match["head"] or "") + match["quoted"])
        else:
            bare = match["bare"].rstrip(";,")
            if not bare or bare.startswith(_ENDS):
                return
            yield Word(match.start("bare"), match.start("bare") + len(bare), bare)
            if bare != match["bare"]:
                return
        position = match.end()


def _flagged(tool: Tool, words: Iterator[Word]) -> Iterator[Hit]:
    awaited = False
    for word in words:
        seen = word.text if tool.cased else word.text.lower()
        if awaited and not word.text.startswith(("-", "/")):
            yield from _hit(word, word.text, tool.between)
        awaited = seen in tool.after
        glued = next((flag for flag in tool.glued if seen.startswith(flag) and len(seen) > len(flag)), "")
        if glued and not awaited:
            yield from _hit(word, word.text[len(glued) :], tool.between)


def _hit(word: Word, value: str, between: str = "") -> Iterator[Hit]:
    """The value as a hit, at the end of its word; none for prompts ("*") and where the user name stands alone."""
    if between:
        value = value.partition(between)[2]
    value = value[-(word.end - word.start) :]
    if len(value) >= 2 and set(value) != {"*"}:
        yield Hit(word.end - len(value), word.end, "password", value, 1, Severity.HIGH, hint=safe_hint(value))


def _mapped(words: list[Word]) -> Iterator[Hit]:
    r"""`net use [X:] \\host\share [password] /user:name [password]`: the word that is neither device, share nor flag."""
    shares = [at for at, word in enumerate(words) if word.text.startswith("\\\\")]
    if shares and any(word.text.lower().startswith(("/user:", "/u:")) for word in words):
        plain = (word for word in words[shares[0] + 1 :] if not word.text.startswith(("/", "\\")))
        for word in islice(plain, 1):
            yield from _hit(word, word.text)


def _account(words: list[Word]) -> Iterator[Hit]:
    """`net user name password [/add ...]`: the second word, if nothing or a switch follows it."""
    named = list(dropwhile(lambda word: word.text.startswith("/"), words))
    if len(named) < 2 or named[1].text.startswith("/") or (named[2:] and not _SWITCH.match(named[2].text)):
        return
    if len(named[1].text) >= 4:
        yield from _hit(named[1], named[1].text)
