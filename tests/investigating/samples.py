"""Stored alerts and windows with a verdict, for tests of investigations."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from schemas import (
    Alert,
    Analysis,
    Field,
    LogWindow,
    State,
)
from secassist.detectors.base import Signal
from secassist.investigating.case import Investigated, opened
from secassist.investigating.choosing import Open
from secassist.store import Store
from tests.store.samples import LINEAGE, START, verdict

WORD = {
    "host.name": "FIN-LT-1",
    "user.name": "CORP\\m.keller",
    "process.executable": "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe",
    "process.command_line": "powershell.exe -enc QQBB",
    "process.parent.executable": "C:\\Program Files\\Office\\WINWORD.EXE",
    "destination.ip": "203.0.113.77",
}


def alert(fields: Mapping[str, str], minutes: int = 0, title: str = "Odd") -> Alert:
    when = (START + timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z")
    made = tuple(Field(path=path, value=value) for path, value in fields.items())
    return Alert(source="json", origin="a.jsonl:1", title=title, fields=made, observed_at=when)


def judged(store: Store, subject: Alert | LogWindow, **more: object) -> Analysis:
    store.add_subject(subject)
    values: dict[str, object] = {"techniques": (), **more}
    made = Analysis(
        analyzer="triage",
        subject_id=subject.id,
        subject_kind=subject.kind,
        title=subject.title,
        lineage=LINEAGE,
        state=State.OK,
        verdict=verdict(**values),  # type: ignore[arg-type]
    )
    return store.add_analysis(made)


def silent(_subject: Alert | LogWindow) -> Sequence[Signal]:
    return ()


def case(store: Store, *analyses: Analysis) -> Investigated:
    return opened(store, analyses, silent)


def names(made: Sequence[Open]) -> list[str]:
    return [each.question.id for each in made]


def told(made: Sequence[Open], id_: str) -> str:
    answer = next(each.told for each in made if each.question.id == id_)
    return answer.answer if answer else ""
