"""What the checker asks, and what it makes of the answers."""

import socket
import threading
import time

import pytest

from kdbot.model.evidence import LinkState
from kdbot.web.addresses import AddressGuard, parse_networks
from kdbot.web.links import ProbeSettings, probe
from kdbot.web.pace import Pace


def cut_off(connection: socket.socket, _) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-")


def say_nothing(_, stopping) -> None:
    stopping.wait(30)


def test_an_answer_to_head_is_enough(origin, check, answer):
    url = origin.answer("/x", answer(200))
    result = check(url)[url]
    assert (result.state, result.status, result.attempts) == (LinkState.OK, 200, 1)
    assert result.final_url == url
    assert result.evidence == "HEAD: 200"
    assert origin.methods("/x") == ["HEAD"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 406, 410, 501, 503])
def test_head_has_not_the_last_word(origin, check, answer, status):
    url = origin.answer("/x", answer(200))
    origin.answer_head("/x", answer(status))
    assert check(url)[url].state is LinkState.OK
    assert origin.methods("/x") == ["HEAD", "GET"]


def test_a_page_that_answers_in_part_is_there(origin, check, answer):
    for path, status in (("/part", 206), ("/empty", 416)):
        origin.answer(path, answer(status))
        origin.answer_head(path, answer(405))
    results = check(origin.url("/part"), origin.url("/empty"))
    assert {result.state for result in results.values()} == {LinkState.OK}


def test_each_url_is_asked_once_however_often_it_is_named(origin, check, answer):
    url = origin.answer("/x", answer(200))
    assert list(check(url, url, url)) == [url]
    assert len(origin.asked) == 1


@pytest.mark.parametrize(
    ("statuses", "state", "final"),
    [
        ([301], LinkState.MOVED, "/1"),
        ([308], LinkState.MOVED, "/1"),
        ([302], LinkState.OK, "/1"),
        ([303], LinkState.OK, "/1"),
        ([307], LinkState.OK, "/1"),
        ([301, 308], LinkState.MOVED, "/2"),
        ([301, 302], LinkState.MOVED, "/1"),
        ([302, 301], LinkState.OK, "/2"),
    ],
)
def test_what_is_moved_for_good(origin, check, answer, statuses, state, final):
    for hop, status in enumerate(statuses):
        origin.answer(f"/{hop}", answer(status, Location=f"/{hop + 1}"))
    origin.answer(f"/{len(statuses)}", answer(200))
    result = check(origin.url("/0"))[origin.url("/0")]
    assert (result.state, result.final_url) == (state, origin.url(final))


def test_a_deep_page_that_leads_to_the_front_page_is_no_move(origin, check, answer):
    url = origin.answer("/deep", answer(301, Location="/"))
    origin.answer("/", answer(200))
    assert check(url)[url].state is LinkState.OK


def test_a_fragment_moves_along(origin, check, answer):
    url = origin.answer("/a", answer(301, Location="/b")) + "#part"
    origin.answer("/b", answer(200))
    assert check(url)[url].final_url == origin.url("/b#part")


def test_a_page_moved_to_one_that_is_gone_is_dead(origin, check, answer):
    url = origin.answer("/a", answer(301, Location="/b"))
    origin.answer("/b", answer(404))
    assert check(url)[url].state is LinkState.DEAD


def test_one_404_among_other_answers_is_not_death(origin, check, answer):
    url = origin.answer("/x", answer(404), answer(200))
    assert check(url)[url].state is LinkState.OK
    origin.answer("/y", answer(404))
    origin.answer_head("/y", answer(403))
    check(origin.url("/y"))
    assert origin.methods("/y") == ["HEAD", "GET", "GET"]


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (cut_off, "no connection"),
        (say_nothing, "no answer in time"),
        (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", "no valid HTTP answer"),
        (b"HTTP/2 200\r\n\r\n", "no valid HTTP answer"),
        (b"HTTP/1.1 20\r\n\r\n", "no valid HTTP answer"),
    ],
)
def test_two_failures_are_unreachable_and_one_is_forgiven(origin, check, answer, failure, kind):
    bad = origin.answer("/bad", failure)
    good = origin.answer("/good", failure, answer(200))
    results = check(bad, good, timeout=0.5)
    assert results[bad].state is LinkState.UNREACHABLE
    assert results[bad].evidence.count(kind) == 2
    assert results[good].state is LinkState.OK


