"""The pace of the requests, under a clock that leaps."""

import asyncio
import itertools
from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kdbot.web.schedule import Pace, Schedule, Urgency


def simulate(run_in_leaps, jobs, *, concurrency=128, pauses=()):
    """Run (host, urgency, seconds) jobs and give (host, index, start, end) of each."""
    log = []

    async def main():
        loop = asyncio.get_running_loop()
        done = asyncio.Event()

        async def serve(job):
            index, (host, _, seconds) = job
            began = loop.time()
            await asyncio.sleep(seconds)
            log.append((host, index, began, loop.time()))
            if len(log) == len(jobs):
                done.set()
            return False

        schedule = Schedule(
            serve,
            lambda _: True,
            concurrency=concurrency,
            pace_of=lambda _: Pace(),
            on_bug=lambda _: done.set(),
        )
        for host, seconds in pauses:
            schedule.pause(host, seconds)
        for index, job in enumerate(jobs):
            schedule.put(job[0], job[1], (index, job))
        await done.wait()
        await schedule.stop()

    run_in_leaps(main())
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
def test_no_limit_is_ever_passed_and_nothing_is_lost(run_in_leaps, jobs, concurrency):
    log = simulate(run_in_leaps, jobs, concurrency=concurrency)
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


def test_what_is_urgent_starts_first(run_in_leaps):
    jobs = [("a", urgency, 0.0) for urgency in reversed(Urgency)]
    # The first one finds an idle host; the others wait behind it.
    order = [index for _, index, _, _ in simulate(run_in_leaps, jobs)]
    assert order == [0, 4, 3, 2, 1]


def test_a_paused_host_starts_nothing_and_the_others_go_on(run_in_leaps):
    jobs = [("a", Urgency.RETRY, 0.0), ("b", Urgency.FIRST, 0.0)]
    log = {host: began for host, _, began, _ in simulate(run_in_leaps, jobs, pauses=[("a", 30.0)])}
    assert log["a"] == pytest.approx(30.0)
    assert log["b"] == 0.0


def test_a_host_takes_no_longer_than_its_pace(run_in_leaps):
    jobs = [("a", Urgency.FIRST, 0.1)] * 100
    log = simulate(run_in_leaps, jobs)
    assert log[-1][3] == pytest.approx(99 * 0.05 + 0.1, abs=0.01)


def test_ten_times_the_links_on_ten_times_the_hosts_take_no_longer(run_in_leaps):
    def last(hosts):
        jobs = [(f"h{n % hosts}", Urgency.FIRST, 0.05) for n in range(50 * hosts)]
        return max(entry[3] for entry in simulate(run_in_leaps, jobs, concurrency=10_000))

    assert last(400) == pytest.approx(last(40), rel=0.01)
