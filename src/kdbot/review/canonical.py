"""The canonical form of a single value, by the field it stands in."""

import re

from kdbot.model.collection import Collection
from kdbot.model.schema import FieldKind
from kdbot.text.addresses import clean_address
from kdbot.text.dates import parse_month
from kdbot.text.venues import venue_of_name

_YEAR = re.compile(
    r"[\s,(]*(?:(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])|['’][0-9]{2}(?![0-9])"
    r"|(?<=[A-Za-z]) [0-9]{2}(?![\s\S]))\)?"
)
_PAIRS = {"“": "”", '"': '"', "'": "'", "‘": "’", "`": "`", "*": "*", "_": "_", "«": "»"}
_DEPTH_OF_PAIRS = 4


def canonical_text(field: str, text: str, collection: Collection) -> str | None:
    """Return the canonical form of a text, or of an item of a list; None where it has none.

    Identifiers are not of this kind: they may belong under another field.
    """
    known = collection.schema.by_name.get(field)
    match field:
        case "venue":
            return canonical_venue(text, collection)
        case "date":
            return parse_month(text)
        case "categories":
            return canonical_category(text, collection)
        case "title":
            return canonical_title(text)
    if known is not None and known.kind is FieldKind.LIST and is_link_list(field, collection):
        return clean_address(text)
    return " ".join(text.split())


def is_link_list(field: str, collection: Collection) -> bool:
    """Tell whether a field is a list of addresses."""
    properties = collection.schema.document["properties"]
    items = properties.get(field, {}).get("items", {})
    return isinstance(items, dict) and items.get("format") == "uri"


def canonical_venue(text: str, collection: Collection) -> str | None:
    """Return the venue's name in the list, or None where the list does not know it.

    What people write around a name (`Accepted to … 24`, `… (Oral)`) is left out where the name is
    not known with it.
    """
    venues = collection.venues
    if text in venues.names:
        return text
    return venues.canonical(text) or venue_of_name(text, venues)


def without_year(text: str) -> str:
    """Return a venue's name without the year, for a venue that the list does not know."""
    return " ".join(_YEAR.sub(" ", text).split()).strip(" ,;-") or text


def canonical_category(text: str, collection: Collection) -> str | None:
    """Return the path of the one category that a text names, or None."""
    named = collection.taxonomy.named(text)
    return named[0].path if len(named) == 1 else None


def canonical_title(text: str) -> str:
    """Return a title on one line, without the marks that people put around it."""
    text = " ".join(text.split())
    for _ in range(_DEPTH_OF_PAIRS):
        if len(text) < 3 or _PAIRS.get(text[0]) != text[-1] or text[0] in text[1:-1]:
            strong = text[:2] == text[-2:] and text[:2] in {"**", "__"} and len(text) > 4
            if not strong or text[:2] in text[2:-2]:
                break
            text = text[2:-2].strip()
        else:
            text = text[1:-1].strip()
    return text
