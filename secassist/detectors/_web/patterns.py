"""What attacks on web applications look like: per family, expressions with weights, matched on decoded lower-case text."""

import re
from dataclasses import dataclass
from functools import cache

from secassist.detectors._web.code_patterns import JAVA, NODE, PHP, RCE, SSTI
from secassist.detectors._web.sql_patterns import CONDITIONS

THRESHOLD = 3
"""A family fires when the weights of its expressions found in one value add up to this."""


@dataclass(frozen=True)
class Family:
    """One kind of attack: `patterns` are (weight, expression); 3 speaks for itself, 1 and 2 need company."""

    name: str
    title: str
    techniques: tuple[str, ...]
    cwe: str
    patterns: tuple[tuple[int, str], ...]


_SQL = (
    (
        3,
        r"^\s{0,9}['\"]?\d{1,9}['\"]?\s{0,3}(?:=|!=|<>|<=>|like|is\s{1,3}not"
        r"|not\s{1,3}regexp)\s{0,3}['\"]?\d{1,9}(?=\s{0,3}(?:$|[^\w\s,.?!]|(?:and|or|xor|union|limit|order|group|having|like|where|div)\b))|,\s{0,3}1=1$|^\W{0,3}(?:and|or"
        r"|xor)\b[\s(+]{1,5}['\"]?\d{1,9}['\"]?\s{0,3}(?:=|$|[<>])",
    ),
    (
        3,
        r"\b(?:database|schema_name|db_name|current_user|session_user|system_user|concat_ws|group_concat"
        r"|ifnull|nullif|coalesce|find_in_set|json_(?:build_object|search|array)|jsonb_pretty|unistr|lo_get"
        r"|load_extension|strcmp|substring_index|last_insert_id|uncompress|to_base64|from_base64"
        r"|user)\s{0,3}\(\s{0,3}(?:\)|$|['\"\d]|\w{1,30}\s{0,3}[,)(])|\)?::(?:int|text|jsonb|varchar)\b"
        r"|^(?:tempdb|northwind|msdb|schema_name|msysaccessobjects)$",
    ),
    (
        3,
        r"^\s{0,5}(?:declare\s{1,5}@\w|exec(?:ute)?\s{1,5}(?:master|sp_|xp_|immediate|user_|node_)"
        r"|select\s{0,5}\(?(?:user|version|database|@@)\b|drop\s{0,5}/\*)",
    ),
    (3, r"\bunion\b[\s(]{1,20}(?:all\s{1,9}|distinct\s{1,9})?[\s(]{0,20}select\b"),
    (
        3,
        r"(?:['\"`)]\s{0,9}\)*\s{0,9}(?:;|\|\||&&)?|\d\s{1,9}(?=\w{2,6}\s{1,9}\(?['\"]?\d))\s{0,9}(?:and|or"
        r"|xor|having|where|like|rlike|when|\|\|"
        r"|&&)[\s(+!~-]{0,20}"
        r"['\"`(]?\w{0,30}['\"`)]?\s{0,9}(?:=|<>|<=>|!=|[<>]|\blike\b|\bin\b|\bis\b|\bbetween\b|\bsounds\b"
        r"|\bregexp\b|\brlike\b)",
    ),
    (
        3,
        r"\b(?:sleep|benchmark|pg_sleep|dbms_pipe\.receive_message|dbms_lock\.sleep"
        r"|randomblob|generate_series"
        r"|extractvalue|updatexml|xmltype|load_file|ctxsys\.drithsx\.sn|utl_inaddr\.get_host_\w{1,9}"
        r"|group_concat|json_extract|gtid_subset|name_const)\b\s{0,5}\(\s{0,5}['\"(\d~:@]"
        r"|\b(?:waitfor\s{1,5}delay|procedure\s{1,5}analyse|sp_execute_external_script)\b\s{0,5}['\"(\d~:@]|\bexp\(~",
    ),
    (
        3,
        r"\b(?:information_schema|sysobjects|sys\.(?:tables|user|all|databases)\w{0,20}|all_tables"
        r"|user_tab_columns|pg_catalog|pg_user"
        r"|sqlite_(?:master|temp_master|schema)|mysql\.(?:user|db)|msysaces|msysobjects|syscat\.|syscolumns"
        r"|master\.\.|xp_\w{3,30}"
        r"|sp_(?:executesql|oacreate|configure|addextendedproc|makewebtask|helpdb|password)|openrowset"
        r"|opendatasource|openquery"
        r"|rdb\$\w{3,20}|domain\.\w{3,20}\.schema|tabcolumns|sysibm|database_principals|schema_name\s{0,3}\()",
    ),
    (
        3,
        r"(?:^|[;'\")\d])\s{0,9};?\s{0,9}(?:drop|alter|truncate|create)\s{1,9}(?:table|database|user|function"
        r"|procedure|view|schema|login|index|temporary)\b",
    ),
    (
        3,
        r"(?:['\")\d]\s{0,9};|^\s{0,9};)\s{0,9}(?:select|insert|update|delete|exec|execute|declare|shutdown|merge"
        r"|grant|set\s{1,5}@|if\s{0,3}\(|begin|call|waitfor|copy)\b"
        r"|;\s{0,9}(?:select\s{0,9}(?:[(*@'\"\d]|\w{1,30}\(|\w{1,30},)|insert\s{1,9}into|delete\s{1,9}from|exec(?:ute)?[\s(]|declare\s{1,9}@"
        r"|update\s{1,9}\w{1,30}\s{1,9}set|shutdown\s{0,9}(?:--|;|$|with)|set\s{1,5}@|waitfor|if\s{0,3}\()",
    ),
    (
        3,
        r"\binto\s{1,9}(?:out|dump)file\b|\binsert\s{1,9}(?:ignore\s{1,9})?into\s{1,9}[\w.`\"\[]{1,40}\s{0,9}["
        r"(v]|\bselect\b[^;]{1,100}\binto\s{1,9}@",
    ),
    (
        3,
        r"\bselect\b(?:\s{0,9}[(*'\"@`][^;]{0,120}?|\s{1,9}(?:[\w.]{1,40}\s{0,3},\s{0,3}){0,20}[\w.(*]{1,40}\)?\s{1,9})"
        r"\bfrom\b[\s(`\"\[]{1,9}[\w.(]",
    ),
    (
        2,
        r"\bselect\s{1,9}(?:[\w*@(`'\"\[][^;]{0,80}?)?(?:\(|,|@@|\bcase\b|\bchar\b|\bconcat|\bnull\b|\bversion"
        r"|\buser\b|\bpassword|\bpg_sleep)",
    ),
    (
        3,
        r"\bupdate\s{1,9}[\w.`\"]{1,40}\s{1,9}set\s{1,9}[\w`\"]{1,40}\s{0,3}=|\bdelete\s{1,9}from\s{1,9}[\w.`\"]{1,40}",
    ),
    (3, r"\b(?:order|group)\s{1,9}by\s{1,9}\d{1,4}\s{0,9}(?:--|#|/\*|,)|['\"]\s{0,9}\b(?:order|group)\s{1,9}by\b"),
    (
        3,
        r"['\"`][\s)]{0,9}(?:--\s?-?|#|/\*!?|;%00|;\s{0,3}--|\|\|\s{0,9}['\"(]|\bor\b\s{0,9}['\"\d(]"
        r"|\band\b\s{0,9}['\"\d(]|\bdiv\b|\bxor\b|\band\s{1,5}not\b)",
    ),
    (2, r"(?:--[\s+-]?$|#\s{0,3}$|/\*!?\d{0,5}|\*/\s{0,9}$|;\s{0,3}--)"),
    (
        2,
        r"\b(?:and|or|xor|where|having)\b[\s(+!~-]{1,20}['\"]?\d{1,9}['\"]?\s{0,9}(?:=|<>|!=|[<>]|like"
        r"|in\s{0,3}\(|between)\s{0,9}['\"(]?\d",
    ),
    (
        2,
        r"\b(?:ascii|char|chr|concat|concat_ws|substring|substr|mid|ord|hex|unhex|cast|convert|conv"
        r"|current_user|database|version|user"
        r"|system_user|session_user|ifnull|nullif|coalesce|instr|locate|elt|make_set|iif|rand|md5|sha1|length"
        r"|count|floor|bin|crc32|to_char"
        r"|sqlite_version|last_insert_id|row_count|found_rows|xmlagg|makedate|is_ipv4"
        r"|aes_encrypt)\s{0,3}\(\s{0,3}(?:['\"\d@)]|0x|char|chr|select|concat|version|user|database|md5)",
    ),
    (
        2,
        r"@@\w{3,30}|\bcase\s{1,9}when\b|\bwhen\b[^;]{1,60}\bthen\b|\bif\s{0,3}\([^)]{1,60},[^)]{1,60},"
        r"|\b0x[0-9a-f]{6,}",
    ),
    (2, r"['\"`]\s{0,9}(?:=|<>|!=|<=>|\|\||&&|\+|\*|/|<|>|~|\^)\s{0,9}['\"`(@]"),
    (2, r"^\s{0,5}['\"`]{1,3}\s{0,5}(?:\)|;|or\b|and\b|\||&|=|--|#)|^\s{0,5}-?\d{1,9}\s{0,3}['\"`)]{1,6}[\s;)]"),
    (
        2,
        r"\b(?:rlike|regexp|sounds\s{1,5}like|not\s{1,5}like|like\s{1,5}(?:binary|['\"%]))\s{0,9}['\"(%]?"
        r"|\bin\s{0,3}\(\s{0,3}(?:select|\d)",
    ),
    (2, r"\$(?:where|ne|gt|gte|lt|lte|regex|nin|exists|elemmatch|where|expr|function)\b['\"\]]?\s{0,3}[:\]=]"),
    (1, r"\b(?:select|from|where|having|union|null|delay|limit|procedure|rlike|cursor|trigger)\b"),
)
_SPACED = "|".join(
    r"<\s{0,3}(?:\w{1,9}\s{0,3}:\s{0,3})?" + r"\s{1,3}".join(word)
    for word in ("script", "form", "dialog", "iframe", "object", "embed", "style", "svg")
)
"""Names of elements with blanks between their letters, which some old browsers and filters read differently."""
_XSS = (
    (3, rf"{_SPACED}|<\s{{0,3}}\w{{1,9}}:\s{{0,3}}script\b"),
    (3, r"(?:!?\[\][\[\]()!+ ]{1,4}){3}"),
    (
        3,
        r"<\s{0,9}/?\s{0,3}(?:script|iframe|frameset|applet|object|embed|xss|svg|math|isindex|marquee|bgsound"
        r"|noscript|keygen|portal|animate\w{0,9}|set|layer|ilayer|dialog|audio|video|details|template"
        r"|foreignobject)\b[\s/>=:#\x00\"'(]?",
    ),
    (
        3,
        r"<\s{0,9}[a-z!?/][^>]{0,200}[\s/\"'`\x0b\x0c](?:on[a-z]{3,25}|formaction|srcdoc|xlink:href|dynsrc"
        r"|lowsrc|datafld|datasrc|fscommand)\s{0,9}=",
    ),
    (
        3,
        r"(?:java|vb|live|j\s{0,2}a\s{0,2}v\s{0,2}a\s{0,2})\s{0,9}script\s{0,9}:|javascript&colon;|\bmocha:"
        r"|data:\s{0,9}(?:text/(?:html|xml|javascript)|image/svg\+xml|application/x)[;,]?",
    ),
    (
        3,
        r"(?:^|[\s\"'`;,/<>|(&?=]|\x0b|\x0c)on(?:abort|afterprint|animation\w{3,12}|auxclick|before\w{3,20}"
        r"|blur|bounce|canplay\w{0,8}|change|click|close|contextmenu|copy|cut|dblclick|drag\w{0,6}|drop|ended"
        r"|error|finish|focus\w{0,3}|hashchange|input|invalid|key(?:down|press|up)|load\w{0,9}|message"
        r"|mouse\w{2,6}|page(?:hide|show)|paste|play\w{0,4}|pointer\w{2,20}|popstate|progress|readystatechange"
        r"|reset|resize|scroll\w{0,6}|search|select\w{0,8}|show|start|submit|toggle|touch\w{3,6}"
        r"|transition\w{3,6}|unload|wheel|webkit\w{3,30})\s{0,9}=\s{0,9}[\"'`\w({&\\]",
    ),
    (
        3,
        r"\b(?:alert|prompt|confirm|eval|settimeout|setinterval|setimmediate|function|execscript|expression"
        r"|getscript)\s{0,5}(?:\(|`|&lpar;|\.call|\.apply|\\u0028)\s{0,5}[^)]{1,80}(?:\)|`|/xss|xss|\d)"
        r"|\btop\s{0,3}\[|\bself\s{0,3}\[|\bwindow\s{0,3}\[|\bthis\s{0,3}\[|\bframes\s{0,3}\[",
    ),
    (
        3,
        r"\b(?:document|window|self|top|parent|this|frames|globalthis)\s{0,5}(?:\."
        r"|\[)\s{0,5}['\"/]?\s{0,5}(?:cookie|location|write\w{0,2}|domain|body|createelement"
        r"|getelement\w{0,20}|queryselector\w{0,3}|alert|eval|open|name|referrer|url|forms|scripts|innerhtml"
        r"|attachevent|constructor)|\bdocument\b\s{0,3}/",
    ),
    (
        3,
        r"\binnerhtml\b|\bouterhtml\b|\bstring\.fromcharcode\b|\bunescape\s{0,3}\(|\batob\s{0,3}\("
        r"|\bfromcodepoint\b|@import\b|-moz-binding|behaviou?r\s{0,5}:\s{0,5}url|data:(?!image/(?:png|jpe?g|gif|webp|bmp|avif)|application/pdf|font/|audio/|video/)[^,\s]{0,60};base64,[a-z0-9+/=]{8}"
        r"|\bxmlhttprequest\b(?!\s{0,9}$)|\.constructor\s{0,5}[([]|\bimport\s{0,3}\(\s{0,3}['\"]",
    ),
    (
        3,
        r"<\s{0,9}(?:meta|link|base|form|img|image|input|body|style|html|table|td|div|li|a|b|button|select"
        r"|textarea|br|p|span|xml(?=\s{1,9}(?:id|src))|title|plaintext|listing|x|bdo|frame|source|track)\b[^>]{0,200}(?:javascript"
        r"|vbscript|http-equiv|expression|@import|url\s{0,3}\(|data:|background\s{0,3}=|style\s{0,3}="
        r"|action\s{0,3}=|src\s{0,5}=|href\s{0,5}=|xmlns|%0a|\bon\w{3,20}\s{0,3}=)",
    ),
    (
        2,
        r"^[^<]{0,400}[\"'`]\s{0,5}/?>\s{0,5}<\s{0,5}[a-z!/]|<!--|-->|<!\[cdata\[|<!entity|<\?import"
        r"|<\s{0,3}/\s{0,3}(?:title|textarea|style|script|noscript|template|xmp|plaintext)",
    ),
    (
        2,
        r"<\s{0,9}(?:img|body|style|form|input|meta|link|base|table|div|a|button|frame|textarea|image"
        r"|marquee|video|bdo)(?:\s|/|>|$)|\\u003c|\\x3c|&lt;script|\bxss\b",
    ),
    (
        2,
        r"\{\{\s{0,5}[^}]{0,80}(?:constructor|\$on|toString|alert|\$eval|\bthis\b)"
        r"|\bsrc\s{0,3}=\s{0,3}['\"]?(?:https?:)?//|style\s{0,3}=\s{0,3}['\"]?[^>\"']{0,60}(?:expression"
        r"|url)\s{0,3}\(",
    ),
    (
        3,
        r"document\.(?:cookie|write|location|domain)\b|\(\s{0,3}(?:document|window|self|top|this)\s{0,3}\)\s{0,3}\["
        r"|:vmlframe\b|<\?xml:namespace|\+adw-.{0,60}\+ad4-|\bautofocus\b.{0,20}>|!entity\s{1,5}%?\s{0,3}\w{1,40}\s{1,5}(?:system|public)"
        r"|[\"'<]\s{0,3}(?:formaction|on[a-z]{3,45})\s{0,3}=",
    ),
    (1, r"[<>]|&#x?[0-9a-f]{2,6};?|\\x[0-9a-f]{2}|\\u00[0-9a-f]{2}"),
)
_LFI = (
    (
        3,
        r"(?:^|[=/\\:\"'?&;,(\s]|\.\.)(?:\.{2,3}[/\\;]|\.\.;/|\.\.%|\.\.0x2f|\.\.x2f|\.\.\.\.//){2,}"
        r"|(?:\.{2,3}[/\\]){2,}|(?:0x2e|x2e|\.){2}(?:0x2f|0x5c|x2f|x5c)|(?:\.\.[/\\]\.?){2}|(?:0x2e){2}",
    ),
    (
        3,
        r"(?:\.{1,2}[/\\]|[/\\]|file:/{1,3}|=)\s{0,3}(?:etc|proc|var|usr|root|home|windows|winnt|boot|sys"
        r"|opt)[/\\]{1,4}(?:passwd(?![\w-])|shadow|group|hosts?\b|self|environ|version|cmdline|log/|lib/|local/|\.ssh"
        r"|\.bash|win\.ini|system32|system\.ini|issue|sudoers|fstab|crontab|my\.cnf|mysql|apache2?|nginx|httpd"
        r"|ssh|www/|mail|repair|kernel|class|net/|sched_debug|mounts?|os-release|resolv\.conf|motd|pki"
        r"|letsencrypt|php)",
    ),
    (
        3,
        r"(?:^|[/\\])\.(?:ssh|docker|aws|kube|gnupg|bash_history|history|htpasswd|netrc|pgpass|git|env)(?:[/\\]|$)"
        r"|\.{6}[/\\]{0,3}(?:etc|boot|oot|win|windows)|/\w{0,10}\{file\}|\.(?:sql|bak|db)\.(?:zip|gz|tar|tgz|7z)\b"
        r"|[a-z]:[/\\]{0,2}(?:windows|winnt|inetpub)\S{0,40}\.(?:ini|asa|config|log)\b",
    ),
    (
        3,
        r"\b(?:boot\.ini|win\.ini|system\.ini|global\.asax|web\.config|applicationhost\.config|machine\.config"
        r"|ntuser\.dat|sam\.log|unattend\.xml|web-inf|meta-inf)\b",
    ),
    (
        3,
        r"\b(?:php|zip|phar|glob|expect|data|zlib|compress\.\w{1,9}|ogg|rar|ssh2\w{0,6}|file|jar|netdoc|gopher"
        r"|dict|ldap|tftp|local_file|view-source|classpath)://?/?\S",
    ),
    (
        2,
        r"(?:^|[=/\\])\.\.[/\\][\w.%-]|(?:^|[=/\\&?])\.\.(?:$|[/\\;&])|%00|\x00|%c0%a[ef]|%c1%9c|%25(?:2e|2f"
        r"|5c|c0)|%u221[56]|%uff0f|\.\.(?:%c0|%c1|%e0|\xc0|\xaf|\ufffd)",
    ),
    (
        2,
        r"/(?:etc|proc|root)/[\w.-]|[a-z]:[/\\]{1,2}(?:windows|winnt|inetpub|boot|users|program|xampp|wamp)"
        r"|(?:%00|\x00)\.?\w{0,5}|\{file\}",
    ),
)
_SSRF = (
    (
        3,
        r"169\.254\.169\.254|metadata\.google\.internal|100\.100\.100\.200|169\.254\.170\.2|\bfd00:ec2"
        r"|/latest/meta-data|/computemetadata|metadata\.(?:azure|tencentyun|packet|oraclecloud)|192\.0\.0\.192",
    ),
    (
        3,
        r"\b[a-z][a-z0-9+.]{1,9}://(?:[^/@\s?]{0,80}@)?(?:localhost\b|127\.|0\.0\.0\.0|0x7f"
        r"|0+177\.|2130706433|\[?::1?\]?|\[::ffff|10\.\d|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|0/"
        r"|\d{8,10}(?:[:/]|$)|0x[0-9a-f]{6,8}|[0-9]{1,3}\.[0-9]{4,8}|(?:[\w-]{1,60}\.)?(?:nip|sslip|xip)\.io"
        r"|(?:[\w-]{1,60}\.)?localtest\.me|[\w.-]{1,60}\.local(?:host|domain)?\b)",
    ),
    (
        3,
        r"^(?:https?://)?(?:localhost[46]?(?:\.localdomain[46]?)?|ip(?:v?6)-(?:localhost|loopback)"
        r"|(?:host|gateway|kubernetes)\.docker\.internal|host\.containers\.internal|[\w.-]{1,80}\.svc(?:\.cluster\.local)?"
        r"|(?:[\w-]{1,60}\.)?(?:localtest|lvh|vcap|lacolhost)\.me)(?:[:/]|$)|^data:text/plain\b|(?:^|[=&?;])(?:localhost[46]?|127\.[\d.]{3,12}|0\.0\.0\.0|\[::1?\]"
        r"|\[(?:0{1,4}:){4,7}[0-9a-f:.]{1,40}\]|\[::ffff:[0-9a-f:.]{1,30}\]|local(?:host"
        r"|domain)\.localdomain)(?:[:/]|$)",
    ),
    (
        3,
        r"\b[a-z][a-z0-9+.]{1,9}:/{0,3}(?:0x[0-9a-f]{2,8}|0\d{2,12}|\d{8,10})(?:[./:]|$)|(?:0x[0-9a-f]{1,2}\.){3}0x"
        r"|\bhttps?:/{0,3}\[[0-9a-f:.]{2,45}(?:%\w{1,20})?\]|@(?:127\.\d|localhost\b|169\.254\.)\S{0,30}[:/#]"
        r"|\bhttps?://\\{1,2}\w\\|\bhttps?:127\.\d|^jar:https?:|^(?:ht|f)tps?://(?:\d{1,3}\.){3}\d{1,3}(?:[:/]|$)|^ftps?://\w"
        r"|^https?://[^\s?]{1,160}\.(?:php\d?|txt|inc|gif|jpg|png)\?{1,3}$|\bunix:[^\s|]{1,4000}\|https?://",
    ),
    (
        3,
        r"=\s{0,3}(?:https?|ftps?|file|gopher)://?(?:[\w.-]{1,120}|\d)[^\s]{0,200}\.(?:txt|php\d?|inc|gif|jpg"
        r"|png)\?{1,3}(?:$|&)|=(?:ht|f)tps?:/{1,3}\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}|=(?:ht"
        r"|f)tps?://[^\s&]{1,120}\?{1,2}$",
    ),
    (
        2,
        r"\b(?:url|uri|dest|redirect|target|feed|host|callback|proxy|page|img|load|path|continue|domain"
        r"|site)=(?:https?:)?//",
    ),
)
_XXE = (
    (
        3,
        r"<!entity\s{1,9}%?\s{0,9}[\w.-]{1,60}\s{1,9}(?:system|public)\b|<!doctype\s[^>]{0,200}\b(?:system"
        r"|public)\s{1,5}[\"'](?:file|ftp|php|expect|jar|netdoc|https?://(?!(?:www\.)?(?:w3|cxml|xml\.cxml|hibernate|mybatis"
        r"|struts\.apache|docbook|springframework|logging\.apache|puppycrawl|checkstyle)\.(?:org|com)/|java\.sun\.com/|www\.apple\.com/dtds/))|<xi:include\b"
        r"|<!doctype\s[^>]{0,200}\bpublic\s{1,5}[\"'][^\"'>]{0,120}[\"']\s{1,5}[\"'](?:file:|ftp:|https?://(?!www\.w3\.org))",
    ),
    (2, r"<!entity\b|<!doctype\s{1,9}\w{1,40}\s{0,9}\[|<xsl:\w{1,20}"),
)
_JNDI = (
    (
        3,
        r"\$\{\s{0,5}(?:jndi|\$?\{?(?:lower|upper|env|sys|date|java|main|ctx|map|sd|web|bundle|k8s|docker"
        r"|log4j|spring):|::-|[^}]{0,20}\$\{)[^}]{0,120}|\$\{[^}]{0,60}:-[a-z]{1,5}\}"
        r"|jndi\s{0,3}:\s{0,3}(?:ldaps?|rmi|dns|iiop|corba|nis|nds|http)",
    ),
)
_PROTOCOL = (
    (
        3,
        r"^\s{0,9}(?:get|post|put|head|options|connect|trace|delete)\s{1,5}(?:/|https?:)\S{0,200}\s{1,5}http/\d"
        r"|[\r\n]\s{0,9}(?:content-(?:type|length|disposition)|set-cookie|location|host|x-\w{2,20}"
        r"|transfer-encoding|remote-addr|cookie|http/\d)\s{0,5}[:/]|[\r\n]\W{0,5}(?:get|post|put|head|options"
        r"|connect|trace|delete|patch)\s{1,5}(?:/|http)\S{0,200}\s{1,5}http/\d|<meta\b[^>]{0,60}http-equiv"
        r"|\bhttp/[019]\.\d\s{0,5}[\r\n]|\bset-cookie\s{0,3}[:=]\s{0,3}\w",
    ),
    (
        3,
        r"\.cookie\b\W{0,20}(?:expires|domain)|[?&;](?:jsession_?id|php(?:sess|session)id?"
        r"|aspsession\w{0,12}|cfid|cftoken|sid|session_?id|weblogicsession|asp\.net_sessionid"
        r"|jwsession\w{0,12}|jservsession\w{0,12}|jrunsession\w{0,9}|cfsid|session-id|xvt)="
        r"|[\r\n]\.?\s{0,3}(?:mail\s{1,3}from\b|rcpt\s{1,3}to\b|ehlo\s|helo\s|vrfy\s|expn\s|(?:quit|data)\s{0,3}(?:[\r\n]|$))"
        r"|[\r\n]\s{0,3}[a-z]{1,3}\d{1,4}\s{1,3}(?:examine|fetch|login|logout|select|list|lsub|append|capability|status"
        r"|authenticate|uid|search|store|subscribe|noop)\b|[\r\n]\s{0,3}(?:retr|uidl|dele|top|stat|list|xtnd|noop|rset|(?:apop|auth)\s{1,3}\S{1,60}|apop|auth"
        r"|capability|capa|lsub)(?:\s{1,3}(?:\d|\"|plain|login|inbox|\*)|\s{0,3}(?:[\r\n]|$))",
    ),
    (
        3,
        r"\([&|!]?\s{0,3}\(?\s{0,3}(?:uid|cn|objectclass|mail|sn|givenname|userpassword|samaccountname"
        r"|username|password)\s{0,3}(?:=|~=|>=|<=)|\)\s{0,3}\(\s{0,3}\w{2,30}\s{0,3}(?:~=|>=|<=|=\*)|\*\)\s{0,3}\(|\)\s{0,3}\([|&!]\s{0,3}\(?|\)\)\s{0,3}\(\|?",
    ),
    (
        3,
        r"(?:count|name|text|position|last|substring|string-length|local-name|namespace-uri"
        r"|doc)\s{0,3}\([^)]{0,40}\)\s{0,5}(?:=|\[|and|or|/)|\bor\b\s{0,5}\w{0,10}\(\)\s{0,3}=|/(?:ancestor"
        r"|descendant|following|parent|preceding|self|child|attribute)(?:-\w{2,10}){0,2}::|//\*\["
        r"|\bcharset\s{0,3}=\s{0,3}[\"']?(?:utf-7|ibm\d|x-imap)",
    ),
)

