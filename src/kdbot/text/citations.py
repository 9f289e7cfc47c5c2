"""A citation: which of its words are the title, and which are people, a venue or a date.

A text is cut into parts at the marks that separate the parts of a citation. Each part is worth
something as something else than a title, and each mark costs something inside a title. The title is
the run of parts with which the whole text is worth most, so authors, title, venue and year may come
in any order.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from kdbot.model.venue import Venues
from kdbot.text.citation_parts import (
    APART,
    CAPITALIZED,
    COSTS,
    EDGE,
    NAMES,
    PLACED,
    Part,
    Spans,
    date_of,
    journal_in,
    read_parts,
)
from kdbot.text.dates import YEAR, YEAR_ALONE, find_date
from kdbot.text.names import is_cut_short, names_in, without_byline, without_workplaces
from kdbot.text.titles import clean_title, trim_pictures, without_nickname
from kdbot.text.venues import STOP

MAX_CITATION = 1_500
"""Most characters of a text that are read as a citation."""
_BY_WORDS = (-2.0, -1.5, 0.0, 0.8, 1.6, 2.0, 2.4)
"""What a title is worth with so many words, the last with more too."""
_FIRST, _ENDED = 0.7, 0.3  # what it is worth to be first, and to end at a plain mark
_NO_VENUES = Venues(venues=())
_NEUTRAL = frozenset({"surname", "words", "bracket"})
_OPENS = frozenset({"stop", "line", "colon", "dash", "cue"})
_ENDS = frozenset({"stop", "line", "bar"})
_GOES_ON = frozenset({"colon", "mark"})
_PREFIXES = frozenset({"date", "venue", "words", "name", "nothing", "surname"})
_MAY_BE_PREFIX = re.compile(r"[\[【(]|.{0,40}?[0-9:：|]")
_NUMBER = re.compile(r"[0-9]{1,4}[.)、](?:\s+|(?=[^\W\d_]))")
_INVERTED = re.compile(rf"\A({CAPITALIZED}), ({CAPITALIZED}(?: [A-Z]\.)?)(?=,|$)")
_RUNS = re.compile(rf"{STOP}|[|()\[\]]|,?\s(?={YEAR}\b)|\s[-–—]\s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """What a text says of one paper.

    Attributes:
        title: its title, cleaned.
        start: where it begins.
        end: where it ends.
        rest: the other words but those of a sentence before, those behind the title first.
        authors: full names; empty where one is cut short, or the list is.
        journal: named before its volume, or None.
        date: in other words than the venue's, as written, or None.
        is_sure: whether there are people, a venue or a date beside the title.
        is_whole: whether all the other words are parts of a citation.
        is_complete: whether nothing comes behind that is none of it.
        is_people: whether the words in the title's place may be a list of people.
        is_other: whether they are rather a venue, a date or the like.
        is_quoted: whether quotes, bold type or a link set it apart.
        lead: words of a sentence before it.
    """

    title: str
    start: int
    end: int
    rest: str
    authors: tuple[str, ...]
    journal: str | None
    date: str | None
    is_sure: bool
    is_whole: bool
    is_complete: bool
    is_people: bool
    is_other: bool
    is_quoted: bool
    lead: str


@lru_cache(maxsize=512)  # each reader of a line asks for the same words
def read_citation(text: str, venues: Venues, spans: Spans = ()) -> Citation | None:
    """Find the title in a text, and what stands around it; None if it is only sentences.

    Args:
        text: at most `MAX_CITATION` characters of it count.
        venues: the venues that the list knows.
        spans: words in another style.
    """
    text = text[:MAX_CITATION]
    spans = tuple(span for span in spans if span[1] <= MAX_CITATION)
    parts = _with_people(list(read_parts(text, venues, spans)))
    found = _choose(parts)
    if found is None:
        return None
    first, last = found
    if all(part.kind == "speech" for part in parts[first : last + 1]):
        return None
    start, end = parts[first].start, parts[last].end
    before, behind = parts[:first], _cited_behind(parts[last + 1 :])
    others = [*before, *behind]
    speech = [part for part in before if part.kind == "speech"]
    kinds = {p.kind for p in others if p.other > (PLACED if p.kind == "venue" else 1)}
    is_sure = not kinds.isdisjoint({"people", "venue", "date"})
    is_cited = all(part.other > 0 for part in before) and not any(map(_is_loose, behind))
    # Where an entry belongs is told behind a request alone.
    is_cited = is_cited and bool(before or not any(part.mark == "place" for part in behind))
    is_complete = is_cited and last + 1 + len(behind) == len(parts)
    title, rest = clean_title(text[start:end]), ""
    # A whole citation may be inside quotes or a link.
    words = text[start:end].strip(EDGE + "\"“”'‘’<>")
    led = before[: before.index(speech[-1]) + 1] if speech else []
    lead = text[: led[-1].end] if led else ""
    is_quoted = parts[first].kind == "quoted"
    is_signed = is_quoted and bool(before) and all(part.kind in NAMES for part in before)
    is_inside = is_quoted and (words != text or bool(spans))
    inner = read_citation(words, venues) if is_inside else None
    if inner is not None and inner.is_sure and inner.is_whole:
        title, rest = inner.title, f" | {inner.rest}"
    return Citation(
        title=without_nickname(without_byline(title)),
        start=start,
        end=end,
        rest=f"{_words(text, parts[last + 1 :])} | {_words(text, before[len(led) :])}{rest}",
        authors=_authors(text, others) or (inner.authors if rest and inner else ()),
        journal=next(filter(None, (_journal(text, p) for p in behind)), None),
        date=_date(text, parts, first, last),
        is_sure=is_sure,
        is_whole=(is_sure or is_complete)
        and (is_cited or is_signed)
        and (not speech or parts[first].mark in _OPENS),
        is_complete=is_complete,
        is_people=all(part.kind in NAMES for part in parts[first : last + 1]),
        is_other=all(part.other >= PLACED for part in parts[first : last + 1]),
        is_quoted=is_quoted,
        lead=lead,
    )


def _journal(text: str, part: Part) -> str | None:
    """Return the journal that a part is: by its style, or by the volume at its end."""
    words = text[part.start : part.end]
    return words if part.kind == "venue" and part.bonus < 0 else journal_in(words)


def _words(text: str, parts: Sequence[Part]) -> str:
    """Return parts as they are written, without links, those in another style kept apart."""
    words, position = "", parts[0].start if parts else 0
    for part in parts:
        if part.kind != "link":
            words += " | " if part.mark == "span" else text[position : part.start]
            words += text[part.start : part.end]
        else:
            words += " | "
        position = part.end
    return words.strip(EDGE)


def _cited_behind(parts: Sequence[Part]) -> Sequence[Part]:
    """Return the parts behind a title up to a sentence of its own, which may follow a citation."""
    ends = (
        n for n, p in enumerate(parts) if _is_loose(p) and (p.continues or (n and p.mark in _ENDS))
    )
    return parts[: next(ends, None)]


def _is_loose(part: Part) -> bool:
    """Tell whether a part behind a title is none of a citation's."""
    return part.kind == "speech" or (part.other < 0 and part.kind not in _NEUTRAL)


