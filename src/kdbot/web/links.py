"""The link checker: URLs in, one result a URL out, no false alarm and no rude request.

Each URL is a case that asks, listens and asks again until `verdicts.judge` is content. What is to
be asked next waits in the schedule; between two requests a case holds no slot and no connection.
"""

import asyncio
import ssl
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from kdbot.model.evidence import LinkResult, LinkState
from kdbot.web.addresses import AddressGuard, Refusal, Target, parse_target
from kdbot.web.connection import Connections
from kdbot.web.exchange import Answer, Asker, Stale, Trouble
from kdbot.web.http_head import Method, ResponseHead, parse_retry_after
from kdbot.web.redirects import follow_redirect, is_redirect
from kdbot.web.resolver import Resolve, Resolver, resolve_host
from kdbot.web.schedule import Pace, Schedule, Urgency
from kdbot.web.verdicts import AskAgain, Attempt, Hop, Mishap, judge, link_result

SLOW = 1.0
"""Seconds from which a link counts as slow, and is started first the next time."""

_MOST_WAITS = 2
_MOST_STRIKES = 3
_MOST_SILENCES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeSettings:
    """Bounds of a run; the defaults suit a weekly audit."""

    timeout: float = 15.0
    """Seconds for one attempt with all its hops, from name to head; waits are not counted."""
    attempts: int = 2
    """How many attempts may fail before a link is called unreachable."""
    concurrency: int = 128
    """Requests at a time in all."""
    pace: Pace = field(default_factory=Pace)
    paces: Mapping[str, Pace] = field(default_factory=dict)
    """Hosts that ask for a slower pace."""
    longest_wait: float = 60.0
    """A `Retry-After` of at most so many seconds is obeyed; a longer one ends the matter."""
    backoff: float = 1.0
    """Seconds behind an attempt that failed at once."""
    deadline: float | None = None
    """Seconds for the whole run; what is not known by then is `unreachable`."""
    guard: AddressGuard = field(default_factory=AddressGuard)
    user_agent: str = "kdbot"


@dataclass(slots=True, eq=False)
class _Case:
    """What is known of one URL so far."""

    url: str
    start: Target
    attempts: list[Attempt] = field(default_factory=list)
    alive: "list[_Ask]" = field(default_factory=list)
    asked: int = 0
    waits: int = 0
    seconds: float = 0.0
    is_settled: bool = False


@dataclass(slots=True, eq=False)
class _Ask:
    """One attempt under way: the next request of its chain of redirects."""

    case: _Case
    method: Method
    target: Target
    hops: tuple[Hop, ...] = ()
    seconds: float = 0.0
    is_queued: bool = True
    is_fresh: bool = False
    task: asyncio.Task[object] | None = None

    def end(
        self,
        *,
        status: int | None = None,
        mishap: Mishap | None = None,
        refusal: str | None = None,
        detail: str = "",
        is_challenge: bool = False,
    ) -> Attempt:
        return Attempt(
            method=self.method,
            url=self.target.url,
            hops=self.hops,
            status=status,
            mishap=mishap,
            refusal=refusal,
            detail=detail,
            is_challenge=is_challenge,
        )


@dataclass(slots=True)
class _Temper:
    """How a host has behaved towards this run."""

    strikes: int = 0
    """Pauses that it asked for in a row."""
    silences: int = 0
    """Timeouts while it has never answered."""
    has_answered: bool = False


async def probe(
    urls: Iterable[str],
    settings: ProbeSettings,
    *,
    on_result: Callable[[LinkResult], None],
    known: Mapping[str, float] | None = None,
    resolve: Resolve = resolve_host,
    tls: ssl.SSLContext | None = None,
) -> None:
    """Check each URL once and hand over each result as soon as it stands.

    `known` gives the seconds that links took earlier (infinity for those that failed): the longest
    are started first, because the run cannot end before they do. `resolve` and `tls` stand in for
    the system's resolver and certificates.
    """
    run = _Run(settings, on_result, resolve, tls)
    try:
        async with asyncio.timeout(settings.deadline):
            await run.check(urls, known or {})
    except TimeoutError:
        run.give_up()
    finally:
        await run.close()


