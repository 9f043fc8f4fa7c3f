"""Handlers of web frameworks as people write them: names that are imported, parameters with types, one finding per cause."""

import pytest

from schemas import CodeUnit
from secassist.detectors.code_flow import PLUGIN


def rules(body: str, path: str = "a.py") -> list[str]:
    return [one.rule for one in PLUGIN.detect(CodeUnit(path=path, body=body, source="t")).candidates]


DJANGO = """
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.html import conditional_escape, format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe

def page(request):
    v = request.GET['v']
    """
FASTAPI = """
import os
from fastapi import APIRouter, Depends, FastAPI, File, UploadFile
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse
from pydantic import BaseModel
from sqlalchemy import text

app = FastAPI()

class Job(BaseModel):
    command: str
    count: int

"""
PYTHON = [
    ("xss", DJANGO + "return HttpResponse('<b>' + v)", DJANGO + "return HttpResponse(format_html('<b>{}', v))"),
    ("xss", DJANGO + "return HttpResponse(v)", DJANGO + "return HttpResponse(v, content_type='text/plain')"),
    ("xss", DJANGO + "return HttpResponse(v, 'text/html')", DJANGO + "return HttpResponse(v, 'application/json')"),
    ("xss", DJANGO + "return mark_safe(v)", DJANGO + "return mark_safe(conditional_escape(v))"),
    (
        "open-redirect",
        DJANGO + "return redirect(v)",
        DJANGO + "if not url_has_allowed_host_and_scheme(v, None):\n        v = '/'\n    return redirect(v)",
    ),
    ("open-redirect", DJANGO + "return HttpResponseRedirect(v)", DJANGO + "return HttpResponseRedirect('/a')"),
    (
        "xss",
        "from flask import Response, request\nr = Response(request.args['a'])",
        "from flask import Response, request\nr = Response(request.args['a'], mimetype='text/plain')",
    ),
    (
        "xss",
        FASTAPI + "@app.get('/a', response_class=HTMLResponse)\ndef a(q: str):\n    return '<p>' + q",
        FASTAPI + "@app.get('/a')\ndef a(q: str):\n    return '<p>' + q",
    ),
    (
        "xss",
        FASTAPI + "@app.get('/a')\ndef a(q: str):\n    return HTMLResponse('<p>' + q)",
        FASTAPI + "@app.get('/a')\ndef a(q: int):\n    return HTMLResponse(f'<p>{q}')",
    ),
    (
        "path-traversal",
        FASTAPI + "@app.get('/a')\ndef a(q: str):\n    return FileResponse('/srv/' + q)",
        FASTAPI + "@app.get('/a')\ndef a(q=Depends(chosen)):\n    return FileResponse('/srv/' + q)",
    ),
    (
        "open-redirect",
        FASTAPI + "@app.get('/a')\ndef a(q: str):\n    return RedirectResponse(q)",
        FASTAPI + "@app.get('/a')\ndef a(q: int | None):\n    return RedirectResponse(f'{q}')",
    ),
    (
        "path-traversal",
        FASTAPI + "@app.post('/a')\ndef a(up: UploadFile = File()):\n    return open('/srv/' + up.filename, 'wb')",
        FASTAPI + "@app.post('/a')\ndef a(up: UploadFile = File()):\n    return open('/srv/new', 'wb')",
    ),
    (
        "command-execution",
        FASTAPI + "@app.post('/a')\ndef a(job: Job):\n    os.system('run ' + job.command)",
        FASTAPI + "@app.post('/a')\ndef a(job: Job):\n    os.system('run ' + str(job.count))",
    ),
    (
        "cross-origin-wildcard",
        "app.add_middleware(CORSMiddleware, allow_origins=['*'], allow_credentials=True)",
        "app.add_middleware(CORSMiddleware, allow_origins=['https://a.example'], allow_credentials=True)",
    ),
    ("cross-origin-wildcard", "CORS_ALLOW_ALL_ORIGINS = True", "CORS_ALLOW_ALL_ORIGINS = False"),
    (
        "cross-origin-wildcard",
        "from flask_cors import CORS\nCORS(app, supports_credentials=True)",
        "from flask_cors import CORS\nCORS(app)",
    ),
]


