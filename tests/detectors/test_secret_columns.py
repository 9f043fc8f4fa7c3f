"""Passwords and keys in columns of that name; tables about passwords and lists in code hold none. All values are invented."""

import pytest

from schemas import CodeUnit, Document
from secassist.detectors.secrets import PLUGIN

WORD, OTHER = "Kz7-Qw2Rt", "x9!kkL2m"
TOKEN = "q7Rw2Zt9Xk4L" + "m8Vb3Nc6Hd1Gf5Js"


def values(body: str) -> list[str]:
    return [c.value for c in PLUGIN.detect(Document(source="t", body=body)).candidates if not c.safe_hint]


@pytest.mark.parametrize(
    "body",
    [
        "| host | password |\n|------|----------|\n| h1 | {0} |\n| h2 | `{1}` |\n\nno more",
        "name,email,password\nbob,b@corp.test,{0}\neve,e@corp.test,{1}\n",
        '"user";"passwd"\r\n"bob";"{0}"\r\n"eve";"{1}"\r\n',
        "用户\t初始密码\nbob\t{0}\neve\t{1}",
        "INSERT INTO `users` (name, password, age) VALUES ('bob', '{0}', 7),\n ('eve', '{1}', 8);",
    ],
)
def test_each_row_gives_its_value(body: str) -> None:
    assert values(body.format(WORD, OTHER)) == [WORD, OTHER]


def test_keys_must_look_generated_and_every_place_is_exact() -> None:
    body = f"service,api_key\nmail,{TOKEN}\nmaps,none-so-far\n"
    (found,) = PLUGIN.detect(Document(source="t", body=body)).candidates
    assert found.value == body[found.place.start : found.place.end] == TOKEN
    assert found.place.start_line == 2


@pytest.mark.parametrize(
    "body",
    [
        "| Option | Default |\n|---|---|\n| `password` | x |\n| `token_ttl` | y |\n| Kz7-Qw2Rt | z |\n",
        "| Option | Password | Token |\n|---|---|---|\n| a | yes | no |\n| b | SHA-256 | JWT |\n",
        "user,password\nbob,<password>\neve,********\n",
        "user,password\nbob,$2b$12$" + "Q7rw2zt9xk4lm8vb3nc6hd1gf5js0pyaetuyioowxcvbnmq7rw2zt",
        "field,password\nrequired,2025-01-02\nmin,12\n",
        "INSERT INTO t (name, password) VALUES (:name, :password)",
        "a, password = read(b, c1)\nx, y = f1, g2\n",
    ],
)
def test_tables_about_passwords_hold_none(body: str) -> None:
    assert values(body) == []


def test_lines_of_a_list_in_code_are_no_rows() -> None:
    body = 'passes = [\n    "split password",\n    "merge-2-cats",\n    user, password\n    a1_b, c2-d3\n]\n'
    assert PLUGIN.detect(CodeUnit(source="t", path="a/b.py", body=body)).candidates == ()
