"""The schemas that are written out."""

import json
from pathlib import Path

from jsonschema import Draft202012Validator

import schemas
from tests.cli.conftest import Commands


class TestSchemas:
    def test_all_are_valid_and_written(self, secassist: Commands, tmp_path: Path) -> None:
        ran = secassist("schemas", "export")
        found = json.loads(ran.out)
        assert {"Analysis", "Verdict", "Finding", "Report", "TriageAnswer", "FixAnswer"} <= set(found)
        for schema in found.values():
            Draft202012Validator.check_schema(schema)
        secassist("schemas", "export", tmp_path / "out")
        assert {path.name for path in (tmp_path / "out").iterdir()} == {f"{name}.schema.json" for name in found}

    def test_every_noun_is_exported(self, secassist: Commands) -> None:
        nouns = {name for name in schemas.__all__ if isinstance(getattr(schemas, name), type)}
        models = {name for name in nouns if issubclass(getattr(schemas, name), schemas.Noun)}
        assert models <= set(json.loads(secassist("schemas", "export").out))