def test_nobody_listens(check):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    url = f"http://127.0.0.1:{port}/"
    assert check(url)[url].state is LinkState.UNREACHABLE


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (socket.gaierror(socket.EAI_NONAME, "no name"), LinkState.DEAD),
        (socket.gaierror(socket.EAI_AGAIN, "try again"), LinkState.UNREACHABLE),
        (socket.gaierror(socket.EAI_FAIL, "failed"), LinkState.UNREACHABLE),
        (OSError("no network"), LinkState.UNREACHABLE),
    ],
)
def test_names(check, names, error, state):
    names["gone.example"] = error
    result = check("https://gone.example/")["https://gone.example/"]
    assert (result.state, result.status) == (state, None)


def test_G21_a_resolver_that_finds_no_name_at_all_says_nothing_of_a_link(check, names):
    unknown = socket.gaierror(socket.EAI_NONAME, "no name")
    names |= {"github.com": unknown, "gone.example": unknown}
    urls = ("https://github.com/a/b", "https://gone.example/")
    found = check(*urls)
    assert {found[url].state for url in urls} == {LinkState.UNREACHABLE}
    assert "the host name github.com could not be resolved" in found[urls[0]].evidence


def test_G21_a_name_that_does_not_exist_is_told_by_its_name(check, names):
    names["gone.example"] = socket.gaierror(socket.EAI_NONAME, "no name")
    found = check("https://gone.example/")["https://gone.example/"]
    assert found.state is LinkState.DEAD
    assert "the host name gone.example could not be resolved" in found.evidence


def test_a_name_that_comes_back_is_not_dead(origin, check, names, answer):
    answers = iter([socket.gaierror(socket.EAI_NONAME, "no name"), ["127.0.0.1"]])
    names["late.example"] = lambda: next(answers)
    origin.answer("/x", answer(200))
    url = origin.url("/x", host="late.example")
    assert check(url)[url].state is LinkState.OK


def test_a_429_is_waited_for_and_pauses_its_whole_host(origin, check, answer):
    moments = []

    def limited(connection, _):
        moments.append(time.monotonic())
        connection.sendall(answer(429, Retry_After="1", Connection="close"))

    def noted(connection, _):
        moments.append(time.monotonic())
        connection.sendall(answer(200, Connection="close"))

    first = origin.answer("/first", limited, noted)
    others = [origin.answer(f"/{n}", noted) for n in range(3)]
    results = check(first, *others, pace=Pace(at_a_time=1, interval=0.05))
    assert {result.state for result in results.values()} == {LinkState.OK}
    assert moments[1] - moments[0] >= 1.0


def test_a_wait_beyond_the_bound_is_not_taken(origin, check, answer):
    url = origin.answer("/x", answer(429, Retry_After="120"))
    began = time.monotonic()
    assert check(url, max_wait=60.0)[url].state is LinkState.BLOCKED
    assert time.monotonic() - began < 1


def test_a_host_that_limits_for_ever_is_given_up(origin, check, answer):
    urls = [origin.answer(f"/{n}", answer(429, Retry_After="999")) for n in range(50)]
    results = check(*urls, pace=Pace(at_a_time=1, interval=0.0))
    assert {result.state for result in results.values()} == {LinkState.BLOCKED}
    assert len(origin.asked) < 10


def test_a_host_that_never_answers_is_given_up(origin, check):
    urls = [origin.answer(f"/{n}", say_nothing) for n in range(60)]
    began = time.monotonic()
    results = check(*urls, timeout=0.3)
    assert {result.state for result in results.values()} == {LinkState.UNREACHABLE}
    assert time.monotonic() - began < 4
    assert len(origin.asked) < 40


def test_no_more_than_four_at_a_time_and_50_ms_apart(origin, check, answer):
    lock, now, most, starts = threading.Lock(), [0], [0], []

    def slow(connection, stopping):
        with lock:
            starts.append(time.monotonic())
            now[0] += 1
            most[0] = max(most[0], now[0])
        stopping.wait(0.3)
        with lock:
            now[0] -= 1
        connection.sendall(answer(200, Connection="close"))

    check(*[origin.answer(f"/{n}", slow) for n in range(12)], pace=Pace())
    assert most[0] == 4
    # The server sees what threads and the network make of 50 ms; test_pace holds each of them.
    starts.sort()
    assert all(later - earlier > 0.1 for earlier, later in zip(starts, starts[3:], strict=False))


def test_a_silent_link_is_asked_again_before_the_first_timeout(origin, check):
    url = origin.answer("/x", say_nothing)
    began = time.monotonic()
    result = check(url, timeout=1.0)[url]
    assert result.state is LinkState.UNREACHABLE
    assert origin.methods("/x") == ["HEAD", "GET"]
    assert 1.0 < time.monotonic() - began < 1.9


