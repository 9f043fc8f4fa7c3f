"""Tells sentences from commands: who asks how a tool is blocked does not run it."""

import re

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_RUN = re.compile(r"[|;&<>$`\\{}\[\]=@%^~*#\"]|::|(?:^|\s)[/-]\S|\w/|/\w|\w\.\w|\w\(|[A-Za-z]:\S|(?:^|\s)\.+\S")
"""What shells, paths, file names, options, calls and addresses are written with; no sentence is taken for one that has it."""
_BINDING = (
    "a about after all an and any are as at be been but by can could did do does for from had has have how i if in is it its "
    "may me must my no not of on or our please shall should so some such than that the their them then there these they this "
    "to us was we were what when where whether which who why will with would you your"
)
_SMALL = frozenset(_BINDING.split())
"""Words that bind an English sentence together and that no command is made of."""
_LONGEST = 4_000
_LEAST, _SHARE = 4, 0.25
_LEAST_CHINESE, _SHARE_CHINESE = 6, 0.4


def is_prose(text: str) -> bool:
    """Whether a text is sentences only: enough small words of English, or Chinese characters, and nothing that could run.

    When in doubt it is not: an option, a path, a file's name or a quoted part makes it a command.
    """
    if len(text) > _LONGEST or _RUN.search(text):
        return False
    chinese = len(_CHINESE.findall(text))
    if chinese >= _LEAST_CHINESE and chinese >= _SHARE_CHINESE * len("".join(text.split())):
        return True
    words = [word.strip(".,:?!()'").lower() for word in text.split()]
    small = sum(word in _SMALL for word in words)
    return len(words) >= _LEAST and small >= 2 and small >= _SHARE * len(words)
