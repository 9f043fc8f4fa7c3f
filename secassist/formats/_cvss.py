"""CVSS 3.1 vectors: what a weakness does comes from its CWE, how easily it is done from the severity that was found.

The score is worked out by the `cvss` library. No environment is known: these are base vectors of a typical case, not of
the one at hand.
"""

from functools import cache

from schemas import Finding, Severity
from secassist.formats import _cwe

NONE = "CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:N"
"""Base score 0."""
_REACH = tuple(
    f"AV:{av}/AC:{ac}/PR:{pr}/UI:{ui}"
    for av, ac, pr, ui in (
        ("N", "L", "N", "N"),
        ("N", "L", "N", "R"),
        ("N", "L", "L", "N"),
        ("N", "H", "N", "N"),
        ("N", "H", "N", "R"),
        ("N", "H", "L", "N"),
        ("L", "L", "L", "N"),
        ("L", "H", "L", "N"),
        ("L", "H", "L", "R"),
        ("P", "H", "H", "R"),
    )
)
"""From an outsider with one request to somebody who has the machine in hand."""
_WHOLE, _READ, _WRITE, _STOP, _PAGE, _LITTLE = (
    "S:U/C:H/I:H/A:H",
    "S:U/C:H/I:N/A:N",
    "S:U/C:N/I:H/A:N",
    "S:U/C:N/I:N/A:H",
    "S:C/C:L/I:L/A:N",
    "S:U/C:L/I:N/A:N",
)
_EFFECTS = {
    **dict.fromkeys((77, 78, 88, 94, 95, 98, 119, 120, 121, 122, 190, 191, 415, 416, 434, 502, 787, 1336), _WHOLE),
    **dict.fromkeys((89, 564, 943), "S:U/C:H/I:H/A:L"),
    **dict.fromkeys((259, 287, 295, 306, 321, 522, 639, 798, 862, 863), "S:U/C:H/I:H/A:N"),
    **dict.fromkeys((22, 23, 36, 73, 90, 91, 99, 643), _READ),
    **dict.fromkeys((312, 319, 326, 327, 328, 330, 331, 335, 338, 347, 916), _READ),
    **dict.fromkeys((276, 352, 732, 915), _WRITE),
    **dict.fromkeys((369, 400, 401, 476, 674, 770, 776, 1333), _STOP),
    **dict.fromkeys((79, 80, 601, 1021), _PAGE),
    **dict.fromkeys((126, 125, 127), "S:U/C:L/I:N/A:H"),
    **dict.fromkeys((611, 827), "S:U/C:H/I:N/A:L"),
    918: "S:C/C:H/I:L/A:N",
    **dict.fromkeys((113, 117, 200, 209, 215, 489, 532, 614, 1004, 1275), _LITTLE),
}
"""What follows where the weakness of this number is used."""


def vector(finding: Finding) -> str:
    """The base vector whose rating is the finding's severity."""
    number = _cwe.number(finding.cwe)
    return _fitting(_EFFECTS.get(number or 0, _READ if finding.secret else _WHOLE), finding.severity)


@cache
def score(of: str) -> float:
    """The base score of a vector, 0.0 to 10.0."""
    from cvss import CVSS3

    return float(CVSS3(of).base_score)


@cache
def _fitting(effect: str, severity: Severity) -> str:
    """The easiest way that is rated so; where this effect never is, the same with less or with more harm."""
    if severity is Severity.INFO:
        return NONE
    for harm in (effect, effect.replace(":H", ":L"), _WHOLE, _LITTLE):
        for reach in _REACH:
            made = f"CVSS:3.1/{reach}/{harm}"
            if _rated(score(made)) is severity:
                return made
    return NONE


def _rated(base: float) -> Severity:
    """CVSS 3.1, table 14."""
    steps = ((9.0, Severity.CRITICAL), (7.0, Severity.HIGH), (4.0, Severity.MEDIUM), (0.1, Severity.LOW))
    return next((word for least, word in steps if base >= least), Severity.INFO)
