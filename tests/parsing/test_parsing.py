"""Languages, units, imports, calls, the index, and the one form of all languages, on friendly and on hostile text."""

import time

import pytest

from secassist.parsing.forms import Form, Program
from secassist.parsing.index import indexed
from secassist.parsing.languages import LANGUAGES, language_of
from secassist.parsing.lowering import lower
from secassist.parsing.names import calls, imports
from secassist.parsing.tree import LONGEST_LINE, parse, walk
from secassist.parsing.units import units

FUNCTIONS = {
    "python": "import os\n\n@route('/x')\ndef show(a, b=1):\n    return run(a)\n",
    "javascript": "const x = 1;\n\n\nfunction show(a, b) {\n  return run(a); }\n",
    "typescript": "const x = 1;\n\n\nfunction show(a: string, b = 1) {\n  return run(a); }\n",
    "tsx": "const x = <b>1</b>;\n\n\nfunction show(a: string, b = 1) {\n  return run(a); }\n",
    "java": "class A {\n\n\n  String show(String a, int b) {\n    return run(a); } }\n",
    "go": "package p\n\n\nfunc show(a string, b int) string {\n\treturn run(a) }\n",
    "c": "#include <a.h>\n\n\nchar *show(char *a, int b) {\n  return run(a); }\n",
    "cpp": "#include <a>\n\n\nstd::string A::show(char *a, int b) {\n  return run(a); }\n",
    "php": "<?php\n\n\nfunction show($a, $b = 1) {\n  return run($a); }\n",
    "csharp": "class A {\n\n\n  string show(string a, int b) {\n    return run(a); } }\n",
    "ruby": "x = 1\n\n\ndef show(a, b = 1)\n  run(a) end\n",
}


def functions(program: Program) -> list[Form]:
    return list(program.definitions)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_function_is_one_form_and_one_unit_in_every_language(language: str) -> None:
    text = FUNCTIONS[language]
    (function,) = functions(lower(text, language))
    assert (function.text, function.line, function.end) == ("show", 4, 5)
    assert [param.text.lstrip("$") for param in function.parts] == ["a", "b"]
    (returned,) = function.body
    assert returned.kind == "return" and returned.base is not None
    assert (returned.base.kind, returned.base.path, len(returned.base.parts)) == ("call", "run", 1)
    (unit,) = units(text, language)
    assert (unit.name, unit.first, unit.last) == ("show", 3 if language == "python" else 4, 5)
    assert "run" in unit.calls


def test_every_language_has_an_example() -> None:
    assert set(FUNCTIONS) == set(LANGUAGES)


@pytest.mark.parametrize(
    ("path", "first", "said", "wanted"),
    [
        ("a/b.py", "", "", "python"),
        ("A.TSX", "", "typescript", "tsx"),
        ("run", "#!/usr/bin/env python3", "", "python"),
        ("run", "#!/usr/bin/node", "", "javascript"),
        ("x", "", "C++", "cpp"),
        ("x.py", "", "cobol", ""),
        ("x.txt", "#!/bin/sh", "", ""),
        ("Rakefile", "", "", "ruby"),
    ],
)
def test_the_language_is_told_by_name_suffix_or_shebang(path: str, first: str, said: str, wanted: str) -> None:
    assert language_of(path, first, said) == wanted


def test_units_name_class_decorators_and_depth() -> None:
    text = (
        "class A:\n    @login_required\n    @app.get('/x')\n    def f(self):\n        def g(): pass\n        return g\n"
    )
    outer, inner = units(text, "python")
    assert (outer.path, outer.first, outer.last, outer.depth) == ("A.f", 2, 6, 0)
    assert outer.decorators == ("@login_required", "@app.get('/x')")
    assert (inner.path, inner.depth) == ("A.g", 1)


def test_functions_handed_to_a_call_are_units() -> None:
    text = "app.get('/x', function (req, res) {\n  res.send(1);\n});\nconst f = (a) => {\n  go(a);\n};\nlist.map(x => x);\n"
    assert [(unit.name, unit.first, unit.last) for unit in units(text, "javascript")] == [("", 1, 3), ("f", 4, 6)]


