"""An existing list's README to its papers.

Tables of any columns, HTML tables, list items and paragraphs are read. What looks like a paper and
is not understood is named with its line and the reason: nothing is passed over in silence.
"""

from dataclasses import replace

from kdbot.intake.lists.block import BlockKind
from kdbot.intake.lists.blocks import scan_blocks
from kdbot.intake.lists.found import ReadmeList, UnreadLine
from kdbot.intake.lists.listed_paper import ListedPaper, words_of
from kdbot.intake.lists.published_rows import read_published_row
from kdbot.intake.lists.reader import read_lines
from kdbot.intake.markdown.inline import parse_inline
from kdbot.model.regions import find_region
from kdbot.model.venue import Venues

_MAX_ABOVE = 3
_ABOVE_ALL = "it stands above the first category"


def parse_readme_list(text: str, venues: Venues) -> ReadmeList:
    """Read the papers of a list.

    Where the README has kdbot's own `tables` region, that alone is read: the rest repeats it.

    Args:
        text: the README.
        venues: names to recognise in loose words.
    """
    region = find_region(text, "tables")
    if region is None:
        return _without_list_title(read_lines(text, venues, needs_heading=True))
    return _read_region("\n" * region.line + text[region.start : region.end])


def _without_list_title(found: ReadmeList) -> ReadmeList:
    """Leave out the heading of the whole list, where everything stands below it.

    The few papers right below it, such as the list's own, are in no category.
    """
    papers = found.papers
    inside = [paper for paper in papers if len(paper.section) > 1]
    if not inside or {paper.section[0] for paper in papers} != {found.list_title}:
        return found
    above = [paper for paper in papers if len(paper.section) == 1]
    if len(above) > max(_MAX_ABOVE, len(papers) // 50):
        return found
    unread = [UnreadLine(line=p.line, text=p.title, reason=_ABOVE_ALL) for p in above]
    return replace(
        found,
        papers=tuple(replace(paper, section=paper.section[1:]) for paper in inside),
        unread=tuple(sorted([*found.unread, *unread], key=lambda u: u.line)),
        notes={section[1:]: note for section, note in found.notes.items() if len(section) > 1},
    )


def _read_region(text: str) -> ReadmeList:
    document = scan_blocks(text)
    papers: list[ListedPaper] = []
    notes: dict[tuple[str, ...], str] = {}
    headings: list[tuple[int, str]] = []
    sections: list[tuple[str, ...]] = []
    for block in document.blocks:
        section = tuple(title for _, title in headings)
        if block.kind is BlockKind.HEADING:
            title = words_of(parse_inline(block.text))
            headings = [*(h for h in headings if h[0] < block.level), (block.level, title)]
            sections.append(tuple(title for _, title in headings))
        elif block.kind is BlockKind.ROW:
            cells = [parse_inline(cell) for cell in block.cells]
            paper = read_published_row(cells, block.header, block.line)
            papers.append(replace(paper, section=section))
        elif block.quoted and section not in notes:
            notes[section] = words_of(parse_inline(block.text))
    return ReadmeList(papers=tuple(papers), unread=(), notes=notes, sections=tuple(sections))
