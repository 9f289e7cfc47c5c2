"""The pace of the requests, under a clock of the test."""

import heapq
import itertools
from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kdbot.web.pace import HostStatistics, Pace, Schedule, Urgency


def simulate(jobs, *, concurrency=128, pauses=(), is_broken_off=False):
    """Run (host, urgency, seconds) jobs and give (host, index, start, end) of each."""
    log, under_way, now = [], [], 0.0
    schedule = Schedule(concurrency=concurrency, pace_of=lambda _: Pace())
    for host, until in pauses:
        schedule.pause(host, until)
    for index, job in enumerate(jobs):
        schedule.put(job[0], job[1], (index, job))
    while len(log) < len(jobs):
        while under_way and under_way[0][0] <= now:
            _, host = heapq.heappop(under_way)
            schedule.release(host, now, is_broken_off=is_broken_off)
        while (taken := schedule.take(now)) is not None:
            index, (host, _, seconds) = taken
            log.append((host, index, now, now + seconds))
            heapq.heappush(under_way, (now + seconds, host))
        due = [time for time in (schedule.next_time(), *(at for at, _ in under_way[:1])) if time]
        now = max(now, min(due, default=now))
    return sorted(log, key=lambda entry: (entry[2], entry[1]))


JOBS = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.sampled_from(Urgency),
        st.sampled_from([0.0, 0.01, 0.2, 3.0]),
    ),
    min_size=1,
    max_size=60,
)


@settings(deadline=None)
@given(jobs=JOBS, concurrency=st.integers(1, 9))
def test_no_limit_is_ever_passed_and_nothing_is_lost(jobs, concurrency):
    log = simulate(jobs, concurrency=concurrency)
    assert sorted(index for _, index, _, _ in log) == list(range(len(jobs)))
    per_host = defaultdict(list)
    for host, _, began, ended in log:
        per_host[host].append((began, ended))
    for spans in per_host.values():
        for (earlier, _), (later, _) in itertools.pairwise(spans):
            assert later - earlier >= 0.05 - 1e-6
        assert most_at_once(spans) <= 4
    assert most_at_once([span for spans in per_host.values() for span in spans]) <= concurrency


def most_at_once(spans):
    changes = sorted(
        [(began, 1) for began, ended in spans if ended > began]
        + [(ended, -1) for began, ended in spans if ended > began]
    )
    return max(itertools.accumulate((change for _, change in changes), initial=0))


def test_what_is_urgent_starts_first():
    jobs = [("a", urgency, 0.0) for urgency in reversed(Urgency)]
    order = [index for _, index, _, _ in simulate(jobs)]
    assert order == [3, 2, 1, 0]


def test_a_paused_host_starts_nothing_and_the_others_go_on():
    jobs = [("a", Urgency.RETRY, 0.0), ("b", Urgency.FIRST, 0.0)]
    log = {host: began for host, _, began, _ in simulate(jobs, pauses=[("a", 30.0)])}
    assert log["a"] == pytest.approx(30.0)
    assert log["b"] == 0.0


def test_a_host_takes_no_longer_than_its_pace():
    jobs = [("a", Urgency.FIRST, 0.1)] * 100
    log = simulate(jobs)
    assert log[-1][3] == pytest.approx(99 * 0.05 + 0.1, abs=0.01)


def test_ten_times_the_links_on_ten_times_the_hosts_take_no_longer():
    def last(hosts):
        jobs = [(f"h{n % hosts}", Urgency.FIRST, 0.05) for n in range(50 * hosts)]
        return max(entry[3] for entry in simulate(jobs, concurrency=10_000))

    assert last(400) == pytest.approx(last(40), rel=0.01)


def test_a_job_waits_for_its_time():
    schedule = Schedule(concurrency=1, pace_of=lambda _: Pace())
    schedule.put("a", Urgency.FIRST, "late", at=7.0)
    assert (schedule.take(6.9), schedule.next_time()) == (None, 7.0)
    assert schedule.take(7.0) == "late"


def test_a_slot_whose_answer_was_broken_off_stays_taken_for_an_interval():
    jobs = [("a", Urgency.FIRST, 1.0)] * 8
    ends = {flag: simulate(jobs, is_broken_off=flag)[-1][2] for flag in (False, True)}
    assert ends[True] == pytest.approx(ends[False] + 0.05)


def test_a_host_that_goes_on_limiting_is_told_from_one_that_was_paused_in_time():
    early, late = HostStatistics(), HostStatistics()
    for _ in range(20):
        early.add_answer(is_limited=True, is_paused=True)
    for _ in range(4):
        late.add_answer(is_limited=True, is_paused=False)
    assert (early.limits, late.limits) == (False, True)
    late.add_answer(is_limited=False, is_paused=False)
    assert not late.limits
