"""`kdbot validate`: the same findings in every format, on a laptop as in a workflow."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from kdbot.cli import main
from kdbot.flows.list.checked_list import validate
from tests.flows.sample_list import sample_files

ROOT = Path(__file__).resolve().parents[2]

FILES = {
    "2403.00001.yaml": (
        'title: "A Paper, with: Faults 100%"\narxiv: "2403.00001"\nvenue: NIPS\ndate: 2024-13\n'
        "colour: red\ncategories:\n  - kd-algorithms/planing\n"
    ),
    "minillm.yaml": (
        'title: "MiniLLM: Knowledge Distillation of Large Language Models"\n'
        'arxiv: "https://arxiv.org/abs/2306.08543v2"\n'
        "categories: [kd-algorithms/knowledge-elicitation/feature]\n"
    ),
    "broken.yaml": "title: [\n",
    "empty.yaml": "",
    "bidi.yaml": 'title: "A \u202etitle"\ncode: [x, "http://a b"]\ncategories: [feature]\n',
}


def unescape(text):
    for code, character in (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        text = text.replace(code, character)
    return text


def parse_annotation(line):
    command, _, message = line.removeprefix("::").partition("::")
    severity, _, listed = command.partition(" ")
    properties = dict(pair.split("=", 1) for pair in listed.split(","))
    return (
        severity,
        unescape(properties["title"]),
        unescape(properties["file"]) if "file" in properties else None,
        int(properties["line"]) if "line" in properties else None,
        unescape(message),
    )


def run(form, root, files, capsys):
    status = validate(root, files, form, {})
    return status, capsys.readouterr().out


@pytest.fixture
def written(tmp_path):
    paths = []
    for name, text in FILES.items():
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    return paths


def test_github_and_json_tell_the_same_findings(written, capsys):
    status, as_json = run("json", ROOT, written, capsys)
    other_status, as_github = run("github", ROOT, written, capsys)
    assert (status, other_status) == (1, 1)
    found = json.loads(as_json)
    told = [parse_annotation(line) for line in as_github.splitlines()]
    assert len(found) == len(told) > 8
    for finding, (severity, code, file, line, message) in zip(found, told, strict=True):
        assert (severity, code) == (finding["severity"], finding["code"])
        assert (file, line) == (finding["file"], finding["line"])
        words = "\n".join(text for text in (finding["message"], finding["fix"]) if text)
        assert message == words


def test_text_names_the_same_places_and_codes(written, capsys):
    _, as_json = run("json", ROOT, written, capsys)
    _, as_text = run("text", ROOT, written, capsys)
    told = re.findall(r"^(\S+?):(\d+): \w+: .* \[([a-z-]+)\]$", as_text, re.MULTILINE)
    # A person is told of the file that was named, a program of its place in the list.
    given = {f"papers/{path.name}": str(path) for path in written}
    found = [(given[f["file"]], str(f["line"]), f["code"]) for f in json.loads(as_json)]
    assert told == found
    assert told == sorted(told, key=lambda one: (Path(one[0]).name, int(one[1])))


@pytest.mark.parametrize("form", ["text", "json", "github"])
def test_a_good_list_has_nothing_to_say_that_blocks(form, capsys):
    status, said = run(form, ROOT, [], capsys)
    assert status == 0
    assert '"error"' not in said
    assert "::error" not in said


@pytest.mark.parametrize("form", ["text", "json", "github"])
def test_F15_a_second_run_says_the_same(written, form, capsys):
    assert run(form, ROOT, written, capsys) == run(form, ROOT, written, capsys)


def test_a_file_of_the_list_is_not_held_against_itself(capsys):
    path = ROOT / "papers" / "2306.08543.yaml"
    assert run("json", ROOT, [path], capsys) == (0, "[]\n")


def test_a_pull_request_and_a_laptop_find_the_same_in_a_file(written, tmp_path, capsys):
    """A file that is checked before it is pushed is told what the bot would say of it."""
    shutil.copytree(ROOT / "schema", tmp_path / "list" / "schema")
    shutil.copytree(ROOT / "papers", tmp_path / "list" / "papers")
    shutil.copy(ROOT / "kdbot.toml", tmp_path / "list")
    faulty = written[0]
    shutil.copy(faulty, tmp_path / "list" / "papers")
    _, alone = run("json", ROOT, [faulty], capsys)
    _, within = run("json", tmp_path / "list", [], capsys)
    mine = [f for f in json.loads(within) if f["file"] == f"papers/{faulty.name}"]
    assert mine == json.loads(alone)


def test_a_file_that_is_not_there_is_a_wrong_call(tmp_path, capsys):
    assert main(["--root", str(ROOT), "validate", str(tmp_path / "none.yaml")]) == 2
    assert "none.yaml" in capsys.readouterr().err


@pytest.fixture
def listed(tmp_path):
    """A list of one paper, and its text without what a merge stamps."""
    sample_files(tmp_path)
    path = tmp_path / "papers" / "2306.08543.yaml"
    lines = path.read_text().splitlines(keepends=True)
    return path, "".join(line for line in lines if not line.startswith(("added:", "key:")))


def told(root, capsys, *files):
    _, shown = run("json", root, list(files), capsys)
    return [(f["file"], f["code"], f["fix"]) for f in json.loads(shown) if f["severity"] == "error"]


@pytest.mark.parametrize("name", ["a-copy.yaml", "0-copy.yaml"])
def test_a_copy_of_a_listed_paper_is_not_told_to_take_its_name(name, listed, capsys):
    path, text = listed
    (path.parent / name).write_text(text)
    codes = {code for _, code, _ in told(path.parents[1], capsys)}
    assert codes == {"duplicate-arxiv"}
    assert {code for _, code, _ in told(path.parents[1], capsys, path.parent / name)} == codes


@pytest.mark.parametrize("name", ["2306.08544.yaml", "2306.00001.yaml"])
def test_a_paper_with_the_identifier_of_another_may_have_the_right_name(name, listed, capsys):
    path, text = listed
    other = text.replace("MiniLLM: Knowledge", "Another Paper: On Knowledge")
    path.with_name(name).write_text(other)
    found = {code: fix for _, code, fix in told(path.parents[1], capsys)}
    assert found.keys() == {"duplicate-arxiv", "wrong-file-name"}
    line = f'arxiv: "{name.removesuffix(".yaml")}"'
    assert found["wrong-file-name"] == f"If the name is right, write `{line}`."


def test_a_wrong_identifier_is_told_of_and_the_name_is_left(listed, capsys):
    """The title's slug was asked for, and from there the identifier when that was fixed."""
    path, text = listed
    path.write_text(text.replace("2306.08543", "2306.8543x"))
    assert [code for _, code, _ in told(path.parents[1], capsys)] == ["invalid-arxiv-id"]


