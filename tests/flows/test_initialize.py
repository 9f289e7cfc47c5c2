"""`kdbot init`: one command from a README, or from nothing, to a list that is in order."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sysconfig
import time
from importlib.metadata import version
from pathlib import Path

import pytest

from kdbot.flows.list.build import build
from kdbot.flows.list.checked_list import validate
from kdbot.flows.list.initialize import InitOptions, initialize
from kdbot.model.errors import KdbotError

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "tests/data/initialize/README.md"
TEMPLATES = ROOT / "src/kdbot/templates"
SCRIPTS = Path(sysconfig.get_path("scripts"))
PIN = "octo/kdbot@0123456789abcdef0123456789abcdef01234567"


def start(folder, ask=None, **options):
    return initialize(folder, InitOptions(**{"bot": PIN, **options}), ask)


def readme_of(papers):
    """Return a README of so many papers in ten sections, with prose around them."""
    head = "| Title | Venue | Date | Model | Code |\n| :-- | :-- | :-- | :-- | :-- |\n"
    sections = []
    for section in range(10):
        rows = "".join(
            f"| [Paper Number {n} of Them All](https://arxiv.org/abs/24{n % 12 + 1:02}.{n:05}) "
            f"| arXiv | 2024-{n % 12 + 1:02} | M{n % 9} | [Code](https://github.com/octo/p-{n}) |\n"
            for n in range(section + 1, papers + 1, 10)
        )
        sections.append(f"## Part {section}\n\n{head}{rows}")
    return "# Many Papers\n\nWords before.\n\n" + "\n".join(sections) + "\n## Thanks\n\nTo all.\n"


def is_in_order(folder):
    environment = {}
    assert validate(folder, [], "text", environment) == 0
    return build(folder, check=True, environment=environment) == 0


@pytest.mark.parametrize(
    "options",
    [
        {"source": (SOURCE,), "repository": "octo/soil", "bot": PIN},
        {"title": "A List", "categories": ("Models > Water", "Models > Heat", "Surveys")},
        {"title": 'Quotes " and \\ and `code` | <b> 列表', "bot": PIN},
    ],
    ids=["from-a-readme", "from-nothing", "odd-title"],
)
def test_a_new_list_is_in_order(tmp_path, options):
    assert start(tmp_path / "list", **options) == 0
    assert is_in_order(tmp_path / "list")


def test_its_workflows_and_forms_pass_the_linters(tmp_path):
    start(tmp_path, source=(SOURCE,), bot=PIN)
    start(tmp_path / "other", title="Without a README")
    # What differs between two lists stands beside, so that each linter starts once.
    for path in (tmp_path / "other/.github").rglob("*.yml"):
        beside = tmp_path / path.relative_to(tmp_path / "other")
        if beside.read_bytes() != path.read_bytes():
            path.rename(beside.with_name(f"other-{beside.name}"))
    assert (tmp_path / ".github/ISSUE_TEMPLATE/other-new-paper.yml").is_file()
    shutil.copytree(ROOT / ".ci", tmp_path / ".ci")
    # actionlint looks for the repository around the files.
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    done = subprocess.run(
        ["./.ci/lint-workflows"],
        cwd=tmp_path,
        env={**os.environ, "PATH": f"{SCRIPTS}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_five_hundred_papers_take_less_than_ten_seconds(tmp_path):
    source = tmp_path / "many.md"
    source.write_text(readme_of(500))
    begin = time.process_time()
    start(tmp_path / "list", source=(source,))
    assert is_in_order(tmp_path / "list")
    assert time.process_time() - begin < 10
    assert len(list((tmp_path / "list/papers").glob("*.yaml"))) == 500


def test_prose_stays_and_lists_become_data(tmp_path):
    start(tmp_path, source=(SOURCE,))
    readme = (tmp_path / "README.md").read_text("utf-8")
    prose = re.sub(
        r"<!-- kdbot:begin ([a-z-]+) -->.*?<!-- kdbot:end \1 -->\n", "", readme, flags=re.DOTALL
    )
    assert readme.startswith("# Awesome Soil Models 🌱\n")
    for kept in (
        "[![Awesome](https://awesome.re/badge.svg)](https://awesome.re)",
        "Papers about models of soil, kept by [the soil group](https://example.org/soil).",
        "- **2024-05** The list has opened.",
        "## How to contribute\n\nSee [the rules][rules].",
        "<summary>An older list</summary>",
        "[rules]: https://example.org/soil/rules",
    ):
        assert kept in prose
    for gone in ("Table of Contents", "arxiv.org", "## Surveys", "](#water)"):
        assert gone not in prose
    assert prose.count("<details>") == prose.count("</details>") == 1
    assert "> Where to start reading about the ground." in readme


def test_columns_that_kdbot_does_not_know_become_fields_of_the_list(tmp_path):
    start(tmp_path, source=(SOURCE,))
    record = (tmp_path / "papers/2402.00002.yaml").read_text("utf-8")
    assert 'model: Clay-1B\ntask: water\nstars: "33"\n' in record
    readme = (tmp_path / "README.md").read_text("utf-8")
    # No paper has code or data, so neither has a column.
    heads = {line.replace("&nbsp;", "") for line in readme.split("\n") if "| Title |" in line}
    assert heads == {"| Title | Venue | Date | Model | Task | Stars |"}


def test_a_readme_that_is_kdbots_already_stays_as_it_is(tmp_path):
    start(tmp_path / "first", source=(SOURCE,))
    first = (tmp_path / "first/README.md").read_text("utf-8")
    start(tmp_path / "second", source=(tmp_path / "first/README.md",))
    assert (tmp_path / "second/README.md").read_text("utf-8") == first


def test_one_place_pins_the_bot(tmp_path):
    start(tmp_path, title="A", bot=PIN)
    named = [p for p in tmp_path.rglob("*") if p.is_file() and PIN in p.read_text("utf-8")]
    assert named == [tmp_path / ".github/actions/setup-kdbot/action.yml"]
    assert f"uses: {PIN} # v{version('kdbot')}\n" in named[0].read_text("utf-8")


def test_without_a_pin_nothing_is_started_and_the_release_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(KdbotError) as error:
        start(tmp_path / "list", title="A", bot=None)
    assert error.value.exit_status == 2
    assert "git ls-remote --tags" in str(error.value)
    assert "--bot OWNER/kdbot@COMMIT" in str(error.value)
    assert not (tmp_path / "list").exists()


def test_a_list_has_all_that_a_repository_needs_and_names_nobody(tmp_path):
    start(tmp_path, title="A List", repository="Octo/soil")
    for name in ("LICENSE", ".github/PULL_REQUEST_TEMPLATE.md", ".github/workflows/weekly.yml"):
        assert (tmp_path / name).is_file()
    assert "the contributors of A List" in (tmp_path / "LICENSE").read_text("utf-8")
    settings = (tmp_path / "kdbot.toml").read_text("utf-8")
    assert 'repository = "Octo/soil"\npage = "https://octo.github.io/soil/"\n' in settings
    assert not list(tmp_path.rglob("CODEOWNERS"))
    assert not (tmp_path / ".github/workflows/release.yml").exists()


@pytest.mark.parametrize(
    ("answer", "chosen", "given"),
    [
        ("\n", None, True),
        ("Yes\n", None, True),
        ("n\n", None, False),
        (None, None, True),
        (None, "none", False),
        (None, "CC0-1.0", True),
    ],
)
def test_the_data_has_a_licence_of_its_own_unless_the_owner_says_no(
    tmp_path, answer, chosen, given
):
    asked = []

    def ask(question):
        asked.append(question)
        return answer if "public domain" in question else "\n"

    start(
        tmp_path, None if answer is None else ask, title="A", categories=("B",), data_license=chosen
    )
    assert any("CC0 1.0" in question for question in asked) is (answer is not None)
    assert (tmp_path / "LICENSE").is_file()
    assert (tmp_path / "LICENSE-DATA").is_file() is given
    assert ("[CC0 1.0](LICENSE-DATA)" in (tmp_path / "README.md").read_text("utf-8")) is given
    assert ('data_license = "CC0-1.0"' in (tmp_path / "kdbot.toml").read_text("utf-8")) is given
    assert ('license: "CC0-1.0"' in (tmp_path / "CITATION.cff").read_text("utf-8")) is given
    assert is_in_order(tmp_path)


@pytest.mark.parametrize("place", ["list", "old"])
def test_what_has_a_licence_already_is_not_given_away(tmp_path, place):
    for folder in ("list", "old"):
        (tmp_path / folder).mkdir()
    (tmp_path / place / "COPYING").write_text("GPL\n")
    source = tmp_path / "old/README.md"
    source.write_text(SOURCE.read_text("utf-8"))
    start(tmp_path / "list", lambda _: "\n", source=(source,))
    assert not (tmp_path / "list/LICENSE-DATA").exists()
    assert "LICENSE-DATA" not in (tmp_path / "list/README.md").read_text("utf-8")
    assert "data_license" not in (tmp_path / "list/kdbot.toml").read_text("utf-8")


def test_a_licence_of_any_ending_stays_the_only_one(tmp_path):
    (tmp_path / "LICENSE.md").write_text("CC0\n")
    start(tmp_path, title="A")
    assert not (tmp_path / "LICENSE").exists()


def test_the_end_says_what_is_left_for_this_very_repository(tmp_path, capsys):
    subprocess.run(["git", "init", "-q", "-b", "master", str(tmp_path)], check=True)
    start(tmp_path, title="A", repository="octo/soil")
    said = capsys.readouterr().out
    assert "git push --set-upstream origin master\n" in said
    for command in ("setup", "doctor"):
        assert f"GH_TOKEN=$(gh auth token) kdbot {command} --repository octo/soil\n" in said
    assert len(re.findall(r"https://github\.com/octo/soil/settings/\S+", said)) == 3
    assert "branch =" not in (tmp_path / "kdbot.toml").read_text("utf-8")


def test_a_branch_that_is_named_is_written_down(tmp_path, capsys):
    start(tmp_path, title="A", branch="trunk")
    assert 'branch = "trunk"\n' in (tmp_path / "kdbot.toml").read_text("utf-8")
    assert "--initial-branch=trunk\n" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["README.md", "kdbot.toml", ".github/workflows/issue.yml"])
def test_nothing_is_written_over(tmp_path, name):
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("mine\n")
    with pytest.raises(KdbotError, match=re.escape(name)):
        start(tmp_path, title="A")
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == [path]


def test_what_a_repository_has_of_its_own_is_kept(tmp_path, capsys):
    (tmp_path / "CONTRIBUTING.md").write_text("mine\n")
    start(tmp_path, title="A")
    assert (tmp_path / "CONTRIBUTING.md").read_text() == "mine\n"
    assert "kept unchanged: CONTRIBUTING.md" in capsys.readouterr().out


def test_a_second_time_changes_nothing(tmp_path):
    start(tmp_path, source=(SOURCE,))
    before = {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*") if p.is_file()}
    start(tmp_path, source=(SOURCE,))
    assert {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*") if p.is_file()} == before


def interview(answer):
    """Return who answers, at the end to the question of whether, and a list of what was asked."""
    answers = {"Title": "A List\n", "Repository": "octo/list\n", "Categories": "One, Two > Three\n"}
    answers["Put"] = "\n"
    asked = []

    def ask(question):
        asked.append(question)
        return answers.get(question.split()[0], answer)

    return ask, asked


@pytest.mark.parametrize("answer", ["\n", "y\n", "Yes \r\n"])
def test_a_person_at_the_terminal_is_asked_for_what_is_missing(answer, tmp_path):
    ask, asked = interview(answer)
    assert start(tmp_path, ask) == 0
    assert [question.split()[0] for question in asked[:4]] == [
        "Title",
        "Repository",
        "Put",
        "Categories",
    ]
    assert len(asked) == 5
    settings = (tmp_path / "kdbot.toml").read_text("utf-8")
    assert 'title = "A List"\nrepository = "octo/list"\n' in settings
    assert 'title: "Three"' in (tmp_path / "schema/taxonomy.yaml").read_text("utf-8")


@pytest.mark.parametrize("answer", ["n\n", "no\n", "", "y", "what?\n"])
def test_who_was_asked_sees_what_will_be_written_and_may_say_no(answer, tmp_path, capsys):
    ask, asked = interview(answer)
    folder = tmp_path / "new"
    assert start(folder, ask) == 1
    assert capsys.readouterr().out == "nothing was written\n"
    assert not folder.exists()
    shown = asked[-1].splitlines()
    assert shown[1] == f"A List, for the repository octo/list, run by {PIN}:"
    assert {"    README.md", "    kdbot.toml", "    schema/ (3 files)"} <= set(shown)
    assert shown[-1] == f"Write this to {folder}? [Y/n] "


def test_who_has_said_all_in_the_call_is_asked_nothing(tmp_path):
    def ask(question):
        raise AssertionError(question)

    said = {"title": "A List", "repository": "octo/list", "categories": ("One",)}
    start(tmp_path, ask, data_license="CC0-1.0", **said)
    assert (tmp_path / "kdbot.toml").is_file()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({}, "--title"),
        ({"title": "A", "repository": "no-owner"}, "--repository OWNER/NAME"),
        ({"title": "A", "bot": "octo/kdbot@v1"}, "--bot OWNER/NAME@COMMIT"),
        ({"title": "A", "branch": "-x"}, "--branch BRANCH"),
        ({"title": "A", "source": (Path("nowhere.md"),)}, "nowhere.md"),
    ],
    ids=["no-title", "no-repository", "no-commit", "no-branch", "no-readme"],
)
def test_what_cannot_be_is_told_with_its_remedy(tmp_path, options, told):
    with pytest.raises(KdbotError) as error:
        start(tmp_path / "list", **options)
    assert told in str(error.value)
    assert not (tmp_path / "list").exists()


def test_a_readme_without_papers_starts_nothing(tmp_path):
    source = tmp_path / "empty.md"
    source.write_text("# Words\n\nNothing but words.\n")
    with pytest.raises(KdbotError, match="no paper was found"):
        start(tmp_path / "list", source=(source,))
    assert not (tmp_path / "list").exists()


def test_a_line_that_breaks_a_rule_is_left_out_and_named(tmp_path, capsys):
    source = tmp_path / "one.md"
    source.write_text(readme_of(3).replace("2402.00001", "2402.00000"))
    start(tmp_path / "list", source=(source,))
    assert is_in_order(tmp_path / "list")
    assert len(list((tmp_path / "list/papers").glob("*.yaml"))) == 2
    said = capsys.readouterr().out
    assert "were left out" in said
    assert "[invalid-arxiv-id]" in said


def test_templates_name_no_list_of_ours():
    for path in TEMPLATES.rglob("*"):
        if path.is_file() and path.name != "LICENSE-DATA":  # the text of CC0, as it is
            assert not re.search("distil|knowledge|teacher", path.read_text("utf-8"), re.IGNORECASE)


def test_the_schema_of_a_new_list_is_this_ones_but_for_its_examples():
    def without_examples(node):
        if isinstance(node, dict):
            return {k: without_examples(v) for k, v in node.items() if k != "examples"}
        return node

    ours = json.loads((ROOT / "schema/paper.schema.json").read_text("utf-8"))
    theirs = json.loads((TEMPLATES / "schema/paper.schema.json").read_text("utf-8"))
    assert without_examples(theirs) == without_examples(ours)


def test_the_ci_of_a_new_list_validates_as_this_ones_does():
    ours = (ROOT / ".github/workflows/ci.yml").read_text("utf-8")
    theirs = (TEMPLATES / "github/ci.yml").read_text("utf-8")
    job = re.compile(r"^  validate:\n.*?(?=^  \w|\Z)", re.MULTILINE | re.DOTALL)
    expected = job.search(ours)[0].replace(
        "run: make .venv/runtime", "uses: $/.github/actions/setup-kdbot"
    )
    assert job.search(theirs)[0].strip() == expected.strip()
