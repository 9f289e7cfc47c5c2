"""When a dead link may be called dead."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kdbot.model.evidence import LinkRecord, LinkResult, LinkState, judge_over_time
from kdbot.model.json_text import from_json, to_json
from tests.rows import each

URL = "https://example.org/"


def over_days(states: str) -> LinkRecord:
    """Judge a word of states, a letter a day: o(k), m(oved), d(ead), b, u, r."""
    letters = {state.value[0]: state for state in LinkState}
    record = None
    for day, letter in enumerate(states, start=1):
        found = LinkResult(url=URL, state=letters[letter], final_url="https://new.example/")
        record = judge_over_time(record, found, date(2025, 3, day))
    assert record is not None
    return record


@each(
    ("states", "confirmed"),
    [
        pytest.param("d", False, id="E09-one-day"),
        pytest.param("dd", True, id="E09-two-days"),
        pytest.param("od", False, id="E09-alive-the-day-before"),
        pytest.param("dod", False, id="E09-back-between"),
        pytest.param("dmd", False, id="E09-moved-between"),
        pytest.param("dud", True, id="E09-unreachable-between"),
        pytest.param("dbd", True, id="E09-blocked-between"),
        pytest.param("du", False, id="E09-unreachable-now"),
        pytest.param("ddo", False, id="E09-back-now"),
        pytest.param("uuuu", False, id="E09-never-dead"),
        pytest.param("bbbb", False, id="E09-blocked-for-ever"),
    ],
)
def test_death_takes_two_days(states, confirmed):
    assert over_days(states).is_confirmed_dead is confirmed


def test_the_same_day_twice_is_one_day():
    dead = LinkResult(url=URL, state=LinkState.DEAD)
    first = judge_over_time(None, dead, date(2025, 3, 1))
    assert judge_over_time(first, dead, date(2025, 3, 1)) == first
    assert not first.is_confirmed_dead


@each(("states", "day"), [("o", 1), ("ooo", 1), ("oud", 3), ("odd", 2), ("dud", 3)])
def test_since_is_the_first_day_of_the_present_state(states, day):
    assert over_days(states).since == date(2025, 3, day)


def test_only_a_move_keeps_an_address():
    assert over_days("m").final_url == "https://new.example/"
    assert over_days("o").final_url is None


@given(states=st.text(alphabet="omdbur", min_size=1, max_size=12))
def test_a_record_comes_back_from_its_file(states):
    record = over_days(states)
    assert from_json(LinkRecord, to_json(record)) == record


@each(
    "broken",
    [{}, {"state": "gone"}, {"state": "ok", "since": "x", "checked": "x", "seconds": 1}],
)
def test_a_broken_record_is_refused(broken):
    with pytest.raises(ValueError, match=r".+"):
        from_json(LinkRecord, broken)


RESULTS = st.builds(
    LinkResult,
    url=st.text(),
    state=st.sampled_from(LinkState),
    status=st.none() | st.integers(100, 999),
    final_url=st.none() | st.text(),
    attempts=st.integers(0, 9),
    seconds=st.integers(0, 9000).map(lambda milliseconds: milliseconds / 1000),
    evidence=st.text(),
)


@given(result=RESULTS)
def test_a_result_comes_back_from_JSON(result):
    assert from_json(LinkResult, to_json(result, whole=True), whole=True) == result
    assert list(to_json(result, whole=True)) == [
        *("url", "state", "status", "final_url", "attempts", "seconds", "evidence")
    ]


@each(
    "change",
    [
        {"url": 1},
        {"state": "gone"},
        {"status": "200"},
        {"status": True},
        {"attempts": None},
        {"seconds": "1"},
        {"evidence": None},
        {"more": 1},
    ],
)
def test_a_result_of_another_form_is_refused(change):
    record = {**to_json(LinkResult(url=URL, state=LinkState.OK), whole=True), **change}
    with pytest.raises(ValueError, match=r".+"):
        from_json(LinkResult, record, whole=True)
    for other in ([], {"url": URL, "state": "ok"}):
        with pytest.raises(ValueError, match=r".+"):
            from_json(LinkResult, other, whole=True)
