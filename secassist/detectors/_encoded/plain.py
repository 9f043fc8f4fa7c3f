"""Judging decoded bytes and text: is it text at all, and does it read like a command."""

import re

_COMMAND = re.compile(
    r"""(?ix)
    \b(?:powershell|pwsh)(?:\.exe)?\b | \bcmd(?:\.exe)?\s*/[ckqv]\b | \b(?:iex|invoke-expression|invoke-command)\b
  | \b(?:new-object|start-process|invoke-webrequest|invoke-restmethod|set-content|get-content|add-type|set-itemproperty
        |new-itemproperty|remove-item|get-childitem|get-process|get-service|write-(?:host|output)|set-variable|start-sleep
        |get-wmiobject|get-ciminstance|import-module|add-mppreference|set-mppreference|out-file|get-item|test-path)\b
  | \[(?:system\.)?(?:convert|text\.encoding|reflection\.assembly|net\.webclient|io\.\w+|runtime\.\w+|char|byte\[\])\]? ::?
  | \bdownload(?:string|file|data)\b | \bfrombase64string\b | \$(?:env|executioncontext|pshome|verbosepreference)\b
  | /bin/(?:ba|z|da|k)?sh\b | \b(?:ba|z)?sh\s+-[ci]\b | /dev/(?:tcp|udp)/ | \b(?:nc|ncat)\s+-\w*e
  | \b(?:curl|wget)\s+(?:-\S+\s+)*["']?(?:https?|ftp):// | \bchmod\s+(?:\+x|[0-7]{3,4})\s | \bbase64\s+(?:-d|--decode)
  | \b(?:python[23]?|perl|ruby|php|node)\s+-[cer]\b | \bimport\s+(?:os|socket|subprocess|pty|base64|ctypes)\b
  | \b(?:os\.system|subprocess\.\w+|os\.popen|pty\.spawn|__import__)\s*\( | \balert\s*\( | \bdocument\.(?:cookie|write|location)
  | \b(?:eval|exec|system|passthru|shell_exec|assert)\s*\(
  | \bwscript\.(?:shell|createobject)\b | \bcreateobject\s*\( | \bactivexobject\b | <\?php | \bgetobject\s*\(
  | \b(?:rundll32|regsvr32|mshta|certutil|bitsadmin|wmic|schtasks|vssadmin|wevtutil|bcdedit|reg\s+(?:add|query|save|delete)
        |net1?\s+(?:user|localgroup|group|use|share|view|stop|start)|netsh|nltest|sc\s+(?:create|stop|config)|taskkill|whoami
        |ipconfig|systeminfo|tasklist|attrib|icacls|takeown|cscript|wscript|calc\.exe|notepad\.exe|cmd\.exe)\b
  | \b(?:crontab|systemctl|useradd|usermod|insmod|iptables|nohup|setenforce|auditctl|mkfifo|uname\s+-|ifconfig|passwd\s)\b
  | /etc/(?:passwd|shadow|crontab|ld\.so\.preload|sudoers) | \.ssh/authorized_keys
    """
)
_SHORT = re.compile(
    r"(?:sudo\s+)?(?:id|who|w|ls|dir|cat|ps|pwd|env|echo|find|grep|touch|rm|cp|mv|kill|type|copy|del|start"
    r"|ping|sleep|hostname)"
    r"(?:\s+(?:[-/\"'$~.%]\S{0,200}|\w{1,60}))?(?:\s+[-/\"'$~.%>|]\S{0,200}){0,6}"
)
_TELLING = re.compile(
    r"(?i)powershell|pwsh|\biex\b|invoke-|new-object|downloadstring|downloadfile|webclient|frombase64"
    r"|https?://|cmd(?:\.exe|\s*/c)"
    r"|amsi|wscript|createobject|shellexecute|regsvr32|rundll32|mshta|certutil|bitsadmin|schtasks|vssadmin"
    r"|whoami|mimikatz"
    r"|/bin/(?:ba)?sh|/etc/(?:passwd|shadow)|\bcurl\b|\bwget\b|\bnc\b|\bcat\b|\bbash\b|net\.sockets|reflection"
    r"|virtualalloc"
    r"|executionpolicy|start-process|-encodedcommand|system\(|eval\(|exec\(|\bcalc\b|net\s+user|ipconfig"
    r"|tasklist|document\.cookie"
    r"|script>|alert\(|union\s+select"
)


def is_command(text: str) -> bool:
    """Whether decoded text reads like something a shell, interpreter or script engine would run."""
    head = text[:20_000]
    return _COMMAND.search(head) is not None or (len(head) <= 400 and _SHORT.fullmatch(head.strip()) is not None)


def telling_words(text: str) -> frozenset[str]:
    """Words that nobody needs to hide in honest text; a splice that makes one appear was made to hide it."""
    return frozenset(hit.group().lower() for hit in _TELLING.finditer(text[:65_536]))


def as_text(data: bytes) -> str:
    """The bytes as UTF-8 or UTF-16LE text without control characters, or "" if they are not text."""
    if len(data) >= 8 and len(data) % 2 == 0 and data[1::2].count(0) * 10 >= len(data) // 2 * 6:
        return _clean(data, "utf-16-le")
    return _clean(data, "utf-8")


def _clean(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError:
        return ""
    odd = sum(1 for c in text if not (c.isprintable() or c in "\r\n\t"))
    letters = sum(1 for c in text if c.isascii() and (c.isalnum() or c in " \n"))
    return text if text and odd * 50 <= len(text) and letters * 10 >= len(text) * 6 else ""
