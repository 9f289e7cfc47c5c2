"""The report of an import; what a maintainer should decide first comes first."""

from collections.abc import Iterable, Iterator

from kdbot.intake.importing.accounting import Accounting
from kdbot.intake.importing.list_import import ImportedList
from kdbot.intake.importing.rows import without_field
from kdbot.intake.importing.rules import LISTED_TITLES, SMALL_QUESTIONS
from kdbot.intake.importing.sources import Sources
from kdbot.intake.lists.paper import UnreadLine
from kdbot.intake.lists.readme_prose import Fate
from kdbot.model.finding import Finding, Severity
from kdbot.model.import_report import ImportReport, Remark, RemarkGroup
from kdbot.model.schema import PaperSchema

_READ_BY_HAND = (
    "Each looks like a paper but could not be read as one. It stays in the README as written. If "
    "it is a paper, add a file for it."
)
_NO_ROW = "The table became records, so these are not in the README. Add the ones you want to keep."
_NO_FIELD = "These are neither in a record nor in the README. Add the ones you want to keep."
_BROKEN = "Each breaks a rule for records. Fix the value and add the paper's file."
_FEW_HAVE = "These are in no record. To keep one, add a field to schema/paper.schema.json."
_DECIDED = "One of your decisions leaves these out."
_PICTURES = "Nothing to do. They decorated lines that are now in records."
_DIFFER = "Values that disagree or do not fit in a record. A rule chose one of them."


def build_report(
    sources: Sources,
    imported: ImportedList,
    accounting: Accounting,
    schema: PaperSchema,
    broken: Iterable[Finding] = (),
    unchanged: float | None = None,
) -> ImportReport:
    """Build the report of an import.

    Args:
        sources: the files of the list.
        imported: its records.
        accounting: what became of each line and each address.
        schema: the record's schema, with the fields of the list's own.
        broken: why records were left out, the finding about each.
        unchanged: the share of lines that the new README has as they were, where there is one.
    """
    asked = [f for f in imported.findings if f.severity is not Severity.NOTICE]
    warnings = [f for f in asked if f.code not in SMALL_QUESTIONS]
    notices = [f for f in imported.findings if f.severity is Severity.NOTICE]
    left_out = [
        _of_line(sources, UnreadLine(line=n, end=n, text=t, reason=r))
        for n, t, r in imported.dropped
    ]
    groups = (
        ("Papers left out", _BROKEN, [_of_finding(sources, f) for f in broken]),
        ("Questions about papers", _DIFFER, [_of_finding(sources, f) for f in warnings]),
        (
            "Lines that look like a paper",
            _READ_BY_HAND,
            [_of_line(sources, u) for u in sources.joined.unread],
        ),
        ("Other lines of tables", _NO_ROW, [_of_line(sources, u) for u in accounting.cells]),
        (
            "Addresses that were not kept",
            _NO_FIELD,
            [_of_line(sources, u) for u in accounting.left_out],
        ),
        (
            "Fields that few papers have",
            _FEW_HAVE,
            [_of_line(sources, u) for u in without_field(sources.joined.papers, schema)],
        ),
        ("Left out by a decision", _DECIDED, left_out),
        *_notices(sources, [*(f for f in asked if f.code in SMALL_QUESTIONS), *notices]),
        ("Pictures and badges", _PICTURES, [_of_line(sources, u) for u in accounting.decorations]),
    )
    return ImportReport(
        summary=tuple(_summary(sources, imported, accounting, unchanged)),
        groups=tuple(
            RemarkGroup(title=title, advice=advice, remarks=tuple(remarks))
            for title, advice, remarks in groups
            if remarks
        ),
    )


def _summary(
    sources: Sources, imported: ImportedList, accounting: Accounting, unchanged: float | None
) -> Iterator[str]:
    places = len(sources.joined.papers)
    yield (
        f"{len(imported.papers):,} papers in {len(imported.taxonomy.leaves):,} categories, "
        f"from {places:,} places in the source."
    )
    a = accounting
    reported = len(a.left_out) + len(a.decorations)
    yield (
        f"{a.addresses:,} addresses: {a.in_records:,} in records, {a.in_prose:,} in prose, "
        f"{reported:,} in this report; {a.kept:.1%} kept."
    )
    lines = accounting.lines
    told = f", {lines[Fate.REPORTED]:,} are only in this report" if lines[Fate.REPORTED] else ""
    yield (
        f"{sum(lines.values()):,} lines: {lines[Fate.RECORD]:,} are in records, "
        f"{lines[Fate.PROSE]:,} stay as prose, {lines[Fate.GENERATED]:,} are generated "
        f"(headings, table headers, contents), {lines[Fate.DECORATION]:,} are decoration{told}."
    )
    if unchanged is not None:
        yield f"{unchanged:.1%} of the source's lines are unchanged in the new README."


def _notices(
    sources: Sources, notices: Iterable[Finding]
) -> Iterator[tuple[str, str, list[Remark]]]:
    by_code: dict[str, list[Finding]] = {}
    for finding in notices:
        by_code.setdefault(finding.code, []).append(finding)
    for code, found in by_code.items():
        title, advice = LISTED_TITLES.get(code, (code, ""))
        yield title, advice, [_of_finding(sources, f) for f in found]


def _of_finding(sources: Sources, finding: Finding) -> Remark:
    placed = sources.located(finding)
    file = placed.file or sources.files[0].name
    return Remark(file=file, line=placed.line, text=placed.message, reason=placed.code)


def _of_line(sources: Sources, unread: UnreadLine) -> Remark:
    file, line = sources.locate(unread.line)
    return Remark(file=file, line=line, text=unread.text, reason=unread.reason)
