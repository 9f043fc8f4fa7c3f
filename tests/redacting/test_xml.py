"""XML and HTML stay well-formed: names are written with entities, markup and values with entities stay whole."""

import re
import xml.etree.ElementTree as ElementTree

import pytest

from secassist.redacting.choosing import Format, choose
from tests.redacting.runs import AWS_KEY, MAIL, PASSWORD, SMALL, redact, reveal

ODD = "Zq7&mVt2<kL'p9"
TEXT = f"""<?xml version="1.0"?>\r
<cfg><!-- {MAIL} --><db password="{PASSWORD}" user='x'/><mail>{MAIL}</mail>\r
<password>Zq7&amp;mVt2&lt;kL&apos;p9</password><t><![CDATA[key={AWS_KEY} <b>]]></t></cfg>\r
"""


def names(text: str) -> set[str]:
    return set(re.findall(r"&lt;([A-Z_]+_[0-9a-f]{8})&gt;", text))


def test_a_document_stays_one_and_comes_back_byte_for_byte() -> None:
    done = redact(TEXT)
    assert done.tally.format is Format.XML
    tree = ElementTree.fromstring(done.text)
    assert [node.tag for node in tree.iter()] == ["cfg", "db", "mail", "password", "t"]
    mail = tree.findtext("mail", "")
    assert mail.startswith("<EMAIL_") and done.text.count(mail[1:-1]) == 2
    assert all(value not in done.text for value in (MAIL, PASSWORD, AWS_KEY, "mVt2", "p9"))
    assert ODD in {entry.meaning for entry in done.entries}
    assert reveal(done) == TEXT.encode()


def test_what_was_redacted_is_left_alone_the_second_time() -> None:
    once = redact(TEXT)
    again = redact(once.out)
    assert again.out == once.out and not again.entries


def test_names_are_the_same_whatever_the_format() -> None:
    markup, plain = redact(f"<a>{MAIL}</a>", "xml"), redact(f"write to {MAIL}")
    assert names(markup.text) == {plain.entries[0].name[1:-1]}


def test_a_name_that_stood_in_the_input_stays() -> None:
    taken = names(redact(f"<a>{MAIL}</a>", "xml").text).pop()
    text = f"<a>&lt;{taken}&gt;</a><b>{MAIL}</b>"
    done = redact(text, "xml")
    assert MAIL not in done.text and done.text.startswith(f"<a>&lt;{taken}&gt;</a>")
    assert reveal(done) == text.encode()


def test_borders_of_windows_cut_nothing_in_two() -> None:
    text = "<log>\n" + "".join(
        f"<e n='{n}' to='{MAIL}'>a &amp; b &lt; c, password=Zq7&amp;mVt2k{n}</e>\n" for n in range(60)
    )
    text += "</log>\n"
    done = redact(text, "xml", sizes=SMALL)
    assert MAIL not in done.text and "mVt2k" not in done.text
    assert len(list(ElementTree.fromstring(done.text))) == 60
    assert reveal(done) == text.encode()


@pytest.mark.parametrize(
    ("name", "head", "expected"),
    [
        ("a.log", "<?xml version='1.0'?><a/>", Format.XML),
        ("a.txt", "\ufeff<!DOCTYPE html><html>", Format.XML),
        ("a.plist", "<plist>", Format.XML),
        ("", "<Event xmlns='x'><System/>", Format.XML),
        ("a.log", "<14>Oct 11 22:14:15 host app: started", Format.TEXT),
        ("a.config", "[core]\nx = <y>", Format.TEXT),
    ],
)
def test_the_format_is_chosen_by_name_and_beginning(name: str, head: str, expected: Format) -> None:
    assert choose(Format.AUTO, name, head, whole=True) is expected


def test_a_byte_order_mark_before_plain_letters_hides_nothing() -> None:
    text = b"\xff\xfe" + f"user {MAIL} logged in\n".encode() * 3
    done = redact(text)
    assert MAIL.encode() not in done.out and done.out.startswith(b"\xff\xfe")
    assert reveal(done) == text
    wide = f"用户 {MAIL} 登录\r\n".encode("utf-16")
    assert MAIL not in redact(wide).out.decode("utf-16")
