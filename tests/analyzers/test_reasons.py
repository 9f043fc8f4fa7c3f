"""A reason that claims a detector's finding is kept only where a detector made it."""

import pytest

from schemas import Alert, Field
from secassist.analyzers.base import Evidenced
from secassist.analyzers.triage import NOTHING_MATCHED, grounded
from secassist.detectors.base import Signal

ALERT = Alert(source="s", fields=(Field(path="message", value="x"),))
MATCH = Signal("sigma:a", "Sigma rule matches: The trail was stopped.", lines=(1,))


@pytest.mark.parametrize(
    ("reason", "signals", "kept"),
    [
        ("Sigma rule matches: The trail was stopped.", (MATCH,), "Sigma rule matches: The trail was stopped."),
        ("Sigma rule matches: The log was cleared.", (MATCH,), MATCH.message),
        ("Attack: Text that looks like command injection.", (), NOTHING_MATCHED["en"]),
        ("Ordinary mail; it hides nothing.", (), NOTHING_MATCHED["en"]),
        ("Word started a hidden shell.", (), "Word started a hidden shell."),
    ],
)
def test_claims_need_a_signal(reason: str, signals: tuple[Signal, ...], kept: str) -> None:
    assert grounded(reason, Evidenced(ALERT, signals)) == kept


def test_the_answer_is_in_the_language_asked_for() -> None:
    told = grounded("Sigma rule matches: The log was cleared.", Evidenced(ALERT, language="zh"))
    assert told == NOTHING_MATCHED["zh"]
