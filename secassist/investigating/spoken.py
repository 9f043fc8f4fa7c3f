"""What commands and lines of logs tell that are no records: who did something, to whom, and with which command."""

import re
from collections.abc import Iterator
from typing import Final

from secassist.likeness.keys import NAMELESS

LONGEST: Final = 2_048
"""Characters of a line that are read."""
_NAME: Final = r"[\w$@\\-][\w.$@\\-]{0,62}"
_TEXTS: Final = (
    (
        "user",
        re.compile(
            r"(?i)\b(?:(?:password|publickey|pam|failure) for (?:invalid user |user )?|session (?:opened|closed) for user "
            rf"|invalid user "
            rf'|(?<!new )\buser(?:name)?="?|\bauid="?(?=[a-z])|\bacct="?|sudo(?:\[\d{{1,9}}\])?: {{1,4}})({_NAME})'
        ),
    ),
    (
        "host",
        re.compile(
            r"^(?:<\d{1,3}>(?:1 )?)?(?:[A-Z][a-z]{2} [ \d]\d [\d:]{8}|\d{4}-\d\d-\d\dT[\d:.+Z-]{8,25}) "
            r"([\w-]{2,63}(?:\.[\w-]{1,63}){0,5}) "
        ),
    ),
    ("host", re.compile(r"^node=([\w.-]{2,120}) type=")),
    ("command", re.compile(r"\bCOMMAND=(.{1,300})")),
    ("command", re.compile(r"\bCRON\[\d{1,9}\]: \([\w-]{1,32}\) CMD \((.{1,300})\)")),
    ("process", re.compile(r'\bexe="([^"]{1,300})"')),
    ("agent", re.compile(r'" \d{3} (?:\d{1,12}|-) "[^"]{0,300}" "([^"]{1,300})"')),
    ("path", re.compile(r'"(?:GET|POST|PUT|HEAD|DELETE|OPTIONS|PATCH) ([^\s"]{1,500})')),
)
"""The words that follow are taken as they stand."""
_PLAIN: Final = r"[\w][\w.@-]{0,62}\$?"
_OF_ACCOUNTS: Final = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("changed", rf"\b(?:new|delete|change) user:? (?:name=)?'?({_PLAIN})"),
        ("changed", rf"\bpassword changed for ({_PLAIN})"),
        ("changed", rf"\badd(?:ed)? '?({_PLAIN})'? to (?:shadow )?group\b"),
        ("group", rf"\bto (?:shadow )?group '?({_PLAIN})"),
        (
            "changed",
            rf"(?:^|[\s/;&|(\"'])(?:useradd|adduser|userdel|deluser|usermod|passwd|chage)\s(?:[^|;&\n]{{0,200}}\s)?({_PLAIN})[\"')]{{0,2}}\s*(?:$|[;&|])",
        ),
        (
            "changed",
            rf"\bnet1?(?:\.exe)?\s{{1,4}}user\s{{1,4}}\"?({_PLAIN})\"?\s[^|&\n]{{0,120}}/(?:add|active|delete|del)\b",
        ),
        (
            "changed",
            rf"\bnet1?(?:\.exe)?\s{{1,4}}(?:localgroup|group)\s{{1,4}}(?:\"[^\"]{{1,60}}\"|\S{{1,60}})\s{{1,4}}\"?((?:{_PLAIN}\\)?{_PLAIN})\"?\s[^|&\n]{{0,60}}/(?:add|delete|del)\b",
        ),
        (
            "group",
            r"\bnet1?(?:\.exe)?\s{1,4}(?:localgroup|group)\s{1,4}(?=[^|&\n]{1,200}/(?:add|del))(?:\"([^\"]{1,60})\")",
        ),
        (
            "group",
            rf"\bnet1?(?:\.exe)?\s{{1,4}}(?:localgroup|group)\s{{1,4}}(?=[^|&\n]{{1,200}}/(?:add|del))({_PLAIN})",
        ),
        (
            "changed",
            r"\b(?:New-LocalUser|New-ADUser|Set-LocalUser|Enable-LocalUser|Set-ADAccountPassword|Enable-ADAccount|Remove-LocalUser)"
            rf"\s{{1,4}}(?:-(?:Name|Identity|SamAccountName)\s{{1,4}})?[\"']?({_PLAIN})",
        ),
        ("changed", rf"\bAdd-(?:LocalGroup|ADGroup)Member\b[^|;\n]{{0,120}}?-Members?\s{{1,4}}[\"']?({_PLAIN})"),
        (
            "group",
            rf"\bAdd-(?:LocalGroup|ADGroup)Member\b[^|;\n]{{0,120}}?-(?:Group|Identity)\s{{1,4}}[\"']?({_PLAIN})",
        ),
        ("changed", rf"\bdscl\s{{1,4}}\.\s{{1,4}}-(?:create|append)\s{{1,4}}/Users/({_PLAIN})"),
        ("changed", rf"\bsysadminctl\b[^|;\n]{{0,80}}?-addUser\s{{1,4}}({_PLAIN})"),
        ("changed", rf"\bgpasswd\s{{1,4}}-[ad]\s{{1,4}}({_PLAIN})"),
        (
            "changed",
            rf"\b(?:create|alter|drop)\s{{1,4}}(?:user|role|login)\s{{1,4}}(?:if not exists\s)?[\"'`\[]?({_PLAIN})",
        ),
        (
            "changed",
            rf"\biam\s{{1,4}}(?:create|delete|update|attach|put)-[a-z-]{{1,40}}\s[^|;\n]{{0,120}}?--user-name[ =]({_PLAIN})",
        ),
        ("changed", rf"\bcreate serviceaccount ({_PLAIN})|\bservice-accounts create ({_PLAIN})"),
        ("changed", rf"\baz ad user create\b[^|;\n]{{0,160}}?--user-principal-name[ =]({_PLAIN})"),
    )
)
"""Accounts and groups that a command or a line says something is done to; bounded, linear in the line."""
_MADE: Final = re.compile(
    r"(?i)\b(?:useradd|adduser|new user|net1?(?:\.exe)? user\b.{1,160}/add|new-localuser|new-aduser|dscl . -create|"
    r"-addUser|create-user|createuser|user\.lifecycle\.create|type=ADD_USER|create (?:user|login|serviceaccount)|"
    r"service-accounts create|add user|user account was created|account created|createserviceaccount)\b"
)
_ARN: Final = re.compile(r"\barn:aws[\w-]{0,12}:[a-z0-9-]{2,32}:[a-z0-9-]{0,24}:\d{0,12}:[^\s\"',]{1,300}")
_ARGUMENT: Final = re.compile(r'\ba\d{1,3}="([^"]{0,300})"')
_NO_USERS: Final = NAMELESS | frozenset(
    {"from", "by", "the", "user", "invalid", "name", "for", "to", "is", "was", "accounts"}
)


