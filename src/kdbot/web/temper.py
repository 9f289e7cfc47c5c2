"""How a host behaves towards a run, and when the run gives it up."""

from dataclasses import dataclass
from datetime import datetime

from kdbot.web.http_head import ResponseHead, parse_retry_after

MOST_STRIKES = 3
MOST_SILENCES = 8

MOST_WAITS = 2
"""Waits that one link is granted."""

_UNTOLD_WAIT = 5.0


@dataclass(slots=True)
class Temper:
    """What a run has learnt of one host."""

    strikes: int = 0
    """Pauses that it asked for in a row."""
    silences: int = 0
    """Timeouts while it has never answered."""
    has_answered: bool = False
    mean: float = 0.0
    """Seconds that its answers take, smoothed."""
    spread: float = 0.0
    """Seconds that they stray from the mean."""

    def hear(self, seconds: float, *, is_limited: bool, is_paused: bool) -> None:
        """Take in an answer and its time, as TCP does for its retransmissions (RFC 6298, 2).

        `is_limited` is an answer of 429. Those that come while the host is paused were on their
        way before and are no new strike.
        """
        if self.has_answered:
            self.spread += (abs(self.mean - seconds) - self.spread) / 4
            self.mean += (seconds - self.mean) / 8
        else:
            self.mean, self.spread = seconds, seconds / 2
        self.has_answered = True
        if not is_limited:
            self.strikes = 0
        elif not is_paused:
            self.strikes += 1

    def hear_nothing(self) -> None:
        """Take in a timeout."""
        self.silences += not self.has_answered

    def patience(self, *, least: float, most: float) -> float:
        """Give the seconds behind which silence is out of the ordinary here."""
        if not self.has_answered:
            return most
        return min(most, max(least, self.mean + 4 * self.spread))

    @property
    def limits(self) -> bool:
        """Tell whether it goes on limiting requests however long they wait."""
        return self.strikes > MOST_STRIKES

    @property
    def is_silent(self) -> bool:
        """Tell whether it has never answered and was asked often enough."""
        return not self.has_answered and self.silences >= MOST_SILENCES


def wait_as_told(head: ResponseHead, *, waits: int, now: datetime) -> float | None:
    """Give the seconds that an answer asks to be left alone for; None where it is no such answer.

    `waits` is how often its link has waited already. A 429 without `Retry-After` gets a wait that
    doubles; a 503 without it is a failure like others.
    """
    limits = head.status == 429
    if waits >= MOST_WAITS or not (limits or head.status == 503):
        return None
    told = parse_retry_after(head.retry_after, now)
    if told is None and limits:
        return _UNTOLD_WAIT * (1 << waits)
    return told
