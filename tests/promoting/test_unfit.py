"""An adapter that was marked unfit judges nothing: the answer is "cannot tell", whatever the model writes."""

import json
import shutil
from collections.abc import Iterator

import pytest

from schemas import Alert, CodeUnit, Disposition, Field, Judgement, State
from secassist import bootstrap, registry
from secassist.config import Settings
from secassist.pipeline import Pipeline


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pipeline]:
    """The bundled adapters, each marked as below the floor of usefulness."""
    folder = tmp_path_factory.mktemp("unfit")
    shutil.copytree(registry.BUNDLED / "adapters", folder / "adapters")
    for path in (folder / "adapters").glob("*/calibration.json"):
        row = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps(row | {"fit": False, "note": "AUC 0.51 on 400 held-out items"}), encoding="utf-8")
    settings = Settings(home=folder / "home", adapters=str(folder / "adapters"), threads=1)
    made = bootstrap.pipeline(settings)
    yield made
    made.store.close()


def test_triage_cannot_tell(pipeline: Pipeline) -> None:
    alert = Alert(source="alert_json", title="Sign-in", fields=(Field(path="user", value="maria"),))
    found = pipeline.judge("triage", [alert])[0]
    assert found.state is State.UNFIT
    assert found.verdict is not None
    assert found.verdict.disposition is Disposition.NOT_EVALUABLE
    assert found.verdict.score is None
    assert "AUC 0.51" in found.error


def test_review_cannot_tell(pipeline: Pipeline) -> None:
    code = CodeUnit(source="code", path="a.py", language="python", body="def twice(n):\n    return 2 * n\n")
    found = pipeline.judge("review", [code])[0]
    assert found.state is State.UNFIT
    assert found.verdict is not None
    assert found.verdict.disposition is Disposition.NOT_EVALUABLE
    assert all(finding.judgement is Judgement.UNSURE for finding in found.findings)
