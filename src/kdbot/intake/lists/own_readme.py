"""The `tables` region of a README that kdbot has built, read back exactly.

What `publish` has written needs no guessing: the first column is the title, links of the code
column that are called `Page` are project pages, and nothing is trimmed.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from kdbot.intake.lists.paper import ListedPaper, ReadmeList, moved
from kdbot.intake.lists.rows import read_columns
from kdbot.intake.markdown.blocks import Block, BlockKind
from kdbot.intake.markdown.inline import parse_inline, plain_text
from kdbot.intake.markdown.lines import Run
from kdbot.intake.markdown.readme_blocks import BOLD_LEVEL, scan_readme
from kdbot.intake.markdown.runs import is_link, words_of
from kdbot.model.paper import read_standing_mark
from kdbot.model.regions import NO_PAPER, PAGE_NOTICE, PAGE_TITLES, PAPERS_BELOW
from kdbot.text.addresses import stored_address
from kdbot.text.hosts import names_paper

_OF_PAPERS = frozenset({BlockKind.ROW, BlockKind.ITEM})
_PAGE = "Page"
_FIELD_OF_LABEL = {"Code": "code", _PAGE: "project", "Data": "data"}
_IDENTIFIER_TITLES = frozenset(
    {"arXiv identifier", "DOI", "ACL Anthology identifier", "OpenReview forum"}
)
_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A category as the region shows it.

    Attributes:
        section: titles of the headings from the outermost down.
        start: the line behind its heading.
        end: the line behind its last.
        blocks: its content.
        mark: the line between its words and its papers, or None where it has no such words.
    """

    section: tuple[str, ...]
    start: int
    end: int
    blocks: tuple[Block, ...]
    mark: int | None


def read_region(text: str) -> ReadmeList:
    """Read the region; its lines are numbered as those of the text."""
    papers: list[ListedPaper] = []
    notes: dict[tuple[str, ...], str] = {}
    texts: dict[tuple[str, ...], str] = {}
    sections: list[tuple[str, ...]] = []
    lines = text.split("\n")
    for part in _parts(text, lines):
        sections.append(part.section)
        start, blocks = part.start, part.blocks
        # A note has no links and no mark below it; other quotations are words of the category.
        words_first = [b for b in blocks if b.line < (part.mark or 0)]
        if blocks and blocks[0].quoted and (part.mark is None or len(words_first) > 1):
            runs = parse_inline(blocks[0].text)
            if not any(map(is_link, runs)):
                notes[part.section] = words_of(runs)
                start = blocks[0].end + 1
        rows = [b for b in blocks if b.kind in _OF_PAPERS and b.line > (part.mark or 0)]
        if part.mark is not None or not rows:
            words = "\n".join(lines[start - 1 : (part.mark or part.end) - 1]).strip("\n")
            texts |= {part.section: words} if words not in {"", NO_PAPER} else {}
        for block in rows:
            if block.kind is BlockKind.ITEM and block.level and papers:
                papers[-1] = _with_detail(papers[-1], block)
                continue
            if block.kind is BlockKind.ITEM:
                paper = _read_item(parse_inline(block.text), block.line)
            else:
                cells = [parse_inline(cell) for cell in block.cells]
                paper = _read_row(cells, block.header, block.line)
            papers.append(replace(paper, end=block.line, section=part.section))
    return ReadmeList(
        papers=tuple(papers), unread=(), notes=notes, texts=texts, sections=tuple(sections)
    )


def is_own_page(text: str) -> bool:
    """Tell whether a text is the page of all papers of a category, beside a README of kdbot's."""
    return text.lstrip().startswith(PAGE_NOTICE)


def read_own_page(text: str, sections: Collection[tuple[str, ...]]) -> ReadmeList:
    """Read such a page, whose heading has the titles from the outermost category down.

    A page of anything else than one of the sections is left out.
    """
    found = moved(read_region(text), lambda s: tuple(PAGE_TITLES.join(s).split(PAGE_TITLES)))
    kept = tuple(paper for paper in found.papers if paper.section in sections)
    return replace(found, papers=kept, notes={}, texts={})


