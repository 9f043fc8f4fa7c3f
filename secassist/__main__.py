"""The command `secassist`: errors become one line and an exit code."""

import io
import os
import sys
import traceback
from collections.abc import Callable
from functools import cache
from typing import Any

from secassist import logs
from secassist.errors import ConfigError, ModelError, SecassistError, SourceError, TemplateError, UsageError

USAGE, INTERNAL, INTERRUPTED = 2, 4, 130


def main() -> None:
    """Runs a command; exit codes: 0 clean, 1 findings, 2 usage, 3 incomplete, 4 internal, 130 interrupted."""
    with logs.guarded(redacted):
        try:
            _spell_what_a_locale_lacks()
            _run()
        except KeyboardInterrupt:
            sys.stderr.write("interrupted; what was finished is kept, run the command again to go on\n")
            sys.exit(INTERRUPTED)


def _spell_what_a_locale_lacks() -> None:
    """A character that the terminal's encoding does not have is written as \\u00e9 instead of ending the command."""
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="backslashreplace")


def redacted(text: str) -> str:
    """The text without secrets; withheld while that cannot be told. Nothing is loaded before there is something to say."""
    try:
        return _redactor()(text)
    except Exception:
        return "[text withheld: it could not be searched for secrets]"


@cache
def _redactor() -> Callable[[str], str]:
    from secassist import bootstrap

    return bootstrap.redactor()


def _run() -> None:
    import typer

    from secassist.cli import app

    try:
        ended = app(prog_name="secassist", standalone_mode=False)
        sys.exit(ended if isinstance(ended, int) else 0)
    except typer.Abort:
        sys.stderr.write("Aborted!\n")
        sys.exit(1)
    except (ConfigError, ModelError, SourceError, TemplateError, UsageError) as error:
        _say(error)
        sys.exit(USAGE)
    except SecassistError as error:
        _say(error)
        sys.exit(INTERNAL)
    except Exception as error:
        if not isinstance(error, _misuse()):
            _say_internal(error)
            sys.exit(INTERNAL)
        _say_misuse(error)
        sys.exit(USAGE)


def _misuse() -> type[Exception]:
    """The base of what typer says of wrong arguments; it carries click under a private name, its own are public."""
    import typer

    bases = (base for base in typer.BadParameter.__mro__ if base.__name__ == "ClickException")
    return next(bases, typer.BadParameter)


def _say_misuse(error: Any) -> None:
    """Usage and what is wrong with it, as typer words it; arguments that it quotes may be secrets."""
    told = io.StringIO()
    error.show(told)
    sys.stderr.write(redacted(told.getvalue().replace(": Value error, ", ": ", 1)))


def _say(error: Exception) -> None:
    sys.stderr.write(f"secassist: {redacted(str(error))}\n")


def _say_internal(error: Exception) -> None:
    """Where it happened, but not its message: that may quote the input, and is shown redacted when asked for."""
    if os.environ.get("SECASSIST_TRACEBACK"):
        sys.stderr.write(logs.told(error, redacted))
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "nowhere"
    said = f"internal error: {type(error).__name__} at {place}"
    sys.stderr.write(f"secassist: {said}; please report it (SECASSIST_TRACEBACK=1 shows more)\n")


if __name__ == "__main__":
    main()
