"""Redirects behind a slash: on the site only where what follows begins with no slash that browsers would see."""
# ruff: noqa: E501 - a program is easier to read in one piece

import pytest

from tests.detectors.test_code_flow_paths import PYTHON, found

JS = 'app.get("/", (req, res) => {{\n  const x = String(req.query.x);\n  res.redirect({});\n}});\n'
GO = 'package a\nimport (\n\t"net/http"\n\t"strings"\n)\nfunc f(w http.ResponseWriter, r *http.Request) {{\n\tx := r.FormValue("x")\n\thttp.Redirect(w, r, {}, 301)\n}}\n'
PHP = "<?php\n$x = $_GET['x'];\nheader({});\n"
JAVA = 'class A {{ void f(HttpServletRequest r, HttpServletResponse s) throws Exception {{\n String x = r.getParameter("x");\n s.sendRedirect({}); }} }}\n'
FRAMES = {"python": PYTHON, "javascript": JS, "go": GO, "php": PHP, "java": JAVA}


@pytest.mark.parametrize(
    ("language", "code", "reached"),
    [
        ("python", r"""    return redirect("/" + value.lstrip("/\\ \t\r\n"))""", False),
        ("python", r"""    return redirect(f"/{value.lstrip('/' + chr(92))}")""", True),
        ("python", r"""    return redirect("/" + value.lstrip("/"))""", True),
        ("python", r"""    return redirect("/" + value.lstrip("/\t\r\n"))""", True),
        ("python", r"""    return redirect("//" + value.lstrip("/\\ \t\r\n"))""", True),
        ("python", r"""    return redirect(value.lstrip("/\\ \t\r\n"))""", True),
        ("python", r"""    return redirect("/" + value.lstrip("/\\ \t\r\n")[3:])""", True),
        ("python", r"""    return redirect("/" + value + value.lstrip("/\\ \t\r\n"))""", True),
        ("python", r"""    return redirect("/" + ("/" + value.lstrip("/\\ \t\r\n")))""", True),
        ("python", r"""    return redirect("//a.example/" + value.lstrip("/\\ \t\r\n"))""", False),
        ("python", r"""    return redirect("/" + value.rstrip("/\\ \t\r\n"))""", True),
        ("javascript", r"""'/' + x.replace(/^[\\/\s]+/, '')""", False),
        ("javascript", r"""'/' + x.replace(/^[\\/\s]+/, '') + '?a=' + req.query.y""", False),
        ("javascript", r"""`/${x.replace(/^[\\/\s]+/, '')}`""", False),
        ("javascript", r"""'/' + x.replace(/^[\\/\s]/, '')""", True),
        ("javascript", r"""'/' + x.replace(/[\\/\s]+$/, '')""", True),
        ("javascript", r"""'/' + x.replace(/^[^\\/\s]+/, '')""", True),
        ("javascript", r"""'/' + x.replace(/^[\\/\s]+/, '/')""", True),
        ("javascript", r"""'/' + x.replace(/^[/]+/, '')""", True),
        ("javascript", r"""'/' + decodeURIComponent(x.replace(/^[\\/\s]+/, ''))""", True),
        ("javascript", r"""'/' + x.replace(/^[\\/\s]+/, '').slice(2)""", True),
        ("go", r""""/"+strings.TrimLeft(x, "/\\ \t\r\n")""", False),
        ("go", r""""/"+strings.TrimLeft(x, "/")""", True),
        ("go", r""""/"+strings.TrimLeft("/\\ \t\r\n", x)""", True),
        ("php", r"""'Location: ' . '/' . ltrim($x, "/\\ \t\r\n")""", False),
        ("php", r"""'Location: ' . '/' . ltrim($x)""", True),
        ("php", r""""Location: '" . '/' . ltrim($x, "/\\ \t\r\n") . '.php'""", False),
        ("php", r""""Location: http:" . '/' . ltrim($x, "/\\ \t\r\n")""", True),
        ("java", r""""/" + x.replaceAll("^[/\\\\\\s]+", "")""", False),
        ("java", r""""/" + x.replaceAll("[/\\\\\\s]+", "-")""", True),
    ],
)
def test_a_slash_and_what_begins_with_none(language: str, code: str, reached: bool) -> None:
    assert ("CWE-601" in found(language, FRAMES[language].format(code))) is reached
