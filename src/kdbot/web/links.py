"""The link checker: URLs in, one result a URL out, no false alarm and no rude request.

Threads send the requests, one loop decides. What each link asks next is a generator that goes on
until `verdicts.judge` is content; between two requests a link holds no thread and no connection.
"""

import queue
import ssl
import threading
import time
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from kdbot.model.evidence import LinkResult, LinkState
from kdbot.web.addresses import AddressGuard, Refusal, Target, parse_target
from kdbot.web.http import (
    FailureKind,
    HttpClient,
    Method,
    Reply,
    RequestFailure,
    Resolve,
    parse_retry_after,
    resolve_host,
)
from kdbot.web.pace import HostStatistics, Pace, Schedule, Urgency
from kdbot.web.verdicts import (
    AskAgain,
    Attempt,
    Hop,
    Verdict,
    follow_redirect,
    is_redirect,
    judge,
    render_evidence,
)

_SLOW = 1.0
"""Seconds from which a link counts as slow, and is started first the next time."""
_MAX_WAITS = 2
"""Waits that one link is granted."""

_UNTOLD_WAIT = 5.0
_ACCEPT = "text/html, */*;q=0.8"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeSettings:
    """Bounds of a run; the defaults suit a weekly audit."""

    timeout: float = 15.0
    """Seconds for one attempt with all its hops, from name to head; waits are not counted. A HEAD
    that another attempt can follow has half of it."""
    attempts: int = 2
    """How many attempts may fail before a link is called unreachable."""
    concurrency: int = 128
    """Requests at a time in all."""
    pace: Pace = field(default_factory=Pace)
    paces: Mapping[str, Pace] = field(default_factory=dict)
    """Hosts that ask for a slower pace."""
    max_wait: float = 60.0
    """A `Retry-After` of at most so many seconds is obeyed; a longer one ends the matter."""
    backoff: float = 1.0
    """Seconds after an attempt that failed at once."""
    deadline: float | None = None
    """Seconds for the whole run; what is not known by then is `unreachable`."""
    guard: AddressGuard = field(default_factory=AddressGuard)
    user_agent: str = "kdbot"


def probe(
    urls: Iterable[str],
    settings: ProbeSettings,
    *,
    on_result: Callable[[LinkResult], None],
    known: Mapping[str, float] | None = None,
    resolve: Resolve = resolve_host,
    tls: ssl.SSLContext | None = None,
) -> None:
    """Check each URL once and hand over each result as soon as it stands.

    `known` gives the seconds that links took earlier: the longest are started first, because the
    run cannot end before they do. `resolve` and `tls` replace the system's resolver and
    certificates. A failure of one link ends only that link; only what `on_result`
    raises ends the run, and an interrupt.
    """
    http = HttpClient(settings.user_agent, guard=settings.guard, resolve=resolve, tls=tls)
    run = _Run(settings, http, on_result)
    try:
        run.check(urls, known or {})
    finally:
        run.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    """The next request of a link."""

    method: Method
    target: Target
    seconds: float
    urgency: Urgency
    hops: tuple[Hop, ...] = ()
    delay: float = 0.0
    pauses_host: bool = False
    """Whether the delay is for all requests of its host."""


_Answer = Reply | Attempt
"""What a server said, or the end of an attempt for which it is not even asked."""


