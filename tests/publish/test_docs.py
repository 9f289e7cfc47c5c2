"""The documentation: its links lead somewhere, and what it names is there."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from kdbot.cli import _reference
from kdbot.github.labels import LABELS
from tests.rows import each

ROOT = Path(__file__).resolve().parents[2]


@each("name", ["maintainers.md", "contributors.md", "developers.md"])
def test_commands_that_are_named_exist(name):
    text = (ROOT / "docs" / name).read_text("utf-8")
    known = set(re.findall(r"^## (\w+)$", _reference()["docs/commands.md"], re.MULTILINE))
    # In code alone: a sentence may go on after the name.
    for code in re.findall(r"```console\n(.*?)```|`([^`\n]+)`", text, re.DOTALL):
        for word in re.findall(r"(?<![\w/@.-])kdbot ([a-z]+)\b", "".join(code)):
            assert word in known, word


def test_each_label_is_explained_to_contributors():
    text = (ROOT / "docs/contributors.md").read_text("utf-8")
    set_by_others = {
        *("new paper", "not a duplicate", "audit", "candidates", "doctor", "broken file"),
    }
    assert {label.name for label in LABELS} - set_by_others <= set(re.findall("`([a-z ]+)`", text))


def test_maintainers_learn_what_a_jobs_own_token_does_not_start_F22():
    text = (ROOT / "docs/maintainers.md").read_text("utf-8")
    assert "starts no workflow" in text
    assert "KDBOT_ENABLED" in text


DEVELOPERS = ["architecture.md", "developers.md"]
ADDED_BY_RECIPES = {
    *("tests/data/cases/title-ends-with-dot/bad.yaml", "web/metadata/openalex.py"),
    *("tests/data/cases/title-ends-with-dot/good.yaml", "render_venues"),
}
"""What the recipes of developers.md tell their readers to make."""
BASES = (ROOT, ROOT / "src" / "kdbot", ROOT / "docs")
MODULE = re.compile(r"(?<![\w/.*<-])[\w./-]+\.(?:py|yaml|json|j2|md|toml|txt)(?![\w/])")
FOLDER = re.compile(r"\.?[\w.-]+(?:/[\w.-]+)*/")
FUNCTION = re.compile(r"([A-Za-z_][\w.]*)\(\)")
CONSTANT = re.compile(r"_?[A-Z][A-Z_]{4,}|[A-Z][a-z]+(?:[A-Z][a-z]+)*")
ELSEWHERE = {".venv/", ".github/kdbot/", "KDBOT_GOLDEN", "KDBOT_UPDATE_GOLDEN"}
"""Made by make, written by lists, read by tests."""


@cache
def definitions(path):
    """Return the names that a module defines, with those of the members of its classes."""
    names = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        targets = [node.target] if isinstance(node, ast.AnnAssign) else getattr(node, "targets", [])
        names |= {target.id for target in targets if isinstance(target, ast.Name)}
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            names.add(node.name)
        if isinstance(node, ast.ClassDef):
            names |= {f"{node.name}.{one.name}" for one in node.body if hasattr(one, "name")}
    return names


def code_spans(text):
    fences = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
    return re.findall(r"`([^`\n]+)`", fences.sub("", text))


def in_tree(path):
    return [base / path for base in BASES if (base / path).exists()]


@pytest.mark.parametrize("name", DEVELOPERS)
def test_files_and_packages_that_developers_are_told_of_exist(name):
    text = (ROOT / "docs" / name).read_text("utf-8")
    told = [span for span in code_spans(text) if not span.startswith(("*", "http"))]
    paths = {path for span in told for path in MODULE.findall(span)}
    paths |= {span for span in told if FOLDER.fullmatch(span)} - ELSEWHERE
    assert len(paths) > 15
    assert sorted(path for path in paths - ADDED_BY_RECIPES if not in_tree(path)) == []


def test_what_a_recipe_adds_is_not_there_yet():
    text = (ROOT / "docs/developers.md").read_text("utf-8")
    for name in ADDED_BY_RECIPES:
        assert name in text
        assert not in_tree(name)


@pytest.mark.parametrize("name", DEVELOPERS)
def test_functions_and_names_that_developers_are_told_of_are_defined(name):
    text = (ROOT / "docs" / name).read_text("utf-8")
    modules = [*(ROOT / "src").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    known = set().union(*map(definitions, modules)) | ADDED_BY_RECIPES
    told = code_spans(text)
    names = {one for span in told for one in FUNCTION.findall(span)}
    names |= {span for span in told if CONSTANT.fullmatch(span)} - ELSEWHERE
    assert len(names) > 10
    assert sorted(names - known) == []


def test_each_step_of_a_proposal_names_functions_of_its_modules():
    text = (ROOT / "docs/architecture.md").read_text("utf-8")
    rows = text.partition("## How one proposal is processed")[2].partition("\n## ")[0]
    steps = [line.split("|")[2:4] for line in rows.split("\n") if "()" in line and line[0] == "|"]
    assert len(steps) > 5
    for paths, functions in steps:
        modules = [ROOT / "src/kdbot" / path for path in code_spans(paths)]
        there = set().union(*map(definitions, modules))
        told = {span.removesuffix("()") for span in code_spans(functions)}
        assert told <= there, paths
        # No module stands in the row for nothing; `run_flow` opens what `act` needs.
        assert all(told & definitions(module) for module in modules), paths


@pytest.mark.parametrize("name", DEVELOPERS)
def test_targets_of_make_that_developers_are_told_of_exist(name):
    text = (ROOT / "docs" / name).read_text("utf-8")
    makefile = (ROOT / "Makefile").read_text("utf-8")
    spans = [*code_spans(text), *re.findall(r"^ *\$ (.*)", text, re.MULTILINE)]
    targets = {one for span in spans for one in re.findall(r"\bmake ([a-z][a-z-]+)", span)}
    assert targets
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
