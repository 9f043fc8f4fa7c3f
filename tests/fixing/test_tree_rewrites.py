"""Rewrites that take several lines, in languages other than Python: the changed text, and that every oracle accepts it."""
# ruff: noqa: E501 - an example is easier to check in one piece

from dataclasses import dataclass

import pytest

from secassist.fixing.proposers import PROPOSERS
from tests.fixing.fixtures import fixed, wanted


@dataclass(frozen=True)
class Case:
    """The finding is on the last line that holds `at`; `lines` stand in the changed text, `gone` does not."""

    language: str
    cwe: str
    text: str
    at: str
    lines: tuple[str, ...]
    gone: str = "\0"


GO_HANDLER = """package a

import "net/http"

func f(w http.ResponseWriter, r *http.Request) {
	name := r.FormValue("u")
	%s
}
"""
GO_DRAWN = """package a

import (
	"fmt"
	"math/rand"
	"time"
)

func main() {
	rand.Seed(time.Now().UnixNano())
	fmt.Println(rand.Intn(10))
}
"""
GO_HELD = """package a

import (
	"math/rand"
)

func main() {
	gen := rand.New(rand.NewSource(10))
	println(gen.Int31())
}
"""
JAVA = """class A {
    void f(HttpServletRequest request) throws Exception {
        String u = request.getParameter("u");
        %s
    }
}
"""
CSHARP = """class A {
    void F() {
        string u = Request.QueryString["u"];
        %s
    }
}
"""
ANGULAR = """import { Component } from '@angular/core';
export class A {
    f() {
        const h = this.sanitizer.bypassSecurityTrustHtml(location.hash);
    }
}
"""
REACT = """import React from "react";
function A() {
    const [state, setState] = React.useState(window.name);
    return <div dangerouslySetInnerHTML={{__html: state}}></div>;
}
"""
JOINED = """const fs = require("fs");
const path = require("path");
function f(req, res) {
    %s
}
"""
CPP = """#include <stdlib.h>
#include <string.h>
void show(char *);
void f(char *s) {
    char * data = new char[10];
    %s
}
"""
C = """#include <stdlib.h>
#include <string.h>
void show(char *);
void f(char *s) {
    char * data = (char *) malloc(10);
    if (data == NULL) { return; }
    %s
}
"""
OVERREAD = """#include <string.h>
void f() {
    char source[50];
    char target[100];
    char *p;
    memset(source, 'A', 49);
    source[49] = 0;
    p = source;
    %s
}
"""
REFUSED_JAVA = 'throw new IllegalArgumentException("a value holds characters that are not allowed here");'
CASES = (
    Case("go", "CWE-643", GO_HANDLER % """xpath.MustCompile("//u[n='" + name + "']")""", "MustCompile",
         ("\tif !regexp.MustCompile(`^[\\p{L}\\p{N}_ .@-]*$`).MatchString(name) {", "\t\thttp.Error(w, \"a value holds characters that are not allowed here\", http.StatusBadRequest)", "\t\treturn", 'import "regexp"')),
    Case("go", "CWE-78", GO_HANDLER % 'exec.Command("git", "clone", name).Run()', "exec",
         ("\tif !regexp.MustCompile(`^[\\p{L}\\p{N}_./:@%+=, ][\\p{L}\\p{N}_./:@%+=, -]*$`).MatchString(name) {", '\texec.Command("git", "clone", name).Run()')),
    Case("go", "CWE-78", GO_HANDLER % 'exec.Command("sh", "-c", "ls "+name).Run()', "exec",
         ("\tif !regexp.MustCompile(`^[A-Za-z0-9_./:@+=,][A-Za-z0-9_./:@+=,-]*$`).MatchString(name) {",)),
    Case("go", "CWE-330", GO_DRAWN, "Intn", ('\t"crypto/rand"', '\t"math/big"', "\t\tdrawn, err := rand.Int(rand.Reader, big.NewInt(10))", "\t\treturn int(drawn.Int64())"), "time"),
    Case("go", "CWE-330", GO_HELD, "NewSource", ("\tprintln(func() int32 {",), "gen"),
    Case("go", "CWE-1004", "package a\n\nfunc f() {\n\tval := false\n\tc := http.Cookie{Name: \"a\", HttpOnly: val}\n}\n", "Cookie", ("\tval := true",)),
    Case("go", "CWE-1004", "package a\n\nfunc f(c http.Cookie) {\n\tc.HttpOnly = false\n}\n", "Only", ("\tc.HttpOnly = true",)),
    Case("go", "CWE-377", 'package a\n\nfunc f() {\n\tx, err := os.Create("/tmp/demo")\n}\n', "Create", ('\tx, err := os.CreateTemp("", "demo-*")',)),
    Case("go", "CWE-326", "package a\n\nfunc f() {\n\tsize := 1024\n\trsa.GenerateKey(rand.Reader, size)\n}\n", "Generate", ("\tsize := 2048",)),
    Case("go", "CWE-79", GO_HANDLER % "_ = template.HTML(name)", "HTML", ("\t_ = template.HTML(template.HTMLEscapeString(name))",)),
    Case("java", "CWE-643", JAVA % """xpath.evaluate("//u[n='" + u + "']", doc);""", "xpath", ('        if (!u.matches("[\\\\p{L}\\\\p{N}_ .@-]*")) {', f"            {REFUSED_JAVA}")),
    Case("java", "CWE-90", JAVA % 'ctx.search("ou=a", "(uid=" + request.getParameter("n") + ")", c);', "ctx",
         ('        String given = request.getParameter("n");', '        if (!given.matches("[\\\\p{L}\\\\p{N}_ .@-]*")) {', '        ctx.search("ou=a", "(uid=" + given + ")", c);')),
    Case("java", "CWE-78", JAVA % 'Runtime.getRuntime().exec("ls " + u);', "exec", ('        if (!u.matches("[A-Za-z0-9_./:@+=,][A-Za-z0-9_./:@+=,-]*")) {',)),
    Case("java", "CWE-78", JAVA % 'new ProcessBuilder("ls", "-l", u);', "Builder", ('        if (!u.matches("[\\\\p{L}\\\\p{N}_./:@%+=, ][\\\\p{L}\\\\p{N}_./:@%+=, -]*")) {',)),
    Case("java", "CWE-94", JAVA % "JexlEngine e = new JexlBuilder().create();\n        e.createExpression(u);", "createExp",
         ("        JexlEngine e = new JexlBuilder().sandbox(new org.apache.commons.jexl3.introspection.JexlSandbox(false)).create();",)),
    Case("java", "CWE-502", JAVA % "Yaml y = new Yaml();\n        y.load(u);", "y.load",
         ("        Yaml y = new Yaml(new org.yaml.snakeyaml.constructor.SafeConstructor(new org.yaml.snakeyaml.LoaderOptions()));",)),
    Case("java", "CWE-330", JAVA % "RandomStringUtils.randomAlphanumeric(8);", "random", ("        RandomStringUtils.random(8, 0, 0, true, true, null, new java.security.SecureRandom());",)),
    Case("java", "CWE-327", JAVA % 'p.setProtocols(new String[] {"TLSv1", "TLSv1.2"});', "TLS", ('        p.setProtocols(new String[] {"TLSv1.2"});',)),
    Case("csharp", "CWE-90", CSHARP % 's.Filter = "(uid=" + u + ")";', "Filter", ('        if (!System.Text.RegularExpressions.Regex.IsMatch(u, @"^[\\p{L}\\p{N}_ .@-]*\\z")) {',)),
    Case("csharp", "CWE-643", CSHARP % """nav.Select("//u[n='" + u + "']");""", "Select", ('            throw new System.ArgumentException("a value holds characters that are not allowed here");',)),
    Case("csharp", "CWE-330", CSHARP % "Random r = new Random(7);\n        int n = r.Next(1, 5);", "new Random", ("        int n = System.Security.Cryptography.RandomNumberGenerator.GetInt32(1, 5);",), "Random r"),
    Case("csharp", "CWE-330", CSHARP % "int n = new Random().Next();", "Random", ("        int n = System.Security.Cryptography.RandomNumberGenerator.GetInt32(int.MaxValue);",)),
    Case("csharp", "CWE-22", CSHARP % "string p = Path.Combine(Dir, u);\n        File.ReadAllText(p);", "Read",
         ("        string p = System.IO.Path.GetFullPath(Path.Combine(Dir, u));", "        if (!p.StartsWith(System.IO.Path.GetFullPath(Dir).TrimEnd(System.IO.Path.DirectorySeparatorChar) + System.IO.Path.DirectorySeparatorChar, System.StringComparison.Ordinal))")),
    Case("csharp", "CWE-89", CSHARP % """var c = new SqlCommand("SELECT a FROM t WHERE n = '" + u + "'", db);""", "Sql",
         ('        var c = new SqlCommand("SELECT a FROM t WHERE n = @value1", db);', '        c.Parameters.AddWithValue("@value1", u);')),
    Case("csharp", "CWE-611", CSHARP % "XmlTextReader r = new XmlTextReader(u);", "Xml", ("        XmlReader r = XmlReader.Create(u, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });",)),
    Case("csharp", "CWE-611", CSHARP % "settings.XmlResolver = new XmlUrlResolver();", "Xml", ("        settings.XmlResolver = null;",)),
    Case("typescript", "CWE-79", ANGULAR, "bypass", ("import { Component, SecurityContext } from '@angular/core';", '        const h = this.sanitizer.sanitize(SecurityContext.HTML, location.hash) ?? "";')),
    Case("javascript", "CWE-79", REACT, "dangerously", ("    return <div>{state}</div>;",)),
    Case("javascript", "CWE-330", "const token = Math.random() + Math.random();\n", "Math", ("const token = (Number(crypto.getRandomValues(new BigUint64Array(1))[0] >> 11n) / 2 ** 53) + (Number(crypto.getRandomValues(new BigUint64Array(1))[0] >> 11n) / 2 ** 53);",)),
    Case("javascript", "CWE-643", "function f(req) {\n    const u = req.query.u;\n    xpath.select(\"//u[n='\" + u + \"']\", d);\n}\n", "xpath", ("    if (!/^[\\p{L}\\p{N}_ .@-]*$/u.test(u)) {",)),
    Case("javascript", "CWE-22", JOINED % "fs.readFileSync(path.join(ROOT, req.query.n));", "ROOT",
         ("    const given = path.resolve(path.join(ROOT, req.query.n));", "    if (!given.startsWith(path.resolve(ROOT) + path.sep)) {", "    fs.readFileSync(given);")),
    Case("javascript", "CWE-22", JOINED % "const file = path.resolve(ROOT, req.query.n);\n    fs.readFileSync(file);", "(file)",
         ("    const file = path.resolve(ROOT, req.query.n);", "    if (!file.startsWith(path.resolve(ROOT) + path.sep)) {")),
    Case("javascript", "CWE-22", JOINED % "if (fs.existsSync(req.query.n)) fs.unlinkSync(req.query.n);", "exists",
         ("    if (fs.existsSync(path.basename(String(req.query.n)))) fs.unlinkSync(path.basename(String(req.query.n)));",)),
    Case("javascript", "CWE-22", JOINED % "fs.createReadStream(req.query.n).pipe(res);", "pipe", ("    fs.createReadStream(path.basename(String(req.query.n))).pipe(res);",)),
    Case("go", "CWE-22", GO_HANDLER % "os.Open(name)", "Open", ("\tif !filepath.IsLocal(name) {", "\t\treturn")),
    Case("go", "CWE-22", GO_HANDLER % 'os.ReadFile("/srv/" + name)', "Read", ("\tif !filepath.IsLocal(name) {",)),
    Case("php", "CWE-78", "<?php\nsystem(\"find '/a/\" . $_GET['x'] . \".txt' -l\");\n", "system", ("system(\"find \" . escapeshellarg(\"/a/\" . $_GET['x'] . \".txt\") . \" -l\");",)),
    Case("php", "CWE-78", "<?php\n$n = $_GET['n'];\n$q = sprintf(\"cat '/a/%s'\", $n);\nsystem($q);\n", "system", ('$q = sprintf("cat %s", escapeshellarg("/a/" . $n));',)),
    Case("cpp", "CWE-762", CPP % "free(data);", "free", ("    delete[] data;",)),
    Case("cpp", "CWE-762", CPP % "char *same = data;\n    delete same;", "delete", ("    delete[] same;",)),
    Case("c", "CWE-416", C % 'strcpy(data, "x");\n    free(data);\n    printLine(data);\n    show(s);', "Line(d", ("    printLine(data);", "    free(data);", "    show(s);")),
    Case("c", "CWE-120", C % "strcpy(data, s);\n    free(data);", "strcpy", ('    snprintf(data, 10, "%s", s);',)),
    Case("c", "CWE-126", OVERREAD % "memcpy(target, p, 100);", "memcpy(", ("    memcpy(target, p, (100) < (sizeof(source)) ? (100) : (sizeof(source)));",)),
    Case("c", "CWE-126", OVERREAD % "for (int i = 0; i < 100; i++)\n    {\n        target[i] = p[i];\n    }", "p[i]", ("    for (int i = 0; i < 100 && i < (sizeof(source)) / sizeof(p[0]); i++)",)),
    Case("c", "CWE-457", "void f() {\n    long n;\n    printLongLine(n);\n}\n", "(n)", ("    long n = 0;",)),
)  # fmt: skip


