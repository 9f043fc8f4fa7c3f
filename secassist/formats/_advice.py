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
    (94, 95, 96, 917, 1336): Advice(
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
    (326, 327, 328, 916, 780): Advice(
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
    (93, 113, 117, 444): Advice(
        "A line break in the caller's text makes lines or headers of its own.",
        "Take line breaks out, or write the value in a format that escapes them.",
        MINUTES,
    ),
    (118, 119, 120, 121, 122, 124, 125, 126, 127, 131, 193, 195, 197, 242, 467, 468, 787, 190, 191, 680, 681): Advice(
        "Memory beside the buffer is read or written: the process crashes or is taken over.",
        "Check length and index before use, with the size of the target and not of the source.",
        HOUR,
    ),
    (415, 416, 401, 476, 562, 590, 690, 761, 762): Advice(
        "Memory is used after it was given back, or without having been got.",
        "Give ownership to one place, set the pointer to null after freeing, and check what allocations give.",
        HOUR,
    ),
    (134,): Advice(
        "The caller's text is a format: it reads and writes memory.",
        "Pass it as an argument of a constant format.",
        MINUTES,
    ),
    (98, 470, 829): Advice(
        "The caller's text chooses which code of this process is loaded and run.",
        "Look the name up in a list of the few that are meant, and load nothing else.",
        HOUR,
    ),
    (915, 1321): Advice(
        "The caller's text chooses which properties are written, those that decide about rights included.",
        "Copy the fields that are meant one by one; refuse __proto__, constructor and prototype as names.",
        HOUR,
    ),
    (284, 285, 287, 290, 306, 639, 862, 863): Advice(
        "Somebody reaches what belongs to others, because nobody asks who is asking.",
        "Check on the server, at each request, that this user may do this to this object.",
        DAY,
    ),
    (307, 521): Advice(
        "Passwords can be tried until one fits.",
        "Limit attempts per account and address, and refuse short and well-known passwords.",
        HOUR,
    ),
    (256, 312, 313, 315, 522): Advice(
        "Whoever can read the place where it is kept has the value.",
        "Keep a slow hash of passwords, encrypt what has to be read again, and keep the key elsewhere.",
        HOUR,
    ),
    (759, 760, 208): Advice(
        "The value can be found by trying, or by measuring how long a comparison takes.",
        "Use Argon2, scrypt or bcrypt with their own salts, and compare in constant time.",
        HOUR,
    ),
    (329, 1204): Advice(
        "Equal beginnings of what is encrypted can be told, or the text recovered.",
        "Take a fresh random initialisation vector for each message, or a mode that needs none (AES-GCM with a random nonce).",
        HOUR,
    ),
    (345, 346, 347, 494): Advice(
        "What somebody else made is taken for genuine.",
        "Verify the signature or digest against a key or value of your own before the data are used.",
        HOUR,
    ),
    (942,): Advice(
        "Pages of any other site may read the answers with the reader's session.",
        "Name the origins that may read; never send back the origin of the request unchecked.",
        MINUTES,
    ),
    (434,): Advice(
        "A file that is uploaded is run by the server, or by the browsers of others.",
        "Allow a list of types, give names of your own, and keep files where nothing is run.",
        HOUR,
    ),
    (200, 209, 359, 532, 548, 668): Advice(
        "Others read what was not meant for them: values in logs, messages of errors, files.",
        "Leave the value out, or mask it, before it is written or sent.",
        HOUR,
    ),
    (362, 367): Advice(
        "Between check and use another process changes what was checked.",
        "Open once and work on what was opened; hold a lock over check and use.",
        HOUR,
    ),
    (384, 613): Advice(
        "A session that an attacker knows becomes that of whoever signs in.",
        "Give the session a new id at sign-in, and an end.",
        MINUTES,
    ),
    (457, 908, 369): Advice(
        "The program works with a value that nobody set, or ends on one that nobody expected.",
        "Set it where it is declared, and check it before use.",
        MINUTES,
    ),
    (605, 1327): Advice(
        "The service answers on every network of the machine.",
        "Bind it to the address it is meant for; take that from the configuration.",
        MINUTES,
    ),
    (1021,): Advice(
        "Another site can show the page in a frame and have its readers click in it.",
        "Send Content-Security-Policy: frame-ancestors with the sites that may.",
        MINUTES,
    ),
    (243, 250): Advice(
        "Whatever goes wrong in it goes wrong with more rights than it needs.",
        "Run it as a user of its own, and give up rights once they were used.",
        HOUR,
    ),
    (20, 693, 703, 730): Advice(
        "Input that nobody expected takes a way that nobody meant.",
        "Check form and size where the value comes in; handle the error where it arises.",
        HOUR,
    ),
    (501,): Advice(
        "What the caller sent is later taken for the program's own.",
        "Check the value before it is kept, and keep what was checked only.",
        HOUR,
    ),
    (252, 253): Advice(
        "The program goes on as if a call had succeeded that did not.",
        "Compare the result with what the call gives when it fails, and stop or undo there.",
        MINUTES,
    ),
    (480, 481, 482, 570, 676, 685, 686, 1007): Advice(
        "The code does not do what it seems to say.",
        "Write what is meant, and switch the compiler's warnings on that see it.",
        MINUTES,
    ),
    (404, 667, 675, 764, 775): Advice(
        "Files or locks that are held, or given back twice, stop the program after a while.",
        "Take and give back in one place, on every way out (with, defer, RAII).",
        MINUTES,
    ),
    (506, 1104): Advice(
        "Code of strangers runs with the rights of this process.",
        "Take it out, or replace it by a component that is kept up; look at what it did before.",
        DAY,
    ),
    (400, 606, 617, 770, 789, 1333, 674): Advice(
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
