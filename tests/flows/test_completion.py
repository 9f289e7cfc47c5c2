"""A proposal with only an identifier: completed by the services, accepted without asking them."""

from __future__ import annotations

import pytest

from kdbot.flows.proposal.issue import review_issue
from kdbot.flows.reconcile import reconcile_branch
from kdbot.model.evidence import MetadataRecord, Unavailable
from kdbot.model.proposal import Origin
from kdbot.publish.report import shown_records
from tests.flows.sample_list import form

FILE = "papers/2402.12030.yaml"
KEY = "arxiv:2402.12030"
RECORD = MetadataRecord(
    source=Origin.ARXIV,
    title="Towards Cross-Tokenizer Distillation: <!-- a ``` hostile --> title",
    authors=("Nicolas Boizard", "Kevin El Haddad"),
    date="2024-02",
)


@pytest.fixture
def issue(bot):
    bot.world.set_role("maria", "write")
    bot.ask = lambda _proposal, _collection: {KEY: (RECORD,)}
    issue = bot.world.open_issue("alice", "New paper", form(title=""))
    review_issue(bot.run(), issue.number)
    bot.later(minutes=5)
    bot.ask = None  # the accept job asks nobody but GitHub
    return issue


def accept(bot, issue):
    bot.world.add_labels(issue, ["accepted"], "maria")
    reconcile_branch(bot.run(), issue.number)


def test_the_comment_says_what_came_from_where(bot, issue):
    assert bot.labels(issue) == {"ready"}
    (comment,) = bot.comments(issue)
    assert "arXiv" in comment
    (text,) = shown_records(comment).values()
    assert "Nicolas Boizard" in text


def test_what_was_shown_is_what_is_committed(bot, issue):
    accept(bot, issue)
    record = bot.file(FILE)
    assert 'title: "Towards Cross-Tokenizer Distillation: <!-- a ``` hostile --> title"' in record
    assert "authors: [Nicolas Boizard, Kevin El Haddad]" in record
    assert issue.state == "closed"


def test_B13_a_comment_that_somebody_else_edited_is_not_believed(bot, issue):
    comment = bot.world.comments_of(issue)[0]
    bot.world.edit_comment(comment, "kd", comment.body)
    bot.later(minutes=5)
    accept(bot, issue)
    assert bot.server.git.git("ls-tree", "--name-only", "main", FILE) == ""
    assert "accepted" not in bot.labels(issue)


def test_B13_a_record_that_was_altered_does_not_match_the_digest(bot, issue):
    comment = bot.world.comments_of(issue)[0]
    forged = comment.body.replace("Nicolas Boizard", "Mallory")
    bot.world.edit_comment(comment, bot.world.bot, forged)
    bot.later(minutes=5)
    accept(bot, issue)
    assert bot.server.git.git("ls-tree", "--name-only", "main", FILE) == ""


def test_a_service_that_does_not_answer_is_on_the_bots_side(bot):
    bot.ask = lambda _proposal, _collection: {
        KEY: (Unavailable(source=Origin.ARXIV, reason="no answer in 10 s"),)
    }
    issue = bot.world.open_issue("alice", "New paper", form(title=""))
    review_issue(bot.run(), issue.number)
    assert bot.labels(issue) == {"could not check"}
    assert "on my side" in bot.comments(issue)[0]


def test_could_not_check_keeps_the_last_state_label(bot):
    issue = bot.world.open_issue("alice", "New paper", form(date="2024-13"))
    review_issue(bot.run(), issue.number)
    bot.ask = lambda _proposal, _collection: {
        KEY: (Unavailable(source=Origin.ARXIV, reason="no answer in 10 s"),)
    }
    bot.world.edit_issue(issue, "alice", body=form(title=""))
    review_issue(bot.run(), issue.number)
    assert bot.labels(issue) == {"needs changes", "could not check"}
