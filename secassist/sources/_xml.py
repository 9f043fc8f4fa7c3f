"""XML from strangers, fed chunk by chunk to a parser's target; entities and DTDs are refused."""

import io
from collections.abc import Iterator
from typing import Any

from secassist.sources.base import Rejected


def fed(data: bytes, target: Any, origin: str) -> Iterator[Rejected | None]:
    """None after every chunk, so that what was gathered can be taken; why the rest is not read, where it is not."""
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException  # type: ignore[import-untyped, unused-ignore]
    from defusedxml.ElementTree import DefusedXMLParser  # type: ignore[import-untyped, unused-ignore]

    parser, stream = DefusedXMLParser(target=target, forbid_dtd=True), io.BytesIO(data)
    try:
        while chunk := stream.read(1 << 16):
            parser.feed(chunk)
            yield None
        parser.close()
    except (ParseError, DefusedXmlException, ValueError, RecursionError) as error:
        kind = "entities or a DTD" if isinstance(error, DefusedXmlException) else "damaged XML"
        yield Rejected(origin, f"{kind}; the rest of this part is not read")
