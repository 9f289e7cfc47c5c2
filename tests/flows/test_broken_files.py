"""A broken file on main stops itself alone: its rows stay, everybody else goes on."""

from __future__ import annotations

import re
import shutil

import pytest
from markdown_it import MarkdownIt

from kdbot.flows.list.build import build
from kdbot.flows.list.checked_list import acceptable, validate, whole_collection
from kdbot.flows.proposal.issue import review_issue
from kdbot.flows.proposal.pull_request import review_pull_request
from kdbot.flows.reconcile import reconcile_branch
from kdbot.flows.sweep import publish, sweep
from kdbot.flows.weekly.tracking_issues import reconcile_broken_files
from kdbot.model.errors import KdbotError
from kdbot.storage.files import write_files
from kdbot.storage.repository import open_collection
from tests.flows.sample_list import LISTED, TAXONOMY, form

FILE = "papers/2306.08543.yaml"
LINK = "https://arxiv.org/abs/2306.08543"
TITLE = "MiniLLM: Knowledge Distillation of Large Language Models"
ROW = (
    f"| [{TITLE}]({LINK}) | ICLR | 2023-06 | "
    "[GitHub](https://github.com/microsoft/LMOps/tree/main/minillm) |"
)
NEW_FILE = "papers/2402.12030.yaml"
NEW = """\
title: "Towards Cross-Tokenizer Distillation"
arxiv: "2402.12030"
date: 2024-02
categories:
  - methods/labeling
"""
ENVIRONMENT = {"GITHUB_REPOSITORY": "kd/demo"}

UNREADABLE = {
    "a bad quote": LISTED.replace('"MiniLLM:', '"MiniLLM":'),
    "markers of a conflict": (
        f"<<<<<<< HEAD\n{LISTED}=======\n{LISTED.replace('ICLR', 'NeurIPS')}>>>>>>> other\n"
    ),
    "no UTF-8": LISTED.replace("Models", "Modèles").encode("latin-1"),
    "no title": LISTED.partition("\n")[2],
    "nothing in it": "",
}
INVALID = {
    "an unknown category": LISTED.replace("divergence-and-similarity", "divergence"),
    "a wrong date": LISTED.replace("2023-06", "2023-13"),
    "a field in another shape": LISTED.replace("venue: ICLR", "venue: [[ICLR]]"),
}
BROKEN = UNREADABLE | INVALID
CLONES = pytest.mark.parametrize("shallow", [False, True], ids=["full", "depth 1"])
# Each in the clone that a job has, and one of each way to be broken in a full one.
IN_CLONES = pytest.mark.parametrize(
    ("text", "shallow"),
    [
        *(pytest.param(text, True, id=f"{name}, depth 1") for name, text in BROKEN.items()),
        *(pytest.param(BROKEN[name], False, id=name) for name in ("no UTF-8", "a wrong date")),
    ],
)


def cases(named):
    return pytest.mark.parametrize("text", named.values(), ids=list(named))


@pytest.fixture(autouse=True)
def _maria(bot):
    bot.world.set_role("maria", "write")


def break_it(bot, text, name=FILE):
    return bot.world.push("kd", {name: text}, "Edit")


def tracking(bot):
    """The issues about broken files, oldest first."""
    found = bot.world.issues.values()
    return [issue for issue in found if (issue.body or "").startswith("<!-- kdbot:broken-files")]


def raw(bot, name=FILE):
    return bot.server.git.git("rev-parse", f"main:{name}")


# The list goes on


@IN_CLONES
def test_G01_the_rows_stay_and_another_paper_is_published(bot, text, shallow):
    break_it(bot, text)
    blob = raw(bot)
    break_it(bot, NEW, NEW_FILE)
    publish(bot.run(shallow=shallow))
    readme = bot.file("README.md")
    assert ROW in readme
    assert "Towards Cross-Tokenizer Distillation" in readme
    assert bot.file(NEW_FILE).endswith("added: 2026-03-02\nkey: towards2024cross")
    assert raw(bot) == blob
    tip = bot.server.git.resolve("main")
    publish(bot.run(shallow=shallow))
    assert bot.server.git.resolve("main") == tip


