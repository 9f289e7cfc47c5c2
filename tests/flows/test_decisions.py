"""`/accept` and `/decline`: by whom, when, twice, against each other, and what each leads to."""

from __future__ import annotations

import re

import pytest

from kdbot.flows.proposal.issue import review_issue
from kdbot.flows.proposal.pull_request import review_pull_request
from kdbot.flows.reconcile import reconcile_branch
from kdbot.flows.sweep import sweep
from kdbot.model.evidence import MetadataRecord
from kdbot.model.proposal import Origin
from tests.flows.sample_list import form

FILE = "papers/2402.12030.yaml"
TITLE = "Towards Cross-Tokenizer Distillation"


@pytest.fixture(autouse=True)
def maintainers(bot):
    for name in ("maria", "paul"):
        bot.world.set_role(name, "write")


@pytest.fixture
def confirmed(bot):
    """A service knows the paper by identifier and title."""
    record = MetadataRecord(source=Origin.ARXIV, arxiv="2402.12030", title=TITLE, date="2024-02")
    bot.ask = lambda _proposal, _collection: {"arxiv:2402.12030": (record,)}


def propose(bot, body=None, author="alice"):
    issue = bot.world.open_issue(author, "New paper", body or form())
    review_issue(bot.run(), issue.number)
    bot.later(minutes=5)
    return issue


def say(bot, issue, body, who="maria"):
    comment = bot.world.comment(issue, who, body)
    bot.obey(comment)
    return comment


def reactions(comment):
    return [reaction.content for reaction in comment.reactions]


def on_main(bot, name=FILE):
    return bot.server.git.git("ls-tree", "--name-only", "main", name) == name


def settled(bot):
    """A second pass and the sweep write nothing."""
    assert sweep(bot.run()) == 0
    bot.server.forget_log()
    reconcile_branch(bot.run())
    assert sweep(bot.run()) == 0
    assert bot.server.writes == []


def cut_off_behind_the_push(bot):
    """A pass whose writes to issues fail, but the first."""
    bot.server.faults.fail(
        status=502, at_write=2, times=9, matches=lambda request: "/issues/" in request.path
    )
    try:
        reconcile_branch(bot.run())
    finally:
        bot.server.faults.clear()


# /accept


def test_an_accept_adds_what_the_comment_shows(bot):
    issue = propose(bot)
    comment = say(bot, issue, "/accept")
    assert reactions(comment) == ["eyes", "+1"]
    assert on_main(bot)
    assert (issue.state, issue.state_reason) == ("closed", "completed")
    assert bot.labels(issue) == {"accepted", "added"}
    assert "**Added**" in bot.comments(issue)[-1]
    settled(bot)


def test_an_accept_names_the_categories(bot):
    issue = propose(bot)
    say(bot, issue, "/accept planning, Methods > Divergence and Similarity")
    record = bot.file(FILE)
    assert "  - skills/planning\n  - methods/divergence-and-similarity\n" in record
    assert "methods/labeling" not in record
    settled(bot)


def test_an_accept_with_the_categories_that_a_listed_paper_has_changes_nothing(bot):
    body = form(
        "https://arxiv.org/abs/2306.08543",
        "MiniLLM: Knowledge Distillation of Large Language Models",
        "Skills > Planning",
    )
    issue = propose(bot, body)
    before = bot.file("papers/2306.08543.yaml")
    say(bot, issue, "/accept Divergence and Similarity")
    assert "The list already has everything that would be written" in bot.comments(issue)[-1]
    assert bot.file("papers/2306.08543.yaml") == before
    assert issue.state == "open"
    settled(bot)


def test_a_second_accept_is_answered_and_adds_nothing(bot):
    issue = propose(bot)
    say(bot, issue, "/accept")
    tip = bot.server.git.resolve("main")
    again = say(bot, issue, "/accept Planning", "paul")
    assert reactions(again) == ["eyes", "confused"]
    assert "are in the list" in bot.comments(issue)[-1]
    assert bot.server.git.resolve("main") == tip
    settled(bot)


def test_an_accept_whose_run_was_lost_is_obeyed_by_the_next_pass(bot):
    issue = propose(bot)
    comment = bot.world.comment(issue, "maria", "/accept Planning")
    reconcile_branch(bot.run())
    assert "skills/planning" in bot.file(FILE)
    assert reactions(comment) == ["+1"]
    settled(bot)
    # Its own run, which comes late, says nothing more.
    bot.obey(comment)
    assert reactions(comment) == ["+1"]
    assert bot.server.writes == []


