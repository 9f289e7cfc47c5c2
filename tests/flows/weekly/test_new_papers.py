"""The issue of new papers: what is offered, and what a tick adds."""

from __future__ import annotations

import pytest

from kdbot.model.evidence import LinkState
from tests.flows.weekly.conftest import CODE, MINILLM
from tests.metadata.server import Answer

TITLE = "New papers that may belong here"
NEW = "Knowledge Distillation of Small Language Models"
FILE = "papers/2601.00001.yaml"


@pytest.fixture
def offered(weeks):
    weeks.services.finds("2601.00002", "Deep Sea Fish of the Pacific")
    weeks.services.finds("2601.00001", NEW, published="2026-01-07T00:00:00Z")
    weeks.run()
    weeks.bot.server.forget_log()
    return weeks.issue(TITLE)


def test_what_the_list_lacks_is_offered_the_likest_first(weeks, offered):
    weeks.services.finds("2306.08543", MINILLM)
    assert {label.name for label in offered.labels} == {"candidates"}
    assert offered.body.index(NEW) < offered.body.index("Deep Sea Fish")
    assert MINILLM not in offered.body
    assert "Methods › Divergence and Similarity" in offered.body


def test_a_paper_that_was_declined_is_not_offered(weeks):
    declined = (
        'declined:\n  - identifier: "arxiv:2601.00001"\n    title: "A Paper"\n'
        "    reason: It is too short.\n    day: 2026-01-20\n    number: 3\n"
    )
    weeks.world.push("kd", {"declined.yaml": declined}, "Remember it")
    weeks.services.finds("2601.00001", NEW, published="2026-01-07T00:00:00Z")
    weeks.services.finds("2601.00002", "Deep Sea Fish of the Pacific")
    weeks.run()
    assert NEW not in weeks.issue(TITLE).body
    assert "Deep Sea Fish" in weeks.issue(TITLE).body


def test_a_ticked_paper_is_reviewed_and_added(weeks, offered):
    git = weeks.bot.server.git
    before = git.resolve("main")
    weeks.tick(NEW, issue=offered)
    assert git.git("rev-list", "--count", f"{before}..main") == "1"
    assert weeks.bot.file(FILE) == (
        f'title: "{NEW}"\narxiv: "2601.00001"\nvenue: arXiv\ndate: 2026-01\n'
        "authors: [Ada Lovelace]\ncategories:\n  - methods/divergence-and-similarity\n"
        "added: 2026-03-02\nkey: lovelace2026knowledge"
    )
    assert NEW in weeks.bot.file("README.md")
    message = git.git("log", "-1", "--format=%B", "main").strip()
    assert message == f"papers: add 2601.00001 (#{offered.number})"
    assert "### Added" in offered.body
    assert "Deep Sea Fish" in offered.body


def test_F01_a_second_run_adds_nothing(weeks, offered):
    weeks.tick(NEW, issue=offered)
    before = weeks.state()
    weeks.bot.server.forget_log()
    weeks.handle(offered, "maria")
    assert weeks.bot.server.writes == []
    assert weeks.state() == before


def test_without_a_category_it_is_not_added_and_the_reason_is_said(weeks, offered):
    body = offered.body.replace("- [x]", "- [ ]")
    weeks.edit(offered, body, "maria")
    weeks.tick(NEW, issue=offered)
    assert weeks.bot.server.git.git("ls-tree", "--name-only", "main", FILE) == ""
    (note,) = weeks.bot.comments(offered)
    assert "`2601.00001`" in note
    assert "- [x]" not in offered.body


@pytest.mark.usefixtures("offered")
def test_F08_a_strangers_tick_adds_nothing(weeks):
    weeks.tick(NEW, who="mallory", issue=weeks.issue(TITLE))
    assert weeks.bot.server.git.git("ls-tree", "--name-only", "main", FILE) == ""


def test_what_was_offered_is_not_new_again(weeks, offered):
    weeks.bot.later(days=7)
    weeks.services.finds("2601.00003", "A Third Paper of Another Week")
    weeks.run()
    assert offered.body.index("Week 2026-W11") < offered.body.index("Week 2026-W10")
    for _ in range(4):
        weeks.bot.later(days=7)
        weeks.services.finds(f"2602.{weeks.bot.server.clock.now():%m%d}1", "Yet Another Paper")
        weeks.run()
    assert "Week 2026-W10" not in offered.body


def test_closing_is_a_no_to_all_that_was_offered(weeks, offered):
    weeks.world.close(offered, "maria")
    weeks.bot.later(days=7)
    weeks.run()
    assert offered.state == "closed"
    weeks.services.finds("2601.00003", "A Third Paper of Another Week")
    weeks.bot.later(days=7)
    weeks.run()
    assert offered.state == "open"
    assert "Deep Sea Fish" not in offered.body


def test_a_search_that_fails_is_said_and_the_rest_is_done(weeks):
    weeks.services.always["arxiv"] = Answer(200, b"<html>Rate exceeded</html>")
    weeks.link(CODE, LinkState.MOVED, status=200, final_url="https://example.org/x")
    assert weeks.run() == 0
    assert weeks.issue(TITLE) is None
    assert "- arXiv's search: 1, the answer is" in weeks.issue().body
    assert "is now" not in weeks.issue().body
    assert "another site" in weeks.issue().body
