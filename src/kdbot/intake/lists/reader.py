"""An existing list's README to its papers, each with the headings above it.

Tables with any columns, HTML tables, list items and paragraphs are read. A line that looks like a
paper but cannot be read is reported with its number and the reason: nothing is skipped silently.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain

from kdbot.intake.lists.entries import ITEM_LEVEL, Entry, EntryReader
from kdbot.intake.lists.item_titles import MIN_DESCRIPTION
from kdbot.intake.lists.items import read_item
from kdbot.intake.lists.own_readme import read_region
from kdbot.intake.lists.paper import (
    DESCRIPTION,
    ListedPaper,
    Place,
    ReadmeList,
    UnreadLine,
    check_cells,
    check_line,
    moved,
    unread_line,
    with_field,
)
from kdbot.intake.lists.paragraphs import entries_in, join_wrapped
from kdbot.intake.lists.parts import add_part, names_paper_link, read_label
from kdbot.intake.lists.rows import (
    is_paper_row,
    is_titled,
    names_a_paper,
    read_columns,
    read_piped,
    read_row,
)
from kdbot.intake.lists.signs import (
    Sign,
    is_aside,
    is_event,
    is_talk,
    named_papers,
    sign_of_item,
    sign_of_text,
)
from kdbot.intake.markdown.blocks import Block, BlockKind
from kdbot.intake.markdown.lines import Run
from kdbot.intake.markdown.nearby import blocks_near
from kdbot.intake.markdown.readme_blocks import Document, scan_readme
from kdbot.intake.markdown.runs import has_paper_link, is_link, is_name_alone, words_of
from kdbot.model.finding import Finding, quote
from kdbot.model.regions import find_region
from kdbot.model.venue import Venues
from kdbot.text.addresses import find_addresses
from kdbot.text.characters import without_refused
from kdbot.text.hosts import is_paper_address, names_paper
from kdbot.text.labels import field_of_label, says_nothing
from kdbot.text.titles import clean_title, is_sentence_case_title, trim_pictures

_MIN_TITLE, _MIN_NAME = 3, 2
_MAX_NOTE = 300
_MANY_WORDS = 10
"""Fewest words for each paper that a paragraph names which make it prose."""
_MAX_TAGS = 3
"""Most lines from the last cell of an HTML table's row to the next row."""
_MAX_ABOVE = 3
_ABOVE_ALL = "it is above the first category"
NO_ENTRY = "it links to a paper, but no title was found for it"
IN_PROSE = "it is a sentence, not an entry of a list"
"""Why a sentence that links to a paper was not understood."""
NO_PAPER_LINK = "its link is not to a known site of papers, and no authors or year follow"
"""Why a line whose linked words may be a title was not understood."""

BACK_TO_TOP = r"back to (?:top|contents|toc|table of contents)"
"""The words of a link to the head of a page, as a pattern."""

_BACK_TO_TOP = re.compile(rf"\s*(?:{BACK_TO_TOP}|🔝|⬆️|↑|🔼)\s*", re.IGNORECASE)
_NUMBERING = re.compile(
    r"^(?:[0-9]{1,2}(?:\.[0-9]{1,2})*[.):、]?|[IVX]{1,4}[.)]|[A-Z][.)])\s+(?=\S)"
)
_CONTENTS = re.compile(r"\W*(?:table of )?contents?\W*|\W*(?:toc|outline|index)\W*", re.IGNORECASE)
_NO_PAPERS = re.compile(
    r"\W*(?:\w+ ){0,2}(?:blogs?(?: posts?)?|posts|courses?|lectures?|talks?|videos?|tools?"
    r"|tool ?kits?|software|librar(?:y|ies)|books?|podcasts?|websites?|slides)\W*",
    re.IGNORECASE,
)
"""Headings of what is no paper, unless its link is a paper's."""
_AT_END = re.compile(
    r"licen[cs]e|contact(?: us)?|acknowledge?ments?|star history|contribut(?:ing|ors?|ions?)",
    re.IGNORECASE,
)
_DETAILS = frozenset({"authors", "venue", "date"})
"""Fields of which two below a linked title make a paper of it, wherever it leads."""
_NO_TITLES = frozenset({"authors", "venue", "date", "url", "code", "project"})
"""Fields whose label opens no title."""