def test_the_slow_and_the_failing_of_last_time_are_started_first(origin, check, answer):
    urls = [origin.answer(f"/{n}", answer(200)) for n in range(6)]
    known = {urls[4]: 10.0, urls[2]: 3.0, urls[1]: 0.2}
    check(*urls, known=known, pace=Pace(at_a_time=1, interval=0.0))
    assert [asked.path for asked in origin.asked] == ["/4", "/2", "/0", "/1", "/3", "/5"]


def test_connections_are_kept(origin, check, answer):
    urls = [origin.answer(f"/{n}", answer(200)) for n in range(40)]
    check(*urls)
    assert origin.connections <= 4


def test_a_kept_connection_that_was_closed_costs_no_attempt(origin, check, answer):
    def answer_once(connection, _):
        connection.sendall(answer(200))

    urls = [origin.answer(f"/{n}", answer_once) for n in range(6)]
    results = check(*urls, attempts=1, pace=Pace(at_a_time=1, interval=0.02))
    assert {result.state for result in results.values()} == {LinkState.OK}


@pytest.mark.parametrize("rest", [b"surplus", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_what_follows_an_answer_is_not_taken_for_the_next(origin, check, answer, rest):
    def answer_with_more(connection, stopping):
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + rest)
        stopping.wait(0.2)

    first = origin.answer("/a", answer_with_more)
    gone = origin.answer("/b", answer(404))
    results = check(first, gone, pace=Pace(at_a_time=1, interval=0.0))
    assert results[gone].state is LinkState.DEAD


def test_who_speaks_before_being_asked_speaks_no_HTTP(check):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"

        def greet():
            for _ in range(2):
                connection, _ = listener.accept()
                with connection:
                    connection.sendall(b"220 mail.example ESMTP\r\n\r\n")
                    connection.recv(1)

        thread = threading.Thread(target=greet)
        thread.start()
        result = check(url)[url]
        thread.join()
    assert result.state is LinkState.UNREACHABLE
    assert result.seconds < 5


def test_a_name_with_both_families_is_asked_over_the_one_that_works(origin, check, names, answer):
    names["both.example"] = ["::1", "127.0.0.1"]
    url = origin.url("/x", host="both.example")
    origin.answer("/x", answer(200))
    assert check(url, allow=("127.0.0.0/8", "::1/128"))[url].state is LinkState.OK


def test_interim_answers_are_passed_over(origin, check, answer):
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
    url = origin.answer("/x", hints + answer(404))
    origin.answer_head("/x", lambda c, _: c.sendall(hints + answer(404)))
    assert check(url)[url].status == 404


def test_at_the_deadline_the_rest_is_unreachable(origin, check, answer):
    good, bad = origin.answer("/good", answer(200)), origin.answer("/bad", say_nothing)
    results = check(good, bad, timeout=30.0, deadline=0.5)
    assert results[good].state is LinkState.OK
    assert results[bad].state is LinkState.UNREACHABLE
    assert results[bad].evidence.endswith("out of time")


def test_G02_a_bug_at_one_link_is_told_there_and_harms_no_other(origin, check, names, answer):
    def fail():
        raise ZeroDivisionError("of the test")

    names["broken.example"] = fail
    good = [origin.answer(f"/{n}", answer(200)) for n in range(3)]
    bad = "https://broken.example/"
    results = check(good[0], bad, *good[1:], deadline=10.0)
    assert {results[url].state for url in good} == {LinkState.OK}
    assert results[bad].state is LinkState.UNREACHABLE
    assert results[bad].evidence == "a bug in this program: ZeroDivisionError: of the test"


def test_G02_what_the_listener_raises_ends_the_run(origin, answer):
    def hear(_):
        raise BrokenPipeError

    url = origin.answer("/x", answer(200))
    settings = ProbeSettings(guard=AddressGuard(parse_networks(["127.0.0.0/8"])), deadline=10.0)
    for urls in ([url], ["file:///x"]):
        with pytest.raises(BrokenPipeError):
            probe(urls, settings, on_result=hear)


@pytest.mark.parametrize(
    "told",
    [
        "Sat, 01 Mar 99999999999999999999 12:00:30 GMT",
        "Fri, 31 Dec 9999 23:59:59 -2359",
    ],
)
def test_G02_a_date_that_overflows_is_no_date(origin, check, answer, told):
    slow = origin.answer("/slow", answer(503, Retry_After=told))
    good = [origin.answer(f"/{n}", answer(200)) for n in range(20)]
    results = check(slow, *good, "https://example.org/\ud800", deadline=20.0)
    assert {results[url].state for url in good} == {LinkState.OK}
    assert (results[slow].state, results[slow].status) == (LinkState.UNREACHABLE, 503)
