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
from kdbot.intake.titles import find_titles, marked_ranges, short_names_in, title_of_link
from kdbot.model.taxonomy import Taxonomy
from kdbot.model.venue import Venues
from kdbot.text.dates import find_date
from kdbot.text.hosts import LinkRole, is_repository, names_paper
from kdbot.text.labels import IGNORED
from kdbot.text.titles import clean_title, is_named_title, is_short_name, is_title
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
        topics: fields that it mentions.
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
_ALONE = re.compile(r"\W*(?:from|to|before|after|old|new)\W*$", re.IGNORECASE)
_ANNOUNCES_PAPER = re.compile(
    r"\b(?:papers?|articles?|entr(?:y|ies)|work|following)\b", re.IGNORECASE
)
_ASKS_TO_UPDATE = re.compile(r"\b(?:update|change|replace|fix)\b[^.]{0,60}\?", re.IGNORECASE)
_LEAVES = re.compile(r"(?:^|\W)from\W*$", re.IGNORECASE)
_ARRIVES = re.compile(r"\W*to\W*", re.IGNORECASE)
_MONTH = re.compile(r"\b(?:19|20)\d\d[-./年 ]\d{1,2}\b月?|\b[A-Z][a-z]{2,8}\.? (?:19|20)\d\d\b")
_NAMED_VENUE = re.compile(
    r"(?:accepted (?:by|at|to|in|for)|published (?:in|by|at|on)|should be|should read"
    r"|journal is) (?:the )?((?:[A-Z][\w&.’'-]*)(?: (?:(?:of|and|&|on|in|for|the"
    r"|from) )?[A-Z][\w&.’'-]*){1,8})(?: \(([A-Z][\w-]{1,12})\))?"
)


class StatementReader:
    """Reads the sentences of a text with their values, in order.

    Args:
        venues: the names that the list knows.
        taxonomy: the categories, whose names are recognised.
    """

    def __init__(self, venues: Venues, taxonomy: Taxonomy) -> None:
        self._venues, self._taxonomy = venues, taxonomy
        self._pending = Standing.NONE  # what the words before say of a value that comes
        self._topics: frozenset[str] = frozenset()
        self._opened = self._announced = False  # by a colon; by the word *paper*

    def read(self, lines: Iterable[Line], *, heading: int = 0) -> Iterator[Statement]:
        """Yield the sentences of lines; the first `heading` lines are the issue's title."""
        for number, line in enumerate(lines):
            reached = 0
            self._opened = self._opened and bool(line.spans)
            for label, part in split_labels(line):
                begin = line.text.find(part.text, reached)
                if label and begin > reached:
                    # *New title:* and *Current link:* say what a value is before it comes.
                    self._pending = last_cue(line.text[reached:begin] + ":") or self._pending
                reached = max(begin, reached) + len(part.text)
                if label == IGNORED:
                    continue
                closed = [*((k.start, k.end) for k in find_links(part)), *marked_ranges(part)]
                cutter = LineCutter(part)
                for sentence in islice(split_sentences(part.text, closed), _MAX_SENTENCES):
                    cut = cutter.cut(sentence.start, sentence.start + len(sentence.text))
                    yield replace(self._read(cut, label), heading=number < heading)
                    if number < heading and self._pending is Standing.NEW:
                        self._pending = Standing.NONE  # *Correct link of X* is not said which

    def _read(self, line: Line, label: str | None) -> Statement:
        text = line.text
        items: list[Item] = []
        for item in sorted(self._find_items(line, label), key=_place)[:_MAX_ITEMS]:
            if not items or item.start >= items[-1].end:
                items.append(item)
        words = _blank(text, items)
        topics = topics_of(words) | ({"title"} if is_renamed(words, items) else frozenset())
        awaits_title = self._opened and "title" in self._topics and _is_title_alone(line)
        names_title = label == "title" or awaits_title
        about = frozenset({"title"}) if names_title else topics or self._topics
        judged = tuple(judge_items(words, items, self._pending, about))
        used = any(item.standing in {Standing.NEW, Standing.OLD} for item in judged)
        self._leave(words, words[items[-1].end if items else 0 :], used=used, empty=not items)
        topics = topics | about if names_title else topics
        self._topics = topics or self._topics
        self._opened = text.rstrip().endswith((":", "：")) or bool(_ALONE.match(text))
        self._announced = _ANNOUNCES_PAPER.search(text[-_MAX_TEXT:]) is not None
        return Statement(
            text=text.strip(),
            part=line,
            label=label,
            items=judged,
            cues=cues_of(words),
            topics=topics,
        )

    def _leave(self, words: str, rest: str, *, used: bool, empty: bool) -> None:
        """Keep what the end of a sentence says of a value in the next one."""
        if _LEAVES.search(rest[-_NEAR:]):
            self._pending = Standing.OLD
        elif _ARRIVES.fullmatch(rest[:_NEAR]):
            self._pending = Standing.NEW
        elif empty and _ASKS_TO_UPDATE.search(rest[:_MAX_TEXT]):
            self._pending = Standing.NONE  # *The old link is dead. Could you update it?*
        elif cue := last_cue(rest[:_MAX_TEXT]):
            self._pending = cue
        elif used or len(words.split()) > _MANY_WORDS:
            self._pending = Standing.NONE

    def _find_items(self, line: Line, label: str | None) -> Iterator[Item]:
        text = line.text
        links = find_links(line)
        for link in links:
            is_page = role_of_link(link, label) is LinkRole.PAPER
            yield Item(
                field=_field_of(link, text, label),
                value=link.address,
                names=names_paper(link.address) or (is_page and not _NO_PAPER.search(link.address)),
                start=link.start,
                end=link.end,
            )
        is_subject = "title" in self._topics or "title" in topics_of(text)
        awaited = self._opened and ("title" in self._topics or self._announced)
        yield from _find_titles_in(line, links, label, is_subject=is_subject, awaited=awaited)
        for name in short_names_in(line, listed=False):
            start = text.find(name)
            if start >= 0 and self._venues.canonical(name) is None:
                yield _title_item(name, start, start + len(name))
        topics = self._topics | topics_of(text)
        yield from _find_venues(text[:_MAX_TEXT], topics, self._venues, linked=bool(links))
        if "date" in topics:
            for match in _MONTH.finditer(text[:_MAX_TEXT]):
                if (date := find_date(match[0])) and len(date) > 4:
                    yield Item(field="date", value=date, start=match.start(), end=match.end())
        by_path = {leaf.path: leaf.title for leaf in self._taxonomy.leaves}
        for hint in section_hints("", (text,), self._taxonomy):
            at = text.casefold().find(by_path.get(hint, hint).casefold())
            if hint in by_path and at >= 0:
                end = at + len(by_path[hint])
                yield Item(field="categories", value=hint, start=at, end=end)


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


