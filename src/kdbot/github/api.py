"""Calls of GitHub's API: retries, backoff, rate limits, and what a refusal means."""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

import github
from github.Repository import Repository

from kdbot.github.errors import (
    ForbiddenError,
    GitHubUnavailableError,
    ItemGoneError,
    RejectedError,
    RepositoryGoneError,
)
from kdbot.model.errors import KdbotError
from kdbot.model.urls import parse_url

T = TypeVar("T")

PAGE = 100
"""Entries per page, GitHub's maximum."""
_TIMEOUT = 15  # seconds without a byte

_MAX_WAIT = 90.0  # seconds that one request may wait for a rate limit; a job has ten minutes
_SECONDARY_WAIT = 60.0  # seconds, where GitHub names none
_TRIES = 3
_READ_WAIT = 1.0  # seconds before a read that met a fault of the server is repeated
_GONE = frozenset({301, 404, 410})
_FORBIDDEN = frozenset({401, 403})
_CONFLICTS = frozenset({409, 422})
_SERVER_FAULT = 500
_INVALID = 400  # what PyGithub calls an answer of GraphQL with errors
_NOT_FOUND = 404
_TOO_MANY = 429
# What reading JSON of another form than the documented one ends in, in PyGithub and here.
_UNREADABLE = (AssertionError, AttributeError, LookupError, RecursionError, TypeError)

_OF_A_JOB = "resource not accessible by integration"
_BY_RULES = re.compile(
    r"protected branch|repository rule violations|changes must be made through a pull request"
    r"|approving reviews? (?:is|are) required|required status checks?|signed commits",
    re.IGNORECASE,
)
_REMEDIES = (
    # https://github.com/orgs/community/discussions/27689
    (
        "not permitted to create or approve pull requests",
        "run `kdbot setup`, or allow it in the repository's settings, under Actions, General",
    ),
    # https://github.com/actions/labeler/issues/870
    ("permission to create labels", "run `kdbot setup` to create the missing labels"),
    # https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
    (
        "resource not accessible by personal access token",
        "give the token access to this repository, or use the token of `gh auth token`",
    ),
    ("must have admin rights", "use the token of a repository owner: `gh auth token`"),
    ("bad credentials", "the token is invalid or has expired; `gh auth token` prints a valid one"),
    ("repository was archived", "an owner of the repository can unarchive it in its settings"),
)
_BRANCH_REMEDY = "the branch only accepts pull requests; docs/maintainers.md lists the alternatives"
_UNKNOWN_REMEDY = "use a token with more permissions; `gh auth token` prints an owner's"


@contextmanager
def _asking(what: str) -> Iterator[None]:
    """Turn PyGithub's and the network's exceptions into the bot's; none of them passes as it is.

    Args:
        what: what is asked for, for the message.

    Raises:
        ItemGoneError: GitHub says that it is not there.
        ForbiddenError: the token may not.
        GitHubUnavailableError: the server or the network failed, or a rate limit is exceeded.
        RejectedError: GitHub says that the request itself is wrong, as a text that is too long.
    """
    try:
        yield
    except github.RateLimitExceededException as error:
        raise GitHubUnavailableError(
            "GitHub's rate limit is exceeded", where=what, wait=_wait(error.headers or {})
        ) from error
    except github.GithubException as error:
        status = error.status or _SERVER_FAULT
        if errors := _graphql_errors(error):
            raise _from_graphql(errors[0], what, error.headers or {}) from error
        if status in _GONE:
            raise ItemGoneError(f"does not exist (GitHub answered {status})", where=what) from error
        if status in _FORBIDDEN or (status in _CONFLICTS and _BY_RULES.search(_message(error))):
            raise _refusal(status, error, what) from error
        if status >= _SERVER_FAULT or status == _TOO_MANY:
            wait = _wait(error.headers or {}) if status == _TOO_MANY else None
            raise GitHubUnavailableError(
                f"GitHub answered {status}", where=what, wait=wait
            ) from error
        raise RejectedError(
            f"GitHub rejected the request ({status}): {_reason(error)}", where=what, status=status
        ) from error
    except (*_UNREADABLE, github.BadAttributeException) as error:
        raise RejectedError(
            f"GitHub's answer cannot be read: {type(error).__name__}: {error}", where=what
        ) from error
    except (OSError, ValueError) as error:
        # Every exception of requests is an OSError; a body that is cut off is a ValueError.
        raise GitHubUnavailableError(
            f"GitHub could not be reached: {type(error).__name__}", where=what
        ) from error


