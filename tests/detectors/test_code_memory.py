"""Memory in C: what does not fit, what is freed twice, what may be nothing, and the twin in which all is well."""

import pytest

from schemas import CodeUnit
from secassist.detectors._memory import families
from secassist.detectors.code_flow import PLUGIN


def found(body: str, language: str = "c") -> set[str]:
    text = f"void f(int n, char *given) {{\n{body}\n}}\n"
    unit = CodeUnit(source="t", path="x.c", language=language, body=text)
    return {candidate.cwe for candidate in PLUGIN.detect(unit).candidates}


TWINS = [
    ("CWE-121", "char a[10]; char b[20]; memset(b, 'x', 19); b[19] = 0; strcpy(a, b);",
     "char a[20]; char b[20]; memset(b, 'x', 19); b[19] = 0; strcpy(a, b);"),
    ("CWE-121", "int a[10]; int i; for (i = 0; i <= 10; i++) { a[i] = 0; }",
     "int a[10]; int i; for (i = 0; i < 10; i++) { a[i] = 0; }"),
    ("CWE-121", "int a[10]; int i; scanf(\"%d\", &i); if (i >= 0) { a[i] = 1; }",
     "int a[10]; int i; scanf(\"%d\", &i); if (i >= 0 && i < 10) { a[i] = 1; }"),
    ("CWE-122", "int *p = malloc(10); if (!p) return; p[4] = 1; free(p);",
     "int *p = malloc(10 * sizeof(int)); if (!p) return; p[4] = 1; free(p);"),
    ("CWE-124", "char a[9]; char *p = a - 8; memcpy(p, given, 4);", "char a[9]; char *p = a; memcpy(p, given, 4);"),
    ("CWE-127", "char a[9] = \"\"; char b[9]; char *p = a - 8; memcpy(b, p, 4);",
     "char a[9] = \"\"; char b[9]; char *p = a + 2; memcpy(b, p, 4);"),
    ("CWE-120", "char a[9]; char *e = getenv(\"X\"); strcpy(a, e);",
     "char a[9]; char *e = getenv(\"X\"); strncpy(a, e, sizeof(a));"),
    ("CWE-190", "int a; a = atoi(given); int b = a + 1;", "int a; a = atoi(given); if (a < INT_MAX) { int b = a + 1; }"),
    ("CWE-191", "int a; a = INT_MIN; int b = a - 1;", "int a; a = 5; int b = a - 1;"),
    ("CWE-369", "int a = atoi(given); int b = 100 / a;", "int a = atoi(given); if (a != 0) { int b = 100 / a; }"),
    ("CWE-415", "char *p = malloc(9); free(p); free(p);", "char *p = malloc(9); free(p); p = NULL; free(p);"),
    ("CWE-416", "char *p = malloc(9); if (!p) return; free(p); p[0] = 1;",
     "char *p = malloc(9); if (!p) return; p[0] = 1; free(p);"),
    ("CWE-476", "int *p; p = NULL; int a = *p;", "int *p; p = NULL; if (p != NULL) { int a = *p; }"),
    ("CWE-690", "int *p = malloc(4); *p = 1; free(p);", "int *p = malloc(4); if (p) { *p = 1; } free(p);"),
    ("CWE-401", "char *p = malloc(9); if (!p) return; p[0] = 1;", "char *p = malloc(9); keep(p);"),
    ("CWE-457", "int a; int b = a + 1;", "int a; set(&a); int b = a + 1;"),
    ("CWE-590", "char a[9]; char *p = a; free(p);", "char *p = malloc(9); free(p);"),
    ("CWE-680", "int a = atoi(given); int *p = malloc(a * sizeof(int)); use(p);", "int *p = malloc(n * sizeof(int)); use(p);"),
    ("CWE-789", "size_t a = atoi(given); char *p = malloc(a); use(p);",
     "size_t a = atoi(given); if (a > 0 && a < 100) { char *p = malloc(a); use(p); }"),
    ("CWE-134", "printf(given);", "printf(\"%s\", given);"),
]  # fmt: skip


@pytest.mark.parametrize(("cwe", "bad", "good"), TWINS, ids=[f"{cwe}-{n}" for n, (cwe, _, _) in enumerate(TWINS)])
def test_the_fault_is_found_and_its_twin_is_not(cwe: str, bad: str, good: str) -> None:
    assert cwe in found(bad)
    assert cwe not in found(good)


def test_what_is_taken_with_new_is_given_back_with_delete() -> None:
    assert "CWE-762" in found("int *p = new int[10]; delete p;", "cpp")
    assert not found("int *p = new int[10]; delete [] p;", "cpp")


def test_macros_may_set_what_they_are_given() -> None:
    assert not found("unsigned long flags; spin_lock_irqsave(&lock, flags); LIST_FOREACH(n, flags) { use(flags); }")


def test_a_function_of_the_library_stands_in_one_family() -> None:
    several = (families.TAKES, families.FREES, families.BOUNDED, families.OPENS, families.CLOSES, families.PRINTS,
               families.UNSAFE, families.MAYBE, families.CHOSEN, families.WAITS, families.ROOTS, families.TEXTS,
               families.DUPLICATES, families.LENGTHS, families.COPIES, families.SCANS)  # fmt: skip
    names = [name for family in several for name in family]
    assert len(names) == len(set(names))
