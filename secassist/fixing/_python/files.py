"""Temporary files and stored data in Python: files that are made at once, values instead of objects."""

import ast
import re
from collections.abc import Iterator

from secassist.fixing._draft import Draft
from secassist.fixing.base import Proposal
from secassist.fixing.python_code import PythonCode

_TEMPORARY = re.compile(r"/(?:(?:usr/|var/)?tmp|dev/shm)/(?:[\w.-]+/)*([\w.-]{1,80})")


def made_at_once(code: PythonCode, first: int, last: int) -> Iterator[Proposal]:
    """os.tempnam, os.tmpnam and open() of a fixed name in /tmp by files of the tempfile module."""
    told = "The file is made at once, with a name that nobody can guess or take first."
    for call in code.calls(first, last):
        name = code.name(call.func)
        draft = Draft(code, "made-temporary-file", told)
        if name in ("os.tempnam", "os.tmpnam"):
            given = [f"{key}={code.source(value)}" for key, value in zip(("dir", "prefix"), call.args, strict=False)]
            draft.replace(
                call, f"{draft.module('tempfile')}.NamedTemporaryFile({', '.join([*given, 'delete=False'])}).name"
            )
            draft.no_longer(call.func)
        elif name == "open" and len(call.args) == 2 and not call.keywords:
            path, mode = (arg.value if isinstance(arg, ast.Constant) else None for arg in call.args)
            found = _TEMPORARY.fullmatch(path) if isinstance(path, str) else None
            if found is None or not isinstance(mode, str) or not re.match(r"[wx]", mode):
                continue
            made = draft.module("tempfile")
            new = f"{made}.NamedTemporaryFile({code.source(call.args[1])}, prefix={found[1] + '-'!r}, delete=False)"
            draft.replace(call, new)
        if draft.splices:
            yield draft.proposal()


def values_only(code: PythonCode, first: int, last: int) -> Iterator[Proposal]:
    """jsonpickle builds the objects that a text names; json builds values."""
    told = (
        "Only values are built, never objects of a class that the text names; objects written before stay dictionaries."
    )
    for call in code.calls(first, last):
        if (
            code.name(call.func) in ("jsonpickle.decode", "jsonpickle.loads", "jsonpickle.unpickler.decode")
            and call.args
        ):
            draft = Draft(code, "json-for-jsonpickle", told)
            draft.replace(call, f"{draft.module('json')}.loads({code.source(call.args[0])})")
            draft.no_longer(call.func)
            yield draft.proposal()
