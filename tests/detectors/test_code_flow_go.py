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


HARMLESS = [
    (1333, '\tregexp.MatchString(x, "a")', "\thosts.regexp.MatchString(x)"),
    (601, '\ta := struct{ Kind, To string }{Kind: "/", To: x}\n\thttp.Redirect(w, r, a.To, 302)', '\ta := struct{ Kind, To string }{Kind: "/", To: x}\n\thttp.Redirect(w, r, a.Kind, 302)'),
    (601, '\tif x != "/a" && y != "/b" {\n\t\tx = "/"\n\t}\n\thttp.Redirect(w, r, x, 302)', '\tif x != "/a" && x != "/b" {\n\t\tx = "/"\n\t}\n\thttp.Redirect(w, r, x, 302)'),
    (89, '\tdb.Exec(fmt.Sprintf("update a set b = 1 where c like \'%%%s%%\'", strings.ReplaceAll(x, "<", "")))',
     '\tdb.Exec(fmt.Sprintf("update a set b = 1 where c like \'%%%s%%\'", strings.NewReplacer("\'", "", "\\"", "").Replace(x)))'),
    (117, '\tout, err := Get(x)\n\tuse(err)\n\tlog.Println(out)', '\terr := Put(x)\n\tlog.Println(err)'),
    (79, '\terr := Put(x)\n\tfmt.Fprintf(w, "<p>%s</p>", err)', '\terr := Put("a")\n\tfmt.Fprintf(w, "<p>%s</p>", err)'),
    (78, '\texec.Command("sh", "-c", "ls "+x)', '\texec.Command("ls", "--", x)'),
    (78, '\targs := append([]string{"-c"}, x)\n\texec.CommandContext(c, "/bin/sh", args...)', '\targs := append([]string{"--"}, x)\n\texec.CommandContext(c, "ls", args...)'),
    (22, '\tfull := filepath.Join("/srv", x)\n\tos.ReadFile(full)', '\tfull := filepath.Join("/srv", x)\n\tif strings.HasPrefix(full, "/srv/") {\n\t\tos.ReadFile(full)\n\t}'),
    (117, '\tlog.Printf("of %s", x)', '\tlog.Printf("of %q", x)'),
    (117, '\tlog.Println(strings.ReplaceAll(x, "\\t", ""))', '\tlog.Println(strings.NewReplacer("\\r", "", "\\n", "").Replace(x))'),
    (89, '\tif strings.ContainsAny(x, "<>") {\n\t\treturn\n\t}\n\tdb.Query("select a from b where c = \'" + x + "\'")',
     '\tif strings.ContainsAny(x, "\'\\"\\\\") {\n\t\treturn\n\t}\n\tdb.Query("select a from b where c = \'" + x + "\'")'),
    (79, '\tw.Write([]byte("<p>" + regexp.MustCompile(`[^>]`).ReplaceAllString(x, "")))', '\tw.Write([]byte("<p>" + regexp.MustCompile(`[^a-z]`).ReplaceAllString(x, "")))'),
    (601, '\tif strings.HasPrefix(x, "/") && !strings.HasPrefix(x, "//") {\n\t\thttp.Redirect(w, r, x, 302)\n\t}',
     '\tif strings.HasPrefix(x, "/") && !strings.HasPrefix(x, "//") && !strings.Contains(x, "\\\\") {\n\t\thttp.Redirect(w, r, x, 302)\n\t}'),
    (601, '\tw.Header().Set("Location", x)', '\tw.Header().Set("X-A", x)'),
    (89, '\torm.Where("a = " + x)', '\torm.Where(&Filter{Label: x})'),
    (113, '\tfmt.Fprintf(conn, "HTTP/1.1 204 None\\r\\nX-A: %s\\r\\n\\r\\n", x)', '\tfmt.Fprintf(conn, "HTTP/1.1 200 OK\\r\\n\\r\\nhello %s", x)'),
    (94, "\tvm.RunString(x)", '\tvm.Set("a", x)\n\tvm.RunString("a.length")'),
    (732, '\tos.MkdirAll("/srv/a", os.ModePerm)', '\tos.MkdirAll("/srv/a", 0o700)'),
    (611, "\tlibxml2.ParseString(x, parser.XMLParseNoEnt|parser.XMLParseDTDLoad)", "\tlibxml2.ParseString(x, parser.XMLParseNoNet)"),
    (501, '\tstored.Values["a"] = x', '\tstored.Values["a"] = "b"'),
]  # fmt: skip


