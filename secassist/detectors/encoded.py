"""Encoded and obfuscated commands: unwrapped layer by layer to the plain text, which is shown but never run."""

from schemas import Severity, Subject, SubjectKind
from secassist.detectors._encoded.layers import Layer, unwrap
from secassist.detectors._encoded.plain import is_command, telling_words
from secassist.detectors.base import Detection, Signal

_LINES = 5_000
_LINE_CHARS = 65_536
_SIGNALS = 40
_SHOWN = 4_000
"""Characters of decoded text kept per signal."""
_TECHNIQUES = {
    "powershell-encoded": ("T1027", "T1059.001", "T1140"),
    "compressed": ("T1027", "T1140"),
    "caret": ("T1027", "T1059.003"),
    "env-splice": ("T1027", "T1059.003"),
    "concatenated": ("T1027",),
    "backtick": ("T1027", "T1059.001"),
    "format": ("T1027", "T1059.001"),
}


class Encoded:
    """Finds base64, hex, URL, character-code, reversed, spliced and compressed text, nested up to four layers."""

    name = "encoded"
    version = "1"
    summary = "Encoded and obfuscated commands, decoded layer by layer to plain text"
    kinds = frozenset(SubjectKind)

    def detect(self, subject: Subject) -> Detection:
        """One signal per line and distinct plain text; noteworthy when the plain text is a command."""
        signals: list[Signal] = []
        seen: set[str] = set()
        for line in subject.lines[:_LINES]:
            for layer in unwrap(line.text[:_LINE_CHARS]):
                if layer.text not in seen and len(signals) < _SIGNALS:
                    seen.add(layer.text)
                    signals.append(_signal(layer, line.number))
        return Detection(tuple(signals))


def _signal(layer: Layer, line: int) -> Signal:
    hidden = layer.steps[-1] in ("reversed", "char-codes") and bool(telling_words(layer.text))
    command = layer.obfuscates and (hidden or is_command(layer.text))
    how = " in ".join(layer.steps)
    text = layer.text if len(layer.text) <= _SHOWN else layer.text[:_SHOWN] + " [cut]"
    if not command:
        message = f"Encoded text ({how}); what it says is not a command."
        return Signal(rule=f"encoded:{layer.steps[-1]}", message=message, lines=(line,), decoded=text, noteworthy=False)
    techniques = dict.fromkeys(t for step in layer.steps for t in _TECHNIQUES.get(step, ("T1027", "T1140")))
    return Signal(
        rule=f"encoded:{layer.steps[-1]}",
        message=f"A command hidden by encoding ({how}) was decoded.",
        severity=Severity.HIGH if len(layer.steps) > 1 else Severity.MEDIUM,
        lines=(line,),
        techniques=tuple(techniques),
        decoded=text,
    )


PLUGIN = Encoded()
