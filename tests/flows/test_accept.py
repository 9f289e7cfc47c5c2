"""The label `accepted`: whose word counts, for what, and what it does."""

from __future__ import annotations

from contextlib import suppress

import pytest

from kdbot.flows.proposal.issue import review_issue
from kdbot.flows.reconcile import reconcile_branch
from kdbot.flows.sweep import publish, sweep
from kdbot.model.errors import KdbotError
from kdbot.model.evidence import MetadataRecord
from kdbot.model.proposal import Origin
from kdbot.model.titles import fold_title
from tests.flows.sample_list import form
from tests.github_server import Effect

FILE = "papers/2402.12030.yaml"


@pytest.fixture
def maintainer(bot):
    return bot.world.set_role("maria", "write")


@pytest.fixture
def proposal(bot):
    """A ready proposal, reviewed a while ago."""
    issue = bot.world.open_issue("alice", "New paper", form())
    review_issue(bot.run(), issue.number)
    bot.later(minutes=5)
    return issue


def accept(bot, issue, who="maria"):
    bot.world.add_labels(issue, ["accepted"], who)
    reconcile_branch(bot.run(), issue.number)


def on_main(bot, name=FILE):
    return bot.server.git.git("ls-tree", "--name-only", "main", name) == name


@pytest.mark.usefixtures("maintainer")
def test_an_accepted_paper_and_its_readme_are_one_commit(bot, proposal):
    before = bot.server.git.resolve("main")
    accept(bot, proposal)
    names = bot.server.git.git("diff", "--name-only", before, "main").split()
    assert {FILE, "README.md"} <= set(names)
    assert bot.server.git.git("rev-list", "--count", f"{before}..main") == "1"
    record = bot.file(FILE)
    assert "added: 2026-03-02\n" in record
    assert record.endswith("proposed_by: alice")
    assert "Towards Cross-Tokenizer Distillation" in bot.file("README.md")


@pytest.mark.usefixtures("maintainer")
def test_the_issue_is_thanked_for_and_closed(bot, proposal):
    accept(bot, proposal)
    sha = bot.server.git.resolve("main")
    assert (proposal.state, proposal.state_reason) == ("closed", "completed")
    assert bot.labels(proposal) == {"accepted", "added"}
    note = bot.comments(proposal)[-1]
    assert note.startswith("<!-- kdbot:note ")
    assert f"https://github.com/kd/demo/commit/{sha}" in note
    assert "Thank you" in note


@pytest.mark.usefixtures("maintainer")
def test_B03_B04_the_commit_says_identifiers_and_who_proposed_nothing_else(bot):
    title = "Fixes #12 [skip ci] and @everyone"
    issue = bot.world.open_issue("alice", "Fixes #3", form(title=title))
    review_issue(bot.run(), issue.number)
    bot.later(minutes=5)
    accept(bot, issue)
    alice = bot.world.user("alice").id
    assert bot.server.git.git("log", "-1", "--format=%B", "main").strip() == (
        "papers: add 2402.12030 (#1)\n\n"
        f"Co-authored-by: alice <{alice}+alice@users.noreply.github.com>"
    )


@pytest.mark.usefixtures("maintainer")
def test_F16_a_ghosts_paper_is_added_without_credit(bot):
    issue = bot.world.open_issue(None, "New paper", form())
    review_issue(bot.run(), issue.number)
    bot.later(minutes=5)
    accept(bot, issue)
    assert "Co-authored-by" not in bot.server.git.git("log", "-1", "--format=%B", "main")
    assert "proposed_by" not in bot.file(FILE)


@pytest.mark.usefixtures("maintainer")
def test_an_update_changes_the_listed_record(bot):
    body = form(
        "https://arxiv.org/abs/2306.08543",
        "MiniLLM: Knowledge Distillation of Large Language Models",
        "Skills > Planning",
    )
    issue = bot.world.open_issue("alice", "Also belongs in Planning", body)
    review_issue(bot.run(), issue.number)
    bot.later(minutes=5)
    accept(bot, issue)
    record = bot.file("papers/2306.08543.yaml")
    assert "  - methods/divergence-and-similarity\n  - skills/planning\n" in record
    assert "added: 2024-02-22" in record
    assert "papers: update 2306.08543 (#1)" in bot.server.git.git(
        "log", "-1", "--format=%s", "main"
    )


