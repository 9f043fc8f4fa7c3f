"""The command `secassist`: errors become one line and an exit code."""

import os
import sys
import traceback

from secassist.errors import ConfigError, ModelError, SecassistError, SourceError, TemplateError, UsageError

USAGE, INTERNAL, INTERRUPTED = 2, 4, 130


def main() -> None:
    """Runs a command; exit codes: 0 clean, 1 findings, 2 usage, 3 incomplete, 4 internal, 130 interrupted."""
    from secassist.cli import app

    try:
        app(prog_name="secassist")
    except (ConfigError, ModelError, SourceError, TemplateError, UsageError) as error:
        _say(error)
        sys.exit(USAGE)
    except SecassistError as error:
        _say(error)
        sys.exit(INTERNAL)
    except KeyboardInterrupt:
        sys.stderr.write("interrupted; what was finished is kept, run the command again to go on\n")
        sys.exit(INTERRUPTED)
    except Exception as error:
        _say_internal(error)
        sys.exit(INTERNAL)


def _say(error: Exception) -> None:
    sys.stderr.write(f"secassist: {error}\n")


def _say_internal(error: Exception) -> None:
    """Where it happened, but not its message: that may quote the input."""
    if os.environ.get("SECASSIST_TRACEBACK"):
        traceback.print_exception(error)
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "nowhere"
    said = f"internal error: {type(error).__name__} at {place}"
    sys.stderr.write(f"secassist: {said}; please report it (SECASSIST_TRACEBACK=1 shows more)\n")


if __name__ == "__main__":
    main()
