"""Office documents: their words, links and properties; entities, bombs and other forms are refused by name."""

import pytest

from schemas import Document
from secassist.errors import SourceError
from secassist.sources.base import Limits, Rejected
from secassist.sources.office import PLUGIN
from tests.sources.archives import document, zipped

CELLS = b'<worksheet xmlns="urn:x"><row><c><v>1</v></c><c><is><t>two</t></is></c></row><row><c><v>3</v></c></row></worksheet>'
SHARED = b'<sst xmlns="urn:x"><si><t>shared one</t></si><si><t>shared two</t></si></sst>'
SLIDE = b'<p:sld xmlns:p="urn:p" xmlns:a="urn:a"><a:p><a:r><a:t>A slide</a:t></a:r></a:p></p:sld>'
ODT = b'<o:c xmlns:o="urn:o" xmlns:t="urn:t"><t:h>Head</t:h><t:p>One<t:tab/>two<t:s/>three</t:p></o:c>'
LINKS = b'<Relationships xmlns="urn:r"><Relationship Id="1" Target="https://example.org/?key=abc"/></Relationships>'


def read(folder, data, limits=None):
    path = folder / "given"
    path.write_bytes(data)
    return list(PLUGIN.read(path, limits or Limits()))


def bodies(found):
    return {each.origin.partition("!")[2]: each.body for each in found if isinstance(each, Document)}


def test_paragraphs_links_comments_and_properties(tmp_path):
    more = {
        "word/_rels/document.xml.rels": LINKS,
        "word/comments.xml": b'<c xmlns="urn:c"><p>Says who</p></c>',
        "docProps/core.xml": b'<c xmlns="urn:c"><creator>Ana Example</creator></c>',
        "word/theme/theme1.xml": b"<t>looks</t>",
        "word/media/image1.png": bytes(range(256)),
    }
    found = bodies(read(tmp_path, document("First &amp; last", "Second", **more)))
    assert found == {
        "word/document.xml": "First & last\nSecond",
        "word/_rels/document.xml.rels": "https://example.org/?key=abc",
        "word/comments.xml": "Says who",
        "docProps/core.xml": "Ana Example",
    }


def test_sheets_slides_and_open_documents(tmp_path):
    types = {"[Content_Types].xml": b"<Types/>"}
    sheet = zipped({**types, "xl/worksheets/sheet1.xml": CELLS, "xl/sharedStrings.xml": SHARED})
    assert bodies(read(tmp_path, sheet)) == {
        "xl/worksheets/sheet1.xml": "1\ttwo\n3",
        "xl/sharedStrings.xml": "shared one\nshared two",
    }
    assert bodies(read(tmp_path, zipped({**types, "ppt/slides/slide1.xml": SLIDE}))) == {
        "ppt/slides/slide1.xml": "A slide"
    }
    text = zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": ODT}, 0)
    assert bodies(read(tmp_path, text)) == {"content.xml": "Head\nOne\ttwo three"}


def sheets(rows, shared=b""):
    row = b'<worksheet xmlns="urn:x"><sheetData>' + rows + b"</sheetData><f1>Seite 1</f1></worksheet>"
    strings = b'<sst xmlns="urn:x">' + shared + b"</sst>"
    return zipped(
        {"[Content_Types].xml": b"<Types/>", "xl/worksheets/sheet1.xml": row, "xl/sharedStrings.xml": strings}
    )


def test_a_row_is_a_line_and_texts_stand_in_their_columns(tmp_path):
    rows = (
        b'<row r="1"><c r="A1" t="s"><v>1</v></c><c r="C1" t="s"><v>0</v></c></row>'
        b'<row r="3"><c r="B3"><v>13812345678</v></c><c r="C3"><f>A1&amp;"x"</f><v>7</v></c></row>'
    )
    shared = b"<si><t>phone</t></si><si><r><t>na</t></r><r><t>me\nof</t></r></si><si><t>deleted</t></si>"
    assert bodies(read(tmp_path, sheets(rows, shared))) == {
        "xl/worksheets/sheet1.xml": 'name of\t\tphone\n\n\t13812345678\tA1&"x" 7\nSeite 1',
        "xl/sharedStrings.xml": "deleted",
    }


def test_far_places_and_numbers_of_no_text_cost_nothing(tmp_path):
    rows = b'<row r="900000"><c r="XFD1" t="s"><v>99</v></c></row><row r="x"><c r="?"><v>1</v></c></row>'
    assert bodies(read(tmp_path, sheets(rows))) == {"xl/worksheets/sheet1.xml": "99\n1\nSeite 1"}


def test_a_long_sheet_comes_in_parts_that_know_their_first_row(tmp_path):
    rows = b"".join(b"<row><c><v>%d</v></c></row>" % number for number in range(1, 400))
    found = read(tmp_path, sheets(rows), Limits(record_bytes=1_000))
    assert len(found) > 2
    assert all(part.body.split("\n")[0] == str(part.start_line) for part in found[1:])


def test_documents_inside_documents(tmp_path):
    inner = document("Inside")
    assert bodies(read(tmp_path, document("Outside", **{"word/embeddings/d.docx": inner}))) == {
        "word/document.xml": "Outside",
        "word/embeddings/d.docx!word/document.xml": "Inside",
    }


@pytest.mark.parametrize(
    "xml",
    [
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    ],
)
def test_entities_and_external_files_are_refused(tmp_path, xml):
    found = read(tmp_path, document("Fine", **{"word/footer1.xml": xml}))
    assert bodies(found) == {"word/document.xml": "Fine"}
    (refused,) = (each for each in found if isinstance(each, Rejected))
    assert "entities or a DTD" in refused.reason


def test_damaged_and_deep_xml_keep_what_came_before(tmp_path):
    found = read(
        tmp_path, document("Fine", **{"word/footer1.xml": b"<a><p>before</p><b>", "word/footer2.xml": b"<a>" * 100_000})
    )
    assert bodies(found)["word/footer1.xml"] == "before"
    assert sum("damaged XML" in each.reason for each in found if isinstance(each, Rejected)) == 2


def test_a_bomb_of_a_document(tmp_path):
    (*_, last) = read(tmp_path, document("Fine", **{"word/footer1.xml": b"<a>" + b" " * 50_000_000 + b"</a>"}))
    assert isinstance(last, Rejected) and "larger than" in last.reason


def test_long_documents_come_in_parts(tmp_path):
    found = read(tmp_path, document(*(f"Paragraph {n}" for n in range(20_000))), Limits(record_bytes=100_000))
    assert len(found) > 2
    assert "\n".join(each.body for each in found).count("Paragraph") == 20_000


@pytest.mark.parametrize(
    ("data", "says"),
    [(b"%PDF-1.7\n", "PDF is not read"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old or encrypted")],
)
def test_other_forms_are_refused_by_name(tmp_path, data, says):
    with pytest.raises(SourceError, match=says):
        read(tmp_path, data)
    assert PLUGIN.sniff(tmp_path / "x", data) > 0.5
