"""Completion: each shell itself says what it would offer."""

import os
import pty
import re
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kdbot.cli import main

CALLS = [
    ("kdbot vali", {"validate"}),
    ("kdbot --root . vali", {"validate"}),
    ("kdbot validate --fo", {"--format"}),
    ("kdbot validate --format ", {"text", "json", "github"}),
    ("kdbot validate papers --format j", {"json"}),
    ("kdbot propose - --on", {"--online"}),
    ("kdbot completion ", {"bash", "zsh", "fish"}),
    ("kdbot completion z", {"zsh"}),
    ("kdbot validate a-f", {"a-file.yaml"}),
]


@pytest.fixture
def scripts(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a-file.yaml").touch()
    for shell in ("bash", "zsh", "fish"):
        assert main(["completion", shell]) == 0
        (tmp_path / f"script.{shell}").write_text(capsys.readouterr().out)
    return tmp_path


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout


@pytest.mark.usefixtures("scripts")
@pytest.mark.parametrize(("line", "offered"), CALLS)
def test_bash_is_told_what_can_stand_there(line, offered):
    *before, current = line.split(" ")
    words = shlex.join([*before, current])
    # What is not kdbot's is left to bash, which `-o default` says.
    told = run(
        "bash",
        "-c",
        f"source script.bash; complete -p kdbot; COMP_WORDS=({words}); COMP_CWORD={len(before)}; "
        '_kdbot; echo "${COMPREPLY[@]}"',
    ).splitlines()
    assert told[0] == "complete -o default -F _kdbot kdbot"
    assert set(told[1].split()) == offered - {"a-file.yaml"}


@pytest.mark.skipif(not shutil.which("fish"), reason="fish is no part of a usual machine")
@pytest.mark.usefixtures("scripts")
@pytest.mark.parametrize(("line", "offered"), CALLS)
def test_fish_offers_what_can_stand_there(line, offered):
    told = run("fish", "--no-config", "-c", f"source script.fish; complete -C {shlex.quote(line)}")
    assert {one.split("\t")[0] for one in told.splitlines()} == offered


@pytest.mark.skipif(not shutil.which("zsh"), reason="zsh is no part of a usual machine")
@pytest.mark.parametrize(("line", "offered"), [call for call in CALLS if len(call[1]) == 1])
def test_zsh_completes_what_can_stand_there(line, offered, scripts):
    """It completes at a terminal alone: the line is typed there, and kdbot is told what it got."""
    seen = scripts / "seen"
    program = scripts / "kdbot"
    program.write_text(f'#!/bin/sh\necho "$*" > {seen}\n')
    program.chmod(0o755)
    child, terminal = pty.fork()
    if child == 0:
        os.environ.update({"PATH": f"{scripts}:{os.environ['PATH']}", "TERM": "dumb"})
        os.execvp("zsh", ["zsh", "-f", "-i"])  # noqa: S606
    os.write(terminal, b"autoload -Uz compinit; compinit -D -u; source script.zsh; touch ready\n")
    wait_for(scripts / "ready", terminal)
    os.write(terminal, f"{line}\t\n".encode())
    wait_for(seen, terminal)
    os.write(terminal, b"exit\n")
    os.close(terminal)
    os.waitpid(child, 0)
    start = line.removeprefix("kdbot ").rpartition(" ")[0]
    assert seen.read_text().split() == [*start.split(), *offered]


def wait_for(path: Path, terminal):
    """Read what the terminal shows until a file is there, for at most twenty seconds."""
    os.set_blocking(terminal, False)
    shown = b""
    for _ in range(400):
        try:
            shown += os.read(terminal, 65_536)
        except BlockingIOError:
            if path.exists() and (path.name == "ready" or path.read_text()):
                return
        time.sleep(0.05)
    raise AssertionError(shown.decode("utf-8", "replace"))


def test_every_command_and_option_is_in_every_script(scripts):
    told = subprocess.run(
        [sys.executable, "-m", "kdbot", "--help"], capture_output=True, text=True, check=True
    ).stdout
    commands = re.findall(r"^    ([a-z]+)(?: |$)", told, re.MULTILINE)
    assert {"doctor", "completion"} <= set(commands)
    for shell in ("bash", "zsh", "fish"):
        text = (scripts / f"script.{shell}").read_text()
        assert all(re.search(rf"\b{command}\b", text) for command in commands)
        assert "allow-address" in text
