"""From a case's template to a filled input: Windows events, other events, log windows, requests, mail and scripts."""

from collections.abc import Callable
from typing import Any

from secassist.training.scenarios import processes
from secassist.training.scenarios.names import Names
from secassist.training.scenarios.tables import Case

_NOISE: dict[str, tuple[tuple[str, str], ...]] = {
    "windows": (
        ("SourceModuleName", "eventlog"),
        ("Keywords", "0x8020000000000000"),
        ("Severity", "INFO"),
        ("Opcode", "Info"),
        ("ThreadID", "{pid*}"),
        ("RecordNumber", "{numsix*}"),
        ("tags", "mordor,{dept}"),
        ("部门", "{zh_dept}"),
        ("CaseReference", "{ticket}"),
    ),
    "": (
        ("ingest_time", "{t_iso}"),
        ("collector", "col-{digit}"),
        ("tenant", "{org}"),
        ("schema_version", "{digit}.0"),
        ("trace_id", "{hexsix}{hexsix2}"),
        ("environment", "production"),
        ("related_case", "{ticket}"),
        ("备注", "{zhproj}"),
    ),
}
_CHANNELS = {"sysmon": "Microsoft-Windows-Sysmon/Operational", "ps": "Microsoft-Windows-PowerShell/Operational"}


def build(names: Names, case: Case) -> dict[str, Any]:
    """The filled input of one case; draws the template, the record shape, field order and noise."""
    body = names.rng.choice(case.bodies)
    if case.night:
        names.night()
    if case.kind in _PLAIN:
        return _PLAIN[case.kind](names, body)
    return _BUILDERS[case.kind](names, case, body)


def _run(names: Names, case: Case, body: str) -> dict[str, Any]:
    started = processes.process(names, case.platform, names.fill(body), case.parent, case.user)
    names.memo["command"], names.memo["parent_command"] = started.command, started.parent_command
    names.memo["tool"] = " ".join(started.command.split()[:2])[:40]
    return _finish(names, processes.carry(names, started, case.context))


def _line(names: Names, body: str) -> dict[str, Any]:
    """One line as somebody types it, without a word on where it ran."""
    names.memo["command"] = names.fill(body)
    names.memo["tool"] = " ".join(names.memo["command"].split()[:2])[:40]
    return {"kind": "command", "command": names.memo["command"]}


def _win(names: Names, body: dict[str, Any]) -> dict[str, Any]:
    data = names.fill_all({key: value for key, value in body.items() if key not in ("id", "channel")})
    number = body["id"]
    channel = _CHANNELS.get(body.get("channel", ""), body.get("channel", "Security"))
    host = data.pop("Computer", None) or names.fill("{ws}")
    style = names.rng.randrange(3)
    if style == 0:
        event = {"EventID": number, "Channel": channel, "Computer": host, "TimeCreated": names.fill("{t_ms}"), **data}
    elif style == 1:
        event = {"EventID": number, "Channel": channel, "Hostname": host, "EventTime": names.fill("{t_win}"), **data}
    else:
        winlog = {"channel": channel, "computer_name": host, "event_data": data}
        event = {"@timestamp": names.fill("{t_ms}"), "event": {"code": str(number)}, "winlog": winlog}
    return _finish(names, {"log_type": "windows", "event": event})


def _event(names: Names, case: Case, body: dict[str, Any]) -> dict[str, Any]:
    return _finish(names, {"log_type": case.log_type, "event": names.fill_all(body)})


def _alert(names: Names, case: Case, body: dict[str, Any]) -> dict[str, Any]:
    filled = names.fill_all(body)
    alert = {**filled["alert"], "StartTime": names.fill("{t_win}")}
    record = {"log_type": case.log_type or "SecurityAlert", "alert": alert, "entities": filled["entities"]}
    return _finish(names, record)


def _lines(names: Names, case: Case, body: list[Any]) -> dict[str, Any]:
    lines: list[str] = []
    for item in body:
        if isinstance(item, str):
            lines.append(names.fill(item))
        else:
            lines += _repeat(names, item)
    return {"log_type": case.log_type, "lines": lines}


def _repeat(names: Names, item: dict[str, Any]) -> list[str]:
    """{n: [low, high], as: count name, of: [templates]}: a drawn number of lines, each from one of the templates."""
    low, high = item["n"]
    count = names.rng.randint(low, high)
    names.memo[item.get("as", "count")] = str(count)
    return [names.fill(names.rng.choice(item["of"])) for _ in range(count)]


def _http(names: Names, body: str) -> dict[str, Any]:
    return {"kind": "http_request", "raw": names.fill(body).rstrip("\n")}


def _param(names: Names, body: str) -> dict[str, Any]:
    return {"kind": "http_param", "payload": names.fill(str(body))}


def _script(names: Names, body: dict[str, str]) -> dict[str, Any]:
    return {"kind": "script", "ext": body["ext"], "text": names.fill(body["text"])}


def mail(names: Names, body: dict[str, Any]) -> dict[str, Any]:
    """A mail of this template, in the fields of the public rows."""
    filled = names.fill_all(body)
    sender = filled["from"].rsplit("<", 1)[-1].rstrip(">")
    return {
        "from": filled["from"],
        "reply_to": filled.get("reply_to", ""),
        "return_path": filled.get("return_path", f"<{sender}>"),
        "subject": filled["subject"],
        "body": filled["body"],
        "urls": filled.get("urls", []),
        "attachments": filled.get("attachments", []),
    }


def _finish(names: Names, record: dict[str, Any]) -> dict[str, Any]:
    """Shuffle the fields of the event and add up to three that mean nothing."""
    event = record.get("event")
    if not isinstance(event, dict):
        return record
    style = "windows" if record["log_type"] == "windows" else ""
    for key, value in names.rng.sample(_NOISE[style], k=names.rng.choice((0, 0, 1, 2, 3))):
        event.setdefault(key, names.fill(value))
    return {**record, "event": processes.shuffled(names.rng, event)}


_BUILDERS: dict[str, Callable[[Names, Case, Any], dict[str, Any]]] = {
    "run": _run,
    "event": _event,
    "alert": _alert,
    "lines": _lines,
}
_PLAIN: dict[str, Callable[[Names, Any], dict[str, Any]]] = {
    "line": _line,
    "win": _win,
    "http": _http,
    "param": _param,
    "script": _script,
    "mail": mail,
}
