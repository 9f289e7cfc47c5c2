"""A table row about one paper: its cells, identified by the header or by their content."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from kdbot.intake.lists.item_titles import (
    MIN_DESCRIPTION,
    described_title,
    split_marked,
    strip_tags,
)
from kdbot.intake.lists.items import read_item
from kdbot.intake.lists.paper import DESCRIPTION, ListedPaper, add_links, with_field
from kdbot.intake.markdown.inline import plain_text
from kdbot.intake.markdown.lines import Run
from kdbot.intake.markdown.runs import (
    has_paper_link,
    is_label,
    is_link,
    is_name_alone,
    is_title,
    own_words,
    role_of,
    words_of,
)
from kdbot.model.paper import LINK_LISTS
from kdbot.model.venue import Venues
from kdbot.text.citations import begins_with_people, date_in
from kdbot.text.dates import find_date, is_date
from kdbot.text.hosts import LinkRole, is_paper_address, is_repository, names_paper
from kdbot.text.labels import PAPER, field_of_label, label_role, role_of_field, says_nothing
from kdbot.text.names import are_people, is_cut_short, names_in
from kdbot.text.titles import clean_title, is_sentence_case_title, is_short_name
from kdbot.text.titles import is_title as reads_like_title
from kdbot.text.venues import is_in_review, venue_in

_NAME = "name"
"""Field of a column that has the name of a method, not the title of its paper."""

# What the words of a column's head say otherwise than a label would.
_COLUMN_WORDS = {
    **dict.fromkeys(
        ("name", "model", "method", "benchmark", "algorithm", "approach", "framework", "system"),
        _NAME,
    ),
    **dict.fromkeys(("acronym", "short", "alias", "名称"), _NAME),
    **dict.fromkeys(("published", "pub"), "venue"),
    **dict.fromkeys(("database", "databases", "corpora"), "data"),
    **dict.fromkeys(("resource", "resources"), "url"),
    **dict.fromkeys(("status", "accepted", "where", "by"), ""),
    "study": PAPER,
}
_STRONGEST = (
    "title", "date", "venue", "url", "code", "authors", "data", "project", PAPER, _NAME
)  # fmt: skip

# A pipe in a formula (`Y|X`) has no space beside it.
_PIPE = re.compile(r"(?:^|\s)\||\|(?:\s|$)")
_MAX_HEAD_WORDS = 3
_MAX_TITLE_WORDS = 30
_MIN_NAMED = 5
"""Fewest words of a title in a column of names."""
_DASH = re.compile(r"(?<=\S)\s[-–—]\s(?=\S)")
_WIDE = re.compile(r"(?<=\S) {2,}(?=\S)")
_MIN_PIPED = 2
"""Fewest parts without a link between pipes that make a row of a line."""


@lru_cache(maxsize=64)
def read_columns(header: tuple[str, ...]) -> tuple[str, ...]:
    """Return the field that each column is for, by the words of its head; empty for none."""
    columns = []
    for cell in header:
        words = re.sub(r"[\W_]+", " ", plain_text(cell)).casefold().split()
        found = [_field_of(" ".join(words)), *(_field_of(w) for w in words if w != "work")]
        whole = found[0] if found[0] in _STRONGEST else ""
        columns.append(whole or next((field for field in _STRONGEST if field in found), ""))
    return tuple(columns)


def _field_of(words: str) -> str | None:
    own = _COLUMN_WORDS.get(words)
    return field_of_label(words) if own is None else own


def names_a_paper(columns: Sequence[str]) -> bool:
    """Tell whether a table with these columns lists papers."""
    return "title" in columns or PAPER in columns


def is_head(cells: Sequence[str]) -> bool:
    """Tell whether cells are the words of a table's head, each no more than a label's."""
    are_short = all(len(cell.split()) <= _MAX_HEAD_WORDS for cell in cells)
    return are_short and sum(map(bool, read_columns(tuple(cells)))) > 1


def is_paper_row(runs: Sequence[Sequence[Run]], header: tuple[str, ...]) -> bool:
    """Tell whether a row of a table of papers is about one, though no link leads to a paper.

    It has text in the column of the title or of the paper; a row whose only links are repositories
    is a tool, unless authors or a venue say otherwise.
    """
    filled: dict[str, Sequence[Run]] = {}
    for column, cell in zip(read_columns(header), runs, strict=False):
        if not says_nothing(words_of(cell)):
            filled.setdefault(column, cell)
    title = clean_title(own_words(filled.get("title", ())))
    if PAPER not in filled and not title:
        return False
    links = [run for cell in runs for run in cell if is_link(run)]
    is_tool = bool(links or not title) and all(is_repository(run.address) for run in links)
    is_cited = begins_with_people(words_of(filled.get(PAPER, ())))
    return not is_tool or is_cited or bool(filled.keys() & {"authors", "venue", "date"})


def is_titled(cell: Sequence[Run]) -> bool:
    """Tell whether a cell is a title in bold, or one with a link."""
    filled = [run for run in cell if run.text.strip() and not run.images]
    is_marked = bool(filled) and all(run.strong or is_link(run) for run in filled)
    return is_marked and is_title(_own(filled))


def read_row(
    runs: Sequence[Sequence[Run]], header: tuple[str, ...], line: int, venues: Venues
) -> ListedPaper:
    """Read what one row says of one paper; its title stays empty where none is found."""
    columns = [*read_columns(header), *[""] * (len(runs) - len(header))]
    title_index = _title_index(runs, columns)
    if title_index is None:
        paper = ListedPaper(line=line)
    else:
        paper = _read_title(runs[title_index], line, venues)
        column = columns[title_index]
        is_long = len(paper.title.split()) >= _MIN_NAMED and is_sentence_case_title(paper.title)
        is_alone = bool(header) and column == "" and not has_paper_link(runs[title_index])
        is_name = is_name_alone(paper.title)
        is_name = is_name or ((is_alone or column in {_NAME, "data"}) and not is_long)
        is_named = is_name and column != "title"
        paper = replace(paper, is_named=is_named)
        if column == "data":
            paper = _with_data(paper)
    # What a column of the list's own leads to comes behind the paper's own links.
    for index in sorted(range(len(runs)), key=lambda i: columns[i] in {"", _NAME}):
        if index == title_index:
            continue
        cell = runs[index]
        column = columns[index] if header else _guess_column(cell, venues)
        if not header and column == "venue" and is_short_name(words_of(cell)):
            column = "venue" if venue_in(words_of(cell), venues) else ""
        paper = _read_cell(
            paper, column, cell, header[index] if index < len(header) else "", venues
        )
    return _settled(paper)


def _with_data(paper: ListedPaper) -> ListedPaper:
    """Call what a data set's name leads to its data, unless that is a paper."""
    others = tuple(url for url in paper.urls if not is_paper_address(url))
    urls = tuple(url for url in paper.urls if url not in others)
    return replace(paper, urls=urls, data=tuple(dict.fromkeys((*others, *paper.data))))


