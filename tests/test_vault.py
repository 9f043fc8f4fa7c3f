"""The vault: only the admin key opens, wrong and damaged keys lose nothing, a change of keys survives a stop anywhere."""

from collections.abc import Callable
from pathlib import Path

import pytest

from schemas import Analysis
from secassist import vault
from secassist.cli import app
from secassist.cli import vault as commands
from secassist.store import SealedValue, Store
from secassist.vault import Opener, Sealer, VaultError, make
from tests.cli.conftest import Commands, secassist  # noqa: F401 - a fixture
from tests.store.samples import START, alert, analysis, secret

VALUE = "Qx7Invented9Canary3Vault5Zw"
PRINT = "f" * 64


@pytest.fixture
def sealing(tmp_path: Path) -> Path:
    return tmp_path / "vault.key"


@pytest.fixture
def admin(tmp_path: Path) -> Path:
    return tmp_path / "elsewhere" / "admin.key"


@pytest.fixture
def sealer(sealing: Path, admin: Path) -> Sealer:
    make(sealing, admin)
    return Sealer(sealing)


class TestKeys:
    @pytest.mark.parametrize("value", ["", VALUE, "密码\x00\ud800", "x" * 100_000])
    def test_what_was_sealed_is_opened(self, sealer: Sealer, admin: Path, value: str) -> None:
        key, sealed = sealer.seal(value, PRINT)
        assert Opener(admin).open(key, sealed, PRINT) == value
        assert value == "" or value.encode("utf-8", "surrogatepass") not in sealed

    def test_the_same_value_is_never_sealed_alike(self, sealer: Sealer) -> None:
        assert sealer.seal(VALUE, PRINT)[1] != sealer.seal(VALUE, PRINT)[1]

    def test_the_sealing_key_cannot_open(self, sealer: Sealer, sealing: Path) -> None:
        sealing.chmod(0o600)
        with pytest.raises(VaultError, match="not an admin key, but a sealing key"):
            Opener(sealing)

    def test_a_value_belongs_to_its_finding(self, sealer: Sealer, admin: Path) -> None:
        key, sealed = sealer.seal(VALUE, PRINT)
        with pytest.raises(VaultError, match="not that of this finding"):
            Opener(admin).open(key, sealed, "e" * 64)

    def test_every_altered_byte_is_noticed(self, sealer: Sealer, admin: Path) -> None:
        key, sealed = sealer.seal(VALUE, PRINT)
        for at in range(len(sealed)):
            altered = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
            with pytest.raises(VaultError):
                Opener(admin).open(key, altered, PRINT)
        with pytest.raises(VaultError, match="damaged"):
            Opener(admin).open(key, sealed[:20], PRINT)

    def test_another_admin_key_says_whose_it_is(self, sealer: Sealer, tmp_path: Path) -> None:
        key, sealed = sealer.seal(VALUE, PRINT)
        make(tmp_path / "other.key", tmp_path / "other-admin.key")
        with pytest.raises(VaultError, match=f"sealed for {key}"):
            Opener(tmp_path / "other-admin.key").open(key, sealed, PRINT)

    def test_files_are_private_and_an_open_admin_key_is_refused(
        self, sealer: Sealer, sealing: Path, admin: Path
    ) -> None:
        assert [path.stat().st_mode & 0o777 for path in (sealing, admin)] == [0o600, 0o600]
        admin.chmod(0o640)
        with pytest.raises(VaultError, match="chmod 600"):
            Opener(admin)

    def test_keys_are_never_made_over_others(self, sealer: Sealer, sealing: Path, admin: Path, tmp_path: Path) -> None:
        before = admin.read_text()
        for pair in ((sealing, tmp_path / "new"), (tmp_path / "new", admin)):
            with pytest.raises(VaultError, match="there already"):
                make(*pair)
        assert admin.read_text() == before

    @pytest.mark.parametrize("which", ["sealing", "admin"])
    @pytest.mark.parametrize(
        "damage",
        [
            lambda text: "",
            lambda text: text[:-10],
            lambda text: text[:30] + "?" + text[31:],
            lambda text: text[:30] + ("x" if text[30] != "x" else "y") + text[31:],
            lambda text: "shopping list\n",
        ],
    )
    def test_a_damaged_key_seals_and_opens_nothing(
        self, sealer: Sealer, sealing: Path, admin: Path, which: str, damage: Callable[[str], str]
    ) -> None:
        """A key that seals but never opens would lose what is sealed with it."""
        path = sealing if which == "sealing" else admin
        path.write_text(damage(path.read_text()))
        with pytest.raises(VaultError, match=str(path)):
            sealer.seal(VALUE, PRINT) if which == "sealing" else Opener(admin)

    def test_keys_are_not_shown(self, sealer: Sealer, admin: Path) -> None:
        opener = Opener(admin)
        assert repr(opener.keys[0].private) not in repr(opener.keys)