@pytest.mark.usefixtures("maintainer")
def test_F01_a_second_run_and_the_sweep_write_nothing(bot, proposal):
    accept(bot, proposal)
    before = bot.state(proposal)
    bot.server.forget_log()
    reconcile_branch(bot.run(), proposal.number)
    assert sweep(bot.run()) == 0
    publish(bot.run())
    assert bot.server.writes == []
    assert bot.state(proposal) == before


@pytest.mark.usefixtures("maintainer")
def test_a_listed_paper_that_this_issue_did_not_bring_is_not_thanked_for(bot):
    body = (
        "Please add:\n\n"
        "- https://arxiv.org/abs/2402.12030\n"
        "- [MiniLLM: Knowledge Distillation of Large Language Models]"
        "(https://arxiv.org/abs/2306.08543)\n"
    )
    issue = bot.world.open_issue("alice", "New papers", body)
    review_issue(bot.run(), issue.number)
    bot.later(minutes=5)
    accept(bot, issue)
    assert issue.state == "open"
    assert "No paper of the proposal is ready" in bot.comments(issue)[-1]


# Whose word counts

ROLES = [("write", True), ("maintain", True), ("admin", True), ("triage", False), ("read", False)]


@pytest.mark.parametrize(("role", "counts"), ROLES)
def test_F08_the_permission_is_asked_when_the_label_is_obeyed(bot, proposal, role, counts):
    bot.world.set_role("somebody", role)
    accept(bot, proposal, "somebody")
    assert on_main(bot) is counts
    assert ("accepted" in bot.labels(proposal)) is counts


def test_F08_an_ex_members_label_does_not_count(bot, proposal):
    bot.world.set_role("maria", "write")
    bot.world.add_labels(proposal, ["accepted"], "maria")
    bot.world.set_role("maria", "read")
    reconcile_branch(bot.run(), proposal.number)
    assert not on_main(bot)
    assert "without write permission" in bot.comments(proposal)[-1]


def test_F08_nobody_without_write_permission_accepts_their_own(bot):
    issue = bot.world.open_issue("alice", "New paper", form())
    review_issue(bot.run(), issue.number)
    bot.later(minutes=5)
    accept(bot, issue, "alice")
    assert not on_main(bot)
    assert "without write permission" in bot.comments(issue)[-1]


def test_F08_a_bots_label_is_no_persons_word(bot, proposal):
    bot.world.set_role("helper[bot]", "write")
    accept(bot, proposal, "helper[bot]")
    assert not on_main(bot)


# What services know


SERVICES_TITLE = "Cross-Tokenizer Distillation, Universally: A Loss for LLMs"


def knows(bot, key):
    record = MetadataRecord(
        source=Origin.ARXIV, arxiv="2402.12030", title=SERVICES_TITLE, authors=("Ann Lee",)
    )
    bot.ask = lambda _proposal, _collection: {key: (record,)}


def review_later(bot, issue):
    review_issue(bot.run(), issue.number)
    bot.later(minutes=5)


@pytest.mark.usefixtures("maintainer")
def test_the_title_that_a_service_has_is_what_is_added(bot):
    knows(bot, "arxiv:2402.12030")
    issue = bot.world.open_issue("alice", "New paper", form())
    review_later(bot, issue)
    accept(bot, issue)
    assert f'title: "{SERVICES_TITLE}"' in bot.file(FILE)
    assert "Ann Lee" in bot.file(FILE)


def test_D16_the_title_of_another_paper_is_asked_about_in_the_first_line(bot):
    knows(bot, "arxiv:2402.12030")
    issue = bot.world.open_issue("alice", "New paper", form(title="A Cat Walks over the Keyboard"))
    review_issue(bot.run(), issue.number)
    (comment,) = bot.comments(issue)
    assert "The title next to this identifier is a different one" in comment.partition("\n\n")[0]