FAMILIES = (
    Family("sqli", "SQL injection", ("T1190",), "CWE-89", _SQL + CONDITIONS),
    Family("xss", "cross-site scripting", ("T1190", "T1059.007"), "CWE-79", _XSS),
    Family("traversal", "path traversal or file inclusion", ("T1190", "T1083"), "CWE-22", _LFI),
    Family("command", "command injection", ("T1190", "T1059"), "CWE-78", RCE),
    Family("ssrf", "server-side request forgery or remote file inclusion", ("T1190",), "CWE-918", _SSRF),
    Family("xxe", "XML external entity", ("T1190",), "CWE-611", _XXE),
    Family("jndi", "JNDI lookup (Log4Shell)", ("T1190", "T1203"), "CWE-917", _JNDI),
    Family("template", "template or expression injection", ("T1190",), "CWE-1336", SSTI),
    Family("php", "PHP code injection", ("T1190", "T1059"), "CWE-94", PHP),
    Family("java", "Java code or object injection", ("T1190", "T1059"), "CWE-502", JAVA),
    Family("script", "JavaScript, Python or Ruby code injection", ("T1190", "T1059"), "CWE-94", NODE),
    Family("protocol", "header, session, LDAP or XPath injection", ("T1190",), "CWE-74", _PROTOCOL),
)


@cache
def compiled() -> tuple[tuple[Family, tuple[tuple[int, re.Pattern[str]], ...]], ...]:
    """The families with their expressions compiled, once per process."""
    return tuple((f, tuple((weight, re.compile(text)) for weight, text in f.patterns)) for f in FAMILIES)


def score(text: str) -> list[tuple[Family, int]]:
    """Families whose weights in this decoded lower-case text reach the threshold, strongest first."""
    found: list[tuple[Family, int]] = []
    for family, patterns in compiled():
        total = 0
        for weight, pattern in patterns:
            if pattern.search(text):
                total += weight
                if total >= 6:
                    break
        if total >= THRESHOLD:
            found.append((family, total))
    return sorted(found, key=lambda item: -item[1])
