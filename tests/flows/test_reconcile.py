"""The pass over the published branch: whatever GitHub drops, what waits is done by the next run."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest

from kdbot.flows import act, push
from kdbot.flows.list.checked_list import check_list
from kdbot.flows.proposal.issue import review_issue
from kdbot.flows.proposal.pull_request import review_pull_request
from kdbot.flows.reconcile import reconcile_branch
from kdbot.flows.sweep import publish, sweep
from kdbot.github.events import parse_event
from kdbot.model.errors import KdbotError
from kdbot.model.evidence import MetadataRecord, Unavailable
from kdbot.model.finding import Severity
from kdbot.model.proposal import Origin
from tests.flows.sample_list import form
from tests.github_server import refusals
from tests.workflows.concurrency import Group, timetable
from tests.workflows.concurrency import Run as Scheduled

FILE = "papers/2402.12030.yaml"
RECORD = (
    'title: "A {n} Paper"\narxiv: "2402.{n:05}"\ndate: 2024-02\ncategories:\n  - methods/labeling\n'
)


@pytest.fixture(autouse=True)
def _maria(bot):
    bot.world.set_role("maria", "write")


def propose(bot, number=1):
    """A ready proposal, reviewed five minutes ago."""
    issue = bot.world.open_issue(
        "alice", "New paper", form(f"2402.1203{number}", f"Paper {number}")
    )
    review_issue(bot.run(), issue.number)
    bot.later(minutes=5)
    return issue


def on_main(bot, number=1):
    name = f"papers/2402.1203{number}.yaml"
    return bot.server.git.git("ls-tree", "--name-only", "main", name) == name


def notes(bot, issue, kind):
    return [c for c in bot.comments(issue) if c.startswith(f"<!-- kdbot:note {kind}")]


def pulls(bot):
    return [i for i in bot.world.issues.values() if i.pull and i.user is bot.world.bot]


def settled(bot):
    """Another sweep writes nothing, to GitHub or to git."""
    refs = bot.server.git.git("for-each-ref")
    bot.server.forget_log()
    assert sweep(bot.run()) == 0
    assert bot.server.writes == []
    assert bot.server.git.git("for-each-ref").splitlines() == refs.splitlines()


# H01, H02: superseded runs


def test_H01_of_twenty_accepted_labels_the_runs_that_github_keeps_land_all(bot):
    issues = []
    for number in range(20):
        issue = bot.world.open_issue(
            "alice",
            "New paper",
            form(f"2402.{12100 + number}", f"A Burst of Papers, part {number}"),
        )
        review_issue(bot.run(), issue.number)
        issues.append(issue)
    bot.later(minutes=5)
    group = Group(name="kdbot-main")
    runs = []
    for index, issue in enumerate(issues):
        bot.world.add_labels(issue, ["accepted"], "maria")
        runs.append(Scheduled(name=str(issue.number), asked=3.0 * index, takes=40.0, group=group))
    bot.world.push("kd", {"papers/2402.20001.yaml": RECORD.format(n=20001)}, "Merge")
    runs.append(Scheduled(name="publish", asked=61.0, takes=40.0, group=group))
    kept = timetable(runs)
    assert len(kept.ended) <= 5
    for name in sorted(kept.ended, key=kept.began.get):
        if name == "publish":
            publish(bot.run())
        else:
            reconcile_branch(bot.run(), int(name))
    for number, issue in enumerate(issues):
        assert issue.state == "closed"
        assert len(notes(bot, issue, "accepted")) == 1
        assert f"papers/2402.{12100 + number}.yaml" in bot.server.git.git(
            "ls-tree", "-r", "--name-only", "main"
        )
    assert "A 20001 Paper" in bot.file("README.md")
    settled(bot)


def test_H02_a_publish_that_was_lost_is_made_up_for_under_the_day_of_the_merge(bot):
    pull = bot.world.open_pull("bob", "Add", files={FILE: RECORD.format(n=12030)})
    bot.later(days=1)
    merged = bot.server.clock.now().date()
    bot.world.merge_pull(pull, "kd")
    bot.later(days=3)
    assert sweep(bot.run()) == 0
    assert f"added: {merged.isoformat()}" in bot.file(FILE)
    assert f"**{merged.isoformat()}**" in bot.file("README.md")
    settled(bot)


def test_the_pass_with_nothing_waiting_costs_one_request(bot):
    issue = propose(bot)
    bot.server.forget_log()
    reconcile_branch(bot.run())
    assert len(bot.server.log) == 1
    assert bot.labels(issue) == {"ready"}


def test_an_accept_costs_nine_requests(bot):
    issue = propose(bot)
    bot.world.add_labels(issue, ["accepted"], "maria")
    bot.server.forget_log()
    reconcile_branch(bot.run(), issue.number)
    assert issue.state == "closed"
    assert len(bot.server.log) <= 9


# H04, H06, H18: whose label counts, and when


def test_H18_the_owner_accepts_their_own_where_the_branch_has_no_rules(bot):
    issue = bot.world.open_issue("kd", "New paper", form())
    review_issue(bot.run(), issue.number)
    bot.later(minutes=5)
    bot.world.add_labels(issue, ["accepted"], "kd")
    reconcile_branch(bot.run(), issue.number)
    assert issue.state == "closed"
    assert FILE in bot.server.git.git("ls-tree", "-r", "--name-only", "main")


@pytest.mark.parametrize("kind", ["classic", "ruleset"])
def test_H18_on_a_protected_branch_an_author_cannot_accept_their_own(bot, kind):
    issue = bot.world.open_issue("kd", "New paper", form())
    review_issue(bot.run(), issue.number)
    bot.later(minutes=5)
    bot.world.protect("main", kind=kind)
    bot.world.add_labels(issue, ["accepted"], "kd")
    reconcile_branch(bot.run(), issue.number)
    assert "own author" in notes(bot, issue, "acceptance-reset")[0]
    assert pulls(bot) == []


def test_H18_a_label_within_the_minute_of_the_first_report_counts_after_a_wait(bot):
    issue = bot.world.open_issue("alice", "New paper", form())
    review_issue(bot.run(), issue.number)
    bot.later(seconds=20)
    bot.world.add_labels(issue, ["accepted"], "maria")
    bot.slept.clear()
    reconcile_branch(bot.run(), issue.number)
    assert issue.state == "closed"
    assert 30 <= sum(bot.slept) <= 60


def test_F07_H18_an_edit_during_that_wait_wins(bot):
    issue = bot.world.open_issue("alice", "New paper", form())
    review_issue(bot.run(), issue.number)
    bot.later(seconds=20)
    bot.world.add_labels(issue, ["accepted"], "maria")
    run = bot.run()
    edited = form("2402.12031", "Another Paper")

    def sleep_and_edit(seconds):
        bot.sleep(seconds)
        bot.world.edit_issue(issue, "alice", body=edited)

    run.client.sleep = sleep_and_edit
    reconcile_branch(run, issue.number)
    assert issue.state == "open"
    assert "accepted" not in bot.labels(issue)
    assert "edited after" in notes(bot, issue, "acceptance-reset")[0]


def test_H18_accepted_before_it_was_ever_reviewed_takes_one_run(bot):
    issue = bot.world.open_issue("alice", "New paper", form())
    bot.world.add_labels(issue, ["accepted"], "maria")
    reconcile_branch(bot.run(), issue.number)
    assert issue.state == "closed"
    assert FILE in bot.server.git.git("ls-tree", "-r", "--name-only", "main")
    reports = [c for c in bot.comments(issue) if c.startswith("<!-- kdbot:report")]
    assert len(reports) == 1
    settled(bot)


def test_H18_accepted_before_a_review_that_finds_faults_is_taken_off_once(bot):
    issue = bot.world.open_issue("alice", "New paper", form(date="2024-13"))
    bot.world.add_labels(issue, ["accepted"], "maria")
    reconcile_branch(bot.run(), issue.number)
    assert bot.labels(issue) == {"needs changes"}
    assert len(notes(bot, issue, "acceptance-reset")) == 1
    assert any("kdbot:report" in c for c in bot.comments(issue))


def test_H04_a_recheck_during_an_outage_leaves_an_acceptance_as_it_is(bot):
    record = MetadataRecord(source=Origin.ARXIV, title="A Paper", date="2024-02")
    bot.ask = lambda _proposal, _collection: {"arxiv:2402.12030": (record,)}
    issue = bot.world.open_issue("alice", "New paper", form(title=""))
    review_issue(bot.run(), issue.number)
    bot.later(minutes=5)
    bot.world.add_labels(issue, ["accepted"], "maria")
    down = Unavailable(source=Origin.ARXIV, reason="arXiv is down")
    bot.ask = lambda _proposal, _collection: {"arxiv:2402.12030": (down,)}
    review_issue(bot.run(), issue.number)
    assert "accepted" in bot.labels(issue)
    assert notes(bot, issue, "acceptance-reset") == []
    reconcile_branch(bot.run(), issue.number)
    assert issue.state == "closed"
    assert 'title: "A Paper"' in bot.file(FILE)


def test_H06_a_second_refusal_is_told_again_with_the_present_review(bot):
    issue = propose(bot)
    for _ in range(2):
        bot.world.add_labels(issue, ["accepted"], "stranger")
        reconcile_branch(bot.run(), issue.number)
        assert "accepted" not in bot.labels(issue)
        bot.later(minutes=5)
    assert len(notes(bot, issue, "acceptance-reset")) == 2
    bot.world.add_labels(issue, ["accepted"], "maria")
    bot.later(seconds=5)
    bot.world.edit_issue(issue, "alice", body=form(date="2024-13"))
    reconcile_branch(bot.run(), issue.number)
    (report,) = [c for c in bot.comments(issue) if c.startswith("<!-- kdbot:report")]
    assert "Needs 1 change" in report
    assert bot.labels(issue) == {"needs changes"}


def test_a_report_that_a_moderator_edited_later_is_told_as_that(bot):
    issue = propose(bot)
    bot.world.add_labels(issue, ["accepted"], "maria")
    comment = bot.world.comments_of(issue)[0]
    bot.later(seconds=5)
    bot.world.edit_comment(comment, "kd", comment.body + "\nA remark.")
    reconcile_branch(bot.run(), issue.number)
    assert "Somebody else edited my report" in notes(bot, issue, "acceptance-reset")[0]


def test_accepted_and_closed_by_a_person_in_one_go_is_completed(bot):
    issue = propose(bot)
    bot.world.add_labels(issue, ["accepted"], "maria")
    bot.world.close(issue, "maria", "completed")
    reconcile_branch(bot.run(), issue.number)
    assert on_main(bot)
    assert len(notes(bot, issue, "accepted")) == 1
    assert bot.labels(issue) == {"accepted", "added"}
    settled(bot)


def test_what_people_closed_long_ago_is_left_alone(bot):
    issue = propose(bot)
    bot.world.add_labels(issue, ["accepted"], "maria")
    bot.world.close(issue, "maria", "completed")
    bot.later(days=30)
    before = bot.state(issue)
    assert sweep(bot.run()) == 0
    assert bot.state(issue) == before


def test_accepted_and_closed_as_not_planned_is_answered(bot):
    issue = propose(bot)
    bot.world.add_labels(issue, ["accepted"], "maria")
    bot.world.close(issue, "maria", "not_planned")
    reconcile_branch(bot.run(), issue.number)
    assert not on_main(bot)
    assert "not planned" in notes(bot, issue, "acceptance-reset")[0]
    settled(bot)


def test_an_added_proposal_that_a_person_reopens_is_left_to_people(bot):
    issue = propose(bot)
    bot.world.add_labels(issue, ["accepted"], "maria")
    reconcile_branch(bot.run(), issue.number)
    bot.world.reopen(issue, "alice")
    assert sweep(bot.run()) == 0
    assert issue.state == "open"


def test_an_added_proposal_that_says_something_new_is_accepted_again(bot):
    issue = propose(bot)
    bot.world.add_labels(issue, ["accepted"], "maria")
    reconcile_branch(bot.run(), issue.number)
    bot.later(minutes=5)
    bot.world.reopen(issue, "alice")
    bot.world.edit_issue(issue, "alice", body=form("2402.12031", "Paper 1", "Skills > Planning"))
    review_issue(bot.run(), issue.number)
    assert bot.labels(issue) == {"ready"}
    bot.later(minutes=5)
    bot.world.add_labels(issue, ["accepted"], "maria")
    reconcile_branch(bot.run(), issue.number)
    assert "skills/planning" in bot.file("papers/2402.12031.yaml")
    assert (issue.state, bot.labels(issue)) == ("closed", {"accepted", "added"})
    assert len(notes(bot, issue, "accepted")) == 2
    settled(bot)


def test_one_that_was_closed_before_and_reopened_is_closed_after_a_cut_off_run(bot):
    issue = propose(bot)
    bot.world.close(issue, "maria", "not_planned")
    bot.later(minutes=5)
    bot.world.reopen(issue, "alice")
    bot.world.add_labels(issue, ["accepted"], "maria")
    bot.server.faults.fail(at_write=4, times=99)
    reconcile_branch(bot.run(), issue.number)
    assert (issue.state, "added" in bot.labels(issue)) == ("open", True)
    bot.server.faults.clear()
    assert sweep(bot.run()) == 0
    assert issue.state == "closed"
    assert len(notes(bot, issue, "accepted")) == 1
    settled(bot)


# H05: thanks that are true


def test_H05_after_a_push_and_an_outage_the_thanks_name_what_was_added(bot):
    issue = propose(bot)
    bot.world.add_labels(issue, ["accepted"], "maria")
    bot.server.faults.fail(at_write=1, times=99)
    reconcile_branch(bot.run(), issue.number)
    assert on_main(bot)
    assert issue.state == "open"
    bot.server.faults.clear()
    reconcile_branch(bot.run())
    (note,) = notes(bot, issue, "accepted")
    assert "**Added** ✅ — [Paper 1]" in note
    assert "they are not included" not in note
    assert issue.state == "closed"
    settled(bot)


def test_H20_one_that_cannot_be_built_is_skipped_and_told_and_the_others_land(bot, capsys):
    body = form(
        "https://arxiv.org/abs/2306.08543",
        "MiniLLM: Knowledge Distillation of Large Language Models",
        "Skills > Planning",
    )
    update = bot.world.open_issue("alice", "Also belongs in Planning", body)
    review_issue(bot.run(), update.number)
    issue = propose(bot)
    for one in (update, issue):
        bot.world.add_labels(one, ["accepted"], "maria")
    listed = bot.file("papers/2306.08543.yaml") + "\n"
    bot.world.push("kd", {"papers/2306.08543.yaml": listed.replace(' "', ' "bad "')}, "Break it")
    with suppress(KdbotError):
        reconcile_branch(bot.run())
    assert "#1" in capsys.readouterr().out
    assert 'bad "' in bot.file("papers/2306.08543.yaml")
    assert (update.state, issue.state) == ("open", "closed")
    assert on_main(bot)


# H07 to H10: a protected branch


def accepted_on_protected(bot, *numbers):
    bot.world.protect("main")
    issues = [propose(bot, number) for number in numbers]
    for issue in issues:
        bot.world.add_labels(issue, ["accepted"], "maria")
    reconcile_branch(bot.run())
    return issues


def pull_of(bot, issue):
    return next(p for p in pulls(bot) if p.pull.head_ref == f"kdbot/accept-{issue.number}")


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
def test_H08_H10_five_accepted_merge_in_any_order_and_are_thanked_for(bot, method):
    issues = accepted_on_protected(bot, 1, 2, 3, 4, 5)
    for issue in (issues[3], issues[0], issues[4], issues[2], issues[1]):
        names = {change.path for change in bot.world.files_of(pull_of(bot, issue))}
        assert names == {f"papers/2402.1203{issues.index(issue) + 1}.yaml"}
        bot.world.merge_pull(pull_of(bot, issue), "maria", method)
        assert issue.state == "closed"
        publish(bot.run())
        (note,) = notes(bot, issue, "accepted")
        assert f"**Added** ✅ — [Paper {issues.index(issue) + 1}]" in note
        assert "they are not included" not in note
        assert bot.labels(issue) == {"accepted", "added"}
    (readme,) = [p for p in pulls(bot) if p.pull.head_ref == "kdbot/readme"]
    bot.world.merge_pull(readme, "maria", method)
    publish(bot.run())
    assert all(f"Paper {number}" in bot.file("README.md") for number in range(1, 6))
    assert "added: " in bot.file("papers/2402.12034.yaml")
    settled(bot)


def test_H05_a_merge_after_the_clone_was_made_is_thanked_for_by_name(bot):
    (issue,) = accepted_on_protected(bot, 1)
    run = bot.run()
    bot.world.merge_pull(pull_of(bot, issue), "maria", "merge")
    reconcile_branch(run)
    (note,) = notes(bot, issue, "accepted")
    assert "**Added** ✅ — [Paper 1]" in note
    assert "they are not included" not in note


def test_H07_a_rejected_one_does_not_land_with_another_and_is_not_opened_again(bot):
    first, second = accepted_on_protected(bot, 1, 2)
    bot.world.close(pull_of(bot, first), "maria")
    bot.world.merge_pull(pull_of(bot, second), "maria")
    publish(bot.run())
    assert [on_main(bot, number) for number in (1, 2)] == [False, True]
    assert "accepted" not in bot.labels(first)
    assert "closed" in notes(bot, first, "acceptance-reset")[0]
    assert first.state == "open"
    count = len(pulls(bot))
    settled(bot)
    assert len(pulls(bot)) == count


def test_a_proposal_that_was_rejected_can_be_accepted_again(bot):
    (issue,) = accepted_on_protected(bot, 1)
    bot.world.close(pull_of(bot, issue), "maria")
    reconcile_branch(bot.run())
    bot.later(minutes=5)
    bot.world.add_labels(issue, ["accepted"], "maria")
    reconcile_branch(bot.run(), issue.number)
    assert [p.state for p in pulls(bot) if "accept" in p.pull.head_ref] == ["closed", "open"]
    bot.world.merge_pull(pulls(bot)[-1], "maria")
    publish(bot.run())
    assert bot.labels(issue) == {"accepted", "added"}


def test_H09_nothing_is_pushed_over_night_on_a_protected_branch(bot):
    accepted_on_protected(bot, 1, 2)
    pull = bot.world.open_pull("bob", "Add", files={FILE: RECORD.format(n=12030)})
    bot.world.merge_pull(pull, "kd")
    publish(bot.run())
    sweep(bot.run())
    bot.later(days=1)
    settled(bot)


def edited_while_it_waits(bot):
    """An issue that was edited while its pull request waits, and was reviewed again."""
    (issue,) = accepted_on_protected(bot, 1)
    bot.later(minutes=5)
    body = form("2402.12031", "Paper 1", "Skills > Planning")
    bot.world.edit_issue(issue, "alice", body=body)
    review_issue(bot.run(), issue.number)
    assert "accepted" not in bot.labels(issue)
    return issue, pull_of(bot, issue)


def test_H22_an_edit_closes_the_pull_request_of_what_was_accepted_with_a_word(bot):
    issue, pull = edited_while_it_waits(bot)
    assert sweep(bot.run()) == 0
    assert (issue.state, pull.state) == ("open", "closed")
    assert f"#{issue.number}" in bot.comments(pull)[-1]
    assert "I am closing this pull request" in bot.comments(pull)[-1]
    settled(bot)
    bot.later(minutes=5)
    bot.world.add_labels(issue, ["accepted"], "maria")
    reconcile_branch(bot.run(), issue.number)
    again = next(p for p in pulls(bot) if p.state == "open")
    assert "accepted" in bot.labels(issue)
    bot.world.merge_pull(again, "maria")
    publish(bot.run())
    assert "skills/planning" in bot.file("papers/2402.12031.yaml")
    assert len(notes(bot, issue, "accepted")) == 1
    settled(bot)


def test_H22_a_label_set_just_before_the_bot_closes_its_pull_request_counts(bot):
    issue, pull = edited_while_it_waits(bot)
    bot.later(minutes=5)
    bot.world.add_labels(issue, ["accepted"], "maria")
    bot.later(seconds=5)
    bot.world.close(pull, bot.world.bot.login)
    reconcile_branch(bot.run(), issue.number)
    assert "accepted" in bot.labels(issue)
    assert [p.state for p in pulls(bot) if "accept" in p.pull.head_ref] == ["closed", "open"]
    settled(bot)


def test_H10_a_persons_pull_request_that_closes_an_accepted_issue_is_thanked_for(bot):
    (issue,) = accepted_on_protected(bot, 1)
    record = RECORD.format(n=12031).replace("A 12031 Paper", "Paper 1")
    theirs = bot.world.open_pull(
        "bob", "Add", f"Closes #{issue.number}", files={"papers/2402.12031.yaml": record}
    )
    bot.world.merge_pull(theirs, "maria")
    assert issue.state == "closed"
    publish(bot.run())
    (note,) = notes(bot, issue, "accepted")
    assert "**Added** ✅ — [Paper 1]" in note
    assert notes(bot, issue, "acceptance-reset") == []
    assert bot.labels(issue) == {"accepted", "added"}
    assert sweep(bot.run()) == 0
    assert pull_of(bot, issue).state == "closed"
    settled(bot)


def test_an_accepted_update_stands_when_the_listed_paper_gets_its_stamps(bot):
    bot.world.protect("main")
    new = bot.world.open_pull("bob", "Add", files={FILE: RECORD.format(n=12030)})
    bot.world.merge_pull(new, "maria")
    publish(bot.run())
    issue = bot.world.open_issue(
        "alice", "Also in Planning", form("2402.12030", "A 12030 Paper", "Skills > Planning")
    )
    review_issue(bot.run(), issue.number)
    bot.later(minutes=5)
    bot.world.add_labels(issue, ["accepted"], "maria")
    reconcile_branch(bot.run(), issue.number)
    readme = next(p for p in pulls(bot) if p.pull.head_ref == "kdbot/readme")
    bot.world.merge_pull(readme, "maria")
    publish(bot.run())
    assert "added: " in bot.file(FILE)
    assert notes(bot, issue, "acceptance-reset") == []
    assert "accepted" in bot.labels(issue)
    bot.world.merge_pull(pull_of(bot, issue), "maria")
    publish(bot.run())
    assert "skills/planning" in bot.file(FILE)
    assert "added: " in bot.file(FILE)
    assert bot.labels(issue) == {"accepted", "added"}
    settled(bot)


def test_H22_a_refusal_by_the_pass_closes_the_pull_request(bot):
    (issue,) = accepted_on_protected(bot, 1)
    bot.later(minutes=5)
    bot.world.add_labels(issue, ["accepted"], "maria")
    comment = next(c for c in bot.world.comments_of(issue) if "kdbot:report" in c.body)
    bot.world.edit_comment(comment, "kd", comment.body + "\nA remark.")
    reconcile_branch(bot.run(), issue.number)
    assert "accepted" not in bot.labels(issue)
    assert pull_of(bot, issue).state == "closed"
    assert sweep(bot.run()) == 0
    settled(bot)


def test_H22_what_a_person_merges_all_the_same_is_thanked_for_once(bot):
    issue, pull = edited_while_it_waits(bot)
    bot.world.merge_pull(pull, "maria")
    assert issue.state == "closed"
    publish(bot.run())
    publish(bot.run())
    (note,) = notes(bot, issue, "accepted")
    assert "**Added** ✅ — [Paper 1]" in note
    assert bot.labels(issue) == {"added"}
    assert "methods/labeling" in bot.file("papers/2402.12031.yaml")


def test_H22_a_merge_during_the_run_that_would_push_another_version_is_thanked_for(
    bot, monkeypatch
):
    issue, pull = edited_while_it_waits(bot)
    bot.later(minutes=5)
    bot.world.add_labels(issue, ["accepted"], "maria")
    bot.world.protect()
    build, merged = push._rebuild, []

    def build_after_a_merge(run, collection):
        if not merged and collection is None:
            merged.append(bot.world.merge_pull(pull, "maria"))
        return build(run, collection)

    monkeypatch.setattr(push, "_rebuild", build_after_a_merge)
    resets = notes(bot, issue, "acceptance-reset")
    reconcile_branch(bot.run(), issue.number)
    assert merged
    assert len(notes(bot, issue, "accepted")) == 1
    assert notes(bot, issue, "acceptance-reset") == resets
    assert bot.labels(issue) == {"accepted", "added"}
    assert "methods/labeling" in bot.file("papers/2402.12031.yaml")


def test_H10_update_branch_freezes_nothing(bot):
    (issue,) = accepted_on_protected(bot, 1)
    other = bot.world.open_pull("bob", "Add", files={FILE: RECORD.format(n=12030)})
    bot.world.merge_pull(other, "kd")
    publish(bot.run())
    (readme,) = [p for p in pulls(bot) if p.pull.head_ref == "kdbot/readme"]
    bot.world.update_branch(pull_of(bot, issue), "maria")
    files = {"papers/2402.20002.yaml": RECORD.format(n=20002)}
    bot.world.merge_pull(bot.world.open_pull("bob", "Add", files=files), "kd")
    bot.world.update_branch(readme, "maria")
    publish(bot.run())
    shown = bot.server.git.git("show", "kdbot/readme:README.md")
    assert "A 20002 Paper" in shown
    bot.world.merge_pull(pull_of(bot, issue), "maria")
    publish(bot.run())
    assert len(notes(bot, issue, "accepted")) == 1


def test_F14_a_branch_with_a_persons_commit_is_left_alone(bot):
    (issue,) = accepted_on_protected(bot, 1)
    mine = bot.world.push(
        "maria", {"notes.txt": "x\n"}, "Mine", branch=f"kdbot/accept-{issue.number}"
    )
    sweep(bot.run())
    assert bot.server.git.resolve(f"kdbot/accept-{issue.number}") == mine


def test_when_the_branch_is_free_again_the_pull_request_is_closed_with_a_link(bot):
    (issue,) = accepted_on_protected(bot, 1)
    pull = pull_of(bot, issue)
    bot.world.protect()
    assert sweep(bot.run()) == 0
    assert on_main(bot)
    assert (issue.state, pull.state) == ("closed", "closed")
    assert "/commit/" in bot.comments(pull)[-1]
    settled(bot)


def test_H09_one_change_alone_tries_a_branch_that_turned_others_away(bot, monkeypatch):
    """The README is built once a run, not once for each accepted issue that waits."""
    built = []
    build = push._rebuild

    def count(run, collection):
        built.extend([run] if collection is None else [])
        return build(run, collection)

    monkeypatch.setattr(push, "_rebuild", count)
    issues = accepted_on_protected(bot, 1, 2, 3)
    built.clear()
    before = {p.number: bot.world.head_sha(p) for p in pulls(bot)}
    reconcile_branch(bot.run())
    assert len(built) == 1
    assert {p.number: bot.world.head_sha(p) for p in pulls(bot)} == before
    bot.world.protect()
    reconcile_branch(bot.run())
    assert all(on_main(bot, number) for number in (1, 2, 3))
    assert {issue.state for issue in issues} == {"closed"}
    settled(bot)


def test_a_transient_refusal_of_a_push_is_no_protection(bot):
    issue = propose(bot)
    bot.world.add_labels(issue, ["accepted"], "maria")
    bot.server.git.refuse(refusals.failure("Internal Server Error", times=1, branch="main"))
    reconcile_branch(bot.run(), issue.number)
    assert on_main(bot)
    assert pulls(bot) == []


def test_the_sweep_never_takes_an_unpushed_paper_for_listed(bot):
    (issue,) = accepted_on_protected(bot, 1)
    again = bot.world.open_issue("bob", "New paper", form("2402.12031", "Paper 1"))
    assert sweep(bot.run()) == 0
    assert issue.state == "open"
    assert notes(bot, issue, "duplicate") == []
    assert bot.labels(again) == {"duplicate"}
    assert f"#{issue.number}" in bot.comments(again)[0]


# H11: two runs at once


def test_H11_an_event_and_the_sweep_at_the_same_moment_leave_one_report(bot):
    issue = bot.world.open_issue("alice", "New paper", form())

    def other_run_first(_urls):
        review_issue(bot.run(), issue.number)
        return ()

    review_issue(replace(bot.run(), probe=other_run_first), issue.number)
    reports = [c for c in bot.comments(issue) if c.startswith("<!-- kdbot:report")]
    assert len(reports) == 1
    settled(bot)


def test_H11_doubled_notes_of_a_closed_duplicate_are_one(bot):
    body = form("2306.08543", "MiniLLM: Knowledge Distillation of Large Language Models")
    body = body.replace("Methods > Labeling", "Methods > Divergence and Similarity")
    issue = bot.world.open_issue("alice", "New paper", body)
    review_issue(bot.run(), issue.number)
    assert issue.state == "closed"
    note = notes(bot, issue, "duplicate")[0]
    bot.world.comment(issue, bot.world.bot, note)
    review_issue(bot.run(), issue.number)
    assert len(notes(bot, issue, "duplicate")) == 1


# H16, H17


@pytest.mark.parametrize("count", [120])
def test_H16_open_proposals_that_have_not_changed_cost_a_sweep_few_requests(bot, count):
    for number in range(count):
        bot.world.open_issue(
            f"user{number}",
            "New paper",
            form(f"2401.{number + 1:05}", f"The Paper of Day {number}"),
        )
    pull = bot.world.open_pull("bob", "Add", files={FILE: RECORD.format(n=12030)})
    assert sweep(bot.run()) == 0
    assert bot.labels(pull) == {"ready"}
    bot.server.forget_log()
    assert sweep(bot.run()) == 0
    assert bot.server.writes == []
    assert len(bot.server.log) <= 3 + count / 50 + 3


def test_H17_after_a_change_of_the_schema_open_proposals_are_reviewed_again(bot):
    pull = bot.world.open_pull("bob", "Add", files={FILE: RECORD.format(n=12030)})
    review_pull_request(bot.run(), pull.number)
    issue = propose(bot, 1)
    assert bot.labels(pull) == bot.labels(issue) == {"ready"}
    taxonomy = bot.file("schema/taxonomy.yaml").replace("id: labeling", "id: annotation")
    before = bot.server.git.resolve("refs/heads/main")
    bot.world.push(
        "kd", {"schema/taxonomy.yaml": taxonomy.replace("Labeling", "Annotation") + "\n"}
    )
    event = parse_event("push", {"ref": "refs/heads/main", "before": before})
    act._dispatch(bot.run(), event)
    assert bot.labels(pull) == {"needs changes"}
    assert bot.labels(issue) == {"ready"}
    assert "has no category" in bot.comments(issue)[0]
    assert bot.world.statuses[-1].state == "failure"


def test_a_push_that_leaves_the_schema_as_it_is_costs_one_comparison(bot):
    before = bot.server.git.resolve("refs/heads/main")
    bot.world.push("kd", {"notes.md": "x\n"})
    run = bot.run()
    bot.server.forget_log()
    act._dispatch(run, parse_event("push", {"ref": "refs/heads/main", "before": before}))
    assert len(bot.server.log) == 2


def test_a_push_over_a_tip_that_is_gone_ends_well(bot):
    event = parse_event("push", {"ref": "refs/heads/main", "before": "1" * 40})
    act._dispatch(bot.run(), event)


def test_a_new_push_to_a_pull_request_that_no_event_told_of_is_reviewed_by_the_sweep(bot):
    pull = bot.world.open_pull("bob", "Add", files={FILE: RECORD.format(n=12030)})
    assert sweep(bot.run()) == 0
    bot.world.push_to_pull(pull, {FILE: RECORD.format(n=12030).replace("labeling", "nothing")})
    assert sweep(bot.run()) == 0
    assert bot.labels(pull) == {"needs changes"}


def test_not_a_duplicate_on_a_closed_issue_opens_it_again_once(bot):
    bot.world.open_issue("bob", "New paper", form(paper="", title="A Title of My Own"))
    issue = bot.world.open_issue("alice", "New paper", form(paper="", title="A Title of my own"))
    review_issue(bot.run(), issue.number)
    assert (issue.state, bot.labels(issue)) == ("closed", {"duplicate"})
    bot.world.add_labels(issue, ["not a duplicate"], "maria")
    review_issue(bot.run(), issue.number)
    assert (issue.state, bot.labels(issue)) == ("open", {"ready", "not a duplicate"})
    bot.world.close(issue, "maria")
    assert sweep(bot.run()) == 0
    assert issue.state == "closed"


def test_a_label_not_a_duplicate_whose_event_was_lost_is_obeyed_by_the_sweep(bot):
    bot.world.open_issue("bob", "New paper", form(paper="", title="A Title of My Own"))
    issue = bot.world.open_issue("alice", "New paper", form(paper="", title="A Title of my own"))
    review_issue(bot.run(), issue.number)
    bot.world.add_labels(issue, ["not a duplicate"], "maria")
    assert sweep(bot.run()) == 0
    assert issue.state == "open"
    settled(bot)


# H21: one citation key stands for one paper


def keyed(number, *stamps):
    """A file whose key, by the rule, is `gentle2024routers`."""
    record = RECORD.format(n=number).replace(f"A {number} Paper", f"Gentle Routers, Part {number}")
    return {f"papers/2402.{number}.yaml": record + "".join(f"{line}\n" for line in stamps)}


def key_of(bot, number, branch="main"):
    text = bot.server.git.git("show", f"{branch}:papers/2402.{number}.yaml")
    return next(line[5:] for line in text.splitlines() if line.startswith("key: "))


def accepted(bot, *numbers):
    """Accepted proposals whose papers are to get the same key."""
    issues = []
    for number in numbers:
        title = f"Gentle Routers, Part {number}"
        issue = bot.world.open_issue("alice", "New paper", form(f"2402.{number}", title))
        review_issue(bot.run(), issue.number)
        issues.append(issue)
    bot.later(minutes=5)
    for issue in issues:
        bot.world.add_labels(issue, ["accepted"], "maria")
    return issues


def assert_in_order(bot):
    checked = check_list(bot.run().root)
    assert [f.code for f in checked.findings if f.severity is Severity.ERROR] == []
    settled(bot)


def test_H21_papers_of_one_run_get_different_keys(bot):
    accepted(bot, 30001, 30002)
    bot.world.push("kd", keyed(30003), "Merge")
    reconcile_branch(bot.run())
    assert {key_of(bot, n) for n in (30001, 30002, 30003)} == {
        "gentle2024routers",
        "gentle2024routersa",
        "gentle2024routersb",
    }
    assert_in_order(bot)


def test_H21_the_key_of_a_file_that_cannot_be_read_stays_taken(bot):
    (first,) = accepted(bot, 30001)
    reconcile_branch(bot.run(), first.number)
    good = bot.file("papers/2402.30001.yaml")
    broken = good.replace("categories:", "categories: [")
    bot.world.push("kd", {"papers/2402.30001.yaml": broken}, "A slip")
    accepted(bot, 30002)
    with suppress(KdbotError):
        reconcile_branch(bot.run())
    assert key_of(bot, 30002) == "gentle2024routersa"
    bot.world.push("kd", {"papers/2402.30001.yaml": good}, "Put it in order")
    publish(bot.run())
    assert [key_of(bot, n) for n in (30001, 30002)] == ["gentle2024routers", "gentle2024routersa"]
    assert_in_order(bot)


@pytest.mark.parametrize(
    ("stamps", "keys"),
    [
        (("added: 2026-01-02", "added: 2026-01-01", None), ["b", "", "a"]),
        (("added: 2026-01-01", "added: 2026-01-01", "added: 2026-01-01"), ["", "a", "b"]),
        ((None, None, None), ["", "a", "b"]),
        ((None, None, "added: 2026-01-01"), ["a", "b", ""]),
    ],
)
def test_H21_of_papers_with_one_key_the_first_added_keeps_it(bot, stamps, keys):
    numbers = (30001, 30002, 30003)
    for number, added in zip(numbers, stamps, strict=True):
        lines = [line for line in (added, "key: gentle2024routers") if line]
        bot.world.push("kd", keyed(number, *lines), "Merge")
    publish(bot.run())
    found = [key_of(bot, number).removeprefix("gentle2024routers") for number in numbers]
    assert sorted(found) == sorted(keys)
    assert found.index("") == keys.index("")
    assert all("added: " in bot.file(f"papers/2402.{number}.yaml") for number in numbers)
    assert_in_order(bot)


def test_H21_a_merged_pull_request_with_a_key_of_its_own_gets_another_where_it_is_taken(bot):
    (issue,) = accepted(bot, 30002)
    pull = bot.world.open_pull("bob", "Add", files=keyed(30001, "key: gentle2024routers"))
    reconcile_branch(bot.run(), issue.number)
    bot.world.merge_pull(pull, "kd")
    publish(bot.run())
    assert [key_of(bot, n) for n in (30001, 30002)] == ["gentle2024routersa", "gentle2024routers"]
    assert_in_order(bot)


def test_H21_a_file_with_another_fault_is_left_as_it_is(bot):
    bot.world.push("kd", keyed(30001, "added: 2026-01-01", "key: gentle2024routers"), "Merge")
    files = keyed(30002, "added: 2026-01-01", "key: gentle2024routers")
    text = files["papers/2402.30002.yaml"].replace("methods/labeling", "methods/nothing")
    bot.world.push("kd", {"papers/2402.30002.yaml": text}, "Merge")
    with suppress(KdbotError):
        publish(bot.run())
    assert bot.file("papers/2402.30002.yaml").strip() == text.strip()
    assert key_of(bot, 30001) == "gentle2024routers"
    bot.world.push("kd", files, "Put it in order")
    publish(bot.run())
    assert [key_of(bot, n) for n in (30001, 30002)] == ["gentle2024routers", "gentle2024routersa"]
    assert_in_order(bot)


def test_H21_a_key_that_came_to_the_branch_between_reading_and_pushing_is_taken(bot):
    (issue,) = accepted(bot, 30001)
    run = bot.run()
    bot.world.push("kd", keyed(30002, "added: 2026-01-01", "key: gentle2024routers"), "Merge")
    reconcile_branch(run, issue.number)
    assert key_of(bot, 30001) == "gentle2024routersa"
    assert_in_order(bot)


@pytest.mark.parametrize("is_free_again", [False, True])
def test_H21_on_a_protected_branch_merges_in_any_order_give_different_keys(bot, is_free_again):
    bot.world.protect("main")
    issues = accepted(bot, 30001, 30002, 30003)
    reconcile_branch(bot.run())
    for issue in issues[2:0:-1]:
        bot.world.merge_pull(pull_of(bot, issue), "maria")
        publish(bot.run())
    (readme,) = [p for p in pulls(bot) if p.pull.head_ref == "kdbot/readme"]
    if is_free_again:
        # What waited in `kdbot/readme` is stamped by a push, and the pull request is out of date.
        bot.world.protect()
        publish(bot.run())
        sweep(bot.run())
    else:
        bot.world.merge_pull(readme, "maria")
        publish(bot.run())
        bot.world.merge_pull(pull_of(bot, issues[0]), "maria")
        publish(bot.run())
        (readme,) = [
            p for p in pulls(bot) if p.pull.head_ref == "kdbot/readme" and p.state == "open"
        ]
        bot.world.merge_pull(readme, "maria")
        publish(bot.run())
    assert len({key_of(bot, n) for n in (30001, 30002, 30003)}) == 3
    assert_in_order(bot)


def test_a_report_that_says_the_same_again_is_not_written_only_to_say_since_when(bot):
    issue = propose(bot)
    bot.world.edit_issue(issue, "alice", body=form("2402.12031", "Paper 1", "Skills > Planning"))
    review_issue(bot.run(), issue.number)
    (report,) = [c for c in bot.comments(issue) if c.startswith("<!-- kdbot:report")]
    assert report.endswith(" replaced)")
    bot.later(minutes=5)
    bot.server.forget_log()
    review_issue(bot.run(), issue.number)
    assert bot.server.writes == []
