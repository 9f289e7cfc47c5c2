"""Publishing: what a push to the branch leads to, through races and protection."""

from __future__ import annotations

import json
import re

import pytest

from kdbot.flows.act import act
from kdbot.flows.sweep import publish
from kdbot.model.errors import KdbotError

FIRST, SECOND = "papers/2402.12030.yaml", "papers/2403.00001.yaml"


def record(arxiv, title, month):
    return f'title: "{title}"\narxiv: "{arxiv}"\ndate: {month}\ncategories:\n  - methods/labeling\n'


FILES = {
    FIRST: record("2402.12030", "The First Paper", "2024-02"),
    SECOND: record("2403.00001", "The Second Paper", "2024-03"),
}


def merge(bot, *paths):
    """Merge a pull request with these papers, as a maintainer does."""
    number = len(bot.world.issues) + 1
    files = {path: FILES[path] for path in paths}
    pull = bot.world.open_pull("alice", "Add", files=files, branch=f"patch-{number}")
    return bot.world.merge_pull(pull, "kd")


def log_lines(bot):
    readme = bot.file("README.md")
    log = readme.partition("kdbot:begin update-log")[2].partition("kdbot:end update-log")[0]
    return [line for line in log.splitlines() if line.startswith("- ")]


def commits_since(bot, sha):
    return int(bot.server.git.git("rev-list", "--count", f"{sha}..main"))


def test_a_merged_paper_is_stamped_and_everything_is_built_in_one_commit(bot):
    merged = merge(bot, FIRST)
    publish(bot.run())
    assert commits_since(bot, merged) == 1
    assert re.search(r"\nadded: 2026-03-02\nkey: [a-z0-9]+$", bot.file(FIRST))
    assert "The First Paper" in bot.file("README.md")
    assert log_lines(bot)[0].startswith("- **2026-03-02**: [1 paper added](")


def test_F15_a_second_run_commits_nothing_on_any_later_day(bot):
    merge(bot, FIRST)
    publish(bot.run())
    tip = bot.server.git.resolve("main")
    bot.later(days=3)
    publish(bot.run())
    assert bot.server.git.resolve("main") == tip
    assert bot.server.writes == []


def test_B04_the_commit_says_identifiers_alone(bot):
    evil = FILES[FIRST].replace("The First Paper", "[skip ci] Fixes #1 @everyone")
    bot.world.push("kd", {FIRST: evil}, "Add")
    publish(bot.run())
    said = bot.server.git.git("log", "-1", "--format=%an|%B", "main").strip()
    assert said == "github-actions[bot]|papers: add 2402.12030"


def test_two_papers_of_one_merge_are_named_in_the_body(bot):
    merge(bot, FIRST, SECOND)
    publish(bot.run())
    said = bot.server.git.git("log", "-1", "--format=%B", "main").strip()
    assert said == "papers: add 2 papers\n\n2402.12030\n2403.00001"


def test_prose_of_the_readme_stays_and_what_is_derived_comes_back(bot):
    readme = bot.file("README.md") + "\n"
    edited = readme.replace("# A List of Papers\n", "# A List of Papers\n\nKept with care.\n")
    bot.world.push("kd", {"README.md": edited.replace("| ICLR |", "| NeurIPS |")}, "Edit")
    publish(bot.run())
    assert bot.file("README.md") + "\n" == readme.replace(
        "# A List of Papers\n", "# A List of Papers\n\nKept with care.\n"
    )


def test_a_list_whose_rules_cannot_be_read_is_not_published_and_the_file_is_named(bot):
    bot.world.push("kd", {"schema/taxonomy.yaml": "categories: ["}, "Break it")
    tip = bot.server.git.resolve("main")
    with pytest.raises(KdbotError, match=r"schema/taxonomy\.yaml"):
        publish(bot.run())
    assert bot.server.git.resolve("main") == tip