def _find_venues(
    text: str, topics: frozenset[str], venues: Venues, *, linked: bool
) -> Iterator[Item]:
    """Yield the venues in words, and the title of an entry that ends in one."""
    known = [f for f in find_known_venues(text, venues) if not _NOT_A_VENUE.match(text, f.end)]
    if len(known) == 1 and not linked:
        yield from _find_entry(text[: known[0].start])
    for found in known:
        yield Item(field="venue", value=found.text, start=found.start, end=found.end)
    for match in _NAMED_VENUE.finditer(text) if "venue" in topics else ():
        if not any(f.start < match.end() and match.start(1) < f.end for f in known):
            name = match[2] or match[1]
            yield Item(field="venue", value=name, start=match.start(1), end=match.end())


def _find_entry(head: str) -> Iterator[Item]:
    """Yield the title that precedes a venue as in a list: *- A Title - ICLR 2024*."""
    entry = _ENTRY.fullmatch(head)
    if entry and is_title(entry[1]) and not cues_of(entry[1]).fault:
        yield _title_item(clean_title(entry[1]), *entry.span(1))


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


_TITLE_WORDS = 4
_QUOTES = "\"“”‘’'`*_~ "
_IS_LINK = re.compile(r"(?:the )?(?:doi|link|url|pdf|preprint)\b", re.IGNORECASE)
_PARTED = re.compile(r"\w.*[\"“”«»].*\w|->|→|=>")
_PAPER = re.compile(
    r"\b(?:papers?|articles?|preprint|publication|work|survey)\W{0,3}$", re.IGNORECASE
)
_ANNOUNCES = re.compile(
    r"^[^:：=\"“]{0,80}\b(?:title|name)\b[^:：=\"“]{0,60}[:：]\W*(?=\w)", re.IGNORECASE
)
_STATES = re.compile(
    r"\b(?:should (?:\w+ )?(?:be|read)|titled?(?: now)? is|corrected (?:to|as)|changed? (?:in)?to"
    r"|following|as follows|^\W*(?:before|after|old|new|current"
    r"|correct(?:ed)?))[^\w:：]{0,2}(?P<colon>[:：])?\s+(?P<title>[^\s\"“”*`].+)$",
    re.IGNORECASE,
)
_NAMED_FIRST = re.compile(
    r"^\W*(?:\d{1,2}[.)]\s)?([A-Z][\w.+-]*)\s*(?:[:：](?!/)|->|→|=>|\s(?:is|was|has|should|now)\b)"
)


