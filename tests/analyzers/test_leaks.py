"""A secret in the input, repeated by a hostile model in every way it can, is in nothing that is kept."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from schemas import Alert, Analysis, CodeUnit, Document, Field, LogWindow, State, Subject
from secassist import bootstrap
from secassist.backends.base import Completion, Request
from secassist.backends.scripted import ScriptedBackend
from secassist.config import Settings
from secassist.pipeline import Pipeline
from tests.analyzers.scripts import answer

CANARY = "Qx7Invented9Canary3Vault5Zw"
QUOTED = 'Qx7"Inv\\ented9"Canary3Vault5Zw'
"""One whose JSON spelling differs from itself."""
SHOWN = 4
"""Characters that a mask may show at either end."""


def subjects(secret: str) -> list[Subject]:
    line = f'db_password = "{secret}"'
    return [
        Alert(
            source="s",
            title=f"Leaked {secret}",
            description=f"see {secret}",
            fields=(Field(path="message", value=line), Field(path="note", value=f"again: {secret}")),
        ),
        LogWindow(source="s", title="app.log", body=f"starting\n{line} # was {secret}\ndone"),
        CodeUnit(
            source="s", path="conf.py", title="conf.py", language="python", body=f"import os\n{line}\n# {secret}\n"
        ),
        Document(source="s", title=f"Mail: {secret}", body=f"Hello,\n{line}\nThe password is {secret}."),
    ]


def echo(request: Request) -> str:
    texts = {"reason": CANARY, "missing": [CANARY], "fix": f"x = '{CANARY}'", "summary": CANARY}
    known = json.loads(answer(request.analyzer))
    return answer(request.analyzer, **{name: value for name, value in texts.items() if name in known})


def part(request: Request) -> str:
    return answer(request.analyzer, reason=f"it begins with {CANARY[:-3]}")


HOSTILE: dict[str, Callable[[Request], Completion | str]] = {
    "in the text fields": echo,
    "as an unknown field": lambda request: answer(request.analyzer, **{CANARY: CANARY}),
    "as broken JSON": lambda request: f"the password is {CANARY}",
    "as a wrong choice": lambda request: answer(request.analyzer, decision=CANARY),
    "cut short": lambda request: Completion(f'{{"decision":"{CANARY}', "length"),
    "cut within": lambda request: Completion(f'{{"decision":"{CANARY[:-3]}', "length"),
    "while refusing": lambda request: Completion(f"I cannot help with {CANARY}", "refused"),
    "in part": part,
}


def shown(script: Callable[[Request], Completion | str]) -> Callable[[Request], Completion | str]:
    """A model can repeat only what it was shown."""

    def speak(request: Request) -> Completion | str:
        seen = leaked(request.prompt.system + request.prompt.user, CANARY)
        return script(request) if seen else answer(request.analyzer)

    return speak


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


def wired(settings: Settings, script: Any) -> Iterator[Pipeline]:
    made = bootstrap.pipeline(settings, ScriptedBackend(script))
    yield made
    made.store.close()


def leaked(text: str, secret: str) -> str:
    """The longest part of the secret, longer than a mask shows, that stands in the text."""
    size = 2 * SHOWN
    parts = {secret[i : i + size] for i in range(len(secret) - size + 1)}
    return next((found for found in sorted(parts) if found in text), "")


def kept(made: Pipeline, items: list[Subject]) -> list[Analysis]:
    list(made.ingest(items))
    analyses = []
    for subject in items:
        for name in ("triage", "sensitive", "review"):
            if subject.kind in made.analyzers[name].kinds:
                analyses += made.analyze(name, [subject])
    return analyses


WAYS = sorted(HOSTILE)


@pytest.mark.parametrize("how", WAYS)
@pytest.mark.parametrize("kind", range(4), ids=["alert", "log", "code", "document"])
def test_nothing_kept_holds_the_secret(settings: Settings, how: str, kind: int) -> None:
    for made in wired(settings, shown(HOSTILE[how])):
        analyses = kept(made, [subjects(CANARY)[kind]])
        assert any(finding.secret for analysis in analyses for finding in analysis.findings), "it was not even found"
        for analysis in analyses:
            text = analysis.model_dump_json()
            assert not leaked(text, CANARY), f"{analysis.analyzer} ({analysis.state}): {text}"
        stored = list(made.store.analyses())
        assert len(stored) == len(analyses)
    assert not leaked(
        b"".join(p.read_bytes() for p in settings.home.rglob("*") if p.is_file()).decode("latin-1"), CANARY
    )


@pytest.mark.parametrize("kind", [0, 1, 3], ids=["alert", "log", "document"])
def test_a_secret_that_json_spells_differently(settings: Settings, kind: int) -> None:
    def repeat(request: Request) -> str:
        return json.dumps({"decision": QUOTED}) if request.analyzer == "sensitive" else answer(request.analyzer)

    body = f"user=app password='{QUOTED}'"
    items: list[Subject] = [
        Alert(source="s", fields=(Field(path="message", value=body),)),
        LogWindow(source="s", body=body),
        CodeUnit(source="s", path="x", body=""),
        Document(source="s", body=body),
    ]
    for made in wired(settings, repeat):
        for analysis in kept(made, [items[kind]]):
            assert not leaked(analysis.raw, QUOTED[-16:])
            assert not leaked(analysis.model_dump_json(), QUOTED[-16:])


def test_only_the_search_for_secrets_shows_them_to_the_model(settings: Settings) -> None:
    backend = ScriptedBackend(lambda request: answer(request.analyzer))
    made = bootstrap.pipeline(settings, backend)
    kept(made, subjects(CANARY))
    made.store.close()
    showing = {r.analyzer for r in backend.seen if leaked(r.prompt.user + r.prompt.system, CANARY)}
    assert showing <= {"sensitive"}


def test_the_finding_says_type_place_mask_and_keyed_hash(settings: Settings) -> None:
    for made in wired(settings, lambda request: answer(request.analyzer)):
        (analysis,) = made.analyze("sensitive", [subjects(CANARY)[2]])
        assert analysis.state is State.OK
        finding = analysis.findings[0]
        assert finding.secret is not None
        assert finding.secret.mask == f"{CANARY[:4]}****{CANARY[-4:]}"
        assert (finding.secret.length, len(finding.secret.hmac)) == (len(CANARY), 64)
        assert finding.place.start_line == 2
        assert all(evidence.redacted for evidence in finding.evidence)
