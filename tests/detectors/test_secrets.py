"""Secrets: formats, names, placeholders and the exact place of the value. All values are invented."""

import string
import time
import zlib

import pytest

from schemas import CodeUnit, Document, FindingKind
from secassist.detectors.base import Candidate
from secassist.detectors.secrets import PLUGIN

B62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
NOISE = "q7Rw2Zt9Xk4Lm8Vb3Nc6Hd1Gf5Js0PyAeTuYiOoWxCvBnM"


def scan(body: str, path: str = "") -> tuple[Candidate, ...]:
    subject = CodeUnit(source="t", path=path, body=body) if path else Document(source="t", body=body)
    return PLUGIN.detect(subject).candidates


def only(body: str, path: str = "") -> Candidate:
    found = scan(body, path)
    assert len(found) == 1, [(c.type, c.place) for c in found]
    return found[0]


def with_checksum(prefix: str) -> str:
    body, number, tail = NOISE[:30], zlib.crc32(NOISE[:30].encode()), ""
    for _ in range(6):
        number, rest = divmod(number, 62)
        tail = B62[rest] + tail
    return prefix + body + tail


PROVIDERS = [
    ("aws-access-key", "AKIA" + "Q3EGRWTZ5YB7KDNM"),
    ("gcp-api-key", "AIza" + (NOISE * 2)[:35]),
    ("github-token", with_checksum("ghp_")),
    ("npm-token", with_checksum("npm_")),
    ("gitlab-token", "glpat-" + NOISE[:20]),
    ("slack-token", "xoxb-" + "739204815362-" + NOISE[:24]),
    ("sendgrid-key", "SG." + NOISE[:22] + "." + NOISE[:43]),
    ("huggingface-token", "hf_" + "QwRtZpXkLmVbNcHdGfJsPyAeTuYiOoWxCv"),
    ("anthropic-key", "sk-ant-api03-" + (NOISE * 3)[:93] + "AA"),
    ("shopify-token", "shpat_" + "7f3c9a1e5b2d8064" * 2),
    ("telegram-bot-token", "7392048153:AA" + NOISE[:33]),
    ("digitalocean-token", "dop_v1_" + "7f3c9a1e5b2d8064" * 4),
    ("dingtalk-webhook", "7f3c9a1e5b2d8064" * 4),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), PROVIDERS, ids=[name for name, _ in PROVIDERS])
def test_provider_formats_are_certain_and_exact(name: str, value: str) -> None:
    around = "https://oapi.dingtalk.com/robot/send?access_token={}" if name == "dingtalk-webhook" else "值{}，"
    body = "first line\n" + around.format(value) + "\n"
    found = only(body)
    assert (found.type, found.value, found.certain, found.safe_hint) == (name, value, True, "")
    assert body[found.place.start : found.place.end] == value
    assert found.place.start_line == found.place.end_line == 2


def test_a_wrong_checksum_or_a_typed_run_is_not_certain() -> None:
    token = with_checksum("ghp_")
    assert not only(token[:-1] + ("A" if token[-1] != "A" else "B")).certain
    assert not only("glpat-" + "abcdef1234567890Zq9R").certain


def test_a_token_inside_a_longer_word_is_none() -> None:
    assert not [c for c in scan("xAKIA" + "Q3EGRWTZ5YB7KDNM" + "k") if c.type == "aws-access-key"]


