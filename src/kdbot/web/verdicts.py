"""From the answers of a server to the verdict on a link: a pure table of rules.

A link is asked with HEAD; whatever is neither an answer nor a redirect is asked once more with GET,
because servers answer HEAD with 403, 404, 405 or 501 for pages that are there. Nobody is called
dead by one voice: it takes two answers of 404 or 410, or a name that twice did not exist.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from kdbot.model.evidence import LinkState
from kdbot.model.urls import is_front_page
from kdbot.web.addresses import Refusal, Target, has_unwanted_characters, parse_target
from kdbot.web.http import GONE, FailureKind, Method, Reply, RequestFailure

_BOT_WALLS = (
    ".openreview.net", ".dl.acm.org", ".science.org", ".sciencedirect.com", ".medium.com",
    ".linkedin.com", ".researchgate.net", ".x.com", ".twitter.com",
)  # fmt: skip
"""Hosts that are known to answer programs with anything but the truth, subdomains included."""

_MAX_REDIRECTS = 5

_MAX_SHOWN = 200

_PASSING = frozenset({408, 425})
_NO_HEAD = frozenset({405, 501})
_PERMANENT = frozenset({301, 308})
_FOLLOWED = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One redirect that was followed."""

    status: int
    url: str
    """Where it led."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """The end of one attempt: a status or a failure, after any number of hops."""

    method: Method
    url: str
    """The address that was asked last."""
    hops: tuple[Hop, ...] = ()
    status: int | None = None
    is_challenge: bool = False
    failure: FailureKind | None = None
    detail: str = ""

    @property
    def has_failed(self) -> bool:
        """Tell whether it got no answer, or one that a later attempt may better."""
        if self.status is not None:
            passing = self.status < 200 or self.status >= 500 or self.status in _PASSING
            return passing and self.status not in {501, 999}
        return self.failure not in {None, FailureKind.REFUSED}

    def render(self) -> str:
        """Say in a few words what happened."""
        via = "".join(f"{hop.status} to {_shorten(hop.url)}, " for hop in self.hops)
        if self.failure is FailureKind.REFUSED:
            return f"{self.method}: {via}{self.detail}"
        end = str(self.status) if self.status is not None else self.failure or ""
        if self.failure in {FailureKind.NO_NAME, FailureKind.NAME_SERVICE}:
            end = f"the host name {urlsplit(self.url).hostname} {end}"
        return f"{self.method}: {via}{end}{f' ({self.detail})' if self.detail else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskAgain:
    """One more attempt is needed."""

    method: Method
    delay: float
    """Seconds to wait before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Nothing more needs to be asked."""

    state: LinkState
    status: int | None = None
    final_url: str | None = None


def judge(
    url: str, attempts: Sequence[Attempt], *, allowed: int, backoff: float
) -> AskAgain | Verdict:
    """Judge a URL by its attempts so far; the last one has just ended.

    `allowed` is how many may fail; `backoff` is the wait in seconds after one that failed fast.
    """
    last = attempts[-1]
    if last.failure is FailureKind.REFUSED:
        return Verdict(state=LinkState.REFUSED, final_url=last.url)
    if last.has_failed:
        if sum(attempt.has_failed for attempt in attempts) < allowed:
            return AskAgain(
                method="GET", delay=0.0 if last.failure is FailureKind.TIMEOUT else backoff
            )
        return _judge_failure(attempts)
    if last.status is None:
        raise ValueError("an attempt ends with a status or a failure")
    if last.status < 300 or (last.status == 416 and last.method == "GET"):
        return _judge_answer(url, last)
    if last.is_challenge or last.status in {429, 999}:
        return Verdict(state=LinkState.BLOCKED, status=last.status, final_url=last.url)
    if last.method == "HEAD":
        return AskAgain(method="GET", delay=0.0)
    if last.status in GONE:
        if sum(attempt.status in GONE for attempt in attempts) < 2:
            return AskAgain(method="GET", delay=backoff)
        return Verdict(state=LinkState.DEAD, status=last.status, final_url=last.url)
    return Verdict(state=LinkState.BLOCKED, status=last.status, final_url=last.url)


def _judge_failure(attempts: Sequence[Attempt]) -> Verdict:
    last = attempts[-1]
    failures = [attempt for attempt in attempts if attempt.has_failed]
    if len(failures) > 1 and all(attempt.failure is FailureKind.NO_NAME for attempt in failures):
        return Verdict(state=LinkState.DEAD, final_url=last.url)
    host = f".{urlsplit(last.url).hostname or ''}"
    wall = last.status is not None and (last.is_challenge or host.endswith(_BOT_WALLS))
    return Verdict(
        state=LinkState.BLOCKED if wall else LinkState.UNREACHABLE,
        status=last.status,
        final_url=last.url,
    )


def _judge_answer(url: str, last: Attempt) -> Verdict:
    moved_to = _permanent_address(url, last)
    return Verdict(
        state=LinkState.OK if moved_to is None else LinkState.MOVED,
        status=last.status,
        final_url=moved_to or last.url,
    )


def _permanent_address(url: str, attempt: Attempt) -> str | None:
    """Return the address that only permanent redirects lead to, if it is worth recording.

    A deep page that is sent to a front page is most often a page that is gone: no advice then.
    """
    address: str | None = None
    for hop in attempt.hops:
        if hop.status not in _PERMANENT:
            break
        address = hop.url
    if address is None or (is_front_page(address) and not is_front_page(url)):
        return None
    fragment = urlsplit(url).fragment
    return f"{address}#{fragment}" if fragment else address


def _shorten(url: str) -> str:
    return url if len(url) <= _MAX_SHOWN else f"{url[:_MAX_SHOWN]}..."


def render_evidence(attempts: Sequence[Attempt], note: str = "") -> str:
    """Say on one line what the attempts met with."""
    return "; ".join(filter(None, [*(attempt.render() for attempt in attempts), note]))


def is_redirect(reply: Reply) -> bool:
    """Tell whether an answer names another address to ask instead."""
    return reply.status in _FOLLOWED and bool(reply.location)


def follow_redirect(start: Target, hops: Sequence[Hop], current: Target, reply: Reply) -> Target:
    """Return the target of a redirect; its addresses are checked when it is asked.

    A redirect from https to http is refused: its answer cannot be trusted.

    Raises:
        RequestFailure: it may not be followed, or was before.
    """
    if len(hops) >= _MAX_REDIRECTS:
        raise RequestFailure(FailureKind.REDIRECTS)
    location = (reply.location or "").replace(" ", "%20")
    if has_unwanted_characters(location):  # before urljoin, which would drop them
        reason = "a redirect with a control character or a backslash in its address"
        raise RequestFailure(FailureKind.REFUSED, reason)
    try:
        address = urljoin(current.url, location)
    except ValueError as error:
        raise RequestFailure(FailureKind.REFUSED, "a redirect to a broken URL") from error
    target = parse_target(address)
    if isinstance(target, Refusal):
        reason = f"a redirect to a bad address: {target.reason}"
        raise RequestFailure(FailureKind.REFUSED, reason)
    if current.scheme == "https" and target.scheme == "http":
        raise RequestFailure(FailureKind.REFUSED, "a redirect from https to http")
    if target.url in {start.url, *(hop.url for hop in hops)}:
        raise RequestFailure(FailureKind.REDIRECTS)
    return target