_IN_FRONT = re.compile(
    r"[*_]{0,2}\([*_]{0,2}([A-Z][a-z]+(?:[ /&-]\w+){0,2})[*_]{0,2}\)[*_]{0,2}\s+(?=\S)"
)
_LEAST_IN_FRONT = 3
"""Fewest lines with brackets in front that make them a habit of the list, not part of a title."""

_TEMPLATE = re.compile(
    r"content cell|(?:your |the )?(?:paper )?title(?: of (?:the )?paper)?|paper name|lorem ipsum.*",
    re.IGNORECASE,
)
"""Titles of lines that only show how to write one."""


def parse_readme_list(text: str, venues: Venues) -> ReadmeList:
    """Read the papers of a list.

    If the README has kdbot's own `tables` region, only that is read: the rest repeats it.

    Args:
        text: the README.
        venues: names to recognise in loose words.
    """
    region = find_region(text, "tables")
    if region is None:
        return _without_list_title(read_lines(text, venues, needs_heading=True))
    return read_region("\n" * region.line + text[region.start : region.end])


def read_lines(
    text: str, venues: Venues, *, wanted: Collection[int] | None = None, needs_heading: bool = False
) -> ReadmeList:
    """Read the papers in some lines of a README, or in all of them.

    Args:
        text: Markdown.
        venues: names to recognise in loose words.
        wanted: line numbers; only papers on one of these lines are returned. None for all.
        needs_heading: whether a paper without a heading above it is not understood.
    """
    document = scan_readme(text)
    near = document.blocks if wanted is None else tuple(blocks_near(document.blocks, wanted))
    reader = _Reader(
        venues=venues,
        document=document,
        needs_heading=needs_heading,
        is_change=wanted is not None,
    )
    first_level: list[str] = []
    for entry in EntryReader(document, near, venues).entries():
        block = entry.block
        reader.read(entry)
        is_heading = block.kind is BlockKind.HEADING and not entry.is_paper
        if is_heading and block.level == 1 and (title := reader.title_of(block)):
            first_level.append(title)
    unread = [*reader.all_unread()]
    if wanted is not None:
        unread += _passed_over(near, (*reader.papers, *unread), document, wanted)
    return ReadmeList(
        papers=tuple(paper for paper in reader.papers if _is_in(paper, wanted)),
        unread=tuple(line for line in unread if _is_in(line, wanted)),
        notes=reader.notes,
        note_lines=reader.note_lines,
        places=tuple(reader.places),
        list_title=first_level[0] if len(first_level) == 1 else None,
    )


def _is_in(found: ListedPaper | UnreadLine | Block, wanted: Collection[int] | None) -> bool:
    return wanted is None or any(line in wanted for line in range(found.line, found.end + 1))


def _passed_over(
    blocks: Iterable[Block],
    read: Iterable[ListedPaper | UnreadLine],
    document: Document,
    wanted: Iterable[int],
) -> Iterator[UnreadLine]:
    """Yield the blocks, and the wanted lines, that link to a paper but could not be read."""
    lines = {line for found in read for line in range(found.line, found.end + 1)}
    for block in blocks:
        if not _is_in(block, lines) and has_paper_link(document.runs(block.text)):
            yield unread_line(block, NO_ENTRY)
            lines.update(range(block.line, block.end + 1))
    for number in sorted(set(wanted) - lines):
        text = document.seen[number - 1].strip() if number <= len(document.seen) else ""
        if any(map(is_paper_address, find_addresses(text))):
            yield UnreadLine(line=number, end=number, text=text[:_MAX_NOTE], reason=NO_ENTRY)


def is_contents(title: str) -> bool:
    """Tell whether a heading's words are those of a table of contents."""
    return _CONTENTS.fullmatch(title) is not None


