"""Where titles and short names are found: in links, quotes, bold, before a link, by themselves."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from kdbot.intake.links import Link
from kdbot.intake.markdown.lines import Line
from kdbot.model.venue import Venues
from kdbot.text.dates import find_arxiv_date, is_date
from kdbot.text.names import names_in
from kdbot.text.titles import (
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
from kdbot.text.venues import find_venue, venue_in

_SPLIT = re.compile(r"\s*(?:\s[-–—|]\s|[|·•]|,\s|;\s|\.\s+(?=[A-Z])|\s[(\[（]|[（【])\s*")
_WORD = re.compile(r"\S+")
_JOINING = word_set(
    "a an and are as at be by can do does for from how in into is its not of on or over the their"
    " through to towards toward under up via vs vs. what when where which while who why with"
    " without within using based & - – —"
)
_TAIL = re.compile(r"\s+(to|into|in|under|for)\s+(?:the\s+)?(\S.{0,60})$")
_PLACE = re.compile(
    r"\b(?:section|category|list|readme|repo|repository|table|part)\b", re.IGNORECASE
)
_ADDRESS = re.compile(r"[(\[（]?(?:https?://|www\.)")
_IN_BRACKETS = re.compile(r"([\w.+-]{2,30})\s?[(\[（]([^()\[\]（）]{12,300})(?:[)\]）]|$)")
_NEWS = re.compile(
    r"(?:accepted|published|to appear|presented)\b|.{0,30}\b20[0-9]{2}$", re.IGNORECASE
)
_LAST_TO = re.compile(r"\s(?:to|into|in|under)\s(?!.*\s(?:to|into|in|under)\s)")
_QUOTED = re.compile(
    r"[“\"]([^“”\"]{8,300})[”\"]|《([^《》]{4,300})》|«([^«»]{8,300})»|「([^「」]{4,300})」"
    r"|<<([^<>]{8,300})>>|(?<!\w)['‘]((?:[^'‘’]|(?<=\w)['’](?=\w)){12,300})['’](?!\w)|`([^`]{12,300})`"
)
_NAMED = re.compile(
    r"\b(?:[Pp]apers?|[Ww]ork|[Aa]rticle|[Ss]urvey|[Pp]reprint|study|titled|entitled|called|named"
    r"|[Aa]dds?|[Aa]dded|[Aa]dding|[Ii]nclude|[Ii]ncluding|[Cc]onsider)\b[\s,:：]+(?=[A-Z\d])"
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
_GLUED = tuple(
    re.compile(rf"\s([A-Z][\w&]*{more}[\s,]*(?:['’]\s?[0-9]{{2}}|20[0-9]{{2}}))$")
    for more in ("", " [A-Z][\\w&]*")
)
_FIRST = re.compile(r"\W{0,3}([^:：\[\]()]{2,40})[:：]\s+(?=\S)")
_ARXIV_MONTH = re.compile(r"arxiv[,:]?\s+(\S.{3,18})", re.IGNORECASE)
_IN_SHORT = re.compile(r"[A-Z][\w'’-]+(?:\+| et al\.?)")
_UNDER = re.compile(r",\s+(?:under|in the|with (?:its|the|available|code))\s.*$")
_CODE_WORDS = re.compile(r"\b(?:github|code|repo|repository|implementation)\b", re.IGNORECASE)
_ASKS = re.compile(
    r"(?:an?|what|how|why|when|where|which|who|is|are|was|were|do|does|did|can|could|should|will|has|have)\b",
    re.IGNORECASE,
)
_MAX_TEXT = 600
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


def without_details(text: str, venues: Venues) -> tuple[str, dict[str, tuple[str, ...]]]:
    """Cut venue, date, authors in short and generic words off a title's ends."""
    head, values = text, dict[str, tuple[str, ...]]()
    for cut in reversed(list(_SPLIT.finditer(text))):
        tail = head[cut.end() :].strip(" .,()[]（）")
        if not is_detail(tail, venues):
            break
        head = head[: cut.start()]
        values |= _detail(tail, venues)
    for glued in filter(None, (pattern.search(head) for pattern in _GLUED)):
        if venues.canonical(glued[1]):
            head = head[: glued.start()]
            values["venue"] = (glued[1],)
            break
    first = _FIRST.match(head)
    if first and find_venue(first[1], venues) and is_detail(first[1], venues):
        head = head[first.end() :]
        values |= _detail(first[1], venues)
    return head, values


def _detail(text: str, venues: Venues) -> dict[str, tuple[str, ...]]:
    """Return what a detail says."""
    dated = _ARXIV_MONTH.fullmatch(text)
    if is_date(text):
        return {"date": (text,)}
    if dated and is_date(dated[1]):
        return {"venue": ("arXiv",), "date": (dated[1],)}
    venue = find_venue(text, venues)
    written = venue.text if venue else venue_in(text, venues)
    return {"venue": (written,)} if written else {}


