"""Ask services politely: one question at a time, at their pace, as often as makes sense.

Every question ends in an answer that its parser accepts or in `UnavailableError` with a reason for
people. A service that keeps failing is skipped for the rest of the run, so that a hundred
questions do not each wait for it.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeAlias, TypeVar
from urllib.parse import urlencode

from kdbot.model.errors import KdbotError
from kdbot.model.evidence import MetadataRecord, NotFound, Outcome, Unavailable
from kdbot.model.json_text import parse_json
from kdbot.model.proposal import Origin
from kdbot.model.settings import ServiceSettings
from kdbot.web.addresses import AddressGuard, Refusal, Target, parse_networks, parse_target
from kdbot.web.cache import Cache
from kdbot.web.http import (
    FailureKind,
    HttpClient,
    Reply,
    RequestFailure,
    Resolve,
    parse_retry_after,
    resolve_host,
)

Answer = TypeVar("Answer")
Known: TypeAlias = MetadataRecord | Unavailable | None
"""What a service says of one paper; None where it says that it does not know the paper."""

_LOOPBACK = parse_networks(("127.0.0.0/8", "::1/128"))
_MAX_FAILURES = 2
_BEFORE_SECOND_LOOK = 2.0
_OVERLOADED = frozenset({429, 503})
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_SHUT = frozenset({401, 403})


class UnavailableError(Exception):
    """No answer that can be relied on; the text says why, without a full stop."""


class UnusableAnswerError(Exception):
    """Raised by a parser for an answer of the wrong form; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A service and how it wants to be asked.

    Attributes:
        setting: the key of its base address in `[services]`.
        interval: least seconds from the end of one answer to the next question.
        accept: media type of its answers.
        max_bytes: size past which an answer is given up.
        hides_papers: whether a refusal (401, 403) is about one paper and not about who asks.
    """

    setting: str
    interval: float
    accept: str = "application/json"
    max_bytes: int = 8 * 1024 * 1024
    hides_papers: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How long a run waits for a service; the defaults suit a review that somebody waits for.

    Attributes:
        timeout: seconds for one answer.
        attempts: how often one question is asked at most.
        backoff: seconds before the second attempt where the service does not say; each further
            wait is four times as long.
        max_wait: a longer wait ends the attempts, even one that the service asks for.
    """

    timeout: float = 20.0
    attempts: int = 3
    backoff: float = 5.0
    max_wait: float = 60.0


PATIENT = RetryPolicy(attempts=4, timeout=60.0)
"""For a run that nobody waits for."""


class ServiceClient:
    """The services of one run.

    `clock` and `sleep` measure and pass time, `now` tells the date for `Retry-After`; `progress`
    is told the service, how many papers it was asked about, and how many there are to ask about.
    """

    def __init__(
        self,
        settings: ServiceSettings,
        *,
        user_agent: str,
        cache: Cache | None = None,
        retry_policy: RetryPolicy | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        progress: Callable[[Origin, int, int], None] | None = None,
    ) -> None:
        self._settings = settings
        self._user_agent = user_agent
        self._cache = cache
        self._policy = retry_policy or RetryPolicy()
        self._clock, self._sleep, self._now = clock, sleep, now
        self._progress = progress
        self._opened: dict[str, tuple[HttpClient, Target]] = {}
        self._free_at: dict[str, float] = {}
        self._failures: Counter[str] = Counter()
        self._given_up: dict[str, str] = {}

    def close(self) -> None:
        """Close the connections and the cache."""
        for http, _ in self._opened.values():
            http.close()
        if self._cache is not None:
            self._cache.close()

    def ask(
        self,
        service: Service,
        path: str,
        parse: Callable[[Reply], Answer],
        *,
        body: bytes | None = None,
    ) -> Answer:
        """Ask until the parser accepts an answer, and return what it made of it.

        Args:
            service: whom to ask.
            path: path and query after its base address, percent-encoded.
            parse: takes an answer below 500 that is no refusal; raises `UnusableAnswerError`.
            body: JSON to post, or None for a GET.

        Raises:
            UnavailableError: there was no such answer.
            KdbotError: the service's address in the settings is not one.
        """
        name, policy = service.setting, self._policy
        if name in self._given_up:
            raise UnavailableError(self._given_up[name])
        failure = _Failure("was not asked")
        for attempt in range(policy.attempts):
            answer = self._try(service, path, parse, body)
            if not isinstance(answer, _Failure):
                self._failures[name] = 0
                return answer
            failure = answer
            wait = policy.backoff * 4**attempt if failure.wait is None else failure.wait
            if attempt + 1 >= min(failure.attempts, policy.attempts) or wait > policy.max_wait:
                break
            self._sleep(wait)
        self._failures[name] += failure.attempts > 1
        if failure.is_of_service or self._failures[name] >= _MAX_FAILURES:
            self._given_up[name] = failure.reason
        raise UnavailableError(failure.reason)

    def gather(
        self,
        service: Service,
        origin: Origin,
        keys: Iterable[str],
        *,
        size: int,
        ask: Callable[[Sequence[str]], Mapping[str, Known]],
    ) -> dict[str, Outcome]:
        """Answer for each key, from the cache or by asking for `size` keys at a time.

        What was answered is kept at once, so an interrupted run has not asked in vain.
        """
        wanted = tuple(dict.fromkeys(keys))
        name = f"{origin} {getattr(self._settings, service.setting)}"
        cache = self._cache
        outcomes = cache.known_answers(name, origin, wanted) if cache is not None else {}
        missing = [key for key in wanted if key not in outcomes]
        for start in range(0, len(missing), size):
            self._tell(origin, start, len(missing))
            batch = missing[start : start + size]
            try:
                known = ask(batch)
            except UnavailableError as error:
                known = dict.fromkeys(batch, Unavailable(source=origin, reason=str(error)))
            answered = {key: one or NotFound(source=origin) for key, one in known.items()}
            outcomes.update(answered)
            if cache is not None:
                cache.keep_answers(name, answered)
        if missing:
            self._tell(origin, len(missing), len(missing))
        return {key: outcomes[key] for key in wanted}

    def _tell(self, origin: Origin, done: int, total: int) -> None:
        if self._progress is not None:
            self._progress(origin, done, total)

    def _try(
        self, service: Service, path: str, parse: Callable[[Reply], Answer], body: bytes | None
    ) -> "Answer | _Failure":
        """Ask once, when it is the service's turn."""
        name = service.setting
        if name not in self._opened:
            base: str = getattr(self._settings, name)
            self._opened[name] = _open_service(base, user_agent=self._user_agent)
        http, base_target = self._opened[name]
        wait = self._free_at.get(name, float("-inf")) - self._clock()
        if wait > 0:
            self._sleep(wait)
        try:
            reply = http.ask(
                "GET" if body is None else "POST",
                replace(base_target, path=base_target.path.rstrip("/") + path),
                accept=service.accept,
                seconds=self._policy.timeout,
                max_bytes=service.max_bytes,
                body=body,
            )
        except RequestFailure as failure:
            return _failure_of_request(failure, base_target.host, self._policy.timeout)
        finally:
            self._free_at[name] = self._clock() + service.interval
        try:
            return self._failure_of_reply(service, reply) or parse(reply)
        except UnusableAnswerError as error:
            return _Failure(str(error))

    def _failure_of_reply(self, service: Service, reply: Reply) -> "_Failure | None":
        status = reply.status
        if status in _OVERLOADED:
            retry_after = parse_retry_after(reply.retry_after, self._now())
            reason = f"it asks for a pause (HTTP {status})"
            return _Failure(reason, wait=retry_after, is_of_service=True)
        if status in _PASSING or status >= 500:
            return _Failure(f"it failed (HTTP {status})")
        if status in _SHUT:
            reason = f"it refuses to answer (HTTP {status})"
            return _Failure(reason, attempts=1, is_of_service=not service.hides_papers)
        if 300 <= status < 400:
            reason = f"it has moved (HTTP {status} to {reply.location or 'nowhere'})"
            return _Failure(reason, attempts=1, is_of_service=True)
        return None


