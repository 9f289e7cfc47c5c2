"""`kdbot act`: handle the event of this GitHub Actions run."""

from collections.abc import Mapping
from pathlib import Path

from kdbot.flows.run import Run, run_flow
from kdbot.github.events import Event, parse_event
from kdbot.github.labels import ACCEPTED, NOT_A_DUPLICATE
from kdbot.model.errors import KdbotError
from kdbot.storage.files import load_event

_REVIEWED = frozenset({"opened", "edited", "reopened"})
_REVIEWED_PULL = _REVIEWED | {"synchronize"}
_ACCEPTED, _NOT_A_DUPLICATE = ("labeled", ACCEPTED), ("labeled", NOT_A_DUPLICATE)


def act(root: Path, environment: Mapping[str, str], *, dry_run: bool) -> int:
    """Handle the event and return the exit status, as `run_flow` does.

    Raises:
        KdbotError: the event, the settings or the list are not in order.
    """
    payload = load_event(environment)
    if payload is None:
        raise KdbotError("GITHUB_EVENT_PATH is not set", fix="run `kdbot act` in GitHub Actions")

    def flow(run: Run) -> int:
        event = parse_event(environment.get("GITHUB_EVENT_NAME", ""), payload)
        if event is None:
            run.message("this event needs no action")
        else:
            _dispatch(run, event)
        return 0

    return run_flow(root, environment, flow, dry_run=dry_run)


def _dispatch(run: Run, event: Event) -> None:
    # A person may have ticked boxes in an issue of the bot's own.
    is_tick = event.action == "edited" and event.author.id == run.client.bot
    match event:
        case Event(kind="push"):
            _publish(run, event)
        case Event(kind="comment"):
            from kdbot.flows.proposal.commands import obey_comment

            obey_comment(run, event)
        case Event(kind="issue") if is_tick and event.sender.bot:
            run.message(f"#{event.number}: edits by bots are ignored")
        case Event(kind="issue") if is_tick or (event.action, event.label) == _ACCEPTED:
            from kdbot.flows.reconcile import reconcile_branch

            reconcile_branch(run, event.number)
        case Event(kind="issue") if (
            event.action in _REVIEWED or (event.action, event.label) == _NOT_A_DUPLICATE
        ):
            from kdbot.flows.proposal.issue import review_issue

            review_issue(run, event.number)
        case Event(kind="issue", action="labeled"):
            run.message(f"#{event.number}: this label needs no action")
        case Event(kind="pull_request", action=action) if action in _REVIEWED_PULL:
            from kdbot.flows.proposal.pull_request import review_pull_request

            review_pull_request(run, event.number)
        case _:
            run.message("this event needs no action")


def _publish(run: Run, event: Event) -> None:
    from kdbot.flows.reconcile import publish

    if event.ref != f"refs/heads/{run.settings.branch}":
        run.message(f"{event.ref} is not the published branch; nothing to do")
        return
    publish(run, event.before)
    if not run.dry_run:
        # A later job deploys the site after every push.
        run.output("pushed", "true")
