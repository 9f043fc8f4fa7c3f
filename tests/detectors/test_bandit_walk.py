"""The walk finds what bandit's own manager finds, rule by rule and line by line."""

import ast
from pathlib import Path

import pytest

pytestmark = pytest.mark.filterwarnings("ignore:The verify_requirements argument:DeprecationWarning")

EXAMPLES = Path(__file__).parents[2] / "examples"
CODES = {
    **{path.name + path.parent.name: path.read_text(encoding="utf-8") for path in EXAMPLES.rglob("*.py")},
    "scopes": "class A:\n class B:\n  def f(self, password='rosebud1'):\n   exec(x)\n  async def g(s): eval(2)\n",
    "aliases": "from os import system as run\nimport yaml as y\nrun(a)\ny.load(b)\n__import__('pickle')\nfrom . import c\n",
    "places": "with a('/tmp/x') as b:\n [x for x in '/tmp/y' if x == '0.0.0.0']\nd = {'password': 'rosebud1'}\n",
    "texts": "q = 'select a from b where c = ' + d\nq = f'delete from {t}'\nlambda password='rosebud1': 1\n",
    "handlers": "try: pass\nexcept Exception: pass\nfor i in j:\n try: pass\n except: continue\nassert i\n",
    "encoding": "# -*- coding: latin-1 -*-\npassword = 'rosebüd'\n",
    "reordered": "x = '\u202e'\n",
    "module": "import flask\napp.run(debug=True)\nimport importlib\nimportlib.import_module(name='telnetlib')\n",
}


def by_bandit(text: str, folder: Path) -> list[tuple[object, ...]]:
    from bandit.core.config import BanditConfig
    from bandit.core.manager import BanditManager

    file = folder / "unit.py"
    file.write_text(text, encoding="utf-8", newline="\n")
    manager = BanditManager(BanditConfig(), "file", ignore_nosec=True)
    manager.discover_files([str(file)])
    manager.run_tests()
    return sorted(map(told, manager.get_issue_list()))


def told(issue: object) -> tuple[object, ...]:
    return tuple(
        str(getattr(issue, name)) for name in ("lineno", "test_id", "col_offset", "linerange", "severity", "text")
    )


@pytest.mark.parametrize("name", CODES)
def test_the_same_as_bandit(name: str, tmp_path: Path) -> None:
    from secassist.detectors._code.bandit_walk import issues_of

    text = CODES[name]
    found = sorted(map(told, issues_of(text, ast.parse(text))))
    assert found == by_bandit(text, tmp_path)
    assert found or "safe" in name or "settings" in name


def test_what_names_an_encoding_that_it_is_not_in_is_refused() -> None:
    from secassist.detectors._code.bandit_walk import issues_of

    with pytest.raises(SyntaxError):
        issues_of("# coding: nonesuch\neval(x)\n", ast.parse("eval(x)\n"))
