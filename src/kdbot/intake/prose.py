"""What a line of prose says of papers, sentence by sentence."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from kdbot.intake.labels import PAPER, split_labels
from kdbot.intake.lines import Line, cut_line
from kdbot.intake.links import Link, Role, find_links, role_of_link
from kdbot.intake.mentions import (
    LIKELY,
    SURE,
    Mention,
    merge_mentions,
    merge_values,
    read_field,
)
from kdbot.intake.phrases import asks_to_add, is_mention, names_this_list, split_sentences
from kdbot.intake.short_names import short_names_in
from kdbot.intake.title_place import (
    PlacedTitle,
    find_titles,
    marked_ranges,
    title_alone,
    title_before,
    title_of_link,
)
from kdbot.intake.title_text import clean_title, is_sentence_case_title, is_short_name
from kdbot.intake.venue_text import find_arxiv_date, find_venue, read_authors
from kdbot.model.identifiers import IdentifierKind
from kdbot.model.venue import Venues

_NAMES_A_LINK = re.compile(
    r"\b(paper|preprint|pdf|code|github|repo(?:sitory)?|implementation|project(?: page)?|website"
    r"|homepage|web ?page|demo|dataset|data|model|weights|blog|video|slides)s?\b",
    re.IGNORECASE,
)
_LABEL_OF = MappingProxyType(
    dict.fromkeys(("paper", "preprint", "pdf"), PAPER)
    | dict.fromkeys(("code", "github", "repo", "repository", "implementation"), "code")
    | dict.fromkeys(("project", "project page", "website", "homepage"), "project")
    | dict.fromkeys(("web page", "webpage", "demo"), "project")
    | dict.fromkeys(("dataset", "data"), "data")
)
_MOST = 600
_NEAR = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What is known of where a line stands.

    Attributes:
        venues: the venues that the list knows.
        listed: whether the line is an item of a list.
        titled: whether a title stands right before it.
        before_link: whether the next line begins with a link.
    """

    venues: Venues
    listed: bool
    titled: bool
    before_link: bool = False


def read_line(line: Line, place: Place) -> Iterator[Mention]:
    """Return what a line says, in its order."""
    for label, part in split_labels(line):
        if label is None:
            yield from _read_prose(part, place)
        elif mention := read_field(label, part, place.venues):
            yield mention


def _read_prose(line: Line, place: Place) -> Iterator[Mention]:
    links = find_links(line)
    text = line.text
    if not links:
        names = read_authors(text)
        if len(names) > 2 or (names and place.titled):
            yield Mention(values={"authors": names})
            return
        if alone := title_alone(line, place.venues, listed=place.listed):
            title, short, values = alone
            yield Mention(title=title, short_name=short, values=values)
            return
        if place.before_link and is_sentence_case_title(whole := clean_title(text)):
            yield Mention(title=whole)
            return
    closed = [(link.start, link.end) for link in links]
    closed += marked_ranges(line)
    for sentence in split_sentences(text, closed):
        start, end = sentence.start, sentence.start + len(sentence.text)
        inside = [
            replace(link, start=link.start - start, end=link.end - start)
            for link in links
            if start <= link.start < end
        ]
        mentions = _read_sentence(cut_line(line, start, end), inside, place)
        yield from _titled_before(text[:start], mentions, place) if start else mentions


def _titled_before(before: str, mentions: Iterator[Mention], place: Place) -> Iterator[Mention]:
    """Give a link the title of the line before it: `Title. Authors. Venue. link`."""
    for mention in mentions:
        if mention.papers and not mention.title:
            title, values = title_before(before, place.venues, strict=not place.listed)
            if title:
                values = merge_values(mention.values, values)
                yield replace(mention, title=title, rank=LIKELY, values=values)
                continue
        yield mention


def _read_sentence(line: Line, links: Sequence[Link], place: Place) -> Iterator[Mention]:
    titles = find_titles(line)
    mentions, spoken = _read_links(line, links, titles, place)
    mentions = _with_titles(line.text, mentions, titles)
    if not any(m.title or m.papers for m in mentions) and not spoken:
        mentions += [Mention(short_name=n) for n in short_names_in(line, listed=place.listed)]
    if not spoken or mentions:
        context = _context(line.text, titles, place.venues)
        if mentions and context:
            first = mentions[0]
            mentions[0] = replace(first, values=merge_values(first.values, context))
        elif context:
            mentions = [Mention(values=context)]
    yield from mentions


