"""The `tables` region of a README of kdbot's own, read back word for word."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kdbot.intake.lists.paper import ListedPaper, ReadmeList, words_of
from kdbot.intake.lists.rows import read_published_row
from kdbot.intake.markdown.blocks import Block, BlockKind
from kdbot.intake.markdown.inline import parse_inline
from kdbot.intake.markdown.readme_blocks import scan_readme
from kdbot.model.regions import NO_PAPER, PAPERS_BELOW


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A category as the region shows it.

    Attributes:
        section: titles of the headings from the outermost down.
        start: the line behind its heading.
        end: the line behind its last.
        blocks: what stands in it.
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
        if blocks and blocks[0].quoted:
            notes[part.section] = words_of(parse_inline(blocks[0].text))
            start = blocks[0].end + 1
        rows = [b for b in blocks if b.kind is BlockKind.ROW and b.line > (part.mark or 0)]
        if part.mark is not None or not rows:
            words = "\n".join(lines[start - 1 : (part.mark or part.end) - 1]).strip("\n")
            texts |= {part.section: words} if words not in {"", NO_PAPER} else {}
        for block in rows:
            cells = [parse_inline(cell) for cell in block.cells]
            paper = read_published_row(cells, block.header, block.line)
            papers.append(replace(paper, end=block.line, section=part.section))
    return ReadmeList(
        papers=tuple(papers), unread=(), notes=notes, texts=texts, sections=tuple(sections)
    )


def _parts(text: str, lines: Sequence[str]) -> Iterator[_Part]:
    blocks = scan_readme(text).blocks
    marks = [number for number, line in enumerate(lines, 1) if line == PAPERS_BELOW]
    starts = [index for index, block in enumerate(blocks) if block.kind is BlockKind.HEADING]
    above: list[tuple[int, str]] = []
    for index, following in zip(starts, [*starts[1:], len(blocks)], strict=True):
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