def _is_title_alone(line: Line) -> bool:
    """Tell whether a line can be the title that the one before it announces with a colon."""
    return not find_links(line) and _may_stand_bare(clean_title(line.text))


def _find_titles_in(
    line: Line, links: Sequence[Link], label: str | None, *, is_subject: bool, awaited: bool
) -> Iterator[Item]:
    """Yield the titles in a sentence, and the short name with which it begins.

    Args:
        line: the sentence, or the text after a label.
        links: its links.
        label: the field that the label names.
        is_subject: whether it is about a title: then one in marks counts whatever its letters
            look like, and so does what follows a colon or *should be*.
        awaited: whether the line before announces a title.
    """
    text = line.text
    for link in links:
        title = title_of_link(link)
        if title and is_title(title) and not _IS_LINK.match(title):
            # Of no width: what is said of it is also said of the address.
            yield _title_item(title, link.start, link.start)
    whole = clean_title(text)
    if label in {"title", "paper"} and not links:
        inner = whole.strip(_QUOTES)
        if is_named_title(inner) or is_short_name(inner):
            yield _title_item(inner, 0, len(text))
            return
    if (
        awaited
        and _is_title_alone(line)
        and (is_subject or is_title(whole))
        and not _PARTED.search(whole)
    ):
        yield _title_item(whole.strip(_QUOTES), 0, len(text), names=not is_subject)
        return
    places = [(p.start, p.start + len(p.title) + 2, p.title) for p in find_titles(line) if p.marked]
    marked = [(start, end, clean_title(text[start:end])) for start, end in marked_ranges(line)]
    marked = [m for m in marked if _is_marked_title(m[2], text[: m[0]], is_subject=is_subject)]
    for start, end, title in (*places, *marked):
        if not any(link.start <= start + 1 < link.end for link in links):
            names = is_title(title) or _PAPER.search(text[:start][-_MAX_TEXT:]) is not None
            yield _title_item(title, start, end, names=names)
    if not (places or marked) and is_subject:
        yield from _find_bare(text, links)
    if (named := _NAMED_FIRST.match(text)) and is_short_name(named[1]):
        yield _title_item(named[1], named.start(1), named.end(1))


def _title_item(title: str, start: int, end: int, *, names: bool = True) -> Item:
    """Return a title as a value; one that names can tell which paper is meant."""
    return Item(field="title", value=title, names=names, start=start, end=end)


def _is_marked_title(title: str, before: str, *, is_subject: bool) -> bool:
    is_long = len(title.split()) >= _TITLE_WORDS and is_named_title(title)
    is_upper = not title[:1].islower()
    return is_long and is_upper and (is_subject or _PAPER.search(before[-_MAX_TEXT:]) is not None)


def _find_bare(text: str, links: Sequence[Link]) -> Iterator[Item]:
    """Yield the title that ends a sentence, behind a colon or *should be*."""
    for pattern in (_ANNOUNCES, _STATES):
        stated = pattern.search(text[:_MAX_TEXT])
        if stated is None:
            continue
        start = stated.end() if pattern is _ANNOUNCES else stated.start("title")
        has_colon = pattern is _ANNOUNCES or bool(stated["colon"])
        said = TOPICS["title"].search(text[:start]) is not None
        title = clean_title(text[start:])
        is_good = _may_stand_bare(title) if has_colon else said and is_title(title)
        if is_good and not any(link.end > start for link in links):
            yield _title_item(title, start, len(text), names=False)
            return


def _may_stand_bare(text: str) -> bool:
    """Tell whether words without quotes can be a title: *as in the PDF* cannot."""
    return not text[:1].islower() and len(text.split()) >= _TITLE_WORDS and is_named_title(text)
