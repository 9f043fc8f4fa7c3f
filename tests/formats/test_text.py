"""The escapes themselves."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from secassist.formats import _text
from tests.formats.samples import HOSTILE


def test_every_hidden_character_is_spelled_out() -> None:
    missed = [
        code
        for code in range(0x110000)
        if unicodedata.category(chr(code)) in ("Cc", "Cf", "Zl", "Zp", "Cs")
        and _text.visible(chr(code)) == chr(code)
        and chr(code) not in "\n\t"
    ]
    allowed = {*range(0x13430, 0x13440), *range(0x1BCA0, 0x1BCA4), 0x110BD, 0x110CD, 0x08E2, *range(0x0890, 0x0892)}
    assert set(missed) <= allowed  # format marks of hieroglyphs, shorthand, Kaithi, Arabic: visible in their scripts


def test_hidden_characters_read_as_analysts_write_them() -> None:
    assert _text.visible("a\x1b[31m\u202eb\U000e0041\n") == "a\\x1b[31m\\u202eb\\U000e0041\n"


def test_clipping_counts_what_is_left_out() -> None:
    assert _text.clip("abcdef", 4) == "abcd… (+2)"
    assert _text.clip("abcd", 4) == "abcd"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\n=1", "|cmd", "%0A", "＝1"])
def test_formulas_become_text(text: str) -> None:
    assert _text.cell(text).startswith("'")


@pytest.mark.parametrize("text", ["0.913", "plain", "a=b", ""])
def test_ordinary_cells_stay(text: str) -> None:
    assert _text.cell(text) == text


@pytest.mark.parametrize("text", ["short", "很长的中文标题需要截断", "e\u0301" * 20, "x" * 99, ""])
def test_fitted_text_has_exact_width(text: str) -> None:
    assert _text.width(_text.fit(text, 12)) == 12


@pytest.mark.parametrize(
    ("place", "columns", "shown"),
    [
        ("shop/orders.py:41", 20, "shop/orders.py:41   "),
        ("/home/ana/work/shop/examples/webapp/accounts.py:17", 24, "/home/an…/accounts.py:17"),
        ("/home/ana/work/shop/examples/webapp/accounts.py:17", 16, "…/accounts.py:17"),
        ("shop/a_very_long_name_of_a_file.py:1234", 16, "a_ver…le.py:1234"[:16]),
        ("a_very_long_name_without_any_line.py", 12, "a_very…ne.py"),
    ],
)
def test_a_place_keeps_its_file_and_line(place: str, columns: int, shown: str) -> None:
    found = _text.fit_place(place, columns)
    assert found == shown


@given(st.text(alphabet="ab/:.很1 \u0301", max_size=60), st.integers(min_value=1, max_value=40))
def test_a_place_has_exact_width(place: str, columns: int) -> None:
    assert _text.width(_text.fit_place(place, columns)) == columns


@given(st.text(alphabet="ab 很\u0301", max_size=80), st.integers(min_value=10, max_value=40))
def test_wrapping_loses_nothing_but_spaces(text: str, columns: int) -> None:
    lines = _text.wrapped(text, columns, "  ")
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(_text.width(line) <= columns for line in lines)


DANGEROUS = (
    "html_inline",
    "html_block",
    "link_open",
    "image",
    "heading_open",
    "code_inline",
    "em_open",
    "strong_open",
    "table_open",
)


def kinds(markdown: str) -> set[str]:
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(markdown)
    return {each.type for token in tokens for each in [token, *(token.children or [])]}


@given(st.text(alphabet="ab1.)(-+*_#<>[]!|`~:/\\&@\n \t=", max_size=40))
def test_escaped_markdown_is_only_words(text: str) -> None:
    assert kinds(_text.markdown(text)) <= {"paragraph_open", "inline", "text", "paragraph_close", "text_special"}


def test_hostile_markdown_is_only_words() -> None:
    assert not kinds(_text.markdown(HOSTILE)) & set(DANGEROUS)
    assert "http://" not in _text.markdown(HOSTILE)


@given(st.text(alphabet="a`~\n ", max_size=60))
def test_nothing_breaks_out_of_a_fence(text: str) -> None:
    tokens = MarkdownIt().parse(_text.fenced(text) + "\n\nafter")
    assert [token.type for token in tokens] == ["fence", "paragraph_open", "inline", "paragraph_close"]
