"""What one line says of papers."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from kdbot.intake.labels import IGNORED, PAPER, fold_label, split_labels
from kdbot.intake.lines import Line, cut_line
from kdbot.intake.links import Link, Role, find_links, role_of_link
from kdbot.intake.phrases import asks_to_add, is_mention, split_sentences
from kdbot.intake.title_place import find_titles, short_name_in, title_before, title_of_link
from kdbot.intake.title_text import (
    clean_title,
    is_generic,
    is_named_title,
    is_short_name,
    is_title,
)
from kdbot.intake.venue_text import (
    find_arxiv_date,
    find_venue,
    is_date,
    read_authors,
)
from kdbot.model.identifiers import IdentifierKind
from kdbot.model.venue import Venues

SURE, LIKELY, WEAK = 3, 2, 1
_MAX_VALUE = 120
_WORD_BEFORE = re.compile(
    r"\b(paper|preprint|pdf|code|github|repo(?:sitory)?|implementation|project(?: page)?|website|homepage"
    r"|web ?page|demo|dataset|data|model|weights|blog|video|slides)s?\b",
    re.IGNORECASE,
)
_WORD_LABELS = {
    "paper": PAPER, "preprint": PAPER, "pdf": PAPER, "code": "code", "github": "code", "repo": "code",
    "repository": "code", "implementation": "code", "project": "project", "project page": "project",
    "website": "project", "homepage": "project", "web page": "project", "webpage": "project",
    "demo": "project", "dataset": "data", "data": "data",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """What one place says of one paper.

    Attributes:
        title: a title, cleaned, or None.
        rank: how sure the title is: `SURE`, `LIKELY` or `WEAK`.
        short_name: an acronym in place of a title.
        papers: links to the paper.
        values: other fields: addresses for code, project and data; words for the rest.
        sentence: the words that it was read from.
        mark: where it stands: the same for all that one list item or one line says.
        labelled: whether labels name its parts.
    """

    title: str | None = None
    rank: int = WEAK
    short_name: str | None = None
    papers: tuple[Link, ...] = ()
    values: dict[str, tuple[str, ...]] = field(default_factory=dict)
    sentence: str = ""
    mark: tuple[int, ...] = ()
    labelled: bool = False

    @property
    def names_paper(self) -> bool:
        """Whether it says which paper it speaks of."""
        return bool(self.title or self.short_name or self.papers)


def read_line(line: Line, venues: Venues, *, listed: bool) -> Iterator[Mention]:
    """Return what a line says, in its order.

    Args:
        line: the line.
        venues: the venues that the list knows.
        listed: whether it is an item of a list.
    """
    for label, part in split_labels(line):
        if label is None:
            yield from _read_prose(part, venues, listed=listed)
        elif mention := read_field(label, part, venues):
            yield mention


def read_field(label: str, value: Line, venues: Venues) -> Mention | None:
    """Return what the value behind a label or under a table's header says."""
    links = find_links(value)
    text = value.text.strip()
    if label == IGNORED or not text or fold_label(text) in _NOTHING:
        return None
    mention = _linked(links, label)
    if label in {"title", PAPER, "url"}:
        return _titled(mention, label, value, links, venues)
    words = " ".join(_outside(value, links).split()).strip(" .,;|*_`[]")
    if label in {"venue", "date"} and words and not is_generic_venue(words):
        name, words = _venue_or_date(label, words, venues)
        mention.values[name] = (words,)
    elif label == "authors":
        mention.values["authors"] = read_authors(text) or (text[:_MAX_VALUE],)
    elif label == "categories":
        mention.values["categories"] = (clean_title(text)[:_MAX_VALUE],)
    return mention if mention.values or mention.papers else None


_NOTHING = frozenset(
    {
        "",
        "no response",
        "none",
        "n a",
        "na",
        "tbd",
        "tba",
        "coming soon",
        "not available",
        "null",
        "无",
        "暂无",
    }
)


def is_generic_venue(text: str) -> bool:
    """Tell whether a text says only that nothing is known."""
    return fold_label(text) in _NOTHING


def read_cells(cells: Sequence[Line], header: Sequence[str | None], venues: Venues) -> Mention:
    """Return what one row of a table says; without a header each cell speaks for itself."""
    whole = Mention(labelled=True, sentence="")
    for number, cell in enumerate(cells):
        label = header[number] if number < len(header) else None
        if label is None and not header:
            label = _guess_cell(cell, venues)
        part = read_field(label, cell, venues) if label else None
        if part:
            whole = merge_parts(whole, part)
    return whole


