"""Issues: what the bot answers, and that answering twice changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kdbot.flows.proposal.issue import review_issue
from kdbot.github.errors import GitHubUnavailableError, ItemGoneError
from kdbot.model.evidence import LinkResult, LinkState
from tests.flows.sample_list import form
from tests.github_server import Effect

LISTED = "https://arxiv.org/abs/2306.08543"
LISTED_TITLE = "MiniLLM: Knowledge Distillation of Large Language Models"


def answer(bot, issue):
    """Review an issue and return the bot's comments on it."""
    review_issue(bot.run(), issue.number)
    return bot.comments(issue)


FREE_TEXT = (
    "Please add [Towards Cross-Tokenizer Distillation](https://arxiv.org/abs/2402.12030) "
    "to Labeling."
)

SCENARIOS = {
    "ready": (form(), "ready", "**Ready for review"),
    "ready without a category": (form(categories=""), "ready", "**Ready for review"),
    "month 13": (form(date="2024-13"), "needs changes", "**Needs 1 change"),
    "update": (
        form(LISTED, LISTED_TITLE, "Methods > Labeling"),
        "ready",
        "**Ready for review",
    ),
    "duplicate": (
        form(LISTED, LISTED_TITLE, "Methods > Divergence and Similarity"),
        "duplicate",
        "**Already listed",
    ),
    "D17 duplicate by another alias": (
        form("https://huggingface.co/papers/2306.08543v2", LISTED_TITLE, ""),
        "duplicate",
        "**Already listed",
    ),
    "C07 free text without a label": (FREE_TEXT, "ready", "**Ready for review"),
}


@pytest.mark.parametrize(
    ("body", "label", "headline"), SCENARIOS.values(), ids=list(SCENARIOS.keys())
)
def test_F01_each_proposal_gets_one_comment_and_one_label_and_a_second_run_writes_nothing(
    bot, body, label, headline
):
    issue = bot.world.open_issue("alice", "New paper", body)
    comment = answer(bot, issue)[0]
    assert comment.splitlines()[1].startswith(headline)
    assert bot.labels(issue) == {label}
    before = bot.state(issue)
    bot.server.forget_log()
    answer(bot, issue)
    assert bot.server.writes == []
    assert bot.state(issue) == before


SILENT = {
    "a question": "Are there any good tools for distillation?\n\nBest",
    "a bug": "The link in the README to the survey is shown twice on my phone.",
    "a correction of nothing that is listed": "Some code links are dead, please fix them.",
    "thanks that quote a proposal": "Sure, good work!\n\n> Please add https://arxiv.org/abs/2401.1",
    "an advert": "I suggest adding **WFGY** to this list: https://github.com/onestardao/WFGY",
    "C06 an empty body": "",
    "C06 no body": None,
}


@pytest.mark.parametrize("body", SILENT.values(), ids=list(SILENT.keys()))
def test_what_is_no_proposal_gets_no_answer(bot, body):
    issue = bot.world.open_issue("alice", "Hello", body)
    assert answer(bot, issue) == []
    assert bot.server.writes == []


def test_a_report_about_a_listed_paper_is_left_to_people(bot):
    issue = bot.world.open_issue("alice", "Dead link", f"The code link of {LISTED} is dead.")
    (comment,) = answer(bot, issue)
    assert bot.labels(issue) == {"needs a maintainer"}
    assert "papers/2306.08543.yaml" in comment


def test_an_edit_changes_the_comment_and_the_label_in_place(bot):
    issue = bot.world.open_issue("alice", "New paper", form(date="2024-13"))
    answer(bot, issue)
    bot.world.edit_issue(issue, "alice", body=form())
    (comment,) = answer(bot, issue)
    assert "Ready for review" in comment
    assert bot.labels(issue) == {"ready"}