def read_piped(runs: Sequence[Run], line: int, venues: Venues) -> ListedPaper | None:
    """Read a line whose parts are separated by pipes (`2020 | Title | Authors | Venue`), or None.

    A line with a linked title is read as any other item: the link sets its title apart.
    """
    if any(is_link(run) and _is_linked_title(run, venues) for run in runs):
        return None
    cells: list[list[Run]] = [[]]
    for run in runs:
        head, *rest = _PIPE.split(run.text) if run.is_words else [run.text]
        cells[-1].append(run.saying(head) if rest else run)
        cells += [[run.saying(part)] for part in rest]
    plain = [cell for cell in cells if words_of(cell) and not any(map(is_link, cell))]
    # A pipe between brackets parts tags, not cells: `[Maps, Towns | Lee]`.
    is_cut = any(words_of(cell).count("[") != words_of(cell).count("]") for cell in plain)
    if len(plain) < _MIN_PIPED or is_cut:
        return None
    named = [cell for cell in plain if is_title(words_of(cell)) and not _is_people(words_of(cell))]
    certain = (cell for cell in named if names_in(words_of(cell)) is None)
    title = next(certain, named[0] if named else None)
    if title is None:
        return None
    paper = _read_title(title, line, venues)
    for cell in cells:
        if cell is not title and cell:
            paper = _read_cell(paper, _guess_column(cell, venues), cell, "", venues)
    return paper


