"""Why a value is likely harmless where it stands: lock files, texts shown to users, tests and examples."""

import re

from secassist.detectors._secret.hit import Hit

_LOCK_FILES = re.compile(
    r"(?:^|/)(?:package-lock\.json|npm-shrinkwrap\.json|[\w.\-]{1,60}\.lock|[\w.\-]{1,40}-lock\.ya?ml|go\.sum|[\w.\-]{1,60}\.sum|"
    r"verification-metadata\.xml)$",
    re.IGNORECASE,
)
_SHOWN_TEXTS = re.compile(
    r"(?:^|/)(?:locales?|i18n|l10n|lang|languages|translations?|messages)/|(?:^|/)(?:messages|strings)[\w.\-]{0,20}\.(?:properties|xml|json)$|"
    r"\.(?:po|pot|strings|resx|xlf|arb)$",
    re.IGNORECASE,
)
_EXAMPLES = re.compile(
    r"(?:^|/)(?:tests?|testing|specs?|__tests__|fixtures?|testdata|mocks?|examples?|samples?|demos?|docs?|tutorials?)/|"
    r"(?:^|/)(?:test_[\w\-]{1,80}|[\w\-]{1,80}[_.\-](?:test|spec|example|sample))\.[a-z]{1,8}$|\.(?:example|sample|dist|template)$",
    re.IGNORECASE,
)
_WEAK = re.compile(r"[A-Za-z]{2,20}(?:[ _.\-][A-Za-z]{1,20}){0,8}[\W_]?\d{0,4}[!.:]?$")
"""Words, perhaps with a number behind them: what tests use, and what users are shown; anything better stays unhinted."""


def place_hint(path: str, hit: Hit) -> str:
    """Why a hit in the file of this path is likely harmless, or ""; provider formats are never doubted."""
    if hit.certain or hit.rank < 1 or not path:
        return ""
    if hit.rank >= 2 and _LOCK_FILES.search(path):
        return "lock file"
    weak = _WEAK.match(hit.value) is not None
    if hit.rank >= 2 and weak and _SHOWN_TEXTS.search(path):
        return "text shown to users"
    return "test or example file" if weak and _EXAMPLES.search(path) else ""
