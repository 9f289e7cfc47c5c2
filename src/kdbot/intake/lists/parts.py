"""The lines below a paper's first one: links, authors, venue, date, custom fields of the list.

(`- Code: https://…`, `- [pdf](…)`, `- Ann Lee, Bo Kim. *ICML 2024*`, `- TLDR: …`.)
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from kdbot.intake.lists.paper import DESCRIPTION, ListedPaper, add_links, with_field
from kdbot.intake.markdown.lines import Run
from kdbot.intake.markdown.runs import (
    is_link,
    lines_of,
    links_alone,
    own_words,
    says_where,
    words_of,
)
from kdbot.model.venue import Venues
from kdbot.text.citations import date_in, first_names
from kdbot.text.dates import find_date, parse_date
from kdbot.text.hosts import LinkRole, is_paper_address
from kdbot.text.labels import PAPER, field_of_label, label_role, role_of_field, says_nothing
from kdbot.text.names import names_in
from kdbot.text.titles import clean_title, trim_pictures
from kdbot.text.venues import venue_in

_LABEL = re.compile(r"(?P<label>[^\W\d_][\w /&.'’+-]{0,30}?)\s*[:：]\s*(?P<rest>.*)", re.DOTALL)
_BARE_LABEL = re.compile(r"(?P<label>[^\W\d_][\w -]{1,20}?)\s*[-–—|]?\s*")
_NICKNAME = re.compile(r"\s\([A-Z][a-z]+\)\s")
_MAX_LABEL_WORDS = 3
_MARKS = " \t*_`~>•·-–—|"


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """The word at the start of a line, and what follows it.

    Attributes:
        text: as it is written, without marks and pictures.
        field: the field that it names, `paper` and `ignored` included, or None.
        rest: the words behind it.
    """

    text: str
    field: str | None
    rest: str


@lru_cache(maxsize=512)  # asked for each block and each of those above it
def read_label(runs: tuple[Run, ...]) -> Label | None:
    """Return the label that a line begins with (`Code:`, `**Metrics:**`), or None."""
    text = trim_pictures(words_of(runs)).lstrip(_MARKS)
    if match := _LABEL.match(text):
        label = match["label"].strip(_MARKS)
        is_address = match["rest"].startswith("//")
        if len(label.split()) <= _MAX_LABEL_WORDS and not is_address and _stands_first(runs, label):
            return Label(text=label, field=field_of_label(label), rest=match["rest"].strip(_MARKS))
    own = own_words(runs).strip()
    if (match := _BARE_LABEL.fullmatch(own)) and any(map(is_link, runs)):
        field = field_of_label(match["label"])
        return Label(text=match["label"], field=field, rest="") if field else None
    return None


def _stands_first(runs: Sequence[Run], label: str) -> bool:
    """Tell whether a label is no part of a linked title (`[Name: What It Does](…)`)."""
    first = next((run for run in runs if run.text.strip(_MARKS)), None)
    if first is None or not is_link(first):
        return True
    return first.text.strip(_MARKS + ":：").casefold() == label.casefold()


def names_paper_link(runs: Sequence[Run]) -> bool:
    """Tell whether a line says that one of its links is the paper, or one plainly is."""
    links = [run for run in runs if is_link(run)]
    label = read_label(runs)
    if label is not None and label.field in {PAPER, "url", "title"} and links:
        return True
    return (links_alone(runs) or label is not None) and any(
        is_paper_address(run.address) or label_role(run.text) is LinkRole.PAPER for run in links
    )


def add_part(paper: ListedPaper, runs: Sequence[Run], venues: Venues) -> ListedPaper:
    """Add the content of a line below a paper's first one."""
    label = read_label(runs)
    if label is not None:
        return _add_labelled(paper, label, runs, venues)
    if links_alone(runs):
        where = " | ".join(run.text for run in runs if says_where(run) or not is_link(run))
        venue = paper.venue or venue_in(where, venues)
        return add_links(
            replace(paper, venue=venue, date=paper.date or date_in(where, venue)), runs
        )
    paper = add_links(paper, runs)
    return _add_authors(paper, runs, venues) or with_field(paper, DESCRIPTION, words_of(runs))


def _add_labelled(
    paper: ListedPaper, label: Label, runs: Sequence[Run], venues: Venues
) -> ListedPaper:
    rest = label.rest
    says = not says_nothing(rest)
    role = role_of_field(label.field)
    if label.field == "venue":
        names = venue_in(rest, venues) or (clean_title(rest) if len(rest) < 80 else None)
        paper = replace(
            paper,
            venue=paper.venue or (names if says else None),
            date=paper.date or date_in(rest, names),
        )
    elif label.field == "date":
        date = parse_date(rest) or find_date(rest)
        paper = replace(paper, date=date or paper.date)
        paper = paper if date else with_field(paper, DESCRIPTION, rest)
    elif label.field == "authors":
        found = names_in(rest)
        if not found:
            paper = with_field(paper, DESCRIPTION, rest)
        paper = replace(paper, authors=found or paper.authors)
    elif label.field == "title" and not paper.title:
        paper = replace(paper, title=clean_title(rest))
    elif role is None or role is LinkRole.OTHER or _has_more_words(runs, label):
        paper = with_field(paper, label.text, rest)
    named = [run for run in runs if label_role(run.text) not in {None, LinkRole.OTHER}]
    paper = add_links(paper, named)
    others = [run for run in runs if all(run is not other for other in named)]
    return add_links(paper, others, None if role is LinkRole.OTHER else role)


def _has_more_words(runs: Sequence[Run], label: Label) -> bool:
    """Tell whether words other than links' follow a label, or words and no link."""
    if not any(map(is_link, runs)):
        return True
    return len(own_words(runs).split()) > len(label.text.split()) + _MAX_LABEL_WORDS


def _add_authors(paper: ListedPaper, runs: Sequence[Run], venues: Venues) -> ListedPaper | None:
    """Read authors, and the venue in italics behind them, from a line; None where it has none."""
    text = lines_of([run for run in runs if not is_link(run)])
    marked = next((r.text for r in runs if r.emphasis and not r.strong and r.text.strip()), "")
    words = text.replace(marked, " | ") if marked else text
    first = re.split(r"\s*\|\s*|\.\s+(?=[A-Z][A-Z])|\.\s*$", words, maxsplit=1)[0]
    names = names_in(_NICKNAME.sub(" ", first))
    venue = venue_in(marked or words, venues)
    date = date_in(text, venue)
    if names is None:
        found = first_names(text.replace(venue, "|") if venue else text)
        names = found or None
    if names is None and not (marked and venue) and parse_date(text) is None:
        return None
    paper = replace(
        paper,
        authors=paper.authors or names or (),
        venue=paper.venue or venue,
        date=paper.date or date,
    )
    # The first of many are not the authors, but a reader may look for them.
    is_lost = not parse_date(first) if names is None else not names or names != paper.authors
    return with_field(paper, DESCRIPTION, first) if is_lost else paper
