"""Dangerous constructs that one line shows, for what data flow does not see and for languages without a grammar: data."""
# ruff: noqa: E501 - a pattern is easier to check in one piece

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from schemas import Severity
from secassist.detectors._late import late
from secassist.detectors._literals import of_pattern


@dataclass(frozen=True)
class LineRule:
    """One construct on one line.

    `languages`: names as in `CodeUnit.language`. `pattern`: linear, on a line without comments. `unless`: not when this
    is on the line too. `absent`: nor when this is anywhere in the text. `present`: only where this is. `after`: nor on this line or the next three.
    """

    id: str
    cwe: str
    severity: Severity
    languages: frozenset[str]
    pattern: re.Pattern[str]
    message: str
    unless: re.Pattern[str] | None = None
    absent: re.Pattern[str] | None = None
    present: re.Pattern[str] | None = None
    after: re.Pattern[str] | None = None

    @cached_property
    def needed(self) -> tuple[str, ...]:
        """Lower-case strings of which one is in every text that the pattern matches; empty: nobody knows any."""
        return tuple(sorted(of_pattern(self.pattern.pattern) or ()))

    def may_match(self, folded: str) -> bool:
        """Whether the pattern can match a text, which is given as `folded` writes it."""
        return not self.needed or any(one in folded for one in self.needed)


def folded(text: str) -> str:
    """A text in which every letter that a pattern without regard to case takes for an ASCII one is that, in lower case."""
    return text.casefold().replace("\u0131", "i")


_JS, _C = "javascript typescript tsx", "c cpp"
_LOW, _MED, _HIGH = Severity.LOW, Severity.MEDIUM, Severity.HIGH


def _rule(  # noqa: PLR0913 - one row of the table below, in its column order
    id_: str, cwe: int, severity: Severity, languages: str, pattern: str, message: str, unless: str = "", *, fold: bool = False, absent: str = "", present: str = "", after: str = ""
) -> LineRule:  # fmt: skip
    flags = re.IGNORECASE if fold else 0
    return LineRule(
        id=id_,
        cwe=f"CWE-{cwe}",
        severity=severity,
        languages=frozenset(languages.split()),
        pattern=late(pattern, flags),
        message=message,
        unless=late(unless, flags) if unless else None,
        absent=late(absent) if absent else None,
        present=late(present) if present else None,
        after=late(after) if after else None,
    )


