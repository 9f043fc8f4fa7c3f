"""The command `secassist`: errors of ours become one line and an exit code."""

import sys

from secassist.errors import ConfigError, SecassistError, UsageError

USAGE, INTERNAL, INTERRUPTED = 2, 4, 130


def main() -> None:
    """Runs a command; exit codes: 0 clean, 1 findings, 2 usage, 3 incomplete, 4 internal, 130 interrupted."""
    from secassist.cli import app

    try:
        app(prog_name="secassist")
    except (ConfigError, UsageError) as error:
        _say(error)
        sys.exit(USAGE)
    except SecassistError as error:
        _say(error)
        sys.exit(INTERNAL)
    except KeyboardInterrupt:
        sys.stderr.write("interrupted; what was finished is kept, run the command again to go on\n")
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)


def _say(error: Exception) -> None:
    sys.stderr.write(f"secassist: {error}\n")


if __name__ == "__main__":
    main()
