"""`feed.xml`, one for each category, and `changes.xml`, as Atom feeds (RFC 4287)."""

import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import quote
from xml.sax.saxutils import escape

from kdbot.model.collection import Collection
from kdbot.model.paper import LINK_LISTS, Paper, RecordChange
from kdbot.model.settings import Settings
from kdbot.model.urls import encode_address, page_address
from kdbot.publish.markdown import is_address, visible_text
from kdbot.publish.readme.tables import edition, last_added, paper_address, standing_note

FEED = "feed.xml"
CHANGES = "changes.xml"
_MAX_ENTRIES = 100
"""Entries of the feed; a reader that comes by less often than that finds the rest in the list."""

_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
_NEVER = "1970-01-01T00:00:00Z"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_IN_ATTRIBUTE = {'"': "&quot;", "\n": "&#10;"}


@dataclass(frozen=True, kw_only=True)
class Feeds:
    """The feeds of a list. An entry is rendered once for all of them.

    Ids are made of the repository's name, or of the list's title where that is unknown, and of the
    papers' ids: what changes in a record does not make it a new entry. A paper has the same id in
    the feed of a category as in that of the whole list, so that a reader of both sees it once.

    Attributes:
        collection: schema and taxonomy.
        settings: those of the list.
    """

    collection: Collection
    settings: Settings
    _entries: dict[str, str] = field(default_factory=dict)

    def render(
        self, newest_first: Iterable[Paper], place: tuple[str, str] = (FEED, ""), about: str = ""
    ) -> str:
        """Return the feed of the papers that entered last, the latest day first.

        The time of an entry is the day on which the paper entered. Papers without day are left out.

        Args:
            newest_first: the papers that the feed is about.
            place: path of the feed in the site, and of the page with the same papers.
            about: what the feed is about within the list; empty for the whole list.
        """
        shown = last_added(newest_first)[:_MAX_ENTRIES]
        updated = _time(shown[0]) if shown else _NEVER
        return self._feed(place, about, updated, map(self._entry_of, shown))

    def render_changes(self, changes: Iterable[RecordChange]) -> str:
        """Return the feed of what changed in listed papers: venue, code, what is said against one.

        A correction that somebody proposed names them as a contributor.

        Args:
            changes: in any order; those of papers that are no longer listed are left out.
        """
        told = [
            (one, lines)
            for one in sorted(changes, key=lambda one: (one.time, one.after.id), reverse=True)
            if one.after.id in self.collection.papers and (lines := self._changed_lines(one))
        ][:_MAX_ENTRIES]
        entries = (
            self._entry(one.after, f"@{one.commit}", one.time, lines, credit=one.credit)
            for one, lines in told
        )
        return self._feed((CHANGES, ""), "Changes", told[0][0].time if told else _NEVER, entries)

    @cached_property
    def _base(self) -> str:
        return self.settings.repository or self.settings.title

    def _feed(
        self, place: tuple[str, str], about: str, updated: str, entries: Iterable[str]
    ) -> str:
        title, (name, beside) = self.settings.title, place
        links = ""
        if page := page_address(self.settings.repository):
            links = _element(1, "link", rel="self", href=page + quote(name))
            links += _element(
                1, "link", rel="alternate", type="text/html", href=page + quote(beside)
            )
        return (
            f"{_HEAD}{_element(1, 'id', _id(f'{self._base}/{name}' if about else self._base))}"
            f"{_element(1, 'title', f'{about} · {title}' if about else title)}"
            f"{_element(1, 'updated', updated)}{_person(1, 'author', title)}{links}"
            f"{''.join(entries)}</feed>\n"
        )

    def _entry_of(self, paper: Paper) -> str:
        if paper.id not in self._entries:
            self._entries[paper.id] = self._entry(paper, "", _time(paper), self._content(paper))
        return self._entries[paper.id]

    def _entry(
        self, paper: Paper, suffix: str, time: str, content: Sequence[str], credit: str = ""
    ) -> str:
        parts = [_element(2, "id", _id(f"{self._base}#{paper.id}{suffix}"))]
        parts += [_person(2, "author", name) for name in paper.authors]
        address = paper_address(paper)
        if address and is_address(address):
            parts.append(_element(2, "link", rel="alternate", href=encode_address(address)))
        known = self.collection.taxonomy.by_path
        for path in paper.categories:
            label = known[path].title if path in known else path
            parts.append(_element(2, "category", term=path, label=label))
        parts += [_element(2, "title", paper.title), _element(2, "updated", time)]
        if credit:
            parts.append(_person(2, "contributor", credit))
        parts.append(_element(2, "content", "\n".join(content), type="text"))
        return f" <entry>\n{''.join(parts)} </entry>\n"

    def _content(self, paper: Paper) -> list[str]:
        """Return what a reader of the feed sees: venue, month, categories, then the links."""
        known, label = self.collection.taxonomy.by_path, self.collection.schema.title
        titles = [known[path].title for path in paper.categories if path in known]
        about = (edition(paper), paper.date, ", ".join(titles))
        lines = [standing_note(paper), " · ".join(filter(None, about))]
        lines += [f"{label(name)}: {url}" for name in LINK_LISTS for url in getattr(paper, name)]
        return list(filter(None, lines))

    def _changed_lines(self, change: RecordChange) -> list[str]:
        before, after, label = change.before, change.after, self.collection.schema.title
        lines = []
        old, new = edition(before), edition(after)
        if old != new:
            lines.append(f"{label('venue')}: {new or 'none'}{f' (before: {old})' if old else ''}")
        for name in LINK_LISTS:
            gone, links = getattr(before, name), getattr(after, name)
            lines += [f"{label(name)}: {url}" for url in links if url not in gone]
            lines += [f"{label(name)} removed: {url}" for url in gone if url not in links]
        if standing_note(before) != standing_note(after):
            lines.append(standing_note(after) or f"No longer marked: {before.standing}")
        return lines


def _element(depth: int, name: str, text: str = "", **attributes: str) -> str:
    """Return an element on a line of its own."""
    pairs = (f' {key}="{escape(_text(v), _IN_ATTRIBUTE)}"' for key, v in attributes.items())
    start = f"{' ' * depth}<{name}{''.join(pairs)}"
    shown = escape(_text(text)) if text else ""
    return f"{start}>{shown}</{name}>\n" if shown else f"{start} />\n"


def _person(depth: int, role: str, name: str) -> str:
    indent = " " * depth
    return f"{indent}<{role}>\n{_element(depth + 1, 'name', name)}{indent}</{role}>\n"


def _text(text: str) -> str:
    """Return text in which XML 1.0 allows every character."""
    if text.isascii() and text.isprintable():
        return text.strip(" ")
    return _NOT_XML.sub("\ufffd", "\n".join(map(visible_text, text.split("\n"))))


def _id(name: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, name).urn


def _time(paper: Paper) -> str:
    return f"{paper.added}T00:00:00Z"
