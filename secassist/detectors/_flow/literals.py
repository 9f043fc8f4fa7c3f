"""What lists, maps and loops in brackets are worth."""

from secassist.detectors._flow.expressions import Expressions
from secassist.detectors._flow.value import HARMLESS, Value, join, replace
from secassist.parsing.forms import Form


class Literals(Expressions):
    """The part of the engine that knows containers that are spelled out."""

    def of_list(self, form: Form) -> Value:
        values = [self.value(part) for part in form.parts]
        members = {str(place): value for place, value in enumerate(values[:40])}
        worst = join(values)
        return Value(
            worst.level,
            clean=worst.clean,
            built=False,
            members=members,
            line=worst.line,
            source=worst.source,
            kind="list",
        )

    def of_map(self, form: Form) -> Value:
        found = Value(members={}, kind="map")
        for key, part in zip(form.keys, form.parts, strict=False):
            value = self.value(part)
            for known, held in (found.members or {}).items() if self.spreads(key, part) else ():
                found = found.holding(known, join([held, value.member(known)]))  # what is spread may hold the same name
            found = found.holding(key, value)
        worst = join(found.members.values()) if found.members else HARMLESS
        return replace(found, level=worst.level, clean=worst.clean, line=worst.line, source=worst.source)

    def spreads(self, key: str, part: Form) -> bool:
        """Whether a part of a map is another map: `{"a": 1, **b}`."""
        return not key and (part.kind in ({"other", "map"} if self.program.language == "python" else {"name", "attr"}))

    def of_comprehension(self, form: Form) -> Value:
        before = dict(self.env)
        for loop in form.body:
            self.value(loop)
        found = [self.value(part) for part in form.parts[:1]]
        for part in form.parts[1:]:
            self.value(part)
        self.env = before
        return Value(
            members={"*": join(found)},
            kind="list",
            level=join(found).level,
            clean=join(found).clean,
            line=join(found).line,
            source=join(found).source,
        )
