"""A paper in one line of a list, the content of a whole list, and problems of a line."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from kdbot.intake.markdown.blocks import Block
from kdbot.intake.markdown.inline import has_stray_space
from kdbot.intake.markdown.lines import Run
from kdbot.intake.markdown.runs import is_label, is_link, role_of, says_where
from kdbot.model.finding import Finding, notice_rule, quote
from kdbot.model.identifiers import IdentifierKind, parse_identifier
from kdbot.text.hosts import LinkRole, link_role
from kdbot.text.labels import label_role, says_nothing

_FIELDS = {
    LinkRole.PAPER: "urls",
    LinkRole.CODE: "code",
    LinkRole.PROJECT: "project",
    LinkRole.DATA: "data",
}
_BESIDE = frozenset({LinkRole.CODE, LinkRole.PROJECT, LinkRole.DATA})
"""What links behind that of the paper may lead to, whatever the label says."""
_MAX_QUOTE = 300
_LEAST_BEFORE = 3
"""Fewest words between two links that make a sentence of them."""

DESCRIPTION = "Description"
"""Title of the field for words about a paper that have no label."""
TRANSLATION = "Translation"
"""Title of the field for a title in another language, in brackets behind it."""


BLANK_IN_URL = notice_rule(
    "import-blank-in-url",
    "An address in the source contains no spaces.",
    "Nothing to do: the space is removed.",
)
CELL_MISSING = notice_rule(
    "import-cell-missing",
    "A row of the source has a cell for each column of its table.",
    "Nothing to do: missing cells count as empty.",
)
SECOND_IDENTIFIER = notice_rule(
    "import-second-identifier",
    "A line of the source names one paper.",
    "Check whether the line is about two papers. The first identifier is used.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPaper:
    """One paper where a list names it.

    Attributes:
        line: its first line in the source, counted from 1.
        end: its last line.
        section: titles of the headings above it, the outermost first.
        title: without markup; empty if the line has none.
        is_named: whether that is only the name of a method, not the paper's title.
        urls: addresses of the paper, the title's own first.
        venue: as written, or None.
        date: `YYYY-MM`, or `YYYY` where no month is given, or None.
        authors: if they could be split with certainty.
        code: addresses of repositories.
        project: addresses of project pages.
        data: addresses of data sets.
        links: all other addresses: films, posts, models, slides.
        standing: fields that its mark fills, such as *(retracted)*.
        extra: values of columns without a field in kdbot, by the column's words.
        findings: what is odd about the line.
    """

    line: int
    end: int = 0
    section: tuple[str, ...] = ()
    title: str = ""
    is_named: bool = False
    urls: tuple[str, ...] = ()
    venue: str | None = None
    date: str | None = None
    authors: tuple[str, ...] = ()
    code: tuple[str, ...] = ()
    project: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    standing: Mapping[str, Any] = field(default_factory=dict)
    extra: tuple[tuple[str, tuple[str, ...]], ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadLine:
    """A line that looks like a paper but could not be read.

    Attributes:
        line: its number in the source, counted from 1.
        end: that of its last line.
        text: the line, cut to a few hundred characters.
        reason: what is missing.
    """

    line: int
    end: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a part of a README begins.

    Attributes:
        line: its first line.
        section: titles of the headings above what follows, its own included.
        level: that of the heading that begins it; 0 where none does.
    """

    line: int
    section: tuple[str, ...]
    level: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadmeList:
    """What an existing list's README says.

    Attributes:
        papers: one for each place where a paper stands, in the order of the source.
        unread: lines that look like a paper and were not understood.
        notes: the sentence below a heading, by the titles from the outermost heading down.
        note_lines: the lines in which it stands.
        texts: other words of a category, as Markdown, by its titles.
        places: where each part begins, in the order of the source.
        sections: headings that are categories even without papers.
        list_title: the only heading of the first level, which names the list itself.
    """

    papers: tuple[ListedPaper, ...]
    unread: tuple[UnreadLine, ...]
    notes: Mapping[tuple[str, ...], str]
    note_lines: Mapping[tuple[str, ...], range] = field(default_factory=dict)
    texts: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    places: tuple[Place, ...] = ()
    sections: tuple[tuple[str, ...], ...] = ()
    list_title: str | None = None


