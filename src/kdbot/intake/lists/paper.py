"""A paper as one line of a list tells it, what a whole list says, and what is odd about a line."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote

from kdbot.intake.markdown.blocks import Block
from kdbot.intake.markdown.inline import has_stray_space
from kdbot.intake.markdown.lines import Run
from kdbot.model.finding import Finding, notice_rule, quote
from kdbot.model.identifiers import IdentifierKind, parse_identifier
from kdbot.model.venue import Venues
from kdbot.text.dates import is_date
from kdbot.text.hosts import LinkRole, is_paper_address, link_role, may_be_paper
from kdbot.text.labels import fold_label, label_role, says_nothing
from kdbot.text.names import is_citation_key
from kdbot.text.titles import clean_title, is_generic
from kdbot.text.venues import venue_in

_BADGES = ("img.shields.io", "badgen.net", "badge.fury.io", "badges.", "custom-icon-badges")
_BADGE_WORDS = re.compile(r"/badge/([^/?#]+)")
_BADGE_COLOUR = re.compile(r"-[0-9A-Za-z]+(?:\.svg)?$")
_FIELDS = {
    LinkRole.PAPER: "urls",
    LinkRole.CODE: "code",
    LinkRole.PROJECT: "project",
    LinkRole.DATA: "data",
}
_ANYWHERE = frozenset({"link", "links", "url", "here"})
"""Labels of links to a paper as of links to anything else."""
_PICTURE = re.compile(r"\s*:[a-z0-9_+-]+:\s*")
"""GitHub's name of an emoji."""
_IDENTIFIERS = frozenset({IdentifierKind.ARXIV, IdentifierKind.DOI, IdentifierKind.ACL})
"""Schemes whose identifiers, as a link's words, only say where it leads."""
_NAME_ALONE = re.compile(
    r"\S+(?: (?:dataset|data set|corpus|benchmark|challenge|model|simulator|toolkit|library))?",
    re.IGNORECASE,
)
_MAX_QUOTE = 300

DESCRIPTION = "Description"
"""Title of the field for words about a paper that bear no label."""

_MAX_LABEL_WORDS = 4

