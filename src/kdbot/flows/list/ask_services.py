"""The metadata services of a list, ready to be asked, and what there is to ask about a paper."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TextIO

from kdbot.flows.output import can_move
from kdbot.model.collection import Collection
from kdbot.model.evidence import Outcome
from kdbot.model.paper import Paper, paper_values
from kdbot.model.proposal import Origin, Proposal
from kdbot.model.settings import Settings
from kdbot.review.metadata_check import metadata_key
from kdbot.review.normalize import normalize_candidate
from kdbot.text.venues import is_preprint
from kdbot.web.cache import Cache, cache_path
from kdbot.web.http import render_user_agent
from kdbot.web.metadata.service import Question, fetch_metadata
from kdbot.web.services import RetryPolicy, ServiceClient

_MAX_PAPERS = 20
"""Papers of one proposal that the services are asked about."""

_ERASE_LINE = "\r\033[K"


@contextmanager
def open_services(
    settings: Settings,
    environment: Mapping[str, str],
    *,
    retry_policy: RetryPolicy | None = None,
    messages: TextIO | None = None,
) -> Iterator[ServiceClient]:
    """Give a client of the list's services for the length of a block.

    Args:
        settings: for the services' addresses and the list's own.
        environment: for the folder of the cache, and `TERM`.
        retry_policy: how long to wait for a service; the default suits a review.
        messages: where progress is shown, if it is a terminal.
    """
    terminal = messages if messages is not None and can_move(messages, environment) else None
    client = ServiceClient(
        settings.services,
        user_agent=render_user_agent(settings.repository),
        cache=Cache(cache_path(environment), now=time.time),
        retry_policy=retry_policy,
        progress=_progress(terminal) if terminal is not None else None,
    )
    try:
        yield client
    finally:
        client.close()
        if terminal is not None:
            terminal.write(_ERASE_LINE)


def question_of(paper: Paper) -> Question:
    """Return what is to be found out about a listed paper: what its record lacks."""
    return _question(paper.id, paper_values(paper))


def fetch_for_proposal(
    proposal: Proposal, collection: Collection, client: ServiceClient
) -> dict[str, tuple[Outcome, ...]]:
    """Ask about the papers that a proposal names, `_MAX_PAPERS` of them at most.

    Returns:
        What `Evidence.metadata` holds.
    """
    questions: dict[str, Question] = {}
    for candidate in proposal.candidates[:_MAX_PAPERS]:
        values = normalize_candidate(candidate, collection).values
        key = metadata_key(values)
        if key is not None:
            questions[key] = _question(key, values)
    return fetch_metadata(list(questions.values()), client)


def _question(key: str, values: Mapping[str, object]) -> Question:
    text = {name: value for name, value in values.items() if isinstance(value, str)}
    venue = text.get("venue", "")
    return Question(
        key=key,
        arxiv=text.get("arxiv"),
        acl=text.get("acl"),
        doi=text.get("doi"),
        openreview=text.get("openreview"),
        title=text.get("title", ""),
        venue=not venue or is_preprint(venue),
        links=not values.get("code"),
    )


def _progress(messages: TextIO) -> Callable[[Origin, int, int], None]:
    def show(origin: Origin, done: int, total: int) -> None:
        messages.write(f"{_ERASE_LINE}asking {origin}: {done} of {total} papers")
        messages.flush()

    return show
