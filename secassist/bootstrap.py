"""Settings to Pipeline: the one place that wires."""

import os
from collections.abc import Mapping
from types import ModuleType

from schemas import Document
from secassist import config, plugins
from secassist.analyzers.base import Driver
from secassist.backends.base import Backend
from secassist.config import Settings
from secassist.detectors.base import Detector
from secassist.likeness.answering import Answers
from secassist.masking import Concealer, Redactor, Span, to_conceal
from secassist.pipeline import Pipeline
from secassist.sources.base import Limits
from secassist.store import Store
from secassist.vault import Sealer


def backend(settings: Settings) -> Backend:
    """The model backend that the settings name; nothing is loaded yet.

    Idle OpenMP threads are told to sleep before torch is loaded anywhere: spinning, they make an answer take five times
    as long on a machine whose cores are busy.
    """
    os.environ.setdefault("GOMP_SPINCOUNT", "0")
    made: Backend = plugins.load("backends", settings.backend)(settings)
    return made


def driver(settings: Settings, chosen: Backend | None = None) -> Driver:
    """The driver with every detector; those that no setting changes are loaded when they are first asked."""
    changed = dict[str, Detector]()
    if settings.sigma_rules:
        changed["sigma"] = plugins.load("detectors", "sigma").with_rules(settings.sigma_rules)
    if settings.names == "auto" and _people().available():
        changed["people"] = people(settings)
    detectors = plugins.Late("detectors", changed)
    return Driver(chosen or backend(settings), detectors, config.key(settings.home), brief=settings.brief)


def _people() -> ModuleType:
    from secassist.backends import _people

    return _people


def people(settings: Settings) -> Detector:
    """The detector of names and addresses, reading with the bundled tagger; raises ModelError when that is damaged."""
    reader = _people().PeopleReader(settings.names_kilobytes * 1000, settings.threads)
    wired: Detector = plugins.load("detectors", "people").reading(reader, reader.identity())
    return wired


def redactor(detectors: Mapping[str, Detector] | None = None) -> Redactor:
    """What every text of unknown content passes on its way to a log, an error, the console or a column."""
    wired = detectors or {name: plugins.load("detectors", name) for name in ("secrets", "personal_data")}

    def find(text: str) -> list[Span]:
        subject = Document(source="sink", body=text)
        found = to_conceal(subject, wired["secrets"], wired["personal_data"])
        return [(c.place.start or 0, c.place.end or 0, c.type) for c in found]

    return Redactor(find)


def pipeline(settings: Settings, chosen: Backend | None = None) -> Pipeline:
    """Everything wired: the database is opened (and made, if missing), the model is loaded when first asked."""
    wired = driver(settings, chosen)
    clean = redactor(wired.detectors)
    store = Store.open(settings.database, redact=clean)
    return Pipeline(
        driver=wired,
        analyzers=plugins.Late("analyzers"),
        sources=plugins.Late("sources"),
        concealer=Concealer(wired.detectors["secrets"], wired.detectors["personal_data"], clean, wired.key),
        store=store,
        limits=Limits(file_bytes=settings.file_megabytes * 1024 * 1024),
        sealer=sealer(settings),
        answers=None if settings.reuse == "off" else Answers(store, settings.reuse_hours, wired.now),
        reuse=settings.reuse == "always",
    )


def sealer(settings: Settings) -> Sealer | None:
    """What keeps found values sealed, if the settings ask for it; raises VaultError when its key cannot be used."""
    if settings.vault == "off" or settings.vault_key_file is None:
        return None
    made = Sealer(settings.vault_key_file)
    made.check()
    return made
