"""Alerts whose evidence is what a sensor captured: requests and commands of the tables, in the shapes of products.

The same titles, levels and outcomes stand over attacks and over what only looks like one, so that content tells them apart.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from urllib.parse import quote

from secassist.training.scenarios.names import Names
from secassist.training.scenarios.processes import process, shuffled
from secassist.training.scenarios.scenario import Draft, leaves, sentence
from secassist.training.scenarios.shapes import FACT, LEVELS, facts, filled, read
from secassist.training.scenarios.tables import Case, Family, families

_FAMILY: Final = "carried_"
_KINDS: Final[Mapping[str, tuple[str, ...]]] = {"web": ("http", "param"), "host": ("run", "line")}
_WEB: Final = 0.55
"""Share of alerts about a request; the others are about a process."""
_REPORTED: Final = (20, 30, 35, 15)
"""How often a product calls an alert low, medium, high and critical, whatever it is about."""
_STATUS: Final = {
    True: (("200", "403", "404", "500", "302"), (40, 20, 15, 15, 10)),
    False: (("200", "403", "404", "500", "302", "304"), (60, 10, 10, 5, 10, 5)),
}
_GIVEN_AWAY: Final = 0.35
"""Share of attacks with an answer that shows their success."""
_OUTSIDE: Final = {True: 0.75, False: 0.35}
"""Share of attacks, and of what is none, that come from outside."""
_CHINESE: Final = 0.6


@dataclass(frozen=True)
class Heading:
    """Titles that stand over the content of some families, the kinds they are filed under, and answers of a success."""

    titles: tuple[str, ...]
    kinds: tuple[str, ...]
    answers: tuple[str, ...]


def draw(rng: random.Random) -> Draft:
    """One alert, harmful and harmless alike often."""
    sensor = "web" if rng.random() < _WEB else "host"
    bad = rng.random() < 0.5
    family, cases = rng.choice([(one, found) for one in families() if (found := _cases(one, sensor, bad))])
    case = rng.choice(cases)
    names = Names(rng)
    content = _web(names, case, family.name, bad) if sensor == "web" else _host(names, case)
    told = facts(names, _head(names, sensor, family.name, bad), _level(rng)) | content
    told["text"] = filled(told["text"], told)
    shape = rng.choice([one for one in read("carried_shapes")[sensor] if _shows(one, _evidence(case, content))])
    record = shuffled(rng, filled(shape, told))
    rationale = {language: sentence(names.fill(text)) for language, text in case.rationale.items()}
    cited = _cited(told, record)
    return Draft(
        _FAMILY + family.name, record, case.verdict, case.disposition, case.severity, case.techniques, cited, rationale
    )


def is_carried(family: str) -> bool:
    """Whether scenarios of this family are captured content in a product's shape."""
    return family.startswith(_FAMILY)


def _cases(family: Family, sensor: str, bad: bool) -> list[Case]:
    return [case for case in family.cases if case.kind in _KINDS[sensor] and (case.verdict != "benign") == bad]


def _level(rng: random.Random) -> int:
    return rng.choices(range(LEVELS), _REPORTED)[0]


def _evidence(case: Case, content: Mapping[str, str]) -> tuple[frozenset[str], ...]:
    """Sets of facts of which a shape must show one whole, since the evidence stands there."""
    if case.kind not in _KINDS["web"]:
        return (frozenset({"command"}),)
    if case.kind == "param":
        ways = ("body",) if content["body"] else ("uri", "url", "query", "accessline")
        return tuple(frozenset({way}) for way in (*ways, "request", "payload"))
    parts = {"headers", "uri"} | ({"body"} if content["body"] else set())
    return frozenset({"request"}), frozenset(parts)


def _shows(shape: Any, evidence: Sequence[frozenset[str]]) -> bool:
    named = {fact for line in leaves(shape) for fact in FACT.findall(line)}
    return any(way <= named for way in evidence)


def _head(names: Names, sensor: str, family: str, bad: bool) -> dict[str, str]:
    """Title, kind, addresses and outcome: nothing here tells what it is, but where attacks come from more often."""
    rng, titles = names.rng, read("carried_titles")
    heading = _headings(sensor).get(family) or _headings(sensor)[""]
    side = "bad" if bad else "ok"
    return {
        "title": _in_one_script(rng, heading.titles),
        "kind": rng.choice(heading.kinds or ("",)),
        "text": rng.choice(titles["texts"]),
        "ip": "{ext_ip}" if rng.random() < _OUTSIDE[bad] else "{int_ip}",
        "place": rng.choice(("{city}", "{far}", "局域网", "")),
        "dst": "{int_ip2}",
        "sport": "{highport}",
        "dport": rng.choice(("80", "443", "8080", "8443", "7001")),
        "asset": "{srv}",
        "device": rng.choice(titles["devices"]),
        "result": rng.choice(titles["results"][side]),
        "act": rng.choice(titles["actions"][side]),
        "country": "{country}",
        "level_zh": rng.choice(("低危", "中危", "高危", "危急")),
    }


