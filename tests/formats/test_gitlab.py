"""GitLab's reports: the fields that its schema 15 requires, stable ids, masks only."""

import json
import re

import pytest

from schemas import FindingKind, State
from secassist import plugins
from tests.formats.samples import HOSTILE, SECRET, careless, hostile, several

LEVELS = {"Info", "Unknown", "Low", "Medium", "High", "Critical"}
TYPES = {"gitlab": "sast", "gitlab_secrets": "secret_detection"}


def written(name, analyses):
    return json.loads(plugins.load("formats", name).analyses(analyses))


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize(
    "given", [several(), hostile(), [], [careless()]], ids=["several", "hostile", "none", "careless"]
)
def test_what_the_schema_requires_is_there(name, given):
    made = written(name, given)
    assert re.fullmatch(r"15\.\d+\.\d+", made["version"])
    told = made["scan"]
    assert told["type"] == TYPES[name] and told["status"] == "success"
    for at in ("start_time", "end_time"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", told[at])
    for who in ("analyzer", "scanner"):
        assert told[who]["id"] and told[who]["name"] and told[who]["version"] and told[who]["vendor"]["name"]
    ids = [each["id"] for each in made["vulnerabilities"]]
    assert len(ids) == len(set(ids))
    for each in made["vulnerabilities"]:
        assert each["severity"] in LEVELS and 0 < len(each["name"]) <= 255 and each["description"]
        assert each["identifiers"] and all(i["type"] and i["name"] and i["value"] for i in each["identifiers"])
        place = each["location"]
        assert place["file"] and not place["file"].startswith("/") and ".." not in place["file"].split("/")
        assert 1 <= place["start_line"] <= place["end_line"]
        assert ("commit" in place) == (name == "gitlab_secrets")


def test_weaknesses_and_secrets_part():
    given = several()
    kinds = {each.kind for analysis in given for each in analysis.findings}
    assert FindingKind.WEAKNESS in kinds and FindingKind.SECRET in kinds
    count = sum(len(written(name, given)["vulnerabilities"]) for name in TYPES)
    assert count == sum(f.judgement in ("real", "unsure") for a in given for f in a.findings)


def test_secrets_show_by_their_mask():
    made = json.dumps(written("gitlab_secrets", [careless()]))
    assert SECRET not in made and "Found: " in made
    assert written("gitlab", [careless()])["vulnerabilities"] == []


def test_a_finding_of_a_history_names_its_commit():
    commit = "0123456789abcdef0123456789abcdef01234567"
    given = careless().model_copy(update={"origin": f"{commit} 2024-05-01T10:00:00+02:00 app.py:3"})
    (found,) = written("gitlab_secrets", [given])["vulnerabilities"]
    assert found["location"]["commit"] == {"sha": commit, "date": "2024-05-01T10:00:00+02:00"}


def test_runs_that_failed_are_messages():
    failed = several()[0].model_copy(update={"state": State.FAILED, "error": HOSTILE, "findings": ()})
    (message,) = written("gitlab", [failed])["scan"]["messages"]
    assert message["level"] == "warn" and "failed" in message["value"]


def test_ids_stay_when_lines_move():
    given = careless()
    moved = given.model_copy(
        update={
            "findings": tuple(
                f.model_copy(update={"place": f.place.model_copy(update={"start_line": 90, "end_line": 90})})
                for f in given.findings
            )
        }
    )
    first, second = (written("gitlab_secrets", [each])["vulnerabilities"] for each in (given, moved))
    assert [each["id"] for each in first] == [each["id"] for each in second]
    assert first != second
