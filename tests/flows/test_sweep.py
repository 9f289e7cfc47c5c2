"""The nightly sweep: catch up after an outage, a lost event or a replaced run."""

from __future__ import annotations

import pytest

from kdbot.flows.proposal.issue import review_issue
from kdbot.flows.proposal.pull_request import review_pull_request
from kdbot.flows.sweep import sweep
from tests.flows.conftest import TOKEN
from tests.flows.sample_list import form

FILE = "papers/2402.12030.yaml"
RECORD = """\
title: "Towards Cross-Tokenizer Distillation"
arxiv: "2402.12030"
date: 2024-02
categories:
  - methods/labeling
"""


def other(number):
    return RECORD.replace("2402.12030", f"2402.{number:05}").replace("Towards", f"{number} Towards")


def test_F19_every_open_proposal_is_reviewed_and_a_second_sweep_writes_nothing(bot):
    issue = bot.world.open_issue("alice", "New paper", form("2402.20001", "Another Paper"))
    pull = bot.world.open_pull("bob", "Add", files={FILE: RECORD})
    assert sweep(bot.run()) == 0
    assert bot.labels(issue) == bot.labels(pull) == {"ready"}
    assert [s.state for s in bot.world.statuses] == ["success"]
    bot.server.forget_log()
    assert sweep(bot.run()) == 0
    assert bot.server.writes == []


def test_F05_an_issue_younger_than_a_pull_request_of_its_paper_is_a_duplicate_of_it(bot):
    pull = bot.world.open_pull("bob", "Add", files={FILE: RECORD})
    issue = bot.world.open_issue("alice", "New paper", form())
    review_issue(bot.run(), issue.number)
    assert bot.labels(issue) == {"ready"}
    assert sweep(bot.run()) == 0
    assert bot.labels(issue) == {"duplicate"}
    assert f"#{pull.number}" in bot.comments(issue)[0]
    assert bot.labels(pull) == {"ready"}


def test_F05_a_pull_request_younger_than_an_issue_of_its_paper_is_a_duplicate_of_it(bot):
    issue = bot.world.open_issue("alice", "New paper", form())
    pull = bot.world.open_pull("bob", "Add", files={FILE: RECORD})
    assert sweep(bot.run()) == 0
    assert bot.labels(issue) == {"ready"}
    assert bot.labels(pull) == {"duplicate"}
    assert (issue.state, pull.state) == ("open", "open")


def test_bots_closed_and_locked_items_are_left_alone(bot):
    bot.world.open_pull("dependabot[bot]", "Bump", files={"x": "y"}, branch="a")
    closed = bot.world.open_pull("bob", "Add", files={FILE: RECORD}, branch="b")
    bot.world.close(closed, "bob")
    locked = bot.world.open_pull("bob", "Add", files={FILE: RECORD}, branch="c")
    bot.world.lock(locked, "kd")
    bot.server.forget_log()
    assert sweep(bot.run()) == 0
    assert bot.server.writes == []


def test_F16_one_that_fails_does_not_stop_the_others(bot):
    first = bot.world.open_pull("bob", "Add", files={FILE: RECORD}, branch="a")
    second = bot.world.open_pull("eve", "Add", files={"papers/2402.20002.yaml": other(20002)})
    bot.server.faults.fail(
        at_request=1,
        times=99,
        matches=lambda request: request.path.endswith(f"/pulls/{first.number}"),
    )
    assert sweep(bot.run()) == 0
    assert bot.comments(first) == []
    assert bot.labels(second) == {"ready"}


def test_G03_an_item_that_GitHub_rejects_is_told_and_does_not_stop_the_others(bot, capsys):
    first = bot.world.open_issue("alice", "New paper", form("2402.20001", "Another Paper"))
    second = bot.world.open_issue("bob", "New paper", form("2402.20003", "A Third Paper"))
    bot.server.faults.fail(
        status=422,
        at_write=1,
        times=99,
        matches=lambda request: f"/issues/{first.number}/" in request.path,
    )
    assert sweep(bot.run()) == 1
    assert f"#{first.number}: issue {first.number}: GitHub rejected" in capsys.readouterr().out
    assert bot.labels(second) == {"ready"}