def _is_linked_title(run: Run, venues: Venues) -> bool:
    """Tell whether a link's words are a title: long ones, or any but a venue's on a paper."""
    if is_label(run) or says_nothing(run.text):
        return False
    is_short = is_paper_address(run.address) and venue_in(run.text, venues) is None
    return is_title(run.text) or (is_short and not is_date(run.text))


def _settled(paper: ListedPaper) -> ListedPaper:
    """Call a title's link code where it leads to a repository and the paper has another link."""
    first, *others = paper.urls or ("",)
    if is_repository(first) and any(is_paper_address(url) for url in others):
        code = tuple(dict.fromkeys((first, *paper.code)))
        return replace(paper, urls=tuple(others), code=code)
    return paper


def _title_index(runs: Sequence[Sequence[Run]], columns: Sequence[str]) -> int | None:
    """Choose the cell of the title: by header, else the longest that links to a paper."""
    for column in ("title", PAPER):
        found = [
            index
            for index, cell in enumerate(runs)
            if columns[index] == column and _has_title(cell, lenient=column == "title")
        ]
        if found:
            # Of *Publication* and *Paper*, one says where it appeared.
            return next((i for i in found if has_paper_link(runs[i])), found[0])
    names = [index for index, column in enumerate(columns) if column in {_NAME, "data"}]
    named = next((i for i in names if _is_name(words_of(runs[i]))), None)
    has_link = any(map(has_paper_link, runs))
    linked = [
        (len(words_of(cell)), -index)
        for index, cell in enumerate(runs)
        if columns[index] not in {"authors", "venue"}
        and _has_title(cell, lenient=False)
        and (has_paper_link(cell) or not has_link)
        and (_opens_with_title(cell) or (named in {None, index} and has_paper_link(cell)))
    ]
    if linked:
        return -max(linked)[1]
    own = (i for i, column in enumerate(columns) if column not in {"authors", "venue", "date"})
    first = next((index for index in own if _is_name(_own(runs[index]))), None)
    if first is not None and any(is_link(p) and is_paper_address(p.address) for p in runs[first]):
        return first
    if named is not None:
        return named
    for index, cell in enumerate(runs):
        if columns[index] == PAPER and _is_name(words_of(cell)):
            return index
    return _loose_index(runs, first, is_bare=has_link and not any(columns))


def _loose_index(runs: Sequence[Sequence[Run]], first: int | None, *, is_bare: bool) -> int | None:
    """Choose the cell of the title in a table whose columns tell none: bold, or the first name."""
    bold = (i for i, c in enumerate(runs) if is_titled(c) and not names_in(_own(c), least=2))
    if is_bare and (titled := next(bold, None)) is not None:
        return titled
    if is_bare:
        plain = (index for index, cell in enumerate(runs) if _reads_as_title(words_of(cell)))
        first = next(plain, first)
    has_identifier = any(is_link(p) and names_paper(p.address) for cell in runs for p in cell)
    if first is None or not has_identifier:
        return None
    # More words than a name has are a title or what is said of the paper.
    words = words_of(runs[first])
    return first if len(words.split()) < _MIN_NAMED or reads_like_title(words) else None


def _opens_with_title(cell: Sequence[Run]) -> bool:
    """Tell whether a linked title is what a cell begins with."""
    first = next((run for run in cell if run.text.strip()), None)
    return first is not None and is_link(first) and is_title(first.text) and not is_label(first)


def _reads_as_title(text: str) -> bool:
    return is_sentence_case_title(clean_title(text)) and not _is_people(text)


def _own(cell: Sequence[Run]) -> str:
    return words_of([p for p in cell if not is_label(p)])


def _is_name(text: str) -> bool:
    """Tell whether a cell's words can name a paper whose title is not given."""
    is_value = says_nothing(text) or is_date(text) or label_role(text) is not None
    return not is_value and any(c.isalpha() for c in text)


def _has_title(cell: Sequence[Run], *, lenient: bool) -> bool:
    text = clean_title(words_of(cell))
    if says_nothing(text) or label_role(text) is not None:
        return False
    return lenient or is_title(text)