class _Run:
    """The cases of one call of `probe`."""

    def __init__(
        self,
        settings: ProbeSettings,
        on_result: Callable[[LinkResult], None],
        resolve: Resolve,
        tls: ssl.SSLContext | None,
    ) -> None:
        self._settings = settings
        self._on_result = on_result
        self._connections = Connections(settings.user_agent, tls)
        self._asker = Asker(Resolver(resolve), self._connections, settings.guard)
        self._schedule: Schedule[_Ask] = Schedule(
            self._serve,
            lambda ask: ask.is_queued and not ask.case.is_settled,
            concurrency=settings.concurrency,
            pace_of=lambda host: settings.paces.get(host, settings.pace),
            on_bug=self._stop_for_bug,
        )
        self._tempers: dict[str, _Temper] = {}
        self._open: dict[_Case, None] = {}
        self._all_settled: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def check(self, urls: Iterable[str], known: Mapping[str, float]) -> None:
        unique = list(dict.fromkeys(urls))
        unique.sort(key=lambda url: -known.get(url, 0.0) if known.get(url, 0.0) >= SLOW else 0.0)
        cases = []
        for url in unique:
            target = parse_target(url)
            if isinstance(target, Refusal):
                self._on_result(
                    LinkResult(url=url, state=LinkState.REFUSED, evidence=target.reason)
                )
                continue
            cases.append(_Case(url, target))
        self._open = dict.fromkeys(cases)
        for case in cases:
            is_known = known.get(case.url, 0.0) >= SLOW
            self._begin(case, "HEAD", Urgency.KNOWN if is_known else Urgency.FIRST)
        if self._open:
            await self._all_settled

    def give_up(self) -> None:
        for case in list(self._open):
            self._settle(
                case,
                LinkResult(
                    url=case.url,
                    state=LinkState.UNREACHABLE,
                    attempts=case.asked,
                    seconds=case.seconds,
                    evidence="; ".join(
                        [*(attempt.render() for attempt in case.attempts), "the time was up"]
                    ),
                ),
            )

    async def close(self) -> None:
        await self._schedule.stop()
        await self._connections.close()

    def _begin(self, case: _Case, method: Method, urgency: Urgency) -> None:
        if case.is_settled:
            return
        ask = _Ask(case, method, case.start)
        case.alive.append(ask)
        self._schedule.put(ask.target.host, urgency, ask)

    def _queue(self, ask: _Ask, urgency: Urgency) -> None:
        ask.is_queued = True
        self._schedule.put(ask.target.host, urgency, ask)

    async def _serve(self, ask: _Ask) -> bool:
        ask.is_queued = False
        given_up = self._given_up(ask)
        if given_up is not None:
            self._end(ask, given_up)
            return False
        settings, case = self._settings, ask.case
        case.asked += not ask.hops and not ask.is_fresh
        loop = asyncio.get_running_loop()
        early = loop.call_later(settings.timeout / 5, self._ask_early, ask)
        ask.task = asyncio.current_task()
        started = loop.time()
        try:
            answer = await self._asker.ask(
                ask.method,
                ask.target,
                seconds=settings.timeout - ask.seconds,
                fresh=ask.is_fresh,
            )
        finally:
            early.cancel()
            ask.task = None
            taken = loop.time() - started
            ask.seconds += taken
            case.seconds += taken
        host = ask.target.host
        self._remember(host, answer)
        if not case.is_settled:
            self._take(ask, answer)
        if self._schedule.is_done_with(host):
            self._connections.forget_idle(host)
        return ask.method == "GET" or isinstance(answer, Trouble)

    def _ask_early(self, ask: _Ask) -> None:
        """Queue the second attempt while the first is silent, for a moment with nothing to do."""
        case = ask.case
        if len(case.alive) + len(case.attempts) < min(2, self._settings.attempts):
            self._begin(case, "GET", Urgency.EARLY)

    def _remember(self, host: str, answer: Answer) -> None:
        temper = self._tempers.setdefault(host, _Temper())
        if isinstance(answer, ResponseHead):
            temper.has_answered = True
            if answer.status != 429:
                temper.strikes = 0
            elif not self._schedule.is_paused(host):
                temper.strikes += 1
        elif isinstance(answer, Trouble) and answer.mishap is Mishap.TIMEOUT:
            temper.silences += not temper.has_answered

    def _given_up(self, ask: _Ask) -> Attempt | None:
        temper = self._tempers.get(ask.target.host)
        if temper is None:
            return None
        if temper.strikes > _MOST_STRIKES:
            return ask.end(status=429, detail="not asked: the host limited the requests before it")
        if temper.silences >= _MOST_SILENCES and not temper.has_answered:
            return ask.end(mishap=Mishap.TIMEOUT, detail="not asked: the host never answered")
        return None

    def _take(self, ask: _Ask, answer: Answer) -> None:
        """Go on from what a request gave: another hop, a wait, or the end of the attempt."""
        match answer:
            case Stale():
                ask.is_fresh = True
                self._queue(ask, Urgency.RETRY)
            case Refusal(reason=reason):
                self._end(ask, ask.end(refusal=reason))
            case Trouble(mishap=mishap, detail=detail):
                self._end(ask, ask.end(mishap=mishap, detail=detail))
            case ResponseHead() if is_redirect(answer):
                self._follow(ask, answer)
            case ResponseHead():
                if not self._waits_as_told(ask, answer):
                    self._end(ask, ask.end(status=answer.status, is_challenge=answer.is_challenge))

    def _follow(self, ask: _Ask, head: ResponseHead) -> None:
        found = follow_redirect(ask.case.start, ask.hops, ask.target, head.location or "")
        match found:
            case Mishap():
                self._end(ask, ask.end(mishap=found))
            case Refusal(reason=reason):
                self._end(ask, ask.end(status=None, refusal=reason))
            case Target():
                ask.hops += (Hop(status=head.status, url=found.url),)
                ask.target = found
                ask.is_fresh = False
                self._queue(ask, Urgency.FOLLOW)

    def _waits_as_told(self, ask: _Ask, head: ResponseHead) -> bool:
        """Queue an attempt behind the wait that its host asks for, if it is to be had."""
        if head.status != 429 and not (head.status == 503 and head.retry_after):
            return False
        told = parse_retry_after(head.retry_after, datetime.now(UTC))
        wait = 5.0 * 2**ask.case.waits if told is None else told
        if wait > self._settings.longest_wait or ask.case.waits >= _MOST_WAITS:
            return False
        ask.case.waits += 1
        ask.seconds = 0.0
        if head.status == 429:
            self._schedule.pause(ask.target.host, wait)
            self._queue(ask, Urgency.FOLLOW)
        else:
            asyncio.get_running_loop().call_later(wait, self._queue, ask, Urgency.FOLLOW)
        return True

    def _end(self, ask: _Ask, attempt: Attempt) -> None:
        """Take an attempt as ended and settle its case or see that another one follows."""
        case = ask.case
        case.alive.remove(ask)
        case.attempts.append(attempt)
        settings = self._settings
        judged = judge(case.url, case.attempts, allowed=settings.attempts, backoff=settings.backoff)
        if not isinstance(judged, AskAgain):
            self._settle(
                case,
                link_result(
                    case.url, case.attempts, judged, asked=case.asked, seconds=case.seconds
                ),
            )
        elif case.alive:
            for other in case.alive:
                if other.is_queued:
                    self._queue(other, Urgency.RETRY)
        else:
            urgency = Urgency.RETRY if attempt.mishap is Mishap.TIMEOUT else Urgency.FOLLOW
            asyncio.get_running_loop().call_later(
                judged.delay, self._begin, case, judged.method, urgency
            )

    def _settle(self, case: _Case, result: LinkResult) -> None:
        case.is_settled = True
        for ask in case.alive:
            if ask.task is not None:
                ask.task.cancel()
        case.alive.clear()
        self._open.pop(case, None)
        self._on_result(result)
        if not self._open and not self._all_settled.done():
            self._all_settled.set_result(None)

    def _stop_for_bug(self, error: BaseException) -> None:
        if not self._all_settled.done():
            self._all_settled.set_exception(error)