def test_a_lost_accept_behind_many_other_changes_is_obeyed_by_the_sweep(bot):
    issue = propose(bot)
    comment = bot.world.comment(issue, "maria", "/accept Planning")
    for number in range(26):
        bot.later(seconds=1)
        other = bot.world.open_issue("bob", "Hello", f"A question, number {number}")
        bot.world.add_labels(other, ["ready"], "kd")
    reconcile_branch(bot.run())
    assert not on_main(bot)
    assert sweep(bot.run()) == 0
    assert "skills/planning" in bot.file(FILE)
    assert reactions(comment) == ["+1"]


def edit_body(bot, issue):
    bot.world.edit_issue(issue, "alice", body=form(remarks="Something else."))


def set_category(bot, issue):
    bot.world.comment(issue, "alice", "/category Labeling")


@pytest.mark.parametrize("change", [edit_body, set_category])
def test_an_edit_after_an_accept_makes_it_void(bot, change):
    issue = propose(bot)
    comment = bot.world.comment(issue, "maria", "/accept")
    bot.later(seconds=5)
    change(bot, issue)
    bot.obey(comment)
    assert not on_main(bot)
    assert issue.state == "open"
    assert "accepted" not in bot.labels(issue)
    assert "The proposal was edited after" in bot.comments(issue)[-1]
    assert "confused" in reactions(comment)
    settled(bot)
    # Said again it counts.
    bot.later(minutes=5)
    say(bot, issue, "/accept")
    assert on_main(bot)
    settled(bot)


def test_an_accept_that_was_edited_or_deleted_is_none(bot):
    issue = propose(bot)
    comment = bot.world.comment(issue, "maria", "Fine.")
    bot.world.edit_comment(comment, "maria", "/accept")
    other = bot.world.comment(issue, "maria", "/accept")
    bot.world.delete_comment(other, "maria")
    reconcile_branch(bot.run())
    assert not on_main(bot)
    settled(bot)


def test_an_accept_before_the_first_report_is_said_again(bot):
    issue = bot.world.open_issue("alice", "New paper", form())
    comment = say(bot, issue, "/accept")
    assert "confused" in reactions(comment)
    assert "have not reported" in bot.comments(issue)[-1]
    assert not on_main(bot)
    settled(bot)


def test_an_accept_soon_after_a_report_that_replaced_another_is_void(bot):
    issue = propose(bot)
    bot.world.edit_issue(issue, "alice", body=form(title="Another Title of the Same"))
    review_issue(bot.run(), issue.number)
    bot.later(seconds=20)
    comment = say(bot, issue, "/accept")
    assert "confused" in reactions(comment)
    assert "less than a minute before" in bot.comments(issue)[-1]
    assert not on_main(bot)


def test_an_accept_soon_after_the_first_report_waits(bot):
    issue = bot.world.open_issue("alice", "New paper", form())
    review_issue(bot.run(), issue.number)
    bot.later(seconds=20)
    say(bot, issue, "/accept Planning")
    assert bot.slept
    assert "skills/planning" in bot.file(FILE)
    settled(bot)


@pytest.mark.parametrize("words", ["/accept Labelling", "/accept Methods", "/accept A, Planning"])
def test_an_accept_with_a_name_that_is_no_category_is_answered(bot, words):
    issue = propose(bot)
    comment = say(bot, issue, words)
    assert "confused" in reactions(comment)
    assert "is unknown or ambiguous" in bot.comments(issue)[-1]
    assert not on_main(bot)
    settled(bot)


def test_an_accept_cannot_add_what_the_report_does_not_show(bot):
    """A proposal that needs changes shows no record, so nobody has seen what would be added."""
    issue = propose(bot, form(date="2024-13"))
    comment = say(bot, issue, "/accept Planning")
    assert not on_main(bot)
    assert "confused" in reactions(comment)
    settled(bot)