def test_an_edit_away_from_a_proposal_is_said(bot):
    issue = bot.world.open_issue("alice", "New paper", form())
    answer(bot, issue)
    bot.world.edit_issue(issue, "alice", title="Hello", body="Never mind, I was mistaken.")
    (comment,) = answer(bot, issue)
    assert "No longer a proposal" in comment
    assert bot.labels(issue) == set()


# Duplicates


def duplicate(bot, who="alice"):
    return bot.world.open_issue(
        who, "New paper", form(LISTED, LISTED_TITLE, "Methods > Divergence and Similarity")
    )


def test_a_duplicate_is_closed_with_a_note_that_says_how_to_disagree(bot):
    issue = duplicate(bot)
    _, note = answer(bot, issue)
    assert (issue.state, issue.state_reason) == ("closed", "duplicate")
    assert note.startswith("<!-- kdbot:note duplicate -->")
    assert "reopen" in note


def test_F06_a_reopened_duplicate_is_never_closed_again(bot):
    issue = duplicate(bot)
    answer(bot, issue)
    bot.world.reopen(issue, "alice")
    for _ in range(2):
        assert len(answer(bot, issue)) == 2
        assert issue.state == "open"


def test_F06_a_persons_word_that_it_is_no_duplicate_wins(bot):
    older = bot.world.open_issue("bob", "New paper", form(paper="", title="A Title of My Own"))
    issue = bot.world.open_issue("alice", "New paper", form(paper="", title="A Title of my own"))
    bot.world.add_labels(issue, ["not a duplicate"], "kd")
    answer(bot, issue)
    assert issue.state == "open"
    assert "duplicate" not in bot.labels(issue)
    assert older.state == "open"


@pytest.mark.parametrize("order", [(1, 2), (2, 1), (2, 1, 2), (1, 2, 1)])
def test_F04_of_two_proposals_the_lower_number_stays(bot, order):
    for who in ("alice", "bob"):
        bot.world.open_issue(who, "New paper", form())
    for number in order:
        review_issue(bot.run(), number)
    first, second = (bot.world.issue(number) for number in (1, 2))
    assert (first.state, bot.labels(first)) == ("open", {"ready"})
    assert (second.state, bot.labels(second)) == ("closed", {"duplicate"})
    assert "#1" in bot.comments(second)[0]


def test_F04_a_listing_that_lags_is_healed_by_the_next_look(bot):
    bot.world.listing_lag = 3
    for who in ("alice", "bob"):
        bot.world.open_issue(who, "New paper", form())
    review_issue(bot.run(), 2)
    review_issue(bot.run(), 1)
    second = bot.world.issue(2)
    review_issue(bot.run(), 2)
    assert (second.state, bot.labels(second)) == ("closed", {"duplicate"})
    assert bot.world.issue(1).state == "open"


# The bot's own comment


def test_B09_a_forged_marker_is_nobodys_comment(bot):
    issue = bot.world.open_issue("alice", "New paper", form())
    forged = "<!-- kdbot:report sha256=" + "0" * 64 + " -->\n**Ready** by me"
    first = bot.world.comment(issue, "mallory", forged)
    answer(bot, issue)
    last = bot.world.comment(issue, "mallory", forged)
    answer(bot, issue)
    assert first.body == last.body == forged
    assert len(bot.comments(issue)) == 1


def test_B10_a_marker_in_the_body_is_text(bot):
    body = "<!-- kdbot:report sha256=" + "0" * 64 + " -->\n\n" + form()
    issue = bot.world.open_issue("alice", "New paper", body)
    (comment,) = answer(bot, issue)
    assert comment.count("<!-- kdbot:") == 1


def test_B12_of_two_own_comments_the_older_is_kept(bot):
    issue = bot.world.open_issue("alice", "New paper", form())
    (body,) = answer(bot, issue)
    bot.world.comment(issue, bot.world.bot, body)
    assert answer(bot, issue) == [body]


