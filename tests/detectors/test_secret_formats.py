"""Credential files, cluster secrets, wrapped words, SQL and markup: the exact value is found. All values are invented."""

import base64
import json

import pytest

from schemas import CodeUnit, Document, LogWindow
from secassist.detectors.secrets import PLUGIN

WORD = "trub4dorKazoo"
TOKEN = "q7Rw2Zt9Xk4Lm8Vb3Nc6Hd1G"


def encoded(value: str) -> str:
    return base64.b64encode(value.encode()).decode()


def found(body: str, path: str = "") -> list[tuple[str, str]]:
    subject = CodeUnit(source="t", path=path, body=body) if path else Document(source="t", body=body)
    candidates = PLUGIN.detect(subject).candidates
    assert all(body[c.place.start : c.place.end] == c.value for c in candidates)
    return [(c.type, c.value) for c in candidates if not c.safe_hint]


@pytest.mark.parametrize(
    ("body", "name", "value"),
    [
        (f"machine git.example login bob password {WORD}", "netrc-password", WORD),
        (f"machine git.example\n  login bob\n  password {WORD}\n", "netrc-password", WORD),
        (f"db.internal:5432:app:svc:{WORD}", "pgpass-password", WORD),
        (f"db.internal:*:app:svc:{WORD}\n", "pgpass-password", WORD),
        (f"//r.example/:_auth={encoded('ci:' + WORD)}", "npm-auth", encoded("ci:" + WORD)),
        (f"//r.example/:_password={encoded(WORD)}", "npm-password", encoded(WORD)),
        (f'{{"auths":{{"r.example":{{"auth":"{encoded("ci:" + WORD)}"}}}}}}', "docker-auth", encoded("ci:" + WORD)),
        (f"[default]\naws_secret_access_key = {TOKEN}{TOKEN[:16]}", "aws-secret-key", TOKEN + TOKEN[:16]),
        (f"aws configure set aws_secret_access_key {TOKEN}{TOKEN[:16]}", "aws-secret-key", TOKEN + TOKEN[:16]),
        (f"kind: Secret\ndata:\n  db: {encoded(WORD)}\n", "cluster-secret", encoded(WORD)),
        (f"kind: Secret\nstringData:\n  db: {WORD}\n", "cluster-secret", WORD),
        (f'{{"kind": "Secret", "data": {{"db": "{encoded(WORD)}"}}}}', "cluster-secret", encoded(WORD)),
        (f"kubectl create secret generic x --from-literal=db={WORD}", "password", WORD),
        (f"echo 'root:{WORD}' | sudo chpasswd", "password", WORD),
        (f"curl -s \\\n  -u bob:{WORD} https://host.example", "password", WORD),
        (f"Authorization: Basic {encoded('ci:' + WORD)}", "basic-auth", encoded("ci:" + WORD)),
        (f'ConvertTo-SecureString -String "{WORD}" -AsPlainText', "password", WORD),
        (f"ALTER USER app IDENTIFIED BY {WORD};", "password", WORD),
        (f"CREATE USER app IDENTIFIED WITH sha2_password BY '{WORD}'", "password", WORD),
        (f"CREATE ROLE app WITH LOGIN PASSWORD '{WORD}'", "password", WORD),
        (f'<entry key="password">{WORD}</entry>', "password", WORD),
        (f'<string name="api_secret">{TOKEN}</string>', "api-key", TOKEN),
        (f"<key>password</key>\n  <string>{WORD}</string>", "password", WORD),
        (f"<password><![CDATA[{WORD}]]></password>", "password", WORD),
        (f'{{"message": "{{\\"password\\": \\"{WORD}\\"}}"}}', "password", WORD),
        (f'<a title="password=&quot;{WORD}&quot;">', "password", WORD),
        (f"https://host.example/x?token={TOKEN}&user=bob", "token", TOKEN),
        (f"next=%2Fx%3Ftoken%3D{TOKEN}%26user%3Dbob", "token", TOKEN),
        (f"smtps://bob@mail.example:{WORD}@smtp.mail.example", "url-password", WORD),
        (f"mongodb://app:{WORD}@2@db.internal/x", "url-password", WORD + "@2"),
        (f"id/pw: bob/{WORD}", "password", WORD),
        (f"Server=db;User Id=app;Password={WORD};Encrypt=yes", "password", WORD),
        (f"PSWD:={WORD}", "password", WORD),
        (f"初始密码设置为{WORD}，请尽快修改", "password", WORD),
        (f"访问令牌：{TOKEN}", "secret", TOKEN),
        (f"密钥 = {TOKEN}", "secret", TOKEN),
        (f"bugsnag secret {'1f0c9a7e-5b2d-4864-9e3a-7c1b5d2f8a60'}", "random-token", "1f0c9a7e-5b2d-4864-9e3a-7c1b5d2f8a60"),
        (f'"kty": "oct",\n "k": "{TOKEN}"', "json-web-key", TOKEN),
        (f"vault operator unseal {TOKEN}{TOKEN[:19]}=", "vault-unseal-key", f"{TOKEN}{TOKEN[:19]}="),
    ],
)  # fmt: skip
def test_each_place_gives_the_value_alone(body: str, name: str, value: str) -> None:
    assert found(body) == [(name, value)]


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ('x = os.environ.get("DB_PASSWORD", "trub4dorKazoo")', WORD),
        ('x = os.environ.get("DB_PASSWORD") or "trub4dorKazoo"', WORD),
        ('const apiKey: string = "q7Rw2Zt9Xk4Lm8Vb3Nc6Hd1G";', TOKEN),
        ('conn.setPassword("trub4dorKazoo");', WORD),
        ('builder.withPassword("trub4dorKazoo")', WORD),
        ('form.getPassword("trub4dorKazoo")', ""),
    ],
)
def test_code_gives_literals(line: str, value: str) -> None:
    assert [v for _, v in found(line, "a/app.ts")] == ([value] if value else [])


