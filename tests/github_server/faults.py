"""Faults that a test arms: what goes wrong, at which request, before or after the effect.

Requests are counted from the moment a fault is armed, 1 being the next one. A fault `at_write=3`
counts only calls that can change something, `at_request=3` counts all.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from tests.github_server.http import DOCUMENTATION, Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable


_TIMED_OUT = (
    "Something went wrong while executing your query. This may be the result of a timeout, or it "
    "could be a GitHub bug. Please include `C0DE:1F2A:3B4C` when reporting this issue."
)


class Effect(Enum):
    """Whether the request that is answered wrongly still did what it asked for."""

    NONE = "none"
    DONE = "done"


@dataclass(slots=True, kw_only=True)
class Fault:
    """One armed fault. `answer` None drops the connection without a word."""

    answer: Callable[[], Response] | None
    effect: Effect = Effect.NONE
    at: int = 1
    times: int = 1
    writes_only: bool = False
    matches: Callable[[Request], bool] | None = None
    seen: int = 0

    def strikes(self, request: Request) -> bool:
        if self.writes_only and not request.is_write:
            return False
        if self.matches is not None and not self.matches(request):
            return False
        self.seen += 1
        return self.at <= self.seen < self.at + self.times


@dataclass(slots=True, kw_only=True)
class _Hook:
    run: Callable[[], object]
    at: int
    matches: Callable[[Request], bool] | None
    seen: int = 0


class Faults:
    """The faults of one server. Nothing is armed at the start."""

    def __init__(self) -> None:
        self._armed: list[Fault] = []
        self._hooks: list[_Hook] = []

    def clear(self) -> None:
        """Disarm everything."""
        self._armed.clear()
        self._hooks.clear()

    def fail(
        self,
        *,
        status: int = 502,
        at_write: int | None = None,
        at_request: int | None = None,
        times: int = 1,
        effect: Effect = Effect.NONE,
        matches: Callable[[Request], bool] | None = None,
    ) -> None:
        """Answer with a server error; with `Effect.DONE` only after the request took effect."""
        body = {"message": "Server Error", "documentation_url": DOCUMENTATION}
        self._arm(
            lambda: Response(status=status, body=body), effect, at_write, at_request, times, matches
        )

    def drop(
        self,
        *,
        at_write: int | None = None,
        at_request: int | None = None,
        times: int = 1,
        effect: Effect = Effect.NONE,
        matches: Callable[[Request], bool] | None = None,
    ) -> None:
        """Close the connection without an answer."""
        self._arm(None, effect, at_write, at_request, times, matches)

    def fail_query(
        self,
        *,
        kind: str | None = None,
        message: str = _TIMED_OUT,
        at_request: int = 1,
        times: int = 1,
        matches: Callable[[Request], bool] | None = None,
    ) -> None:
        """Answer a GraphQL query with 200, no data and one error, with a type or without.

        A query that took too long has no type: https://github.com/orgs/community/discussions/24631.
        """
        error = {"type": kind, "message": message} if kind else {"message": message}
        self._arm(
            lambda: Response(body={"data": None, "errors": [error]}),
            Effect.NONE,
            None,
            at_request,
            times,
            lambda request: request.path == "/graphql" and (matches is None or matches(request)),
        )

    def limit_primary(
        self,
        *,
        reset_in: int,
        at_request: int = 1,
        at_write: int | None = None,
        times: int = 1,
        status: int = 403,
    ) -> None:
        """Say that the hourly quota is spent until `reset_in` seconds from now (machine time)."""

        def answer() -> Response:
            message = "API rate limit exceeded for installation ID 1."
            return Response(
                status=status,
                body={"message": message, "documentation_url": DOCUMENTATION},
                headers={
                    "X-RateLimit-Remaining": "0",
                    "X-RateLimit-Reset": str(int(time.time()) + reset_in),
                },
            )

        request = None if at_write else at_request
        self._arm(answer, Effect.NONE, at_write, request, times, None)

    def limit_secondary(
        self,
        *,
        retry_after: int | None,
        at_request: int = 1,
        at_write: int | None = None,
        times: int = 1,
        status: int = 403,
    ) -> None:
        """Say that too much was asked at once, with or without a `Retry-After` (seconds)."""

        def answer() -> Response:
            message = (
                "You have exceeded a secondary rate limit. "
                "Please wait a few minutes before you try again."
            )
            headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
            body = {"message": message, "documentation_url": DOCUMENTATION}
            return Response(status=status, body=body, headers=headers)

        request = None if at_write else at_request
        self._arm(answer, Effect.NONE, at_write, request, times, None)

    def before(
        self,
        run: Callable[[], object],
        *,
        at_request: int = 1,
        matches: Callable[[Request], bool] | None = None,
    ) -> None:
        """Run something just before the n-th request (that matches) is served."""
        self._hooks.append(_Hook(run=run, at=at_request, matches=matches))

    def _arm(
        self,
        answer: Callable[[], Response] | None,
        effect: Effect,
        at_write: int | None,
        at_request: int | None,
        times: int,
        matches: Callable[[Request], bool] | None,
    ) -> None:
        if at_write is not None and at_request is not None:
            raise ValueError("a fault counts either writes or requests")
        self._armed.append(
            Fault(
                answer=answer,
                effect=effect,
                at=at_write or at_request or 1,
                times=times,
                writes_only=at_write is not None,
                matches=matches,
            )
        )

    def run_hooks(self, request: Request) -> None:
        for hook in list(self._hooks):
            if hook.matches is None or hook.matches(request):
                hook.seen += 1
                if hook.seen == hook.at:
                    hook.run()

    def strike(self, request: Request) -> Fault | None:
        """Count the request in every fault and give the first that strikes."""
        struck = [fault for fault in self._armed if fault.strikes(request)]
        return struck[0] if struck else None
