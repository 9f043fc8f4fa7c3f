"""What an analyst would check next, per kind of input, and small checks on drawn texts."""

import random
import re
from collections.abc import Iterable
from typing import Any

_OPEN = re.compile(r"\{[a-z_]+[0-9*]?\}")

_NEXT: dict[str, tuple[tuple[str, str], ...]] = {
    "process": (
        ("parent process and who started the session", "父进程以及会话由谁发起"),
        ("hash and signature of the program", "程序的哈希与签名"),
        ("outbound connections in the next hour", "随后一小时的外联情况"),
        ("same command on other hosts", "其他主机上是否有相同命令"),
        ("files written by the process", "该进程写入的文件"),
        ("change ticket for this host", "该主机的变更单"),
    ),
    "account": (
        ("sign-in history of the account", "该账户的登录历史"),
        ("whether the user confirms the action", "用户是否确认该操作"),
        ("other actions from the same address", "同一地址的其他操作"),
        ("MFA state of the account", "账户的多因素认证状态"),
        ("change ticket for the action", "该操作的变更单"),
    ),
    "lines": (
        ("what the source address did afterwards", "来源地址之后的行为"),
        ("other log sources for the same minutes", "同一时间段的其他日志"),
        ("whether the source is a known scanner", "来源是否为已知扫描器"),
        ("successful logins after the window", "该时间窗之后的成功登录"),
    ),
    "web": (
        ("response status and size", "响应状态码与大小"),
        ("other requests of the same client", "同一客户端的其他请求"),
        ("whether the application is affected", "应用是否受影响"),
        ("processes started by the web server", "Web 服务器启动的进程"),
    ),
    "mail": (
        ("SPF, DKIM and DMARC results", "SPF、DKIM 与 DMARC 结果"),
        ("who else received it", "还有谁收到该邮件"),
        ("whether anybody clicked or opened it", "是否有人点击或打开"),
        ("age of the sender's domain", "发件域名的注册时间"),
    ),
}
_COUNTS = {"malicious": (1, 2, 2), "suspicious": (1, 2, 2), "benign": (0, 0, 1)}


def next_checks(
    rng: random.Random, record: dict[str, Any], verdict: str, language: str, theme: str = ""
) -> tuple[str, ...]:
    """Short things to look at next, in the language asked for; often none when the input is harmless."""
    choices = _NEXT[theme or _theme(record)]
    picked = rng.sample(choices, k=rng.choice(_COUNTS[verdict]))
    return tuple(pair[language == "zh"] for pair in picked)


def _theme(record: dict[str, Any]) -> str:
    if "subject" in record:
        return "mail"
    if record.get("kind") in ("http_request", "http_param"):
        return "web"
    if "lines" in record:
        return "lines"
    if record.get("kind") or record.get("log_type") in ("windows", "ecs.process", "auditd", "runtime", "SecurityAlert"):
        return "process"
    return "account"


def open_slot(texts: Iterable[str]) -> bool:
    """Whether a slot was left unfilled in one of the texts."""
    return any(_OPEN.search(text) for text in texts)