@pytest.mark.parametrize("wrap", [encoded, lambda text: text.encode().hex(), lambda text: text.encode().hex().upper()])
@pytest.mark.parametrize("lead", ["", "a", "ab"])
def test_wrapped_words_are_found_at_every_shift(wrap: object, lead: str) -> None:
    assert callable(wrap)
    token = wrap(f"{lead} db_password={WORD}\n")
    assert [value.rstrip("=") for _, value in found(f"config: {token} end")] == [token.rstrip("=")]


def test_a_wrapped_key_keeps_its_type_and_an_image_is_left_alone() -> None:
    key = "-----BEGIN PRIVATE KEY-----\n" + "\n".join([TOKEN * 2] * 4) + "\n-----END PRIVATE KEY-----\n"
    assert found(f"kube: {encoded(key)}")[0][0] == "private-key"
    assert found(f"url(data:image/png;base64,{encoded('password=' + WORD)})") == []
    assert found(encoded(json.dumps({"title": "how to choose a password", "page": 3}))) == []


def test_keys_that_a_log_cuts_in_two_are_found_in_both_parts() -> None:
    stamp, body = "2026-01-02 03:04:05 ", [(TOKEN * 3)[at : at + 64] for at in range(8)]
    first = "\n".join([stamp + "-----BEGIN PRIVATE KEY-----", *(stamp + line for line in body)])
    last = "\n".join([*(stamp + line for line in body), stamp + "-----END PRIVATE KEY-----"])
    for part in (f"x\n{first}\nquiet", f"quiet\n{last}\ny"):
        (candidate,) = PLUGIN.detect(Document(source="t", body=part)).candidates
        assert candidate.type == "private-key" and not candidate.certain
        assert all(line in candidate.value for line in body)


def test_tokens_behind_escapes_are_found() -> None:
    key = "AKIA" + "Q3EGRWTZ5YB7KDNM"
    for before in (r"a\n", "x%3D", "\x1b[93m", r"A\u003d"):
        assert [value for _, value in found(f"{before}{key} y")] == [key]


@pytest.mark.parametrize(
    ("line", "value"),
    [
        (
            "POST https://api.telegram.org/bot{0}/sendMessage -> 429",
            "531698" + "2721:AA" + "TLWTzZoBuLg3dXCTZCo1PiNWVjDGdoYSq",
        ),
        ("sqlplus -s system/{0}@//mail01:1521/orcl", "Falcon" + "uFZlB93"),
        ("巡检 sqlplus 连接串 system/{0}@orcl", "Falcon" + "uFZlB93"),
        ("ossutil config -i " + "LTAI" + "5twoxQLYSbyjzTYszv6n -k {0} -e oss", "3lqOI5WWxM0y" + "TnkkGQrzBzpl3ljmvQ"),
    ],
)
def test_credentials_of_tools_in_logs(line: str, value: str) -> None:
    found = PLUGIN.detect(LogWindow(source="t", body=line.format(value))).candidates
    assert value in {c.value for c in found if not c.safe_hint}


@pytest.mark.parametrize("value", ["[FILTERED]", "<masked value>", "(hidden)"])
def test_what_stands_in_brackets_is_a_placeholder(value: str) -> None:
    found = PLUGIN.detect(LogWindow(source="t", body=f'"x-api-key":"{value}"')).candidates
    assert all(c.safe_hint for c in found)


def test_names_beside_a_password_of_a_cluster_are_none() -> None:
    entries = {"username": "billing", "host": "db.corp.net", "password": "Kz7Qw2Rt"}
    body = "kind: Secret\ndata:\n" + "".join(f"  {name}: {encoded(value)}\n" for name, value in entries.items())
    assert [value for _, value in found(body)] == [encoded("Kz7Qw2Rt")]


def test_a_gossip_key_is_found() -> None:
    key = "nFJY3te+gLMJ/+vv38d4O2SX2SMUIJJkk/xLZUm" + "eAj4="
    assert found(f'encrypt = "{key}"') == [("gossip-key", key)]
