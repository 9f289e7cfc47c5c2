"""One call of act, in host mode, and what its log says."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.workflows.forks import bin_folder

if TYPE_CHECKING:
    from collections.abc import Mapping

TIMEOUT_SECONDS = 120

# Holds a `git` that asks for credentials before it pushes.
_BIN = Path(__file__).parent / "bin"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRun:
    """One job: "success" or "failure", what its steps printed, and its workflow commands.

    A command is act's log entry: `command` ("error", "warning", "notice", "add-mask"…), `arg` and
    `kvPairs`.
    """

    result: str
    output: str
    commands: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of an event. Jobs that were skipped by their `if` are not among `jobs`."""

    workflow: str
    not_started: str | None = None
    jobs: Mapping[str, JobRun] = field(default_factory=dict)
    exit_code: int = 0
    log: str = ""
    seconds: float = 0.0

    @property
    def succeeded(self) -> bool:
        """Whether the workflow started, and none of its jobs failed."""
        results = {job.result for job in self.jobs.values()}
        return self.not_started is None and self.exit_code == 0 and results <= {"success"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What act is called with. `home` is a folder of this run alone.

    Where `own_process` is false, kdbot is a fork of one that has its modules loaded.
    """

    home: Path
    clone: Path
    workflow: str
    event: str
    payload: Mapping[str, Any]
    actor: str
    api_url: str
    git_config: Path
    stand_ins: Mapping[str, Path]
    env: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    dry_run: bool = False
    own_process: bool = True


def scripts_folder() -> Path:
    """Give the folder of the running environment that holds act and kdbot."""
    return Path(sysconfig.get_path("scripts"))


def run_act(call: Call) -> Outcome:
    """Run a workflow and read its log. Raises where act does not come to an end."""
    event_file = call.home / "event.json"
    event_file.write_text(json.dumps(call.payload), encoding="utf-8")
    tools = Path(sys.executable).parent
    env = {
        "GITHUB_API_URL": call.api_url,
        "GITHUB_GRAPHQL_URL": f"{call.api_url}/graphql",
        "STAND_IN_GIT": shutil.which("git") or "",
        "STAND_IN_BIN": str(tools if call.own_process else bin_folder(tools)),
        "STAND_IN_ARTIFACTS": str(call.home / "artifacts"),
        **call.env,
    }
    command = [
        str(scripts_folder() / "act"),
        call.event,
        *("-C", str(call.clone)),
        *("-e", str(event_file)),
        *("-a", call.actor),
        *("-W", f".github/workflows/{call.workflow}"),
        *("-P", "ubuntu-latest=-self-hosted", "-P", "ubuntu-24.04=-self-hosted"),
        *("--action-cache-path", str(call.home / "cache")),
        *("--no-cache-server", "--rm", "--json", "--no-skip-checkout", "--action-offline-mode"),
        *("--concurrent-jobs", "1"),
        *("-s", "GITHUB_TOKEN=no-job-of-this-workflow"),
    ]
    for flag, values in (("--env", env), ("--var", call.variables), ("--input", call.inputs)):
        command += [part for name, value in values.items() for part in (flag, f"{name}={value}")]
    for uses, folder in call.stand_ins.items():
        command += ["--local-repository", f"{uses}={folder}"]
    if call.dry_run:
        command.append("-n")
    start = time.monotonic()
    done = subprocess.run(
        command,
        env={
            "PATH": f"{_BIN}:{os.environ['PATH']}",
            "HOME": str(call.home),
            "GIT_CONFIG_GLOBAL": str(call.git_config),
            "GIT_CONFIG_NOSYSTEM": "1",
            "ACT_DISABLE_VERSION_CHECK": "1",
            "LC_ALL": "C.UTF-8",
        },
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )
    return Outcome(
        workflow=call.workflow,
        jobs=read_log(done.stdout),
        exit_code=done.returncode,
        log=_readable(done.stdout) + done.stderr,
        seconds=time.monotonic() - start,
    )


def _entries(log: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.splitlines() if line.startswith("{")]


def _readable(log: str) -> str:
    return "".join(
        f"[{entry.get('jobID', '-')}] {str(entry.get('msg', '')).rstrip()}\n"
        for entry in _entries(log)
    )


def read_log(log: str) -> dict[str, JobRun]:
    """Read act's JSON log: which jobs ran, how they ended and what they said."""
    by_job: dict[str, list[dict[str, Any]]] = {}
    for entry in _entries(log):
        if "jobID" in entry:
            by_job.setdefault(entry["jobID"], []).append(entry)
    return {
        job: JobRun(
            result=next((e["jobResult"] for e in entries if "jobResult" in e), "unfinished"),
            output="".join(e["msg"] for e in entries if e.get("raw_output")),
            commands=tuple(e for e in entries if "command" in e),
        )
        for job, entries in by_job.items()
    }
