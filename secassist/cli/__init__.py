"""The command line: thin commands over the use cases; data goes to standard output, talk to standard error."""

from secassist.cli._app import app

__all__ = ["app"]
