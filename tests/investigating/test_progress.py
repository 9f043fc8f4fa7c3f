"""How far an investigation is, and how its sheet is written."""

import json

from schemas import (
    Analysis,
)
from secassist.investigating.blocks import blocks
from secassist.investigating.choosing import Open, chosen
from secassist.investigating.linking import links
from secassist.investigating.progress import progress, proposals
from secassist.investigating.sheet import as_json, sheet
from secassist.investigating.writing import html, markdown, plain
from secassist.store import Answered, Store
from tests.investigating.samples import WORD, alert, case, judged, told


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
