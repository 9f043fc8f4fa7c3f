"""The nouns of a program in one form for all languages: expressions and statements, small enough to be interpreted."""

from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Form:
    """One expression or statement. `line`/`end` are 1-based and inclusive.

    kind        what the fields hold
    name        text
    attr        base.text
    index       base[parts[0]]
    slice       base[parts[0]:parts[1]], the second one only where it is written
    call        path = callee as dotted text, base = receiver or called expression, parts = arguments, keys = their
                names ("" by position, "*" spread)
    new         path = type, parts = arguments, keys, body = members of an initializer
    string      text; keys = ("regex", flags) for a pattern of JavaScript;  number: text;  const: text ("true", "false", "null")
    join        parts: pieces of one text (f-strings and the like)
    op          text = operator, parts = operands
    ternary     base = condition, parts = both values
    choice      parts: the values of which it is one
    list, map   parts; keys = the map's keys where they are constant
    cast        text = type, parts
    function    text = name, path = Class.name, parts = params, body, keys = decorators, "returns T" in C#
    param       text = name, keys = type and annotations ("..." where it takes all that is left), base = default
    class       text = name, body, keys = decorators, parts = the params of a record
    assign      parts = targets, base = value, text = operator, keys = (declared type,), body = (array size,)
    pattern     parts = names taken out of a value, keys = the fields they come from
    if          base, body, orelse;  loop: parts = targets, base = what is walked or asked, body, text "each" or "while"
    switch      base, body = cases;  case: parts = labels (none is the default), body
    try         body, orelse = handlers;  block: body;  return, raise: base;  break, continue
    other       parts: anything else that holds values

    `path` is the dotted spelling of names, attributes and calls ("request.args.get()"), "" where there is none.
    """

    kind: str
    line: int = 0
    end: int = 0
    text: str = ""
    path: str = ""
    base: "Form | None" = None
    parts: "tuple[Form, ...]" = ()
    keys: tuple[str, ...] = ()
    body: "tuple[Form, ...]" = ()
    orelse: "tuple[Form, ...]" = ()


@dataclass(slots=True)
class Program:
    """A file: its statements, what its names stand for (`imports`: local name -> full dotted name) and its functions.

    `definitions` are all functions; `functions` finds the first of a name, methods as "Class.name" and as "name".
    `cut` says that the file was too large to be read whole, `broken` that a part of it did not parse.
    """

    language: str
    body: tuple[Form, ...] = ()
    imports: dict[str, str] = field(default_factory=dict)
    functions: dict[str, Form] = field(default_factory=dict)
    definitions: tuple[Form, ...] = ()
    cut: bool = False
    broken: bool = False
