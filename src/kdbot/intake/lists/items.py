"""A list item or a paragraph about one paper: title, authors, venue, date and links.

Authors and venue are behind the title, in italics, in `<ins>`, in brackets or on a badge.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from kdbot.intake.lists.item_titles import (
    MIN_DESCRIPTION,
    NAME_AND_PEOPLE,
    cite_link,
    cite_words,
    title_link,
)
from kdbot.intake.lists.paper import DESCRIPTION, TRANSLATION, ListedPaper, add_links, with_field
from kdbot.intake.markdown.lines import Run
from kdbot.intake.markdown.runs import badge_venue, has_paper_link, is_badge, is_link, words_of
from kdbot.model.venue import Venues
from kdbot.text.characters import EAST_ASIAN_LETTER
from kdbot.text.citations import date_in, first_names
from kdbot.text.dates import YEAR, YEAR_ALONE, find_date, is_date
from kdbot.text.hosts import LinkRole, may_be_paper
from kdbot.text.labels import label_role
from kdbot.text.names import are_people, names_in
from kdbot.text.titles import translation_in
from kdbot.text.venues import canonical_venue, is_preprint, venue_in

_COMPACT_DAY = re.compile(r"(?<![0-9])(20[0-4][0-9])(0[1-9]|1[0-2])[0-3][0-9](?![0-9])")
_DATED = re.compile(rf"\s*\({YEAR}\)")
_LEAST_NOTED = 3
_YEAR_BEHIND_HYPHEN = re.compile(r"(?<=[A-Za-z])()-([0-9]{2})(?![0-9])")


def read_item(runs: Sequence[Run], line: int, venues: Venues) -> ListedPaper:
    """Read one line about one paper; its title stays empty if none is found."""
    runs = tuple(runs)
    head = title_link(runs, venues)
    paper = ListedPaper(line=line)
    citation = cite_link(runs, head, venues) if head else cite_words(runs, venues)
    others = [run for run in runs if run is not head]
    if head and is_link(head) and (may_be_paper(head.address) or not has_paper_link(others)):
        paper = add_links(replace(paper, urls=(head.address,)), others)
    else:
        paper = add_links(paper, runs)
    before, day = _take_day(citation.before)
    marked = _marked_venue(runs, venues)
    if marked is None or is_preprint(marked):
        # A link that is called arXiv says less than a venue in the words around it.
        found = venue_in(f"{citation.after} | {before}", venues)
        # `Ann Lee and Bo Kim, 2018` ends like a venue.
        is_none = found is None or (
            are_people(YEAR_ALONE.sub("", found), least=2)
            and canonical_venue(found, venues) is None
        )
        marked = marked if is_none else found
    venue = marked
    title = "" if label_role(citation.title) else citation.title
    authors = _authors(citation.after, runs, venue, title)
    is_name = head is not None and NAME_AND_PEOPLE.fullmatch(head.text) and len(title.split()) < 4
    paper = replace(
        paper,
        title=title,
        is_named=bool(is_name),
        venue=venue,
        date=day or date_in(before, venue) or date_in(citation.after, venue),
        authors=authors,
    )
    if not title:
        return paper
    paper = with_field(paper, TRANSLATION, translation_in(words_of(runs), title))
    return with_field(paper, DESCRIPTION, _description(citation.after, runs, paper))


def _take_day(text: str) -> tuple[str, str | None]:
    """Take a date without separators (`20210625 ICML-21`) out of the words before a title."""
    match = _COMPACT_DAY.search(text)
    bare = text.replace(match[0], " ") if match else text
    return _YEAR_BEHIND_HYPHEN.sub(r"\1 \2", bare), f"{match[1]}-{match[2]}" if match else None


def _description(after: str, runs: Sequence[Run], paper: ListedPaper) -> str:
    """Return what is said of a paper: sentences behind its title, and lines of their own."""
    words = after.replace(paper.venue, "|") if paper.venue else after
    parts = [part.strip(" -–—:,.") for part in words.split("|")]
    told = [p for p in parts if _is_told(p) and names_in(p) is None and not first_names(p)]
    notes = [line for line in _own_lines(runs) if _is_note(line, paper)]
    return " ".join((*told, *(note for note in notes if not any(part in note for part in told))))


def _is_told(text: str) -> bool:
    return (
        len(text.split()) >= MIN_DESCRIPTION
        or len(EAST_ASIAN_LETTER.findall(text)) >= 2 * MIN_DESCRIPTION
    )


def _is_note(line: str, paper: ListedPaper) -> bool:
    """Tell whether a line says something else than title, authors, venue and date."""
    rest = line.replace(paper.venue, " ") if paper.venue else line
    names = names_in(line)
    is_known = paper.title in line or line in paper.title
    is_known = is_known or (bool(names) and set(names or ()) <= set(paper.authors))
    is_bare = sum(map(str.isalpha, rest)) < _LEAST_NOTED or is_date(rest.strip(" .,()"))
    return not is_known and not is_bare


def _own_lines(runs: Sequence[Run]) -> list[str]:
    """Return the words of the lines without links."""
    lines: list[list[Run]] = [[]]
    for run in runs:
        if run.is_break:
            lines.append([])
        else:
            lines[-1].append(run)
    return [words_of(line) for line in lines if line and not any(map(is_link, line))]


def _marked_venue(runs: Sequence[Run], venues: Venues) -> str | None:
    """Find the venue where the list sets it apart: underlined, on a badge, as a link's label."""
    for run in runs:
        text = run.text.strip(" ,.;:()[]")
        if run.inserted and (venue_in(text, venues) or find_date(text)):
            return text
    badges = (p for p in runs if is_badge(p))
    if on_badge := next((v for p in badges if (v := badge_venue(p, venues))), None):
        return on_badge
    labels = (run.text.strip(" []") for run in runs if is_link(run))
    said = (text for text in labels if len(text) <= 40 and label_role(text) is not LinkRole.OTHER)
    return next((text for text in said if text and venue_in(text, venues) == text), None)


def _authors(after: str, runs: Sequence[Run], venue: str | None, title: str) -> tuple[str, ...]:
    """Read the authors from the words behind the title, or from a line of their own."""
    names = first_names(after.replace(venue, "|") if venue else after)
    # `Information Systems (2024)` is written as a person's name is.
    if len(names) > 1 or (names and not _DATED.match(after, after.find(names[0]) + len(names[0]))):
        return names
    own_lines = (line for line in _own_lines(runs) if title not in line)
    return next(filter(None, map(names_in, own_lines)), ()) or ()