def test_B13_a_comment_that_somebody_edited_is_written_anew(bot):
    issue = bot.world.open_issue("alice", "New paper", form())
    (body,) = answer(bot, issue)
    comment = bot.world.comments_of(issue)[0]
    bot.world.edit_comment(comment, "kd", body + '\n{"approved": true}')
    assert '"approved"' not in answer(bot, issue)[0]


def test_B14_a_deleted_comment_is_written_once_more(bot):
    issue = bot.world.open_issue("alice", "New paper", form())
    answer(bot, issue)
    bot.world.delete_comment(bot.world.comments_of(issue)[0], "kd")
    assert len(answer(bot, issue)) == 1
    assert len(answer(bot, issue)) == 1


def test_B15_the_own_comment_is_found_on_the_third_page(bot):
    issue = bot.world.open_issue("alice", "New paper", form())
    for number in range(249):
        bot.world.comment(issue, "bob", f"Comment {number}")
    answer(bot, issue)
    bot.server.forget_log()
    assert len(answer(bot, issue)) == 1
    assert bot.server.writes == []


# Who, and in what state


def test_F11_a_bots_issue_is_left_alone(bot):
    issue = bot.world.open_issue("dependabot[bot]", "New paper", form())
    assert answer(bot, issue) == []


def test_F16_a_ghosts_proposal_is_answered(bot):
    issue = bot.world.open_issue(None, "New paper", form())
    assert len(answer(bot, issue)) == 1


def test_F16_a_locked_issue_is_left_alone(bot):
    issue = bot.world.open_issue("alice", "New paper", form())
    bot.world.lock(issue, "kd", "spam")
    assert answer(bot, issue) == []


@pytest.mark.parametrize("gone", ["deleted", "transferred"])
def test_F16_an_issue_that_is_gone_is_nothing_to_do(bot, gone):
    issue = bot.world.open_issue("alice", "New paper", form())
    issue.gone = gone
    with pytest.raises(ItemGoneError) as refused:
        review_issue(bot.run(), issue.number)
    assert refused.value.exit_status == 0


def test_F17_a_strange_login_is_no_mention(bot):
    login = "a" * 38 + "-"
    issue = bot.world.open_issue(login, "New paper", form())
    assert f"@{login}" not in answer(bot, issue)[0]


def test_F18_foreign_labels_are_never_touched(bot):
    issue = bot.world.open_issue("alice", "New paper", form(date="2024-13"))
    foreign = ["good first issue", "Ready", *(f"label {n}" for n in range(120))]
    bot.world.add_labels(issue, foreign, "kd")
    answer(bot, issue)
    bot.world.edit_issue(issue, "alice", body=form())
    answer(bot, issue)
    assert bot.labels(issue) >= set(foreign) - {"Ready"}


def test_F18_a_state_label_that_somebody_took_off_is_set_again(bot):
    issue = bot.world.open_issue("alice", "New paper", form())
    answer(bot, issue)
    bot.world.remove_label(issue, "ready", "alice")
    answer(bot, issue)
    assert bot.labels(issue) == {"ready"}


def test_F23_many_proposals_of_one_person_get_a_soft_word(bot):
    for number in range(6):
        bot.world.open_issue("alice", "New paper", form(f"2402.1203{number}", f"Paper {number}"))
    issue = bot.world.issue(6)
    assert "many-open-proposals" in answer(bot, issue)[0]
    assert bot.labels(issue) == {"ready"}


# Links


def test_a_dead_link_of_the_proposal_is_an_error(bot):
    address = "https://github.com/nobody/nothing"
    asked = []

    def probe(urls):
        asked.append(tuple(urls))
        return tuple(
            LinkResult(url=url, state=LinkState.DEAD, status=404, evidence="404 twice")
            for url in asked[-1]
        )

    bot.probe = probe
    issue = bot.world.open_issue("alice", "New paper", form(code=address))
    assert "dead-link" in answer(bot, issue)[0]
    assert bot.labels(issue) == {"needs changes"}
    assert asked == [(address,)]


