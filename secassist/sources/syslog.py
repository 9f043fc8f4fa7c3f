"""Log files of any kind, syslog first: consecutive lines as LogWindows with their line numbers."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from schemas import LogWindow, Subject
from secassist.sources._bytes import NumberedLine, decode, inner_name, is_binary, lines, shown, suffix, visible
from secassist.sources.base import Limits, Rejected, Skipped

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_RFC3164 = re.compile(rf"(?:<\d{{1,3}}>)?{_MONTH} [ \d]\d (?:\d{{4}} )?\d\d:\d\d:\d\d \S{{1,255}} ")
_RFC5424 = re.compile(r"<\d{1,3}>\d{1,2} (?:\d{4}-\d\d-\d\dT\S{1,40}|-) \S{1,255} \S{1,48} ")
_ISO_SYSLOG = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S{0,16} \S{1,255} [\w./-]{1,100}(?:\[\d{1,10}\])?:")
_NAMED = re.compile(r"type=[A-Z_]{2,40} msg=audit\(|CEF:\d{1,2}\||LEEF:\d\.\d\||date=\d{4}-\d\d-\d\d time=")
"""How records begin that name their own form: the Linux audit daemon's, CEF, LEEF, FortiGate's."""
_ACCESS = re.compile(r'\S{1,255} \S{1,255} \S{1,255} \[[^\]]{10,40}\] "[^"]{0,8000}" \d{3} ')
_STAMPED = re.compile(r"[\[(]?(?:\d{4}[-/]\d\d[-/]\d\d|\d\d[-/]\d\d[-/]\d{2,4}|\d{10}(?:\.\d{1,9})?\b|\d\d:\d\d:\d\d)")
_AUTH = re.compile(
    r"\b(?:sshd|sudo|su|login|passwd|useradd|usermod|groupadd|pam_unix|systemd-logind|polkitd|CRON|audit)(?:[\[:(]|\s*-)"
)
_AUTH_NAMES = ("auth", "secure", "audit", "sudo", "faillog")
_SYSLOG_NAMES = ("syslog", "messages", "kern", "daemon", "cron", "maillog")
_LOOKED_AT = 200
_LOG_NAME = re.compile(r"\.log(?:[.\-_]\d{1,8}){0,3}$", re.IGNORECASE)


class Syslog:
    """Log lines in windows of `limits.window_lines`."""

    name = "syslog"
    summary = "syslog and plain log files, in windows (auth, access, JSON and application logs too)"

    def sniff(self, path: Path, head: bytes) -> float:
        """By the share of lines that begin as log lines do, helped by the file's name."""
        if is_binary(head) or not head:
            return 0.0
        kind, share = guess(_sample(decode(head)), inner_name(path))
        named = _is_log_name(path)
        if kind in ("syslog", "auth", "access") and share >= 0.5:
            return 0.85
        if kind == "json":
            return 0.6 if named else 0.0
        if share >= 0.5:
            return 0.75 if named else 0.45
        return 0.55 if named else 0.0

    def read(self, path: Path, limits: Limits) -> Iterator[Subject | Rejected]:
        """Windows in order, in bounded memory; a line above record_bytes is rejected and ends its window."""
        window: list[NumberedLine] = []
        kind, some, size = "", False, 0
        for line in lines(path, limits):
            full = len(window) >= limits.window_lines or size > limits.record_bytes
            if window and (full or isinstance(line, Rejected)):
                kind = kind or guess([item.text for item in window], inner_name(path))[0]
                yield from self._windows(window, kind, shown(path))
                window, size, some = [], 0, True
            if isinstance(line, Rejected):
                some = True
                yield line
            else:
                window.append(line)
                size += len(line.text)
        if window:
            kind = kind or guess([item.text for item in window], inner_name(path))[0]
            yield from self._windows(window, kind, shown(path))
        elif not some:
            yield Skipped(shown(path), "empty file; nothing to read")

    def _windows(self, window: list[NumberedLine], kind: str, origin: str) -> Iterator[Subject | Rejected]:
        first, last = window[0].number, window[-1].number
        if not any(line.text.strip() for line in window):
            yield Skipped(f"{origin}:{first}", f"lines {first}-{last} are blank; nothing to read")
            return
        yield LogWindow(
            source=self.name,
            origin=f"{origin}:{first}",
            title=f"{kind} log, lines {first}-{last}",
            log_type=kind,
            body="\n".join(visible(line.text) for line in window),
            start_line=first,
        )


def guess(sample: list[str], name: str = "") -> tuple[str, float]:
    """(log type, share of the lines that look like it): syslog, auth, access, json or plain."""
    sample = [line[:9000] for line in sample if line.strip()]
    if not sample:
        return "plain", 0.0
    shares = {
        "json": _share(sample, lambda line: line.startswith("{") and line.rstrip().endswith("}")),
        "access": _share(sample, lambda line: bool(_ACCESS.match(line))),
        "syslog": _share(
            sample, lambda line: any(form.match(line) for form in (_RFC3164, _RFC5424, _ISO_SYSLOG, _NAMED))
        ),
    }
    kind = max(shares, key=lambda key: shares[key])
    if shares[kind] < 0.5:
        return "plain", _share(sample, lambda line: bool(_STAMPED.match(line)))
    if kind == "syslog" and _is_auth(sample, name):
        return "auth", shares[kind]
    return kind, shares[kind]


def _share(sample: list[str], fits: Callable[[str], bool]) -> float:
    return sum(fits(line) for line in sample) / len(sample)


def _is_auth(sample: list[str], name: str) -> bool:
    return name.lower().startswith(_AUTH_NAMES) or _share(sample, lambda line: bool(_AUTH.search(line[:300]))) >= 0.5


def _sample(start: str) -> list[str]:
    return start.split("\n")[:_LOOKED_AT]


def _is_log_name(path: Path) -> bool:
    name = inner_name(path).lower()
    return suffix(path) == ".log" or bool(_LOG_NAME.search(name)) or name.startswith((*_AUTH_NAMES[:2], *_SYSLOG_NAMES))


PLUGIN = Syslog()
