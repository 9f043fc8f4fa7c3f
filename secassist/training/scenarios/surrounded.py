"""Alerts that what stands around them decides: the same title over both ends, and what a product knows of it beside.

Two thirds say little more than their title; the others are alerts told by stories or contents with such facts added.
"""

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from typing import Any, Final

from secassist.registry import circumstances
from secassist.training.scenarios import alerts, carried, contents
from secassist.training.scenarios.names import Names
from secassist.training.scenarios.processes import shuffled
from secassist.training.scenarios.scenario import Draft, leaves, sentence
from secassist.training.scenarios.shapes import LEVELS, facts, filled, read
from secassist.training.scenarios.tables import judgement

_FAMILY: Final = "around_"
_BARE: Final = 0.65
_FEWEST, _MOST = 2, 6
"""Circumstances around an alert that says nothing else."""
_ADDED: Final = (1, 1, 2, 3)
_CONTRARY: Final = 0.12
"""Share of circumstances drawn as beside the other end: life is not tidy."""
_CHINESE: Final = 0.4
_REPORTED: Final = (20, 35, 30, 15)
_WRAPPED: Final = ("", "", "", "context", "enrichment", "details", "additional", "asset_info")
_WRAPPED_ZH: Final = ("", "", "", "关联信息", "上下文", "补充信息", "enrich")
_DATES: Final = ("%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M")
_READ_AS: Final = {"old-domain": "long-known", "young-domain": "fresh"}
"""Circumstances that are written in another way, and what they are read as."""
_NAMED: Final = 2
"""Circumstances that a reason names."""
_CONTRARY_ALL: Final = {
    False: {
        "en": "What surrounds it looks ordinary, but the act does not.",
        "zh": "周边情况看似正常，但行为本身可疑。",
    },
    True: {"en": "What surrounds it looks odd, but the act is ordinary.", "zh": "周边情况看似异常，但行为本身正常。"},
}


def draw(rng: random.Random) -> Draft:
    """One alert, harmful and harmless alike often, with its surroundings."""
    harmless = rng.random() < 0.5
    if rng.random() < _BARE:
        return _bare(rng, harmless)
    draft: Draft = rng.choice((alerts.draw, carried.draw, contents.draw))(rng)
    around, _ = _around(
        Names(rng), draft.verdict == "benign", rng.choice(_ADDED), dated=False, chinese=_in_chinese(draft)
    )
    draft.input = shuffled(
        rng, {**draft.input, **{key: value for key, value in around.items() if key not in draft.input}}
    )
    return draft


def is_surrounded(family: str) -> bool:
    """Whether scenarios of this family are alerts that say little but what surrounds them."""
    return family.startswith(_FAMILY)


def _bare(rng: random.Random, harmless: bool) -> Draft:
    story = rng.choice([one for one in alerts.stories() if len(one.ends) == 2])
    chinese = "zh" in story.titles and rng.random() < _CHINESE
    names = Names(rng)
    told = {"title": rng.choice(story.titles["zh" if chinese else "en"]), "theme": story.theme, "text": ""}
    told |= {"action": rng.choice(("detected", "", "", "alert"))}
    for key, given in {**story.about, **story.ends[rng.random() < 0.5].get("about", {})}.items():
        told[key] = rng.choice(given) if isinstance(given, list) else given
    record = filled(rng.choice(read("alert_shapes")), facts(names, told, rng.choices(range(LEVELS), _REPORTED)[0]))
    around, kinds = _around(names, harmless, rng.randint(_FEWEST, _MOST), dated=True, chinese=chinese)
    verdict, disposition, severity = judgement(
        {"ok": rng.choice(("expected", "mistaken"))} if harmless else {"bad": "high"}
    )
    whole = shuffled(rng, {**record, **around})
    cited = tuple(text for text in leaves(around) if text)[:2] or (told["title"],)
    techniques = () if harmless else story.techniques
    return Draft(_FAMILY + story.name, whole, verdict, disposition, severity, techniques, cited, _why(kinds, harmless))


def _in_chinese(draft: Draft) -> bool:
    return any(not key.isascii() for key in draft.input)


def _around(
    names: Names, harmless: bool, count: int, *, dated: bool, chinese: bool
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """So many circumstances as products write them, most of them such as stand beside this end; and which those are."""
    rng = names.rng
    known = {name: kind for name, kind in read("alert_surroundings").items() if dated or "days" not in kind}
    found: dict[str, Any] = {}
    fitting: dict[str, None] = {}
    for _ in range(count):
        contrary = rng.random() < _CONTRARY
        end = "ok" if harmless != contrary else "bad"
        drawn = rng.choices(list(known), [kind[end] for kind in known.values()])[0]
        own = [name for name in known[drawn]["names"] if name.isascii() != chinese] or known[drawn]["names"]
        found.setdefault(rng.choice(own), _value(names, known[drawn], chinese))
        fitting |= {} if contrary else {_READ_AS.get(drawn, drawn): None}
    return _placed(rng, found, chinese), tuple(fitting)


def _placed(rng: random.Random, found: Mapping[str, Any], chinese: bool) -> dict[str, Any]:
    """The fields where a product keeps them: names with dots nested, all of them below one name or none."""
    nested: dict[str, Any] = {}
    for name, value in found.items():
        head, _, tail = name.partition(".")
        nested[head] = {tail: value} if tail else value
    wrapper = rng.choice(_WRAPPED_ZH if chinese else _WRAPPED)
    return {wrapper: nested} if wrapper else nested


def _why(fitting: Sequence[str], harmless: bool) -> dict[str, str]:
    """The circumstances that speak for this end, in both languages; where all were contrary, that they are."""
    if not fitting:
        return dict(_CONTRARY_ALL[harmless])
    told = [circumstances.kinds()[kind] for kind in fitting[:_NAMED]]
    english, chinese = zip(*told, strict=True)
    return {"en": sentence("; ".join(english)) + ".", "zh": f"{'；'.join(chinese)}。"}


def _value(names: Names, kind: Mapping[str, Any], chinese: bool) -> Any:
    rng = names.rng
    if "numbers" in kind:
        low, high = kind["numbers"]
        return round(low * (high / low) ** rng.random()) if low else rng.randint(low, high)
    if "days" in kind:
        began = names.now - dt.timedelta(days=rng.randint(*kind["days"]), seconds=rng.randrange(80_000))
        return began.strftime(rng.choice(_DATES))
    return names.fill_all(rng.choice(kind["said_zh" if chinese else "said"]))
