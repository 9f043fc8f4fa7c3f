"""A driver for many subjects in a row: what does not change within a scan is worked out once."""

from collections.abc import Mapping
from functools import cached_property

from schemas import Lineage
from secassist.analyzers.base import Analyzer, Driver, Tools


class Steady(Driver):
    """Remembers tools and lineage per analyzer; made anew for each scan, since a model may be replaced between two.

    `extra` are detectors asked for an analyzer beside its own; the lineage names them.
    """

    extra: Mapping[str, tuple[str, ...]] = {}

    @cached_property
    def _tools(self) -> dict[str, Tools]:
        return {}

    @cached_property
    def _lineages(self) -> dict[str, Lineage]:
        return {}

    def tools(self, analyzer: Analyzer) -> Tools:
        """As the driver's, once."""
        if analyzer.name not in self._tools:
            self._tools[analyzer.name] = super().tools(analyzer)
        return self._tools[analyzer.name]

    def lineage(self, analyzer: Analyzer, tools: Tools) -> Lineage:
        """As the driver's, once."""
        if analyzer.name not in self._lineages:
            self._lineages[analyzer.name] = super().lineage(analyzer, tools)
        return self._lineages[analyzer.name]

    def _names(self, analyzer: Analyzer) -> list[str]:
        more = (name for name in self.extra.get(analyzer.name, ()) if name in self.detectors)
        return [*super()._names(analyzer), *more]
