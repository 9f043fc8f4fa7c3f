"""Makes untrusted text harmless: hidden characters become visible, and each format has its own escape."""

import html as stdlib_html
import re
import unicodedata

from schemas import Evidence, Finding

HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0d\ufeff\ufff0-\ufffb"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Controls (but newline and tab), bidirectional overrides, zero-width and tag characters (Unicode Cc, Cf, Zl, Zp, Cs)."""
MARKDOWN = re.compile(r"[\\`*_{}\[\]<>#!|~&$@^]|^[-+=]|(?<=:)/(?=/)|(?<=www)\.", re.IGNORECASE)
"""What starts something in CommonMark or GitHub's flavour, bare links and mentions included; a backslash makes it plain."""
NUMBERED = re.compile(r"^(\d{1,9})([.)])")
"""What would start a numbered list."""
FORMULA = ("=", "+", "-", "@", "|", "%", "＝", "＋", "－", "＠")
"""First characters that make a spreadsheet calculate (OWASP, CSV injection), and their full-width twins."""
LONGEST = 4000
"""Characters shown of one text; what is cut is counted."""


def visible(text: str) -> str:
    """The text with hidden characters spelled out (\\x1b, \\u202e); newlines and tabs stay."""
    return HIDDEN.sub(_spell, text)


def json(text: str) -> str:
    """JSON with its hidden characters as escapes: the same value, safe to print on a terminal."""
    return HIDDEN.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    pair = match[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{pair[at]:02x}{pair[at + 1]:02x}" for at in range(0, len(pair), 2))


def _spell(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def clip(text: str, longest: int = LONGEST) -> str:
    """At most `longest` characters; says how many were left out."""
    left_out = len(text) - longest
    return f"{text[:longest]}… (+{left_out})" if left_out > 0 else text


def one_line(text: str, longest: int = 300) -> str:
    """Visible, clipped, and all white space squeezed to single spaces."""
    return visible(" ".join(clip(text, longest).split()))


def minute(moment: str) -> str:
    """An ISO 8601 time in UTC for people: "2026-03-01 12:00 UTC"."""
    return f"{visible(moment)[:16].replace('T', ' ')} UTC"


def html(text: str, longest: int = LONGEST) -> str:
    """For element content and quoted attributes."""
    return stdlib_html.escape(visible(clip(text, longest)), quote=True)


def markdown(text: str, longest: int = LONGEST) -> str:
    """One line of plain words in Markdown."""
    return NUMBERED.sub(r"\1\\\2", MARKDOWN.sub(r"\\\g<0>", one_line(text, longest)))


def fenced(text: str) -> str:
    """A code block whose fence is longer than any run of backticks inside."""
    shown = visible(clip(text))
    longest = max((len(run) for run in re.findall("`+", shown)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{shown}\n{fence}"


def cell(text: str) -> str:
    """For CSV: hidden characters visible, and an apostrophe before what a spreadsheet would calculate."""
    shown = visible(clip(text))
    return f"'{shown}" if shown.lstrip().startswith(FORMULA) or shown[:1] in ("\t", "\n") else shown


def width(text: str) -> int:
    """Terminal columns: wide East Asian characters take two, combining marks none (Unicode TR 11)."""
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def fit(text: str, columns: int) -> str:
    """One line of exactly so many columns: cut with an ellipsis, or filled with spaces."""
    text = one_line(text, 4 * columns)
    if width(text) <= columns:
        return text + " " * (columns - width(text))
    shown = _begin(text, columns - 1)
    return f"{shown}…" + " " * (columns - 1 - width(shown))


def fit_place(place: str, columns: int) -> str:
    """A path in exactly so many columns, cut in its middle: the file's name and line stay, as far as they fit."""
    text = one_line(place, LONGEST)
    if width(text) <= columns:
        return fit(text, columns)
    end = "…/" + text.rpartition("/")[2]
    if "/" in text and width(end) <= columns:
        return fit(_begin(text, columns - width(end)) + end, columns)
    name, colon, line = text.rpartition("/")[2].rpartition(":")
    last = colon + line if line.replace("#", "", 1).isdigit() and name else ""
    name = name if last else text.rpartition("/")[2]
    room = columns - 1 - width(last)
    if room < 2:
        return fit(text, columns)
    tail = _begin(name[::-1], room // 2)[::-1]
    return fit(_begin(name, room - width(tail)) + "…" + tail + last, columns)


def _begin(text: str, columns: int) -> str:
    """As much of the beginning as fits."""
    used = 0
    for at, character in enumerate(text):
        used += _columns(character)
        if used > columns:
            return text[:at]
    return text


def wrapped(text: str, columns: int, indent: str = "") -> list[str]:
    """Lines of at most so many columns, each with the indent; broken at spaces, and within a word that is too long."""
    room, lines, line = max(8, columns - len(indent)), list[str](), ""
    for word in text.split(" "):
        joined = f"{line} {word}" if line else word
        if width(joined) <= room:
            line = joined
            continue
        lines += [line] if line else []
        line = word
        while width(line) > room:
            part = _begin(line, room)
            lines.append(part)
            line = line[len(part) :]
    return [indent + each for each in [*lines, line] if each]


def masked(finding: Finding) -> Finding:
    """The finding with every quote that was not redacted replaced by the mask; quotes of weaknesses stay.

    Whoever made the finding should have redacted them; this holds even where that was forgotten.
    """
    trace = finding.secret
    if trace is None or all(evidence.redacted for evidence in finding.evidence):
        return finding
    shown = tuple(each if each.redacted else _hide(each, trace.mask) for each in finding.evidence)
    return finding.model_copy(update={"evidence": shown})


def _hide(evidence: Evidence, mask: str) -> Evidence:
    return evidence.model_copy(update={"quote": mask, "redacted": True})


def chance(number: float) -> str:
    """A probability with two digits; what rounds to 0 or 1 is said to lie beyond the last step, for nothing here is sure."""
    return "<.01" if number < 0.005 else ">.99" if number >= 0.995 else f"{number:.2f}"
