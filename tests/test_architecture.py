"""The structure of the house: who imports whom, how long a file is, what is never written."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = ("schemas", "secassist", "workers")
FLOORS = {
    "schemas": 1,
    "secassist": 1,
    "secassist.errors": 1,
    "secassist.parsing": 1,
    "secassist.writing": 1,
    "secassist.refusing": 1,
    "secassist.vocabulary": 1,
    "secassist.folds": 2,
    "secassist.sources": 2,
    "secassist.detectors": 2,
    "secassist.engine": 2,
    "secassist.store": 2,
    "secassist.sinks": 2,
    "secassist.formats": 2,
    "secassist.knowledge": 2,
    "secassist.templates": 2,
    "secassist.grounding": 2,
    "secassist.registry": 2,
    "secassist.vault": 2,
    "secassist.logs": 2,
    "secassist.config": 2,
    "secassist.plugins": 2,
    "secassist.backends": 3,
    "secassist.broker": 3,
    "secassist.correcting": 3,
    "secassist.likeness": 3,
    "secassist.masking": 3,
    "secassist.delivering": 3,
    "secassist.styling": 3,
    "secassist.analyzers": 4,
    "secassist.pipeline": 5,
    "secassist.evaluation": 5,
    "secassist.redacting": 5,
    "secassist.scanning": 5,
    "secassist.fixing": 5,
    "secassist.investigating": 5,
    "secassist.bootstrap": 6,
    "secassist.queueing": 6,
    "secassist.scheduling": 6,
    "secassist.promoting": 6,
    "secassist.training": 6,
    "secassist.serving": 7,
    "workers": 7,
    "secassist.cli": 8,
    "secassist.__main__": 9,
}
"""A room may import itself and lower floors, never a neighbour."""
HEAVY = {"torch", "transformers", "peft"}
HEAVY_ROOMS = ("secassist.engine", "secassist.training")
BANNED_NAMES = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}
LONGEST = 400


def files() -> list[Path]:
    return sorted(path for room in PRODUCT for path in (ROOT / room).rglob("*.py"))


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in files()}


@cache
def tree(name: str) -> ast.Module:
    return ast.parse(MODULES[name].read_text(encoding="utf-8"))


def room(name: str) -> str:
    """The part of a module's name that has a floor: `secassist.<room>`, `schemas` or `workers`."""
    parts = name.split(".")
    return ".".join(parts[:2]) if parts[0] == "secassist" else parts[0]


def imported(name: str, nodes: Iterator[ast.AST]) -> Iterator[str]:
    """Absolute names of every module that these nodes import; `from x import y` gives x.y where that is a module."""
    package = name if MODULES[name].name == "__init__.py" else name.rpartition(".")[0]
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *([base] if base else [])])
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                yield inner if inner in MODULES else base


def all_imports(name: str) -> set[str]:
    return set(imported(name, ast.walk(tree(name))))


