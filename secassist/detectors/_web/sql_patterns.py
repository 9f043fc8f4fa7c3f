"""Expressions for SQL and NoSQL injection that lives on operators, conditions and JSON rather than on telling names."""

_FUNCTIONS = (
    r"starts_with|ascii|substr\w{0,4}|length|exists|sleep|char_length|ord|mid|instr|elt|json_\w{3,20}|if|updatexml"
)
_MONGO = r"ne|gt|gte|lt|lte|regex|nin|in|exists|where|not|nor|or|and|eq|size|text|elemmatch|all|expr|function"

CONDITIONS: tuple[tuple[int, str], ...] = (
    (
        3,
        r"(?:^|['\"\d)\s])(?:or|and)\s{1,3}['\"]?\d{1,9}['\"]?\s{0,3}(?:#|--)\s{0,3}$|(?:'\d{1,9}'\s{0,3}=\s{0,3}'|\"\d{1,9}\"\s{0,3}=\s{0,3}\")\d"
        r"|^\s{0,3}['\"`]\s{0,3}(?:alter|drop|union|insert|delete|truncate|exec)\b(?!['\"])"
        r"|\b0x[0-9a-f]{2,20}\s{1,5}(?:div|mod|and|or|xor|like|rlike|union)\s|\d(?:e\d{0,3}|\.)\s{0,3}union\b"
        r"|\bchr?a?r?\(\d{1,3}\)\s{0,3}(?:\|\||\+|&|,)?\s{0,3}chr?a?r?\(\d|\d\s{0,3}(?:&&|\|\|)\s{0,3}['\"]?\d{1,9}['\"]?\s{0,3}[=<>]"
        r"|^\W{0,2}['\"]\s{0,3}(?:not\s{1,3})?(?:like|rlike|regexp)\s{0,3}['\"(]|['\"]\s{0,3};\s{0,3}(?:return|var|let|const|sleep)\b"
        r"|\)\s{0,3}r?like\s{0,3}\(|\bif\s{0,3}\(\s{0,3}\d{1,9}\s{0,3}=|^\s{0,3}(?:or|and)\s{1,3}['\"]\w{0,20}['\"]\s{0,3}[=<>]",
    ),
    (
        3,
        r"['\"`]\s{0,3}(?:or|and|xor|\|\||&&)\s{1,3}\w{1,30}\s{1,3}(?:not\s{1,3})?(?:notnull|isnull|ilike|glob|between"
        r"|collate|mod|div|regexp|like)\b"
        r"|['\"`]\s{0,3}(?:notnull\b|isnull\b|(?:not\s{1,3})?glob\b|collate\s{1,3}\w|union\b\s{0,3}(?:[/(]|all\b|select\b|distinct\b|\w$)|mod\s{1,3}\w{1,30}\s{0,3}--"
        r"|is\s{1,3}not\b.{0,20}--)",
    ),
    (
        3,
        r"\w['\"`]\s{0,3}[-+/|&<>=^%*~]{1,2}\s{0,3}\w{1,30}\s{0,3}--\s{0,3}$|^[^'\"`]{0,60}['\"`]\s{0,3};\s{0,3}(?:$|print\b)",
    ),
    (
        3,
        r"[\]}]['\"]\s{0,3}(?:::\s{0,3}jsonb?\b)?\s{0,3}(?:->>?|<@|@>|#>>?|\?[|&]?|[<>=])\s{0,3}(?:['\"\d$]|array)"
        r"|['\"]\s{0,3}::\s{0,3}jsonb?\b",
    ),
    (
        3,
        r"\)\s{1,9}as\s{1,9}['\"]?\w{1,40}['\"]?\s{1,9}from\b|^having\s{1,5}\d{1,9}\s{0,3}=|\bexcept\s{1,9}(?:select|values)\b",
    ),
    (3, rf"(?:[\[\"']|^)\$(?:{_MONGO})(?:[\]\"']|$)"),
    (
        3,
        rf"\b(?:and|or|xor|\|\|)\s{{1,3}}(?:{_FUNCTIONS})\s{{0,3}}\(|\bxor\s{{1,3}}['\"\d]|\b\d{{1,3}}\.e[(.]"
        r"|^\s{0,3}['\"`]\s{0,3}(?:or|and)\s{1,3}\w{1,30}",
    ),
    (
        3,
        r"(?:^|['\"\d)])\s{0,3}(?:or|and|\|\||&&)\s{0,5}(?:true|false|null)\b\s{0,3}(?:$|--|#|;|/\*)"
        r"|\bcase\b.{0,60}?\bwhen\b.{1,80}?\bthen\b|^\s{0,3}(?:drop|truncate)\s{1,3}\w{3,30}\s{0,3};|'msdasql'",
    ),
)
"""(weight, expression) as in the other families; conditions need the quote, number or bracket that breaks out before them."""
