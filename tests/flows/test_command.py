"""Commands in comments: what is one, and how it is acknowledged."""

from __future__ import annotations

import pytest

from kdbot.flows.act import _handle_comment
from kdbot.flows.proposal.issue import review_issue
from kdbot.flows.proposal.sweep import sweep
from kdbot.github.events import Event, parse_command
from kdbot.github.item import Account
from tests.flows.sample_list import form

BODIES = [
    ("/recheck", "/recheck"),
    ("/recheck\r\n\r\nplease", "/recheck"),
    ("/recheck   ", "/recheck"),
    ("/recheck please", None),
    (" /recheck", None),
    ("please /recheck", None),
    ("Hello\n/recheck", None),
    ("> /recheck", None),
    ("`/recheck`", None),
    ("```\n/recheck\n```", None),
    ("    /recheck", None),
    ("<!--\n/recheck\n-->", None),
    ("/recheck\n/recheck\n" * 50, "/recheck"),
    ("/approve", "/approve"),
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
    sender = Account(login=who, id=comment.user.id, bot=comment.user.kind == "Bot")
    event = Event(
        kind="comment", action=action, number=issue.number, comment=comment.id, sender=sender
    )
    _handle_comment(bot.run(), event)
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
    assert say(bot, issue, "/approve") == ["confused"]
    assert bot.comments(issue) == []


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