def test_private_key_blocks_are_one_finding_with_all_lines() -> None:
    lines = [(NOISE * 2)[i : i + 64] for i in range(16)]
    block = "-----BEGIN RSA PRIVATE KEY-----\n" + "\n".join(lines) + "\n-----END RSA PRIVATE KEY-----"
    found = only(f"x\n{block}\ny")
    assert (found.type, found.certain, found.place.start_line, found.place.end_line) == ("private-key", True, 2, 19)
    assert found.value == block
    escaped = only('{"private_key": "' + block.replace("\n", "\\n") + '\\n"}')
    assert escaped.type == "private-key" and escaped.certain
    empty = only("-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----")
    assert not empty.certain and empty.safe_hint


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ("db_password = 'trub4dor&Kazoo'", "trub4dor&Kazoo"),
        ("DB_PASSWORD=trub4dor-Kazoo", "trub4dor-Kazoo"),
        ('{"passwd": "trub4dor Kazoo9"}', "trub4dor Kazoo9"),
        ("<password>trub4dorKazoo</password>", "trub4dorKazoo"),
        ('<add key="DbPassword" value="trub4dorKazoo"/>', "trub4dorKazoo"),
        ("tool --password trub4dorKazoo --verbose", "trub4dorKazoo"),
        ("sshpass -p trub4dorKazoo ssh host", "trub4dorKazoo"),
        ("mysql -u root -ptrub4dorKazoo app", "trub4dorKazoo"),
        ("postgres://app:trub4dorKazoo@db.internal:5432/x", "trub4dorKazoo"),
        ("数据库密码：trub4dorKazoo", "trub4dorKazoo"),
        ("口令为trub4dorKazoo，请保密", "trub4dorKazoo"),
        ("CREATE USER a IDENTIFIED BY 'trub4dorKazoo'", "trub4dorKazoo"),
        ("Authorization: Bearer " + NOISE[:30], NOISE[:30]),
        ("curl -u admin:trub4dorKazoo https://host/", "trub4dorKazoo"),
    ],
)
def test_named_values_are_found_exactly(body: str, value: str) -> None:
    found = [c for c in scan(body) if not c.safe_hint]
    assert [c.value for c in found] == [value]
    assert not found[0].certain


@pytest.mark.parametrize(
    "value",
    ["changeme", "xxxxxxxxxxxx", "${DB_PASSWORD}", "<your-password>", "your_api_key_here",
     "example-password", "aaaaaaaaaaaa", "$DB_PASS",
     "{{ password }}", "abcdefghijklmnop", "********"],
)  # fmt: skip
def test_placeholders_keep_a_hint(value: str) -> None:
    for found in scan(f'password = "{value}"'):
        assert found.safe_hint and not found.certain, found.safe_hint


def test_code_reads_only_quoted_values() -> None:
    assert not scan("password = request.form['password']\ntoken = make_token(user)\n", "a/app.py")
    assert only("password: trub4dorKazoo", "deploy.yaml").value == "trub4dorKazoo"


def test_ordinary_text_is_quiet() -> None:
    quiet = "The passport office passed the password policy.\nid 123e4567-e89b-12d3-a456-426614174000 at 2024-05-01T10:00:00Z\n"
    assert [c.value for c in scan(quiet) if not c.safe_hint] == []


def test_the_value_is_not_in_the_repr_and_the_kind_is_secret() -> None:
    found = only("password = 'trub4dor&Kazoo'")
    assert "trub4dor" not in repr(found) and "trub4dor" not in found.message
    assert found.kind is FindingKind.SECRET


def test_clean_text_is_fast() -> None:
    document = Document(source="t", body="The quick brown fox jumps over the lazy dog by the river.\n" * 20_000)
    begin = time.process_time()
    assert PLUGIN.detect(document).candidates == ()
    assert time.process_time() - begin < 3.0


