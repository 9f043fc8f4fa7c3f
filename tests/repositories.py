"""Real git repositories for tests: nobody's name, nothing signed."""

import subprocess
from pathlib import Path


def git(folder: Path, *words: str) -> str:
    """What git prints there; raises CalledProcessError when it fails."""
    who = ["-c", "user.name=ana", "-c", "user.email=ana@example.com", "-c", "commit.gpgsign=false"]
    made = subprocess.run(["git", "-C", str(folder), *who, *words], check=True, capture_output=True, text=True)
    return made.stdout.strip()


def commit(folder: Path, message: str = "step") -> str:
    """The hash of a commit of all that lies there, be it nothing new."""
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", message)
    return git(folder, "rev-parse", "HEAD")
