"""Commands in comments: each is read from GitHub, done or refused, and acknowledged."""

from kdbot.flows.run import Run
from kdbot.github.commands import Said, is_too_soon, may_give, open_decisions, read_command
from kdbot.github.errors import GitHubUnavailableError, ItemGoneError
from kdbot.github.events import Event
from kdbot.github.item import Item
from kdbot.github.writes import Desired
from kdbot.intake.commands import parse_categories
from kdbot.model.command import Command
from kdbot.model.finding import quote
from kdbot.model.taxonomy import Taxonomy
from kdbot.publish.comment.notes import render_help, render_not_done
from kdbot.review.similarity import nearest_categories
from kdbot.storage.repository import load_rules


def obey_comment(run: Run, event: Event) -> None:
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
    if not may_give(said, item, run.may_write):
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
            _review(run, item, said)
        case Command.CATEGORY:
            reason = _why_no_category(item, said, load_rules(run.root).taxonomy)
            if reason is None:
                _review(run, item, said)
            else:
                refuse_command(run, item, said, reason)
        case _:
            from kdbot.flows.reconcile import reconcile_branch

            if said in open_decisions(item, run.may_write):
                run.react(comment, "eyes")
            reconcile_branch(run, item.number)


def refuse_command(run: Run, item: Item, said: Said, reason: str) -> None:
    """Say once why a command was refused.

    Raises:
        GitHubUnavailableError: GitHub could not be asked.
        ItemGoneError: the item is not there.
    """
    run.message(f"#{item.number}: {said.key}: not done: {reason}")
    note = render_not_done(said.key, reason, words=run.words)
    run.reconciler.item(item.number, Desired(note=note))
    run.react(said.comment.id, "confused")


def unknown_categories(names: tuple[str, ...], taxonomy: Taxonomy) -> str:
    """Return that names are unknown or ambiguous, with the categories closest to the first."""
    said = ", ".join(quote(name) for name in names)
    near = taxonomy.named(names[0]) or nearest_categories(names[0], taxonomy)
    shown = [quote(" > ".join(taxonomy.titles(one.path)), _MAX_QUOTE) for one in near if one.leaf]
    meant = f" Did you mean {' or '.join(shown)}?" if shown else ""
    return f"The category {said} is unknown or ambiguous.{meant}"


_MAX_QUOTE = 160


def _why_no_category(item: Item, said: Said, taxonomy: Taxonomy) -> str | None:
    paths, unknown = parse_categories(said.argument, taxonomy)
    if item.pull_request:
        return "In a pull request, edit the categories in the paper's file."
    if not item.open:
        return "This issue is closed; reopen it first."
    if unknown:
        return unknown_categories(unknown, taxonomy)
    return None if paths else "Name at least one category: `/category NAME, NAME`."


def _review(run: Run, item: Item, said: Said) -> None:
    run.react(said.comment.id, "eyes")
    if item.pull_request:
        from kdbot.flows.proposal.pull_request import review_pull_request

        review_pull_request(run, item.number)
    else:
        from kdbot.flows.proposal.issue import review_issue

        review_issue(run, item.number)
    run.react(said.comment.id, "+1")


def _help(run: Run, item: Item) -> None:
    run.reconciler.item(item.number, Desired(note=render_help(words=run.words)))
