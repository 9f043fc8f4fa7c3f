"""Dangerous constructs by language: data only; the engine is in `web_code`, the paths of request data in `_code_flow`."""
# ruff: noqa: E501 - a pattern is easier to check in one piece

import re
from dataclasses import dataclass

from schemas import Severity


@dataclass(frozen=True)
class CodeRule:
    """One construct on one line.

    `languages`: names as in `CodeUnit.language`. `pattern`: linear, on a line without comments. `unless`: not when this is
    on the line too. `flow`: "" the construct alone counts; "raises" request data on the line raises the severity by one;
    "needs" it counts only with request data. `kind`: which cleaning makes it harmless (see `_code_flow`).
    """

    id: str
    cwe: str
    severity: Severity
    languages: frozenset[str]
    pattern: re.Pattern[str]
    message: str
    unless: re.Pattern[str] | None = None
    flow: str = ""
    kind: str = "code"


_JS, _C = "javascript typescript", "c cpp"
_LOW, _MED, _HIGH = Severity.LOW, Severity.MEDIUM, Severity.HIGH


def _rule(  # noqa: PLR0913, PLR0917 - one row of the table below, in its column order
    id_: str,
    cwe: int,
    severity: Severity,
    languages: str,
    pattern: str,
    message: str,
    flow: str = "",
    kind: str = "code",
    unless: str = "",
    fold: bool = False,
) -> CodeRule:
    flags = re.IGNORECASE if fold else 0
    return CodeRule(
        id=id_,
        cwe=f"CWE-{cwe}",
        severity=severity,
        languages=frozenset(languages.split()),
        pattern=re.compile(pattern, flags),
        message=message,
        unless=re.compile(unless, flags) if unless else None,
        flow=flow,
        kind=kind,
    )


_SQL = r"[\"'`]\s{0,4}(?:select\s[^\n]{0,160}?\sfrom|insert\s{1,4}into|update\s[^\n]{0,80}?\sset|delete\s{1,4}from|drop\s{1,4}table|exec(?:ute)?\s)[^\n]{0,240}?"

