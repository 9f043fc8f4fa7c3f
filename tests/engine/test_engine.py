"""Decoding under a grammar: valid, exact, independent of the batch, and with odds that can be checked."""

import json
from collections.abc import Mapping
from typing import Any

import jsonschema
import pytest
import torch

from schemas.answers import ANSWERS, grammar
from secassist.engine.sequence import Sequence, Watch
from secassist.errors import BackendError
from tests.engine import tiny
from tests.engine.conftest import Bench
from tests.engine.reference import greedy

DECISIONS = ("true_positive", "suspicious", "benign_expected", "false_positive", "not_evaluable")
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "decision": {"type": "string", "enum": list(DECISIONS)},
        "lines": {"type": "array", "items": {"type": "integer", "minimum": 1, "maximum": 30}, "maxItems": 3},
        "reason": {"type": "string", "maxLength": 12},
    },
    "required": ["decision", "lines", "reason"],
    "additionalProperties": False,
}
WATCH = Watch('"decision":"', DECISIONS)
PROMPTS = [
    "x",
    "a hidden PowerShell was started",
    "low " * 40,
    "1| cmd\n2| net user\n3| 中文",
    "T1059.001",
    "{",
    "zz",
    "9",
    "Who keeps the backups?",
]


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_every_output_is_valid(bench: Bench, name: str) -> None:
    schema = grammar(ANSWERS[name], lines=4, techniques=("T1059.001", "T1105"))
    for sequence in bench.run(*(bench.sequence(prompt, schema) for prompt in PROMPTS[:3])):
        assert sequence.finish == "stop"
        jsonschema.validate(json.loads(sequence.text), schema)
        ANSWERS[name].model_validate_json(sequence.text)


def test_different_schemas_and_ragged_prompts_in_one_batch(bench: Bench) -> None:
    schemas = [grammar(answer, lines=2, techniques=("T1105",)) for answer in ANSWERS.values()] + [SCHEMA, SCHEMA]
    done = bench.run(*(bench.sequence(p, s) for p, s in zip(PROMPTS, schemas, strict=True)))
    for sequence, schema in zip(done, schemas, strict=True):
        assert sequence.finish == "stop"
        jsonschema.validate(json.loads(sequence.text), schema)
        assert json.dumps(json.loads(sequence.text), ensure_ascii=False, separators=(",", ":")) == sequence.text


def test_a_batch_gives_what_single_runs_give(bench: Bench) -> None:
    schemas = [SCHEMA, grammar(ANSWERS["SensitiveAnswer"]), grammar(ANSWERS["TechniquesAnswer"])] * 3
    together = bench.run(*(bench.sequence(p, s, watch=None) for p, s in zip(PROMPTS, schemas, strict=True)))
    for sequence, prompt, schema in zip(together, PROMPTS, schemas, strict=True):
        (alone,) = bench.run(bench.sequence(prompt, schema))
        assert (sequence.answer, sequence.text, sequence.finish) == (alone.answer, alone.text, alone.finish)
        assert sequence.log_probability == pytest.approx(alone.log_probability, abs=1e-3)


@pytest.mark.parametrize("prompt", PROMPTS[:4])
def test_it_equals_plain_greedy_decoding(bench: Bench, prompt: str) -> None:
    (sequence,) = bench.run(bench.sequence(prompt, SCHEMA))
    assert sequence.answer == greedy(bench, sequence.prompt, SCHEMA)
    assert sequence.free_tokens < len(sequence.answer), "the names of fields are never sampled"


@pytest.mark.parametrize("prompt", PROMPTS[:4])
def test_forcing_changes_nothing_where_a_text_has_one_tokenization(bytewise: Bench, prompt: str) -> None:
    (sequence,) = bytewise.run(bytewise.sequence(prompt, SCHEMA))
    assert sequence.answer == greedy(bytewise, sequence.prompt, SCHEMA, forced=False)


def test_a_model_with_spare_rows_in_its_vocabulary(bench: Bench) -> None:
    padded = Bench(bench.tokenizer, tiny.model("llama", len(bench.tokenizer) + 61))
    (sequence,) = padded.run(padded.sequence("x", SCHEMA, watch=WATCH))
    jsonschema.validate(json.loads(sequence.text), SCHEMA)


def test_a_constant_answer_needs_no_model(bench: Bench) -> None:
    (sequence,) = bench.run(bench.sequence("x", {"const": "fixed"}))
    assert (json.loads(sequence.text), sequence.finish, sequence.free_tokens) == ("fixed", "stop", 0)


def test_no_sequences(bench: Bench) -> None:
    assert bench.run() == []


