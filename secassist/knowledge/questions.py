"""Questions of an investigation, written by hand: why each matters, what its answers mean, and how it is looked up."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from secassist.errors import ConfigError
from secassist.knowledge import attack

LANGUAGES = ("en", "zh")
INPUTS = frozenset(
    {
        "mail",
        "web",
        "process",
        "logon",
        "cloud",
        "dns",
        "network",
        "file",
        "service",
        "kubernetes",
        "refused",
        "secret",
        "log",
        "windows",
        "linux",
    }
)
"""What an input may be; a question names those that it makes sense for."""
_NAMED = "host user address source target domain url hash process parent command file registry sender reply recipient subject"
_FURTHER = "service key action path agent bucket mailbox pod cve attachment program site outside inside beyond"
_PEOPLE = "account person robot changed id"
SLOTS = frozenset(f"{_NAMED} {_FURTHER} {_PEOPLE}".split())
"""Values of a case that a query may hold. `id` is that of the analysis, `outside` and `inside` are addresses beyond and in the
company's own ranges, `site` is the host of a link that is not the recipient's own, `beyond` a target
among the former, `program` the file name of the process, `account` the user without its domain, who is a `person` or a
`robot`; `changed` is the account that
something was done to."""
OTHERWISE = ("false_alarm", "allowed", "no_effect")
"""What the answer that does not point to an attack means."""
QUERIES = ("kql", "spl", "shell", "powershell", "secassist")
LONGEST = {"ask": 150, "why": 220, "yes": 170, "no": 170}
"""Characters in either language."""
_FIELDS = frozenset({"id", "weight", "attack", "otherwise", "techniques", "tactics", "inputs", "without", "needs"}) | {
    *("general", "ask", "why", "if_yes", "if_no", "search", "queries", "told", "days"),
}
_SLOT = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class Told:
    """How an input may answer by itself: a line whose field and text match says `answer`.

    With `holds` the line has to name that value of the case, too; with `telling` a detector or the verdict has to cite it;
    with `rule` a detector's rule of that name has to have cited it.
    """

    answer: str
    field: re.Pattern[str]
    text: re.Pattern[str]
    holds: str = ""
    telling: bool = False
    rule: re.Pattern[str] | None = None


@dataclass(frozen=True)
class Question:
    """One question; texts are by language ("en", "zh"), queries by query language.

    `weight` (1 to 10) is how much its answer separates attack from false alarm, by our judgement. `attack` is the answer
    that points to an attack; the other one means what `otherwise` says: a false alarm, an allowed activity, or an attack that
    had no effect.
    `days` is how far back a query looks; 0 for a day before and after. Where `techniques` or `tactics` are named one has
    to be in play, where `inputs` are one has to be there, none of `without`, and all of `needs` have to be known.
    """

    id: str
    weight: int
    ask: Mapping[str, str]
    why: Mapping[str, str]
    yes: Mapping[str, str]
    no: Mapping[str, str]
    attack: str = "yes"
    otherwise: str = "false_alarm"
    techniques: tuple[str, ...] = ()
    tactics: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    days: int = 0
    queries: Mapping[str, str] = field(default_factory=dict)
    told: tuple[Told, ...] = ()

    @property
    def is_general(self) -> bool:
        """Whether it fits every case."""
        return not (self.techniques or self.tactics or self.inputs)


@cache
def questions() -> tuple[Question, ...]:
    """All of `questions.yaml`, in file order; raises ConfigError naming the first that is malformed."""
    return read(Path(__file__).with_suffix(".yaml"))


def read(path: Path) -> tuple[Question, ...]:
    """The questions of a file: `searches`, queries that several share, and `questions`. Raises ConfigError."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(raw, dict) or not isinstance(raw.get("questions"), list):
        raise ConfigError(f"{path.name}: searches and a list of questions are needed")
    searches = raw.get("searches") or {}
    made = tuple(_question(item, searches) for item in raw["questions"])
    twice = [id_ for id_, count in Counter(each.id for each in made).items() if count > 1]
    if twice:
        raise ConfigError(f"{path.name}: these ids are given more than once: {', '.join(twice)}")
    return made