class _LinkCheck:
    """What is known of one URL so far, and what it asks next."""

    def __init__(self, url: str, start: Target, settings: ProbeSettings, urgency: Urgency) -> None:
        self.asked = 0
        """How often it was asked, not counting hops."""
        self.seconds = 0.0
        """Time of its requests."""
        self._url = url
        self._start = start
        self._settings = settings
        self._attempts: list[Attempt] = []
        self._waits = 0
        self.requests = self._check(urgency)
        """Yields a request, is sent what came of it, and returns the result."""

    def result(self, verdict: Verdict, note: str = "") -> LinkResult:
        """Return the result, with the evidence of the attempts so far."""
        return LinkResult(
            url=self._url,
            state=verdict.state,
            status=verdict.status,
            final_url=verdict.final_url,
            attempts=self.asked,
            seconds=self.seconds,
            evidence=render_evidence(self._attempts, note),
        )

    def give_up(self, note: str) -> LinkResult:
        """Return the result of a link that this run stops checking."""
        return self.result(Verdict(state=LinkState.UNREACHABLE), note)

    def _check(self, urgency: Urgency) -> Generator[_Request, _Answer, LinkResult]:
        settings = self._settings
        ask = AskAgain(method="HEAD", delay=0.0)
        while True:
            attempt = yield from self._attempt(ask, urgency)
            self._attempts.append(attempt)
            judged = judge(
                self._url, self._attempts, allowed=settings.attempts, backoff=settings.backoff
            )
            if isinstance(judged, Verdict):
                return self.result(judged)
            ask = judged
            is_timeout = attempt.failure is FailureKind.TIMEOUT
            urgency = Urgency.RETRY if is_timeout else Urgency.FOLLOW

    def _attempt(self, ask: AskAgain, urgency: Urgency) -> Generator[_Request, _Answer, Attempt]:
        """Ask with one method through all redirects and waits, to an answer or a failure."""
        settings = self._settings
        # A server that is silent to HEAD may answer GET, which needs its whole time.
        is_halved = ask.method == "HEAD" and settings.attempts > 1
        whole = settings.timeout / 2 if is_halved else settings.timeout
        request = _Request(
            method=ask.method,
            target=self._start,
            seconds=whole,
            urgency=urgency,
            delay=ask.delay,
        )
        while True:
            before = self.seconds
            attempt = Attempt(method=request.method, url=request.target.url, hops=request.hops)
            try:
                answer = yield request
                if isinstance(answer, Attempt):
                    return answer
                request = replace(request, urgency=Urgency.FOLLOW, delay=0.0, pauses_host=False)
                if is_redirect(answer):
                    found = follow_redirect(self._start, request.hops, request.target, answer)
                    hop = Hop(status=answer.status, url=found.url)
                    left = max(request.seconds - (self.seconds - before), 0.001)
                    request = replace(
                        request, target=found, hops=(*request.hops, hop), seconds=left
                    )
                    continue
            except RequestFailure as failure:
                return replace(attempt, failure=failure.kind, detail=failure.detail)
            wait = _wait_as_asked(answer, waits=self._waits, now=datetime.now(UTC))
            if wait is None or wait > settings.max_wait:
                return replace(attempt, status=answer.status, is_challenge=answer.is_challenge)
            self._waits += 1
            request = replace(request, seconds=whole, delay=wait, pauses_host=answer.status == 429)


def _wait_as_asked(reply: Reply, *, waits: int, now: datetime) -> float | None:
    """Return the seconds that an answer asks to wait (`Retry-After`), or None.

    `waits` is how often its link has waited already. A 429 without `Retry-After` gets a wait that
    doubles; a 503 without it is a failure like others.
    """
    limits = reply.status == 429
    if waits >= _MAX_WAITS or not (limits or reply.status == 503):
        return None
    wait = parse_retry_after(reply.retry_after, now)
    if wait is None and limits:
        return _UNTOLD_WAIT * (1 << waits)
    return wait


@dataclass(frozen=True, slots=True)
class _Job:
    link: _LinkCheck
    request: _Request

    @property
    def host(self) -> str:
        return self.request.target.host


