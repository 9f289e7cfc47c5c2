"""Real changes of READMEs of 61 lists: what they add, edit, take away, and nothing else.

The hunks stand in `tests/data/intake/readme_edits.jsonl` with the headings above them, numbered
lists in place of names. `titles` were written down by a person before the code was run.
"""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kdbot.model.venue import Venues
from tests.intake.readme_edits import Tally, measure, read_records
from tests.rows import each

DATA = Path(__file__).parents[1] / "data/intake/readme_edits.jsonl"


@pytest.fixture(scope="module")
def tally(venues: Venues) -> Tally:
    return measure(read_records(DATA), venues)


def test_nothing_is_proposed_that_the_change_does_not_add(tally: Tally) -> None:
    assert tally.counts["false"] == 0, tally.wrong


@each(
    ("good", "bad", "least"),
    [
        ("added read", "added unread", 0.97),
        ("titled", "untitled", 0.96),
        ("edit told", "edit mistaken", 0.92),
        ("edit read", "edit unread", 0.85),
        ("added told", "added mistaken", 0.97),
        ("quiet", "loud", 0.92),
    ],
)
def test_change_is_read_as_its_addresses_say(
    tally: Tally, good: str, bad: str, least: float
) -> None:
    assert tally.counts[good] > 20
    assert tally.share(good, bad) >= least, tally.wrong


def test_what_is_not_read_is_named_with_its_line(tally: Tally) -> None:
    assert tally.counts["silent"] <= 1, tally.wrong


def test_every_address_of_an_entry_is_kept_or_named_with_its_line(tally: Tally) -> None:
    assert tally.counts["unaccounted"] == 0, tally.wrong


URLS = [
    "https://arxiv.org/abs/2401.{n:05}",
    "https://doi.org/10.1145/{n}.{n}",
    "https://openreview.net/forum?id=aBcDeF{n:04}",
    "https://example.org/{n}.pdf",
    "https://github.com/a/p{n}",
    "https://youtu.be/v{n}",
    "https://example.org/{n}_(a)?b=1&c=2",
    "https://img.shields.io/badge/{n}",
]
PIECES = st.sampled_from(
    [
        "## The Part of Number {n}",
        "- [A Paper of the Number {n}]({a}) [code]({b})",
        "- [A Paper of the Number {n}] ({a}), Ann Lee, see also [Another One]({b}).",
        "- **A Paper of the Number {n}** [[pdf]]({a}) [[page]]({b})",
        "  - [More]({a}), {b}",
        "  - Code: {a}",
        "  Ann Lee, Bo Kim. [paper]({a})",
        "| [A Row of {n}]({a}) | ICLR 2024 | [link]({b}) |",
        "| Title | Paper |\n|--|--|",
        "<tr><td>A Cell of {n}</td><td><a href='{a}'>pdf</a></td></tr>",
        "<td><a href='{a}'>pdf</a></td>",
        "[a{n}]: {a}",
        "We like [it]({a}), and {b}.",
        "### [A Paper of the Number {n}]({a})",
        "<details><summary>{a}</summary>",
        "",
    ]
)
LINES = st.tuples(st.sampled_from("++- "), PIECES, st.sampled_from(URLS), st.sampled_from(URLS))


@given(st.lists(LINES, max_size=12))
@settings(max_examples=200, deadline=None)
def test_generated_changes_are_accounted_for(pieces: list[tuple[str, str, str, str]]) -> None:
    lines = [
        f"{mark}{line}"
        for n, (mark, piece, a, b) in enumerate(pieces)
        for line in piece.format(n=n, a=a.format(n=n), b=b.format(n=n + 50)).split("\n")
    ]
    tally = measure(iter([{"lines": [" # List", *lines]}]), Venues(venues=()))

    assert tally.counts["unaccounted"] == 0, tally.wrong


def test_change_takes_little_time(tally: Tally) -> None:
    slowest = sorted(tally.seconds)[int(len(tally.seconds) * 0.95)]
    assert slowest <= 0.5
