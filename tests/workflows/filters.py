"""The `on:` filters of a workflow, which act ignores.

https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#filter-pattern-cheat-sheet
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.github_server import Delivery

# The activity types of an event for which a workflow runs that names none; None means all.
_DEFAULT_TYPES: Mapping[str, tuple[str, ...] | None] = {
    "issues": None,
    "issue_comment": None,
    "pull_request": ("opened", "synchronize", "reopened"),
    "pull_request_target": ("opened", "synchronize", "reopened"),
}


# GitHub's name of a delivery → the events under which workflows can start from it.
_EVENTS = {"pull_request": ("pull_request_target", "pull_request")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What happened, as far as `on:` looks at it; `paths` are the files that it changed."""

    name: str
    payload: Mapping[str, Any]
    actor: str = "somebody"
    paths: tuple[str, ...] = ()
    by_job_token: bool = False

    @property
    def action(self) -> str | None:
        return self.payload.get("action")

    @property
    def branch(self) -> str:
        """The branch that was pushed, or the base of the pull request."""
        if "pull_request" in self.payload:
            return str(self.payload["pull_request"]["base"]["ref"])
        return str(self.payload.get("ref", "")).removeprefix("refs/heads/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """The filters of one event of `on:`."""

    types: tuple[str, ...] | None
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def pattern(glob: str) -> re.Pattern[str]:
    """Translate a filter pattern: `*` stays in a folder, `**` does not, `?` and `+` repeat."""
    out = ""
    for token in re.findall(r"\*\*/?|\*|\[[^\]]*\]|\\.|.", glob):
        if token == "**/":
            out += "(?:.*/)?"
        elif token == "**":
            out += ".*"
        elif token == "*":
            out += "[^/]*"
        elif token in "?+" or token.startswith("["):
            out += token
        else:
            out += re.escape(token.removeprefix("\\"))
    return re.compile(out)


def chosen(globs: Sequence[str], name: str) -> bool:
    """Say whether a name is chosen: the last pattern that fits decides, `!` excludes."""
    verdict = False
    for glob in globs:
        if pattern(glob.removeprefix("!")).fullmatch(name):
            verdict = not glob.startswith("!")
    return verdict


def parse_filters(on: Any) -> dict[str, Filters]:
    """Read `on:` in any of its three forms; values are those of the YAML file."""
    if isinstance(on, str):
        on = {on: None}
    elif not isinstance(on, Mapping):
        on = dict.fromkeys(on)
    out = {}
    for name, value in on.items():
        declared = value if isinstance(value, Mapping) else {}
        types = declared.get("types", _DEFAULT_TYPES.get(name))
        lists = {
            key: tuple([globs] if isinstance(globs, str) else globs)
            for key, globs in declared.items()
            if key in ("branches", "branches-ignore", "paths", "paths-ignore", "tags")
        }
        out[name] = Filters(
            types=tuple([types] if isinstance(types, str) else types) if types else None,
            lists=lists,
        )
    return out


def refusal(on: Any, event: Event) -> str | None:
    """Say why an event does not start a workflow; None when it does."""
    if event.by_job_token and event.name not in ("workflow_dispatch", "repository_dispatch"):
        return "caused with a job's own token"
    filters = parse_filters(on).get(event.name)
    if filters is None:
        return f"not on {event.name}"
    if filters.types is not None and event.action not in filters.types:
        return f"not on {event.name} {event.action}"
    if "tags" in filters.lists and "branches" not in filters.lists:
        # The stand-in pushes branches alone.
        return "filtered by tags"
    for key, globs in filters.lists.items():
        if key == "tags":
            continue
        ignoring = key.endswith("-ignore")
        names = [event.branch] if key.startswith("branches") else list(event.paths)
        fits = [chosen(globs, name) for name in names]
        if all(fits) if ignoring else not any(fits):
            return f"filtered by {key}"
    return None


def events_of(delivery: Delivery) -> list[Event]:
    """Name the events under which workflows can start from a delivery."""
    commits = delivery.payload.get("commits", [])
    kinds = ("added", "modified", "removed")
    paths = {path for commit in commits for kind in kinds for path in commit[kind]}
    return [
        Event(
            name=name,
            payload=delivery.payload,
            actor=delivery.actor.login,
            paths=tuple(sorted(paths)),
            by_job_token=not delivery.starts_workflows,
        )
        for name in _EVENTS.get(delivery.event, (delivery.event,))
    ]
