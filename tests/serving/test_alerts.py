"""Alerts over HTTP: stored before they are answered, refused by name, never twice."""

import http.client
import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from schemas import Subject
from secassist.pipeline import Pipeline
from secassist.queueing.intake import Intake
from secassist.queueing.pace import Pace
from secassist.queueing.worker import Worker
from secassist.serving import guarding, listening
from secassist.serving.app import Limits
from secassist.store import JobState, Submitted
from tests.queueing.shop import NAMES
from tests.serving.conftest import TOKEN, Start

SECRET = "AKIA" + "INVENTEDKEY" + "00000"


def record(number: int, **more: object) -> dict[str, Any]:
    first, second = NAMES[number % len(NAMES)], NAMES[number // len(NAMES) % len(NAMES)]
    return {"rule": {"name": "login"}, "user": {"name": f"{first}.{second}"}, **more}


def post(client: httpx.Client, content: Any, **more: Any) -> httpx.Response:
    data = content if isinstance(content, (str, bytes)) else json.dumps(content)
    return client.post("/v1/alerts", content=data, **more)


def test_one_alert_is_queued_and_its_verdict_told(client: httpx.Client, pipeline: Pipeline) -> None:
    taken = post(client, record(1), params={"priority": "high", "source": "siem", "language": "zh"})
    assert (taken.status_code, taken.json()["rejected"]) == (202, [])
    (one,) = taken.json()["accepted"]
    assert (one["index"], one["duplicate"]) == (0, False)
    assert taken.headers["location"] == f"/v1/jobs/{one['job']}"
    waiting = client.get(taken.headers["location"]).json()
    assert (waiting["state"], waiting["priority"], waiting["source"], waiting["language"], waiting["analysis"]) == (
        "queued",
        0,
        "siem",
        "zh",
        None,
    )
    assert "lease_token" not in waiting
    Worker(pipeline, Pace(wait=0.01)).run(drain=True)
    done = client.get(taken.headers["location"]).json()
    assert done["state"] == "done"
    assert done["analysis"]["verdict"]["disposition"] == "suspicious"
    assert done["analysis"]["id"] == done["analysis_id"]


EVE = {"event_type": "dns", "flow_id": 7, "src_ip": "192.0.2.7", "dns": {"rrname": "intranet.example"}}
TRAIL = {"eventVersion": "1.08", "eventSource": "iam.example", "eventName": "CreateUser", "awsRegion": "eu-1"}
LOGON = {"Event": {"System": {"EventID": 4624, "Channel": "Security"}, "EventData": {"TargetUserName": "ana"}}}


@pytest.mark.parametrize(
    ("body", "source", "title"),
    [
        (record(1), "alert_json", "login"),
        (EVE, "eve", "dns event: intranet.example"),
        ({"Records": [TRAIL]}, "cloudtrail", "CreateUser (iam.example) by an unknown identity"),
        (LOGON, "windows_events", "Windows event 4624: logon, ana"),
    ],
)
def test_the_same_alert_from_a_file_is_the_same_job(
    client: httpx.Client, pipeline: Pipeline, tmp_path: Path, body: dict[str, Any], source: str, title: str
) -> None:
    (tmp_path / "a.json").write_text(json.dumps(body) + "\n")
    subjects = [item for item in pipeline.read([tmp_path / "a.json"]) if isinstance(item, Subject)]
    assert [(each.source, each.title) for each in subjects] == [(source, title)]
    (part,) = Intake(pipeline).submit(subjects)
    (one,) = post(client, body).json()["accepted"]
    assert one["duplicate"]
    assert one["subject"] == subjects[0].id
    assert [each.job.id for each in part if isinstance(each, Submitted)] == [one["job"]]


def test_elements_keep_the_source_of_their_body_and_lose_their_keys(client: httpx.Client, pipeline: Pipeline) -> None:
    """As in a file, one that shows no mark of its own is of the product that the others show."""
    stats = {"event_type": "stats", "stats": {"uptime": 12}}
    taken = post(client, [{**EVE, "idempotency_key": "one"}, {**stats, "idempotency_key": "two"}]).json()
    found = [pipeline.store.find_subject(each["subject"]) for each in taken["accepted"]]
    assert [(each.source, each.title) for each in found if each] == [
        ("eve", "dns event: intranet.example"),
        ("eve", "stats event"),
    ]


LINES = "".join(json.dumps(record(n)) + "\n" for n in range(3))


@pytest.mark.parametrize(
    "body",
    [
        json.dumps([record(n) for n in range(3)]),
        LINES,
        LINES.replace("\n", "\r\n"),
        json.dumps({"alerts": [record(n) for n in range(3)], "status": "firing"}),
    ],
)
def test_batches_of_every_form(client: httpx.Client, pipeline: Pipeline, body: str) -> None:
    taken = post(client, body)
    assert (taken.status_code, [one["index"] for one in taken.json()["accepted"]]) == (202, [0, 1, 2])
    assert pipeline.store.jobs.counts().queued == 3


def test_bad_items_are_named_and_the_good_ones_kept(client: httpx.Client, pipeline: Pipeline) -> None:
    body = f'[{json.dumps(record(0))}, 7, {{}}, {{"a": 1, "a": "{SECRET}"}}, {json.dumps(record(1))}]'
    taken = post(client, body)
    said = taken.json()
    assert (taken.status_code, [one["index"] for one in said["accepted"]]) == (400, [0, 4])
    reasons = {one["index"]: one["reason"] for one in said["rejected"]}
    assert reasons.keys() == {1, 2, 3}
    assert "not a JSON object" in reasons[1]
    assert "empty" in reasons[2]
    assert "stands twice" in reasons[3]
    assert "the accepted alerts are queued" in said["detail"]
    assert pipeline.store.jobs.counts().queued == 2
    broken = post(client, json.dumps(record(2)) + "\n{oops\n" + json.dumps(record(3)) + "\n")
    assert (broken.status_code, [one["index"] for one in broken.json()["accepted"]]) == (400, [0, 2])
    assert "not valid JSON" in broken.json()["rejected"][0]["reason"]


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"   \n", b"[]"])
def test_a_body_without_alerts(client: httpx.Client, body: bytes) -> None:
    assert post(client, body).status_code == 400


