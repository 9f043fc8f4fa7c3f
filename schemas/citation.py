"""CitedAnswer: sentences of the user's own documents that answer a question, each with the place where it stands."""

from pydantic import Field

from schemas.noun import Noun


class Citation(Noun):
    """`quote` stands verbatim in lines `line` to `end_line` (1-based) of `path`; line ends in it are LF.

    `heading` is what it stands under, outermost first, parts apart by " > ". `document` is the id of the Document that
    was read, its secrets masked; `redacted` marks a quote in which one was.
    """

    path: str
    line: int = Field(ge=1)
    end_line: int = Field(ge=1)
    quote: str
    heading: str = ""
    document: str = ""
    redacted: bool = False


class CitedAnswer(Noun):
    """No sentences means that the documents do not say; `by` is "model" or "ranker", whoever chose them."""

    question: str
    sentences: tuple[Citation, ...] = ()
    by: str = "ranker"
    documents: int = Field(default=0, ge=0, description="How many documents were searched.")
    abroad: int = Field(
        default=0, ge=0, description="How many of them are in another language than the question; words do not cross."
    )
