"""What an attacker writes stays one literal in every language, or is not put into a query at all."""

import shutil
import subprocess

import pytest

from secassist.investigating.quoting import LONGEST, QUOTES, UnquotableError, filled, kql, powershell, slots, spl
from secassist.knowledge.questions import questions

HOSTILE = (
    'a" or *:* or "b',
    "a' ; calc ; '",
    "\u2019; calc; \u2018",
    "$(touch owned)",
    "`touch owned`",
    "a\\",
    'a\\" or host:*',
    "a*b?",
    "-rf",
    "--files-from=/etc/passwd",
    "!!",
    "${HOME}",
    "%COMSPEC%",
    "a | delete",
    "a] [search index=*]",
    "{host}",
)
CALLED = "x"


def literal(text: str) -> str:
    """What stands between the quotes of KQL and Splunk, read as they read it; fails where the string ends early."""
    assert text[0] == text[-1] == '"'
    made, rest = "", text[1:-1]
    while rest:
        assert rest[0] != '"', "the string ends before its end"
        step = 2 if rest[0] == "\\" else 1
        assert len(rest) >= step, "the closing quote is escaped"
        made, rest = made + rest[step - 1], rest[step:]
    return made


@pytest.mark.parametrize("value", HOSTILE)
def test_kql_reads_back_the_value(value: str) -> None:
    assert literal(kql(value)) == value


@pytest.mark.parametrize("value", HOSTILE)
def test_splunk_reads_back_the_value_or_is_not_asked(value: str) -> None:
    if set(value) & set("*`$"):
        with pytest.raises(UnquotableError):
            spl(value)
    else:
        assert literal(spl(value)) == value


@pytest.mark.parametrize("value", HOSTILE)
def test_a_shell_sees_one_word(value: str) -> None:
    shell = shutil.which("sh")
    assert shell is not None
    query = filled("shell", "printf '%s|' -- {host} end", {"host": value})
    done = subprocess.run([shell, "-c", query.text], capture_output=True, text=True, timeout=10, check=True)
    assert done.stdout == f"--|{value}|end|"


@pytest.mark.parametrize("value", HOSTILE)
def test_powershell_sees_one_string(value: str) -> None:
    """Each of its four single quotes ends the string unless it is doubled."""
    made = powershell(value)
    assert made[0] == made[-1] == "'"
    inner = made[1:-1]
    for quote in "'\u2018\u2019\u201a\u201b":
        inner = inner.replace(quote * 2, "")
        assert quote not in inner


@pytest.mark.parametrize("language", sorted(QUOTES))
@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("a\nb", "control"),
        ("a\rb", "control"),
        ("a\x00b", "control"),
        ("a\u202eb", "control"),
        ("a\u2028b", "control"),
        ("x" * (LONGEST + 1), "241 characters"),
        ("relay -pw [password:Ki****17] host", "masked"),
        ("", "names no host"),
    ],
)
def test_what_cannot_be_quoted_says_so(language: str, value: str, why: str) -> None:
    made = filled(language, "find {host}", {"host": value})
    assert made.text == ""
    assert why in made.reason
    assert not value or value not in made.reason


def test_a_value_that_looks_like_a_name_is_not_filled_again() -> None:
    assert filled("kql", "a: {host} and b: {user}", {"host": "{user}", "user": "u"}).text == 'a: "{user}" and b: "u"'


def test_every_query_holds_hostile_values_as_literals() -> None:
    """In each template of ours, the value stands bare: no quotes around the name, no place where a dash is an option."""
    for question in questions():
        for language, template in question.queries.items():
            for slot in slots(template):
                before, _, after = template.partition(f"{{{slot}}}")
                assert before[-1:] not in "\"'`" and after[:1] not in ("'", '"', "`"), (question.id, language)
                if language == "shell":
                    safe = ("-- ", "-e ", "=", "-u ", "-U ", "dst ", "--arg v ")
                    assert before.endswith(safe), (question.id, before[-20:])
