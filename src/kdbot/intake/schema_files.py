"""The taxonomy and the venues: YAML values to the model."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from kdbot.intake.yaml_text import Path
from kdbot.intake.yaml_values import YamlValues
from kdbot.model.taxonomy import Category, Taxonomy
from kdbot.model.venue import Venue, VenueKind, Venues, fold_venue

_CATEGORY_KEYS = {"id", "title", "note", "text", "categories"}
_VENUE_KEYS = {"name", "aliases", "full_name", "kind"}


@lru_cache(maxsize=4)  # a run reads the same file for each item
def parse_taxonomy(data: bytes, file: str) -> Taxonomy:
    """Read the tree of categories: `categories: [{id, title, note?, text?, categories?}]`.

    Raises:
        KdbotError: the file cannot be read, or a category lacks an id or a title, has an unknown
            key, or shares its id with a sibling.
    """
    values = YamlValues(data, file)
    root = _mapping(values, "categories")
    return Taxonomy(categories=tuple(_categories(values, root, (), "", 0)))


@lru_cache(maxsize=4)
def parse_venues(data: bytes, file: str) -> Venues:
    """Read the venues: `venues: [{name, aliases?, full_name?, kind?}]`.

    Raises:
        KdbotError: the file cannot be read, two venues claim the same name, or a kind is unknown.
    """
    values = YamlValues(data, file)
    owners: dict[str, str] = {}
    venues = []
    for index, entry in enumerate(values.items(_mapping(values, "venues"), (), "venues")):
        path: Path = ("venues", index)
        values.check(entry, path, _VENUE_KEYS)
        name = values.text(entry, path, "name")
        kind = entry.get("kind")
        if kind is not None and kind not in set(VenueKind):
            values.fail((*path, "kind"), f"`kind` must be one of {', '.join(VenueKind)}")
        venue = Venue(
            name=name,
            aliases=values.texts(entry, path, "aliases"),
            full_name=values.text(entry, path, "full_name") if "full_name" in entry else None,
            kind=VenueKind(kind) if kind else None,
        )
        for alias in venue.all_names:
            if owners.setdefault(fold_venue(alias), name) != name:
                other = owners[fold_venue(alias)]
                values.fail(path, f"`{alias}` is already a name of `{other}`")
        venues.append(venue)
    return Venues(venues=tuple(venues))


def _mapping(values: YamlValues, key: str) -> dict[str, Any]:
    if not isinstance(values.root, dict):
        values.fail((), f"the file must be a mapping with the key `{key}`")
    return values.root


def _categories(
    values: YamlValues, above: dict[str, Any], path: Path, parent: str, depth: int
) -> Iterator[Category]:
    seen: set[str] = set()
    for index, entry in enumerate(values.items(above, path, "categories")):
        here: Path = (*path, "categories", index)
        values.check(entry, here, _CATEGORY_KEYS)
        name = values.text(entry, here, "id")
        if name in seen or "/" in name:
            values.fail(here, f"the id `{name}` is used by a sibling or contains a `/`")
        seen.add(name)
        full = f"{parent}/{name}" if parent else name
        leaf = "categories" not in entry
        yield Category(
            path=full,
            title=values.text(entry, here, "title"),
            note=values.text(entry, here, "note") if "note" in entry else None,
            text=values.text(entry, here, "text") if "text" in entry else None,
            depth=depth,
            leaf=leaf,
        )
        if not leaf:
            yield from _categories(values, entry, here, full, depth + 1)