@pytest.mark.parametrize(("cwe", "weak", "harmless"), HARMLESS)
def test_what_is_checked_escaped_or_only_a_word_is_harmless(cwe: int, weak: str, harmless: str) -> None:
    assert f"CWE-{cwe}" in _seen(weak)
    assert f"CWE-{cwe}" not in _seen(harmless)


def test_the_message_of_a_grpc_call_is_an_outsiders() -> None:
    body = (
        'package a\n\nfunc (s *S) Find(ctx context.Context, req *%s) {\n\texec.Command("sh", "-c", "ls "+req.Name)\n}\n'
    )
    said = [
        PLUGIN.detect(CodeUnit(source="t", path="a.go", body=body % kind)).candidates
        for kind in ("pb.FindRequest", "task")
    ]
    assert [[one.severity.name for one in each] for each in said] == [["HIGH"], ["MEDIUM"]]


def test_what_is_unpacked_is_as_foreign_as_what_it_came_from() -> None:
    body = '\tvar one struct{ Name string }\n\tjson.Unmarshal([]byte(%s), &one)\n\texec.Command("sh", "-c", "ls "+one.Name)'
    assert "CWE-78" in _seen(body % "x")
    assert "CWE-78" not in _seen(body % '"{}"')


def test_fields_of_a_structure_are_told_apart() -> None:
    body = '\tone := &Filter{}\n\tone.Name = x\n\tdb.Query("select a from b where c = " + one.%s)'
    assert "CWE-89" in _seen(body % "Name")
    assert "CWE-89" not in _seen(body % "Kind")


@pytest.mark.parametrize("own", ["r.URL.Path", '"https://"+r.Host+r.RequestURI', "r.URL.String()"])
def test_a_redirect_to_the_address_that_was_asked_for_is_no_open_one(own: str) -> None:
    assert "CWE-601" not in _seen(f"\thttp.Redirect(w, r, {own}, 301)")


@pytest.mark.parametrize(
    "other", ["r.URL.RawQuery", 'r.URL.Query().Get("to")', 'strings.TrimPrefix(r.URL.Path, "/to/")', "r.URL.Path[1:]"]
)
def test_a_redirect_to_a_part_of_it_is(other: str) -> None:
    assert "CWE-601" in _seen(f"\tu := r.URL\n\tuse(u)\n\thttp.Redirect(w, r, {other}, 301)")


@pytest.mark.parametrize(
    ("condition", "name", "how"),
    [("1~a@b|c-d?", "1", "matches"), ("Content-Type~json", "Content-Type", "matches"), ("key_size~5", "key_size", "matches"),
     ("1@a~b", "1", "path"), ("-1?", "-1", "open")],
)  # fmt: skip
def test_a_condition_is_read_by_its_first_sign(condition: str, name: str, how: str) -> None:
    from secassist.detectors._flow.rules import _condition

    assert _condition(condition)[:2] == (name, how)


def test_what_a_database_fills_is_nobodys_and_what_the_program_names_is_its_own() -> None:
    assert "CWE-78" in _seen("\tvar name string\n\trows.Scan(&name)\n\texec.Command(name)")
    assert "CWE-78" not in _seen("\tvar name int\n\trows.Scan(&name)\n\texec.Command(name)")
    assert "CWE-78" not in _seen(
        '\tnames := map[string][]string{"a": {"open"}}\n\tuse(x)\n\texec.Command(names[kind][0])'
    )
