"""Registry: which models and adapters exist, where, by which digest, and which of them serve."""

from secassist.registry.calibrations import Calibration, calibration
from secassist.registry.live import Chosen, served, serving
from secassist.registry.shelf import Event, Shelf, Version
from secassist.registry.weights import (
    BUNDLED,
    VOICES,
    Weights,
    adapter,
    adapters,
    at,
    base,
    card,
)

__all__ = [
    "BUNDLED",
    "VOICES",
    "Calibration",
    "Chosen",
    "Event",
    "Shelf",
    "Version",
    "Weights",
    "adapter",
    "adapters",
    "at",
    "base",
    "calibration",
    "card",
    "served",
    "serving",
]
