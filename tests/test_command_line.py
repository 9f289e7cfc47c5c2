"""The command line itself: what it imports, and how it ends."""

from __future__ import annotations

import io
import json
import os
import pty
import subprocess
import sys
import termios
import textwrap
import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from kdbot.cli import main
from kdbot.flows.list import links
from kdbot.flows.output import use_color
from kdbot.model.finding import has_errors
from kdbot.model.proposal import Origin
from kdbot.model.report import Verdict
from kdbot.review import proposal
from kdbot.web.cache import Cache, cache_path
from tests.flows.sample_list import form, sample_files
from tests.rows import each

ROOT = Path(__file__).resolve().parents[1]


def python(code, *arguments):
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )


LOADED = """
import sys
from kdbot.cli import main
try:
    status = main(sys.argv[1:])
except SystemExit as left:
    status = left.code
heavy = {"github", "requests", "urllib3", "jinja2", "aiohttp"} & set(sys.modules)
sys.exit(f"loaded {heavy}" if heavy else status)
"""


@pytest.mark.parametrize("arguments", [["--version"], ["validate"], ["identify", "2402.12030"]])
def test_a_light_command_imports_nothing_heavy(arguments):
    done = python(LOADED, *arguments)
    assert (done.returncode, done.stderr.count("loaded")) == (0, 0), done.stderr


CALLS = [
    (["validate", "no-such-file.yaml"], 2, "no-such-file.yaml: cannot be read"),
    (["--root", "/", "validate"], 2, "kdbot.toml: cannot be read"),
    (["no-such-command"], 2, "invalid choice"),
    (["valdate"], 2, "; did you mean 'validate'?"),
    (["propose", "-", "--format", "jsn"], 2, "; did you mean 'json'?"),
    (["propose", "-", "--onlin"], 2, "unrecognized arguments: --onlin; did you mean '--online'?"),
    (["links", "--tiemout=3"], 2, "; did you mean '--timeout'?"),
    (["build", "--nothing-like-it"], 2, "unrecognized arguments: --nothing-like-it"),
    ([], 2, "check all papers, or only the given files"),
    (["validate", "src"], 2, "src: is a folder without paper files"),
    (["propose", "no-such-file.md"], 2, "no-such-file.md: cannot be read"),
    (["act"], 2, "GITHUB_EVENT_PATH is not set"),
]


@pytest.mark.parametrize(("arguments", "status", "message"), CALLS)
def test_a_call_that_makes_no_sense_says_so_and_ends_with_two(
    arguments, status, message, monkeypatch, capsys
):
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("GITHUB_EVENT_PATH", raising=False)
    try:
        ended = main(arguments)
    except SystemExit as left:
        ended = left.code
    assert ended == status
    assert message in capsys.readouterr().err


