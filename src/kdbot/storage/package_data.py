"""kdbot's own installation: its files, and the commit that another list can be pinned to.

`templates/` is in the package. What this repository and every list share (workflows, the form for
the faults of the bot, the venues, the examples of findings) is not kept twice: a wheel has it below
`defaults/`, and a checkout has it in its own place.
"""

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from importlib.metadata import Distribution, distribution
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from kdbot.model.errors import KdbotError
from kdbot.storage.git import ask_git

_PACKAGE = files("kdbot")
_CHECKOUT = "../.."
_EXAMPLES = "tests/data/cases"
_GITHUB = re.compile(
    r"(?:git\+)?(?:https://|ssh://git@|git@)(?:[^/@]+@)?github\.com[/:](?P<name>[\w.-]+/[\w.-]+?)"
    r"(?:\.git)?/?"
)
_COMMIT = re.compile(r"[0-9a-f]{40}")
_TAG = re.compile(r"v[0-9][0-9A-Za-z.+-]*")


def read_template(name: str) -> str:
    """Return the text of a file of `templates/`."""
    return (_PACKAGE / "templates" / name).read_text("utf-8")


def read_shared(name: str) -> str:
    """Return the text of a file that this repository and every list share, by its path here.

    Raises:
        KdbotError: the installation lacks it.
    """
    return _shared(name).read_text("utf-8")


def shared_names(folder: str) -> list[str]:
    """Return the names of the files in a folder that this repository and every list share.

    Raises:
        KdbotError: the installation lacks it.
    """
    return sorted(entry.name for entry in _shared(folder).iterdir() if entry.is_file())


@cache
def read_examples() -> Mapping[str, tuple[str, str]]:
    """Return by a finding's code a proposal that has it and one that has not, as YAML.

    Raises:
        KdbotError: the installation lacks them.
    """
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for folder in _shared(_EXAMPLES).iterdir():
        for case in folder.iterdir() if folder.is_dir() else ():
            name = case.name.partition(".")[0]
            if name in {"bad", "good"}:
                found[folder.name][name] = case.read_text("utf-8")
    return {code: (cases["bad"], cases["good"]) for code, cases in found.items()}


def _shared(name: str) -> Traversable:
    for place in (_PACKAGE / "defaults" / name, _PACKAGE / _CHECKOUT / name):
        if place.is_file() or place.is_dir():
            return place
    raise KdbotError("is missing from this installation", where=name, fix="install kdbot again")


def installed_kdbot(kdbot: Distribution | None = None) -> tuple[str, str | None] | None:
    """Return the installed kdbot as another list can be pinned to it, or None if unknown.

    An installer records where a package came from: repository and commit for one from git, the
    folder for one from a checkout, which is asked in turn. A checkout stands for its newest
    release, since a local commit may not be on GitHub.
    https://packaging.python.org/en/latest/specifications/direct-url/

    Returns:
        `OWNER/NAME@COMMIT`, and the release that it is, such as `v0.2.0`, or None.
    """
    recorded = (kdbot or distribution("kdbot")).read_text("direct_url.json")
    try:
        origin: Any = json.loads(recorded or "{}")
    except ValueError:
        return None
    if "vcs_info" in origin:
        asked = origin["vcs_info"].get("requested_revision")
        tag = str(asked) if asked and _TAG.fullmatch(str(asked)) else None
        return _named(str(origin.get("url")), str(origin["vcs_info"].get("commit_id")), tag)
    if "dir_info" not in origin:
        return None
    folder = Path(unquote(urlsplit(str(origin.get("url"))).path))
    tag = ask_git(folder, "describe", "--tags", "--abbrev=0", "--match", "v[0-9]*") or None
    commit = ask_git(folder, "rev-parse", f"{tag or 'HEAD'}^{{commit}}")
    return _named(ask_git(folder, "remote", "get-url", "origin"), commit, tag)


def _named(address: str, commit: str, tag: str | None) -> tuple[str, str | None] | None:
    match = _GITHUB.fullmatch(address)
    if not match or not _COMMIT.fullmatch(commit):
        return None
    return f"{match['name']}@{commit}", tag
