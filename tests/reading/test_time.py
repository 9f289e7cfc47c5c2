"""Whatever a stranger writes is read in bounded time (threats C08 to C10)."""

from __future__ import annotations

import time

import pytest

N = 65_536
UNITS = (
    "Lee, A., ", "Ann Lee, ", "A. Lee and ", "Lee A, ", "Lee et al. ", "van de ", "A. ",
    "AB (Title of a Paper that Is) ", "(accepted 2024, ", "AB(", "(A B C D",
    "**AB** - Title of a Paper ", "- **AB** Title ", "[1] Lee, A. (2024). ", "ICLR 2024 ",
    "ICLR'24, ", "Title NeurIPS 2022\n", "Tsinghua University, ", "of the University ", "x/",
    "Title/title: ", "« ", "“Title. Ann Lee, Bo Roe” ", "TPAMI journal ", "accepted at A",
    "Published in: NeurIPS (May 2024)\n", "A Title of a Paper, under ",
    "- A Title of Four Words | [x](https://github.com/a/b)\n",
)  # fmt: skip


def is_read_in(seconds, read, title, body):
    """Whether one of two runs keeps to the time: another process may take that of the first."""

    def taken():
        start = time.process_time()
        read({"title": title, "body": body})
        return time.process_time() - start

    return any(taken() < seconds for _ in range(2))


@pytest.mark.parametrize("unit", UNITS)
def test_C08_one_thing_again_and_again_takes_no_time(read_anew, unit):
    assert is_read_in(0.5, read_anew, "Add a paper", f"Please add {unit * N}"[:N])
    assert is_read_in(0.5, read_anew, (unit * N)[:1_000], "Please add it.")


@pytest.mark.parametrize("line", ["Lee, A. Some {} Title", "A Title of the Paper {} NeurIPS 2024"])
def test_C08_two_thousand_papers_take_no_time_each(read_anew, line):
    """Papers are told from one another by their keys, and a list's categories are folded once."""
    lines = "\n".join(line.format(number) for number in range(4_000))
    assert is_read_in(1, read_anew, "Add papers", lines[:N])
