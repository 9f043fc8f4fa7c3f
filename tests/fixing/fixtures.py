"""Fixing in tests: the real detectors and rewrites on a text, without a model."""

from functools import cache

from secassist import plugins
from secassist.detectors.base import Detector
from secassist.fixing.base import Outcome, Wanted
from secassist.fixing.loop import Fixer
from secassist.fixing.proposers import PROPOSERS


@cache
def detectors() -> dict[str, Detector]:
    names = {"secrets", *plugins.load("analyzers", "review").detectors} & set(plugins.names("detectors"))
    return {name: plugins.load("detectors", name) for name in sorted(names)}


def wanted(text: str, line: int, cwe: str, language: str = "python", path: str = "unit.py") -> Wanted:
    return Wanted(path, language, text, line, line, cwe)


def fixed(text: str, line: int, cwe: str, language: str = "python", path: str = "unit.py", most: int = 5) -> Outcome:
    return Fixer(detectors(), PROPOSERS, most=most).fix(wanted(text, line, cwe, language, path))


TRY = """
def tried(action):
    try:
        return action()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
"""
"""Calls an action; an error becomes the text of it."""
