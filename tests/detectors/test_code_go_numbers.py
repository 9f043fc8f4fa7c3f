"""Numbers, lengths and contexts of Go: each fault is found, and is not where a bound, a length or an end is minded."""
# ruff: noqa: E501 - a row is easier to check in one piece

import time

import pytest

from schemas import CodeUnit
from secassist.detectors.code_flow import PLUGIN


def rules(body: str, params: str = "s string, ctx context.Context", top: str = "") -> set[str]:
    text = f'package main\nimport ("context"; "math"; "math/rand"; "strconv"; "crypto/cipher")\n{top}\nfunc f({params}) {{\n{body}\n}}\n'
    unit = CodeUnit(source="t", path="x.go", language="go", body=text)
    return {candidate.rule for candidate in PLUGIN.detect(unit).candidates}


READ = "v, _ := strconv.Atoi(s)\n"
SHAPES = [
    ("number-cut", READ + "use(int32(v))", [READ + "use(int64(v))", READ + "if v > math.MaxInt32 || v < math.MinInt32 { return }\nuse(int32(v))",
                                            READ + "if v >= 0 && v <= 200 { use(uint8(v)) }", READ + "use(uint8(v & 0xff))"]),
    ("number-cut", READ + "if v >= 0 { use(int32(v)) }", [READ + "if v > top || v < low { return }\nuse(int32(v))", READ + "use(uint8(min(max(v, 0), 255)))"]),
    ("number-cut", "v, _ := strconv.ParseInt(s, 10, 64)\nuse(int16(v))", ["v, _ := strconv.ParseInt(s, 10, 16)\nuse(int16(v))", "v, _ := strconv.ParseUint(s, 10, 15)\nuse(int16(v))"]),
    ("number-cut", "v, _ := strconv.ParseUint(s, 10, 64)\nuse(int(v))", ["v, _ := strconv.ParseUint(s, 10, 32)\nuse(int(v))", "v, _ := strconv.ParseUint(s, 10, 64)\nif v > math.MaxInt64 { return }\nuse(int(v))"]),
    ("number-cut", READ + "switch { case v < 0: return }\nuse(uint8(v))", [READ + "switch { case v < 0: return; case v > 100: return }\nuse(uint8(v))", "for i := 0; i < 999; i++ { use(byte(i)) }"]),
    ("number-cut", "var a uint32 = math.MaxUint32\nuse(int32(a))", ["var a uint32 = 7\nuse(int32(a))", "var a uint8 = 200\nuse(int32(a))"]),
    ("number-cut", "a := rand.Int63()\nuse(int32(a))", ["a := rand.Intn(9)\nuse(int32(a))", READ + "if int64(v) > math.MaxInt32 || v < 0 { return }\nuse(int32(v))"]),
    ("index-beyond-end", "a := make([]int, 4)\nuse(a[5])", ["a := make([]int, 4)\nuse(a[3])", "a := make([]int, 4)\na = grow(a)\nuse(a[5])",
                                                             "a := make([]int, 4)\nif len(a) > 5 { use(a[5]) }", "a := make([]int, n)\nuse(a[5])"]),
    ("index-beyond-end", "a := make([]int, 4, 8)\nuse(a[:9])", ["a := make([]int, 4, 8)\nuse(a[:8])", "a := make([]int, 4, n)\nuse(a[:9])"]),
    ("index-beyond-end", "var a [4]int\nfor i := 0; i <= 4; i++ { a[i] = i }", ["var a [4]int\nfor i := 0; i < 4; i++ { a[i] = i }", "var a [4]int\nfor i := 0; i <= 4; i++ { if i < len(a) { a[i] = i } }",
                                                                               "var a [4]int\nfor i := 0; i <= 4; i++ { if i > 2 { break }\na[i] = i }", "var a [4]int\nfor i := range a { a[i] = i }"]),
    ("index-beyond-end", "a := []int{1, 2}\na = append(a, 3)\nuse(a[3])", ["a := []int{1, 2}\na = append(a, 3)\nuse(a[2])", "a := []int{1, 2}\na = append(a, more...)\nuse(a[9])",
                                                                          "a := []int{1, 2}\nif s != \"\" { a = append(a, 3, 4) }\nuse(a[3])", "a := map[int]int{1: 2}\nuse(a[9])"]),
    ("index-beyond-end", "var a []int\nuse(a[-1+0])", ["var a []int\na = load()\nuse(a[0])", "a := []int{1}\nb := &a\nfill(b)\nuse(a[5])"]),
    ("division-by-zero", READ + "use(100 / v)", [READ + "if v == 0 { return }\nuse(100 / v)", READ + "if v > 0 { use(100 / v) }"]),
    ("no-salt", "iv := make([]byte, 16)\nuse(cipher.NewCTR(block, iv))", ["iv := make([]byte, 16)\nrand.Read(iv)\nuse(cipher.NewCTR(block, iv))", "iv := make([]byte, 16)\nio.ReadFull(r, iv[:])\nuse(cipher.NewCTR(block, iv))",
                                                                        "all := load()\nuse(cipher.NewCTR(block, all[:16]))"]),
    ("context-never-ended", "child, _ := context.WithCancel(ctx)\nuse(child)", ["child, cancel := context.WithCancel(ctx)\ndefer cancel()\nuse(child)", "child, cancel := context.WithCancel(ctx)\nreturn child, cancel",
                                                                                "child, cancel := context.WithCancel(ctx)\ngo func() { cancel() }()\nuse(child)"]),
    ("context-never-ended", "child, cancel := context.WithTimeout(ctx, 3)\n_ = cancel\nuse(child)", ["child, cancel := context.WithTimeout(ctx, 3)\nkeep.cancel = cancel\nuse(child)", "child, _ := other.WithTimeout(ctx, 3)\nuse(child)"]),
    ("loop-never-ended", "for { poll() }", ["for { if ctx.Err() != nil { return }\npoll() }", "for { select { case <-ctx.Done(): return\ndefault: poll() } }", "for { if poll() { break } }",
                                           "for poll() { }", "for { <-ticker.C\npoll() }"]),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "bad", "good"), SHAPES, ids=[f"{rule}-{n}" for n, (rule, _, _) in enumerate(SHAPES)])
def test_the_fault_is_found_and_its_repairs_are_not(rule: str, bad: str, good: list[str]) -> None:
    assert rule in rules(bad)
    assert len(good) >= 2
    for one in good:
        assert rule not in rules(one), one


def test_constants_of_the_file_bound_and_what_the_file_sets_does_not() -> None:
    body = "a := make([]int, size)\nuse(a[7])"
    assert "index-beyond-end" in rules(body, top="const size = 5")
    assert "index-beyond-end" not in rules(body, top="const size = 8")
    assert "index-beyond-end" not in rules(body + "\nsize = 9", top="var size = 5")


def test_a_loop_without_a_context_is_meant() -> None:
    assert "loop-never-ended" not in rules("for { poll() }", "s string")
    assert "context-never-ended" not in rules("_, cancel = context.WithCancel(ctx)", top="var cancel func()")


@pytest.mark.parametrize("piece", ["a := make([]int, 4)\nuse(a[5])\n", READ, "for i := 0; i < 9; i++ { a[i] = i }\n"])
def test_long_functions_take_time_in_their_length_only(piece: str) -> None:
    def seconds(times: int) -> float:
        start = time.process_time()
        rules(piece * times)
        return time.process_time() - start

    seconds(20)
    short, long = seconds(300), seconds(1200)
    assert long < 0.5 + 10 * short
