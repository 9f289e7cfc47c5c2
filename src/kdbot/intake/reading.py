"""All that a body says about papers, in reading order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from itertools import islice

from kdbot.intake.bibtex import BibEntry, has_bibtex, parse_bibtex
from kdbot.intake.intent import is_mention, is_mention_head, split_sentences
from kdbot.intake.links import find_links, role_of_link
from kdbot.intake.markdown.blocks import Block, BlockKind, parse_markdown
from kdbot.intake.markdown.lines import Line, Run, plain_line, split_cells
from kdbot.intake.mentions import (
    SURE,
    Mention,
    merge_mentions,
    read_cells,
    read_field,
    split_labels,
)
from kdbot.intake.prose import Place, read_line, read_lines
from kdbot.intake.titles import find_titles, is_detail, title_of_link
from kdbot.model.venue import Venues, year_of_venue
from kdbot.text.dates import parse_date
from kdbot.text.hosts import LinkRole
from kdbot.text.labels import PAPER, field_of_label
from kdbot.text.names import is_affiliation, is_workplace, names_in
from kdbot.text.titles import (
    HONOURS,
    SMALL_WORDS,
    clean_title,
    goes_on,
    is_generic,
    is_request,
    is_short_name,
    is_speech,
    is_title,
    mask_titles,
    without_titles,
)
from kdbot.text.venues import bare_venue, is_in_review

_MAX_PARTS = 4
_MAX_BELOW = 6  # lines between a title and the link to its paper
_MAX_CELLS = 2_000
_MAX_MENTIONS = 400
_MAX_BLOCK = 20  # lines of a block in which a citation over several is looked for
MAX_LINKS = 150
_SHORTEST = 5
_MAX_CITATIONS = 20
_CITATION = re.compile(r"\[([0-9]{1,3})\]")
_NUMBER = re.compile(r"\[([0-9]{1,3})\]\s")


_LEAST_WRAPPED, _MAX_WRAPPED = 40, 400  # characters of a line whose title may go on
_LEAST_FULL = 64  # characters of one that no further word fits into
_MAX_REST = 10  # words of the rest
_ENDING = frozenset('.:!?;,。：，)]）】"”')
_DESCRIBING_HEAD = re.compile(
    r"\b(?:highlights?|features?|contributions?|advantages?|strengths?|innovations?|findings"
    r"|key (?:points|ideas|results|insights)|abstract|motivation|why)\b\W*$|^\W*why\b",
    re.IGNORECASE,
)
_MAX_ROW = 40
_MAX_FIELDS = 12


def join_lines(lines: Sequence[Line], venues: Venues | None = None) -> list[Line]:
    """Join a line with the next where a title goes on in it; the venues tell that one does not."""
    joined: list[Line] = []
    parts = 0
    for line in lines:
        on = bool(joined) and parts < _MAX_PARTS
        ends = (_runs_on(joined[-1]) or _goes_on(joined[-1], line)) if joined else False
        ends = ends or (on and venues is not None and _wraps(joined[-1], line, venues))
        if on and (ends or _is_one_link(joined[-1], line)):
            joined[-1] = _joined(joined[-1], line)
            parts += 1
        else:
            joined.append(line)
            parts = 1
    return joined


def _joined(line: Line, following: Line) -> Line:
    """Return both as one; words of one style stay together."""
    *before, last = line.spans
    first, *behind = following.spans
    if replace(last, text="") == replace(first, text=""):
        return Line(spans=(*before, replace(last, text=f"{last.text} {first.text}"), *behind))
    return Line(spans=(*line.spans, Run(text=" "), *following.spans))


def _starts_with_link(line: Line) -> bool:
    """Tell whether only a mark, or the label of a paper, is before a line's first link."""
    links = find_links(line)
    if not links or title_of_link(links[0]):
        return False
    head = line.text[: links[0].start].strip(" -–—•*[(")
    return not head or field_of_label(head.rstrip(" :：")) in {PAPER, "url"}


