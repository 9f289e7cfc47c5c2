"""Calls, files and environments that are wrong: one line and an exit status, never a traceback."""

from __future__ import annotations

import io
import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from pathlib import Path

import pytest

from kdbot.cli import main
from tests.flows.sample_list import sample_files

SETTINGS = "kdbot.toml"
SCHEMA = "schema/paper.schema.json"
TAXONOMY_FILE = "schema/taxonomy.yaml"
VENUES = "schema/venues.yaml"
AUDIT = "audit.json"
README = "README.md"
PAPER = "papers/2306.08543.yaml"
EVENT = "event.json"
BODY = "body.md"
DECISIONS = "decisions.yaml"

DEEP = {
    "toml": b"title = " + b"[" * 50_000 + b"]" * 50_000,
    "json": b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "yaml": b"categories: " + b"[" * 50_000 + b"]" * 50_000,
    "md": b"- [" * 20_000,
}
BYTES = {
    "empty": b"",
    "null": b"null",
    "list": b"[1, 2]",
    "text": b'"a"',
    "number": b"1e999",
    "nan": b"NaN",
    "half a pair": b'{"title": "\\ud800", "categories": ["\\udfff"]}',
    "no UTF-8": b"\xff\xfe\x00a",
    "NUL": b"a\0b: c\n",
    "a brace": b"{",
    "long": b"9" * 100_000,
}


def schema(**properties):
    document = {"type": "object", "properties": {"title": {"type": "string"}, **properties}}
    return json.dumps(document).encode()


MORE_BYTES = {
    SETTINGS: {
        "a tool that is no table": b"tool = 1",
        "no text for a title": b"title = 3",
        "steps of text": b'title = "a"\n[tables]\nsteps = ["a"]',
        "an unknown column": b'title = "a"\n[tables]\ncolumns = ["title", "nothing"]',
        "a year 0": b"title = 0000-01-01",
    },
    TAXONOMY_FILE: {
        "a null list": b"categories: null",
        "a list of nulls": b"categories: [null, [], {}]",
        "two of one id": b"categories: [{id: a, title: A}, {id: a, title: B}]",
        "no title": b"categories: [{id: a}]",
        "an alias": b"categories: &a [*a]",
    },
    VENUES: {
        "a null list": b"venues: null",
        "a list of nulls": b"venues: [null]",
        "aliases of null": b"venues: [{name: A, aliases: null}]",
        "one alias twice": b"venues: [{name: A, aliases: [B]}, {name: B}]",
    },
    SCHEMA: {
        "a property that is null": schema(venue=None),
        "a property that is a list": schema(venue=[]),
        "a property of no type": schema(venue={}),
        "a property of two types": schema(venue={"type": ["string", "null"]}),
        "examples that are a number": schema(venue={"type": "string", "examples": 3}),
        "items that are a list": schema(code={"type": "array", "items": [1]}),
        "choices that are null": schema(venue={"type": "string", "enum": None}),
        "properties that are a list": b'{"type": "object", "properties": []}',
        "a number required": b'{"type": "object", "properties": {}, "required": 1}',
        "no list of choices": b'{"type": "object", "properties": {}, "allOf": 3}',
        "a schema of itself": b'{"$ref": "#", "type": "object", "properties": {}}',
    },
    PAPER: {
        "no title": b"x: y",
        "a flag for a title": b"title: true",
        "lists of lists": b"title: A Title Here\ncategories: [[a]]",
        "mappings": b"title: A Title Here\narxiv: [a]\ncode: {a: b}",
        "no date": b'title: A Title Here\narxiv: "2306.08543"\ndate: 9999-99\nadded: 0000-00-00',
        "no address": b'title: A Title Here\nurl: "http://["\ncode: ["https://a:99999999/"]',
    },
    EVENT: {
        "an endless number": b'{"action": "opened", "issue": {"number": 1e999}}',
        "no issue": b'{"action": "opened"}',
        "an issue that is a list": b'{"action": "opened", "issue": [1]}',
        "a label that is text": b'{"action": "opened", "issue": {"number": 1}, "label": "a"}',
        "a sender that is text": b'{"action": "a", "issue": {"number": 1}, "sender": "a"}',
        "a number in words": b'{"action": "opened", "issue": {"number": "one"}}',
    },
    DECISIONS: {
        "papers of null": b"papers: null",
        "a match of text": b"papers: [{match: a}]",
        "days of text": b"added: [a]",
        "a day of a list": b"added: [{day: []}]",
    },
}

