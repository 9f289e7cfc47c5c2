"""Threats E01 to E10 against the running checker: a server on loopback, a resolver of the test."""

import itertools
import json
import socket
import ssl
import time

import pytest

from kdbot.model.evidence import LinkState
from kdbot.web.addresses import parse_target
from kdbot.web.http import FailureKind, Reply, RequestFailure
from kdbot.web.pace import Pace, Schedule, Urgency
from kdbot.web.selection import cap_links
from kdbot.web.verdicts import follow_redirect


@pytest.mark.parametrize(
    ("host", "address"),
    [
        pytest.param("localhost", "127.0.0.1", id="E01-localhost"),
        pytest.param("127.0.0.1", "127.0.0.1", id="E01-literal"),
        pytest.param("[::1]", "::1", id="E01-ipv6"),
        pytest.param("metadata.internal", "169.254.169.254", id="E01-metadata"),
        pytest.param("0x7f000001", "127.0.0.1", id="E02-hexadecimal"),
        pytest.param("2130706433", "127.0.0.1", id="E02-decimal"),
        pytest.param("127.1", "127.0.0.1", id="E02-short"),
        pytest.param("0177.0.0.1", "127.0.0.1", id="E02-octal"),
        pytest.param("①②⑦.⓪.⓪.①", "127.0.0.1", id="E02-circled"),
        pytest.param("１２７.0.0.1", "127.0.0.1", id="E02-full-width"),
    ],
)
def test_the_resolved_address_is_what_counts(origin, check, names, host, address):
    names.update({host.strip("[]"): [address], "127.0.0.1": ["127.0.0.1"]})
    for url in (f"http://{host}/", f"http://{host}:{origin.port}/"):
        assert check(url, allow=())[url].state is LinkState.REFUSED
    assert origin.connections == 0


def test_E03_a_redirect_to_a_private_address_is_refused(origin, check, answer):
    url = origin.answer("/out", answer(302, Location="http://10.0.0.1/"))
    assert check(url)[url].state is LinkState.REFUSED
    assert "10.0.0.1" in check(url)[url].evidence


@pytest.mark.parametrize(
    "location",
    [
        pytest.param("http://user@127.0.0.1/", id="E03-userinfo"),
        pytest.param("file:///etc/passwd", id="E03-file"),
        pytest.param("http://exam\tple.org/", id="E03-tab"),
        pytest.param("http://127.0.0.1\\@example.org/", id="E03-backslash"),
        pytest.param("http://[::1/", id="E03-invalid"),
        pytest.param("http://8.8.8.8:22/", id="E03-port"),
    ],
)
def test_a_redirect_to_a_bad_address_is_refused(origin, check, answer, location):
    url = origin.answer("/out", answer(301, Location=location))
    assert check(url)[url].state is LinkState.REFUSED


@pytest.mark.parametrize(
    ("hops", "state"),
    [
        pytest.param(5, LinkState.OK, id="E03-five-hops"),
        pytest.param(6, LinkState.UNREACHABLE, id="E03-six-hops"),
        pytest.param(11, LinkState.UNREACHABLE, id="E03-eleven-hops"),
    ],
)
def test_redirects_are_bounded(origin, check, answer, hops, state):
    for hop in range(hops):
        origin.answer(f"/{hop}", answer(302, Location=f"/{hop + 1}"))
    origin.answer(f"/{hops}", answer(200))
    assert check(origin.url("/0"))[origin.url("/0")].state is state


def test_E03_a_loop_ends(origin, check, answer):
    origin.answer("/a", answer(301, Location="/b"))
    origin.answer("/b", answer(301, Location="/a"))
    url = origin.url("/a")
    assert check(url)[url].state is LinkState.UNREACHABLE
    assert len(origin.asked) <= 4


