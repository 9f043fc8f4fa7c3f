"""Terms of a text: stemmed English words, whole codes and names of hosts, pairs of Chinese characters."""

import re
from functools import cache, lru_cache
from typing import Final


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_TOKEN: Final = re.compile(r"[a-z0-9]+(?:[._:/@\\-][a-z0-9]+)*|[\u3400-\u9fff]+")
_PART: Final = re.compile(r"[a-z]+|[0-9]+")
_STOP: Final = _set(
    "after before during while until between against through only also just again still since because use used "
    "using make made mean means happen happens take takes place ask asks go goes "
    "a an the and or of to in on at by for from with as is are was were be been being it its this that these "
    "those there here do does did done doing how what when where which who whom whose why will would shall should "
    "can could may might must i we you they he she me us them my our your their his her if then than so not no "
    "any some all each every have has had having into out up about please tell need needs get gets got"
)
_ZH_STOP: Final = re.compile(
    r"什么时候|什么|怎么样|怎么办|怎么|怎样|如何|哪些|哪个|哪里|哪儿|哪种|哪一|谁来|由谁|谁|多少|多久|多长时间|多长|几个|几次|几天|几|是否|"
    r"为什么|为何|请问|请|我们|应当|应该|需要|可以|能否|必须|应|须|要|吗|呢|的|了|是|在|和|与|或|及|把|被|将|由|有|时|后|前|我|你|对|向|给|从|到|会|能"
)
_SUFFIXES: Final = (
    ("ational", "at"), ("ations", "at"), ("ation", "at"), ("ements", ""), ("ement", ""), ("ments", ""), ("ment", ""),
    ("iness", "y"), ("ness", ""), ("ings", ""), ("ing", ""), ("ied", "y"), ("ies", "y"), ("edly", ""), ("ed", ""),
    ("ors", ""), ("or", ""), ("ers", ""), ("er", ""), ("ions", ""), ("ion", ""), ("ly", ""), ("als", ""), ("al", ""),
    ("es", ""), ("s", ""),
)  # fmt: skip
_LEAST: Final = 3
"""Letters of a word that a suffix leaves."""
_SAME: Final = {
    "phone": "call", "telephone": "call", "ring": "call", "email": "mail", "e-mail": "mail", "emails": "mail",
    "server": "host", "machine": "host", "computer": "host", "password": "passphrase", "notify": "inform", "tell": "inform",
    "delete": "remove", "erase": "remove", "kept": "keep", "retain": "keep", "retention": "keep", "store": "keep",
    "often": "every", "person": "people", "employee": "staff", "worker": "staff", "disconnect": "isolate",
    "begin": "start", "began": "start", "stop": "end", "finish": "end", "chief": "head", "lead": "head", "leader": "head",
    "permit": "allow", "permitted": "allow", "allowed": "allow", "forbid": "never", "forbidden": "never",
}  # fmt: skip
"""Words that mean much the same in runbooks, each by the one that stands for all."""


@lru_cache(65_536)
def stem(word: str) -> str:
    """A word without its endings, or the one that stands for it: "begins" and "start" are one, as "isolating", "isolate"."""
    return _same().get(_cut(word), _cut(word))


@cache
def _same() -> dict[str, str]:
    return {_cut(word): _cut(instead) for word, instead in _SAME.items()}


def _cut(word: str) -> str:
    if len(word) <= _LEAST or not word.isalpha():
        return word
    for suffix, instead in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _LEAST and not word.endswith("ss"):
            word = word[: -len(suffix)] + instead
            break
    if len(word) > _LEAST and word[-1] == word[-2] and word[-1] not in "aeiouls":
        word = word[:-1]
    return word.removesuffix("e") if len(word) > _LEAST else word


def terms(text: str, *, asked: bool = False) -> list[str]:
    """The terms of a text in order; of a question (`asked`) without the words that only ask."""
    found: list[str] = []
    for token in _TOKEN.findall(text.lower()):
        if token[0] >= "\u3400":
            found += _pairs(token, asked)
        else:
            found += _words(token)
    return found


def _words(token: str) -> list[str]:
    parts = _PART.findall(token)
    whole = [token] if len(parts) > 1 and len(token) <= 80 else []
    return whole + [stem(part) for part in parts if part not in _STOP and (len(part) > 1 or part.isdigit())]


def _pairs(run: str, asked: bool) -> list[str]:
    parts = [part for part in _ZH_STOP.split(run) if part] if asked else [run]
    pairs = [part[at : at + 2] for part in parts for at in range(len(part) - 1)]
    return pairs + [part for part in parts if len(part) == 1 and asked]