class TestWatch:
    def teacher_forced(self, bench: Bench, sequence: Sequence) -> dict[str, float]:
        """The odds by one plain pass over the prompt and the answer up to the decision."""
        size = next(
            n for n in range(len(sequence.answer)) if bench.tokenizer.decode(sequence.answer[:n]).endswith(WATCH.prefix)
        )
        with torch.inference_mode():
            logits = bench.model(torch.tensor([sequence.prompt + sequence.answer[:size]])).logits[0, -1]
        begins = {c: [t for t, piece in enumerate(bench.pieces) if piece and c.startswith(piece)] for c in DECISIONS}
        weights = {choice: float(logits[tokens].exp().sum()) for choice, tokens in begins.items()}
        return {choice: weight / sum(weights.values()) for choice, weight in weights.items()}

    def test_odds_are_those_of_the_model(self, bench: Bench) -> None:
        for sequence in bench.run(*(bench.sequence(p, SCHEMA, watch=WATCH) for p in PROMPTS)):
            assert set(sequence.choices) == set(DECISIONS)
            assert sum(sequence.choices.values()) == pytest.approx(1.0)
            assert sequence.choices == pytest.approx(self.teacher_forced(bench, sequence), abs=1e-4)

    def test_odds_differ_between_prompts(self, bench: Bench) -> None:
        done = bench.run(*(bench.sequence(p, SCHEMA, watch=WATCH) for p in PROMPTS))
        assert len({round(sequence.choices["suspicious"], 4) for sequence in done}) > len(PROMPTS) // 2

    @pytest.mark.parametrize("choice", DECISIONS)
    def test_decide_steers(self, bench: Bench, choice: str) -> None:
        seen: list[Mapping[str, float]] = []

        def decide(odds: Mapping[str, float]) -> str:
            seen.append(dict(odds))
            return choice

        plain, steered = bench.run(
            bench.sequence("x", SCHEMA, watch=WATCH),
            bench.sequence("x", SCHEMA, watch=Watch(WATCH.prefix, DECISIONS, decide)),
        )
        assert json.loads(steered.text)["decision"] == choice
        assert len(seen) == 1
        assert steered.choices == pytest.approx(plain.choices, abs=1e-5), "steering does not change what was read"

    def test_without_decide_the_likeliest_token_is_taken(self, bytewise: Bench) -> None:
        (sequence,) = bytewise.run(bytewise.sequence("x", SCHEMA, watch=WATCH))
        assert json.loads(sequence.text)["decision"] == max(DECISIONS, key=lambda c: sequence.choices[c])

    def test_a_decision_that_is_no_choice_is_an_error(self, bench: Bench) -> None:
        with pytest.raises(BackendError, match="nonsense"):
            bench.run(bench.sequence("x", SCHEMA, watch=Watch(WATCH.prefix, DECISIONS, lambda _: "nonsense")))

    def test_the_field_may_come_late(self, bench: Bench) -> None:
        fields = SCHEMA["properties"]
        late = SCHEMA | {"properties": {name: fields[name] for name in ("reason", "lines", "decision")}}
        late = late | {"required": ["reason", "lines", "decision"]}
        (sequence,) = bench.run(bench.sequence("x", late, watch=WATCH))
        assert sequence.choices == pytest.approx(self.teacher_forced(bench, sequence), abs=1e-4)

    def test_a_token_across_the_boundary_does_not_hide_the_odds(self, crossing: Bench) -> None:
        assert any(piece.startswith('"') and piece[1:2].isalpha() for piece in crossing.pieces)
        fields = {"decision": {"type": "string", "enum": list(DECISIONS[:3])}}
        schema = {"type": "object", "properties": fields, "required": ["decision"], "additionalProperties": False}
        watch = Watch(WATCH.prefix, DECISIONS[:3], lambda _: "benign_expected")
        for sequence in crossing.run(*(crossing.sequence(p, schema, watch=watch) for p in PROMPTS)):
            assert sum(sequence.choices.values()) == pytest.approx(1.0)
            assert json.loads(sequence.text) == {"decision": "benign_expected"}

    def test_choices_must_differ_in_their_first_character(self) -> None:
        with pytest.raises(ValueError, match="first character"):
            Watch('"decision":"', ("real", "rare"))


class TestLimit:
    def test_an_answer_that_does_not_fit_ends_with_length(self, bench: Bench) -> None:
        short, whole = bench.run(bench.sequence("x", SCHEMA, limit=8), bench.sequence("x", SCHEMA))
        assert (short.finish, whole.finish) == ("length", "stop")
        assert whole.text.startswith(short.text)

    def test_an_answer_that_just_fits_is_whole(self, bench: Bench) -> None:
        (whole,) = bench.run(bench.sequence("x", SCHEMA))
        size = len(whole.answer)
        exact, less = bench.run(bench.sequence("x", SCHEMA, limit=size), bench.sequence("x", SCHEMA, limit=size - 1))
        assert (exact.finish, exact.text) == ("stop", whole.text)
        assert less.finish in {"length", "stop"}
        assert (less.finish == "stop") == (less.text == whole.text)


class TestSampling:
    def test_a_seed_repeats(self, bench: Bench) -> None:
        texts = [bench.run(bench.sequence("x", SCHEMA), temperature=1.5, seed=seed)[0].text for seed in (1, 1, 2, 3, 4)]
        assert texts[0] == texts[1]
        assert len(set(texts)) > 2

    def test_samples_are_valid_and_do_not_depend_on_the_batch(self, bench: Bench) -> None:
        how = {"temperature": 1.2, "top_p": 0.9, "seed": 7}
        together = bench.run(*(bench.sequence(p, SCHEMA, watch=WATCH) for p in PROMPTS), **how)
        for sequence, prompt in zip(together, PROMPTS, strict=True):
            jsonschema.validate(json.loads(sequence.text), SCHEMA)
            assert bench.run(bench.sequence(prompt, SCHEMA), **how)[0].text == sequence.text

    def test_a_tiny_nucleus_is_greedy(self, bench: Bench) -> None:
        greedy, sampled = (
            bench.run(bench.sequence("x", SCHEMA), **how)[0].text
            for how in ({}, {"temperature": 1.0, "top_p": 1e-6, "seed": 5})
        )
        assert sampled == greedy

    def test_low_temperature_is_nearly_greedy(self, bench: Bench) -> None:
        greedy, cold = (bench.run(bench.sequence("x", SCHEMA), **h)[0].text for h in ({}, {"temperature": 1e-4}))
        assert cold == greedy