ACTIONS = {
    "GITHUB_EVENT_NAME": "issues",
    "GITHUB_REPOSITORY": "kd/demo",
    "GITHUB_TOKEN": "none",
    "GITHUB_API_URL": "http://127.0.0.1:9",
}
PROPOSE = ("propose", BODY)
# What reads a file, and the statuses that the design has for one that is not in order.
READERS = {
    SETTINGS: ((("validate",), ("build", "--check"), PROPOSE, ("links", PAPER)), {2}),
    SCHEMA: ((("validate",), ("build", "--check"), PROPOSE), {2}),
    TAXONOMY_FILE: ((("validate",), ("build", "--check"), PROPOSE), {2}),
    VENUES: ((("validate",), PROPOSE), {2}),
    AUDIT: ((("build", "--check"), ("links", "--format", "json")), {2}),
    README: ((("build", "--check"), ("propose", "--diff", BODY)), {0, 1, 2}),
    PAPER: (
        (
            ("validate",),
            ("validate", PAPER, "--format", "github"),
            ("build", "--check"),
            ("enrich", "--check"),
        ),
        {1, 2},
    ),
    EVENT: ((("act",),), {2}),
    BODY: (
        (
            (*PROPOSE, "--format", "json"),
            ("propose", "--diff", BODY),
            ("import", BODY, "--out", "new"),
        ),
        {0, 1, 2},
    ),
    DECISIONS: ((("import", README, "--decisions", DECISIONS, "--out", "new"),), {0, 1, 2}),
}  # fmt: skip
NO_FILES = ("a folder", "a FIFO", "a socket", "a device", "no permission")


class Hung(BaseException):
    """A call that waits for what never comes."""


@contextmanager
def at_most(seconds):
    def stop(*_):
        raise Hung

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def call(*arguments):
    """Run a command in this process as a shell would see it."""
    out, errors = (io.TextIOWrapper(io.BytesIO(), encoding="ascii") for _ in range(2))
    with redirect_stdout(out), redirect_stderr(errors), at_most(20):
        try:
            status = main(arguments)
        except SystemExit as end:
            status = end.code
    for stream in (out, errors):
        stream.flush()
    said = errors.buffer.getvalue().decode()
    assert "Traceback" not in said
    return status, out.buffer.getvalue().decode(), said


