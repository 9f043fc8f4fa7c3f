"""JavaScript's functions made of functions, messages, archives, tokens, addresses: each fault and its repair."""
# ruff: noqa: E501 - a row is easier to check in one piece

import pytest

from schemas import CodeUnit
from secassist.detectors.code_flow import PLUGIN

HEAD = "const cp = require('child_process'), util = require('util'), fs = require('fs'), path = require('path');\n"


def rules(text: str, name: str = "a.js") -> set[str]:
    unit = CodeUnit(source="code", origin="test", title=name, path=name, body=text)
    return {one.rule for one in PLUGIN.detect(unit).candidates}


def page(body: str) -> str:
    return HEAD + "app.get('/', async (req, res) => {\n" + body + "\n});\n"


ZIP = "const unzipper = require('unzipper');\nfs.createReadStream('a.zip').pipe(unzipper.Parse()).on('entry', entry => {\n%s\n});"
TWINS = [
    ("command-execution", page("util.promisify(cp.exec)('ls ' + req.query.a);"), page("util.promisify(cp.execFile)('ls', [req.query.a]);")),
    ("command-execution", HEAD + "const run = util.promisify(cp.exec);\n" + page("await run('ls ' + req.query.a);"), HEAD + "const run = util.promisify(cp.exec);\n" + page("await run('ls -l');")),
    ("command-execution", page("const args = ['-c', 'rm ' + name]; cp.spawn('sh', args);"), page("const args = ['-c', name]; cp.spawn('tail', args);")),
    ("command-execution", page("cp.spawn(shellOf(), ['-c', req.query.a]);"), page("cp.spawn(shellOf(), ['-n', req.query.a]);")),
    ("path-traversal", "import { readFile as look } from 'node:fs/promises';\n" + page("await look(req.query.a);"), "import { look } from './pages.js';\n" + page("await look(req.query.a);")),
    ("path-traversal", HEAD + ZIP % "entry.pipe(fs.createWriteStream(entry.path));", HEAD + ZIP % "entry.pipe(fs.createWriteStream(path.basename(entry.path)));"),
    ("path-traversal", HEAD + ZIP % "fs.writeFileSync(entry.path, '');", HEAD + ZIP % "if (entry.path.indexOf('..') == -1) fs.writeFileSync('out/' + entry.path, '');"),
    ("path-traversal", HEAD + ZIP % "const p = path.join(__dirname, entry.path);\nfs.writeFileSync(p, '');", HEAD + ZIP % "const p = path.join(__dirname, path.join('/', entry.path));\nfs.writeFileSync(p, '');"),
    ("path-traversal", HEAD + ZIP % "const p = path.normalize(entry.path);\nif (p.startsWith('a')) return;\nfs.writeFileSync(p, '');", HEAD + ZIP % "const p = path.normalize(entry.path);\nif (p.startsWith('..')) return;\nfs.writeFileSync(path.join(out, p), '');"),
    ("path-traversal", page("const p = path.normalize('./' + req.query.a);\nif (p.startsWith('..')) fs.readFileSync(p);"), page("const p = path.normalize('./' + req.query.a);\nif (!p.startsWith('..')) fs.readFileSync(p);")),
    ("path-traversal", page("const p = 'a/' + path.normalize(req.query.a);\nif (!p.startsWith('..')) fs.readFileSync(p);"), page("const p = path.normalize('a/' + req.query.a);\nif (!p.startsWith('..')) fs.readFileSync(p);")),
    ("open-redirect", "app.get('/', ({ query }, res) => { res.redirect(query.to); });", "app.get('/', ({ config }, res) => { res.redirect(config.to); });"),
    ("open-redirect", page("res.redirect('/' + req.query.a);"), page("res.redirect('/a/' + req.query.a);")),
    ("open-redirect", "window.location = location.href.split('to=')[1];", "window.location = location.href.split('#')[0] + '#top';"),
    ("open-redirect", "window.location = location.hash.substring(1);", "window.location = location.href.substring(0, 9);"),
    ("code-evaluation", "socket.on('message', text => eval(text));", "queue.on('message', text => run(text));"),
    ("xss", page("new Promise(done => done(req.query.a)).then(x => res.send(x));"), page("new Promise(done => done(req.query.a)).then(x => escapeHtml(x)).then(x => res.send(x));")),
    ("xss", "image.setAttribute('src', location.hash);", "image.setAttribute('alt', location.hash);"),
    ("unsafe-reflection", page("handlers[req.query.a](1);"), page("if (ALLOWED.includes(req.query.a)) handlers[req.query.a](1);")),
    ("unverified-token", "jwt.verify(token, '');", "jwt.verify(token, key);"),
    ("unverified-token", "jwt.verify(token, key, { algorithms: ['HS256', 'none'] });", "jwt.verify(token, key, { algorithms: ['HS256'] });"),
    ("cross-origin-wildcard", page("res.setHeader('Access-Control-Allow-Origin', req.headers.origin);\nres.setHeader('Access-Control-Allow-Credentials', 'true');"),
     page("const o = req.headers.origin;\nif (ALLOWED.indexOf(o) !== -1) { res.setHeader('Access-Control-Allow-Origin', o);\nres.setHeader('Access-Control-Allow-Credentials', 'true'); }")),
    ("log-forging", page("console.log(req.query.a);"), "for (const a of process.argv.slice(2)) console.log(a);"),
    ("part-of-address-checked", r"if (/www\.shop\.com/.test(u)) go(u);", r"if (/^https:\/\/www\.shop\.com\//.test(u)) go(u);"),
    ("part-of-address-checked", r"ok = /^https:\/\/a\.shop\.com|b\.shop\.com/.test(u);", r"ok = /^https:\/\/(?:a|b)\.shop\.com\//.test(u);"),
    ("host-pattern", r"ok = /^https?:\/\/www.shop\.com\//.test(u);", r"ok = /^https?:\/\/www\.shop\.com\//.test(u);"),
    ("host-pattern", r"r = new RegExp('^https://www\.shop\.com/');", r"r = new RegExp('^https://www\\.shop\\.com/');"),
    ("wide-range", "ok = /^[A-z]+$/.test(s);", "ok = /^[A-Za-z]+$/.test(s);"),
    ("incomplete-scheme-list", "if (u.startsWith('javascript:')) return;", "if (u.startsWith('javascript:') || u.startsWith('data:')) return;"),
    ("double-escaping", "t = s.replace(/&amp;/g, '&').replace(/&lt;/g, '<');", "t = s.replace(/&lt;/g, '<').replace(/&amp;/g, '&');"),
    ("double-escaping", "t = s.replace(/</g, '&lt;')\n  .replace(/&/g, '&amp;');", "t = s.replace(/&/g, '&amp;')\n  .replace(/</g, '&lt;');"),
    ("incomplete-escaping", r"t = s.replace(/'/g, '\'');", r"t = s.replace(/'/g, '&#39;');"),
    ("incomplete-filter", r"t = s.replace(/on\w+=/gi, '');", r"t = s.replace(/one\w+=/gi, '');"),
    ("trace-shown", "res.status(500).send(err.stack);", "log(err.stack); res.status(500).send('sorry');"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "bad", "safe"), TWINS, ids=[f"{rule}-{n}" for n, (rule, _, _) in enumerate(TWINS)])