def test_a_key_makes_a_repetition_the_same_job(client: httpx.Client, pipeline: Pipeline) -> None:
    header = {"idempotency-key": "push-7"}
    first = post(client, [record(n) for n in range(3)], headers=header).json()["accepted"]
    again = post(client, [record(n) for n in range(3)], headers=header).json()["accepted"]
    assert [one["duplicate"] for one in first + again] == [False] * 3 + [True] * 3
    assert [one["job"] for one in first] == [one["job"] for one in again]
    own = post(client, [record(4, idempotency_key="a"), record(4, idempotency_key="b")]).json()["accepted"]
    assert own[0]["job"] != own[1]["job"]
    assert own[0]["subject"] == own[1]["subject"]
    assert pipeline.store.jobs.find(own[0]["job"]).key == "a"  # type: ignore[union-attr]


def test_a_key_that_was_used_for_another_alert_loses_none(client: httpx.Client) -> None:
    header = {"idempotency-key": "ticket"}
    assert post(client, record(1), headers=header).status_code == 202
    other = post(client, record(2), headers=header)
    assert (other.status_code, other.json()["accepted"]) == (400, [])
    assert "used for another alert" in other.json()["rejected"][0]["reason"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"params": {"priority": "soon"}}, "high, normal or low"),
        ({"params": {"language": "xx"}}, "en, zh"),
        ({"params": {"source": "s" * 65}}, "64"),
        ({"params": {"kind": "report"}}, "parameters"),
        ({"headers": {"idempotency-key": "k" * 81}}, "80"),
    ],
)
def test_what_is_asked_wrongly(client: httpx.Client, pipeline: Pipeline, more: dict[str, Any], said: str) -> None:
    answer = post(client, record(1), **more)
    assert (answer.status_code, said in answer.json()["detail"]) == (400, True)
    assert answer.headers["content-type"] == "application/problem+json"
    assert pipeline.store.count_subjects() == 0


