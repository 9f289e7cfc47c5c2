"""Requests and heads of answers as text."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kdbot.web.addresses import parse_target
from kdbot.web.http_head import (
    MalformedAnswerError,
    ResponseHead,
    find_end_of_head,
    parse_response_head,
    parse_retry_after,
    render_request,
)
from kdbot.web.temper import Temper, wait_as_told

NOW = datetime(2025, 3, 1, 12, 0, tzinfo=UTC)


def test_a_request_is_six_lines_at_most():
    target = parse_target("https://example.org/a?b=é")
    assert render_request("HEAD", target, "kdbot/1") == (
        b"HEAD /a?b=%C3%A9 HTTP/1.1\r\n"
        b"Host: example.org\r\n"
        b"User-Agent: kdbot/1\r\n"
        b"Accept: text/html, */*;q=0.8\r\n"
        b"Accept-Encoding: identity\r\n"
        b"\r\n"
    )
    assert render_request("GET", target, "kdbot/1").endswith(
        b"Range: bytes=0-65535\r\nConnection: close\r\n\r\n"
    )


@pytest.mark.parametrize(
    ("data", "head"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n", ResponseHead(status=200, keeps_alive=True)),
        (b"HTTP/1.1 200\n\n", ResponseHead(status=200, keeps_alive=True)),
        (b"HTTP/1.0 200 OK\r\n\r\n", ResponseHead(status=200)),
        (b"HTTP/1.1 200 OK\r\nConnection: Close\r\n\r\n", ResponseHead(status=200)),
        (
            b"HTTP/1.1 301 Moved\r\nLOCATION:  /\xc3\xa9 \r\nLocation: /second\r\n\r\n",
            ResponseHead(status=301, location="/é", keeps_alive=True),
        ),
        (
            b"HTTP/1.1 302 Found\r\nlocation: /\xe9\r\n\r\n",
            ResponseHead(status=302, location="/é", keeps_alive=True),
        ),
        (
            b"HTTP/1.1 403 No\r\ncf-mitigated: challenge\r\nno colon\r\n folded\r\n\r\n",
            ResponseHead(status=403, is_challenge=True, keeps_alive=True),
        ),
        (
            b"HTTP/1.1 429 Slow\r\nRetry-After: 7\r\n\r\n",
            ResponseHead(status=429, retry_after="7", keeps_alive=True),
        ),
    ],
)
def test_heads(data, head):
    assert parse_response_head(data) == head


@given(data=st.binary(max_size=200))
def test_no_bytes_break_the_reader(data):
    for text in (data, b"HTTP/1.1 200 OK\r\n" + data):
        try:
            assert 100 <= parse_response_head(text).status <= 999
        except MalformedAnswerError:
            assert not text.startswith(b"HTTP/1.1 200 OK\r\n")


@pytest.mark.parametrize(
    ("data", "end"),
    [(b"", -1), (b"a\r\n", -1), (b"a\r\n\r\nb", 5), (b"a\n\nb", 3), (b"a\r\n\nb", 4)],
)
def test_end_of_head(data, end):
    assert find_end_of_head(data) == end


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("0", 0.0),
        ("120", 120.0),
        ("-1", None),
        ("1.5", None),
        ("1e9", None),
        ("٣", None),
        ("9" * 30, None),
        ("soon", None),
        ("", None),
        ("Sat, 01 Mar 2025 12:00:30 GMT", 30.0),
        ("Sat, 01 Mar 2025 11:00:00 GMT", 0.0),
        ("Sat, 01 Mar 2025 12:00:30 -0000", 30.0),
        ("Sat, 99 Mar 2025 12:00:30 GMT", None),
        pytest.param("Sat, 01 Mar 99999 12:00:30 GMT", None, id="G02-year"),
        pytest.param(f"Sat, 01 Mar {'9' * 25} 12:00:30 GMT", None, id="G02-long-year"),
        pytest.param("Fri, 31 Dec 9999 23:59:59 -9959", None, id="G02-zone"),
        pytest.param("Mon, 01 Jan 0001 00:00:00 +2359", 0.0, id="G02-zone-before-year-one"),
        pytest.param(f"Sat, 01 Mar 2025 12:00:30 +{'9' * 25}", None, id="G02-long-zone"),
    ],
)
def test_retry_after(value, seconds):
    assert parse_retry_after(value, NOW) == seconds


@given(
    value=st.one_of(
        st.text(max_size=40),
        st.from_regex(
            r"(Sat, )?[0-9]{1,3} (Mar|Dec|xx) [0-9]{1,25} [0-9]{1,3}:[0-9]{2}(:[0-9]{1,12})?"
            r" (GMT|UTC|[+-][0-9]{1,25})",
            fullmatch=True,
        ),
    )
)
def test_G02_no_retry_after_raises(value):
    seconds = parse_retry_after(value, NOW)
    assert seconds is None or seconds >= 0


@pytest.mark.parametrize(
    ("status", "retry_after", "waits", "wait"),
    [
        (429, "3", 0, 3.0),
        (429, "3", 1, 3.0),
        (429, "3", 2, None),
        (429, None, 0, 5.0),
        (429, None, 1, 10.0),
        (503, "3", 0, 3.0),
        (503, None, 0, None),
        (500, "3", 0, None),
        (200, "3", 0, None),
    ],
)
def test_how_long_a_host_is_left_alone(status, retry_after, waits, wait):
    head = ResponseHead(status=status, retry_after=retry_after)
    assert wait_as_told(head, waits=waits, now=NOW) == wait


def test_patience_follows_the_host():
    quick, slow, unknown = Temper(), Temper(), Temper()
    for _ in range(50):
        quick.hear(0.05, is_limited=False, is_paused=False)
        slow.hear(2.0, is_limited=False, is_paused=False)
    assert quick.patience(least=0.5, most=3.0) == 0.5
    assert slow.patience(least=0.5, most=3.0) == pytest.approx(2.0, abs=0.1)
    assert slow.patience(least=0.5, most=1.0) == 1.0
    assert unknown.patience(least=0.5, most=3.0) == 3.0