def heading_title(runs: Sequence[Run]) -> str:
    """Return a heading's words: no numbering, no pictures, no way back to the top."""
    kept = [run for run in runs if not run.address.startswith("#")] or runs
    title = trim_pictures(_BACK_TO_TOP.sub(" ", words_of(kept))).strip(" \t:：|*_-–—")
    return _NUMBERING.sub("", title) or title


def _without_list_title(found: ReadmeList) -> ReadmeList:
    """Leave out the heading of the whole list if everything is below it.

    The few papers right below it, such as the list's own, are in no category.
    """
    papers = found.papers
    inside = [paper for paper in papers if len(paper.section) > 1]
    if not inside or {paper.section[0] for paper in papers} != {found.list_title}:
        return found
    above = [paper for paper in papers if len(paper.section) == 1]
    if len(above) > max(_MAX_ABOVE, len(papers) // 50):
        return found
    unread = [UnreadLine(line=p.line, end=p.end, text=p.title, reason=_ABOVE_ALL) for p in above]
    found = replace(
        found,
        papers=tuple(inside),
        unread=tuple(sorted([*found.unread, *unread], key=lambda u: u.line)),
        notes={section: note for section, note in found.notes.items() if len(section) > 1},
        note_lines={s: lines for s, lines in found.note_lines.items() if len(s) > 1},
    )
    return moved(found, lambda s: s[1:] if s[:1] == (found.list_title,) else s)


@dataclass
class _Reader:
    """Goes through the entries and keeps the headings above."""

    venues: Venues
    document: Document
    needs_heading: bool
    is_change: bool
    papers: list[ListedPaper] = field(default_factory=list)
    notes: dict[tuple[str, ...], str] = field(default_factory=dict)
    note_lines: dict[tuple[str, ...], range] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    _unread: list[UnreadLine] = field(default_factory=list)
    _headings: list[tuple[int, str]] = field(default_factory=list)
    _doubtful: list[tuple[tuple[str, ...], UnreadLine]] = field(default_factory=list)
    _fresh: bool = False
    _is_row: bool = False

    def read(self, entry: Entry) -> None:
        block = entry.block
        is_heading = block.kind is BlockKind.HEADING and not entry.is_paper
        if is_heading:
            self._leave(block.level)
            self._headings.append((block.level, self.title_of(block)))
        elif block.kind is BlockKind.CLOSING:
            self._leave(block.level)
        elif block.kind is BlockKind.HEADING:
            # A paper's own heading ends the parts of the list that are beside it.
            self._leave(block.level)
        else:
            # Leave the headings that are list items, where this block is not below them.
            self._leave(ITEM_LEVEL + (block.level if block.kind is BlockKind.ITEM else 0))
        self._note_place(block, is_heading=is_heading)
        if block.kind is BlockKind.ROW:
            self._read_row(block)
        elif not is_heading and block.kind is not BlockKind.CLOSING:
            self._read_words(entry)
        self._fresh = is_heading
        self._is_row = block.kind is BlockKind.ROW

    def title_of(self, block: Block) -> str:
        """Return the words of a heading; one above a table of contents has none."""
        title = heading_title(self.document.runs(block.text))
        return "" if is_contents(title) else title

    def all_unread(self) -> tuple[UnreadLine, ...]:
        """Return the lines that could not be read; a doubtful line counts only among papers."""
        sections = {paper.section for paper in self.papers}
        doubtful = [unread for section, unread in self._doubtful if section in sections]
        return tuple(sorted([*self._unread, *doubtful], key=lambda unread: unread.line))

    @cached_property
    def _has_fields(self) -> bool:
        """Whether the list has the field of a paper in brackets in front: `(Physics) Title`."""
        found = Counter(m[1] for b in self.document.blocks if (m := _IN_FRONT.match(b.text)))
        return found.total() >= _LEAST_IN_FRONT and found.total() > len(found)

    @property
    def _heading(self) -> str:
        return next((t for level, t in reversed(self._headings) if level < ITEM_LEVEL), "")

    @property
    def _is_appended(self) -> bool:
        """Whether lines are below the last section of a README, where people add their papers."""
        return self.is_change and _AT_END.fullmatch(self._heading) is not None

    @property
    def _section(self) -> tuple[str, ...]:
        return tuple(title for _, title in self._headings if title)

    def _leave(self, level: int) -> None:
        while self._headings and self._headings[-1][0] >= level:
            self._headings.pop()

    def _note_place(self, block: Block, *, is_heading: bool) -> None:
        section = self._section
        if is_heading or not self.places or self.places[-1].section != section:
            level = block.level if is_heading else 0
            self.places.append(Place(line=block.line, section=section, level=level))

    def _read_row(self, block: Block) -> None:
        cells = [self.document.runs(cell) for cell in block.cells]
        runs = [run for cell in cells for run in cell]
        has_link = has_paper_link(runs)
        columns = read_columns(block.header)
        is_listed = names_a_paper(columns) and not says_nothing(words_of(runs))
        is_divider = sum(not says_nothing(words_of(cell)) for cell in cells) < 2
        is_divider = is_divider and not any(map(is_link, runs))
        if self._notes_row(block, cells) or block.cells == block.header or is_divider:
            return
        if not (has_link or is_listed):
            if not block.header and any(is_titled(cell) for cell in cells):
                self._doubtful.append((self._section, unread_line(block, NO_PAPER_LINK)))
            return
        if not has_link and not is_paper_row(cells, block.header):
            self._doubtful.append((self._section, unread_line(block, NO_PAPER_LINK)))
            return
        named = [named_papers(cell, self.venues) for cell in cells]
        several = max(named, key=len, default=())
        titles = [not several for c, several in zip(columns, named, strict=False) if c == "title"]
        if len(several) > 1 and not any(titles):
            self._keep_each(several, block)
        else:
            paper = read_row(cells, block.header, block.line, self.venues)
            self._keep(paper, block, check_cells(block))

    def _notes_row(self, block: Block, cells: Sequence[Sequence[Run]]) -> bool:
        """Take a row without a link, below another in a table without a header, for its note."""
        words = max(map(words_of, cells), key=len, default="")
        if block.header or len(words.split()) < MIN_DESCRIPTION or not self._is_row:
            return False
        doubtful = [line for _, line in self._doubtful[-1:]]
        found: list[ListedPaper | UnreadLine] = [*self.papers[-1:], *self._unread[-1:], *doubtful]
        last = max(found, key=lambda entry: entry.line, default=None)
        if last is None or block.line - last.end > _MAX_TAGS or any(map(is_link, chain(*cells))):
            return False
        if isinstance(last, ListedPaper):
            noted = with_field(last, DESCRIPTION, words.lstrip(" •*-"))
            self.papers[-1] = replace(noted, end=block.end)
        elif doubtful == [last]:
            self._doubtful[-1] = (self._doubtful[-1][0], replace(last, end=block.end))
        else:
            self._unread[-1] = replace(last, end=block.end)
        return True

    def _read_words(self, entry: Entry) -> None:
        if entry.parts or entry.is_paper:
            self._read_entry(entry)
            return
        for block in entries_in(entry.block, self.document):
            self._read_entry(Entry(block=block))

    def _read_entry(self, entry: Entry) -> None:
        block = entry.block
        tag = _IN_FRONT.match(block.text) if self._has_fields else None
        text = block.text[tag.end() :] if tag else block.text
        runs = self.document.runs(join_wrapped(text, self.venues))
        is_text = block.kind is BlockKind.TEXT
        # What a quotation says without a link is news.
        is_news = block.quoted and not has_paper_link(runs)
        sign_of = sign_of_text if is_text else sign_of_item
        sign = Sign.NONE if is_news else sign_of(runs, self.venues)
        parts = [self.document.runs(part.text) for part in entry.parts]
        labels = {label.field for part in parts if (label := read_label(part))}
        is_detailed = sign is Sign.MAYBE and len(labels & _DETAILS) > 1
        if entry.is_paper or is_detailed or any(map(names_paper_link, parts)):
            sign = Sign.PAPER
        if sign is Sign.PAPER:
            named = named_papers(runs, self.venues)
            others = words_of([run for run in runs if not is_link(run)])
            if len(others.split()) >= _MANY_WORDS * len(named) > _MANY_WORDS and is_text:
                self._unread.append(unread_line(block, IN_PROSE))
                return
            if len(named) > 1 and not entry.is_paper:
                self._keep_each(named, block)
                return
            piped = read_piped(runs, block.line, self.venues) if "|" in block.text else None
            paper = piped or read_item(runs, block.line, self.venues)
            for part in parts:
                paper = add_part(paper, part, self.venues)
            is_named = paper.is_named or is_name_alone(paper.title)
            self._keep(replace(paper, end=entry.end, is_named=is_named), block)
        elif sign is Sign.PROSE:
            self._unread.append(unread_line(block, IN_PROSE))
        elif sign is Sign.MAYBE:
            self._doubtful.append((self._section, unread_line(block, NO_PAPER_LINK)))
        elif self._fresh and block.kind is not BlockKind.ITEM and not any(map(is_link, runs)):
            note = words_of(runs)
            if 20 <= len(note) <= _MAX_NOTE and self._section and self._section not in self.notes:
                self.notes[self._section] = note
                self.note_lines[self._section] = range(block.line, block.end + 1)

    def _keep_each(self, links: Sequence[Run], block: Block) -> None:
        for link in links:
            title = clean_title(link.text)
            paper = ListedPaper(line=block.line, title=title, urls=(link.address,))
            self._keep(replace(paper, is_named=is_name_alone(title)), block)

    def _keep(self, paper: ListedPaper, block: Block, findings: Sequence[Finding] = ()) -> None:
        if _TEMPLATE.fullmatch(paper.title):
            return
        reason = self._why_not(paper)
        if reason is not None:
            whole = replace(block, end=max(paper.end, block.end))
            self._unread.append(unread_line(whole, reason))
            return
        findings = (*findings, *check_line(paper, block))
        title = without_refused(paper.title)
        section = () if self._is_appended else self._section
        end = paper.end or block.end
        self.papers.append(replace(paper, title=title, section=section, findings=findings, end=end))

    def _why_not(self, paper: ListedPaper) -> str | None:
        if self.needs_heading and not self._section:
            return "there is no heading above it"
        if is_aside(self._heading) and not self._is_appended:
            return f"it is below {quote(self._heading)}, which is not a category"
        # Slides are files as papers are: a venue, another link or the site tells one.
        ending = "" if paper.venue or paper.code else ".pdf"
        addresses = (url.removesuffix(ending) for url in (*paper.urls, *paper.links))
        has_paper = any(map(is_paper_address, addresses))
        if _NO_PAPERS.fullmatch(self._heading) and not has_paper:
            return f"it is below {quote(self._heading)}, and its link is not a paper's"
        if not any(map(str.isalnum, paper.title)) or _names_a_field(paper.title):
            return "no title was found"
        if is_event(paper.title) or paper.title == paper.venue:
            return "it is the name of an event or of a journal"
        if is_talk(paper):
            return "it is a talk, a course or a workshop"
        # The author of a change can be asked for the title.
        is_known = is_paper_address if self.is_change or paper.authors else names_paper
        if paper.is_named and not any(map(is_known, paper.urls)):
            return "it has a name but no title or identifier"
        # A record has the identifier behind a name, such as `T5`.
        is_short = len(paper.title) < (_MIN_NAME if paper.is_named else _MIN_TITLE)
        return "its title has fewer than 3 characters" if is_short else None


def _names_a_field(title: str) -> bool:
    """Tell whether words are what a line says of a paper, behind a label (`Authors: Ann Lee`)."""
    label, colon, rest = title.partition(":")
    field = field_of_label(label) if colon and "-" not in label else None
    # `Repo: What It Does` may be a title.
    return field in _NO_TITLES and (
        field in {"authors", "venue"} or not is_sentence_case_title(rest)
    )
