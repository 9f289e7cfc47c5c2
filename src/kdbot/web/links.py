"""The link checker: URLs in, one result a URL out, no false alarm and no rude request.

Each URL is a case that asks, listens and asks again until `verdicts.judge` is content. What is to
be asked next waits in the schedule; between two requests a case holds no slot and no connection.
"""

import asyncio
import ssl
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

from kdbot.model.evidence import LinkResult, LinkState
from kdbot.web.addresses import Refusal, Target, parse_target
from kdbot.web.cases import Ask, Case
from kdbot.web.connection import Connections
from kdbot.web.exchange import Answer, Asker, Stale, Trouble
from kdbot.web.http_head import Method, ResponseHead
from kdbot.web.redirects import follow_redirect, is_redirect
from kdbot.web.resolver import Resolve, Resolver, resolve_host
from kdbot.web.schedule import Schedule, Urgency
from kdbot.web.settings import ProbeSettings
from kdbot.web.temper import Temper, wait_as_told
from kdbot.web.verdicts import AskAgain, Attempt, Hop, Mishap, Verdict, judge, render_evidence

SLOW = 1.0
"""Seconds from which a link counts as slow, and is started first the next time."""


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

    `known` gives the seconds that links took earlier: the longest are started first, because the
    run cannot end before they do. `resolve` and `tls` stand in for the system's resolver and
    certificates. What was handed over before this is cancelled stands. Whatever goes wrong at one
    link ends that link alone; only what `on_result` raises ends the run.
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
        self._schedule: Schedule[Ask] = Schedule(
            self._serve,
            lambda ask: ask.is_queued and not ask.case.is_settled,
            concurrency=settings.concurrency,
            pace_of=lambda host: settings.paces.get(host, settings.pace),
            on_bug=self._stop_for_bug,
        )
        self._tempers: dict[str, Temper] = {}
        self._open: dict[Case, None] = {}
        self._all_settled: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def check(self, urls: Iterable[str], known: Mapping[str, float]) -> None:
        unique = list(dict.fromkeys(urls))
        unique.sort(key=lambda url: -known.get(url, 0.0) if known.get(url, 0.0) >= SLOW else 0.0)
        cases = []
        for url in unique:
            target = parse_target(url)
            if isinstance(target, Refusal):
                self._hand_over(
                    LinkResult(url=url, state=LinkState.REFUSED, evidence=target.reason)
                )
                continue
            cases.append(Case(url, target, was_slow=known.get(url, 0.0) >= SLOW))
        self._open = dict.fromkeys(cases)
        for case in cases:
            self._begin(case, "HEAD", Urgency.KNOWN if case.was_slow else Urgency.FIRST)
        if self._open or self._all_settled.done():
            await self._all_settled

    def give_up(self) -> None:
        for case in list(self._open):
            self._settle(case, Verdict(state=LinkState.UNREACHABLE), "the time was up")

    async def close(self) -> None:
        await self._schedule.stop()
        await self._connections.close()

    def _begin(self, case: Case, method: Method, urgency: Urgency) -> None:
        if case.is_settled:
            return
        ask = Ask(case, method, case.start)
        case.alive.append(ask)
        self._schedule.put(ask.target.host, urgency, ask)

    def _queue(self, ask: Ask, urgency: Urgency) -> None:
        ask.is_queued = True
        self._schedule.put(ask.target.host, urgency, ask)

    async def _serve(self, ask: Ask) -> bool:
        try:
            return await self._ask(ask)
        except Exception as error:  # noqa: BLE001 -- a server that meets a bug harms no other link
            if not ask.case.is_settled:
                note = f"a fault of this program: {type(error).__name__}: {error}"
                self._settle(ask.case, Verdict(state=LinkState.UNREACHABLE), note)
            return True

    async def _ask(self, ask: Ask) -> bool:
        # Queued twice where it became more urgent, and overtaken where its case is settled.
        if not ask.is_queued or ask.case.is_settled:
            return False
        ask.is_queued = False
        given_up = self._given_up(ask)
        if given_up is not None:
            self._end(ask, given_up)
            return False
        settings, case = self._settings, ask.case
        case.asked += not ask.hops and not ask.is_fresh
        loop = asyncio.get_running_loop()
        temper = self._tempers[ask.target.host]
        patience = temper.patience(least=settings.patience, most=settings.timeout / 5)
        early = loop.call_later(patience, self._ask_early, ask)
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
        self._remember(host, answer, taken)
        if not case.is_settled:
            self._take(ask, answer)
        if self._schedule.is_done_with(host):
            self._connections.forget_idle(host)
        return ask.method == "GET" or isinstance(answer, Trouble)

    def _ask_early(self, ask: Ask) -> None:
        """Queue the second attempt where the first is silent for longer than is usual here.

        The two overlap then, each with its full time ("The Tail at Scale", Dean and Barroso 2013);
        without it a run cannot end before its last silent link has been waited for twice. One that
        was started first has the time to be asked in turn, and leaves the slots to the others.
        """
        case = ask.case
        if case.was_slow:
            return
        if len(case.alive) + len(case.attempts) < min(2, self._settings.attempts):
            self._begin(case, "GET", Urgency.EARLY)

    def _remember(self, host: str, answer: Answer, seconds: float) -> None:
        temper = self._tempers[host]
        if isinstance(answer, ResponseHead):
            paused = self._schedule.is_paused(host)
            temper.hear(seconds, is_limited=answer.status == 429, is_paused=paused)
        elif isinstance(answer, Trouble) and answer.mishap is Mishap.TIMEOUT:
            temper.hear_nothing()

    def _given_up(self, ask: Ask) -> Attempt | None:
        temper = self._tempers.setdefault(ask.target.host, Temper())
        if temper.limits:
            return ask.end(status=429, detail="not asked: the host limited the requests before it")
        if temper.is_silent:
            return ask.end(mishap=Mishap.TIMEOUT, detail="not asked: the host never answered")
        return None

    def _take(self, ask: Ask, answer: Answer) -> None:
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

    def _follow(self, ask: Ask, head: ResponseHead) -> None:
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

    def _waits_as_told(self, ask: Ask, head: ResponseHead) -> bool:
        """Queue an attempt behind the wait that its host asks for, if it is to be had."""
        wait = wait_as_told(head, waits=ask.case.waits, now=datetime.now(UTC))
        if wait is None or wait > self._settings.longest_wait:
            return False
        ask.case.waits += 1
        ask.seconds = 0.0
        if head.status == 429:
            self._schedule.pause(ask.target.host, wait)
            self._queue(ask, Urgency.FOLLOW)
        else:
            asyncio.get_running_loop().call_later(wait, self._queue, ask, Urgency.FOLLOW)
        return True

    def _end(self, ask: Ask, attempt: Attempt) -> None:
        """Take an attempt as ended and settle its case or see that another one follows."""
        case = ask.case
        case.alive.remove(ask)
        case.attempts.append(attempt)
        settings = self._settings
        judged = judge(case.url, case.attempts, allowed=settings.attempts, backoff=settings.backoff)
        if not isinstance(judged, AskAgain):
            self._settle(case, judged)
        elif case.alive:
            for other in case.alive:
                if other.is_queued:
                    self._queue(other, Urgency.RETRY)
        else:
            urgency = Urgency.RETRY if attempt.mishap is Mishap.TIMEOUT else Urgency.FOLLOW
            asyncio.get_running_loop().call_later(
                judged.delay, self._begin, case, judged.method, urgency
            )

    def _settle(self, case: Case, verdict: Verdict, note: str = "") -> None:
        case.is_settled = True
        for ask in case.alive:
            if ask.task is not None:
                ask.task.cancel()
        case.alive.clear()
        self._open.pop(case, None)
        self._hand_over(
            LinkResult(
                url=case.url,
                state=verdict.state,
                status=verdict.status,
                final_url=verdict.final_url,
                attempts=case.asked,
                seconds=case.seconds,
                evidence=render_evidence(case.attempts, note),
            )
        )
        if not self._open and not self._all_settled.done():
            self._all_settled.set_result(None)

    def _hand_over(self, result: LinkResult) -> None:
        try:
            self._on_result(result)
        except Exception as error:  # noqa: BLE001 -- raised where the run is waited for
            self._stop_for_bug(error)

    def _stop_for_bug(self, error: BaseException) -> None:
        if not self._all_settled.done():
            self._all_settled.set_exception(error)
