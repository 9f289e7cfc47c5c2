"""An existing list's README to its papers, each with the headings above it.

Tables of any columns, HTML tables, list items and paragraphs are read. What looks like a paper and
is not understood is named with its line and the reason: nothing is passed over in silence.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kdbot.intake.citation_text import clean_title, is_empty, trim_pictures
from kdbot.intake.inline import Piece, PieceKind, has_stray_blank, parse_inline
from kdbot.intake.list_items import read_item, reads_as_paper
from kdbot.intake.list_rows import names_a_paper, read_columns, read_row
from kdbot.intake.listed_paper import ListedPaper, has_paper_link, is_link, words_of
from kdbot.intake.paper_links import names_paper
from kdbot.intake.readme_blocks import BlockKind, ReadmeBlock, scan_blocks
from kdbot.model.finding import Finding, Rule, Severity
from kdbot.model.venue import Venues

_REGION = re.compile(
    r"^[ \t]*<!-- kdbot:begin tables -->[ \t]*\r?$(.*?)^[ \t]*<!-- kdbot:end tables -->[ \t]*\r?$",
    re.DOTALL | re.MULTILINE,
)
_BACK_TO_TOP = re.compile(
    r"\s*(?:back to (?:top|contents|toc|table of contents)|🔝|⬆️|↑|🔼)\s*", re.I
)
_NUMBERING = re.compile(
    r"^(?:[0-9]{1,2}(?:\.[0-9]{1,2})*[.):、]?|[IVX]{1,4}[.)]|[A-Z][.)])\s+(?=\S)"
)
_MAX_QUOTE = 300

BLANK_IN_URL = Rule(
    code="import-blank-in-url",
    severity=Severity.NOTICE,
    summary="An address in the source has a blank at its edge or inside.",
    remedy="Nothing; the blank is left out.",
)
CELL_MISSING = Rule(
    code="import-cell-missing",
    severity=Severity.NOTICE,
    summary="A row of the source has fewer cells than its table has columns.",
    remedy="Nothing; the missing cells count as empty.",
)
RULES = (BLANK_IN_URL, CELL_MISSING)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadLine:
    """A line that looks like a paper and was not understood.

    Attributes:
        line: its number in the source, counted from 1.
        text: the line, cut to a few hundred characters.
        reason: what is missing.
    """

    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadmeList:
    """What an existing list's README says.

    Attributes:
        papers: one for each place where a paper stands, in the order of the source.
        unread: lines that look like a paper and were not understood.
        notes: the sentence below a heading, by the titles from the outermost heading down.
    """

    papers: tuple[ListedPaper, ...]
    unread: tuple[UnreadLine, ...]
    notes: Mapping[tuple[str, ...], str]


def parse_readme_list(text: str, venues: Venues) -> ReadmeList:
    """Read the papers of a list.

    Where the README has kdbot's own `tables` region, that alone is read: the rest repeats it.

    Args:
        text: the README.
        venues: names to recognise in loose words.
    """
    region = _REGION.search(text)
    if region is not None:
        text = "\n" * text.count("\n", 0, region.start(1)) + region[1]
    document = scan_blocks(text)
    reader = _Reader(venues=venues, references=document.references)
    for block in document.blocks:
        reader.read(block)
    papers = reader.papers
    if region is None:
        papers = _without_list_title(papers)
    return ReadmeList(papers=tuple(papers), unread=tuple(reader.unread), notes=reader.notes)


def _without_list_title(papers: Sequence[ListedPaper]) -> list[ListedPaper]:
    """Leave out the headings of the first level that stand above every paper."""
    while papers and len({paper.section[:1] for paper in papers}) == 1:
        if any(len(paper.section) < 2 for paper in papers):
            break
        papers = [replace(paper, section=paper.section[1:]) for paper in papers]
    return list(papers)


@dataclass(slots=True)
class _Reader:
    """Goes through the blocks and keeps the headings above."""

    venues: Venues
    references: Mapping[str, str]
    papers: list[ListedPaper] = field(default_factory=list)
    unread: list[UnreadLine] = field(default_factory=list)
    notes: dict[tuple[str, ...], str] = field(default_factory=dict)
    _headings: list[tuple[int, str]] = field(default_factory=list)
    _fresh: bool = False

    @property
    def _section(self) -> tuple[str, ...]:
        return tuple(title for _, title in self._headings if title)

    def read(self, block: ReadmeBlock) -> None:
        if block.kind is BlockKind.HEADING:
            self._enter(block)
        elif block.kind is BlockKind.CLOSING:
            self._headings = [h for h in self._headings if h[0] < block.level]
        elif block.kind is BlockKind.ROW:
            self._read_row(block)
        else:
            self._read_words(block)
        self._fresh = block.kind is BlockKind.HEADING

    def _enter(self, block: ReadmeBlock) -> None:
        """Note a heading; one that links to a paper is a paper's own heading."""
        pieces = parse_inline(block.text, self.references)
        if any(is_link(p) and names_paper(p.url) for p in pieces):
            self._read_words(block)
            return
        self._headings = [h for h in self._headings if h[0] < block.level]
        self._headings.append((block.level, heading_title(block.text, self.references)))

    def _read_row(self, block: ReadmeBlock) -> None:
        columns = read_columns(block.header)
        pieces = [p for cell in block.cells for p in parse_inline(cell, self.references)]
        is_paper = has_paper_link(pieces) or (
            names_a_paper(columns) and not is_empty(words_of(pieces))
        )
        if not is_paper:
            return
        if block.header and [c.strip() for c in block.cells] == [c.strip() for c in block.header]:
            return
        paper = read_row(block.cells, block.header, block.line, self.venues, self.references)
        self._keep(paper, block, _missing_cells(block))

    def _read_words(self, block: ReadmeBlock) -> None:
        for line, text in _entries(block, self.references):
            pieces = parse_inline(text, self.references)
            if not reads_as_paper(pieces):
                if self._fresh and block.kind is BlockKind.TEXT and not any(map(is_link, pieces)):
                    self._note(words_of(pieces))
                continue
            paper = read_item(pieces, line, self.venues)
            self._keep(paper, replace(block, line=line, text=text), [])

    def _note(self, text: str) -> None:
        if 20 <= len(text) <= _MAX_QUOTE and self._section:
            self.notes.setdefault(self._section, text)

    def _keep(self, paper: ListedPaper, block: ReadmeBlock, findings: Sequence[Finding]) -> None:
        reason = _why_not(paper, self._section)
        if reason is not None:
            quoted = " ".join(block.text.split())[:_MAX_QUOTE]
            self.unread.append(UnreadLine(line=block.line, text=quoted, reason=reason))
            return
        if has_stray_blank(block.text):
            message = "An address has a blank at its edge or inside."
            findings = [*findings, BLANK_IN_URL.finding(message, line=block.line)]
        self.papers.append(replace(paper, section=self._section, findings=tuple(findings)))


