"""Drafts: guesses how an answer goes on from its prompt or from earlier answers; one pass checks them all at once."""

from collections import OrderedDict
from dataclasses import dataclass, field

from secassist.engine.sequence import Sequence

GRAM = 3
"""Tokens that must agree before what followed them is guessed to follow again."""
MOST = 12
"""Free tokens guessed at a time, at most; a sequence begins with FIRST, doubles when all were right, halves when none."""
FIRST = 4
REMEMBERED = 1 << 15
"""Places in earlier answers that are remembered for each adapter."""
Gram = tuple[int, ...]


@dataclass
class Draft:
    """Guessed segments: each a free token and the tokens that the grammar forces after it."""

    segments: list[list[int]] = field(default_factory=list)

    @property
    def tokens(self) -> list[int]:
        """All of them, in order."""
        return [token for segment in self.segments for token in segment]


@dataclass
class Habit:
    """What is known for one sequence: where each gram of its prompt ends, and how far guesses reach."""

    places: dict[Gram, int]
    reach: int = FIRST


class Drafts:
    """Guesses change how fast an answer is computed, never what it is: a wrong one is computed again.

    Only greedy sequences are guessed for, and none whose watched decision has not been read yet.
    """

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self.guessed = 0
        self.right = 0
        self._answers: dict[str, OrderedDict[Gram, tuple[list[int], int]]] = {}

    def guess(self, sequence: Sequence, habit: Habit | None) -> tuple[Draft, Habit | None]:
        """A draft of what follows the pending tokens, empty where nothing is known."""
        how = sequence.decoding
        open_watch = sequence.watch is not None and not sequence.choices
        if not self.most or how.temperature > 0 or how.weigh or open_watch or len(sequence.answer) < GRAM:
            return Draft(), habit
        habit = habit or Habit({gram: end for end, gram in _grams(sequence.prompt)})
        return self._drafted(sequence, habit), habit

    def learn(self, sequence: Sequence) -> None:
        """Remembers a finished answer."""
        known = self._answers.setdefault(sequence.adapter, OrderedDict())
        answer = list(sequence.answer)
        for end, gram in _grams(answer):
            known[gram] = (answer, end)
            known.move_to_end(gram)
        while len(known) > REMEMBERED:
            known.popitem(last=False)

    def settle(self, habit: Habit, guessed: int, right: int) -> None:
        """Notes how many segments of a draft were right."""
        self.guessed += guessed
        self.right += right
        if right == guessed:
            habit.reach = min(self.most, habit.reach * 2)
        elif right == 0:
            habit.reach = max(1, habit.reach // 2)

    def _drafted(self, sequence: Sequence, habit: Habit) -> Draft:
        matcher = sequence.matcher.copy()
        text = sequence.answer[-GRAM:]
        draft = Draft()
        source, place = self._look_up(sequence, habit, text)
        room = sequence.limit - len(sequence.answer) - 1
        while len(draft.segments) < habit.reach and place < len(source) and room > 0:
            token = source[place]
            if matcher.finished() or not matcher.accepts(token):
                break
            matcher.consume([token])
            segment = [token, *matcher.forced()]
            draft.segments.append(segment)
            room -= len(segment)
            text = [*text, *segment][-GRAM:]
            if source[place : place + len(segment)] == segment:
                place += len(segment)
            else:
                source, place = self._look_up(sequence, habit, text)
        if room < 0:
            draft.segments.pop()
        return draft

    def _look_up(self, sequence: Sequence, habit: Habit, text: list[int]) -> tuple[list[int], int]:
        """Where the last tokens stood before, and what followed them; an empty source if nowhere."""
        gram = tuple(text)
        if gram in habit.places:
            return sequence.prompt, habit.places[gram]
        known = self._answers.get(sequence.adapter)
        return known.get(gram, ([], 0)) if known else ([], 0)


def _grams(tokens: list[int]) -> list[tuple[int, Gram]]:
    """Every run of GRAM tokens with the place after it."""
    return [(end, tuple(tokens[end - GRAM : end])) for end in range(GRAM, len(tokens))]
