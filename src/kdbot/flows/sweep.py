"""`kdbot sweep`: heal what an outage, a lost event or a replaced run left undone."""

from collections.abc import Callable

from kdbot.flows.accept import accept_issue
from kdbot.flows.issue import review_issue
from kdbot.flows.run import Run
from kdbot.github.errors import GitHubUnavailableError, ItemGoneError
from kdbot.github.labels import ACCEPTED
from kdbot.model.errors import KdbotError


def sweep(run: Run) -> int:
    """Review every open issue again, complete the accepted ones, and return the exit status.

    One that cannot be done does not stop the others.
    """
    failed = 0
    for item in run.client.open_items():
        if item.pull_request or item.author.bot:
            continue
        do = accept_issue if ACCEPTED in item.labels else review_issue
        failed += not _attempt(run, item.number, do)
    return 1 if failed else 0


def _attempt(run: Run, number: int, do: Callable[[Run, int], None]) -> bool:
    try:
        do(run, number)
    except (GitHubUnavailableError, ItemGoneError) as error:
        run.say(f"#{number}: could not check: {error}")
    except KdbotError as error:
        run.say(f"#{number}: {error}")
        return False
    return True
