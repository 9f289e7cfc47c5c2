"""Where titles and short names are found: in links, quotes, bold, before a link, by themselves."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from kdbot.intake.links import Link, find_links
from kdbot.intake.markdown.lines import Line
from kdbot.model.venue import Venues, year_of_venue
from kdbot.text.citations import MAX_CITATION, Citation, read_citation
from kdbot.text.dates import YEAR, YEAR_ALONE, find_arxiv_date, is_date
from kdbot.text.hosts import is_paper_address
from kdbot.text.labels import label_role
from kdbot.text.names import names_in, without_byline
from kdbot.text.titles import (
    QUOTED,
    SMALL_WORDS,
    clean_title,
    drop_lead_in,
    is_generic,
    is_named_title,
    is_request,
    is_sentence_case_title,
    is_short_name,
    is_title,
    spells_out,
    word_set,
    words_of,
)
from kdbot.text.venues import ARXIV, find_venue, is_preprint, venue_in

_WORD = re.compile(r"\S+")
_JOINING = SMALL_WORDS | word_set("using based & - – —")
_TAIL = re.compile(r"\s+(to|into|in|under|for)\s+(?:the\s+)?(\S.{0,60})$")
_PLACE = re.compile(
    r"\b(?:section|category|list|readme|repo|repository|table|part)\b", re.IGNORECASE
)
_ADDRESS = re.compile(r"[(\[（]?(?:https?://|www\.)")
_LAST_TO = re.compile(r"\s(?:to|into|in|under)\s(?!.*\s(?:to|into|in|under)\s)")
_FILED = re.compile(
    r"\b(?:categor\w+|sections?|topics?|part|chapter|table|column|under|list)\W*$", re.IGNORECASE
)
_IN_BRACKETS = re.compile(r"([\w.+-]{2,30})\s?[(\[（]([^()\[\]（）]{12,300})(?:[)\]）]|$)")
_NEWS = re.compile(
    r"(?:accepted|published|to appear|presented)\b|.{0,30}\b20[0-9]{2}$", re.IGNORECASE
)
_QUOTED = re.compile(QUOTED)
_DATED_BEHIND = re.compile(r",? \(?[0-9]")
_DATED_BRACKET = re.compile(r"\s*[(\[][^()\[\]]*[0-9]{2}[)\]]?$")
_QUOTES = frozenset({'""', "“”"})
_YEAR_BEHIND = re.compile(rf",\s[^,()]{{2,40}}\b{YEAR}$")
_NAMED = re.compile(
    r"\b(?:[Ee]ntry (?:for|of|on)|interested in|authors? of|[Pp]apers?|[Ww]ork|[Aa]rticle|[Ss]urvey"
    r"|[Pp]reprint|study|titled|entitled|called|named|[Aa]dds?|[Aa]dded|[Aa]dding|[Ii]nclude"
    r"|[Ii]ncluding|[Cc]onsider)\b"
    r"[\s,:：]+(?=[A-Z\d])|(?:论文|工作|文章)[\s,:：]*(?=[A-Z][\w-]+[: ])"
)
_PRESENTED = re.compile(
    r"\b(?:our|my|this|the following|an?) (?:[\w'’-]+ ){0,4}(?:papers?|works?|survey|article)\b"
    r"[^:.]{0,80}: (?=[A-Z\d])"
)
_OWN = re.compile(r"\b(?:our|my)\s+(?:[\w-]+\s+){0,3}$", re.IGNORECASE)
# A name in bold before a link that a description follows: its title would need none.
_DESCRIBED = re.compile(r"\s*[(\[][^()\[\]]{0,80}[)\]]\s*[-–—]\s+\w")
_BEFORE_LINK = re.compile(
    r"[\s:,–—-]{0,3}[(\[（](?:arxiv|https?:|doi|paper|pdf|link)", re.IGNORECASE
)
_CODE_WORDS = re.compile(r"\b(?:github|code|repo|repository|implementation)\b", re.IGNORECASE)
_ASKS = re.compile(
    r"(?:an?|what|how|why|when|where|which|who|is|are|was|were|do|does|did|can|could|should|will|has|have)\b",
    re.IGNORECASE,
)
_MAX_TEXT = 600
_MAX_VENUE = 60
_MAX_TITLES = 20
_OFFERED = re.compile(
    r"\b(?:add(?:s|ing|ed)?|includ(?:e|ing)|call(?:ed)?|named?|papers?|works?|methods?|present(?:ing)?"
    r"|propos(?:e|ing)|introduc(?:e|ing)|consider|authors? of"
    r"|(?:our|my) (?:\w+ )?(?:benchmark|dataset|model|framework|system)"
    r"|(?:codes?|repo|repository|venue|links?|entry|info(?:rmation)?|title|status) (?:of|for))"
    r"[,:]?\s+(?:the\s+|our\s+|a\s+|paper\s+|call(?:ed)?\s+)*$",
    re.IGNORECASE,
)
_NAME_END = re.compile(r"[(（:：–—]|\s-\s")


def cite_line(line: Line, venues: Venues) -> Citation | None:
    """Read a line as a citation, its links and the words in bold as parts of their own."""
    spans: list[tuple[int, int, str]] = []
    for link in find_links(line):
        is_label = link.bare or link.text in link.address or label_role(link.text) is not None
        is_title_of_paper = title_of_link(link) and not is_venues_page(link, venues)
        kind = "link" if is_label else "quoted" if is_title_of_paper else ""
        spans.append((link.start, link.end, kind))
    position = 0
    for span in line.spans:
        start, position = position, position + len(span.text)
        if span.url is None and (span.strong or span.emphasis) and span.text.strip():
            around = line.text[max(start - 1, 0) : start] + line.text[position : position + 1]
            inside = around in _QUOTES
            if (
                span.emphasis
                and _is_journal(line.text, start, position)
                and any(s[2] for s in spans)
            ):
                spans.append((start, position, "venue"))
                continue
            is_named = (span.strong or inside) and is_named_title(clean_title(span.text))
            ends = ((start, start, ""), (position, position, ""))
            spans += [(start - inside, position + inside, "quoted")] if is_named else ends
    apart: list[tuple[int, int, str]] = []
    for found in sorted(spans):
        if not apart or found[0] >= apart[-1][1]:
            apart.append(found)
    return read_citation(line.text, venues, tuple(apart))


def _is_journal(text: str, start: int, end: int) -> bool:
    """Tell whether emphasised words are between the authors and a year or a volume."""
    return text[:start].rstrip().endswith((",", ".")) and _DATED_BEHIND.match(text, end) is not None


def read_title(
    text: str, venues: Venues, *, strict: bool
) -> tuple[str | None, dict[str, tuple[str, ...]]]:
    """Return the title that words have, and what else they say of the paper.

    Args:
        text: a line, or the words before a link, from the start of the sentence or the link before.
        venues: the venues that the list knows.
        strict: whether only what looks like a title by its words counts.
    """
    words = text[-MAX_CITATION:].strip()
    bare = drop_lead_in(words)
    cited = read_citation(bare, venues)
    if cited is None or is_generic(cited.title.partition("(")[0]):
        return None, {}
    accepts = is_title if strict else is_sentence_case_title
    if bare != words and bare[:1].isupper():
        accepts = is_named_title
    if not accepts(cited.title) or is_request(cited.title):
        return None, {}
    return cited.title, cited_values(cited, venues)


def cited_values(cited: Citation, venues: Venues) -> dict[str, tuple[str, ...]]:
    """Return the venue, the date and the authors that a citation states."""
    values: dict[str, tuple[str, ...]] = {}
    rest = f"{cited.title} | {cited.rest}" if cited.is_other else cited.rest
    found = find_venue(f"{rest} | {cited.lead}", venues)
    if venue := venue_in(rest, venues) or (found.text if found else cited.journal):
        values["venue"] = (ARXIV if "arxiv" in venue.casefold() else venue,)
    elif cited.date and "arxiv" in cited.rest.casefold():
        values["venue"] = (ARXIV,)
    name = values.get("venue", ("",))[0]
    is_venues = year_of_venue(name) is not None or is_preprint(name)
    if cited.date and not (is_venues and cited.date.isdecimal()):
        values["date"] = (cited.date,)
    if cited.authors:
        values["authors"] = cited.authors
    return values


def is_detail(text: str, venues: Venues) -> bool:
    """Tell whether words beside a title are a venue, a date or generic words."""
    if not text or is_generic(text) or is_date(text) or find_arxiv_date(text) is not None:
        return True
    found = find_venue(text, venues) if len(text) < 80 else None
    is_venue = venues.canonical(text) is not None or venue_in(text, venues) == text
    is_whole = found is not None and (len(found.text) >= 0.6 * len(text) or _NEWS.match(text))
    return is_venue or bool(is_whole)


def _run_of_title(text: str, before: str) -> str | None:
    """Return the longest run of words that reads like a title at the start of a text."""
    words: list[str] = []
    text = _ADDRESS.split(text[:400], maxsplit=1)[0]
    behind = ""
    for match in _WORD.finditer(text):
        word = match.group()
        written = any(c.isupper() or c.isdigit() for c in word) or word.casefold() in _JOINING
        if word[0] in "([（" or not written:
            behind = word
            break
        words.append(word)
        run = " ".join(words)
        if word.endswith((".", "!", ";")) or (
            word.endswith(",") and ":" not in run and is_title(run)
        ):
            break
    # A comma ends a title early only where no subtitle follows: `A, B: What They Do`.
    comma = next((n for n, word in enumerate(words, 1) if word.endswith(",")), len(words))
    words = words if ":" in " ".join(words) else words[:comma]
    placed = False
    while words and words[-1].casefold() in _JOINING:
        placed |= words.pop() in {"to", "into", "in", "under"}
    title = clean_title(" ".join(words))
    if title.endswith("?") and not _ASKS.match(re.split(r"[:?]\s", title)[-1]):
        title = title[:-1]  # it is the sentence that asks
    if _PLACE.match(behind) and (to := _LAST_TO.search(title)):
        title = title[: to.start()]
    title = title if placed else without_place(title, before)
    plural = any(
        word in {"Papers", "papers", "Works", "paper", "Paper"} for word in words_of(title)
    )
    return title if is_title(title) and not plural else None


def without_place(title: str, before: str) -> str:
    """Return a title without where in the list it should stand: `A Title of It to Other Works`.

    Empty where only a name is before the place: `MAPS to the Walking Papers`. A title that nothing
    asks for has no place behind it, and one behind a colon only words such as *section*.
    """
    if not (before := before.strip()):
        return title
    name, to_the, _ = title.partition(" to the ")
    if to_the and is_short_name(name) and ":" not in title:
        return ""
    tail = _TAIL.search(title)
    if tail is None or not is_title(title[: tail.start()]):
        return title
    capitals = [word for word in tail[2].split() if word[:1].isupper()]
    is_name = tail[1] == "to" and 2 <= len(capitals) <= 4 and before[-1] not in ":："
    return title[: tail.start()] if is_name or _PLACE.search(tail[2]) else title


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
    title = without_byline(clean_title(link.text))
    if (name := name_of_link(link)) != title and is_short_name(name) and not is_named_title(name):
        return None
    if _CODE_WORDS.search(title) and not is_title(title):
        return None
    return title if is_named_title(title) and not is_request(title, marked=True) else None


def name_of_link(link: Link) -> str:
    """Return the words of a link without a venue or a year in brackets behind them."""
    return _DATED_BRACKET.sub("", without_byline(clean_title(link.text)))


def is_venues_page(link: Link, venues: Venues) -> bool:
    """Tell whether a link leads to the page of a conference, and to no paper."""
    is_named = not link.bare and len(link.text) < _MAX_VENUE
    if not is_named or is_paper_address(link.address):
        return False
    is_dated = YEAR_ALONE.search(link.text) is not None
    is_venue = is_dated and venue_in(link.text, venues) is not None
    return is_venue or venues.canonical(link.text) is not None


def says_where(before: str) -> bool:
    """Tell whether the words before a quotation say that it is a part of the list."""
    return _FILED.search(before) is not None


def quoted_titles(text: str) -> Iterator[PlacedTitle]:
    """Return the titles between quotes."""
    for match in _QUOTED.finditer(text):
        title = _without_authors(clean_title(match[0].strip("<>")))
        named = _NAMED.search(text[max(match.start() - 40, 0) : match.start()] + " A")
        is_part = says_where(text[: match.start()])
        if not is_part and (is_title(title) or (named and is_named_title(title))):
            yield PlacedTitle(title=title, start=match.start(), marked=True)


def _without_authors(text: str) -> str:
    """Cut off the authors behind a title: `Title. Ann Lee, Bo Roe`."""
    head, stop, tail = text.partition(". ")
    return head if stop and is_title(head) and names_in(tail, least=2) is not None else text


def _bracketed_titles(text: str) -> Iterator[PlacedTitle]:
    """Return the titles in brackets: behind a short name, or behind where they were accepted."""
    for match in _IN_BRACKETS.finditer(text):
        if _QUOTED.search(match[2]):
            continue
        name = match[1]
        head, comma, tail = match[2].partition(", ")
        title = clean_title(_YEAR_BEHIND.sub("", match[2]))
        if comma and _NEWS.match(head):
            title = clean_title(tail)
        elif not is_short_name(name) or (":" not in title and _begins_with(name, title)):
            continue
        begin = max(match.start() - 60, 0)
        is_offered = is_short_name(name) and _OFFERED.search(text, begin, match.start())
        accepts = is_sentence_case_title if is_offered else is_title
        if accepts(title) and not _NEWS.match(title):
            yield PlacedTitle(title=title, start=match.start(2), marked=False)


def _begins_with(acronym: str, text: str) -> bool:
    """Tell whether words are what an acronym stands for, and no title."""
    return spells_out(" ".join(text.split()[: len(acronym)]), acronym)


def marked_ranges(line: Line) -> Iterator[tuple[int, int]]:
    """Return where quotes and bold type begin and end."""
    for match in _QUOTED.finditer(line.text):
        yield match.span()
    position = 0
    for span in line.spans:
        if span.strong or span.emphasis:
            yield position, position + len(span.text)
        position += len(span.text)


@lru_cache(maxsize=256)
def find_titles(line: Line) -> tuple[PlacedTitle, ...]:
    """Return titles between quotes, in bold, or behind *the paper*, in their order."""
    text = line.text
    found = [
        *islice(quoted_titles(text), _MAX_TITLES),
        *islice(_bold_titles(line), _MAX_TITLES),
        *islice(_bracketed_titles(text), _MAX_TITLES),
    ]
    named = (*_NAMED.finditer(text), *_PRESENTED.finditer(text))
    for match in islice(named, _MAX_TITLES):
        title = _run_of_title(text[match.end() :], match[0])
        if title and not any(
            p.start <= match.end() + len(title) and title[:20] in p.title for p in found
        ):
            own = _OWN.search(text, max(match.start() - 30, 0), match.start()) is not None
            is_marked = own or match[0].startswith(("titled", "entitled"))
            found.append(PlacedTitle(title=title, start=match.end(), marked=is_marked))
    unique: dict[str, PlacedTitle] = {}
    for placed in sorted(found, key=lambda placed: placed.start):
        unique.setdefault(placed.title.casefold(), placed)
    return tuple(unique.values())


def _bold_titles(line: Line) -> Iterator[PlacedTitle]:
    position = 0
    for span in line.spans:
        start, position = position, position + len(span.text)
        if (span.strong or span.emphasis) and span.url is None:
            title = clean_title(span.text)
            is_linked = _BEFORE_LINK.match(line.text, position) is not None
            shown = is_linked or names_in(title, least=2) is None
            shown = shown and span.text.strip()[:1].isupper()
            is_called = _NAMED.search(line.text[max(start - 40, 0) : start] + " A") is not None
            named = is_named_title(title) and not _is_name(title)
            named = named and not _DESCRIBED.match(line.text, position)
            named = named and (is_called or is_linked)
            if shown and (is_title(title) or named):
                yield PlacedTitle(title=title, start=start, marked=True)


def _is_name(text: str) -> bool:
    return is_short_name(text) or is_request(text, marked=True) or "et al" in text


def short_names_in(line: Line, *, listed: bool) -> tuple[str, ...]:
    """Return the acronyms that a sentence offers, or has news of, in place of titles."""
    text = line.text[:_MAX_TEXT]
    names: list[str] = []
    joined = False
    linked = {span.text for span in line.spans if span.url and not is_generic(span.text)}
    for match in _WORD.finditer(text):
        word = match.group()
        if names and word in {"and", "&"}:
            joined = True
            continue
        name = clean_title(word.strip("?!.,:"))
        told = joined or _OFFERED.search(text, 0, match.start())
        if told and (name in linked or (is_short_name(name) and not word.islower())):
            names.append(name)
            joined = word.endswith(",")
        else:
            joined = False
    if not names and listed and is_short_name(head := clean_title(_NAME_END.split(text, 1)[0])):
        names.append(head)
    return tuple(names)
