"""`kdbot sweep`: heal what an outage, a lost event or a replaced run left undone."""

from collections.abc import Callable, Sequence
from functools import partial

from kdbot.flows.accept import accept_issue
from kdbot.flows.issue import review_issue
from kdbot.flows.open_proposals import proposed_in_pulls
from kdbot.flows.pull_request import review_pull_request
from kdbot.flows.run import Run
from kdbot.flows.ticks import complete_ticks, has_boxes
from kdbot.github.errors import GitHubUnavailableError, ItemGoneError
from kdbot.github.item import Item
from kdbot.github.labels import ACCEPTED
from kdbot.model.errors import KdbotError
from kdbot.review.review import OpenProposal


def sweep(run: Run) -> int:
    """Review every open proposal again, complete the accepted ones, and return the exit status.

    Ticks in the bot's own issues are completed, too. What cannot be done does not stop the others.
    """
    every = run.client.open_items()
    items = [item for item in every if not item.author.bot]
    pulls = _pulls(run, items)
    failed = 0
    for item in every:
        if has_boxes(item, run.settings.bot.id):
            failed += not _attempt(run, item.number, partial(complete_ticks, run, item.number))
    for item in items:
        failed += not _attempt(run, item.number, partial(_do, run, item, pulls))
    return 1 if failed else 0


def _pulls(run: Run, items: Sequence[Item]) -> tuple[OpenProposal, ...]:
    try:
        return proposed_in_pulls(run.client.pulls, items)
    except (GitHubUnavailableError, ItemGoneError) as error:
        run.say(f"issues are not held against pull requests: {error}")
        return ()


def _do(run: Run, item: Item, pulls: tuple[OpenProposal, ...]) -> None:
    if item.pull_request:
        review_pull_request(run, item.number, pulls)
    elif ACCEPTED in item.labels:
        accept_issue(run, item.number)
    else:
        review_issue(run, item.number, pulls)


def _attempt(run: Run, number: int, do: Callable[[], None]) -> bool:
    try:
        do()
    except (GitHubUnavailableError, ItemGoneError) as error:
        run.say(f"#{number}: could not check: {error}")
    except KdbotError as error:
        run.say(f"#{number}: {error}")
        return False
    return True
