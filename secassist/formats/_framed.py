"""Why a verdict is what it is, in its reader's language: the words around titles of rules, and the kinds of web attack.

Titles themselves stay. What is stored stays English, too: advice is made from it, and was learnt with it.
"""

import re

_SIGMA = (
    ("Sigma rule matches what encoding hid: ", "匹配 Sigma 规则（内容经过编码）："),
    ("Sigma rule matches: ", "匹配 Sigma 规则："),
)
_FAMILIES = {
    "SQL injection": "SQL 注入",
    "cross-site scripting": "跨站脚本",
    "path traversal or file inclusion": "路径穿越或文件包含",
    "command injection": "命令注入",
    "server-side request forgery or remote file inclusion": "服务端请求伪造或远程文件包含",
    "XML external entity": "XML 外部实体",
    "JNDI lookup (Log4Shell)": "JNDI 查询（Log4Shell）",
    "template or expression injection": "模板或表达式注入",
    "PHP code injection": "PHP 代码注入",
    "Java code or object injection": "Java 代码或对象注入",
    "JavaScript, Python or Ruby code injection": "JavaScript、Python 或 Ruby 代码注入",
    "header, session, LDAP or XPath injection": "请求头、会话、LDAP 或 XPath 注入",
}
_PLACES = {"query": "查询参数", "path": "路径", "body": "正文", "header:user-agent": " User-Agent 请求头"}
_WEB = re.compile(
    "Text that looks like ("
    + "|".join(map(re.escape, _FAMILIES))
    + r") \(weight (\d{1,4})\) in the (.{1,80}?) of a request\."
)


def framed(rationale: str, language: str) -> str:
    """The rationale of a verdict with the words of detectors as `language` has them; what is not known stays as it is."""
    if language != "zh":
        return rationale
    for english, chinese in _SIGMA:
        rationale = rationale.replace(english, chinese)
    return _WEB.sub(_web, rationale)


def _web(found: re.Match[str]) -> str:
    place = _PLACES.get(found[3], f" {found[3]} ")
    return f"请求的{place}中有疑似“{_FAMILIES[found[1]]}”的内容（权重 {found[2]}）。"