def _is_marked(line: Line) -> bool:
    """Tell whether all words of a line are in bold type or emphasised."""
    return all(span.strong or span.emphasis or not span.text.strip() for span in line.spans)


def _goes_on(line: Line, following: Line) -> bool:
    """Tell whether the next line is the end of a title, with its link in brackets behind it."""
    links = find_links(following)
    if not links or find_links(line) or not 30 <= len(line.text) <= 300:
        return False
    head = following.text[: links[0].start].rstrip()
    words = head.rstrip(" ([（").split()
    capitals = sum(word[0].isupper() for word in words)
    return (
        head.endswith(("(", "[", "（"))
        and 1 <= len(words) <= 8
        and 2 * capitals > len(words)
        and not is_generic(" ".join(words))
        and field_of_label(" ".join(words)) is None
        and not line.text.rstrip().endswith((".", ":", "!", "?"))
        and is_title(clean_title(line.text))
    )


def _is_feature(line: Line) -> bool:
    """Tell whether bold words are what a sentence behind them tells of: `**Fast:** no map.`."""
    first, text = line.spans[0], line.text
    head = first.text.rstrip(" :：")
    behind = text[len(head) :].lstrip(" ")
    is_head = first.strong and behind[:1] in {":", "："}
    if not is_head or is_title(head) or field_of_label(head) is not None:
        return False
    rest = behind[1:].strip()
    is_told = rest.endswith(".") or not is_short_name(clean_title(head))
    return is_told and not is_title(rest.rstrip("."))


def _wraps(line: Line, following: Line, venues: Venues) -> bool:
    """Tell whether a long line ends in a title, and the next one can only be the rest of it."""
    text, rest = line.text.rstrip(), following.text.strip()
    is_open = _LEAST_WRAPPED <= len(text) <= _MAX_WRAPPED and text[-1] not in _ENDING
    words = rest.split()
    if not (is_open and 1 <= len(words) <= _MAX_REST and rest[0].isalpha()):
        return False
    if (
        find_links(following)
        or rest[-1] in ":：!"
        or any(label for label, _ in split_labels(following))
    ):
        return False
    label, part = list(split_labels(line))[-1]
    links = find_links(part)
    behind = part.text[links[-1].end :] if links else part.text
    is_labelled = label in {"title", PAPER} and not links
    speaks = is_speech(rest) or (is_request(rest) and not goes_on(rest))
    if speaks or not is_title(clean_title(behind)):
        return False
    if rest[0].islower():
        return field_of_label(words[0]) is None and not is_in_review(rest)
    small = [word.casefold() in SMALL_WORDS for word in words]
    named = " ".join(w.lower() if is_small else w for w, is_small in zip(words, small, strict=True))
    is_people = names_in(named, least=1 + is_labelled) is not None
    if is_people or is_detail(rest, venues) or is_affiliation(rest) or is_workplace(rest):
        return False
    is_inside = any(small[:-1]) and not is_title(rest)
    is_full = is_labelled and len(text) + len(words[0]) >= _LEAST_FULL
    return is_inside or (is_full and re.fullmatch(HONOURS, rest, re.IGNORECASE) is None)


def _is_one_link(line: Line, following: Line) -> bool:
    """Tell whether the words of one link are on both lines."""
    url = line.spans[-1].url if line.spans else None
    return url is not None and bool(following.spans) and following.spans[0].url == url


def _runs_on(line: Line) -> bool:
    text = line.text
    words = text.rsplit(None, 1)
    if not words or "://" in words[-1] or "|" in text or len(text) > 2_000:
        return False
    if goes_on(words[-1]) or (len(words[-1]) > 1 and goes_on(words[-1].casefold())):
        return True
    return text.count("“") > text.count("”") or (text.count('"') % 2 == 1 and len(text) < 400)


class _Standing(Enum):
    """Whose papers a block contains."""

    OWN = auto()
    ANNOUNCES_OTHERS = auto()
    OF_OTHERS = auto()


