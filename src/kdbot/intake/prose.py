"""What a line of prose says of papers, sentence by sentence."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kdbot.intake.labels import split_labels
from kdbot.intake.lines import Line, LineCutter
from kdbot.intake.links import Link, find_links
from kdbot.intake.mentions import (
    LIKELY,
    WEAK,
    Mention,
    merge_values,
    read_field,
)
from kdbot.intake.phrases import (
    asks_to_add,
    is_mention,
    offers,
    split_sentences,
)
from kdbot.intake.sentence_links import read_links
from kdbot.intake.short_names import short_names_in
from kdbot.intake.title_place import (
    PlacedTitle,
    find_titles,
    marked_ranges,
    opens_with_gerund,
    title_alone,
    title_before,
    title_of_link,
)
from kdbot.intake.venue_text import find_arxiv_date, find_venue, read_authors
from kdbot.model.venue import Venues
from kdbot.text.titles import (
    clean_title,
    is_sentence_case_title,
    is_title,
    mask_titles,
    words_of,
)

_MOST = 600
_FEW = 2
_FEWEST_LETTERS = 3  # of a line, or a sentence, that can name anything


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
        if not _can_name(text):
            return
        if whole := _read_whole(line, text, place):
            yield whole
            return
    closed = [(link.start, link.end) for link in links]
    closed += marked_ranges(line)
    if place.listed and links and is_title(clean_title(text[: links[0].start])):
        closed.append((0, links[0].start))
    titled = False
    cutter = LineCutter(line)
    for sentence in split_sentences(text, closed):
        start, end = sentence.start, sentence.start + len(sentence.text)
        inside = _links_between(links, start, end)
        if not inside and not _can_name(sentence.text):
            continue
        mentions = _read_sentence(cutter.cut(start, end), inside, place)
        if start and not titled:
            before = text[max(start - _MOST, 0) : start]
            mentions = _titled_before(before, mentions, place)
            mentions = _with_question(before, sentence.text, mentions)
        for mention in mentions:
            titled |= mention.title is not None
            yield mention


def _read_whole(line: Line, text: str, place: Place) -> Mention | None:
    """Return what a line without links says as a whole: authors, or a title, or None."""
    names = read_authors(text)
    if len(names) > 2 or (names and place.titled):
        return Mention(values={"authors": names})
    if alone := title_alone(line, place.venues, listed=place.listed):
        title, short, values = alone
        strong = all(span.strong or not span.text.strip() for span in line.spans)
        rank = LIKELY if strong else WEAK
        return Mention(title=title, rank=rank, short_name=short, values=values)
    whole = clean_title(text)
    if place.before_link and is_sentence_case_title(whole) and not text.rstrip().endswith("."):
        return Mention(title=whole)
    return None


def _links_between(links: Sequence[Link], start: int, end: int) -> list[Link]:
    """Return the links of a part of a line, by their places in it."""
    first = bisect_left(links, start, key=lambda link: link.start)
    last = bisect_left(links, end, key=lambda link: link.start)
    return [
        replace(link, start=link.start - start, end=link.end - start) for link in links[first:last]
    ]


def _can_name(text: str) -> bool:
    """Tell whether a text without links has the letters to name anything."""
    return sum(map(str.isalnum, text[:_MOST])) >= _FEWEST_LETTERS


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


def _with_question(before: str, text: str, mentions: Iterable[Mention]) -> Iterator[Mention]:
    """Give a title the question that it begins with: `Are Students Small? A Study (link)`."""
    question = before.rpartition(": ")[2].strip()
    for mention in mentions:
        opens = mention.title is not None and text.lstrip(" (").startswith(mention.title)
        if opens and question.endswith("?") and is_title(question):
            yield replace(mention, title=f"{question} {mention.title}")
        else:
            yield mention


def _read_sentence(line: Line, links: Sequence[Link], place: Place) -> Iterator[Mention]:
    head = line.text[: links[0].start] if links else line.text
    gerund = place.listed and opens_with_gerund(clean_title(head))
    titles = [placed for placed in find_titles(line) if placed.marked or not gerund]
    mentions, spoken = read_links(line, links, titles, place.venues)
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
    said = mask_titles(line.text, [*(m.title for m in mentions), *(t.title for t in titles)])
    offered = place.listed or offers(said) or _stands_alone(said, links)
    yield from (replace(mention, offered=offered) for mention in mentions)


def _stands_alone(text: str, links: Sequence[Link]) -> bool:
    """Tell whether a sentence begins with a linked title, or says little beside its links."""
    if links and title_of_link(links[0]) and len(words_of(text.partition("…")[0])) <= 1:
        return True
    for link in links:
        text = text.replace(link.text, " ")
    return len(words_of(text)) <= _FEW


def _with_titles(
    text: str, mentions: Sequence[Mention], titles: Sequence[PlacedTitle]
) -> list[Mention]:
    """Give the titles of a sentence to its links, or let them stand alone where it asks for them.

    A title that only stands in the sentence, without a mark around it, counts in a request alone.
    """
    found = list(mentions)
    known = [placed.title for placed in titles]
    asked = asks_to_add(mask_titles(text, known))
    taken = {mention.title for mention in found}
    for placed in titles:
        fits = (asked or placed.marked) and not is_mention(mask_titles(text[: placed.start], known))
        if placed.title in taken or not fits:
            continue
        untitled = [n for n, m in enumerate(found) if m.papers and not m.title]
        if len(untitled) == 1 and len(titles) == 1:
            at = untitled[0]
            found[at] = replace(found[at], title=placed.title, rank=LIKELY)
        elif not any(m.papers for m in found):
            found.append(Mention(title=placed.title, rank=LIKELY))
    return found


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
