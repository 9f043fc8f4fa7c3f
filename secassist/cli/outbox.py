"""Commands over events on their way out: list deliveries, send what is due, try dead ones again."""

import json
from datetime import UTC, datetime
from typing import Annotated

import typer

from secassist.cli._run import AsJson, Exit, counted, say, write
from secassist.config import read_settings
from secassist.delivering import Deliverer
from secassist.errors import UsageError
from secassist.store import Delivery, DeliveryState, Store

app = typer.Typer(no_args_is_help=True, help="Events for webhooks and files (SECASSIST_TARGETS).")
HEADS = ("EVENT", "KIND", "AT (UTC)", "TARGET", "STATE", "TRIES", "REASON")
ROW = "{:<12}  {:<15}  {:<20}  {:<16}  {:<6}  {:>5}  {}"
SHOWN_DIGITS = 12
"""Of an event's id in lists, as of all ids that are digests."""
Target = Annotated[str | None, typer.Option(help="Only this target.")]


@app.command("list")
def list_(
    state: Annotated[DeliveryState | None, typer.Option(help="Only deliveries in this state.")] = None,
    target: Target = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="At most so many, newest first.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Count deliveries by target and state, and list the newest."""
    with _store() as store:
        found, counts, health = store.outbox.list(state, target, limit), store.outbox.counts(), store.outbox.health()
    if as_json:
        write("".join(json.dumps(_values(each)) + "\n" for each in found))
        return
    if not counts:
        named = ", ".join(each.name for each in read_settings().targets)
        say(f"nothing was sent yet to {named}" if named else "no target is named; set SECASSIST_TARGETS")
    for name, by_state in sorted(counts.items()):
        say(f"{name}: " + ", ".join(f"{number} {word}" for word, number in sorted(by_state.items())))
    for of in health:
        if of.failures:
            left = f", left alone for {of.open_for:.0f} s" if of.open_for else ""
            say(f"{of.name}: failed {of.failures} times in a row{left}: {of.reason}")
    if found:
        rows = [{**_values(each), "event": each.event_id[:SHOWN_DIGITS]} for each in found]
        write("\n".join([ROW.format(*HEADS), *(ROW.format(*row.values()).rstrip() for row in rows)]))


@app.command()
def retry(
    event: Annotated[str | None, typer.Argument(metavar="[EVENT]", help="Id of one event or its first digits.")] = None,
    target: Target = None,
    every: Annotated[bool, typer.Option("--all-dead", help="Every dead delivery.")] = False,
) -> None:
    """Give dead deliveries all their tries again."""
    if every == bool(event or target):
        raise UsageError("name an event or a --target, or give --all-dead")
    with _store() as store:
        id_ = None if event is None else store.outbox.find(event)
        if event is not None and id_ is None:
            raise UsageError(f"no event begins with {event[:64]!r}; `secassist outbox list` shows them")
        number = store.outbox.retry(target, id_)
    say("1 delivery is queued again" if number == 1 else f"{number} deliveries are queued again")


@app.command()
def deliver() -> None:
    """Send what is due now; exit code 3 when something did not arrive."""
    settings = read_settings()
    with _store() as store:
        done = Deliverer(store, settings.targets).drain()
    say(f"{counted(done.handed_on, 'new event')}; {done.done} delivered, {done.failed} failed")
    if done.failed:
        raise typer.Exit(Exit.INCOMPLETE)


def _values(delivery: Delivery) -> dict[str, object]:
    """For people and programs; the payload is what the target gets."""
    at = datetime.fromtimestamp(delivery.created / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "event": delivery.event_id,
        "kind": delivery.kind,
        "at": at,
        "target": delivery.target,
        "state": delivery.state.value,
        "attempt": delivery.attempt,
        "reason": delivery.reason,
    }


def _store() -> Store:
    return Store.open(read_settings().database)
