"""Personal data in logs: JSON, JSON in JSON, key=value and free text; and the many numbers of logs that are nobody's."""
# ruff: noqa: E501 - a row of data is easier to read in one piece

import json
import random
from collections.abc import Callable

import pytest

from schemas import Alert, Document, Field, LogWindow
from secassist.detectors.base import Candidate
from secassist.detectors.personal_data import PLUGIN
from tests.detectors.pii_numbers import cn_id, luhn


def scan(line: str) -> tuple[Candidate, ...]:
    return PLUGIN.detect(LogWindow(source="t", body=line)).candidates


def pairs(line: str) -> set[tuple[str, str]]:
    return {(c.type, c.value) for c in scan(line)}


PHONE, MAIL, IDN, CARD = "13985271604", "j.rowan@brightmill.net", cn_id("11010119900307412"), luhn("622588401937265")
RECORD = {"phone": PHONE, "email": MAIL, "id_card": IDN, "bankCard": CARD, "trace_id": "9f2c4a7be1d04c55"}
FOUND = {("phone", PHONE), ("email", MAIL), ("id_number", IDN), ("bank_card", CARD)}


@pytest.mark.parametrize(
    "line",
    [
        json.dumps(RECORD),
        json.dumps({"level": "info", "body": json.dumps(RECORD)}),
        json.dumps({"a": json.dumps({"b": json.dumps(RECORD)})}),
        " ".join(f"{key}={value}" for key, value in RECORD.items()),
        "&".join(f"{key}={value}" for key, value in RECORD.items()),
        f'2026-03-01T10:00:00Z INFO saved user phone {PHONE}, mail {MAIL}; id card "{IDN}" card {CARD}',
        f"<phone>{PHONE}</phone><email>{MAIL}</email><idCard>{IDN}</idCard><card>{CARD}</card>",
        f"{PHONE}|{MAIL}|{IDN}|{CARD}",
        f"用户登录成功,手机号:{PHONE},邮箱:{MAIL},身份证:{IDN},银行卡:{CARD}",
        f"notes: first line\\n{PHONE}\\n{MAIL}\\r\\n{IDN}\\t{CARD}",
    ],
)
def test_the_same_values_in_every_shape_of_log(line: str) -> None:
    assert pairs(line) >= FOUND


def test_escaped_chinese_beside_a_number_is_no_part_of_it() -> None:
    line = json.dumps({"msg": f"手机号{PHONE}，身份证{IDN}"})
    assert "\\u" in line and pairs(line) >= {("phone", PHONE), ("id_number", IDN)}


def test_an_address_in_a_query_is_found_as_it_is_spelled_there() -> None:
    line = 'GET /reset?mail=j.rowan%40brightmill.net&tel=13985271604 HTTP/1.1" 200 512'
    assert pairs(line) >= {("email", "j.rowan%40brightmill.net"), ("phone", PHONE)}


def test_full_width_digits_are_read_and_reported_as_they_stand() -> None:
    (found,) = (c for c in scan("电话：１３９８５２７１６０４") if c.type == "phone")
    assert found.value == "１３９８５２７１６０４" and found.certain


@pytest.mark.parametrize(
    "name", ["trace_id", "order_id", "seq", "size", "spanId", "bytesSent", "request-id", "offset", "订单号", "流水号"]
)
@pytest.mark.parametrize("value", [IDN, CARD, luhn("411743920581667"), PHONE, "GB67NWBK60161331926814", "536-90-4399"])
def test_under_the_name_of_a_counter_nothing_is_certain(name: str, value: str) -> None:
    for line in (f'{{"{name}": "{value}"}}', f"{name}={value} done", f"{name}: {value}", f"{name} {value}"):
        assert not [c for c in scan(line) if c.certain], line
    alert = Alert(source="t", fields=(Field(path=f"event.{name}", value=value),))
    assert not [c for c in PLUGIN.detect(alert).candidates if c.certain]


@pytest.mark.parametrize("value", [PHONE, luhn("411743920581667"), CARD])
def test_weak_shapes_under_the_name_of_a_counter_are_left_out(value: str) -> None:
    for line in (
        f'"trace_id":"{value}","phone":"x"',
        f"电话已登记，订单号{value}，完成",
        f"took {value} ns",
        f"wrote {value} bytes",
    ):
        assert pairs(line) == set(), line


def test_the_next_field_keeps_its_own_name() -> None:
    line = f'{{"order_id":"15912345670","phone":"{PHONE}","seq":"18612345670"}}'
    (found,) = scan(line)
    assert found.value == PHONE and found.certain