class _Surroundings:
    """Carries headings and lines that end in a colon from block to block."""

    def __init__(self) -> None:
        self._others: str | None = None
        self._heading = ""
        self._lead = ""
        self._listed = False

    @property
    def section(self) -> str:
        """Words of the nearest line above that announces what follows."""
        return self._lead or self._heading

    @property
    def describes(self) -> bool:
        """Whether what follows describes a paper: *Key features:*."""
        return _DESCRIBING_HEAD.search(self.section) is not None

    def enter(self, block: Block, text: str) -> _Standing:
        """Process a block; tell whether it has, or announces, papers that are only mentioned."""
        heading = is_heading(block)
        leads = text.rstrip().endswith((":", "："))
        head = text.rstrip().rsplit("\n", 1)[-1]
        self._note(block, head, heading=heading, leads=leads)
        if self._others and (heading or (not block.items and self._others == "list")):
            self._others = None
        if (heading or leads) and is_mention_head(head) and not find_links(block.lines[-1]):
            self._others = "heading" if heading else "list"
            return _Standing.ANNOUNCES_OTHERS
        if self._others is not None and (self._others == "heading" or block.items):
            return _Standing.OF_OTHERS
        return _Standing.OWN

    def _note(self, block: Block, head: str, *, heading: bool, leads: bool) -> None:
        if heading:
            self._heading, self._lead = head, ""
        elif leads and not block.items:
            self._lead, self._listed = head, False
        elif block.items:
            self._listed = True
        elif self._listed:
            self._lead = ""


def is_heading(block: Block) -> bool:
    """Tell whether a block is a heading, or one line in bold that serves as one."""
    return block.kind is BlockKind.HEADING or (
        len(block.lines) == 1
        and not block.items
        and all(span.strong or not span.text.strip(" :") for span in block.lines[0].spans)
    )


@dataclass(slots=True)
class Reading:
    """What has been read.

    Attributes:
        mentions: in reading order.
        sentences: the prose, for the question of what the text is for.
        cut: whether cells, links or lines were left unread.
    """

    mentions: list[Mention] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    cut: bool = False


def read_body(blocks: Sequence[Block], venues: Venues) -> Reading:
    """Read all blocks of a body."""
    reading = Reading()
    reader = _Reader(venues, reading)
    for block in blocks:
        reader.read(block)
    return reading