def test_nobody_gets_in_without_the_token(client: httpx.Client, pipeline: Pipeline) -> None:
    for wrong in ("", "Bearer wrong", f"Basic {TOKEN}", "Bearer", TOKEN):
        for method, path in (("POST", "/v1/alerts"), ("GET", "/v1/jobs/" + "0" * 32), ("GET", "/metrics")):
            answer = client.request(method, path, content=b"{}" * 100_000, headers={"authorization": wrong})
            assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert client.get("/healthz", headers={"authorization": ""}).text == "ok\n"
    assert client.get("/nowhere").status_code == 404
    assert client.get("/v1/alerts").status_code == 405
    assert pipeline.store.count_subjects() == 0


def test_without_a_token_only_local_names_get_in(start: Start) -> None:
    local = start(token="")
    assert post(local, record(1)).status_code == 202
    assert post(local, record(1), headers={"host": "rebound.example:8470"}).status_code == 401
    assert post(local, record(1), headers={"origin": "https://page.example"}).status_code == 401


def test_a_full_queue_says_when_to_come_back(start: Start, pipeline: Pipeline) -> None:
    client = start(high_water=4)
    assert post(client, [record(n) for n in range(4)]).status_code == 202
    busy = post(client, record(7))
    assert busy.status_code == 429
    assert int(busy.headers["retry-after"]) >= 5
    assert post(client, record(1)).json()["accepted"][0]["duplicate"]
    assert post(client, record(8), params={"priority": "high"}).status_code == 202
    assert pipeline.store.count_subjects() == 5