def is_detail(text: str, venues: Venues) -> bool:
    """Tell whether words beside a title are a venue, a date, authors in short or generic words."""
    if not text or is_generic(text) or is_date(text) or find_arxiv_date(text) is not None:
        return True
    dated = _ARXIV_MONTH.fullmatch(text)
    if _IN_SHORT.fullmatch(text) or (dated and is_date(dated[1])):
        return True
    found = find_venue(text, venues) if len(text) < 80 else None
    is_venue = venues.canonical(text) is not None or venue_in(text, venues) == text
    return is_venue or (found is not None and len(found.text) >= 0.6 * len(text))


def _run_of_title(text: str) -> str | None:
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
    tail = None if placed else _TAIL.search(title)
    if tail and is_title(title[: tail.start()]) and _is_place(tail.group(1), tail.group(2)):
        title = title[: tail.start()]
    plural = any(
        word in {"Papers", "papers", "Works", "paper", "Paper"} for word in words_of(title)
    )
    return title if is_title(title) and not plural else None


def _is_place(preposition: str, text: str) -> bool:
    capitals = [word for word in text.split() if word[:1].isupper()]
    return bool(_PLACE.search(text)) or (preposition == "to" and 2 <= len(capitals) <= 4)


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
    if _CODE_WORDS.search(title) and not is_title(title):
        return None
    return title if is_named_title(title) and not is_request(title, marked=True) else None


def quoted_titles(text: str) -> Iterator[PlacedTitle]:
    """Return the titles between quotes."""
    for match in _QUOTED.finditer(text):
        title = _without_authors(clean_title(next(filter(None, match.groups()))))
        named = _NAMED.search(text[max(match.start() - 40, 0) : match.start()] + " A")
        if is_title(title) or (named and is_named_title(title)):
            yield PlacedTitle(title=title, start=match.start(), marked=True)


def _without_authors(text: str) -> str:
    """Cut off the authors behind a title: `Title. Ann Lee, Bo Roe`."""
    head, stop, tail = text.partition(". ")
    return head if stop and is_title(head) and names_in(tail, least=2) is not None else text


def _bracketed_titles(text: str) -> Iterator[PlacedTitle]:
    """Return the titles in brackets: behind a short name, or behind where they were accepted."""
    for match in _IN_BRACKETS.finditer(text):
        name, title = match[1], clean_title(match[2])
        head, comma, tail = match[2].partition(", ")
        if comma and _NEWS.match(head):
            title = clean_title(tail)
        elif not is_short_name(name) or (":" not in title and _begins_with(name, title)):
            continue
        if is_title(title) and not _NEWS.match(title):
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
        title = _run_of_title(text[match.end() :])
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
    """Return title or short name, and details, of a line that contains nothing else."""
    text = line.text
    if any(placed.marked and placed.title != clean_title(text) for placed in find_titles(line)):
        return None
    words = clean_title(text[:_MAX_TEXT])
    under = _UNDER.search(words)
    words = words[: under.start()] if under and is_title(words[: under.start()]) else words
    head, values = without_details(words, venues)
    if date := find_arxiv_date(text[:_MAX_TEXT]):
        values.setdefault("date", (date,))
    title = clean_title(drop_lead_in(head))
    if venue := find_venue(text[:_MAX_TEXT].replace(title, " "), venues):
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
    """Return the title that ends where a link begins, with the text between the two.

    Args:
        text: the words before the link, from the start of the sentence or the link before.
        venues: the venues that the list knows.
        strict: whether only what looks like a title by its words counts.
    """
    words = clean_title(text[-_MAX_TEXT:])
    text = drop_lead_in(words)
    accepts = is_title if strict else is_sentence_case_title
    if text != words and text[:1].isupper():
        accepts = is_named_title
    head, values = without_details(text, venues)
    for cut in _SPLIT.finditer(head):
        names = names_in(head[cut.start() :].strip(" -–—|,.;([（"), least=2)
        # Two words and two more behind a comma may be a title's: `Pruning, Graph Nets and Trees`.
        is_pair = len(names or ()) == 2 and " and " in head[cut.end() :]
        if names is not None and not (is_pair and cut[0].startswith(",")):
            values |= {"authors": names} if names else {}
            head = head[: cut.start()]
            break
    title = clean_title(head)
    if is_generic(title.partition("(")[0]):
        return None, {}
    if not accepts(title) or is_request(title):
        behind = clean_title(title.partition(":")[2])
        _, _, behind_comma = title.partition(", ")
        title = behind if is_generic(title.partition(":")[0]) else ""
        title = title if is_title(title) else clean_title(behind_comma)
        if not is_title(title):
            return None, {}
    return title, values


def _bold_titles(line: Line) -> Iterator[PlacedTitle]:
    position = 0
    for span in line.spans:
        start, position = position, position + len(span.text)
        if (span.strong or span.emphasis) and span.url is None:
            title = clean_title(span.text)
            shown = span.text.strip()[:1].isupper() and names_in(title, least=2) is None
            named = is_named_title(title) and not _is_name(title)
            named = named and not _DESCRIBED.match(line.text, position)
            if shown and (is_title(title) or (named and _BEFORE_LINK.match(line.text, position))):
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