def _read_title(cell: Sequence[Run], line: int, venues: Venues) -> ListedPaper:
    """Read the cell of the title, which may also contain authors and badges."""
    cell = _cut_at_spaces(cell)
    links = [p for p in cell if is_link(p)]
    has_parts = any(p.is_break or p.images for p in cell) or described_title(cell) is not None
    main = [p for p in links if not is_label(p)]
    if has_parts or len(main) > 1 or (links and not main):
        paper = read_item(cell, line, venues)
        if paper.title:
            return paper
    prefix, text = strip_tags(_own(cell), venues)
    title, tail = split_marked(text, venues)
    paper = ListedPaper(line=line, title=title, venue=venue_in(f"{prefix} | {tail}", venues))
    paper = replace(paper, date=date_in(tail, paper.venue))
    if not main:
        return add_links(paper, cell)
    words = words_of([p for p in cell if p.is_words])
    if len(clean_title(words).split()) < 3:
        title, tail = split_marked(strip_tags(main[0].text, venues)[1], venues)
        venue = paper.venue or venue_in(f"{words} | {tail}", venues)
        paper = replace(paper, title=title, venue=venue)
    paper = replace(paper, urls=(main[0].address,))
    return add_links(paper, [p for p in links if p is not main[0]])


def _cut_at_spaces(cell: Sequence[Run]) -> Sequence[Run]:
    """Return a cell with a break where wide spaces, or a dash, part a title from a description."""
    if not cell or not cell[0].is_words:
        return cell
    text = cell[0].text
    # No title is so long; what was written behind a dash says what the paper does.
    is_long = len(text.split()) > _MAX_TITLE_WORDS
    match = _WIDE.search(text) or (_DASH.search(text) if is_long else None)
    if match is None or len(cell[0].text[match.end() :].split()) < 2 * MIN_DESCRIPTION:
        return cell
    first, rest = cell[0].text[: match.start()], cell[0].text[match.end() :]
    return [cell[0].saying(first), cell[0].saying("\n"), cell[0].saying(rest), *cell[1:]]


def _read_cell(
    paper: ListedPaper, column: str, cell: Sequence[Run], header: str, venues: Venues
) -> ListedPaper:
    text = words_of(cell)
    links = [p for p in cell if is_link(p)]
    if column == "venue":
        name = text if is_in_review(text) else clean_title(text)
        known = venues.canonical(name) is not None
        if not says_nothing(name) and (known or not links or label_role(name) is None):
            paper = replace(paper, venue=name if header else paper.venue or name)
        papers = [p for p in links if is_paper_address(p.address)]
        return add_links(paper, papers, LinkRole.PAPER)
    if column == "date":
        date = find_date(text)
        venue = paper.venue or (venue_in(text, venues) if not is_date(text) else None)
        return add_links(replace(paper, date=date or paper.date, venue=venue), links)
    if column == "authors":
        if names := names_in(text):
            return replace(paper, authors=names)
        return with_field(paper, DESCRIPTION, text)
    if column in LINK_LISTS:
        return add_links(paper, links, role_of_field(column))
    if column in {"url", PAPER}:
        paper = add_links(paper, links)
        return replace(paper, venue=paper.venue or venue_in(text, venues))
    paper = add_links(paper, [p for p in links if role_of(p) is not LinkRole.OTHER])
    values = tuple(p.address for p in links) or (() if says_nothing(text) else (text,))
    if values and header:
        paper = replace(paper, extra=(*paper.extra, (plain_text(header), values)))
    return paper


def _is_people(text: str) -> bool:
    """Tell whether a cell plainly names people: several, or some of several."""
    return are_people(text, least=2) or is_cut_short(text) or bool(names_in(text, least=2))


def _guess_column(cell: Sequence[Run], venues: Venues) -> str:
    """Return what a cell of a row without header contains."""
    text = words_of(cell)
    roles = {role_of(p) for p in cell if is_link(p)}
    if len(roles) == 1:
        role = roles.pop()
        return {LinkRole.CODE: "code", LinkRole.DATA: "data"}.get(role, "url")
    if roles:
        return "url"
    if says_nothing(text) or text.isdecimal():
        return "date" if is_date(text) else ""
    if is_date(text):
        return "date"
    if venues.canonical(text) is None and _is_people(text):
        return "authors"
    if venue_in(text, venues) or len(text) <= 24:
        return "venue"
    return "authors" if names_in(text) else ""
