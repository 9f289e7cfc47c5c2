"""Evidence for a review: what services say about a paper, and the results of its links.

A server that is out for an afternoon says 404 as firmly as one whose page is gone. So a link's
death is reported only when it was seen on two different days with no sign of life between them.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from kdbot.model.paper import standing
from kdbot.model.proposal import Origin

_MONTH = re.compile(r"(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])(?![0-9])")


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataRecord:
    """What one service knows about one paper, as the service says it.

    Attributes:
        source: the service.
        arxiv: arXiv identifier without version, or None.
        title: on one line; empty where the service was not asked for it.
        authors: names in the order of the paper, given name first.
        date: month of the first version, `YYYY-MM`, or None.
        venues: names of where it was published as the service writes them, the best first; a
            preprint server is among them where the service says so.
        year: year of the published version, or None.
        doi: DOI of the published version in lower case, or None.
        acl: ACL Anthology identifier, or None.
        openreview: OpenReview forum, or None.
        comment: the authors' remark on arXiv, or None.
        journal_ref: where the authors say it was published, or None.
        withdrawn: whether the authors took it back.
        status: what its publisher says of it since, a value of `STATUSES`, or None.
        status_date: day, month or year of either, or None.
        status_reason: why, or where it is said, or None.
        successor: identifier of the paper that takes its place, or None.
        code: addresses of repositories.
        project: addresses of project pages.
        data: addresses of data sets.
    """

    source: Origin
    arxiv: str | None = None
    title: str = ""
    authors: tuple[str, ...] = ()
    date: str | None = None
    venues: tuple[str, ...] = ()
    year: str | None = None
    doi: str | None = None
    acl: str | None = None
    openreview: str | None = None
    comment: str | None = None
    journal_ref: str | None = None
    withdrawn: bool = False
    status: str | None = None
    status_date: str | None = None
    status_reason: str | None = None
    successor: str | None = None
    code: tuple[str, ...] = ()
    project: tuple[str, ...] = ()
    data: tuple[str, ...] = ()

    @property
    def standing(self) -> str:
        """What it says against the paper, one of `STATUSES`, or an empty text."""
        return standing(self.withdrawn, self.status)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotFound:
    """The service says with authority that it does not know the paper."""

    source: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Unavailable:
    """Nobody said anything that can be relied on.

    Attributes:
        source: the service.
        reason: why, in words for people, without a full stop.
    """

    source: Origin
    reason: str


Outcome: TypeAlias = MetadataRecord | NotFound | Unavailable
"""The end of a question to one service about one paper: what it knows, or why there is nothing."""


def found_records(outcomes: Iterable[Outcome]) -> tuple[MetadataRecord, ...]:
    """Return what was found, in the order of the outcomes."""
    return tuple(outcome for outcome in outcomes if isinstance(outcome, MetadataRecord))


def plain_month(text: str | None) -> str | None:
    """Return the month of a date that begins with `YYYY-MM`, or None."""
    return text[:7] if text and _MONTH.match(text) else None


def one_line(text: str | None) -> str:
    """Return a text with every run of white space as one blank."""
    return " ".join((text or "").split())


class LinkState(StrEnum):
    """The six states of a link; only `DEAD` and `MOVED` ask for work."""

    OK = "ok"
    """Answered."""
    MOVED = "moved"
    """Answered under another address, and its server says that this is for good (301, 308)."""
    DEAD = "dead"
    """Said to be gone (404, 410) twice in a run, or its host's name does not exist."""
    BLOCKED = "blocked"
    """Answers people but not programs (401, 403, 429 after its wait): nothing is known."""
    UNREACHABLE = "unreachable"
    """Gave no usable answer (timeout, reset, TLS, 5xx): nothing is known."""
    REFUSED = "refused"
    """Not requested, because the address is not on the public web (SSRF)."""


ALIVE = frozenset({LinkState.OK, LinkState.MOVED})
"""States of a link that leads somewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkResult:
    """What one run found at one URL.

    Attributes:
        url: the address as it was written.
        state: what can be said of it.
        status: the last HTTP status, where there was one.
        final_url: the address that answered; for `moved` the one to write down instead.
        attempts: how often it was asked; a redirect counts with the attempt that led to it.
        seconds: the time its requests took, without the waits between them.
        evidence: one line for people that says what happened.
    """

    url: str
    state: LinkState
    status: int | None = None
    final_url: str | None = None
    attempts: int = 0
    seconds: float = field(default=0.0, metadata={"digits": 3})
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What services and sites answered before a review, so that it makes no request itself.

    Attributes:
        links: what was found at each address, by the address as the record has it.
        metadata: what services say of each paper, by its `metadata_key`.
    """

    links: Mapping[str, LinkResult] = field(default_factory=dict)
    metadata: Mapping[str, tuple[Outcome, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRecord:
    """One link's part of `audit.json`.

    Attributes:
        state: what can be said of it.
        since: the first day of the present state.
        checked: the day of the last look.
        seconds: how long it took then: the slow ones are started first the next time.
        dead_since: the first day it was dead, if it has not been alive since, or None.
        status: the last HTTP status, where there was one.
        final_url: where a link that has moved leads, or None.
    """

    state: LinkState
    since: date
    checked: date
    seconds: float = field(metadata={"digits": 1})
    dead_since: date | None = None
    status: int | None = None
    final_url: str | None = None

    @property
    def is_confirmed_dead(self) -> bool:
        """Tell whether it is dead now and was dead on an earlier day too."""
        return (
            self.state is LinkState.DEAD
            and self.dead_since is not None
            and self.dead_since < self.checked
        )


def judge_over_time(previous: LinkRecord | None, result: LinkResult, day: date) -> LinkRecord:
    """Join what was known of a link with what was found on `day`.

    An answer ends a death; `blocked`, `unreachable` and `refused` say nothing and leave it
    standing. A second run of the same day changes no date.
    """
    same = previous is not None and previous.state is result.state
    since = previous.since if previous is not None and same else day
    dead_since = previous.dead_since if previous is not None else None
    if result.state in ALIVE:
        dead_since = None
    elif result.state is LinkState.DEAD and dead_since is None:
        dead_since = day
    return LinkRecord(
        state=result.state,
        since=since,
        checked=day,
        seconds=result.seconds,
        dead_since=dead_since,
        status=result.status,
        final_url=result.final_url if result.state is LinkState.MOVED else None,
    )


def expected_seconds(state: LinkState, seconds: float) -> float:
    """Say how long a link may take, from what it did the last time.

    One that failed counts as slow however fast it did: it will be asked more than once.
    """
    return seconds if state in ALIVE else max(seconds, 1.0)
