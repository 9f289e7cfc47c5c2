"""A short life in the suite, and that the checks see what goes wrong; `make life` lives longer."""

from __future__ import annotations

import re

import pytest

from tests.life import checks, people
from tests.life.life import Life


def test_f01_f19_a_short_life_holds(tmp_path):
    with Life(2, tmp_path, deeds=10, pause=14) as life:
        assert life.live(1) == []
        assert life.counts["review done"]


@pytest.fixture
def life(tmp_path):
    """A list with two papers that were proposed, accepted and landed, at rest."""
    with Life(2, tmp_path, deeds=0) as life:
        life.chance.seed(6)
        for _ in range(3):
            people.propose(life)
        life.until_quiet()
        life.server.clock.advance(300)
        for issue in people.open_issues(life, label="ready"):
            life.accepts(issue)
            life.world.add_labels(issue, ["accepted", "discuss"], "maria")
            life.foreign[issue.number] = {"discuss"}
        life.said(life.world.comment(life.world.issues[1], "alice", "Thanks!"))
        life.rest("first")
        assert life.violations == []
        assert len(life.expected) >= 2
        yield life


def test_the_checks_see_what_a_bot_could_do_wrong(life):
    """Every check finds the fault that it is there for."""
    world, git = life.world, life.server.git
    number, (identifier, _) = next(iter(life.expected.items()))
    issue, file = world.issues[number], f"papers/{identifier}.yaml"
    assert list(checks.look(life)) == []

    def seen(words):
        return any(words in found for found in checks.look(life))

    tip, record = git.resolve("main"), life.file(file)
    git.commit_files({file: None}, "Lose a paper")
    assert seen(f"#{number} was accepted and is not on main")
    assert seen(f"#{number} was thanked for and is not on main")
    assert seen("main is not as it is built")
    git.set_ref("refs/heads/main", tip)
    git.commit_files({"papers/copy.yaml": record}, "List it twice")
    assert seen("is listed twice")
    git.commit_files({"README.md": life.file("README.md").replace("# A List", "# My List")}, "Hm")
    assert seen("prose in the README was changed")
    git.set_ref("refs/heads/main", tip)
    life.commits.add(git.write_commit(git.commit(tip).tree, [tip], "A person's"))
    assert seen("1 commits of people are gone")
    thanks = next(c for c in world.comments_of(issue) if "**Added**" in c.body)
    second = world.comment(issue, world.bot, thanks.body)
    assert seen(f"#{number} was thanked for 2 times")
    assert seen("was told the same twice")
    note = world.comment(issue, world.bot, "<!-- kdbot:note acceptance-reset key=1 -->")
    assert not seen("was thanked for 2 times")
    world.delete_comment(note, "kd")
    world.delete_comment(second, "kd")
    world.edit_comment(thanks, world.bot, "**Added** ✅ — , by this change.")
    assert seen("was thanked for something else")
    world.comment(issue, world.bot, "<!-- kdbot:report sha256=0 -->")
    assert seen("has 2 reports")
    world.add_labels(issue, ["ready", "duplicate"], world.bot)
    assert seen("has the states duplicate, ready")
    world.remove_label(issue, "discuss", world.bot)
    assert seen("lost a label")
    world.edit_issue(issue, world.bot, body="Better")
    assert seen(f"the text of #{number} was changed")
    world.delete_comment(world.comments[next(iter(life.comments))], world.bot)
    assert seen("a person's comment was changed")
    world.reopen(issue, "maria")
    assert seen(f"#{number} is on main but open")


def test_the_same_seed_is_the_same_life(tmp_path):
    told = []
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        with Life(2, tmp_path / name, deeds=12, pause=14) as life:
            life.live(1)
            git = life.server.git
            # `kdbot.toml` names the port of the services, and so every commit's name differs.
            files = git.git("ls-tree", "-r", "main", "papers", "README.md", "audit.json")
            commits = git.git("log", "--format=%at %ct %an %s", "main")
            said = re.sub(r"[0-9a-f]{10,40}", "SHA", repr(checks.everything(life)[:2]))
            told.append((life.counts, said, files, commits))
    assert told[0] == told[1]
