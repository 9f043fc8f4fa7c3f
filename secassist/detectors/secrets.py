"""Secrets in any text: our rule pack first, detect-secrets as a second opinion on the lines that look like one."""

from collections.abc import Iterator

from schemas import CodeUnit, FindingKind, Severity, Subject, SubjectKind
from secassist.detectors._code.places import PlaceMap, lower_in_place
from secassist.detectors._mask import Masks, blanked
from secassist.detectors._secret.assigned import assigned_hits
from secassist.detectors._secret.columns import WORDS as COLUMN_WORDS
from secassist.detectors._secret.columns import column_hits
from secassist.detectors._secret.commands import command_hits
from secassist.detectors._secret.context import place_hint
from secassist.detectors._secret.formats import format_hits
from secassist.detectors._secret.hit import Hit, without_overlaps
from secassist.detectors._secret.library import library_hits
from secassist.detectors._secret.loose import loose_hits, service_hits
from secassist.detectors._secret.names import LOOSE_WORDS, NAME_WORDS
from secassist.detectors._secret.prefixed import PREFIXED, prefixed_hits
from secassist.detectors._secret.presence import KEY_BLOCK, NETWORKS, URL, Presence
from secassist.detectors._secret.scan import key_block_hits, network_hits, provider_hits, url_hits
from secassist.detectors._secret.services import services
from secassist.detectors._secret.wrapped import BASE64_PARTS, HEX_PARTS, wrapped_hits
from secassist.detectors.base import Candidate, Detection

_BARE_LANGUAGE_NAMES = (
    "yaml yml ini toml env properties conf config cfg shell sh bash zsh batch bat dockerfile docker text txt xml html json "
    "markdown md hcl terraform sql log powershell ps1"
)
_BARE_LANGUAGES = frozenset(_BARE_LANGUAGE_NAMES.split())


class Secrets:
    """Candidates of kind SECRET whose place is the value alone, without its name or quotes."""

    name = "secrets"
    version = "14"
    summary = "Credentials by provider format, checksum, name and entropy; detect-secrets as a second opinion."
    kinds = frozenset(SubjectKind)

    def detect(self, subject: Subject) -> Detection:
        """Candidates sorted by place, none overlapping; raises nothing."""
        places = PlaceMap(subject)
        hits = without_overlaps(_hits(places, _reads_bare(subject)))
        masks = Masks(places.text)
        return Detection(
            candidates=tuple(
                _candidate(hit, places, getattr(subject, "path", ""))
                for hit in hits
                if not masks.cover(hit.start, hit.end)
            )
        )


def _hits(places: PlaceMap, bare: bool) -> Iterator[Hit]:
    text = places.text
    present = Presence(text)
    lowered = blanked(lower_in_place(text))
    yield from _plain_hits(text, lowered, present, bare)
    yield from command_hits(text, lowered, present.__contains__)
    yield from column_hits(text, lowered, present.among(COLUMN_WORDS), bare)
    yield from service_hits(text, lowered, present.among(services()))
    yield from loose_hits(text, lowered, present.among(LOOSE_WORDS))
    if PREFIXED in present:
        yield from prefixed_hits(text, lowered)
    yield from wrapped_hits(text, present.among(BASE64_PARTS), present.among(HEX_PARTS), _inner_hits)
    yield from library_hits(text, present.__contains__)


def _plain_hits(text: str, lowered: str, present: Presence, bare: bool) -> Iterator[Hit]:
    yield from provider_hits(text, present.rules)
    if KEY_BLOCK in present:
        yield from key_block_hits(text)
    if URL in present:
        yield from url_hits(text)
    for literal in present.among(NETWORKS):
        yield from network_hits(text, literal)
    yield from format_hits(text, present.__contains__)
    yield from assigned_hits(text, lowered, present.among(NAME_WORDS), bare)


def _inner_hits(text: str) -> Iterator[Hit]:
    """What stands in a token that was unwrapped; nothing is unwrapped twice."""
    yield from _plain_hits(text, lower_in_place(text), Presence(text), bare=True)


def _reads_bare(subject: Subject) -> bool:
    """Whether an unquoted word after a sign is a value: everywhere but in the code of programming languages."""
    if not isinstance(subject, CodeUnit):
        return True
    suffix = subject.path.rpartition("/")[2].rpartition(".")[2].lower()
    return (subject.language.lower() or suffix) in _BARE_LANGUAGES or "." not in subject.path.rpartition("/")[2]


def _candidate(hit: Hit, places: PlaceMap, path: str) -> Candidate:
    hint = hit.hint or place_hint(path, hit)
    return Candidate(
        kind=FindingKind.SECRET,
        rule=hit.type,
        type=hit.type,
        message=f"Looks like a secret of type {hit.type}" + (f"; but: {hint}" if hint else ""),
        place=places.place(hit.start, hit.end),
        severity=Severity.INFO if hint else hit.severity,
        value=hit.value,
        cwe="CWE-798",
        certain=hit.certain,
        safe_hint=hint,
        by="secrets",
    )


PLUGIN = Secrets()
