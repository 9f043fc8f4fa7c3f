"""Masking: what keeps found values out of everything that is written."""

from secassist.masking.concealing import Concealer, to_conceal
from secassist.masking.texts import LONGEST, WITHHELD, Redactor, scrub
from secassist.masking.values import Cover, Found, Span, cover, keyed, mask, redact, redact_subject, trace
from secassist.masking.wrapped import Find

__all__ = [
    "LONGEST",
    "WITHHELD",
    "Concealer",
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
    "to_conceal",
    "trace",
]
