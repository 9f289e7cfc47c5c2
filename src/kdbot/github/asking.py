"""Asking GitHub: how long to wait, how often to ask again, and what a refusal means."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

import github
from github.GithubException import RateLimitExceededExceedsMaxWait
from github.GithubRetry import GithubRetry

from kdbot.github.errors import ForbiddenError, GitHubUnavailableError, ItemGoneError

MAX_WAIT = 90.0  # seconds that one request may wait for a rate limit; a job has ten minutes
_SECONDARY_WAIT = 60.0  # seconds, where GitHub names none
_TRIES = 3
_GONE = frozenset({301, 404, 410})
_FORBIDDEN = frozenset({401, 403})
_SERVER_FAULT = 500
_TOO_MANY = 429


class BoundedRetry(GithubRetry):
    """PyGithub's retry, which waits as GitHub says, but gives up where that is too long.

    https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
    """

    @classmethod
    def for_reads(cls, backoff: float) -> Self:
        """Repeat reads alone: a write that met a fault may have taken effect all the same.

        Args:
            backoff: seconds before the second repetition; each later one waits twice as long.
        """
        return cls(
            total=_TRIES,
            allowed_methods={"GET"},
            backoff_factor=backoff / 2,
            secondary_rate_wait=_SECONDARY_WAIT,
            max_rate_limit_wait=MAX_WAIT,
        )

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: Any = None,
        *args: Any,
        **kwargs: Any,
    ) -> Any:
        """Count one failure; raise where the answer asks for a longer wait than MAX_WAIT."""
        try:
            wait = None if response is None else _retry_after(response.headers)
            if wait is not None and wait > MAX_WAIT:
                headers = dict(response.headers)
                raise RateLimitExceededExceedsMaxWait(response.status, None, headers, wait=wait)
            return super().increment(method, url, response, *args, **kwargs)
        except github.GithubException:
            # Nobody else closes the connection of an answer that ends in an exception here.
            response.close()
            raise


@contextmanager
def asking(what: str) -> Iterator[None]:
    """Turn PyGithub's and the network's exceptions into the bot's.

    Args:
        what: what is asked for, for the message.

    Raises:
        ItemGoneError: GitHub says that it is not there.
        ForbiddenError: the token may not.
        GitHubUnavailableError: the server or the network failed, or a rate limit holds.
    """
    try:
        yield
    except github.RateLimitExceededException as error:
        raise GitHubUnavailableError(
            "GitHub's rate limit is reached", where=what, wait=_wait(error.headers or {})
        ) from error
    except github.GithubException as error:
        status = error.status or _SERVER_FAULT
        if status in _GONE:
            raise ItemGoneError(f"is not there (GitHub answered {status})", where=what) from error
        if status in _FORBIDDEN:
            raise ForbiddenError(
                f"GitHub refused ({status}): {error.message or error.data}",
                where=what,
                fix="grant the permission in the workflow's job",
            ) from error
        if status >= _SERVER_FAULT or status == _TOO_MANY:
            wait = _wait(error.headers or {}) if status == _TOO_MANY else None
            raise GitHubUnavailableError(
                f"GitHub answered {status}", where=what, wait=wait
            ) from error
        raise
    except (OSError, ValueError) as error:
        # Every exception of requests is an OSError; a body that is cut off is a ValueError.
        raise GitHubUnavailableError(
            f"GitHub could not be reached: {type(error).__name__}", where=what
        ) from error


def _wait(headers: dict[str, str]) -> float:
    """Return the seconds that GitHub asks to wait, from either of its ways to say so."""
    lower = {name.lower(): value for name, value in headers.items()}
    wait = _retry_after(lower)
    if wait is not None:
        return wait
    reset = lower.get("x-ratelimit-reset", "")
    if lower.get("x-ratelimit-remaining") == "0" and reset.isdigit():
        return max(0.0, int(reset) - time.time()) + 1
    return _SECONDARY_WAIT


def _retry_after(headers: Any) -> float | None:
    value = headers.get("Retry-After") or headers.get("retry-after") or ""
    return float(value) if value.isdigit() else None
