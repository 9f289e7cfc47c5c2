"""Concurrency groups as GitHub keeps them."""

from __future__ import annotations

import pytest

from tests.rows import each
from tests.workflows.concurrency import Group, Lanes, Run, group_of, survivors, timetable

CONTEXT = {
    "github": {"event": {"issue": {"number": 7}}, "workflow": "Issue", "ref": "refs/heads/main"}
}


@each(
    ("declared", "name", "cancels"),
    [
        ("main", "main", False),
        ("kdbot-item-${{ github.event.issue.number }}", "kdbot-item-7", False),
        (
            {"group": "i-${{ github.event.pull_request.number || github.event.issue.number }}"},
            "i-7",
            False,
        ),
        ({"group": "${{ github.workflow }}", "cancel-in-progress": True}, "issue", True),
        ({"group": "x-${{ github.event.nothing || 'all' }}"}, "x-all", False),
    ],
)
def test_a_groups_name_is_evaluated(declared, name, cancels):
    assert group_of(declared, CONTEXT) == Group(name=name, cancel_in_progress=cancels)


def test_no_group_and_an_expression_that_is_not_understood():
    assert group_of(None, CONTEXT) is None
    with pytest.raises(ValueError, match="not understood"):
        group_of("${{ hashFiles('x') }}", CONTEXT)


A, B = Group(name="a"), Group(name="b")
ENDING = Group(name="a", cancel_in_progress=True)


@each(
    ("groups", "finish"),
    [
        ([A, A], [True, True]),
        ([A, A, A], [True, False, True]),
        ([A, A, B, A], [True, False, True, True]),
        ([None, None, None], [True, True, True]),
        ([ENDING, ENDING, ENDING], [False, False, True]),
        ([A, A, ENDING], [False, False, True]),
    ],
)
def test_f19_a_newer_run_takes_the_place_of_the_one_that_waits(groups, finish):
    assert survivors(groups) == finish


def test_f19_one_runs_and_one_waits_whatever_workflow_they_are_of():
    """Of 20 labels a second apart, beside a push and a tick, the first and the last land."""
    runs = [Run(name=f"accept-{n}", asked=n, takes=30, group=A) for n in range(20)]
    runs += [Run(name="publish", asked=5.5, takes=30, group=A)]
    runs += [Run(name="tick", asked=19.5, takes=30, group=A)]
    runs += [Run(name="weekly", asked=3, takes=200, group=B)]
    table = timetable(runs)
    assert table.began == {"accept-0": 0, "weekly": 3, "tick": 30}
    assert table.ended == {"accept-0": 30, "tick": 60, "weekly": 203}
    assert table.cancelled["publish"] == 6
    assert table.cancelled["accept-19"] == 19.5
    assert len(table.cancelled) == 20


def test_a_run_that_ends_the_one_in_progress_begins_at_once():
    table = timetable(
        [
            Run(name="old", asked=0, takes=9, group=A),
            Run(name="new", asked=4, takes=9, group=ENDING),
            Run(name="free", asked=4, takes=1),
        ]
    )
    assert table.cancelled == {"old": 4}
    assert table.began == {"old": 0, "new": 4, "free": 4}
    assert table.ended == {"free": 5, "new": 13}


def test_what_ends_at_a_moment_makes_room_for_what_is_asked_then():
    table = timetable(
        [Run(name=str(n), asked=n * 10, takes=10, group=A) for n in range(3)]
        + [Run(name="late", asked=25, takes=5, group=A)]
    )
    assert table.cancelled == {}
    assert table.began == {"0": 0, "1": 10, "2": 20, "late": 30}


def test_lanes_are_asked_as_time_goes_on():
    lanes = Lanes()
    assert lanes.ask("a", A) == (True, [])
    assert lanes.ask("b", A) == (False, [])
    assert lanes.ask("c", A) == (False, ["b"])
    assert lanes.ask("d", None) == (True, [])
    assert lanes.end("b") is None
    assert lanes.end("a") == "c"
    assert lanes.end("c") is None
    assert lanes.end("d") is None
    assert lanes.ask("e", A) == (True, [])


@each("groups", [[A, A, B, A], [A, A, ENDING], [ENDING, ENDING, ENDING]])
def test_a_burst_is_a_short_timetable(groups):
    runs = [Run(name=str(n), asked=n, takes=100, group=g) for n, g in enumerate(groups)]
    table = timetable(runs)
    assert [str(n) in table.ended for n in range(len(groups))] == survivors(groups)