@IN_CLONES
def test_G01_another_paper_is_accepted(bot, text, shallow):
    issue = bot.world.open_issue("alice", "New paper", form())
    review_issue(bot.run(), issue.number)
    break_it(bot, text)
    blob = raw(bot)
    bot.later(minutes=5)
    bot.world.add_labels(issue, ["accepted"], "maria")
    reconcile_branch(bot.run(shallow=shallow), issue.number)
    assert issue.state == "closed"
    assert ROW in bot.file("README.md")
    assert "Towards Cross-Tokenizer Distillation" in bot.file("README.md")
    assert raw(bot) == blob


@CLONES
def test_G01_a_rename_in_the_taxonomy_leaves_the_rows_of_three_papers_where_they_are(bot, shallow):
    others = {
        f"papers/2401.0001{n}.yaml": NEW.replace("2402.12030", f"2401.0001{n}")
        .replace("Towards", f"{('One', 'Two', 'Three')[n]} Steps Towards")
        .replace("methods/labeling", "skills/planning")
        for n in range(3)
    }
    bot.world.push("kd", others, "Add three")
    publish(bot.run())
    before = bot.file("README.md")
    bot.world.push("kd", {"schema/taxonomy.yaml": TAXONOMY.replace("planning", "plans")}, "Rename")
    break_it(bot, NEW, NEW_FILE)
    publish(bot.run(shallow=shallow))
    readme = bot.file("README.md")
    rows = [line for line in before.splitlines() if line.startswith("| [") and "Steps" in line]
    assert len(rows) == 3
    for row in rows:
        assert readme.count(row) == before.count(row)
    # The new category is there as well, and the form offers each title once.
    assert readme.count("### Planning") == before.count("### Planning") + 1
    assert bot.file(".github/ISSUE_TEMPLATE/new-paper.yml").count("Planning") == 1
    assert "[Towards Cross-Tokenizer Distillation]" in readme
    reconcile_broken_files(bot.run(shallow=shallow))
    (issue,) = tracking(bot)
    assert all(name in issue.body for name in others)
    assert bot.server.git.git("log", "-1", "--format=%H", "main", "--", "schema") in issue.body


@CLONES
@pytest.mark.parametrize(
    ("kind", "newer"), [("a bad quote", 0), ("no UTF-8", 55), ("an unknown category", 0)]
)
def test_G01_the_version_comes_from_the_history_of_that_file(bot, kind, newer, shallow):
    before = bot.server.git.resolve("main")
    commit = break_it(bot, BROKEN[kind])
    for number in range(newer):
        bot.server.git.commit_files({"notes.txt": f"{number}\n"}, "Note", branch="main")
    run = bot.run(shallow=shallow)
    collection = whole_collection(run.root)
    broken = collection.broken["2306.08543"]
    assert (broken.kept, broken.commit) == (before, commit)
    assert collection.papers["2306.08543"].title == TITLE
    assert collection.papers["2306.08543"].added == "2024-02-22"


def test_G01_an_origin_that_does_not_answer_leaves_the_rows_of_the_readme(bot):
    break_it(bot, UNREADABLE["a bad quote"])
    run = bot.run(shallow=True)
    run.checkout._git("remote", "set-url", "origin", "file:///nowhere")
    collection = whole_collection(run.root, run.checkout)
    assert collection.broken["2306.08543"].kept is None
    assert collection.papers["2306.08543"].venue == "ICLR"


def test_G01_a_broken_file_that_was_never_in_order_is_not_shown(bot):
    break_it(bot, NEW.replace("2024-02", "2024-13"), NEW_FILE)
    publish(bot.run())
    assert "Towards Cross-Tokenizer" not in bot.file("README.md")
    assert "added" not in bot.file(NEW_FILE)


def test_G01_a_second_file_of_a_paper_adds_no_second_row(bot):
    before = bot.file("README.md")
    break_it(bot, LISTED, "papers/minillm.yaml")
    publish(bot.run())
    assert bot.file("README.md") == before


# The laptop


@pytest.fixture
def folder(bot):
    """A list without a history."""
    root = bot.run().root
    shutil.rmtree(root / ".git")
    return root


