"""The process that asks the links of strangers."""

import json
import subprocess
import sys
import time

import pytest

from kdbot.model.evidence import LinkState
from kdbot.web.child import _MAX_LINKS, _MAX_LINKS_PER_HOST, probe_in_child

LOOPBACK = ("127.0.0.0/8",)


def test_results_come_in_the_order_of_the_urls(origin, answer):
    urls = [origin.answer("/a", answer(200)), origin.answer("/b", answer(404)), "ftp://x.example/"]
    results = probe_in_child(urls, allow=LOOPBACK)
    assert [(result.url, result.state) for result in results] == [
        (urls[0], LinkState.OK),
        (urls[1], LinkState.DEAD),
        (urls[2], LinkState.REFUSED),
    ]


def test_E01_the_guard_is_on(origin):
    (result,) = probe_in_child([origin.url("/")])
    assert result.state is LinkState.REFUSED
    assert origin.connections == 0


def test_E08_the_child_inherits_no_secret(tmp_path, monkeypatch):
    seen = tmp_path / "seen.json"
    spy = tmp_path / "python"
    spy.write_text(
        f"#!{sys.executable}\nimport json, os, sys\n"
        f"json.dump([dict(os.environ), sys.argv], open({str(seen)!r}, 'w'))\n"
    )
    spy.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(spy))
    secrets = {
        "GITHUB_TOKEN": "a",
        "GITHUB_REPOSITORY": "b",
        "GH_TOKEN": "c",
        "ACTIONS_RUNTIME_TOKEN": "d",
        "AWS_SECRET_ACCESS_KEY": "e",
        "PYTHONPATH": "f",
        "PATH": "/usr/bin",
    }
    (result,) = probe_in_child(["https://example.org/"], environment=secrets)
    environment, arguments = json.loads(seen.read_text())
    # The interpreter may add LC_CTYPE of its own accord (PEP 538).
    assert set(environment) - {"LC_CTYPE"} == {"PATH"}
    assert arguments[1:] == ["-I", "-m", "kdbot.web.child"]
    assert result.state is LinkState.UNREACHABLE


def test_a_slow_host_costs_no_more_than_the_deadline(origin, answer):
    good = origin.answer("/good", answer(200))
    bad = origin.answer("/bad", lambda _, stopping: stopping.wait(30))
    began = time.monotonic()
    results = probe_in_child([good, bad], allow=LOOPBACK, deadline=4.0)
    assert time.monotonic() - began < 4.5
    assert [result.state for result in results] == [LinkState.OK, LinkState.UNREACHABLE]


def test_a_child_that_hangs_is_killed_and_what_it_said_is_kept(tmp_path, monkeypatch):
    line = json.dumps(
        {
            "url": "https://example.org/a",
            "state": "ok",
            "status": 200,
            "final_url": None,
            "attempts": 1,
            "seconds": 0.1,
            "evidence": "HEAD: 200",
        }
    )
    hanging = tmp_path / "python"
    hanging.write_text(f"#!/bin/sh\nprintf '%s\\n%s' '{line}' '{line[:40]}'\nexec sleep 60\n")
    hanging.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(hanging))
    results = probe_in_child(["https://example.org/a", "https://example.org/b"], deadline=1.0)
    assert [result.state for result in results] == [LinkState.OK, LinkState.UNREACHABLE]
    assert results[1].evidence == "out of time"


def test_E10_what_goes_past_the_bounds_is_not_asked(origin, answer):
    urls = [origin.answer(f"/{n}", answer(200)) for n in range(500)]
    results = probe_in_child(urls, allow=LOOPBACK)
    assert len(results) == 500
    assert sum(result.state is LinkState.OK for result in results) == _MAX_LINKS_PER_HOST
    assert results[-1].state is LinkState.UNREACHABLE
    assert "too many" in results[-1].evidence
    assert len(origin.asked) <= _MAX_LINKS


@pytest.mark.parametrize("planted", ["asyncio.py", "kdbot.py", "json.py"])
def test_a_file_in_the_folder_takes_no_module_s_place(tmp_path, planted):
    (tmp_path / planted).write_text("raise SystemExit('hijacked')")
    task = json.dumps({"urls": [], "deadline": 1, "allow": [], "user_agent": "x"})
    ended = subprocess.run(
        [sys.executable, "-I", "-m", "kdbot.web.child"],
        input=task,
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