RULES: Final[tuple[LineRule, ...]] = (
    _rule("command-execution", 78, _MED, "kotlin", r"\.exec\s{0,2}\(\s{0,2}[^\s\")]|new\s{1,4}ProcessBuilder\s{0,2}\(\s{0,2}[^\s\")]", "an operating-system command is built at run time", unless=r"\b(?:pattern|matcher|regex)\w*\.exec"),
    _rule("command-execution", 78, _MED, "ruby", r"(?:system|exec|spawn|popen|Open3\.\w+)\s{0,2}\(?\s{0,2}\"[^\"\n]{0,200}#\{|`[^`\n]{0,200}#\{|%x[\[({][^\n]{0,200}#\{", "a shell command has a value written into it"),
    _rule("code-evaluation", 95, _MED, _JS, r"(?<![.\w$])eval\s{0,2}\(\s{0,2}[^\s\"')]|new\s{1,4}Function\s{0,2}\(\s{0,2}[^)\s]|(?<![.\w])Function\s{0,2}\(|vm\.run\w{2,20}\s{0,2}\(|set(?:Timeout|Interval)\s{0,2}\(\s{0,2}[\"'`]", "text is run as code", unless=r"(?:function|def)\s+eval\b"),
    _rule("code-evaluation", 95, _HIGH, "php", r"(?<![\w>$])(?:eval|assert|create_function|call_user_func(?:_array)?)\s{0,2}\([^\n]{0,200}?\$|preg_replace\s{0,2}\(\s{0,2}[\"']/[^\n]{0,100}/\w{0,5}e\w{0,5}[\"']", "text is run as code"),
    _rule("code-evaluation", 94, _MED, "csharp", r"CompileAssemblyFrom\w{3,10}|CSharpScript\.\w{3,15}\s{0,2}\(|DynamicExpression", "text is compiled and run"),
    _rule("code-evaluation", 95, _MED, "ruby", r"(?<![.\w])(?:eval|instance_eval|class_eval|constantize|send)\s{0,2}\(?\s{0,2}(?:params|[a-z]\w{0,30}\[)", "text is run as code"),
    _rule("code-evaluation", 95, _MED, "python", r"(?<![.\w])(?:eval|exec|compile|execfile)\s{0,2}\(\s{0,2}(?![\s\")'])", "text is run as code", unless=r"literal_eval|def\s+(?:eval|exec|compile)|re\.compile"),
    _rule("unsafe-deserialisation", 502, _MED, "java", r"\.readObject\s{0,2}\(|\.readUnshared\s{0,2}\(|XMLDecoder\s{0,2}\(|\.fromXML\s{0,2}\(|enableDefaultTyping|new\s{1,3}Yaml\s{0,2}\(\s{0,2}\)|JSON\.parseObject\s{0,2}\(", "objects are built from untrusted bytes", unless=r"SafeConstructor|ValidatingObjectInputStream|void\s+readObject", absent=r"\bsetObjectInputFilter\b|\bvoid\s+resolveClass\b|\bresolveClass\s{0,2}\(\s{0,2}ObjectStreamClass\b"),
    _rule("unsafe-deserialisation", 502, _MED, "csharp", r"(?:BinaryFormatter|NetDataContractSerializer|LosFormatter|ObjectStateFormatter|SoapFormatter|JavaScriptTypeResolver|SimpleTypeResolver)\s{0,2}\(|TypeNameHandling\.(?:All|Auto|Objects|Arrays)", "objects of any type are built from bytes"),
    _rule("unsafe-deserialisation", 502, _HIGH, "php", r"(?<![\w>$])unserialize\s{0,2}\(\s{0,2}\$", "objects are built from untrusted text", unless=r"allowed_classes|function\s{1,4}unserialize\b"),
    _rule("unsafe-deserialisation", 502, _MED, "ruby", r"(?:YAML|Marshal)\.(?:load|unsafe_load)\s{0,2}\(", "objects are built from untrusted text"),
    _rule("unsafe-deserialisation", 502, _MED, _JS, r"(?:node-serialize|serialize)\w{0,10}\.unserialize\s{0,2}\(|yaml\.load\s{0,2}\(|jsyaml\.load\s{0,2}\(", "objects are built from untrusted text", unless=r"safeLoad|JSON_SCHEMA|FAILSAFE"),
    _rule("xss", 79, _MED, _JS, r"\.(?:innerHTML|outerHTML)\s{0,2}\+?=\s{0,2}(?![\s\"']|`[^$]{0,200}`\s*;)|document\.write(?:ln)?\s{0,2}\(\s{0,2}(?![\s\"')])|insertAdjacentHTML\s{0,2}\([^,\n]{1,40},\s{0,2}(?![\s\"'])|dangerouslySetInnerHTML|\bv-html\b|bypassSecurityTrust\w{2,20}\s{0,2}\(", "markup is built from a value"),
    _rule("part-of-address-checked", 20, _MED, _JS, r"(?<![\w.])(?!\w{0,30}(?:s|[lL]ist|[sS]et|[mM]ap)\.)[\w.]{1,60}(?:\(\))?\.(?:(?:indexOf|includes)\s{0,2}\(\s{0,2}[\"'`](?:(?:https?:)?//\.?(?:[\w-]{1,40}\.){1,4}[a-z]{2,12}|\.?(?:[\w-]{1,40}\.){1,4}(?:com|org|net|io|gov|edu|dev))(?::\d{1,5})?/?|(?:endsWith|startsWith)\s{0,2}\(\s{0,2}[\"'`](?:(?:https?:)?//(?:[\w-]{1,40}\.){1,4}[a-z]{2,12}|(?:[\w-]{1,40}\.){1,4}(?:com|org|net|io|gov|edu|dev))(?::\d{1,5})?)[\"'`]\s{0,2}\)", "a part of an address is compared, and other hosts hold it too; parse the address and compare its whole host", unless=r"(?:s|[lL]ist|[sS]et|[mM]ap)\.(?:indexOf|includes)\s{0,2}\(", present=r"(?:indexOf|includes|endsWith|startsWith)\s{0,2}\(\s{0,2}[\"'`][^\"'`\n]{0,240}\.[a-z]"),
    _rule("incomplete-escaping", 116, _MED, _JS, r"\.replace\s{0,2}\(\s{0,2}(?:\"(?:['<>&*|]|\\[\"\\]|\.\./?)\"|'(?:[\"<>&*|]|\\['\\]|\.\./?)'|/\\?['\"<>&*|]/[imuy]{0,3})\s{0,2},", "only the first occurrence is replaced"),
    _rule("incomplete-escaping", 116, _MED, _JS, r"\.replace(?:All)?\s{0,2}\(\s{0,2}/\(?(['\"])\)?/g\s{0,2},\s{0,2}[\"']\\\\(?:\\?['\"]|\$[&1])[\"']", "the quotes are escaped, but not the backslashes before them", absent=r"/\(?\\\\\)?/g|\[[^\]\n]{0,20}\\\\[^\]\n]{0,20}\]"),
    _rule("incomplete-escaping", 116, _MED, _JS, r"\.replace\s{0,2}\(\s{0,2}(?:[\"'](\\n|[%{}\[\]$#;])[\"']|/\\?(\\n|[%{}\[\]$#;])/[imuy]{0,3})\s{0,2},\s{0,2}[\"'`](?:\\\\|%[0-9A-F]{2}|&#?\w)", "only the first occurrence is replaced"),
    _rule("incomplete-filter", 116, _MED, _JS, r"\.replace(?:All)?\s{0,2}\(\s{0,2}/(?:<\(?(?:\\?/)?script|<!--|\\\.\\\.\\/)", "what is taken out may come together again from what is left; repeat it until nothing changes, or use a parser"),
    _rule("part-of-address-checked", 20, _MED, "python", r"(?:\bif|\belif|\band|\bor|\bnot|\breturn|=|\()\s{0,2}[\"'](?:https?://)?(?:[\w-]{1,40}\.){1,3}(?:com|org|net|io)[\"']\s{1,3}(?:not\s{1,3})?in\s{1,3}[\w.]{0,40}(?:url|uri|link|href|host|origin|referr?er|netloc|domain)\w{0,10}(?<!s)\b(?!\.)|\b\w{0,40}(?:url|uri|link|href|host|origin|referr?er|netloc|domain)\w{0,10}\.(?:startswith|endswith)\(\s{0,2}[\"'](?:https?://)?(?:[\w-]{1,40}\.){1,3}(?:com|org|net|io)[\"']\s{0,2}\)", "a part of an address is compared, and other hosts hold it too; parse the address and compare its whole host", present=r"\.(?:com|org|net|io)[\"']"),
    _rule("part-of-address-checked", 20, _MED, "go", r"strings\.(?:Contains|HasPrefix|HasSuffix)\s{0,2}\(\s{0,2}[\w.()]{0,40}(?i:url|uri|link|href|host|origin|referr?er|domain)\w{0,10}(?:\(\))?\s{0,2},\s{0,2}\"(?:https?://)?(?:[\w-]{1,40}\.){1,4}(?:com|org|net|io|dev)\"\s{0,2}\)", "a part of an address is compared, and other hosts hold it too; parse the address and compare its whole host"),
    _rule("incomplete-scheme-list", 20, _MED, _JS, r"\.(?:startsWith|indexOf|includes)\s{0,2}\(\s{0,2}[\"']javascript:?[\"']|/\^?(?:\\s\*)?javascript:/[a-z]{0,3}\.test|[!=]==?\s{0,2}[\"']javascript:[\"']", "other schemes run code too: data: and vbscript:; allow http and https only", absent=r"vbscript|[\"'|(]data:"),
    _rule("double-escaping", 116, _MED, _JS, r"\.replace(?:All)?\s{0,2}\(\s{0,2}(?:/&amp;/g?|[\"']&amp;[\"'])\s{0,2},\s{0,2}[\"']&[\"']\s{0,2}\)\s{0,40}\.replace(?:All)?\s{0,2}\(\s{0,2}[/\"']&(?:lt|gt|quot|#\d)|\.replace(?:All)?\s{0,2}\(\s{0,2}/[<>\"]/g\s{0,2},\s{0,2}[\"']&(?:lt|gt|quot);[\"']\s{0,2}\)\s{0,40}\.replace(?:All)?\s{0,2}\(\s{0,2}/&/g", "what was escaped is escaped or unescaped a second time: & comes first when escaping and last when unescaping"),
    _rule("incomplete-escaping", 116, _MED, _JS, r"\.replace(?:All)?\s{0,2}\(\s{0,2}/\\?([\"'<>&])/g?\s{0,2},\s{0,2}(?:\"\\?\1\"|'\\?\1')\s{0,2}\)", "a character is replaced by itself"),
    _rule("incomplete-filter", 116, _MED, _JS, r"\.replace(?:All)?\s{0,2}\(\s{0,2}/[^\n/]{0,20}\bon\\w[+*]|/<script[^\n/]{0,60}<\\/script>/[gimsuy]{0,4}\.(?:test|exec)\s{0,2}\(", "what is taken out may come together again from what is left; repeat it until nothing changes, or use a parser"),
    _rule("trace-shown", 209, _LOW, _JS, r"\b(?:res|response|reply)(?:\.status\(\s{0,2}\d{3}\s{0,2}\))?\.(?:send|end|write|json)\s{0,2}\([^\n)]{0,60}\b(?:e|err|error|ex|exception)\.stack\b", "where in the program an error came about is shown to whoever asked"),
    _rule("request-validation-off", 79, _LOW, "csharp", r"\[(?:\w{1,30}\s{0,2},\s{0,2}){0,4}ValidateInput\s{0,2}\(\s{0,2}false\s{0,2}\)|\bEnableViewStateMac\s{0,2}=\s{0,2}false|\bvalidateRequest\s{0,2}=\s{0,2}\"false", "the framework no longer looks for markup in what is sent, or for changes in what it gets back"),
    _rule("unsafe-deserialisation", 502, _MED, "csharp", r"\bTypeFilterLevel\.Full\b|\bTypeless\.Deserialize\w{0,8}\s{0,2}[(<]", "objects of any type are built from bytes"),
    _rule("certificate-not-checked", 295, _HIGH, "csharp", r"X509VerificationFlags\.(?:AllFlags|AllowUnknownCertificateAuthority)\b|X509CertificateValidationMode\.None\b", "the certificate of the other side is not checked"),
    _rule("trace-shown", 209, _LOW, "csharp", r"(?:\bResponse\.Write(?:Async)?|\b(?:BadRequest|Content|StatusCode|Problem|Ok))\s{0,2}\([^;\n]{0,80}\b(?:e|ex|err|error|exc|exception)\.(?:StackTrace\b|ToString\s{0,2}\()", "where in the program an error came about is shown to whoever asked"),
    _rule("debug-mode", 489, _LOW, "csharp", r"\.UseDeveloperExceptionPage\s{0,2}\(", "debug output is on", absent=r"\bIsDevelopment\b|#if\s{1,4}DEBUG"),
    _rule("temporary-file", 377, _LOW, "csharp", r"(?:File\.(?:WriteAll|AppendAll|Create|Open)\w{0,15}|new\s{1,3}(?:FileStream|StreamWriter))\s{0,2}\(\s{0,2}Path\.(?:Combine|Join)\s{0,2}\(\s{0,2}Path\.GetTempPath\(\)\s{0,2},\s{0,2}\"[^\"{\n]{1,80}\"\s{0,2}\)", "the name of the temporary file can be guessed"),
    _rule("temporary-file", 377, _LOW, _C, r"(?<!\w)(?:_?mktemp|_?w?tempnam|tmpnam(?:_r)?)\s{0,2}\(", "the name of the temporary file can be guessed", unless=r"char\s{0,2}\*\s{0,2}\w", absent=r"\bO_EXCL\b|\bCREATE_NEW\b"),
    _rule("archive-extraction", 22, _MED, "go java csharp python", r"(?:filepath\.Join|new\s{1,3}File)\s{0,2}\([^\n]{0,120}?(?:\.Name\b|getName\(\)|\.FullName\b)|Path\.Combine\s{0,2}\([^\n]{1,120}?,[^\n]{1,80}?(?<!\))\.FullName\b|\.extractall\s{0,2}\(\s{0,2}\)", "names inside an archive choose where files go", unless=r"\.Rel\(|Clean|Base|new\s{1,3}File\s{0,2}\([^()\n]{1,120}\)\.getName\(", after=r"\.[sS]tartsWith\s{0,2}\(|\.HasPrefix\s{0,2}\(|\.IsLocal\s{0,2}\(|\.Rel\s{0,2}\("),
    _rule("xml-external-entity", 611, _MED, "java kotlin", r"(?:DocumentBuilder|SAXParser|XMLInput|SAXTransformer|Transformer|Schema)Factory\.new(?:Default)?Instance|new\s{1,3}(?:SAXBuilder|SAXReader|DOMParser|SAXParser)\s{0,2}\(|XMLReaderFactory\.createXMLReader|\.unmarshal\s{0,2}\(|\.parse\s{0,2}\(\s{0,2}\w{0,30}(?:\.getInputStream|[iI]nput|[xX]ml)|new\s{1,3}Digester\s{0,2}\(|XPath\w{0,10}\.evaluate\s{0,2}\(", "an XML parser resolves external entities unless told not to", absent=r"setFeature\s{0,2}\(|setExpandEntityReferences|ACCESS_EXTERNAL|accessExternal|SUPPORT_DTD|IS_SUPPORTING_EXTERNAL|setEntityResolver|setXMLResolver"),
    _rule("xml-external-entity", 611, _MED, "csharp", r"XmlResolver\s{0,2}=\s{0,2}new|DtdProcessing\.Parse|ProhibitDtd\s{0,2}=\s{0,2}false|new\s{1,3}XmlTextReader\s{0,2}\(|new\s{1,3}XmlDocument\s{0,2}\(", "an XML parser resolves external entities", unless=r"XmlResolver\s{0,2}=\s{0,2}null|DtdProcessing\.(?:Prohibit|Ignore)", after=r"XmlResolver\s{0,2}=\s{0,2}null|\.DtdProcessing\s{0,2}=\s{0,2}DtdProcessing\.(?:Prohibit|Ignore)"),
    _rule("xml-external-entity", 611, _MED, "php javascript typescript", r"LIBXML_(?:NOENT|DTDLOAD)|libxml_disable_entity_loader\s{0,2}\(\s{0,2}false|noent\s{0,2}:\s{0,2}true|resolveExternals\s{0,2}=\s{0,2}true", "an XML parser resolves external entities"),
    _rule("weak-hash", 328, _LOW, "csharp php ruby c cpp rust", r"getInstance\s{0,2}\(\s{0,2}[\"'](?:MD[245]|SHA-?1)[\"']|(?:md5|sha1)\.(?:New|Sum)\s{0,2}\(|create(?:Hash|Hmac)\s{0,2}\(\s{0,2}[\"'](?:md[245]|sha1)[\"']|(?<![\w>$.])(?:md5|sha1)(?:_file)?\s{0,2}\(\s{0,2}\$|hash\s{0,2}\(\s{0,2}[\"'](?:md5|sha1)[\"']|(?:MD5|SHA1)(?:CryptoServiceProvider|Managed|\.Create)\b|Digest::(?:MD5|SHA1)\b|\b(?:MD[245]|SHA1)(?:_Init|_Update|_Final|Init|Final)?\s{0,2}\(|Sha1::new|Md5::new|\bCryptoJS\.(?:MD5|SHA1)|hashlib\.(?:md5|sha1)\s{0,2}\(|CALG_(?:MD5|SHA1?)\b|DigestUtils\.(?:md5|sha1)\w{0,5}\s{0,2}\(|EVP_(?:md5|sha1)\s{0,2}\(", "MD5 and SHA-1 no longer resist collisions"),
    _rule("weak-cipher", 327, _MED, "csharp php ruby c cpp", r"Cipher\.getInstance\s{0,2}\(\s{0,2}[\"'](?:DES|DESede|RC[245]|Blowfish|ARCFOUR|AES(?:/ECB[^\"']{0,40})?)[\"'/]|getInstance\s{0,2}\(\s{0,2}[\"'](?:DES|RC4|ARCFOUR)|(?:des|rc4)\.New\w{0,20}\s{0,2}\(|create(?:Cipher|Decipher)(?:iv)?\s{0,2}\(\s{0,2}[\"'](?:des|rc[24]|bf|aes-\d{3}-ecb)[^\"']{0,12}[\"']|create(?:Cipher|Decipher)\s{0,2}\(|MCRYPT_(?:DES|RC2|3DES|MODE_ECB|RIJNDAEL)\w{0,8}|(?:DES|TripleDES|RC2)(?:CryptoServiceProvider|\.Create)\b|CipherMode\.ECB|EVP_(?:des|rc4|rc2|bf)_?\w{0,12}\s{0,2}\(|DES_(?:ecb|ncbc|set_key)\w{0,12}\s{0,2}\(|CALG_(?:DES|3DES|RC[24])\b|(?:mcrypt_(?:en|de)crypt|crypt)\s{0,2}\(\s{0,2}\$", "the cipher or its mode is broken or outdated"),
    _rule("weak-random", 338, _LOW, "rust", r"\bMath\.random\s{0,2}\(|new\s{1,3}(?:java\.util\.)?Random\s{0,2}\(|\bmath/rand\b|(?<![\w.>$])(?:rand|random|srand|drand48|lrand48|mt_rand|lcg_value|uniqid|array_rand|str_shuffle)\s{0,2}\(|\brandom\.(?:random|randint|choice|randrange|uniform|sample)\s{0,2}\(|pseudoRandomBytes|RandomStringUtils", "the generator can be predicted; keys and tokens need a cryptographic one", unless=r"(?:int|static|void)\s+rand\s*\("),
    _rule("certificate-not-checked", 295, _HIGH, "java csharp go javascript typescript php ruby c cpp python", r"InsecureSkipVerify\s{0,2}:\s{0,2}true|rejectUnauthorized\s{0,2}:\s{0,2}false|NODE_TLS_REJECT_UNAUTHORIZED|CURLOPT_SSL_VERIFY(?:PEER|HOST)\s{0,2},\s{0,2}(?:0|false|FALSE)|VERIFY_NONE|DangerousAcceptAnyServerCertificateValidator|NoopHostnameVerifier|ALLOW_ALL_HOSTNAME|AllowAllHostnameVerifier|setDefaultHostnameVerifier\s{0,2}\(|ssl\.InsecureIgnoreHostKey|InsecureIgnoreHostKey|SSL_VERIFY_NONE|verify\s{0,2}=\s{0,2}False|CERT_NONE|_create_unverified_context|danger_accept_invalid", "the certificate of the other side is not checked"),
    _rule("old-protocol", 327, _MED, "java csharp go javascript typescript php python c cpp", r"VersionSSL30|VersionTLS1[01]\b|[\"'](?:SSLv[23]|TLSv1(?:\.[01])?)(?:_method)?[\"']|SecurityProtocolType\.(?:Ssl3|Tls(?:11)?)\b|PROTOCOL_(?:SSLv[23]|TLSv1(?:_1)?)\b|(?:SSLv[23]|TLSv1(?:_1)?)_(?:client_|server_)?method\s{0,2}\(", "the protocol version is outdated"),
    _rule("short-key", 326, _MED, "java csharp go javascript typescript php python c cpp", r"rsa\.GenerateKey\s{0,2}\([^,\n]{1,40},\s{0,2}(?:512|768|1024)\b|(?:modulusLength|keySize|key_size|KeySize)\s{0,2}[:=]\s{0,2}(?:512|768|1024)\b|\.initialize\s{0,2}\(\s{0,2}(?:512|768|1024)\b|RSACryptoServiceProvider\s{0,2}\(\s{0,2}(?:512|768|1024)\b|RSA_generate_key\w{0,3}\s{0,2}\([^)\n]{0,60}(?:512|768|1024)\b", "the key is too short"),
    _rule("insecure-cookie", 614, _LOW, "java csharp go javascript typescript php python", r"setSecure\s{0,2}\(\s{0,2}false|(?:secure|Secure)\s{0,2}[:=]\s{0,2}[fF]alse\b|set_cookie\s{0,2}\([^)\n]{0,200}secure\s{0,2}=\s{0,2}False", "the cookie is sent in clear", present=r"(?i)cookie|session"),
    _rule("script-readable-cookie", 1004, _LOW, "java csharp go javascript typescript php python", r"setHttpOnly\s{0,2}\(\s{0,2}false|(?:httpOnly|HttpOnly)\s{0,2}[:=]\s{0,2}[fF]alse\b|set_cookie\s{0,2}\([^)\n]{0,200}httponly\s{0,2}=\s{0,2}False", "the cookie is readable by scripts", present=r"(?i)cookie|session"),
    _rule("hard-coded-credential", 798, _MED, "java csharp go javascript typescript php ruby c cpp kotlin rust", r"(?:passw(?:or)?d|pwd|secret|api_?key|access_?key|auth_?token|private_?key)\w{0,20}[\"']?\s{0,3}(?::\s{0,2}(?:string|String)\s{0,2})?(?::?=|:|=>)\s{0,3}[\"'][^\"'\s]{6,120}[\"']", "a credential is written into the code", unless=r"getenv|environ|example|placeholder|changeme|\$\{|xxx|<[a-z]|prompt|label|message|error|field|getParameter|(?:input|type|name|id)\s*=|[\"'](?:\w{1,20}_)?passw(?:or)?d[\"']", fold=True),
    _rule("hard-coded-credential", 798, _MED, "java csharp php go", r"(?:getConnection|mysqli?_connect|SecretKeySpec|PasswordAuthentication|NetworkCredential|SetBasicAuth|IvParameterSpec)\s{0,2}\([^\n]{0,120}?[\"'][^\"'\n]{4,80}[\"']\s{0,3}(?:\.getBytes|\.toCharArray|,\s{0,2}[\"'][^\"'\n]{3,80}[\"'])", "a credential is written into the code", unless=r"[\"'](?:\w{1,20}_)?passw(?:or)?d[\"']|getenv"),
    _rule("cross-origin-wildcard", 942, _LOW, "java csharp go javascript typescript php python", r"Access-Control-Allow-Origin[\"']?\s{0,3}[,:]\s{0,3}[\"']\*", "any site may read the answers"),
    _rule("csrf-off", 352, _LOW, "java csharp python javascript", r"csrf\(\)\.disable|\[IgnoreAntiforgeryToken\b|ValidateAntiForgeryToken\s{0,2}=\s{0,2}false|@csrf_exempt|\[HttpPost\]", "state changes are not protected against forged requests", unless=r"ValidateAnti[fF]orgery", absent=r"\[ApiController\]|AutoValidateAntiforgery", after=r"ValidateAnti[fF]orgery"),
    _rule("slow-pattern", 1333, _LOW, _JS + " python java csharp go", r"/[^/\n]{0,80}\([^()\n]{0,60}[+*]\)[+*][^/\n]{0,80}/|(?:compile|RegExp|Regex)\s{0,2}\([^\n]{0,40}[\"'][^\"'\n]{0,80}\([^()\n]{0,60}[+*]\)[+*]", "the expression can take exponential time", unless=r"\bTimeSpan\.|\bmatchTimeout\b", absent="REGEX_DEFAULT_MATCH_TIMEOUT"),
    _rule("dynamic-pattern", 1333, _LOW, _JS, r"new\s{1,3}RegExp\s{0,2}\(\s{0,2}(?![\w.$]{1,60}\.source\b)[A-Za-z_]", "an expression is built from a value"),
    _rule("prototype-pollution", 915, _LOW, _JS, r"\[[a-zA-Z_]\w{0,30}\]\s{0,2}\[[a-zA-Z_]\w{0,30}\]\s{0,2}=(?!=)", "a value chooses which property is written", unless=r"\[(?:[ijmnxyrc]|row|col|idx|index)\]\s{0,2}\[(?:[ijkmnxyrc]|row|col|idx|index)\]|\bthis\s{0,2}\[|\[k[A-Z]", absent=r"__proto__|\.create\(\s{0,2}null\b"),
    _rule("debug-mode", 489, _LOW, "python php javascript", r"\bapp\.run\s{0,2}\([^)\n]{0,100}debug\s{0,2}=\s{0,2}True|\bDEBUG\s{0,2}=\s{0,2}True|display_errors[\"']?\s{0,2},\s{0,2}(?:1|[\"']on)", "debug output is on"),
    _rule("weak-comparison", 208, _LOW, _JS, r"\b\w{0,20}(?:passw(?:or)?d|secret|token|hash|signature)\w{0,10}\s{0,2}(?:===?|!==?)\s{0,2}(?!null|undefined|true|false|[\"']{2}|\d|typeof)[A-Za-z_$]", "secrets are compared in a time that tells how much is right", fold=True),
    _rule("listens-everywhere", 1327, _LOW, "go python javascript", r"[\"'](?:0\.0\.0\.0|\[::\]):?\d{0,5}[\"']|net\.Listen\s{0,2}\([^,\n]{1,20},\s{0,2}[\"']:\d", "the service listens on every address"),
    _rule("unsafe-memory", 676, _LOW, "rust", r"\bunsafe\b(?:\s{0,2}\{|\.Pointer|\s{1,2}fn)", "the compiler's checks are switched off here"),
    _rule("command-execution", 78, _LOW, "rust", r"Command::new\s{0,2}\(\s{0,2}[^\s\")]", "an operating-system command is built at run time"),
)  # fmt: skip
