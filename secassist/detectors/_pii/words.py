"""The words around a value: which of those that rules wait for, and whether the name it stands under is a machine's."""
# ruff: noqa: E501, SIM905 - word lists

import re
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from secassist.detectors._mask import BLANK
from secassist.detectors._pii.english_words import PEOPLE

BEFORE, AFTER = 48, 32
"""Characters before and after a value in which a context word counts."""
_OPENING = " \t\r\n\"'\\[(<“‘「"
_ASSIGNING = ":=：>"
_TO_DELIMITER = re.compile(r"(?s).{0,48}(?:[,;{}|&\"\n()\[\]<>?!\\，。；！？、“”]|(?<![A-Za-zÀ-ÿ])'|'(?![A-Za-zÀ-ÿ]))")
_CAMEL = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_CLOSING = frozenset("\"',;}&|\n\\]")
_COUNTERS = frozenset(
    "trace span order seq sequence size count total offset bytes length len ts timestamp time epoch millis version ver build hash "
    "checksum digest crc pid tid ppid port request req session sess correlation transaction txn batch event job task thread process "
    "revision rev commit serial sn nonce counter duration latency elapsed took index idx row line status inode fd gid guid uuid object "
    "entity ticket sku product item tracking shipment waybill invoice amount balance price sum limit max min timeout ttl delta rate "
    "memory mem heap rss vsz disk free used capacity blocks sectors cursor position pos lsn xid scn cycle cycles ticks tick ns us ms "
    "pay payment sec seconds usec nsec msec snowflake partition shard chunk block page frame packet packets asn vlan ino dev mtime ctime atime "
    "created updated modified expires exp iat nbf date datetime logid eventid recordid processid threadid msgid".split()
)
"""Parts of names under which machines count: order_id, bytesSent, start_time."""
_BARE = frozenset(
    "seq size offset bytes took pid tid lsn xid scn ts epoch timestamp inode snowflake invoice tracking commit serial nonce uuid guid "
    "duration elapsed rx tx total count length used crc checksum shard partition lease expires job batch txn".split()
)
"""Those of them that stand before a number without a sign."""
_PLAIN_IDS = frozenset("id no number num nr".split())
_IDS = frozenset("id ids uid oid key ref".split())
"""Parts of names that number something, perhaps a person."""
_WHOSE = PEOPLE | frozenset(
    "to from login username acct dest destination target receiver buyer seller consignee".split()
)
_OPEN_NAMES = frozenset(
    "value number no num text content data input info detail details msg message body nr val".split()
)
"""Names that say nothing of what they hold: the words before them count too."""
_COUNTERS_ZH = tuple(
    "订单号 订单编号 订单 流水号 流水 交易号 交易单号 单号 序号 序列号 批次号 批次 工单号 工单 追踪号 追踪 会话 请求号 请求 运单号 快递单号 物流单号 "
    "波次 波次号 行数 条数 次数 库存 位点 水位 消费位点 读数 流程号 任务号 任务 发票代 校验 机器编号 记录号 单据号 货号 箱号 "
    "耗时 时间戳 版本号 版本 大小 长度 字节数 总数 数量 计数 行号 进程号 进程 线程 端口 设备号 商品编号 合同号 发票号 票号 日志号 金额 余额 偏移".split()
)
_LONGEST_ZH = 4
_LAST_SPACED = 0x52F
"""The last letter of Latin, Greek and Cyrillic, whose words have spaces between them."""
_SEGMENT = re.compile(r"/([A-Za-z_\-]{1,24})/$")
"""The part of a path that a number stands behind: /orders/17."""
_ASSIGNED = re.compile("[:=：][^ ]{0,48} ")
"""Another name and its value, after which a name has no spaces: `from:a to_account`."""
_NEXT_NAME = re.compile(r"[ \t,;，；]{1,4}[\"']?[\w.\-]{1,24}[\"']? ?[:=：]")
"""What follows is the name of another value, whose words say nothing of the one before."""
_UNIT = re.compile(
    r" ?(?:ns|us|µs|ms|bytes?|[KMGT]i?B|[kMG]bps|rows?|records?|毫秒|微秒|纳秒|字节|条|次|元|个)(?![A-Za-z])"
)


class Around(NamedTuple):
    """`words`: numbers of the context words near by (see Words). `counted`: its name or unit is that of a counter, a time or
    a machine's id. `numbered`: its name is that of an id, which may be a person's. `named`: it has a name; `whose`: a person's,
    an open or a Chinese one."""

    words: frozenset[int]
    counted: bool
    numbered: bool
    named: bool = False
    whose: bool = False


