"""Generated training text, all of it written by us: alerts and logs, documents, code pairs and report sentences."""

from secassist.training.scenarios.drawing import generate
from secassist.training.scenarios.scenario import Scenario

__all__ = ["Scenario", "generate"]
