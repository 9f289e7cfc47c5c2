"""A retracted paper: proposed, accepted, and said in every answer and table."""

from __future__ import annotations

import pytest

from kdbot.flows.proposal.pull_request import review_pull_request
from kdbot.model.evidence import MetadataRecord
from kdbot.model.proposal import Origin
from tests.flows.sample_list import form
from tests.flows.test_decisions import FILE, TITLE, on_main, propose, say, settled

NOTICE = "Retraction: https://doi.org/10.1000/notice"


@pytest.fixture(autouse=True)
def maintainer(bot):
    bot.world.set_role("maria", "write")


def known(bot, **notice):
    """Let the services know the paper, and what is said against it."""
    arxiv = MetadataRecord(source=Origin.ARXIV, arxiv="2402.12030", title=TITLE, date="2024-02")
    against = MetadataRecord(source=Origin.CROSSREF, title=TITLE, **notice)
    outcomes = (arxiv, against)
    bot.ask = lambda _proposal, _collection: {"arxiv:2402.12030": outcomes}


def test_a_proposal_says_so_first_and_goes_to_a_maintainer(bot):
    known(bot, status="retracted", status_date="2024-03-18", status_reason=NOTICE)
    bot.server.forget_log()
    issue = propose(bot)
    assert len(bot.server.log) <= 8
    (comment,) = bot.comments(issue)
    first = comment.split("\n")[1]
    assert first.startswith("**Retracted** ⚠️ — ")
    assert f"retracted on 2024-03-18 (Crossref): `{NOTICE}`" in comment.split("\n\n")[0]
    assert bot.labels(issue) == {"needs a maintainer"}
    settled(bot)


def test_a_maintainer_may_accept_it_and_the_list_says_so(bot):
    known(bot, status="retracted", status_date="2024-03-18", status_reason=NOTICE)
    issue = propose(bot)
    say(bot, issue, "/accept", who="alice")
    assert not on_main(bot)
    say(bot, issue, "/accept")
    record = bot.file(FILE)
    assert f'status: retracted\nstatus_date: "2024-03-18"\nstatus_reason: "{NOTICE}"' in record
    assert "*(retracted 2024-03-18)*" in bot.file("README.md")
    settled(bot)


@pytest.mark.parametrize(
    ("notice", "label"),
    [
        ({"withdrawn": True}, "needs a maintainer"),
        ({"status": "expression of concern"}, "needs a maintainer"),
        ({"status": "corrected", "status_date": "2024-03"}, "ready"),
        ({}, "ready"),
    ],
)
def test_a_correction_is_a_note_and_all_else_is_a_maintainers_call(bot, notice, label):
    known(bot, **notice)
    issue = propose(bot)
    assert bot.labels(issue) == {label}


def test_of_several_papers_the_retracted_one_is_named_first(bot):
    known(bot, withdrawn=True, successor="2405.00001")
    text = (
        "Please add these papers:\n\n"
        "- https://arxiv.org/abs/2402.12029 Another Title of a Paper on Distillation\n"
        f"- https://arxiv.org/abs/2402.12030 {TITLE}\n"
    )
    issue = propose(bot, text)
    (comment,) = bot.comments(issue)
    head = comment.split("\n\n")[0].split("\n", 1)[1]
    assert head.startswith("**Withdrawn** ⚠️ — ")
    assert "Its successor is `2405.00001`." in head
    assert bot.labels(issue) == {"needs a maintainer"}


def test_who_proposes_a_paper_cannot_say_what_it_is(bot):
    body = form() + "\n\n### Status\n\nretracted\n"
    known(bot)
    issue = propose(bot, body)
    assert "status" not in "".join(bot.comments(issue))


def test_a_pull_request_says_so_first_too_and_a_mark_is_a_maintainers(bot):
    record = (
        f'title: "{TITLE}"\narxiv: "2402.12030"\ndate: 2024-02\ncategories:\n  - skills/planning\n'
    )
    known(bot, status="retracted", status_date="2024-03-18", status_reason=NOTICE)
    for text in (record, f'{record}status: retracted\nstatus_date: "2024-03-18"\n'):
        pull = bot.world.open_pull("alice", "Add", files={FILE: text})
        review_pull_request(bot.run(), pull.number)
        (comment,) = bot.comments(pull)
        first = comment.split("\n")[1]
        assert first.startswith(("**Withdrawn or retracted** ⚠️", "**Retracted** ⚠️"))
        assert bot.labels(pull) == {"needs a maintainer"}
        bot.world.close(pull, "alice")