class Words:
    """All context words of some rules, looked for together in one linear pass."""

    def __init__(self, words: Iterable[str]) -> None:
        self.numbers = {word: number for number, word in enumerate(sorted(set(words)))}

    def found(self, text: str) -> frozenset[int]:
        """Numbers of the words that stand in the text, in any case."""
        data = text.encode("utf-8", "replace")
        found = self._ascii.within(data)
        return found if len(data) == len(text) else found | self._others.within(data)

    @cached_property
    def _ascii(self) -> "_Set":
        """Looked for in bytes, in which no part of another letter is one of theirs: three times as soon as in letters."""
        import re2

        return _Set({word: at for word, at in self.numbers.items() if word.isascii()}, re2.Options.Encoding.LATIN1)

    @cached_property
    def _others(self) -> "_Set":
        import re2

        return _Set({word: at for word, at in self.numbers.items() if not word.isascii()}, re2.Options.Encoding.UTF8)

    def around(self, text: str, start: int, end: int, lines: bool, column: str = "") -> Around:
        """What stands around `text[start:end]`; `lines` lets words on neighbouring lines count.

        Of a cell of a table the name of its `column` alone counts.
        """
        if column:
            name = _name(column)
            return Around(self.found(column), name.counted, name.numbered, True, name.whose)
        before, after = text[max(0, start - BEFORE) : start], text[end : end + AFTER]
        before, after = before.rpartition(BLANK)[2], after.partition(BLANK)[0]
        if not lines:
            before, after = before.rpartition("\n")[2], after.partition("\n")[0]
        label = _label(before)
        if not label:
            word = _counting_word(before)
            near = word if word and not word.isascii() else f"{word or before}\n{after}"
            return Around(self.found(near), bool(word) or _has_unit(after), False)
        name = _name(label)
        if not name.open:
            before = "" if _counts_in_chinese(label) else label
            after = "" if text[end : end + 1] in _CLOSING or _NEXT_NAME.match(after) else after
        return Around(
            self.found(f"{before}\n{after}"), name.counted or _has_unit(after), name.numbered, True, name.whose
        )


class _Set:
    """Words with their numbers, found in UTF-8; it learns with the first texts, and is slow until then."""

    def __init__(self, numbers: Mapping[str, int], encoding: Any) -> None:
        import re2

        options = re2.Options()
        options.max_mem = 64 << 20
        options.encoding = encoding
        self._numbers = tuple(numbers.values())
        self._set: Any = re2.Set.SearchSet(options)
        for word in numbers:
            self._set.Add(_spelled(word))
        self._set.Compile()

    def within(self, data: bytes) -> frozenset[int]:
        """Numbers of the words in it."""
        return frozenset(self._numbers[at] for at in self._set.Match(data) or ())


class _Name(NamedTuple):
    """`open`: it says nothing of what it holds."""

    open: bool
    counted: bool
    numbered: bool
    whose: bool


@lru_cache(maxsize=1 << 12)
def _name(label: str) -> _Name:
    parts = _parts(label)
    counted = not _COUNTERS.isdisjoint(parts) or _counts_in_chinese(label)
    open_ = bool(parts) and parts <= _OPEN_NAMES
    return _Name(
        open_, counted, not _IDS.isdisjoint(parts), open_ or not _WHOSE.isdisjoint(parts) or not label.isascii()
    )


def _has_unit(after: str) -> bool:
    return _UNIT.match(after) is not None


def _parts(name: str) -> frozenset[str]:
    """The words of a name in lower case, with what stands before a closing "id": msgid is a msg's."""
    words = [word.lower() for word in _CAMEL.findall(name)]
    return frozenset(
        words + [word[:-2] for word in words if word.endswith("id")] + [word.removesuffix("s") for word in words]
    )


def _counts_in_chinese(name: str) -> bool:
    return not name.isascii() and name.removesuffix("码").endswith(_COUNTERS_ZH)


def _spelled(word: str) -> str:
    """Words of up to 4 letters of scripts with spaces must stand alone ("tin" is not in "setting"), but may end a name like homeTel.

    Those that are two words may be joined as names are: my_number.
    """
    import re2

    quoted = "[ _-]?".join(str(re2.escape(part)) for part in word.split(" "))
    if len(word) > 4 or (not word.isascii() and ord(word[0]) > _LAST_SPACED):
        return f"(?i){quoted}"
    if not word.isascii():
        return rf"(?i:(?:^|[^\p{{L}}]){quoted}(?:$|[^\p{{L}}]))"
    return f"(?i:(?:^|[^a-z]){quoted}(?:$|[^a-z]))|[a-z]{re2.escape(word.capitalize())}(?:$|[^a-z])"


def _label(before: str) -> str:
    """The name of a field right before a value: `"userTel": "`, `order_id=`, `<phone>`, `Passport No.: `; "" if there is none."""
    head = before.rstrip(_OPENING)
    name = head.rstrip(_ASSIGNING)
    if len(name) == len(head):
        segment = _SEGMENT.search(before)
        return segment[1].removesuffix("s") if segment else ""
    piece = _last_piece(name.rstrip(_OPENING + "]")).rpartition("  ")[2]
    return piece[piece.rfind(" ") + 1 :] if "=" in head[len(name) :] or _ASSIGNED.search(piece) else piece


def _last_piece(text: str) -> str:
    """What stands behind the last sign that parts fields or clauses; of 49 characters at most."""
    parted = _TO_DELIMITER.match(text)
    return text[parted.end() :].strip() if parted else text.strip()


def _counting_word(before: str) -> str:
    """The word right before a value, if it is a counter's without any sign between: `took `, `trace_id `, `request id `, 订单号."""
    head = before.rstrip(" #:：为是")
    if _counts_in_chinese(head):
        return head[-_LONGEST_ZH:]
    tail = _last_piece(head[-32:]).split(" ")
    last = " ".join(tail[-2:]) if tail[-1].lower() in _PLAIN_IDS else tail[-1]
    parts = _parts(last)
    compound = len(parts) > 1 and not _COUNTERS.isdisjoint(parts)
    return last if compound or last.lower() in _BARE else ""
