"""Alerts told by contents: both ends of every story are drawn, complete, and told apart by nothing but their contents."""

import json
import random
import re
from collections import Counter, defaultdict
from functools import cache

from secassist.training.scenarios import contents
from secassist.training.scenarios.names import pools
from secassist.training.scenarios.scenario import leaves
from secassist.training.scenarios.shapes import FACT, read

SEVERITIES = re.compile(r"level|sever|prio|score|risk|confidence|等级|级别", re.I)
DRAWN = 6000


@cache
def drawn():
    rng = random.Random(21)
    return [contents.draw(rng) for _ in range(DRAWN)]


def keys(value, above=""):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield f"{above}.{key}"
            yield from keys(inner, f"{above}.{key}")
    elif isinstance(value, list):
        for inner in value:
            yield from keys(inner, above)
    else:
        yield above


def test_every_story_has_two_ends_with_many_contents_and_titles_in_two_languages():
    for story in contents.stories():
        assert len(story["title"]) >= 4 and len(story["title_zh"]) >= 4, story["story"]
        assert all(re.search(r"[\u4e00-\u9fff]", title) for title in story["title_zh"])
        for end in ("bad", "ok"):
            lines = contents.contents(story, end == "ok")
            assert len(set(lines)) == len(lines) >= 8, (story["story"], end)
            for line in lines:
                assert line.count("⟦") == line.count("⟧") and "<<" not in line and ">>⟧" not in line, line


def test_contents_with_chinese_details_belong_to_a_story():
    assert set(read("alert_contents_zh")) <= {story["story"] for story in contents.stories()}


def test_every_story_is_drawn_with_both_ends():
    seen = defaultdict(Counter)
    for one in drawn():
        assert contents.is_content(one.family)
        seen[one.family][one.verdict] += 1
    assert len(seen) == len(contents.stories())
    assert all(ends["malicious"] > 10 and ends["benign"] > 10 for ends in seen.values()), seen
    assert 0.46 < sum(one.verdict == "benign" for one in drawn()) / DRAWN < 0.54


def test_pools_hold_words_and_not_what_yaml_takes_them_for():
    assert not {"True", "False", "None"} & {item for pool in pools().values() for item in pool}


def test_a_form_is_told_in_many_shapes_and_most_of_them_are_chinese():
    shapes = read("alert_shapes_content")
    assert sum(shape["zh"] >= 0.5 for shape in shapes) >= 18
    for form in read("alert_forms"):
        assert sum(form in shape["fits"] for shape in shapes) >= 5, form


def test_alerts_are_json_distinct_and_filled():
    known = set(pools())
    texts = {json.dumps(one.input, sort_keys=True, ensure_ascii=False) for one in drawn()}
    assert len(texts) > 0.98 * DRAWN
    facts = {name for shape in read("alert_shapes_content") for name in FACT.findall(json.dumps(shape["shape"]))}
    for one in drawn():
        for line in leaves(one.input):
            assert not [name for name in re.findall(r"\{([A-Za-z_]+)[0-9*]?\}", line) if name in known], line
            assert line.strip("$") not in facts or not line.startswith("$"), line
            assert not re.search(r"[⟦⟧¦⏎]| @@ | ## | => ", line), line


def test_the_cited_text_stands_in_the_alert_and_the_reason_is_short():
    for one in drawn():
        assert one.cited and all(text and any(text in line for line in leaves(one.input)) for text in one.cited)
        assert all(0 < len(text) <= 160 for text in one.rationale.values())
        assert (one.verdict == "benign") == (one.severity == "info") == (not one.techniques)


def test_no_key_belongs_to_one_end_alone():
    seen = defaultdict(Counter)
    for one in drawn():
        for key in set(keys(one.input)):
            seen[key][one.verdict] += 1
    alone = {key: ends for key, ends in seen.items() if ends.total() >= 12 and len(ends) == 1}
    assert not alone
    assert not {
        key: ends for key, ends in seen.items() if ends.total() >= 60 and min(ends.values()) < 0.15 * ends.total()
    }


def test_no_severity_outcome_or_title_belongs_to_one_end_alone():
    seen = defaultdict(Counter)
    for one in drawn():
        for key, value in one.input.items():
            named = SEVERITIES.search(key) or key in (
                "action",
                "动作",
                "处置动作",
                "attack_result",
                "攻击结果",
                "告警名称",
            )
            if named and not isinstance(value, dict | list):
                seen[key, str(value)][one.verdict] += 1
    common = {what: ends for what, ends in seen.items() if ends.total() >= 16}
    assert len(common) > 60
    assert not {what: ends for what, ends in common.items() if len(ends) == 1}


def test_an_attack_that_worked_is_graver_and_says_so():
    worked = [one for one in drawn() if "worked" in one.rationale["en"]]
    assert len(worked) > 100
    assert all(one.verdict == "malicious" and one.severity in ("medium", "high", "critical") for one in worked)