class TestRotation:
    def test_old_values_open_until_their_key_is_forgotten(self, sealer: Sealer, sealing: Path, admin: Path) -> None:
        old = sealer.seal(VALUE, PRINT)
        opener = Opener(admin).rotate(sealing)
        new = sealer.seal(VALUE, PRINT)
        assert new[0] == opener.current != old[0]
        assert [opener.open(*pair, PRINT) for pair in (old, new)] == [VALUE, VALUE]
        assert opener.forget([old[0]]) == 0
        assert opener.forget([new[0]]) == 1
        assert Opener(admin).open(*new, PRINT) == VALUE
        with pytest.raises(VaultError):
            Opener(admin).open(*old, PRINT)

    @pytest.mark.parametrize("stop_at", [1, 2])
    def test_a_stop_while_the_files_are_written_loses_nothing(
        self, sealer: Sealer, sealing: Path, admin: Path, monkeypatch: pytest.MonkeyPatch, stop_at: int
    ) -> None:
        old, written, write = sealer.seal(VALUE, PRINT), list[Path](), vault._replace

        def stop(path: Path, text: str) -> None:
            written.append(path)
            if len(written) == stop_at:
                raise KeyboardInterrupt
            write(path, text)

        monkeypatch.setattr(vault, "_replace", stop)
        with pytest.raises(KeyboardInterrupt):
            Opener(admin).rotate(sealing)
        opener = Opener(admin)
        assert opener.open(*old, PRINT) == VALUE
        assert opener.open(*sealer.seal("again", PRINT), PRINT) == "again"


class TestRows:
    @pytest.fixture
    def store(self, tmp_path: Path) -> Store:
        return Store.open(f"sqlite:///{tmp_path / 'secassist.db'}", now=lambda: START)

    def test_resealing_is_all_or_nothing(self, store: Store, sealer: Sealer, admin: Path, sealing: Path) -> None:
        store.add_subject(alert())
        kept = store.add_analysis(analysis(alert(), findings=(secret(1), secret(2))))
        rows = [SealedValue(kept.id, number, PRINT, *sealer.seal(f"{VALUE}{number}", PRINT)) for number in range(2)]
        assert store.vault.add(rows) == 2
        assert store.vault.add(rows) == 0
        opener = Opener(admin).rotate(sealing)
        seen: list[int] = []

        def broken(old: SealedValue) -> SealedValue:
            seen.append(old.number)
            if len(seen) == 2:
                raise VaultError("gone")
            return SealedValue(old.analysis_id, old.number, PRINT, *sealer.seal("lost", PRINT))

        with pytest.raises(VaultError):
            store.vault.reseal(broken, opener.current)
        assert [store.vault.find(kept.id, number) for number in range(2)] == rows
        store.close()

    def test_the_audit_outlives_what_it_is_about(self, store: Store) -> None:
        store.add_subject(alert())
        kept = store.add_analysis(analysis(alert(), findings=(secret(1),)))
        store.vault.record("ana", "reveal", kept.id, 0, "ticket 7")
        store.purge(analysis_id=kept.id)
        (row,) = store.vault.recorded()
        assert (row.who, row.action, row.analysis_id, row.number, row.detail) == (
            "ana",
            "reveal",
            kept.id,
            0,
            "ticket 7",
        )
        store.close()


@pytest.fixture
def run(secassist: Commands, monkeypatch: pytest.MonkeyPatch) -> Commands:  # noqa: F811 - the fixture
    known = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    if "purge" not in known:
        app.command()(commands.purge)
        app.add_typer(commands.app, name="vault")
    monkeypatch.setenv("SECASSIST_VAULT", "sealed")
    return secassist


