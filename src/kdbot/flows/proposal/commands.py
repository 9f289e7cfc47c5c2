"""Commands in comments: what is said of one that is refused."""

from kdbot.flows.run import Run
from kdbot.github.commands import Said
from kdbot.github.item import Item
from kdbot.github.writes import Desired
from kdbot.intake.commands import parse_categories
from kdbot.model.finding import quote, quote_long
from kdbot.model.taxonomy import Taxonomy
from kdbot.publish.comment.notes import render_not_done
from kdbot.review.similarity import nearest_categories


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
    shown = [quote_long(" > ".join(taxonomy.titles(one.path))) for one in near if one.leaf]
    meant = f" Did you mean {' or '.join(shown)}?" if shown else ""
    return f"The category {said} is unknown or ambiguous.{meant}"


def why_no_category(item: Item, said: Said, taxonomy: Taxonomy) -> str | None:
    """Return why a `/category` cannot be done, in a sentence for people, or None."""
    paths, unknown = parse_categories(said.argument, taxonomy)
    if item.pull_request:
        return "In a pull request, edit the categories in the paper's file."
    if not item.open:
        return "This issue is closed; reopen it first."
    if unknown:
        return unknown_categories(unknown, taxonomy)
    return None if paths else "Name at least one category: `/category NAME, NAME`."
