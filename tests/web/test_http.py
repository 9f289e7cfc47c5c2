"""The guarded client: what it sends, what it takes for an answer, and its bounds."""

import socket
import ssl
import threading
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kdbot.web.addresses import AddressGuard, parse_networks, parse_target
from kdbot.web.http import FailureKind, HttpClient, Reply, RequestFailure, parse_retry_after
from kdbot.web.links import _wait_as_asked
from tests.rows import each
from tests.web.conftest import read_request

NOW = datetime(2025, 3, 1, 12, 0, tzinfo=UTC)
GUARD = AddressGuard(parse_networks(["127.0.0.0/8"]))


@pytest.fixture
def ask():
    """Ask a URL with one client, so that connections are kept."""
    client = HttpClient("kdbot/1", guard=GUARD)

    def ask(url, method="HEAD", *, seconds=5.0, **options):
        return client.ask(method, parse_target(url), accept="*/*", seconds=seconds, **options)

    yield ask
    client.close()


def test_E08_nothing_is_sent_that_is_not_named(origin, answer, ask, monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("no_proxy")
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    url = origin.answer("/a?b=%C3%A9", answer(200, b"x" * 10, Set_Cookie="a=b"))
    for _ in range(2):
        ask(origin.url("/a?b=é"))
        ask(url, "GET")
        ask(url, "GET", max_bytes=100)
        ask(url, "POST", body=b"{}", max_bytes=100)
    common = {
        "host": f"127.0.0.1:{origin.port}",
        "user-agent": "kdbot/1",
        "accept": "*/*",
        "accept-encoding": "identity",
    }
    head, part, whole, post = [asked.fields for asked in origin.asked[4:]]
    assert head == whole == common
    assert part == common | {"range": "bytes=0-65535", "connection": "close"}
    assert post == common | {"content-type": "application/json", "content-length": "2"}


@pytest.mark.parametrize(
    ("head", "reply"),
    [
        (b"HTTP/1.1 200 OK", Reply(status=200)),
        (b"HTTP/1.1 200", Reply(status=200)),
        (b"HTTP/1.0 200 OK", Reply(status=200)),
        (
            b"HTTP/1.1 301 Moved\r\nLOCATION:  /\xc3\xa9 \r\nLocation: /second",
            Reply(status=301, location="/é"),
        ),
        (b"HTTP/1.1 301 Moved\r\nLocation: /\xc3\x85/x", Reply(status=301, location="/Å/x")),
        (b"HTTP/1.1 302 Found\r\nlocation: /\xe9", Reply(status=302, location="/é")),
        (
            b"HTTP/1.1 403 No\r\ncf-mitigated: challenge",
            Reply(status=403, is_challenge=True),
        ),
        (b"HTTP/1.1 429 Slow\r\nRetry-After: 7", Reply(status=429, retry_after="7")),
        (b"HTTP/1.1 103 Hint\r\nLink: x\r\n\r\nHTTP/1.1 404 No", Reply(status=404)),
    ],
)
def test_heads(origin, ask, head, reply):
    url = origin.answer("/x", lambda connection, _: connection.sendall(head + b"\r\n\r\n"))
    assert ask(url) == reply


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        (b"", FailureKind.CONNECTION),
        (b"HTTP/1.1 200 OK\r\n", FailureKind.CONNECTION),
        (b"HTTP/1.1 200 OK\r\nContent-", FailureKind.CONNECTION),
        (b"HTTP/1.1 20\r\n\r\n", FailureKind.MALFORMED),
        (b"HTTP/2 200\r\n\r\n", FailureKind.MALFORMED),
        (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", FailureKind.MALFORMED),
        (b"HTTP/1.1 200 OK\r\nX: " + b"a" * 70_000 + b"\r\n\r\n", FailureKind.MALFORMED),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 20_000 + b"\r\n", FailureKind.MALFORMED),
    ],
)
def test_what_is_no_answer(origin, ask, sent, kind):
    url = origin.answer("/x", lambda connection, _: connection.sendall(sent))
    with pytest.raises(RequestFailure) as raised:
        ask(url)
    assert raised.value.kind is kind


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=200))
def test_no_bytes_are_more_than_an_answer_or_a_failure(data):
    for sent in (data, b"HTTP/1.1 200 OK\r\n" + data):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            thread = threading.Thread(target=_answer_once, args=(listener, sent))
            thread.start()
            client = HttpClient("kdbot/1", guard=GUARD)
            target = parse_target(f"http://127.0.0.1:{listener.getsockname()[1]}/")
            try:
                found = client.ask("HEAD", target, accept="*/*", seconds=5.0)
            except RequestFailure as failure:
                found = failure
            client.close()
            thread.join()
        if isinstance(found, Reply):
            assert 200 <= found.status <= 999
        else:
            assert found.kind in {FailureKind.MALFORMED, FailureKind.CONNECTION}


