"""What reading a list gives: its papers, the lines that were not understood, and their oddities."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kdbot.intake.lists.block import ReadmeBlock
from kdbot.intake.lists.listed_paper import ListedPaper
from kdbot.intake.markdown.inline import has_stray_space
from kdbot.model.finding import Finding, Rule, Severity, quote
from kdbot.model.identifiers import IdentifierKind, parse_identifier

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
SECOND_IDENTIFIER = Rule(
    code="import-second-identifier",
    severity=Severity.NOTICE,
    summary="A line of the source names one paper.",
    remedy="Look whether the line is about two papers; the first identifier is taken.",
)
RULES = (BLANK_IN_URL, CELL_MISSING, SECOND_IDENTIFIER)


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
        sections: headings that are categories even where no paper stands below them.
        list_title: the only heading of the first level, which names the list itself.
    """

    papers: tuple[ListedPaper, ...]
    unread: tuple[UnreadLine, ...]
    notes: Mapping[tuple[str, ...], str]
    sections: tuple[tuple[str, ...], ...] = ()
    list_title: str | None = None


def unread_line(block: ReadmeBlock, reason: str) -> UnreadLine:
    """Return a block as a line that was not understood."""
    text = " ".join(block.text.split())[:_MAX_QUOTE]
    return UnreadLine(line=block.line, text=text, reason=reason)


def check_cells(block: ReadmeBlock) -> list[Finding]:
    """Find a row that is shorter than its table's first."""
    if len(block.cells) >= len(block.header):
        return []
    message = f"The row has {len(block.cells)} of {len(block.header)} cells."
    return [CELL_MISSING.finding(message, line=block.line)]


def check_line(paper: ListedPaper, block: ReadmeBlock) -> Iterator[Finding]:
    """Find what is odd about a line that was understood."""
    if has_stray_space(block.text):
        message = "An address has a blank at its edge or inside."
        yield BLANK_IN_URL.finding(message, line=block.line)
    found = [parse_identifier(url) for url in paper.urls]
    arxiv = dict.fromkeys(f.canonical for f in found if f.kind is IdentifierKind.ARXIV)
    if len(arxiv) > 1:
        message = f"The line names {' and '.join(map(quote, arxiv))}."
        yield SECOND_IDENTIFIER.finding(message, line=block.line)
