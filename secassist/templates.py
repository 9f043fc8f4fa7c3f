"""Versioned prompt templates: validated front matter, sandboxed Jinja, untrusted text only through the fence."""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import yaml
from pydantic import Field, ValidationError

from schemas import Line, Noun, digest
from secassist.errors import TemplateError

if TYPE_CHECKING:
    from jinja2 import Template as Compiled
    from jinja2.sandbox import ImmutableSandboxedEnvironment

PROMPTS = Path(__file__).resolve().parent.parent / "prompts"
FILE_NAME = re.compile(r"^v(\d+)\.jinja$")
UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    r"\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Control, bidirectional and invisible characters (Unicode categories Cc, Cf, Cs, fillers, variation selectors)."""
MARKUP = re.compile(
    r"<(?=<?/?(?:s|bos|eos|pad|unk|mask|sys|sep|cls|(?:start|end)_of_(?:turn|image|text)|extra_id_\d+|think|tools?|"
    r"tool_(?:call|response|result)s?|function_calls?)>)|"
    r"\[(?=/?(?:inst|system_prompt|available_tools|tool_(?:calls|results|content)|s?[gs]?mask|bos|eos|pad|unk|cls|sep)\])",
    re.IGNORECASE,
)
"""The bracket that opens a chat-template token of Llama, Mistral, Gemma, Qwen, T5, BERT and their kin."""


class FrontMatter(Noun):
    """What a template file must say about itself. Budgets are in tokens of the model that answers."""

    analyzer: str
    version: int = Field(ge=1)
    output: str
    input_tokens: int = Field(ge=64)
    answer_tokens: int = Field(ge=16)
    decision: str = "decision"
    examples: str = ""
    note: str = ""


class Prompt(Noun):
    """A rendered prompt: the constant part first, the private part (with all untrusted text) last."""

    system: str
    user: str
    shots: tuple[tuple[str, str], ...] = ()


class Template:
    """One released or draft version of one analyzer's prompt; `later` puts off compiling it until it is rendered."""

    def __init__(self, path: Path, *, later: bool = False) -> None:
        self.path = path
        try:
            self.source = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise TemplateError(f"{path}: cannot be read: {error}") from error
        self.matter, self._body = _parse(path, self.source)
        if not later:
            self._jinja  # noqa: B018 - compiled now, so that what is wrong with it is said now
        self.shots = _shots(path, self.matter)

    @cached_property
    def _jinja(self) -> "Compiled":
        """The body, compiled; jinja2 is loaded where something is rendered only."""
        from jinja2 import TemplateError as JinjaError

        try:
            made = _environment().from_string(self._body)
        except JinjaError as error:
            raise TemplateError(f"{self.path}: {error}") from error
        missing = {"system", "input"} - set(made.blocks)
        if missing:
            raise TemplateError(f"{self.path}: the template lacks the block {min(missing)!r}; add it")
        return made

    @property
    def name(self) -> str:
        """`analyzer@version`, as written into every Analysis."""
        return f"{self.matter.analyzer}@{self.matter.version}"

    @property
    def digest(self) -> str:
        """Over the file's text and its examples."""
        return digest([self.source, self.shots])

    def render(self, values: Mapping[str, Any], *, with_shots: bool) -> Prompt:
        """The prompt for these values; raises TemplateError naming a value that is missing.

        `with_shots` is for a model that was not tuned on the task: it gets few-shot examples, and templates see it as
        `coached`, to explain at length what a tuned model knows.
        """
        from jinja2 import TemplateError as JinjaError

        try:
            context = self._jinja.new_context({**values, "coached": with_shots})
            parts = {name: "".join(self._jinja.blocks[name](context)).strip() for name in ("system", "input")}
        except JinjaError as error:
            raise TemplateError(f"{self.path}: {error}") from error
        return Prompt(system=parts["system"], user=parts["input"], shots=self.shots if with_shots else ())


