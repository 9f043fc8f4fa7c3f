"""What a field of a record holds, by its name: the names of Chinese products, in both scripts, as those of ECS.

The Elastic Common Schema gives the names on the right; `event.payload` (what a sensor matched or captured) and
`event.outcome_text` (what came of it, in the product's own words) are ours, since it has none for them; `db.statement` is
OpenTelemetry's.
"""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

import yaml

_SIDE: Final = re.compile(
    r"(?P<source>源|来源|攻击源|攻击方|攻击者?|客户端|访问者?|请求方|发起方|登录|外部|远程|远端)"
    r"|(?P<target>目的|目标|目地|受害者?|受攻击|被攻击者?|受影响|被访问|服务端|服务器|资产|主机|终端|内部|内网|本地)"
)
_THING: Final = {
    **dict.fromkeys(("ip", "ip地址", "地址", "ipv4", "ip列表"), "ip"),
    **dict.fromkeys(("端口", "端口号"), "port"),
    **dict.fromkeys(("主机", "主机名"), "domain"),
    **dict.fromkeys(("国家", "地区", "归属地", "地理位置", "位置", "城市", "地"), "geo.name"),
    "mac": "mac",
}
_SEPARATORS: Final = re.compile(r"[\s_\-:：()（）\[\]【】/]{1,20}")
_LONGEST: Final = 40
"""Characters of a name; a longer one is a sentence."""


def ecs(path: str) -> str:
    """The ECS name of what stands under a dotted path, told by its last part; "" where that name says nothing."""
    return _meant(path.rpartition(".")[2])


@lru_cache(maxsize=4096)
def _meant(name: str) -> str:
    if len(name) > _LONGEST:
        return ""
    bare = _SEPARATORS.sub("", name).lower()
    return _known().get(bare) or _sided(bare)


def _sided(bare: str) -> str:
    """Addresses, ports and places, whose names are composed of a side and a thing: 受害者IP is destination.ip."""
    side = _SIDE.match(bare)
    thing = _THING.get(bare[side.end() :]) if side else None
    if side is None or thing is None:
        return ""
    return f"{'source' if side['source'] else 'destination'}.{thing}"


@cache
def _known() -> Mapping[str, str]:
    """Bare name -> ECS name."""
    listed = yaml.safe_load((Path(__file__).parent / "fields.yaml").read_text(encoding="utf-8"))
    return {bare: name for name, names in listed.items() for bare in names.split()}
