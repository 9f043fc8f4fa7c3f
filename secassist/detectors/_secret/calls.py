"""Table of passwords and keys that stand where a call, a command or a line of configuration wants them, without a name."""

import re

from secassist.detectors._secret.form import Format, form, generated

_ARGUMENT = (
    r"\s{0,8}(?:\{[^{}\n]{0,200}\}|[bu]?\"[^\"\n]{0,200}\"|'[^'\n]{0,200}'|[\w.$>\-\[\]\"'()]{1,80})\s{0,8},\s{0,40}"
)
_MAIL_WORD = "[a-z]{4}(?: [a-z]{4}){3}"
"""A password that a mail provider makes for one program: four groups of four letters."""
_VALUE = rf"[bu@]?(?:\"(?P<u>[^\"\s]{{3,120}}|{_MAIL_WORD})\"|'(?P<w>[^'\s]{{3,120}}|{_MAIL_WORD})')"
_KEY = r"[bu@]?(?:\"(?P<u>[^\"\n]{8,300})\"|'(?P<w>[^'\n]{8,300})')"
WORD = r"[\"']?(?P<u>[^\s\"'|;$]{3,100})"
LINE = r"(?<![^\n #])"
"""At the beginning of a line, or behind blanks or the sign of a comment."""
_LAST = r"(?:\.toCharArray\(\))?\s{0,8}[,)]"

_AFTER_TWO = (
    "mysqli_connect(",
    "mysql_connect(",
    "mysql_pconnect(",
    "new mysqli(",
    "pymysql.connect(",
    "MySQLdb.connect(",
    "new PDO(",
    "DBI->connect(",
    "DriverManager.getConnection(",
    "username_pw_set(",
    "create_user(",
    "create_superuser(",
)
"""Calls that take place, user, password."""
_USERS = ("User Id=", "User ID=", "user id=", "Uid=", "UID=", "uid=", "Username=", "username=", ";user=", ";User=")
_BEFORE = ("Server=", "server=", "SERVER=", "Data Source=", "data source=", "Host=", "host=")
"""Keys of connection strings that stand before the password, the likeliest first."""
_PAIRS = r"[^=;\"'\n]{0,40}=?[^;\"'\n]{0,120};(?:\s?[\w .]{1,40}=[^;\"'\n]{0,120};){0,6}?"
_STRUNG = r"\s?(?:[pP]assword|PASSWORD|[pP]wd|PWD)\s?=\s?(?P<u>[^\s;\"'{}$<>%*]{4,100})(?=[;\"'\n]|\Z)"
_AFTER_ONE = (
    "NetworkCredential(",
    "BasicAuth(",
    "basicAuth(",
    "basic_auth(",
    "DigestAuth(",
    "UsernamePasswordCredentials(",
    "PasswordAuthentication(",
    "withCredentials(",
    "login(",
    "auth=(",
    "auth = (",
    "credentials=(",
    "credentials = (",
    "Credentials.basic(",
    "PlainCredentials(",
    ".basic(",
    "WiFi.begin(",
)
"""Calls that take user, password."""
_KEYED = (
    "AES.new(",
    "DES.new(",
    "DES3.new(",
    "Blowfish.new(",
    "ARC4.new(",
    "SecretKeySpec(",
    "Fernet(",
    "hmac.new(",
    "aes.NewCipher([]byte(",
    "hmac.New(sha256.New, []byte(",
)
"""Calls whose first string is a key."""
_HASHED = (
    "bcrypt.hash(",
    "bcrypt.hashSync(",
    "bcrypt.hashpw(",
    "Hash::make(",
    "asswordEncoder.encode(",
    "asswordEncoder().encode(",
    "make_password(",
    "generate_password_hash(",
    "password_hash(",
    "hash_password(",
    "hashPassword(",
)
"""Calls that make the hash of a password, which they take first."""
_KEYED_SECOND = (
    "jwt.sign(",
    "jwt.encode(",
    "createHmac(",
    "createCipheriv(",
    "createDecipheriv(",
    "CryptoJS.AES.encrypt(",
    "CryptoJS.AES.decrypt(",
    "CryptoJS.HmacSHA256(",
)
"""Calls whose second argument is a key."""
_PIPED_TO = (
    r"sudo +(?:-\w +)?-S|(?:sudo +)?(?:passwd +--stdin|cryptsetup |smbpasswd |vncpasswd |kinit|su )|"
    r"[^\n|]{1,160}?(?:--password-stdin|--passphrase-fd 0|-pass(?:in)? stdin)"
)
"""Commands that read a password from their input."""


def _called(literal: str) -> str:
    return re.escape(literal).replace(r"\ ", " ")


