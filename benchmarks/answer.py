"""What a contributor waits for: `kdbot act` on an opened issue, from process start to exit.

GitHub is the stand-in of the tests on loopback, links are not probed. The measure is the import of
PyGithub alone, which every bot of this kind pays.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.lists import make_list
from tests.flows.sample_list import form
from tests.github_server import GitHubServer

SIZES = (216, 10_000)
_RUNS = 7
_BODY = form("https://arxiv.org/abs/2499.12030", "A Title That Is Not Listed", "Feature")


def main() -> None:
    print("| papers | import github s | first answer s | ratio | requests | unchanged s |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: |")
    seconds = {}
    for size in SIZES:
        with tempfile.TemporaryDirectory(prefix="kdbot-bench-") as name:
            folder = Path(name)
            root = folder / "list"
            root.mkdir()
            make_list(root, size)
            with GitHubServer(folder / "origin.git") as server:
                seconds[size] = _measure(server, root, folder, size)
    print(f"\n{SIZES[1]:,} papers cost {seconds[SIZES[1]] - seconds[SIZES[0]]:.2f} s more")


def _measure(server: GitHubServer, root: Path, folder: Path, size: int) -> float:
    server.grant("t", {"issues": "write", "contents": "read"})
    floor, first, again, requests = [], [], [], 0
    for _ in range(_RUNS):
        floor.append(_wall([sys.executable, "-c", "import github"], {}))
        issue = server.world.open_issue("alice", "New paper", _BODY)
        event = folder / "event.json"
        event.write_text(json.dumps(server.world.deliveries[-1].payload))
        environment = {
            "GITHUB_EVENT_NAME": "issues",
            "GITHUB_EVENT_PATH": str(event),
            "GITHUB_REPOSITORY": "kd/demo",
            "GITHUB_API_URL": server.base_url,
            "GITHUB_TOKEN": "t",
            "KDBOT_PROBE_LINKS": "false",
            "KDBOT_ASK_SERVICES": "false",
        }
        command = [sys.executable, "-m", "kdbot", "--root", str(root), "act"]
        server.forget_log()
        first.append(_wall(command, environment))
        requests = len(server.log)
        again.append(_wall(command, environment))
        server.world.close(issue, "alice")
    ours, theirs = statistics.median(first), statistics.median(floor)
    print(
        f"| {size:,} | {theirs:.2f} | {ours:.2f} | {ours / theirs:.2f} | {requests} |"
        f" {statistics.median(again):.2f} |",
        flush=True,
    )
    return ours


def _wall(command: list[str], environment: dict[str, str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, **environment})
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
