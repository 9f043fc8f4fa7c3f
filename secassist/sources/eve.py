"""Suricata EVE JSON: one event per line, alerts and protocol records alike."""

import re
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from schemas import Alert, Field, Subject
from secassist.sources._bytes import decode, inner_name, is_binary
from secassist.sources._json import subjects
from secassist.sources._recognise import shortened
from secassist.sources._records import alert, flatten
from secassist.sources.base import Limits, Rejected

_KIND = re.compile(r'"event_type"\s{0,8}:\s{0,8}"\w{1,40}"')
_FLOW = re.compile(r'"(?:flow_id|in_iface|pcap_cnt|src_ip|app_proto)"')
_DETAIL = {
    "dns": ("dns.rrname", "dns.query.rrname", "dns.queries.rrname"),
    "http": ("http.hostname", "http.url"),
    "tls": ("tls.sni", "tls.subject"),
    "fileinfo": ("fileinfo.filename",),
    "anomaly": ("anomaly.event",),
}


class Eve:
    """Suricata's own event format."""

    name = "eve"
    summary = "Suricata EVE events (JSON Lines)"

    def sniff(self, path: Path, head: bytes) -> float:
        """By `event_type` beside a flow field."""
        start = "" if is_binary(head) else decode(head)
        if not start.lstrip().startswith(("{", "[")) or not _KIND.search(start):
            return 0.0
        return 0.9 if _FLOW.search(start) else 0.8 if inner_name(path).startswith("eve") else 0.0

    def read(self, path: Path, limits: Limits) -> Iterator[Subject | Rejected]:
        """One Alert per event, `event_type` other than "alert" included."""
        return subjects(path, limits, partial(self.alert, limits=limits))

    def alert(self, value: Mapping[str, Any], origin: str, limits: Limits) -> Alert:
        """The Alert of one event; raises SourceError as `record` does."""
        fields = flatten(value, limits)
        return alert(fields, self.name, origin, _title(fields))


def _title(fields: list[Field]) -> str:
    """The signature, or "dns event: example.org" for protocol records."""
    values = {field.path: field.value for field in reversed(fields)}
    if signature := values.get("alert.signature", "").strip():
        return shortened(" ".join(signature.split()), 200)
    kind = values.get("event_type", "network")
    told = next((values[path] for path in _DETAIL.get(kind, ()) if values.get(path)), "")
    return shortened(" ".join(f"{kind} event{': ' if told else ''}{told}".split()), 200)


PLUGIN = Eve()