CALLS: tuple[Format, ...] = (
    *(form("password", name, f"{_called(name)}{_ARGUMENT}{_ARGUMENT}{_VALUE}{_LAST}") for name in _AFTER_TWO),
    *(form("password", name, f"{_called(name)}{_ARGUMENT}{_VALUE}{_LAST}") for name in _AFTER_ONE),
    *(form("password", key, f"{re.escape(key)}{_PAIRS}{_STRUNG}".replace(r"\ ", " ")) for key in (*_USERS, *_BEFORE)),
    form("password", "Credentials(", rf"Credentials\({_ARGUMENT}{_ARGUMENT}{_ARGUMENT}{_VALUE}{_LAST}"),
    form(
        "password",
        "connect(",
        rf"connect\((?:\s{{0,8}}[\"'][^\"'\n]{{1,100}}[\"']\s{{0,8}},){{2}}\s{{0,8}}{_VALUE}{_LAST}",
        generated,
    ),
    *(form("password", name, rf"{_called(name)}\s{{0,8}}{_VALUE}\s{{0,8}}[,)]") for name in _HASHED),
    *(form("secret", name, rf"{_called(name)}\s{{0,8}}{_KEY}") for name in _KEYED),
    *(form("secret", name, rf"{_called(name)}{_ARGUMENT}{_KEY}") for name in _KEYED_SECOND),
    *(
        form("secret", name, rf"{_called(name)}{_ARGUMENT}{_ARGUMENT}{_KEY}")
        for name in ("hash_hmac(", "openssl_encrypt(", "openssl_decrypt(")
    ),
    form("password", "echo ", rf"echo +(?:-[en] +)?{WORD}[\"']? *\| *(?:{_PIPED_TO})"),
    form("secret", "Parse.initialize(", rf"Parse\.initialize\({_ARGUMENT}{_KEY}"),
    form("password", "sudo -S <<<", rf"sudo -S <<< ?{WORD}"),
    form(
        "password",
        "kv put ",
        rf"kv put +(?:-\S{{1,40}} +){{0,4}}\S{{0,80}}(?:pass|secret|token|key)[\w.\-]{{0,10}} +(?!@){WORD}",
    ),
    form("cloud-key", "mc alias set ", r"mc alias set +\S{1,60} +\S{1,200} +\S{3,60} +(?P<u>[^\s\"'$]{8,80})"),
    form("gossip-key", 'encrypt = "', r"encrypt = \"(?P<u>[A-Za-z0-9+/]{22}==|[A-Za-z0-9+/]{43}=)\""),
    *(
        form("password", name, rf"{name}(?: (?:for|of) [\w .\-]{{1,40}})?: {{0,2}}[\w.@\\\-]{{2,40}} / {WORD}")
        for name in ("reds", "redentials")
    ),
    form("client-secret", "omniauth :", rf"omniauth :\w{{1,30}},\s{{0,4}}[\"'][^\"'\n]{{1,100}}[\"'],\s{{0,4}}{_KEY}"),
    form("secret", "session({", r"session\(\{[^{}]{0,200}?secret: {0,4}[\"'](?P<u>[^\"'\n]{4,100})[\"']"),
    form("password", "mysqladmin ", rf"mysqladmin(?: +-[^\s|;]{{1,60}}| +[^\s\-|;]{{1,40}}){{0,6}}? +password +{WORD}"),
    form("password", 'psk="', r"psk=\"(?P<u>[^\"\n]{8,63})\""),
    form("password", ".load(", r"\.load\([\w.]{1,40},\s?\"(?P<u>[^\"\s]{3,100})\"\.toCharArray"),
    form("password", "openssl enc ", rf"openssl enc (?:[^\n|]{{0,100}}? )?-k +{WORD}"),
    form("password", "jdbc:oracle:thin:", r"jdbc:oracle:thin:[\w$#]{1,30}/(?P<u>[^\s@\"']{3,60})@"),
    form(
        "password",
        "openssl passwd ",
        r"openssl passwd +(?:-(?:1|5|6|apr1|crypt) +|-salt +\S{1,40} +){0,3}(?!-)[\"']?(?P<u>[^\s\"'|;$)]{3,100})",
    ),
    form(
        "password",
        "htpasswd ",
        r"htpasswd +(?=-\w{0,4}b)(?:-\w{1,5} +){1,3}(?:[^\s\-]\S{0,100} +)?(?!-)\S{1,60} +[\"']?(?P<u>[^\s\"'|;$]{3,100})",
    ),
    form("password", "passin pass:", rf"passin pass:{WORD}"),
    form("password", "passout pass:", rf"passout pass:{WORD}"),
    form("password", "requirepass ", rf"{LINE}requirepass +{WORD}"),
    form("password", "masterauth ", rf"{LINE}masterauth +{WORD}"),
    form("password", "rootpw ", rf"{LINE}rootpw +(?:--(?!iscrypted)\w+ +)?(?!--){WORD}"),
    form("password", "bindpw ", rf"{LINE}bindpw +{WORD}"),
    form("password", "olcRootPW: ", rf"olcRootPW: +{WORD}"),
    form("password", "authtok", rf"authtok[\"']? ?[=:] ?{WORD}"),
)
