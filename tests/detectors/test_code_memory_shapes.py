"""Shapes of faults in C: each is found, and is not where the check, the order or the size is right."""
# ruff: noqa: E501 - a row is easier to check in one piece

import time

import pytest

from schemas import CodeUnit
from secassist.detectors.code_flow import PLUGIN


def rules(body: str, params: str = "int n, char *given, struct s *p", language: str = "c") -> set[str]:
    lines = body.replace("; ", ";\n")
    text = f"void f({params}) {{\n{lines}\n}}\n"
    unit = CodeUnit(source="t", path="x.c", language=language, body=text)
    return {candidate.rule for candidate in PLUGIN.detect(unit).candidates}


SHAPES = [
    ("use-after-free", "kfree(p); n = p->size;", ["n = p->size; kfree(p);", "kfree(p); p = make(); n = p->size;",
                                                  "if (n) { kfree(p); return; } n = p->size;"]),
    ("use-after-free", "kfree(p->name); p->name[0] = 1;", ["kfree(p->name); p->name = copy(); p->name[0] = 1;",
                                                           "kfree(p->name); p->other[0] = 1;"]),
    ("use-after-free", "request_free(p); n = p->size;", ["n = p->size; request_free(p);", "request_free(p); use(n);",
                                                         "request_free(p); again: n = p->size;"]),
    ("use-after-free", "kfree(p); wake(&p->queue);", ["wake(&p->queue); kfree(p);", "kfree(p); wake(&n);"]),
    ("double-free", "free(given); if (n) use(n); free(given);", ["if (n) { free(given); return; } free(given);",
                                                                 "free(given); given = NULL; free(given);"]),
    ("late-check", "n = p->size; if (!p) return;", ["if (!p) return; n = p->size;", "if (p) n = p->size; if (!p) return;",
                                                    "n = p->size; p = next(p); if (p == NULL) return;",
                                                    "if (!p) goto out; n = p->size; out: if (p) use(p);",
                                                    "while (n) { n = p->size; p = p->next; if (!p) break; }"]),
    ("late-check", "*given = 0; if (given == NULL) return;", ["use(&p->list); if (!p) return;", "n = sizeof(*p); if (!p) return;"]),
    ("lock-kept", "mutex_lock(&m); if (n) return; mutex_unlock(&m);",
     ["mutex_lock(&m); if (n) { mutex_unlock(&m); return; } mutex_unlock(&m);", "mutex_lock(&m); if (n) goto out; out: mutex_unlock(&m);",
      "mutex_lock(&m); if (n) return;"]),
    ("lock-twice", "pthread_mutex_lock(&m); use(n); pthread_mutex_lock(&m);",
     ["pthread_mutex_lock(&m); use(n); pthread_mutex_unlock(&m); pthread_mutex_lock(&m);",
      "pthread_mutex_lock(&m); pthread_mutex_lock(&other);"]),
    ("off-by-one", "if (n > p->count) return; use(p->items[n]);",
     ["if (n >= p->count) return; use(p->items[n]);", "if (n > p->count) return; use(p->items[n - 1]);",
      "if (n > p->last) return; use(p->items[n]);", "if (n > p->count) return; n--; use(p->items[n]);"]),
    ("off-by-one", "for (int i = 0; i <= ARRAY_SIZE(t); i++) use(t[i]);",
     ["for (int i = 0; i < ARRAY_SIZE(t); i++) use(t[i]);", "for (int i = 1; i <= ARRAY_SIZE(t); i++) use(t[i - 1]);"]),
    ("index-before-check", "int i = 0; while (given[i] != 0 && i < n) i++;",
     ["int i = 0; while (i < n && given[i] != 0) i++;", "int i = 0; while (given[i] != 0 && n < 9) i++;"]),
    ("allocation-overflow", "use(malloc(p->width * p->height));",
     ["if (p->width > 9 || p->height > 9) return; use(malloc(p->width * p->height));", "use(malloc(p->width * sizeof(int)));",
      "use(malloc(4 * n));"]),
    ("allocation-overflow", "size_t total = p->width * p->height; use(malloc(total));",
     ["size_t total = p->width * p->height; if (total > 4096) return; use(malloc(total));", "size_t total = p->width; use(malloc(total));"]),
    ("unchecked-allocation", "p->queue = alloc_workqueue(\"q\", 0, 0);",
     ["p->queue = alloc_workqueue(\"q\", 0, 0); if (!p->queue) return;", "p->queue = xmalloc(3);",
      "char *q = malloc(3); p->queue = q; if (!q) return;"]),
    ("read-beyond", "Stream_Read_UINT32(s, n);", ["if (Stream_GetRemainingLength(s) < 4) return; Stream_Read_UINT32(s, n);", "Stream_Write_UINT32(s, n);"]),
    ("result-ignored", "fgets(given, n, stdin);", ["if (!fgets(given, n, stdin)) return;", "(void)fgets(given, n, stdin);",
                                                   "char *r = fgets(given, n, stdin); use(r);"]),
    ("result-ignored", "setuid(1000);", ["if (setuid(1000) != 0) return;", "printf(\"x\");"]),
    ("result-misread", "if (fgets(given, n, stdin) < 0) return;", ["if (fgets(given, n, stdin) == NULL) return;", "if (read(n, given, 3) < 0) return;"]),
    ("result-misread", "if (snprintf(given, 9, \"%d\", n) == 0) return;", ["if (snprintf(given, 9, \"%d\", n) < 0) return;",
                                                                         "if (p->printf(given) == 0) return;"]),
    ("realloc-lost", "if (!n) exit(1); given = realloc(given, n); use(given);", ["given = realloc(given, n); if (!given) exit(1);",
                                                                   "char *q = realloc(given, n); if (q) given = q;"]),
    ("uninitialised", "double a[3]; double *q = a; show(q[0] + 1);", ["double a[3] = {0}; double *q = a; show(q[0] + 1);",
                                                                  "double a[3]; double *q = a; q[0] = 1; show(q[0] + 1);"]),
    ("uninitialised", "int i; while (n) { if (n > 3) break; n--; } show(i + 1);",
     ["int i; do { i = 3; break; } while (n); show(i + 1);", "int i = 0; while (n) break; show(i + 1);"]),
    ("result-misread", "if (fread(given, 1, n, p->file) < 0) return;", ["if (fread(given, 1, n, p->file) != n) return;",
                                                                       "if (fputs(given, p->file) < 0) return;"]),
    ("comparison-as-statement", "n == 5;", ["n = 5;", "if (n == 5) use(n);", "\n#if VERSION == 5\nuse(n);\n#endif"]),
    ("assignment-as-condition", "if (n = 5) use(n);", ["if (n == 5) use(n);", "if ((n = next())) use(n);"]),
    ("never-below-zero", "unsigned int a = n; if (a < 0) return;", ["int a = n; if (a < 0) return;", "unsigned int a = n; if (a < 1) return;"]),
    ("small-counter", "short i; for (i = 0; i < n; i++) use(i);", ["int i; for (i = 0; i < n; i++) use(i);", "short i; for (i = 0; i < 9; i++) use(i);",
                                                                  "short i; for (i = 9; i < n; n--) use(i);"]),
    ("size-of-pointer", "memset(p, 0, sizeof(p));", ["memset(p, 0, sizeof(*p));", "char a[9]; memset(a, 0, sizeof(a));",
                                                     "memcpy(given, &p, sizeof(p));"]),
    ("size-of-pointer", "int *a = malloc(sizeof(a)); use(a);", ["int *a = malloc(sizeof(*a)); use(a);", "int **a = malloc(sizeof(a)); use(a);"]),
    ("pointer-scaled-twice", "int *a = p->items; use(a + n * sizeof(int));", ["int *a = p->items; use(a + n);", "use(given + n * sizeof(int));",
                                                                            "int *a = p->items; use((char *)a + n * sizeof(int));"]),
    ("format-arguments", "printf(\"%d %s\\n\", n);", ["printf(\"%d %s\\n\", n, given);", "printf(\"100%% of %d\\n\", n);", "printf(\"%*d\\n\", 4, n);",
                                                    "printf(\"%2$s %1$d\\n\", n, given);"]),
    ("format-type", "printf(\"%s\\n\", n);", ["printf(\"%s\\n\", given);", "printf(\"%d\\n\", n);"]),
    ("free-inside-block", "char *q = strdup(given); while (*q == 32) q++; free(q);",
     ["char *q = strdup(given); char *r = q; while (*r == 32) r++; free(q);", "char *q = given; q++; q = strdup(q); free(q);"]),
    ("null-pointer", "if ((p != NULL) & (p->size == 5)) use(n);", ["if ((p != NULL) && (p->size == 5)) use(n);", "if ((n != 0) & (n < 5)) use(n);"]),
    ("no-room-for-end", "char *q = malloc(strlen(given)); strcpy(q, given);",
     ["char *q = malloc(strlen(given) + 1); strcpy(q, given);", "char *q = malloc(strlen(given)); memcpy(q, given, strlen(given));"]),
    ("adds-too-much", "char a[9] = \"\"; strncat(a, given, sizeof(a) - strlen(a));",
     ["char a[9] = \"\"; strncat(a, given, sizeof(a) - strlen(a) - 1);", "char a[9] = \"\"; strncat(a, given, 3);"]),
    ("bounded-by-source", "strncpy(p->name, given, strlen(given));", ["strncpy(p->name, given, sizeof(p->name));", "strncpy(p->name, given, strlen(p->name));"]),
    ("realloc-lost", "given = realloc(given, n); use(given);", ["char *q = realloc(given, n); if (q) given = q;", "given = NULL; given = realloc(given, n);",
                                                   "char *old = given; given = realloc(given, n); if (!given) free(old);",
                                                   "given = realloc(given, n); if (!given) abort();"]),
    ("checked-then-opened", "if (access(given, 4) == 0) fopen(given, \"r\");", ["fopen(given, \"r\");", "if (access(given, 4) == 0) use(n);",
                                                                                "if (access(given, 4)) given = p->name; fopen(given, \"r\");"]),
    ("reachable-assertion", "int a = atoi(given); assert(a > 3);", ["int a = 5; assert(a > 3);", "int a = atoi(given); if (a <= 3) return; use(a);"]),
    ("uninitialised", "int a[3]; use(1); n = a[0] + 1;", ["int a[3]; a[0] = 1; n = a[0];", "int a[3]; fill(a); n = a[0];", "int a[3] = {0}; n = a[0];",
                                                          "int a[3]; for (int i = 0; i < 3; i++) { a[i] = i; n = a[0]; }",
                                                          "static int a[3]; n = a[0];"]),
    ("uninitialised", "int *q = malloc(4); if (!q) return; n = *q; free(q);", ["int *q = calloc(1, 4); if (!q) return; n = *q; free(q);",
                                                                               "int *q = malloc(4); if (!q) return; *q = 1; n = *q; free(q);",
                                                                               "int *q = malloc(4); if (!q) return; memset(q, 0, 4); n = *q; free(q);"]),
    ("mismatched-close", "FILE *o = fopen(given, \"r\"); close((int)o);", ["FILE *o = fopen(given, \"r\"); fclose(o);", "int o = open(given, 0); close(o);",
                                                                         "FILE *o = mine(given); close(o);"]),
    ("mismatched-close", "FILE *o = popen(\"/bin/ls\", \"r\"); fclose(o);", ["FILE *o = popen(\"/bin/ls\", \"r\"); pclose(o);",
                                                                          "FILE *o = fopen(given, \"r\"); o = n ? o : popen(given, \"r\"); pclose(o);"]),
    ("result-ignored", "char a[9]; scanf(\"%8s\", a);", ["char a[9]; if (scanf(\"%8s\", a) != 1) return;", "scanf(\"%d\", &n);"]),
    ("uninitialised", "int a[3]; for (int i = 0; i < 3; i++) { printf(\"%d\", a[i]); }",
     ["int a[3]; for (int i = 0; i < 3; i++) { fill(i, a); printf(\"%d\", a[i]); }", "int a[3]; for (int i = 0; i < 3; i++) { if (i) printf(\"%d\", a[i - 1]); a[i] = 1; }"]),
    ("unchecked-result", "char *q = strchr(given, 32); *q = 0;", ["char *q = strchr(given, 32); if (q) *q = 0;", "char *q = strchr(given, 32); use(q);"]),
    ("unchecked-result", "struct resource *r = platform_get_resource(p, 1, 0); n = r->start;",
     ["struct resource *r = platform_get_resource(p, 1, 0); if (!r) return; n = r->start;", "struct resource *r = mine(p); n = r->start;"]),
    ("length-unchecked", "char a[9]; memcpy(a, given, p->length);",
     ["char a[9]; if (p->length > sizeof(a)) return; memcpy(a, given, p->length);", "char a[9]; memcpy(a, given, sizeof(a));",
      "memcpy(p->name, given, p->length);"]),
    ("length-unchecked", "char a[9]; int size = ntohs(p->size); memcpy(a + 2, given, size);",
     ["char a[9]; int size = ntohs(p->size); if (size > 7) return; memcpy(a + 2, given, size);",
      "char a[9]; int size = min(p->size, 7); memcpy(a + 2, given, size);", "char a[9]; int size; measure(&size); memcpy(a, given, size);"]),
    ("unchecked-result", "char *q; q = strchr(given, 32); *q = 0;", ["char *q; if ((q = strchr(given, 32)) == NULL) return; *q = 0;",
                                                                     "char *q; if (NULL == (q = strchr(given, 32))) return; *q = 0;",
                                                                     "char *q = strchr(given, 32); if (q) q[-1] = 0;"]),
    ("unchecked-allocation", "int *q; q = malloc(4); *q = 0; free(q);", ["int *q; if ((q = malloc(4)) == NULL) return; *q = 0; free(q);",
                                                                        "int *q; if (!(q = malloc(4))) return; *q = 0; free(q);",
            "int *q; q = malloc(4); assert(q != NULL); *q = 0; free(q);"]),
    ("stack-address-returned", "int a; return &a;", ["return &table;", "static int a; return &a;"]),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "bad", "good"), SHAPES, ids=[f"{rule}-{n}" for n, (rule, _, _) in enumerate(SHAPES)])
