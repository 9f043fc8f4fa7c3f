"""Engine: completes sequences under their grammars; callers in several threads share its steps."""

import threading
from collections.abc import Callable
from collections.abc import Sequence as Many
from dataclasses import dataclass, field

import numpy as np
from torch import Tensor

from secassist.engine.attention import Feed
from secassist.engine.choosing import Chooser
from secassist.engine.drafts import MOST, Drafts
from secassist.engine.runner import Runner
from secassist.engine.scheduler import Run, Scheduler
from secassist.engine.sequence import Sequence
from secassist.errors import BackendError

STEP_TOKENS = 1024
"""Prompt tokens computed in one step: long enough to fill the processor, short enough to wait for."""
SPARE = 2
"""Slots that only interactive sequences may take."""
PATIENCE = 0.002
"""Seconds until a waiting caller looks again whether it is its turn to compute."""


@dataclass(eq=False)
class _Ticket:
    """What one caller waits for."""

    sequences: list[Sequence]
    finished: Callable[[Sequence], None] | None = None
    done: threading.Event = field(default_factory=threading.Event)
    error: BaseException | None = None


class Engine:
    """`decode` turns token ids into text. Whoever waits computes: each step serves every caller's sequences."""

    def __init__(
        self,
        runner: Runner,
        chooser: Chooser,
        decode: Callable[[list[int]], str],
        step_tokens: int = STEP_TOKENS,
        spare: int = SPARE,
        drafts: Drafts | None = None,
    ) -> None:
        self.runner = runner
        self.chooser = chooser
        self.decode = decode
        self.turns = threading.Lock()
        """Held while a step is computed; beam search holds it for its whole run."""
        self.drafts = drafts if drafts and runner.guesses else Drafts(MOST if runner.guesses else 0)
        self._scheduler = Scheduler(runner, step_tokens, spare, self.drafts)
        self._inbox: list[_Ticket] = []
        self._open: list[_Ticket] = []

    def run(self, sequences: Many[Sequence], finished: Callable[[Sequence], None] | None = None) -> None:
        """Completes all sequences in place; `finished` is told of each at once, by whichever caller computed its end.

        Raises BackendError when a step fails; what shared it fails with it.
        """
        ticket = _Ticket(list(sequences), finished)
        self._inbox.append(ticket)
        while not ticket.done.is_set():
            if not self.turns.acquire(blocking=False):
                ticket.done.wait(PATIENCE)
                continue
            try:
                if not ticket.done.is_set():
                    self._turn()
            finally:
                self.turns.release()
        if ticket.error is not None:
            raise BackendError(f"a step of the model failed: {ticket.error}") from ticket.error

    def _turn(self) -> None:
        """One step for everybody."""
        try:
            self._receive()
            feeds = self._scheduler.plan()
            if feeds:
                logits = self.runner.step([feed for _, feed in feeds])
                self._advance(feeds, logits)
        except BaseException as error:
            self._fail(error)
            if not isinstance(error, RuntimeError | BackendError):
                raise
        self._report()

    def _receive(self) -> None:
        while self._inbox:
            ticket = self._inbox.pop(0)
            self._open.append(ticket)
            for sequence in ticket.sequences:
                self.chooser.begin(sequence)
            self._scheduler.submit(sequence for sequence in ticket.sequences if not sequence.finish)

    def _advance(self, feeds: list[tuple[Run, Feed]], logits: Tensor) -> None:
        """The next tokens of every run that has its logits."""
        likeliest = np.argmax(logits.numpy(), axis=-1).tolist() if len(logits) else []  # torch's is ten times slower
        row = 0
        for run, feed in feeds:
            if feed.asks:
                if not run.sequence.free_tokens:
                    self._scheduler.computed(run)
                end = row + len(feed.asks)
                self._take(run, logits[row:end], likeliest[row:end])
                row = end

    def _take(self, run: Run, logits: Tensor, likeliest: list[int]) -> None:
        """One token after the other, as long as the guesses that were computed with them hold."""
        sequence, segments = run.sequence, run.draft.segments
        right = 0
        for place, token in enumerate(likeliest):
            self.chooser.choose(sequence, logits[place], token)
            if sequence.finish or place == len(segments) or sequence.pending != segments[place]:
                break
            sequence.position += len(sequence.pending)
            sequence.pending = []
            right += 1
        if run.habit and segments:
            self.drafts.settle(run.habit, len(segments), right)
        if sequence.finish:
            self._scheduler.leave(run)
            self.drafts.learn(sequence)

    def _report(self) -> None:
        """Tells of finished sequences, and wakes the callers that wait for no more."""
        for ticket in list(self._open):
            for sequence in [s for s in ticket.sequences if s.finish]:
                sequence.text = self.decode(sequence.answer)
                ticket.sequences.remove(sequence)
                if ticket.finished:
                    ticket.finished(sequence)
            if not ticket.sequences:
                self._open.remove(ticket)
                ticket.done.set()

    def _fail(self, error: BaseException) -> None:
        """Ends all that is under way with this error, so that nobody waits for ever and the next call starts afresh."""
        self._scheduler.abandon()
        for ticket in [*self._open, *self._inbox]:
            ticket.error = error
            ticket.done.set()
        self._open, self._inbox = [], []