def test_on_a_pull_request_merging_is_the_way(bot):
    record = (
        'title: "A Paper"\narxiv: "2402.12031"\ndate: 2024-02\ncategories:\n  - skills/planning\n'
    )
    pull = bot.world.open_pull("alice", "Add", files={"papers/2402.12031.yaml": record})
    review_pull_request(bot.run(), pull.number)
    comment = say(bot, pull, "/accept")
    assert "confused" in reactions(comment)
    assert "merge it instead" in bot.comments(pull)[-1]
    assert pull.state == "open"
    settled(bot)


def test_an_accepted_proposal_waits_in_a_pull_request_and_is_thanked_for(bot):
    bot.world.protect("main")
    issue = propose(bot)
    say(bot, issue, "/accept Planning")
    (pull,) = [one for one in bot.world.issues.values() if one.pull]
    assert bot.labels(issue) == {"accepted", "ready"}
    settled(bot)
    bot.world.merge_pull(pull, "maria")
    reconcile_branch(bot.run())
    assert "skills/planning" in bot.file(FILE)
    assert bot.labels(issue) == {"accepted", "added"}
    assert "**Added**" in bot.comments(issue)[-1]


def test_a_run_that_is_cut_off_after_its_push_ends_in_thanks(bot):
    issue = propose(bot)
    comment = bot.world.comment(issue, "maria", "/accept Planning")
    cut_off_behind_the_push(bot)
    assert on_main(bot)
    reconcile_branch(bot.run())
    assert "**Added**" in bot.comments(issue)[-1]
    assert bot.labels(issue) == {"accepted", "added"}
    assert reactions(comment) == ["+1"]
    settled(bot)


# /decline


def declined(bot):
    return bot.file("declined.yaml")


@pytest.mark.usefixtures("confirmed")
def test_a_decline_closes_with_the_reason_and_is_remembered(bot):
    issue = propose(bot)
    comment = say(bot, issue, "/decline It is about vision models")
    assert reactions(comment) == ["eyes", "+1"]
    assert (issue.state, issue.state_reason) == ("closed", "not_planned")
    assert bot.labels(issue) == {"declined"}
    note = bot.comments(issue)[-1]
    assert "**Declined** — It is about vision models." in note
    assert 'identifier: "arxiv:2402.12030"' in declined(bot)
    assert 'reason: "It is about vision models"' in declined(bot)
    assert f"number: {issue.number}" in declined(bot)
    settled(bot)


@pytest.mark.usefixtures("confirmed")
def test_a_later_proposal_is_told_the_reason_and_can_be_accepted(bot):
    first = propose(bot)
    say(bot, first, "/decline It is about vision models")
    second = propose(bot, author="bob")
    (report,) = bot.comments(second)
    assert bot.labels(second) == {"needs a maintainer"}
    assert "`It is about vision models`" in report
    assert f"in #{first.number}:" in report
    assert second.state == "open"
    say(bot, second, "/accept")
    assert on_main(bot)
    assert "2402.12030" not in declined(bot)
    settled(bot)


@pytest.mark.usefixtures("confirmed")
def test_an_accept_takes_a_decline_back(bot):
    issue = propose(bot)
    say(bot, issue, "/decline It is about vision models")
    bot.later(minutes=5)
    comment = say(bot, issue, "/accept", "paul")
    assert "+1" in reactions(comment)
    assert on_main(bot)
    assert "2402.12030" not in declined(bot)
    assert (issue.state, issue.state_reason) == ("closed", "completed")
    assert bot.labels(issue) == {"accepted", "added"}
    settled(bot)


def test_what_no_service_confirms_is_declined_and_not_remembered(bot):
    issue = propose(bot)
    say(bot, issue, "/decline It is about vision models")
    assert issue.state == "closed"
    assert "declined.yaml" not in bot.server.git.git("ls-tree", "--name-only", "main")
    settled(bot)


@pytest.mark.usefixtures("confirmed")
def test_a_good_paper_cannot_be_poisoned(bot):
    """A good identifier with the title of another paper, and spam, are not remembered."""
    wrong = propose(bot, form(title="A Wonderful Product of Ours That Everybody Needs"))
    say(bot, wrong, "/decline This is an advertisement")
    spam = propose(bot)
    say(bot, spam, "/decline spam")
    assert spam.state == wrong.state == "closed"
    assert "**Closed**" in bot.comments(spam)[-1]
    edited = propose(bot)
    bot.world.edit_issue(edited, "alice", body=form(title="Another Title That Is Not Its Own"))
    say(bot, edited, "/decline It is about vision models")
    assert "declined.yaml" not in bot.server.git.git("ls-tree", "--name-only", "main")
    settled(bot)


