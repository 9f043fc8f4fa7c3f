"""Frameworks of PHP, places of lists, `match`, and what is checked or bound."""

import pytest

from schemas import CodeUnit
from secassist.detectors.code_flow import PLUGIN


def found(body: str) -> set[str]:
    unit = CodeUnit(
        path="a.php", language="php", body="<?php\nfunction page()\n{\n$v = $_GET['v'];\n" + body + "\n}\n", source="t"
    )
    return {one.cwe for one in PLUGIN.detect(unit).candidates if one.cwe}


WEAK = {
    "a place left out": ("[, $w] = ['a', $v]; echo '<p>' . $w;", "CWE-79"),
    "a key of a list": ("['a' => $w] = ['b' => 'c', 'a' => $v]; echo '<p>' . $w;", "CWE-79"),
    "an arm of match": ("$w = match (true) { strlen($v) > 9 => 'a', default => $v }; echo '<p>' . $w;", "CWE-79"),
    "encoding taken back": ("echo '<p>' . rawurldecode(rawurlencode($v));", "CWE-79"),
    "a shell of a framework": (r"$p = \Symfony\Component\Process\Process::fromShellCommandline('ls ' . $v);", "CWE-78"),
    "a client": (r"$c = new \GuzzleHttp\Client(); $c->get($v);", "CWE-918"),
    "a redirect": (r"return new \Symfony\Component\HttpFoundation\RedirectResponse($v);", "CWE-601"),
    "a template": (r"\Illuminate\Support\Facades\Blade::render('Hi ' . $v);", "CWE-1336"),
    "a cookie's options": ("setcookie('a', 'b', ['secure' => false]);", "CWE-614"),
    "the session": ("$_SESSION['a'] = $v;", "CWE-501"),
    "a file of code": ("file_put_contents('/tmp/a.php', '<?php return ' . $v);", "CWE-95"),
    "a host's list for a page": (
        "if (!in_array(parse_url($v, PHP_URL_HOST), HOSTS, true)) { exit; } echo '<p>' . $v;",
        "CWE-79",
    ),
}
SAFE = {
    "the other place": ("[$w, ] = ['a', $v]; echo '<p>' . $w;", "CWE-79"),
    "a chosen arm": ("$w = match ('a') { 'a' => 'b', default => $v }; echo '<p>' . $w;", "CWE-79"),
    "words for a program": ("proc_open(['ls', '--', $v], [], $pipes);", "CWE-78"),
    "bindings": ("User::whereRaw('a = ?', [$v])->get();", "CWE-89"),
    "a connection": ("$l = mysqli_connect('h', 'u', getenv('P')); mysqli_query($l, 'SELECT a FROM t');", "CWE-89"),
    "an upload's own name": (
        "move_uploaded_file($_FILES['a']['tmp_name'], '/srv/in/' . hash('sha256', $v));",
        "CWE-22",
    ),
    "a table of WordPress": ('$wpdb->get_results("SELECT * FROM {$wpdb->prefix}t WHERE a = 1");', "CWE-89"),
    "a log as JSON": ("error_log('got ' . json_encode($v));", "CWE-117"),
    "a known folder": (
        "$f = realpath('/srv/a/' . $v); if ($f !== false && dirname($f) === '/srv/a') { unlink($f); }",
        "CWE-22",
    ),
}


@pytest.mark.parametrize("name", WEAK)
def test_weak(name: str) -> None:
    body, cwe = WEAK[name]
    assert cwe in found(body)


@pytest.mark.parametrize("name", SAFE)
def test_safe(name: str) -> None:
    body, cwe = SAFE[name]
    assert cwe not in found(body)
