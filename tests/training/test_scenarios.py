"""Generated training text: labelled, distinct, the same for the same seed, and true to what it claims about itself."""

import ast
import json
import re
from collections import Counter, defaultdict
from functools import cache

import pytest

from secassist.training.scenarios import alerts, generate, letters
from secassist.training.scenarios.code import generate_code
from secassist.training.scenarios.documents import generate_documents
from secassist.training.scenarios.names import Names, pools
from secassist.training.scenarios.reports import generate_reports
from secassist.training.scenarios.rules import rules
from secassist.training.scenarios.scenario import leaves
from secassist.training.scenarios.tables import families
from secassist.training.scenarios.values import MAKERS, luhn

DISPOSITIONS = {
    "malicious": {"true_positive"},
    "suspicious": {"suspicious"},
    "benign": {"benign_expected", "false_positive"},
}


@cache
def sample():
    return list(generate(11, 5000))


def test_five_thousand_inputs_are_distinct_and_balanced():
    scenarios = sample()
    assert len({json.dumps(s.input, sort_keys=True) for s in scenarios}) == len({s.id for s in scenarios}) == 5000
    verdicts = Counter(s.verdict for s in scenarios)
    assert 0.40 < verdicts["benign"] / 5000 < 0.60 and verdicts["suspicious"] > 150
    assert 0.30 < sum(s.language == "zh" for s in scenarios) / 5000 < 0.40


def test_text_is_not_one_sentence_over_and_over():
    commands = [s.input["command"] for s in sample() if s.input.get("kind") == "command"]
    shapes = Counter(re.sub(r"[0-9a-f]{6,}|\d+|[A-Za-z]+(?=\.(?:exe|dll|dat))", "#", c) for c in commands)
    assert len(shapes) > 0.4 * len(commands)
    assert max(Counter(s.rationale["en"] for s in sample()).values()) < 60


def test_same_seed_same_scenarios_other_seed_others():
    first = [s.id for s in generate(3, 300)]
    assert first == [s.id for s in generate(3, 300)]
    assert len(set(first) & {s.id for s in generate(4, 300)}) < 60


def test_many_families_and_each_has_its_harmless_twin():
    assert len(families()) >= 90
    for family in families():
        assert {case.verdict == "benign" for case in family.cases} == {True, False}, family.name
    seen = defaultdict(set)
    for scenario in generate(11, 10_000):
        seen[scenario.family].add(scenario.verdict == "benign")
        assert scenario.group == f"scenario:{scenario.family}"
    assert sum(len(kinds) == 2 for kinds in seen.values()) >= 0.95 * len(seen)


def test_labels_agree_with_each_other():
    for s in sample():
        assert s.disposition in DISPOSITIONS[s.verdict]
        assert s.severity in {"info", "low", "medium", "high", "critical"}
        assert (s.verdict == "benign") == (s.severity == "info")
        assert (s.verdict == "benign") == (not s.techniques), s.family
        assert all(re.fullmatch(r"T\d{4}(\.\d{3})?", t) for t in s.techniques)


def test_citations_stand_in_one_line_of_the_input():
    for s in sample():
        lines = list(leaves(s.input))
        assert s.cited
        assert all(any(cite in line for line in lines) for cite in s.cited), (s.family, s.cited)


def test_rationales_are_short_filled_and_in_their_language():
    for s in sample():
        assert set(s.rationale) == {"en", "zh"}
        assert all(0 < len(text) <= 160 and not re.search(r"\{[a-z_]+\}", text) for text in s.rationale.values())
        assert re.search(r"[\u4e00-\u9fff]", s.rationale["zh"])
        assert all(0 < len(item) <= 60 for item in s.missing)


def test_no_slot_is_left_open_in_an_input():
    known = set(pools())
    for s in sample():
        for line in leaves(s.input):
            assert not [name for name in re.findall(r"\{([A-Za-z_]+)[0-9*]?\}", line) if name in known], (
                s.family,
                line,
            )


def test_inputs_have_the_shapes_of_the_public_rows():
    shapes = {
        ("kind", "shell", "platforms", "command"),
        ("kind", "command"),
        ("kind", "ext", "text"),
        ("kind", "raw"),
        ("kind", "payload"),
        ("log_type", "event"),
        ("log_type", "rule", "event"),
        ("log_type", "lines"),
        ("log_type", "alert", "entities"),
        ("from", "reply_to", "return_path", "subject", "body", "urls", "attachments"),
    }
    allowed = {frozenset(shape) for shape in shapes}
    assert allowed <= {frozenset(s.input) for s in sample()}
    bare = [s for s in sample() if frozenset(s.input) not in allowed]
    assert 0.3 < len(bare) / len(sample()) < 0.6  # as products write them, as a queue holds them


def test_planted_instructions_never_change_the_judgement():
    planted = [s for s in generate(5, 6000) if s.family == "prompt_injection"]
    assert {s.verdict for s in planted} >= {"malicious", "benign"}
    attacks = [s for s in planted if s.verdict == "malicious"]
    assert all(s.severity != "info" for s in attacks)
    texts = pools()["inject"]
    assert sum(any(t in line for t in texts for line in leaves(s.input)) for s in attacks) >= 0.7 * len(attacks)


