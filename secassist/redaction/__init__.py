"""What keeps found values out of everything that is written; knows no detector, only what one has found."""

from secassist.redaction.masking import Cover, Found, Span, cover, keyed, mask, redact, redact_subject, trace
from secassist.redaction.sinks import LONGEST, WITHHELD, Redactor, scrub
from secassist.redaction.wrapped import Find

__all__ = [
    "LONGEST",
    "WITHHELD",
    "Cover",
    "Find",
    "Found",
    "Redactor",
    "Span",
    "cover",
    "keyed",
    "mask",
    "redact",
    "redact_subject",
    "scrub",
    "trace",
]