@cases(BROKEN)
def test_G01_without_a_history_the_readme_keeps_its_rows_and_build_says_so(folder, text, capsys):
    before = (folder / "README.md").read_bytes()
    data = text if isinstance(text, bytes) else text.encode()
    (folder / FILE).write_bytes(data)
    (folder / NEW_FILE).write_text(NEW + "added: 2024-03-01\n")
    assert build(folder, check=True, environment=ENVIRONMENT) == 1
    assert (folder / "README.md").read_bytes() == before
    assert build(folder, check=False, environment=ENVIRONMENT) == 1
    said = capsys.readouterr().err
    assert f"{FILE}:" in said
    assert "the README keeps its present rows" in said
    readme = (folder / "README.md").read_text()
    assert ROW in readme
    assert "Towards Cross-Tokenizer Distillation" in readme
    assert (folder / FILE).read_bytes() == data
    assert build(folder, check=False, environment=ENVIRONMENT) == 1
    assert (folder / "README.md").read_text() == readme
    assert validate(folder, (), "text", {}) == 1


def test_G01_a_change_of_ones_own_shows_the_committed_version(bot, capsys):
    root = bot.run().root
    (root / FILE).write_text("title: [")
    assert build(root, check=False, environment=ENVIRONMENT) == 1
    assert "as of commit" in capsys.readouterr().err
    assert ROW in (root / "README.md").read_text()


@pytest.mark.parametrize("kind", ["a folder", "a link"])
def test_G01_what_is_no_file_at_all_stops_itself_alone(bot, kind, capsys):
    root = bot.run().root
    (root / FILE).unlink()
    if kind == "a link":
        (root / FILE).symlink_to("../kdbot.toml")
    else:
        (root / FILE).mkdir()
    assert build(root, check=False, environment=ENVIRONMENT) == 1
    assert f"{FILE}: error: This is a folder, a link or a pipe." in capsys.readouterr().err
    assert ROW in (root / "README.md").read_text()
    assert open_collection(root).broken["2306.08543"].keys
    with pytest.raises(KdbotError, match="not overwritten"):
        write_files(root, {FILE: LISTED})


# Ticks


def test_G01_no_tick_changes_a_broken_file(bot):
    break_it(bot, INVALID["an unknown category"])
    collection = whole_collection(bot.run().root)
    paper = collection.papers["2306.08543"]
    assert paper.categories == ("methods/divergence-and-similarity",)
    texts, refused = acceptable([paper], collection)
    assert texts == {}
    assert refused[-1].file == FILE
    assert "broken" in refused[-1].message


# Proposals

PROPOSED = {
    "its link": form(LINK, TITLE),
    "its link and another title": form(LINK, "MiniLLM"),
    "its title": form("https://example.org/a/paper", TITLE),
    "free text": f"Please add [{TITLE}]({LINK}) to Labeling.",
}


@pytest.mark.parametrize("body", PROPOSED.values(), ids=list(PROPOSED))
@cases({k: v for k, v in UNREADABLE.items() if k in {"a bad quote", "markers of a conflict"}})
def test_G01_a_proposal_of_the_paper_could_not_be_checked(bot, text, body):
    break_it(bot, text)
    issue = bot.world.open_issue("alice", "New paper", body)
    review_issue(bot.run(), issue.number)
    (comment,) = bot.comments(issue)
    assert comment.splitlines()[1].startswith("**Could not check** ⏳ — this is on my side")
    assert FILE in comment
    assert "The maintainers have been notified" in comment
    assert bot.labels(issue) == {"could not check"}
    assert issue.state == "open"


@cases(BROKEN)
def test_G01_no_acceptance_writes_over_the_file(bot, text):
    break_it(bot, text)
    blob = raw(bot)
    issue = bot.world.open_issue("alice", "New paper", form(LINK, TITLE, date="2023-07"))
    review_issue(bot.run(), issue.number)
    assert bot.labels(issue) == {"could not check"}
    bot.later(minutes=5)
    bot.world.add_labels(issue, ["accepted"], "maria")
    reconcile_branch(bot.run(), issue.number)
    assert raw(bot) == blob
    assert issue.state == "open"