@pytest.mark.usefixtures("maintainer")
def test_the_identifier_that_was_found_by_the_title_is_what_is_added(bot):
    knows(bot, f"title:{fold_title(SERVICES_TITLE)}")
    issue = bot.world.open_issue("alice", "New paper", form("", SERVICES_TITLE))
    review_later(bot, issue)
    assert "I found it on arXiv by its title: is it this paper?" in bot.comments(issue)[0]
    accept(bot, issue)
    assert f'title: "{SERVICES_TITLE}"' in bot.file(FILE)


@pytest.mark.usefixtures("maintainer")
def test_F07_a_title_of_a_service_does_not_cover_a_text_that_was_edited_since(bot):
    knows(bot, "arxiv:2402.12030")
    issue = bot.world.open_issue("alice", "New paper", form())
    review_later(bot, issue)
    bot.world.edit_issue(issue, "alice", body=form(title="A Title that Nobody Has Seen"))
    bot.later(seconds=1)
    accept(bot, issue)
    assert not on_main(bot)


# What it counts for


@pytest.mark.usefixtures("maintainer")
def test_F07_an_author_who_edits_while_a_maintainer_clicks_loses_the_race(bot, proposal):
    bot.world.add_labels(proposal, ["accepted"], "maria")
    bot.world.edit_issue(proposal, "alice", body=form("2402.12031", "Another Paper"))
    reconcile_branch(bot.run(), proposal.number)
    assert not on_main(bot)
    assert not on_main(bot, "papers/2402.12031.yaml")
    assert "accepted" not in bot.labels(proposal)
    assert "Acceptance reset" in bot.comments(proposal)[-1]


@pytest.mark.usefixtures("maintainer")
def test_F07_an_edit_just_before_the_click_is_within_the_minute(bot, proposal):
    bot.world.edit_issue(proposal, "alice", body=form("2402.12031", "Another Paper"))
    review_issue(bot.run(), proposal.number)
    bot.later(seconds=59)
    accept(bot, proposal)
    assert not on_main(bot, "papers/2402.12031.yaml")
    assert "less than a minute before" in bot.comments(proposal)[-1]


@pytest.mark.usefixtures("maintainer")
def test_F07_after_the_minute_it_counts(bot, proposal):
    bot.world.edit_issue(proposal, "alice", body=form("2402.12031", "Another Paper"))
    review_issue(bot.run(), proposal.number)
    bot.later(seconds=60)
    accept(bot, proposal)
    assert on_main(bot, "papers/2402.12031.yaml")


@pytest.mark.usefixtures("maintainer")
def test_F07_an_edit_takes_the_label_off_and_says_so_once(bot, proposal):
    bot.world.add_labels(proposal, ["accepted"], "maria")
    bot.world.edit_issue(proposal, "alice", body=form("2402.12031", "Another Paper"))
    for _ in range(2):
        review_issue(bot.run(), proposal.number)
    assert bot.labels(proposal) == {"ready"}
    assert len([c for c in bot.comments(proposal) if "Acceptance reset" in c]) == 1


@pytest.mark.usefixtures("maintainer")
def test_B13_a_forged_digest_in_the_comment_is_not_what_the_proposal_says(bot, proposal):
    comment = bot.world.comments_of(proposal)[0]
    forged = comment.body.replace(comment.body[27:91], "0" * 64, 1)
    assert forged != comment.body
    bot.world.edit_comment(comment, "kd", forged)
    bot.later(minutes=5)
    accept(bot, proposal)
    assert not on_main(bot)


@pytest.mark.usefixtures("maintainer")
def test_a_proposal_that_needs_changes_is_not_added(bot):
    issue = bot.world.open_issue("alice", "New paper", form(date="2024-13"))
    review_issue(bot.run(), issue.number)
    bot.later(minutes=5)
    accept(bot, issue)
    assert not on_main(bot)
    assert issue.state == "open"


