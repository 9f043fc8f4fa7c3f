"""Reading of files for a scan: what is kept of their contents."""

from hashlib import blake2b

from secassist.masking import Redactor
from secassist.scanning.detecting import Readers, Task, Wanted
from secassist.sources.base import Limits


def none() -> Redactor:
    return Redactor(lambda _text: ())


def digest(path, key: bytes, known: str = "") -> str:
    with Readers(Wanted((), Limits(), none, key), 1, 1) as readers:
        (read,) = readers.read([Task(path, path, known=known)])
    assert read.known is bool(known)
    return read.digest


def test_the_digest_of_a_content_needs_the_key_of_the_home(tmp_path):
    path = tmp_path / "pin.txt"
    path.write_text("4711")
    found = digest(path, b"one home")
    assert found == digest(path, b"one home", known=found)
    assert found not in (digest(path, b"another home"), digest(path, b""), blake2b(b"4711", digest_size=16).hexdigest())


def test_the_key_is_in_no_repr():
    assert "0123" not in repr(Wanted((), Limits(), none, b"0123"))
