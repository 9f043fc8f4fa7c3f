"""What every format must hold to: hostile text is harmless, secrets show by mask only, the same in gives the same out."""

import json
import re

import pytest

from schemas import Analysis, Check
from secassist import plugins
from secassist.errors import UsageError
from tests.formats.samples import HOSTILE, SECRET, careless, hostile, report, review, several

NAMES = plugins.names("formats")
MACHINE = ("json", "sarif", "ocsf", "gitlab", "gitlab_secrets")
"""Formats that are JSON: they have JSON's own escape."""
RAW = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]"
)
REPORTS = ("csv", "html", "json", "markdown", "plain", "table")


def written(name: str, analyses: list[Analysis]) -> str:
    return plugins.load("formats", name).analyses(analyses)


def strings(value: object) -> list[str]:
    """All strings of a JSON value, keys too."""
    if isinstance(value, dict):
        return [text for key, each in value.items() for text in [key, *strings(each)]]
    if isinstance(value, list):
        return [text for each in value for text in strings(each)]
    return [value] if isinstance(value, str) else []


def test_all_formats_are_there() -> None:
    assert NAMES == ("csv", "gitlab", "gitlab_secrets", "html", "json", "markdown", "ocsf", "plain", "sarif", "table")


@pytest.mark.parametrize("name", NAMES)
def test_plug_in_describes_itself(name: str) -> None:
    plugin = plugins.load("formats", name)
    assert plugin.name == name
    assert plugin.summary.endswith(".")
    assert plugin.suffix.startswith(".")


@pytest.mark.parametrize("name", NAMES)
def test_nothing_in_is_fine(name: str) -> None:
    assert isinstance(written(name, []), str)


@pytest.mark.parametrize("name", NAMES)
def test_same_in_same_out(name: str) -> None:
    assert written(name, several()) == written(name, several())


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"gitlab", "gitlab_secrets"}))
def test_every_run_appears(name: str) -> None:
    text = written(name, several())
    quiet = {"sarif": 3, "ocsf": 2}.get(name, 1)  # advice alone and clean runs are neither result nor event
    seen = sum(each.id[:12] in text or (each.error != "" and each.error in text) for each in several())
    assert seen >= len(several()) - quiet


@pytest.mark.parametrize("name", NAMES)
def test_no_raw_control_or_hidden_character_comes_through(name: str) -> None:
    text = written(name, hostile())
    assert RAW.search(text) is None
    assert "\r" not in text.replace("\r\n", "")


@pytest.mark.parametrize("name", [name for name in MACHINE if name != "json"])
def test_strings_inside_json_are_clean_too(name: str) -> None:
    text = written(name, hostile())
    values = [json.loads(line) for line in text.splitlines()] if name == "ocsf" else [json.loads(text)]
    assert not [each for each in strings(values) if RAW.search(each)]


@pytest.mark.parametrize("name", REPORTS)
def test_reports_with_a_hostile_title_are_harmless_too(name: str) -> None:
    given = report(title=HOSTILE).model_copy(update={"prose": (HOSTILE,), "language": "en"})
    text = plugins.load("formats", name).report(given)
    assert "<script" not in text or name in ("json", "table", "csv", "markdown", "plain")
    assert RAW.search(text) is None


@pytest.mark.parametrize("name", sorted(set(NAMES) - set(REPORTS)))
def test_formats_that_hold_no_report_say_so(name: str) -> None:
    with pytest.raises(UsageError, match="export the analyses"):
        plugins.load("formats", name).report(report())


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"gitlab"}))
def test_secrets_show_by_mask_only(name: str) -> None:
    text = written(name, [careless()])
    assert SECRET not in text
    assert SECRET[:9] not in text
    assert "INVE...cdef" in text.replace("\\", "")


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"json"}))
def test_keyed_hashes_of_secrets_stay_inside(name: str) -> None:
    assert "e5" * 32 not in written(name, several())


@pytest.mark.parametrize("given", [several(), hostile()], ids=["several", "hostile"])
def test_json_lines_are_the_analyses(given: list[Analysis]) -> None:
    lines = written("json", given).splitlines()
    assert [Analysis.model_validate_json(line) for line in lines] == given


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"json"}))
def test_a_change_that_nobody_re_checked_is_not_shown(name: str) -> None:
    checked = review()
    finding = checked.findings[0]
    assert finding.fix is not None
    for checks in ((), (Check(name="parses", passed=False),)):
        fix = finding.fix.model_copy(
            update={"replacement": "unchecked_text()", "explanation": "idle", "checks": checks}
        )
        findings = (finding.model_copy(update={"fix": fix}),)
        text = written(name, [checked.model_copy(update={"findings": findings})])
        assert "unchecked_text" not in text and "idle" not in text