def test_G01_what_was_ready_before_is_not_written_over_the_file(bot):
    addition = form(LINK, TITLE, "Methods > Labeling")
    issue = bot.world.open_issue("alice", "New paper", addition)
    review_issue(bot.run(), issue.number)
    assert bot.labels(issue) == {"ready"}
    bot.later(minutes=5)
    bot.world.add_labels(issue, ["accepted"], "maria")
    break_it(bot, UNREADABLE["a bad quote"])
    blob = raw(bot)
    reconcile_branch(bot.run(), issue.number)
    assert raw(bot) == blob


def test_G01_a_review_leaves_the_acceptance_as_it_is(bot):
    issue = bot.world.open_issue("alice", "New paper", form(LINK, TITLE, "Methods > Labeling"))
    review_issue(bot.run(), issue.number)
    comments = bot.comments(issue)
    bot.world.add_labels(issue, ["accepted"], "maria")
    break_it(bot, UNREADABLE["a bad quote"])
    review_issue(bot.run(), issue.number)
    assert bot.labels(issue) == {"ready", "accepted", "could not check"}
    assert bot.comments(issue) == comments


def test_G01_a_proposal_is_checked_once_the_file_is_fixed(bot):
    break_it(bot, UNREADABLE["a bad quote"])
    issue = bot.world.open_issue("alice", "New paper", form(LINK, TITLE, "Methods > Labeling"))
    sweep(bot.run())
    assert bot.labels(issue) == {"could not check"}
    break_it(bot, LISTED)
    sweep(bot.run())
    assert bot.labels(issue) == {"ready"}


def test_G01_a_file_named_by_its_title_is_known_by_that_name(bot):
    slug = "papers/the-first-of-all-papers.yaml"
    break_it(bot, "title: [", slug)
    issue = bot.world.open_issue(
        "alice", "New paper", form("https://example.org/p/1.pdf", "The First of All Papers")
    )
    review_issue(bot.run(), issue.number)
    assert bot.labels(issue) == {"could not check"}
    assert slug in bot.comments(issue)[0]


PULLS = {
    "another file": {"papers/minillm.yaml": LISTED.rpartition("added")[0]},
    "the same file": {FILE: LISTED},
}


@pytest.mark.parametrize("files", PULLS.values(), ids=list(PULLS))
@cases(
    {k: v for k, v in BROKEN.items() if k in {"markers of a conflict", "a field in another shape"}}
)
def test_G01_a_pull_request_of_the_paper_could_not_be_checked(bot, text, files):
    break_it(bot, text)
    pull = bot.world.open_pull("alice", "Add", files=files)
    review_pull_request(bot.run(), pull.number)
    (comment,) = bot.comments(pull)
    assert comment.splitlines()[1].startswith("**Could not check** ⏳")
    assert FILE in comment
    assert "The maintainers have been notified" in comment
    assert bot.labels(pull) == {"could not check"}
    assert [s.state for s in bot.world.statuses] == ["pending"]


def test_G01_a_pull_request_that_leaves_faults_in_the_file_needs_changes(bot):
    break_it(bot, UNREADABLE["a bad quote"])
    pull = bot.world.open_pull("alice", "Fix", files={FILE: INVALID["a wrong date"]})
    review_pull_request(bot.run(), pull.number)
    assert bot.labels(pull) == {"needs changes"}


def test_G01_a_pull_request_that_puts_a_category_right_is_reviewed(bot):
    break_it(bot, INVALID["an unknown category"])
    pull = bot.world.open_pull("alice", "Fix", files={FILE: LISTED})
    review_pull_request(bot.run(), pull.number)
    assert "could not check" not in bot.labels(pull)
    assert bot.comments(pull)[0].splitlines()[1].startswith("**Ready")


# Rules that cannot be read

RULES = {
    "no taxonomy": ("schema/taxonomy.yaml", None),
    "a broken taxonomy": ("schema/taxonomy.yaml", "categories:\n  - id: [\n"),
    "a broken schema": ("schema/paper.schema.json", "{"),
    "broken venues": ("schema/venues.yaml", "venues:\n<<<<<<< HEAD\n"),
}


