"""What a file says of its names before they are followed: answers kept for later, names set once."""

from dataclasses import replace
from typing import Final

from secassist.detectors._flow.names import every
from secassist.detectors._flow.value import Value
from secassist.parsing.forms import Form, Program

_LOGICAL: Final = frozenset({"&&", "||", "and", "or"})


class Asked:
    """Of one program. Names are those of variables, without their holders."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._answers: dict[str, tuple[Form, frozenset[str]]] = {}
        self._sets: dict[str, int] | None = None

    def note(self, form: Form) -> None:
        """Keeps `ok = ALLOWED.contains(x)` and `_, ok = ALLOWED[x]` until `ok` is asked."""
        base, target = form.base, form.parts[-1] if form.parts else None
        if base is None or target is None or target.kind != "name":
            return
        if base.kind == "list" and len(base.parts) == 1 and base.parts[0].kind == "index":
            base = base.parts[0]
        if base.kind in {"call", "index"} or (base.kind == "op" and (len(base.parts) <= 2 or base.text in _LOGICAL)):
            names = frozenset(one.text for one in every((base,)) if one.kind == "name")
            if target.text not in names:
                self._answers[target.text] = base, names

    def forget(self, name: str) -> None:
        """The variable is set: what was asked of it before no longer holds."""
        if self._answers:
            self._answers = {key: kept for key, kept in self._answers.items() if name not in kept[1] or key == name}

    def spelled(self, form: Form | None) -> Form | None:
        """A condition with the question in the place of a name that holds its answer."""
        if form is None:
            return None
        if form.kind == "name" and form.text in self._answers:
            asked = self._answers[form.text][0]
            return replace(
                form, kind="assign", text="=", parts=(form,), base=asked
            )  # what it says, it says of the name too
        if form.kind == "op" and form.text in {"!", "not", "&&", "||", "and", "or"}:
            return replace(form, parts=tuple(self.spelled(part) or part for part in form.parts))
        return form

    def fixed(self, env: dict[str, Value]) -> dict[str, Value]:
        """Constants that a function finds around it: of variables that are set once in the whole file."""
        if self._sets is None:
            self._sets = {}
            for form in every(self.program.body):
                for part in form.parts if form.kind in {"assign", "loop"} else ():
                    if part.kind == "name":
                        self._sets[part.text] = self._sets.get(part.text, 0) + 1
        once = self._sets
        return {name: value for name, value in env.items() if value.known and once.get(name) == 1}
