"""What the templates of a comment know of a report: plain values, and Markdown where it is safe.

https://jinja.palletsprojects.com/ is the language of the templates; `docs/wording.md` lists these
values for those who change a sentence.
"""

from collections.abc import Iterator, Sequence
from copy import copy
from typing import NamedTuple

from kdbot.model.collection import BROKEN_FILE_CODE
from kdbot.model.finding import Finding, Severity, name_some
from kdbot.model.paper import FIELD_NAMES, FieldValue, Paper, path_of
from kdbot.model.proposal import Origin
from kdbot.model.report import WRITTEN, PaperReport, Report, Verdict
from kdbot.publish.comment.context import CommentContext, comment_link
from kdbot.publish.comment.phrases import sentence, title_link, title_text
from kdbot.publish.markdown import Markdown, clip, escape_code, escape_text, fence
from kdbot.publish.readme.tables import field_value, render_head, render_row
from kdbot.publish.report import shown_yaml
from kdbot.text.record import render_record

_ITEM_LIMIT = 20
_CATEGORY_CODES = frozenset({"missing-category", "unknown-category", "category-not-a-leaf"})
_HINT = "category-hint"
_ASKED_OF_MAINTAINERS = _CATEGORY_CODES | {_HINT}
_NOTHING_TO_FIX = frozenset({Verdict.DUPLICATE, Verdict.COULD_NOT_CHECK})
_MISSING_VALUES = frozenset({"missing-title", "short-title", "missing-field"})
_NOT_UNDERSTOOD = "not-understood"
_DECLINED = "declined-before"
_FOUND_BY_TITLE = "found-by-title"
_OTHER_TITLE = "title-mismatch"
_SHORT_MESSAGE = 250
_MANY_SHOWN = 8
"""Papers that a comment lists one by one before it folds them."""
_LIKELY = 3
_MANY_FIXES = 4
"""Fixes of several papers that are shown before a fold."""
MANY_PAPERS = 100
"""More than these never fit into a comment, so they are not tried."""


class Extent(NamedTuple):
    """How much of a report is told.

    Attributes:
        findings: so many, the first ones.
        records: table row and YAML of so many papers, the first ones.
        papers: so many, the first ones.
        brief: whether a paper is told by its verdict, its file and its record alone.
    """

    findings: int
    records: int
    papers: int
    brief: bool = False


class FindingValue:
    """A finding as a comment shows it."""

    def __init__(self, finding: Finding, context: CommentContext) -> None:
        """Take the finding, and the context of the comment."""
        self.finding = finding
        # Whether it has to be fixed before the paper can be added.
        self.is_fix = finding.severity is Severity.ERROR
        # Whether it is a part of the text that could not be read.
        self.is_not_understood = finding.code == _NOT_UNDERSTOOD
        # Whether it names all categories; they are listed once, below the findings.
        names_all = len(finding.message) > _SHORT_MESSAGE
        self.choose = finding.code in _CATEGORY_CODES and names_all
        # The line of a pull request's file, as a link.
        is_placed = context.is_pull and finding.file and finding.line
        self.place = context.head_link(finding.file or "", finding.line) if is_placed else None
        # The field as its author knows it.
        self.label = context.label(finding.field) if finding.field else None
        # What was found, one or more sentences.
        message = finding.message
        self.message = sentence(message.partition(". ")[0] if self.choose else message)
        # What to write instead; empty where nobody can fix it.
        self.fix = sentence(finding.fix or "")
        # The rule, as a link to its row in the table of findings.
        self.code = context.code_link(finding.code)


class SharedFix(NamedTuple):
    """A fix that several papers of a proposal need, told once.

    Attributes:
        first: the fix as it is told of the first of them.
        papers: their numbers.
        numbers: the same in words.
        is_same: whether the same was found in all of them.
        line: the line of free text that adds what is missing, or None.
    """

    first: FindingValue
    papers: Sequence[int]
    numbers: Markdown
    is_same: bool
    line: Markdown | None


class RecordedPaper:
    """What a record says of its paper."""

    def __init__(self, record: Paper, context: CommentContext, name: str | None = None) -> None:
        """Take the record, and what a text calls a paper whose title is not known."""
        self.record = record
        # The title in italics, or what else names the paper.
        self.title = title_text(record, name)
        # The title as a link to the paper, where it leads to a host that may be linked.
        self.title_link = title_link(record, name)
        # The categories, each with those above it.
        self.places = [context.category(clip(path)) for path in record.categories[:_ITEM_LIMIT]]
        # The paper's file on the published branch, and the same in GitHub's editor.
        self.file_link = context.file_link(path_of(record.id))
        self.edit_link = context.edit_link(path_of(record.id))


