"""Alerts whose evidence is content: a request and its answer, a packet, a DNS name, a process, a call or a mail.

A story has contents of two ends under the same titles. A content is one line: its main parts divided by ` ## `, facts of
its own behind ` @@ `, `⟦a¦b⟧` for a choice, `⏎` for a line break, and `+ ` before an attack that worked. Of the web it
reads `METHOD target ## body => status ## answer`.
"""

import random
import re
from collections.abc import Mapping
from functools import cache
from itertools import zip_longest
from typing import Any, Final
from urllib.parse import quote

from secassist.training.scenarios.names import Names
from secassist.training.scenarios.processes import shuffled
from secassist.training.scenarios.scenario import Draft, leaves
from secassist.training.scenarios.shapes import LEVELS, facts, filled, read
from secassist.training.scenarios.tables import judgement

_FAMILY: Final = "content_"
_STORIES: Final = (
    "alert_stories_web",
    "alert_stories_apps",
    "alert_stories_net",
    "alert_stories_hosts",
    "alert_stories_more_hosts",
)
_CHOICE: Final = re.compile(r"⟦([^⟧]*)⟧")
_REPORTED: Final = (10, 35, 40, 15)
"""How often a product calls any of these alerts low, medium, high and critical: what it says tells nothing."""
_REFUSED: Final = frozenset({"403", "405", "406", "501"})
_ACTIONS: Final = {
    True: (("blocked", "阻断", "BLOCK"), ("deny", "已拦截", "BLOCK"), ("drop", "拦截", "BLOCK")),
    False: (("alert", "告警", "COUNT"), ("detected", "仅记录", "ALLOW"), ("log", "放行", "ALLOW"), ("", "", "COUNT")),
}
_RESULTS: Final = (("attempt", "企图"), ("success", "成功"), ("failed", "失败"), ("", ""))
_CALLED: Final = {"won": (40, 50, 0, 10), "refused": (35, 5, 45, 15), "": (50, 22, 8, 20)}
"""How often products say that an attack was tried, succeeded, failed, or nothing; harmless contents alike."""
_STATES: Final = ("", "", "未知", "疑似失陷", "已失陷", "正常")
_WORKED: Final = {"en": " The answer shows that it worked.", "zh": "响应表明攻击已成功。"}
_RAISED: Final = {"low": "medium", "medium": "high", "high": "critical", "critical": "critical"}
_LOGGED: Final = ("user", "command", "parent", "query", "qtype", "reply", "operation", "object", "subject", "sender",
    "file", "url", "sni", "payload", "detail", "out", "in", "count", "agent")  # fmt: skip
_ASIDES: Final[Mapping[str, tuple[str, ...]]] = {
    "detail": ("detail", "msg", "remark", "备注", "附加信息", "extra_info"),
    "reply": ("answer", "dns_reply", "解析"),
    "count": ("count", "次数", "times", "event_count"),
    "few": ("hits", "命中次数", "aggregated"),
    "header": ("extra_header", "其他请求头"),
    "user": ("user", "账号", "uname"),
    "out": ("bytes_out", "上行流量", "up_flow"),
    "sni": ("server_name", "域名", "sni"),
    "file": ("file", "文件", "path"),
}
"""Where facts of a content stand that a shape has no place for: without them it could not be judged."""
_FILLED: Final = {"ok": 0.35, "bad": 0.75}
"""Share of contents without a remark or an answer that get one that tells nothing; those of attacks have fewer of their own."""
_TELLING: Final = ("body", "args", "header", "payload", "query", "command", "operation", "object", "file", "subject",
    "sni")  # fmt: skip
_SHOWN: Final = frozenset({"detail", "reply", "count"})
_SPACES: Final = ("%20", "%20", "+")


