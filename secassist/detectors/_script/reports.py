"""All that is wrong with a file of JavaScript whatever values arrive."""

from itertools import islice
from typing import Final

from secassist.detectors._flow.names import every
from secassist.detectors._script.merging import merges
from secassist.detectors._script.messages import messages
from secassist.detectors._script.patterns import patterns
from secassist.detectors._script.patterns import wrong as wrong_pattern
from secassist.parsing.forms import Program

MOST_FORMS: Final = 200_000


def wrong(program: Program) -> list[tuple[str, int]]:
    """(rule, line), each once."""
    forms = list(islice(every(program.body), MOST_FORMS))
    found = {(rule, one.line) for one in patterns(forms) for rule in wrong_pattern(one)}
    found |= {(rule, one.line) for one in forms for rule in messages(one, program)}
    found |= {("recursive-merge", line) for line in merges(program, forms)}
    return sorted(found, key=lambda one: (one[1], one[0]))