def put(place: Path, what: str):
    """Put something that is no readable file into the place of one."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileNotFoundError):
        place.unlink()
    match what:
        case "a folder":
            place.mkdir()
        case "a FIFO":
            os.mkfifo(place)
        case "a socket":
            with socket.socket(socket.AF_UNIX) as server:
                # An address of a socket is short: it is bound from its own folder.
                before = Path.cwd()
                os.chdir(place.parent)
                try:
                    server.bind(place.name)
                finally:
                    os.chdir(before)
        case "a device":
            place.symlink_to("/dev/zero")
        case "no permission":
            place.symlink_to("/proc/self/mem")


@pytest.fixture
def here(tmp_path, monkeypatch):
    sample_files(tmp_path)
    (tmp_path / BODY).write_text("- [A Title](https://arxiv.org/abs/2402.12030)\n")
    monkeypatch.chdir(tmp_path)
    for name, value in ACTIONS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("GITHUB_EVENT_PATH", EVENT)
    return tmp_path


def one_line(said):
    lines = [line for line in said.splitlines() if line.startswith("kdbot: ")]
    return len(lines) == 1 and said.endswith("\n")


def contents(role):
    kind = role.rpartition(".")[2]
    deep = DEEP["json" if role in (AUDIT, EVENT) else kind]
    return {**BYTES, "deep": deep, **MORE_BYTES.get(role, {})}


@pytest.mark.parametrize("role", READERS)
def test_G12_a_broken_file_ends_each_command_with_its_status(role, here):
    commands, statuses = READERS[role]
    for name, data in contents(role).items():
        (here / role).write_bytes(data)
        for command in commands:
            status, _, said = call(*command)
            assert status in statuses, (role, name, command, status, said)
            if status == 2:
                assert one_line(said), (role, name, command, said)


@pytest.mark.parametrize("what", NO_FILES)
@pytest.mark.parametrize("role", READERS)
def test_G13_what_is_no_plain_file_is_refused_at_once(role, what, here):
    put(here / role, what)
    if role != EVENT:
        (here / EVENT).write_text("{}")
    for command in READERS[role][0]:
        if role == README and "--diff" in command and what == "no permission":
            continue
        status, out, said = call(*command)
        assert Path(role).name in out + said, command
        if role == PAPER and status == 1:
            # It stops itself alone, and is told of like any other broken paper.
            continue
        assert status == 2, (command, said)
        assert one_line(said), (command, said)


ARGUMENTS = (
    (),
    ("",),
    ("nothing",),
    ("--root",),
    ("--root", "", "validate"),
    ("--root", "/nowhere", "validate"),
    ("--root", BODY, "validate"),
    ("--root", "a" * 5_000, "validate"),
    ("--root", "papers", "build"),
    ("validate", "--format", "xml"),
    ("validate", ""),
    ("validate", "."),
    ("validate", "a" * 5_000),
    ("validate", "\udcff.yaml"),
    ("validate", "papers/../papers/none.yaml"),
    ("propose",),
    ("propose", "nothing.md"),
    ("propose", BODY, "--title"),
    ("propose", BODY, "--format", "text2"),
    ("identify", "\udcff", "\x00", "http://[", "https://a:99999999/", "//", "arXiv:" + "9" * 5_000),
    ("links", "--timeout", "nan", "--urls", BODY),
    ("links", "--timeout", "-1", "--urls", BODY),
    ("links", "--timeout", "x", "--urls", BODY),
    ("links", "--concurrency", "0", "--urls", BODY),
    ("links", "--concurrency", "9" * 5_000, "--urls", BODY),
    ("links", "--shard", "0/0", "--urls", BODY),
    ("links", "--shard", "1/", "--urls", BODY),
    ("links", "--shard", "9" * 5_000 + "/1", "--urls", BODY),
    ("links", "--allow-address", "everything", "--urls", BODY),
    ("links", "--cache", "papers", "--urls", "empty.txt"),
    ("links", "--urls", "nothing.txt"),
    ("links", "--urls", "papers"),
    ("links", "nothing.yaml"),
    ("enrich", "nothing.yaml"),
    ("enrich", "README.md"),
    ("import",),
    ("import", "nothing.md"),
    ("import", "papers", "--out", "new"),
    ("import", README, "--out", BODY),
    ("import", README, "--out", "/proc/new"),
    ("import", README, "--out", "new", "--decisions", "papers"),
    ("init",),
    ("init", "new", "--from", "nothing.md"),
    ("init", "new", "--from", "papers"),
    ("init", "new", "--bot", "nobody"),
    ("init", "new", "--repository", "a b"),
    ("init", BODY, "--title", "A", "--bot", "a/b@" + "0" * 40),
    ("init", "/proc/new", "--title", "A", "--bot", "a/b@" + "0" * 40),
    ("act", "--dry-run"),
    ("sweep", "--dry-run", "more"),
    ("weekly", "--links", "nothing.json"),
)
VARIABLES = (
    {"GITHUB_EVENT_PATH": ""},
    {"GITHUB_EVENT_PATH": "/nowhere"},
    {"GITHUB_EVENT_NAME": "\udcff"},
    {"GITHUB_TOKEN": ""},
    {"GITHUB_REPOSITORY": ""},
    {"GITHUB_REPOSITORY": "a b\nc"},
    {"GITHUB_API_URL": "nothing"},
    {"GITHUB_API_URL": "file:///etc/passwd"},
    {"GITHUB_SERVER_URL": "\x01"},
    {"KDBOT_ENABLED": "false"},
    {"NO_COLOR": "1", "COLUMNS": "-1"},
)


def ends_in_words(status, said):
    """0, 1 and 2 are the statuses of the design; whoever ends with 2 says why."""
    return status in {0, 1} or (status == 2 and said.strip() != "")


@pytest.mark.parametrize("arguments", ARGUMENTS, ids=lambda a: " ".join(a)[:40].replace("\x00", ""))
def test_G12_a_call_that_makes_no_sense_ends_in_words(arguments, here):
    (here / "empty.txt").write_text("")
    status, _, said = call(*arguments)
    assert ends_in_words(status, said), (arguments, status, said)


@pytest.mark.parametrize("variables", VARIABLES, ids="-".join)
def test_G12_a_wrong_environment_ends_in_words(variables, here, monkeypatch):
    (here / EVENT).write_text('{"action": "nothing", "issue": {"number": 1}}')
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    for command in (["act"], ["validate"]):
        status, _, said = call(*command)
        assert ends_in_words(status, said), (command, status, said)


def process(*arguments, before="", after="", **variables):
    """Run a command by a shell, with what stands before and behind it there."""
    script = f'{before} {sys.executable} -m kdbot "$@" {after}'
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(p for p in sys.path if p.endswith("src")),
        **variables,
    }
    return subprocess.run(
        ["sh", "-c", script, "sh", *arguments],
        capture_output=True,
        env=environment,
        timeout=60,
        check=False,
    )


C_LOCALE = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
FULL = b"kdbot: No space left on device\n"
PROCESSES = (
    (("identify", "2402.12030"), {"after": ">/dev/full"}, 2, FULL),
    (("--help",), {"after": ">/dev/full"}, 2, FULL),
    (("validate",), {"after": "2>/dev/full"}, 2, b""),
    (("identify",), {"after": "<&-"}, 2, b"kdbot: standard input: is closed\n"),
    (("propose", "-"), {"after": "<&-"}, 2, b"kdbot: standard input: is closed\n"),
    (("identify", "2402.12030"), {"after": ">&-"}, 2, b"kdbot: standard output is closed\n"),
    (("identify", "2402.12030"), {"after": "2>&-"}, 0, b""),
    (("identify",), {"before": "yes 2402.12030 | head -9999 |", "after": "| head -1"}, 0, b""),
)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(("arguments", "shell", "status", "said"), PROCESSES)
def test_G12_streams_that_are_full_or_closed_end_a_process_in_words(arguments, shell, status, said):
    done = process(*arguments, **shell)
    assert (done.returncode, done.stderr) == (status, said)


@pytest.mark.parametrize("arguments", [("--format", "yaml"), ("--title", "Ein Übermaß 😀")])
def test_G12_the_locale_has_no_say_in_what_is_read_and_written(arguments, here):
    (here / BODY).write_text(
        "### Paper link or identifier\n\narXiv:2402.12030\n\n### Title\n\nÜber 😀 Größe 蒸馏\n"
        "\n### Categories\n\nMethods > Labeling\n",
        "utf-8",
    )
    plain = process(*PROPOSE, *arguments, **{**C_LOCALE, "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"})
    found = process(*PROPOSE, *arguments, **C_LOCALE)
    assert (found.returncode, found.stderr) == (plain.returncode, plain.stderr)
    assert found.stdout == plain.stdout
    assert "Über 😀 Größe 蒸馏" in found.stdout.decode()


def test_G12_a_bug_keeps_its_traceback():
    # No shell can send a number, so whoever calls like this has a bug.
    with pytest.raises(TypeError):
        main(("validate", 3))  # type: ignore[arg-type]


def test_G20_every_command_says_that_the_settings_cannot_be_read(here):
    (here / SETTINGS).write_text("title = [")
    for command in (
        ("validate",),
        ("validate", PAPER),
        ("build",),
        PROPOSE,
        ("links",),
        ("links", PAPER),
        ("enrich",),
        ("act",),
        ("sweep",),
        ("weekly",),
        ("doctor",),
        # By the name of a repository alone it sets up one that nobody has checked out.
        ("--root", ".", "setup"),
    ):
        (here / EVENT).write_text('{"action": "opened", "issue": {"number": 1}}')
        status, out, said = call(*command)
        assert (status, out) == (2, ""), command
        assert one_line(said)
        assert "kdbot.toml: cannot be read as TOML" in said


@pytest.mark.parametrize("text", ["x: y", "title: [a]", "title: A Title Here\ncode: {a: b}"])
def test_G12_what_is_no_record_has_no_links_to_check(text, here):
    (here / PAPER).write_text(text)
    (here / EVENT).write_text("{}")
    status, out, said = call("links", PAPER)
    assert (status, out) == (2, "")
    assert one_line(said)
    assert call("links")[0] == 0