@pytest.mark.parametrize(("rule", "weak", "safe"), PYTHON)
def test_python(rule: str, weak: str, safe: str) -> None:
    assert rule in rules(weak)
    assert rule not in rules(safe)


def test_a_number_that_fastapi_checks_is_proved_harmless_in_sql() -> None:
    body = FASTAPI + "@app.get('/a')\ndef a(n: int, db):\n    return db.execute(text(f'SELECT a FROM b WHERE c = {n}'))"
    said = PLUGIN.detect(CodeUnit(path="a.py", body=body, source="t")).signals
    assert any(one.rule == "flow:proved" and one.message.startswith("CWE-89") for one in said)


JAVASCRIPT = [
    ("request-forgery", "axios.get(req.query.u)", "axios.get('https://a.example/b', { params: { q: req.query.q } })"),
    ("request-forgery", "axios.post(req.body.u, {})", "axios.post('https://a.example/b', req.body)"),
    (
        "request-forgery",
        "axios({ url: req.query.u, data: 1 })",
        "axios({ url: 'https://a.example/b', data: req.body })",
    ),
    ("request-forgery", "http.get({ host: req.query.h, path: '/' })", "http.get({ host: 'a.example', path: '/' })"),
    (
        "hard-coded-credential",
        "const t = require('jsonwebtoken').verify(a, 'owl-in-oak');",
        "const t = require('jsonwebtoken').verify(a, null);",
    ),
    (
        "cross-origin-wildcard",
        "const cors = require('cors'); app.use(cors({ origin: true, credentials: true }))",
        "const cors = require('cors'); app.use(cors({ origin: 'https://a.example', credentials: true }))",
    ),
]


@pytest.mark.parametrize(("rule", "weak", "safe"), JAVASCRIPT)
def test_javascript(rule: str, weak: str, safe: str) -> None:
    assert rule in rules(weak, "a.js")
    assert rule not in rules(safe, "a.js")


ONE_CAUSE = [
    ("a.js", "command-execution", "require('child_process').exec('a ' + req.query.a, (e, out) => { res.send(out); });"),
    ("a.js", "path-traversal", "fs.readFile('/srv/' + req.query.a, (e, data) => { res.send(data); });"),
    ("a.js", "sql-execution", 'db.query("SELECT a FROM b WHERE c = \'" + req.query.a + "\'", (e, r) => res.send(r));'),
    ("a.js", "script-readable-cookie", "res.cookie('a', b, { httpOnly: false });"),
    (
        "a.py",
        "path-traversal",
        "from flask import make_response, request\nr = make_response(open('/srv/' + request.args['a']).read())",
    ),
    (
        "a.go",
        "path-traversal",
        "package a\n\nfunc f(w http.ResponseWriter, r *http.Request) {\n"
        '\td, _ := os.ReadFile("/srv/" + r.FormValue("a"))\n\tw.Write(d)\n}\n',
    ),
    ("a.php", "command-execution", "<?php\n$out = shell_exec('ping ' . $_GET['a']);\necho $out;\n"),
]


@pytest.mark.parametrize(("path", "rule", "body"), ONE_CAUSE)
def test_what_is_fetched_is_not_what_an_outsider_says(path: str, rule: str, body: str) -> None:
    assert rules(body, path) == [rule]


def test_a_number_of_spring_carries_nothing() -> None:
    body = """class A {{
    @GetMapping("/a/{{id}}")
    Object a(@PathVariable {kind} id) {{
        return jdbc.queryForList("SELECT a FROM b WHERE id = " + id);
    }}
}}"""
    assert rules(body.format(kind="String"), "A.java") == ["sql-execution"]
    assert not rules(body.format(kind="long"), "A.java")


