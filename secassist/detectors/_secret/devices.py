"""Table of passwords in the configuration of routers, switches, tunnels, radio networks, mail and database servers."""

from secassist.detectors._secret.calls import LINE, WORD
from secassist.detectors._secret.form import Format, decoded, form, seed_phrase

_LEVEL = r"(?:[0-9] +)?"
"""How a router says in which form the value that follows is kept."""
_SIGNED = r"[\"']?\s{0,3}[:=]\s{0,3}[\"']?"
_PHRASE = rf"{_SIGNED}(?P<u>[a-z]{{3,8}}(?: [a-z]{{3,8}}){{11}}(?:(?: [a-z]{{3,8}}){{3}}){{0,4}})(?! ?[A-Za-z])"
"""Twelve to twenty-four words of three to eight letters (BIP 39)."""
_SWITCHES = r"(?:-[\w\-]{1,30} (?:[^\s\-:@/][^\s:@/]{0,60} )?){0,4}"
_BEFORE_HOST = r"(?P<u>[^\s@\"']{3,100})@"

DEVICES: tuple[Format, ...] = (
    form("password", "enable password ", rf"{LINE}enable password +(?:level \d+ +)?(?:[0-7] +)?{WORD}"),
    form("password", "enable secret ", rf"{LINE}enable secret +{_LEVEL}{WORD}"),
    form(
        "password",
        "username ",
        rf"(?<![^\n])username +(?!and |or )[\w.\-]{{1,40}} +(?:privilege \d{{1,2}} +)?(?:password|secret) +{_LEVEL}{WORD}",
    ),
    form("password", "server community ", rf"server community +{WORD} +R[OW]\b"),
    *(
        form("password", name, rf"{LINE}{name}(?:[^\n]{{1,120}}? )?key +{_LEVEL}{WORD}(?= |$|\r?\n)")
        for name in ("radius-server ", "tacacs-server ")
    ),
    form("password", "neighbor ", rf"{LINE}neighbor [\w.:\-]{{1,45}} password +{_LEVEL}{WORD}"),
    form("password", "message-digest-key ", rf"message-digest-key +\d{{1,3}} +md5 +{_LEVEL}{WORD}"),
    form("password", "authentication-key ", rf"authentication-key +{_LEVEL}(?:md5 +)?{WORD}"),
    form("password", "key-string ", rf"{LINE}key-string +{_LEVEL}{WORD}"),
    form("password", "isakmp key ", rf"isakmp key +(?:[06] +)?{WORD} +(?:address|hostname)\b"),
    form("password", "pre-shared-key ", rf"pre-shared-key +(?:(?:address|local|remote|ascii-text|hostname) +)?{_LEVEL}{WORD}"),
    *(form("password", name, rf"{LINE}{name}{WORD}") for name in ("rocommunity ", "rwcommunity ", "rocommunity6 ")),
    form("password", "com2sec ", rf"com2sec +\S{{1,60}} +\S{{1,60}} +{WORD}"),
    form("password", "createUser ", rf"createUser +(?:-e +\S{{1,80}} +)?[\w.\-]{{1,40}} +(?:MD5|SHA(?:-\d{{3}})?) +{WORD}"),
    *(
        form("password", name, rf"{name}(?P<u>[^\"\n]{{3,100}})\"")
        for name in (': PSK "', ': EAP "', ': XAUTH "', ': NTLM "')
    ),
    form("password", "Key Content ", r"Key Content {1,24}: (?P<u>[^\n\r]{8,63})"),
    form("password", "WIFI:", r"WIFI:(?:[TSH]:[^;\n]{0,64};){1,3}P:(?P<u>(?:[^;\\\n]|\\.){8,64});"),
    form("password", "password 51:b:", r"password 51:b:(?P<u>[0-9A-Fa-f]{40,2000}+)"),
    form("password", '"Password"=hex:', r'"Password"=hex:(?P<u>(?:[0-9a-f]{2},){7}[0-9a-f]{2})'),
    *(
        form("password", name, rf"{name.replace('{', chr(92) + '{').replace('}', chr(92) + '}')}(?P<u>[^\s:\"']{{3,100}})")
        for name in ("{PLAIN}", "{CLEAR}", "{CLEARTEXT}", "{cleartext}", "{noop}")
    ),
    *(
        form("password", name, rf"{name}[\w.\-@]{{1,80}}:(?P<u>[^\s:\"']{{3,100}})(?=\s|$)")
        for name in ("]:587 ", "]:465 ", "]:25 ")
    ),
    form("password", " on >", r" on >(?P<u>[^\s\"']{3,100}) +[~&+%]"),
    form(
        "password",
        "ftp -",
        r"ftp -[a-z]{0,4}n[a-z]{0,4}[^\n]{0,100}<<[^\n]{0,40}\n(?:[^\n]{0,100}\n){0,2}?[ \t]{0,8}(?:quote +)?"
        r"(?:user|USER) +\S{1,60} +(?P<u>[^\s\"'$][^\s\"']{2,99})",
    ),
    form(
        "password",
        "assword:",
        r"assword:[^\n]{0,20}\n[^\n]{0,40}?send +(?:-- +)?\"(?P<u>[^\"\\\n$]{3,100})(?:\\[rn]){1,2}\"",
    ),
    form("secret", "ERLANG_COOKIE", r"ERLANG_COOKIE[\"']?\s{0,3}[:=]\s{0,3}[\"']?(?P<u>[\w\-]{8,255})"),
    form("secret", "-setcookie ", rf"-setcookie +{WORD}"),
    form("password", "BUNDLE_", r"BUNDLE_[A-Z0-9_]{1,80}[=:] ?[\"']?[\w.\-]{1,80}:(?P<u>[^\s\"':/]{3,100})(?=[\"'\s]|$)"),
    form(
        "password",
        '"random_password"',
        r'"random_password"(?:(?!"random_password")[^\0]){0,2000}?"result"\s{0,4}:\s{0,4}"(?P<u>[^"\\\n]{4,200})"',
    ),
    form(
        "password",
        "chpasswd:",
        r"chpasswd:\s{1,20}(?:expire: \w{4,5}\s{1,20})?list: ?[|>]?-?\s{1,20}[\w.\-]{1,40}:(?P<u>\S{3,100})",
    ),
    form("rails-master-key", "master.key", r"master\.key\s{1,8}(?P<u>[0-9a-f]{32})(?![0-9a-f])"),
    form("private-key", "<D>", r"<D>\s{0,20}(?P<u>[A-Za-z0-9+/=]{40,1400}+)\s{0,20}</D>"),
    *(
        form("secret", name, rf"{name}[\"'],\s{{0,12}}[\"'](?P<u>[^\"'\n]{{32,100}})[\"']")
        for name in ("AUTH_SALT", "LOGGED_IN_SALT", "NONCE_SALT", "AUTH_KEY", "LOGGED_IN_KEY", "NONCE_KEY")
    ),
    *(
        form("seed-phrase", name, name + _PHRASE, seed_phrase)
        for name in ("nemonic", "NEMONIC", "eed phrase", "eed_phrase", "SEED_PHRASE", "ecovery phrase", "ecovery_phrase")
    ),
    *(
        form("password", f"{name}.py ", rf"{name}\.py {_SWITCHES}[\"']?(?:[\w.\-]{{1,60}}/)?[\w.$\-]{{1,40}}:{_BEFORE_HOST}")
        for name in ("psexec", "wmiexec", "smbexec", "atexec", "dcomexec", "secretsdump", "mssqlclient", "GetUserSPNs")
    ),
    form("password", "userPassword:: ", r"userPassword:: +(?P<u>[A-Za-z0-9+/]{4,200}={0,2})(?=\s|$)", decoded),
)  # fmt: skip