def test_E03_no_way_back_from_https_to_http():
    start = parse_target("https://example.org/a")
    reply = Reply(status=301, location="http://example.org/a")
    with pytest.raises(RequestFailure, match="https to http") as raised:
        follow_redirect(start, (), start, reply)
    assert raised.value.kind is FailureKind.REFUSED


def test_E04_a_name_that_changes_its_mind_is_resolved_once(origin, check, names, answer):
    answers = itertools.chain([["127.0.0.1"]], itertools.repeat(["169.254.169.254"]))
    names["rebind.example"] = lambda: next(answers)
    urls = [origin.url(f"/{n}", host="rebind.example") for n in range(5)]
    for n in range(5):
        origin.answer(f"/{n}", answer(302, Location="/end"))
    origin.answer("/end", answer(200))
    assert {result.state for result in check(*urls).values()} == {LinkState.OK}
    assert {asked.fields["host"] for asked in origin.asked} == {f"rebind.example:{origin.port}"}


def test_E05_one_private_address_among_public_ones(check, names):
    names["mixed.example"] = ["8.8.8.8", "192.168.0.1"]
    assert check("https://mixed.example/")["https://mixed.example/"].state is LinkState.REFUSED


def endless(data, pause=0.0):
    def act(connection: socket.socket, stopping) -> None:
        while not stopping.is_set():
            connection.sendall(data)
            if pause:
                stopping.wait(pause)

    return act


def start(data, then):
    def act(connection, stopping) -> None:
        connection.sendall(data)
        then(connection, stopping)

    return act


