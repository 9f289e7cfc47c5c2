"""The papers in the lines of a README, each with the headings above it."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

from kdbot.intake.lists.block import ITEM_LEVEL, BlockKind, ReadmeBlock
from kdbot.intake.lists.blocks import scan_blocks
from kdbot.intake.lists.found import ReadmeList, UnreadLine, check_cells, check_line, unread_line
from kdbot.intake.lists.headings import heading_title, heads_one_paper, is_aside
from kdbot.intake.lists.items import read_item
from kdbot.intake.lists.line_signs import Sign, named_papers, sign_of_item, sign_of_text
from kdbot.intake.lists.listed_paper import ListedPaper, has_paper_link, is_link, words_of
from kdbot.intake.lists.paper_links import names_paper
from kdbot.intake.lists.rows import names_a_paper, read_columns, read_row
from kdbot.intake.markdown.inline import References, parse_inline
from kdbot.intake.markdown.lines import Run
from kdbot.model.finding import Finding, quote
from kdbot.model.venue import Venues
from kdbot.text.citation_dates import date_in
from kdbot.text.citations import (
    clean_title,
    is_empty,
    split_title,
    strip_prefix,
    venue_in,
)

_MIN_TITLE = 3
_MAX_NOTE = 300
_IN_PROSE = "it is a sentence, not a list's line"
_NO_PAPER_LINK = "its link leads to no known site of papers, and neither authors nor year follow"


def read_lines(
    text: str, venues: Venues, *, wanted: Collection[int] | None = None, needs_heading: bool = False
) -> ReadmeList:
    """Read the papers in some lines of a README, or in all of them.

    Args:
        text: Markdown.
        venues: names to recognise in loose words.
        wanted: the lines in which papers are looked for; headings are read wherever they stand.
        needs_heading: whether a paper without a heading above it is not understood.
    """
    document = scan_blocks(text)
    reader = _Reader(venues=venues, references=document.references, needs_heading=needs_heading)
    for block in document.blocks:
        lines = range(block.line, block.end + 1)
        if (
            wanted is None
            or block.kind in {BlockKind.HEADING, BlockKind.CLOSING}
            or any(line in wanted for line in lines)
        ):
            reader.read(block)
    first_level = [b for b in document.blocks if b.kind is BlockKind.HEADING and b.level == 1]
    list_title = heading_title(first_level[0].text) if len(first_level) == 1 else None
    return ReadmeList(
        papers=tuple(reader.papers),
        unread=reader.allunread_line(),
        notes=reader.notes,
        list_title=list_title,
    )


@dataclass(slots=True)
class _Reader:
    """Goes through the blocks and keeps the headings above."""

    venues: Venues
    references: References
    needs_heading: bool
    papers: list[ListedPaper] = field(default_factory=list)
    unread: list[UnreadLine] = field(default_factory=list)
    notes: dict[tuple[str, ...], str] = field(default_factory=dict)
    _headings: list[tuple[int, str]] = field(default_factory=list)
    _doubtful: list[tuple[tuple[str, ...], UnreadLine]] = field(default_factory=list)
    _titles: dict[tuple[str, ...], str] = field(default_factory=dict)
    _fresh: bool = False

    @property
    def _section(self) -> tuple[str, ...]:
        return tuple(title for _, title in self._headings if title)

    def read(self, block: ReadmeBlock) -> None:
        if block.kind is BlockKind.HEADING:
            self._enter(block)
        elif block.kind is BlockKind.CLOSING:
            self._headings = [h for h in self._headings if h[0] < block.level]
        else:
            self._leave_items(block)
            if block.kind is BlockKind.ROW:
                self._read_row(block)
            else:
                self._read_words(block)
        self._fresh = block.kind is BlockKind.HEADING

    def _leave_items(self, block: ReadmeBlock) -> None:
        """Leave the headings that are list items, where this block is not below them."""
        level = block.level if block.kind is BlockKind.ITEM else 0
        self._headings = [h for h in self._headings if h[0] < ITEM_LEVEL + level]

    def _enter(self, block: ReadmeBlock) -> None:
        """Note a heading; one that links to a paper is a paper's own heading."""
        runs = parse_inline(block.text, self.references)
        if any(is_link(p) and names_paper(p.address) for p in runs):
            self._read_words(block)
            return
        self._headings = [h for h in self._headings if h[0] < block.level]
        self._headings.append((block.level, heading_title(block.text, self.references)))

    def _read_row(self, block: ReadmeBlock) -> None:
        cells = [parse_inline(cell, self.references) for cell in block.cells]
        columns = read_columns(block.header)
        runs = [run for cell in cells for run in cell]
        is_paper = has_paper_link(runs) or (names_a_paper(columns) and not is_empty(words_of(runs)))
        is_divider = sum(not is_empty(words_of(cell)) for cell in cells) < 2
        if (
            not is_paper
            or block.cells == block.header
            or (is_divider and not any(map(is_link, runs)))
        ):
            return
        several = max(map(named_papers, cells), key=len, default=())
        if len(several) > 1:
            self._keep_each(several, block)
            return
        paper = read_row(cells, block.header, block.line, self.venues)
        self._keep(paper, block, check_cells(block))

    def _keep_each(self, links: Sequence[Run], block: ReadmeBlock) -> None:
        for link in links:
            paper = ListedPaper(line=block.line, title=clean_title(link.text), urls=(link.address,))
            self._keep(paper, block, [])

    def _read_words(self, block: ReadmeBlock) -> None:
        for line, text in _entries(block, self.references):
            self._read_entry(replace(block, line=line, text=text))

    def _read_entry(self, block: ReadmeBlock) -> None:
        runs = parse_inline(block.text, self.references)
        is_item = block.kind is BlockKind.ITEM
        sign = (sign_of_item if is_item else sign_of_text)(runs, self.venues)
        if sign is Sign.PAPER:
            self._read_papers(runs, block)
        elif sign is Sign.PROSE:
            self.unread.append(unread_line(block, _IN_PROSE))
        elif sign is Sign.MAYBE:
            self._doubtful.append((self._section, unread_line(block, _NO_PAPER_LINK)))
        elif self._fresh and not is_item and not any(map(is_link, runs)):
            self._note(words_of(runs))

    def _read_papers(self, runs: Sequence[Run], block: ReadmeBlock) -> None:
        """Read the one paper of a line, or the several that it names by their links."""
        named = named_papers(runs)
        if len(named) < 2:
            self._keep(read_item(runs, block.line, self.venues), block, [])
            return
        self._keep_each(named, block)

    def allunread_line(self) -> tuple[UnreadLine, ...]:
        """Return what was not understood; a doubtful line counts only among papers."""
        sections = {paper.section for paper in self.papers}
        doubtful = [unread for section, unread in self._doubtful if section in sections]
        return tuple(sorted([*self.unread, *doubtful], key=lambda unread: unread.line))

    def _note(self, text: str) -> None:
        if 20 <= len(text) <= _MAX_NOTE and self._section:
            self.notes.setdefault(self._section, text)

    def _keep(self, paper: ListedPaper, block: ReadmeBlock, findings: Sequence[Finding]) -> None:
        if not paper.title and block.kind is BlockKind.ITEM and self._titled_by_heading(paper):
            return
        reason = self._why_not(paper)
        if reason is not None:
            self.unread.append(unread_line(block, reason))
            return
        findings = [*findings, *check_line(paper, block)]
        self.papers.append(replace(paper, section=self._section, findings=tuple(findings)))

    def _titled_by_heading(self, paper: ListedPaper) -> bool:
        """Take the heading for the title of a paper that has none, in its place.

        Some lists give each paper a heading, or an item, with its links below.
        """
        if not self._headings or not heads_one_paper(self._headings[-1][1]):
            return False
        (_, heading), section = self._headings[-1], self._section[:-1]
        if self._titles.get(self._section) is not None:
            return True
        title, rest = split_title(strip_prefix(heading, self.venues)[1], self.venues)
        if (self.needs_heading and not section) or len(title) < _MIN_TITLE:
            return False
        venue = paper.venue or venue_in(rest, self.venues)
        date = paper.date or date_in(rest, venue)
        self._titles[self._section] = title
        self.papers.append(replace(paper, title=title, section=section, venue=venue, date=date))
        return True

    def _why_not(self, paper: ListedPaper) -> str | None:
        if self.needs_heading and not self._section:
            return "no heading stands above it"
        heading = next((t for level, t in reversed(self._headings) if level < ITEM_LEVEL), "")
        if is_aside(heading):
            return f"it stands below {quote(heading)}, which is no category"
        if not any(map(str.isalnum, paper.title)):
            return "no title was found"
        return None if len(paper.title) >= _MIN_TITLE else "its title has fewer than 3 characters"


def _entries(block: ReadmeBlock, references: References) -> Iterator[tuple[int, str]]:
    """Yield the papers of a block: a paragraph may hold one a line."""
    lines = block.text.split("\n")
    if sum("http" in line or "](" in line for line in lines) > 1:
        signs = [has_paper_link(parse_inline(line, references)) for line in lines]
        titled = [
            any(is_link(p) and names_paper(p.address) for p in parse_inline(line, references))
            for line in lines
        ]
        if sum(titled) > 1 and all(signs):
            for offset, line in enumerate(lines):
                yield block.line + offset, line
            return
    yield block.line, block.text
