"""What keeps found values out of everything that is written; knows no detector, only what one has found."""

from secassist.redaction.masking import Found, Span, cover, mask, redact, redact_subject, trace
from secassist.redaction.sinks import LONGEST, WITHHELD, Redactor
from secassist.redaction.wrapped import Find, wrapped_spans

__all__ = [
    "LONGEST",
    "WITHHELD",
    "Find",
    "Found",
    "Redactor",
    "Span",
    "cover",
    "mask",
    "redact",
    "redact_subject",
    "trace",
    "wrapped_spans",
]
