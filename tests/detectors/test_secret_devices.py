"""Passwords of routers, tunnels, servers and tools that only their place gives away; their harmless twins. All invented."""

import pytest

from schemas import Document
from secassist.detectors._secret.checks import bitlocker
from secassist.detectors._secret.form import seed_phrase
from secassist.detectors.secrets import PLUGIN

WORD = "Kz7-Qw2Rt"
TOKEN = "q7Rw2Zt9Xk4L" + "m8Vb3Nc6Hd1Gf5Js"
HEX = "13cad8f693b32e36" + "5beb6de6ee41d40a"
SEED = "thank hover year fabric elbow useful wave kitten ivory drift ribbon galaxy"


def values(body: str) -> list[str]:
    return [c.value for c in PLUGIN.detect(Document(source="t", body=body)).candidates if not c.safe_hint]


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ("radius-server host 10.0.0.8 key {}", WORD),
        ("tacacs-server key 7 {}", WORD),
        (" neighbor 10.0.0.2 password {}", WORD),
        (" ip ospf message-digest-key 1 md5 {}", WORD),
        ("crypto isakmp key {} address 203.0.113.9", WORD),
        ("rocommunity {} 10.0.0.0/8", WORD),
        ('createUser bob SHA "{}" AES', WORD),
        ('bob : EAP "{}"', WORD),
        ("    Key Content            : {}", WORD),
        ("WIFI:T:WPA;S:corp;P:{};;", WORD),
        ("bob:{PLAIN}{}:1000:1000::", WORD),
        ("[smtp.corp.test]:587 bob@corp.test:{}", WORD),
        ("user bob on >{} ~* +@all", WORD),
        ("ftp -n h1 <<E\nuser bob {}\nput a\nE", WORD),
        ('expect "assword:"\nsend "{}\\r"', WORD),
        ("RABBITMQ_ERLANG_COOKIE={}", TOKEN),
        ('BUNDLE_GEMS__CORP__TEST: "bob:{}"', WORD),
        ('"type": "random_password", "instances": [{"attributes": {"length": 9, "result": "{}"}}]', WORD),
        ("chpasswd:\n  list: |\n    ubuntu:{}\n", WORD),
        ("config/master.key\n{}\n", HEX),
        ("<RSAKeyValue><Modulus>x</Modulus><D>{}</D>", TOKEN * 2),
        ("define('LOGGED_IN_SALT', '{}');", "kC2#GwK(ko?NZi!+j=7?W6D-jK_D~0v^5I"),
        ('MNEMONIC="{}"', SEED),
        ("secretsdump.py -just-dc corp/bob:{}@10.0.0.1", WORD),
        ("machine api.corp.test login bot account x password {}", WORD),
        ("echo {} | docker login -u bob --password-stdin", WORD),
        ('smtp.login("bob@corp.test", "{}")', "gony jjso sgkv qhdi"),
        ('cipher = AES.new(b"{}", AES.MODE_CBC, iv)', TOKEN[:16]),
        ('CryptoJS.AES.encrypt(data, "{}")', TOKEN),
        ("snmpwalk -v2c -c {} 10.0.0.1", WORD),
        ("keytool -genkeypair -storepass {} -keystore k.jks", WORD),
        ("http -a bob:{} GET https://api.corp.test/", WORD),
        ("lftp -u bob,{} ftp.corp.test", WORD),
        ("<property><name>db.Password</name><value>{}</value></property>", WORD),
        ("&lt;password&gt;{}&lt;/password&gt;", WORD),
        ("CREATE LOGIN bob WITH PASSWORD = N'{}';", WORD),
        ("初始密码为：{}", WORD),
        ('"params": ["{}"]', f"10-{TOKEN * 2}Zk7Qw2Rt"),
        ('$sonarLogin = "{}"', HEX + HEX[:8]),
        ("coap://tb.corp.test/api/v1/{}/telemetry", TOKEN[:20]),
        ("https://endpoint1.collection.sumologic.com/receiver/v1/http/{}==", TOKEN * 3),
        ('{}\n" RATE_LIMIT 3 30\n" TOTP_AUTH\n', "N5PB6NP75ROJDPCCS7VV4M27IA"),
        ("root:{}:19700:0:99999:7:::", "$y$j9T$eYKI5cX03koA2iaqtgQTiE$HoxYtiUEQcO0H8428pbHo63TvDFmHQ9ULxp6myzlro5"),
    ],
)  # fmt: skip
def test_a_value_is_found_by_its_place(body: str, value: str) -> None:
    assert [found.rstrip("=") for found in values(body.replace("{}", value, 1))] == [value]


@pytest.mark.parametrize(
    "body",
    [
        "radius-server host 10.0.0.8 auth-port 1812",
        "neighbor 10.0.0.2 remote-as 65001",
        "rocommunity public 10.0.0.0/8",
        "snmpwalk -v2c -c public 10.0.0.1",
        "Key Content            : Absent",
        "machine ftp.corp.test\n  login deploy\n  password <your password>\n",
        'MNEMONIC="your twelve word mnemonic goes here and stays secret for all time"',
        "cat pw | docker login -u bob --password-stdin",
        "cipher = AES.new(key, AES.MODE_CBC, iv)",
        "<password>{COQLCE6DU6GtcS5P=}</password>",
        "existingSecret: pg-auth-2024",
        '<param name="env.NEXUS_PASSWORD" value="credentialsJSON:1f0c9a7e-5b2d-4864-9e3a-7c1b5d2f8a60" />',
        f"set psksecret ENC {TOKEN * 2}==",
        "User: svc_backup  Password: (sent separately)",
        f"<RSAKeyValue><Modulus>{TOKEN * 2}</Modulus><Exponent>AQAB</Exponent>",
        "unzip -p in.zip a.txt",
        "video_box.ico-7a388b69018576d24b59331fd60aab0c.png",
    ],
)
def test_its_harmless_twin_is_not(body: str) -> None:
    assert values(body) == []


def test_recovery_keys_are_settled_by_their_arithmetic() -> None:
    key = "-".join(f"{number * 11:06d}" for number in (40961, 1234, 60007, 22222, 9, 31415, 27182, 65535))
    assert bitlocker(key) and not bitlocker(key.replace("450571", "450572"))
    assert values(f"Recovery key of bob: {key}") == [key]
    assert values(f"order {key.replace('450571', '450572')} sent") == []


def test_a_sentence_is_no_seed_phrase() -> None:
    assert seed_phrase(SEED) == SEED
    assert seed_phrase(SEED.replace("wave", "the")) is None
    assert seed_phrase("wave " * 12) is None