def test_the_fault_is_found_and_its_repair_is_not(rule: str, bad: str, safe: str) -> None:
    assert rule in rules(bad)
    assert rule not in rules(safe)


def test_a_name_that_means_two_things_stands_for_neither() -> None:
    twice = "const run = util.promisify(cp.exec);\nfunction other(run) {}\n"
    assert "command-execution" not in rules(HEAD + twice + page("await run('ls ' + req.query.a);"))


@pytest.mark.parametrize(
    ("name", "bad", "safe"),
    [
        ("a.py", "if 'shop.com' in url:\n    go()\n", "if 'shop.com' in hosts:\n    go()\n"),
        ("a.py", "ok = url.startswith('https://shop.com')\n", "ok = url.startswith('https://shop.com/')\n"),
        ("a.py", "ok = host.endswith('shop.com')\n", "ok = host.endswith('.shop.com')\n"),
        ("a.go", 'package a\nvar ok = strings.HasSuffix(u.Host, "shop.com")\n', 'package a\nvar ok = strings.HasSuffix(u.Host, ".shop.com")\n'),
    ],
)  # fmt: skip
def test_a_part_of_an_address_says_nothing_elsewhere_either(name: str, bad: str, safe: str) -> None:
    assert "part-of-address-checked" in rules(bad, name)
    assert "part-of-address-checked" not in rules(safe, name)


def test_a_function_of_python_is_known_under_another_name() -> None:
    text = "from os import system as run\nfrom flask import request\ndef f():\n    run('ls ' + request.args['a'])\n"
    assert "command-execution" in rules(text, "a.py")
    assert "command-execution" not in rules(text.replace("os import system", "mine import show"), "a.py")
