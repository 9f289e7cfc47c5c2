"""`declined.yaml`: written and read back, and held against its schema."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kdbot.model.collection import DeclinedPaper
from kdbot.model.errors import KdbotError
from kdbot.model.identifiers import IdentifierKind
from kdbot.storage.repository import (
    load_declined,
    parse_declined,
    readable_declined,
    render_declined,
)

ONE = DeclinedPaper(
    identifier="arxiv:2402.12030",
    title="A Paper: on “Quotes”, # and 'more'",
    reason="It is about vision models.",
    day=date(2026, 3, 2),
    number=12,
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)


def test_what_is_written_is_read(tmp_path):
    assert load_declined(tmp_path) == ()
    (tmp_path / "declined.yaml").write_text(render_declined([ONE]), "utf-8")
    assert load_declined(tmp_path) == (ONE,)
    assert ONE.key == (IdentifierKind.ARXIV, "2402.12030")
    assert parse_declined(render_declined([]).encode(), "declined.yaml") == ()


@given(title=TEXTS, reason=TEXTS)
def test_any_words_are_read_back(title, reason):
    paper = DeclinedPaper(
        identifier="doi:10.1/a", title=title, reason=reason, day=ONE.day, number=3
    )
    assert parse_declined(render_declined([paper, ONE]).encode(), "f") == (paper, ONE)


ENTRY = render_declined([ONE])
WRONG = {
    "a field is missing": ENTRY.replace("    number: 12\n", ""),
    "a field is unknown": ENTRY + "    more: yes\n",
    "no number": ENTRY.replace("number: 12", "number: twelve"),
    "no day": ENTRY.replace("2026-03-02", "2026-13-02"),
    "no identifier": ENTRY.replace("arxiv:2402.12030", "2402.12030"),
    "no list": "declined: all of them\n",
    "no YAML": "declined: [\n",
    "empty": "",
}


@pytest.mark.parametrize("case", WRONG)
def test_what_does_not_match_the_schema_is_refused_and_stops_no_reader(tmp_path, case):
    (tmp_path / "declined.yaml").write_text(WRONG[case], "utf-8")
    with pytest.raises(KdbotError) as raised:
        load_declined(tmp_path)
    assert str(raised.value.where).startswith("declined.yaml")
    told = []
    assert readable_declined(tmp_path, told.append) == ()
    assert len(told) == 1