def line_of(case: Case) -> int:
    return max(n for n, line in enumerate(case.text.split("\n"), start=1) if case.at in line)


@pytest.mark.parametrize("case", CASES, ids=[f"{case.language}-{case.cwe}-{n}" for n, case in enumerate(CASES)])
def test_the_text_changes_so_and_every_oracle_accepts_it(case: Case) -> None:
    tried = fixed(case.text, line_of(case), case.cwe, case.language, path=f"unit.{case.language}", most=8).tried
    found = [t for t in tried if set(case.lines) <= set(t.change.text.split("\n")) and case.gone not in t.change.text]
    assert found, [t.change.text for t in tried]
    assert found[0].accepted, [check for check in found[0].checks if not check.passed]


REFUSED = (
    ("go", "CWE-78", GO_HANDLER % "exec.Command(name).Run()", "exec", "list of known programs"),
    ("go", "CWE-78", GO_HANDLER % 'exec.Command("sudo", name).Run()', "exec", "list of known commands"),
    ("go", "CWE-78", GO_HANDLER % 'exec.Command("sh", "-c", name).Run()', "exec", "whole command"),
    ("go", "CWE-643", GO_HANDLER % 'xpath.MustCompile("//u[" + name + "]")', "Must", "outside of quotes"),
    ("go", "CWE-330", GO_HELD.replace("println(gen.Int31())", "use(gen)"), "NewSource", "handed on"),
    ("go", "CWE-22", "package a\n\nfunc f(name string) {\n\tos.Open(name)\n}\n", "Open", "which folder is meant"),
    ("java", "CWE-78", JAVA % "Runtime.getRuntime().exec(u);", "exec", "whole command"),
    ("java", "CWE-502", JAVA % "Yaml y = new Yaml();\n        y.loadAs(u, A.class);", "y.load", "loadAs"),
    ("csharp", "CWE-330", CSHARP % "var r = new Random();\n        use(r);", "new", "by hand"),
    ("csharp", "CWE-89", CSHARP % 'var c = new SqlCommand("SELECT a FROM " + u, db);', "Sql", "list of known names"),
    ("typescript", "CWE-79", ANGULAR.replace("TrustHtml", "TrustScript"), "bypass", "cannot be sanitised"),
    ("javascript", "CWE-79", REACT.replace("state}}", '"<b>" + state}}'), "dangerously", "markup is put together"),
    ("c", "CWE-416", C % "data[0] = 0;\n    free(data);\n    data = s;\n    show(data);", "show(d", "by hand"),
)


@pytest.mark.parametrize(("language", "cwe", "text", "at", "why"), REFUSED, ids=[f"{r[0]}-{r[1]}-{n}" for n, r in enumerate(REFUSED)])  # fmt: skip
def test_what_a_person_has_to_decide_is_said(language: str, cwe: str, text: str, at: str, why: str) -> None:
    line = line_of(Case(language, cwe, text, at, ()))
    proposals = [
        p for one in PROPOSERS if one.name == "rewrite" for p in one.propose(wanted(text, line, cwe, language))
    ]
    assert any(not p.blocks and why in p.explanation for p in proposals), [p.explanation for p in proposals]
    assert not any(p.blocks and p.name not in ("escaped-output", "bounded-copy") for p in proposals)
