"""Signs what a webhook sends, and checks it as a receiver should: HMAC-SHA256 over the time and the body."""

import hashlib
import hmac
from collections.abc import Mapping

EVENT = "Secassist-Event"
"""The event's id, 64 hex digits: the same over all tries."""
KIND = "Secassist-Kind"
TIMESTAMP = "Secassist-Timestamp"
"""Seconds since 1970 UTC of this try."""
SIGNATURE = "Secassist-Signature"
"""`v1=` and 64 hex digits: HMAC-SHA256 with the shared key over the timestamp, a dot and the body as it was sent."""
WINDOW = 300
"""Seconds by which a receiver's clock may differ; what is older was recorded and is played again."""


def headers(key: bytes, event: str, kind: str, now: int, body: bytes) -> dict[str, str]:
    """What is sent beside the body."""
    return {EVENT: event, KIND: kind, TIMESTAMP: str(now), SIGNATURE: f"v1={_mac(key, now, body)}"}


def verified(key: bytes, given: Mapping[str, str], body: bytes, now: int, window: int = WINDOW) -> bool:
    """Whether the body came from a holder of the key within the window; what a receiver written in Python may copy.

    A receiver must also drop ids that it has seen: delivery is at least once.
    """
    named = {name.lower(): value for name, value in given.items()}
    stamp = named.get(TIMESTAMP.lower(), "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12 and abs(now - int(stamp)) <= window):
        return False
    expected = f"v1={_mac(key, int(stamp), body)}"
    return hmac.compare_digest(expected.encode(), named.get(SIGNATURE.lower(), "").encode("utf-8", "replace"))


def _mac(key: bytes, now: int, body: bytes) -> str:
    return hmac.new(key, b"%d." % now + body, hashlib.sha256).hexdigest()
