"""What attacks on web applications look like: per family, expressions with weights, matched on decoded lower-case text."""

import re
from dataclasses import dataclass
from functools import cache

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
        r"^\s{0,9}['\"]?\d{1,9}['\"]?\s{0,3}(?:=|!=|<>|<=>|like|is\s{1,3}not|not\s{1,3}regexp)\s{0,3}['\"]?\d{1,9}|,\s{0,3}1=1$|^\W{0,3}(?:and|or|xor)\b[\s(+]{1,5}['\"]?\d{1,9}['\"]?\s{0,3}(?:=|$|[<>])",
    ),
    (
        3,
        r"\b(?:database|schema_name|db_name|current_user|session_user|system_user|concat_ws|group_concat|ifnull|nullif|coalesce|find_in_set|json_(?:build_object|search|array)|jsonb_pretty|unistr|lo_get|load_extension|strcmp|substring_index|last_insert_id|uncompress|to_base64|from_base64|user)\s{0,3}\(\s{0,3}(?:\)|$|['\"\d]|\w{1,30}\s{0,3}[,)(])|\)?::(?:int|text|jsonb|varchar)\b|^(?:tempdb|northwind|msdb|schema_name|msysaccessobjects)$",
    ),
    (
        3,
        r"^\s{0,5}(?:declare\s{1,5}@\w|exec(?:ute)?\s{1,5}(?:master|sp_|xp_|immediate|user_|node_)|select\s{0,5}\(?(?:user|version|database|@@)\b|drop\s{0,5}/\*)",
    ),
    (3, r"\bunion\b[\s(]{1,20}(?:all\s{1,9}|distinct\s{1,9})?[\s(]{0,20}select\b"),
    (
        3,
        r"['\"`)\d]\s{0,9}\)*\s{0,9}(?:;|\|\||&&)?\s{0,9}(?:and|or|xor|having|where|like|rlike|when|\|\||&&)[\s(+!~-]{0,20}"
        r"['\"`(]?\w{0,30}['\"`)]?\s{0,9}(?:=|<>|<=>|!=|[<>]|\blike\b|\bin\b|\bis\b|\bbetween\b|\bsounds\b|\bregexp\b|\brlike\b)",
    ),
    (
        3,
        r"\b(?:sleep|benchmark|pg_sleep|waitfor\s{1,5}delay|dbms_pipe\.receive_message|dbms_lock\.sleep|randomblob|generate_series"
        r"|extractvalue|updatexml|xmltype|load_file|ctxsys\.drithsx\.sn|utl_inaddr\.get_host_\w{1,9}|procedure\s{1,5}analyse"
        r"|group_concat|json_extract|sp_execute_external_script|exp\(~|gtid_subset|name_const)\b\s{0,5}\(?\s{0,5}['\"(\d~:@]",
    ),
    (
        3,
        r"\b(?:information_schema|sysobjects|sys\.(?:tables|user|all|databases)\w{0,20}|all_tables|user_tab_columns|pg_catalog|pg_user"
        r"|sqlite_(?:master|temp_master|schema)|mysql\.(?:user|db)|msysaces|msysobjects|syscat\.|syscolumns|master\.\.|xp_\w{3,30}"
        r"|sp_(?:executesql|oacreate|configure|addextendedproc|makewebtask|helpdb|password)|openrowset|opendatasource|openquery"
        r"|rdb\$\w{3,20}|domain\.\w{3,20}\.schema|tabcolumns|sysibm|database_principals|schema_name\s{0,3}\()",
    ),
    (
        3,
        r"[;'\")\s]\s{0,9};?\s{0,9}(?:drop|alter|truncate|create)\s{1,9}(?:table|database|user|function|procedure|view|schema|login|index|temporary)\b",
    ),
    (
        3,
        r"(?:['\")\d]\s{0,9};|;)\s{0,9}(?:select|insert|update|delete|exec|execute|declare|shutdown|merge|grant|set\s{1,5}@|if\s{0,3}\(|begin|call|waitfor|copy)\b",
    ),
    (
        3,
        r"\binto\s{1,9}(?:out|dump)file\b|\binsert\s{1,9}(?:ignore\s{1,9})?into\s{1,9}[\w.`\"\[]{1,40}\s{0,9}[(v]|\bselect\b[^;]{1,100}\binto\s{1,9}@",
    ),
    (3, r"\bselect\b(?:\s{1,9}|\s{0,9}[(*'\"@`])[^;]{0,120}?\bfrom\b[\s(`\"\[]{1,9}[\w.(]"),
    (
        2,
        r"\bselect\s{1,9}(?:[\w*@(`'\"\[][^;]{0,80}?)?(?:\(|,|@@|\bcase\b|\bchar\b|\bconcat|\bnull\b|\bversion|\buser\b|\bpassword|\bpg_sleep)",
    ),
    (
        3,
        r"\bupdate\s{1,9}[\w.`\"]{1,40}\s{1,9}set\s{1,9}[\w`\"]{1,40}\s{0,3}=|\bdelete\s{1,9}from\s{1,9}[\w.`\"]{1,40}",
    ),
    (3, r"\b(?:order|group)\s{1,9}by\s{1,9}\d{1,4}\s{0,9}(?:--|#|/\*|,)|['\"]\s{0,9}\b(?:order|group)\s{1,9}by\b"),
    (
        3,
        r"['\"`][\s)]{0,9}(?:--\s?-?|#|/\*!?|;%00|;\s{0,3}--|\|\|\s{0,9}['\"(]|\bor\b\s{0,9}['\"\d(]|\band\b\s{0,9}['\"\d(]|\bdiv\b|\bxor\b|\band\s{1,5}not\b)",
    ),
    (2, r"(?:--[\s+-]?$|#\s{0,3}$|/\*!?\d{0,5}|\*/\s{0,9}$|;\s{0,3}--)"),
    (
        2,
        r"\b(?:and|or|xor|where|having)\b[\s(+!~-]{1,20}['\"]?\d{1,9}['\"]?\s{0,9}(?:=|<>|!=|[<>]|like|in\s{0,3}\(|between)\s{0,9}['\"(]?\d",
    ),
    (
        2,
        r"\b(?:ascii|char|chr|concat|concat_ws|substring|substr|mid|ord|hex|unhex|cast|convert|conv|current_user|database|version|user"
        r"|system_user|session_user|ifnull|nullif|coalesce|instr|locate|elt|make_set|iif|rand|md5|sha1|length|count|floor|bin|crc32|to_char"
        r"|sqlite_version|last_insert_id|row_count|found_rows|xmlagg|makedate|is_ipv4|aes_encrypt)\s{0,3}\(\s{0,3}(?:['\"\d@)]|0x|char|chr|select|concat|version|user|database|md5)",
    ),
    (
        2,
        r"@@\w{3,30}|\bcase\s{1,9}when\b|\bwhen\b[^;]{1,60}\bthen\b|\bif\s{0,3}\([^)]{1,60},[^)]{1,60},|\b0x[0-9a-f]{6,}",
    ),
    (2, r"['\"`]\s{0,9}(?:=|<>|!=|<=>|\|\||&&|\+|\*|/|<|>|~|\^)\s{0,9}['\"`(@]"),
    (2, r"^\s{0,5}['\"`]{1,3}\s{0,5}(?:\)|;|or\b|and\b|\||&|=|--|#)|^\s{0,5}-?\d{1,9}\s{0,3}['\"`)]{1,6}[\s;)]"),
    (
        2,
        r"\b(?:rlike|regexp|sounds\s{1,5}like|not\s{1,5}like|like\s{1,5}(?:binary|['\"%]))\s{0,9}['\"(%]?|\bin\s{0,3}\(\s{0,3}(?:select|\d)",
    ),
    (2, r"\$(?:where|ne|gt|gte|lt|lte|regex|nin|exists|elemmatch|where|expr|function)\b['\"\]]?\s{0,3}[:\]=]"),
    (1, r"\b(?:select|from|where|having|union|null|delay|limit|procedure|rlike|cursor|trigger)\b"),
)
_XSS = (
    (
        3,
        r"<\s{0,9}/?\s{0,3}(?:script|iframe|frameset|applet|object|embed|xss|svg|math|isindex|marquee|bgsound|noscript|keygen|portal|animate\w{0,9}|set|layer|ilayer|dialog|audio|video|details|template|foreignobject)\b[\s/>=:#\x00\"'(]?",
    ),
    (
        3,
        r"<\s{0,9}[a-z!?/][^>]{0,200}[\s/\"'`\x0b\x0c](?:on[a-z]{3,25}|formaction|srcdoc|xlink:href|dynsrc|lowsrc|datafld|datasrc|fscommand)\s{0,9}=",
    ),
    (
        3,
        r"(?:java|vb|live|j\s{0,2}a\s{0,2}v\s{0,2}a\s{0,2})\s{0,9}script\s{0,9}:|javascript&colon;|\bmocha:|data:\s{0,9}(?:text/(?:html|xml|javascript)|image/svg\+xml|application/x)[;,]?",
    ),
    (
        3,
        r"(?:^|[\s\"'`;,/<>|(&?=]|\x0b|\x0c)on(?:abort|afterprint|animation\w{3,12}|auxclick|before\w{3,20}|blur|bounce|canplay\w{0,8}|change|click|close|contextmenu|copy|cut|dblclick|drag\w{0,6}|drop|ended|error|finish|focus\w{0,3}|hashchange|input|invalid|key(?:down|press|up)|load\w{0,9}|message|mouse\w{2,6}|page(?:hide|show)|paste|play\w{0,4}|pointer\w{2,20}|popstate|progress|readystatechange|reset|resize|scroll\w{0,6}|search|select\w{0,8}|show|start|submit|toggle|touch\w{3,6}|transition\w{3,6}|unload|wheel|webkit\w{3,30})\s{0,9}=\s{0,9}[\"'`\w({&\\]",
    ),
    (
        3,
        r"\b(?:alert|prompt|confirm|eval|settimeout|setinterval|setimmediate|function|execscript|expression|getscript)\s{0,5}(?:\(|`|&lpar;|\.call|\.apply|\\u0028)\s{0,5}[^)]{0,80}(?:\)|`|/xss|xss|\d)|\btop\s{0,3}\[|\bself\s{0,3}\[|\bwindow\s{0,3}\[|\bthis\s{0,3}\[|\bframes\s{0,3}\[",
    ),
    (
        3,
        r"\b(?:document|window|self|top|parent|this|frames|globalthis)\s{0,5}(?:\.|\[)\s{0,5}['\"/]?\s{0,5}(?:cookie|location|write\w{0,2}|domain|body|createelement|getelement\w{0,20}|queryselector\w{0,3}|alert|eval|open|name|referrer|url|forms|scripts|innerhtml|attachevent|constructor)|\bdocument\b\s{0,3}/",
    ),
    (
        3,
        r"\binnerhtml\b|\bouterhtml\b|\bstring\.fromcharcode\b|\bunescape\s{0,3}\(|\batob\s{0,3}\(|\bfromcodepoint\b|@import\b|-moz-binding|behaviou?r\s{0,5}:\s{0,5}url|;base64,[a-z0-9+/=]{8}|\bxmlhttprequest\b|\.constructor\s{0,5}[([]|\bimport\s{0,3}\(\s{0,3}['\"]",
    ),
    (
        3,
        r"<\s{0,9}(?:meta|link|base|form|img|image|input|body|style|html|table|td|div|li|a|b|button|select|textarea|br|p|span|xml|title|plaintext|listing|x|bdo|frame|source|track)\b[^>]{0,200}(?:javascript|vbscript|http-equiv|expression|@import|url\s{0,3}\(|data:|background\s{0,3}=|style\s{0,3}=|action\s{0,3}=|src\s{0,5}=|href\s{0,5}=|xmlns|%0a|\bon\w{3,20}\s{0,3}=)",
    ),
    (
        2,
        r"[\"'`]\s{0,5}/?>\s{0,5}<\s{0,5}[a-z!/]|<!--|-->|<!\[cdata\[|<!entity|<\?import|<\s{0,3}/\s{0,3}(?:title|textarea|style|script|noscript|template|xmp|plaintext)",
    ),
    (
        2,
        r"<\s{0,9}(?:img|body|style|form|input|meta|link|base|table|div|a|button|html|xml|frame|textarea|image|marquee|video|bdo)(?:\s|/|>|$)|\+adw-|\+ad4-|\\u003c|\\x3c|&lt;script|\bxss\b",
    ),
    (
        2,
        r"\{\{\s{0,5}[^}]{0,80}(?:constructor|\$on|toString|alert|\$eval|\bthis\b)|\bsrc\s{0,3}=\s{0,3}['\"]?(?:https?:)?//|style\s{0,3}=\s{0,3}['\"]?[^>\"']{0,60}(?:expression|url)\s{0,3}\(",
    ),
    (1, r"[<>]|&#x?[0-9a-f]{2,6};?|\\x[0-9a-f]{2}|\\u00[0-9a-f]{2}"),
)
_LFI = (
    (
        3,
        r"(?:^|[=/\\:\"'?&;,(\s]|\.\.)(?:\.{2,3}[/\\;]|\.\.;/|\.\.%|\.\.0x2f|\.\.x2f|\.\.\.\.//){2,}|(?:\.{2,3}[/\\]){2,}|(?:0x2e|x2e|\.){2}(?:0x2f|0x5c|x2f|x5c)|(?:\.\.[/\\]\.?){2}|(?:0x2e){2}",
    ),
    (
        3,
        r"(?:\.{1,2}[/\\]|[/\\]|file:/{1,3}|=)\s{0,3}(?:etc|proc|var|usr|root|home|windows|winnt|boot|sys|opt)[/\\]{1,4}(?:passwd|shadow|group|hosts?\b|self|environ|version|cmdline|log/|lib/|local/|\.ssh|\.bash|win\.ini|system32|system\.ini|issue|sudoers|fstab|crontab|my\.cnf|mysql|apache2?|nginx|httpd|ssh|www/|mail|repair|kernel|class|net/|sched_debug|mounts?|os-release|resolv\.conf|motd|pki|letsencrypt|php)",
    ),
    (
        3,
        r"\b(?:boot\.ini|win\.ini|system\.ini|global\.asax|web\.config|applicationhost\.config|machine\.config|ntuser\.dat|sam\.log|unattend\.xml|web-inf|meta-inf)\b",
    ),
    (
        3,
        r"\b(?:php|zip|phar|glob|expect|data|zlib|compress\.\w{1,9}|ogg|rar|ssh2\w{0,6}|file|jar|netdoc|gopher|dict|ldap|tftp|local_file|view-source|classpath)://?/?\S",
    ),
    (
        2,
        r"(?:^|[=/\\])\.\.[/\\][\w.%-]|(?:^|[=/\\&?])\.\.(?:$|[/\\;&])|%00|\x00|%c0%a[ef]|%c1%9c|%25(?:2e|2f|5c|c0)|%u221[56]|%uff0f|\.\.(?:%c0|%c1|%e0|\xc0|\xaf|\ufffd)",
    ),
    (
        2,
        r"/(?:etc|proc|root)/[\w.-]|[a-z]:[/\\]{1,2}(?:windows|winnt|inetpub|boot|users|program|xampp|wamp)|(?:%00|\x00)\.?\w{0,5}|\{file\}",
    ),
)
_COMMANDS = (
    "cat|tac|ls|dir|id|whoami|uname|pwd|wget|curl|fetch|nc|ncat|netcat|telnet|ping6?|nslookup|dig|host|ifconfig|ipconfig|netstat|ps|kill|rm|cp|mv|"
    "chmod|chown|touch|mkdir|echo|printf|type|net|netsh|sleep|timeout|bash|sh|zsh|ksh|csh|dash|tcsh|python[23]?|perl|ruby|php\\d?|node|lua|awk|gawk|"
    "sed|grep|egrep|find|locate|head|tail|more|less|nl|od|xxd|hexdump|base64|base32|tar|zip|gzip|gunzip|unzip|xz|7z|sudo|su|env|export|set|printenv|"
    "hostname|systeminfo|tasklist|ver|vol|del|copy|move|rundll32|regsvr32|powershell|pwsh|cmd|certutil|bitsadmin|mshta|wmic|reg|schtasks|"
    "cscript|wscript|start|reboot|shutdown|halt|service|systemctl|crontab|at|useradd|adduser|passwd|mount|umount|dd|df|du|free|top|lsof|w|who|"
    "last|finger|history|alias|exec|eval|source|mail|sendmail|ftp|sftp|scp|ssh|rsync|tftp|socat|nmap|tcpdump|gcc|g\\+\\+|make|git|svn|apt|apt-get|yum|"
    "dnf|pip|npm|gem|busybox|expr|test|time|nohup|xargs|tee|sort|uniq|wc|cut|tr|rev|strings|vi|vim|nano|ed|ln|file|stat|which|whereis|lsb_release|"
    "arp|route|ip|ss|iptables|diff|cmp|split|csplit|join|paste|fold|fmt|dmesg|insmod|modprobe|lsmod|lscpu|docker|kubectl|openssl|gpg|"
    "jq|tmux|screen|watch|getent|groups|logname|users|mysql|psql|sqlite3|redis-cli|mongo|aws|gcloud|az|ansible|rmt-dump|rmt-tar|"
    "doas|install|ionice|nice|setarch|stdbuf|unshare|nsenter|chroot|capsh|taskset|ldconfig|ld\\.so|zcat|bzcat|bzip2|cpio|ar|pax|uuencode|uudecode"
)
_PLAIN_WORDS = (
    "time|head|tail|more|less|find|file|type|start|at|last|cut|join|split|sort|install|free|top|test|watch|set|source|service|copy|move|"
    "nice|free|users|screen|reg|host|route|mail|go|vol|ver|w|who|which|echo|sleep|cat|tar|fold|paste|watch|history|finger|touch|make|route|"
    "kill|expr|less|date|groups|aws|at|ed|ex|id|su|az|ip|ss|ar|cp|rm|mv|ls|ps|dd|df|du|nl|od|tr|wc|xz|vi|reboot|exec|shutdown|halt|timeout"
)
"""Command names that are English words or short codes: they need an argument that only a shell would get."""
_ARGUMENT = (
    r"(?:\s{1,9}(?:-{1,2}\w|[/~.$*?|<>]|['\"][^'\"]{0,60}['\"]|\d{1,3}\.\d|https?:|\w[\w.-]{0,40}\.\w{1,4}\b)|\$\{?ifs"
    r"|\s{0,3}[<>|`)](?!\s{0,3}\w{1,20}\s{1,3}\w))"
)
_RCE = (
    (
        3,
        r"\bfor\s{1,5}(?:/[dfrl]\s.{0,80}?)?%%?\S\s{1,5}(?:in\s{1,5}\(|in\b.{0,60}\bdo\b)|\{,[\"'$]{0,2}\w{2,20}|['\"](?:c|wh|i|l|ca|cur|n)['\"][a-z]{1,10}\b|/etc/\S{0,8}[\[?*]\S{0,12}|\b\w{1,20}\s{0,3}\(\)\s{0,3}\{[^}]{0,40}[|&]|^\s{0,3}(?:nohup|strace|sudo|xargs)\s{1,5}\w|\balias\s{1,5}\S{1,20}=|\$(?:\[\]|\{cmd\})|^\$shell\b|<<<|\b[a-z]{1,6}``[a-z]",
    ),
    (
        3,
        rf"(?:[;|`\n\r({{]|&&?|\|\||\$\(|[<>]\(|%0a|%0d)\s{{0,9}}[\"'\\]{{0,2}}(?:/[\w/?*.-]{{1,40}}/)?(?!(?:{_PLAIN_WORDS})\b)(?:{_COMMANDS})(?:\.exe)?[\"']?(?:\s{{1,9}}[-/~.$'\"<>{{*?@%\\\w]|\$\{{?ifs|[<>|;&`)]|/[\w?*]|$|\s{{1,5}}$)",
    ),
    (
        3,
        rf"(?:^|[;|`\n\r({{]|&&?|\|\||\$\(|[<>]\(|%0a|%0d)\s{{0,9}}[\"'\\]{{0,2}}(?:/[\w/?*.-]{{1,40}}/)?(?:{_COMMANDS})(?:\.exe)?{_ARGUMENT}",
    ),
    (3, rf"[;|`\n&]\s{{0,9}}[\"'\\]{{0,2}}(?:/[\w/?*.-]{{1,40}}/)?(?:{_COMMANDS})(?:\.exe)?\s{{0,9}}(?:$|[;|&`#)'\"])"),
    (
        3,
        r"(?:^|[\s;|&=`'\"(<>])/{1,2}(?:usr/)?(?:local/)?s?bin/{1,2}(?:[a-z]{1,12}|[?*\[])|/(?:b|u|e)[?*\[][\w?*\[\]]{0,6}/|/dev/(?:tcp|udp)/|\bcmd(?:\.exe)?\s{0,3}/[ckr]\b|\bpowershell(?:\.exe)?\s{1,9}[-a-z\"'/]",
    ),
    (
        3,
        r"\$\([^)]{1,120}\)|`[^`]{2,120}`|\$\{(?:ifs|path|shell|home|pwd|oldpwd|user|@|#)[^}]{0,20}\}|\$ifs\b|<\([^)]{1,80}\)|\$\{\w{1,20}(?::\d|[%#/@^,!])|\(\)\s{0,3}\{\s{0,3}[:_]|\$'[^']{2,60}'|\$(?:@|\*|#|\?|!|-)\w",
    ),
    (
        3,
        r"\{(?:cat|ls|echo|curl|wget|nc|ping|bash|sh|id|find|rm),[^}]{0,80}\}|\b[a-z]{1,8}(?:['\"]{2}|\$@|\\)[a-z]{1,12}\s{1,3}[/-]|<!--#\s{0,3}(?:exec|include|echo|printenv)",
    ),
    (
        3,
        r"\b(?:invoke-expression|invoke-webrequest|new-object|get-content|get-childitem|start-process|downloadstring|set-executionpolicy|write-host|out-file|add-type|get-process|invoke-(?:command|item|restmethod|wmimethod)|get-(?:service|item\w{0,9}|wmiobject|help|host|command|alias|acl|date|location|eventlog|hotfix|module|variable|random)|set-(?:content|item\w{0,9}|location|alias|variable)|new-(?:item\w{0,9}|service|psdrive)|remove-(?:item\w{0,9}|module))\b|\b(?:windows|winnt)[/\\]{1,2}system32",
    ),
    (2, r"[;|&]\s{0,9}\w{1,20}\s{1,5}-[a-z]|(?:^|\s)(?:[012]|&)?>{1,2}\s{0,3}(?:&\d|/dev/null|/tmp/|/var/)"),
    (2, r"/(?:etc/(?:passwd|shadow|hosts)|var/tmp/)|/tmp/\w"),
    (
        1,
        r"[;|&]{1,2}\s{0,5}$|^\s{0,3}[;|&`]|\b(?:wget|curl|chmod|whoami|uname|ifconfig|netcat|nslookup|rundll32|certutil)\b",
    ),
)
_SSRF = (
    (
        3,
        r"169\.254\.169\.254|metadata\.google\.internal|100\.100\.100\.200|169\.254\.170\.2|\bfd00:ec2|/latest/meta-data|/computemetadata|metadata\.(?:azure|tencentyun|packet|oraclecloud)|192\.0\.0\.192",
    ),
    (
        3,
        r"(?:https?|ftp|gopher|dict|ldap|tftp)://(?:[^/@\s?]{0,80}@)?(?:localhost\b|127\.|0\.0\.0\.0|0x7f|0+177\.|2130706433|\[?::1?\]?|\[::ffff|10\.\d|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|0/|\d{8,10}(?:[:/]|$)|0x[0-9a-f]{6,8}|[0-9]{1,3}\.[0-9]{4,8}|(?:[\w-]{1,60}\.)?(?:nip|sslip|xip)\.io|(?:[\w-]{1,60}\.)?localtest\.me|[\w.-]{1,60}\.local(?:host|domain)?\b)",
    ),
    (
        3,
        r"(?:^|[=&?;])(?:localhost[46]?|127\.[\d.]{3,12}|0\.0\.0\.0|\[::1?\]|\[(?:0{1,4}:){4,7}[0-9a-f:.]{1,40}\]|\[::ffff:[0-9a-f:.]{1,30}\]|local(?:host|domain)\.localdomain)(?:[:/]|$)",
    ),
    (
        3,
        r"=\s{0,3}(?:https?|ftps?|file|gopher)://?(?:[\w.-]{1,120}|\d)[^\s]{0,200}\.(?:txt|php\d?|inc|gif|jpg|png)\?{1,3}(?:$|&)|=(?:ht|f)tps?:/{1,3}\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}|=(?:ht|f)tps?://[^\s&]{1,120}\?{1,2}$",
    ),
    (
        2,
        r"\b(?:url|uri|dest|redirect|target|feed|host|callback|proxy|page|img|load|path|continue|domain|site)=(?:https?:)?//",
    ),
)
_XXE = (
    (
        3,
        r"<!entity\s{1,9}%?\s{0,9}[\w.-]{1,60}\s{1,9}(?:system|public)\b|<!doctype\s[^>]{0,200}\b(?:system|public)\s{1,5}[\"'](?:file|http|ftp|php|expect|jar|netdoc)|<xi:include\b",
    ),
    (2, r"<!entity\b|<!doctype\s{1,9}\w{1,40}\s{0,9}\[|<xsl:\w{1,20}"),
)
_JNDI = (
    (
        3,
        r"\$\{\s{0,5}(?:jndi|\$?\{?(?:lower|upper|env|sys|date|java|main|ctx|map|sd|web|bundle|k8s|docker|log4j|spring):|::-|[^}]{0,20}\$\{)[^}]{0,120}|\$\{[^}]{0,60}:-[a-z]{1,5}\}|jndi\s{0,3}:\s{0,3}(?:ldaps?|rmi|dns|iiop|corba|nis|nds|http)",
    ),
)
_SSTI = (
    (
        3,
        r"\{\{[^}]{0,120}(?:\*|\+|__\w{3,20}__|config|request\.|self\.|cycler|lipsum|joiner|namespace|\|\s{0,3}attr|range|dump|_self|constructor|\.class|\d\s{0,3}[-*/%]\s{0,3}\d)[^}]{0,120}\}\}|\{%[^%]{1,120}%\}|\{\{\s{0,3}['\"\d\[(]",
    ),
    (
        3,
        r"[$#@*%]\{\s{0,5}(?:\d{1,9}\s{0,3}[*+/-]\s{0,3}\d|t\s{0,3}\(|new\s|#|@|\"|'|\w{0,20}\.(?:getclass|class|exec|forname)|[^}]{0,80}(?:runtime|processbuilder|getclass|scriptengine|java\.))|<%=?[^%]{1,120}%>|<#assign|\$\{\"freemarker|__\$\{|\bfreemarker\.template|#set\s{0,3}\(\s{0,3}\$",
    ),
)
_PHP = (
    (
        3,
        r"^\$\{?\w{0,20}\}?(?:\s{0,20}(?:\[[^\]]{0,30}\]|\{[^}]{0,30}\}|/\*[^*]{0,20}\*/|#\w{0,10}\s)){0,4}\s{0,5}\(\s{0,3}[\w'\"]{0,30}\s{0,3}\)|^\${2,3}\w{1,20}\s{0,3}\(|::\$\w{1,20}\(|^\$f\(\d{2,3}\)|\[/?\\?php\]",
    ),
    (3, r"<\?(?:php\s|=|\s{1,9}[$@\w(])|\[/?php\]|<\?\w{0,3}\s{0,3}(?:eval|system|print|@|\$|`)"),
    (
        3,
        r"(?:^|[^\w.>-])(?:eval|assert|system|exec|shell_exec|passthru|popen|proc_open|pcntl_exec|phpinfo|phpversion|file_get_contents|file_put_contents|fopen|fwrite|readfile|base64_decode|gzinflate|gzuncompress|str_rot13|call_user_func(?:_array)?|create_function|preg_replace\w{0,9}|move_uploaded_file|symlink|unserialize|ini_set|ini_get(?:_all)?|include|require|include_once|require_once|array_map|array_filter|array_diff\w{0,9}|usort|ob_start|highlight_file|show_source|php_uname|getenv|putenv|chr|hex2bin|bin2hex|strrev|scandir|glob|opendir|var_dump|print_r|var_export|parse_ini_file|apache_\w{3,20}|posix_\w{3,20}|sodium_\w{3,20}|curl_\w{3,20}|mb_\w{3,20}|gz\w{3,12}|bz\w{3,12}|md5_file|chmod|unlink|rename|copy|mkdir|rmdir|tempnam|tmpfile|fsockopen|stream_\w{3,20}|set_error_handler|register_\w{3,30}|get_defined_\w{3,9}|extract|parse_str|simplexml_load_\w{3,9}|xml_\w{3,20}|sprintf|printf|implode|join|error_log|mysql\w{0,2}_\w{3,20})\s{0,5}(?:/\*[^*]{0,40}\*/\s{0,5})?\(\s{0,5}(?:[\"'$\d@)\\]|\w{2,30}\s{0,3}[(\[,)]|base64|chr|get|post)",
    ),
    (
        3,
        r"\$_(?:get|post|request|cookie|server|files|session|env|globals)\b|\$globals\b|\bauto_(?:prepend|append)_file\b|\ballow_url_(?:include|fopen)\b|\bdisable_functions\b|\bopen_basedir\b|\bphpunit/\S{0,40}eval-stdin",
    ),
    (
        3,
        r"\b[oc]:\d{1,6}:\\?[\"'][\w\\]{1,80}\\?[\"']:\d{1,6}:\{?|\ba:\d{1,5}:\{[sioba]:\d|\$\w{0,20}\s{0,3}(?:\[[^\]]{0,40}\]|\{[^}]{0,40}\})\s{0,3}\(|\$\{?[a-z_]\w{0,30}\}?\s{0,3}(?:/\*[^*]{0,30}\*/\s{0,3})?\([^)]{0,60}\)\s{0,3};|\(\s{0,3}[\"'][\w.\"'\s]{3,60}[\"']\s{0,3}\)\s{0,3}\(",
    ),
    (
        3,
        r"\.(?:php\d?|phtml|phar|pht|phps|inc|user\.ini|htaccess)\.?[\"']?\s{0,3}(?:\r?\n)[\s\S]{0,200}<\?|filename\w{0,1}=[\"']?[^\"'\s]{0,80}\.(?:php\d?|phtml|phar|pht|jspx?|aspx?|cer|asa|htaccess|user\.ini|ini)[.\s\"']",
    ),
)
_JAVA = (
    (
        3,
        r"\bjava(?:x)?\.(?:lang|io|net|util|beans|naming|script|rmi|security|sql)\.|\b(?:getruntime|processbuilder|runtime\s{0,3}\)?\.\s{0,3}(?:getruntime|exec)|scriptenginemanager|urlclassloader|defineclass|getclass\s{0,3}\(|forname\s{0,3}\(|getmethod\s{0,3}\(|invoketransformer|instantiatetransformer|constanttransformer|chainedtransformer|templatesimpl|objectinputstream|bcel|xmldecoder|jdk\.nashorn|groovy\.lang|org\.(?:apache|springframework|codehaus|mozilla|hibernate)\.[\w.]{3,80}|com\.(?:sun|mchange|caucho|opensymphony|bea)\.[\w.]{3,80}|freemarker|ognl|ysoserial|weblogic\.)\b|\bjavax?\.\w{2,20}\.\w",
    ),
    (
        3,
        r"#_memberaccess|#context\b|@java\.|@org\.apache|#application|#session|#parameters|allowstaticmethodaccess|redirectaction:|\bmethod:\s{0,3}[#%]|class\.module\.classloader|class\.classloader|classloader\.\w|\bt\(java|%\{\(?#",
    ),
    (
        3,
        r"\xac\xed\x00\x05|\brO0AB|\br[o0]0ab|aced0005|h4siaaaa|cnvudgltz|\bky29ucnv|jvmcvur|dgltzq|bnrpbwu|udw50aw1l|chjvy2vzc2j1awxkzxi|chb|pcvazgvmaw5l",
    ),
    (
        2,
        r"\b(?:runtime|processbuilder|classloader|reflect|objectfactory|clonetransformer|forclosure|instantiatefactory|prototypeclonefactory|whileclosure|prototypeserializationfactory|fileoutputstream|inputstreamreader|bufferedreader)\b|\.\s{0,3}exec\s{0,3}\(",
    ),
)
_NODE = (
    (
        3,
        r"\b(?:require|process\.mainmodule|global\.process|process\.binding|child_process|execsync|spawnsync|execfile|constructor\.constructor|this\.constructor|_\$\$nd_func\$\$_|__defineget|__definesetter__|object\.assign)\b\s{0,3}(?:\(|\.|\[|=|\"|')|_\$\$nd_func|\bprocess\.(?:env|exit|kill|argv|mainmodule|stdout)|\b(?:fs|http|net|os|vm)\.\w{0,12}(?:sync|exec|readfile|writefile|createserver|runin\w{3,20})\b|\bwhile\s{0,3}\(\s{0,3}(?:true|1|[^)]{1,30})\s{0,3}\)\s{0,3}[{;]?",
    ),
    (
        3,
        r"__proto__|constructor\s{0,3}[\[.]\s{0,3}['\"]?prototype|\[\s{0,3}['\"]?(?:__proto__|constructor|prototype)['\"]?\s{0,3}\]|\.prototype\s{0,3}[.\[]|\bnew\s{1,3}function\s{0,3}\(|\bfunction\s{0,3}\w{0,20}\s{0,3}\([^)]{0,60}\)\s{0,3}\{|=>\s{0,3}\{|string\.fromcharcode|\breflect\.\w{3,20}|\bdata:\s{0,3}\S{0,40};base64,|@\{[^}]{1,40}\}|\bbuffer\.from\s{0,3}\(|\bconsole\.\w{3,8}\s{0,3}\(|\(\s{0,3}\)\s{0,3}=>",
    ),
    (
        3,
        r"\b(?:file|kernel|io|open3|process)\.(?:open|read|write|popen|exec|spawn|system|unlink|readlines)\b|(?:^|[^\w])%x[{(\[]|\b__(?:class|mro|subclasses|globals|builtins|import|init|getattribute|base)__|\bos\.(?:system|popen|exec\w{0,2})\s{0,3}\(|\bsubprocess\.\w{3,15}\b|\bimport\s{1,3}os\b|@(?:require|import|eval)\b|\bio\.popen|\bos\.execute",
    ),
)
_PROTOCOL = (
    (
        3,
        r"[\r\n]\s{0,9}(?:content-(?:type|length|disposition)|set-cookie|location|host|x-\w{2,20}|transfer-encoding|remote-addr|cookie|http/\d)\s{0,5}[:/]|[\r\n]\W{0,5}(?:get|post|put|head|options|connect|trace|delete|patch)\s{1,5}(?:/|http)\S{0,200}\s{1,5}http/\d|<meta\b[^>]{0,60}http-equiv|\bhttp/[019]\.\d\s{0,5}[\r\n]|\bset-cookie\s{0,3}[:=]\s{0,3}\w",
    ),
    (
        3,
        r"\.cookie\b\W{0,20}(?:expires|domain)|(?:^|[?&;])(?:jsession_?id|php(?:sess|session)id?|aspsession\w{0,12}|cfid|cftoken|sid|session_?id|weblogicsession|asp\.net_sessionid|jwsession\w{0,12}|jservsession\w{0,12}|jrunsession\w{0,9}|cfsid|session-id|xvt)=|[\r\n]\.?\s{0,3}(?:mail\s{1,3}from|rcpt\s{1,3}to|ehlo|helo|quit|vrfy|expn|data)\b|[\r\n]\s{0,3}\w{0,5}\s{0,3}(?:examine|fetch|login|logout|select|list|lsub|append|capability|retr|uidl|dele|xtnd|noop|rset|stat|apop|auth|subscribe)\b",
    ),
    (
        3,
        r"\([&|!]?\s{0,3}\(?\s{0,3}(?:uid|cn|objectclass|mail|sn|givenname|userpassword|samaccountname|username|password)\s{0,3}(?:=|~=|>=|<=)|\*\)\s{0,3}\(|\)\s{0,3}\([|&!]\s{0,3}\(?|\)\)\s{0,3}\(\|?",
    ),
    (
        3,
        r"(?:count|name|text|position|last|substring|string-length|local-name|namespace-uri|doc)\s{0,3}\([^)]{0,40}\)\s{0,5}(?:=|\[|and|or|/)|\bor\b\s{0,5}\w{0,10}\(\)\s{0,3}=|/(?:ancestor|descendant|following|parent|preceding|self|child|attribute)(?:-\w{2,10}){0,2}::|//\*\[|\bcharset\s{0,3}=\s{0,3}[\"']?(?:utf-7|ibm\d|x-imap)",
    ),
)

FAMILIES = (
    Family("sqli", "SQL injection", ("T1190",), "CWE-89", _SQL),
    Family("xss", "cross-site scripting", ("T1190", "T1059.007"), "CWE-79", _XSS),
    Family("traversal", "path traversal or file inclusion", ("T1190", "T1083"), "CWE-22", _LFI),
    Family("command", "command injection", ("T1190", "T1059"), "CWE-78", _RCE),
    Family("ssrf", "server-side request forgery or remote file inclusion", ("T1190",), "CWE-918", _SSRF),
    Family("xxe", "XML external entity", ("T1190",), "CWE-611", _XXE),
    Family("jndi", "JNDI lookup (Log4Shell)", ("T1190", "T1203"), "CWE-917", _JNDI),
    Family("template", "template or expression injection", ("T1190",), "CWE-1336", _SSTI),
    Family("php", "PHP code injection", ("T1190", "T1059"), "CWE-94", _PHP),
    Family("java", "Java code or object injection", ("T1190", "T1059"), "CWE-502", _JAVA),
    Family("script", "JavaScript, Python or Ruby code injection", ("T1190", "T1059"), "CWE-94", _NODE),
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