def split_title(text: str, venues: Venues) -> tuple[str, str]:
    """Split a citation into its title and the rest."""
    found = read_citation(text, venues)
    return (found.title, f"{found.rest} {found.lead}") if found else (clean_title(text), "")


@lru_cache(maxsize=512)
def strip_prefix(text: str, venues: Venues) -> tuple[str, str]:
    """Split what some lists put before a title (`[2023/05]`, `(ICLR 2024)`) from the rest."""
    text = trim_pictures(text)
    if _MAY_BE_PREFIX.match(text) is None:
        return "", text
    end = numbered.end() if (numbered := _NUMBER.match(text)) else 0
    begin = end
    for part in read_parts(text[begin:MAX_CITATION], venues):
        opens = text[begin + part.start]
        is_tag = opens in "[【" or (part.kind in _PREFIXES and (part.other > 0 or opens == "("))
        if not is_tag or not text[begin + part.end :].strip(EDGE):
            break
        end = begin + part.end
    rest = text[end:].lstrip(EDGE) if end else text
    return text[: len(text) - len(rest)].strip(), trim_pictures(rest)


def begins_with_people(text: str) -> bool:
    """Tell whether words are a citation that begins with its authors."""
    parts = _with_people(list(read_parts(text[:MAX_CITATION], _NO_VENUES)))
    people = [part for part in parts[:2] if part.kind == "people"]
    return bool(people) and parts[0] is people[0] and sum(p.other for p in people) > 1


def first_names(text: str) -> tuple[str, ...]:
    """Read the authors from the first part of a citation that is a list of names."""
    if is_cut_short(text):
        return ()
    found = (names_in(run) for run in _RUNS.split(without_workplaces(text)) if run)
    return next((names for names in found if names is not None), ())


def date_in(text: str, venue: str | None) -> str | None:
    """Find a date in loose words; the year of the venue does not count."""
    return find_date(text.replace(venue, " ") if venue else text)


