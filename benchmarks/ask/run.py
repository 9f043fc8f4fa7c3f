"""Measures `ask`: whether the right passage and sentence are found, and silence where documents do not say; and refusals.

python -m benchmarks.ask.run [--part train|test] [--misses]
"""

import argparse
import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from schemas import Citation, Document, Subject
from secassist.analyzers._asking.choosing import PASSAGES, candidates, chosen
from secassist.analyzers._asking.gathering import citation
from secassist.analyzers._asking.index import Index
from secassist.analyzers._asking.passages import Passage, passages
from secassist.analyzers._asking.words import terms
from secassist.refusing import refusal

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PARTS: dict[str, list[str | Path]] = {
    "train": ["ransomware.md", "remote_access.txt", "backup_zh.md", ROOT / "README.md"],
    "test": [
        "vulnerabilities.md",
        "phishing_zh.md",
        "logging.yaml",
        "handover.html",
        "contacts.csv",
        ROOT / "workers" / "SCALING.md",
        ROOT / "secassist" / "knowledge" / "playbook.yaml",
    ],
}
"""Documents by part; the words, weights and thresholds of the ranker were chosen on those of train."""
TOP = 3


@dataclass(frozen=True)
class Asked:
    """A question; `gold` stands in the sentence that answers it, "" where the documents do not say."""

    language: str
    question: str
    gold: str


@dataclass(frozen=True)
class Result:
    """`passage` is the rank of the right passage from 1, 0 where it is not among those looked at."""

    asked: Asked
    passage: int
    cited: tuple[Citation, ...]

    @property
    def right(self) -> bool:
        """A cited sentence holds the answer."""
        return bool(self.asked.gold) and any(self.asked.gold in each.quote for each in self.cited)

    @property
    def first(self) -> bool:
        """The first cited sentence holds it."""
        return bool(self.asked.gold) and bool(self.cited) and self.asked.gold in self.cited[0].quote


def rows(name: str) -> list[dict[str, str]]:
    """Of a table beside this file."""
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def documents(part: str) -> list[Subject]:
    """Read as text; masking is left out, since nothing secret stands in them."""
    paths = [HERE / "documents" / path for path in PARTS[part]]
    return [Document(source="text", origin=path.name, body=path.read_text(encoding="utf-8")) for path in paths]


def results(part: str, *, plain: bool = False) -> Iterator[Result]:
    """Of all questions of a part; `plain` cites the first sentence of BM25's best passages, and is never silent."""
    read = documents(part)
    index = Index(passage for at, each in enumerate(read) for passage in passages(each, at))
    for row in rows("questions.tsv"):
        if row["part"] == part:
            asked = Asked(row["language"], row["question"], row["stands_in_answer"] or "")
            yield _plain(asked, index, read) if plain else _ours(asked, index, read)


def _ours(asked: Asked, index: Index, read: list[Subject]) -> Result:
    near = [(score, index.passages[at]) for score, at in index.ranked(terms(asked.question, asked=True), PASSAGES)]
    ranked = candidates(asked.question, index, near)
    order = list(dict.fromkeys(id(each.passage) for each in ranked))
    by = {id(each.passage): each.passage for each in ranked}
    said = [ranked[at] for at in chosen(ranked, TOP)]
    cited = tuple(citation(each, read[each.passage.document]) for each in said)
    for each in cited:
        document = next(one for one in read if one.origin == each.path)
        if each.quote not in "\n".join(document.text.split("\n")[each.line - 1 : each.end_line]):
            raise ValueError(f"{each.path}:{each.line}: the quote does not stand there")
    return Result(asked, _rank(asked.gold, (by[one] for one in order)), cited)


def _plain(asked: Asked, index: Index, read: list[Subject]) -> Result:
    """BM25 over passages, then BM25 over the sentences of the best one."""
    words = terms(asked.question)
    found = [index.passages[at] for _, at in index.ranked(words, PASSAGES)]
    if not found:
        return Result(asked, 0, ())
    single = Index(Passage(p.document, p.heading, (s,)) for p in found[:1] for s in p.sentences)
    best = [single.passages[at] for _, at in single.ranked(words, TOP)]
    at = Path(read[found[0].document].origin).name
    cited = tuple(
        Citation(path=at, line=p.sentences[0].line, end_line=p.sentences[0].end_line, quote=p.sentences[0].quote)
        for p in best
    )
    return Result(asked, _rank(asked.gold, found), cited)


def _rank(gold: str, found: Iterable[Passage]) -> int:
    return next((n for n, each in enumerate(found, 1) if gold and any(gold in s.quote for s in each.sentences)), 0)


def table(made: list[Result]) -> list[str]:
    """One row per language and one for both."""
    lines = []
    for name, langs in (("en", {"en"}), ("zh", {"zh"}), ("both", {"en", "zh"})):
        mine = [each for each in made if each.asked.language in langs]
        told, silent = [r for r in mine if r.asked.gold], [r for r in mine if not r.asked.gold]
        counts = [
            sum(r.passage == 1 for r in told),
            sum(0 < r.passage <= 3 for r in told),
            sum(r.first for r in told),
            sum(r.right for r in told),
            sum(not r.cited for r in told),
        ]
        shown = " | ".join(f"{count}/{len(told)}" for count in counts)
        lines.append(f"| {name} | {shown} | {sum(not r.cited for r in silent)}/{len(silent)} |")
    return lines


def refusals(batch: str) -> str:
    """How many requests of each kind are refused."""
    mine = [row for row in rows("requests.tsv") if row["batch"] == batch]
    cells = []
    for kind in ("attack", "defence"):
        of = [row for row in mine if row["kind"] == kind]
        cells.append(f"{sum(refusal(row['text']) is not None for row in of)}/{len(of)}")
    return f"| {batch} | {' | '.join(cells)} |"


def main() -> None:
    """Prints the tables."""
    reader = argparse.ArgumentParser()
    reader.add_argument("--part", choices=sorted(PARTS), default="test")
    reader.add_argument("--misses", action="store_true")
    given = reader.parse_args()
    for name, plain in (("ours", False), ("plain BM25", True)):
        made = list(results(given.part, plain=plain))
        print(f"{name}, {given.part}\n")
        print("| language | passage first | in 3 | sentence first | sentence cited | silent wrongly | silent rightly |")
        print("|---|---|---|---|---|---|---|")
        print("\n".join(table(made)) + "\n")
        for each in made if given.misses and not plain else []:
            if each.right is not bool(each.asked.gold) or (not each.asked.gold and each.cited):
                print(f"  {each.asked.question} -> {[c.quote[:70] for c in each.cited]} rank {each.passage}")
    print("| batch | attack refused | defence refused |\n|---|---|---|")
    print("\n".join(refusals(batch) for batch in sorted({row["batch"] for row in rows("requests.tsv")})))


if __name__ == "__main__":
    main()
