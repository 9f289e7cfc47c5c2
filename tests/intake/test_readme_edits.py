"""Real changes of READMEs of 61 lists: what they add, edit, take away, and nothing else.

The hunks stand in `tests/data/intake/readme_edits.jsonl` with the headings above them, numbered
lists in place of names. `titles` were written down by a person before the code was run.
"""

from pathlib import Path

import pytest

from kdbot.model.venue import Venues
from tests.intake.readme_edits import Tally, measure, read_records

DATA = Path(__file__).parents[1] / "data/intake/readme_edits.jsonl"


@pytest.fixture(scope="module")
def tally(venues: Venues) -> Tally:
    return measure(read_records(DATA), venues)


def test_nothing_is_proposed_that_the_change_does_not_add(tally: Tally) -> None:
    assert tally.counts["false"] == 0, tally.wrong


@pytest.mark.parametrize(
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


def test_change_takes_little_time(tally: Tally) -> None:
    slowest = sorted(tally.seconds)[int(len(tally.seconds) * 0.95)]
    assert slowest <= 0.5