def test_a_database_that_is_away_is_503_and_the_server_lives(
    client: httpx.Client, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(pipeline.store.jobs, "_engine", sa.create_engine("sqlite:////nowhere/at/all.db"))
        away = post(client, record(1))
        assert (away.status_code, away.headers["retry-after"]) == (503, "5")
        assert "nowhere" not in away.text
        assert client.get("/v1/jobs/" + "0" * 32).status_code == 503
        assert "secassist_database_up 0" in client.get("/metrics").text
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").status_code == 503
    assert post(client, record(1)).status_code == 202
    assert client.get("/readyz", headers={"authorization": ""}).text == "ok\n"
    assert "secassist_database_up 1" in client.get("/metrics").text


def test_a_body_that_is_too_large_is_refused_early(start: Start, pipeline: Pipeline) -> None:
    client = start(Limits(body=10_000))
    for content in (b"x" * 100_000, (b"x" * 1000 for _ in range(100))):
        refused = client.post("/v1/alerts", content=content)
        assert (refused.status_code, refused.headers["connection"]) == (413, "close")
    many = post(start(), "{}\n" * 1001)
    assert (many.status_code, "1000" in many.json()["detail"]) == (413, True)
    assert pipeline.store.count_subjects() == 0


def test_what_all_clients_send_at_once_is_bounded(start: Start) -> None:
    client = start(Limits(held=5_000))
    refused = post(client, "[" + " " * 6_000 + "]")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
    assert post(client, record(1)).status_code == 202  # what was held is given back


def raw(client: httpx.Client, sent: bytes) -> socket.socket:
    made = socket.create_connection((client.base_url.host, client.base_url.port or 0), timeout=20)
    made.sendall(sent)
    return made


def test_slow_clients_are_let_go_and_hold_up_nobody(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "HEAD_SECONDS", 0.5)
    client = start(Limits(body_seconds=0.5))
    head = f"POST /v1/alerts HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {TOKEN}\r\n".encode()
    silent = [raw(client, b"") for _ in range(100)]
    halves = [raw(client, head) for _ in range(50)]
    bodies = [raw(client, head + b"Content-Length: 100\r\n\r\n{") for _ in range(50)]
    endless = raw(client, head + b"Transfer-Encoding: chunked\r\n\r\n")
    began = time.monotonic()
    assert post(client, record(1)).status_code == 202
    assert time.monotonic() - began < 5
    for each in bodies:
        assert each.recv(100).startswith(b"HTTP/1.1 408 ")
    with pytest.raises((BrokenPipeError, ConnectionResetError)):
        for _ in range(10_000):
            endless.sendall(b"10000\r\n" + b" " * 0x10000 + b"\r\n")
    for each in silent + halves:
        with pytest.raises(ConnectionResetError):
            assert each.recv(100) == b"", "no answer"
            raise ConnectionResetError
    for each in (*silent, *halves, *bodies, endless):
        each.close()


def test_an_answer_does_not_wait_for_an_acknowledgement() -> None:
    """Head and body of an answer are two packets; with Nagle's algorithm the second one may come 40 ms later."""
    with guarding.bound("127.0.0.1", 0, guarded=True) as listener:
        listener.setblocking(True)
        with socket.create_connection(listener.getsockname()), listener.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_hundred_clients_at_once(client: httpx.Client, pipeline: Pipeline) -> None:
    barrier = threading.Barrier(100)

    def send(number: int) -> int:
        one = http.client.HTTPConnection(client.base_url.host, client.base_url.port, timeout=60)
        one.connect()
        barrier.wait()
        one.request("POST", "/v1/alerts", json.dumps(record(number)), {"authorization": f"Bearer {TOKEN}"})
        status = one.getresponse().status
        one.close()
        return status

    with ThreadPoolExecutor(100) as threads:
        assert set(threads.map(send, range(100))) == {202}
    assert pipeline.store.jobs.counts().queued == 100


def test_figures_tell_numbers_and_no_text(client: httpx.Client, pipeline: Pipeline) -> None:
    post(client, [record(1), record(2), 7])
    post(client, record(1))
    post(client, record(3), params={"priority": "soon"})
    figures = client.get("/metrics")
    lines = figures.text.splitlines()
    assert figures.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert {
        'secassist_jobs{state="queued"} 2',
        'secassist_jobs{state="leased"} 0',
        'secassist_jobs{state="done"} 0',
        'secassist_jobs{state="dead"} 0',
        "secassist_jobs_due 2",
        'secassist_intake_alerts_total{outcome="queued"} 2',
        'secassist_intake_alerts_total{outcome="duplicate"} 1',
        'secassist_intake_alerts_total{outcome="rejected"} 1',
        'secassist_intake_requests_total{status="202"} 1',
        'secassist_intake_requests_total{status="400"} 2',
        "secassist_database_up 1",
    } <= set(lines)
    assert any(line.startswith("secassist_oldest_waiting_seconds ") for line in lines)
    assert "login" not in figures.text
    assert NAMES[1] not in figures.text
    assert {job.state for job in pipeline.store.jobs.listed()} == {JobState.QUEUED}


def test_no_secret_comes_to_rest(client: httpx.Client, pipeline: Pipeline, tmp_path: Path) -> None:
    header = {"idempotency-key": SECRET}
    sent = record(1, process={"command_line": f"export KEY={SECRET}"})
    taken = post(client, [sent, {"a": SECRET, "b": float("nan")}], headers=header, params={"source": SECRET})
    told = client.get("/v1/jobs/" + taken.json()["accepted"][0]["job"]).text + taken.text + client.get("/metrics").text
    held = b"".join(path.read_bytes() for path in (tmp_path / "home").iterdir() if path.is_file())
    assert b"login" in held
    assert SECRET.encode() not in held
    assert SECRET not in told


@pytest.mark.parametrize("id_", ["0" * 32, "0" * 31, "x" * 32, "%27", "0" * 31 + "%2f"])
def test_an_unknown_job(client: httpx.Client, id_: str) -> None:
    assert client.get(f"/v1/jobs/{id_}").status_code == 404
