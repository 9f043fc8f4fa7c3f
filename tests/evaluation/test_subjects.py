"""Example to Subject: the right kind, and nothing in it that can spell the label."""

import json

import pytest

from schemas import Alert, CodeUnit, Document, LogWindow
from secassist.errors import SourceError
from secassist.evaluation.subjects import ANALYZERS, input_offsets, pair, subjects
from secassist.plugins import load
from secassist.sources.base import Limits
from tests.evaluation.builders import example


def test_records_become_alerts_with_all_their_leaves():
    record = {"log_type": "windows", "event": {"EventID": 4624, "Path": "C:\\x"}}
    for task in ("T1", "T3", "T4"):
        (found,) = subjects(example(task, input=record))
        assert isinstance(found, Alert)
        assert (found.get("event.EventID"), found.get("event.Path")) == ("4624", "C:\\x")


def test_log_lines_become_a_window():
    (found,) = subjects(example("T2", input={"log_type": "nginx", "lines": ["GET / 200", "GET /x 404"]}))
    assert isinstance(found, LogWindow)
    assert (found.log_type, [line.text for line in found.lines]) == ("nginx", ["GET / 200", "GET /x 404"])


def test_events_become_one_compact_line_each():
    events = [{"b": 1, "a": "中 文\n"}, {"c": [1, 2]}]
    (found,) = subjects(example("T2", input={"events": events}))
    assert [line.text for line in found.lines] == ['{"b":1,"a":"中 文\\n"}', '{"c":[1,2]}']
    assert [json.loads(line.text) for line in found.lines] == events


@pytest.mark.parametrize("task", ["T5", "S1", "S2"])
def test_texts_become_documents(task):
    (found,) = subjects(example(task, input="a\nb"))
    assert isinstance(found, Document)
    assert (found.body, found.path, found.title) == ("a\nb", "", "")


@pytest.mark.parametrize(("language", "path"), [("python", "unit.py"), ("csharp", "unit.cs"), ("odd", "unit.txt")])
def test_code_keeps_its_language_but_not_its_path(language, path):
    (found,) = subjects(example("C1", input="x = 1\n", language=language))
    assert isinstance(found, CodeUnit)
    assert (found.path, found.language, found.body, found.start_line) == (path, language, "x = 1\n", 1)


def test_a_pair_becomes_two_units_from_the_label_or_the_input():
    from_label = example("C2", input="bad()", label={"before": "bad()", "after": "good()"}, language="c")
    from_input = example("C2", input={"before": "bad()", "after": "good()"}, label={}, language="c")
    for made in (from_label, from_input):
        assert [unit.text for unit in subjects(made)] == ["bad()", "good()"]
    assert pair(example("C2", input="bad()", label={})) == ("bad()",)


@pytest.mark.parametrize("task", [t for t in ANALYZERS if t != "C2"])
def test_no_subject_tells_where_it_came_from(task):
    made = example(task, id_="benign-of-nl2bash-7", source="nl2bash_benign", group="benign", language="python")
    (found,) = subjects(made)
    assert "benign" not in found.model_dump_json()


def test_the_same_input_is_the_same_subject_whatever_its_id():
    assert subjects(example("S1", "a"))[0].id == subjects(example("S1", "b"))[0].id


@pytest.mark.parametrize(
    ("task", "value"), [("T1", "text"), ("T2", "text"), ("T2", {"lines": [1]}), ("S1", {}), ("C1", {}), ("C2", {})]
)
def test_another_form_is_an_error(task, value):
    with pytest.raises(SourceError):
        subjects(example(task, input=value))


def test_questions_are_not_supported_and_say_so():
    with pytest.raises(SourceError, match="T6 is not supported"):
        subjects(example("T6", input={"question": "?", "documents": []}))


@pytest.mark.parametrize(
    "text", ["", "plain", "a\nb", "a\r\nb\r\n\r\nc", "\r\nx", "a\rb\r\nc", "x\r\r\ny", "\r\n", "中\r\n文\r\n"]
)
def test_offsets_lead_back_to_the_input(text):
    (found,) = subjects(example("S1", input=text))
    place = input_offsets(text)
    for start in range(len(found.text)):
        for end in range(start + 1, len(found.text) + 1):
            original = text[place(start) : place(end)]
            assert original.replace("\r\n", "\n").replace("\r", "\n") == found.text[start:end]


def test_offsets_lead_past_characters_that_had_to_be_spelled_out():
    text = "a\0b\r\n\ud800key"
    (found,) = subjects(example("S1", input=text))
    start = found.text.index("key")
    assert input_offsets(text)(start) == text.index("key")
    assert input_offsets(text)(start + 3) == len(text)


def test_sources_are_those_of_a_users_files(tmp_path):
    asked = {
        "alert_json": ("a.json", '{"event": {"a": 1}}', example("T1", input={"event": {"a": 1}})),
        "code": ("unit.py", "x = 1\ny = 2", example("C1", input="x = 1\ny = 2", language="python")),
    }
    for source, (name, text, made) in asked.items():
        path = tmp_path / name
        path.write_text(text)
        (read,) = load("sources", source).read(path, Limits())
        (ours,) = subjects(made)
        assert read.text == ours.text
        assert read.source == ours.source
        assert type(read) is type(ours)