def draw(rng: random.Random) -> Draft:
    """One alert, harmful and harmless alike often, in the shape of one product."""
    harmless = rng.random() < 0.5
    story = rng.choice(stories())
    end = story["ok" if harmless else "bad"]
    shape = rng.choice([one for one in read("alert_shapes_content") if story["form"] in one["fits"]])
    names = Names(rng)
    line = rng.choice(contents(story, harmless))
    won = line.startswith("+ ")
    told = _told(names, story, line.removeprefix("+ "), won)
    all_told = told | (_filling(names, told) if rng.random() < _FILLED["ok" if harmless else "bad"] else {})
    all_told["title"] = names.fill(rng.choice(story["title_zh" if rng.random() < shape["zh"] else "title"]))
    record = shuffled(rng, _with_asides(rng, filled(shape["shape"], all_told), all_told, line))
    verdict, disposition, severity = judgement({"ok": end["why"]} if harmless else {"bad": end["severity"]})
    return Draft(
        f"{_FAMILY}{story['story']}",
        record,
        verdict,
        disposition,
        _RAISED[severity] if won else severity,
        () if harmless else tuple(story["techniques"]),
        _telling(told, record, won),
        {language: names.fill(end[language]) + (text if won else "") for language, text in _WORKED.items()},
        theme="web" if story["form"] == "web" else "",
    )


def is_content(family: str) -> bool:
    """Whether scenarios of this family are alerts with contents."""
    return family.startswith(_FAMILY)


@cache
def stories() -> tuple[Mapping[str, Any], ...]:
    """Every story as its file holds it."""
    return tuple(story for name in _STORIES for story in read(name))


def contents(story: Mapping[str, Any], harmless: bool) -> list[str]:
    """The contents of one end, those with Chinese details included."""
    end = "ok" if harmless else "bad"
    more: str = read("alert_contents_zh").get(story["story"], {}).get(end, "")
    return [*story[end]["seen"].splitlines(), *more.splitlines()]


def _told(names: Names, story: Mapping[str, Any], line: str, won: bool) -> dict[str, Any]:
    """Every fact a shape may name: of the content first, then of the story, then of its form."""
    rng = names.rng
    form = read("alert_forms")[story["form"]]
    content, *own = _CHOICE.sub(lambda match: rng.choice(match[1].split("¦")), line).split(" @@ ")
    parts = _web(rng, content) if story["form"] == "web" else _parts(form["main"], content)
    parts |= dict(one.partition("=")[::2] for one in own)
    usual = {key: given for key, given in {**form, **story.get("about", {})}.items() if key != "main"}
    drawn = {key: rng.choice(given) if isinstance(given, list) else given for key, given in usual.items()}
    made = facts(names, {**drawn, **parts}, rng.choices(range(LEVELS), _REPORTED)[0])
    told = {key: text.replace("⏎", "\n") if isinstance(text, str) else text for key, text in made.items()}
    told |= {"theme": story["theme"], "kind": story["kind"], "kind_zh": story["kind_zh"]}
    told |= _outcome(rng, told, won)
    told |= {"sensor": names.fill("{int_ip9}"), "upper": names.fill("{upper9}"), "state_zh": rng.choice(_STATES)}
    return told | (_sent(told) if story["form"] == "web" else _seen(told))


def _with_asides(rng: random.Random, record: dict[str, Any], told: Mapping[str, Any], line: str) -> dict[str, Any]:
    """The record with what its content says of itself and the shape has no place for."""
    shown = "\n".join(leaves(record))
    own = {key: told[key] for key in _ASIDES if f" @@ {key}=" in line or (key in _SHOWN and told.get(key))}
    missing = {key: text for key, text in own.items() if text not in shown}
    return {rng.choice(_ASIDES[key]): text for key, text in missing.items()} | record


def _filling(names: Names, told: Mapping[str, str]) -> dict[str, str]:
    """An ordinary answer to a request, or a remark that tells nothing, where there is none."""
    fillers = read("alert_fillers")
    if "uri" not in told:
        return {} if told.get("detail") else {"detail": names.fill(names.rng.choice(fillers["details"]))}
    ordinary = fillers["answers"].get(told["status"], [""])
    return {} if told["answer"] else {"answer": names.fill(names.rng.choice(ordinary))}


def _parts(main: list[str], content: str) -> dict[str, str]:
    return {key: text for key, text in zip_longest(main, content.split(" ## "), fillvalue="") if key}


