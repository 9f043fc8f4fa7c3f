"""Alerts in JSON of any product: one object, JSON Lines, an array, or an envelope such as {"alerts": [...]}."""

import re
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from schemas import Alert, Subject
from secassist.sources._bytes import decode, is_binary, suffix
from secassist.sources._json import is_lines, subjects
from secassist.sources._records import record
from secassist.sources.base import Limits, Rejected

_HINTS = (
    re.compile(
        r'"(?:@?timestamp|time|event_?time|_time|ts|TimeCreated|StartTime|[^"]{0,8}时间|\w{1,40}DateTime|UpdatedAt)"',
        re.I,
    ),
    re.compile(
        r'"(?:severity|severity_id|level|risk_score|urgency|priority|AlertSeverity|\w{4,9}_level|[^"]{2,4}(?:等级|级别))"',
        re.I,
    ),
    re.compile(
        r'"(?:rule|alerts?|signature|detection|finding_info|search_name|AlertName|alert_name|kibana'
        r'|(?:alarm|attack|threat)_(?:name|type)|[^"]{2}名称)[\w.]{0,40}"'
    ),
    re.compile(
        r'"(?:src_ip|source_ip|dest_ip|source\.ip|host|hostname|agent|process|user|actor|device|event'
        r'|[ds]ip|attack_s?ip|alarm_sip|(?:源|目的|攻击|受害)[^"]{0,3}(?:IP|地址))"',
        re.I,
    ),
)


class AlertJson:
    """JSON alerts; every leaf of the record becomes a Field."""

    name = "alert_json"
    summary = "alerts in JSON, JSON Lines, arrays or envelopes (generic, ECS, OCSF, Wazuh, Splunk, Graph, GuardDuty)"

    def sniff(self, path: Path, head: bytes) -> float:
        """By the first character and by how many kinds of alert words stand in the head."""
        start = "" if is_binary(head) else decode(head).lstrip("\ufeff \t\r\n")
        if not start.startswith(("{", "[{", "[\n", "[\r", "[ ", "[]")):
            return 0.2 if suffix(path) in (".jsonl", ".ndjson") and start else 0.0
        hints = sum(bool(hint.search(start)) for hint in _HINTS)
        if hints >= 2:
            return 0.7
        if suffix(path) in (".jsonl", ".ndjson") or (
            suffix(path) == ".json" and start.rstrip().count("\n{") and is_lines(start)
        ):
            return 0.5
        return 0.45 if hints else 0.3  # configuration in .json is text at 0.4

    def read(self, path: Path, limits: Limits) -> Iterator[Subject | Rejected]:
        """One Alert per object. Raises SourceError as the contract says, and for one document above file_bytes."""
        return subjects(path, limits, partial(self.alert, limits=limits))

    def alert(self, value: Mapping[str, Any], origin: str, limits: Limits) -> Alert:
        """The Alert of one object; raises SourceError as `record` does."""
        return record(value, self.name, origin, limits)


PLUGIN = AlertJson()
