"""The gathering store: nothing is written before the flush, all of it in one transaction then, the rest as the store's."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from schemas import Alert, Analysis, Check, CodeUnit, Field, Fix
from secassist.errors import StoreError, UsageError
from secassist.store import Gathering, Store
from tests.store import samples


def analysis_of(subject: CodeUnit) -> Analysis:
    return samples.analysis(subject, analyzer="review", verdict=None, findings=(samples.finding(), samples.secret()))


def unit(number: int) -> CodeUnit:
    return CodeUnit(source="code", path=f"f{number}.py", body=f"x = {number}")


def test_it_reads_what_it_gathered_and_writes_it_once(store: Store) -> None:
    gathering = Gathering.over(store)
    begun = list[str]()
    event.listen(gathering._engine, "begin", lambda _: begun.append("begin"))
    made = []
    for number in range(20):
        gathering.add_subject(unit(number))
        assert gathering.find_analysis(analysis_of(unit(number)).id) is None
        made.append(gathering.add_analysis(analysis_of(unit(number))))
        assert gathering.find_analysis(made[-1].id) == made[-1]
    assert store.count_analyses() == store.count_subjects() == 0
    begun.clear()
    gathering.flush()
    assert len(begun) == 1
    assert store.count_analyses() == store.count_subjects() == 20
    assert store.find_analyses([each.id for each in made] + ["0" * 64]) == {each.id: each for each in made}
    assert store.count_findings() == sum(len(each.findings) for each in made)
    gathering.flush()
    assert store.count_analyses() == 20


def test_what_is_there_stays_and_is_given_back(store: Store) -> None:
    store.add_subject(unit(1))
    first = store.add_analysis(analysis_of(unit(1)))
    gathering = Gathering.over(store)
    gathering.add_subject(unit(1))
    again = analysis_of(unit(1)).model_copy(update={"created_at": "2030-01-01T00:00:00Z"})
    assert gathering.add_analysis(again) == first
    gathering.flush()
    assert store.find_analysis(first.id) == first


def test_another_process_may_write_the_same_meanwhile(store: Store) -> None:
    gathering = Gathering.over(store)
    gathering.add_subject(unit(1))
    gathering.add_analysis(analysis_of(unit(1)))
    store.add_subject(unit(1))
    first = store.add_analysis(analysis_of(unit(1)))
    gathering.flush()
    assert store.find_analysis(first.id) == first


def test_an_emptied_subject_gets_its_content_back(store: Store) -> None:
    alert = Alert(source="s", title="t", fields=(Field(path="a", value="b"),))
    store.add_subject(alert)
    with store._engine.begin() as connection:
        connection.execute(sa.text("UPDATE subjects SET body = NULL, title = '', origin = ''"))
    gathering = Gathering.over(store)
    gathering.add_subject(alert)
    gathering.flush()
    found = store.find_subject(alert.id)
    assert found is not None and found.kept == alert


def test_an_analysis_without_its_subject_is_an_error_and_nothing_is_written(store: Store) -> None:
    gathering = Gathering.over(store)
    gathering.add_subject(unit(2))
    gathering.add_analysis(analysis_of(unit(1)))
    with pytest.raises(StoreError):
        gathering.flush()
    assert store.count_subjects() == 0


def test_findings_are_there_before_their_sealed_values(store: Store) -> None:
    gathering = Gathering.over(store)
    gathering.add_subject(unit(1))
    made = gathering.add_analysis(analysis_of(unit(1)))
    assert list(gathering.vault.keys()) == []
    assert store.find_analysis(made.id) == made


def test_rejections_are_redacted_and_kept_once(store: Store) -> None:
    gathering = Gathering.over(store, lambda text: text.replace("secret", "[masked]"))
    assert [gathering.add_rejection("secret.txt", "why") for _ in range(2)] == [True, False]
    gathering.flush()
    gathering.add_rejection("secret.txt", "why")
    gathering.flush()
    assert [each.origin for each in store.rejections()] == ["[masked].txt"]


def fix(passed: bool) -> Fix:
    checks = (Check(name="parses", passed=True), Check(name="judge", passed=passed, detail="key is secret-123"))
    return Fix(start_line=1, end_line=1, replacement="x = 2", explanation="of secret-123", checks=checks)


def test_an_accepted_fix_is_kept_with_its_finding_and_redacted(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'db'}", redact=lambda text: text.replace("secret-123", "[masked]"))
    store.add_subject(unit(1))
    made = store.add_analysis(analysis_of(unit(1)))
    fixed = store.add_fix(made.id, 1, fix(passed=True))
    assert store.find_analysis(made.id) == fixed
    assert fixed.findings[0] == made.findings[0]
    kept = fixed.findings[1].fix
    assert kept is not None and kept.accepted
    assert "secret-123" not in kept.model_dump_json()


@pytest.mark.parametrize(
    ("number", "passed", "why"), [(0, False, "checked"), (2, True, "2 findings"), (-1, True, "none")]
)
def test_a_fix_that_nobody_accepts_or_of_nothing_is_refused(store: Store, number: int, passed: bool, why: str) -> None:
    store.add_subject(unit(1))
    made = store.add_analysis(analysis_of(unit(1)))
    with pytest.raises(UsageError, match=why):
        store.add_fix(made.id, number, fix(passed=passed))
    with pytest.raises(UsageError, match="no analysis"):
        store.add_fix("0" * 64, 0, fix(passed=True))
    assert store.find_analysis(made.id) == made
