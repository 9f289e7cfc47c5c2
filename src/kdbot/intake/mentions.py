"""What one labelled line or one table row says about a paper."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import accumulate, islice

from kdbot.intake.links import Link, find_links, role_of_link
from kdbot.intake.markdown.lines import Line, LineCutter
from kdbot.intake.titles import is_detail, read_title, title_of_link
from kdbot.model.paper import LINK_LISTS
from kdbot.model.venue import Venues
from kdbot.text.dates import is_date, parse_month
from kdbot.text.hosts import LinkRole, role_of_address
from kdbot.text.labels import IGNORED, MAX_LABEL, PAPER, field_of_label, says_nothing
from kdbot.text.names import names_in, split_names
from kdbot.text.titles import (
    clean_title,
    is_generic,
    is_named_title,
    is_request,
    is_short_name,
    is_title,
)
from kdbot.text.venues import find_venue

_LINKED = frozenset({"url", "code", "project", PAPER})
_ALWAYS_LABELS = frozenset({"Author", "Authors", "Conference", "Journal", "Venue"})
_SEPARATORS = frozenset(",;|·•([")
_LABEL_START = re.compile(r"(?<!\w)[^\W\d_]")
_MAX_ADDRESS = 2_000
_DASHED = re.compile(r"\W{0,3}([^\W\d_][\w /]{1,24}?)\s([-–—])\s")
_MAX_LABEL_WORDS = 12
_BRACKETS = {"(": ")", "[": "]"}
_MAX_COLONS = 60
SURE, LIKELY, WEAK = 3, 2, 1
_MANY = (*LINK_LISTS, "categories")
_MAX_VALUE = 120
_MONTH_BESIDE = re.compile(
    r"(?:[(\[（]|^arxiv,? )([^()\[\]（）]{4,20})(?:[)\]）]|$)", re.IGNORECASE
)


def split_labels(line: Line) -> Iterator[tuple[str | None, Line]]:
    """Cut a line at the labels in it: `Title: X, Code: Y` gives the title and the code.

    Text before the first label comes with None, and so does text after the bracket around a label
    and its value.
    """
    text, cutter = line.text, LineCutter(line)
    start = closed = 0
    field: str | None = None
    for colon in islice(_colons(line), _MAX_COLONS):
        if closed and closed < colon:
            yield field, cutter.cut(start, closed)
            field, start, closed = None, closed, 0
        found = _label_before(line, start, colon, field)
        if found is None:
            continue
        begin, next_field = found
        if any(span.url for span in cutter.cut(begin, colon).spans):
            continue  # `[Paper](https://…): A Title of It`
        if field or text[start:begin].strip():
            yield field, cutter.cut(start, begin)
        field, start = next_field, colon + 1
        bracket = _BRACKETS.get(text[begin - 1 : begin] if begin else "")
        closed = max(text.find(bracket, colon), 0) if bracket else 0
    if closed:
        yield field, cutter.cut(start, closed)
        field, start = None, closed
    if field or text[start:].strip():
        yield field, cutter.cut(start, len(text))


def _colons(line: Line) -> Iterator[int]:
    """Yield the places of colons, and of a dash that is one: `Title - A Title of It`."""
    dashed = _DASHED.match(line.text)
    if dashed and field_of_label(dashed[1]) not in {None, IGNORED}:
        yield dashed.start(2)
    position = 0
    for span in line.spans:
        if span.url is None:
            for offset, char in enumerate(span.text):
                behind = span.text[offset + 1 : offset + 2]
                if char in ":：" and behind != "/" and not behind.isdigit():
                    yield position + offset
        position += len(span.text)


def _label_before(
    line: Line, start: int, colon: int, current: str | None
) -> tuple[int, str] | None:
    """Find where the label in front of a colon begins, and its field.

    A label is at the start, after a separator or an address, or begins bold words; between other
    words it is `Title:`, behind another label `Authors:` and the like, and behind a title and
    before an address `arXiv:` and the like.
    """
    first = max(start, colon - MAX_LABEL)
    head = line.text[first:colon]
    if first == start and (field := field_of_label(head.strip(" ([*_-–•"))) and head.strip():
        return start, field
    bold = _bold_starts(line)
    for match in islice(_LABEL_START.finditer(head), _MAX_LABEL_WORDS):
        begin = first + match.start()
        before = line.text[max(begin - _MAX_ADDRESS, start) : begin]
        may_begin = (
            before.rstrip()[-1:] in _SEPARATORS
            or begin in bold
            or "://" in before.rpartition(" ")[0].rpartition(" ")[2]
        )
        label = line.text[begin:colon]
        field = field_of_label(label)
        is_inside = label == "Title" or (current is not None and label in _ALWAYS_LABELS)
        is_linked = field in _LINKED and "://" in line.text[colon : colon + 10]
        if is_linked and not current:
            is_linked = label[0].isupper() and is_title(clean_title(before))
        if field and (may_begin or is_inside or is_linked):
            return begin, field
    return None


def _bold_starts(line: Line) -> frozenset[int]:
    ends = accumulate((len(span.text) for span in line.spans), initial=0)
    return frozenset(start for start, span in zip(ends, line.spans, strict=False) if span.strong)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """What one place of a text says about one paper.

    Attributes:
        title: a title, cleaned, or None.
        rank: how sure the title is: `SURE`, `LIKELY` or `WEAK`.
        short_name: an acronym in place of a title.
        papers: links to the paper.
        values: other fields: addresses for code, project and data; words for the rest.
        mark: its place: the same for all that one list item or one line says.
        labelled: whether labels name its parts.
        cited: whether it was read from a bibliography's entry.
        offered: whether the words around it present it, or there is nothing else.
        heading: whether it is a heading, which may be above several papers.
        section: words of the heading or the line that announces it.
        numbered: whether a number in brackets precedes it: *[2] A Title*.
        shared: whether the words around it speak of several papers.
    """

    title: str | None = None
    rank: int = WEAK
    short_name: str | None = None
    papers: tuple[Link, ...] = ()
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    mark: tuple[int, ...] = ()
    labelled: bool = False
    cited: bool = False
    offered: bool = False
    heading: bool = False
    numbered: bool = False
    shared: bool = False
    section: str = ""

    @property
    def names_paper(self) -> bool:
        """Whether it identifies a paper."""
        return bool(self.title or self.short_name or self.papers)

    @property
    def proposed(self) -> bool:
        """Whether it is put forward, not only spoken of."""
        return self.offered or self.labelled


def merge_mentions(left: Mention, right: Mention) -> Mention:
    """Return both as one; the surer title wins, the left one where both are as sure."""
    title, rank = left.title, left.rank
    if right.title and (title is None or right.rank > rank):
        title, rank = right.title, right.rank
    return replace(
        left,
        title=title,
        rank=rank,
        short_name=left.short_name or right.short_name,
        papers=(*left.papers, *right.papers),
        values=merge_values(left.values, right.values),
        labelled=left.labelled or right.labelled,
        offered=left.offered or right.offered,
        section=left.section or right.section,
    )


def merge_values(
    left: Mapping[str, tuple[str, ...]], right: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """Return the values of both; where only one value can stand, the left one does."""
    values = dict(left)
    for name, items in right.items():
        if name in _MANY:
            values[name] = tuple(dict.fromkeys((*values.get(name, ()), *items)))
        else:
            values.setdefault(name, items)
    return values


def link_values(
    links: Iterable[Link], role_of: Callable[[Link], LinkRole | None]
) -> tuple[tuple[Link, ...], dict[str, tuple[str, ...]]]:
    """Return the links to a paper, and the addresses of its code, project and data."""
    papers: list[Link] = []
    values: dict[str, tuple[str, ...]] = {}
    for link in links:
        role = role_of(link)
        if role is LinkRole.PAPER:
            papers.append(link)
        elif role not in {LinkRole.OTHER, None}:
            values = merge_values(values, {role.value: (link.address,)})
    return tuple(papers), values


def read_field(
    label: str, value: Line, venues: Venues, *, in_table: bool = False
) -> Mention | None:
    """Return what the value behind a label or under a table's header says."""
    text = value.text.strip()
    if says_nothing(text):
        return None
    links = find_links(value)
    if label == IGNORED:
        # An abstract may say where the code is.
        roles = ((link.address, role_of_address(link.address)) for link in links)
        code = tuple(address for address, role in roles if role is LinkRole.CODE)
        return Mention(values={"code": code}) if code else None
    papers, values = link_values(links, partial(role_of_link, label=label))
    if label in {"title", PAPER, "url"}:
        return _read_named(label, value, links, venues, in_table=in_table)
    words = " ".join(_words_outside(value, links).split()).strip(" .,;|*_`[]")
    if label in {"venue", "date"} and not says_nothing(words):
        name, words = _venue_or_date(label, words, venues)
        values[name] = (words[:_MAX_VALUE],)
        dated = _MONTH_BESIDE.search(words) if name == "venue" else None
        if dated and parse_month(dated[1]):
            values["date"] = (dated[1],)
    elif label == "authors":
        if names := names_in(text) or split_names(text):
            values["authors"] = names
    elif label == "categories":
        values["categories"] = (clean_title(text)[:_MAX_VALUE],)
    return Mention(papers=papers, values=values, labelled=True) if papers or values else None


