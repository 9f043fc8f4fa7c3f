"""What is taken out of a subject before it is kept, and what happens when it cannot be searched."""

from dataclasses import dataclass

import pytest

from schemas import (
    Document,
    Finding,
    FindingKind,
    Judgement,
    Place,
    Severity,
    Subject,
    SubjectKind,
)
from secassist.detectors.base import Candidate, Detection
from secassist.errors import DetectorError, SourceError
from secassist.masking import Concealer, Redactor, trace

KEY = b"k" * 32
SECRET = "Qx7Invented9Canary3Vault5Zw"
PHONE = "555 0100 200"
TEXT = f"token {SECRET}\ncall {PHONE} or mail ana5550100@example.com"


@dataclass(frozen=True)
class Finds:
    """A detector that finds these values, the safe ones with a hint; it fails where it is told to."""

    values: tuple[str, ...] = ()
    kind: FindingKind = FindingKind.SECRET
    type: str = "token"
    certain: bool = True
    safe: tuple[str, ...] = ()
    fails: bool = False
    name: str = "finds"
    version: str = "1"
    summary: str = ""
    kinds: frozenset[SubjectKind] = frozenset(SubjectKind)

    def detect(self, subject: Subject) -> Detection:
        if self.fails:
            raise DetectorError("out of order")
        return Detection(
            candidates=tuple(
                Candidate(
                    self.kind, self.type, self.type, "found", place(subject, value), Severity.HIGH, value=value,
                    certain=self.certain, safe_hint="a placeholder" if value in self.safe else "",
                )
                for value in self.values
                if value in subject.text
            )
        )  # fmt: skip


def place(subject: Subject, value: str) -> Place:
    at = subject.text.index(value)
    return Place(path="x", start_line=1, end_line=1, start=at, end=at + len(value))


def concealer(secrets: Finds | None = None, personal: Finds | None = None) -> Concealer:
    return Concealer(secrets or Finds((SECRET,)), personal or Finds(), Redactor(lambda _: []), KEY)


def document(text: str = TEXT) -> Document:
    return Document(source="t", origin="notes.txt", body=text)


def test_secrets_go_unless_they_are_plainly_placeholders() -> None:
    assert SECRET not in concealer().conceal(document()).text
    assert concealer(Finds((SECRET,), safe=(SECRET,))).conceal(document()) == document()


@pytest.mark.parametrize(
    ("found", "goes"),
    [
        (Finds((PHONE,), FindingKind.PERSONAL_DATA, "phone"), True),
        (Finds((PHONE,), FindingKind.PERSONAL_DATA, "phone", certain=False), False),
        (Finds(("ana5550100@example.com",), FindingKind.PERSONAL_DATA, "email"), False),
        (Finds(("call",), FindingKind.PERSONAL_DATA, "name"), False),
    ],
    ids=["a phone", "perhaps a phone", "a mail address", "a name"],
)
def test_of_personal_data_certain_numbers_go(found: Finds, goes: bool) -> None:
    kept = concealer(Finds(), found).conceal(document())
    assert (found.values[0] not in kept.text) is goes


def test_what_cannot_be_searched_is_not_kept_and_counts_as_holding_something() -> None:
    broken = concealer(Finds(fails=True))
    with pytest.raises(SourceError, match=r"notes\.txt: cannot be searched for secrets"):
        broken.conceal(document())
    assert broken.finds_something(document())
    assert concealer().finds_something(document())
    assert not concealer().finds_something(document("nothing"))


def test_an_error_goes_on_without_the_values() -> None:
    with pytest.raises(ValueError, match="prompt") as caught, concealer().scrubbing([document()]):
        raise ValueError(f"prompt: {TEXT}")
    assert SECRET not in str(caught.value)


def test_the_value_of_a_finding_is_given_for_its_own_hash_only() -> None:
    def finding(value: str, judgement: Judgement = Judgement.REAL) -> Finding:
        return Finding(
            kind=FindingKind.SECRET, rule="token", message="found", place=place(document(), SECRET),
            severity=Severity.HIGH, confidence=0.9, judgement=judgement, secret=trace(value, KEY),
        )  # fmt: skip

    assert concealer().value(document(), finding(SECRET)) == SECRET
    assert concealer().value(document(), finding(SECRET[::-1])) == ""
    assert concealer().value(document(), finding(SECRET, Judgement.REFUTED)) == ""
