"""The commands about prompts: list, show, compare and render them."""

from pathlib import Path

import pytest

from secassist import templates
from tests.cli.conftest import Commands
from tests.cli.samples import alerts


class TestPrompts:
    def test_list(self, secassist: Commands) -> None:
        out = secassist("prompts", "list").out
        assert out.startswith("NAME ") and "TOKENS OF PROMPT + ANSWER\n" in out
        assert all(f"{name}@1" in out for name in templates.analyzers())

    def test_show(self, secassist: Commands) -> None:
        assert secassist("prompts", "show", "triage@1").out == templates.load("triage", 1).source

    def test_diff(self, secassist: Commands) -> None:
        out = secassist("prompts", "diff", "triage@1", "review@1").out
        assert out.startswith("--- triage@1")
        assert secassist("prompts", "diff", "triage@1", "triage@1").out == ""

    def test_render(self, secassist: Commands, inbox: Path) -> None:
        ran = secassist("prompts", "render", "triage", alerts(inbox))
        assert "vssadmin.exe delete shadows /all /quiet" in ran.out
        assert secassist.asked == 0

    def test_render_masks_secrets(self, secassist: Commands, inbox: Path) -> None:
        (inbox / "app.log").write_text("2026-11-01 10:00:00 start password=Qx7Invented9Canary3Vault5Zw\n" * 3)
        ran = secassist("prompts", "render", "triage", inbox / "app.log")
        assert ran.code == 0, ran.err
        assert "Qx7Invented9Canary3Vault5Zw" not in ran.out

    @pytest.mark.parametrize("name", ["nosuch", "triage@99", "nosuch@1"])
    def test_unknown(self, secassist: Commands, name: str) -> None:
        ran = secassist("prompts", "show", name)
        assert ran.code == 2
        assert name.split("@", maxsplit=1)[0] in ran.err

    def test_a_mistyped_name_is_told_the_nearest(self, secassist: Commands) -> None:
        for words in (("prompts", "show", "triag"), ("prompts", "diff", "triage@1", "triag@1")):
            assert "no prompt template is named 'triag'; did you mean triage?" in secassist(*words).err
        ran = secassist("scan", ".", "--only", "sensitiv")
        assert (ran.code, "did you mean sensitive?" in ran.err) == (2, True)
