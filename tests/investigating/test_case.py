"""What an input names and is, and which analyses are a case: on a real store, without a model."""

from datetime import timedelta

import pytest

from schemas import (
    Analysis,
    Line,
    Remediation,
    State,
)
from secassist.errors import UsageError
from secassist.investigating.entities import Entity, found
from secassist.investigating.linking import links
from secassist.investigating.values import values_of
from secassist.store import Store
from tests.investigating.samples import WORD, alert, case, judged
from tests.store.samples import LINEAGE, START


class TestEntities:
    def test_every_value_with_its_place(self, store: Store) -> None:
        made = {(each.kind, each.value): each for each in case(store, judged(store, alert(WORD))).entities}
        assert made["host", "FIN-LT-1"].lines == (1,) and made["host", "FIN-LT-1"].field == "host.name"
        assert made["user", "CORP\\m.keller"].key == ("user", "m.keller")
        assert made["target", "203.0.113.77"].key == ("address", "203.0.113.77")
        assert ("parent", "C:\\Program Files\\Office\\WINWORD.EXE") in made

    @pytest.mark.parametrize(
        ("line", "kind", "value"),
        [
            (
                "Mar 14 03:01:16 bastion-01 sshd[20439]: Accepted password for deploy from 203.0.113.91",
                "user",
                "deploy",
            ),
            ("Mar 14 03:01:16 bastion-01 sshd[2]: Failed password for invalid user adm from 10.0.0.1", "user", "adm"),
            ("Mar 14 03:01:16 bastion-01 sshd[2]: x", "host", "bastion-01"),
            ("sudo:   deploy : TTY=pts/0 ; COMMAND=/usr/bin/id", "user", "deploy"),
            ("sudo:   deploy : TTY=pts/0 ; COMMAND=/usr/bin/id", "command", "/usr/bin/id"),
        ],
    )
    def test_lines_of_logs(self, line: str, kind: str, value: str) -> None:
        assert (kind, value) in {(each.kind, each.value) for each in found([Line(number=1, text=line)])}

    @pytest.mark.parametrize(
        "line",
        ["pam_unix: user= rhost=203.0.113.9", "GET / HTTP/1.1 for nobody", "the user is away", "User-Agent: x"],
    )
    def test_words_that_are_no_users(self, line: str) -> None:
        assert "user" not in {each.kind for each in found([Line(number=1, text=line)])}

    def test_the_line_of_the_evidence_comes_first(self) -> None:
        lines = [Line(number=n, text=f"from 203.0.113.{n}") for n in (1, 2, 3)]
        assert found(lines, {3})[0].value == "203.0.113.3"

    def test_many_of_a_kind_are_bounded(self) -> None:
        lines = [Line(number=n + 1, text=f"from 203.0.113.{n}") for n in range(200)]
        assert len(found(lines)) <= 12

    @pytest.mark.parametrize(
        ("kind", "value"),
        [("user", "NT AUTHORITY\\SYSTEM"), ("user", "root"), ("address", "127.0.0.1"), ("file", "C:\\a.exe")],
    )
    def test_what_everybody_has_links_nothing(self, kind: str, value: str) -> None:
        assert not Entity(kind, value, (1,)).links

    def test_a_masked_value_is_told(self) -> None:
        made = found([Line(number=1, text="x -pw [password:Ki****17]", field="process.command_line")])
        assert made[0].masked


class TestValues:
    def test_links_that_lead_elsewhere_and_people(self, store: Store) -> None:
        mail = {"from": "a@evil.example", "to": "b@corp.example", "auth.spf": "pass"}
        urls = {"urls.text": "https://portal.corp.example/x", "urls.href": "https://evil.example/keep"}
        assert values_of(case(store, judged(store, alert({**mail, **urls}))))["site"] == "evil.example"

    def test_a_service_is_not_telephoned(self, store: Store) -> None:
        made = values_of(case(store, judged(store, alert({**WORD, "user.name": "CORP\\svc-print"}))))
        assert made["robot"] == "svc-print" and "person" not in made
        assert values_of(case(store, judged(store, alert(WORD))))["person"] == "m.keller"

    def test_the_account_of_the_machine_is_nobody(self, store: Store) -> None:
        made = values_of(case(store, judged(store, alert({**WORD, "user.name": "NT AUTHORITY\\SYSTEM"}))))
        assert not {"account", "person", "robot"} & made.keys()


class TestOpening:
    def test_advice_names_what_it_is_about(self, store: Store) -> None:
        subject = alert(WORD)
        store.add_subject(subject)
        values = {"analyzer": "remediate", "subject_id": subject.id, "subject_kind": subject.kind, "lineage": LINEAGE}
        advice = Remediation(about="ab" * 32, summary="s", steps=())
        made = store.add_analysis(Analysis(**values, state=State.OK, remediation=advice))  # type: ignore[arg-type]
        with pytest.raises(UsageError, match="investigate what it is about: abababababab"):
            case(store, made)

    def test_a_review_of_code_says_what_can_be_investigated(self, store: Store) -> None:
        subject = alert(WORD)
        store.add_subject(subject)
        values = {"analyzer": "review", "subject_id": subject.id, "subject_kind": subject.kind, "lineage": LINEAGE}
        made = store.add_analysis(Analysis(**values, state=State.OK))  # type: ignore[arg-type]
        with pytest.raises(UsageError, match="triaged alerts, log windows and e-mail"):
            case(store, made)

    def test_a_purged_input_says_so(self, store: Store) -> None:
        made = judged(store, alert(WORD))
        store.purge({"subjects": START + timedelta(days=1)})
        with pytest.raises(UsageError, match="purged"):
            case(store, made)

    def test_several_are_one_case(self, store: Store) -> None:
        first, second = judged(store, alert(WORD, 0)), judged(store, alert({"source.ip": "198.51.100.1"}, 60))
        made = case(store, first, second, first)
        assert [member.analysis.id for member in made.members] == [first.id, second.id]
        assert made.lead.analysis.id == first.id
        assert made.observed == (START, START + timedelta(minutes=60))
        assert links(store, made).read == 0
