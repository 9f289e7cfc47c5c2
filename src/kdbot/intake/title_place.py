"""Where titles stand: behind a link, between quotes, in bold, before a link, alone on a line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from kdbot.intake.lines import Line
from kdbot.intake.links import Link
from kdbot.intake.title_details import SPLIT, without_details
from kdbot.intake.title_run import run_of_title
from kdbot.intake.venue_text import find_arxiv_date, find_venue, read_authors
from kdbot.model.venue import Venues
from kdbot.text.titles import (
    clean_title,
    drop_lead_in,
    is_generic,
    is_named_title,
    is_request,
    is_sentence_case_title,
    is_short_name,
    is_title,
)

QUOTED = re.compile(
    r"[“\"]([^“”\"]{8,300})[”\"]|《([^《》]{4,300})》|«([^«»]{8,300})»|「([^「」]{4,300})」"
    r"|<<([^<>]{8,300})>>|(?<!\w)['‘]((?:[^'‘’]|(?<=\w)['’](?=\w)){12,300})['’](?!\w)|`([^`]{12,300})`"
)
_NAMED = re.compile(
    r"\b(?:[Pp]apers?|[Ww]ork|[Aa]rticle|[Ss]urvey|[Pp]reprint|study|titled|entitled|called|named"
    r"|[Aa]dds?|[Aa]dded|[Aa]dding|[Ii]nclude|[Ii]ncluding|[Cc]onsider)\b[\s,:：]+(?=[A-Z\d])"
)
_WITHIN = re.compile(r"\b(?:in|under|into|within) (?:the )?$", re.IGNORECASE)
_PRESENTED = re.compile(
    r"\b(?:our|my|this|the following|an?) (?:[\w'’-]+ ){0,4}(?:papers?|works?|survey|article)\b"
    r"[^:.]{0,80}: (?=[A-Z\d])"
)
_OWN = re.compile(r"\b(?:our|my)\s+(?:[\w-]+\s+){0,3}$", re.IGNORECASE)
_ASKING = re.compile(
    r"^.{0,80}?\b(?:add(?:ing|ed)?|includ(?:e|ing)|consider(?:ing)?|suggest|recommend|is)\s+"
    r"(?:(?:the|our|my|a|an|this|following|adding|including|new|recent|paper|work|survey)\s+)*",
    re.IGNORECASE,
)
_AUTHORS_FIRST = re.compile(
    r"^(?:[^\W\d_][\w'’-]+, (?:[^\W\d_]\.[ -]?)+,? ?(?:and |& )?)+(?:et al\.)?"
    r"(?:\(\d{4}[^()]{0,20}\))?[.:] *"
)
_BEFORE_LINK = re.compile(
    r"[\s:,–—-]{0,3}[(\[（](?:arxiv|https?:|doi|paper|pdf|link)", re.IGNORECASE
)
_SENTENCE = re.compile(r"(?<=[\w)])\.\s")
_MOST = 600
_MAX_TITLES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedTitle:
    """A title within a sentence.

    Attributes:
        title: the title, cleaned.
        start: where it, or the mark around it, begins.
        marked: whether quotes, bold type or *our paper* set it apart.
    """

    title: str
    start: int
    marked: bool


def title_of_link(link: Link) -> str | None:
    """Return the words of a link where they are a title."""
    if link.bare:
        return None
    title = clean_title(link.text)
    return title if is_named_title(title) and not is_request(title, marked=True) else None


def quoted_titles(text: str) -> Iterator[PlacedTitle]:
    """Return the titles between quotes."""
    for match in QUOTED.finditer(text):
        if _WITHIN.search(text, max(match.start() - 20, 0), match.start()):
            continue
        title = clean_title(next(filter(None, match.groups())))
        named = _NAMED.search(text[max(match.start() - 40, 0) : match.start()] + " A")
        if is_title(title) or (named and is_named_title(title)):
            yield PlacedTitle(title=title, start=match.start(), marked=True)


def marked_ranges(line: Line) -> Iterator[tuple[int, int]]:
    """Return where quotes and bold type begin and end."""
    for match in QUOTED.finditer(line.text):
        yield match.span()
    position = 0
    for span in line.spans:
        if span.strong or span.em:
            yield position, position + len(span.text)
        position += len(span.text)


def find_titles(line: Line) -> tuple[PlacedTitle, ...]:
    """Return titles between quotes, in bold, or behind *the paper*, in their order."""
    text = line.text
    found = [
        *islice(quoted_titles(text), _MAX_TITLES),
        *islice(_bold_titles(line), _MAX_TITLES),
    ]
    named = (*_NAMED.finditer(text), *_PRESENTED.finditer(text))
    for match in islice(named, _MAX_TITLES):
        title = run_of_title(text[match.end() :])
        if title and not any(
            p.start <= match.end() + len(title) and title[:20] in p.title for p in found
        ):
            own = _OWN.search(text, max(match.start() - 30, 0), match.start()) is not None
            found.append(PlacedTitle(title=title, start=match.end(), marked=own))
    unique: dict[str, PlacedTitle] = {}
    for placed in sorted(found, key=lambda placed: placed.start):
        unique.setdefault(placed.title.casefold(), placed)
    return tuple(unique.values())


def title_alone(
    line: Line, venues: Venues, *, listed: bool
) -> tuple[str | None, str | None, dict[str, tuple[str, ...]]] | None:
    """Return title or short name, and details, of a line that holds nothing else."""
    text = line.text
    if any(placed.marked and placed.title != clean_title(text) for placed in find_titles(line)):
        return None
    head, values = without_details(clean_title(text[:_MOST]), venues)
    if date := find_arxiv_date(text[:_MOST]):
        values.setdefault("date", (date,))
    title = clean_title(drop_lead_in(head))
    if venue := find_venue(text[:_MOST].replace(title, " "), venues):
        values.setdefault("venue", (venue.text,))
    abbreviated = listed and len(title.split()) <= 4 and ":" not in title
    if is_title(title):
        return (None, title, values) if abbreviated else (title, None, values)
    if line.spans[0].strong and values and is_named_title(title) and not _is_name(title):
        return title, None, values
    if listed and values and 1 < len(title.split()) <= 12 and not is_request(title):
        return None, title, values
    return None


def title_before(
    text: str, venues: Venues, *, strict: bool
) -> tuple[str | None, dict[str, tuple[str, ...]]]:
    """Return the title that ends where a link begins, with what stood between the two.

    Args:
        text: the words before the link, from the start of the sentence or the link before.
        venues: the venues that the list knows.
        strict: whether only what looks like a title by its words counts.
    """
    words = clean_title(text[-_MOST:])
    text = drop_lead_in(words)
    accepts = is_title if strict else is_sentence_case_title
    if text != words and text[:1].isupper():
        accepts = is_named_title
    head, values = without_details(text, venues)
    for cut in SPLIT.finditer(head):
        names = read_authors(head[cut.start() :].strip(" -–—|,.;([（"))
        if names:
            values["authors"] = names
            head = head[: cut.start()]
            break
    title = _AUTHORS_FIRST.sub("", head)
    if title != head:
        title = _SENTENCE.split(title, maxsplit=1)[0]
    title = clean_title(title)
    if is_generic(title.partition("(")[0]):
        return None, {}
    if not strict and opens_with_gerund(title):
        return title, values
    if not accepts(title) or is_request(title):
        behind = clean_title(title.partition(":")[2])
        _, _, behind_comma = title.partition(", ")
        asked = clean_title(_ASKING.sub("", title, count=1))
        title = behind if is_generic(title.partition(":")[0]) else asked if asked != title else ""
        title = title if is_title(title) else clean_title(behind_comma)
        if not is_title(title):
            return None, {}
    return title, values


def opens_with_gerund(text: str) -> bool:
    """Tell whether *Adding …* opens a title: written like one, and it names no paper to add."""
    first, _, rest = text.partition(" ")
    head = rest.partition(":")[0]
    return first == "Adding" and is_title(rest) and len(head.split()) > 1 and rest[:1].isupper()


def _bold_titles(line: Line) -> Iterator[PlacedTitle]:
    position = 0
    for span in line.spans:
        start, position = position, position + len(span.text)
        if (span.strong or span.em) and span.url is None:
            title = clean_title(span.text)
            shown = span.text.strip()[:1].isupper() and not read_authors(title)
            named = is_named_title(title) and not _is_name(title)
            if shown and (is_title(title) or (named and _BEFORE_LINK.match(line.text, position))):
                yield PlacedTitle(title=title, start=start, marked=True)


def _is_name(text: str) -> bool:
    return is_short_name(text) or is_request(text, marked=True) or "et al" in text
