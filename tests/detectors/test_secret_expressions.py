"""Expressions of programs are no values; what stands in their place in settings is. All values are invented."""

import pytest

from schemas import Document
from secassist.detectors.secrets import PLUGIN


def values(body: str) -> list[str]:
    return [c.value for c in PLUGIN.detect(Document(source="t", body=body)).candidates if not c.safe_hint]


@pytest.mark.parametrize(
    "body",
    [
        "token = tokens[0]",
        "num_tokens=attention_mask.shape[1],",
        "password: Optional[str] = None",
        "password: SecretStr",
        "pub password: Option<String>,",
        "struct LowerPass : PassInfoMixin<LowerPass> {",
        "if (password !== confirmPassword) {",
        "password: hashedPassword,",
        "$nntp->command($user, $pass)->response == CMD_OK;",
        "'password' => Hash::make($request->password),",
        "'password' => 'required|min:6',",
        "username, password = auth",
        "uscheme = uhost = upass = ucontainer = None",
        "const password = await read.password(prompt)",
        "token_ids_0=token_ids_0, token_ids_1=token_ids_1",
        "# first pass: determine the length of each name",
        ":param password: When `True`, asterisks are shown.",
        '"passwd:gid",',
        "PREF_PASSWORD = 'pref_password'",
        '#define TLS1_TXT_PSK "PSK-AES128-CCM"',
        "gpg --recv-keys 4F5D2C1B9A8E7D6C5B4A39281706F5E41B2C3D4E",
        "password: !Sub '{{resolve:secretsmanager:db:SecretString:password}}'",
        "mqtt_password: !secret mqtt_password",
        "$password = Read-Host -AsSecureString",
        "kwargs: keyword arguments to pass to `torch.compile()`.",
        "from oauthlib.oauth2.rfc6749.errors import OAuth2Error",
        "session({ secret: 'keyboard cat' })",
        "messaging.getToken({ vapidKey: 'BV2eYrPQNzhE5vDJCpedpTiECUk2hvl00mfIJ8Nt1JgChfwoCvgBhNqmJGF2' })",
        "config.reset_password_within = 6.hours",
        "Using --password via the CLI is insecure.",
        "password=Mot de passe\nconfirmPassword=Confirmez le mot de passe",
        '"new_password": "Nova-senha", "api_key": "API-Schlüssel", "secretKey": "Chave-secreta"',
        'implementation("io.jsonwebtoken:jjwt-api:0.11.5")',
        "<keyname>B20290626D5C4BC4</keyname>",
        "omniauth client Iv1.86f04801e01c065c",
        "peak_memory_after_forward_pass: float,",
        "Private-MAC: 90260e74357b1969fde37ca5a1f59a06bc9aa98a",
        "- Fixed: password: field is cleared on error",
        "void gcm_camellia256_set_key(struct gcm_camellia256_ctx *ctx)",
    ],
)
def test_code_is_not_a_value(body: str) -> None:
    assert values(body) == []


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ("password: kazoobar", "kazoobar"),
        ("DB_PASSWORD=kazoobar", "kazoobar"),
        ("Server=db;Uid=sa;Pwd=kazoobar;", "kazoobar"),
        ("login failed, password: kazoobar for user bob", "kazoobar"),
        ("PASSWORD=Kz[7Qw(2Rt", "Kz[7Qw(2Rt"),
        ("password = Kz7Qw2Rt!", "Kz7Qw2Rt!"),
        ("user=bob, password=kazoobar, host=db", "kazoobar"),
    ],
)
def test_a_bare_word_of_a_setting_is(body: str, value: str) -> None:
    assert values(body) == [value]
