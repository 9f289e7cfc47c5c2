"""`kdbot act`: do what the event of this GitHub Actions run asks for."""

import json
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from kdbot.flows.run import Run, is_switched_off, open_run
from kdbot.github.errors import GitHubUnavailableError, ItemGoneError
from kdbot.github.events import CommentEvent, Event, ItemEvent, PushEvent, parse_event
from kdbot.github.labels import ACCEPTED
from kdbot.model.errors import KdbotError

_REVIEWED = frozenset({"opened", "edited", "reopened"})
_REVIEWED_PULL = _REVIEWED | {"synchronize"}
_MAX_EVENT = 25 * 1024 * 1024  # bytes; GitHub caps a payload there


def act(root: Path, environment: Mapping[str, str], *, dry_run: bool) -> int:
    """Handle the event and return the exit status.

    What GitHub could not answer, and an item that is gone, end the run without a fault: the item
    keeps its state and the nightly sweep looks again.

    Raises:
        KdbotError: the event, the settings or the list are not in order.
    """
    if is_switched_off(environment):
        return 0
    event = parse_event(environment.get("GITHUB_EVENT_NAME", ""), _payload(environment))
    if event is None:
        print("kdbot: this event asks for nothing", file=sys.stderr)
        return 0
    with closing(open_run(root, environment, dry_run=dry_run)) as run:
        try:
            _dispatch(run, event)
        except (GitHubUnavailableError, ItemGoneError) as error:
            run.say(f"could not check: {error}")
            return error.exit_status
    return 0


def _dispatch(run: Run, event: Event) -> None:
    match event:
        case PushEvent():
            from kdbot.flows.publish import publish

            if event.ref == f"refs/heads/{run.settings.branch}":
                publish(run)
        case CommentEvent():
            from kdbot.flows.command import obey_comment

            obey_comment(run, event)
        case ItemEvent(pull_request=False, action="labeled", label=label):
            from kdbot.flows.accept import accept_issue

            if label == ACCEPTED:
                accept_issue(run, event.number)
        case ItemEvent(pull_request=False, action="edited", author=author) if (
            author.id == run.settings.bot.id
        ):
            from kdbot.flows.ticks import obey_ticks

            obey_ticks(run, event)
        case ItemEvent(pull_request=False, action=action) if action in _REVIEWED:
            from kdbot.flows.issue import review_issue

            review_issue(run, event.number)
        case ItemEvent(pull_request=True, action=action) if action in _REVIEWED_PULL:
            from kdbot.flows.pull_request import review_pull_request

            review_pull_request(run, event.number)
        case _:
            run.say("this event asks for nothing")


def _payload(environment: Mapping[str, str]) -> Any:
    path = environment.get("GITHUB_EVENT_PATH")
    if not path:
        raise KdbotError("GITHUB_EVENT_PATH is not set", fix="run `kdbot act` in GitHub Actions")
    try:
        with Path(path).open("rb") as stream:
            return json.loads(stream.read(_MAX_EVENT))
    except (OSError, ValueError) as error:
        raise KdbotError(f"the event cannot be read: {error}", where=path) from error