@pytest.mark.parametrize(
    ("act", "state"),
    [
        pytest.param(endless(b"", 0.05), LinkState.UNREACHABLE, id="E07-silence"),
        pytest.param(
            start(b"HTTP/1.1 200 OK\r\nX: ", endless(b"a", 0.05)),
            LinkState.UNREACHABLE,
            id="E07-slow-loris",
        ),
        pytest.param(endless(b"H", 0.05), LinkState.UNREACHABLE, id="E07-slow-status"),
        pytest.param(
            start(b"HTTP/1.1 200 OK\r\n", endless(b"X: " + b"a" * 65536 + b"\r\n")),
            LinkState.UNREACHABLE,
            id="E07-endless-headers",
        ),
        pytest.param(endless(b"a" * 65536), LinkState.UNREACHABLE, id="E07-one-endless-line"),
        pytest.param(
            endless(b"HTTP/1.1 100 Continue\r\n\r\n"), LinkState.UNREACHABLE, id="E07-interim"
        ),
        pytest.param(
            start(b"HTTP/1.1 200 OK\r\n\r\n", endless(b"a" * 65536)), LinkState.OK, id="E07-body"
        ),
        pytest.param(
            start(
                b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b",
                endless(b"\x00" * 65536),
            ),
            LinkState.OK,
            id="E07-gzip-bomb",
        ),
        pytest.param(
            start(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", endless(b"", 0.05)),
            LinkState.OK,
            id="E07-promised-body",
        ),
    ],
)
@pytest.mark.parametrize("first", ["HEAD", "GET"])
def test_an_endless_answer_costs_two_timeouts_at_most(origin, check, answer, act, state, first):
    url = origin.answer("/x", act)
    if first == "GET":
        origin.answer_head("/x", answer(405))
    began = time.monotonic()
    result = check(url, timeout=0.3)[url]
    assert result.state is state
    assert time.monotonic() - began < 2


def test_E07_a_get_asks_for_64_KiB(origin, check, answer):
    url = origin.answer("/x", answer(200))
    origin.answer_head("/x", answer(405))
    check(url)
    get = origin.asked[-1]
    assert (get.method, get.fields["range"]) == ("GET", "bytes=0-65535")
    assert get.fields["accept-encoding"] == "identity"


def test_E08_nothing_is_told_to_strangers(origin, check, answer, monkeypatch):
    monkeypatch.setenv("GITHUB_TOKEN", "secret")
    url = origin.answer("/a", answer(302, Location="/b", Set_Cookie="a=b"))
    origin.answer("/b", answer(404))
    check(url, user_agent="kdbot/1 (+https://github.com/some/list)")
    assert len(origin.asked) >= 4
    for asked in origin.asked:
        assert set(asked.fields) <= {
            *("host", "user-agent", "accept", "accept-encoding", "range", "connection")
        }
        assert asked.fields["user-agent"] == "kdbot/1 (+https://github.com/some/list)"
        assert "secret" not in json.dumps(dict(asked.fields))


@pytest.mark.parametrize(
    ("status", "state"),
    [
        pytest.param(401, LinkState.BLOCKED, id="E09-401"),
        pytest.param(403, LinkState.BLOCKED, id="E09-403"),
        pytest.param(429, LinkState.BLOCKED, id="E09-429"),
        pytest.param(451, LinkState.BLOCKED, id="E09-451"),
        pytest.param(999, LinkState.BLOCKED, id="E09-999"),
        pytest.param(500, LinkState.UNREACHABLE, id="E09-500"),
        pytest.param(503, LinkState.UNREACHABLE, id="E09-503"),
        pytest.param(404, LinkState.DEAD, id="E09-404"),
        pytest.param(410, LinkState.DEAD, id="E09-410"),
    ],
)
def test_only_what_is_gone_is_dead(origin, check, answer, status, state):
    url = origin.answer("/x", answer(status, Retry_After="3600"))
    result = check(url)[url]
    assert (result.state, result.status) == (state, status)
    if state is LinkState.DEAD:
        assert len(origin.methods("/x")) == 2


@pytest.mark.parametrize(
    ("host", "trusted", "state"),
    [
        pytest.param("secure.example", True, LinkState.OK, id="E09-certificate"),
        pytest.param("secure.example", False, LinkState.UNREACHABLE, id="E09-untrusted"),
        pytest.param("other.example", True, LinkState.UNREACHABLE, id="E09-other-name"),
    ],
)
def test_a_glitch_of_TLS_is_not_death(
    origin, check, names, answer, certificate, host, trusted, state
):
    origin.use_tls(certificate)
    origin.answer("/x", answer(200))
    names[host] = ["127.0.0.1"]
    client = ssl.create_default_context(cafile=certificate if trusted else None)
    url = f"https://{host}:{origin.port}/x"
    result = check(url, tls=client)[url]
    assert result.state is state
    # The connection is made to the address that was checked, but the name is what is asked for.
    assert set(origin.asked_names) == {host}
    assert (state is LinkState.OK) != ("TLS failed" in result.evidence)


def test_E09_a_bot_wall_hides_what_it_hides(origin, check, names, answer):
    names["openreview.net"] = ["127.0.0.1"]
    url = origin.url("/forum?id=x", host="openreview.net")
    origin.answer("/forum?id=x", answer(503))
    assert check(url)[url].state is LinkState.BLOCKED


def test_E10_arxiv_pages_are_3_s_apart():
    pace = Pace(at_a_time=1, interval=3.0)
    schedule = Schedule(concurrency=128, pace_of=lambda _: pace)
    for job in range(500):
        schedule.put("arxiv.org", Urgency.FIRST, job)
    started, now = [], 0.0
    while len(started) < 500:
        while schedule.take(now) is not None:
            started.append(now)
            schedule.release("arxiv.org", now)
        now = schedule.next_time()
    gaps = [later - earlier for earlier, later in itertools.pairwise(started)]
    assert min(gaps) >= 3.0 - 1e-6
    assert started[-1] < 3.0 * 499 + 1


def test_E10_500_links_of_one_contributor_are_capped():
    urls = [f"https://one.example/{n}" for n in range(400)]
    urls += [f"https://h{n}.example/" for n in range(100)]
    kept = cap_links(urls, limit=60, limit_per_host=20)
    assert len(kept) == 60
    assert sum("one.example" in url for url in kept) == 20
    assert set(kept) <= set(urls)
