"""Puts canaries into inputs of every kind, the good and the broken, in the folders that `secassist demo` reads."""

import json
from collections.abc import Sequence
from pathlib import Path

from tests.canary.canaries import Sent

PER_FILE = 40
LOG_LINE = "2026-11-03T09:{:02}:{:02}Z web-1 app[77]: handled request, note {} end"


def write(folder: Path, items: Sequence[Sent]) -> Path:
    """Alerts, logs, code, documents and a mail: every canary in every spelling stands in each."""
    groups = [items[at : at + PER_FILE] for at in range(0, len(items), PER_FILE)]
    for name in ("alerts", "logs", "webapp", "documents"):
        (folder / name).mkdir(parents=True)
    (folder / "alerts" / "alerts.jsonl").write_text("\n".join(map(_alert, _by_canary(items))) + "\n")
    for number, group in enumerate(groups):
        (folder / "logs" / f"app{number}.log").write_text(_log(group))
        (folder / "webapp" / f"settings{number}.py").write_text(_code(group))
        (folder / "documents" / f"ticket{number}.txt").write_text(_document(group))
    (folder / "alerts" / "mail.eml").write_text(_mail(items[:PER_FILE]))
    return folder


def write_broken(folder: Path, items: Sequence[Sent]) -> list[Path]:
    """Files that cannot be read to the end, each for another reason; some carry a value in their names."""
    folder.mkdir(parents=True)
    lines = "\n".join(item.text for item in items)
    plain = [item for item in items if item.shape == "plain"]
    files = {
        "truncated.json": ('{"rule": "x", "message": ' + json.dumps(lines)[:-9]).encode(),
        "truncated.jsonl": "\n".join('{"message": ' + json.dumps(item.text)[:-3] for item in items).encode(),
        "notdict.json": json.dumps([item.text for item in items]).encode(),
        "deep.json": ('{"a":' * 60 + json.dumps(lines) + "}" * 60).encode(),
        "duplicate.json": (
            "{" + ",".join(f"{json.dumps(i.text)}: 1, {json.dumps(i.text)}: 2" for i in items[:20]) + "}"
        ).encode(),
        "latin.log": lines.encode("utf-8") + b"\xff\xfe\x80" + lines.encode("gbk", "replace"),
        "wide.log": lines.encode("utf-16")[:-1],
        "binary.dat": b"\0\1\2" * 50 + lines.encode(),
        "broken.py": ("def broken(:\n" + "\n".join(f"  x = '{i.text}" for i in items)).encode(),
        "broken.diff": ("--- a/x\n+++ b/x\n@@ -1,1 +1,99 @@\n" + "\n".join(f"+{i.text}" for i in items)).encode(),
        "broken.eml": ("Subject: x\nContent-Type: multipart/mixed; boundary=\n\n" + lines).encode(),
        "large.log": (lines + "\n").encode() * (2_000_000 // len(lines) + 1),
        "broken.gz": b"\x1f\x8b\x08\0" + lines.encode(),
    }
    files |= {f"{item.canary.value.replace('/', '_')}.json": b"{" for item in plain[:5]}
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return sorted(folder.iterdir())


def _by_canary(items: Sequence[Sent]) -> list[list[Sent]]:
    groups: dict[int, list[Sent]] = {}
    for item in items:
        groups.setdefault(item.canary.number, []).append(item)
    return list(groups.values())


def _alert(group: Sequence[Sent]) -> str:
    number = group[0].canary.number
    record = {
        "@timestamp": "2026-11-03T09:00:00Z",
        "rule": {"name": f"Odd command {number}", "description": f"seen: {group[0].text}"},
        "process": {"command_line": f"cmd /c echo {group[0].text}", "parent": {"name": "explorer.exe"}},
        "extra": {item.shape: f"value {item.text}" for item in group},
        f"key {group[0].text}": 1,
        "tags": [group[0].text, "T1059"],
    }
    return json.dumps(record, ensure_ascii=bool(number % 2))


def _log(group: Sequence[Sent]) -> str:
    return "".join(LOG_LINE.format(at // 60, at % 60, item.text) + "\n" for at, item in enumerate(group))


def _code(group: Sequence[Sent]) -> str:
    lines = [f"note_{at} = {json.dumps(item.text, ensure_ascii=False)}" for at, item in enumerate(group)]
    return "import os\n" + "\n".join(lines) + "\ndef ping(host):\n    os.system('ping ' + host)\n"


def _document(group: Sequence[Sent]) -> str:
    return "Ticket\n\n" + "\n\n".join(f"Please look at this: {item.text}" for item in group) + "\n"


def _mail(group: Sequence[Sent]) -> str:
    head = f"From: a@invented.test\nTo: b@invented.test\nSubject: {group[0].text[:60]}\n"
    return head + "Content-Type: text/plain; charset=utf-8\n" + "\n" + "\n".join(item.text for item in group) + "\n"