# Races


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["in order", "out of order"])
@pytest.mark.parametrize("paths", [(FIRST, SECOND), (SECOND, FIRST)])
def test_F12_two_merges_at_the_same_time_lose_neither_paper_nor_log_line(bot, order, paths):
    merge(bot, paths[0])
    runs = [bot.run()]
    merge(bot, paths[1])
    runs.append(bot.run())
    for index in order:
        publish(runs[index])
    readme = bot.file("README.md")
    for path, title in ((FIRST, "The First Paper"), (SECOND, "The Second Paper")):
        assert "added: 2026-03-02" in bot.file(path)
        assert title in readme
    assert "[2 papers added](" in log_lines(bot)[0]
    tip = bot.server.git.resolve("main")
    publish(bot.run())
    assert bot.server.git.resolve("main") == tip


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["in order", "out of order"])
def test_F12_two_merges_on_two_days_keep_both_lines_of_the_log(bot, order):
    merge(bot, FIRST)
    first = bot.run()
    publish(first)
    bot.later(days=1)
    merge(bot, SECOND)
    runs = [bot.run(), bot.run()]
    for index in order:
        publish(runs[index])
    lines = log_lines(bot)
    assert lines[0].startswith("- **2026-03-03**: [1 paper added](")
    assert lines[1].startswith("- **2026-03-02**: [1 paper added](")
    assert "The Second Paper" in bot.file("README.md")


def test_F12_a_push_in_the_very_moment_is_built_upon(bot):
    merge(bot, FIRST)
    run = bot.run()
    merge(bot, SECOND)
    publish(run)
    assert {"The First Paper", "The Second Paper"} <= {
        title for title in ("The First Paper", "The Second Paper") if title in bot.file("README.md")
    }


# Protection


def pulls(bot):
    mine = bot.world.bot
    return [issue for issue in bot.world.issues.values() if issue.pull and issue.user is mine]


def on_branch(bot, name):
    return bot.server.git.git("show", f"kdbot/readme:{name}")


def test_F13_a_protected_branch_gets_one_rolling_pull_request(bot):
    merge(bot, FIRST)
    bot.world.protect("main")
    publish(bot.run())
    (pull,) = pulls(bot)
    assert "The First Paper" in on_branch(bot, "README.md")
    bot.world.protect()
    merge(bot, SECOND)
    bot.world.protect("main")
    publish(bot.run())
    assert pulls(bot) == [pull]
    assert "The Second Paper" in on_branch(bot, "README.md")
    bot.world.protect()
    bot.world.merge_pull(pull, "kd")
    tip = bot.server.git.resolve("main")
    publish(bot.run())
    assert bot.server.git.resolve("main") == tip
    assert "The Second Paper" in bot.file("README.md")


def test_F01_F13_a_second_run_on_a_protected_branch_pushes_nothing(bot):
    merge(bot, FIRST)
    bot.world.protect("main")
    publish(bot.run())
    tip = bot.server.git.resolve("kdbot/readme")
    bot.server.forget_log()
    publish(bot.run())
    assert bot.server.git.resolve("kdbot/readme") == tip
    assert bot.server.writes == []


def test_F14_a_branch_that_a_person_works_on_is_left_alone(bot):
    merge(bot, FIRST)
    bot.world.protect("main")
    publish(bot.run())
    mine = bot.world.push("maria", {"notes.txt": "mine\n"}, "A note", branch="kdbot/readme")
    bot.world.protect()
    merge(bot, SECOND)
    bot.world.protect("main")
    publish(bot.run())
    assert bot.server.git.resolve("kdbot/readme") == mine


# The event


def push_event(bot, tmp_path, ref):
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"ref": ref}))
    run = bot.run()
    environment = {
        "GITHUB_EVENT_NAME": "push",
        "GITHUB_EVENT_PATH": str(event),
        "GITHUB_REPOSITORY": "kd/demo",
        "GITHUB_TOKEN": "a-token-of-a-job",
        "GITHUB_API_URL": bot.server.base_url,
        "GITHUB_SERVER_URL": "https://github.com",
    }
    return act(run.root, environment, dry_run=False)


@pytest.mark.parametrize(("ref", "commits"), [("refs/heads/main", 1), ("refs/heads/other", 0)])
def test_only_a_push_to_the_published_branch_publishes(bot, tmp_path, ref, commits):
    merged = merge(bot, FIRST)
    assert push_event(bot, tmp_path, ref) == 0
    assert commits_since(bot, merged) == commits


def test_a_dry_run_commits_nothing(bot):
    merged = merge(bot, FIRST)
    publish(bot.run(dry_run=True))
    assert bot.server.git.resolve("main") == merged
