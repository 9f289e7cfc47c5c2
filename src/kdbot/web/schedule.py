"""When each request may start: so many at a time, so far apart on each host, urgent ones first.

The pace is that of lychee, the fastest of the measured checkers: at most 4 requests at a time and
50 ms between two starts on a host. A job waits in its host's queue without holding anything.
"""

import asyncio
import heapq
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Generic, TypeVar

Job = TypeVar("Job")


class Urgency(IntEnum):
    """The order of the jobs of one host; what may take longest comes first."""

    RETRY = 0
    """What has already run into the timeout."""
    KNOWN = 1
    """What was slow or failing in an earlier run."""
    EARLY = 2
    """A second attempt while the first is still silent."""
    FIRST = 3
    FOLLOW = 4
    """The next step of what answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast one host may be asked."""

    at_a_time: int = 4
    interval: float = 0.05
    """Seconds between two starts."""


@dataclass(slots=True)
class _Host(Generic[Job]):
    name: str
    pace: Pace
    ready: list[tuple[Urgency, int, Job]] = field(default_factory=list)
    active: int = 0
    next_start: float = 0.0
    timer: asyncio.TimerHandle | None = None
    is_waiting: bool = False


class Schedule(Generic[Job]):
    """Start jobs on their hosts as the pace allows, `concurrency` at a time in all.

    `serve` does one job and tells whether it broke off an answer. Then the slot stays taken for an
    interval more, because the server counts the request until it sees the connection gone.
    `is_wanted` is asked right before a job starts, so that what was overtaken costs nothing.
    """

    def __init__(
        self,
        serve: Callable[[Job], Awaitable[bool]],
        is_wanted: Callable[[Job], bool],
        *,
        concurrency: int,
        pace_of: Callable[[str], Pace],
        on_bug: Callable[[BaseException], None],
    ) -> None:
        self._serve = serve
        self._is_wanted = is_wanted
        self._free = concurrency
        self._pace_of = pace_of
        self._on_bug = on_bug
        self._hosts: dict[str, _Host[Job]] = {}
        self._waiting: list[tuple[int, int, _Host[Job]]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._serial = 0
        self._loop = asyncio.get_running_loop()

    def put(self, host: str, urgency: Urgency, job: Job) -> None:
        """Queue a job on a host; it may start in the same turn of the loop."""
        entry = self._host(host)
        self._serial += 1
        heapq.heappush(entry.ready, (urgency, self._serial, job))
        self._advance(entry)

    def pause(self, host: str, seconds: float) -> None:
        """Start nothing on a host for so many seconds."""
        entry = self._host(host)
        entry.next_start = max(entry.next_start, self._loop.time() + seconds)

    def is_paused(self, host: str) -> bool:
        """Tell whether a host is to be left alone for longer than its interval."""
        entry = self._host(host)
        return entry.next_start > self._loop.time() + entry.pace.interval

    def is_done_with(self, host: str) -> bool:
        """Tell a job of a host whether it is the last that is known."""
        entry = self._host(host)
        return not entry.ready and entry.active <= 1

    async def stop(self) -> None:
        """Break off what runs and start nothing more."""
        for host in self._hosts.values():
            host.ready.clear()
            if host.timer is not None:
                host.timer.cancel()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _host(self, name: str) -> _Host[Job]:
        if name not in self._hosts:
            self._hosts[name] = _Host(name, self._pace_of(name))
        return self._hosts[name]

    def _advance(self, host: _Host[Job]) -> None:
        """Start what a host may start now, and see to it that the rest is looked at again."""
        while self._has_wanted(host) and host.active < host.pace.at_a_time:
            wait = host.next_start - self._loop.time()
            if wait > 0:
                if host.timer is None or host.timer.when() < host.next_start - 1e-4:
                    self._set_timer(host)
                return
            if not self._free:
                self._wait_for_slot(host)
                return
            _, _, job = heapq.heappop(host.ready)
            self._start(host, job)

    def _has_wanted(self, host: _Host[Job]) -> bool:
        while host.ready and not self._is_wanted(host.ready[0][2]):
            heapq.heappop(host.ready)
        return bool(host.ready)

    def _set_timer(self, host: _Host[Job]) -> None:
        def wake() -> None:
            host.timer = None
            self._advance(host)

        if host.timer is not None:
            host.timer.cancel()
        host.timer = self._loop.call_at(host.next_start, wake)

    def _wait_for_slot(self, host: _Host[Job]) -> None:
        # The longest queue comes first: it is what the run will end with.
        if not host.is_waiting:
            host.is_waiting = True
            self._serial += 1
            heapq.heappush(self._waiting, (-len(host.ready), self._serial, host))

    def _start(self, host: _Host[Job], job: Job) -> None:
        host.active += 1
        host.next_start = self._loop.time() + host.pace.interval
        self._free -= 1
        task = self._loop.create_task(self._run(host, job))
        self._tasks.add(task)
        task.add_done_callback(self._finish)

    def _finish(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._on_bug(error)

    async def _run(self, host: _Host[Job], job: Job) -> None:
        was_broken_off = True
        try:
            was_broken_off = await self._serve(job)
        finally:
            if was_broken_off:
                self._loop.call_later(host.pace.interval, self._release, host)
            else:
                self._release(host)

    def _release(self, host: _Host[Job]) -> None:
        host.active -= 1
        self._free += 1
        self._advance(host)
        while self._free and self._waiting:
            _, _, waiting = heapq.heappop(self._waiting)
            waiting.is_waiting = False
            self._advance(waiting)
