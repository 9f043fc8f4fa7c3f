"""The matcher allows what the schema allows, and says when a document is complete."""

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.answers import ANSWERS, grammar
from secassist.engine import grammar as module
from secassist.engine.grammar import GrammarCompiler
from secassist.errors import BackendError
from tests.engine.conftest import Bench

CHOICE = {
    "type": "object",
    "properties": {"decision": {"type": "string", "enum": ["yes", "no"]}},
    "required": ["decision"],
    "additionalProperties": False,
}


def accepts(bench: Bench, schema: dict[str, Any], text: str) -> bool:
    matcher = bench.grammars.matcher(schema)
    try:
        for token in bench.tokenizer(text, add_special_tokens=False)["input_ids"]:
            if not matcher.allowed()[token]:
                return False
            matcher.consume([token])
    except BackendError:
        return False
    return matcher.finished() or bool(matcher.allowed()[bench.stop])


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ('{"decision":"yes"}', True),
        ('{"decision":"maybe"}', False),
        ('{"decision": "yes"}', False),
        ('{"decision":"yes","more":1}', False),
        ("{}", False),
        ("yes", False),
    ],
)
def test_only_compact_documents_of_the_schema(bench: Bench, text: str, good: bool) -> None:
    assert accepts(bench, CHOICE, text) is good


SENSITIVE = grammar(ANSWERS["SensitiveAnswer"])
EXAMPLES = {
    "TriageAnswer": '{"decision":"suspicious","severity":"low","techniques":["T1059"],"lines":[1,3],"reason":"中\\n",'
    '"missing":[]}',
    "SensitiveAnswer": '{"decision":"real","severity":"high","reason":""}',
    "ReviewAnswer": '{"decision":"safe","cwe":"","lines":[],"severity":"info","reason":"a","fix":""}',
    "TechniquesAnswer": '{"techniques":["T1059"]}',
    "RemediateAnswer": '{"steps":[3,1],"summary":"a \\"b\\""}',
    "ReportAnswer": '{"sentences":["3 alerts."]}',
    "AskAnswer": '{"lines":[2,1]}',
}


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_good_answers_are_allowed(bench: Bench, name: str) -> None:
    schema = grammar(ANSWERS[name], lines=3, techniques=("T1059",))
    ANSWERS[name].model_validate_json(EXAMPLES[name])
    jsonschema.validate(json.loads(EXAMPLES[name]), schema)
    assert accepts(bench, schema, EXAMPLES[name])


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("TriageAnswer", "[1,3]", "[1,4]"),
        ("TriageAnswer", "[1,3]", "[0]"),
        ("TriageAnswer", "[1,3]", "[1,1,1,1,1]"),
        ("TriageAnswer", "T1059", "T1060"),
        ("ReviewAnswer", '"cwe":""', '"cwe":"CWE-x"'),
        ("SensitiveAnswer", '"real","severity"', '"real","reason"'),
        ("SensitiveAnswer", '"reason":""', f'"reason":"{"x" * 241}"'),
        ("RemediateAnswer", "[3,1]", "[]"),
        ("AskAnswer", "[2,1]", "[4]"),
    ],
)
def test_bad_answers_are_not(bench: Bench, name: str, old: str, new: str) -> None:
    schema = grammar(ANSWERS[name], lines=3, techniques=("T1059",))
    assert not accepts(bench, schema, EXAMPLES[name].replace(old, new))


@settings(max_examples=30, deadline=None)
@given(st.text(st.characters(exclude_characters="\x7f"), max_size=40))
def test_any_text_can_be_written_as_a_string(bench: Bench, text: str) -> None:
    """All but a raw DEL, which llguidance wants escaped although JSON does not."""
    written = text.encode("utf-8", "ignore").decode("utf-8")
    answer = {"decision": "real", "severity": "low", "reason": written}
    assert accepts(bench, SENSITIVE, json.dumps(answer, ensure_ascii=False, separators=(",", ":")))


def test_forced_tokens_are_consumed(bench: Bench) -> None:
    matcher = bench.grammars.matcher(CHOICE)
    forced = matcher.forced()
    assert bench.tokenizer.decode(forced) == '{"decision":"'
    assert matcher.forced() == []
    assert {bench.pieces[token][0] for token in range(len(bench.pieces)) if matcher.allowed()[token]} == {"y", "n"}


def test_a_finished_document(bench: Bench) -> None:
    matcher = bench.grammars.matcher({"const": 7})
    assert not matcher.finished()
    matcher.forced()
    assert matcher.finished() or bool(matcher.allowed()[bench.stop])


def test_a_token_out_of_place_is_refused(bench: Bench) -> None:
    matcher = bench.grammars.matcher(CHOICE)
    with pytest.raises(BackendError, match="refused a token"):
        matcher.consume(bench.tokenizer("}")["input_ids"])


@pytest.mark.parametrize("schema", [{"type": "array", "uniqueItems": True}, {"not": {"type": "string"}}])
def test_what_cannot_be_enforced_is_an_error(bench: Bench, schema: dict[str, Any]) -> None:
    with pytest.raises(BackendError, match="cannot be enforced"):
        bench.grammars.matcher(schema)


def test_the_order_of_fields_is_part_of_the_grammar(bench: Bench) -> None:
    two = {"a": {"const": 1}, "b": {"const": 2}}
    schema = {"type": "object", "properties": two, "required": ["a", "b"], "additionalProperties": False}
    turned = schema | {"properties": dict(reversed(two.items())), "required": ["b", "a"]}
    texts = [bench.tokenizer.decode(bench.grammars.matcher(s).forced()) for s in (schema, turned)]
    assert [text.removesuffix("<|end|>") for text in texts] == ['{"a":1,"b":2}', '{"b":2,"a":1}']


def test_compiled_grammars_are_bounded(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CACHE_SIZE", 3)
    compiler = GrammarCompiler.of(bench.tokenizer)
    for number in range(6):
        compiler.matcher({"const": number})
        compiler.matcher({"const": 0})
    assert len(compiler._fresh) == 3
    assert json.dumps({"const": 0}) in compiler._fresh