def moved(found: ReadmeList, place: Callable[[tuple[str, ...]], tuple[str, ...]]) -> ReadmeList:
    """Return a list with its sections where a function places them."""
    return replace(
        found,
        papers=tuple(
            p if (s := place(p.section)) == p.section else replace(p, section=s)
            for p in found.papers
        ),
        notes={place(section): note for section, note in found.notes.items()},
        note_lines={place(section): lines for section, lines in found.note_lines.items()},
        places=tuple(replace(part, section=place(part.section)) for part in found.places),
    )


def add_links(
    paper: ListedPaper, runs: Iterable[Run], as_role: LinkRole | None = None
) -> ListedPaper:
    """Sort links into the paper's fields.

    Args:
        paper: what is known so far.
        runs: a line's or a cell's runs; of other words only how many precede a link counts.
        as_role: what the column says that they are; None to tell by label and address.
    """
    runs = list(runs)
    links = list(filter(is_link, runs))
    if not links:
        return paper
    in_words = {id(run) for run in in_sentences(runs)}
    found: dict[str, list[str]] = {n: list(getattr(paper, n)) for n in (*_FIELDS.values(), "links")}
    promised: list[str] = []
    for run in links:
        role = role_of(run)
        if as_role is LinkRole.CODE and role in {LinkRole.OTHER, LinkRole.DATA}:
            role = link_role(LinkRole.CODE, run.address) or LinkRole.OTHER
        elif as_role is LinkRole.PROJECT:
            role = link_role(as_role, run.address) or as_role
        elif as_role is LinkRole.PAPER and found["urls"] and role in _BESIDE:
            pass
        elif as_role is not None and as_role is not LinkRole.CODE:
            role = as_role
        if role is LinkRole.PAPER and found["urls"] and id(run) in in_words:
            role = LinkRole.OTHER
        if name := _FIELDS.get(role):
            found[name].append(run.address)
        elif label_role(run.text) is LinkRole.PAPER:
            promised.append(run.address)
        else:
            found["links"].append(run.address)
    # A film or a post that is called the paper is the only link of some lines.
    taken = 0 if found["urls"] else 1
    found["urls"] += promised[:taken]
    found["links"] += promised[taken:]
    fields: dict[str, Any] = {name: tuple(dict.fromkeys(urls)) for name, urls in found.items()}
    return replace(paper, **fields)


def in_sentences(runs: Sequence[Run]) -> Iterator[Run]:
    """Yield the links that are a name among other words: that of another paper, in a note."""
    words = 0
    for run in runs:
        if not is_link(run):
            words += len(run.text.split())
        elif words >= _LEAST_BEFORE and not (is_label(run) or says_where(run)):
            yield run
        words = words if not is_link(run) else 0


def with_field(paper: ListedPaper, title: str, text: str) -> ListedPaper:
    """Keep a text as a custom field; several texts with one title are joined."""
    if not text or says_nothing(text):
        return paper
    others = dict(paper.extra)
    name = next((n for n in others if n.casefold() == title.casefold()), title)
    others[name] = (" ".join((*others.get(name, ()), text)),)
    return replace(paper, extra=tuple(others.items()))


def unread_line(block: Block, reason: str) -> UnreadLine:
    """Return a block as a line that was not understood."""
    text = " ".join(block.text.split())[:_MAX_QUOTE]
    return UnreadLine(line=block.line, end=block.end, text=text, reason=reason)


def check_cells(block: Block) -> list[Finding]:
    """Find a row that is shorter than its table's first."""
    if len(block.cells) >= len(block.header):
        return []
    message = f"The row has {len(block.cells)} of {len(block.header)} cells."
    return [CELL_MISSING.finding(message, line=block.line)]


def check_line(paper: ListedPaper, block: Block) -> Iterator[Finding]:
    """Find the problems of a line that could be read."""
    if has_stray_space(block.text):
        message = "An address has a space at its edge or inside."
        yield BLANK_IN_URL.finding(message, line=block.line)
    found = [parse_identifier(url) for url in paper.urls]
    arxiv = dict.fromkeys(f.canonical for f in found if f.kind is IdentifierKind.ARXIV)
    if len(arxiv) > 1:
        message = f"The line names {' and '.join(map(quote, arxiv))}."
        yield SECOND_IDENTIFIER.finding(message, line=block.line)