def test_syntax_errors_hide_only_what_they_break() -> None:
    text = "def a(:\n    pass\n\ndef b(x):\n    return x\n"
    assert "b" in {unit.name for unit in units(text, "python")}


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        ("python", "import os.path as p\nfrom a.b import (c as d,\n  e)\n", {"p": "os.path", "d": "a.b.c", "e": "a.b.e"}),
        ("javascript", "const {exec: e, fork} = require('child_process');\nimport x, {y as z} from 'm';",
         {"e": "child_process.exec", "fork": "child_process.fork", "z": "m.y", "x": "m"}),
        ("go", 'package a\nimport (\n "os/exec"\n r "math/rand"\n)\n', {"exec": "os/exec", "r": "math/rand"}),
        ("java", "import java.io.File;\n", {"File": "java.io.File"}),
    ],
)  # fmt: skip
def test_imports_give_full_names(language: str, text: str, wanted: dict[str, str]) -> None:
    assert imports(text, language).items() >= wanted.items()


def test_calls_have_lines() -> None:
    assert calls("a.b(c)\n\nd(e(1))\n", "python") == (("a.b", 1), ("d", 3), ("e", 3))
    assert calls("anything", "cobol") == ()


def test_the_index_finds_callers_and_callees_through_imports() -> None:
    index = indexed(
        [
            ("app.py", "import db\ndef page(q):\n    return db.find(q)\ndef find(x):\n    return x\n"),
            ("db.py", "def find(q):\n    return connect().execute(q)\ndef connect():\n    return 1\n"),
        ]
    )
    (page,) = index.by_name["page"]
    assert [(one.path, one.unit.name) for one in index.callees("app.py", page.unit)] == [("db.py", "find")]
    found = next(one for one in index.by_name["find"] if one.path == "db.py")
    assert [(one.path, one.unit.name) for one in index.callers("db.py", found.unit)] == [("app.py", "page")]
    assert [one.unit.name for one in index.callees("db.py", found.unit)] == ["connect"]
    assert index.add("notes.txt", "def a(): pass") == ()


def test_texts_are_taken_apart_and_put_together() -> None:
    (assign,) = lower("x = f'a{b}c' 'd'", "python").body
    assert assign.base is not None and assign.base.kind == "join"
    assert [(part.kind, part.text) for part in assign.base.parts] == [("string", "a"), ("name", "b"), ("string", "cd")]


def test_functions_of_one_name_are_all_kept() -> None:
    program = lower("class A { void f() { a(); } void f(int x) { b(); } }", "java")
    assert len(program.definitions) == 2 and program.functions["A.f"] is program.definitions[0]


def test_a_chain_of_operators_is_flat() -> None:
    (assign,) = lower("x = " + " + ".join(f"a{n}" for n in range(500)), "python").body
    assert assign.base is not None and len(assign.base.parts) == 500


def test_pieces_of_php_and_go_are_read_without_what_is_around_them() -> None:
    assert lower("echo $x;", "php").body[0].path == "echo"
    (function,) = functions(lower("q := f(x)\nrun(q)", "go"))
    assert [form.line for form in function.body] == [1, 2]
    assert functions(lower('package p\nimport (\n "os"\n\nfunc f() {}\n', "go"))


@pytest.mark.parametrize("language", ["python", "javascript", "java", "c", "php", "go"])
@pytest.mark.parametrize(
    "text",
    ["(" * 20_000, "f(" * 5_000, "{" * 5_000, "x" + ".a()" * 8_000, "a ? " * 3_000, '"' * 9_999, "if (x) " * 3_000],
)
def test_deep_and_broken_text_is_read_in_time(language: str, text: str) -> None:
    began = time.process_time()
    assert lower(text, language).language == language
    units(text, language)
    assert time.process_time() - began < 3


def test_long_lines_are_cut_and_line_numbers_stay() -> None:
    text = "x = '" + "a" * (2 * LONGEST_LINE) + "'\ndef f(): pass\n"
    assert [unit.first for unit in units(text, "python")] == [2]


def test_a_walk_keeps_to_its_budget() -> None:
    root = parse("a = 1\n" * 100, "python").root_node
    assert len(list(walk(root, 10))) <= 10 < len(list(walk(root)))


def test_an_unknown_language_is_an_error() -> None:
    with pytest.raises(KeyError):
        lower("x", "cobol")
