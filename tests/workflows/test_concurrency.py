"""Concurrency groups as GitHub keeps them."""

from __future__ import annotations

import pytest

from tests.workflows.concurrency import Group, group_of, survivors

CONTEXT = {
    "github": {"event": {"issue": {"number": 7}}, "workflow": "Issue", "ref": "refs/heads/main"}
}


@pytest.mark.parametrize(
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


@pytest.mark.parametrize(
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