def _read_links(
    line: Line, links: Sequence[Link], titles: Sequence[PlacedTitle], place: Place
) -> tuple[list[Mention], bool]:
    """Return what the links of a sentence say; whether the last paper was only spoken of."""
    text = line.text
    named = any(span.strong and is_short_name(clean_title(span.text)) for span in line.spans)
    mentions: list[Mention] = []
    start = 0
    spoken = False
    for link in links:
        role = _role(link, text[max(link.start - 80, 0) : link.start])
        before = text[start : link.start]
        fresh: Mention | None = None
        if role is Role.PAPER or (role is Role.CODE and title_of_link(link)):
            spoken = names_this_list(link.text) or is_mention(
                text[max(link.start - _MOST, 0) : link.start]
            )
            near = [t for t in titles if start <= t.start < link.start]
            fresh = None if spoken else _paper(link, role, before, near, place, named=named)
        elif role not in {Role.OTHER, Role.UNKNOWN} and not spoken:
            fresh = Mention(values={role.value: (link.address,)})
        start = link.end
        if fresh is None:
            continue
        if mentions and _same_paper(mentions[-1], fresh, before):
            mentions[-1] = merge_mentions(mentions[-1], fresh)
        else:
            mentions.append(fresh)
    return mentions, spoken


def _role(link: Link, before: str) -> Role:
    words = _NAMES_A_LINK.findall(before)
    role = role_of_link(link, _LABEL_OF.get(words[-1].lower()) if words else None)
    return Role.PAPER if role is Role.UNKNOWN and title_of_link(link) else role


def _paper(
    link: Link,
    role: Role,
    before: str,
    near: Sequence[PlacedTitle],
    place: Place,
    *,
    named: bool,
) -> Mention:
    """Return what a link to a paper says; `named`: an acronym in bold stands for its title."""
    values: dict[str, tuple[str, ...]] = {}
    title, rank, short = title_of_link(link), SURE, None
    if title is None:
        rank = LIKELY
        if near:
            title = near[-1].title
        else:
            title, values = title_before(before, place.venues, strict=named)
    if title is None:
        names = [clean_title(text) for text in (link.text, before)]
        short = next((n for n in names if not link.bare and is_short_name(n)), None)
        short = short or (names[1] if is_short_name(names[1]) else None)
    if role is Role.CODE:
        return Mention(title=title, rank=rank, values={**values, "code": (link.address,)})
    return Mention(title=title, rank=rank, short_name=short, papers=(link,), values=values)


def _with_titles(
    text: str, mentions: Sequence[Mention], titles: Sequence[PlacedTitle]
) -> list[Mention]:
    """Give the titles of a sentence to its links, or let them stand alone where it asks for them.

    A title that only stands in the sentence, without a mark around it, counts in a request alone.
    """
    found = list(mentions)
    asked = asks_to_add(text)
    taken = {mention.title for mention in found}
    for placed in titles:
        fits = (asked or placed.marked) and not is_mention(text[: placed.start])
        if placed.title in taken or not fits:
            continue
        untitled = [n for n, m in enumerate(found) if m.papers and not m.title]
        if len(untitled) == 1 and len(titles) == 1:
            at = untitled[0]
            found[at] = replace(found[at], title=placed.title, rank=LIKELY)
        elif not any(m.papers for m in found):
            found.append(Mention(title=placed.title, rank=LIKELY))
    return found


def _same_paper(left: Mention, right: Mention, between: str) -> bool:
    """Tell whether two neighbours of one sentence speak of one paper."""
    if not left.names_paper or not right.names_paper:
        return True
    if left.title and right.title:
        return left.title == right.title
    if not left.papers or not right.papers:
        return True
    known = {
        (link.identifier.kind, link.identifier.canonical) for link in left.papers if link.identifier
    }
    last = right.papers[0].identifier
    if last and (last.kind, last.canonical) in known:
        return True
    if right.title or len(between) > _NEAR:
        return False
    return last is None or last.kind not in {kind for kind, _ in known} | {IdentifierKind.DOI}


def _context(
    text: str, titles: Sequence[PlacedTitle], venues: Venues
) -> Mapping[str, tuple[str, ...]]:
    """Return venue and date as they stand around the titles of a sentence."""
    rest = text[:_MOST]
    for placed in titles:
        rest = rest.replace(placed.title, " ")
    values: dict[str, tuple[str, ...]] = {}
    if venue := find_venue(rest, venues):
        values["venue"] = (venue.text,)
    if date := find_arxiv_date(rest):
        values["date"] = (date,)
    return values
