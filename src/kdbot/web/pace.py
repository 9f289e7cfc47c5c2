"""When each request may start: so many at a time, so far apart on each host, urgent ones first.

The pace is that of lychee, the fastest of the measured checkers: at most 4 requests at a time and
50 ms between two starts on a host. A job waits in its host's queue without holding a thread. Pure:
who calls says what time it is.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from functools import partial
from typing import Generic, TypeVar

Job = TypeVar("Job")

_MAX_LIMITED = 3
"""Times that a host may answer 429 after a pause before it is given up."""
_MAX_SILENCES = 8
"""Timeouts of a host that has never answered before it is given up."""


class Urgency(IntEnum):
    """The order of the jobs of one host; what may take longest comes first."""

    RETRY = 0
    """What has already run into the timeout."""
    KNOWN = 1
    """What was slow or failing in an earlier run."""
    FIRST = 2
    FOLLOW = 3
    """The next step of what answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast one host may be asked."""

    at_a_time: int = 4
    interval: float = 0.05
    """Seconds between two starts."""


@dataclass(slots=True)
class HostStatistics:
    """How a host behaves towards a run."""

    limited: int = 0
    """Answers of 429 in a row, without those that were on their way when it paused."""
    silences: int = 0
    """Timeouts while it has never answered."""
    has_answered: bool = False

    def add_answer(self, *, is_limited: bool, is_paused: bool) -> None:
        """Count an answer; `is_limited` is one of 429, `is_paused` one that came in a pause."""
        self.has_answered = True
        if not is_limited:
            self.limited = 0
        elif not is_paused:
            self.limited += 1

    def add_timeout(self) -> None:
        """Count a timeout."""
        self.silences += not self.has_answered

    @property
    def limits(self) -> bool:
        """Tell whether it goes on limiting requests however long they wait."""
        return self.limited > _MAX_LIMITED

    @property
    def is_silent(self) -> bool:
        """Tell whether it has never answered and was asked often enough."""
        return not self.has_answered and self.silences >= _MAX_SILENCES


@dataclass(slots=True)
class _Host(Generic[Job]):
    pace: Pace
    ready: list[tuple[Urgency, int, Job]] = field(default_factory=list)
    active: int = 0
    next_start: float = 0.0
    is_waiting: bool = False
    """Whether it is in `Schedule._waiting`, or will be when its timer ends."""


class Schedule(Generic[Job]):
    """Give out jobs as the pace of their hosts allows, `concurrency` at a time in all."""

    def __init__(self, *, concurrency: int, pace_of: Callable[[str], Pace]) -> None:
        self._free = concurrency
        self._pace_of = pace_of
        self._hosts: dict[str, _Host[Job]] = {}
        self._waiting: list[tuple[int, int, _Host[Job]]] = []
        self._timers: list[tuple[float, int, Callable[[], None]]] = []
        self._serial = 0

    def put(self, host: str, urgency: Urgency, job: Job, *, at: float = 0.0) -> None:
        """Queue a job on a host, to start at a time or later."""
        if at:
            self._at(at, partial(self.put, host, urgency, job))
            return
        entry = self._host(host)
        heapq.heappush(entry.ready, (urgency, self._next_serial(), job))
        self._wait(entry)

    def take(self, now: float) -> Job | None:
        """Return a job that may start now, or None; `release` has to follow each."""
        while self._timers and self._timers[0][0] <= now:
            heapq.heappop(self._timers)[2]()
        while self._free and self._waiting:
            host = heapq.heappop(self._waiting)[2]
            if host.next_start > now:
                self._at(host.next_start, partial(self._push, host))
                continue
            _, _, job = heapq.heappop(host.ready)
            host.active += 1
            host.next_start = now + host.pace.interval
            host.is_waiting = False
            self._free -= 1
            self._wait(host)
            return job
        return None

    def release(self, host: str, now: float, *, is_broken_off: bool = False) -> None:
        """End a job of a host.

        Where its answer was broken off the slot stays taken for an interval more, because the
        server counts the request until it sees the connection gone.
        """
        entry = self._host(host)
        if is_broken_off and entry.pace.interval:
            self._at(now + entry.pace.interval, partial(self.release, host, now))
            return
        entry.active -= 1
        self._free += 1
        self._wait(entry)

    def pause(self, host: str, until: float) -> None:
        """Start nothing on a host until a time."""
        entry = self._host(host)
        entry.next_start = max(entry.next_start, until)

    def is_paused(self, host: str, now: float) -> bool:
        """Tell whether a host needs a longer pause than its interval."""
        entry = self._host(host)
        return entry.next_start > now + entry.pace.interval

    def next_time(self) -> float | None:
        """Return when something may start that may not now; None where only `release` helps."""
        return self._timers[0][0] if self._timers else None

    def _host(self, name: str) -> _Host[Job]:
        if name not in self._hosts:
            self._hosts[name] = _Host(self._pace_of(name))
        return self._hosts[name]

    def _wait(self, host: _Host[Job]) -> None:
        if host.ready and not host.is_waiting and host.active < host.pace.at_a_time:
            host.is_waiting = True
            self._push(host)

    def _push(self, host: _Host[Job]) -> None:
        # The longest queue comes first: it is what the run will end with.
        heapq.heappush(self._waiting, (-len(host.ready), self._next_serial(), host))

    def _at(self, time: float, do: Callable[[], None]) -> None:
        heapq.heappush(self._timers, (time, self._next_serial(), do))

    def _next_serial(self) -> int:
        self._serial += 1
        return self._serial
