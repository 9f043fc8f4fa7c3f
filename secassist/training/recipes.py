"""The recipes: which text, which lessons, in which amounts; each step leaves files and can be run again."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any

import numpy as np

from schemas import digest
from secassist import plugins
from secassist.analyzers._likely import spelled
from secassist.analyzers._proofs import family
from secassist.analyzers.base import Driver
from secassist.backends.scripted import ScriptedBackend
from secassist.errors import UsageError
from secassist.evaluation import examples as labelled
from secassist.evaluation.examples import Example
from secassist.evaluation.split import Part, only
from secassist.evaluation.subjects import subjects
from secassist.evaluation.truth import stratum, technique_parents, truth
from secassist.registry.ranker import Ranker
from secassist.training import corpus, harmless, lesson, ranking, tokenizer, written
from secassist.training.lesson import Lesson
from secassist.training.pretraining import Recipe, Tokens, pretrain
from secassist.training.shaking import shake
from secassist.training.teaching import GOLD, Teacher

Log = Callable[[str], None]
CAPS = {
    "corpus:sigma": 2_600_000,
    "corpus:": 1_600_000,
    "corpus:coreruleset": 300_000,
    "rows:": 800_000,
    "rows:spamassassin": 700_000,
    "rows:otrf_windows": 700_000,
    "rows:juliet_c": 400_000,
    "rows:juliet_c_pairs": 100_000,
    "rows:php": 400_000,
    "rows:pii": 250_000,
    "rows:attack_procedures": 500_000,
    "installed": 1_200_000,
}
"""Characters per source of the small mixture (about 6 million tokens)."""
VALIDATION_EVERY = 60
LESSON_CAPS = {"triage": 13_000, "review": 6000, "sensitive": 2500, "techniques": 9000}
HARMLESS = 6000
"""Lessons from packages, where such are named."""
WRITTEN = {"triage": 35_600, "review": 9000, "sensitive": 900, "remediate": 900, "report": 700}
SHAKEN = 1
"""Seed of the shaken copies that events of T1 are taught by too."""


@dataclass
class Folder:
    """Where a training run keeps its things."""

    root: Path
    log: Log = field(default=print)

    @property
    def tokenizer(self) -> Path:
        return self.root / "tokenizer"

    def lessons(self, analyzer: str, which: Part) -> Path:
        """The lessons of one analyzer and part."""
        return self.root / "lessons" / f"{analyzer}.{which.value}.jsonl"


def gather(folder: Folder, corpus_file: Path | None, data: Path, seed: int = 3) -> tuple[Tokens, dict[str, Tokens]]:
    """Text of the mixture as tokens (kept in the folder), and validation tokens by kind of source."""
    train, held = folder.root / "tokens.npy", folder.root / "validation.npz"
    if train.exists() and held.exists():
        return kept(folder)
    folder.root.mkdir(parents=True, exist_ok=True)
    parts: Iterable[corpus.Text] = chain(corpus.labelled_inputs(data), corpus.installed_code(CAPS["installed"], 1))
    if corpus_file:
        parts = chain(corpus.security_corpus(corpus_file), parts)
    texts = corpus.mix(parts, CAPS, 10**7, seed)
    if not (folder.tokenizer / "tokenizer.json").exists():
        folder.log(f"training a tokenizer on {sum(len(t.text) for t in texts)} characters")
        tokenizer.train_tokenizer((t.text[:20_000] for t in texts), Recipe().vocabulary, folder.tokenizer)
    return _tokenize(folder, texts, train, held)


def _tokenize(
    folder: Folder, texts: Sequence[corpus.Text], train: Path, held: Path
) -> tuple[Tokens, dict[str, Tokens]]:
    from transformers import AutoTokenizer

    tok = AutoTokenizer.from_pretrained(folder.tokenizer, local_files_only=True)
    kept: list[int] = []
    validation: dict[str, list[int]] = {}
    for number, item in enumerate(texts):
        ids = [*tok(item.text[:60_000], add_special_tokens=False)["input_ids"], tok.eos_token_id]
        if number % VALIDATION_EVERY == 0:
            validation.setdefault(item.source.split(":")[0], []).extend(ids)
        else:
            kept += ids
    tokens: Tokens = np.array(kept, dtype=np.int32)
    np.save(train, tokens)
    sets: dict[str, Tokens] = {name: np.array(ids, dtype=np.int32) for name, ids in validation.items()}
    np.savez(held, **sets)  # type: ignore[arg-type]
    folder.log(f"{len(tokens)} tokens for training")
    return tokens, sets


def base(folder: Folder, corpus_file: Path | None, data: Path, recipe: Recipe | None = None) -> Path:
    """Pretrains (or resumes) the base; one pass over the mixture unless the recipe says how many steps."""
    tokens, _ = gather(folder, corpus_file, data)
    return pretrained(folder, recipe or Recipe(steps=max(1, len(tokens) // (Recipe.length * Recipe.batch))))


def pretrained(folder: Folder, recipe: Recipe) -> Path:
    """The base of the tokens that `gather` kept, with its tokenizer."""
    tokens, validation = kept(folder)
    final = pretrain(recipe, tokens, validation, folder.root / "base", log=folder.log)
    for path in folder.tokenizer.iterdir():
        (final / path.name).write_bytes(path.read_bytes())
    return final


def kept(folder: Folder) -> tuple[Tokens, dict[str, Tokens]]:
    """The tokens that `gather` kept; raises UsageError when it was not run."""
    train, held = folder.root / "tokens.npy", folder.root / "validation.npz"
    if not (train.exists() and held.exists()):
        raise UsageError(f"{folder.root}: has no tokens; run `secassist train gather` first")
    return np.load(train), dict(np.load(held))


def teacher(tok: Any) -> Teacher:
    """A teacher with every detector; tokens are counted by the tokenizer of the base."""
    driver = Driver(ScriptedBackend([]), plugins.load_all("detectors"), b"training only")

    def count(text: str) -> int:
        return len(tok(text, add_special_tokens=False)["input_ids"])

    return Teacher(driver, plugins.load_all("analyzers"), count)


def prepare(folder: Folder, data: Path, analyzers: Sequence[str], packages: Sequence[Path] = ()) -> None:
    """Writes the lessons of these analyzers: labelled rows by part, and what we wrote (training only).

    Code below `packages` (`harmless.lessons`) is added to the training lessons of review.
    """
    from transformers import AutoTokenizer

    who = teacher(AutoTokenizer.from_pretrained(folder.tokenizer, local_files_only=True))
    (folder.root / "lessons").mkdir(parents=True, exist_ok=True)
    rows = labelled.collect(data, tuple(GOLD))[0]
    for name in analyzers:
        mine = [row for row in rows if GOLD[row.task][0] == name]
        for which in (Part.TRAIN, Part.CALIBRATION):
            found = _lessons(who, name, mine, which)
            if name == "review" and which is Part.TRAIN and packages:
                found = chain(found, harmless.lessons(who, packages, HARMLESS))
            count = lesson.write(folder.lessons(name, which), found)
            folder.log(f"{name} {which.value}: {count} lessons")


def _lessons(who: Teacher, name: str, rows: Sequence[Example], which: Part) -> Iterator[Lesson]:
    chosen = list(only(rows, which))
    if name in LESSON_CAPS:
        cap = LESSON_CAPS[name] if which is Part.TRAIN else LESSON_CAPS[name] // 8
        per_row = 3 if name == "sensitive" else 1
        for row in labelled.limit(chosen, cap, stratum):
            yield from islice(who.lessons(row), per_row)
            shaken = shake(row, SHAKEN) if which is Part.TRAIN and row.task == "T1" else row
            if shaken is not row:
                yield from who.lessons(shaken)
    if which is Part.TRAIN and name in WRITTEN:
        yield from getattr(written, name)(who, 17, WRITTEN[name])


def learn_ranker(data: Path) -> Ranker:
    """A ranker of parent techniques from the training rows of T5; raises ValueError when there are too few."""
    texts, labels = [], []
    for row in only(labelled.collect(data, ("T5",))[0], Part.TRAIN):
        parents = technique_parents(truth(row).techniques)
        if parents:
            texts.append(subjects(row)[0].text)
            labels.append(parents[0])
    return ranking.learn(texts, labels)


RARE = 4
"""Lessons of a weakness below which a ranker does not learn it."""


def learn_weaknesses(lessons: Iterable[Lesson]) -> Ranker:
    """A ranker of weaknesses from lessons of review; raises ValueError when there are too few."""
    told = [(spelled(one.wording.partition(" | ")[2]), family(_named(one))) for one in lessons if one.bad]
    counts = Counter(cwe for _, cwe in told)
    kept = [(text, cwe) for text, cwe in told if cwe and counts[cwe] >= RARE]
    return ranking.learn([text for text, _ in kept], [cwe for _, cwe in kept])


def _named(lesson: Lesson) -> str:
    return str(json.loads(lesson.answer).get("cwe", ""))


def taught(folder: Folder, analyzer: str) -> list[Lesson]:
    """The training lessons of one analyzer, or of "all", those from corrections included."""
    wanted = "*" if analyzer == "all" else analyzer
    names = {*(folder.root / "lessons").glob(f"{wanted}.train.jsonl")}
    names |= {*(folder.root / "lessons").glob(f"{wanted}.corrections.train.jsonl")}
    files = sorted(names) or [folder.lessons(analyzer, Part.TRAIN)]
    return [one for path in files for one in lesson.read(path)]


def balance(lessons: Sequence[Lesson], seed: int = 5) -> list[Lesson]:
    """The lessons with the rarer truth repeated until both weigh alike within each source that has both."""
    counts = Counter((one.source, one.bad) for one in lessons)
    kept = list(lessons)
    for source in sorted({one.source for one in lessons}):
        bad, good = counts[source, True], counts[source, False]
        if bad and good and max(bad, good) > 1.5 * min(bad, good):
            rarer = [one for one in lessons if one.source == source and one.bad is (bad < good)]
            wanted = int(max(bad, good) / 1.5) - len(rarer)
            kept += islice(_cycle(rarer, min(wanted, 2 * len(rarer))), max(0, wanted))
    return sorted(kept, key=lambda one: digest([seed, one.prompt.user]))


def _cycle(items: Sequence[Lesson], count: int) -> Iterator[Lesson]:
    for index in range(max(0, count)):
        yield items[index % len(items)]