def test_the_shape_is_found_and_its_repairs_are_not(rule: str, bad: str, good: list[str]) -> None:
    assert rule in rules(bad)
    assert len(good) >= 2
    assert [body for body in good if rule in rules(body)] == []


def found(text: str) -> set[str]:
    unit = CodeUnit(source="t", path="x.c", language="c", body=text)
    return {candidate.rule for candidate in PLUGIN.detect(unit).candidates}


def test_a_macro_is_what_it_stands_for() -> None:
    copy = "void f(void) {\n  char box[ROOM];\n  strcpy(box, WORD);\n}\n"
    assert "stack-overflow" in found('#define ROOM (4)\n#define WORD "longer"\n' + copy)
    assert "stack-overflow" not in found('#define ROOM 16 /* enough */\n#define WORD "longer"\n' + copy)
    assert "stack-overflow" not in found("#ifdef A\n#define ROOM 4\n#else\n#define ROOM 64\n#endif\n" + copy)
    both = "#ifdef _WIN32\n#define RUN _popen\n#else\n#define RUN popen\n#endif\n"
    run = 'void f(void) {\n  char box[80];\n  fgets(box, 80, stdin);\n  RUN(box, "r");\n}\n'
    assert "command-execution" in found(both + run)
    assert "command-execution" not in found("#define RUN show\n" + run)