def test_a_process_ends_as_its_call_does():
    done = subprocess.run(
        [sys.executable, "-m", "kdbot"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin"},
        check=False,
    )
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert "check all papers, or only the given files" in done.stderr


def test_a_reader_that_goes_away_is_no_fault():
    command = f"{sys.executable} -m kdbot identify < {ROOT}/tests/data/identifiers.jsonl | head -1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""


@pytest.fixture
def here(tmp_path, monkeypatch):
    sample_files(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("command", ["validate", "links", "enrich"])
def test_a_folder_stands_for_its_papers(command, here, monkeypatch):
    (here / "papers" / ".2402.00001.yaml.swp").write_text("an editor's own")
    asked = []
    for module, function in (
        ("checked_list", "validate"),
        ("links", "load_links"),
        ("enrich", "enrich"),
    ):
        monkeypatch.setattr(
            f"kdbot.flows.list.{module}.{function}",
            lambda _root, files, *_, **__: asked.extend(files) or [],
        )
    main([command, "papers"])
    assert asked == [Path("papers/2306.08543.yaml")]


class Terminal(io.StringIO):
    def isatty(self):
        return True


COLORS = [
    (Terminal, {}, True),
    (Terminal, {"TERM": "xterm-256color"}, True),
    (Terminal, {"TERM": "dumb"}, False),
    (Terminal, {"NO_COLOR": "1"}, False),
    (Terminal, {"NO_COLOR": ""}, True),
    (Terminal, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
    (Terminal, {"TERM": "dumb", "FORCE_COLOR": "1"}, True),
    (io.StringIO, {}, False),
    (io.StringIO, {"FORCE_COLOR": "1"}, True),
    (io.StringIO, {"FORCE_COLOR": ""}, False),
]


@each(("stream", "environment", "is_colored"), COLORS)
def test_colour_is_where_it_can_be_read_or_is_asked_for(stream, environment, is_colored):
    assert use_color(stream(), environment) is is_colored


@pytest.mark.parametrize("term", ["dumb", "xterm"])
def test_a_dumb_terminal_is_shown_no_progress(term, monkeypatch):
    monkeypatch.setenv("TERM", term)
    messages = Terminal()
    monkeypatch.setattr(links, "probe", lambda *_, **__: None)
    links.run(["https://example.org/a"], output=io.StringIO(), messages=messages)
    assert ("\033" in messages.getvalue()) is (term == "xterm")


@pytest.mark.parametrize("home", ["/dev/null", "/proc/none", None])
def test_a_home_that_cannot_be_written_costs_the_cache_alone(home, monkeypatch):
    if home is None:
        monkeypatch.delenv("HOME")
        # As for a container's user that is a number without an entry in /etc/passwd.
        monkeypatch.setattr(os, "getuid", lambda: 4_294_967_000)
    else:
        monkeypatch.setenv("HOME", home)
    cache = Cache(cache_path({}), now=lambda: 0.0)
    assert cache.failure is not None
    cache.keep_answers("arxiv", {})
    assert cache.known_answers("arxiv", Origin.ARXIV, ["2402.12030"]) == {}


def at_terminal(*arguments, says="", **variables):
    """Run a command on a terminal of its own; return its status and what it showed there."""
    ours, theirs = pty.openpty()
    # As text is typed, so it is read: no echo of it, and line ends as they are written.
    modes = termios.tcgetattr(theirs)
    modes[1] &= ~termios.OPOST
    modes[3] &= ~termios.ECHO
    termios.tcsetattr(theirs, termios.TCSANOW, modes)
    os.write(ours, says.encode())
    process = subprocess.Popen(
        [sys.executable, "-m", "kdbot", *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={"PATH": os.environ["PATH"], "TERM": "xterm", **variables},
    )
    os.close(theirs)
    shown = bytearray()
    # A question that nobody answers would be waited for without end.
    limit = threading.Timer(60, process.kill)
    limit.start()
    # The end of a terminal is an error, by the side that still has it open.
    with suppress(OSError):
        while data := os.read(ours, 65_536):
            shown += data
    os.close(ours)
    limit.cancel()
    return process.wait(timeout=60), shown.decode()


BARE = "https://arxiv.org/abs/2402.12030\n"


@pytest.mark.parametrize(
    ("variables", "word"),
    [
        ({}, "\033[31merror\033[0m: "),
        ({"NO_COLOR": "1"}, "\nerror: "),
        ({"TERM": "dumb"}, "\nerror"),
    ],
)
def test_a_proposal_is_text_on_a_terminal(variables, word, here):
    (here / "body.md").write_text(BARE)
    status, shown = at_terminal("propose", "body.md", **variables)
    assert status == 1
    assert shown.startswith("needs changes\n\npapers/2402.12030.yaml: needs changes\n")
    assert word in shown
    assert "kdbot: titles are not looked up offline; use `--online`" in shown


def test_a_proposal_is_a_comment_in_a_pipe(here):
    (here / "body.md").write_text(BARE)
    piped = subprocess.run(
        [sys.executable, "-m", "kdbot", "propose", "body.md"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert piped.stdout.startswith("<!-- kdbot:report")


def test_text_shows_the_record_that_would_be_written(here, capsys):
    (here / "body.md").write_text(form())
    assert main(["propose", "body.md", "--format", "text"]) == 0
    told = capsys.readouterr()
    main(["propose", "body.md", "--format", "yaml"])
    record = capsys.readouterr().out
    assert told.out.startswith("ready\n\npapers/2402.12030.yaml: ready\n")
    assert told.out.endswith(f"\n\n{textwrap.indent(record, '    ')}")
    assert "--online" not in told.err


@pytest.mark.parametrize(
    ("verdict", "body", "status"),
    [
        ("could-not-check", "Please add https://arxiv.org/abs/2306.08543", 0),
        ("duplicate", "Please add https://arxiv.org/abs/2306.08544", 1),
        ("not-a-proposal", "Thank you for this list!", 0),
        ("needs-changes", BARE, 1),
    ],
)
def test_one_is_the_status_of_what_the_author_can_mend(verdict, body, status, here, capsys):
    file = here / "papers" / "2306.08543.yaml"
    (here / "papers" / "2306.08544.yaml").write_text(
        file.read_text().replace("2306.08543", "2306.08544").replace("MiniLLM: ", "Another: ")
    )
    file.write_text(f"{file.read_text()}note: [")
    (here / "body.md").write_text(body)
    found = main(["propose", "body.md", "--format", "json"])
    assert (json.loads(capsys.readouterr().out)["verdict"], found) == (verdict, status)


@pytest.mark.parametrize(("categories", "status"), [("Methods > Labeling", 0), ("", 1)])
def test_what_is_ready_is_written_when_it_has_its_categories(categories, status, here, capsys):
    (here / "body.md").write_text(form(categories=categories))
    assert main(["propose", "body.md", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["verdict"] == "ready"
    assert main(["propose", "body.md", "--format", "json", "--write"]) == status
    assert (here / "papers" / "2402.12030.yaml").exists() == (status == 0)
    assert ("has no category" in capsys.readouterr().err) == (status == 1)


def test_what_a_maintainer_has_to_look_at_is_no_failure(here, monkeypatch):
    (here / "body.md").write_text(BARE)

    def review(*found, **more):
        report = proposal.review(*found, **more)
        papers = [replace(one, verdict=Verdict.NEEDS_MAINTAINER) for one in report.papers]
        assert has_errors(papers[0].findings)
        return replace(report, verdict=Verdict.NEEDS_MAINTAINER, papers=tuple(papers))

    monkeypatch.setattr("kdbot.flows.list.propose.review", review)
    assert main(["propose", "body.md", "--format", "json"]) == 0


@pytest.mark.parametrize(("answer", "status"), [("n\n", 1), ("\x04", 1), ("\n", 0)])
def test_init_at_a_terminal_shows_what_it_will_write_and_asks_once(answer, status, here):
    bot = f"octo/kdbot@{'0' * 40}"
    says = f"A List\n\nyes\nOne, Two\n{answer}"
    ended, shown = at_terminal("init", "new", "--bot", bot, says=says)
    assert (ended, (here / "new").exists()) == (status, status == 0)
    assert f"A List, for no repository yet, run by {bot}:\n\n    .github/ (" in shown
    assert shown.count("Write this to new? [Y/n] ") == 1