def _missing_cells(block: ReadmeBlock) -> list[Finding]:
    if len(block.cells) >= len(block.header):
        return []
    message = f"The row has {len(block.cells)} of {len(block.header)} cells."
    return [CELL_MISSING.finding(message, line=block.line)]


def heading_title(text: str, references: Mapping[str, str] | None = None) -> str:
    """Return a heading's words: no numbering, no pictures, no way back to the top."""
    pieces = [p for p in parse_inline(text, references) if not _is_way_back(p)]
    title = trim_pictures(_BACK_TO_TOP.sub(" ", words_of(pieces))).strip(" \t:：|*_-–—")
    return _NUMBERING.sub("", title) or title


def _is_way_back(piece: Piece) -> bool:
    return (
        piece.kind is PieceKind.LINK
        and piece.url.startswith("#")
        and (not clean_title(piece.text) or _BACK_TO_TOP.fullmatch(piece.text) is not None)
    )


def _why_not(paper: ListedPaper, section: tuple[str, ...]) -> str | None:
    if not section:
        return "no heading stands above it"
    if len(paper.title) < 3:
        return "no title was found"
    return None


def _entries(block: ReadmeBlock, references: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """Yield the papers of a block: a paragraph may hold one a line."""
    lines = block.text.split("\n")
    if len(lines) > 1:
        signs = [reads_as_paper(parse_inline(line, references)) for line in lines]
        titled = [
            any(is_link(p) and names_paper(p.url) for p in parse_inline(line, references))
            for line in lines
        ]
        if sum(titled) > 1 and all(signs):
            for offset, line in enumerate(lines):
                yield block.line + offset, line
            return
    yield block.line, block.text
