"""All that is wrong with one C function: memory that is followed, and shapes of its text."""

from secassist.detectors._memory.bounds import bounds
from secassist.detectors._memory.engine import check
from secassist.detectors._memory.lengths import unasked
from secassist.detectors._memory.misuse import misuse
from secassist.detectors._memory.order import Order
from secassist.detectors._memory.shapes import shapes
from secassist.detectors._memory.texts import texts
from secassist.detectors._memory.walking import survey
from secassist.parsing.forms import Form


def wrong(function: Form) -> list[tuple[str, int]]:
    """(rule, line), each once, in the order of lines."""
    seen = survey(function)
    found = {
        *check(function),
        *unasked(seen),
        *Order(seen).run(),
        *misuse(seen),
        *bounds(seen),
        *texts(seen),
        *shapes(seen),
    }
    return sorted(found, key=lambda one: (one[1], one[0]))