def merge_parts(left: Mention, right: Mention) -> Mention:
    """Return both as one; the surer title wins, the left one where both are as sure."""
    title, rank = left.title, left.rank
    if right.title and (title is None or right.rank > rank):
        title, rank = right.title, right.rank
    values = dict(left.values)
    for name, items in right.values.items():
        many = name in {"code", "project", "data", "categories"}
        values[name] = (
            tuple(dict.fromkeys((*values.get(name, ()), *items)))
            if many
            else (values.get(name) or items)
        )
    return replace(
        left,
        title=title,
        rank=rank,
        short_name=left.short_name or right.short_name,
        papers=(*left.papers, *right.papers),
        values=values,
        labelled=left.labelled or right.labelled,
        sentence=left.sentence or right.sentence,
    )


def _titled(
    mention: Mention, label: str, value: Line, links: Sequence[Link], venues: Venues
) -> Mention | None:
    title = next(filter(None, (title_of_link(link) for link in links if not link.bare)), None)
    if title is None and label != "url":
        head = value.text[: links[0].start] if links else value.text
        title, extra = title_before(head, venues, strict=label == PAPER)
        mention.values.update(extra)
        if title is None and label == "title":
            title = clean_title(head)
    elif title is None and links and (head := value.text[: links[0].start]).strip(" ([-"):
        title, extra = title_before(head, venues, strict=True)
        mention.values.update(extra)
    if title and is_short_name(title) and not is_named_title(title):
        return replace(mention, short_name=title)
    if title and (is_generic(title) or len(title) < 3):
        title = None
    if title is None and not mention.papers and not mention.values:
        return None
    return replace(mention, title=title, rank=SURE)


def _venue_or_date(label: str, words: str, venues: Venues) -> tuple[str, str]:
    found = find_venue(words, venues)
    if label == "venue":
        sentence = len(words.split()) > 8 and found
        return "venue", (found.text if sentence and found else words)[:_MAX_VALUE]
    if found and not is_date(words):
        return "venue", found.text
    return "date", words[:_MAX_VALUE]


def _guess_cell(cell: Line, venues: Venues) -> str | None:
    text = cell.text.strip()
    links = find_links(cell)
    if links:
        return PAPER if any(title_of_link(link) for link in links) else "url"
    if is_date(text):
        return "date"
    if venues.canonical(text):
        return "venue"
    return "title" if is_title(clean_title(text)) else None


def _outside(line: Line, links: Sequence[Link]) -> str:
    kept, position = [], 0
    for link in links:
        kept.append(line.text[position : link.start])
        kept.append("" if link.bare else link.text)
        position = link.end
    return "".join((*kept, line.text[position:]))


def _linked(links: Sequence[Link], label: str | None) -> Mention:
    values: dict[str, tuple[str, ...]] = {}
    papers = []
    for link in links:
        role = role_of_link(link, label)
        if role is Role.PAPER:
            papers.append(link)
        elif role not in {Role.OTHER, Role.UNKNOWN}:
            values[role.value] = (*values.get(role.value, ()), link.address)
    return Mention(papers=tuple(papers), values=values, labelled=label is not None)


def _read_prose(line: Line, venues: Venues, *, listed: bool) -> Iterator[Mention]:
    links = find_links(line)
    text = line.text
    closed = [(link.start, link.end) for link in links]
    if not links and (whole := clean_title(text)) and is_title(whole):
        short = listed and len(whole.split()) <= 4 and ":" not in whole
        yield Mention(
            title=None if short else whole,
            short_name=whole if short else None,
            rank=WEAK,
            sentence=text,
            values=_context(text, whole, venues),
        )
        return
    if not links and (names := read_authors(text)):
        yield Mention(values={"authors": names})
        return
    for sentence in split_sentences(text, closed):
        end = sentence.start + len(sentence.text)
        inside = [link for link in links if sentence.start <= link.start < end]
        part = cut_line(line, sentence.start, end)
        shifted = [
            replace(link, start=link.start - sentence.start, end=link.end - sentence.start)
            for link in inside
        ]
        yield from _read_sentence(part, shifted, venues, listed=listed)


