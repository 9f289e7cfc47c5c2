"""Taxonomy and venues as the YAML files that a list keeps them in."""

from collections.abc import Iterable, Iterator

from kdbot.model.taxonomy import Category, Taxonomy
from kdbot.model.venue import Venue, Venues
from kdbot.text.record import render_field


def render_taxonomy(taxonomy: Taxonomy) -> str:
    """Return `schema/taxonomy.yaml`: categories nested as they stand."""
    roots = [category for category in taxonomy.categories if category.depth == 0]
    if not roots:
        return "categories: []\n"
    return "categories:\n" + "".join(_category(taxonomy, root) for root in roots)


def render_venues(venues: Venues) -> str:
    """Return `schema/venues.yaml`."""
    if not venues.venues:
        return "venues: []\n"
    return "venues:\n" + render_venue_items(venues.venues)


def render_venue_items(venues: Iterable[Venue]) -> str:
    """Return venues as items of the list in `schema/venues.yaml`, to be put at its end."""
    return "".join(_item(_venue_fields(venue), 2) for venue in venues)


def _category(taxonomy: Taxonomy, category: Category) -> str:
    indent = 2 + 4 * category.depth
    text = _item(_category_fields(category), indent)
    if category.leaf:
        return text
    children = [c for c in taxonomy.categories if c.parent == category.path]
    below = "".join(_category(taxonomy, child) for child in children)
    return f"{text}{' ' * (indent + 2)}categories:\n{below}"


def _category_fields(category: Category) -> Iterator[str]:
    yield render_field("id", category.path.rpartition("/")[2])
    yield render_field("title", category.title)
    if category.note:
        yield render_field("note", category.note)


def _venue_fields(venue: Venue) -> Iterator[str]:
    yield render_field("name", venue.name)
    if venue.aliases:
        yield render_field("aliases", venue.aliases)
    if venue.full_name:
        yield render_field("full_name", venue.full_name)
    if venue.kind:
        yield render_field("kind", venue.kind)


def _item(fields: Iterable[str], indent: int) -> str:
    """Indent the lines of one list item and put the dash before its first."""
    lines = "".join(fields).splitlines(keepends=True)
    first, *rest = lines
    return " " * indent + "- " + first + "".join(" " * (indent + 2) + line for line in rest)
