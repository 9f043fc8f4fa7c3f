"""Chinese surnames: what a name begins with, common and rare, of one character and of several."""

import re

from secassist.detectors._pii import chinese_words as rules

_RARE = frozenset(
    "洪丘廉蒲贝支宿晁栗敬阚逄尉昝伏狄贲茅殳郁杭诸邴糜羿幸暴钭厉戎祖束井弓牧蓬仰伊印蔚夔隆厍融訾乜丰巢蒯盖桓仉督晋楚汝鄢钦墨哈"
    "谯笪赏琴帅缑亢况郈琚尧浦沃弥禄殴璩濮扈燕郏慕茹宦容姒肇"
)
"""Of the Hundred Family Surnames those that the rules do not know; what begins too many ordinary words is left out."""
COMPOUND = (
    *rules.COMPOUND,
    *("万俟", "闻人", "赫连", "澹台", "公冶", "宗政", "濮阳", "淳于", "单于", "太叔"),
    *("申屠", "仲孙", "钟离", "鲜于", "闾丘", "司空", "亓官", "东郭", "呼延"),
    *("微生", "梁丘", "左丘", "南宫", "独孤", "拓跋", "爱新觉罗", "那拉"),
)
NAMING = "".join(sorted({*rules.SURNAMES, *_RARE, *(name[0] for name in COMPOUND)}))
"""Characters that Chinese names begin with."""
_FAMILIAR = frozenset("老小阿")
"""What a surname is called with among friends."""
_LATIN = re.compile("[A-Za-z]")
_MASKED = frozenset("某*＊×")


def begins_as_name(value: str) -> bool:
    """Whether a Chinese value begins with a surname and not with an ordinary word; transcribed names have a dot."""
    if not _MASKED.isdisjoint(value) or value[:2] in rules.NOT_NAMES or value in rules.NOT_NAMES:
        return False
    if _LATIN.search(value):
        return False
    first = value[1:2] if value[0] in _FAMILIAR else value[0]
    return "·" in value[1:-1] or first in rules.SURNAMES or first in _RARE or value.startswith(COMPOUND)