def test_pull_requests_that_cannot_be_listed_do_not_stop_the_issues(bot):
    issue = bot.world.open_issue("alice", "New paper", form("2402.20001", "Another Paper"))
    bot.world.open_pull("bob", "Add", files={FILE: RECORD})
    bot.server.faults.fail(at_request=1, times=99, matches=lambda request: "/files" in request.path)
    assert sweep(bot.run()) == 0
    assert bot.labels(issue) == {"ready"}


@pytest.mark.parametrize("k", [1, 2, 3])
def test_F20_a_review_that_was_cut_off_is_completed(bot, k):
    pull = bot.world.open_pull("bob", "Add", files={FILE: RECORD})
    bot.server.faults.fail(at_write=k, times=9)
    with pytest.raises(Exception, match="GitHub"):
        review_pull_request(bot.run(), pull.number)
    bot.server.faults.clear()
    assert sweep(bot.run()) == 0
    assert len(bot.comments(pull)) == 1
    assert bot.labels(pull) == {"ready"}
    assert [s.state for s in bot.world.statuses] == ["success"]


def test_H15_a_label_that_is_missing_is_created_and_one_that_people_changed_stays(bot):
    world = bot.world
    world.delete_label(world.labels["duplicate"])
    world.describe_label(world.labels["ready"], color="123456")
    assert sweep(bot.run()) == 0
    assert "duplicate" in world.labels
    assert world.labels["ready"].color == "123456"


def test_H15_a_pull_request_before_the_labels_are_there_gets_everything_else(bot):
    world = bot.world
    for label in list(world.labels.values()):
        world.delete_label(label)
    bot.server.grant(TOKEN, {"contents": "read", "pull-requests": "write", "statuses": "write"})
    text = RECORD.replace("2024-02", "2024-13")
    pull = world.open_pull("bob", "Add", files={FILE: text})
    review_pull_request(bot.run(), pull.number)
    assert len(bot.comments(pull)) == 1
    assert [status.state for status in world.statuses] == ["failure"]
    assert bot.labels(pull) == set()
    grant = {"contents": "write", "issues": "write", "pull-requests": "write", "statuses": "write"}
    bot.server.grant(TOKEN, grant)
    assert sweep(bot.run()) == 0
    assert bot.labels(pull) == {"needs changes"}


def test_a_pull_request_of_what_was_listed_since_is_told_once(bot):
    """The report after an event and that of a sweep are made from the same."""
    record = (
        'title: "A Paper"\narxiv: "2402.12031"\ndate: 2024-02\ncategories:\n  - skills/planning\n'
    )
    pull = bot.world.open_pull("alice", "Add", files={"papers/2402.12031.yaml": record})
    review_pull_request(bot.run(), pull.number)
    other = record.replace("date: 2024-02", "date: 2024-03")
    bot.world.push("kd", {"papers/2402.12031.yaml": other}, "Another reading of the same")
    assert sweep(bot.run()) == 0
    assert "**Needs 1 change**" in bot.comments(pull)[0]
    bot.server.forget_log()
    assert sweep(bot.run()) == 0
    assert bot.server.writes == []


def test_the_oldest_proposals_are_in_the_summary(bot, capsys):
    for number in range(7):
        propose = form(f"2402.{12040 + number}", f"A Paper Number {number}")
        issue = bot.world.open_issue("alice", "New paper", propose)
        review_issue(bot.run(), issue.number)
        bot.later(days=2)
    assert sweep(bot.run()) == 0
    (line,) = [one for one in capsys.readouterr().out.splitlines() if "waiting longest" in one]
    assert line == (
        "kdbot: waiting longest: #1 (ready) for 14 days, #2 (ready) for 12 days, "
        "#3 (ready) for 10 days, #4 (ready) for 8 days, #5 (ready) for 6 days"
    )