def _parts(text: str, lines: Sequence[str]) -> Iterator[_Part]:
    blocks = scan_readme(text).blocks
    marks = [number for number, line in enumerate(lines, 1) if line == PAPERS_BELOW]
    # Bold lines and foldable parts are in the words of a category.
    starts = [
        index
        for index, block in enumerate(blocks)
        if block.kind is BlockKind.HEADING and block.level < BOLD_LEVEL
    ]
    above: list[tuple[int, str]] = []
    for index, following in pairwise([*starts, len(blocks)]):
        heading = blocks[index]
        title = words_of(parse_inline(heading.text))
        above = [*(h for h in above if h[0] < heading.level), (heading.level, title)]
        end = blocks[following].line if following < len(blocks) else len(lines) + 1
        while marks and marks[0] < heading.line:
            marks.pop(0)
        yield _Part(
            section=tuple(title for _, title in above),
            start=heading.end + 1,
            end=end,
            blocks=blocks[index + 1 : following],
            mark=marks[0] if marks and marks[0] < end else None,
        )


def _read_row(runs: Sequence[Sequence[Run]], header: tuple[str, ...], line: int) -> ListedPaper:
    title, *others = runs
    paper = _read_title(title, line)
    for column, name, cell in zip(read_columns(header)[1:], header[1:], others, strict=False):
        paper = _with_cell(paper, column, plain_text(name), cell)
    return paper


def _read_title(cell: Sequence[Run], line: int) -> ListedPaper:
    link = next((p for p in cell if is_link(p)), None)
    plain = [run for run in cell if not _standing([run])]
    return ListedPaper(
        line=line,
        title=link.text if link else words_of(plain),
        urls=_stored([link]) if link else (),
        standing=_standing(cell),
    )


def _standing(runs: Iterable[Run]) -> dict[str, Any]:
    """Return the fields that a mark such as *(retracted 2010-02-06)* stands for."""
    marks = (r.text for r in runs if r.emphasis and r.text.startswith("(") and r.text[-1:] == ")")
    return next(filter(None, (read_standing_mark(mark[1:-1]) for mark in marks)), {})


def _with_cell(paper: ListedPaper, column: str, name: str, cell: Sequence[Run]) -> ListedPaper:
    text = words_of(cell)
    texts = tuple(filter(None, text.split(", ")))
    links = [p for p in cell if is_link(p)]
    if column == "venue":
        return replace(paper, venue=text or None)
    if column == "date":
        return replace(paper, date=text or None)
    if column == "authors":
        return replace(paper, authors=texts)
    if column == "code":
        pages = [p for p in links if p.text.rstrip(" 0123456789") == _PAGE]
        code = [p for p in links if p not in pages]
        return replace(paper, code=_stored(code), project=paper.project + _stored(pages))
    if column == "project":
        return replace(paper, project=paper.project + _stored(links))
    if column == "data":
        return replace(paper, data=_stored(links))
    return _with_field(paper, name, _stored(links), text)


def _with_field(paper: ListedPaper, name: str, links: tuple[str, ...], text: str) -> ListedPaper:
    """Add a field by its title: another identifier of the paper, or one of the list's own."""
    if links and all(map(names_paper, links)) and name in _IDENTIFIER_TITLES:
        return replace(paper, urls=(*paper.urls, *links))
    values = links or ((text,) if text else ())
    return replace(paper, extra=(*paper.extra, (name, values))) if values else paper


def _stored(links: Sequence[Run]) -> tuple[str, ...]:
    return tuple(stored_address(link.address) for link in links)


def _read_item(runs: Sequence[Run], line: int) -> ListedPaper:
    """Read a paper of a list: title, authors, venue, date and links between middle dots."""
    paper = _read_title([run for run in runs[:1] if run.text] or runs, line)
    paper = replace(paper, standing=_standing(runs))
    fields: dict[str, tuple[str, ...]] = {"code": (), "project": (), "data": ()}
    for run in runs[1:]:
        if is_link(run):
            name = _FIELD_OF_LABEL.get(run.text.rstrip(" 0123456789"))
            if name is not None:
                fields[name] += _stored([run])
        elif run.emphasis and not _standing([run]):
            paper = replace(paper, venue=run.text)
        else:
            for text in filter(None, (part.strip(" ,") for part in run.text.split("·"))):
                if _DATE.fullmatch(text):
                    paper = replace(paper, date=text)
                elif not run.emphasis:
                    paper = replace(paper, authors=tuple(text.split(", ")))
    return replace(paper, code=fields["code"], project=fields["project"], data=fields["data"])


def _with_detail(paper: ListedPaper, block: Block) -> ListedPaper:
    """Add a custom field of the list, which is in an item below a paper's."""
    runs = parse_inline(block.text)
    name, _, text = words_of([run for run in runs if not is_link(run)]).partition(": ")
    links = _stored([run for run in runs if is_link(run)])
    return _with_field(replace(paper, end=block.end), name.rstrip(": "), links, text)
