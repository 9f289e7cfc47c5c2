"""Requests and the heads of their answers as text, without a socket (RFC 9112).

Only what a verdict needs is read. A body is never decoded, so nothing in one can do harm.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from kdbot.web.addresses import Target

Method = Literal["HEAD", "GET"]

LARGEST_HEAD = 64 * 1024
"""Bytes of headers that are read before the server is given up."""
LARGEST_BODY = 64 * 1024
"""Bytes that a GET asks for; its connection is closed after the head all the same."""

_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_STATUS_LINE = re.compile(rb"HTTP/1\.([01]) ([1-9][0-9]{2})(?: .*)?")


class MalformedAnswerError(Exception):
    """What came back is not the head of an HTTP answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseHead:
    """The part of an answer's head that a verdict rests on."""

    status: int
    location: str | None = None
    retry_after: str | None = None
    is_challenge: bool = False
    """Whether a bot wall says of itself that it stands here (Cloudflare's `cf-mitigated`)."""
    keeps_alive: bool = False


def render_request(method: Method, target: Target, user_agent: str) -> bytes:
    """Write the head of a request: no cookie, no referrer, no authorization, no compression."""
    lines = [
        f"{method} {target.path} HTTP/1.1",
        f"Host: {target.authority}",
        f"User-Agent: {user_agent}",
        "Accept: text/html, */*;q=0.8",
        "Accept-Encoding: identity",
    ]
    if method == "GET":
        lines += [f"Range: bytes=0-{LARGEST_BODY - 1}", "Connection: close"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii", "replace")


def find_end_of_head(data: bytes | bytearray, start: int = 0) -> int:
    """Give the offset behind the first empty line at or after `start`, or -1."""
    match = _END_OF_HEAD.search(data, start)
    return match.end() if match else -1


def parse_response_head(data: bytes) -> ResponseHead:
    """Read the head of an answer.

    Raises:
        MalformedAnswerError: its first line is not one of HTTP/1.
    """
    first, *lines = data.split(b"\n")
    match = _STATUS_LINE.fullmatch(first.rstrip(b"\r"))
    if match is None:
        raise MalformedAnswerError
    fields: dict[bytes, str] = {}
    for line in lines:
        name, colon, value = line.partition(b":")
        if colon:
            fields.setdefault(name.strip().lower(), _decode(value.strip()))
    return ResponseHead(
        status=int(match[2]),
        location=fields.get(b"location"),
        retry_after=fields.get(b"retry-after"),
        is_challenge=fields.get(b"cf-mitigated") == "challenge",
        keeps_alive=match[1] == b"1" and "close" not in fields.get(b"connection", "").lower(),
    )


def _decode(value: bytes) -> str:
    # Header fields are ASCII by the book, but servers write addresses in UTF-8.
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def parse_retry_after(value: str | None, now: datetime) -> float | None:
    """Read a `Retry-After` field as seconds from `now` (RFC 9110, 10.2.3), or None.

    A date whose year, time or zone is past what Python can hold is no date.
    """
    if value is None:
        return None
    if re.fullmatch(r"[0-9]{1,9}", value):
        return float(value)
    from email.utils import parsedate_to_datetime

    try:
        moment = parsedate_to_datetime(value)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return max(0.0, (moment - now).total_seconds())
    except (ValueError, OverflowError):
        return None
