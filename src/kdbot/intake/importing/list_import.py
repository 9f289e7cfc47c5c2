"""An existing list to records: the rows of a paper become one, and what does not fit is reported.

Nothing is settled in silence: where copies of a paper disagree, one value is taken by a rule and
the disagreement is a finding, until a person has decided.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from kdbot.intake.importing import rules
from kdbot.intake.importing.decisions import Decisions
from kdbot.intake.importing.merge import PaperMerger, read_venues
from kdbot.intake.importing.rows import Row, conflicting, decide, group_rows, read_rows
from kdbot.intake.importing.sections import read_sections
from kdbot.intake.lists.paper import ReadmeList
from kdbot.model.finding import Finding, name_some, quote
from kdbot.model.paper import Paper
from kdbot.model.schema import PaperSchema
from kdbot.model.taxonomy import Taxonomy
from kdbot.model.titles import fold_title
from kdbot.model.venue import Venue, Venues


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
        schema: the record's schema, which may know columns of this list alone.
    """
    sections = read_sections(
        (paper.section for paper in source.papers), source.notes, source.sections
    )
    rows = read_rows(source.papers, sections.paths, schema)
    decided = decide(rows, decisions)
    names = read_venues((row.text("venue") for row in decided.rows if row.text("venue")), known)
    merger = PaperMerger(decisions=decisions, names=names, file=source_file)
    groups = group_rows(decided.rows)
    papers = [merger.paper(group) for group in groups]
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
    message = f"{file} holds no paper that could be understood."
    if source.unread:
        message += f" {len(source.unread):,} lines look like one; each is named with its reason."
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
            message = f"Below {quote(titles)}, rows are newer than the row above: line {lines}."
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
