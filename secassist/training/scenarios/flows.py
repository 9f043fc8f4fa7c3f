"""Generated handlers: a value from outside, what carries or drops it, and where it ends; each weak one has a safe twin.

What is weak is decided by all parts together and not by any single line: the call may be dangerous and its argument
constant, the value may come from outside and be replaced on the way, cleaned for another purpose, or bound.
"""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from secassist.training.scenarios.code import MARK, CodeSample, named

_FOLDER = Path(__file__).parent / "flows"
_BODY = re.compile(r"^([ \t]*)<body>$", re.MULTILINE)
_FRESH = (
    "part",
    "chosen",
    "current",
    "wanted",
    "text",
    "selected",
    "given",
    "content",
    "piece",
    "detail",
    "made",
    "raw",
)
_TRIES = 40
_WEAK = {
    "en": "A value from outside ({arg}) reaches this call and nothing on its way cleans it for it.",
    "zh": "外部输入（{arg}）到达此调用，途中没有针对性的清理。",
}
_UNSAFE = {
    "en": "This call, or a setting of it, is known to be unsafe, whatever value it gets.",
    "zh": "无论传入何值，该调用或其设置都已知不安全。",
}
_SAFE = {
    "fixed": ("What the call gets is not from outside.", "该调用的参数并非来自外部。"),
    "dropped": (
        "The value from outside is replaced before the call; what arrives is constant.",
        "外部值在调用前已被替换，到达的是常量。",
    ),
    "cleaned": ("The value is checked or escaped for this very call.", "该值已针对此调用校验或转义。"),
    "bound": (
        "The call takes the value as data and never as its own language.",
        "该调用把值作为数据处理，不会当作自身语法。",
    ),
    "plain": ("The call and its settings are the ones that are recommended today.", "该调用及其设置符合当前建议。"),
}


@dataclass(frozen=True)
class _Frame:
    """A handler with a line `<body>`, and statements that bring a value from outside into `<w>` (`=name`: it is there)."""

    text: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class _Sink:
    """Statements that use `<v>`: the weak one, safe ones, and statements that clean `<v>` into `<w>` for the weak one.

    Where `setting` holds, the call is weak by how it is set up, so that a constant value does not make it safe.
    """

    cwe: str
    weak: str
    safe: tuple[str, ...]
    clean: tuple[str, ...]
    setting: bool


@dataclass(frozen=True)
class _Tables:
    frames: tuple[_Frame, ...]
    inside: tuple[str, ...]
    keep: tuple[str, ...]
    drop: tuple[str, ...]
    sinks: tuple[_Sink, ...]
    also: tuple[tuple[str, frozenset[str]], ...]
    """What stands in a statement that cleans for one weakness, and the other weaknesses that it cleans for as well."""


@cache
def _tables() -> dict[str, _Tables]:
    return {path.stem: _read(yaml.safe_load(path.read_text("utf-8"))) for path in sorted(_FOLDER.glob("*.yaml"))}


def _read(raw: dict[str, Any]) -> _Tables:
    frames = tuple(_Frame(one["text"], tuple(one.get("sources", ()))) for one in raw["frames"])
    sinks = tuple(map(_sink, raw["sinks"]))
    also = tuple((text, frozenset(cwes.split())) for text, cwes in raw.get("also", {}).items())
    return _Tables(frames, tuple(raw["inside"]), tuple(raw["keep"]), tuple(raw["drop"]), sinks, also)


def _sink(raw: dict[str, Any]) -> _Sink:
    setting = bool(raw.get("setting")) or "<v>" not in raw["weak"]
    return _Sink(raw["cwe"], raw["weak"], tuple(raw.get("safe", ())), tuple(raw.get("clean", ())), setting)


def generate_flows(seed: int, count: int) -> Iterator[CodeSample]:
    """`count` distinct samples, half of them weak, the same for the same seed; languages alike in number.

    Twins share `group` (language and CWE), and a weak sample carries its repaired text.
    """
    rng = random.Random(seed)  # noqa: S311 - invented text, not a secret
    seen: set[str] = set()
    languages = sorted(_tables())
    for number in range(count):
        for _ in range(_TRIES):
            sample = _draw(rng, languages[number % len(languages)])
            if sample.text not in seen:
                seen.add(sample.text)
                yield sample
                break


def _draw(rng: random.Random, language: str) -> CodeSample:
    tables = _tables()[language]
    frame, sink = rng.choice(tables.frames), rng.choice(tables.sinks)
    way = _Way(rng, language, frame)
    group = f"flow:{language}:{sink.cwe}"
    if "<v>" not in sink.weak:
        return _plain(way, sink, group)
    start = way.state()
    if rng.random() < 0.5:
        weak = _weak(way, tables, sink)
        way.back_to(start)
        return _told(way, weak, _safe(way, tables, sink, _mend(sink)), sink, group)
    reason = rng.choice(_reasons(sink))
    return _harmless(way, _safe(way, tables, sink, reason), reason, group)


