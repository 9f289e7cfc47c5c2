"""Commands in comments: what is one, and how it is acknowledged."""

from __future__ import annotations

import pytest

from kdbot.flows.proposal.issue import review_issue
from kdbot.flows.sweep import sweep
from kdbot.intake.commands import parse_command
from tests.flows.sample_list import form

BODIES = [
    ("/recheck", ("/recheck", "")),
    ("/recheck\r\n\r\nplease", ("/recheck", "")),
    ("/recheck   ", ("/recheck", "")),
    ("/recheck please", ("/recheck", "please")),
    ("/category Labeling,\tTool  Using\nas said", ("/category", "Labeling, Tool Using")),
    ("/Recheck", None),
    ("/usr/bin/python", None),
    ("//recheck", None),
    (" /recheck", None),
    ("please /recheck", None),
    ("Hello\n/recheck", None),
    ("> /recheck", None),
    ("`/recheck`", None),
    ("```\n/recheck\n```", None),
    ("    /recheck", None),
    ("<!--\n/recheck\n-->", None),
    ("/recheck\n/recheck\n" * 50, ("/recheck", "")),
    ("/approve", ("/approve", "")),
    ("", None),
]


@pytest.mark.parametrize(("body", "command"), BODIES, ids=[f"F09-{i}" for i in range(len(BODIES))])
def test_F09_a_command_stands_alone_on_the_first_line(body, command):
    assert parse_command(body) == command


@pytest.fixture
def issue(bot):
    return bot.world.open_issue("alice", "New paper", form())


def say(bot, issue, body, who="alice", action="created"):
    comment = bot.world.comment(issue, who, body)
    bot.obey(comment, action)
    return [reaction.content for reaction in comment.reactions]


def test_F10_a_recheck_is_acknowledged_by_reactions_alone(bot, issue):
    assert say(bot, issue, "/recheck") == ["eyes", "+1"]
    assert len(bot.comments(issue)) == 1


def test_F10_a_flood_is_answered_once(bot, issue):
    assert say(bot, issue, "/recheck") == ["eyes", "+1"]
    bot.later(seconds=10)
    assert say(bot, issue, "/recheck") == ["confused"]
    bot.later(minutes=2)
    assert say(bot, issue, "/recheck") == ["eyes", "+1"]


def test_a_command_that_is_unknown_is_said_to_be(bot, issue):
    assert say(bot, issue, "/approve") == []
    assert bot.comments(issue) == []
    review_issue(bot.run(), issue.number)
    assert say(bot, issue, "/approve") == ["confused"]
    _, answer = bot.comments(issue)
    assert answer.startswith("<!-- kdbot:note help -->")
    assert all(word in answer for word in ("/recheck", "/category", "/accept", "/decline", "/help"))
    assert say(bot, issue, "/lgtm") == ["confused"]
    assert len(bot.comments(issue)) == 2


def test_F09_an_edited_comment_is_no_command(bot, issue):
    assert say(bot, issue, "/recheck", action="edited") == []


def test_F11_a_bots_command_is_nothing(bot, issue):
    assert say(bot, issue, "/recheck", who="other[bot]") == []


def test_a_recheck_that_github_does_not_answer_is_confused(bot, issue):
    bot.server.faults.fail(
        status=503, at_request=1, times=50, matches=lambda request: "/issues?" in request.path
    )
    bot.server.faults.fail(
        status=502, at_write=2, times=3, matches=lambda request: request.path.endswith("/comments")
    )
    assert say(bot, issue, "/recheck")[0] == "eyes"


def test_help_lists_the_commands_once(bot, issue):
    for _ in range(2):
        assert say(bot, issue, "/help", who="mallory") == ["+1"]
    (answer,) = bot.comments(issue)
    assert "people with write permission" in answer


def record_of(bot, issue):
    return next(c for c in bot.comments(issue) if "kdbot:report" in c)


@pytest.mark.parametrize("who", ["alice", "maria"])
def test_a_category_is_set_by_the_author_or_with_write_permission(bot, issue, who):
    bot.world.set_role("maria", "write")
    review_issue(bot.run(), issue.number)
    assert say(bot, issue, "/category Planning, divergence and similarity", who=who) == [
        "eyes",
        "+1",
    ]
    assert "  - skills/planning\n  - methods/divergence-and-similarity" in record_of(bot, issue)
    assert "methods/labeling" not in record_of(bot, issue)
    # It is state: a sweep, a review after an edit and a second run find the same.
    bot.server.forget_log()
    assert sweep(bot.run()) == 0
    assert bot.server.writes == []
    bot.world.edit_issue(issue, "alice", body=form(remarks="Thanks."))
    review_issue(bot.run(), issue.number)
    assert "skills/planning" in record_of(bot, issue)
    assert say(bot, issue, "/category Labeling", who=who) == ["eyes", "+1"]
    assert "methods/labeling" in record_of(bot, issue)
    assert "skills/planning" not in record_of(bot, issue)


