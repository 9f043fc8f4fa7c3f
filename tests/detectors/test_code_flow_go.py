"""Go: what carries a value, and the calls that it must not reach; each weak body beside a harmless one."""
# ruff: noqa: E501 - a program is easier to read in one piece

import pytest

from schemas import CodeUnit
from secassist.detectors.code_flow import PLUGIN

_FILE = 'package main\n\nimport (\n\t"net/http"\n\t"os"\n)\n\nfunc h(w http.ResponseWriter, r *http.Request) {\n\tx := r.FormValue("a")\n%s\n}\n'
CARRIED = [
    (78, '\tq := []string{"a"}\n\tq = append(q, x, "end")\n\tq = q[1:]\n\texec.Command(q[0])',
     '\tq := []string{"a"}\n\tq = append(q, x, "end")\n\tq = q[1:]\n\texec.Command(q[1])'),
    (78, '\tq := append([]string{"-c"}, []string{x}...)\n\texec.Command("sh", q...)', '\tq := append([]string{"-c"}, []string{"ls"}...)\n\texec.Command("sh", q...)'),
    (601, "\tlines := make(chan string, 1)\n\tlines <- x\n\tto := <-lines\n\thttp.Redirect(w, r, to, 302)",
     '\tlines := make(chan string, 1)\n\tlines <- "/"\n\tto := <-lines\n\thttp.Redirect(w, r, to, 302)'),
    (601, '\t_, file, err := r.FormFile("f")\n\tuse(err)\n\thttp.Redirect(w, r, file.Filename, 302)',
     '\t_, file, err := open("f")\n\tuse(err)\n\thttp.Redirect(w, r, file.Filename, 302)'),
    (601, "\tto := x[:40]\n\thttp.Redirect(w, r, to, 302)", '\tto := "/a"[:1]\n\thttp.Redirect(w, r, to, 302)'),
]  # fmt: skip


def _seen(body: str) -> set[str]:
    return {one.cwe or "" for one in PLUGIN.detect(CodeUnit(source="t", path="a.go", body=_FILE % body)).candidates}


@pytest.mark.parametrize(("cwe", "weak", "harmless"), CARRIED)
def test_what_lists_channels_and_results_hold_is_followed(cwe: int, weak: str, harmless: str) -> None:
    assert f"CWE-{cwe}" in _seen(weak)
    assert f"CWE-{cwe}" not in _seen(harmless)


def test_whether_a_call_went_well_is_no_text_of_an_outsider() -> None:
    assert "CWE-117" not in _seen('\t_, file, err := r.FormFile("f")\n\tuse(file)\n\tlog.Println(err)')
