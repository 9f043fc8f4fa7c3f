"""The nouns: frozen, strict, identified by content, and the grammar a model writes under."""

import json

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

import schemas
from schemas import (
    Alert,
    Analysis,
    AnySubject,
    CodeUnit,
    Disposition,
    Document,
    Evidence,
    Field,
    Lineage,
    LogWindow,
    Phase,
    Severity,
    State,
    SubjectKind,
    Verdict,
    canonical_json,
    digest,
)
from schemas.answers import ANSWERS, TriageAnswer, grammar

NOUNS = [
    n
    for n in schemas.__all__
    if isinstance(getattr(schemas, n), type) and issubclass(getattr(schemas, n), schemas.Noun)
]
LINEAGE = Lineage(template="t@1", template_digest="", output_schema="s", schema_digest="", model="m", model_digest="")


def analysis(**more: object) -> Analysis:
    values = {
        "analyzer": "triage",
        "subject_id": "s",
        "subject_kind": SubjectKind.ALERT,
        "lineage": LINEAGE,
        "state": State.OK,
    }
    return Analysis.model_validate(values | more)


@pytest.mark.parametrize("name", NOUNS)
def test_every_noun_is_frozen_and_refuses_what_it_does_not_know(name: str) -> None:
    config = getattr(schemas, name).model_config
    assert (config["frozen"], config["extra"]) == (True, "forbid")


def test_a_noun_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Document(source="s", body="x").body = "y"  # type: ignore[misc]
    with pytest.raises(ValidationError, match="colour"):
        Document(source="s", body="x", colour="red")  # type: ignore[call-arg]


class TestIdentity:
    def test_it_is_that_of_the_content_not_of_the_place(self) -> None:
        one, two = (Document(source="s", origin=origin, body="x") for origin in ("a.txt", "b.txt"))
        assert one.id == two.id
        assert len(one.id) == 64

    @pytest.mark.parametrize("change", [{"body": "y"}, {"title": "t"}, {"source": "other"}, {"path": "p"}])
    def test_any_content_changes_it(self, change: dict[str, str]) -> None:
        first = Document(source="s", body="x")
        assert Document.model_validate({"source": "s", "body": "x"} | change).id != first.id

    def test_a_wrong_id_is_refused(self) -> None:
        good = Document(source="s", body="x")
        assert Document.model_validate(good.model_dump()) == good
        with pytest.raises(ValidationError, match="is not the digest"):
            Document.model_validate(good.model_dump() | {"body": "y"})

    def test_kinds_are_told_apart_when_read_back(self) -> None:
        reader: TypeAdapter[AnySubject] = TypeAdapter(AnySubject)
        for subject in (
            Alert(source="s", fields=(Field(path="a", value="b"),)),
            LogWindow(source="s", body="x"),
            CodeUnit(source="s", path="a.py", body="x"),
            Document(source="s", body="x"),
        ):
            assert reader.validate_json(subject.model_dump_json()) == subject

    def test_an_analysis_is_identified_by_what_shaped_it(self) -> None:
        same = {analysis().id, analysis(state=State.FAILED).id, analysis(error="x", created_at="now").id}
        assert len(same) == 1
        other = LINEAGE.model_copy(update={"decoding_digest": "d"})
        for change in ({"subject_id": "t"}, {"analyzer": "review"}, {"language": "zh"}, {"lineage": other}):
            assert analysis(**change).id not in same


class TestLines:
    @given(st.text(alphabet="ab\r\n\u2028\x0b", max_size=30))
    def test_numbers_agree_with_an_editor(self, body: str) -> None:
        lines = Document(source="s", body=body).lines
        assert [line.number for line in lines] == list(range(1, len(lines) + 1))
        assert "\n".join(line.text for line in lines) == body.replace("\r\n", "\n").replace("\r", "\n")
        assert not any(char in line.text for line in lines for char in "\r\n")

    def test_fields_are_spelled_in_the_text(self) -> None:
        alert = Alert(source="s", fields=(Field(path="a", value="1\n2"), Field(path="", value="x")))
        assert alert.text == "a: 1\na: 2\nx"
        assert alert.get("a") == "1\n2"
        assert alert.get("b") is None