def test_what_was_set_goes_with_its_comment_and_with_the_permission(bot, issue):
    bot.world.set_role("maria", "write")
    review_issue(bot.run(), issue.number)
    say(bot, issue, "/category Planning", who="maria")
    assert "skills/planning" in record_of(bot, issue)
    comment = bot.world.comments_of(issue)[-1]
    bot.world.set_role("maria", "read")
    assert sweep(bot.run()) == 0
    assert "skills/planning" not in record_of(bot, issue)
    bot.world.set_role("maria", "write")
    assert sweep(bot.run()) == 0
    assert "skills/planning" in record_of(bot, issue)
    bot.world.edit_comment(comment, "maria", "/category Labeling")
    assert sweep(bot.run()) == 0
    assert "skills/planning" not in record_of(bot, issue)


def test_a_strangers_category_sets_nothing(bot, issue):
    review_issue(bot.run(), issue.number)
    assert say(bot, issue, "/category Planning", who="mallory") == ["confused"]
    assert sweep(bot.run()) == 0
    assert "skills/planning" not in record_of(bot, issue)
    assert len(bot.comments(issue)) == 1


UNSET = {
    "unknown": ("/category Labelling", "`Methods > Labeling`"),
    "a branch": ("/category Methods", "The category `Methods` is unknown or ambiguous"),
    "none": ("/category", "Name at least one category"),
    "one of two": ("/category Planning, Nothing like it", "`Nothing like it`"),
}


@pytest.mark.parametrize("case", UNSET)
def test_a_category_that_is_not_known_is_answered_and_sets_nothing(bot, issue, case):
    words, answer = UNSET[case]
    review_issue(bot.run(), issue.number)
    before = record_of(bot, issue)
    assert say(bot, issue, words) == ["confused"]
    assert sweep(bot.run()) == 0
    assert record_of(bot, issue) == before
    assert answer in bot.comments(issue)[-1]
    assert len(bot.comments(issue)) == 2


def test_a_category_on_a_closed_issue_or_a_pull_request_is_answered(bot, issue):
    review_issue(bot.run(), issue.number)
    bot.world.close(issue, "alice", "not_planned")
    assert say(bot, issue, "/category Planning") == ["confused"]
    assert "reopen it first" in bot.comments(issue)[-1]
    pull = bot.world.open_pull("alice", "Add", files={"papers/x.yaml": "title: X\n"})
    assert say(bot, pull, "/category Planning") == ["confused"]
    assert "edit the categories in the paper's file" in bot.comments(pull)[-1]


WORDS = ("/accept", "/accept Labeling", "/decline spam", "/category Planning")
SAID = {
    "by a stranger": ("mallory", "{}"),
    "by the author": ("alice", "{}"),
    "by an ex-member": ("ex", "{}"),
    "by a bot": ("other[bot]", "{}"),
    "quoted": ("maria", "> {}"),
    "in code": ("maria", "```\n{}\n```"),
    "in a span": ("maria", "`{}`"),
    "on the second line": ("maria", "Fine.\n{}"),
}


@pytest.mark.parametrize("said", SAID)
@pytest.mark.parametrize("words", WORDS)
def test_H19_nobody_but_a_maintainer_decides_by_a_comment(bot, issue, words, said):
    """Neither the author, a stranger, somebody who was a member, a bot, nor what is quoted."""
    bot.world.set_role("maria", "write")
    bot.world.set_role("ex", "write")
    bot.world.set_role("ex", "read")
    review_issue(bot.run(), issue.number)
    before = bot.comments(issue), bot.state(issue)[1:]
    bot.later(minutes=5)
    who, text = SAID[said]
    say(bot, issue, text.format(words), who=who)
    assert sweep(bot.run()) == 0
    assert bot.state(issue)[2:] == before[1][1:]  # open as before, and main as it was
    if words != "/category Planning" or said != "by the author":
        assert (bot.comments(issue), bot.state(issue)[1:]) == before
