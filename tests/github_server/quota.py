"""The hourly quotas of a token, reported in headers and, when a test turns them on, enforced.

GITHUB_TOKEN has 1,000 REST requests an hour and repository, and 1,000 points of GraphQL of their
own: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api and
https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

JOB_LIMIT = 1000
_HOUR = 3600
_SHOWN = 5000


@dataclass(slots=True, kw_only=True)
class Quota:
    """One resource, `core` or `graphql`. `limit` None counts and refuses nothing.

    The hour begins with the first request, and the next one with the first request after it.
    """

    resource: str
    limit: int | None = None
    used: int = 0
    began: datetime | None = field(default=None)

    def spend(self, points: int, now: datetime) -> bool:
        """Take so many points, unless they are spent: then nothing is taken, and it is False."""
        if self.began is None or (now - self.began).total_seconds() >= _HOUR:
            self.began, self.used = now, 0
        if self.limit is not None and self.used + points > self.limit:
            return False
        self.used += points
        return True

    @property
    def shown_limit(self) -> int:
        return self.limit if self.limit is not None else _SHOWN

    @property
    def remaining(self) -> int:
        return max(0, self.shown_limit - self.used)

    @property
    def reset(self) -> int:
        """When the hour is over, in seconds since 1970."""
        return int(self.began.timestamp()) + _HOUR if self.began else 0

    def headers(self) -> dict[str, str]:
        return {
            "X-RateLimit-Limit": str(self.shown_limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Used": str(self.used),
            "X-RateLimit-Reset": str(self.reset),
            "X-RateLimit-Resource": self.resource,
        }
