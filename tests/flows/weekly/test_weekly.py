"""The weekly run: one commit, one issue, and nothing at all the second time."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from kdbot.flows.sweep import sweep
from kdbot.flows.weekly.audit import weekly
from kdbot.model.errors import KdbotError
from kdbot.model.evidence import LinkState
from tests.flows.weekly.conftest import CODE, record
from tests.metadata.server import Answer

MOVED = "https://github.com/microsoft/LMOps2"


def test_a_week_is_one_commit_with_the_readme(weeks):
    git = weeks.bot.server.git
    before = git.resolve("main")
    assert weeks.run() == 0
    assert git.git("rev-list", "--count", f"{before}..main") == "1"
    assert git.git("log", "-1", "--format=%s", "main") == "audit: week 2026-W10"
    assert set(git.git("diff", "--name-only", before, "main").split()) == {
        "audit.json",
        "README.md",
    }
    line = "Last audit, week 2026-W10: 1 paper and 2 links checked; no problems found."
    assert line in weeks.bot.file("README.md")


def test_a_clean_list_needs_no_issue(weeks):
    weeks.run()
    assert weeks.issue() is None


def trouble(weeks):
    """A list in which there is something of every kind."""
    weeks.link(CODE, LinkState.MOVED, status=200, final_url=MOVED)
    weeks.list("2402.12030", record("Towards Cross-Tokenizer Distillation", "2402.12030"))
    weeks.services.knows("2402.12030", "Towards Cross-Tokenizer Distillation of LLMs")
    weeks.list("2402.00001", record("Another Paper", "2402.00001", "venue: arXiv"))
    weeks.services.knows("2402.00001", "Another Paper", comment="Accepted to ICLR 2024")
    weeks.services.answers["semanticscholar", "ARXIV:2402.00001"] = {
        "title": "Another Paper",
        "venue": "International Conference on Learning Representations",
        "externalIds": {"ArXiv": "2402.00001"},
    }
    weeks.services.finds("2601.00001", "Knowledge Distillation of Small Language Models")


def test_F01_a_second_run_in_the_same_week_writes_nothing(weeks):
    trouble(weeks)
    assert weeks.run() == 0
    assert weeks.issue() is not None
    before = weeks.state()
    weeks.bot.later(days=2)
    weeks.bot.server.forget_log()
    assert weeks.run() == 0
    assert weeks.bot.server.writes == []
    assert weeks.state() == before


def test_a_dry_run_writes_nothing(weeks, capsys):
    trouble(weeks)
    before = weeks.state()
    assert weeks.run(dry_run=True) == 0
    assert weeks.state() == before
    assert weeks.bot.server.writes == []
    assert "Links that have moved" in capsys.readouterr().out


# Links over time


def test_a_dead_link_is_reported_when_it_was_dead_on_an_earlier_day(weeks):
    weeks.link(CODE, LinkState.DEAD, status=404)
    weeks.services.answers["wayback", CODE] = {
        "archived_snapshots": {
            "closest": {
                "available": True,
                "status": "200",
                "url": f"http://web.archive.org/web/20250101000000/{CODE}",
            }
        }
    }
    weeks.run()
    assert weeks.issue() is None
    weeks.bot.later(days=7)
    weeks.run()
    body = weeks.issue().body
    assert "answers 404, since 2026-03-02" in body
    assert "link to its snapshot" in body
    assert "remove the link" in body
    assert "1 gone" in weeks.bot.file("README.md")


@pytest.mark.parametrize("state", [LinkState.BLOCKED, LinkState.UNREACHABLE, LinkState.REFUSED])
def test_E09_what_does_not_answer_is_blamed_on_nobody(weeks, state):
    weeks.link(CODE, state)
    for _ in range(3):
        weeks.run()
        weeks.bot.later(days=7)
    assert weeks.issue() is None


MOVES = {
    "same-site": ("https://github.com/microsoft/LMOps2", True, "is now"),
    "another-site": ("https://example.org/LMOps", False, "now redirects to **another site**"),
    "front-page": ("https://github.com/", False, "is now"),
}


@pytest.mark.parametrize(("target", "ticked", "words"), MOVES.values(), ids=MOVES)
def test_a_move_to_another_site_is_never_ticked_beforehand(weeks, target, ticked, words):
    weeks.link(CODE, LinkState.MOVED, status=200, final_url=target)
    weeks.run()
    (line,) = [line for line in weeks.issue().body.split("\n") if words in line]
    assert line.startswith("- [x]") is ticked


def test_what_a_lost_shard_would_have_said_stays_as_it_was(weeks):
    weeks.link(CODE, LinkState.DEAD, status=404)
    weeks.run()
    weeks.bot.later(days=7)
    weeks.results.clear()
    weeks.run()
    audit = json.loads(weeks.bot.file("audit.json"))
    assert audit["links"][CODE]["dead_since"] == "2026-03-02"
    assert audit["unchecked"]["links"]["count"] == 1


def test_on_a_laptop_the_links_are_asked_by_a_process_of_its_own(weeks):
    refused = "https://code.example.org:8443/minillm"  # a port that the guard refuses, unasked
    text = weeks.bot.file("papers/2306.08543.yaml").replace(CODE, f'"{refused}"')
    weeks.list("2306.08543", f"{text}\n")
    environment = {"PATH": "/usr/bin", "GITHUB_TOKEN": "secret"}
    run = weeks.bot.run()
    assert weekly(run, artifacts=None, environment=environment, services=weeks.client) == 0
    audit = json.loads(weeks.bot.file("audit.json"))
    assert audit["links"][refused]["state"] == "refused"


# Services


def test_one_service_down_keeps_what_the_others_say(weeks):
    trouble(weeks)
    weeks.services.always["dblp"] = Answer(503, b"")
    assert weeks.run() == 0
    body = weeks.issue().body
    assert "### Could not check" in body
    assert "DBLP" in body
    assert "is now" in body
    assert "Towards Cross-Tokenizer Distillation of LLMs" in body


def test_an_outage_takes_nothing_back(weeks):
    trouble(weeks)
    weeks.run()
    before = weeks.issue().body
    weeks.bot.later(days=7)
    weeks.services.always["arxiv"] = Answer(503, b"")
    weeks.services.always["semanticscholar"] = Answer(503, b"")
    weeks.run()
    assert "Towards Cross-Tokenizer Distillation of LLMs" in before
    assert "Towards Cross-Tokenizer Distillation of LLMs" in weeks.issue().body
    assert weeks.issue().state == "open"


def test_two_sources_make_a_pull_request_and_one_a_box(weeks):
    trouble(weeks)
    weeks.list("2402.00002", record("A Third Paper", "2402.00002", "venue: arXiv"))
    weeks.services.knows("2402.00002", "A Third Paper", comment="Accepted to ACL 2024")
    weeks.run()
    (pull,) = [issue for issue in weeks.world.issues.values() if issue.pull]
    assert "**ICLR** (arXiv and Semantic Scholar)" in pull.body
    git = weeks.bot.server.git
    assert git.git("diff", "--name-only", "main", "kdbot/venues") == "papers/2402.00001.yaml"
    assert "venue: ICLR" in git.git("show", "kdbot/venues:papers/2402.00001.yaml")
    body = weeks.issue().body
    assert f"[this pull request](https://github.com/kd/demo/pull/{pull.number})" in body
    assert "**ACL** (arXiv)" in body


def test_a_pull_request_that_was_closed_unmerged_is_a_no(weeks):
    trouble(weeks)
    weeks.run()
    (pull,) = [issue for issue in weeks.world.issues.values() if issue.pull]
    weeks.world.close(pull, "maria")
    weeks.bot.later(days=7)
    weeks.run()
    assert len([issue for issue in weeks.world.issues.values() if issue.pull]) == 1
    assert "Published since" not in weeks.issue().body


def test_a_wrong_identifier_is_for_a_person(weeks):
    weeks.list("2402.12030", record("Towards Cross-Tokenizer Distillation", "2402.12030"))
    weeks.services.knows("2402.12030", "Deep Sea Fish of the Pacific")
    weeks.run()
    assert "### Needs a decision" in weeks.issue().body
    assert "Deep Sea Fish" in weeks.issue().body


def test_two_titles_that_are_alike_are_asked_about_once(weeks):
    weeks.list("2402.00001", record("Teaching Small Models to Reason Well", "2402.00001"))
    weeks.list("2402.00002", record("Teaching Small Models to Reason Good", "2402.00002"))
    for identifier, word in (("2402.00001", "Well"), ("2402.00002", "Good")):
        weeks.services.knows(identifier, f"Teaching Small Models to Reason {word}")
    weeks.run()
    assert "### One paper or two?" in weeks.issue().body
    weeks.tick("are two papers")
    weeks.bot.later(days=7)
    weeks.run()
    assert weeks.issue().state == "closed"
    weeks.bot.later(days=7)
    weeks.run()
    assert weeks.issue().state == "closed"


def test_a_proposal_that_waits_for_long_is_named(weeks):
    proposal = weeks.world.open_issue("alice", "New paper", "…")
    weeks.world.add_labels(proposal, ["ready"], "kd")
    weeks.run()
    assert weeks.issue() is None
    weeks.bot.later(days=31)
    weeks.run()
    assert f"- #{proposal.number}, ready, for 4 weeks (since 2026-03-02)" in weeks.issue().body


def test_a_whole_list_costs_arxiv_three_questions_and_one_search(weeks):
    files = {}
    for number in range(1, 216):
        identifier = f"2402.{number:05}"
        title = f"Paper {number} about {number * 7919}"
        files[f"papers/{identifier}.yaml"] = record(title, identifier, "venue: ICLR")
        weeks.services.knows(identifier, title)
    weeks.world.push("kd", files, "Fill the list")
    weeks.run()
    calls = [call for call in weeks.services.calls if call.service == "arxiv"]
    assert sum("id_list" in call.query for call in calls) == 3
    assert sum("search_query" in call.query for call in calls) == 1


# The issue over time


def test_the_issue_closes_when_clean_and_opens_again(weeks):
    weeks.link(CODE, LinkState.MOVED, status=200, final_url=MOVED)
    weeks.run()
    issue = weeks.issue()
    assert {label.name for label in issue.labels} == {"audit"}
    weeks.link(CODE, LinkState.OK)
    weeks.bot.later(days=7)
    weeks.run()
    assert (issue.state, issue.state_reason) == ("closed", "completed")
    assert "**Nothing left to do**" in issue.body
    weeks.link(CODE, LinkState.MOVED, status=200, final_url=MOVED)
    weeks.bot.later(days=7)
    weeks.run()
    assert issue.state == "open"
    assert weeks.issue() is issue


def test_closing_the_issue_is_a_no_to_all_that_it_held(weeks):
    weeks.link(CODE, LinkState.MOVED, status=200, final_url=MOVED)
    weeks.run()
    issue = weeks.issue()
    weeks.world.close(issue, "maria")
    for _ in range(2):
        weeks.bot.later(days=7)
        weeks.run()
        assert issue.state == "closed"
    weeks.link(CODE, LinkState.MOVED, status=200, final_url="https://example.org/other")
    weeks.bot.later(days=7)
    weeks.run()
    assert issue.state == "open"
    assert "LMOps2" not in issue.body


def test_B09_a_strangers_issue_with_the_marker_is_none_of_ours(weeks):
    forged = weeks.world.open_issue("mallory", "Weekly audit!", "<!-- kdbot:audit -->\n- [x] x")
    weeks.link(CODE, LinkState.MOVED, status=200, final_url=MOVED)
    weeks.run()
    assert weeks.issue() is not None
    assert forged.body == "<!-- kdbot:audit -->\n- [x] x"


def test_hand_written_news_stay(weeks):
    readme = weeks.bot.file("README.md") + "\n"
    news = "## News\n\n- **Today** we met <b>everybody</b>.\n\n"
    text = readme.replace(
        "<!-- kdbot:begin update-log -->", f"{news}<!-- kdbot:begin update-log -->"
    )
    weeks.world.push("kd", {"README.md": text}, "Write news")
    weeks.run()
    after = weeks.bot.file("README.md")
    assert news in after
    assert "- **2024-02-22**: [1 paper added](" in after


def test_F12_a_lost_race_is_made_anew_from_the_tip(weeks):
    hook = weeks.bot.server.git
    run = weeks.bot.run()
    weeks.list("2402.00009", record("A Late Paper", "2402.00009"))
    weeks.bot.run = lambda **_: run
    assert weeks.run() == 0
    assert "papers/2402.00009.yaml" in hook.git("ls-tree", "-r", "--name-only", "main")
    assert "A Late Paper" in weeks.bot.file("README.md")
    assert "Last audit" in weeks.bot.file("README.md")


def test_F13_where_the_branch_is_protected_the_audit_waits_in_a_pull_request(weeks):
    weeks.link(CODE, LinkState.MOVED, status=200, final_url=MOVED)
    weeks.world.protect("main")
    for _ in range(2):
        assert weeks.run() == 0
    (pull,) = [issue for issue in weeks.world.issues.values() if issue.pull]
    assert pull.title == "The weekly audit"
    assert "- [ ] <!-- kdbot:box" in weeks.issue().body


def test_F13_the_venues_are_a_pull_request_of_their_own(weeks):
    trouble(weeks)
    weeks.world.protect("main")
    assert weeks.run() == 0
    assert weeks.bot.server.git.git("diff", "--name-only", "main", "kdbot/venues") == (
        "papers/2402.00001.yaml"
    )


def test_a_working_copy_with_changes_is_left_alone(weeks):
    run = weeks.bot.run()
    (run.root / "README.md").write_text("mine")
    with pytest.raises(KdbotError, match="uncommitted changes"):
        weekly(run, artifacts=[weeks.artifacts], environment={}, services=weeks.client)
    assert (run.root / "README.md").read_text() == "mine"


def test_E08_an_artifact_of_another_form_is_refused(weeks):
    weeks.artifacts.mkdir()
    (weeks.artifacts / "9.json").write_text('[{"url": "https://example.org", "number": 7}]')
    before = weeks.state()
    with pytest.raises(KdbotError, match="does not match its schema"):
        weeks.run()
    assert weeks.state() == before


@pytest.mark.parametrize("category", ["methods/labeling", "methods/gone"])
def test_G01_a_broken_file_does_not_stop_the_week(weeks, category):
    weeks.list("2402.12030", record("A Second Paper", "2402.12030", categories=(category,)))
    text = weeks.bot.file("papers/2306.08543.yaml")
    weeks.list("2306.08543", text.replace('"MiniLLM:', '"MiniLLM":'))
    assert weeks.run() == 0
    assert "MiniLLM: Knowledge Distillation" in weeks.bot.file("README.md")
    assert '"week"' in weeks.bot.file("audit.json")
    before = weeks.state()
    assert weeks.run() == 0
    assert weeks.state() == before


@pytest.mark.parametrize(
    ("days", "schedule", "asked"),
    [
        (7, "23 2 * * *", False),
        (7.5, "23 2 * * *", True),
        (14, "23 2 * * *", True),
        (8, "47 * * * *", False),
        (1, "23 2 * * *", False),
    ],
    ids=["early on Monday", "lost", "lost before", "hourly", "this week"],
)
def test_H01_a_week_that_was_lost_is_asked_for_by_the_nightly_sweep(
    weeks, tmp_path, days, schedule, asked
):
    now = weeks.bot.run().now()
    monday = datetime.combine(now.date(), time(2, 23), UTC) + timedelta(days=7 - now.weekday())
    weeks.bot.later(seconds=(monday - now).total_seconds())
    assert weeks.run() == 0
    weeks.bot.later(days=days)
    outputs = tmp_path / "outputs"
    run = replace(weeks.bot.run(), outputs=outputs)
    assert sweep(run, {"schedule": schedule}) == 0
    assert (outputs.exists() and "week-lost=true" in outputs.read_text()) is asked


def test_a_list_that_never_had_an_audit_waits_for_its_first(weeks, tmp_path):
    run = replace(weeks.bot.run(), outputs=tmp_path / "outputs")
    assert sweep(run) == 0
    assert not (tmp_path / "outputs").exists()
