"""What became of each line and each address of a list, so that nothing is lost silently."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kdbot.intake.importing.sources import SourceFile, Sources
from kdbot.intake.lists.paper import UnreadLine
from kdbot.intake.lists.readme_prose import Fate
from kdbot.intake.lists.rows import is_head
from kdbot.intake.markdown.inline import plain_text
from kdbot.model.paper import IDENTIFIER_NAMES, Paper, paper_values
from kdbot.text.addresses import find_addresses, is_picture, listed_key

_DECORATES = "it is the address of an image or a badge"
_BAR = " | "
_IN_TABLE = "it is in a table of papers, but in no paper's row"
_NOT_KEPT = "a record has no field for this address"


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounting:
    """The sums, and what was left out.

    Attributes:
        lines: how many lines, empty ones apart, went where.
        addresses: how many addresses there are, each counted once.
        in_records: how many of them are in a paper's record.
        in_prose: how many others are in the prose.
        left_out: each address that is in neither, with its line.
        cells: each line of a table that is in no record, and in no line that looks like a paper.
        decorations: addresses of pictures and badges.
    """

    lines: Mapping[Fate, int]
    addresses: int
    in_records: int
    in_prose: int
    left_out: tuple[UnreadLine, ...]
    cells: tuple[UnreadLine, ...]
    decorations: tuple[UnreadLine, ...]

    @property
    def kept(self) -> float:
        """The share of the addresses that are in a record or in the prose."""
        return (self.in_records + self.in_prose) / self.addresses if self.addresses else 1.0


def account(sources: Sources, papers: Iterable[Paper]) -> Accounting:
    """Compare the addresses of a source with the result of its import.

    Args:
        sources: the files of the list.
        papers: the records that are kept.
    """
    recorded = {key for paper in papers for key in _keys_of(paper)}
    written: set[str] = set()
    for file in sources.files:
        kept = (file.prose.head, file.prose.tail, *(file.found.texts or file.prose.texts).values())
        written |= {listed_key(url) for text in kept for url in find_addresses(text)}
    total: set[str] = set()
    left_out: list[UnreadLine] = []
    cells: list[UnreadLine] = []
    decorations: list[UnreadLine] = []
    lines: Counter[Fate] = Counter()
    for file, base in zip(sources.files, sources.bases, strict=True):
        unread = {n + base for u in file.found.unread for n in range(u.line, u.end + 1)}
        for number, (fate, line) in enumerate(_fates(file), base + 1):
            if line.strip():
                lines[fate] += 1
            if fate is Fate.REPORTED and number not in unread:
                above = cells.pop() if cells and cells[-1].end == number - 1 else None
                parts = (above.text if above else "", *plain_text(line).split("|"))
                text = _BAR.join(filter(None, map(str.strip, parts)))
                first = above.line if above else number
                cells.append(UnreadLine(line=first, end=number, text=text, reason=_IN_TABLE))
            for url in find_addresses(line):
                key = listed_key(url)
                if key not in total and key not in recorded and key not in written:
                    decorates = fate is Fate.DECORATION or is_picture(url)
                    reason = _DECORATES if decorates else _NOT_KEPT
                    found = decorations if decorates else left_out
                    found.append(UnreadLine(line=number, end=number, text=url, reason=reason))
                total.add(key)
    return Accounting(
        lines=lines,
        addresses=len(total),
        in_records=len(total & recorded),
        in_prose=len((total & written) - recorded),
        left_out=tuple(left_out),
        cells=tuple(line for line in cells if not is_head(line.text.split(_BAR))),
        decorations=tuple(decorations),
    )


def _keys_of(paper: Paper) -> Iterator[str]:
    for name, value in paper_values(paper).items():
        for text in map(str, value if isinstance(value, list) else [value]):
            if name in IDENTIFIER_NAMES:
                yield text
            elif "://" in text:
                yield listed_key(text)
                yield from map(listed_key, find_addresses(text))


def _fates(file: SourceFile) -> Iterator[tuple[Fate, str]]:
    lines = file.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return zip(file.prose.fates, lines, strict=True)