def in_text(text: str) -> Iterator[tuple[str, str]]:
    """(kind, value) pairs of a line of plain text."""
    text = text[:LONGEST]
    of_account = "type=ADD_USER" in text or "type=DEL_USER" in text or "type=USER_MGMT" in text
    for kind, pattern in _TEXTS:
        hit = pattern.search(text)
        if hit and hit[1].lower() not in _NO_USERS:
            acts = kind == "user" and of_account and hit[0].startswith("acct")
            yield "changed" if acts else kind, hit[1].rstrip(".")
    if "type=EXECVE" in text and (run := " ".join(_ARGUMENT.findall(text))):
        yield "command", run
        yield from of_accounts(run)


def of_accounts(text: str) -> Iterator[tuple[str, str]]:
    """Accounts ("changed") and groups that a text says something is done to."""
    text = text[:LONGEST]
    for kind, pattern in _OF_ACCOUNTS:
        hit = pattern.search(text)
        value = next((part for part in hit.groups() if part), "") if hit else ""
        if value and value.lower() not in _NO_USERS:
            yield kind, value.rstrip(".,")


def resources(text: str) -> Iterator[tuple[str, str]]:
    """Names of cloud resources that stand in any text."""
    if "arn:" in text[:LONGEST]:
        yield from (("resource", hit[0].rstrip(").;")) for hit in _ARN.finditer(text[:LONGEST]))


def makes_account(text: str) -> bool:
    """Whether a line speaks of an account that is made."""
    return bool(_MADE.search(text[:LONGEST]))
