"""Table of passwords and keys that stand where a call, a command or a line of configuration wants them, without a name."""

from secassist.detectors._secret.form import Format, form

_ARGUMENT = r"\s{0,8}(?:[bu]?\"[^\"\n]{0,200}\"|'[^'\n]{0,200}'|[\w.$>\-\[\]\"'()]{1,80})\s{0,8},\s{0,40}"
_VALUE = r"[bu@]?(?:\"(?P<u>[^\"\s]{3,120})\"|'(?P<w>[^'\s]{3,120})')"
_KEY = r"[bu@]?(?:\"(?P<u>[^\"\n]{8,300})\"|'(?P<w>[^'\n]{8,300})')"
_WORD = r"[\"']?(?P<u>[^\s\"'|;$]{3,100})"
_LINE = r"(?<![^\n #])"
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
)
"""Calls that take place, user, password."""
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
)
"""Calls that take user, password."""


def _called(literal: str) -> str:
    return literal.replace("(", r"\(").replace(".", r"\.")


CALLS: tuple[Format, ...] = (
    *(form("password", name, f"{_called(name)}{_ARGUMENT}{_ARGUMENT}{_VALUE}{_LAST}") for name in _AFTER_TWO),
    *(form("password", name, f"{_called(name)}{_ARGUMENT}{_VALUE}{_LAST}") for name in _AFTER_ONE),
    *(
        form("secret", name, rf"{_called(name)}{_ARGUMENT}{_KEY}")
        for name in ("jwt.sign(", "jwt.encode(", "createHmac(")
    ),
    form("secret", "hmac.new(", rf"hmac\.new\(\s{{0,8}}{_KEY}"),
    form("secret", "hash_hmac(", rf"hash_hmac\({_ARGUMENT}{_ARGUMENT}{_KEY}"),
    form(
        "password", "echo ", rf"echo +(?:-[en] +)?{_WORD}[\"']? *\| *(?:sudo +(?:-\w +)?-S|(?:sudo +)?passwd +--stdin)"
    ),
    form(
        "password", "mysqladmin ", rf"mysqladmin(?: +-[^\s|;]{{1,60}}| +[^\s\-|;]{{1,40}}){{0,6}}? +password +{_WORD}"
    ),
    form("password", 'psk="', r"psk=\"(?P<u>[^\"\n]{8,63})\""),
    form("password", ".load(", r"\.load\([\w.]{1,40},\s?\"(?P<u>[^\"\s]{3,100})\"\.toCharArray"),
    form("password", "openssl enc ", rf"openssl enc (?:[^\n|]{{0,100}}? )?-k +{_WORD}"),
    form("password", "jdbc:oracle:thin:", r"jdbc:oracle:thin:[\w$#]{1,30}/(?P<u>[^\s@\"']{3,60})@"),
    form("password", "passin pass:", rf"passin pass:{_WORD}"),
    form("password", "passout pass:", rf"passout pass:{_WORD}"),
    form("password", "requirepass ", rf"{_LINE}requirepass +{_WORD}"),
    form("password", "masterauth ", rf"{_LINE}masterauth +{_WORD}"),
    form("password", "rootpw ", rf"{_LINE}rootpw +(?:--(?!iscrypted)\w+ +)?(?!--){_WORD}"),
    form("password", "bindpw ", rf"{_LINE}bindpw +{_WORD}"),
    form("password", "olcRootPW: ", rf"olcRootPW: +{_WORD}"),
    form("password", "authtok", rf"authtok[\"']? ?[=:] ?{_WORD}"),
    form("password", "enable password ", rf"{_LINE}enable password +(?:level \d+ +)?(?:[0-7] +)?{_WORD}"),
    form("password", "enable secret ", rf"{_LINE}enable secret +(?:[0-9] +)?{_WORD}"),
    form(
        "password",
        "username ",
        rf"(?<![^\n])username +(?!and |or )[\w.\-]{{1,40}} +(?:privilege \d{{1,2}} +)?(?:password|secret) +(?:[0-9] +)?{_WORD}",
    ),
    form("password", "server community ", rf"server community +{_WORD} +R[OW]\b"),
)