class PaperValue(RecordedPaper):
    """A paper of the report."""

    def __init__(self, report: PaperReport, number: int, context: CommentContext) -> None:
        """Take the verdict on the paper, and its place in the proposal, from 1."""
        super().__init__(report.paper, context, report.short_name)
        self._context = context
        self.report, self.number = report, number
        self.all_findings = [FindingValue(found, context) for found in _findings_of(report)]
        # The template of the verdict.
        self.words = f"{report.verdict}.md.j2"
        # What is asked for the paper: add, update, remove, spoken-of or unsure.
        self.asks = str(report.intent)
        # The service that has its identifier, where it was searched for by its title.
        searched = (f.field for f in report.findings if f.code == _FOUND_BY_TITLE)
        self.found_on = report.origins.get(next(searched, None) or "")
        # Whether the title that was read is by all appearances another paper's.
        self.has_other_title = any(
            f.code == _OTHER_TITLE and f.severity is Severity.WARNING for f in report.findings
        )
        # Whether it was read from an issue form, whose fields have labels.
        self.in_form = report.read_from is Origin.FORM
        # Whether it was read from a row of the README, so that its file is yet to come.
        self.is_row = Origin.ROW in report.origins.values()
        # The file in a pull request; None for an issue, and for a row.
        in_pull = context.is_pull
        self.link = context.head_link(report.file) if in_pull and not self.is_row else None
        # Number of its fixes, shown or not.
        self.fix_count = sum(finding.is_fix for finding in self.all_findings)
        # What a maintainer has to know first; the first number is ours: that of an issue.
        hash_mark = escape_text("#1").removesuffix("1")
        warning = report.warning and sentence(report.warning.message).replace(hash_mark, "#", 1)
        self.warning = Markdown(warning) if warning else None
        # The warning in a word or two.
        is_declined = report.warning is not None and report.warning.code == _DECLINED
        standing = self.record.standing.capitalize() or "Withdrawn or retracted"
        self.heading = "Declined before" if is_declined else standing
        # Number of the older open proposal of the same paper.
        self.earlier = context.earlier.get(report.file)
        # The listed paper that an update or a duplicate is about.
        self.before = RecordedPaper(report.before, context) if report.before else None
        # What changes in a listed paper: a field's label, its value before and after.
        self.changes = list(self._changes())
        # The labels of the fields that change.
        self.changed_fields = [label for label, _, _ in self.changes]
        # Its row in the README's tables, under their head.
        columns, schema = context.settings.tables.columns, context.schema
        row = render_row(self.record, columns, schema, comment_link, venue_year=True)
        self.row = Markdown(f"{render_head(columns, schema)}{row.rstrip()}")
        # Address that opens GitHub's editor with its file in it, where the file is new. Whatever
        # its faults, a row comes back as a file: nothing that was written is lost.
        is_ready = report.verdict is Verdict.READY and bool(self.record.categories)
        is_new = self.is_row and report.before is None if context.is_pull else is_ready
        writes = report.verdict in WRITTEN or (context.is_pull and self.is_row)
        yaml = render_record(self.record, schema) if is_new or writes else ""
        self.create_url = context.new_file_url(report.file, yaml) if is_new else None
        # Path and YAML of its file, which `shown_records` reads back; None without room.
        file_text = f"{escape_code(report.file)}:\n\n{fence(shown_yaml(yaml), 'yaml')}"
        self.file_text = Markdown(file_text) if writes else None
        # What was read of a paper whose file is not shown: a field's label, its value, where.
        self.understood = [] if writes else list(self._understood())
        self.show(len(self.all_findings), 1)

    def told(self, findings: int, first: int, *, has_room: bool) -> "PaperValue":
        """Return the paper with so many of its findings, and with its file only if there is room.

        `first` is the number of its first fix.
        """
        told = copy(self)
        told.show(findings, first)
        if not has_room:
            told.file_text, told.understood = None, []
        return told

    def show(self, findings: int, first: int) -> None:
        """Set what is shown to so many findings; `first` is the number of the first fix."""
        self.first, self.shown = first, self.all_findings[:findings]
        # What has to be fixed, as far as it is shown.
        self.fixes = [f for f in self.shown if f.is_fix]
        # What was written about the paper and could not be read.
        self.not_understood = [f for f in self.shown if f.is_not_understood]
        # What else blocks nothing, as far as it is shown.
        self.remarks = [f for f in self.shown if not (f.is_fix or f.is_not_understood)]

    def line_for(self, finding: FindingValue) -> Markdown | None:
        """Return the line of free text that adds what a finding misses, where there is one."""
        field = finding.finding.field
        is_missing = finding.finding.code in _MISSING_VALUES
        if field is None or not is_missing or self._context.is_pull or self.in_form:
            return None
        return Markdown(escape_code(f"{self._context.schema.title(field)}: …"))

    def _changes(self) -> Iterator[tuple[Markdown, Markdown, Markdown]]:
        report, before = self.report, self.report.before
        edits_its_file = before and self._context.is_pull and report.file == path_of(before.id)
        if before and (report.verdict is Verdict.UPDATE or edits_its_file):
            for name in _names(before, self.record):
                old, new = (field_value(p, name) or None for p in (before, self.record))
                if old != new:
                    yield self._label(name), self._value(name, old), self._value(name, new)

    def _understood(self) -> Iterator[tuple[Markdown, Markdown, str]]:
        for name in _names(self.record):
            if value := field_value(self.record, name):
                origin = str(self.report.origins.get(name, ""))
                yield self._label(name), self._value(name, value), origin

    def _label(self, name: str) -> Markdown:
        return Markdown.escape(self._context.schema.title(name))

    def _value(self, name: str, value: FieldValue | None) -> Markdown:
        if isinstance(value, bool) or not value:
            return Markdown("yes" if value else "none")
        items = (value,) if isinstance(value, str) else value
        is_category = name == "categories"
        show = self._context.category if is_category else escape_code
        shown = [str(show(clip(item))) for item in items]
        return Markdown(name_some(shown, _ITEM_LIMIT, "; " if is_category else ", "))


