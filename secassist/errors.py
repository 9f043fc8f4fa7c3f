"""The errors of secassist: each says what failed, on which item, and what to do about it."""


class SecassistError(Exception):
    """Root of all errors that are ours; the message is fit to be shown to a user."""


class ConfigError(SecassistError):
    """A setting is missing or wrong."""


class UsageError(SecassistError):
    """The command was asked for something that cannot be."""


class SourceError(SecassistError):
    """An input cannot be read at all (a bad record inside a readable input is a `Rejected`, not an error)."""


class DetectorError(SecassistError):
    """A detector could not run; the analysis goes on without it and says so."""


class TemplateError(SecassistError):
    """A prompt template is malformed, was changed after release, or was given the wrong values."""


class ModelError(SecassistError):
    """A model or adapter is missing, damaged or refused for safety."""


class BackendError(SecassistError):
    """The model backend failed to answer; trying again may help."""


class StoreError(SecassistError):
    """The database refused or is not at the expected migration."""


class BusyError(SecassistError):
    """The queue is full: `waiting` jobs of at most `limit` wait; worth trying again after `retry_after` seconds."""

    def __init__(self, waiting: int, limit: int, retry_after: float) -> None:
        super().__init__(
            f"the queue is full: {waiting} jobs wait and {limit} may; try again in {retry_after:.0f} s, "
            "or start more workers"
        )
        self.waiting = waiting
        self.limit = limit
        self.retry_after = retry_after
