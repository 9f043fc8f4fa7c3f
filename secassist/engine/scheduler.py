"""Scheduler: which sequences feed how many tokens in the next step, so that a batch flows and a person never waits for it."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from secassist.engine.attention import Feed
from secassist.engine.drafts import Draft, Drafts, Habit
from secassist.engine.runner import Runner
from secassist.engine.sequence import Lane, Sequence

LANES: tuple[Lane, ...] = ("interactive", "batch")
WORTH_WAITING = 4
"""Shared blocks that another prompt is computing right now, from which on it pays to wait for them."""


@dataclass(eq=False)
class Run:
    """A sequence on its way through a slot. `keys` are the block keys of its prompt."""

    sequence: Sequence
    keys: list[bytes]
    slot: int = -1
    computing: frozenset[bytes] = field(default_factory=frozenset)
    draft: Draft = field(default_factory=Draft)
    habit: Habit | None = None


class Scheduler:
    """Prompts are fed in pieces of at most `step_tokens` a step, beside the rows that decode.

    Interactive sequences come first and have `spare` slots that the batch lane leaves free, so that a person waits for
    the step that is being computed and no longer.
    """

    def __init__(self, runner: Runner, step_tokens: int, spare: int, drafts: Drafts) -> None:
        self.runner = runner
        self.drafts = drafts
        self.step_tokens = step_tokens
        self.spare = min(spare, runner.slots - 1)
        self._reset()

    def _reset(self) -> None:
        self._waiting: dict[Lane, deque[Run]] = {lane: deque() for lane in LANES}
        self._running: list[Run] = []
        self._free = list(range(self.runner.slots))[::-1]
        self._computing: set[bytes] = set()

    def submit(self, sequences: Iterable[Sequence]) -> None:
        """Lets sequences wait for a slot."""
        for sequence in sequences:
            keys = self.runner.prefixes.keys(sequence.adapter, sequence.prompt)
            self.runner.prefixes.expect(keys)
            self._waiting[sequence.lane].append(Run(sequence, keys))

    def plan(self) -> list[tuple[Run, Feed]]:
        """The feeds of the next step; empty when nothing waits or runs."""
        feeds = [(run, self._feed(run, len(run.sequence.pending))) for run in self._running if self._decodes(run)]
        left = self.step_tokens - sum(len(feed.tokens) for _, feed in feeds)
        for run in self._prompts():
            if left <= 0:
                break
            feeds.append((run, self._feed(run, left)))
            left -= len(feeds[-1][1].tokens)
        return feeds

    def computed(self, run: Run) -> None:
        """Called after a step in which the run's prompt was completed."""
        if run.computing or run.keys:
            self.runner.remember(run.slot, run.keys)
            self._computing -= run.computing
            run.computing = frozenset()

    def leave(self, run: Run) -> None:
        """Frees the slot of a finished run."""
        self._running.remove(run)
        self._free.append(run.slot)
        self._computing -= run.computing
        self.runner.prefixes.release(run.keys)

    def abandon(self) -> list[Sequence]:
        """Forgets all; returns what was under way."""
        lost = [run.sequence for run in (*self._running, *(run for lane in LANES for run in self._waiting[lane]))]
        for run in self._running:
            self.runner.prefixes.release(run.keys)
        self._reset()
        return lost

    def _decodes(self, run: Run) -> bool:
        return run.sequence.position >= len(run.sequence.prompt)

    def _prompts(self) -> Iterator[Run]:
        """Prompts to feed from, interactive first; each lane's waiting ones are admitted as they are reached."""
        for lane in LANES:
            yield from [run for run in self._running if run.sequence.lane == lane and not self._decodes(run)]
            while (run := self._admit(lane)) is not None:
                yield run

    def _admit(self, lane: Lane) -> Run | None:
        waiting = self._waiting[lane]
        if not waiting or len(self._free) <= (self.spare if lane == "batch" else 0):
            return None
        run = waiting[0]
        sequence, prefixes = run.sequence, self.runner.prefixes
        missing = set(run.keys[prefixes.known(run.keys) : prefixes.shared(run.keys)])
        if len(missing & self._computing) >= WORTH_WAITING:
            return None
        self.runner.reserve(len(sequence.prompt) + sequence.limit)
        waiting.popleft()
        run.slot = self._free.pop()
        run.computing = frozenset(missing - self._computing)
        self._computing |= run.computing
        prefixes.hold(run.keys)
        sequence.position = self.runner.begin(run.slot, run.keys)
        sequence.pending = sequence.pending[sequence.position :]
        self._running.append(run)
        return run

    def _feed(self, run: Run, most: int) -> Feed:
        """Takes up to `most` pending tokens of a run into a feed, and a guess of what follows when they are the last."""
        sequence = run.sequence
        tokens, sequence.pending = sequence.pending[:most], sequence.pending[most:]
        start, prompted = sequence.position, min(len(tokens), max(0, len(sequence.prompt) - sequence.position))
        sequence.position += len(tokens)
        run.draft = Draft()
        if sequence.pending:
            return Feed(run.slot, sequence.adapter, start, tokens, (), prompted)
        run.draft, run.habit = self.drafts.guess(sequence, run.habit)
        asks = [len(tokens) - 1]
        for segment in run.draft.segments:
            asks.append(asks[-1] + len(segment))
        return Feed(run.slot, sequence.adapter, start, [*tokens, *run.draft.tokens], tuple(asks), prompted)
