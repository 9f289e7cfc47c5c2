"""Where a redirect leads, and whether it may be followed."""

from collections.abc import Sequence
from urllib.parse import urljoin

from kdbot.web.addresses import Refusal, Target, has_unwanted_characters, parse_target
from kdbot.web.http_head import ResponseHead
from kdbot.web.verdicts import Hop, Mishap

MOST_REDIRECTS = 5

_FOLLOWED = frozenset({301, 302, 303, 307, 308})


def is_redirect(head: ResponseHead) -> bool:
    """Tell whether an answer names another address to ask instead."""
    return head.status in _FOLLOWED and bool(head.location)


def follow_redirect(
    start: Target, hops: Sequence[Hop], current: Target, location: str
) -> Target | Refusal | Mishap:
    """Give the target of a redirect; its addresses are checked when it is asked.

    A redirect from https to http is refused: what is found there is nobody's word.
    """
    if len(hops) >= MOST_REDIRECTS:
        return Mishap.REDIRECTS
    location = location.replace(" ", "%20")
    if has_unwanted_characters(location):  # before urljoin, which would drop them
        return Refusal(reason="a redirect with a control character or a backslash in its address")
    try:
        address = urljoin(current.url, location)
    except ValueError:
        return Refusal(reason="a redirect to no valid URL")
    target = parse_target(address)
    if isinstance(target, Refusal):
        return Refusal(reason=f"a redirect to a bad address: {target.reason}")
    if current.scheme == "https" and target.scheme == "http":
        return Refusal(reason="a redirect from https to http")
    if target.url in {start.url, *(hop.url for hop in hops)}:
        return Mishap.REDIRECTS
    return target
