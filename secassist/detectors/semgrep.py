"""Rules of ours run by the semgrep engine, an external program, where it is on the PATH; nothing is found where it is not."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any

from schemas import CodeUnit, FindingKind, Severity, Subject, SubjectKind
from secassist.detectors._code.places import PlaceMap
from secassist.detectors.base import Candidate, Detection
from secassist.errors import DetectorError

RULES = Path(__file__).with_name("semgrep_rules")
_SUFFIXES = {
    "python": ".py",
    "javascript": ".js",
    "typescript": ".ts",
    "java": ".java",
    "go": ".go",
    "c": ".c",
    "cpp": ".cpp",
    "csharp": ".cs",
    "php": ".php",
    "ruby": ".rb",
}
_LONGEST = 1_000_000
"""Characters of a text; semgrep skips files above 1 MB by itself, and would say so only in passing."""
_PER_FILE_S, _START_S, _EACH_S = 5, 60.0, 0.5
"""Seconds that a rule may take on a file, that the engine may take to start, and that each file adds."""
_MEMORY_MIB = 1_000
_MOST_OUTPUT = 64 * 1024 * 1024
_SEVERITIES = {"ERROR": Severity.HIGH, "WARNING": Severity.MEDIUM, "INFO": Severity.LOW}


class Semgrep:
    """Candidates of kind WEAKNESS; one start of the engine takes seconds, so many texts go together in `look`."""

    name = "semgrep"
    version = "1"
    summary = "Weaknesses in ten languages by rules of ours, run by the semgrep program where it is installed."
    kinds = frozenset({SubjectKind.CODE_UNIT})

    def detect(self, subject: Subject) -> Detection:
        """Of one text; nothing where semgrep is not installed. Raises DetectorError when it fails."""
        return self.look([subject]).get(subject.id, Detection())

    def look(self, subjects: Sequence[Subject]) -> Mapping[str, Detection]:
        """By id; those that no rule is for are left out. Raises DetectorError when the engine fails or is too slow."""
        units = {subject.id: subject for subject in subjects if isinstance(subject, CodeUnit) and _suffix(subject)}
        engine = program()
        if not units or engine is None:
            return {}
        with tempfile.TemporaryDirectory(prefix="secassist-semgrep-") as folder:
            names = _written(units.values(), Path(folder) / "code")
            results = _asked(engine, Path(folder), len(names))
        found: dict[str, list[Any]] = {id_: [] for id_ in units}
        for result in results:
            unit = names.get(PurePath(str(result.get("path"))).name)
            if unit is not None:
                found[unit.id].append(result)
        return {id_: Detection(candidates=_candidates(units[id_], rows)) for id_, rows in found.items()}


def program() -> str | None:
    """Where the engine is, if it is on the PATH."""
    return shutil.which("semgrep")


def _suffix(unit: CodeUnit) -> str:
    """A name that the engine takes for code of the unit's language; "" where no rule is for it."""
    if len(unit.body) > _LONGEST:
        return ""
    own = PurePath(unit.path).suffix.lower()
    return _SUFFIXES.get(unit.language.lower()) or (own if own in _SUFFIXES.values() else "")


def _written(units: Iterable[CodeUnit], folder: Path) -> dict[str, CodeUnit]:
    """Each under a name of ours: what files are called may be an attack on whoever is told it."""
    folder.mkdir(mode=0o700)
    names = {}
    for number, unit in enumerate(units):
        name = f"u{number}{_suffix(unit)}"
        text = PlaceMap(unit).text
        (folder / name).write_text(text, encoding="utf-8", errors="replace", newline="\n")
        names[name] = unit
    return names


def _asked(engine: str, folder: Path, count: int) -> list[dict[str, Any]]:
    """What the engine prints; it gets a home of its own, no settings and no way out."""
    home = folder / "home"
    home.mkdir(mode=0o700)
    out = folder / "out.json"
    with out.open("wb") as written:
        try:
            done = subprocess.run(
                [*_command(engine), str(folder / "code")],
                cwd=folder,
                env=_environment(home),
                stdin=subprocess.DEVNULL,
                stdout=written,
                stderr=subprocess.DEVNULL,
                timeout=_START_S + _EACH_S * count,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise DetectorError(f"semgrep took too long over {count} texts") from error
        except OSError as error:
            raise DetectorError(f"semgrep cannot be started: {error.strerror}") from error
    if done.returncode not in (0, 1) or out.stat().st_size > _MOST_OUTPUT:
        raise DetectorError(f"semgrep ended with {done.returncode}; run `semgrep --version` to see whether it works")
    return parsed(out.read_bytes())


def _command(engine: str) -> list[str]:
    """Our rules and no other, nothing that the scanned code could switch off, and bounds on what one file may cost."""
    return [
        *(engine, "scan", "--json", "--quiet", "--metrics=off", "--disable-version-check", "--oss-only"),
        *("--config", str(RULES), "--no-git-ignore", "--disable-nosem", "--jobs", "1"),
        *("--timeout", str(_PER_FILE_S), "--timeout-threshold", "1"),
        *("--max-memory", str(_MEMORY_MIB), "--max-target-bytes", "0"),
    ]


def _environment(home: Path) -> dict[str, str]:
    """No settings of the user, and proxies that nobody answers on."""
    return {
        **{name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ},
        "HOME": str(home),
        "TMPDIR": str(home),
        "SEMGREP_SEND_METRICS": "off",
        "SEMGREP_ENABLE_VERSION_CHECK": "0",
        **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), "http://127.0.0.1:9"),
    }


def parsed(output: bytes) -> list[dict[str, Any]]:
    """The results in what the engine printed. Raises DetectorError when it is not what it is known to print."""
    try:
        results = json.loads(output)["results"]
        return [each for each in results if isinstance(each, dict)]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise DetectorError("semgrep printed something else than its JSON; another version may help") from error


def _candidates(unit: CodeUnit, rows: Sequence[Mapping[str, Any]]) -> tuple[Candidate, ...]:
    places = PlaceMap(unit)
    lines = places.text.count("\n") + 1
    found = {}
    for row in rows:
        told = row.get("extra", {})
        rule = str(row.get("check_id", "")).rpartition(".")[2]
        cwe = str(told.get("metadata", {}).get("cwe", ""))
        first = min(max(int(row["start"]["line"]), 1), lines)
        last = min(max(int(row["end"]["line"]), first), lines)
        found[rule, first] = Candidate(
            kind=FindingKind.WEAKNESS,
            rule=rule,
            type=cwe or rule,
            message=" ".join(str(told.get("message", "")).split())[:300],
            place=places.lines_place(first, last),
            severity=_SEVERITIES.get(str(told.get("severity")), Severity.INFO),
            cwe=cwe,
            by="semgrep",
        )
    return tuple(found[key] for key in sorted(found, key=lambda key: (key[1], key[0])))


PLUGIN = Semgrep()