def _open_service(
    base: str, *, user_agent: str, resolve: Resolve = resolve_host
) -> tuple[HttpClient, Target]:
    """Return a client for one service, and its base address taken apart.

    The base address comes from the list's settings and may be a loopback one there; any other
    must resolve to public addresses.

    Raises:
        KdbotError: the base address is not one.
    """
    target = parse_target(base)
    if isinstance(target, Refusal):
        raise KdbotError(
            f"{base!r} is not the address of a service: {target.reason}",
            where="[services]",
            fix="write an http or https address",
        )
    is_loopback = target.host in {"localhost", "::1"} or target.host.startswith("127.")
    guard = AddressGuard(allowed=_LOOPBACK if is_loopback else ())
    return HttpClient(user_agent, guard=guard, resolve=resolve), target


@dataclass(frozen=True, slots=True)
class _Failure:
    """Why an attempt failed.

    Attributes:
        reason: in words for people.
        wait: seconds of pause, where they are known; else they grow.
        attempts: how often it is worth asking, whatever the policy allows.
        is_of_service: whether any other question would end in the same way.
    """

    reason: str
    wait: float | None = None
    attempts: int = 1_000
    is_of_service: bool = False


def _failure_of_request(failure: RequestFailure, host: str, seconds: float) -> _Failure:
    kind, detail = failure.kind, failure.detail
    if kind is FailureKind.MALFORMED:
        return _Failure(detail or str(kind))
    if kind is FailureKind.REFUSED:
        return _Failure(f"not asked: {detail}", attempts=1, is_of_service=True)
    reasons = {
        FailureKind.TIMEOUT: f"no complete answer within {seconds:g} seconds",
        FailureKind.TLS: f"TLS with {host} failed: {detail}",
        FailureKind.CONNECTION: f"no connection to {host}: {detail}",
    }
    reason = reasons.get(kind, f"the name {host} could not be resolved")
    return _Failure(reason, wait=_BEFORE_SECOND_LOOK, attempts=2, is_of_service=True)


_WAYBACK = Service(setting="wayback", interval=0.5, max_bytes=64 * 1024)


def fetch_snapshot(url: str, client: ServiceClient) -> str | None:
    """Ask the Wayback Machine for the snapshot nearest to now.

    None if there is none or it is unknown: https://archive.org/help/wayback_api.php.
    """
    try:
        return client.ask(_WAYBACK, f"/wayback/available?{urlencode({'url': url})}", _read_snapshot)
    except UnavailableError:
        return None


def _read_snapshot(reply: Reply) -> str | None:
    try:
        return _parse_snapshot(parse_json(reply.body)) if reply.status == 200 else None
    except ValueError as error:
        raise UnusableAnswerError("the answer is not valid JSON") from error


def _parse_snapshot(document: Any) -> str | None:
    """Read the address of a snapshot that was taken of an answer and not of an error."""
    try:
        closest = document["archived_snapshots"]["closest"]
        address, status = closest["url"], closest["status"]
    except (KeyError, TypeError):
        return None
    if closest.get("available") is not True or status != "200" or not isinstance(address, str):
        return None
    secure = address.replace("http://web.archive.org/", "https://web.archive.org/", 1)
    return secure if secure.startswith("https://web.archive.org/web/") else None
