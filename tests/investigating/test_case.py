"""What an input names and is, what is linked to it, and which questions fit: on a real store, without a model."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from schemas import (
    Alert,
    Analysis,
    Disposition,
    Field,
    Finding,
    FindingKind,
    Line,
    LogWindow,
    Place,
    Remediation,
    SecretTrace,
    Severity,
    State,
)
from secassist.detectors.base import Signal
from secassist.errors import UsageError
from secassist.investigating import linking
from secassist.investigating.blocks import blocks
from secassist.investigating.case import Investigated, opened
from secassist.investigating.choosing import Open, chosen
from secassist.investigating.entities import Entity, found
from secassist.investigating.linking import links, rarity
from secassist.investigating.progress import progress, proposals
from secassist.investigating.sheet import as_json, sheet
from secassist.investigating.values import values_of
from secassist.investigating.writing import html, markdown, plain
from secassist.store import Answered, Store
from tests.store.samples import LINEAGE, START, verdict

WORD = {
    "host.name": "FIN-LT-1",
    "user.name": "CORP\\m.keller",
    "process.executable": "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe",
    "process.command_line": "powershell.exe -enc QQBB",
    "process.parent.executable": "C:\\Program Files\\Office\\WINWORD.EXE",
    "destination.ip": "203.0.113.77",
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'secassist.db'}", now=lambda: START) as made:
        yield made


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


class TestLinks:
    def test_a_timeline_by_event_time_with_verdicts(self, store: Store) -> None:
        here = judged(store, alert(WORD, 10))
        late = judged(store, alert({"host.name": "fin-lt-1.corp.example", "n": "1"}, 30, "Late"))
        early = judged(store, alert({"user": "m.keller", "n": "2"}, 5, "Early"), disposition=Disposition.FALSE_POSITIVE)
        judged(store, alert({"host.name": "FIN-LT-11", "note": "m.kellerman"}, 7, "Other"))
        made = links(store, case(store, here))
        assert [each.analysis_id for each in made.linked] == [early.id, late.id]
        assert made.linked[0].disposition is Disposition.FALSE_POSITIVE
        assert made.linked[0].shared == (("user", "CORP\\m.keller"),)
        assert made.total == 2 and made.read == 3

    def test_a_word_of_that_spelling_is_no_link(self, store: Store) -> None:
        here = judged(store, alert({"user.name": "backup"}))
        judged(store, alert({"note": "the backup ran"}, 1))
        assert links(store, case(store, here)).linked == ()

    def test_the_beginning_of_a_line_in_a_window_is_seen(self, store: Store) -> None:
        here = judged(store, alert({"source.ip": "203.0.113.9"}))
        other = judged(store, LogWindow(source="syslog", title="w", body="one\n203.0.113.9 - - GET /\n203.0.113.99 x"))
        assert [each.analysis_id for each in links(store, case(store, here)).linked] == [other.id]

    def test_a_common_value_links_nothing_and_is_told(self, store: Store) -> None:
        here = judged(store, alert(WORD))
        for number in range(12):
            judged(store, alert({"host.name": "FIN-LT-1", "n": str(number)}, number))
        made = links(store, case(store, here))
        assert made.linked == ()
        assert [(each.kind, each.number) for each in made.common] == [("host", 12)]

    def test_how_rare_is_rare(self) -> None:
        assert [rarity(read) for read in (0, 8, 30, 500, 5_000, 100_000)] == [5, 5, 15, 20, 50, 1000]

    def test_what_is_shown_and_read_is_bounded(self, store: Store) -> None:
        here = judged(store, alert(WORD))
        for number in range(5):
            judged(store, alert({"host.name": "FIN-LT-1", "n": str(number)}, number + 1))
        made = links(store, case(store, here), shown=2)
        assert len(made.linked) == 2 and made.total == 5
        assert [each.when for each in made.linked] == sorted(each.when for each in made.linked)
        assert links(store, case(store, here), read=3).more

    def test_no_more_than_enough_are_counted(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(linking, "ENOUGH", 7)
        here = judged(store, alert(WORD))
        for number in range(12):
            judged(store, alert({"host.name": "FIN-LT-1", "n": str(number)}, number))
        assert links(store, case(store, here)).common[0].number == 8

    def test_the_same_secret_is_known_by_its_keyed_hash(self, store: Store) -> None:
        first, second, other = (secret(store, number, key) for number, key in ((1, "a"), (2, "a"), (3, "b")))
        made = links(store, case(store, first))
        assert [each.analysis_id for each in made.linked] == [second.id] != [other.id]
        assert made.linked[0].shared == (("secret", "ghp_****abcd"),)


def secret(store: Store, number: int, key: str) -> Analysis:
    subject = alert({"n": f"x{number}"}, number)
    store.add_subject(subject)
    trace = SecretTrace(mask="ghp_****abcd", hmac=key * 64, length=40)
    place = Place(path="a.py", start_line=3, end_line=3)
    values = {"kind": FindingKind.SECRET, "rule": "github-token", "message": "m", "place": place, "secret": trace}
    finding = Finding(**values, severity=Severity.HIGH, confidence=0.9)  # type: ignore[arg-type]
    kind = {"analyzer": "sensitive", "subject_id": subject.id, "subject_kind": subject.kind}
    made = Analysis(**kind, lineage=LINEAGE, state=State.OK, findings=(finding,))  # type: ignore[arg-type]
    return store.add_analysis(made)


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


class TestChoosing:
    def test_a_process_is_asked_about_by_its_technique(self, store: Store) -> None:
        made = chosen(case(store, judged(store, alert(WORD), techniques=("T1059.001",))))
        assert {"command-decoded", "parent-usual", "owner-confirms"} <= set(names(made))
        assert not [name for name in names(made) if name.startswith(("mail-", "web-", "cloud-", "secret-"))]
        assert [each.number for each in made] == list(range(1, len(made) + 1))
        assert told(made, "parent-usual") == "no"

    def test_a_family_and_its_members(self, store: Store) -> None:
        """What is asked of added keys of cloud users is not asked of an SSH key, though both are account manipulation."""
        made = chosen(case(store, judged(store, alert(WORD), techniques=("T1098.004",))), everything=True)
        assert "ssh-key-known" in names(made) and "access-change-wanted" not in names(made)

    def test_mail(self, store: Store) -> None:
        mail = {"from": "a@evil.example", "to": "b@corp.example", "subject": "Pay", "auth.spf": "fail", "body": "IBAN"}
        made = chosen(case(store, judged(store, alert(mail))))
        assert all(name.startswith("mail-") for name in names(made))
        assert told(made, "mail-auth-failed") == "yes" and told(made, "mail-payment") == "yes"

    def test_a_failed_logon_has_no_afterwards(self, store: Store) -> None:
        fields = {
            "event.code": "4625",
            "user.name": "ana",
            "logontype": "3",
            "source.ip": "10.0.0.9",
            "host.name": "h-1",
        }
        made = names(chosen(case(store, judged(store, alert(fields))), everything=True))
        assert "logon-failures-many" in made and "logon-acted-after" not in made

    def test_queries_hold_the_case_and_its_time(self, store: Store) -> None:
        made = chosen(case(store, judged(store, alert(WORD), techniques=("T1059.001",))), everything=True)
        queries = {q.language: q.text for each in made if each.question.id == "other-alerts-host" for q in each.queries}
        assert 'host.name: "FIN-LT-1"' in queries["kql"]
        assert queries["kql"].startswith('@timestamp >= "2026-10-31T08:00:00Z" and @timestamp < "2026-11-02T08:00:00Z"')
        assert queries["spl"].startswith("earliest=1793433600 latest=1793606400 ")

    def test_commands_are_for_the_platform(self, store: Store) -> None:
        made = chosen(case(store, judged(store, alert(WORD), techniques=("T1003.001",))), everything=True)
        languages = {query.language for each in made for query in each.queries}
        assert "powershell" in languages and "shell" not in languages

    def test_a_hostile_host_gets_no_broken_query(self, store: Store) -> None:
        fields = {**WORD, "host.name": "a`$(x)` | delete *"}
        made = chosen(case(store, judged(store, alert(fields))), everything=True)
        splunk = [q for each in made for q in each.queries if q.language == "spl" and "host" in each.question.needs]
        assert splunk and all(q.text == "" and "as text" in q.reason and q.reason_zh for q in splunk)


class TestProgress:
    def opened(self, store: Store) -> tuple[Analysis, tuple[Open, ...]]:
        analysis = judged(store, alert(WORD), techniques=("T1059.001",))
        return analysis, chosen(case(store, analysis))

    def answer(self, analysis: Analysis, each: Open, word: str) -> Answered:
        return Answered(analysis.id, each.question.id, word, "ana", "", "2026-11-01T08:00:00Z")

    def away(self, each: Open) -> str:
        return "no" if each.question.attack == "yes" else "yes"

    def test_open_until_nothing_can_turn_it(self, store: Store) -> None:
        analysis, made = self.opened(store)
        one = progress(made, [self.answer(analysis, made[0], made[0].question.attack)])
        assert (one.answered, one.for_attack, one.against, one.side) == (1, 1, 0, "")
        assert proposals(analysis, one) == ()
        every = progress(made, [self.answer(analysis, each, each.question.attack) for each in made])
        assert every.side == "attack"
        assert proposals(analysis, every) == (f"secassist advise {analysis.id[:12]}",)

    def test_a_false_alarm_is_proposed_never_made(self, store: Store) -> None:
        analysis, made = self.opened(store)
        done = progress(made, [self.answer(analysis, each, self.away(each)) for each in made])
        assert done.side == "harmless" and done.otherwise == "allowed"
        assert "--disposition benign_expected" in proposals(analysis, done)[0]
        assert store.find_analysis(analysis.id) == analysis

    def test_answers_that_contradict_each_other_settle_nothing(self, store: Store) -> None:
        analysis, made = self.opened(store)
        words = [each.question.attack if each.number % 2 else self.away(each) for each in made]
        done = progress(made, [self.answer(analysis, each, word) for each, word in zip(made, words, strict=True)])
        assert done.side == "balanced" and done.for_attack and done.against

    def test_unknown_says_nothing(self, store: Store) -> None:
        analysis, made = self.opened(store)
        done = progress(made, [self.answer(analysis, each, "unknown") for each in made])
        assert (done.side, done.unknown) == ("balanced", len(made))
        assert "--disposition not_evaluable" in proposals(analysis, done)[0]

    def test_the_input_counts_against_itself_only(self, store: Store) -> None:
        note = {
            **WORD,
            "note": "approved change CHG-20931",
            "process.parent.executable": "C:\\Windows\\CCM\\CcmExec.exe",
        }
        made = chosen(case(store, judged(store, alert(note), techniques=("T1059.001",))))
        assert told(made, "change-approved") == "yes"
        assert progress(made, []).told == 0
        accused = chosen(case(store, judged(store, alert(WORD), techniques=("T1059.001",))))
        assert progress(accused, []).told == 1
        assert progress(accused, []).side == ""


class TestWriting:
    def made(self, store: Store, language: str = "en") -> str:
        fields = {**WORD, "note": "<script>alert(1)</script> `x` \x1b[2J\u202e"}
        analysis = judged(store, alert(fields, title="<b>T</b> \x1b[31m"), techniques=("T1059.001",))
        opened_ = case(store, analysis)
        shown = sheet(opened_, links(store, opened_), (), language, False)
        listed = list(blocks(shown))
        assert json.loads(as_json(shown))["analyses"][0]["id"] == analysis.id
        page, text, ticket = html(listed, language), plain(listed, 80), markdown(listed)
        assert "<script>" not in page and "<b>T" not in page
        assert not [each for each in (page, text, ticket) if "\x1b" in each or "\u202e" in each]
        assert "\\<b\\>T" in ticket
        return text

    def test_english(self, store: Store) -> None:
        text = self.made(store)
        assert "What is known" in text and "0 of 10 answered" in text
        assert "The verdict stands until a person corrects it" in text

    def test_chinese(self, store: Store) -> None:
        text = self.made(store, "zh")
        assert "已知情况" in text and "主机: FIN-LT-1" in text and "已回答 0 / 10" in text
        assert "points to" not in text and "What" not in text


class TestTitles:
    def test_words_of_a_title_bring_questions_where_nothing_is_proved(self, store: Store) -> None:
        fields = {"dns.question.name": "a1.tun.badcdn.example", "host.name": "LT-88"}
        made = case(store, judged(store, alert(fields, title="DNS tunnel suspected")))
        assert made.hinted and not made.techniques
        assert "dns-names-long" in names(chosen(made))

    def test_the_title_of_a_mail_is_its_senders(self, store: Store) -> None:
        fields = (Field(path="from", value="a@evil.example"), Field(path="auth.spf", value="pass"))
        mail = Alert(source="eml", origin="a.eml", title="Inbox rule created", fields=fields)
        assert case(store, judged(store, mail)).hinted == ()

    def test_who_something_was_done_to(self, store: Store) -> None:
        fields = {"TargetUserName": "support_1", "SubjectUserName": "b.kim", "event.code": "4720"}
        made = values_of(case(store, judged(store, alert(fields))))
        assert (made["account"], made["changed"]) == ("b.kim", "support_1")

    def test_of_many_accounts_the_one_that_got_in(self, store: Store) -> None:
        tried = [
            f"Mar 14 03:00:0{n} b-1 sshd[{n}]: Failed password for u{n} from 203.0.113.9 port 1 ssh2" for n in range(5)
        ]
        got_in = "Mar 14 03:01:16 b-1 sshd[9]: Accepted password for deploy from 203.0.113.9 port 4 ssh2"
        window = LogWindow(source="syslog", title="w", body="\n".join([*tried, got_in]))
        analysis = judged(store, window, techniques=("T1110",))
        cited = Signal("log:login-after-failures", "m", Severity.HIGH, lines=(1, 2, 6))
        made = opened(store, [analysis], lambda _: (cited,))
        assert values_of(made)["account"] == "deploy"
        assert told(chosen(made, everything=True), "guess-succeeded") == "yes"

    def test_names_of_the_own_organisation_link_no_mail(self, store: Store) -> None:
        mail = {"from": "a@evil.example", "to": "b@corp.example", "urls.text": "https://portal.corp.example/x"}
        here = judged(store, alert(mail))
        judged(store, alert({"from": "c@other.example", "to": "d@corp.example", "urls.text": mail["urls.text"]}, 5))
        assert links(store, case(store, here)).linked == ()


@pytest.mark.parametrize("when", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_a_time_without_a_period_around_it_is_told_as_none(store: Store, when: str) -> None:
    subject = alert(WORD).model_copy(update={"observed_at": when})
    made = case(store, judged(store, subject))
    assert made.observed is None
    texts = [query.text for each in chosen(made, everything=True) for query in each.queries]
    assert any(texts)
    assert not any("@timestamp" in text or "earliest=" in text for text in texts)


def test_a_chinese_name_of_two_characters_links_and_two_letters_do_not(store: Store) -> None:
    first = judged(store, alert({"user.name": "张伟", "host.name": "ab"}))
    other = judged(store, alert({"user.name": "张伟", "host.name": "ab"}, minutes=5))
    judged(store, alert({"user.name": "张伟民", "host.name": "ab"}, minutes=9))
    (found_,) = links(store, case(store, first)).linked
    assert (found_.analysis_id, found_.shared) == (other.id, (("user", "张伟"),))
