"""Entries that share one block: a paragraph, or an item with paragraphs, may contain several."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from kdbot.intake.markdown.blocks import Block
from kdbot.intake.markdown.lines import Run
from kdbot.intake.markdown.readme_blocks import Document
from kdbot.intake.markdown.runs import has_paper_link, is_label, is_link, is_title, words_of
from kdbot.model.venue import Venues
from kdbot.text.dates import find_date, is_date
from kdbot.text.hosts import may_be_paper
from kdbot.text.labels import field_of_label
from kdbot.text.names import is_cut_short, names_in
from kdbot.text.titles import clean_title, goes_on
from kdbot.text.venues import venue_in

_MIN_TITLE_WORDS = 3
_MAX_WRAPS = 3
_OPEN_END = re.compile(r"[\w,:-]\Z")
_BRACKETED = re.compile(r"\([^()]{0,60}\)\s*\Z")
_MAX_WRAPPED = 2000
"""Most characters of a line that is joined with others: reading takes linear time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    text: str
    number: int
    runs: tuple[Run, ...]

    @property
    def opens(self) -> bool:
        """Whether it begins with a linked title."""
        first = next((run for run in self.runs if run.text.strip(" \t*_-•>") or run.images), None)
        return (
            first is not None
            and is_link(first)
            and not is_label(first)
            and is_title(first.text)
            and may_be_paper(first.address)
        )

    @property
    def links(self) -> bool:
        """Whether it has links of a paper, and no linked title."""
        links = [run for run in self.runs if is_link(run)]
        return has_paper_link(self.runs) and all(map(is_label, links))

    @property
    def is_whole(self) -> bool:
        """Whether it has links of a paper, and a title's words before or behind them."""
        links = [index for index, run in enumerate(self.runs) if is_link(run)]
        around = (self.runs[: links[0]], self.runs[links[-1] + 1 :]) if links else ()
        return self.links and any(map(_is_named, around))

    @property
    def may_be_title(self) -> bool:
        """Whether it is only words that are bold, or neither people nor a date."""
        if any(map(is_link, self.runs)):
            return False
        filled = [run for run in self.runs if run.text.strip()]
        if filled and all(run.strong for run in filled):
            return len(words_of(filled).split()) > 1
        is_dated = find_date(clean_title(words_of(self.runs))[-_MIN_TITLE_WORDS * 4 :])
        return _is_named(self.runs) and not is_dated


def _is_named(runs: Sequence[Run]) -> bool:
    """Tell whether words are as many as a title's, and no people."""
    words = clean_title(words_of(runs))
    return len(words.split()) >= _MIN_TITLE_WORDS and names_in(words) is None


def join_wrapped(text: str, venues: Venues) -> str:
    """Return a block's text with its lines joined where a title goes on in the next.

    A title goes on if its bold or its quotation is still open, or if words end without a mark and
    the next line has words before its links that are neither people nor a venue.
    """
    lines = text.split("\n")
    joined: list[str] = []
    index = 0
    while index < len(lines):
        line, end = lines[index], index + 1
        while (close := _closing_line(line, lines, end)) is not None:
            line = " ".join((line, *map(str.strip, lines[end : close + 1])))
            end = close + 1
        if index == 0 and end < len(lines) and _goes_on(line, lines[end], venues):
            line, end = f"{line} {lines[end].strip()}", end + 1
        joined.append(line)
        index = end
    return "\n".join(joined)


def _closing_line(line: str, lines: Sequence[str], start: int) -> int | None:
    """Return which of the next lines ends what one leaves open: bold, a quotation, `via`."""
    if len(line) > _MAX_WRAPPED:
        return None
    following = lines[start] if start < len(lines) else ""
    is_open = goes_on(line) or (line[-1:] == ":" and field_of_label(line) is None)
    if is_open and following[:1].isalnum() and not following.startswith("http"):
        return start
    for opening, closing in (("**", "**"), ('"', '"'), ("<b>", "</b>")):
        opened, closed = line.count(opening), line.count(closing)
        if opened % 2 if opening == closing else opened > closed:
            reach = range(start, min(start + _MAX_WRAPS, len(lines)))
            return next((index for index in reach if closing in lines[index]), None)
    return None


def _goes_on(line: str, following: str, venues: Venues) -> bool:
    """Tell whether plain words are the beginning of a title that the next line ends."""
    if not _OPEN_END.search(line) or "](" in line or "http" in line:
        return False
    before, bracket, _ = following.partition("[")
    words = _BRACKETED.sub("", before).strip(" .,:")
    is_other = names_in(words, least=2) is not None or is_cut_short(words) or is_date(words)
    return (
        bool(bracket and words)
        and len(words) <= _MAX_WRAPPED
        and not is_other
        and not find_date(words)
        and venue_in(words, venues) is None
        and not (before.rstrip().endswith(":") and field_of_label(words))
    )


def entries_in(block: Block, document: Document) -> Iterator[Block]:
    """Yield the entries of a block: one for each line that begins with a linked title.

    Where none does, one for each line of words that follows the links of another entry.
    """
    lines = block.text.split("\n")
    if sum("http" in line or "](" in line for line in lines) < 2:
        yield block
        return
    numbers = block.numbers or tuple(range(block.line, block.line + len(lines)))
    read = [
        _Line(text=text, number=number, runs=document.runs(text))
        for text, number in zip(lines, numbers, strict=False)
    ]
    starts = _starts(read)
    if not starts:
        yield block
        return
    for start, end in zip([0, *starts], [*starts, len(read)], strict=True):
        if part := read[start:end]:
            numbers = tuple(line.number for line in part)
            yield replace(
                block,
                line=numbers[0],
                end=numbers[-1],
                text="\n".join(line.text for line in part),
                numbers=numbers,
            )


def _starts(lines: Sequence[_Line]) -> list[int]:
    """Return where entries begin, but the first."""
    opening = [index for index, line in enumerate(lines) if line.opens]
    if len(opening) > 1:
        lead = words_of([run for line in lines[: opening[0]] for run in line.runs])
        return opening[1:] if not opening[0] or names_in(lead) is not None else opening
    linked = [index for index, line in enumerate(lines) if line.links]
    if len(linked) > 1 and all(lines[index].is_whole for index in linked):
        above = words_of([run for line in lines[: linked[0]] for run in line.runs])
        return linked[1:] if not above else []
    filled = [(index, line) for index, line in enumerate(lines) if words_of(line.runs)]
    return [
        index
        for (_, above), (index, line) in pairwise(filled)
        if linked
        and linked[0] < index <= linked[-1]
        and any(map(is_link, above.runs))
        and line.may_be_title
    ]
