"""`kdbot act`: do what the event of this GitHub Actions run asks for."""

from collections.abc import Mapping
from pathlib import Path

from kdbot.flows.run import Run, run_flow
from kdbot.github.errors import GitHubUnavailableError, ItemGoneError
from kdbot.github.events import RECHECK, Event, is_too_soon, parse_command, parse_event
from kdbot.github.item import Item
from kdbot.github.labels import ACCEPTED, NOT_A_DUPLICATE
from kdbot.model.errors import KdbotError
from kdbot.storage.files import load_event

_REVIEWED = frozenset({"opened", "edited", "reopened"})
_REVIEWED_PULL = _REVIEWED | {"synchronize"}


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
            run.message("this event asks for nothing")
        else:
            _dispatch(run, event)
        return 0

    return run_flow(root, environment, flow, dry_run=dry_run)


def _dispatch(run: Run, event: Event) -> None:
    match event:
        case Event(kind="push"):
            _publish(run, event)
        case Event(kind="comment"):
            _handle_comment(run, event)
        case Event(kind="issue", action="labeled", label=label) if label == ACCEPTED:
            from kdbot.flows.reconcile import reconcile_branch

            reconcile_branch(run, event.number)
        case Event(kind="issue", action="edited") if event.author.id == run.settings.bot.id:
            _handle_edit(run, event)
        case Event(kind="issue") if event.action in _REVIEWED or _says_distinct(event):
            from kdbot.flows.proposal.issue import review_issue

            review_issue(run, event.number)
        case Event(kind="issue", action="labeled"):
            run.message(f"#{event.number}: the label asks for nothing")
        case Event(kind="pull_request", action=action) if action in _REVIEWED_PULL:
            from kdbot.flows.proposal.pull_request import review_pull_request

            review_pull_request(run, event.number)
        case _:
            run.message("this event asks for nothing")


def _says_distinct(event: Event) -> bool:
    return event.action == "labeled" and event.label == NOT_A_DUPLICATE


def _publish(run: Run, event: Event) -> None:
    from kdbot.flows.reconcile import publish

    if event.ref != f"refs/heads/{run.settings.branch}":
        run.message(f"{event.ref} is not the published branch: left alone")
        return
    publish(run, event.before)
    if not run.dry_run:
        # Whoever pushed: the page shows what they did.
        run.output("pushed", "true")


def _handle_edit(run: Run, event: Event) -> None:
    """Do what an edit of one of the bot's own issues asks for: a person may have ticked boxes.

    Raises:
        GitHubUnavailableError: GitHub could not be asked.
        KdbotError: something could not be done; all else was.
    """
    from kdbot.flows.reconcile import reconcile_branch

    if event.sender.bot:
        run.message(f"#{event.number}: only people tick boxes")
    else:
        reconcile_branch(run, event.number)


def _handle_comment(run: Run, event: Event) -> None:
    """Do what a new comment asks for; its text is read from GitHub, not from the event.

    Raises:
        GitHubUnavailableError: GitHub could not be asked; the comment has been marked as not done.
        KdbotError: the list cannot be read.
    """
    if event.action != "created" or event.sender.bot:
        run.message("only a person's new comment is a command")
        return
    item = run.client.item(event.number)
    comment = next((c for c in item.comments if c.id == event.comment), None)
    command = parse_command(comment.body) if comment and not comment.author.bot else None
    if comment is None or command is None or item.locked:
        run.message(f"#{event.number}: no command")
        return
    if command != RECHECK or is_too_soon(item, comment, run.now()):
        _react(run, comment.id, done=False)
        return
    if not run.dry_run:
        run.client.react(comment.id, "eyes")
    try:
        _review(run, item)
    except (GitHubUnavailableError, ItemGoneError):
        _react(run, comment.id, done=False)
        raise
    _react(run, comment.id, done=True)


def _review(run: Run, item: Item) -> None:
    if item.pull_request:
        from kdbot.flows.proposal.pull_request import review_pull_request

        review_pull_request(run, item.number)
    else:
        from kdbot.flows.proposal.issue import review_issue

        review_issue(run, item.number)


def _react(run: Run, comment: int, *, done: bool) -> None:
    run.message(f"comment {comment}: {'done' if done else 'not done'}")
    if not run.dry_run:
        run.client.react(comment, "+1" if done else "confused")
