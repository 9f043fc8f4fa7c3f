"""Who has the database but not the key cannot find a short secret by trying: no plain digest of what was read is in it."""

import hashlib
from pathlib import Path

import pytest

from schemas import Alert, CodeUnit, Document, Field, LogWindow, Subject
from schemas.noun import digest
from tests.test_pipeline import Wired

SECRET = "mole" + "Hill7"
BODY = "db_password = '{}'\n"


def made(kind: str, value: str = SECRET) -> Subject:
    body = BODY.format(value)
    match kind:
        case "alert":
            return Alert(source="t", title="x", fields=(Field(path="message", value=body.strip()),))
        case "log":
            return LogWindow(source="t", body=body)
        case "code":
            return CodeUnit(source="t", path="a.py", language="python", body=body)
        case _:
            return Document(source="t", path="a.txt", body=body)


def guesses(kind: str) -> set[str]:
    """Every digest that an attacker would try, who knows the code around the value."""
    subject = made(kind)
    texts = (SECRET, subject.text, subject.model_dump_json(), str(subject.content()))
    return {subject.id, digest(subject.text), digest(SECRET), *(hashlib.sha256(t.encode()).hexdigest() for t in texts)}


@pytest.mark.parametrize("kind", ["alert", "log", "code", "document"])
def test_no_digest_of_what_was_read_is_stored(tmp_path: Path, kind: str) -> None:
    wired = Wired(tmp_path / "home")
    subject = made(kind)
    list(wired.pipeline.ingest([subject]))
    (found,) = wired.pipeline.analyze("sensitive", [subject])
    if kind in ("alert", "log"):
        list(wired.pipeline.analyze("triage", [subject]))
    elif kind == "code":
        list(wired.pipeline.analyze("review", [subject]))
    wired.store.close()
    kept = b"".join(path.read_bytes() for path in (tmp_path / "home").rglob("*") if path.is_file())
    assert found.findings
    assert found.id.encode() in kept
    assert not {guess for guess in guesses(kind) if guess.encode() in kept or bytes.fromhex(guess) in kept}
    plain = {n: getattr(found, n) for n in type(found).model_fields if n != "id"} | {"subject_id": subject.id}
    assert type(found)(**plain).id.encode() not in kept


def test_the_same_content_is_one_subject_and_one_analysis(tmp_path: Path) -> None:
    wired = Wired(tmp_path / "home")
    one, two = (next(iter(wired.pipeline.analyze("sensitive", [made("code")]))) for _ in range(2))
    other = next(iter(wired.pipeline.analyze("sensitive", [made("code", "vole" + "Hill8")])))
    assert one == two
    assert wired.store.count_analyses() == 2
    assert other.subject_id != one.subject_id
    assert wired.store.find_subject(one.subject_id) is not None
    wired.store.close()


def test_another_home_gives_another_id(tmp_path: Path) -> None:
    homes = [Wired(tmp_path / name) for name in ("one", "two")]
    ids = {home.pipeline.kept_as("sensitive", made("document")) for home in homes}
    assert len(ids) == 2
    assert made("document").id not in ids
    for home in homes:
        home.store.close()


def test_what_hides_nothing_keeps_its_id(tmp_path: Path) -> None:
    """So that a file that was reviewed and searched is one subject."""
    wired = Wired(tmp_path / "home")
    harmless = CodeUnit(source="t", path="a.py", language="python", body="x = 1\n")
    assert wired.pipeline.kept_as("sensitive", harmless) == harmless.id
    assert wired.pipeline.kept_as("review", made("code")) == made("code").id
    wired.store.close()
