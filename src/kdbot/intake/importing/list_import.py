"""An existing list to records and categories; what does not fit is reported.

Nothing is decided silently: if copies of a paper disagree, a rule chooses one value, and the
disagreement is a finding until a maintainer has decided.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TypeAlias

from kdbot.intake.importing import rules
from kdbot.intake.importing.decisions import Decisions
from kdbot.intake.importing.merge import PaperMerger, crowded_slugs, read_venues, told_apart
from kdbot.intake.importing.rows import Row, conflicting, decide, group_rows, read_rows
from kdbot.intake.lists.paper import ReadmeList
from kdbot.model.finding import Finding, name_some, quote
from kdbot.model.paper import Paper
from kdbot.model.schema import PaperSchema
from kdbot.model.taxonomy import Category, Taxonomy
from kdbot.model.titles import fold_title, title_slug
from kdbot.model.venue import Venue, Venues

_GENERAL = "General"
"""Title of the category for papers above a heading's first sub-heading."""

_MAX_ID = 40  # characters of a category's id
_MAX_PATH = 200  # characters that a record's schema allows the path of a category

Section: TypeAlias = tuple[str, ...]
"""Titles of headings, from the outermost down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedList:
    """The records of an existing list.

    Attributes:
        papers: in the order of the source.
        taxonomy: its headings.
        venues: the known venues and those that no file had, as far as its papers use them.
        dropped: rows that were left out on purpose: line, title, reason.
        findings: in the order of the source.
    """

    papers: tuple[Paper, ...]
    taxonomy: Taxonomy
    venues: Venues
    dropped: tuple[tuple[int, str, str], ...]
    findings: tuple[Finding, ...]


def import_list(
    source: ReadmeList,
    *,
    decisions: Decisions,
    known: Venues,
    source_file: str,
    schema: PaperSchema,
) -> ImportedList:
    """Turn the places of a list into records.

    Args:
        source: the list as read.
        decisions: what a person decided about it.
        known: venues with their aliases.
        source_file: name of the README, for findings.
        schema: the record's schema, which may have custom fields for columns of this list.
    """
    sections = read_sections(
        (paper.section for paper in source.papers), source.notes, source.sections, source.texts
    )
    rows = read_rows(source.papers, sections.paths, schema)
    decided = decide(rows, decisions)
    names = read_venues((row.text("venue") for row in decided.rows if row.text("venue")), known)
    groups = group_rows(decided.rows)
    titles = told_apart(groups)
    merger = PaperMerger(
        decisions=decisions,
        names=names,
        file=source_file,
        schema=schema,
        crowded=crowded_slugs(groups, titles),
    )
    papers = list(map(merger.paper, groups, titles))
    findings = [
        *merger.findings,
        *_check_order(decided.rows, sections.taxonomy, source_file),
        *_check_shared_titles(groups, source_file),
    ]
    used = {paper.venue for paper in papers}
    venues = (*known.venues, *(Venue(name=name) for name in names.unknown))
    categories = (
        replace(c, note=decisions.notes.get(c.path, c.note)) for c in sections.taxonomy.categories
    )
    return ImportedList(
        papers=tuple(papers),
        taxonomy=Taxonomy(categories=tuple(categories)),
        venues=Venues(venues=tuple(venue for venue in venues if venue.name in used)),
        dropped=tuple((row.line, row.text("title"), d.reason) for row, d in decided.dropped),
        findings=(
            *([] if papers else [_nothing_found(source, source_file)]),
            *decided.findings,
            *sorted(findings, key=lambda f: (f.line or 0, f.code)),
        ),
    )


def _nothing_found(source: ReadmeList, file: str) -> Finding:
    message = f"No paper in {file} could be read."
    if source.unread:
        message += f" {len(source.unread):,} lines look like one; each is listed with the reason."
    return rules.NOTHING_FOUND.finding(message, file=file, line=1)


def _check_order(rows: Sequence[Row], taxonomy: Taxonomy, file: str) -> Iterator[Finding]:
    """Yield a finding for each section that is not sorted."""
    by_section: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_section[row.section].append(row)
    for path, members in by_section.items():
        dated = [row for row in members if len(row.text("date")) == len("2024-02")]
        pairs = pairwise(dated)
        late = [below.line for above, below in pairs if below.text("date") > above.text("date")]
        if late:
            titles = " › ".join(taxonomy.titles(path))
            lines = name_some([str(line) for line in late], 20)
            message = f"In {quote(titles)}, rows are newer than the row above: line {lines}."
            yield rules.OUT_OF_ORDER.finding(message, file=file, line=late[0])


def _check_shared_titles(groups: Sequence[Sequence[Row]], file: str) -> Iterator[Finding]:
    """Yield a finding for each title that two papers share."""
    by_title: dict[str, Sequence[Row]] = {}
    for rows in groups:
        for folded in {fold_title(row.text("title")) for row in rows} - {""}:
            other = by_title.setdefault(folded, rows)
            difference = None if other is rows else conflicting(other, rows)
            if difference is None or rules.TWO_IDENTIFIERS.code in rows[0].keep:
                continue
            name, left, right = difference
            message = (
                f"{quote(rows[0].text('title'))} has {name} {quote(left)} in line "
                f"{other[0].line} and {quote(right)} in line {rows[0].line}; kept as two papers."
            )
            yield rules.TWO_IDENTIFIERS.finding(message, file=file, line=rows[0].line)


@dataclass(slots=True)
class _Node:
    title: str
    children: dict[str, "_Node"] = field(default_factory=dict)
    holds_papers: bool = False

    @property
    def height(self) -> int:
        """Levels of headings from this one down."""
        return 1 + max((child.height for child in self.children.values()), default=0)

    def below(self, section: Section) -> "_Node":
        """Return the node that the titles lead to, made where it is missing."""
        node = self
        for title in section:
            node = node.children.setdefault(title.casefold(), _Node(title))
        return node


@dataclass(frozen=True, slots=True, kw_only=True)
class Sections:
    """A list's headings as categories.

    Attributes:
        taxonomy: the tree, in the order of the list.
        paths: the category of each section, by the titles from its outermost heading down.
    """

    taxonomy: Taxonomy
    paths: Mapping[Section, str]


def read_sections(
    sections: Iterable[Section],
    notes: Mapping[Section, str],
    empty: Iterable[Section] = (),
    texts: Mapping[Section, str] | None = None,
) -> Sections:
    """Make a taxonomy of the sections in which papers stand.

    Headings without papers below them are not categories, except those in `empty`. Papers are only
    in leaves: those of a heading that also has sub-headings go into a category of their own below
    it.
    """
    root = _Node("")
    for section in empty:
        root.below(section)
    distinct = list(dict.fromkeys(sections))
    for section in distinct:
        root.below(section).holds_papers = True
    paths: dict[Section, str] = {}
    words = {_folded(section): text for section, text in (texts or {}).items()}
    categories = tuple(
        replace(category, text=words.get(_folded(section)))
        for section, category in _categories(root, (), "", paths, notes)
    )
    return Sections(
        taxonomy=Taxonomy(categories=categories),
        paths={section: paths[_folded(section)] for section in distinct},
    )


def _category_id(title: str, taken: Iterable[str] = (), longest: int = _MAX_ID) -> str:
    """Return the id of a category: a slug of its title that no sibling has.

    Args:
        title: its heading.
        taken: the ids of its siblings.
        longest: how many characters of the title's slug may stay.
    """
    slug = title_slug(title.replace("&", " and "))
    if len(slug) > longest:
        slug = slug[: longest + 1].rpartition("-")[0] or slug[:longest]
    used, number, candidate = set(taken), 2, slug
    while candidate in used:
        candidate = f"{slug}-{number}"
        number += 1
    return candidate


def _folded(section: Section) -> Section:
    return tuple(title.casefold() for title in section)


def _categories(
    node: _Node,
    section: Section,
    prefix: str,
    paths: dict[Section, str],
    notes: Mapping[Section, str],
) -> Iterator[tuple[Section, Category]]:
    """Yield all categories below a node by their titles, and note the path of each section."""
    taken: list[str] = []
    own = _folded((*section, _GENERAL))
    is_there = own[-1] in node.children and not node.children[own[-1]].children
    if node.holds_papers and node.children and section and not is_there:
        taken.append(_category_id(_GENERAL))
        paths[_folded(section)] = path = f"{prefix}/{taken[0]}"
        general = Category(path=path, title=_GENERAL, depth=len(section), leaf=True)
        yield (*section, _GENERAL), general
    for child in node.children.values():
        # What is left of the path is for the headings below as well; a sibling's number takes four.
        room = (_MAX_PATH - len(prefix)) // (child.height + 1) - len("/-99")
        taken.append(_category_id(child.title, taken, max(min(room, _MAX_ID), 1)))
        path = f"{prefix}/{taken[-1]}" if prefix else taken[-1]
        below = (*section, child.title)
        leaf, note = not child.children, notes.get(below)
        category = Category(path=path, title=child.title, note=note, depth=len(section), leaf=leaf)
        yield below, category
        if leaf:
            paths[_folded(below)] = path
            if node.holds_papers and _folded(below) == own:
                paths[_folded(section)] = path
        yield from _categories(child, below, path, paths, notes)