class CommentValue:
    """A report as a comment shows it."""

    def __init__(self, report: Report, context: CommentContext) -> None:
        """Take the verdict on the proposal, and where the comment stands."""
        self.report, self.context = report, context
        told = list(enumerate(report.papers, 1))
        self._papers = [PaperValue(paper, n, context) for n, paper in told[:MANY_PAPERS]]
        self._findings = [FindingValue(finding, context) for finding in report.findings]
        findings = [*report.findings, *(f for p in report.papers for f in _findings_of(p))]
        # Number of all findings, and of all papers, shown or not.
        self.finding_count, self.total = len(findings), len(report.papers)
        # The template of the verdict.
        self.words = f"{report.verdict}.md.j2"
        # Whether the comment is on a pull request, not an issue.
        self.is_pull = context.is_pull
        # The first paper, or None.
        self.paper = self._papers[0] if self._papers else None
        # Number of papers that have the verdict of the whole.
        self.same = sum(paper.verdict is report.verdict for paper in report.papers)
        # Papers that were retracted, or declined before.
        self.warned = [PaperValue(paper, n, context) for n, paper in told if paper.warning]
        # Whether a paper could be accepted.
        self.some_ready = any(paper.verdict in WRITTEN for paper in report.papers)
        # Number of fixes, shown or not.
        self.fix_count = sum(f.severity is Severity.ERROR for f in findings)
        # Whether everything that was found has to be fixed.
        self.only_fixes = self.fix_count == len(findings)
        # Whether nothing of the text was left that could not be understood.
        self.all_understood = all(finding.code != _NOT_UNDERSTOOD for finding in findings)
        # Whether a broken file of the list is why something could not be checked.
        codes = {finding.code for paper in report.papers for finding in paper.findings}
        self.broken_file = BROKEN_FILE_CODE in codes
        # Whether several papers are few enough to be listed before a fold.
        self.lists_papers = 1 < self.total <= _MANY_SHOWN
        # Number of papers whose categories a maintainer has to choose.
        open_papers = [paper for paper in report.papers if paper.needs_categories]
        self.without_categories = len(open_papers)
        # Likely categories of these, as a maintainer writes them in a command.
        taxonomy = context.taxonomy
        likely = dict.fromkeys(path for paper in open_papers for path in paper.likely_categories)
        known = [path for path in likely if path in taxonomy.by_path]
        self.likely_categories = [taxonomy.short_title(path) for path in known[:_LIKELY]]
        # Whether the likely categories are those of papers with similar titles.
        self.has_similar = _HINT in codes
        # The problems with the written categories of these.
        misread = _CATEGORY_CODES - {"missing-category"}
        found = (f for paper in open_papers for f in paper.findings if f.code in misread)
        self.misread_categories = list(
            dict.fromkeys(FindingValue(finding, context).message for finding in found)
        )
        # The command that sets categories and accepts.
        names = escape_code(", ".join(self.likely_categories) or "NAME, NAME")
        command = names.replace("`", "`/accept ", 1).replace("<code>", "<code>/accept ")
        self.accept_command = Markdown(command)
        self.show(Extent(0, 0, 0))

    def told(self, extent: Extent) -> "CommentValue":
        """Return the report with so much of it told."""
        told = copy(self)
        told.show(extent)
        return told

    def show(self, extent: Extent) -> None:
        """Set what is told to so much of the report."""
        self.extent = extent
        found = self._findings[: extent.findings]
        # What has to be fixed in the proposal as a whole, and what does not block.
        self.fixes = [finding for finding in found if finding.is_fix]
        self.remarks = [finding for finding in found if not finding.is_fix]
        # The papers that are shown, with the findings that fit. Of a single paper the fixes go on
        # where those of the proposal end.
        left, first = extent.findings - len(self._findings), 1
        first += len(self.fixes) if self.total == 1 else 0
        self.papers = []
        for index, paper in enumerate(self._papers[: extent.papers]):
            shown = max(min(left, len(paper.all_findings)), 0)
            self.papers.append(paper.told(shown, first, has_room=index < extent.records))
            left -= len(paper.all_findings)
        # What has to be fixed in several papers, each fix listed once; the first before a fold.
        self.shared_fixes = list(self._shared_fixes())
        self.first_fixes = self.shared_fixes[:_MANY_FIXES]
        # Numbers of findings, records and papers that do not fit.
        told = self.report.papers[: extent.papers]
        numbers = (
            (self.finding_count - len(found) - sum(len(p.shown) for p in self.papers), "finding"),
            (sum(p.verdict in WRITTEN for p in told[extent.records :]), "record"),
            (self.total - len(told), "paper"),
        )
        self.omitted = [(number, noun) for number, noun in numbers if number > 0]
        # All categories by the one above, where somebody has to choose. A command takes short
        # titles, a file holds paths.
        self.categories: list[tuple[Markdown, list[Markdown]]] = []
        shown_findings = [*found, *(f for paper in self.papers for f in paper.shown)]
        if self.without_categories or any(finding.choose for finding in shown_findings):
            self.categories = _categories(self.context)

    def _shared_fixes(self) -> Iterator[SharedFix]:
        groups: dict[tuple[str | None, ...], list[tuple[PaperValue, FindingValue]]] = {}
        for paper in self.papers:
            if self.is_pull or paper.report.verdict not in _NOTHING_TO_FIX:
                for one in paper.fixes:
                    key = (one.finding.code, one.finding.field, one.finding.fix)
                    groups.setdefault(key, []).append((paper, one))
        for found in groups.values():
            papers = list(dict.fromkeys(paper.number for paper, _ in found))
            numbers = f"paper{'s' if len(papers) > 1 else ''} "
            numbers += name_some([str(number) for number in papers], _ITEM_LIMIT)
            if len(papers) == self.total:
                numbers = f"all {self.total} papers"
            yield SharedFix(
                first=found[0][1],
                papers=papers,
                numbers=Markdown(numbers),
                is_same=len({one.finding.message for _, one in found}) == 1,
                line=found[0][0].line_for(found[0][1]),
            )


def _categories(context: CommentContext) -> list[tuple[Markdown, list[Markdown]]]:
    branches: dict[Markdown, list[Markdown]] = {}
    for leaf in context.taxonomy.leaves:
        above = context.category(leaf.parent) if leaf.parent else Markdown("")
        name = leaf.path if context.is_pull else context.taxonomy.short_title(leaf.path)
        branches.setdefault(above, []).append(Markdown(escape_code(name)))
    return [*branches.items()]


def _names(*papers: Paper) -> dict[str, None]:
    """Return the fields of some papers, those of the list's own last."""
    return dict.fromkeys((*FIELD_NAMES, *(name for paper in papers for name, _ in paper.extra)))


def _findings_of(paper: PaperReport) -> Sequence[Finding]:
    """Return the findings of a paper, but for those that a comment tells in its own place."""
    if not paper.needs_categories:
        return paper.findings
    return [finding for finding in paper.findings if finding.code not in _ASKED_OF_MAINTAINERS]