class _Reader:
    """Carries what one block means for the next: a table's header, a label, a heading."""

    def __init__(self, venues: Venues, reading: Reading) -> None:
        self._venues = venues
        self._reading = reading
        self._cells = _MAX_CELLS
        self._links = MAX_LINKS
        self._label: str | None = None
        self._above = _Surroundings()
        self._number = 0
        self._cited: set[str] = set()

    def read(self, block: Block) -> None:
        """Read one block."""
        if block.kind is BlockKind.CODE:
            self._read_code(block)
            return
        text = "\n".join(line.text for line in block.lines)
        if has_bibtex(text):
            self._read_bibtex(block.text)  # Markdown would take the backslash of `\"o`
            return
        standing = self._above.enter(block, text)
        if standing is _Standing.ANNOUNCES_OTHERS:
            self._reading.sentences.append(text)
        is_other = standing is not _Standing.OWN and is_heading(block)
        if is_other or standing is _Standing.OF_OTHERS:
            return
        lines = join_lines(block.lines, self._venues)
        index = 0
        while index < len(lines):
            if len(self._reading.mentions) >= _MAX_MENTIONS:
                self._reading.cut = True
                break
            taken = self._read_table(lines[index:])
            if not taken:
                taken = self._read_lines(lines[index:], block)
            if not taken:
                self._read_line(lines[index], block, lines[index + 1 : index + 1 + _MAX_BELOW])
                taken = 1
            index += taken

    def _read_code(self, block: Block) -> None:
        text = "\n".join(line.text for line in block.lines)
        if has_bibtex(text):
            self._read_bibtex(text)
            return
        for inner in parse_markdown(text):
            if inner.kind is not BlockKind.CODE:
                self.read(replace(inner, items=(*block.items, *inner.items)))

    def _read_bibtex(self, text: str) -> None:
        for entry in parse_bibtex(text):
            self._add(_entry_mention(entry, self._venues), (-1,))

    def _read_table(self, lines: Sequence[Line]) -> int:
        """Read a table that begins here; return how many lines it takes, 0 where there is none."""
        table = _cut_table(lines)
        if table is None:
            return 0
        whole = Mention(labelled=True)
        for row in table.rows:
            cells = split_cells(row, _MAX_ROW)
            self._cells -= len(cells)
            self._links -= sum(len(find_links(cell)) for cell in cells)
            if self._cells < 0 or self._links < 0:
                self._reading.cut = True
                break
            self._number += 1
            if not table.upright:
                self._add(read_cells(cells, table.header, self._venues), (-2, self._number))
            elif (label := field_of_label(cells[0].text)) and len(cells) > 1:
                part = read_field(label, cells[1], self._venues)
                whole = merge_mentions(whole, part) if part else whole
        self._add(whole, (-2, self._number))
        return table.taken

    def _read_lines(self, lines: Sequence[Line], block: Block) -> int:
        """Read a citation over several lines; return how many it takes."""
        if len(block.lines) > _MAX_BLOCK:
            return 0
        place = Place(venues=self._venues, listed=bool(block.items), titled=False)
        mention, taken = read_lines(lines, place)
        if mention:
            self._number += taken
            self._links -= sum(len(find_links(line)) for line in lines[:taken])
            self._add(mention, block.items[:1] or (0, self._number))
        return taken

    def _read_line(self, line: Line, block: Block, below: Sequence[Line]) -> None:
        text = line.text.strip()
        links = find_links(line)
        self._links -= len(links)
        if self._links < 0:
            self._reading.cut = True
            return
        self._number += 1
        is_feature = bool(block.items) and (self._above.describes or _is_feature(line))
        if not links and (is_feature or len(text) < _SHORTEST):
            self._reading.sentences.append(text)
            return
        mark = block.items[:1] or (0, self._number)
        number = _NUMBER.match(text)
        if number and number.group(1) in self._cited:
            return
        label, self._label = self._label, None
        is_head = block.kind is BlockKind.HEADING
        if not links and (named := _whole_label(text) or (is_head and field_of_label(text))):
            self._label = named
            return
        if label and (mention := read_field(label, line, self._venues)):
            self._add(replace(mention, labelled=True), mark)
            return
        before = self._reading.mentions[-1] if self._reading.mentions else None
        titled = before is not None and before.title is not None and "authors" not in before.values
        place = Place(
            venues=self._venues,
            listed=bool(block.items),
            titled=titled,
            before_link=any(map(_starts_with_link, below if _is_marked(line) else below[:1])),
        )
        mentions = list(read_line(line, place))
        self._read_sentences(line, mentions)
        for mention in mentions:
            heading = block.kind is BlockKind.HEADING
            self._add(replace(mention, heading=heading, numbered=number is not None), mark)

    def _read_sentences(self, line: Line, mentions: Sequence[Mention]) -> None:
        """Keep the prose without titles and values; it tells what the text is for."""
        prose = " ".join(part.text for label, part in split_labels(line) if label is None)
        titles = [placed.title for placed in find_titles(line) if placed.marked]
        sure = (mention.title for mention in mentions if mention.title and mention.rank == SURE)
        prose = without_titles(prose, (*sure, *titles))
        prose = mask_titles(prose, (mention.title for mention in mentions))
        for sentence in split_sentences(prose):
            self._reading.sentences.append(sentence.text)
            self._note_citations(sentence.text)

    def _note_citations(self, sentence: str) -> None:
        """Remember the numbers of references that a sentence only mentions: *we beat X [1]*."""
        for match in islice(_CITATION.finditer(sentence), _MAX_CITATIONS):
            if is_mention(sentence[: match.start()]):
                self._cited.add(match.group(1))

    def _add(self, mention: Mention, mark: tuple[int, ...]) -> None:
        if mention.names_paper or mention.values:
            found = replace(mention, mark=mark, section=self._above.section)
            self._reading.mentions.append(found)