def test_a_name_that_is_opened_alone_can_be_guessed_without_harm() -> None:
    made = "void f(char *t) {{ char *name = mktemp(t); int fd = open(name, O_CREAT{0}, 0600); use(fd); }}"
    assert "temporary-file" in found(made.format(""))
    assert "temporary-file" not in found(made.format("|O_EXCL"))
    assert "temporary-file" in found("name = tmpnam(NULL);\n")


def test_an_outsider_does_not_choose_how_long_is_waited() -> None:
    waits = 'void f(void) {{ char b[9] = ""; int n; {0} {1} sleep(n); }}'
    assert "resource-size" in found(waits.format("fgets(b, 9, stdin);", "n = atoi(b);"))
    assert "resource-size" not in found(
        waits.format("fgets(b, 9, stdin);", "n = atoi(b); if (n < 0 || n > 60) return;")
    )
    assert "resource-size" not in found(waits.format('strcpy(b, "15");', "n = atoi(b);"))
    assert "resource-size" not in found(waits.format('strcpy(b, "15");', 'sscanf(b, "%d", &n);'))


def test_an_address_is_read_whose_length_nobody_asks_for() -> None:
    params = "struct sockaddr *addr, int addr_len, int r"
    assert "read-beyond" in rules("r = addr->sa_family;", params)
    assert "read-beyond" not in rules("if (addr_len < 8) return; r = addr->sa_family;", params)
    assert "read-beyond" not in rules("r = addr->sa_family;", "struct sockaddr *addr, int *addr_len, int r")