@pytest.mark.parametrize(("value", "other"), [("2306.08544", "2306.08544"), (None, "minillm-")])
def test_a_name_that_is_an_identifier_may_be_what_is_right(value, other, listed, capsys):
    path, text = listed
    line = f'arxiv: "{value}"\n' if value else "url: https://example.org/paper\n"
    path.write_text(text.replace('arxiv: "2306.08543"\n', line))
    [(file, code, fix)] = told(path.parents[1], capsys)
    assert (file, code) == ("papers/2306.08543.yaml", "wrong-file-name")
    assert fix.startswith('If the name is right, write `arxiv: "2306.08543"`; if not, rename it to')
    assert f"`papers/{other}" in fix


def test_two_files_with_each_others_names_are_both_told(listed, capsys):
    path, text = listed
    other = text.replace("MiniLLM: Knowledge", "Another Paper: On Knowledge")
    path.write_text(other.replace("2306.08543", "2306.08544"))
    path.with_name("2306.08544.yaml").write_text(text)
    assert [code for _, code, _ in told(path.parents[1], capsys)] == ["wrong-file-name"] * 2


def test_what_was_declined_is_held_against_its_schema(tmp_path, capsys):
    sample_files(tmp_path)
    (tmp_path / "declined.yaml").write_text("declined:\n  - identifier: arxiv:1\n", "utf-8")
    assert main(["--root", str(tmp_path), "validate"]) == 2
    assert "declined.yaml:2" in capsys.readouterr().err