def _web(rng: random.Random, content: str) -> dict[str, str]:
    """The parts of a request and its answer; parameters written plain are spelled as one of three clients would."""
    request, _, answer = content.partition(" => ")
    head, _, body = request.partition(" ## ")
    status, _, shown = answer.partition(" ## ")
    method, _, target = head.partition(" ")
    path, mark, args = target.partition("?")
    space = rng.choice(_SPACES)
    spell = rng.choice((str, _quoted))
    args = spell(args).replace(" ", space)
    if body and body[0] not in "{[<-%" and "⏎" not in body:
        body = spell(body).replace(" ", space)
    return {
        "method": method,
        "path": path.replace(" ", "%20"),
        "args": args,
        "uri": path.replace(" ", "%20") + mark + args,
        "body": body,
        "status": status,
        "answer": shown,
    }


def _quoted(text: str) -> str:
    """Parameters as browsers send them; slots of names, which are filled later, stay."""
    return quote(text, safe="=&%{}+ /:,;@?")


def _outcome(rng: random.Random, told: Mapping[str, str], won: bool) -> dict[str, str]:
    """What the product did and believes, by the answer and not by the label."""
    refused = told.get("status", "") in _REFUSED if "status" in told else not won and rng.random() < 0.25
    action, action_zh, waf_action = rng.choice(_ACTIONS[refused])
    result, result_zh = rng.choices(_RESULTS, _CALLED["won" if won else "refused" if refused else ""])[0]
    return {
        "action": action,
        "action_zh": action_zh,
        "waf_action": waf_action,
        "result": result,
        "result_zh": result_zh,
    }


def _sent(told: Mapping[str, str]) -> dict[str, str]:
    """What follows from a request: its header, the whole of it and of its answer, a line of an access log."""
    body = told["body"]
    kind = {"{": "application/json", "[": "application/json", "<": "text/xml", "-": "multipart/form-data"}
    ctype = told.get("ctype") or (kind.get(body[:1], "application/x-www-form-urlencoded") if body else "")
    named = {"Host": told["host"], "User-Agent": told["agent"], "Content-Type": ctype, "Cookie": told["cookie"]}
    named |= {"Referer": told["referer"], "X-Forwarded-For": told["forwarded"]}
    header = [f"{name}: {text}" for name, text in named.items() if text]
    header += [told["header"]] if "header" in told else []
    request = "\n".join([f"{told['method']} {told['uri']} HTTP/1.1", *header, *(["", body] if body else [])])
    log = f'{told["ip"]} - - "{told["method"]} {told["uri"]} HTTP/1.1" {told["status"]} {told["length"]} '
    return {
        "ctype": ctype,
        "headers": "\n".join(header),
        "request": request,
        "wire": request,
        "response": "\n".join([f"HTTP/1.1 {told['status']}", "", told["answer"]]) if told["status"] else "",
        "url": f"http://{told['host']}{told['uri']}",
        "part": (body or told["args"] or told["path"])[:160],
        "notice": f"{told['method']} {told['host']}",
        "log": f'{log}"{told["referer"] or "-"}" "{told["agent"]}"' + (f" body={body}" if body else ""),
        "ioc": told["host"],
    }


def _seen(told: Mapping[str, str]) -> dict[str, str]:
    """What follows from other contents: the name of the program, a server's name, and one line of all."""
    command = told.get("command", "")
    log = " ".join(f"{key}={told[key]}" for key in _LOGGED if told.get(key)).replace("\n", " ")
    host = told.get("sni", "") or told.get("host", "")
    return {
        "image": told.get("image") or _program(command),
        "wire": told.get("payload", ""),
        "host": host,
        "log": log,
        "notice": told.get("detail", ""),
        "ioc": told.get("query") or host or told.get("dst", ""),
    }


def _program(command: str) -> str:
    """The first word of a command line, or the path in its quotes."""
    return command[1:].partition('"')[0] if command.startswith('"') else command.partition(" ")[0]


def _telling(told: Mapping[str, str], record: Mapping[str, Any], won: bool) -> tuple[str, ...]:
    """The longest line of the content that the record shows, of the answer where an attack worked, and what is said of it."""
    lines = list(leaves(record))

    def longest(*keys: str) -> list[str]:
        found = [line for key in keys for line in told.get(key, "").splitlines() if any(line in one for one in lines)]
        return sorted(filter(None, found), key=len)[-1:]

    content = (longest("answer") if won else []) or longest(*_TELLING) or longest("path")
    return (*content, *longest("detail")) or (max(lines, key=len),)