GO = [
    (
        "xss",
        'c.Data(200, "text/html", []byte("<p>"+c.Query("q")))',
        'c.Data(200, "text/csv", []byte("<p>"+c.Query("q")))',
    ),
    ("xss", 'c.HTML(200, "<p>"+c.QueryParam("q"))', 'c.HTML(200, "a.tmpl", gin.H{"q": c.Query("q")})'),
    (
        "xss",
        'c.Set("Content-Type", "text/html")\n\tc.SendString("<p>" + c.Query("q"))',
        'c.SendString("<p>" + c.Query("q"))',
    ),
    ("xss", 'c.Ctx.WriteString("<p>" + c.GetString("q"))', 'c.Ctx.WriteString("hello " + c.GetString("q"))'),
    ("xss", 'c.RenderHTML("<p>" + c.Params.Get("q"))', 'c.RenderText("<p>" + c.Params.Get("q"))'),
    ("open-redirect", 'c.Redirect(c.Query("to"))', 'c.Redirect("/to?" + c.Query("to"))'),
    ("open-redirect", "c.Redirect(302, c.QueryParam(`to`))", "c.Redirect(302, `/to`)"),
    ("path-traversal", 'c.SendFile("/srv/" + c.Params("f"))', 'c.SendFile("/srv/" + filepath.Base(c.Params("f")))'),
    ("path-traversal", 'v, _ := c.GetQuery("f")\n\tc.File(v)', 'v, _ := c.GetQuery("f")\n\tc.JSON(200, v)'),
]


@pytest.mark.parametrize(("rule", "weak", "safe"), GO)
def test_go(rule: str, weak: str, safe: str) -> None:
    frame = "package a\n\nfunc f(c *web.Ctx) {{\n\t{}\n}}\n"
    assert rule in rules(frame.format(weak), "a.go")
    assert rule not in rules(frame.format(safe), "a.go")


CSHARP = [
    ("xss", 'return Content("<p>" + q, "text/html");', 'return Content("<p>" + q);'),
    ("path-traversal", 'return PhysicalFile("/srv/" + q, "a/b");', 'return PhysicalFile("/srv/a", "a/b");'),
    ("xss", 'r.Content = new StringContent("<p>" + q);', 'r.Content = new StringContent("name: " + q);'),
    ("xss", 'var c = new StringContent(q, utf8, "text/html");', "await http.PostAsync(Home, new StringContent(q));"),
]


@pytest.mark.parametrize(("rule", "weak", "safe"), CSHARP)
def test_csharp(rule: str, weak: str, safe: str) -> None:
    frame = 'class A : Controller {{ [HttpGet("a")] public async Task<IActionResult> B(string q) {{ {} }} }}'
    assert rule in rules(frame.format(weak), "A.cs")
    assert rule not in rules(frame.format(safe), "A.cs")


JAVA = [
    ("xss", 'return "<p>" + q;', "return q;"),
    ("xss", 'return "<p>" + q;', 'return "<p>" + HtmlUtils.htmlEscape(q);'),
    ("open-redirect", 'return "redirect:" + q;', 'return "redirect:/items/" + q;'),
]


@pytest.mark.parametrize(("rule", "weak", "safe"), JAVA)
def test_java(rule: str, weak: str, safe: str) -> None:
    frame = 'class A {{ @GetMapping("/a") String a(@RequestParam String q) {{ {} }} }}'
    assert rule in rules(frame.format(weak), "A.java")
    assert rule not in rules(frame.format(safe), "A.java")


LARAVEL = [
    (
        "sql-execution",
        "Order::whereRaw(\"name = '{$request->name}'\")->get();",
        "Order::where('name', $request->name)->get();",
    ),
    (
        "path-traversal",
        "return response()->download('/srv/' . $request->get('f'));",
        "return response()->download('/srv/' . basename($request->get('f')));",
    ),
    ("xss", "echo $request->name;", "echo $request->user;"),
]


@pytest.mark.parametrize(("rule", "weak", "safe"), LARAVEL)
def test_laravel(rule: str, weak: str, safe: str) -> None:
    frame = "<?php\nclass A {{ function a(Request $request) {{ {} }} }}\n"
    assert rule in rules(frame.format(weak), "a.php")
    assert rule not in rules(frame.format(safe), "a.php")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("a.py", "import sys\nopen(sys.argv[1])\n{}"),
        ("a.js", "const fs = require('fs'); fs.readFileSync(process.argv[2]); {}"),
    ],
)
def test_files_named_on_a_command_line_are_the_business_of_who_runs_it(path: str, body: str) -> None:
    assert not rules(body.format(""), path)
    shell = (
        "import os\nos.system('ls ' + sys.argv[1])"
        if path == "a.py"
        else "require('child_process').exec('ls ' + process.argv[2])"
    )
    assert "command-execution" in rules(body.format(shell), path)
