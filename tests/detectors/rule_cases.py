"""What our Sigma rules say about one command line or one event, for the tests of the rules."""

from schemas import Alert, Field
from secassist.detectors.base import Signal
from secassist.detectors.sigma import PLUGIN


def signals(case: str | dict[str, str]) -> tuple[Signal, ...]:
    """What they say about a command line, or about an event given by its fields."""
    fields = {"command": case} if isinstance(case, str) else case
    return PLUGIN.detect(
        Alert(source="test", fields=tuple(Field(path=path, value=value) for path, value in fields.items()))
    ).signals


def fired(case: str | dict[str, str]) -> set[str]:
    """Names of the rules that match it."""
    return {signal.rule.removeprefix("sigma:") for signal in signals(case)}
