"""`kdbot init --update`: what is generated is renewed, what people wrote stays."""

from __future__ import annotations

import re

import pytest

from kdbot.cli import main
from kdbot.flows.list.initialize import InitOptions, _list_workflows, initialize, renew
from kdbot.model.errors import KdbotError
from kdbot.publish.new_list import PIN_FILE, render_workflow, renew_workflow

OLD = "octo/kdbot@0123456789abcdef0123456789abcdef01234567"
NEW = "octo/kdbot@89abcdef0123456789abcdef0123456789abcdef"
SWEEP = ".github/workflows/sweep.yml"
OWN_JOB = "  own:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo mine\n"


@pytest.fixture
def folder(tmp_path, capsys):
    initialize(tmp_path, InitOptions(title="A List", bot=OLD), None)
    capsys.readouterr()
    return tmp_path


def of_before(text):
    """A workflow as an earlier kdbot wrote it: a name differs."""
    (body,) = re.findall(r"sha256=.*?\n(.*)# kdbot:end", text, re.DOTALL)
    note, _, shared = body.partition("name: ")
    assert note
    return render_workflow(f"name: Before {shared}")


def edit(folder, name, change):
    path = folder / name
    path.write_text(change(path.read_text("utf-8")), "utf-8")


def test_a_second_time_there_is_nothing_to_do(folder, capsys):
    assert renew(folder, OLD) == 0
    assert capsys.readouterr().out == "everything is up to date\n"


def test_a_workflow_of_before_is_renewed_and_the_difference_shown(folder, capsys):
    edit(folder, SWEEP, of_before)
    assert renew(folder, OLD) == 0
    assert (folder / SWEEP).read_text("utf-8") == _list_workflows()[SWEEP]
    shown = capsys.readouterr().out
    assert f"--- a/{SWEEP}\n+++ b/{SWEEP}\n" in shown
    assert "\n-name: Before " in shown
    assert "issue.yml" not in shown


def test_what_stands_outside_of_the_generated_part_stays(folder):
    edit(folder, SWEEP, lambda text: f"# Ours.\n{of_before(text)}{OWN_JOB}")
    assert renew(folder, OLD) == 0
    assert (folder / SWEEP).read_text("utf-8") == f"# Ours.\n{_list_workflows()[SWEEP]}{OWN_JOB}"


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("timeout-minutes: 30", "timeout-minutes: 5"),
        lambda text: re.sub(r"(?m)^# kdbot:.*\n", "", text),
        lambda _text: "name: Mine\n",
    ],
    ids=["inside", "no-marks", "another"],
)
def test_a_generated_part_that_was_changed_is_left_and_named(folder, capsys, change):
    edit(folder, SWEEP, change)
    mine = (folder / SWEEP).read_text("utf-8")
    assert renew(folder, OLD) == 1
    assert (folder / SWEEP).read_text("utf-8") == mine
    shown = capsys.readouterr().out
    assert f"not updated, since its generated part was edited: {SWEEP}\n" in shown
    assert f"+++ b/{SWEEP}\n" in shown


def test_a_newer_action_that_dependabot_brought_stays_newer(folder):
    newer = f"actions/checkout@{'c' * 40} # v99.0.1"
    edit(folder, SWEEP, lambda text: re.sub(r"actions/checkout@\S+ # v\S+", newer, of_before(text)))
    assert renew(folder, OLD) == 0
    text = (folder / SWEEP).read_text("utf-8")
    assert newer in text
    assert "name: Sweep\n" in text


def test_an_older_action_is_renewed():
    ours = _list_workflows()[SWEEP]
    older = re.sub(r"actions/checkout@\S+ # v\S+", f"actions/checkout@{'c' * 40} # v1.2.3", ours)
    assert renew_workflow(older, ours) == ours


def test_the_pin_moves_to_the_kdbot_that_is_named(folder, capsys):
    assert renew(folder, NEW) == 0
    assert NEW in (folder / PIN_FILE).read_text("utf-8")
    shown = capsys.readouterr().out
    assert re.search(rf"^-.*{OLD}", shown, re.MULTILINE)
    assert re.search(rf"^\+.*{NEW}", shown, re.MULTILINE)


def test_an_installer_with_steps_of_its_own_is_left(folder):
    edit(folder, PIN_FILE, lambda text: f"{text}    - run: echo mine\n      shell: bash\n")
    assert renew(folder, NEW) == 1
    assert OLD in (folder / PIN_FILE).read_text("utf-8")


def test_a_workflow_that_is_missing_comes_and_nothing_else_is_touched(folder):
    (folder / SWEEP).unlink()
    before = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    assert main(["init", str(folder), "--update", "--bot", OLD]) == 0
    assert {p: p.read_bytes() for p in before} == before
    assert (folder / SWEEP).read_text("utf-8") == _list_workflows()[SWEEP]


def test_line_ends_of_windows_are_no_change(folder):
    path = folder / SWEEP
    path.write_bytes(of_before(path.read_text("utf-8")).replace("\n", "\r\n").encode())
    assert renew(folder, OLD) == 0
    assert path.read_text("utf-8") == _list_workflows()[SWEEP]


def test_a_folder_without_a_list_is_none_to_update(tmp_path):
    with pytest.raises(KdbotError, match="no list to update"):
        renew(tmp_path, OLD)
    assert list(tmp_path.iterdir()) == []