def test_the_number_of_a_person_stays_but_is_not_certain() -> None:
    (found,) = scan(f'"user_id":"{PHONE}"')
    assert found.type == "phone" and not found.certain


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ('{"first_name":"maren","last_name":"OKAFOR"}', {"maren", "OKAFOR"}),
        ('{\\"customerName\\":\\"Ines Halvorsen\\"}', {"Ines Halvorsen"}),
        ("full_name='ines halvorsen' ok", {"ines halvorsen"}),
        ("givenName: Maren", {"Maren"}),
        ('{"name":"林雨桐","age":31}', {"林雨桐"}),
        ("user_name=陈志强 action=login", {"陈志强"}),
        ("操作员：周海燕 审批通过", {"周海燕"}),
    ],
)
def test_names_under_their_fields(line: str, value: set[str]) -> None:
    assert {c.value for c in scan(line) if c.type == "person"} == value


@pytest.mark.parametrize(
    "line",
    [
        'class_name="Widget Factory"', "hostname=maren", "filename: report", '"name":"Remote Desktop"', 'first_name = request.form["x"]',
        '"last_name": null', "firstname: string", "getFirstName(user)", '"name":"安全策略"', "user=何时 结束", "last_name = None",
    ],
)  # fmt: skip
def test_fields_that_hold_no_name(line: str) -> None:
    assert not [c for c in scan(line) if c.type == "person"]


# -- clean lines: real shapes, random numbers ---------------------------------------------------------------------------

Draw = random.Random
SHAPES: tuple[Callable[[Draw], str], ...] = (
    lambda r: f'{ip(r)} - - [12/Mar/2026:10:0{r.randrange(10)}:11 +0800] "GET /api/v2/items/{r.randrange(10**6)}?page=3 HTTP/1.1" 200 {r.randrange(10**9)}',
    lambda r: json.dumps({"ts": r.randrange(17 * 10**11, 18 * 10**11), "trace_id": hexed(r, 32), "span_id": hexed(r, 16), "duration_ms": r.random() * 1e3}),
    lambda r: f"{stamp(r)} host sshd[{r.randrange(65536)}]: Failed password for root from {ip(r)} port {r.randrange(65536)} ssh2",
    lambda r: f"{stamp(r)} INFO [pool-3-thread-9] OrderService - order_id={r.randrange(10**15, 10**16)} seq={r.randrange(10**12)} size={r.randrange(10**11)}",
    lambda r: f"{stamp(r)} 订单处理完成，订单号{r.randrange(10**17, 10**18)}，耗时{r.randrange(999)}毫秒，流水号{r.randrange(10**10, 10**12)}",
    lambda r: f"{r.randrange(10**9, 2 * 10**9)}.{r.randrange(1000)} {guid(r)} sha256={hexed(r, 64)} version=1.{r.randrange(30)}.{r.randrange(30)} pid={r.randrange(99999)}",
    lambda r: f"kernel: [{r.randrange(10**6)}.{r.randrange(10**6):06}] eth0: rx_bytes {r.randrange(10**12)} tx_bytes {r.randrange(10**12)}",
    lambda r: f'level=debug msg="flushed memtable" lsn={r.randrange(10**11)} offset={r.randrange(10**10)} crc={hexed(r, 8)}',
    lambda r: f"commit {hexed(r, 40)} Merge branch 'release-2.{r.randrange(40)}' into main (#{r.randrange(99999)})",
    lambda r: f"arn:aws:iam::{r.randrange(10**11, 10**12)}:role/deploy assumed by session {r.randrange(10**10)}",
    lambda r: f"snowflake {r.randrange(10**18, 2 * 10**18)} inserted into shard {r.randrange(64)}",
    lambda r: f'"request_id":"{guid(r)}","upstream_response_time":"0.{r.randrange(1000)}","connection":"{r.randrange(10**8)}"',
    lambda r: f"{stamp(r)} ERROR java.lang.IllegalStateException at com.acme.Pay.run(Pay.java:{r.randrange(2000)}) [thread {r.randrange(10**9)}]",
    lambda r: f"GC(4{r.randrange(100)}) Pause Young 0x{hexed(r, 16)} {r.randrange(9999)}M->{r.randrange(9999)}M({r.randrange(9999)}M) {r.random() * 90:.3f}ms",
    lambda r: f"mac={':'.join(hexed(r, 2) for _ in range(6))} dhcp lease {ip(r)} expires {r.randrange(17 * 10**8, 18 * 10**8)}",
    lambda r: f"{stamp(r)} 任务{r.randrange(10**6)}执行完毕，共处理{r.randrange(10**7)}条记录，内存占用{r.randrange(10**10)}字节",
    lambda r: f"系统版本 {r.randrange(20)}.{r.randrange(9)}.{r.randrange(99999)}，序列号：{hexed(r, 12).upper()}，启动时间 {stamp(r)}",
    lambda r: f"tracking number {r.randrange(10**11, 10**12)} shipped, invoice {r.randrange(10**9)} total {r.randrange(10**5)}.{r.randrange(100):02}",
    lambda r: f"x = np.array([{r.random():.6f}, {r.random() * 100:.4f}, -{r.random():.8f}, {r.randrange(10**7)}])",
    lambda r: f"WARN disk /dev/sda1 used {r.randrange(10**12)} of {r.randrange(10**13)} inodes {r.randrange(10**8)}",
    lambda r: f"EventID={r.randrange(9999)} RecordNumber={r.randrange(10**10)} LogonId=0x{hexed(r, 8)} ProcessId={r.randrange(99999)} S-1-5-21-{r.randrange(10**10)}-{r.randrange(10**9)}-{r.randrange(10**9)}-{r.randrange(9999)}",
    lambda r: f"审计：管理员修改了防火墙策略编号{r.randrange(10**4)}，方向出站，协议TCP，端口{r.randrange(65536)}，操作成功",
    lambda r: f"{r.randrange(10**10, 10**11)} {r.randrange(10**10, 10**11)} {r.randrange(10**6)} {r.random():.5f}",
    lambda r: f"build 2026{r.randrange(1, 13):02}{r.randrange(1, 29):02}.{r.randrange(99)} tag v{r.randrange(9)}.{r.randrange(99)}.{r.randrange(99)}-rc.{r.randrange(9)}",
    lambda r: f'{{"id":{r.randrange(10**9)},"parent":{r.randrange(10**9)},"created_at":{r.randrange(17 * 10**14, 18 * 10**14)},"ok":true}}',
    lambda r: f"mmap 0x7f{hexed(r, 10)}-0x7f{hexed(r, 10)} r-xp {hexed(r, 8)} 08:01 {r.randrange(10**8)} /usr/lib/libc.so.6",
    lambda r: f"MQTT client-{hexed(r, 12)} qos=1 mid={r.randrange(65536)} payload={r.randrange(10**5)}B rtt={r.random():.4f}s",
    lambda r: f"getty@tty{r.randrange(9)}.service: Scheduled restart job, restart counter is at {r.randrange(10**5)}.",
    lambda r: f"kex: algorithm: curve25519-sha256@libssh.org host key {hexed(r, 43)} cipher: chacha20-poly1305@openssh.com",
    lambda r: f'<img src="/static/logo@2x.png?v={r.randrange(10**8)}" width="{r.randrange(999)}"> lodash@4.17.{r.randrange(30)}',
)  # fmt: skip


