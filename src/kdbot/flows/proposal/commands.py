"""A command in a comment: acknowledge it, do it, and say by a reaction how it went."""

from kdbot.flows.proposal.issue import review_issue
from kdbot.flows.proposal.pull_request import review_pull_request
from kdbot.flows.run import Run
from kdbot.github.errors import GitHubUnavailableError, ItemGoneError
from kdbot.github.events import RECHECK, Event, is_too_soon, parse_command


def handle_comment(run: Run, event: Event) -> None:
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
        (review_pull_request if item.pull_request else review_issue)(run, event.number)
    except (GitHubUnavailableError, ItemGoneError):
        _react(run, comment.id, done=False)
        raise
    _react(run, comment.id, done=True)


def _react(run: Run, comment: int, *, done: bool) -> None:
    run.message(f"comment {comment}: {'done' if done else 'not done'}")
    if not run.dry_run:
        run.client.react(comment, "+1" if done else "confused")
