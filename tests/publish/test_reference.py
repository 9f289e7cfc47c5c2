"""The reference pages say what the code does: held to `--help`, to the settings and the source."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from kdbot.cli import _make_parser, _reference, main
from kdbot.flows.list.build import stale_files
from kdbot.model.settings import Settings, parse_settings
from kdbot.publish.reference import render_commands, render_configuration
from kdbot.storage.repository import load_rules, load_settings

PROJECT = Path(__file__).resolve().parents[2]
PAGE = render_commands(_make_parser())
COMMANDS = re.findall(r"^## (\w+)$", PAGE, re.MULTILINE)
OPTION = re.compile(r"(?:^  |\[)(--[a-z][a-z-]*)", re.MULTILINE)


@pytest.fixture
def help_of(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "200")

    def ask(*command):
        with pytest.raises(SystemExit) as left:
            main([*command, "--help"])
        assert left.value.code == 0
        return capsys.readouterr().out

    return ask


def section(name):
    return re.search(rf"^## {name}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)[1]


@pytest.mark.parametrize("command", COMMANDS)
def test_the_page_names_the_arguments_that_help_names(command, help_of):
    told = help_of(command)
    page = section(command)
    says = page.strip().partition("\n")[0].rstrip(".")
    assert says.lower() in told.lower()
    assert set(OPTION.findall(told)) == set(
        OPTION.findall(page.partition("```\n")[2].partition("```")[0])
    )
    for says in re.findall(
        r"^\| `[^|]+?` \| (.*?) \| .*\|$", page.replace(r"\|", "/"), re.MULTILINE
    ):
        assert says in " ".join(told.split())


def test_the_page_names_the_commands_that_help_names(help_of):
    listed = re.findall(r"^    (\w+)(?: |$)", help_of(), re.MULTILINE)
    assert listed == COMMANDS


def test_every_command_runs_something():
    for command in COMMANDS:
        call = section(command).partition("```\n")[2].partition("```")[0]
        required = re.sub(r"\[[^]]*\]…?", "", call).split()[2:]
        first = [word.partition("|")[0] for word in required]
        assert callable(_make_parser().parse_args([command, *first]).command)


def test_every_setting_is_explained_with_its_default():
    page = render_configuration()
    defaults = dict(re.findall(r"^\| `([a-z_.]+)` \| [^|]+ \| `([^`]+)` \|", page, re.MULTILINE))
    lines = [f"{key} = {value}" for key, value in defaults.items()]
    document = tomllib.loads('title = "A"\n' + "\n".join(lines))
    assert parse_settings(document, "kdbot.toml") == Settings(title="A")
    assert "| `survey` | text | none | arXiv identifier of" in page


def test_every_environment_variable_is_explained():
    source = "\n".join(p.read_text("utf-8") for p in (PROJECT / "src/kdbot").rglob("*.py"))
    read = set(re.findall(r"environ(?:ment)?(?:\.get\(|\[)\"([A-Z_]+)\"", source))
    read |= set(re.findall(r"is_set\(environment, \"([A-Z_]+)\"", source))
    explained = set(re.findall(r"^\| `([A-Z_]+)` \|", render_configuration(), re.MULTILINE))
    assert read - explained == {"LOCALAPPDATA"}
    # Some decide in a workflow alone, before kdbot runs.
    workflows = (PROJECT / ".github" / "workflows").glob("*.yml")
    decided = set(re.findall(r"vars\.([A-Z_]+)", "".join(p.read_text("utf-8") for p in workflows)))
    assert explained - decided <= read


@pytest.mark.parametrize("page", ["docs/commands.md", "docs/configuration.md"])
def test_the_reference_is_kept_where_it_is(tmp_path, page):
    collection = load_rules(PROJECT)
    (tmp_path / "README.md").write_text((PROJECT / "README.md").read_text("utf-8"))
    settings = load_settings(PROJECT, {})
    assert page not in stale_files(tmp_path, collection, settings, _reference())
    (tmp_path / "docs").mkdir()
    (tmp_path / page).write_text("old")
    stale = stale_files(tmp_path, collection, settings, _reference())
    assert stale[page] == (PROJECT / page).read_text("utf-8")
