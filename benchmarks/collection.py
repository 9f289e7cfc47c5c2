"""Load, validate and render lists of 216, 2,000 and 10,000 papers, beside the floor.

The floor is the cost of reading the same files and parsing them with PyYAML's C loader. Every
figure is the CPU time of a fresh process, imports included, so that it is what a run pays.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.lists import make_list

SIZES = (216, 2_000, 10_000)
_RUNS = 3

_FLOOR = """
import os, sys, yaml
folder = os.path.join(sys.argv[1], "papers")
for name in sorted(os.listdir(folder)):
    with open(os.path.join(folder, name), "rb") as stream:
        yaml.load(stream.read(), Loader=yaml.CSafeLoader)
"""
_VALIDATE = """
import sys
from pathlib import Path
from kdbot.flows.list.checked_list import check_list
assert not check_list(Path(sys.argv[1])).collection.broken
"""
_BUILD = """
import sys
from kdbot.cli import main
sys.exit(main(["--root", sys.argv[1], "build"]))
"""
_SIMILAR = """
import sys, time
from pathlib import Path
from kdbot.review.similarity import find_alike
from kdbot.storage.identity_scan import scan_identities
identities, _ = scan_identities(Path(sys.argv[1]))
titles = [identity.title for identity in identities.all[:: max(1, len(identities.all) // 200)]]
list(find_alike(titles[0], identities))
start = time.perf_counter()
for title in titles:
    list(find_alike(title, identities))
print((time.perf_counter() - start) / len(titles))
"""


def main() -> None:
    print(
        "| papers | floor s | validate s | build s | build/floor | papers/s | peak MB |"
        " similar title ms |"
    )
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for size in SIZES:
        with tempfile.TemporaryDirectory(prefix="kdbot-bench-") as folder:
            root = make_list(Path(folder), size)
            floor = _cpu(_FLOOR, root)
            validate = _cpu(_VALIDATE, root)
            build = _cpu(_BUILD, root)
            similar = float(_run(_SIMILAR, root).stdout) * 1_000
        ratio = build[0] / floor[0]
        print(
            f"| {size:,} | {floor[0]:.2f} | {validate[0]:.2f} | {build[0]:.2f} | {ratio:.2f} |"
            f" {size / build[0]:,.0f} | {build[1]:.0f} | {similar:.2f} |",
            flush=True,
        )


def _cpu(code: str, root: Path) -> tuple[float, float]:
    """Return the least CPU seconds of a few runs, and the peak memory in MB.

    A build is that of everything, the page included; the first run of it writes the files.
    """
    best, peak = float("inf"), 0.0
    for _ in range(_RUNS):
        process = subprocess.Popen(
            [sys.executable, "-c", code, str(root)], stdout=subprocess.DEVNULL
        )
        _, status, used = os.wait4(process.pid, 0)
        assert status == 0
        best = min(best, used.ru_utime + used.ru_stime)
        peak = max(peak, used.ru_maxrss / 1024)
    return best, peak


def _run(code: str, root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, str(root)], check=True, capture_output=True, text=True
    )


if __name__ == "__main__":
    start = time.perf_counter()
    main()
    print(f"\n{time.perf_counter() - start:.0f} s")