class _Run:
    """The link checks of one call of `probe`; all but `_work` runs on the caller's thread."""

    def __init__(
        self, settings: ProbeSettings, http: HttpClient, on_result: Callable[[LinkResult], None]
    ) -> None:
        self._settings = settings
        self._http = http
        self._on_result = on_result
        self._schedule: Schedule[_Job] = Schedule(
            concurrency=settings.concurrency,
            pace_of=lambda host: settings.paces.get(host, settings.pace),
        )
        self._hosts: dict[str, HostStatistics] = {}
        self._open: dict[_LinkCheck, None] = {}
        self._under_way = self._threads = 0
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[tuple[_Job, _Answer | BaseException, float]] = (
            queue.SimpleQueue()
        )

    def check(self, urls: Iterable[str], known: Mapping[str, float]) -> None:
        """Check the URLs until all are settled or the deadline has come."""
        settings = self._settings
        until = None if settings.deadline is None else time.monotonic() + settings.deadline
        slow = {url: seconds for url, seconds in known.items() if seconds >= _SLOW}
        for url in sorted(dict.fromkeys(urls), key=lambda url: -slow.get(url, 0.0)):
            target = parse_target(url)
            if isinstance(target, Refusal):
                refused = LinkResult(url=url, state=LinkState.REFUSED, evidence=target.reason)
                self._on_result(refused)
                continue
            urgency = Urgency.KNOWN if url in slow else Urgency.FIRST
            link = _LinkCheck(url, target, settings, urgency)
            self._open[link] = None
            self._put(_Job(link, next(link.requests)))
        while self._open:
            now = time.monotonic()
            if until is not None and now >= until:
                for link in list(self._open):
                    self._settle(link, link.give_up("out of time"))
                return
            while (job := self._schedule.take(now)) is not None:
                self._start(job)
            if self._open:
                self._receive(until)

    def close(self) -> None:
        """Break off what is under way, and let the threads end."""
        self._http.close()
        for _ in range(self._threads):
            self._jobs.put(None)

    def _put(self, job: _Job) -> None:
        delay = job.request.delay
        at = time.monotonic() + delay if delay else 0.0
        if job.request.pauses_host:
            self._schedule.pause(job.host, at)
            at = 0.0
        self._schedule.put(job.host, job.request.urgency, job, at=at)

    def _start(self, job: _Job) -> None:
        """Hand a job to a thread, unless its host has been given up."""
        statistics, request = self._hosts.setdefault(job.host, HostStatistics()), job.request
        attempt = Attempt(method=request.method, url=request.target.url, hops=request.hops)
        if statistics.limits:
            detail = "not asked: the host limits requests"
            self._take_in(job, replace(attempt, status=429, detail=detail), 0.0)
        elif statistics.is_silent:
            detail = "not asked: the host never answered"
            failed = replace(attempt, failure=FailureKind.TIMEOUT, detail=detail)
            self._take_in(job, failed, 0.0)
        else:
            job.link.asked += not job.request.hops
            self._under_way += 1
            if self._threads < self._under_way:
                self._threads += 1
                threading.Thread(target=self._work, daemon=True).start()
            self._jobs.put(job)

    def _work(self) -> None:
        """Send requests, one after another, until there are no more."""
        while (job := self._jobs.get()) is not None:
            began = time.monotonic()
            method, target, seconds = job.request.method, job.request.target, job.request.seconds
            answer: _Answer | BaseException
            try:
                answer = self._http.ask(method, target, accept=_ACCEPT, seconds=seconds)
            except BaseException as error:  # noqa: BLE001 - raised where the link goes on
                answer = error
            self._done.put((job, answer, time.monotonic() - began))

    def _receive(self, until: float | None) -> None:
        """Wait for answers until something else is due, and take in all that are there."""
        due = min((t for t in (until, self._schedule.next_time()) if t is not None), default=None)
        timeout = None if due is None else max(0.0, due - time.monotonic())
        with suppress(queue.Empty):
            while True:
                job, answer, seconds = self._done.get(timeout=timeout)
                timeout = 0.0
                self._under_way -= 1
                self._take_in(job, answer, seconds)

    def _take_in(self, job: _Job, answer: _Answer | BaseException, seconds: float) -> None:
        """Count an answer, and let its link go on."""
        now, host, link = time.monotonic(), job.host, job.link
        is_unread = isinstance(answer, Reply) and job.request.method == "GET"
        is_broken_off = is_unread or isinstance(answer, RequestFailure)
        self._schedule.release(host, now, is_broken_off=is_broken_off)
        if isinstance(answer, Reply):
            is_paused = self._schedule.is_paused(host, now)
            self._hosts[host].add_answer(is_limited=answer.status == 429, is_paused=is_paused)
        elif isinstance(answer, RequestFailure) and answer.kind is FailureKind.TIMEOUT:
            self._hosts[host].add_timeout()
        link.seconds += seconds
        try:
            if isinstance(answer, BaseException):
                request = link.requests.throw(answer)
            else:
                request = link.requests.send(answer)
        except StopIteration as end:
            self._settle(link, end.value)
        except Exception as error:  # noqa: BLE001 - it harms no other link
            note = f"a bug in this program: {type(error).__name__}: {error}"
            self._settle(link, link.give_up(note))
        else:
            self._put(_Job(link, request))

    def _settle(self, link: _LinkCheck, result: LinkResult) -> None:
        self._open.pop(link)
        self._on_result(result)
