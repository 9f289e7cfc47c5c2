"""`feed.xml`, one for each category, and `changes.xml`, as Atom feeds (RFC 4287)."""

import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from kdbot.model.collection import Collection
from kdbot.model.paper import LINK_LISTS, Paper, RecordChange
from kdbot.model.settings import Settings
from kdbot.publish.exports.addresses import encode_address, page_address
from kdbot.publish.markdown import is_address, visible_text
from kdbot.publish.readme.tables import newest_first, paper_address, standing_note, with_venue_year

FEED = "feed.xml"
CHANGES = "changes.xml"
_MAX_ENTRIES = 100
"""Entries of the feed; a reader that comes by less often than that finds the rest in the list."""

_ATOM = "http://www.w3.org/2005/Atom"
_NEVER = "1970-01-01T00:00:00Z"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_Attributes: TypeAlias = dict[str, str]


def render_category_feeds(
    by_branch: Mapping[str, Sequence[Paper]],
    collection: Collection,
    settings: Settings,
    files: Mapping[str, tuple[str, str]],
) -> dict[str, str]:
    """Return the feed of each category by its path in the site.

    The feed of a category also has the papers of its subcategories. An entry has the same id as in
    the feed of the whole list, so that a reader of both sees a paper once.

    Args:
        by_branch: papers in or below each category, by the category's path.
        collection: schema and taxonomy.
        settings: those of the list.
        files: path of each category's feed and page in the site, by the category's path.
    """
    return {
        place[0]: render_feed(
            by_branch.get(path, ()),
            collection,
            settings,
            place=place,
            about=collection.taxonomy.by_path[path].title,
        )
        for path, place in files.items()
    }


def render_feed(
    papers: Sequence[Paper],
    collection: Collection,
    settings: Settings,
    *,
    place: tuple[str, str] = (FEED, ""),
    about: str = "",
) -> str:
    """Return the feed of the papers that entered last, the latest day first.

    Ids are made of the repository's name, or of the list's title where that is unknown, and of the
    papers' ids: what changes in a record does not make it a new entry. The time of an entry is the
    day on which the paper entered. Papers without day are left out.

    Args:
        papers: those that the feed is about.
        collection: schema and taxonomy.
        settings: those of the list.
        place: path of the feed in the site, and of the page with the same papers.
        about: what the feed is about within the list; empty for the whole list.
    """
    dated = sorted(
        newest_first(paper for paper in papers if paper.added),
        key=lambda paper: paper.added or "",
        reverse=True,
    )
    feed = _new_feed(settings, place, about, _time(dated[0].added) if dated else _NEVER)
    for paper in dated[:_MAX_ENTRIES]:
        entry = _add_entry(feed, paper, collection, _id(f"{_base(settings)}#{paper.id}"))
        _add(entry, "title", paper.title)
        _add(entry, "updated", _time(paper.added))
        _add(entry, "content", _content(paper, collection), {"type": "text"})
    return _rendered(feed)


def render_changes(
    changes: Iterable[RecordChange], collection: Collection, settings: Settings
) -> str:
    """Return the feed of what changed in listed papers: venue, code, and what is said against one.

    A correction that somebody proposed names them as a contributor.

    Args:
        changes: in any order; those of papers that are no longer listed are left out.
        collection: the list as it is.
        settings: those of the list.
    """
    told = [
        (one, lines)
        for one in sorted(changes, key=lambda one: (one.time, one.after.id), reverse=True)
        if one.after.id in collection.papers and (lines := _changed_lines(one, collection))
    ][:_MAX_ENTRIES]
    feed = _new_feed(settings, (CHANGES, ""), "Changes", told[0][0].time if told else _NEVER)
    for one, lines in told:
        entry_id = _id(f"{_base(settings)}#{one.after.id}@{one.commit}")
        entry = _add_entry(feed, one.after, collection, entry_id)
        _add(entry, "title", one.after.title)
        _add(entry, "updated", one.time)
        if one.credit:
            _add(SubElement(entry, "contributor"), "name", one.credit)
        _add(entry, "content", "\n".join(lines), {"type": "text"})
    return _rendered(feed)


def _changed_lines(change: RecordChange, collection: Collection) -> list[str]:
    before, after = change.before, change.after
    lines = []
    venues = [with_venue_year(paper).venue for paper in (before, after)]
    if venues[0] != venues[1]:
        old = f" (before: {venues[0]})" if venues[0] else ""
        lines.append(f"{collection.schema.title('venue')}: {venues[1] or 'none'}{old}")
    for name in LINK_LISTS:
        title = collection.schema.title(name)
        old_links, links = getattr(before, name), getattr(after, name)
        lines += [f"{title}: {url}" for url in links if url not in old_links]
        lines += [f"{title} removed: {url}" for url in old_links if url not in links]
    if standing_note(before) != standing_note(after):
        lines.append(standing_note(after) or f"No longer marked: {before.standing}")
    return lines


def _base(settings: Settings) -> str:
    return settings.repository or settings.title


def _new_feed(settings: Settings, place: tuple[str, str], about: str, updated: str) -> Element:
    feed = Element("feed", {"xmlns": _ATOM})
    name, beside = place
    _add(feed, "id", _id(f"{_base(settings)}/{name}" if about else _base(settings)))
    _add(feed, "title", f"{about} · {settings.title}" if about else settings.title)
    _add(feed, "updated", updated)
    _add(SubElement(feed, "author"), "name", settings.title)
    if page := page_address(settings.repository):
        SubElement(feed, "link", {"rel": "self", "href": page + quote(name)})
        SubElement(
            feed, "link", {"rel": "alternate", "type": "text/html", "href": page + quote(beside)}
        )
    return feed


def _rendered(feed: Element) -> str:
    indent(feed, space=" ")
    text: str = tostring(feed, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


def _add_entry(feed: Element, paper: Paper, collection: Collection, entry_id: str) -> Element:
    """Add what every entry has of a paper, and return the entry."""
    entry = SubElement(feed, "entry")
    _add(entry, "id", entry_id)
    for name in paper.authors:
        _add(SubElement(entry, "author"), "name", name)
    address = paper_address(paper)
    if address and is_address(address):
        SubElement(entry, "link", {"rel": "alternate", "href": encode_address(address)})
    for path in paper.categories:
        category = collection.taxonomy.by_path.get(path)
        label = category.title if category else path
        SubElement(entry, "category", {"term": _text(path), "label": _text(label)})
    return entry


def _content(paper: Paper, collection: Collection) -> str:
    """Return what a reader of the feed sees: venue, month, categories, then the links."""
    known = collection.taxonomy.by_path
    titles = [known[path].title for path in paper.categories if path in known]
    about = [with_venue_year(paper).venue, paper.date, ", ".join(titles)]
    lines = [standing_note(paper), " · ".join(filter(None, about))]
    for name in LINK_LISTS:
        urls: tuple[str, ...] = getattr(paper, name)
        lines += [f"{collection.schema.title(name)}: {url}" for url in urls]
    return "\n".join(filter(None, lines))


def _add(parent: Element, name: str, text: str, attributes: _Attributes | None = None) -> None:
    SubElement(parent, name, attributes or {}).text = _text(text)


def _text(text: str) -> str:
    """Return text in which XML 1.0 allows every character."""
    lines = map(visible_text, text.split("\n"))
    return _NOT_XML.sub("\ufffd", "\n".join(lines))


def _id(name: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, name).urn


def _time(day: str | None) -> str:
    return f"{day}T00:00:00Z"
