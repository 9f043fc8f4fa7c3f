"""What to do about a finding, by its CWE: why it is dangerous, how it is mended, how much work that is."""

from dataclasses import dataclass

from schemas import Finding, FindingKind
from secassist.formats import _cwe

MINUTES, HOUR, DAY = "minutes", "hour", "day"
"""About how long one such place takes a developer who knows the code; stated, not measured."""


@dataclass(frozen=True)
class Advice:
    """One sentence each; `effort` is MINUTES, HOUR or DAY."""

    risk: str
    remedy: str
    effort: str


_INJECTED = "The caller's text is read as code by another program"
_BY_CWE = {
    (89, 564, 943): Advice(
        f"{_INJECTED}, the database, which can be made to read or change any row.",
        "Bind values as parameters; choose names of tables and columns from a fixed list.",
        MINUTES,
    ),
    (77, 78, 88): Advice(
        f"{_INJECTED}, the shell, which then runs commands with the rights of this process.",
        "Start the program with a list of arguments and without a shell; put -- before names that come from outside.",
        HOUR,
    ),
    (94, 95, 98, 1336): Advice(
        "The caller's text is run as code of this process.",
        "Parse the few forms that are needed (a literal, a number, a name of a fixed list) instead of running the text.",
        HOUR,
    ),
    (79, 80, 116): Advice(
        "A page shows the caller's text as markup: scripts in it run in the reader's session.",
        "Let the template escape it; escape by hand where no template does, for the place where it stands.",
        MINUTES,
    ),
    (22, 23, 36, 73, 99): Advice(
        "A name from outside leads to files that were not meant, such as keys or configuration.",
        "Resolve the path and compare it with the folder it must stay in, or look the name up in a list.",
        HOUR,
    ),
    (90, 91, 643): Advice(
        f"{_INJECTED}, the query of a directory or document, whose meaning changes.",
        "Escape the value for this kind of query, or pass it as a variable.",
        HOUR,
    ),
    (502,): Advice(
        "Reading objects from untrusted bytes calls what the sender chose.",
        "Use a format that holds data only (JSON), and check its shape; sign what has to be an object.",
        DAY,
    ),
    (611, 776, 827): Advice(
        "The XML parser follows entities: it reads local files, calls other machines or runs out of memory.",
        "Switch document types and external entities off, or use a parser that has them off.",
        MINUTES,
    ),
    (918,): Advice(
        "The server fetches an address that the caller chose, also inside its own network.",
        "Compare host and scheme with a list of those meant, after resolving, and follow no redirects.",
        HOUR,
    ),
    (601,): Advice(
        "A link on this site leads on to any other, which lends it this site's name.",
        "Redirect to paths of this site or to a list of known addresses only.",
        MINUTES,
    ),
    (259, 321, 547, 798): Advice(
        "Whoever can read the code, its history or a copy of it has the credential.",
        "Change the credential first; then read it from the environment or a vault, and clean the history.",
        HOUR,
    ),
    (326, 327, 328, 916): Advice(
        "What is protected so can be forged or recovered with today's means.",
        "Use SHA-256 or better, AES-GCM, or for passwords a slow hash such as scrypt or Argon2.",
        HOUR,
    ),
    (330, 331, 335, 338): Advice(
        "Values of this generator can be predicted from a few others.",
        "Take tokens, keys and passwords from the generator for secrets.",
        MINUTES,
    ),
    (295, 297, 319): Advice(
        "Somebody on the way can read and change what is sent.",
        "Check certificates and host names, and use TLS; add a private authority to the trusted ones instead.",
        MINUTES,
    ),
    (276, 732): Advice(
        "Other users of the machine can read or change the file.",
        "Give rights to the owner only, when the file is made.",
        MINUTES,
    ),
    (377, 378, 379): Advice(
        "Another user of the machine can put a file of that name there first.",
        "Let the library make the temporary file or folder.",
        MINUTES,
    ),
    (215, 489): Advice(
        "Debugging left on shows the inside of the program, or runs code for whoever asks.",
        "Switch it off in what is shipped; read it from the environment of developers.",
        MINUTES,
    ),
    (614, 1004, 1275): Advice(
        "The session cookie can be read by scripts or on an unencrypted way.",
        "Set Secure, HttpOnly and SameSite.",
        MINUTES,
    ),
    (352,): Advice(
        "Another site can make a signed-in reader's browser act here.",
        "Ask for a token that the other site cannot know in every request that changes something.",
        HOUR,
    ),
    (117, 113): Advice(
        "A line break in the caller's text makes lines or headers of its own.",
        "Take line breaks out, or write the value in a format that escapes them.",
        MINUTES,
    ),
    (119, 120, 121, 122, 124, 125, 126, 127, 787, 190, 191, 680): Advice(
        "Memory beside the buffer is read or written: the process crashes or is taken over.",
        "Check length and index before use, with the size of the target and not of the source.",
        HOUR,
    ),
    (415, 416, 401, 476, 590, 690, 762): Advice(
        "Memory is used after it was given back, or without having been got.",
        "Give ownership to one place, set the pointer to null after freeing, and check what allocations give.",
        HOUR,
    ),
    (134,): Advice(
        "The caller's text is a format: it reads and writes memory.",
        "Pass it as an argument of a constant format.",
        MINUTES,
    ),
    (400, 770, 1333, 674): Advice(
        "A small request takes all time or memory.",
        "Set a limit: a time-out, a size, a depth, or a pattern without nested repetition.",
        HOUR,
    ),
}
_KINDS = {
    FindingKind.WEAKNESS: Advice(
        "Untrusted input may reach a place that trusts it.",
        "Read the cited lines, confirm that untrusted input reaches them, and apply or adapt the fix.",
        HOUR,
    ),
    FindingKind.SECRET: Advice(
        "Whoever can read the file, its history or a copy of it has the credential.",
        "Revoke or rotate the credential first, then remove it from the file and its history.",
        HOUR,
    ),
    FindingKind.PERSONAL_DATA: Advice(
        "Data about people lies where it may not have been meant to.",
        "Check whether the file may hold this data; mask, move or delete it if not.",
        HOUR,
    ),
}
_NUMBERS = {number: advice for numbers, advice in _BY_CWE.items() for number in numbers}


def about(finding: Finding) -> Advice:
    """By CWE for weaknesses, by kind for everything else."""
    general = _KINDS[finding.kind]
    if finding.kind is not FindingKind.WEAKNESS:
        return general
    return _NUMBERS.get(_cwe.number(finding.cwe) or 0, general)
