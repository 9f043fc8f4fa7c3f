"""Lines of Python on which a parser of XML is made or used that is told to leave external entities alone."""

import ast
from collections import defaultdict
from typing import Final

from secassist.detectors._code.bindings import called, scopes

_ENTITIES: Final = ("feature_external_ges", "external-general-entities")


def closed(tree: ast.AST) -> frozenset[int]:
    """Lines of `p = xml.sax.make_parser()` and of calls that are given p, where p is only ever told "no"; 1-based."""
    good, bad = set[int](), set[int]()
    for scope in scopes(tree):
        nodes = list(ast.walk(scope))
        told, lines = defaultdict[str, set[bool]](set), defaultdict[str, set[int]](set)
        for node in nodes:
            for target in node.targets if isinstance(node, ast.Assign) else ():
                if isinstance(target, ast.Name) and isinstance(node, ast.Assign):
                    if called(node.value) == "make_parser":
                        lines[target.id].add(node.lineno)
                    else:
                        told[target.id].add(True)
        for node in nodes if lines else ():
            if isinstance(node, ast.Call):
                _note(node, told, lines)
        for name, where in lines.items():
            (good if told.get(name) == {False} else bad).update(where)
    return frozenset(good - bad)


def _note(call: ast.Call, told: defaultdict[str, set[bool]], lines: dict[str, set[int]]) -> None:
    """What a parser is told by `p.setFeature(feature, value)`, and where it is given to a call."""
    made = call.func
    if isinstance(made, ast.Attribute) and made.attr == "setFeature" and len(call.args) == 2:
        feature, value = call.args
        spelled = ast.unparse(feature)
        if isinstance(made.value, ast.Name) and any(one in spelled for one in _ENTITIES):
            no = isinstance(value, ast.Constant) and not value.value
            told[made.value.id].add(not no)
        return
    for given in (*call.args, *(one.value for one in call.keywords)):
        if isinstance(given, ast.Name) and given.id in lines:
            lines[given.id].add(call.lineno)
