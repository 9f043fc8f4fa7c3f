"""Generated code: a weak function and its safe twin of the same shape, in seven languages, with varied names and company."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from secassist.training.scenarios.names import Names

_FOLDER = Path(__file__).parent / "weaknesses"
MARK = re.compile(r"[ \t]*@@$", re.MULTILINE)
"""Stands at the end of the lines that are weak."""
_TRIES = 80


@dataclass(frozen=True)
class CodeSample:
    """One file. `cwe` is None and `lines` (1-based) and `fixed` empty when it is the safe twin."""

    language: str
    text: str
    cwe: str | None
    lines: tuple[int, ...]
    rationale: dict[str, str]
    fixed: str
    group: str


@dataclass(frozen=True)
class _Twin:
    language: str
    cwe: str
    weak: str
    safe: str


_WORDS: dict[str, tuple[str, ...]] = {
    "verb": ("load", "find", "get", "fetch", "show", "export", "run", "store", "check", "update", "render", "import"),
    "noun": (
        "order",
        "user",
        "report",
        "invoice",
        "file",
        "ticket",
        "item",
        "account",
        "page",
        "image",
        "device",
        "note",
    ),
    "arg": (
        "name",
        "value",
        "path",
        "target",
        "host",
        "key",
        "query",
        "text",
        "filename",
        "email",
        "link",
        "token",
        "item",
    ),
    "obj": ("data", "record", "entry", "buffer", "payload", "result", "config", "upload", "node", "state"),
    "col": ("title", "status", "owner", "total", "label", "email", "address", "level", "amount", "note"),
    "tool": ("ping", "convert", "whois", "tar", "dig", "ffmpeg", "git", "traceroute", "pdftotext", "host"),
    "route": ("search", "preview", "avatar", "export", "status", "lookup", "go", "upload", "orders", "next"),
    "idx": ("index", "pos", "slot", "offset", "row"),
    "size": ("16", "32", "64", "80", "128", "256"),
}
_COMPANY: dict[str, tuple[str, ...]] = {
    "python": (
        "import os\nimport re\n\nfrom flask import Flask, abort, request\n\napp = Flask(__name__)\n\n\n",
        'import logging\n\nlog = logging.getLogger("{app}")\nBASE = "/srv/{app}"\n\n\n',
        'def total({obj9}):\n    """Sum of all positive amounts."""\n    return sum(x for x in {obj9} if x > 0)\n\n\n',
        "class {cls9}:\n    def __init__(self, {col9}):\n        self.{col9} = {col9}\n\n\n",
        "# {app}: 内部工具，负责人 {zh_name}\n\n\n",
    ),
    "javascript": (
        "const express = require('express');\nconst path = require('path');\nconst app = express();\n\n",
        "'use strict';\n\n// {app} service\n",
        "const sum = ({obj9}) => {obj9}.reduce((a, b) => a + b, 0);\n\n",
        "class {cls9} {\n  constructor({col9}) {\n    this.{col9} = {col9};\n  }\n}\n\n",
    ),
    "java": (
        "package example.{app};\n\nimport java.io.*;\nimport java.util.*;\n\n",
        "// {App} module\n",
        "static int total(List<Integer> {obj9}) {\n    return {obj9}.stream().mapToInt(Integer::intValue).sum();\n}\n\n",
    ),
    "go": (
        'package {app}\n\nimport (\n\t"fmt"\n\t"net/http"\n)\n\n',
        "// {app} service\n",
        "func total({obj9} []int) int {\n\tsum := 0\n\tfor _, v := range {obj9} {\n\t\tsum += v\n\t}\n\treturn sum\n}\n\n",
    ),
    "php": (
        "<?php\ndeclare(strict_types=1);\n\n",
        "<?php\n// {app}\n",
        "<?php\nfunction total(array ${obj9}): int {\n    return array_sum(${obj9});\n}\n\n",
    ),
    "c": (
        "#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n\n",
        "/* {app}: {word} */\n",
        "static int total(const int *{obj9}, int n) {\n    int sum = 0;\n    while (n-- > 0)\n        sum += {obj9}[n];\n"
        "    return sum;\n}\n\n",
    ),
    "cpp": (
        "#include <memory>\n#include <string>\n#include <vector>\n\n",
        "// {app}: {word}\n",
        "static int total(const std::vector<int> &{obj9}) {\n    int sum = 0;\n    for (int value : {obj9})\n"
        "        sum += value;\n    return sum;\n}\n\n",
    ),
}


def generate_code(seed: int, count: int) -> Iterator[CodeSample]:
    """`count` distinct samples, the same for the same seed, weak and safe twins in turn by chance.

    Twins share `group` (language and CWE), and a weak sample carries its repaired text. Stops early only if nothing new
    can be drawn.
    """
    rng = random.Random(seed)  # noqa: S311 - invented text, not a secret
    seen: set[str] = set()
    for _ in range(count):
        sample = _new(rng, seen)
        if sample is None:
            return
        yield sample


@cache
def _twins() -> dict[str, tuple[_Twin, ...]]:
    """By language."""
    found = {}
    for path in sorted(_FOLDER.glob("[a-z]*.yaml")):
        raws = yaml.safe_load(path.read_text("utf-8"))
        found[path.stem] = tuple(_Twin(path.stem, raw["cwe"], raw["weak"], raw["safe"]) for raw in raws)
    return found


@cache
def _reasons() -> dict[str, tuple[str, ...]]:
    raw = yaml.safe_load((_FOLDER / "_reasons.yaml").read_text("utf-8"))
    return {cwe: tuple(texts) for cwe, texts in raw.items()}


def _new(rng: random.Random, seen: set[str]) -> CodeSample | None:
    for _ in range(_TRIES):
        sample = _draw(rng)
        if sample.text not in seen:
            seen.add(sample.text)
            return sample
    return None


def _draw(rng: random.Random) -> CodeSample:
    twin = rng.choice(_twins()[rng.choice(sorted(_twins()))])
    names = named(rng, twin.language)
    before, after = _company(rng, names, twin.language)
    weak = before + MARK.sub(" @@", names.fill(twin.weak)) + after
    safe = before + names.fill(twin.safe) + after
    reasons = [names.fill(text) for text in _reasons()[twin.cwe]]
    group = f"code:{twin.language}:{twin.cwe}"
    if rng.random() < 0.5:
        return CodeSample(twin.language, safe, None, (), {"en": reasons[2], "zh": reasons[3]}, "", group)
    lines = tuple(number for number, line in enumerate(weak.split("\n"), start=1) if line.endswith("@@"))
    text = MARK.sub("", weak)
    return CodeSample(twin.language, text, twin.cwe, lines, {"en": reasons[0], "zh": reasons[1]}, safe, group)


def named(rng: random.Random, language: str) -> Names:
    """Names with the code words of this sample: function, argument, class and so on, in the language's spelling."""
    names = Names(rng)
    for word in ("arg", "obj", "tool", "route", "idx", "size"):
        names.memo[word] = rng.choice(_WORDS[word])
    names.memo["col"], names.memo["col2"] = rng.sample(_WORDS["col"], 2)
    verb, noun, extra = rng.choice(_WORDS["verb"]), rng.choice(_WORDS["noun"]), rng.choice(_WORDS["noun"])
    snake = rng.choice((f"{verb}_{noun}", f"{verb}_{noun}_{extra}", f"{verb}_{noun}_by_{names.memo['arg']}"))
    names.memo["fn"] = snake if language in ("python", "php", "c", "cpp") else _camel(snake)
    names.memo["cls"] = noun if language in ("c", "cpp") else noun.title()
    names.memo["tbl"] = names.fill("{table}")
    names.memo["upper_app"] = names.fill("{app}").upper()
    names.memo["fake"] = names.fill("{word}-{numfour}-{alnumeight}")
    names.memo["obj9"], names.memo["col9"] = f"{rng.choice(_WORDS['noun'])}s", rng.choice(("size", "count", "kind"))
    names.memo["cls9"] = f"{extra.title()}Box"
    return names


def _camel(snake: str) -> str:
    first, *rest = snake.split("_")
    return first + "".join(part.title() for part in rest)


def _company(rng: random.Random, names: Names, language: str) -> tuple[str, str]:
    """Harmless text before and after, so that neither place nor length gives the answer away."""
    pool = _COMPANY[language]
    before = sorted(rng.sample(pool, k=1 if language == "php" else rng.choice((0, 1, 1, 2))), key=pool.index)
    rest = [text for text in pool[2:] if text not in before and not text.startswith("<?php")]
    after = rng.sample(rest, k=min(len(rest), rng.choice((0, 0, 1))))
    return names.fill("".join(before)), names.fill("".join("\n" + text.rstrip("\n") + "\n" for text in after))