def _date(text: str, parts: Sequence[Part], first: int, last: int) -> str | None:
    """Return the date among the parts beside a title that is no venue's year."""
    for number, part in enumerate(parts):
        if part.kind != "date" or first <= number <= last:
            continue
        date = date_of(text[part.start : part.end])
        is_year = date is not None and YEAR_ALONE.fullmatch(date) is not None
        before = parts[number - 1] if number else None
        is_venues = before is not None and before.kind == "venue" and before.bonus >= 0
        if date and not (is_year and is_venues):
            return date
    return None


def people_in(text: str, *, least: int) -> tuple[str, ...] | None:
    """Read words that are a list of people, the first one with the family name in front or not."""
    return names_in(_INVERTED.sub(r"\2 \1", text), least=least)


def _authors(text: str, parts: Sequence[Part]) -> tuple[str, ...]:
    """Return the names among the parts beside a title, where they are a list of whole ones."""
    people = [part for part in parts if part.kind in NAMES]
    if not people or any(part.bonus < 0 for part in people):
        return ()
    run = [people[0]]
    for part in people[1:]:
        if part.start - run[-1].end > 3:
            break
        run.append(part)
    return people_in(text[run[0].start : run[-1].end], least=2) or ()


def _with_people(parts: Sequence[Part]) -> list[Part]:
    """Believe names by those beside them: three, or some with initials, or some before a venue."""
    believed = list(parts)
    start = 0
    while start < len(parts):
        end = start
        while end < len(parts) and parts[end].kind in NAMES:
            if end > start and parts[end].mark in _ENDS:
                break
            end += 1
        group = parts[start:end]
        is_list = any(part.kind == "people" for part in group)
        worth = sum(max(part.other, 0.2 * is_list) for part in group)
        follows = parts[end].kind if end < len(parts) and parts[end].mark != "cut" else ""
        is_placed = worth > 0.7 and follows in {"venue", "date"}
        # The authors behind a title that a year precedes: `2018, A Title of It, Lee`.
        is_last = start > 1 and end == len(parts) and parts[0].kind == "date"
        if (worth > 1 and end - start > 1) or (is_last and group and parts[1].mark == "comma"):
            believed[start:end] = [part._replace(other=max(part.other, 1.2)) for part in group]
        elif start and group and group[0].mark in {"comma", "by"} and follows != "date":
            is_by = group[0].mark == "by" and worth > 0.7
            if not (is_placed or is_by):
                believed[start:end] = [
                    part._replace(other=min(part.other, -0.3)) if part.other < 1 else part
                    for part in group
                ]
        start = max(end, start + 1)
    return believed


def _choose(parts: Sequence[Part]) -> tuple[int, int] | None:
    """Return the first and the last part of the title with which the text is worth most."""
    is_list = all(part.kind in NAMES and part.bonus >= 0 for part in parts)
    if parts and is_list and not any(part.mark in _ENDS for part in parts[1:]):
        return 0, len(parts) - 1
    others = [0.0, *accumulate(part.other for part in parts)]
    steps = [_costs(part, before) for before, part in zip([None, *parts], parts, strict=False)]
    ends = [_ENDED * (part.mark in _ENDS) for part in parts[1:]] + [_ENDED]
    best: tuple[float, int, int] | None = None
    for first, opening in enumerate(parts):
        is_tag = opening.words == 0 and (first > 0 or opening.kind in _PREFIXES)
        if opening.kind == "link" or is_tag:
            continue
        words, names, bonus = 0, 0, -APART
        cost = float(opening.continues) + PLACED * (opening.kind == "venue")
        before_it = others[first] + others[-1]
        for last in range(first, len(parts)):
            part = parts[last]
            if last > first:
                for step in steps[last]:
                    cost += step
            if part.kind in NAMES and part.other > 0:
                names += part.words
            else:
                words += part.words
            bonus = max(bonus, part.bonus)
            worth = (
                _BY_WORDS[min(words or names, len(_BY_WORDS) - 1)]
                + bonus
                - cost
                + (before_it - others[last + 1])
                + _FIRST * (first == 0 and (words > 0 or opening.kind not in NAMES))
                + ends[last]
            )
            if best is None or worth > best[0]:
                best = (worth, first, last)
    return best[1:] if best else None


def _costs(part: Part, before: Part | None) -> tuple[float, float, float]:
    """Return what it costs that a title goes on with a part: its mark, its dash, its style."""
    is_quoted = part.kind == "quoted"
    is_behind_quotes = before is not None and before.kind == "quoted" and part.mark not in _GOES_ON
    return (
        COSTS[part.mark] + PLACED * (part.kind == "venue"),
        APART * (part.mark == "dash" and part.continues),
        APART * (is_quoted or part.bonus < 0 or is_behind_quotes) + PLACED * is_quoted,
    )