def _graphql_errors(error: github.GithubException) -> list[Any]:
    """Return the errors of an answer of GraphQL, which has them in a body with status 200."""
    if error.status not in {_INVALID, _NOT_FOUND} or not isinstance(error.data, dict):
        return []
    errors = error.data.get("errors")
    return [e for e in errors if isinstance(e, dict)] if isinstance(errors, list) else []


def _from_graphql(error: dict[str, Any], what: str, headers: dict[str, str]) -> KdbotError:
    """Return the bot's exception for an error of GraphQL.

    https://docs.github.com/en/graphql/guides/using-graphql-clients
    """
    kind, message = error.get("type"), str(error.get("message", ""))
    if kind == "NOT_FOUND" and error.get("path") == ["repository"]:
        return RepositoryGoneError(what)
    if kind == "NOT_FOUND":
        return ItemGoneError("does not exist", where=what)
    if kind == "FORBIDDEN":
        by_job = _OF_A_JOB in message.lower()
        fix = _permission_remedy(headers) if by_job else _UNKNOWN_REMEDY
        return ForbiddenError(f"GitHub refused: {message}", where=what, fix=fix, by_job=by_job)
    if kind == "RATE_LIMITED":
        wait = _wait(headers)
        return GitHubUnavailableError("GitHub's rate limit is exceeded", where=what, wait=wait)
    return GitHubUnavailableError(f"GitHub answered: {message}", where=what)


def _refusal(status: int, error: github.GithubException, what: str) -> ForbiddenError:
    """Tell refusals apart: each has its own remedy, and only one is a matter of the job.

    A protected branch answers 403, 409 or 422, depending on the call.
    """
    message = _message(error)
    lower = message.lower()
    by_job = _OF_A_JOB in lower
    fix = next((fix for words, fix in _REMEDIES if words in lower), _UNKNOWN_REMEDY)
    if by_job:
        fix = _permission_remedy(error.headers or {})
    elif _BY_RULES.search(message):
        fix = _BRANCH_REMEDY
    return ForbiddenError(
        f"GitHub refused ({status}): {message}", where=what, fix=fix, by_job=by_job
    )


def _message(error: github.GithubException) -> str:
    data = error.data if isinstance(error.data, dict) else {}
    return str(data.get("message") or error.message or "no reason given").strip()


def _permission_remedy(headers: dict[str, str]) -> str:
    """Name the permission that GitHub asks for; `;` separates alternatives.

    https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
    """
    lower = {name.lower(): value for name, value in headers.items()}
    wanted = lower.get("x-accepted-github-permissions", "").partition(";")[0].strip()
    if "administration" in wanted:
        return "a workflow's token may not do this; use an owner's token: `gh auth token`"
    shown = wanted.replace("_", "-").replace("=", ": ")
    granted = f"`{shown}`" if shown else "the permission"
    return f"grant {granted} in the `permissions` of the workflow's job"


def _reason(error: github.GithubException) -> str:
    """Return what GitHub says of a request that it rejects, each of its errors included.

    https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
    """
    data = error.data if isinstance(error.data, dict) else {}
    errors = data.get("errors")
    details = errors if isinstance(errors, list) else []
    words = [detail.get("message") if isinstance(detail, dict) else detail for detail in details]
    return "; ".join(str(word) for word in (error.message or error.data, *words) if word)


def _wait(headers: dict[str, str]) -> float:
    """Return the seconds that GitHub asks to wait, from either of its ways to say so."""
    lower = {name.lower(): value for name, value in headers.items()}
    wait = _retry_after(lower)
    if wait is not None:
        return wait
    reset = lower.get("x-ratelimit-reset", "")
    if lower.get("x-ratelimit-remaining") == "0" and re.fullmatch(r"[0-9]{1,15}", reset):
        return max(0.0, int(reset) - time.time()) + 1
    return _SECONDARY_WAIT


def _retry_after(headers: Any) -> float | None:
    value = headers.get("Retry-After") or headers.get("retry-after") or ""
    return float(value) if value.isascii() and value.isdigit() else None


