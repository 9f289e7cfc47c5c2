"""The taxonomy and the venues: YAML values to the model."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NoReturn

from kdbot.intake.yaml_text import MAINTAINED, Document, Path, parse_yaml
from kdbot.model.errors import KdbotError
from kdbot.model.finding import Finding
from kdbot.model.taxonomy import Category, Taxonomy
from kdbot.model.venue import Venue, VenueKind, Venues, fold_venue

_CATEGORY_KEYS = {"id", "title", "note", "text", "categories"}
_VENUE_KEYS = {"name", "aliases", "full_name", "kind"}


@lru_cache(maxsize=4)  # a run reads the same file for each item
def parse_taxonomy(data: bytes, file: str) -> Taxonomy:
    """Read the tree of categories: `categories: [{id, title, note?, text?, categories?}]`.

    Raises:
        KdbotError: the file cannot be read, or a category lacks an id or a title, bears an unknown
            key, or shares its id with a sibling.
    """
    document = _load(data, file)
    return Taxonomy(categories=tuple(_categories(document, file, ("categories",), "", 0)))


@lru_cache(maxsize=4)
def parse_venues(data: bytes, file: str) -> Venues:
    """Read the venues: `venues: [{name, aliases?, full_name?, kind?}]`.

    Raises:
        KdbotError: the file cannot be read, two venues claim the same name, or a kind is unknown.
    """
    document = _load(data, file)
    owners: dict[str, str] = {}
    venues = []
    for index, entry in enumerate(_list(document, file, ("venues",))):
        path: Path = ("venues", index)
        _check_keys(document, file, path, entry, _VENUE_KEYS)
        name = _text(document, file, path, entry, "name")
        aliases = entry.get("aliases", [])
        if not isinstance(aliases, list) or not all(isinstance(a, str) for a in aliases):
            _fail(document, file, (*path, "aliases"), "`aliases` must be a list of names")
        full_name = None
        if "full_name" in entry:
            full_name = _text(document, file, path, entry, "full_name")
        kind = entry.get("kind")
        if kind is not None and kind not in set(VenueKind):
            _fail(document, file, (*path, "kind"), f"`kind` must be one of {', '.join(VenueKind)}")
        venue = Venue(
            name=name,
            aliases=tuple(aliases),
            full_name=full_name,
            kind=VenueKind(kind) if kind else None,
        )
        for alias in venue.all_names:
            if owners.setdefault(fold_venue(alias), name) != name:
                other = owners[fold_venue(alias)]
                _fail(document, file, path, f"`{alias}` already stands for `{other}`")
        venues.append(venue)
    return Venues(venues=tuple(venues))


def _categories(
    document: Document, file: str, path: Path, parent: str, depth: int
) -> Iterator[Category]:
    seen: set[str] = set()
    for index, entry in enumerate(_list(document, file, path)):
        here: Path = (*path, index)
        _check_keys(document, file, here, entry, _CATEGORY_KEYS)
        name = _text(document, file, here, entry, "id")
        if name in seen or "/" in name:
            _fail(document, file, here, f"the id `{name}` is taken by a sibling or holds a `/`")
        seen.add(name)
        full = f"{parent}/{name}" if parent else name
        leaf = "categories" not in entry
        yield Category(
            path=full,
            title=_text(document, file, here, entry, "title"),
            note=_text(document, file, here, entry, "note") if "note" in entry else None,
            text=_text(document, file, here, entry, "text") if "text" in entry else None,
            depth=depth,
            leaf=leaf,
        )
        if not leaf:
            yield from _categories(document, file, (*here, "categories"), full, depth + 1)


def _load(data: bytes, file: str) -> Document:
    document = parse_yaml(data, file, MAINTAINED)
    if isinstance(document, Finding):
        where = f"{file}:{document.line}" if document.line else file
        raise KdbotError(document.message, where=where, fix=document.fix)
    return document


def _list(document: Document, file: str, path: Path) -> list[Any]:
    value = document.value
    if not isinstance(value, dict):
        _fail(document, file, (), f"the file must be a mapping with the key `{path[0]}`")
    for step in path:
        # Every step but the last has been walked for the list above.
        value = value.get(step) if isinstance(value, dict) else value[step]
    if not isinstance(value, list):
        _fail(document, file, path, f"`{path[-1]}` must be a list")
    return value


def _check_keys(document: Document, file: str, path: Path, entry: Any, known: set[str]) -> None:
    if not isinstance(entry, dict):
        _fail(document, file, path, "this item must be a mapping")
    for key in entry:
        if key not in known:
            _fail(document, file, (*path, key), f"unknown key `{key}`; known: {sorted(known)}")


def _text(document: Document, file: str, path: Path, entry: dict[str, Any], key: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value.strip():
        _fail(document, file, path, f"`{key}` is missing here, or is no text")
    return str(value)


def _fail(document: Document, file: str, path: Path, message: str) -> NoReturn:
    line = document.lines.get(path)
    raise KdbotError(message, where=f"{file}:{line}" if line else file)