def _whole_label(text: str) -> str | None:
    """Return the field of a line that is a label and nothing else."""
    if len(text) > 40:
        return None
    name = field_of_label(text.rstrip(" :：")) if text.rstrip().endswith((":", "：")) else None
    return name or (field_of_label(text) if text.istitle() and " " not in text else None)


def _entry_mention(entry: BibEntry, venues: Venues) -> Mention:
    values: dict[str, tuple[str, ...]] = {}
    if entry.authors:
        values["authors"] = entry.authors
    if entry.venue and not is_in_review(entry.venue):
        # The year of the entry is that of the venue, and no month of first appearance.
        written = year_of_venue(entry.venue) or (parse_date(entry.date or "") or "")[:4]
        venue = venues.canonical(entry.venue) or bare_venue(entry.venue)
        values["venue"] = (f"{venue} {written}".strip(),)
    if entry.date:
        values["date"] = (entry.date,)
    papers = []
    for address in entry.links:
        for link in find_links(plain_line(address)):
            if role_of_link(link, "url") is LinkRole.PAPER:
                papers.append(link)
            elif role_of_link(link, "url") is LinkRole.CODE:
                values["code"] = (link.address,)
    return Mention(
        title=entry.title,
        rank=SURE,
        papers=tuple(papers),
        values=values,
        labelled=True,
        cited=True,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """The lines of a table.

    Attributes:
        header: the field of each column, None where a title names none; empty without a header.
        rows: the lines below it.
        taken: how many lines the table takes, header and rule included.
        upright: whether the first column names the fields of one paper.
    """

    header: tuple[str | None, ...] = ()
    rows: tuple[Line, ...] = ()
    taken: int = 1
    upright: bool = False


def _cut_table(lines: Sequence[Line]) -> _Table | None:
    """Return the table that begins with the first of these lines, or None."""
    first = lines[0].text
    if first.count("|") < 1 or (first.count("|") == 1 and len(lines) < 2):
        return None
    cells = split_cells(lines[0], _MAX_ROW)
    header = tuple(field_of_label(cell.text) for cell in cells)
    ruled = len(lines) > 1 and is_rule(lines[1].text)
    known = 0 if find_links(lines[0]) else sum(name is not None for name in header)
    upright = ruled and known < 2 and len(cells) == 2 and _names_fields(lines[2 : 2 + _MAX_FIELDS])
    if not ruled and len(cells) == 2 and header[0]:
        rows = _rows(lines, 2)
        if _names_fields(rows[:_MAX_FIELDS]):
            return _Table(rows=rows, taken=len(rows), upright=True)
    if known >= 2 or (ruled and known) or upright:
        rows = _rows(lines[1:], 1 if len(cells) == 1 else 2)
        return _Table(header=header, rows=rows, taken=1 + int(ruled) + len(rows), upright=upright)
    if first.lstrip().startswith("|") and len(cells) >= 2 and find_links(lines[0]):
        return _Table(rows=(lines[0],))
    return _Table() if is_rule(first) else None


def _rows(lines: Sequence[Line], columns: int) -> tuple[Line, ...]:
    rows = []
    for line in lines:
        if is_rule(line.text):
            continue
        if "|" not in line.text and columns > 1:
            break
        rows.append(line)
    return tuple(rows)


def _names_fields(lines: Sequence[Line]) -> bool:
    """Tell whether at least two rows begin with the name of a field."""
    labels = [split_cells(line, _MAX_ROW)[0].text for line in lines if "|" in line.text]
    return sum(field_of_label(label) is not None for label in labels) >= 2


def is_rule(text: str) -> bool:
    """Tell whether a line is the rule below a table's header."""
    return "-" in text and not text.strip(" |:-\t")
