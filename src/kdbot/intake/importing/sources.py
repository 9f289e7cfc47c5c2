"""The files of one list, read as one: a README, and files of chapters beside it.

Line numbers run through all files, so that the code that joins rows need not know where a file
ends; reports turn a number back into file and line.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from kdbot.intake.lists.own_readme import is_own_page, read_own_page
from kdbot.intake.lists.paper import Place, ReadmeList, moved
from kdbot.intake.lists.reader import parse_readme_list, read_lines
from kdbot.intake.lists.readme_prose import Prose, read_prose, without_headings
from kdbot.model.finding import Finding
from kdbot.model.venue import Venues

_MAX_DEPTH = 5
"""Levels of headings below that of a README itself: `##` to `######`."""
_JOINT = " – "
_LINE = re.compile(r"\b(in line |lines? )([0-9]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """One file of a list.

    Attributes:
        name: its name, for reports.
        text: its Markdown.
        found: what was read of it.
        prose: its other words.
    """

    name: str
    text: str
    found: ReadmeList
    prose: Prose

    @property
    def length(self) -> int:
        """How many lines it has."""
        return len(self.prose.fates)


@dataclass(frozen=True, kw_only=True)
class Sources:
    """All files of a list, the README first."""

    files: tuple[SourceFile, ...]

    @cached_property
    def bases(self) -> tuple[int, ...]:
        """How many lines come before each file."""
        bases = [0]
        for file in self.files[:-1]:
            bases.append(bases[-1] + file.length)
        return tuple(bases)

    def locate(self, line: int) -> tuple[str, int]:
        """Return the file of a line, and its number there."""
        index = max(bisect_right(self.bases, line - 1) - 1, 0)
        return self.files[index].name, line - self.bases[index]

    def located(self, finding: Finding) -> Finding:
        """Return a finding about a line of one of the files with its place there."""
        if finding.line is None or len(self.files) == 1 or finding.file != self.files[0].name:
            return finding

        def told(match: re.Match[str]) -> str:
            file, line = self.locate(int(match[2]))
            return f"{match[1]}{line}" + (f" of {file}" if file != name else "")

        name, line = self.locate(finding.line)
        return replace(finding, file=name, line=line, message=_LINE.sub(told, finding.message))

    @cached_property
    def joined(self) -> ReadmeList:
        """What all files say, lines numbered through."""
        founds = [
            _shifted(f.found, base) if base else f.found
            for f, base in zip(self.files, self.bases, strict=True)
        ]
        texts = dict(self.files[0].found.texts or self.files[0].prose.texts)
        for file, found in zip(self.files[1:], founds[1:], strict=True):
            texts |= _chapter_texts(file, found)
        return ReadmeList(
            papers=tuple(paper for found in founds for paper in found.papers),
            unread=tuple(unread for found in founds for unread in found.unread),
            notes={key: note for found in founds for key, note in found.notes.items()},
            texts=texts,
            sections=founds[0].sections,
            list_title=founds[0].list_title,
        )


def read_sources(named: Sequence[tuple[str, str]], venues: Venues) -> Sources:
    """Read the files of a list, each given by its name and its text.

    The papers of each further file get a category of their own: the title of the file, or its
    name.
    """
    return _read_sources(tuple(named), venues)


@lru_cache(maxsize=1)  # a new list is read to make its schema, and again to be imported
def _read_sources(named: tuple[tuple[str, str], ...], venues: Venues) -> Sources:
    files: list[SourceFile] = []
    for index, (name, text) in enumerate(named):
        is_page = index > 0 and is_own_page(text)
        if index == 0:
            found = parse_readme_list(text, venues)
        elif is_page:
            found = read_own_page(text, files[0].found.sections)
        else:
            found = _below(read_lines(text, venues), name)
        found = moved(found, _as_published)
        prose = read_prose(text, found)
        if is_page:
            prose = replace(prose, head="", tail="", texts={})
        files.append(SourceFile(name=name, text=text, found=found, prose=prose))
    return Sources(files=tuple(files))


def _as_published(section: tuple[str, ...]) -> tuple[str, ...]:
    """Return a section with the titles below the deepest heading of a README in one."""
    if len(section) <= _MAX_DEPTH:
        return section
    return (*section[: _MAX_DEPTH - 1], _JOINT.join(section[_MAX_DEPTH - 1 :]))


def _below(found: ReadmeList, name: str) -> ReadmeList:
    """Put a file's papers below its title."""
    stem = re.sub(r"\.(?:md|markdown)$", "", name.rpartition("/")[2], flags=re.IGNORECASE)
    title = found.list_title or " ".join(re.split(r"[-_\s]+", stem)).strip().capitalize()

    below = moved(found, lambda s: s if s[:1] == (title,) else (title, *s))
    return replace(below, places=(Place(line=1, section=(title,)), *below.places))


def _shifted(found: ReadmeList, base: int) -> ReadmeList:
    papers = (
        replace(
            paper,
            line=paper.line + base,
            end=paper.end + base,
            findings=tuple(replace(f, line=(f.line or 0) + base) for f in paper.findings),
        )
        for paper in found.papers
    )
    unread = (replace(u, line=u.line + base, end=u.end + base) for u in found.unread)
    return replace(found, papers=tuple(papers), unread=tuple(unread))


def _chapter_texts(file: SourceFile, found: ReadmeList) -> dict[tuple[str, ...], str]:
    """Return the words of a file that is not the README; those outside of categories join them."""
    texts = dict(file.prose.texts)
    outside = "\n\n".join(filter(None, (file.prose.head, file.prose.tail)))
    if outside and found.papers:
        top = found.papers[0].section[:1]
        words = without_headings(outside)
        texts[top] = "\n\n".join(filter(None, (texts.get(top), words)))
    return texts