def test_rules_are_many_and_both_fit_and_miss():
    assert len(rules()) >= 35
    ruled = [s for s in sample() if set(s.input) == {"log_type", "rule", "event"}]
    share = sum(s.verdict == "benign" for s in ruled) / len(ruled)
    assert 0.4 < share < 0.6
    assert all(s.disposition == "false_positive" for s in ruled if s.verdict == "benign")


def test_names_keep_and_renew_their_draws():
    import random

    names = Names(random.Random(1))
    assert names.fill("{user}") == names.fill("{user}")
    assert names.fill("{guid*}") != names.fill("{guid*}")
    assert names.fill("{no_such_slot} ${HOME}") == "{no_such_slot} ${HOME}"


@pytest.mark.slow
def test_thirty_thousand_can_be_drawn():
    assert len({s.id for s in generate(1, 30_000)}) == 30_000


def test_code_twins():
    samples = list(generate_code(2, 1500))
    assert len({s.text for s in samples}) == 1500
    assert {s.language for s in samples} == {"python", "javascript", "java", "go", "php", "c", "cpp"}
    assert len({s.cwe for s in samples if s.cwe}) >= 25
    for s in samples:
        assert "@@" not in s.text + s.fixed and not re.search(r"\{(fn|arg|tbl|col|obj|cls)\d?\}", s.text + s.fixed)
        if s.cwe is None:
            assert s.lines == () and s.fixed == ""
        else:
            assert s.fixed and s.fixed != s.text
            assert (
                all(1 <= n <= len(s.text.split("\n")) and s.text.split("\n")[n - 1].strip() for n in s.lines)
                and s.lines
            )
        if s.language == "python":
            ast.parse(s.text)
            ast.parse(s.fixed)


def test_document_spans_hold_what_they_name():
    samples = list(generate_documents(2, 1500))
    assert {s.language for s in samples} == {"en", "zh"}
    assert sum(not s.spans for s in samples) > 100
    for s in samples:
        ends = [(span["start"], span["end"]) for span in s.spans]
        assert ends == sorted(ends)
        for span in s.spans:
            value = s.text[span["start"] : span["end"]]
            assert value and value == value.strip()
            if span["type"] == "bank_card":
                assert luhn(value[:-1]) == value[-1]
            if span["type"] == "email":
                assert "@" in value
            assert span.get("is_secret", span["judgement"] == "real") == (span["judgement"] == "real") or "@" in value
    judgements = {span["judgement"] for s in samples for span in s.spans}
    assert judgements == {"real", "placeholder", "test", "encrypted"}


def test_identity_numbers_carry_their_check_character():
    import random

    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    for seed in range(50):
        number = MAKERS["id_number"](random.Random(seed))
        assert "10X98765432"[sum(int(d) * w for d, w in zip(number, weights, strict=False)) % 11] == number[17]
        iban = MAKERS["iban"](random.Random(seed))
        assert int(iban[4:] + "1314" + iban[2:4]) % 97 == 1


def test_report_sentences_use_only_their_facts():
    for s in generate_reports(2, 500):
        numbers = {int(n) for text in s.sentences for n in re.findall(r"\d+", text)}
        assert numbers <= set(s.facts.values())
        assert s.sentences


def test_letters_are_many_and_read_like_mail():
    import random

    rng = random.Random(9)
    drawn = [letters.draw(rng) for _ in range(600)]
    assert len({json.dumps(one.input, sort_keys=True) for one in drawn}) > 590
    assert 0.4 < sum(one.verdict == "benign" for one in drawn) / 600 < 0.6
    for one in drawn:
        assert one.input["subject"] and one.cited[0] in one.input["body"]
        assert "\\n" not in one.input["body"]
        assert not re.search(r"\{[A-Za-z_]+[0-9*]?\}", "\n".join(leaves(one.input)))


def test_alerts_tell_their_story_in_the_shapes_of_products():
    import random

    rng = random.Random(4)
    drawn = [alerts.draw(rng) for _ in range(1500)]
    assert len({json.dumps(one.input, sort_keys=True) for one in drawn}) > 1490
    assert len({frozenset(one.input) for one in drawn}) > 60
    assert 0.4 < sum(one.verdict == "benign" for one in drawn) / 1500 < 0.6
    for one in drawn:
        text = "\n".join(leaves(one.input))
        assert any(one.cited[0] in line for line in leaves(one.input))
        assert not re.search(r"\{[A-Za-z_]+[0-9*]?\}|\$(title|text|sev|time)", text)


def test_a_products_severity_does_not_give_the_verdict_away():
    import random

    rng = random.Random(5)
    loud = Counter(
        one.verdict
        for one in (alerts.draw(rng) for _ in range(3000))
        if re.search(r"\b(high|critical)\b", "\n".join(leaves(one.input)), re.I)
    )
    assert loud["benign"] > 0.2 * loud["malicious"]
