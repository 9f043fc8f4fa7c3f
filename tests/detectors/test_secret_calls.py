"""Passwords that calls, entries of two fields and lines without a sign give away by their place. All values are invented."""

import pytest

from schemas import Document
from secassist.detectors.secrets import PLUGIN

VALUE = "Kz7Qw2Rt"


def values(body: str) -> list[str]:
    return [c.value for c in PLUGIN.detect(Document(source="t", body=body)).candidates if not c.safe_hint]


@pytest.mark.parametrize(
    "body",
    [
        'mysqli_connect("localhost", "root", "{}", "shop");',
        "new PDO('mysql:host=db', $user, '{}');",
        'DriverManager.getConnection("jdbc:mysql://db/x", "root", "{}");',
        'new NetworkCredential("bob", "{}")',
        "requests.get(url, auth=('bob', '{}'))",
        'smtp.login("bob@corp.test", "{}")',
        'new PasswordAuthentication(user, "{}".toCharArray())',
        "jwt.sign(payload, '{}')",
        "echo '{}' | sudo -S apt-get update",
        "echo {} | passwd --stdin bob",
        "mysqladmin -u root password {}",
        "openssl rsa -passin pass:{} -in x",
        "requirepass {}",
        "username bob privilege 15 secret 0 {}",
        "snmp-server community {} RO",
        "- name: DB_PASSWORD\n  value: {}",
        '{{"name": "DB_PASSWORD", "value": "{}"}}',
        "ENV MYSQL_ROOT_PASSWORD {}",
        'char password[] = "{}";',
        'static const char password[32] = "{}";',
        'std::string password("{}");',
        '.password("{}")',
        "process.env.DB_PASSWORD || '{}'",
        "getenv('DB_PASSWORD') ?: '{}'",
        "SET PASSWORD FOR 'bob'@'%' = PASSWORD('{}');",
        '<setting name="Password"><value>{}</value></setting>',
        "UPDATE users SET password = MD5('{}') WHERE name = 'bob';",
        'var jwtKey = []byte("{}")',
        "'password' => Hash::make('{}'),",
        "const hash = bcrypt.hashSync('{}', 10);",
        'user.setHash(passwordEncoder.encode("{}"));',
        "jwt.sign({{ id: user.id }}, '{}', {{ expiresIn: '1h' }})",
        "User.objects.create_user('bob', 'bob@corp.test', '{}')",
        'mosquitto_username_pw_set(client, "sensor", "{}");',
        'public string Password {{ get; set; }} = "{}";',
        'echo "{}" | vncpasswd -f > passwd',
        "htpasswd -b -c .htpasswd bob {}",
        'credentials += Credentials("Nexus", "nexus.corp.test", "ci", "{}")',
        "connect('localhost', 'root', '{}', 'shop')",
        'given().auth().basic("bob", "{}")',
        'WiFi.begin("home", "{}");',
        'Parse.initialize("shop", "{}");',
        "sudo -S <<< '{}' apt-get update",
        "consul kv put config/app/db_password {}",
        "mc alias set s3 http://minio:9000 backup {}",
        'Const DB_PASS As String = "{}"',
        "IPMI_PASS ?= {}",
        '<Setting Name="Password"><Value>{}</Value></Setting>',
        "creds for the jump host: bob / {}",
        "PWD for the VPN: {}",
        "use omniauth :github, 'bobs-app', '{}', scope: 'user'",
        "hash=$(openssl passwd -1 {})",
        'dsn := "root:{}@tcp(127.0.0.1:3306)/shop"',
        "log in with user demo and password {} please",
        'const string Bank = "Server=db;Database=bank;User Id=app;Password={};";',
        "conn = 'Data Source=db;Initial Catalog=bank;Uid=app;Pwd={}'",
        'String url = "jdbc:sqlserver://db:1433;user=app;password={}";',
        'UseNpgsql("Host=db; Username=app; Password={}; Database=bank")',
    ],
)
def test_a_value_is_found_by_its_place(body: str) -> None:
    assert values(body.format(VALUE)) == [VALUE]


@pytest.mark.parametrize(
    "body",
    [
        'define("DB_PASSWORD", "{}");',
        "os.environ.get('DB_PASSWORD', '{}')",
        'props.setProperty("mail.password", "{}");',
        "ENV MYSQL_ROOT_PASSWORD {}",
        "ALTER USER bob IDENTIFIED BY '{}'",
        'args: ["--db-password", "{}"]',
    ],
)
def test_a_mere_word_counts_where_a_value_must_stand(body: str) -> None:
    assert values(body.format("kazoobar")) == ["kazoobar"]


@pytest.mark.parametrize(
    "body",
    [
        "mysqli_connect($host, $user, $password, $db);",
        "requests.get(url, auth=(user, password))",
        "echo $PASSWORD | sudo -S ls",
        "- name: DB_PASSWORD\n  value: ${DB_PASSWORD}",
        "- name: DB_PASSWORD\n  valueFrom:\n    secretKeyRef: db",
        "login('bob', 'password')",
        "password required",
        "the username and password must be set",
        "process.env.DB_PASSWORD || 'not-set'",
        "identified by `state` in the context",
        'new mysqli("db", "app", getenv("DB_PASSWORD"), "bankshop")',
        'connect(env("DB_PASSWORD"), "bankshop")',
        'var c = $"Server=db;User Id=app;Password={password};";',
        '"Server=db;User Id=app;Password=" + password + ";"',
        "Server=db;User Id=app;Password=%DB_PASSWORD%;",
        "https://4f5d2c1b9a8e7d6c5b4a39281706f5e4@o1.ingest.sentry.io/42",
    ],
)
def test_names_references_and_prose_are_none(body: str) -> None:
    assert values(body) == []


def test_a_token_in_a_url_stands_for_user_and_password() -> None:
    token = "q7Rw2Zt9Xk4L" + "m8Vb3Nc6Hd1Gf5Js"
    assert values(f"git clone https://{token}@git.corp.test/x/y") == [token]


@pytest.mark.parametrize(
    "body",
    [
        "VALUES ('smtp_password', '{}')",
        'app.config["JWT_SECRET_KEY"] = "{}"',
        "the password is {} for now",
        "login demo and password {} (rotated)",
    ],
)
def test_letters_that_make_no_word_count_like_a_value(body: str) -> None:
    assert values(body.format("vlzwfqqw")) == ["vlzwfqqw"]
    assert values(body.format("temporary")) == []


@pytest.mark.parametrize(
    ("line", "value"),
    [
        (
            f"bash <(curl -s https://codecov.io/bash) -t {'4f9d2c71-83ab-'}4e60-9b15-7c2d8e0f6a34",
            "4f9d2c71-83ab-4e60-9b15-7c2d8e0f6a34",
        ),
        (
            f"GET /data/2.5/weather?q=Rome&appid={'7f3a9c51e8b24d60'}a5c19e7f02d8b463",
            "7f3a9c51e8b24d60a5c19e7f02d8b463",
        ),
    ],
)
def test_keys_without_a_name_are_known_by_their_service(line: str, value: str) -> None:
    assert values(line) == [value]
