"""Which questions fit a case and what their queries hold: on a real store, without a model."""

import pytest

from schemas import (
    Alert,
    Field,
    LogWindow,
    Severity,
)
from secassist.detectors.base import Signal
from secassist.investigating.case import opened
from secassist.investigating.choosing import chosen
from secassist.investigating.linking import links
from secassist.investigating.values import values_of
from secassist.store import Store
from tests.investigating.samples import WORD, alert, case, judged, names, told
from tests.store.samples import START


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


class TestAccountsAndTimes:
    def test_a_made_account_is_asked_about_beside_who_made_it(self, store: Store) -> None:
        line = "Nov 23 07:00:01 web-07 sudo: ops.lee : TTY=pts/0 ; USER=root ; COMMAND=/usr/sbin/useradd -m sysupd"
        made = case(store, judged(store, LogWindow(source="syslog", title="w", body=line)))
        assert (values_of(made)["account"], values_of(made)["changed"]) == ("ops.lee", "sysupd")
        asked = {each.question.id: each for each in chosen(made, everything=True)}["account-requested"]
        assert any("'sysupd'" in query.text for query in asked.queries)

    def test_of_two_who_acted_none_is_taken_for_the_account_that_was_changed(self, store: Store) -> None:
        made = values_of(case(store, judged(store, alert({"user.name": "a.one", "SubjectUserName": "b.two"}))))
        assert made["account"] == "a.one" and "changed" not in made

    def test_a_machine_account_is_not_who_logged_on(self, store: Store) -> None:
        fields = {"EventID": "4624", "SubjectUserName": "DC-1$", "TargetUserName": "y.sato"}
        assert values_of(case(store, judged(store, alert(fields))))["account"] == "y.sato"

    def test_a_log_tells_its_time_from_the_cited_line(self, store: Store) -> None:
        body = "Oct 30 07:00:01 b-1 cron[1]: x\nOct 31 08:00:02 b-1 sshd[2]: Accepted password for ana from 203.0.113.9"
        analysis = judged(store, LogWindow(source="syslog", title="w", body=body))
        made = opened(store, [analysis], lambda _: (Signal("r", "m", Severity.HIGH, lines=(2,)),))
        assert made.observed and made.observed[0].isoformat() == f"{START.year}-10-31T08:00:02+00:00"

    def test_a_stored_alert_without_a_time_is_read_again(self, store: Store) -> None:
        subject = alert({"event.ProcessStartTime": "1795417201"}).model_copy(update={"observed_at": ""})
        made = case(store, judged(store, subject))
        assert made.observed and made.observed[0].isoformat() == "2026-11-23T07:00:01+00:00"


@pytest.mark.parametrize("when", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_a_time_without_a_period_around_it_is_told_as_none(store: Store, when: str) -> None:
    subject = alert(WORD).model_copy(update={"observed_at": when})
    made = case(store, judged(store, subject))
    assert made.observed is None
    texts = [query.text for each in chosen(made, everything=True) for query in each.queries]
    assert any(texts)
    assert not any("@timestamp" in text or "earliest=" in text for text in texts)