def _reasons(sink: _Sink) -> list[str]:
    """Why a safe twin may be safe."""
    written = [*(("bound",) if sink.safe else ()), *(("cleaned",) if sink.clean else ())]
    return written if sink.setting else [*written, "fixed", "dropped"]


def _mend(sink: _Sink) -> str:
    return "bound" if sink.safe else "cleaned" if sink.clean else "dropped"


class _Way:
    """A handler in the making: statements one after another, each stage with a fresh name."""

    def __init__(self, rng: random.Random, language: str, frame: _Frame) -> None:
        self.rng, self.language, self.frame = rng, language, frame
        self.names = named(rng, language)
        self.spare = [name for name in rng.sample(_FRESH, k=len(_FRESH)) if name != self.names.memo["arg"]]
        self.source = rng.choice(frame.sources)

    def state(self) -> tuple[object, tuple[str, ...]]:
        return self.rng.getstate(), tuple(self.spare)

    def back_to(self, state: tuple[object, tuple[str, ...]]) -> None:
        self.rng.setstate(state[0])  # type: ignore[arg-type]
        self.spare = list(state[1])

    def run(self, steps: Sequence[str], last: str) -> str:
        """The handler with these steps; each reads the name that the one before it made."""
        now, lines = "", []
        for step in map(self.names.fill, [*steps, last]):
            if step.startswith("="):
                now = step[1:]
                continue
            made = self.spare.pop() if "<w>" in step else now
            lines.append(step.replace("<v>", now).replace("<w>", made).rstrip("\n"))
            now = made
        body = "\n".join(lines)
        return _BODY.sub(lambda found: _indented(body, found[1]), self.names.fill(self.frame.text))


def _indented(text: str, by: str) -> str:
    return "\n".join(by + line if line else line for line in text.split("\n"))


def _carried(way: _Way, tables: _Tables, least: int = 0) -> list[str]:
    return way.rng.sample(tables.keep, k=way.rng.choice((least, 1, 1, 2)))


def _weak(way: _Way, tables: _Tables, sink: _Sink) -> str:
    steps = [way.source, *_carried(way, tables)]
    other = [text for one in tables.sinks if one.cwe != sink.cwe and not _kin(one, sink) for text in one.clean]
    other = [text for text in other if not any(part in text and sink.cwe in cwes for part, cwes in tables.also)]
    if other and way.rng.random() < 0.12:
        steps.append(way.rng.choice(other))
    return way.run(steps, sink.weak)


def _kin(one: _Sink, other: _Sink) -> bool:
    """Whether what cleans for one might clean for the other, too."""
    return bool(set(one.clean) & set(other.clean))


def _safe(way: _Way, tables: _Tables, sink: _Sink, reason: str) -> str:
    steps = [way.source, *_carried(way, tables)]
    if reason == "fixed":
        return way.run([way.rng.choice(tables.inside), *_carried(way, tables)], sink.weak)
    if reason == "dropped":
        return way.run([*steps, way.rng.choice(tables.drop)], sink.weak)
    if reason == "cleaned":
        return way.run([*steps, way.rng.choice(sink.clean)], sink.weak)
    return way.run(steps, way.rng.choice(sink.safe))


def _plain(way: _Way, sink: _Sink, group: str) -> CodeSample:
    """A call that is weak by itself, whatever it gets."""
    start = way.state()
    weak = way.run([way.source], sink.weak)
    way.back_to(start)
    safe = way.run([way.source], way.rng.choice(sink.safe))
    if way.rng.random() < 0.5:
        return _told(way, weak, safe, sink, group)
    return _harmless(way, safe, "plain", group)


def _harmless(way: _Way, safe: str, reason: str, group: str) -> CodeSample:
    words = dict(zip(("en", "zh"), _SAFE[reason], strict=True))
    return CodeSample(way.language, _unmarked(safe)[0], None, (), words, "", group)


def _told(way: _Way, weak: str, safe: str, sink: _Sink, group: str) -> CodeSample:
    text, lines = _unmarked(weak)
    why = _WEAK if "<v>" in sink.weak else _UNSAFE
    words = {language: way.names.fill(told) for language, told in why.items()}
    return CodeSample(way.language, text, sink.cwe, lines, words, _unmarked(safe)[0], group)


def _unmarked(text: str) -> tuple[str, tuple[int, ...]]:
    marked = tuple(number for number, line in enumerate(text.split("\n"), start=1) if line.endswith("@@"))
    return MARK.sub("", text), marked
