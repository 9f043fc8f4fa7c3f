"""What is no live secret keeps a hint or is no candidate at all: templates, hashes, public keys, names of things, prose."""

from random import Random

import pytest

from schemas import CodeUnit, Document, LogWindow
from secassist.detectors._secret import checks
from secassist.detectors.secrets import PLUGIN

GUID = "1f0c9a7e-5b2d-4864-9e3a-7c1b5d2f8a60"
DIGEST = "8f14e45fceea167a5a36dedd4bea2543"


def unhinted(body: str, path: str = "") -> list[str]:
    subject = CodeUnit(source="t", path=path, body=body) if path else Document(source="t", body=body)
    return [c.value for c in PLUGIN.detect(subject).candidates if not c.safe_hint]


@pytest.mark.parametrize(
    "line",
    [
        # templates and variables
        "password: ${DB_PASSWORD}", "password: {{ .Values.db.password }}", 'password = "<password>"', "password=%DB_PW%",
        "password = os.environ['DB_PASSWORD']", 'token = f"{prefix}{middle}-{suffix}"', "password: !vault db",
        "pwd=$(cat /run/pw)",
        'userpwd = "{}:{}"', "password = 'your-password-here'", "postgres://user:password@host/db", "postgres://app:${PW}@db/x",
        # encrypted, hashed, public
        "password = ENC(dHJ1YjRkb3JLYXpvbw)", "password: '{cipher}9f86d081884c7d65'", "secret: vault:v1:q7Rw2Zt9Xk4Lm8Vb",
        "password: $2b$12$" + "Q7rw2zt9xk4lm8vb3nc6hd1gf5js0pyaetuyioowxcvbnmq7rw2zt",
        "x: $argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub",
        "authorized_key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIQ7rw2zt9xk4lm8vb3nc6",
        "public key: age1epzmwwzw8n09slh0c7z1z52x43nnga7lkksx3q",
        "password_hash = '9f86d081884c7d65'", "stripe_publishable_key = pk_live_q7Rw2Zt9Xk4Lm8Vb3Nc6",
        # names of things
        "secret_name: my-app-credentials-01", "token_type = 'urn:oasis:names:tc:SAML2'", "password_policy: strong-2024-v2",
        "cache_key=8f14e45fceea167a5a36dedd4bea2543", "client_id = 'q7Rw2Zt9Xk4Lm8Vb3Nc6Hd1G'", f"primary key {GUID}",
        f"access log id {GUID}", f"trace_id={DIGEST} key rotation done", "integrity: sha512-q7Rw2Zt9Xk4Lm8Vb3Nc6Hd1Gf5Js0Py==",
        # prose and texts on screens
        '"password": "密码不能为空"', "密码：请输入密码", "password must be at least 8 characters and hold 1 digit",
        "Please pass `frame_images` to the call, or pass `stream=False`.", "a node identified by the name of its parent",
        'fields = ["username", "password", "host", "port"]', "see https://github.com/owner/repo1/issues/4711 about keys",
        'qtoken = r\'(?:"[^"]|x)+\'',
    ],
)  # fmt: skip
def test_it_is_not_taken_for_a_live_secret(line: str) -> None:
    assert unhinted(line) == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("web/package-lock.json", '"token": "q7Rw2Zt9Xk4Lm8Vb3Nc6Hd1G"'),
        ("web/locales/de.json", '"password": "Zugangswort"'),
        ("tests/test_login.py", 'password = "IAmSensitive"'),
    ],
)
def test_files_that_hold_none_give_a_hint(path: str, body: str) -> None:
    assert unhinted(body, path) == [] and unhinted(body, "src/a.json")


def test_a_provider_format_is_found_in_tests_too() -> None:
    key = "AKIA" + "Q3EGRWTZ5YB7KDNM"
    assert unhinted(f'key = "{key}"', "tests/test_login.py") == [key]


def test_hash_like_ids_of_a_log_are_no_keys() -> None:
    lines = [
        f'2026-01-02T03:04:05Z level=info request_id={DIGEST} user=4711 took=12ms msg="key rotated"',
        f"GET /static/app.{DIGEST[:20]}.js 200 etag={DIGEST}",
        f"session {GUID} opened for uid 1000, access granted",
        "container 3f4e1d2c5b6a79880716253443526170 started, image sha256:" + DIGEST * 2,
        "commit 0201bfe8c26b715568b9126bef73fecde3b53f12 by bob, auth ok at 1767323045",
    ]
    found = PLUGIN.detect(LogWindow(source="t", body="\n".join(lines))).candidates
    assert [c.value for c in found if not c.safe_hint] == []


def test_monotony_is_what_entropy_says() -> None:
    random = Random(7)
    drawn = [
        "".join(random.choices("abcdefghijklmnop"[: random.randint(1, 16)], k=random.randint(0, 40)))
        for _ in range(2000)
    ]
    assert all(checks.is_monotonous(value, 2.5) == (checks.entropy(value) < 2.5) for value in drawn)
