"""The rows of kdbot's own tables, read back word for word.

What `publish` has written needs no guessing: the first column is the title, links of the code
column that are called `Page` are project pages, and nothing is trimmed.
"""

from collections.abc import Sequence
from dataclasses import replace

from kdbot.intake.lists.listed_paper import ListedPaper, is_link, words_of
from kdbot.intake.lists.rows import Column, read_columns
from kdbot.intake.markdown.inline import plain_text
from kdbot.intake.markdown.lines import Run

_PAGE = "Page"
_WITHDRAWN = "(withdrawn)"


def read_published_row(
    runs: Sequence[Sequence[Run]], header: tuple[str, ...], line: int
) -> ListedPaper:
    """Read one row.

    Args:
        runs: its cells.
        header: the table's first row.
        line: its line in the source.
    """
    title, *others = runs
    paper = _read_title(title, line)
    for column, name, cell in zip(read_columns(header)[1:], header[1:], others, strict=False):
        paper = _read_cell(paper, column, plain_text(name), cell)
    return paper


def _read_title(cell: Sequence[Run], line: int) -> ListedPaper:
    withdrawn = any(p.emphasis and p.text == _WITHDRAWN for p in cell)
    link = next((p for p in cell if is_link(p)), None)
    plain = [p for p in cell if not (p.emphasis and p.text == _WITHDRAWN)]
    return ListedPaper(
        line=line,
        title=link.text if link else words_of(plain),
        urls=_urls([link]) if link else (),
        withdrawn=withdrawn,
    )


def _read_cell(paper: ListedPaper, column: Column, name: str, cell: Sequence[Run]) -> ListedPaper:
    text = words_of(cell)
    links = [p for p in cell if is_link(p)]
    if column is Column.VENUE:
        return replace(paper, venue=text or None)
    if column is Column.DATE:
        return replace(paper, date=text or None)
    if column is Column.AUTHORS:
        return replace(paper, authors=tuple(filter(None, text.split(", "))))
    if column is Column.CODE:
        pages = [p for p in links if p.text.rstrip(" 0123456789") == _PAGE]
        code = [p for p in links if p not in pages]
        return replace(paper, code=_urls(code), project=paper.project + _urls(pages))
    if column is Column.PROJECT:
        return replace(paper, project=paper.project + _urls(links))
    if column is Column.DATA:
        return replace(paper, data=_urls(links))
    values = _urls(links) or tuple(filter(None, text.split(", ")))
    return replace(paper, extra=(*paper.extra, (name, values))) if values else paper


def _urls(links: Sequence[Run]) -> tuple[str, ...]:
    return tuple(map(_as_stored, (p.address for p in links)))


def _as_stored(url: str) -> str:
    """Return an address with the round brackets that a Markdown link cannot hold."""
    return url.replace("%28", "(").replace("%29", ")")
