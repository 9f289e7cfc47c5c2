"""What earlier audits found at a link, and when a dead one may be called dead.

A server that is out for an afternoon says 404 as firmly as one whose page is gone. So a death is
reported only when it was seen on two different days with no sign of life between them.
"""

from dataclasses import dataclass, field
from datetime import date

from kdbot.model.evidence import LinkResult, LinkState

_ALIVE = frozenset({LinkState.OK, LinkState.MOVED})


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRecord:
    """One link's part of `audit.json`."""

    state: LinkState
    since: date
    """The first day of the present state."""
    checked: date
    """The day of the last look."""
    seconds: float = field(metadata={"digits": 1})
    """How long it took then: the slow ones are started first the next time."""
    dead_since: date | None = None
    """The first day it was dead without having been alive since, be it unreachable between."""
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
    if result.state in _ALIVE:
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
    return seconds if state in _ALIVE else max(seconds, 1.0)