def _parse(path: Path, source: str) -> tuple[FrontMatter, str]:
    parts = source.split("---\n", 2)
    if len(parts) != 3 or parts[0]:
        raise TemplateError(f"{path}: must begin with front matter between two lines of ---")
    try:
        matter = FrontMatter.model_validate(yaml.safe_load(parts[1]))
    except (yaml.YAMLError, ValidationError) as error:
        raise TemplateError(f"{path}: bad front matter: {error}") from error
    match = FILE_NAME.match(path.name)
    if match is None or int(match[1]) != matter.version or path.parent.name != matter.analyzer:
        raise TemplateError(f"{path}: front matter says {matter.analyzer} v{matter.version}; rename one of them")
    return matter, parts[2]


def _shots(path: Path, matter: FrontMatter) -> tuple[tuple[str, str], ...]:
    """Few-shot pairs (input, answer) from the examples file beside the template, answers as compact JSON."""
    if not matter.examples:
        return ()
    beside = path.parent / matter.examples
    try:
        loaded = [json.loads(row) for row in beside.read_text(encoding="utf-8").split("\n") if row.strip()]
        return tuple((str(row["input"]), _compact(row["answer"])) for row in loaded)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TemplateError(f"{beside}: each line must be a JSON object with input and answer: {error}") from error


def _compact(answer: Any) -> str:
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":"))


@cache
def _environment() -> "ImmutableSandboxedEnvironment":
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters = {"fence": fence, "inline": neutralise, "join": environment.filters["join"]}
    environment.globals = {}
    return environment


def neutralise(text: str) -> str:
    """The text with control, bidi and invisible characters spelled out and chat-template markup broken, on one line."""
    text = UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04x}", text.replace("\n", " ").replace("\t", " "))
    for bar, broken in (("<|", "<¦"), ("|>", "¦>"), ("<｜", "<¦"), ("｜>", "¦>")):
        text = text.replace(bar, broken)
    return MARKUP.sub(lambda match: match[0] + "¦", text)


def fence(lines: Iterable[Line]) -> str:
    """Untrusted lines, each behind its number, so that no line can pretend to be anything else: `12| field: text`."""
    return "\n".join(f"{ln.number}| " + neutralise(f"{ln.field}: {ln.text}" if ln.field else ln.text) for ln in lines)


@cache
def load(analyzer: str, version: int | None = None, folder: Path = PROMPTS) -> Template:
    """The template of an analyzer: this version, or the newest released one (the newest draft if none is released)."""
    known = versions(analyzer, folder)
    if not known:
        raise TemplateError(f"no prompt templates for {analyzer!r} in {folder}")
    if version is None:
        done = [number for number in known if f"{analyzer}@{number}" in released(folder)]
        version = max(done or known)
    if version not in known:
        raise TemplateError(f"{analyzer} has no template v{version}; there are: {', '.join(f'v{n}' for n in known)}")
    return Template(folder / analyzer / f"v{version}.jinja", later=True)


def versions(analyzer: str, folder: Path = PROMPTS) -> tuple[int, ...]:
    """All versions of an analyzer's template, ascending."""
    names = (FILE_NAME.match(path.name) for path in (folder / analyzer).glob("v*.jinja"))
    return tuple(sorted(int(match[1]) for match in names if match))


def analyzers(folder: Path = PROMPTS) -> tuple[str, ...]:
    """Every analyzer that has a template."""
    return tuple(sorted(path.name for path in folder.iterdir() if versions(path.name, folder)))


def released(folder: Path = PROMPTS) -> dict[str, str]:
    """Digest by template name, from released.toml; a released file never changes."""
    path = folder / "released.toml"
    return dict(tomllib.loads(path.read_text(encoding="utf-8")).get("released", {})) if path.exists() else {}


def status(template: Template, folder: Path = PROMPTS) -> Literal["released", "draft", "changed"]:
    """Whether the file is what was released under its name."""
    recorded = released(folder).get(template.name)
    if recorded is None:
        return "draft"
    return "released" if recorded == template.digest else "changed"


def release(template: Template, folder: Path = PROMPTS) -> None:
    """Records the template as released; raises TemplateError when another text was released under its name."""
    if status(template, folder) == "changed":
        raise TemplateError(f"{template.name} was released with another text; write the next version instead")
    known = {**released(folder), template.name: template.digest}
    lines = [f'"{name}" = "{value}"' for name, value in sorted(known.items())]
    head = "# Digests of released templates: a released file never changes, a better one is a new version."
    (folder / "released.toml").write_text("\n".join([head, "", "[released]", *lines]) + "\n", encoding="utf-8")
