"""`python -m tests.life --seeds 24 --days 14`: live, and say what was violated."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import traceback
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.life.life import Life


def one(seed: int, days: int, log: Path | None) -> tuple[int, list[str], dict[str, int], float]:
    """Live one seed in a folder of its own; its log stays where a folder for logs is named."""
    start = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix=f"life-{seed}-") as name,
        Life(seed, Path(name)) as life,
    ):
        try:
            violations = life.live(days)
        except Exception:  # noqa: BLE001  the other seeds go on
            violations = [*life.violations, f"seed {seed} failed: {traceback.format_exc()}"]
        if log is not None:
            log.mkdir(parents=True, exist_ok=True)
            (log / f"{seed}.log").write_text("\n".join(life.told), "utf-8")
        return seed, violations, life.counts, time.monotonic() - start


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.life", description=__doc__)
    parser.add_argument("--seeds", type=int, default=4, help="how many seeds")
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--days", type=int, default=3, help="how many days each")
    parser.add_argument("--jobs", type=int, default=1, help="how many at once")
    parser.add_argument("--log", type=Path, help="folder for what the runs said")
    wishes = parser.parse_args()
    seeds = range(wishes.first, wishes.first + wishes.seeds)
    failed = 0
    with ProcessPoolExecutor(wishes.jobs) as pool:
        runs = [pool.submit(one, seed, wishes.days, wishes.log) for seed in seeds]
        for run in runs:
            seed, violations, counts, seconds = run.result()
            failed += bool(violations)
            told = ", ".join(f"{times} {what}" for what, times in sorted(counts.items()))
            sys.stdout.write(
                f"seed {seed}: {len(violations)} violations, {seconds:.0f} s; {told}\n"
            )
            sys.stdout.writelines(f"  {line}\n" for line in violations)
            sys.stdout.flush()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
