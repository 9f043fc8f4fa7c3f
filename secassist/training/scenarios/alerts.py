"""Alerts composed of a story and a product's shape: what happened, and how that product writes it down."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from secassist.training.scenarios.names import Names
from secassist.training.scenarios.processes import shuffled
from secassist.training.scenarios.scenario import Draft
from secassist.training.scenarios.shapes import LEVELS, facts, filled, read
from secassist.training.scenarios.tables import judgement

_FAMILY: Final = "alert_"
_STORIES: Final = ("alert_stories", "alert_stories_more", "alert_stories_daily")
_CHINESE: Final = 0.25
_REMARKED: Final = 0.35
_BARE: Final = 0.2
"""Share of the alerts of a grave story's harmful end that say no more than their title, and say it loudly."""
_ASIDE: Final = 0.4
"""Share of alerts whose story stands in a remark somebody added, beside the product's own empty words."""
_NOTES: Final = ("note", "notes", "comment", "remarks", "analyst_note", "context", "justification", "additional_info", "reason",
    "workNotes", "ticket", "owner_comment", "备注", "说明")  # fmt: skip
_EMPTY: Final = (
    "",
    "$title",
    "$title detected",
    "Alert: $title",
    "Rule matched: $title",
    "$title on $host",
    "$title ($user)",
)
_REPORTED: Final = {True: (5, 25, 50, 20), False: (35, 35, 25, 5)}
"""How often a product calls a harmful and a harmless alert low, medium, high and critical."""
_LOUD: Final = (0, 0, 2, 1)
_OUTCOMES: Final = {
    True: ("detected", "none", "allowed", "alert only", "not blocked", ""),
    False: ("logged", "closed", "blocked", "none", "detected", ""),
}


@dataclass(frozen=True)
class Story:
    """A subject of alerts: what can have happened under its titles; `ends` by whether they are harmless."""

    name: str
    theme: str
    titles: Mapping[str, tuple[str, ...]]
    about: Mapping[str, Any]
    techniques: tuple[str, ...]
    ends: Mapping[bool, Mapping[str, Any]]


def draw(rng: random.Random) -> Draft:
    """One alert, harmful and harmless alike often, in the shape of one product."""
    harmless = rng.random() < 0.5
    story = rng.choice([one for one in stories() if harmless in one.ends])
    end = story.ends[harmless]
    names = Names(rng)
    chinese = rng.random() < _CHINESE and "say_zh" in end and "zh" in story.titles
    told = _facts(names, story, end, harmless, chinese)
    cited = told["text"] or told["title"]
    aside = {}
    if told["text"] and rng.random() < _ASIDE:
        aside = {rng.choice(_NOTES): told["text"]}
        told["text"] = filled(rng.choice(_EMPTY), told)
    shape = rng.choice(read("alert_shapes"))
    verdict, disposition, severity = judgement(_judged(end))
    techniques = () if harmless else story.techniques
    rationale = {language: names.fill(end[language]) for language in ("en", "zh")}
    record = shuffled(rng, {**filled(shape, told), **aside})
    return Draft(f"{_FAMILY}{story.name}", record, verdict, disposition, severity, techniques, (cited,), rationale)


def is_told(family: str) -> bool:
    """Whether scenarios of this family are composed of stories."""
    return family.removeprefix(_FAMILY) in {story.name for story in stories()}


def _facts(names: Names, story: Story, end: Mapping[str, Any], harmless: bool, chinese: bool) -> dict[str, Any]:
    """Every fact a shape may name; texts drawn and filled, severities on all scales."""
    rng = names.rng
    drawn = {"title": rng.choice(story.titles["zh" if chinese else "en"]), "text": _text(rng, end, harmless, chinese)}
    drawn |= {"theme": story.theme, "action": rng.choice(_OUTCOMES[not harmless])}
    for key, given in {**story.about, **end.get("about", {})}.items():
        drawn[key] = rng.choice(given) if isinstance(given, list) else given
    weights = _REPORTED[not harmless] if drawn["text"] else _LOUD
    return facts(names, drawn, rng.choices(range(LEVELS), weights)[0])


def _text(rng: random.Random, end: Mapping[str, Any], harmless: bool, chinese: bool) -> str:
    """The story's sentence, now and then with a remark; sometimes nothing where the title alone is a reason to look."""
    if end.get("grave") and rng.random() < _BARE:
        return ""
    said = [rng.choice(end["say_zh" if chinese else "say"])]
    side = ("ok" if harmless else "bad") if rng.random() < _REMARKED else "neutral"
    remarks = read("alert_remarks")
    remark = rng.choice(remarks[f"{side}_zh" if chinese and side != "neutral" else side])
    said.insert(rng.randrange(2), remark)
    return ("" if chinese else " ").join(text for text in said if text)


def _judged(end: Mapping[str, Any]) -> dict[str, Any]:
    return {"ok": end["why"]} if "why" in end else {"bad": end["severity"]}


@cache
def stories() -> tuple[Story, ...]:
    """Every story as its file holds it."""
    return tuple(_story(raw) for name in _STORIES for raw in read(name))


def _story(raw: Mapping[str, Any]) -> Story:
    titles = {"en": tuple(raw["title"])} | ({"zh": tuple(raw["title_zh"])} if "title_zh" in raw else {})
    ends = {harmless: raw[key] for harmless, key in ((False, "bad"), (True, "ok")) if key in raw}
    return Story(raw["story"], raw["theme"], titles, raw["about"], tuple(raw["techniques"]), ends)
