"""What a body of a request is read as, and what is said of one that is no JSON."""

import pytest

from secassist.serving.reading import NO_JSON, BodyError, items
from secassist.sources.base import Limits


@pytest.mark.parametrize("body", [b"time,host,message\n2026-11-01,web1,login failed\n", b"sshd[1]: Failed password\n"])
def test_a_body_that_is_no_json_is_refused_whole_and_told_what_to_send(body: bytes) -> None:
    with pytest.raises(BodyError, match="one object per line") as refused:
        items(body, Limits(), 10)
    assert "secassist submit" in str(refused.value) == NO_JSON


@pytest.mark.parametrize(
    "body", [b'{"message": "x", "host": "web1"}', b'{"message": "x"}\nbroken\n', b'["text"]', b"5"]
)
def test_json_in_part_is_told_item_by_item(body: bytes) -> None:
    assert items(body, Limits(), 10)