class Api:
    """One repository's part of GitHub's API, as PyGithub has it; JSON where it has nothing.

    Reads are repeated after a fault of the server, writes are not: a write may have taken effect
    before the fault, so the caller reads the present state again and compares.

    Args:
        repository: `owner/name`.
        token: what proves who asks.
        api_url: address of the API.
        user_agent: what the bot calls itself.

    Attributes:
        sleep: waits for so many seconds.

    Raises:
        KdbotError: the address is none.
    """

    sleep: Callable[[float], None] = staticmethod(time.sleep)

    def __init__(self, *, repository: str, token: str, api_url: str, user_agent: str) -> None:
        if parse_url(api_url) is None:
            raise KdbotError("is not an http or https address", where="GITHUB_API_URL")
        self._github = github.Github(
            auth=github.Auth.Token(token),
            base_url=api_url,
            lazy=True,
            per_page=PAGE,
            retry=0,
            seconds_between_requests=None,
            seconds_between_writes=None,
            timeout=_TIMEOUT,
            user_agent=user_agent,
        )
        self.repository, self.user_agent = repository, user_agent

    def close(self) -> None:
        """Close the connection."""
        self._github.close()

    def get(
        self,
        what: str,
        path: str,
        read: Callable[[Any], T],
        parameters: dict[str, str | int] | None = None,
        headers: dict[str, str] | None = None,
    ) -> T:
        """Ask for one thing and return what `read` makes of the answer: one call.

        Args:
            what: what is asked for, for messages.
            path: below the repository, or below the API where it begins with a slash.
            read: makes a value of the JSON; an answer that it cannot read is a RejectedError.
            parameters: of the query.
            headers: further headers.

        Raises:
            KdbotError: as `_asking` says.
        """
        return self._read(
            what, lambda: read(self._call("GET", path, parameters=parameters, headers=headers))
        )

    def ask(self, what: str, read: Callable[[Repository], T]) -> T:
        """Return what `read` asks of the repository, of which nothing is known yet.

        Args:
            what: what is asked for, for messages.
            read: asks, and takes all that is wanted out of the answer.

        Raises:
            KdbotError: as `_asking` says.
        """
        return self._read(what, lambda: read(self._github.get_repo(self.repository)))

    def change(self, what: str, write: Callable[[Repository], T]) -> T:
        """Make one change to the repository and return the answer: one call.

        Raises:
            KdbotError: as `_asking` says; where GitHub was unavailable, the change may have been
                made.
        """
        with _asking(what):
            return write(self._github.get_repo(self.repository))

    def send(
        self,
        what: str,
        verb: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Any:
        """Ask for one change and return the answer's JSON: one call.

        Raises:
            KdbotError: as `_asking` says; where GitHub was unavailable, the change may have been
                made.
        """
        with _asking(what):
            return self._call(verb, path, headers=headers, input=body or None)

    def query(self, what: str, query: str, **variables: Any) -> dict[str, Any]:
        """Ask GraphQL and return the data, again after a fault: nothing here changes anything.

        Raises:
            RepositoryGoneError: GitHub does not know the repository.
            GitHubUnavailableError: it did not answer, three times.
        """
        try:
            return self._read(
                what,
                lambda: dict(self._github.requester.graphql_query(query, variables)[1]["data"]),
            )
        except RepositoryGoneError:
            raise RepositoryGoneError(self.repository) from None

    def _read(self, what: str, ask: Callable[[], T]) -> T:
        def once() -> T:
            with _asking(what):
                return ask()

        return self.retry(once, _READ_WAIT)

    def retry(self, do: Callable[[], T], backoff: float) -> T:
        """Call `do`, with up to three tries while GitHub is unavailable, and wait as it asks.

        https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api

        Args:
            do: what may be repeated: a read, or what reads the present state before it writes.
            backoff: seconds before the second try where GitHub names none, doubled for each later
                one.

        Raises:
            GitHubUnavailableError: the last try failed, or the wait would be longer than _MAX_WAIT.
        """
        for attempt in range(1, _TRIES + 1):
            try:
                return do()
            except GitHubUnavailableError as error:
                wait = backoff * 2 ** (attempt - 1) if error.wait is None else error.wait
                if attempt == _TRIES or wait > _MAX_WAIT:
                    raise
                self.sleep(wait)
        raise AssertionError("unreachable: the last try returns or raises")

    def _call(self, verb: str, path: str, **more: Any) -> Any:
        url = path if path.startswith("/") else f"/repos/{self.repository}/{path}".rstrip("/")
        return self._github.requester.requestJsonAndCheck(verb, url, **more)[1]
