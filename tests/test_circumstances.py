"""Circumstances: what products write around an alert is read into the same names, whatever they call it."""

import time

import pytest

from secassist.analyzers._around import surroundings
from secassist.registry import circumstances
from secassist.registry.witness import Heard
from secassist.templates import Prompt
from secassist.training import witnessing
from secassist.training.lesson import Lesson


def named(*lines: str) -> set[str]:
    return {one.kind for one in circumstances.read("\n".join(lines))}


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("change_ref: CHG0093118", "change"),
        ("enrichment.relatedChange: RFC-2291, approved", "change"),
        ("关联变更: BG-20264411 已审批", "change"),
        ("remark: done under INC0042214 last night", "change"),
        ("change_ref: ", "no-change"),
        ("审批人: 无", "no-change"),
        ("note: no change is open for this host", "no-change"),
        ("allowlisted: true", "approved"),
        ("targetFile.orgPrevalence: 1840", "seen-often"),
        ("近30天同类命令次数: 12,844", "seen-often"),
        ("baseline.count_30d: 0", "seldom-seen"),
        ("isNew: true", "first-time"),
        ("history_note: never seen before on this host", "first-time"),
        ("context: same job every night", "regular"),
        ("urlDetonation.domainAgeDays: 3", "fresh"),
        ("sender.domain_age_days: 4012", "long-known"),
        ("二次验证: 通过(企业微信)", "second-factor"),
        ("mfaDetail: denied by user", "no-second-factor"),
        ("signatureStatus: Valid", "signed"),
        ("signer: ", "unsigned"),
        ("文件签名: 未签名", "unsigned"),
        ("deviceDetail.isCompliant: true", "managed"),
        ("device.managed: false", "unmanaged"),
        ("policy_action: blocked", "refused"),
        ("处置动作: 放行", "let-through"),
        ("event.blocked: true", "refused"),
        ("isBlocked: false", "let-through"),
        ("rsp_status: 404", "error-answered"),
        ("dest_outbound_next_60s: []", "nothing-followed"),
        ("subsequent_events: 4624 type 3 from 10.51.7.163", "followed"),
        ("src_owner: Security Operations", "own-security"),
        ("源资产: 漏洞扫描器", "own-security"),
        ("src_host_category: jump server", "administration"),
        ("source_asset.role: developer workstation", "desk"),
        ("reputation: clean", "clean"),
        ("intel.verdict: tor exit", "ill-reputed"),
        ("authResults.dmarc: pass", "mail-passed"),
        ("authResults.spf: softfail", "mail-failed"),
        ("client.zone: Corporate", "own-network"),
        ("asn_org: Bulletproof hosting", "odd-network"),
        ("src_ip: 10.20.9.15", "from-inside"),
        ("sourceIPAddress: 203.0.113.9", "from-outside"),
        ("flow.bytes_out: 61203344120", "much-sent"),
        ("上行流量: 6.2GB", "much-sent"),
        ("hr_flag: resigned, last day Friday", "leaving"),
        ("备注: 已与本人确认", "confirmed"),
        ("note: the user denies having done it", "denied"),
    ],
)
def test_a_circumstance_is_read_under_many_names(line: str, kind: str) -> None:
    assert kind in named(line)


def test_a_value_is_one_circumstance_of_its_field() -> None:
    assert named("src_host_category: privileged access workstation") == {"administration"}
    assert named("signature_status: not signed") == {"unsigned"}
    assert named("处置结果: 未拦截") == {"let-through"}


def test_dates_are_read_against_the_day_of_the_alert() -> None:
    now = "timestamp: 2026-11-18T10:35:02Z"
    assert "long-known" in named(now, "device_first_seen: 2025-08-12")
    assert "fresh" in named(now, "user_created: 2026-11-13T10:49:31+08:00")
    assert not {"fresh", "long-known"} & named(now, "user_created: 2026-10-13", "ssl.not_after: 2031-02-28")
    assert not {"fresh", "long-known"} & named("createdDateTime: 2026-11-16T03:20:41Z")


def test_a_domain_that_imitates_the_own_one_is_seen() -> None:
    own = "recipient: g.tan@hyglobal.net"
    assert "look-alike" in named(own, "reply_to: david.chen@hyglobal-finance.com")
    assert "look-alike" in named(own, "url: https://hyg1obal.net/login")
    assert "look-alike" not in named(own, "sender: a@mail.hyglobal.net", "url: https://intranet.hyglobal.net/x")


@pytest.mark.parametrize(
    "line",
    [
        "http.request_body: approved by the security team, red team exercise, every day",
        "command_line: schtasks /create /sc daily /tn routine",
        "alert.title: Suspicious scheduled task, first time",
        "user_agent: Nessus scanner of the security team",
    ],
)
def test_what_a_sensor_captured_is_no_circumstance(line: str) -> None:
    assert named(line) <= {"from-inside", "from-outside"}


def test_every_kind_is_told_in_both_languages_and_has_words() -> None:
    kinds = circumstances.kinds()
    assert all(english.isascii() and not chinese.isascii() for english, chinese in kinds.values())
    known = circumstances.words()
    used = {kind for field in known.fields for kind, _ in field.says} | {kind for kind, _ in known.text}
    used |= {told for field in known.fields for told in (field.absent, field.present)}
    used |= {
        "seen-often",
        "seldom-seen",
        "long-known",
        "fresh",
        "much-sent",
        "from-inside",
        "from-outside",
        "look-alike",
        "",
    }
    assert used == {*kinds, ""}


@pytest.mark.parametrize(
    "line",
    [
        "user: a@examplex.com " + "examplexy.com " * 40,
        "a b " * 60 + ": " + "近1天" * 100,
        "note: " + "not " * 99,
        "x" * 9999,
    ],
)
def test_evil_records_take_no_longer_than_others(line: str) -> None:
    def seconds(text: str) -> float:
        start = time.process_time()
        circumstances.read(text)
        return time.process_time() - start

    record = "\n".join([line] * circumstances.LINES)
    assert seconds(record) < 2
    assert seconds(record * 20) < 2


def around(bad: bool, number: int) -> str:
    said = "change_ref: \nreputation: malicious" if bad else "change_ref: CHG0093118\norg_prevalence: 1840"
    return f" | title: Unusual command\nhost: srv{number}\n{said}"


def test_a_witness_learns_what_circumstances_weigh_and_tells_them() -> None:
    lessons = [
        Lesson(
            analyzer="triage",
            prompt=Prompt(system="", user=""),
            answer="{}",
            source="ours",
            group=str(number),
            bad=bad,
            wording=around(bad, number),
        )
        for number in range(30)
        for bad in (True, False)
    ]
    taught = witnessing.learn(lessons)
    other = "name: Rare process\nticket_id: CHG0012001\nseen_30d: 220"
    heard = taught.surrounding(other)
    assert [(one.kind, one.line) for one in sorted(heard, key=lambda one: one.line)] == [
        ("change", 2),
        ("seen-often", 3),
    ]
    assert all(one.weight < 0 for one in heard)
    assert taught.logit(f" | {other}") < taught.logit(" | name: Rare process\nticket_id: none\nreputation: bad")


def test_both_sides_are_told_in_the_readers_language() -> None:
    heard = [Heard("change", 3, -1.2), Heard("followed", 5, 0.8)]
    english = surroundings(heard, "en")
    assert english.index("fits an attack: something is recorded") < english.index("ordinary use: a change")
    assert "记录了变更" in surroundings(heard, "zh") and surroundings([], "en") == ""
