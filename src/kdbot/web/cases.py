"""What is under way for each URL of a run."""

import asyncio
from dataclasses import dataclass, field

from kdbot.web.addresses import Target
from kdbot.web.http_head import Method
from kdbot.web.verdicts import Attempt, Hop, Mishap


@dataclass(slots=True, eq=False)
class Case:
    """What is known of one URL so far."""

    url: str
    start: Target
    was_slow: bool = False
    """Whether it was slow or failing in an earlier run, and so is started first in this one."""
    attempts: list[Attempt] = field(default_factory=list)
    alive: "list[Ask]" = field(default_factory=list)
    asked: int = 0
    waits: int = 0
    seconds: float = 0.0
    is_settled: bool = False


@dataclass(slots=True, eq=False)
class Ask:
    """One attempt under way: the next request of its chain of redirects."""

    case: Case
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
        """Give the attempt as it ended: with a status, a mishap or a refusal."""
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