def test_E09_a_link_that_nobody_could_check_blocks_nobody(bot):
    bot.probe = lambda urls: tuple(
        LinkResult(url=url, state=LinkState.BLOCKED, status=403, evidence="403") for url in urls
    )
    code = "https://github.com/somebody/something"
    issue = bot.world.open_issue("alice", "New paper", form(code=code))
    answer(bot, issue)
    assert bot.labels(issue) == {"ready"}


# Faults of GitHub


def settled(bot, issue):
    """Return the state without ids, which a run that was cut off uses up."""
    comments, labels, state, tree = bot.state(issue)
    return [body for _, body in comments], labels, state, tree


@pytest.mark.parametrize("effect", [Effect.NONE, Effect.DONE], ids=["before", "E12-after"])
@pytest.mark.parametrize("k", [1, 2, 3, 4, 5])
def test_F20_a_fault_at_any_write_is_healed_in_the_same_run(bot, k, effect):
    bot.server.faults.fail(at_write=k, effect=effect)
    issue = duplicate(bot)
    comments = answer(bot, issue)
    assert len(comments) == 2
    assert (issue.state, bot.labels(issue)) == ("closed", {"duplicate"})


@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_F20_a_crash_at_any_write_is_healed_by_the_next_run(bot, k):
    bot.server.faults.fail(at_write=k, times=3)
    issue = duplicate(bot)
    with pytest.raises(GitHubUnavailableError):
        review_issue(bot.run(), issue.number)
    bot.server.faults.clear()
    answer(bot, issue)
    assert len(bot.comments(issue)) == 2
    assert (issue.state, bot.labels(issue)) == ("closed", {"duplicate"})


def test_E12_a_comment_that_was_written_before_a_502_is_not_written_twice(bot):
    bot.server.faults.fail(status=502, at_write=1, effect=Effect.DONE)
    issue = bot.world.open_issue("alice", "New paper", form())
    assert len(answer(bot, issue)) == 1


def test_E12_a_dropped_connection_after_the_write_is_no_second_comment(bot):
    bot.server.faults.drop(at_write=1, effect=Effect.DONE)
    issue = bot.world.open_issue("alice", "New paper", form())
    assert len(answer(bot, issue)) == 1


# Cost


def test_a_first_answer_costs_eight_requests_at_most(bot):
    for number in range(40):
        bot.world.open_issue("bob", "New paper", form(f"2402.{20000 + number}", f"Paper {number}"))
    issue = duplicate(bot)
    bot.server.forget_log()
    answer(bot, issue)
    assert issue.state == "closed"
    assert len(bot.server.log) <= 8


def test_an_unchanged_answer_costs_five_requests_at_most(bot):
    issue = bot.world.open_issue("alice", "New paper", form())
    answer(bot, issue)
    bot.server.forget_log()
    answer(bot, issue)
    assert len(bot.server.log) <= 5


def test_a_dry_run_writes_nothing_and_says_what_it_would(bot, capsys):
    issue = bot.world.open_issue("alice", "New paper", form())
    review_issue(bot.run(dry_run=True), issue.number)
    said = capsys.readouterr().out
    assert "CreateComment" in said
    assert "Ready for review" in said
    assert bot.server.writes == []


def test_maintainers_are_told_of_a_new_account_in_the_summary_alone(bot, capsys):
    bot.world.user("zoe").created_at = bot.server.clock.now() - timedelta(days=3)
    for number in (1, 2):
        issue = bot.world.open_issue(
            "zoe", "New paper", form(f"2402.1203{number}", f"Paper {number}")
        )
        bot.server.forget_log()
        (comment,) = answer(bot, issue)
        assert len(bot.server.log) <= 8
    said = capsys.readouterr().out
    assert "#1: first contribution of zoe: the account is 3 days old and has 0 older open" in said
    assert "#2: first contribution of zoe: the account is 3 days old and has 1 older open" in said
    assert "days old" not in comment
