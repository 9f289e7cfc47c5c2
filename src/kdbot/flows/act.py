"""`kdbot act`: handle the event of this GitHub Actions run."""

from collections.abc import Mapping
from pathlib import Path

from kdbot.flows.run import Run, run_flow
from kdbot.github.commands import Said, is_too_soon, may_give, open_decisions, read_command
from kdbot.github.errors import GitHubUnavailableError, ItemGoneError
from kdbot.github.events import Event, parse_event
from kdbot.github.item import Item
from kdbot.github.labels import ACCEPTED, NOT_A_DUPLICATE
from kdbot.github.writes import Desired
from kdbot.model.command import Command
from kdbot.model.errors import KdbotError
from kdbot.publish.comment.notes import render_help
from kdbot.storage.files import load_event
from kdbot.storage.repository import load_rules

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
            _obey_comment(run, event)
        case Event(kind="issue") if is_tick and event.sender.bot:
            run.message(f"#{event.number}: edits by bots are ignored")
        case Event(kind="issue") if is_tick or (event.action, event.label) == _ACCEPTED:
            from kdbot.flows.reconcile import reconcile_branch

            reconcile_branch(run, event.number)
        case Event(kind="issue") if (
            event.action in _REVIEWED or (event.action, event.label) == _NOT_A_DUPLICATE
        ):
            _review(run, event.number, is_pull=False)
        case Event(kind="issue", action="labeled"):
            run.message(f"#{event.number}: this label needs no action")
        case Event(kind="pull_request", action=action) if action in _REVIEWED_PULL:
            _review(run, event.number, is_pull=True)
        case _:
            run.message("this event needs no action")


def _publish(run: Run, event: Event) -> None:
    from kdbot.flows.sweep import publish

    if event.ref != f"refs/heads/{run.settings.branch}":
        run.message(f"{event.ref} is not the published branch; nothing to do")
        return
    publish(run, event.before)
    if not run.dry_run:
        # A later job deploys the site after every push.
        run.output("pushed", "true")


def _review(run: Run, number: int, *, is_pull: bool) -> None:
    if is_pull:
        from kdbot.flows.proposal.pull_request import review_pull_request

        review_pull_request(run, number)
    else:
        from kdbot.flows.proposal.issue import review_issue

        review_issue(run, number)


def _obey_comment(run: Run, event: Event) -> None:
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
    said = read_command(comment) if comment else None
    if said is None or item.locked:
        run.message(f"#{event.number}: no command")
        return
    word = said.command.value if said.command else "an unknown command"
    run.message(f"#{event.number}: {word} in {said.key}")
    try:
        _obey(run, item, said)
    except (GitHubUnavailableError, ItemGoneError):
        run.react(said.comment.id, "confused")
        raise


def _obey(run: Run, item: Item, said: Said) -> None:
    comment = said.comment.id
    if said.command is None:
        if item.own_comments():
            run.react(comment, "confused")
            _help(run, item)
        return
    if not may_give(said, item, run.client.may_write):
        run.message(f"#{item.number}: this command is for {said.command.asker.value}")
        run.react(comment, "confused")
        return
    match said.command:
        case Command.HELP:
            _help(run, item)
            run.react(comment, "+1")
        case Command.RECHECK if is_too_soon(item, said, run.now()):
            run.react(comment, "confused")
        case Command.RECHECK:
            _review_again(run, item, said)
        case Command.CATEGORY:
            from kdbot.flows.proposal.commands import refuse_command, why_no_category

            reason = why_no_category(item, said, load_rules(run.root).taxonomy)
            if reason is None:
                _review_again(run, item, said)
            else:
                refuse_command(run, item, said, reason)
        case _:
            from kdbot.flows.reconcile import reconcile_branch

            if said in open_decisions(item, run.client.may_write):
                run.react(comment, "eyes")
            reconcile_branch(run, item.number)


def _review_again(run: Run, item: Item, said: Said) -> None:
    run.react(said.comment.id, "eyes")
    _review(run, item.number, is_pull=item.pull_request)
    run.react(said.comment.id, "+1")


def _help(run: Run, item: Item) -> None:
    run.reconciler.item(item.number, Desired(note=render_help(words=run.words)))
