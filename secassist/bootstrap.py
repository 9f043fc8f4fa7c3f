"""Settings to Pipeline: the one place that wires."""

from secassist import config, plugins
from secassist.analyzers.base import Driver
from secassist.backends.base import Backend
from secassist.config import Settings
from secassist.pipeline import Pipeline
from secassist.sources.base import Limits
from secassist.store import Store


def backend(settings: Settings) -> Backend:
    """The model backend that the settings name; nothing is loaded yet."""
    made: Backend = plugins.load("backends", settings.backend)(settings)
    return made


def driver(settings: Settings, chosen: Backend | None = None) -> Driver:
    """The driver with every detector."""
    detectors = plugins.load_all("detectors")
    if settings.sigma_rules:
        detectors["sigma"] = detectors["sigma"].with_rules(settings.sigma_rules)
    return Driver(chosen or backend(settings), detectors, config.key(settings.home))


def pipeline(settings: Settings, chosen: Backend | None = None) -> Pipeline:
    """Everything wired: the database is opened (and made, if missing), the model is loaded when first asked."""
    wired = driver(settings, chosen)
    return Pipeline(
        driver=wired,
        analyzers=plugins.load_all("analyzers"),
        sources=plugins.load_all("sources"),
        secrets=wired.detectors["secrets"],
        store=Store.open(settings.database),
        limits=Limits(file_bytes=settings.file_megabytes * 1024 * 1024),
    )