@pytest.mark.parametrize(
    "line",
    [
        "sudo: deploy : TTY=pts/0 ; PWD=/home/deploy ; USER=root ; COMMAND=/bin/ls",
        "sudo: deploy : PWD=/tmp ; USER=root ; COMMAND=/bin/ls",
        '"PWD": "/srv/app", OLDPWD=/var/www',
        '"GET /access/..%2f..%2fetc%2fpasswd HTTP/1.1" 404',
        "GET /reset/passwd HTTP/1.1",
        "the key rotation/scheduled-2025-11-02-a1b2 ran",
        "private byte[] d = Base64.getMimeDecoder().decode(key);",
        "token = Base64.getMimeDecoder",
        "auth com.corp.security.auth2.TokenService42x",
        "key /usr/lib/python3.11/site-packages/auth2/x12",
        r"key C:\Users\adm\AppData\Local\x12y34z56w78",
        "access https://host.example/a/b/c12/d34e56f78",
        "token sha256=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "sha1 key digest: da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "api_key_sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "key id 123e4567-e89b-12d3-a456-426614174000",
        "access to i-0abc1234def567890 denied",
    ],
)
def test_paths_names_digests_and_ids_are_no_secrets(line: str) -> None:
    assert [c.value for c in scan(line)] == []


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("the access key is AB12cd34EF56gh78IJ90", "AB12cd34EF56gh78IJ90"),
        ("token 8f14e45fceea167a5a36dedd4bea2543", "8f14e45fceea167a5a36dedd4bea2543"),
        ("key qz7rk2m9x4tb8wv1npl6", "qz7rk2m9x4tb8wv1npl6"),
        ("SECRET_KEY=krumme-Lanke-77-Fahrrad", "krumme-Lanke-77-Fahrrad"),
        ("password=/Trub4dor", "/Trub4dor"),
    ],
)
def test_values_that_resemble_them_are_still_found(line: str, value: str) -> None:
    assert [c.value for c in scan(line) if not c.safe_hint] == [value]


def test_a_path_under_a_password_name_keeps_a_hint() -> None:
    assert [c.safe_hint for c in scan("password=/run/secrets/db")] == ["file path"]


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("I reset it, the new password is Meadow&3193 for now.", "Meadow&3193"),
        ("the password for wiki was pebble-larch-478.", "pebble-larch-478"),
        ("pw for wiki is 2IDHDl%j-JV#, delete this", "2IDHDl%j-JV#"),
        ("I reset his pw to 2IDHDl%j-JV# yesterday", "2IDHDl%j-JV#"),
        ("DB_PASS=${DB_PASSWORD:-Kx9-tlm42Q}", "Kx9-tlm42Q"),
        ("The password is 'trub4dorKazoo'.", "trub4dorKazoo"),
        ("张伟：服务器密码 boX#qzEjMcN1 用完删掉", "boX#qzEjMcN1"),
        ("WARN 密码错误 账号=xin.ma 输入=yqs_Indigo52", "yqs_Indigo52"),
        ("postgres://crm:pE_8uu5Is!@法务部-crm-81.internal/x", "pE_8uu5Is!"),
    ],
)
def test_passwords_that_people_tell_each_other(line: str, value: str) -> None:
    assert [c.value for c in scan(line) if not c.safe_hint] == [value]


@pytest.mark.parametrize(
    "line",
    [
        "The password is required. The password is case-sensitive. The password is not-valid.",
        "The password was changed on 2024-11-02, the next one is due.",
        "your password is at https://portal.example/a1",
        "password was 2024-11-02",
        "Failed password for invalid user admin1 from 203.0.113.9 port 4022",
        "密码 2024-11-02 已修改，密码 请勿外泄",
        'GIT_SHA = "0201bfe8c26b715568b9126bef73fecde3b53f12"',
        'etag: "928344b16103485a1c292be01e4fc2d0"',
        "license_serial: 417949M-30VJ6WQ-5566",
    ],
)
def test_prose_about_passwords_and_build_numbers_are_quiet(line: str) -> None:
    assert [c.value for c in scan(line)] == []


@pytest.mark.parametrize(
    "text", ["PASS: ${DB_PASSWORD:?set it}", "PASS=${DB_PASSWORD:?must-be-set-1}", "PASS=${DB_PASSWORD}"]
)
def test_a_setting_that_has_to_be_there_holds_no_value(text: str) -> None:
    assert not scan(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('db_password = "Ad7V3Dn%8lFPPwt73', ["Ad7V3Dn%8lFPPwt73"]),
        ('{"message": "db_password = \\"Ad7V3Dn%8lFPPwt73\\', ["Ad7V3Dn%8lFPPwt73"]),
        ("db_password = 'Ad7V3Dn%8lFPPwt73\nuser = 'li'", ["Ad7V3Dn%8lFPPwt73"]),
        ('password = "some words of a text', []),
        ('password = """', []),
    ],
)
def test_a_quote_that_nobody_closes_hides_no_password(text: str, found: list[str]) -> None:
    assert [one.value for one in scan(text)] == found