@pytest.mark.usefixtures("confirmed")
def test_a_second_decline_and_one_of_what_is_listed_change_nothing(bot):
    issue = propose(bot)
    say(bot, issue, "/decline It is about vision models")
    bot.later(minutes=5)
    say(bot, issue, "/decline It is about vision models", "paul")
    assert issue.state == "closed"
    assert declined(bot).count("arxiv:2402.12030") == 1
    added = propose(bot, form("2402.12031", "Another Paper"))
    say(bot, added, "/accept")
    late = say(bot, added, "/decline No")
    assert "confused" in reactions(late)
    assert "are in the list" in bot.comments(added)[-1]
    assert on_main(bot, "papers/2402.12031.yaml")
    settled(bot)


def test_a_decline_without_a_reason_is_asked_for_one(bot):
    issue = propose(bot)
    comment = say(bot, issue, "/decline")
    assert "confused" in reactions(comment)
    assert "decline REASON" in bot.comments(issue)[-1]
    assert issue.state == "open"
    settled(bot)


@pytest.mark.usefixtures("confirmed")
def test_a_criterion_can_be_named(bot):
    settings = bot.file("kdbot.toml") + '\n[criteria]\nscope = "It distills language models."\n'
    bot.world.push("kd", {"kdbot.toml": settings}, "State what belongs here")
    reconcile_branch(bot.run())
    assert "It distills language models." in bot.file(".github/ISSUE_TEMPLATE/new-paper.yml")
    issue = propose(bot)
    say(bot, issue, "/decline scope")
    note = bot.comments(issue)[-1]
    assert "**Declined** — It distills language models." in note
    assert 'reason: "It distills language models."' in declined(bot)
    settled(bot)


@pytest.mark.usefixtures("confirmed")
def test_a_pull_request_is_declined(bot):
    record = (
        f'title: "{TITLE}"\narxiv: "2402.12030"\ndate: 2024-02\ncategories:\n  - skills/planning\n'
    )
    pull = bot.world.open_pull("alice", "Add", files={FILE: record})
    review_pull_request(bot.run(), pull.number)
    bot.later(minutes=5)
    say(bot, pull, "/decline It is about vision models")
    assert pull.state == "closed"
    assert bot.labels(pull) == {"declined"}
    assert 'identifier: "arxiv:2402.12030"' in declined(bot)
    settled(bot)


@pytest.mark.usefixtures("confirmed")
def test_a_reopened_proposal_is_reviewed_and_goes_to_a_maintainer(bot):
    issue = propose(bot)
    say(bot, issue, "/decline It is about vision models")
    bot.later(minutes=5)
    bot.world.reopen(issue, "maria")
    review_issue(bot.run(), issue.number)
    assert issue.state == "open"
    assert bot.labels(issue) == {"needs a maintainer"}
    settled(bot)


@pytest.mark.usefixtures("confirmed")
@pytest.mark.parametrize("is_free_again", [False, True])
def test_on_a_protected_branch_every_decline_is_in_one_pull_request(bot, is_free_again):
    bot.world.protect("main")
    first = propose(bot)
    say(bot, first, "/decline It is about vision models")
    record = MetadataRecord(
        source=Origin.ARXIV, arxiv="2402.12031", title="Another Paper", date="2024-02"
    )
    bot.ask = lambda _proposal, _collection: {"arxiv:2402.12031": (record,)}
    second = propose(bot, form("2402.12031", "Another Paper"))
    if is_free_again:
        bot.world.protect()
    say(bot, second, "/decline It is too short")
    (pull,) = [one for one in bot.world.issues.values() if one.pull]
    if not is_free_again:
        bot.world.merge_pull(pull, "maria")
    assert {"2402.12030", "2402.12031"} == set(re.findall(r"arxiv:([0-9.]+)", declined(bot)))
    assert first.state == second.state == "closed"
    settled(bot)


def test_a_broken_file_of_declined_papers_stops_no_review_and_is_not_written_over(bot):
    broken = "declined:\n  - identifier: arxiv:1\n"
    bot.world.push("kd", {"declined.yaml": broken}, "A slip")
    issue = propose(bot)
    assert bot.labels(issue) == {"ready"}
    say(bot, issue, "/decline It is about vision models")
    assert issue.state == "closed"
    assert declined(bot) == broken.strip()