def _question(item: Any, searches: Mapping[str, Mapping[str, str]]) -> Question:
    name = item.get("id", "without an id") if isinstance(item, dict) else repr(item)[:60]
    try:
        made = Question(
            id=item["id"],
            weight=int(item["weight"]),
            ask=item["ask"],
            why=item["why"],
            yes=item["if_yes"],
            no=item["if_no"],
            attack=_word(item.get("attack", "yes")),
            otherwise=item.get("otherwise", "false_alarm"),
            techniques=tuple(item.get("techniques", ())),
            tactics=tuple(item.get("tactics", ())),
            inputs=tuple(item.get("inputs", ())),
            without=tuple(item.get("without", ())),
            needs=tuple(item.get("needs", ())),
            days=int(item.get("days", 0)),
            queries={**searches.get(item.get("search", ""), {}), **item.get("queries", {})},
            told=tuple(_told(each) for each in item.get("told", ())),
        )
    except (KeyError, TypeError, ValueError, AttributeError, re.error) as error:
        raise ConfigError(f"question {name}: {type(error).__name__}: {error}") from error
    faults = [*_faults(made, item, searches), *_badly_worded(made)]
    if faults:
        raise ConfigError(f"question {name}: {'; '.join(faults)}")
    return made


def _word(value: Any) -> str:
    """YAML reads yes and no as true and false."""
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _told(item: Mapping[str, Any]) -> Told:
    """Patterns ignore case; without a field any line may match."""
    return Told(
        _word(item["answer"]),
        re.compile(item.get("field", ""), re.IGNORECASE),
        re.compile(item.get("text", ""), re.IGNORECASE),
        item.get("holds", ""),
        bool(item.get("telling", False)),
        re.compile(item["rule"]) if "rule" in item else None,
    )


def _faults(made: Question, item: Mapping[str, Any], searches: Mapping[str, Any]) -> list[str]:
    words = [*(item.keys() - _FIELDS), *(set(made.inputs) | set(made.without)) - INPUTS, *set(made.needs) - SLOTS]
    words += [technique for technique in made.techniques if not attack.exists(technique)]
    words += [tactic for tactic in made.tactics if tactic not in _tactics()]
    words += [language for language in made.queries if language not in QUERIES]
    words += [slot for query in made.queries.values() for slot in _SLOT.findall(query) if slot not in SLOTS]
    words += [item["search"]] if item.get("search", "") not in ("", *searches) else []
    words += [told.answer for told in made.told if told.answer not in ("yes", "no")]
    words += [told.holds for told in made.told if told.holds not in ("", *SLOTS)]
    words += [] if made.otherwise in OTHERWISE else [made.otherwise]
    faults = [f"unknown: {', '.join(map(str, words))}"] if words else []
    if made.attack not in ("yes", "no") or not 1 <= made.weight <= 10:
        faults.append("attack is yes or no, weight is 1 to 10")
    general = bool(item.get("general", False))
    return (
        faults
        if general == made.is_general
        else [*faults, "general is said by those about nothing else, and only by them"]
    )


@cache
def _tactics() -> frozenset[str]:
    return frozenset(tactic for row in attack.techniques().values() for tactic in row.tactics)


def _badly_worded(made: Question) -> list[str]:
    faults = []
    for name, longest in LONGEST.items():
        text = getattr(made, name)
        if not isinstance(text, dict) or text.keys() != set(LANGUAGES):
            faults.append(f"{name} is needed in {' and '.join(LANGUAGES)}")
            continue
        faults += [
            f"{name} in {language} has {len(words)} characters, 1 to {longest} are right"
            for language, words in text.items()
            if not 0 < len(words.strip()) <= longest
        ]
    return faults
