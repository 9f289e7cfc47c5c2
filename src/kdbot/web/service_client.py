"""Ask metadata services politely: one question at a time, at their pace, as often as makes sense.

Every question ends in an answer that its parser accepts or in `CouldNotAskError` with a reason for
people. A service that keeps failing is left alone for the rest of the run, so that a hundred
questions do not each wait for it.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from kdbot.model.metadata import CouldNotAsk, Outcome
from kdbot.model.proposal import Origin
from kdbot.model.settings import ServiceSettings
from kdbot.web.answer_cache import AnswerCache
from kdbot.web.http_head import parse_retry_after
from kdbot.web.service_connection import (
    ForbiddenAddressError,
    NoAnswerError,
    Reply,
    ServiceConnection,
    UnreachableError,
)
from kdbot.web.service_terms import CouldNotAskError, Patience, Service, UnusableAnswerError

Answer = TypeVar("Answer")

_MOST_FAILURES = 2
_BEFORE_SECOND_LOOK = 2.0
_OVERLOADED = frozenset({429, 503})
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_SHUT = frozenset({401, 403})


class ServiceClient:
    """The metadata services of one run.

    `clock` and `sleep` measure and pass time, `now` tells the date for `Retry-After`; `progress`
    is told the service, how many papers it was asked about, and how many there are to ask about.
    """

    def __init__(
        self,
        settings: ServiceSettings,
        *,
        user_agent: str,
        cache: AnswerCache | None = None,
        patience: Patience | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        progress: Callable[[Origin, int, int], None] | None = None,
    ) -> None:
        self._settings = settings
        self._user_agent = user_agent
        self._cache = cache
        self._patience = patience or Patience()
        self._clock, self._sleep, self._now = clock, sleep, now
        self._progress = progress
        self._connections: dict[Origin, ServiceConnection] = {}
        self._free_at: dict[Origin, float] = {}
        self._failures: Counter[Origin] = Counter()
        self._given_up: dict[Origin, str] = {}

    def close(self) -> None:
        """Close the connections and the cache."""
        for connection in self._connections.values():
            connection.close()
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
            path: path and query behind its base address, percent-encoded.
            parse: takes an answer below 500 that is no refusal; raises `UnusableAnswerError`.
            body: JSON to post, or None for a GET.

        Raises:
            CouldNotAskError: there was no such answer.
        """
        origin = service.origin
        if origin in self._given_up:
            raise CouldNotAskError(self._given_up[origin])
        trouble = _Trouble("was not asked")
        for attempt in range(self._patience.attempts):
            answer = self._try(service, path, parse, body)
            if not isinstance(answer, _Trouble):
                self._failures[origin] = 0
                return answer
            trouble = answer
            wait = self._patience.backoff * 4**attempt if trouble.told is None else trouble.told
            most = min(trouble.attempts, self._patience.attempts)
            if attempt + 1 >= most or wait > self._patience.longest_wait:
                break
            self._sleep(wait)
        self._failures[origin] += trouble.attempts > 1
        if trouble.is_of_service or self._failures[origin] >= _MOST_FAILURES:
            self._given_up[origin] = trouble.reason
        raise CouldNotAskError(trouble.reason)

    def gather(
        self,
        service: Service,
        keys: Iterable[str],
        *,
        size: int,
        ask: Callable[[Sequence[str]], Mapping[str, Outcome]],
    ) -> dict[str, Outcome]:
        """Answer for each key, from the cache or by asking for `size` keys at a time.

        What was answered is kept at once, so an interrupted run has not asked in vain.
        """
        wanted = tuple(dict.fromkeys(keys))
        name = f"{service.origin} {getattr(self._settings, service.setting)}"
        cache = self._cache
        outcomes = cache.known(name, service.origin, wanted) if cache is not None else {}
        missing = [key for key in wanted if key not in outcomes]
        for start in range(0, len(missing), size):
            self._tell(service, start, len(missing))
            batch = missing[start : start + size]
            try:
                answered = ask(batch)
            except CouldNotAskError as error:
                failed = CouldNotAsk(source=service.origin, reason=str(error))
                answered = dict.fromkeys(batch, failed)
            outcomes.update(answered)
            if cache is not None:
                cache.keep(name, answered)
        if missing:
            self._tell(service, len(missing), len(missing))
        return {key: outcomes[key] for key in wanted}

    def _tell(self, service: Service, done: int, total: int) -> None:
        if self._progress is not None:
            self._progress(service.origin, done, total)

    def _try(
        self, service: Service, path: str, parse: Callable[[Reply], Answer], body: bytes | None
    ) -> "Answer | _Trouble":
        """Ask once, when it is the service's turn."""
        origin, patience = service.origin, self._patience
        wait = self._free_at.get(origin, float("-inf")) - self._clock()
        if wait > 0:
            self._sleep(wait)
        try:
            reply = self._connection(service).ask(
                path,
                body=body,
                accept=service.accept,
                seconds=patience.timeout,
                most_bytes=service.most_bytes,
            )
        except UnreachableError as error:
            return _Trouble(str(error), told=_BEFORE_SECOND_LOOK, attempts=2, is_of_service=True)
        except ForbiddenAddressError as error:
            return _Trouble(str(error), attempts=1, is_of_service=True)
        except NoAnswerError as error:
            return _Trouble(str(error))
        finally:
            self._free_at[origin] = self._clock() + service.interval
        trouble = self._trouble_of(service, reply)
        if trouble is not None:
            return trouble
        try:
            return parse(reply)
        except UnusableAnswerError as error:
            return _Trouble(str(error))

    def _trouble_of(self, service: Service, reply: Reply) -> "_Trouble | None":
        status = reply.status
        if status in _OVERLOADED:
            told = parse_retry_after(reply.retry_after, self._now())
            reason = f"it asks for a pause (HTTP {status})"
            return _Trouble(reason, told=told, is_of_service=True)
        if status in _PASSING or status >= 500:
            return _Trouble(f"it failed (HTTP {status})")
        if status in _SHUT:
            reason = f"it refuses to answer (HTTP {status})"
            return _Trouble(reason, attempts=1, is_of_service=not service.hides_papers)
        if 300 <= status < 400:
            return _Trouble(
                f"it has moved (HTTP {status} to {reply.location or 'nowhere'})",
                attempts=1,
                is_of_service=True,
            )
        return None

    def _connection(self, service: Service) -> ServiceConnection:
        if service.origin not in self._connections:
            base: str = getattr(self._settings, service.setting)
            self._connections[service.origin] = ServiceConnection(base, user_agent=self._user_agent)
        return self._connections[service.origin]


@dataclass(frozen=True, slots=True)
class _Trouble:
    """Why an attempt failed.

    Attributes:
        reason: in words for people.
        told: seconds of pause, where they are known; else they grow.
        attempts: how often it is worth to ask, the bound of the run aside.
        is_of_service: whether any other question would end in the same way.
    """

    reason: str
    told: float | None = None
    attempts: int = 1_000
    is_of_service: bool = False
