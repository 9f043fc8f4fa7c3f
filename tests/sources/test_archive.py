"""Archives: every member in memory, under caps, and every trap named."""

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from schemas import CodeUnit, Document, Subject
from secassist.sources import _packed
from secassist.sources.archive import PLUGIN
from secassist.sources.base import Limits, Rejected, Skipped
from tests.sources.archives import tarred, zipped

MEMBERS = {"src/app.py": b"import os\n", "notes.txt": b"one\ntwo\n", "x" * 180 + "/deep.txt": b"deep\n"}
PACKED = {
    "a.zip": zipped(MEMBERS),
    "a.whl": zipped(MEMBERS, zipfile.ZIP_STORED),
    "a.jar": zipped(MEMBERS, zipfile.ZIP_BZIP2),
    "a.tar": tarred(MEMBERS),
    "a.tar.gz": tarred(MEMBERS, "w:gz"),
    "a.tar.bz2": tarred(MEMBERS, "w:bz2"),
    "a.tar.xz": tarred(MEMBERS, "w:xz"),
}


def read(folder: Path, data: bytes, limits: Limits | None = None) -> list[Subject | Rejected]:
    path = folder / "given"
    path.write_bytes(data)
    return list(PLUGIN.read(path, limits or Limits()))


def reasons(found: list[Subject | Rejected]) -> dict[str, str]:
    return {each.origin.partition("!")[2]: each.reason for each in found if isinstance(each, Rejected)}


@pytest.mark.parametrize("name", PACKED)
def test_every_member_by_its_name(tmp_path, name):
    found = read(tmp_path, PACKED[name])
    assert [type(each) for each in found] == [CodeUnit, Document, Document]
    assert [each.origin.partition("!")[2] for each in found] == list(MEMBERS)
    assert [each.body.rstrip("\n") for each in found] == ["import os", "one\ntwo", "deep"]
    assert list(tmp_path.iterdir()) == [tmp_path / "given"], "nothing is unpacked to disk"


def test_the_pax_and_the_gnu_form_of_long_names(tmp_path):
    for form in (tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT):
        made = io.BytesIO()
        with tarfile.open(fileobj=made, mode="w", format=form) as archive:
            info = tarfile.TarInfo("d" * 90 + "/" + "f" * 90 + ".txt")
            info.size = 2
            archive.addfile(info, io.BytesIO(b"x\n"))
        (only,) = read(tmp_path, made.getvalue())
        assert only.origin.endswith("!" + "d" * 90 + "/" + "f" * 90 + ".txt")


def test_files_packed_alone_and_streams_one_after_the_other(tmp_path):
    for data in (bz2.compress(b"a\n") + bz2.compress(b"b\n"), lzma.compress(b"a\n") + lzma.compress(b"b\n")):
        (only,) = read(tmp_path, data)
        assert only.body == "a\nb\n"


def test_three_deep_and_no_deeper(tmp_path):
    inner = zipped({"d.txt": b"deep\n"})
    three = zipped({"b.tar.gz": tarred({"c.zip": inner})})
    found = read(tmp_path, three)
    assert [each.origin.partition("!")[2] for each in found] == ["b.tar.gz!c.zip!d.txt"]
    found = read(tmp_path, zipped({"a.zip": three}))
    assert "inside each other" in reasons(found)["a.zip!b.tar.gz!c.zip"]


def test_names_that_lead_out_are_listed_and_shown_safely(tmp_path):
    names = ["/etc/passwd", "../up.txt", "a/../../b.txt", "C:\\x.txt", "..\\w.txt", "\x1b[31m\n.txt"]
    for data in (zipped(dict.fromkeys(names, b"x\n")), tarred(dict.fromkeys(names, b"x\n"))):
        found = read(tmp_path, data)
        assert len([each for each in found if isinstance(each, Rejected)]) == 5
        assert all("by hand" in reason for reason in reasons(found).values())
        assert not any(char in each.origin for each in found for char in "\x1b\n")


def test_links_devices_and_binary_members_are_counted_or_named(tmp_path):
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, kind in (
            ("s", tarfile.SYMTYPE),
            ("h", tarfile.LNKTYPE),
            ("c", tarfile.CHRTYPE),
            ("p", tarfile.FIFOTYPE),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
        info = tarfile.TarInfo("data.bin")
        info.size = 2560
        archive.addfile(info, io.BytesIO(bytes(range(256)) * 10))
    found = read(tmp_path, made.getvalue())
    assert [each.origin[-1] for each in found if "special member" in getattr(each, "reason", "")] == [
        "s",
        "h",
        "c",
        "p",
    ]
    assert isinstance(found[-1], Skipped) and found[-1].reason == "1 member is binary data"


def test_encrypted_and_strange_members_say_so(tmp_path):
    data = bytearray(zipped({"a.txt": b"x\n"}, zipfile.ZIP_STORED))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1
    assert "encrypted" in reasons(read(tmp_path, bytes(data)))["a.txt"]
    assert "a method" in reasons(read(tmp_path, zipped({"a.txt": b"x\n"}, zipfile.ZIP_LZMA)))["a.txt"]


def nested(levels: int) -> bytes:
    data = b"0" * 20_000_000
    for level in range(levels):
        data = zipped({f"{level}-{n}.zip": data for n in range(3)})
    return data


def overlapping(count: int) -> bytes:
    """A zip whose directory names one stream many times."""
    body = zipped({"a.txt": b"0" * 3_000_000})
    start = body.index(b"PK\x01\x02")
    end = body.index(b"PK\x05\x06")
    entry = body[start:end]
    table = entry * count
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(table), start, 0)
    return body[:start] + table + tail


BOMBS = {
    "one member": zipped({"a": b"0" * 60_000_000}),
    "nested": nested(2),
    "overlapping": overlapping(500),
    "gzip": gzip.compress(tarred({"a": b"0" * 60_000_000})),
    "bzip2": bz2.compress(b"0" * 200_000_000),
    "xz": lzma.compress(b"0" * 200_000_000),
    "many members": zipped({f"{n}.txt": b"" for n in range(12_000)}),
    "tar that says it is huge": tarred({"a": b"x"})[:124] + b"77777777777\0" + tarred({"a": b"x"})[136:],
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_end_quickly_in_a_reason_and_little_memory(tmp_path, name):
    began = time.process_time()
    tracemalloc.start()
    found = read(tmp_path, BOMBS[name])
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert time.process_time() - began < 20
    assert most < 200_000_000
    told = [each for each in found if isinstance(each, Rejected) and not isinstance(each, Skipped)]
    assert told and all(each.reason for each in told)


@pytest.mark.parametrize("name", PACKED)
def test_cut_or_changed_archives_end_in_reasons(tmp_path, name):
    data = PACKED[name]
    for changed in (data[: len(data) // 2], data[:40] + b"\xff" * 20 + data[60:], data[:-30] + b"\0" * 30):
        for each in read(tmp_path, changed) if _packed.kind(changed) else ():
            assert isinstance(each, Subject | Rejected)


def test_a_long_member_keeps_its_lines(tmp_path):
    text = "".join(f"line {n}\n" for n in range(1, 2001))
    first, *rest = read(tmp_path, zipped({"a.log": text.encode()}), Limits(record_bytes=4_000))
    assert isinstance(first, Document) and rest
    for part in rest:
        assert isinstance(part, CodeUnit)
        assert part.body.split("\n")[0] == f"line {part.start_line}"
