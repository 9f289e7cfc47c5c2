"""The lines in which a text corrects listed papers, each form as labels with their values.

A heading with the line below it, a row of a table and a changed line of a diff say what a label
and its value say: they become lines like *Old venue: ICML*, for the one reader of statements.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import chain

from kdbot.intake.bibtex import has_bibtex, parse_bibtex
from kdbot.intake.markdown.blocks import Block, BlockKind, parse_markdown
from kdbot.intake.markdown.lines import Line, Run, plain_line, split_cells
from kdbot.intake.reading import is_heading, is_rule, join_lines
from kdbot.intake.standing import calls_value
from kdbot.text.labels import IGNORED, PAPER, field_of_label
from kdbot.text.titles import is_request

_ASKS_FOR_VALUE = re.compile(
    r"\b(?:be|is|to|as|with|title|link|venue|following|follows)\s*[:：]\s*$", re.IGNORECASE
)
_EVIDENCE = re.compile(
    r"\W*(?:evidence|sources?|verification|verified|validation|references?|checks"
    r"|test(?:ing| plan)?)\W*",
    re.IGNORECASE,
)
_NAMES = frozenset({"title", PAPER, "url"})
_MAX_CELLS = 40
_MAX_ROWS = 40
_HEADING_WORDS = 6
_VALUE_WORDS = 25


def lines_to_correct(blocks: Iterable[Block]) -> Iterator[Line]:
    """Yield the lines of a correction; of an entry in BibTeX its title, which names the paper.

    A quotation is a value where the line before asks for one (*The title should be:*). Another
    leaves a gap: the text after it does not continue the text before it. What is below a heading
    like *Evidence* says how a value was found.
    """
    before, label, is_evidence = "", "", False
    for block in blocks:
        text = "\n".join(line.text for line in block.lines)
        if block.kind is BlockKind.HEADING:
            is_evidence = _EVIDENCE.fullmatch(text) is not None
        if is_evidence:
            continue
        if block.quoted and not _ASKS_FOR_VALUE.search(before):
            yield Line(spans=())
        elif has_bibtex(text):
            titles = (entry.title for entry in parse_bibtex(text) if entry.title)
            yield from (plain_line(f"“{title}”") for title in titles)
        elif block.kind is BlockKind.CODE and (changed := list(_of_diff(block.lines))):
            yield from changed
        elif _is_label(block, text):
            yield from block.lines
            label = text
            continue
        else:
            lines = list(_of_tables(join_lines(block.lines)))
            if label and _is_value(lines[0].text):
                lines[0] = _labelled(label, lines[0])
            yield from lines
        before, label = "" if block.quoted else text, ""


def _is_label(block: Block, text: str) -> bool:
    """Tell whether a heading says which value is below it: *Correct title*."""
    if not is_heading(block) or len(text.split()) > _HEADING_WORDS or set(text) & set(":："):
        return False
    field = field_of_label(text)
    return calls_value(text) or field not in {None, IGNORED, *_NAMES}


def _is_value(text: str) -> bool:
    """Tell whether a line below a heading states a value, and is no sentence or box to tick."""
    is_open = text.rstrip()[-1:] in ":：" or text.lstrip()[:1] == "["
    return not is_open and len(text.split()) <= _VALUE_WORDS and not is_request(text)


def _labelled(label: str, value: Line) -> Line:
    return Line(spans=(Run(text=f"{label.strip(' :：')}: "), *value.spans))


def _of_tables(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield lines, each cell of a table with what names it as its label."""
    header: tuple[Line, ...] = ()
    names: list[str] = []
    for number, line in enumerate(lines):
        following = lines[number + 1].text if number + 1 < len(lines) else ""
        if "|" in line.text and is_rule(following):
            header = split_cells(line, _MAX_CELLS)
            names = [cell.text.strip() for cell in header]
            if not any(field_of_label(name) or calls_value(name) for name in names):
                header = ()
        elif is_rule(line.text) and header:
            continue
        elif header and "|" in line.text and number <= _MAX_ROWS:
            yield from _of_row(names, line)
        else:
            header = ()
            yield line


def _of_row(header: Sequence[str], row: Line) -> Iterator[Line]:
    """Yield the cells of a row; where the first one names a field, it is that of the others."""
    cells = split_cells(row, _MAX_CELLS)
    field = field_of_label(cells[0].text)
    names = [*header, *[""] * (len(cells) - len(header))]
    if field and field_of_label(header[0]) is None:
        word = cells[0].text.strip()
        names = [f"{name} {word}" if len(cells) > 2 else word for name in names]
        cells, names = cells[1:], names[1:]
    for name, cell in zip(names, cells, strict=False):
        if cell.text.strip():
            yield _labelled(name, cell) if name else cell


def _of_diff(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield what a diff changes: what its lines share, which names the paper, the old and new."""
    removed = [line.text[1:].split() for line in lines if line.text.startswith("-")]
    added = [line.text[1:].split() for line in lines if line.text.startswith("+")]
    if not removed or len(removed) != len(added):
        return
    for old, new in zip(removed, added, strict=True):
        shared = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
        words = [word for part in shared for word in old[part.a : part.a + part.size]]
        left = [word for word in old if word not in words]
        come = [word for word in new if word not in words]
        for label, part in (("", words), ("Old: ", left), ("New: ", come)):
            text = " ".join(part).strip("| ")
            blocks = parse_markdown(label + text) if text else ()
            yield from chain.from_iterable(block.lines for block in blocks)
