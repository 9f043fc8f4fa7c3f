"""Who is asked for proposals: a served model several times, with other seeds, or the wired model in several manners."""

from secassist import plugins
from secassist.backends.base import Backend
from secassist.config import Settings
from secassist.fixing.proposals import MANNERS, Voice

TEMPERATURE = 0.7
"""Of every candidate but the first, on back ends that sample; the first takes the likeliest words (or as settings say)."""


def voices(settings: Settings, wired: Backend, count: int) -> list[Voice]:
    """At most `count` ways to ask. A server samples, seeded so that a second run asks for the same; others are greedy.

    A greedy model can only be asked in another manner, so there are no more of them than manners.
    """
    if settings.backend != "server":
        return [Voice(wired, manner) for manner in MANNERS[:count]]
    return [Voice(_seeded(settings, number), MANNERS[number % len(MANNERS)]) for number in range(count)]


def _seeded(settings: Settings, number: int) -> Backend:
    temperature = settings.temperature or (TEMPERATURE if number else 0.0)
    chosen = settings.model_copy(update={"temperature": temperature, "seed": settings.seed + number})
    made: Backend = plugins.load("backends", settings.backend)(chosen)
    return made
