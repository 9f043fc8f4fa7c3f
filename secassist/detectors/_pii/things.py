"""Tells names of companies, places and things from names of people by the words in them and beside them."""
# ruff: noqa: E501, SIM905 - word lists

from secassist.detectors._late import late
from secassist.detectors._pii.chinese_words import ENDINGS

_AFTER = late(
    r",? (?:& [A-Z]|(?:LLP|LLC|PLC|plc|Inc|Ltd|GmbH|AG|S\.A|SA|NV|BV|KG|Corp|Co|Bank|Group|Holdings?|Partners|Foundation|University|College|"
    r"Hospital|Clinic|Airport|airport|[Ss]tation|Street|Road|Avenue|Lane|Square|Bridge|Museum|Stadium|Theatre|Library|Institute|School|Church|"
    r"Cathedral|[Aa]ward|[Pp]rize|[Ss]yndrome|[Dd]isease|[Tt]heorem|[Mm]ethod|[Aa]lgorithm|[Cc]up|Day|Festival|Hotel|Tower|Building|Mall|"
    r"Healthcare|Industries|Motors|Airlines|Insurance|Financial|Logistics|Technologies|Systems|Solutions|Software)(?![a-z]))"
)
"""What follows the name of a company, a place, a disease or a law of nature."""
_BEFORE = late(
    r"(?:& |\b(?:[Hh]otel|University of|Bank of|City of|Port of|Mount|Lake|Saint|HMS|USS|RMS|the late|statue of|works? of|[Pp]roject|[Oo]peration) )$"
)
_OWN = frozenset(
    "LLP LLC PLC Inc Ltd GmbH AG Corp Holdings Bank Airport Station University College Hospital Institute Foundation Museum Stadium "
    "Hotel Professional Majeure Theorem Algorithm Syndrome Disease Prize Award Festival Celebration Committee Council Ministry "
    "Federation Association Society Airlines Insurance Healthcare Industries Technologies".split()
)

_AFTER_HAN = late(
    r"(?:科技|股份|有限|公司|集团|银行|大学|学院|[小中]学|医院|大道|街道|大厦|广场|花园|公园|森林|瀑布|机场|车站|纪念馆|博物馆|故居|思想|理论|"
    r"品牌|牌|奖|杯|队列|运动鞋|凉茶|剪刀|葡萄酒|[区县镇乡](?!长)|[路街桥](?=[^\u4e00-\u9fa5]|$|店|站|口|号))"
)
_KNOWN_WORDS = (
    "Abraham Lincoln|Aston Martin|Calvin Klein|Charles Schwab|Christian Dior|Earl Grey|Elizabeth Arden|Ernst Young|Estee Lauder|Granny Smith|"
    "Harley Davidson|Hugo Boss|Jack Daniels|Jack Wolfskin|Jim Beam|John Deere|Johnnie Walker|Karl Storz|Louis Vuitton|Marks Spencer|"
    "Merrill Lynch|Monte Carlo|Morgan Stanley|Papa John|Paul Smith|Philip Morris|Ralph Lauren|Rolls Royce|Stella Artois|Tommy Hilfiger|"
    "Wells Fargo|Yves Rocher|"
    "王老吉|康师傅|李宁|张裕|周黑鸭|张小泉|马应龙|白云山|王守义|李锦记|周大福|周大生|周六福|黄山|华山|泰山|庐山|白象|金龙鱼|鲁花|牛栏山|温碧泉|百雀羚"
)
_KNOWN = frozenset(_KNOWN_WORDS.split("|"))
"""Brands and mountains that are called as people are."""
_PLACE_WORDS = frozenset("San Santa Santo Los Las Port Fort Mount Palo Baton Buenos Kuala".split())
_BY_A_PLACE = late(r"\b(?:[Nn]ear|[Aa]t|[Ii]n|to|from) $")
_SITES = ("Place", "Park", "Garden", "Gardens", "Hill", "Square", "Green")


def is_a_things(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]`, which reads like a person's name, is that of a thing."""
    value = text[start:end]
    words = [word.strip(".,") for word in value.split()] or [""]
    if value in _KNOWN or words[0] in _PLACE_WORDS or not _OWN.isdisjoint(words) or _AFTER_HAN.match(text, end):
        return True
    before = text[max(0, start - 24) : start]
    if before.rstrip().rpartition(" ")[2] in _PLACE_WORDS or (words[-1] in _SITES and _BY_A_PLACE.search(before)):
        return True
    if start and text[start - 1 : start + 1] in ENDINGS:
        return True
    return _AFTER.match(text, end) is not None or _BEFORE.search(before) is not None