def read_cells(cells: Sequence[Line], header: Sequence[str | None], venues: Venues) -> Mention:
    """Return what one row of a table says; without a header each cell speaks for itself."""
    whole = Mention(labelled=True)
    for number, cell in enumerate(cells):
        label = header[number] if number < len(header) else None
        if label is None:
            guess = _guess_cell(cell, venues)
            # Under a title that says nothing only what can be nothing else counts.
            label = guess if not header or guess in {"venue", "code"} else None
        if label and (part := read_field(label, cell, venues, in_table=True)):
            whole = merge_mentions(whole, part)
    return whole


def _read_named(
    label: str, value: Line, links: Sequence[Link], venues: Venues, *, in_table: bool
) -> Mention | None:
    """Read the value after `Title:`, `Paper:` or `Link:`, which may contain words and links."""
    papers, values = link_values(links, partial(role_of_link, label=label))
    if label == PAPER and not links and is_detail(value.text.strip(" *_"), venues):
        return read_field("venue", value, venues)
    title = next(filter(None, map(title_of_link, links)), None)
    head = value.text[: links[0].start] if links else value.text
    if title is None and (label != "url" or links) and head.strip(" ([-"):
        title, extra = read_title(head, venues, strict=label == "url")
        values = merge_values(values, extra)
        whole = clean_title(head)
        if label == "title" and is_title(whole) and is_request(whole):
            title = None if is_request(whole, marked=True) else whole
        if title is None and (label == "title" or (not links and _opens_title(whole))):
            title = whole
    if links and (venue := find_venue(value.text[links[-1].end :], venues)):
        values = merge_values(values, {"venue": (venue.text,)})
    is_stated = label == "title" and not in_table
    if title and is_short_name(title) and not is_named_title(title) and not is_stated:
        return Mention(short_name=title, papers=papers, values=values, labelled=True)
    if title and (is_generic(title) or len(title) < 3):
        title = None
    if title is None and not papers and not values:
        return None
    return Mention(title=title, rank=SURE, papers=papers, values=values, labelled=True)


def _opens_title(text: str) -> bool:
    return is_named_title(text) and not text[0].islower()


def _venue_or_date(label: str, words: str, venues: Venues) -> tuple[str, str]:
    found = find_venue(words, venues)
    if label == "venue":
        return "venue", found.text if found and len(words.split()) > 8 else words
    if found and not is_date(words):
        return "venue", found.text
    return "date", words


def _guess_cell(cell: Line, venues: Venues) -> str | None:
    text = cell.text.strip()
    if links := find_links(cell):
        if all(role_of_link(link, None) is LinkRole.CODE for link in links):
            return "code"
        return PAPER if any(map(title_of_link, links)) else "url"
    if is_date(text):
        return "date"
    found = find_venue(f"at {text}", venues)
    if venues.canonical(text) or (found and found.text == text):
        return "venue"
    return "title" if is_title(clean_title(text)) else None


def _words_outside(line: Line, links: Sequence[Link]) -> str:
    """Return a line's text without its bare addresses."""
    kept, position = [], 0
    for link in links:
        kept.append(line.text[position : link.start])
        kept.append("" if link.bare else link.text)
        position = link.end
    return "".join((*kept, line.text[position:]))
