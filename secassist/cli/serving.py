"""The command that serves: alerts in over HTTP."""

from pathlib import Path
from typing import Annotated

import typer

from secassist.cli._run import pipeline, say
from secassist.cli.queue import publisher
from secassist.errors import UsageError
from secassist.queueing.intake import Intake

PORT = 8470


def serve(
    host: Annotated[str, typer.Option(help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any that is free.")] = PORT,
    token_file: Annotated[
        Path | None, typer.Option(help="A file with the token that clients name; else SECASSIST_SERVE_TOKEN.")
    ] = None,
    no_token: Annotated[
        bool, typer.Option("--no-token", help="Let in every program of this machine; on a loopback address only.")
    ] = False,
    megabytes: Annotated[int, typer.Option(min=1, max=64, help="The largest body that is taken.")] = 8,
    tls_certificate: Annotated[Path | None, typer.Option(help="Speak TLS: the certificate (chain), PEM.")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="Its private key, PEM.")] = None,
) -> None:
    """Take alerts over HTTP into the queue and tell of their jobs; what is answered 202 is safe on disk."""
    from secassist.serving import guarding

    if (tls_certificate is None) != (tls_key is None):
        raise UsageError("TLS needs both --tls-certificate and --tls-key")
    missing = next((path for path in (tls_certificate, tls_key) if path and not path.is_file()), None)
    if missing is not None:
        raise UsageError(f"{missing}: no such file")
    token = "" if no_token else guarding.token(token_file)
    if not token and not no_token:
        raise UsageError(f"give a token with --token-file or {guarding.TOKEN_VARIABLE}, or --no-token")
    from secassist.serving.app import Limits
    from secassist.serving.listening import Address, serve

    with guarding.bound(host, port, guarded=bool(token)) as listener, pipeline() as (made, settings):
        address = Address(listener, tls_certificate, tls_key)
        if not guarding.is_loopback(listener) and tls_certificate is None:
            say("without TLS whoever is between can read the token and the alerts; see --tls-certificate")
        intake = Intake.of(made, settings, publisher(made, settings))
        limits = Limits(body=megabytes * 2**20, held=max(2 * megabytes, 16) * 2**20)
        serve(made, settings, intake, guarding.Door(token), address, limits, lambda: say(f"listening at {address.url}"))
    say("what was in hand is stored; the end")