@pytest.mark.parametrize(("name", "text"), RULES.values(), ids=list(RULES))
def test_G01_where_the_rules_cannot_be_read_authors_are_told_so(bot, name, text):
    good, start = bot.file(name), bot.server.git.resolve("main")
    bot.world.push("kd", {name: text}, "Break the rules")
    issue = bot.world.open_issue("alice", "New paper", form())
    question = bot.world.open_issue("bob", "Hello", "Is there a newsletter?")
    pull = bot.world.open_pull("carol", "Add", files={NEW_FILE: NEW})
    for _ in range(2):
        review_issue(bot.run(), issue.number)
        review_issue(bot.run(), question.number)
        review_pull_request(bot.run(), pull.number)
    for item in (issue, pull):
        (comment,) = bot.comments(item)
        assert comment.splitlines()[1].startswith("**Could not check** ⏳ — this is on my side")
        assert name in comment
        assert bot.labels(item) == {"could not check"}
    assert bot.comments(question) == []
    assert [s.state for s in bot.world.statuses] == ["pending"]
    reconcile_broken_files(bot.run())
    (told,) = tracking(bot)
    assert name in told.body
    assert f"git checkout {start[:10]} -- {name}" in told.body
    bot.world.push("kd", {name: f"{good}\n"}, "Put it back")
    review_issue(bot.run(), issue.number)
    review_pull_request(bot.run(), pull.number)
    assert "could not check" not in bot.labels(issue) | bot.labels(pull)
    assert bot.comments(issue)[0].splitlines()[1].startswith("**Ready")
    reconcile_broken_files(bot.run())
    assert told.state == "closed"


def test_G01_broken_rules_leave_an_earlier_verdict_as_it_is(bot):
    issue = bot.world.open_issue("alice", "New paper", form())
    review_issue(bot.run(), issue.number)
    bot.world.push("kd", {"schema/taxonomy.yaml": None}, "Delete by mistake")
    review_issue(bot.run(), issue.number)
    assert bot.labels(issue) == {"ready", "could not check"}


# The tracking issue


@CLONES
def test_G01_one_issue_says_what_to_fix_is_kept_up_to_date_and_closes_itself(bot, shallow):
    reconcile_broken_files(bot.run(shallow=shallow))
    assert tracking(bot) == []
    commit = break_it(bot, UNREADABLE["a bad quote"])
    reconcile_broken_files(bot.run(shallow=shallow))
    (issue,) = tracking(bot)
    assert bot.labels(issue) == {"broken file"}
    assert f"{FILE}, line 1" in issue.body
    assert f"/commit/{commit}" in issue.body
    assert "double quotes" in issue.body
    assert "git checkout" in issue.body
    break_it(bot, "title: [", NEW_FILE)
    reconcile_broken_files(bot.run(shallow=shallow))
    assert FILE in issue.body
    assert NEW_FILE in issue.body
    bot.server.forget_log()
    reconcile_broken_files(bot.run(shallow=shallow))
    assert bot.server.writes == []
    bot.world.push("kd", {FILE: LISTED, NEW_FILE: NEW}, "Fix")
    reconcile_broken_files(bot.run(shallow=shallow))
    assert issue.state == "closed"
    assert tracking(bot) == [issue]
    break_it(bot, UNREADABLE["a bad quote"])
    reconcile_broken_files(bot.run(shallow=shallow))
    assert issue.state == "open"
    assert tracking(bot) == [issue]


def test_G01_the_issue_escapes_what_a_stranger_wrote(bot):
    evil = 'title: "A Paper of Mine"\n"@everyone <img src=x> [a](http://b)": "1"\n'
    break_it(bot, evil, NEW_FILE)
    reconcile_broken_files(bot.run())
    (issue,) = tracking(bot)
    assert "everyone" in issue.body
    html = MarkdownIt("commonmark").render(issue.body)
    assert "<img" not in html
    assert 'href="http://b' not in html
    assert "@everyone" not in re.sub(r"<code>.*?</code>", "", html, flags=re.DOTALL)
