"""The sentences of a correction: the values in them, and what each sentence is about."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from kdbot.intake.cues import PAPER_LINK, TOPICS, Cues, cues_of, topics_of
from kdbot.intake.intent import split_sentences
from kdbot.intake.links import Link, find_links, role_of_link
from kdbot.intake.markdown.lines import Line, LineCutter
from kdbot.intake.mentions import split_labels
from kdbot.intake.sections import section_hints
from kdbot.intake.standing import Item, Standing, is_renamed, judge_items, last_cue
from kdbot.intake.stated_titles import find_stated_titles, is_title_alone
from kdbot.intake.titles import marked_ranges, short_names_in
from kdbot.model.taxonomy import Taxonomy
from kdbot.model.venue import Venues
from kdbot.text.dates import find_date
from kdbot.text.hosts import LinkRole, is_repository, names_paper
from kdbot.text.labels import IGNORED
from kdbot.text.titles import clean_title, is_title
from kdbot.text.venues import find_known_venues


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One sentence, or one label with its value.

    Attributes:
        text: as written.
        label: the field that a label before it names, or None.
        part: the line of the value behind the label.
        items: the values in it.
        cues: what kinds of words are in it.
        topics: fields that it speaks of.
        heading: whether it is the issue's title.
    """

    text: str
    part: Line
    label: str | None = None
    items: tuple[Item, ...] = ()
    cues: Cues = field(default_factory=lambda: cues_of(""))
    topics: frozenset[str] = frozenset()
    heading: bool = False


_MAX_SENTENCES = 200
_MAX_ITEMS = 40
_MAX_TEXT = 600
_NEAR = 60
_MANY_WORDS = 12
_NOT_A_VENUE = re.compile(
    r"\W{0,2}(?:anthology|web ?site|program(?:me)?\b|page|list|template)", re.IGNORECASE
)
# Without an identifier these lead to no paper.
_NO_PAPER = re.compile(r"/search\?|//(?:[\w-]+\.)*(?:arxiv|aclweb|aclanthology|openreview)\.\w+/")
_ENTRY = re.compile(r"[\s\d.)*•–—-]*([^\s].{6,220}?)\s*(?:\s[-–—|]\s|[:：|(\[])\s*")
_ANNOUNCES_PAPER = re.compile(
    r"\b(?:papers?|articles?|entr(?:y|ies)|work|following)\b", re.IGNORECASE
)
_ASKS_TO_UPDATE = re.compile(r"\b(?:update|change|replace|fix)\b[^.]{0,60}\?", re.IGNORECASE)
_LEAVES = re.compile(r"(?:^|\W)from\W*$", re.IGNORECASE)
_ARRIVES = re.compile(r"\W*to\W*", re.IGNORECASE)
_NAMED_VENUE = re.compile(
    r"(?:accepted (?:by|at|to|in|for)|published (?:in|by|at|on)|should be|should read"
    r"|journal is) (?:the )?((?:[A-Z][\w&.’'-]*)(?: (?:(?:of|and|&|on|in|for|the"
    r"|from) )?[A-Z][\w&.’'-]*){1,8})(?: \(([A-Z][\w-]{1,12})\))?"
)


def read_statements(
    lines: Iterable[Line], venues: Venues, taxonomy: Taxonomy, *, heading: int = 0
) -> Iterator[Statement]:
    """Yield the sentences of a text with their values, in order.

    Args:
        lines: as a reader sees them.
        venues: the names that the list knows.
        taxonomy: the categories, whose names are recognised.
        heading: how many of the lines are the issue's title.
    """
    pending = Standing.NONE
    topics: frozenset[str] = frozenset()
    opened = announced = False
    for number, line in enumerate(lines):
        reached = 0
        opened = opened and bool(line.spans)
        for label, part in split_labels(line):
            begin = line.text.find(part.text, reached)
            if label and begin > reached:
                # *New title:* and *Current link:* say what a value is before it comes.
                pending = last_cue(line.text[reached:begin] + ":") or pending
            reached = max(begin, reached) + len(part.text)
            if label == IGNORED:
                continue
            closed = [*((k.start, k.end) for k in find_links(part)), *marked_ranges(part)]
            cutter = LineCutter(part)
            for sentence in islice(split_sentences(part.text, closed), _MAX_SENTENCES):
                cut = cutter.cut(sentence.start, sentence.start + len(sentence.text))
                awaited = opened and ("title" in topics or announced)
                statement, pending = _read(
                    cut, label, pending, topics, venues, taxonomy, awaited=awaited
                )
                opened = cut.text.rstrip().endswith((":", "："))
                announced = _ANNOUNCES_PAPER.search(cut.text[-_MAX_TEXT:]) is not None
                if number < heading and pending is Standing.NEW:
                    pending = Standing.NONE  # *Correct link of X* does not say which it is
                topics = statement.topics or topics
                yield replace(statement, heading=number < heading)