@pytest.mark.usefixtures("maintainer")
def test_of_several_papers_those_that_are_ready_are_added_and_the_rest_named(bot):
    body = (
        "Category: Labeling\n\n"
        "- [Towards Cross-Tokenizer Distillation](https://arxiv.org/abs/2402.12030)\n"
        "- [MiniLLM: Knowledge Distillation of Large Language Models]"
        "(https://arxiv.org/abs/2306.08543)\n"
    )
    issue = bot.world.open_issue("alice", "New papers", body)
    review_issue(bot.run(), issue.number)
    bot.later(minutes=5)
    accept(bot, issue)
    assert on_main(bot)
    assert issue.state == "closed"


# Races and protection


@pytest.mark.usefixtures("maintainer")
def test_F12_two_accepts_at_once_lose_nothing(bot):
    issues = [
        bot.world.open_issue("alice", "New paper", form(f"2402.1203{n}", f"Paper number {n}"))
        for n in range(2)
    ]
    for issue in issues:
        review_issue(bot.run(), issue.number)
    bot.later(minutes=5)
    for issue in issues:
        bot.world.add_labels(issue, ["accepted"], "maria")
    slow, fast = bot.run(), bot.run()
    reconcile_branch(fast, issues[1].number)
    reconcile_branch(slow, issues[0].number)
    readme = bot.file("README.md")
    for number, issue in enumerate(issues):
        assert on_main(bot, f"papers/2402.1203{number}.yaml")
        assert f"Paper number {number}" in readme
        assert issue.state == "closed"


@pytest.mark.usefixtures("maintainer")
def test_F13_a_protected_branch_gets_one_pull_request(bot, proposal):
    bot.world.protect("main")
    accept(bot, proposal)
    for _ in range(2):
        assert sweep(bot.run()) == 0
    assert not on_main(bot)
    pulls = [issue for issue in bot.world.issues.values() if issue.pull is not None]
    assert len(pulls) == 1
    assert "Closes #1" in pulls[0].body
    assert proposal.state == "open"
    notes = [c for c in bot.comments(proposal) if "kdbot:note" in c]
    assert len(notes) == 1
    assert "waits in" in notes[0]


@pytest.mark.usefixtures("maintainer")
@pytest.mark.parametrize("k", [1, 2, 3, 4])
@pytest.mark.parametrize("effect", [Effect.NONE, Effect.DONE], ids=["before", "after"])
def test_F20_an_accept_that_was_cut_off_is_completed_by_the_sweep(bot, proposal, k, effect):
    bot.world.add_labels(proposal, ["accepted"], "maria")
    bot.server.faults.fail(at_write=k, times=3, effect=effect)
    with suppress(KdbotError):
        reconcile_branch(bot.run(), proposal.number)
    bot.server.faults.clear()
    assert sweep(bot.run()) == 0
    assert on_main(bot)
    assert bot.server.git.git("rev-list", "--count", "main", "--", FILE) == "1"
    assert proposal.state == "closed"
    assert bot.labels(proposal) == {"accepted", "added"}
    assert len([c for c in bot.comments(proposal) if "Thank you" in c]) == 1


@pytest.mark.usefixtures("maintainer")
def test_a_list_whose_rules_cannot_be_read_is_not_built_upon(bot, proposal):
    bot.world.push("kd", {"schema/taxonomy.yaml": "categories: ["}, "Break the list")
    bot.world.add_labels(proposal, ["accepted"], "maria")
    with pytest.raises(KdbotError, match=r"schema/taxonomy\.yaml"):
        reconcile_branch(bot.run(), proposal.number)
    assert not on_main(bot)
    assert proposal.state == "open"


def test_a_dry_run_commits_nothing(bot, proposal, maintainer, capsys):
    bot.world.add_labels(proposal, ["accepted"], maintainer.login)
    reconcile_branch(bot.run(dry_run=True), proposal.number)
    assert FILE in capsys.readouterr().out
    assert not on_main(bot)
    assert proposal.state == "open"
