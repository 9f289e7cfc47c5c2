"""The only place that knows the bot's flows: which job an event starts, and what the job calls.

Events, conditions and groups are those of `.github/workflows`.
"""

from __future__ import annotations

import contextlib
import io
import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kdbot.flows import act
from kdbot.flows.list.build import build
from kdbot.flows.sweep import sweep
from kdbot.github.errors import GitHubUnavailableError, ItemGoneError
from kdbot.github.events import parse_event
from kdbot.model.errors import KdbotError
from tests.github_server.state import ACTIONS_BOT_ID
from tests.workflows.concurrency import Group
from tests.workflows.filters import chosen

if TYPE_CHECKING:
    from pathlib import Path

    from tests.flows.conftest import Bot
    from tests.flows.weekly.conftest import Weeks
    from tests.github_server import Delivery

MAIN = Group(name="kdbot-main")
WEEK = Group(name="kdbot-week")
_PUBLISHED = ("papers/**", "schema/**", "src/**", "README.md", "kdbot.toml", "audit.json")
_FOR_MAIN = ("/accept", "/decline")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Job:
    """One job of a run. `event` is what `kdbot act` reads; None for a schedule."""

    name: str
    group: Group | None
    event: tuple[str, Any] | None = None


def _item(number: int) -> Group:
    return Group(name=f"kdbot-item-{number}")


def jobs_of(delivery: Delivery, default_branch: str) -> list[Job]:
    """Say which jobs start from what happened; what a job's own token did starts none."""
    if not delivery.starts_workflows:
        return []
    payload, action = delivery.payload, delivery.action
    event = (delivery.event, payload)
    if delivery.event == "push":
        paths = [
            p for c in payload["commits"] for k in ("added", "modified", "removed") for p in c[k]
        ]
        ours = payload["ref"] == f"refs/heads/{default_branch}"
        if ours and any(chosen(_PUBLISHED, path) for path in paths):
            return [Job(name="publish", group=MAIN, event=event)]
        return []
    number = delivery.number or 0
    if delivery.event == "pull_request":
        reviewed = action in ("opened", "synchronize", "reopened", "edited")
        name = ("pull_request_target", payload)
        return [Job(name="pull", group=_item(number), event=name)] if reviewed else []
    if delivery.event == "issue_comment":
        return _of_comment(number, action, event)
    return _of_issue(number, action, event)


def _of_comment(number: int, action: str | None, event: tuple[str, Any]) -> list[Job]:
    comment = event[1]["comment"]
    if action != "created" or (comment["user"] or {}).get("type") == "Bot":
        return []
    if comment["body"].startswith(_FOR_MAIN):
        return [Job(name="accept", group=MAIN, event=event)]
    is_command = comment["body"].startswith("/")
    return [Job(name="review", group=_item(number), event=event)] if is_command else []


def _of_issue(number: int, action: str | None, event: tuple[str, Any]) -> list[Job]:
    payload = event[1]
    own = (payload["issue"]["user"] or {}).get("id") == ACTIONS_BOT_ID
    label = (payload.get("label") or {}).get("name")
    if action == "labeled" and label == "accepted":
        return [Job(name="accept", group=MAIN, event=event)]
    if action == "edited" and own:
        return [Job(name="tick", group=MAIN, event=event)]
    reviewed = action in ("opened", "edited", "reopened")
    if not own and (reviewed or (action == "labeled" and label == "not a duplicate")):
        return [Job(name="review", group=_item(number), event=event)]
    return []


def run_job(job: Job, bot: Bot, weeks: Weeks) -> tuple[str, str]:
    """Run a job to its end; gives "done", "red" or "crash", and what it said."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            status = _call(job, bot, weeks)
        except (GitHubUnavailableError, ItemGoneError, KdbotError) as error:
            return "red", f"{said.getvalue()}{type(error).__name__}: {error}"
        except Exception:  # noqa: BLE001  whatever a run ends with is looked at
            return "crash", said.getvalue() + traceback.format_exc()
    return ("red" if status else "done"), said.getvalue()


def _call(job: Job, bot: Bot, weeks: Weeks) -> int | None:
    if job.name == "sweep":
        return sweep(bot.run())
    if job.name == "weekly":
        return weeks.run()
    name, payload = job.event or ("", {})
    event = parse_event(name, payload)
    if event is not None:
        act._dispatch(bot.run(), event)
    return None


def stale(folder: Path) -> str | None:
    """Say what `kdbot build --check` finds in a clone; None where the list is as it is built."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        status = build(folder, check=True, environment={"GITHUB_REPOSITORY": "kd/demo"})
    return said.getvalue() if status else None
