"""Concurrency groups, which act ignores.

One run of a group is in progress and one waits; a newer one takes the place of the one that waits,
or with `cancel-in-progress` also of the one that runs.
https://docs.github.com/actions/how-tos/write-workflows/choose-when-workflows-run/control-workflow-concurrency
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
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


class Lanes:
    """The groups of a repository as time goes on, whatever workflow a run is of.

    A run is any value that can be told from the others. One in no group runs at once.
    """

    def __init__(self) -> None:
        self.running: dict[str, Any] = {}
        self.waiting: dict[str, Any] = {}
        self._groups: dict[Any, Group] = {}

    def ask(self, run: Any, group: Group | None) -> tuple[bool, list[Any]]:
        """Ask for a run; gives whether it runs at once, and the runs that it cancels."""
        if group is None:
            return True, []
        self._groups[run] = group
        ended = [self.waiting.pop(group.name)] if group.name in self.waiting else []
        if group.cancel_in_progress and group.name in self.running:
            ended.append(self.running.pop(group.name))
        if group.name in self.running:
            self.waiting[group.name] = run
            return False, ended
        self.running[group.name] = run
        return True, ended

    def end(self, run: Any) -> Any:
        """End a run; gives the one that waited for it and runs from then on, or None."""
        group = self._groups.get(run)
        if group is None or self.running.get(group.name) != run:
            return None
        del self.running[group.name]
        following = self.waiting.pop(group.name, None)
        if following is not None:
            self.running[group.name] = following
        return following


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run that is asked for at a second and takes so many; `group` None is no group."""

    name: str
    asked: float
    takes: float
    group: Group | None = None


@dataclass(slots=True, kw_only=True)
class Timetable:
    """When each run began and ended, and when it was cancelled instead, by name.

    A run that was cancelled while it ran began, too.
    """

    began: dict[str, float] = field(default_factory=dict)
    ended: dict[str, float] = field(default_factory=dict)
    cancelled: dict[str, float] = field(default_factory=dict)


def timetable(runs: Iterable[Run]) -> Timetable:
    """Say what becomes of runs of any workflows. What ends at a moment ends before what is asked.

    `queue: max` is not looked at: nothing here uses it.
    """
    lanes, table = Lanes(), Timetable()
    asked = sorted(runs, key=lambda run: run.asked)
    going: list[tuple[float, Run]] = []

    def begin(run: Run, at: float) -> None:
        table.began[run.name] = at
        going.append((at + run.takes, run))

    while asked or going:
        going.sort(key=lambda pair: pair[0])
        if going and (not asked or going[0][0] <= asked[0].asked):
            at, run = going.pop(0)
            table.ended[run.name] = at
            following = lanes.end(run)
            if following is not None:
                begin(following, at)
            continue
        run = asked.pop(0)
        at_once, ended = lanes.ask(run, run.group)
        for other in ended:
            table.cancelled[other.name] = run.asked
            going = [pair for pair in going if pair[1] is not other]
        if at_once:
            begin(run, run.asked)
    return table
