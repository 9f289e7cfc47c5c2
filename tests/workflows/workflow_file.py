"""Workflow files, read as GitHub reads them, and rewritten for act.

act knows one token for a whole run. So every mention of the job's token is replaced by a token of
that job alone, whose scopes the stand-in GitHub and `bin/git` enforce. Actions are replaced by the
stand-ins of `actions/`.
"""

from __future__ import annotations

import copy
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ACTIONS = Path(__file__).parent / "actions"

# Steps that install the project: a run uses the environment of the tests instead.
_INSTALLS = {"$/.github/actions/setup-kdbot", "make .venv/runtime"}
_INSTALLED = "stand-in/setup-kdbot@v0"

_TOKEN = re.compile(r"\bgithub\.token\b|\bsecrets\.GITHUB_TOKEN\b")


class _Loader(yaml.SafeLoader):
    """YAML 1.2's booleans: `on` is a word."""


_Loader.yaml_implicit_resolvers = {
    first: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:bool"]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"true|True|TRUE|false|False|FALSE"), list("tTfF")
)


class UnmappedActionError(Exception):
    """A workflow uses an action for which there is no stand-in."""


def load_workflow(text: str) -> dict[str, Any]:
    """Read a workflow, with `on` as a key and not as a truth value."""
    data = yaml.load(text, Loader=_Loader)  # noqa: S506  a SafeLoader
    if not isinstance(data, dict) or "jobs" not in data or "on" not in data:
        raise ValueError("not a workflow: `on` and `jobs` are needed")
    return data


def steps(job: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Give the steps of a job; a job that calls a workflow has none."""
    yield from job.get("steps", [])


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewritten:
    """A workflow for act, and the stand-ins (`OWNER/NAME@REF` to folder) that it needs."""

    text: str
    stand_ins: Mapping[str, Path]


def rewrite(
    workflow: Mapping[str, Any],
    *,
    tokens: Mapping[str, str],
    without: frozenset[str] = frozenset(),
) -> Rewritten:
    """Make a workflow ready for act: each job gets the token that stands at its name.

    Jobs in `without` are left out by an `if` that fails.
    """
    data = copy.deepcopy(dict(workflow))
    stand_ins: dict[str, Path] = {}
    for name, original in data["jobs"].items():
        job = data["jobs"][name] = _replaced(original, f"'{tokens[name]}'")
        # act does not know this key, which bounds what a called workflow may do to caches.
        job.pop("cache-mode", None)
        if name in without:
            job["if"] = False
        if "uses" in job:
            continue
        for step in steps(job):
            if str(step.get("uses", step.get("run"))).strip() in _INSTALLS:
                step.pop("run", None)
                step["uses"] = _INSTALLED
            uses = step.get("uses", "./")
            if not uses.startswith("./"):
                stand_ins[uses] = _stand_in(uses)
            if uses.startswith("actions/checkout@"):
                step.setdefault("with", {}).setdefault("token", tokens[name])
    # JSON is YAML, and written in a hundredth of the time.
    return Rewritten(text=json.dumps(data, indent=1), stand_ins=stand_ins)


def excess(
    workflows: Mapping[str, Mapping[str, Any]],
    scopes: Mapping[str, Mapping[str, Mapping[str, str]]],
) -> list[str]:
    """Name the called workflows whose jobs ask for more than their caller has.

    GitHub refuses to start such a run. `scopes` are those of each job of each workflow file.
    """
    ranks = {"none": 0, "read": 1, "write": 2}
    found = []
    for caller, data in workflows.items():
        for name, job in data["jobs"].items():
            called = str(job.get("uses", "")).removeprefix("./.github/workflows/")
            for inner, asked in scopes.get(called, {}).items():
                for scope, level in asked.items():
                    if ranks[level] > ranks[scopes[caller][name].get(scope, "none")]:
                        found.append(f"{caller} {name}: {called} {inner} asks for {scope}: {level}")
    return found


def _stand_in(uses: str) -> Path:
    folder = ACTIONS / uses.partition("@")[0]
    if not (folder / "action.yml").is_file():
        raise UnmappedActionError(f"no stand-in for {uses}: add one to {ACTIONS.name}/")
    return folder


def _replaced(node: Any, literal: str) -> Any:
    """Replace the token inside expressions, and in an `if`, which is one without braces."""
    if isinstance(node, dict):
        return {
            key: _TOKEN.sub(literal, value)
            if key == "if" and isinstance(value, str)
            else _replaced(value, literal)
            for key, value in node.items()
        }
    if isinstance(node, list):
        return [_replaced(item, literal) for item in node]
    if isinstance(node, str):
        return re.sub(r"\$\{\{.*?\}\}", lambda m: _TOKEN.sub(literal, m[0]), node)
    return node
