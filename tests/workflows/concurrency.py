"""Concurrency groups, which act ignores.

One run of a group is in progress and one waits; a newer one takes the place of the one that waits,
or with `cancel-in-progress` also of the one that runs.
https://docs.github.com/actions/how-tos/write-workflows/choose-when-workflows-run/control-workflow-concurrency
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_OPERAND = re.compile(r"'[^']*'|\d+|[A-Za-z_][\w.-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A group's name, evaluated, and whether a newer run ends the one in progress."""

    name: str
    cancel_in_progress: bool = False


def evaluate(expression: str, context: Mapping[str, Any]) -> Any:
    """Evaluate the few expressions that group names need: paths, literals and `||`."""
    for operand in expression.split("||"):
        text = operand.strip()
        if not _OPERAND.fullmatch(text):
            raise ValueError(f"not understood in a group's name: {text}")
        value: Any = context
        if text.startswith("'"):
            value = text.strip("'")
        elif text.isdigit():
            value = int(text)
        else:
            for part in text.split("."):
                value = value.get(part) if isinstance(value, Mapping) else None
        if value not in (None, "", 0, False):
            return value
    return ""


def group_of(declared: Any, context: Mapping[str, Any]) -> Group | None:
    """Read `concurrency:` of a workflow or of a job, for one event."""
    if declared is None:
        return None
    if isinstance(declared, str):
        declared = {"group": declared}
    name = re.sub(
        r"\$\{\{(.*?)\}\}", lambda m: str(evaluate(m[1], context)), str(declared["group"])
    )
    cancels = declared.get("cancel-in-progress", False)
    if isinstance(cancels, str):
        cancels = evaluate(cancels.strip().removeprefix("${{").removesuffix("}}"), context)
    return Group(name=name.lower(), cancel_in_progress=bool(cancels))


def survivors(groups: Sequence[Group | None]) -> list[bool]:
    """Say which of several runs finish when all but the first are asked for while that one runs."""
    out = [True] * len(groups)
    running: dict[str, int] = {}
    waiting: dict[str, int] = {}
    for index, group in enumerate(groups):
        if group is None:
            continue
        if group.name not in running:
            running[group.name] = index
            continue
        for older in (waiting, running) if group.cancel_in_progress else (waiting,):
            if group.name in older:
                out[older.pop(group.name)] = False
        (running if group.cancel_in_progress else waiting)[group.name] = index
    return out