# The one against the other


RACES = {
    "a decline after an accept": (("/accept", "maria"), ("/decline No", "paul"), False),
    "an accept after a decline": (("/decline No", "paul"), ("/accept", "maria"), True),
    "two accepts": (("/accept Labeling", "paul"), ("/accept Planning", "maria"), True),
    "two declines": (("/decline Too old", "paul"), ("/decline No", "maria"), False),
}


@pytest.mark.parametrize("first_run", ["first", "second", "neither"])
@pytest.mark.parametrize("race", RACES)
@pytest.mark.parametrize("apart", [0, 3])
def test_the_later_of_two_words_counts_and_both_are_answered(bot, race, first_run, apart):
    one, other, is_added = RACES[race]
    issue = propose(bot)
    first = bot.world.comment(issue, one[1], one[0])
    bot.later(seconds=apart)
    second = bot.world.comment(issue, other[1], other[0])
    if first_run != "neither":
        bot.obey(first if first_run == "first" else second)
    reconcile_branch(bot.run())
    assert on_main(bot) is is_added
    assert issue.state == "closed"
    assert "confused" in reactions(first)
    assert "+1" in reactions(second)
    texts = "\n".join(bot.comments(issue))
    assert "A later decision counts" in texts
    if other[0] == "/accept Planning":
        assert "skills/planning" in bot.file(FILE)
    settled(bot)


def test_of_a_label_and_a_decline_the_later_counts(bot):
    issue = propose(bot)
    said = bot.world.comment(issue, "paul", "/decline No")
    bot.later(seconds=5)
    bot.world.add_labels(issue, ["accepted"], "maria")
    reconcile_branch(bot.run(), issue.number)
    assert on_main(bot)
    assert "confused" in reactions(said)
    other = propose(bot, form("2402.12031", "Another Paper"))
    bot.world.add_labels(other, ["accepted"], "maria")
    bot.later(seconds=5)
    say(bot, other, "/decline No", "paul")
    assert not on_main(bot, "papers/2402.12031.yaml")
    assert bot.labels(other) == {"declined"}
    settled(bot)


# Without a category

FREE = "Please add this paper: https://arxiv.org/abs/2402.12030\n\nTitle: " + TITLE


@pytest.mark.usefixtures("confirmed")
def test_the_label_alone_is_told_once_how_to_name_the_category_and_waits_for_it(bot):
    issue = propose(bot, FREE)
    assert bot.labels(issue) == {"ready"}
    bot.world.add_labels(issue, ["accepted"], "maria")
    reconcile_branch(bot.run(), issue.number)
    assert issue.state == "open"
    assert bot.labels(issue) == {"ready", "accepted"}
    assert "/accept NAME, NAME" in bot.comments(issue)[-1]
    settled(bot)
    assert len(bot.comments(issue)) == 2
    stranger = say(bot, issue, "/accept Planning", "mallory")
    assert reactions(stranger) == ["confused"]
    assert not on_main(bot)
    bot.later(minutes=5)
    say(bot, issue, "/accept Planning", "paul")
    assert "skills/planning" in bot.file(FILE)
    assert bot.labels(issue) == {"accepted", "added"}
    settled(bot)


@pytest.mark.usefixtures("confirmed")
def test_an_accept_names_the_category_that_a_proposal_lacks(bot):
    issue = propose(bot, FREE)
    comment = say(bot, issue, "/accept")
    assert "confused" in reactions(comment)
    assert "has no category yet" in bot.comments(issue)[-1]
    settled(bot)
    bot.later(minutes=5)
    say(bot, issue, "/accept Planning")
    assert "skills/planning" in bot.file(FILE)
    settled(bot)


@pytest.mark.usefixtures("confirmed")
def test_a_run_that_is_cut_off_after_a_category_was_named_ends_in_thanks(bot):
    issue = propose(bot, FREE)
    comment = bot.world.comment(issue, "maria", "/accept Planning")
    cut_off_behind_the_push(bot)
    assert on_main(bot)
    reconcile_branch(bot.run())
    assert "**Added**" in bot.comments(issue)[-1]
    assert reactions(comment) == ["+1"]
    settled(bot)