def load_time_nodes(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """What runs when the module is imported: everything but function bodies and TYPE_CHECKING blocks."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        yield node
        inner = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt)]
        yield from load_time_nodes(inner)


def ours(target: str) -> bool:
    return target.split(".", maxsplit=1)[0] in PRODUCT


def test_every_room_stands_on_a_floor_and_every_floor_has_its_rooms() -> None:
    assert {room(name) for name in MODULES} == set(FLOORS)


@pytest.mark.parametrize("name", sorted(MODULES))
def test_imports_go_down_only(name: str) -> None:
    own = room(name)
    wrong = [
        target
        for target in all_imports(name)
        if ours(target) and room(target) != own and FLOORS[room(target)] >= FLOORS[own]
    ]
    assert not wrong, f"{name} (floor {FLOORS[own]}) imports {sorted(wrong)}"


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {name: {target for target in all_imports(name) if target in MODULES and target != name} for name in MODULES}
    assert set(TopologicalSorter(graph).static_order()) == set(MODULES)  # a CycleError names them


@pytest.mark.parametrize("name", sorted(MODULES))
def test_no_private_name_is_imported(name: str) -> None:
    froms = (node for node in ast.walk(tree(name)) if isinstance(node, ast.ImportFrom) and ours(node.module or ""))
    named = (f"{node.module}.{alias.name}" for node in froms for alias in node.names if re.match("_[^_]", alias.name))
    assert not [target for target in named if target not in MODULES]


def test_the_walk_sees_imports_in_functions_and_under_type_checking() -> None:
    source = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import a\ndef f():\n    from b import c\n"
    nodes = ast.walk(ast.parse(source))
    assert {"a", "b"} <= set(imported("secassist.errors", nodes))
    late = set(imported("secassist.errors", load_time_nodes(ast.parse(source).body)))
    assert late == {"typing"}


def test_the_walk_resolves_modules_imported_from_a_package() -> None:
    nodes = ast.walk(ast.parse("from secassist import registry\nfrom . import base\n"))
    assert set(imported("secassist.backends.local", nodes)) == {"secassist.registry", "secassist.backends.base"}


@pytest.mark.parametrize("name", [name for name in sorted(MODULES) if room(name) == "secassist.formats"])
def test_formats_know_nouns_only(name: str) -> None:
    known = {"schemas", "secassist", "secassist.errors", "secassist.formats"}
    assert {room(target) for target in all_imports(name) if ours(target)} <= known


@pytest.mark.parametrize(
    ("libraries", "rooms"),
    [
        ({"sqlalchemy", "alembic"}, ("secassist.store",)),
        ({"celery"}, ("secassist.broker", "workers")),
        ({"starlette", "uvicorn"}, ("secassist.serving",)),
        ({"llguidance"}, ("secassist.engine",)),
        (HEAVY, ("secassist.backends", *HEAVY_ROOMS)),
    ],
)
def test_a_library_is_known_in_its_room_only(libraries: set[str], rooms: tuple[str, ...]) -> None:
    users = {n for n in MODULES if libraries & {target.split(".")[0] for target in all_imports(n)}}
    strangers = [n for n in users if not any(n == known or n.startswith(f"{known}.") for known in rooms)]
    assert not strangers


@pytest.mark.parametrize("name", sorted(MODULES))
def test_heavy_libraries_are_imported_late(name: str) -> None:
    early = {target.split(".")[0] for target in imported(name, load_time_nodes(tree(name).body))} & HEAVY
    assert not early or room(name) in HEAVY_ROOMS


@pytest.mark.parametrize("name", sorted(MODULES))
def test_a_module_is_short_documented_and_well_named(name: str) -> None:
    path = MODULES[name]
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST
    assert ast.get_docstring(tree(name)), f"{name} has no docstring"
    assert not BANNED_NAMES & set(name.strip("_").split("."))


def test_tests_and_benchmarks_are_short_too() -> None:
    found = (path for folder in ("tests", "benchmarks") for path in (ROOT / folder).rglob("*.py"))
    assert not [str(path) for path in found if len(path.read_text(encoding="utf-8").splitlines()) > LONGEST]


@pytest.mark.parametrize("name", sorted(MODULES))
def test_nothing_dangerous_is_called(name: str) -> None:
    modules = {target.split(".")[0] for target in all_imports(name)}
    assert not modules & {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve"}
    for node in ast.walk(tree(name)):
        assert not isinstance(node, ast.Assert), f"{name}:{node.lineno}: raise an error of ours instead"
        if isinstance(node, ast.Call):
            problem = dangerous(node)
            assert not problem, f"{name}:{node.lineno}: {problem}"


def dangerous(call: ast.Call) -> str:
    """Why this call is not allowed, "" if it is."""
    name = ast.unparse(call.func)
    keywords = {word.arg: word.value for word in call.keywords}
    if name in {"eval", "exec", "__import__", "compile", "builtins.eval", "builtins.exec"}:
        return f"{name} runs text as code"
    if name == "torch.load" and not _is(keywords.get("weights_only"), True):
        return f"{name} unpickles"
    if "allow_pickle" in keywords and not _is(keywords["allow_pickle"], False):
        return f"{name} unpickles"
    if name in {"yaml.load", "yaml.load_all"}:
        loaders = set(re.findall(r"\b\w*Loader\b", " ".join(map(ast.unparse, [*call.args[1:], *keywords.values()]))))
        return "" if loaders and loaders <= {"SafeLoader", "CSafeLoader"} else f"{name} builds objects; use safe_load"
    if name in {"yaml.unsafe_load", "yaml.full_load"}:
        return f"{name} builds objects; use safe_load"
    if "shell" in keywords and not _is(keywords["shell"], False):
        return "no shell"
    if "trust_remote_code" in keywords and not _is(keywords["trust_remote_code"], False):
        return "no remote code"
    return "os.system runs a shell" if name in {"os.system", "os.popen"} else ""


def _is(node: ast.expr | None, value: bool) -> bool:
    return isinstance(node, ast.Constant) and node.value is value


@pytest.mark.parametrize(
    "source",
    [
        "eval(x)",
        "torch.load(p)",
        "torch.load(p, weights_only=False)",
        "np.load(p, allow_pickle=True)",
        "yaml.load(s)",
        "yaml.load(s, Loader=yaml.Loader)",
        "yaml.load_all(s, yaml.SafeLoader if x else yaml.UnsafeLoader)",
        "run(c, shell=True)",
    ],
)
def test_the_check_knows_danger(source: str) -> None:
    assert dangerous(ast.parse(source, mode="eval").body)  # type: ignore[arg-type]
    assert not dangerous(ast.parse("torch.load(p, weights_only=True)", mode="eval").body)  # type: ignore[arg-type]
    assert not dangerous(ast.parse("yaml.load_all(s, yaml.CSafeLoader)", mode="eval").body)  # type: ignore[arg-type]


def python(code: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def test_help_loads_no_model_library() -> None:
    code = (
        "import runpy, sys\nsys.argv = ['secassist', '--help']\n"
        "try:\n    runpy.run_module('secassist', run_name='__main__')\nexcept SystemExit as end:\n"
        "    code = end.code\nloaded = {'torch', 'transformers', 'peft'} & set(sys.modules)\n"
        "print('LOADED', sorted(loaded), code)"
    )
    done = python(code)
    assert "LOADED [] 0" in done.stdout, done.stdout + done.stderr
    assert "triage" in done.stdout


@pytest.mark.parametrize("module", ["secassist.bootstrap", "secassist.backends.local", "secassist.evaluation.run"])
def test_wiring_loads_no_model_library(module: str) -> None:
    done = python(f"import sys, {module}\nprint('LOADED', sorted({HEAVY!r} & set(sys.modules)))")
    assert "LOADED []" in done.stdout, done.stderr


def test_loading_every_plug_in_loads_no_model_library() -> None:
    code = (
        "import sys\nfrom secassist import plugins\n"
        "for room in ('sources', 'detectors', 'formats', 'analyzers', 'backends'):\n"
        "    assert plugins.load_all(room), room\n"
        f"print('LOADED', sorted({HEAVY!r} & set(sys.modules)))"
    )
    done = python(code)
    assert "LOADED []" in done.stdout, done.stderr
