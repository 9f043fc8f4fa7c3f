"""Left-out sources: facts rank by gravity, nothing of a left-out source is learned from, the page has its mean."""

import numpy as np
import pytest

from benchmarks.quality import unseen
from secassist.templates import Prompt
from secassist.training.lesson import Lesson


def lesson(source: str, bad: bool, wording: str) -> Lesson:
    prompt = Prompt(system="", user="")
    return Lesson(analyzer="triage", prompt=prompt, answer="{}", source=source, group=wording, bad=bad, wording=wording)


def test_the_gravest_fact_ranks_first_and_more_of_them_before_fewer() -> None:
    told = ["sigma:a high. | x", "sigma:a low. web:b medium. | x", "sigma:a low. | x", " | x high."]
    scores = unseen.facts([], [lesson("s", True, wording) for wording in told])
    assert list(np.argsort(-scores)) == [0, 1, 2, 3]


def test_nothing_of_a_left_out_source_is_learned_from(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[set[str]] = []

    def spying(known: object, judged: object) -> unseen.Scores:
        seen.append({one.source for one in known})  # type: ignore[attr-defined]
        return np.arange(len(judged), dtype=np.float64)  # type: ignore[arg-type]

    monkeypatch.setattr(unseen, "WAYS", {"spy": spying})
    taught = [lesson(source, bad, f"{source}{bad}") for source in ("a", "b", "written") for bad in (True, False)]
    cells = unseen._row(("a", "b"), taught)
    assert seen == [{"written"}] and cells[:3] == ["a against b", "1", "1"]
    assert unseen._row(("a", "absent"), taught) == []


def test_the_page_ends_with_the_mean_of_the_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unseen, "WAYS", {"one": unseen.facts})
    text = unseen.page([["a", "1", "1", "0.500 (0.4-0.6)"], ["b", "1", "1", "0.700 (0.6-0.8)"]], [])
    assert text.rstrip().endswith("| mean | | | **0.600** |")