BLANK_IN_URL = notice_rule(
    "import-blank-in-url",
    "An address in the source has a blank at its edge or inside.",
    "Nothing; the blank is left out.",
)
CELL_MISSING = notice_rule(
    "import-cell-missing",
    "A row of the source has fewer cells than its table has columns.",
    "Nothing; the missing cells count as empty.",
)
SECOND_IDENTIFIER = notice_rule(
    "import-second-identifier",
    "A line of the source names one paper.",
    "Look whether the line is about two papers; the first identifier is taken.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPaper:
    """One paper where a list names it.

    Attributes:
        line: its first line in the source, counted from 1.
        end: its last line.
        section: titles of the headings above it, the outermost first.
        title: without markup; empty where the line holds none.
        is_named: whether that is only the name of a method, not the paper's title.
        urls: addresses of the paper, the title's own first.
        venue: as written, or None.
        date: `YYYY-MM`, or `YYYY` where no month is given, or None.
        authors: where they were told apart with certainty.
        code: addresses of repositories.
        project: addresses of project pages.
        data: addresses of data sets.
        links: all other addresses: films, posts, models, slides.
        standing: fields that its mark fills, such as *(retracted)*.
        extra: values of columns that no field of ours is for, by the column's words.
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
    """A line that looks like a paper and was not understood.

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
        sections: headings that are categories even where they hold no paper.
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


def is_link(run: Run) -> bool:
    """Tell whether a run leads to another page."""
    return (run.url or "").lower().startswith(("http://", "https://"))


def is_title(text: str) -> bool:
    """Tell whether a link's words may be a paper's title, not a label (`[arXiv 10 Mar 2020]`)."""
    if text.startswith("[") and text.endswith("]"):
        return False
    text = clean_title(text)
    if label_role(text) is not None or is_date(text) or is_citation_key(text):
        return False
    return len(text.split()) >= 3 or len(text) >= 20


def is_name_alone(title: str) -> bool:
    """Tell whether a title is the name of a method or a data set alone: one word and its kind."""
    return title.isascii() and _NAME_ALONE.fullmatch(title) is not None


def role_of(run: Run) -> LinkRole:
    """Tell what a link is for."""
    if _counts_stars(run):
        return LinkRole.CODE
    return link_role(label_role(run.text), run.address) or LinkRole.OTHER


def add_links(
    paper: ListedPaper, runs: Iterable[Run], as_role: LinkRole | None = None
) -> ListedPaper:
    """Sort links into the paper's fields.

    Args:
        paper: what is known so far.
        runs: a line's or a cell's runs; all but links are passed over.
        as_role: what the column says that they are; None to tell by label and address.
    """
    found: dict[str, list[str]] = {n: list(getattr(paper, n)) for n in (*_FIELDS.values(), "links")}
    promised: list[str] = []
    for run in filter(is_link, runs):
        role = role_of(run)
        if as_role is LinkRole.CODE and role in {LinkRole.OTHER, LinkRole.DATA}:
            role = link_role(LinkRole.CODE, run.address) or LinkRole.OTHER
        elif as_role is LinkRole.PROJECT:
            role = link_role(as_role, run.address) or as_role
        elif as_role is not None and as_role is not LinkRole.CODE:
            role = as_role
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


def words_of(runs: Sequence[Run]) -> str:
    """Return the words of runs on one line, links' words included, badges left out."""
    return " ".join("".join(_seen(run) for run in runs).split())


def lines_of(runs: Sequence[Run]) -> str:
    """Return the words of runs with ` | ` for each line break, but not inside a list of names."""
    text = ""
    for run in runs:
        text += (" " if text.rstrip().endswith(",") else " | ") if run.is_break else _seen(run)
    return " ".join(text.split())


def is_label(run: Run) -> bool:
    """Tell whether a link's words only say what it leads to, or are a bare address."""
    if run.url is None:
        return False
    if not is_link(run):
        return not is_title(run.text)
    is_picture = not clean_title(run.text) or _PICTURE.fullmatch(run.text) is not None
    if is_picture or is_badge(run) or label_role(run.text) is not None:
        return True
    if is_citation_key(run.text) or is_generic(run.text):
        return True
    return parse_identifier(run.text.strip(" []()")).kind in _IDENTIFIERS


def own_words(runs: Sequence[Run]) -> str:
    """Return the words of runs on one line, without links that only say where they lead."""
    return words_of([run for run in runs if not is_label(run)])


def links_alone(runs: Sequence[Run]) -> bool:
    """Tell whether a line holds links with labels, and hardly a word more."""
    links = [run for run in runs if is_link(run)]
    return (
        bool(links)
        and all(map(is_label, links))
        and len(own_words(runs).split()) <= _MAX_LABEL_WORDS
    )


def has_paper_link(runs: Iterable[Run]) -> bool:
    """Tell whether any link says that it leads to a paper, or does."""
    return any(is_link(run) and _leads_to_paper(run) for run in runs)


def _leads_to_paper(run: Run) -> bool:
    if is_paper_address(run.address):
        return True
    says_paper = label_role(run.text) is LinkRole.PAPER
    return says_paper and (fold_label(run.text) not in _ANYWHERE or may_be_paper(run.address))


def _seen(run: Run) -> str:
    return " " if run.is_break or run.is_image or is_badge(run) else run.text


def with_field(paper: ListedPaper, title: str, text: str) -> ListedPaper:
    """Keep a text under a title of the list's own; several of one title are joined."""
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
    """Find what is odd about a line that was understood."""
    if has_stray_space(block.text):
        message = "An address has a blank at its edge or inside."
        yield BLANK_IN_URL.finding(message, line=block.line)
    found = [parse_identifier(url) for url in paper.urls]
    arxiv = dict.fromkeys(f.canonical for f in found if f.kind is IdentifierKind.ARXIV)
    if len(arxiv) > 1:
        message = f"The line names {' and '.join(map(quote, arxiv))}."
        yield SECOND_IDENTIFIER.finding(message, line=block.line)


def is_badge(run: Run) -> bool:
    """Tell whether a link or an image shows a badge in place of words."""
    return any(host in image for image in run.images for host in _BADGES)


def _counts_stars(run: Run) -> bool:
    """Tell whether a badge counts the stars of the repository that it leads to."""
    return any("/stars/" in image for image in run.images)


def badge_venue(run: Run, venues: Venues) -> str | None:
    """Read the venue off a badge (`…/badge/Conference-ICLR'24-blue`).

    The form is that of https://shields.io: label, message and colour between hyphens, a doubled
    hyphen for one inside a word, an underscore for a space.
    """
    for image in run.images:
        match = _BADGE_WORDS.search(image)
        if match is None:
            continue
        words = unquote(_BADGE_COLOUR.sub("", match[1]).replace("--", "\0"))
        parts = [part.replace("\0", "-").replace("_", " ").strip() for part in words.split("-")]
        for part in (*reversed(parts), " ".join(parts)):
            if part and (venue := venue_in(part, venues)):
                return venue
    return None
