"""AWS CloudTrail: {"Records": [...]} files as delivered to buckets, and one record per line."""

import re
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from schemas import Alert, Field, Subject
from secassist.sources._bytes import decode, is_binary
from secassist.sources._json import subjects
from secassist.sources._recognise import shortened
from secassist.sources._records import alert, flatten
from secassist.sources.base import Limits, Rejected

_MARKS = tuple(re.compile(f'"{key}"') for key in ("eventSource", "eventName", "eventVersion|userIdentity|awsRegion"))
_WHO = (
    "userIdentity.userName",
    "userIdentity.sessionContext.sessionIssuer.userName",
    "userIdentity.arn",
    "userIdentity.invokedBy",
    "userIdentity.type",
)


class CloudTrail:
    """Records of AWS API calls."""

    name = "cloudtrail"
    summary = 'AWS CloudTrail records ({"Records": [...]} or JSON Lines)'

    def sniff(self, path: Path, head: bytes) -> float:
        """By the fields that every record has."""
        start = "" if is_binary(head) else decode(head)
        if not start.lstrip().startswith(("{", "[")):
            return 0.0
        if all(mark.search(start) for mark in _MARKS):
            return 0.95
        return 0.8 if "cloudtrail" in path.name.lower() and '"Records"' in start else 0.0

    def read(self, path: Path, limits: Limits) -> Iterator[Subject | Rejected]:
        """One Alert per record."""
        return subjects(path, limits, partial(self.alert, limits=limits))

    def alert(self, value: Mapping[str, Any], origin: str, limits: Limits) -> Alert:
        """The Alert of one record; raises SourceError as `record` does."""
        fields = flatten(value, limits)
        return alert(fields, self.name, origin, _title(fields))


def _title(fields: list[Field]) -> str:
    """ "CreateUser (iam.amazonaws.com) by alice, denied: AccessDenied"; "" lets the common words decide."""
    values = {field.path: field.value for field in reversed(fields)}
    name, service = values.get("eventName", ""), values.get("eventSource", "")
    if not name:
        return ""
    who = next((values[path] for path in _WHO if values.get(path, "null") != "null"), "an unknown identity")
    failed = values.get("errorCode", "null")
    told = f"{name} ({service}) by {who}" + ("" if failed == "null" else f", failed: {failed}")
    return shortened(" ".join(told.split()), 200)


PLUGIN = CloudTrail()
