"""The command that serves: its token, its address, its end; real processes."""

import http.client
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.cli.conftest import Commands

TOKEN = "an-invented-token-of-the-tests"
ALERT = json.dumps({"rule": {"name": "login"}, "user": {"name": "ana"}})
HEADERS = {"Authorization": f"Bearer {TOKEN}"}


@contextmanager
def server(home: Path, *words: str) -> Iterator[tuple[subprocess.Popen[str], str, int]]:
    """A process, its host and its port."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
        "SECASSIST_HOME": str(home),
        "SECASSIST_CONFIG": "/dev/null",
        "SECASSIST_SERVE_TOKEN": TOKEN,
    }
    command = [sys.executable, "-m", "secassist", "serve", "--port", "0", *words]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr
        said = process.stderr.readline()
        assert said.startswith("listening at http"), said
        url = urlsplit(said.split()[-1])
        yield process, url.hostname or "", url.port or 0
    finally:
        process.kill()
        process.communicate()


def test_what_is_in_hand_when_the_server_is_told_to_end_is_finished(tmp_path: Path) -> None:
    with server(tmp_path / "home") as (process, host, port):
        idle, slow, half = (socket.create_connection((host, port), timeout=20) for _ in range(3))
        head = "\r\n".join(["POST /v1/alerts HTTP/1.1", "Host: a", f"Authorization: Bearer {TOKEN}"])
        slow.sendall(f"{head}\r\nContent-Length: {len(ALERT)}\r\n\r\n{ALERT[:9]}".encode())
        half.sendall(head.encode())
        time.sleep(0.3)
        process.terminate()
        time.sleep(0.5)
        assert process.poll() is None
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((host, port), timeout=5)
        slow.sendall(ALERT[9:].encode())
        answer = slow.recv(10_000).decode()
        assert answer.startswith("HTTP/1.1 202 ")
        assert process.wait(20) == 0
        assert "the end" in (process.stderr.read() if process.stderr else "")
        for each in (idle, slow, half):
            each.close()


def test_a_server_loads_no_model_library_and_an_interrupt_ends_it_well(tmp_path: Path) -> None:
    with server(tmp_path / "home") as (process, host, port):
        asking = http.client.HTTPConnection(host, port, timeout=20)
        asking.request("POST", "/v1/alerts", ALERT, HEADERS)
        answer = asking.getresponse()
        assert (answer.status, len(json.load(answer)["accepted"])) == (202, 1)
        asking.close()
        loaded = Path(f"/proc/{process.pid}/maps").read_text()
        assert "sqlite" in loaded
        assert "libtorch" not in loaded
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0


def test_over_tls_the_same(tmp_path: Path) -> None:
    certificate, key = own_certificate(tmp_path)
    with server(tmp_path / "home", "--tls-certificate", str(certificate), "--tls-key", str(key)) as (_, host, port):
        asking = http.client.HTTPSConnection(
            host, port, timeout=20, context=ssl.create_default_context(cafile=certificate)
        )
        asking.request("POST", "/v1/alerts", ALERT, HEADERS)
        assert asking.getresponse().status == 202
        asking.close()


def own_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that signs itself, and its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "invented")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    pem = made.add_extension(address, critical=False).sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
    (folder / "own.pem").write_bytes(pem)
    (folder / "own.key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return folder / "own.pem", folder / "own.key"


@pytest.mark.parametrize(
    ("words", "token", "said"),
    [
        ((), "", "give a token with --token-file or SECASSIST_SERVE_TOKEN, or --no-token"),
        ((), "short", "16 or more"),
        (("--no-token", "--host", "0.0.0.0"), TOKEN, "0.0.0.0 can be reached by others; give a token"),
        (("--no-token", "--host", "::"), "", "can be reached by others"),
        (("--host", "no.such.host.invalid"), TOKEN, "cannot listen at no.such.host.invalid"),
        (("--token-file", "OPEN"), "", "can be read by others; run: chmod 600"),
        (("--token-file", "EMPTY"), TOKEN, "holds no token"),
        (("--token-file", "nowhere"), "", "cannot be read as a token"),
        (("--tls-key", "nowhere"), TOKEN, "TLS needs both"),
        (("--tls-key", "nowhere", "--tls-certificate", "nowhere"), TOKEN, "nowhere: no such file"),
        (("--tls-key", "OPEN", "--tls-certificate", "OPEN"), TOKEN, "cannot be used with that key"),
    ],
)
def test_what_is_not_safe_is_not_started(
    secassist: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], token: str, said: str
) -> None:
    (tmp_path / "OPEN").write_text(TOKEN)
    (tmp_path / "EMPTY").write_text("\n")
    (tmp_path / "EMPTY").chmod(0o600)
    (tmp_path / "OPEN").chmod(0o644)
    monkeypatch.setenv("SECASSIST_SERVE_TOKEN", token)
    ran = secassist("serve", "--port", "0", *[tmp_path / word if word.isupper() else word for word in words])
    assert ran.code == 2, ran.err
    assert said in ran.err
    assert TOKEN not in ran.err


def test_a_port_that_is_taken_is_a_usage_error(secassist: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECASSIST_SERVE_TOKEN", TOKEN)
    with socket.create_server(("127.0.0.1", 0)) as other:
        ran = secassist("serve", "--port", other.getsockname()[1])
    assert (ran.code, "cannot listen at 127.0.0.1" in ran.err) == (2, True)