def ip(r: Draw) -> str:
    return ".".join(str(r.randrange(1, 255)) for _ in range(4))


def hexed(r: Draw, size: int) -> str:
    return f"{r.getrandbits(size * 4):0{size}x}"


def guid(r: Draw) -> str:
    text = hexed(r, 32)
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def stamp(r: Draw) -> str:
    return f"2026-0{r.randrange(1, 10)}-{r.randrange(10, 29)}T{r.randrange(10, 24)}:{r.randrange(10, 60)}:{r.randrange(10, 60)}.{r.randrange(1000):03}Z"


def flagged(lines: list[str], kind: type[LogWindow] | type[Document]) -> list[tuple[str, Candidate]]:
    text = "\n".join(lines)
    found = PLUGIN.detect(kind(source="t", body=text)).candidates
    return [
        (lines[c.place.start_line - 1], c)
        for c in found
        if c.type not in ("IP_ADDRESS", "MAC_ADDRESS") and not c.safe_hint
    ]


@pytest.mark.parametrize("kind", [LogWindow, Document])
def test_at_most_two_in_a_hundred_clean_lines_are_flagged_and_hardly_one_for_certain(kind: type[LogWindow]) -> None:
    draw = Draw(20_261_122)
    lines = [shape(draw) for _ in range(100) for shape in SHAPES]
    found = flagged(lines, kind)
    assert len(lines) == 3_000
    assert len({line for line, _ in found}) <= 0.02 * len(lines), [(c.type, line) for line, c in found][:20]
    assert sum(c.certain for _, c in found) <= 2


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape(Draw(1))[:24])
def test_no_shape_of_clean_line_is_flagged_often(shape: Callable[[Draw], str]) -> None:
    draw = Draw(7)
    lines = [shape(draw) for _ in range(100)]
    assert len({line for line, _ in flagged(lines, LogWindow)}) <= 20


def test_an_address_ends_after_its_postal_code():
    for line in ("Home address: 27 Station Road, Leeds LS6 2AB.", "sent to 14 Mill Lane, Exeter EX1 1ZZ today"):
        found = [c.value for c in PLUGIN.detect(Document(source="t", body=line)).candidates if c.type == "address"]
        assert found == [line.split(": ")[-1].removeprefix("sent to ").removesuffix(" today").rstrip(".")]
