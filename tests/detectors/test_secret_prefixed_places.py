"""Keys with the mark of their maker are looked for near their long parts only, and none is missed for it."""

import random
import string

from secassist.detectors._secret.prefixed import TOKEN, _tokens


def test_keys_stand_where_reading_every_character_finds_them() -> None:
    draw = random.Random(7)

    def letters(least: int, most: int) -> str:
        return "".join(draw.choices(string.ascii_letters + string.digits, k=draw.randint(least, most)))

    seen = 0
    for _ in range(2000):
        parts = [draw.choice(("acme", "acme-live", "Z9X", letters(1, 14))) for _ in range(3)]
        words = [part + draw.choice("_-.") + draw.choice(("", "a__", "-")) + letters(16, 80) for part in parts]
        text = draw.choice(("", "=", "键", "@")) + "".join(word + draw.choice(' ="\n.键/-') for word in words)
        every = {match.span() for match in TOKEN.finditer(text) if _has_long_part(match["tail"])}
        found = {match.span() for match in _tokens(text)}
        assert every <= found <= {match.span() for match in TOKEN.finditer(text)}, text
        seen += len(every)
    assert seen > 1000


def _has_long_part(tail: str) -> bool:
    return max(map(len, tail.replace("-", "_").split("_"))) >= 16