def _in_one_script(rng: random.Random, titles: Sequence[str]) -> str:
    chinese = rng.random() < _CHINESE
    return rng.choice([title for title in titles if title.isascii() != chinese] or list(titles))


@cache
def _headings(sensor: str) -> Mapping[str, Heading]:
    """By family; "" for all that are not named."""
    listed = read("carried_titles")[sensor]
    made = [
        (one["families"], Heading(tuple(one["titles"]), tuple(one.get("kinds", ())), tuple(one.get("answers", ()))))
        for one in listed
    ]
    return {"": made[-1][1]} | {family: heading for names, heading in made for family in names}


def _web(names: Names, case: Case, family: str, bad: bool) -> dict[str, str]:
    """A request taken apart and whole, with its answer."""
    rng = names.rng
    body = names.fill(rng.choice(case.bodies))
    whole = body if case.kind == "http" else _around(names, body)
    head, _, sent = whole.partition("\n\n")
    first, *rest = head.split("\n")
    method, _, target = first.partition(" ")
    target = target.rpartition(" HTTP/")[0] or target
    headers = dict(line.split(": ", 1) for line in rest if ": " in line)
    site = headers.get("Host") or names.fill("www.{dom}")
    path, _, query = target.partition("?")
    status = rng.choices(*_STATUS[bad])[0]
    answers = _headings("web").get(family, _headings("web")[""]).answers
    if not bad or status not in ("200", "500") or rng.random() > _GIVEN_AWAY:
        answers = read("carried_titles")["ordinary_answers" if status == "200" else "refusals"]
    answer = names.fill(rng.choice(answers))
    return {
        "method": method,
        "uri": target,
        "path": path,
        "query": query,
        "site": site,
        "url": f"{rng.choice(('http', 'https'))}://{site}{target}",
        "headers": "\n".join(rest),
        "agent": headers.get("User-Agent", ""),
        "cookie": headers.get("Cookie", ""),
        "referer": headers.get("Referer", ""),
        "body": sent,
        "request": whole,
        "payload": body if case.kind == "param" else sent or query or path,
        "status": status,
        "answer": answer,
        "rspheader": f"HTTP/1.1 {status}\nContent-Type: text/html",
        "response": f"HTTP/1.1 {status}\nServer: nginx\n\n{answer}",
        "accessline": names.fill(f'{{int_ip3}} - - [{{t_web}}] "{first}" {status} {{bytes}} "-" "{{browser}}"'),
    }


def _around(names: Names, value: str) -> str:
    """A request that carries a value in its query or its body."""
    rng = names.rng
    coded = quote(value) if rng.random() < 0.5 else value.replace("\n", "%0a")
    if rng.random() < 0.5:
        return (
            names.fill("GET /{page}?{param}=") + coded + names.fill(" HTTP/1.1\nHost: www.{dom}\nUser-Agent: {browser}")
        )
    return names.fill("POST /{page} HTTP/1.1\nHost: {app}.{dom}\nUser-Agent: {browser}\n\n{param}=") + coded


def _host(names: Names, case: Case) -> dict[str, str]:
    """A process with its parent."""
    body = names.rng.choice(case.bodies)
    started = process(names, case.platform or _platform(body), names.fill(body), case.parent, case.user)
    names.memo["command"], names.memo["parent_command"] = started.command, started.parent_command
    names.memo["tool"] = " ".join(started.command.split()[:2])[:40]
    return {
        "command": started.command,
        "image": started.image,
        "parent": started.parent,
        "parentcommand": started.parent_command,
        "user": started.user,
        "host": started.host,
    }


def _platform(command: str) -> str:
    """Of a line that somebody typed somewhere."""
    return "windows" if "\\" in command or ".exe" in command.lower() or command[:4] in ("Get-", "Set-") else "linux"


def _cited(told: Mapping[str, Any], record: Mapping[str, Any]) -> tuple[str, ...]:
    """Lines of the content as the record shows them; else its longest line."""
    lines = list(leaves(record))
    wanted = [told.get(key, "") for key in ("command", "payload", "body", "uri")]
    found = [
        line for text in wanted for line in str(text).splitlines()[:1] if line and any(line in one for one in lines)
    ]
    return tuple(dict.fromkeys(found))[:2] or (max(lines, key=len),)