def scanned(run: Commands, tmp_path: Path) -> Analysis:
    (tmp_path / "settings.env").write_text(f'DB_PASSWORD="{VALUE}"\nOTHER=1\n')
    ran = run("scan", tmp_path / "settings.env", "--json", "--only", "sensitive")
    assert ran.code == 0, ran.err
    (line,) = ran.out.splitlines()
    return Analysis.model_validate_json(line)


class TestCommands:
    def test_without_keys_nothing_is_analysed(self, run: Commands, tmp_path: Path) -> None:
        (tmp_path / "a.env").write_text("x=1\n")
        ran = run("scan", tmp_path / "a.env")
        assert (ran.code, "vault init" in ran.err) == (2, True)

    def test_off_by_default(self, run: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("SECASSIST_VAULT")
        found = scanned(run, tmp_path)
        ran = run("vault", "show", found.id, 0, "--reveal")
        assert (ran.code, "was not sealed" in ran.err) == (2, True)

    def test_a_value_is_shown_to_who_asks_and_holds_the_key(self, run: Commands, tmp_path: Path) -> None:
        assert run("vault", "init").code == 0
        found = scanned(run, tmp_path)
        (number,) = [at for at, finding in enumerate(found.findings) if finding.secret]
        facts = run("vault", "show", found.id[:12], number)
        assert VALUE not in facts.out + facts.err
        assert "sealed for key" in facts.out
        assert run("vault", "show", found.id[:12], number, "--reveal", "--reason", "ticket 7").out == VALUE + "\n"
        log = run("vault", "log").out
        assert "reveal" in log
        assert "ticket 7" in log
        files = [path.read_bytes() for path in run.home.iterdir()]
        assert not any(VALUE.encode() in data for data in files)

    def test_without_the_admin_key_it_is_refused_and_written_down(self, run: Commands, tmp_path: Path) -> None:
        run("vault", "init")
        found = scanned(run, tmp_path)
        (run.home / "vault-admin.key").rename(tmp_path / "admin.key")
        ran = run("vault", "show", found.id, 0, "--reveal")
        assert (ran.code, ran.out) == (2, "")
        assert "refused" in run("vault", "log").out
        assert run("vault", "show", found.id, 0, "--reveal", "--admin-key", tmp_path / "admin.key").out == VALUE + "\n"

    @pytest.mark.parametrize("forget", [False, True])
    def test_keys_are_changed(self, run: Commands, tmp_path: Path, forget: bool) -> None:
        run("vault", "init")
        found = scanned(run, tmp_path)
        old = (run.home / "vault.key").read_text()
        ran = run("vault", "rekey", *(["--forget"] if forget else []))
        assert (ran.code, "1 values anew" in ran.err) == (0, True)
        assert (run.home / "vault.key").read_text() != old
        assert len(Opener(run.home / "vault-admin.key").keys) == (1 if forget else 2)
        assert run("vault", "show", found.id, 0, "--reveal").out == VALUE + "\n"

    def test_purging(self, run: Commands, tmp_path: Path) -> None:
        run("vault", "init")
        found = scanned(run, tmp_path)
        assert "1 vault" in run("purge", "--older-than", "0d", "--kind", "vault", "--dry-run").err
        assert "0 vault" in run("purge", "--kind", "vault").err
        assert run("vault", "show", found.id, 0, "--reveal").code == 0
        assert "--yes" in run("purge", "--older-than", "0d", "--kind", "vault").err
        assert "1 vault" in run("purge", "--older-than", "0d", "--kind", "vault", "--dry-run").err
        ran = run("purge", "--older-than", "0d", "--kind", "vault", "--yes")
        assert (ran.code, "1 vault" in ran.err, "not reached" in ran.err) == (0, True, True)
        assert run("vault", "show", found.id, 0, "--reveal").code == 2
        assert "1 analyses, 1 subjects" in run("purge", "--analysis", found.id[:12]).err
        assert run("show", found.id[:12]).code == 2

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (("--kind", "prompts"), "'prompts'"),
            (("--kind", "reviews"), "for ever"),
            (("--older-than", "soon"), "no time"),
            (("--analysis", "abcdef", "--kind", "vault"), "goes without"),
            (("--analysis", "abcdef"), "no analysis begins"),
        ],
    )
    def test_purging_wrongly(self, run: Commands, words: tuple[str, ...], said: str) -> None:
        run("vault", "init")
        ran = run("purge", *words)
        assert (ran.code, said in ran.err) == (2, True), ran.err