def test_streams_and_references_of_cpp_may_fill_what_they_are_given() -> None:
    assert "uninitialised" not in rules("int i; std::cin >> i; show(i + 1);", language="cpp")
    assert "heap-overflow" in rules(
        "char *a = reinterpret_cast<char *>(malloc(4)); if (!a) return; a[9] = 1;", language="cpp"
    )
    assert "uninitialised" not in rules("int a[3]; std::cin >> a[0]; n = a[0];", language="cpp")
    assert "uninitialised" not in rules("int a[3]; set(a[0]); n = a[0];", language="cpp")


@pytest.mark.parametrize(
    "piece",
    [
        "if (p) { p->a = 1; free(p); p = malloc(p->a * p->b); }\n",
        "if (n > p->count) return; x = p->items[n];\n",
        "for (i = 0; i <= ARRAY_SIZE(t); i++) { t[i] = t[i] + 1; }\n",
        "given = realloc(given, strlen(given)); strcpy(given, s);\n",
    ],
)
def test_long_functions_take_time_in_their_length_only(piece: str) -> None:
    def seconds(times: int) -> float:
        start = time.process_time()
        rules(piece * times)
        return time.process_time() - start

    seconds(20)
    short, long = seconds(400), seconds(1600)
    assert long < 0.5 + 10 * short


@pytest.mark.parametrize("sign", ["<=", "==", "+", "&&", ">>"])
def test_operators_between_types_alone_end_nothing(sign: str) -> None:
    assert rules(f"bool b = alignof(long long) {sign} alignof(void *); gets(given);", language="cpp") == {
        "unbounded-read"
    }
