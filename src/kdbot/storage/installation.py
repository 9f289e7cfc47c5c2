"""Which commit of kdbot is installed here, and from where: what another list can be pinned to."""

import json
import re
import subprocess
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

_GITHUB = re.compile(
    r"(?:git\+)?(?:https://|ssh://git@|git@)(?:[^/@]+@)?github\.com[/:](?P<name>[\w.-]+/[\w.-]+?)"
    r"(?:\.git)?/?"
)
_COMMIT = re.compile(r"[0-9a-f]{40}")
_SECONDS = 10


def installed_commit(kdbot: Distribution | None = None) -> str | None:
    """Return `OWNER/NAME@COMMIT` of the installed kdbot on GitHub, or None where nobody knows.

    An installer records where a package came from: repository and commit for one from git, the
    folder for one from a checkout, which is asked in turn.
    https://packaging.python.org/en/latest/specifications/direct-url/
    """
    recorded = (kdbot or distribution("kdbot")).read_text("direct_url.json")
    try:
        origin: Any = json.loads(recorded or "{}")
    except ValueError:
        return None
    if "vcs_info" in origin:
        return _pin(str(origin.get("url")), str(origin["vcs_info"].get("commit_id")))
    if "dir_info" not in origin:
        return None
    folder = Path(unquote(urlsplit(str(origin.get("url"))).path))
    return _pin(_git(folder, "remote", "get-url", "origin"), _git(folder, "rev-parse", "HEAD"))


def _pin(address: str, commit: str) -> str | None:
    match = _GITHUB.fullmatch(address)
    return f"{match['name']}@{commit}" if match and _COMMIT.fullmatch(commit) else None


def _git(folder: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - git with fixed words
            ["git", "-C", str(folder), *arguments],  # noqa: S607
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
