"""Operators, the stack and files in C and C++: each fault and what looks like it."""

import time

import pytest

from schemas import CodeUnit
from secassist.detectors.code_flow import PLUGIN

_FREED = "char *p = malloc(9); if (!p) return; free(p); "
PAIRS = [
    ("use-after-free", _FREED + "use(p);", _FREED + "p = next(); use(p);"),
    ("use-after-free", _FREED + "use(p);", _FREED + "use(&p); look(p);"),
    ("use-after-free", _FREED + "use(p);", _FREED + "SET_POINTER(p);"),
    ("use-after-free", _FREED + "use(p);", _FREED + "list_remove(all, p);"),
    ("use-after-free", _FREED + "use(p);", "char *p = make(); obj_free(p); use(p);"),
    ("operator-mistaken", "if (n & !m) go();", "if (n && !m) go();"),
    ("operator-mistaken", "x = !n | FLAGS;", "x = !n | !m;"),
    ("operator-mistaken", "if (n & !m) go();", "if ((n == 1) & !isSet(m)) go();"),
    ("operator-mistaken", "if (n & !m) go();", "x = !!n & 1;"),
    ("stack-in-loop", "for (i = 0; i < n; i++) { p = alloca(9); }", "for (i = 0; i < 4; i++) { p = alloca(9); }"),
    ("stack-in-loop", "for (;;) { p = alloca(9); }", "for (;;) { p = alloca(9); return; }"),
    ("stack-in-loop", "while (more(a)) { if (n) { p = alloca(9); } }", "do { p = alloca(9); } while (0);"),
    ("stack-in-loop", "do { p = alloca(9); } while (next(a));", "bool stop = 0; while (!stop) { stop = 1; p = alloca(9); }"),
    ("mode-missing", "fd = open(name, O_CREAT | O_WRONLY);", "fd = open(name, O_CREAT | O_WRONLY, 0600);"),
    ("mode-missing", "fd = open(name, O_CREAT);", "fd = open(name, O_RDONLY);"),
    ("folder-kept", "if (chroot(name)) return;", 'if (chroot(name) || chdir("/")) return;'),
    ("unbounded-read", "char b[20]; std::cin >> b;", "char b[20]; std::cin >> std::setw(20) >> b;"),
    ("unbounded-read", "char b[20]; cin >> b;", "char b[20]; cin.width(20); cin >> b;"),
    ("unbounded-read", "char b[20]; cin >> b;", "int b; cin >> b;"),
    ("small-counter", "char c; for (c = 0; n > c; c++) go();", "int c; for (c = 0; n > c; c++) go();"),
]  # fmt: skip


def rules(body: str) -> set[str]:
    text = f"void f(int n, int m, char *name, int *a) {{\n  {body}\n}}\n"
    return {one.rule for one in PLUGIN.detect(CodeUnit(source="t", path="a.cpp", body=text)).candidates}


@pytest.mark.parametrize(("rule", "bad", "good"), PAIRS, ids=[f"{rule}-{n}" for n, (rule, _, _) in enumerate(PAIRS)])
def test_the_fault_is_found_and_what_looks_like_it_is_not(rule: str, bad: str, good: str) -> None:
    assert rule in rules(bad)
    assert rule not in rules(good)


def test_long_functions_take_linear_time() -> None:
    began = time.monotonic()
    rules("for (;;) { use(" + "n & !m, " * 1_500 + "n); }\n" * 3)
    assert time.monotonic() - began < 5
