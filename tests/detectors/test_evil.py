"""The evil strings are as long and as many as they say, and the growth that they measure tells a line from a square."""

import re

from tests.detectors.evil import UNITS, evil_strings, growth, pattern_strings


def test_there_are_at_least_fifty_of_the_length_asked_for() -> None:
    made = dict(evil_strings(1_000))
    assert len(made) == len(UNITS) >= 50
    assert all(len(text) == 1_000 for text in made.values()) and len(set(made.values())) == len(made)


def test_samples_match_their_pattern() -> None:
    pattern = r"(?:ab|c)[0-9]{2,5}[^x\s]\w?(?P<n>-\d+)(?![a-z])"
    samples = dict(pattern_strings(pattern, 3_000))
    assert all(len(text) == 3_000 for text in samples.values())
    assert re.search(pattern, samples["spaced"]) and re.search(pattern, samples["most"])
    assert not re.search(pattern, samples["least broken"])


def test_a_square_is_told_from_a_line() -> None:
    assert growth(lambda text: [text.count("b", at) for at in range(0, len(text), 4)], "a", 10_000) > 8
    assert 2 < growth(lambda text: re.findall("a.", text), "ab", 300_000) < 8
