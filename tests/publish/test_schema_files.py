"""Taxonomy and venues as files: what is written is read back."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kdbot.intake.schema_files import parse_taxonomy, parse_venues
from kdbot.model.taxonomy import Category, Taxonomy
from kdbot.model.venue import Venue, Venues, fold_venue
from kdbot.publish.new_list import render_taxonomy, render_venue_items, render_venues

ROOT = Path(__file__).parents[2]
TEXTS = st.text(
    st.characters(min_codepoint=0x21, max_codepoint=0x2FF, exclude_categories=("C", "Z")),
    min_size=1,
    max_size=20,
)


@pytest.mark.parametrize(
    ("parse", "render", "name"),
    [
        (parse_taxonomy, render_taxonomy, "taxonomy.yaml"),
        (parse_venues, render_venues, "venues.yaml"),
    ],
)
def test_files_of_this_list_are_read_back(parse, render, name) -> None:
    value = parse((ROOT / "schema" / name).read_bytes(), name)

    assert parse(render(value).encode(), name) == value


@given(TEXTS, TEXTS, st.none() | TEXTS)
def test_categories_are_read_back(first: str, second: str, note: str | None) -> None:
    taxonomy = Taxonomy(
        categories=(
            Category(path="a", title=first, depth=0, leaf=False),
            Category(path="a/b", title=second, note=note, depth=1, leaf=True),
            Category(path="c", title=first, depth=0, leaf=True),
        )
    )

    assert parse_taxonomy(render_taxonomy(taxonomy).encode(), "taxonomy.yaml") == taxonomy


@given(st.lists(TEXTS.filter(fold_venue), unique_by=fold_venue, min_size=2, max_size=5))
def test_venues_are_read_back_also_where_one_is_put_at_the_end(names: list[str]) -> None:
    *first, last = names
    venues = Venues(venues=tuple(Venue(name=name) for name in first))
    added = (Venue(name=last, aliases=(f"{last} Also",)),)

    text = render_venues(venues) + render_venue_items(added)

    assert parse_venues(text.encode(), "venues.yaml").venues == (*venues.venues, *added)


def test_nothing_is_written_as_empty_lists() -> None:
    assert render_taxonomy(Taxonomy(categories=())) == "categories: []\n"
    assert render_venues(Venues(venues=())) == "venues: []\n"