class TestWords:
    def test_orders(self) -> None:
        assert [severity.rank for severity in Severity] == [0, 1, 2, 3, 4]
        assert [phase.rank for phase in Phase] == [0, 1, 2, 3]
        ranks = {disposition: disposition.rank for disposition in Disposition}
        assert ranks[Disposition.TRUE_POSITIVE] > ranks[Disposition.SUSPICIOUS] > ranks[Disposition.NOT_EVALUABLE]
        assert (
            ranks[Disposition.NOT_EVALUABLE] > ranks[Disposition.FALSE_POSITIVE] == ranks[Disposition.BENIGN_EXPECTED]
        )

    def test_bad_is_what_an_analyst_must_look_at(self) -> None:
        assert {d for d in Disposition if d.is_bad} == {Disposition.TRUE_POSITIVE, Disposition.SUSPICIOUS}

    @pytest.mark.parametrize("confidence", [-0.01, 1.01, float("nan")])
    def test_confidence_is_a_probability(self, confidence: float) -> None:
        with pytest.raises(ValidationError):
            Verdict(disposition=Disposition.SUSPICIOUS, severity=Severity.LOW, confidence=confidence)

    def test_a_line_number_begins_at_one(self) -> None:
        with pytest.raises(ValidationError):
            Evidence(line=0, quote="x")


class TestDigest:
    def test_one_spelling_per_value(self) -> None:
        assert canonical_json({"b": 1, "a": ["é"]}) == '{"a":["é"],"b":1}'
        assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})

    def test_any_text_has_one(self) -> None:
        assert digest("\ud800") != digest("")
        assert digest("a") == digest(b"a")


class TestGrammar:
    @pytest.mark.parametrize("name", sorted(ANSWERS))
    def test_it_is_a_valid_schema_that_is_fresh_each_time(self, name: str) -> None:
        one = grammar(ANSWERS[name], lines=3, techniques=("T1059",))
        jsonschema.Draft202012Validator.check_schema(one)
        one["properties"].clear()
        assert grammar(ANSWERS[name], lines=3)["properties"]

    def test_only_lines_that_exist_may_be_cited(self) -> None:
        lines = grammar(TriageAnswer, lines=7)["properties"]["lines"]
        assert lines["items"]["maximum"] == 7
        assert grammar(TriageAnswer, lines=0)["properties"]["lines"]["maxItems"] == 0

    def test_only_candidates_may_be_named(self) -> None:
        given = grammar(TriageAnswer, lines=1, techniques=("T1059", "T1105"))["properties"]["techniques"]
        assert given["items"]["enum"] == ["T1059", "T1105"]
        assert grammar(TriageAnswer, lines=1, techniques=())["properties"]["techniques"]["maxItems"] == 0
        told = grammar(ANSWERS["ReviewAnswer"], lines=1, weaknesses=("CWE-78", "CWE-22"))["properties"]["cwe"]
        assert told["enum"] == ["", "CWE-78", "CWE-22"]
        assert "pattern" in grammar(ANSWERS["ReviewAnswer"], lines=1)["properties"]["cwe"]

    def test_what_it_allows_validates(self) -> None:
        answer = {
            "decision": "suspicious",
            "severity": "low",
            "techniques": ["T1059"],
            "lines": [1],
            "reason": "r",
            "missing": [],
        }
        jsonschema.validate(answer, grammar(TriageAnswer, lines=1, techniques=("T1059",)))
        TriageAnswer.model_validate_json(json.dumps(answer))

    @pytest.mark.parametrize("name", sorted(ANSWERS))
    def test_choices_of_a_decision_differ_in_their_first_character(self, name: str) -> None:
        """The engine reads their odds from one token."""
        decision = ANSWERS[name].model_json_schema()["properties"].get("decision")
        if decision:
            assert len({choice[0] for choice in decision["enum"]}) == len(decision["enum"])