def _read(
    line: Line,
    label: str | None,
    pending: Standing,
    before: frozenset[str],
    venues: Venues,
    taxonomy: Taxonomy,
    *,
    awaited: bool,
) -> tuple[Statement, Standing]:
    text = line.text
    unsorted = _find_items(line, label, before, venues, taxonomy, awaited=awaited)
    found = sorted(unsorted, key=_place)
    items: list[Item] = []
    for item in found[:_MAX_ITEMS]:
        if not items or item.start >= items[-1].end:
            items.append(item)
    words = _blank(text, items)
    topics = topics_of(words) | ({"title"} if is_renamed(words, items) else frozenset())
    names_title = label == "title" or (awaited and "title" in before and is_title_alone(line))
    about = frozenset({"title"}) if names_title else topics or before
    judged = tuple(judge_items(words, items, pending, about))
    rest = words[items[-1].end if items else 0 :]
    used = any(item.standing in {Standing.NEW, Standing.OLD} for item in judged)
    told_on = pending if len(words.split()) <= _MANY_WORDS and not used else Standing.NONE
    left = last_cue(rest[:_MAX_TEXT]) or told_on
    if _LEAVES.search(rest[-_NEAR:]) or _ARRIVES.fullmatch(rest[:_NEAR]):
        left = Standing.OLD if _LEAVES.search(rest[-_NEAR:]) else Standing.NEW
    elif not items and _ASKS_TO_UPDATE.search(rest[:_MAX_TEXT]):
        left = Standing.NONE  # *The old link is dead. Could you update it?*
    statement = Statement(
        text=text.strip(),
        part=line,
        label=label,
        items=judged,
        cues=cues_of(words),
        topics=topics | about if names_title else topics,
    )
    return statement, left


def _place(item: Item) -> tuple[int, bool, int]:
    """Order values by their places: one of no width, then the longest."""
    return item.start, item.end > item.start, -item.end


def _blank(text: str, items: Sequence[Item]) -> str:
    """Return the words around the values, each in its place."""
    for item in items:
        inner = text[item.start : item.end]
        if item.field in {"title", "venue"} or "://" in inner or names_paper(inner):
            text = text[: item.start] + "…" * len(inner) + text[item.end :]
    return text


def _find_items(
    line: Line,
    label: str | None,
    topics: frozenset[str],
    venues: Venues,
    taxonomy: Taxonomy,
    *,
    awaited: bool,
) -> Iterator[Item]:
    text = line.text
    links = find_links(line)
    for link in links:
        is_page = role_of_link(link, label) is LinkRole.PAPER and not _NO_PAPER.search(link.address)
        yield Item(
            field=_field_of(link, text, label),
            value=link.address,
            names=names_paper(link.address) or is_page,
            start=link.start,
            end=link.end,
        )
    is_subject = "title" in topics or TOPICS["title"].search(text[:_MAX_TEXT]) is not None
    yield from find_stated_titles(line, links, label, is_subject=is_subject, awaited=awaited)
    for name in short_names_in(line, listed=False):
        start = text.find(name)
        if start >= 0 and venues.canonical(name) is None:
            yield Item(field="title", value=name, names=True, start=start, end=start + len(name))
    yield from _find_words(text, topics, venues, taxonomy, linked=bool(links))


def _find_words(
    text: str, topics: frozenset[str], venues: Venues, taxonomy: Taxonomy, *, linked: bool
) -> Iterator[Item]:
    """Yield venues, dates and categories in words."""
    text = text[:_MAX_TEXT]
    known = [f for f in find_known_venues(text, venues) if not _NOT_A_VENUE.match(text, f.end)]
    if len(known) == 1 and not linked:
        yield from _find_entry(text[: known[0].start])
    for found in known:
        yield Item(field="venue", value=found.text, start=found.start, end=found.end)
    for match in _NAMED_VENUE.finditer(text):
        inside = any(f.start < match.end() and match.start(1) < f.end for f in known)
        if not inside and (TOPICS["venue"].search(text) or "venue" in topics):
            yield Item(
                field="venue", value=match[2] or match[1], start=match.start(1), end=match.end()
            )
    if TOPICS["date"].search(text) or "date" in topics:
        for match in re.finditer(
            r"\b(?:19|20)\d\d[-./年 ]\d{1,2}\b月?|\b[A-Z][a-z]{2,8}\.? (?:19|20)\d\d\b", text
        ):
            if (date := find_date(match[0])) and len(date) > 4:
                yield Item(field="date", value=date, start=match.start(), end=match.end())
    paths = {leaf.path for leaf in taxonomy.leaves}
    for hint in section_hints("", (text,), taxonomy):
        name = taxonomy.by_path[hint].title if hint in paths else hint
        at = text.casefold().find(name.casefold())
        if hint in paths and at >= 0:
            yield Item(field="categories", value=hint, start=at, end=at + len(name))


def _find_entry(head: str) -> Iterator[Item]:
    """Yield the title that stands before a venue as in a list: *- A Title - ICLR 2024*."""
    entry = _ENTRY.fullmatch(head)
    if entry and is_title(entry[1]) and not cues_of(entry[1]).fault:
        title = clean_title(entry[1])
        start, end = entry.span(1)
        yield Item(field="title", value=title, names=True, start=start, end=end)


def _field_of(link: Link, text: str, label: str | None) -> str:
    """Return the field that an address would fill: by its label, its kind, and the words before."""
    role = role_of_link(link, label)
    if names_paper(link.address):
        return "url"
    before = text[max(link.start - _NEAR, 0) : link.start]
    if not link.bare and role in {LinkRole.CODE, LinkRole.PROJECT, LinkRole.DATA}:
        return role.value
    if PAPER_LINK.search(before):
        return "url"
    places = [
        (m.end(), name) for name in ("code", "project") for m in TOPICS[name].finditer(before)
    ]
    near = max(places, default=(0, ""))[1]
    if near == "project" or (near == "code" and is_repository(link.address)):
        return near
    if role in {LinkRole.CODE, LinkRole.PROJECT, LinkRole.DATA}:
        return role.value
    return "other" if is_repository(link.address) or role is LinkRole.OTHER else "url"