def _read_sentence(
    line: Line, links: Sequence[Link], venues: Venues, *, listed: bool
) -> Iterator[Mention]:
    text = line.text
    titles = find_titles(line)
    mentions: list[Mention] = []
    start = 0
    spoken = False
    for link in links:
        before = text[start : link.start]
        role = _role_in_sentence(link, text[: link.start])
        if role is Role.PAPER or (role is Role.CODE and title_of_link(link)):
            spoken = is_mention(text[: link.start])
            if spoken:
                start = link.end
                continue
            fresh = _paper_mention(link, before, titles, venues, role)
            if mentions and _same_paper(mentions[-1], fresh, before):
                mentions[-1] = merge_parts(mentions[-1], fresh)
            else:
                mentions.append(fresh)
        elif role not in {Role.OTHER, Role.UNKNOWN} and not spoken:
            fresh = Mention(values={role.value: (link.address,)})
            if mentions:
                mentions[-1] = merge_parts(mentions[-1], fresh)
            else:
                mentions.append(fresh)
        start = link.end
    used = {mention.title for mention in mentions}
    for title, position, sure in titles:
        wanted = asks_to_add(text) or sure
        if title not in used and wanted and not is_mention(text[:position]):
            bare = [m for m in mentions if m.papers and not m.title]
            if len(bare) == 1 and len(titles) == 1:
                at = mentions.index(bare[0])
                mentions[at] = replace(bare[0], title=title, rank=LIKELY)
            elif not any(m.title for m in mentions):
                mentions.append(Mention(title=title, rank=LIKELY))
    if not any(m.title or m.papers for m in mentions) and not spoken:
        short = short_name_in(line, listed=listed)
        if short:
            mentions.append(Mention(short_name=short))
    extra = _context(text, " ".join(t for t, _, _ in titles), venues) if not spoken else {}
    if extra and mentions:
        mentions[0] = merge_parts(mentions[0], Mention(values=extra))
    elif extra:
        mentions.append(Mention(values=extra))
    yield from (replace(m, sentence=text) for m in mentions)


def _role_in_sentence(link: Link, before: str) -> Role:
    words = _WORD_BEFORE.findall(before[-80:])
    label = _WORD_LABELS.get(words[-1].lower()) if words else None
    role = role_of_link(link, label)
    if role is Role.UNKNOWN and title_of_link(link):
        return Role.PAPER
    return role


def _paper_mention(
    link: Link,
    before: str,
    titles: Sequence[tuple[str, int, bool]],
    venues: Venues,
    role: Role,
) -> Mention:
    values: dict[str, tuple[str, ...]] = {}
    title = title_of_link(link)
    rank = SURE
    short = None
    if title is None and not any(
        link.start - len(before) <= at < link.start for _, at, _ in titles
    ):
        title, values = title_before(before, venues, strict=False)
        rank = LIKELY
    if title is None:
        near = [t for t, at, _ in titles if link.start - len(before) <= at < link.start]
        title = near[-1] if near else None
    if title is None:
        head = clean_title(before)
        short = head if is_short_name(head) else None
    if role is Role.CODE:
        values["code"] = (link.address,)
        return Mention(title=title, rank=rank, values=values)
    return Mention(title=title, rank=rank, short_name=short, papers=(link,), values=values)


def _same_paper(left: Mention, right: Mention, between: str) -> bool:
    if not left.names_paper:
        return True
    if right.title and left.title and right.title != left.title:
        return False
    if not left.papers or not right.papers:
        return not right.title or not left.title or right.title == left.title
    kinds = {link.identifier and link.identifier.kind for link in left.papers}
    kind = right.papers[0].identifier and right.papers[0].identifier.kind
    if right.papers[0].identifier and any(
        link.identifier and link.identifier.canonical == right.papers[0].identifier.canonical
        for link in left.papers
    ):
        return True
    if right.title or len(between) > 40:
        return False
    return kind not in kinds or kind in {None, IdentifierKind.DOI}


def _context(text: str, title: str, venues: Venues) -> dict[str, tuple[str, ...]]:
    """Return venue and date as they stand around a title."""
    rest = text.replace(title, " ") if title else text
    values: dict[str, tuple[str, ...]] = {}
    if venue := find_venue(rest[:600], venues):
        values["venue"] = (venue.text,)
    if date := find_arxiv_date(rest[:600]):
        values["date"] = (date,)
    return values