RULES: tuple[CodeRule, ...] = (
    # SQL
    _rule("sql-concatenation", 89, _MED, "java csharp go javascript typescript python ruby kotlin", _SQL + r"[\"'`]\s{0,4}\+\s{0,4}[A-Za-z_(@]", "SQL text is joined with a value; use bound parameters", "raises", "sql", fold=True),
    _rule("sql-template", 89, _MED, "javascript typescript", _SQL.replace("[\"'`]", "`", 1) + r"\$\{", "SQL text has a value written into it; use bound parameters", "raises", "sql", fold=True),
    _rule("sql-interpolation", 89, _MED, "csharp python ruby", r"(?:\$@?|f)" + _SQL + r"\{\w|" + _SQL + r"#\{", "SQL text has a value written into it; use bound parameters", "raises", "sql", fold=True),
    _rule("sql-format", 89, _MED, "go java csharp python", r"(?:Sprintf|String\.format|string\.Format|\.format)\s{0,2}\(\s{0,4}" + _SQL + r"%[sv]|(?:Format)\s{0,2}\(\s{0,4}" + _SQL + r"\{0|" + _SQL + r"%s[^\n]{0,200}?[\"']\s{0,4}%\s{0,4}[\w(]|" + _SQL + r"\{\w{0,20}\}[^\n]{0,200}?[\"']\.format\(", "SQL text is formatted with a value; use bound parameters", "raises", "sql", unless=r"%%s", fold=True),
    _rule("sql-concatenation", 89, _MED, "php", _SQL + r"(?:[\"']\s{0,4}\.\s{0,4}\$|\$\w)", "SQL text has a value written into it; use bound parameters", "needs", "sql", fold=True),
    _rule("sql-unquoted-value", 89, _MED, "php", _SQL + r"[=(,]\s{0,3}(?:\$\w|[\"']\s{0,3}\.\s{0,3}\$)", "SQL text has a value written into it without quotes, so that escaping does not help", "needs", fold=True),
    _rule("sql-execution", 89, _MED, "php", r"(?:mysqli?_query|pg_query|sqlite_query|mssql_query|odbc_exec|->(?:query|exec|prepare))\s{0,2}\(", "a query is run on text that holds request data", "needs", "sql"),
    _rule("sql-execution", 89, _MED, "java csharp go javascript typescript python ruby", r"\.(?:executeQuery|executeUpdate|execute|createQuery|createNativeQuery|prepareStatement|prepareCall|Query(?:Row)?(?:Context)?|Exec(?:Context)?|query|raw|find_by_sql|where|ExecuteSqlRaw|FromSqlRaw)\s{0,2}\(|new\s{1,4}(?:Sql|OleDb|MySql)Command\s{0,2}\(", "a query is run on text that holds request data", "needs", "sql", unless=r"\(\s{0,2}(?:\w{1,20}\s{0,2},\s{0,2})?[\"'`][^\"'`\n]{0,400}[\"'`]\s{0,2}[,)]"),
    # commands
    _rule("command-execution", 78, _MED, "java kotlin", r"\.exec\s{0,2}\(\s{0,2}[^\s\")]|new\s{1,4}ProcessBuilder\s{0,2}\(\s{0,2}[^\s\")]", "an operating-system command is built at run time", "raises", "shell", unless=r"\b(?:pattern|matcher|regex)\w*\.exec"),
    _rule("command-execution", 78, _MED, _JS, r"\b(?:child_process|cp|child|foo|shell|proc(?:ess)?)\w{0,20}\.(?:exec|execSync)\s{0,2}\(\s{0,2}[^\s\"')]|(?<![.\w])(?:exec|execSync)\s{0,2}\(\s{0,2}(?:[A-Za-z_`]|[\"'][^\"'\n]{0,200}[\"']\s{0,3}\+)|(?:spawn|execFile)(?:Sync)?\s{0,2}\([^\n]{0,200}?(?:shell\s{0,2}:\s{0,2}true|[\"'](?:sh|bash|cmd(?:\.exe)?)[\"'])", "a shell command is built at run time; pass an argument list without a shell", "raises", "shell"),
    _rule("command-execution", 78, _HIGH, _JS, r"(?:spawn|execFile|exec|fork)(?:Sync)?\s{0,2}\(", "a command is run with request data", "needs", "shell"),
    _rule("command-execution", 78, _HIGH, "php", r"(?<![\w>$])(?:exec|shell_exec|system|passthru|popen|proc_open|pcntl_exec)\s{0,2}\([^\n]{0,200}?\$|`[^`\n]{0,200}\$", "a shell command holds request data", "needs", "shell"),
    _rule("command-execution", 78, _MED, "go", r"exec\.Command(?:Context)?\s{0,2}\((?:\s{0,2}ctx\s{0,2},)?\s{0,2}(?:[a-z_]\w{0,40}|[\"'](?:sh|bash|/bin/sh|/bin/bash|cmd)[\"']\s{0,2},)|syscall\.(?:Exec|ForkExec|StartProcess)\s{0,2}\(\s{0,2}[a-z]", "an operating-system command is built at run time", "raises", "shell"),
    _rule("command-execution", 78, _HIGH, "go", r"exec\.Command(?:Context)?\s{0,2}\(|exec\.Cmd\{", "a command is run with request data", "needs", "shell"),
    _rule("command-execution", 78, _MED, "csharp", r"Process\.Start\s{0,2}\(\s{0,2}[^\s\")]|\.(?:FileName|Arguments)\s{0,2}=\s{0,2}[^\s\";]", "an operating-system command is built at run time", "needs", "shell"),
    _rule("command-execution", 78, _MED, "ruby", r"(?:system|exec|spawn|popen|Open3\.\w+)\s{0,2}\(?\s{0,2}\"[^\"\n]{0,200}#\{|`[^`\n]{0,200}#\{|%x[\[({][^\n]{0,200}#\{", "a shell command has a value written into it", "raises", "shell"),
    _rule("command-execution", 78, _HIGH, "python", r"\b(?:os\.(?:system|popen|exec\w{1,3}|spawn\w{1,3})|commands\.getoutput|subprocess\.\w{3,20})\s{0,2}\(\s{0,2}(?:f[\"'][^\n]{0,200}\{|[\"'][^\"'\n]{0,200}[\"']\s{0,2}(?:%|\+|\.format)|[a-z_]\w{0,40}\s{0,2}\+)", "a shell command is built from a value", "raises", "shell"),
    _rule("command-execution", 78, _MED, _C, r"(?<![\w.>])(?:system|popen|_popen|_wpopen|_wsystem|execl|execlp|execv|execvp|_execl|_wexecl|_spawnl|_wspawnl|_spawnv|_wspawnv|SYSTEM|POPEN|EXECL|EXECV|ShellExecute[AW]?|WinExec|CreateProcess[AW]?|LoadLibrary[AW]?)\s{0,2}\(\s{0,2}[^\s\")L]", "a command or library is chosen at run time", "needs", "shell"),
    # code
    _rule("code-evaluation", 95, _MED, _JS, r"(?<![.\w$])eval\s{0,2}\(\s{0,2}[^\s\"')]|new\s{1,4}Function\s{0,2}\(\s{0,2}[^)\s]|(?<![.\w])Function\s{0,2}\(|vm\.run\w{2,20}\s{0,2}\(|set(?:Timeout|Interval)\s{0,2}\(\s{0,2}[\"'`]", "text is run as code", "raises", unless=r"(?:function|def)\s+eval\b"),
    _rule("code-evaluation", 95, _HIGH, _JS, r"set(?:Timeout|Interval)\s{0,2}\(|\$\.globalEval|execScript|\.(?:runInNewContext|runInThisContext)\s{0,2}\(|\beval\s{0,2}\(", "request data is run as code", "needs"),
    _rule("code-evaluation", 95, _HIGH, "php", r"(?<![\w>$])(?:eval|assert|create_function|call_user_func(?:_array)?)\s{0,2}\([^\n]{0,200}?\$|preg_replace\s{0,2}\(\s{0,2}[\"']/[^\n]{0,100}/\w{0,5}e\w{0,5}[\"']", "text is run as code", "raises"),
    _rule("code-evaluation", 94, _MED, "java", r"\.(?:createExpression|parseExpression|createScript|evalInstance|evaluate|createTemplate|setELContext|createValueExpression|createMethodExpression)\s{0,2}\(\s{0,2}(?![\s\")])|ScriptEngine\w{0,10}\b[^\n]{0,100}\.eval\s{0,2}\(|(?<!\w)Ognl\.(?:get|set|parse)\w{0,20}\s{0,2}\(|new\s{1,3}GroovyShell|GroovyShell\w{0,10}\.\w{3,20}\s{0,2}\(|MVEL\.\w{4,30}\s{0,2}\(", "an expression language runs text as code", "raises"),
    _rule("code-evaluation", 94, _MED, "csharp", r"CompileAssemblyFrom\w{3,10}|CSharpScript\.\w{3,15}\s{0,2}\(|DynamicExpression", "text is compiled and run", "raises"),
    _rule("code-evaluation", 95, _MED, "ruby", r"(?<![.\w])(?:eval|instance_eval|class_eval|constantize|send)\s{0,2}\(?\s{0,2}(?:params|[a-z]\w{0,30}\[)", "text is run as code", "raises"),
    _rule("code-evaluation", 95, _MED, "python", r"(?<![.\w])(?:eval|exec|compile|execfile)\s{0,2}\(\s{0,2}(?![\s\")'])", "text is run as code", "raises", unless=r"literal_eval|def\s+(?:eval|exec|compile)|re\.compile"),
    # deserialisation
    _rule("unsafe-deserialisation", 502, _MED, "java", r"\.readObject\s{0,2}\(|\.readUnshared\s{0,2}\(|XMLDecoder\s{0,2}\(|\.fromXML\s{0,2}\(|enableDefaultTyping|new\s{1,3}Yaml\s{0,2}\(\s{0,2}\)|JSON\.parseObject\s{0,2}\(", "objects are built from untrusted bytes", "raises", unless=r"SafeConstructor|ValidatingObjectInputStream|void\s+readObject"),
    _rule("unsafe-deserialisation", 502, _MED, "csharp", r"(?:BinaryFormatter|NetDataContractSerializer|LosFormatter|ObjectStateFormatter|SoapFormatter|JavaScriptTypeResolver|SimpleTypeResolver)\s{0,2}\(|TypeNameHandling\.(?:All|Auto|Objects|Arrays)", "objects of any type are built from bytes", "raises"),
    _rule("unsafe-deserialisation", 502, _HIGH, "php", r"(?<![\w>$])unserialize\s{0,2}\(\s{0,2}\$", "objects are built from untrusted text", "raises", unless=r"allowed_classes"),
    _rule("unsafe-deserialisation", 502, _MED, "ruby", r"(?:YAML|Marshal)\.(?:load|unsafe_load)\s{0,2}\(", "objects are built from untrusted text", "raises"),
    _rule("unsafe-deserialisation", 502, _MED, _JS, r"(?:node-serialize|serialize)\w{0,10}\.unserialize\s{0,2}\(|yaml\.load\s{0,2}\(|jsyaml\.load\s{0,2}\(", "objects are built from untrusted text", "raises", unless=r"safeLoad|JSON_SCHEMA|FAILSAFE"),
    # cross-site scripting
    _rule("xss", 79, _HIGH, "php", r"(?<![\w>$])(?:echo|print|printf|print_r|die|exit)\b[^\n]{0,300}?\$|<\?=", "request data is written into the page", "needs", "html"),
    _rule("xss", 79, _MED, _JS, r"\.(?:innerHTML|outerHTML)\s{0,2}\+?=\s{0,2}(?![\s\"']|`[^$]{0,200}`\s*;)|document\.write(?:ln)?\s{0,2}\(\s{0,2}(?![\s\"')])|insertAdjacentHTML\s{0,2}\([^,\n]{1,40},\s{0,2}(?![\s\"'])|dangerouslySetInnerHTML|\bv-html\b|bypassSecurityTrust\w{2,20}\s{0,2}\(", "markup is built from a value", "raises", "html"),
    _rule("xss", 79, _HIGH, _JS, r"\b(?:res|response)\.(?:send|write|end|status\(\d{3}\)\.send)\s{0,2}\(|\.(?:html|append|prepend|after|before|replaceWith|wrap|innerHTML|srcdoc)\s{0,2}[(=]|document\.write|(?<![.\w])\$\s{0,2}\(", "request data is written into the page", "needs", "html", unless=r"\.json\(|res\.send\(\s*\{"),
    _rule("xss", 79, _HIGH, "java", r"(?:getWriter\(\)|getOutputStream\(\)|\bout|writer|pw)\.(?:print|println|write|append|printf)\s{0,2}\(", "request data is written into the page", "needs", "html"),
    _rule("xss", 79, _HIGH, "go", r"(?:fmt\.Fp?rintf?(?:ln)?\s{0,2}\(\s{0,2}\w{1,20}\s{0,2},|\bw\.Write\s{0,2}\(|io\.WriteString\s{0,2}\(|template\.(?:HTML|JS|URL|HTMLAttr)\s{0,2}\()", "request data is written into the page", "needs", "html"),
    _rule("xss", 79, _MED, "go", r"template\.(?:HTML|JS|HTMLAttr|CSS)\s{0,2}\(\s{0,2}[a-zA-Z]", "a value is declared safe markup", "raises", "html"),
    _rule("xss", 79, _HIGH, "csharp", r"Response\.Write\s{0,2}\(|\.InnerHtml\s{0,2}=|Html\.Raw\s{0,2}\(|\.Text\s{0,2}=\s{0,2}Request", "request data is written into the page", "needs", "html"),
    _rule("xss", 79, _MED, "ruby", r"\braw\s{1,2}\w|\.html_safe\b|render\s{1,3}(?:inline|text|html):", "a value is declared safe markup", "raises", "html"),
    _rule("xss", 79, _HIGH, "python", r"\b(?:HttpResponse|make_response|Response|Markup|mark_safe|format_html|render_template_string|self\.write)\s{0,2}\(|(?<!\w)return\s{1,3}(?:f?[\"'][^\n]{0,200}<[^\n]{0,200}(?:%|\+|\.format|\{)|[\"'][^\"'\n]{0,200}[\"']\s{0,2}(?:\+|%))", "request data is written into the page", "needs", "html"),
    # paths and includes
    _rule("path-traversal", 22, _HIGH, _JS, r"(?:fs\.\w{3,20}|\.(?:readFile|readFileSync|writeFile|createReadStream|createWriteStream|sendFile|sendfile|unlink|readdir)|path\.(?:join|resolve)|(?<![.\w])require)\s{0,2}\(", "a file path holds request data", "needs", "path"),
    _rule("path-traversal", 22, _LOW, _JS, r"\bfs\.(?:readFile|writeFile|unlink|createReadStream|open|appendFile|readdir|stat)(?:Sync)?\s{0,2}\(\s{0,2}[A-Za-z_]\w{0,40}\s{0,2}[,)+]|(?<![.\w])require\s{0,2}\(\s{0,2}[A-Za-z_]", "a file is chosen by a value", "raises", "path"),
    _rule("path-traversal", 22, _HIGH, "java kotlin", r"new\s{1,3}(?:java\.io\.)?File(?:Reader|Writer|InputStream|OutputStream)?\s{0,2}\(|Paths\.get\s{0,2}\(|Files\.\w{3,20}\s{0,2}\(|Path\.of\s{0,2}\(", "a file path holds request data", "needs", "path"),
    _rule("path-traversal", 22, _HIGH, "go", r"(?:os\.(?:Open\w{0,4}|ReadFile|WriteFile|Remove\w{0,3}|Create|MkdirAll)|ioutil\.(?:ReadFile|WriteFile|ReadDir)|http\.ServeFile|filepath\.Join|path\.Join)\s{0,2}\(", "a file path holds request data", "needs", "path"),
    _rule("path-traversal", 22, _HIGH, "php", r"(?<![\w>$])(?:include|require)(?:_once)?\b[^\n]{0,200}?\$|(?<![\w>$])(?:fopen|file_get_contents|file_put_contents|readfile|unlink|file|copy|rename|opendir)\s{0,2}\([^\n]{0,200}?\$", "a file path holds request data", "needs", "path"),
    _rule("path-traversal", 22, _HIGH, "csharp", r"(?:File|Directory|FileInfo|DirectoryInfo|StreamReader|StreamWriter|FileStream|MapPath|TransmitFile|WriteFile)\b[^\n(]{0,40}\(", "a file path holds request data", "needs", "path"),
    _rule("path-traversal", 22, _HIGH, "python", r"(?<![.\w])open\s{0,2}\(|os\.path\.join\s{0,2}\(|os\.(?:remove|unlink|rmdir|mkdir|makedirs|listdir|rename)\s{0,2}\(|send_file\s{0,2}\(|shutil\.\w{3,12}\s{0,2}\(|Path\s{0,2}\(", "a file path holds request data", "needs", "path"),
    _rule("path-traversal", 22, _HIGH, "ruby", r"(?:File|IO|Dir|FileUtils)\.\w{3,15}\s{0,2}\(|send_file\b", "a file path holds request data", "needs", "path"),
    _rule("path-traversal", 22, _MED, _C, r"(?<![\w.>])(?:fopen|_wfopen|open|OPEN|FOPEN|CreateFile[AW]?|ifstream|ofstream|unlink|remove)\s{0,2}\(\s{0,2}[^\s\")L]|\.open\s{0,2}\(\s{0,2}[^\s\")]", "a file path comes from outside", "needs", "path"),
    _rule("archive-extraction", 22, _MED, "go java csharp python", r"(?:filepath\.Join|new\s{1,3}File|Path\.Combine)\s{0,2}\([^\n]{0,120}?(?:\.Name\b|getName\(\)|\.FullName\b)|\.extractall\s{0,2}\(\s{0,2}\)", "names inside an archive choose where files go", unless=r"\.Rel\(|Clean|Base"),
    # addresses
    _rule("open-redirect", 601, _MED, _JS, r"\bres(?:ponse)?\.redirect\s{0,2}\(|(?:window\.)?location(?:\.href)?\s{0,2}=(?!=)|location\.(?:assign|replace)\s{0,2}\(|window\.open\s{0,2}\(", "request data chooses where the browser goes", "needs", "url"),
    _rule("open-redirect", 601, _MED, "java", r"\.sendRedirect\s{0,2}\(|[\"']redirect:[\"']\s{0,2}\+|new\s{1,3}(?:RedirectView|ModelAndView)\s{0,2}\(|setHeader\s{0,2}\(\s{0,2}[\"']Location", "request data chooses where the browser goes", "needs", "url"),
    _rule("open-redirect", 601, _MED, "go", r"http\.Redirect\s{0,2}\(|Header\(\)\.(?:Set|Add)\s{0,2}\(\s{0,2}[\"']Location", "request data chooses where the browser goes", "needs", "url"),
    _rule("open-redirect", 601, _MED, "php", r"(?<![\w>$])header\s{0,2}\([^\n]{0,200}?\$|http_redirect\s{0,2}\(", "request data chooses where the browser goes", "needs", "url"),
    _rule("open-redirect", 601, _MED, "csharp", r"\bRedirect(?:Permanent|ToRoute)?\s{0,2}\(|RedirectLocation\s{0,2}=", "request data chooses where the browser goes", "needs", "url"),
    _rule("open-redirect", 601, _MED, "python ruby", r"(?<!\w)(?:redirect|redirect_to|HttpResponseRedirect)\b\s{0,2}\(?", "request data chooses where the browser goes", "needs", "url"),
    _rule("request-forgery", 918, _MED, _JS, r"\b(?:axios(?:\.\w{3,7})?|fetch|request(?:\.\w{3,7})?|got(?:\.\w{3,7})?|https?\.(?:get|request)|needle\.\w{3,7}|superagent\.\w{3,7})\s{0,2}\(", "request data chooses which host this server asks", "needs", "url"),
    _rule("request-forgery", 918, _MED, "java go python csharp", r"new\s{1,3}(?:java\.net\.)?UR[LI]\s{0,2}\(|HttpGet\s{0,2}\(|http\.(?:Get|Post|Head|NewRequest\w{0,12})\s{0,2}\(|requests\.\w{3,7}\s{0,2}\(|urlopen\s{0,2}\(|httpx\.\w{3,7}\s{0,2}\(|(?:GetAsync|DownloadString|WebRequest\.Create)\s{0,2}\(", "request data chooses which host this server asks", "needs", "url"),
    # XML and LDAP
    _rule("xml-external-entity", 611, _MED, "java kotlin", r"(?:DocumentBuilder|SAXParser|XMLInput|SAXTransformer|Transformer|Schema)Factory\.new(?:Default)?Instance|new\s{1,3}(?:SAXBuilder|SAXReader|DOMParser|SAXParser)\s{0,2}\(|XMLReaderFactory\.createXMLReader|\.unmarshal\s{0,2}\(|\.parse\s{0,2}\(\s{0,2}\w{0,30}(?:\.getInputStream|[iI]nput|[xX]ml)|new\s{1,3}Digester\s{0,2}\(|XPath\w{0,10}\.evaluate\s{0,2}\(", "an XML parser resolves external entities unless told not to"),
    _rule("xml-external-entity", 611, _MED, "csharp", r"XmlResolver\s{0,2}=\s{0,2}new|DtdProcessing\.Parse|ProhibitDtd\s{0,2}=\s{0,2}false|new\s{1,3}XmlTextReader\s{0,2}\(|new\s{1,3}XmlDocument\s{0,2}\(", "an XML parser resolves external entities"),
    _rule("xml-external-entity", 611, _MED, "php javascript typescript", r"LIBXML_(?:NOENT|DTDLOAD)|libxml_disable_entity_loader\s{0,2}\(\s{0,2}false|noent\s{0,2}:\s{0,2}true|resolveExternals\s{0,2}=\s{0,2}true", "an XML parser resolves external entities"),
    _rule("ldap-injection", 90, _MED, "java csharp go python php", r"ldap_(?:search|list|read)\s{0,2}\(|\.search(?:_s|_ext|_ext_s)?\s{0,2}\(|NewSearchRequest\s{0,2}\(|\.Filter\s{0,2}=|DirectorySearcher\s{0,2}\(", "a directory query holds request data", "needs", "ldap"),
    _rule("ldap-injection", 90, _MED, "java", r"[\"']\s{0,2}\(?&?\(?(?:uid|cn|mail|username|sn|ou|objectClass)\s{0,2}=[^\"'\n]{0,60}[\"']\s{0,3}\+", "a directory filter is joined with a value", "raises", "ldap"),
    _rule("xpath-injection", 643, _MED, "java csharp go python javascript php", r"(?:\.(?:xpath|selectNodes|SelectNodes|SelectSingleNode|evaluate|compile|Find|QuerySelector\w{0,4})|xpath\.(?:Compile|select\w{0,2})|etree\.XPath)\s{0,2}\([^\n]{0,200}?[\"'][^\"'\n]{0,60}/[^\n]{0,200}?[\"']\s{0,3}\+", "an XPath expression is joined with a value", "raises", "sql"),
    # cryptography and transport
    _rule("weak-hash", 328, _LOW, "java csharp go javascript typescript php ruby c cpp python rust", r"getInstance\s{0,2}\(\s{0,2}[\"'](?:MD[245]|SHA-?1)[\"']|(?:md5|sha1)\.(?:New|Sum)\s{0,2}\(|create(?:Hash|Hmac)\s{0,2}\(\s{0,2}[\"'](?:md[245]|sha1)[\"']|(?<![\w>$.])(?:md5|sha1)(?:_file)?\s{0,2}\(\s{0,2}\$|hash\s{0,2}\(\s{0,2}[\"'](?:md5|sha1)[\"']|(?:MD5|SHA1)(?:CryptoServiceProvider|Managed|\.Create)\b|Digest::(?:MD5|SHA1)\b|\b(?:MD[245]|SHA1)(?:_Init|_Update|_Final|Init|Final)?\s{0,2}\(|Sha1::new|Md5::new|\bCryptoJS\.(?:MD5|SHA1)|hashlib\.(?:md5|sha1)\s{0,2}\(|CALG_(?:MD5|SHA1?)\b|DigestUtils\.(?:md5|sha1)\w{0,5}\s{0,2}\(|EVP_(?:md5|sha1)\s{0,2}\(", "MD5 and SHA-1 no longer resist collisions"),
    _rule("weak-cipher", 327, _MED, "java csharp go javascript typescript php ruby c cpp", r"Cipher\.getInstance\s{0,2}\(\s{0,2}[\"'](?:DES|DESede|RC[245]|Blowfish|ARCFOUR|AES(?:/ECB[^\"']{0,40})?)[\"'/]|getInstance\s{0,2}\(\s{0,2}[\"'](?:DES|RC4|ARCFOUR)|(?:des|rc4)\.New\w{0,20}\s{0,2}\(|create(?:Cipher|Decipher)(?:iv)?\s{0,2}\(\s{0,2}[\"'](?:des|rc[24]|bf|aes-\d{3}-ecb)[^\"']{0,12}[\"']|create(?:Cipher|Decipher)\s{0,2}\(|MCRYPT_(?:DES|RC2|3DES|MODE_ECB|RIJNDAEL)\w{0,8}|(?:DES|TripleDES|RC2)(?:CryptoServiceProvider|\.Create)\b|CipherMode\.ECB|EVP_(?:des|rc4|rc2|bf)_?\w{0,12}\s{0,2}\(|DES_(?:ecb|ncbc|set_key)\w{0,12}\s{0,2}\(|CALG_(?:DES|3DES|RC[24])\b|(?:mcrypt_(?:en|de)crypt|crypt)\s{0,2}\(\s{0,2}\$", "the cipher or its mode is broken or outdated"),
    _rule("weak-random", 338, _LOW, "java csharp go javascript typescript php ruby c cpp python rust", r"\bMath\.random\s{0,2}\(|new\s{1,3}(?:java\.util\.)?Random\s{0,2}\(|\bmath/rand\b|(?<![\w.>$])(?:rand|random|srand|drand48|lrand48|mt_rand|lcg_value|uniqid|array_rand|str_shuffle)\s{0,2}\(|\brandom\.(?:random|randint|choice|randrange|uniform|sample)\s{0,2}\(|pseudoRandomBytes|RandomStringUtils", "the generator can be predicted; keys and tokens need a cryptographic one", unless=r"(?:int|static|void)\s+rand\s*\("),
    _rule("certificate-not-checked", 295, _HIGH, "java csharp go javascript typescript php ruby c cpp python", r"InsecureSkipVerify\s{0,2}:\s{0,2}true|rejectUnauthorized\s{0,2}:\s{0,2}false|NODE_TLS_REJECT_UNAUTHORIZED|CURLOPT_SSL_VERIFY(?:PEER|HOST)\s{0,2},\s{0,2}(?:0|false|FALSE)|VERIFY_NONE|ServerCertificateValidationCallback\s{0,2}\+?=|NoopHostnameVerifier|ALLOW_ALL_HOSTNAME|AllowAllHostnameVerifier|setDefaultHostnameVerifier\s{0,2}\(|ssl\.InsecureIgnoreHostKey|InsecureIgnoreHostKey|SSL_VERIFY_NONE|verify\s{0,2}=\s{0,2}False|CERT_NONE|_create_unverified_context|danger_accept_invalid", "the certificate of the other side is not checked"),
    _rule("old-protocol", 327, _MED, "java csharp go javascript typescript php python c cpp", r"VersionSSL30|VersionTLS1[01]\b|[\"'](?:SSLv[23]|TLSv1(?:\.[01])?)(?:_method)?[\"']|SecurityProtocolType\.(?:Ssl3|Tls(?:11)?)\b|PROTOCOL_(?:SSLv[23]|TLSv1(?:_1)?)\b|(?:SSLv[23]|TLSv1(?:_1)?)_(?:client_|server_)?method\s{0,2}\(", "the protocol version is outdated"),
    _rule("short-key", 326, _MED, "java csharp go javascript typescript php python c cpp", r"rsa\.GenerateKey\s{0,2}\([^,\n]{1,40},\s{0,2}(?:512|768|1024)\b|(?:modulusLength|keySize|key_size|KeySize)\s{0,2}[:=]\s{0,2}(?:512|768|1024)\b|\.initialize\s{0,2}\(\s{0,2}(?:512|768|1024)\b|RSACryptoServiceProvider\s{0,2}\(\s{0,2}(?:512|768|1024)\b|RSA_generate_key\w{0,3}\s{0,2}\([^)\n]{0,60}(?:512|768|1024)\b", "the key is too short"),
    _rule("insecure-cookie", 614, _LOW, "java csharp go javascript typescript php python", r"setSecure\s{0,2}\(\s{0,2}false|setHttpOnly\s{0,2}\(\s{0,2}false|(?:secure|httpOnly|Secure|HttpOnly)\s{0,2}[:=]\s{0,2}[fF]alse\b|set_cookie\s{0,2}\([^)\n]{0,200}(?:secure|httponly)\s{0,2}=\s{0,2}False", "the cookie is sent in clear or readable by scripts", fold=False),
    _rule("hard-coded-credential", 798, _MED, "java csharp go javascript typescript php ruby c cpp kotlin rust", r"(?:passw(?:or)?d|pwd|secret|api_?key|access_?key|auth_?token|private_?key)\w{0,20}[\"']?\s{0,3}(?::\s{0,2}(?:string|String)\s{0,2})?(?::?=|:|=>)\s{0,3}[\"'][^\"'\s]{6,120}[\"']", "a credential is written into the code", unless=r"getenv|environ|example|placeholder|changeme|\$\{|xxx|<[a-z]|prompt|label|message|error|field|getParameter|(?:input|type|name|id)\s*=|[\"'](?:\w{1,20}_)?passw(?:or)?d[\"']", fold=True),
    _rule("hard-coded-credential", 798, _MED, "java csharp php go", r"(?:getConnection|mysqli?_connect|SecretKeySpec|PasswordAuthentication|NetworkCredential|SetBasicAuth|IvParameterSpec)\s{0,2}\([^\n]{0,120}?[\"'][^\"'\n]{4,80}[\"']\s{0,3}(?:\.getBytes|\.toCharArray|,\s{0,2}[\"'][^\"'\n]{3,80}[\"'])", "a credential is written into the code", unless=r"[\"'](?:\w{1,20}_)?passw(?:or)?d[\"']|getenv"),
    _rule("cross-origin-wildcard", 942, _LOW, "java csharp go javascript typescript php python", r"Access-Control-Allow-Origin[\"']?\s{0,3}[,:]\s{0,3}[\"']\*", "any site may read the answers"),
    _rule("csrf-off", 352, _LOW, "java csharp python javascript", r"csrf\(\)\.disable|ValidateAntiForgeryToken\s{0,2}=\s{0,2}false|@csrf_exempt|\[HttpPost\]", "state changes are not protected against forged requests", unless=r"ValidateAntiForgery"),
    # C and C++
    _rule("unbounded-copy", 120, _MED, _C, r"(?<![\w.>])(?:gets|_getws)\s{0,2}\(|(?<![\w.>])(?:strcpy|strcat|sprintf|vsprintf|wcscpy|wcscat|lstrcpy[AW]?|lstrcat[AW]?|_tcscpy|_mbscpy|StrCpy\w?|stpcpy)\s{0,2}\(\s{0,2}[^,\n]{1,80},\s{0,2}(?![\s]|L?\"[^\"%\n]{0,40}\")|(?:scanf|fscanf|sscanf)\s{0,2}\([^\"\n]{0,60}\"[^\"\n]{0,80}%s", "a copy does not know the size of its target"),
    _rule("format-string", 134, _HIGH, _C, r"(?<![\w.>])(?:printf|wprintf|vprintf)\s{0,2}\(\s{0,2}[A-Za-z_][\w\->.\[\]]{0,60}\s{0,2}\)|(?<![\w.>])(?:fprintf|fwprintf|sprintf|syslog)\s{0,2}\(\s{0,2}[^,\"\n]{1,60},\s{0,2}[A-Za-z_][\w\->.\[\]]{0,60}\s{0,2}\)|(?<![\w.>])(?:snprintf|_snprintf|_snwprintf|SNPRINTF)\s{0,2}\(\s{0,2}[^,\n]{1,60},[^,\n]{1,60},\s{0,2}[A-Za-z_][\w\->.\[\]]{0,60}\s{0,2}\)", "the format string is a variable"),
    _rule("temporary-file", 377, _LOW, _C, r"(?<![\w.>])(?:mktemp|tmpnam|tempnam|_mktemp|_tempnam|tmpnam_r)\s{0,2}\(", "the name of the temporary file can be guessed"),
    _rule("allocation-overflow", 680, _LOW, _C, r"(?<![\w.>])(?:malloc|alloca|realloc\w{0,4})\s{0,2}\([^\n;]{0,80}[A-Za-z_)\]]\s{0,2}\*\s{0,2}[A-Za-z_(][^\n;]{0,80}\)", "the size is a product that can overflow", unless=r"\(\w+\s*\*\)\s*\w+\s*\)\s*;|/\s*sizeof"),
    _rule("size-of-pointer", 467, _MED, _C, r"(?:memset|memcpy|memmove|strncpy|malloc|calloc)\s{0,2}\([^\n;]{0,100}sizeof\s{0,2}\(\s{0,2}\w{1,30}\s{0,2}\*\s{0,2}\)\s{0,2}\)", "the size of a pointer is used, not of what it points to"),
    _rule("stack-allocation", 770, _LOW, _C, r"(?<![\w.>])(?:alloca|_alloca|ALLOCA)\s{0,2}\(", "memory is taken from the stack without a limit"),
    # others
    _rule("slow-pattern", 1333, _LOW, _JS + " python java csharp go", r"/[^/\n]{0,80}\([^()\n]{0,60}[+*]\)[+*][^/\n]{0,80}/|(?:compile|RegExp|Regex)\s{0,2}\([^\n]{0,40}[\"'][^\"'\n]{0,80}\([^()\n]{0,60}[+*]\)[+*]", "the expression can take exponential time"),
    _rule("dynamic-pattern", 1333, _LOW, _JS, r"new\s{1,3}RegExp\s{0,2}\(\s{0,2}[A-Za-z_]", "an expression is built from a value", "raises"),
    _rule("prototype-pollution", 915, _LOW, _JS, r"\[[a-zA-Z_]\w{0,30}\]\s{0,2}\[[a-zA-Z_]\w{0,30}\]\s{0,2}=(?!=)|__proto__", "a value chooses which property is written"),
    _rule("log-forging", 117, _LOW, "java go csharp javascript python", r"(?:log(?:ger)?|LOG|console|logging)\w{0,10}\.(?:info|warn|error|debug|log|fatal|Print\w{0,3}|Info\w?|Error\w?|Warn\w{0,4}|Debug\w?)\s{0,2}\(", "request data is written to a log", "needs", "url"),
    _rule("clear-text-secret", 312, _LOW, "go javascript typescript java python csharp", r"(?:log(?:ger)?|console|logging|fmt|print)\w{0,10}\.?(?:info|warn|error|debug|log|print\w{0,3}|Print\w{0,3})\s{0,2}\([^\n]{0,100}\b\w{0,20}(?:passw(?:or)?d|secret|api_?key)\w{0,10}\b(?![\"'\s]*[:=]?[\"'])", "a secret is written to a log", fold=True),
    _rule("debug-mode", 489, _LOW, "python php javascript", r"\bapp\.run\s{0,2}\([^)\n]{0,100}debug\s{0,2}=\s{0,2}True|\bDEBUG\s{0,2}=\s{0,2}True|display_errors[\"']?\s{0,2},\s{0,2}(?:1|[\"']on)", "debug output is on"),
    _rule("weak-comparison", 208, _LOW, _JS, r"\b\w{0,20}(?:passw(?:or)?d|secret|token|hash|signature)\w{0,10}\s{0,2}(?:===?|!==?)\s{0,2}(?!null|undefined|true|false|[\"']{2}|\d|typeof)[A-Za-z_$]", "secrets are compared in a time that tells how much is right", fold=True),
    _rule("listens-everywhere", 1327, _LOW, "go python javascript", r"[\"'](?:0\.0\.0\.0|\[::\]):?\d{0,5}[\"']|net\.Listen\s{0,2}\([^,\n]{1,20},\s{0,2}[\"']:\d", "the service listens on every address"),
    _rule("loose-permissions", 276, _LOW, "go python c cpp php java", r"(?:os\.(?:Mkdir\w{0,3}|Chmod|OpenFile|WriteFile)|ioutil\.WriteFile|chmod|mkdir|umask|open)\s{0,2}\([^\n]{0,120}?\b0?o?(?:777|776|766|666|667|775)\b", "others may read or write the file"),
    _rule("no-timeout", 400, _LOW, "go", r"http\.(?:ListenAndServe|ListenAndServeTLS|Serve)\s{0,2}\(", "the server waits for slow clients without limit"),
    _rule("unsafe-memory", 676, _LOW, "rust go", r"\bunsafe\b(?:\s{0,2}\{|\.Pointer|\s{1,2}fn)", "the compiler's checks are switched off here"),
    _rule("command-execution", 78, _LOW, "rust", r"Command::new\s{0,2}\(\s{0,2}[^\s\")]", "an operating-system command is built at run time"),
)  # fmt: skip
