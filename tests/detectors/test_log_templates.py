"""Log windows: templates, rare lines, guessing, scanning; quiet windows stay quiet."""

from schemas import LogWindow
from secassist.detectors._drain import WILD, mine, tokenise
from secassist.detectors.log_templates import PLUGIN


def window(lines: list[str]) -> LogWindow:
    return LogWindow(source="log", body="\n".join(lines))


def by_rule(lines: list[str]):
    return {signal.rule: signal for signal in PLUGIN.detect(window(lines)).signals}


def ssh(result: str, address: str, n: int) -> str:
    return f"May  1 10:00:{n:02d} host sshd[{n}]: {result} password for root from {address} port {4000 + n} ssh2"


def get(path: str, status: int, address: str = "192.0.2.7") -> str:
    return f'{address} - - [01/May/2024:10:00:00 +0000] "GET {path} HTTP/1.1" {status} 10 "-" "curl/8"'


def test_drain_groups_lines_of_one_template():
    groups = mine(
        [
            (1, "session opened for alice now"),
            (2, "session opened for bob now"),
            (3, "disk /dev/sda1 is 90 percent full"),
        ]
    )
    assert [(g.template, g.lines) for g in groups] == [
        (f"session opened for {WILD} now", [1, 2]),
        ("disk /dev/sda1 is <n> percent full", [3]),
    ]


def test_masks_hide_what_changes():
    assert tokenise("2024-05-01T10:00:00Z 10.0.0.1:80 took 35 ms") == ["<time>", "<ip>", "took", "<n>", "ms"]


def test_guessing_by_one_address_is_noteworthy():
    signal = by_rule([ssh("Failed", "192.0.2.7", n) for n in range(8)])["log:failed-logins"]
    assert signal.noteworthy
    assert signal.techniques == ("T1110",)
    assert signal.lines == tuple(range(1, 9))
    assert "192.0.2.7" in signal.message


def test_a_login_that_works_after_guessing_is_worse():
    found = by_rule([*(ssh("Failed", "192.0.2.7", n) for n in range(8)), ssh("Accepted", "192.0.2.7", 9)])
    assert found["log:login-after-failures"].severity.rank == 3
    assert 9 in found["log:login-after-failures"].lines


def test_a_few_failures_are_only_context():
    found = by_rule([ssh("Failed", "192.0.2.7", n) for n in range(3)])
    assert not found["log:few-failed-logins"].noteworthy
    assert "log:failed-logins" not in found


def test_failures_spread_over_addresses_are_seen():
    found = by_rule([ssh("Failed", f"192.0.2.{n}", n) for n in range(9)])
    assert "9 addresses" in found["log:failed-logins"].message


def test_a_web_scan_is_seen():
    signal = by_rule([get(f"/admin{n}", 404) for n in range(20)])["log:web-scan"]
    assert signal.noteworthy
    assert "T1595" in signal.techniques


def test_a_port_scan_is_seen():
    lines = [f"kernel: DROP IN=eth0 SRC=192.0.2.7 DST=10.0.0.1 PROTO=TCP SPT=4000 DPT={20 + n}" for n in range(10)]
    assert "T1046" in by_rule(lines)["log:port-scan"].techniques


def test_a_quiet_window_says_nothing_noteworthy():
    lines = [get("/index.html", 200, f"10.0.0.{n}") for n in range(20)] + [
        ssh("Accepted", "10.0.0.5", n) for n in range(3)
    ]
    assert [s.rule for s in PLUGIN.detect(window(lines)).signals if s.noteworthy] == []


def test_a_rare_line_is_named():
    lines = [f"job {n} finished in {n} seconds" for n in range(20)] + ["kernel module evil loaded from memory"]
    assert by_rule(lines)["log:rare-line"].lines == (21,)
    assert not by_rule(lines)["log:rare-line"].noteworthy


def test_json_lines_count_by_their_address():
    lines = [f'{{"sourceIPAddress":"192.0.2.9","message":"login failed for user u{n}"}}' for n in range(6)]
    assert "192.0.2.9" in by_rule(lines)["log:failed-logins"].message


def test_an_empty_window_gives_nothing():
    assert PLUGIN.detect(window([""])).signals == ()


def noteworthy(lines: list[str]) -> set[str]:
    return {s.rule for s in PLUGIN.detect(window(lines)).signals if s.noteworthy}


def test_many_names_from_one_address_are_spraying():
    lines = [
        f"May  1 10:00:{n:02d} host sshd[{n}]: Failed password for invalid user u{n} from 192.0.2.7 port 1 ssh2"
        for n in range(7)
    ]
    found = by_rule(lines)["log:password-spraying"]
    assert found.techniques == ("T1110.003",)
    assert "7 different user names" in found.message
    assert "log:password-spraying" not in by_rule([ssh("Failed", "192.0.2.7", n) for n in range(8)])


def test_requests_in_json_lines_count_for_scans():
    lines = [f'{{"ClientHost":"192.0.2.7","RequestPath":"/a{n}","DownstreamStatus":404}}' for n in range(12)]
    assert "192.0.2.7" in by_rule(lines)["log:web-scan"].message


def test_paths_that_only_scanners_ask_for():
    assert "log:known-probe" in noteworthy([get("/.env", 404)])
    assert "log:known-probe" in noteworthy([get("/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php", 200)])
    assert noteworthy([get("/environment/index.html", 404)]) == set()


def test_a_script_among_uploads_that_answers():
    assert "log:web-shell" in noteworthy([get("/uploads/2024/a.php?cmd=id", 200)])
    assert "log:web-shell" not in noteworthy([get("/uploads/2024/a.php", 404), get("/uploads/2024/a.png", 200)])


def test_rights_of_root_given():
    assert "log:sudoers-changed" in noteworthy(["host usermod[7]: add 'eve' to group 'sudo'"])
    assert noteworthy(["host usermod[7]: add 'eve' to group 'printers'"]) == set()


def test_bans_zone_transfers_and_open_proxy_probes():
    assert "log:guard-ban" in noteworthy(["fail2ban.actions: NOTICE [sshd] Ban 192.0.2.7"])
    assert "log:zone-transfer" in noteworthy(["named: zone transfer 'shop.example/AXFR/IN' denied"])
    assert "log:proxy-probe" in noteworthy(['192.0.2.7 - - [t] "CONNECT shop.example:25 HTTP/1.1" 400 1 "-" "-"'])
    assert noteworthy(["named: zone transfer 'shop.example/AXFR/IN' started"]) == set()


def test_one_user_in_two_networks():
    lines = [ssh("Accepted", "8.8.8.8", 1), ssh("Accepted", "1.1.1.1", 2)]
    assert by_rule(lines)["log:two-places"].lines == (1, 2)
    assert "log:two-places" not in by_rule([ssh("Accepted", "8.8.8.8", 1), ssh("Accepted", "8.8.4.4", 2)])


def test_refused_connections_of_a_sensor_are_a_scan_and_finished_ones_are_not():
    ports = (21, 22, 23, 25, 80, 110, 139, 143, 443, 445)
    row = "ts=1763632800.1 uid=C{port} id.orig_h=203.0.113.9 id.resp_h=10.0.0.5 id.resp_p={port} proto=tcp conn_state={state}"
    assert "log:port-scan" in by_rule([row.format(port=port, state="REJ") for port in ports])
    assert "log:port-scan" not in by_rule([row.format(port=port, state="SF") for port in ports])