def _answer_once(listener, sent):
    connection, _ = listener.accept()
    with connection:
        connection.recv(4096)
        connection.sendall(sent)


@pytest.mark.parametrize("is_secure", [False, True], ids=["plain", "TLS"])
@pytest.mark.parametrize("part", ["head", "body"])
def test_E07_the_deadline_holds_against_a_drip(origin, certificate, part, is_secure):
    start = b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n" + (b"\r\n" if part == "body" else b"X: ")

    def drip(connection, stopping):
        connection.sendall(start)
        while not stopping.wait(0.05):
            connection.sendall(b"a")

    url = origin.answer("/x", drip)
    tls = None
    if is_secure:
        origin.use_tls(certificate)
        url = url.replace("http://127.0.0.1", "https://secure.example")
        tls = ssl.create_default_context(cafile=certificate)
    client = HttpClient("k", guard=GUARD, resolve=lambda _: ["127.0.0.1"], tls=tls)
    began = time.monotonic()
    with pytest.raises(RequestFailure) as raised:
        client.ask("GET", parse_target(url), accept="*/*", seconds=0.3, max_bytes=10_000)
    client.close()
    assert raised.value.kind is FailureKind.TIMEOUT
    assert 0.25 < time.monotonic() - began < 1.5


def test_E07_a_resolver_that_hangs_costs_no_more_than_the_time():
    released = threading.Event()
    client = HttpClient("k", guard=GUARD, resolve=lambda _: released.wait(10) and [])
    began = time.monotonic()
    with pytest.raises(RequestFailure, match="no answer in time"):
        client.ask("HEAD", parse_target("http://slow.example/"), accept="*/*", seconds=0.3)
    assert time.monotonic() - began < 1.5
    released.set()


def test_E07_no_body_is_decompressed(origin, answer, ask):
    url = origin.answer("/x", answer(200, b"\x1f\x8b" + b"\0" * 50, Content_Encoding="gzip"))
    with pytest.raises(RequestFailure, match="encoded as gzip"):
        ask(url, "GET", max_bytes=1000)


def test_a_kept_connection_that_was_closed_is_opened_again(origin, answer, ask):
    def answer_once(connection, _):
        connection.sendall(answer(200))

    url = origin.answer("/x", answer_once)
    assert [ask(url).status for _ in range(3)] == [200] * 3
    assert origin.connections == 3


def test_a_body_that_comes_late_after_a_head_is_no_answer_to_the_next_request(origin, answer, ask):
    def late_body(connection, stopping):
        connection.sendall(answer(200))
        assert read_request(connection)
        connection.sendall(b"<p>the body of the first</p>\r\n\r\n")
        stopping.wait(0.2)

    url = origin.answer("/x", late_body, answer(404))
    assert [ask(url).status for _ in range(2)] == [200, 404]


def test_E07_the_framing_of_a_body_is_bounded(origin, ask):
    start = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"1;" + b"x" * 5000 + b"\r\na\r\n"
    url = origin.answer("/x", lambda connection, _: connection.sendall(start + chunk * 100))
    with pytest.raises(RequestFailure, match="an answer over 67536 bytes") as raised:
        ask(url, "GET", max_bytes=1000)
    assert raised.value.kind is FailureKind.MALFORMED


def test_whole_bodies_keep_the_connection(origin, answer, ask):
    url = origin.answer("/x", answer(200, b"whole"))
    assert [ask(url, "GET", max_bytes=10).body for _ in range(3)] == [b"whole"] * 3
    assert origin.connections == 1


@each(
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


@each(
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
    reply = Reply(status=status, retry_after=retry_after)
    assert _wait_as_asked(reply, waits=waits, now=NOW) == wait
