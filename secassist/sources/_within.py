"""Where bytes stand that have a name but no file of their own: members of archives, parts of documents, blobs of git."""

from dataclasses import dataclass
from pathlib import PurePosixPath

from secassist.sources._bytes import shown


@dataclass(frozen=True)
class Inner:
    """Where the bytes stand: `source` reads them, `path` is shown, `depth` counts the archives around them."""

    source: str
    origin: str
    path: str
    depth: int = 0

    def of(self, name: str) -> "Inner":
        """A member of these bytes."""
        spelled = shown(PurePosixPath(name[:1024])) if name else "content"
        return Inner(self.source, f"{self.origin}!{spelled}", f"{self.path}!{spelled}", self.depth + 1)
