"""What the templates of a comment know of a report: plain values, and Markdown where it is safe.

https://jinja.palletsprojects.com/ is the language of the templates; `docs/wording.md` lists these
values for those who change a sentence.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from kdbot.model.collection import BROKEN_FILE_CODE
from kdbot.model.finding import Finding, Severity, name_some
from kdbot.model.paper import FIELD_NAMES, FieldValue, Paper, path_of
from kdbot.model.proposal import Origin
from kdbot.model.report import WRITTEN, PaperReport, Report, Verdict
from kdbot.publish.comment.context import CommentContext, ItemKind, comment_link
from kdbot.publish.comment.phrases import clip, sentence, title_link, title_text
from kdbot.publish.comment.words import Markdown
from kdbot.publish.markdown import escape_code, escape_text, fence
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


@dataclass(frozen=True, kw_only=True)
class FindingValue:
    """A finding as a comment shows it.

    Attributes:
        finding: what was found.
        context: of the comment.
    """

    finding: Finding
    context: CommentContext

    @property
    def is_fix(self) -> bool:
        """Whether it has to be fixed before the paper can be added."""
        return self.finding.severity is Severity.ERROR

    @property
    def is_not_understood(self) -> bool:
        """Whether it is a part of the text that could not be read."""
        return self.finding.code == _NOT_UNDERSTOOD

    @property
    def choose(self) -> bool:
        """Whether it names all categories; they are listed once, below the findings."""
        finding = self.finding
        return finding.code in _CATEGORY_CODES and len(finding.message) > _SHORT_MESSAGE

    @cached_property
    def place(self) -> Markdown | None:
        """The line of a pull request's file, as a link."""
        finding = self.finding
        if self.context.kind is ItemKind.PULL and finding.file and finding.line:
            return self.context.head_link(finding.file, finding.line)
        return None

    @cached_property
    def label(self) -> Markdown | None:
        """The field as its author knows it."""
        return self.context.label(self.finding.field) if self.finding.field else None

    @cached_property
    def message(self) -> Markdown:
        """What was found, one or more sentences."""
        message = self.finding.message
        return sentence(message.partition(". ")[0] if self.choose else message)

    @cached_property
    def fix(self) -> Markdown:
        """What to write instead; empty where nobody can fix it."""
        return sentence(self.finding.fix or "")

    @cached_property
    def code(self) -> Markdown:
        """The rule, as a link to its row in the table of findings."""
        return self.context.code_link(self.finding.code)


@dataclass(frozen=True, kw_only=True)
class SharedFix:
    """A fix that several papers of a proposal need, told once.

    Attributes:
        first: the fix as it is told of the first of them.
        papers: their numbers.
        is_of_all: whether they are all papers of the proposal.
        is_same: whether the same was found in all of them.
        line: the line of free text that adds what is missing, or None.
    """

    first: FindingValue
    papers: tuple[int, ...]
    is_of_all: bool
    is_same: bool
    line: Markdown | None

    @property
    def numbers(self) -> Markdown:
        """The numbers of the papers, in words."""
        if self.is_of_all:
            return Markdown(f"all {len(self.papers)} papers")
        numbers = [str(number) for number in self.papers]
        return Markdown(f"paper{'s' if len(numbers) > 1 else ''} {name_some(numbers, _ITEM_LIMIT)}")


@dataclass(frozen=True, kw_only=True)
class RecordedPaper:
    """What a record says of its paper.

    Attributes:
        record: the paper.
        context: of the comment.
        name: what a text calls a paper whose title is not known.
    """

    record: Paper
    context: CommentContext
    name: str | None = None

    @cached_property
    def title(self) -> Markdown:
        """The title in italics, or what else names the paper."""
        return title_text(self.record, self.name)

    @cached_property
    def title_link(self) -> Markdown:
        """The title as a link to the paper, where it leads to a host that may be linked."""
        return title_link(self.record, self.name)

    @cached_property
    def places(self) -> list[Markdown]:
        """The categories, each with those above it."""
        return [self.context.category(clip(p)) for p in self.record.categories[:_ITEM_LIMIT]]

    @property
    def file_link(self) -> Markdown:
        """The paper's file on the published branch."""
        return self.context.file_link(path_of(self.record.id))

    @property
    def edit_link(self) -> Markdown:
        """The paper's file on the published branch, in GitHub's editor."""
        return self.context.edit_link(path_of(self.record.id))


@dataclass(frozen=True, kw_only=True)
class PaperValue(RecordedPaper):
    """A paper of the report.

    Attributes:
        report: the verdict on it.
        number: its place among the papers of the proposal, from 1.
        all_findings: its findings.
        findings: so many of them are shown.
        has_room: whether there is room for its file.
        first: number of its first fix.
    """

    report: PaperReport
    number: int
    all_findings: tuple[FindingValue, ...]
    findings: int
    has_room: bool = True
    first: int = 1
    _told: dict[tuple[int, bool, int], "PaperValue"] = field(default_factory=dict)

    def told(self, findings: int, has_room: bool, first: int) -> "PaperValue":
        """Return the paper with so much of it shown.

        The same extent gives the same object: a comment is tried at several extents until it
        fits, and what a paper's values cost is paid once.
        """
        key = (findings, has_room, first)
        if key not in self._told:
            self._told[key] = replace(self, findings=findings, has_room=has_room, first=first)
        return self._told[key]

    @property
    def words(self) -> str:
        """The template of the verdict."""
        return _template_of(self.report.verdict)

    @property
    def asks(self) -> str:
        """What is asked for the paper: add, update, remove, spoken-of or unsure."""
        return str(self.report.intent)

    @property
    def found_on(self) -> str | None:
        """The service that has its identifier, where it was searched for by its title."""
        found = (f.field for f in self.report.findings if f.code == _FOUND_BY_TITLE)
        return self.report.origins.get(next(found, None) or "")

    @property
    def has_other_title(self) -> bool:
        """Whether the title that was read is by all appearances another paper's."""
        found = self.report.findings
        return any(f.code == _OTHER_TITLE and f.severity is Severity.WARNING for f in found)

    @property
    def in_form(self) -> bool:
        """Whether it was read from an issue form, whose fields have labels."""
        return self.report.read_from is Origin.FORM

    def line_for(self, finding: FindingValue) -> Markdown | None:
        """The line of free text that adds what a finding misses, where it can be written so."""
        field = finding.finding.field
        is_missing = finding.finding.code in _MISSING_VALUES
        if field is None or not is_missing or self._is_in_pull or self.in_form:
            return None
        return Markdown(escape_code(f"{self.context.schema.title(field)}: …"))

    @property
    def link(self) -> Markdown | None:
        """The file in a pull request; None for an issue, and for a row, whose file is to come."""
        if self._is_in_pull and not self.is_row:
            return self.context.head_link(self.report.file)
        return None

    @property
    def is_row(self) -> bool:
        """Whether it was read from a row of the README, so that its file is yet to come."""
        return Origin.ROW in self.report.origins.values()

    @cached_property
    def fix_count(self) -> int:
        """Number of its fixes, shown or not."""
        return sum(finding.is_fix for finding in self.all_findings)

    @property
    def warning(self) -> Markdown | None:
        """What a maintainer has to know first."""
        found = self.report.warning
        if found is None:
            return None
        # The first number is ours: that of the issue in which it was declined.
        hash_mark = escape_text("#1").removesuffix("1")
        return Markdown(sentence(found.message).replace(hash_mark, "#", 1))

    @property
    def heading(self) -> str:
        """The warning in a word or two."""
        if self.report.warning and self.report.warning.code == _DECLINED:
            return "Declined before"
        return self.record.standing.capitalize() or "Withdrawn or retracted"

    @property
    def fixes(self) -> list[FindingValue]:
        """What has to be fixed, as far as it is shown."""
        return [finding for finding in self.all_findings[: self.findings] if finding.is_fix]

    @property
    def not_understood(self) -> list[FindingValue]:
        """What was written about the paper and could not be read."""
        return [f for f in self.all_findings[: self.findings] if f.is_not_understood]

    @property
    def remarks(self) -> list[FindingValue]:
        """What else blocks nothing, as far as it is shown."""
        shown = self.all_findings[: self.findings]
        return [f for f in shown if not (f.is_fix or f.is_not_understood)]

    @property
    def earlier(self) -> int | None:
        """Number of the older open proposal of the same paper."""
        return self.context.earlier.get(self.report.file)

    @cached_property
    def before(self) -> RecordedPaper | None:
        """The listed paper that an update or a duplicate is about."""
        before = self.report.before
        return None if before is None else RecordedPaper(record=before, context=self.context)

    @cached_property
    def changes(self) -> list[tuple[Markdown, Markdown, Markdown]]:
        """What changes in a listed paper: a field's label, its value before and after."""
        before, after = self.report.before, self.record
        if before is None or not (self.report.verdict is Verdict.UPDATE or self._edits_a_file):
            return []
        extra = [name for name, _ in (*before.extra, *after.extra)]
        values = [
            (name, field_value(before, name) or None, field_value(after, name) or None)
            for name in dict.fromkeys((*FIELD_NAMES, *extra))
        ]
        return [
            (self._label(name), self._shown(name, old), self._shown(name, new))
            for name, old, new in values
            if old != new
        ]

    @property
    def changed_fields(self) -> list[Markdown]:
        """The labels of the fields that change in a listed paper."""
        return [label for label, _, _ in self.changes]

    @cached_property
    def understood(self) -> list[tuple[Markdown, Markdown, str]]:
        """What was read of a paper whose file is not shown: a field's label, its value, where."""
        if self._writes or not self.has_room:
            return []
        names = dict.fromkeys((*FIELD_NAMES, *(name for name, _ in self.record.extra)))
        return [
            (self._label(name), self._shown(name, value), str(self.report.origins.get(name, "")))
            for name in names
            if (value := field_value(self.record, name))
        ]

    @cached_property
    def row(self) -> Markdown:
        """Its row in the README's tables, under their head."""
        columns, schema = self.context.settings.tables.columns, self.context.schema
        row = render_row(self.record, columns, schema, comment_link, venue_year=True)
        return Markdown(f"{render_head(columns, schema)}{row.rstrip()}")

    @cached_property
    def file_text(self) -> Markdown | None:
        """Path and YAML of its file, which `shown_records` reads back; None without room."""
        if not (self.has_room and self._writes):
            return None
        yaml = shown_yaml(render_record(self.record, self.context.schema))
        return Markdown(f"{escape_code(self.report.file)}:\n\n{fence(yaml, 'yaml')}")

    @cached_property
    def create_url(self) -> Markdown | None:
        """Address that opens GitHub's editor with its file in it, where the file is new."""
        if self._is_in_pull:
            # Whatever its faults, a row comes back as a file: nothing that was written is lost.
            is_new = self.is_row and self.report.before is None
        else:
            is_new = self.report.verdict is Verdict.READY and bool(self.record.categories)
        yaml = render_record(self.record, self.context.schema)
        return self.context.new_file_url(self.report.file, yaml) if is_new else None

    @property
    def _writes(self) -> bool:
        """Whether the paper's file is there to be written."""
        return self.report.verdict in WRITTEN or (self._is_in_pull and self.is_row)

    @property
    def _edits_a_file(self) -> bool:
        """Whether a pull request changes the very file of a listed paper."""
        before = self.report.before
        return self._is_in_pull and before is not None and self.report.file == path_of(before.id)

    @property
    def _is_in_pull(self) -> bool:
        return self.context.kind is ItemKind.PULL

    def _label(self, name: str) -> Markdown:
        return Markdown.escape(self.context.schema.title(name))

    def _shown(self, name: str, value: FieldValue | None) -> Markdown:
        if isinstance(value, bool) or not value:
            return Markdown("yes" if value else "none")
        items = (value,) if isinstance(value, str) else value
        is_category = name == "categories"
        show = self.context.category if is_category else escape_code
        shown = [str(show(clip(item))) for item in items]
        return Markdown(name_some(shown, _ITEM_LIMIT, "; " if is_category else ", "))


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
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


@dataclass(frozen=True, kw_only=True)
class CommentValue:
    """A report as a comment shows it.

    Attributes:
        report: the verdict on the proposal.
        context: where the comment stands.
        extent: how much of the report is told.
        every_paper: all papers; `papers` are those that are told.
        every_finding: what concerns the proposal as a whole.
    """

    report: Report
    context: CommentContext
    extent: Extent
    every_paper: tuple[PaperValue, ...]
    every_finding: tuple[FindingValue, ...]

    @property
    def words(self) -> str:
        """The template of the verdict."""
        return _template_of(self.report.verdict)

    @property
    def is_pull(self) -> bool:
        """Whether the comment is on a pull request, not an issue."""
        return self.context.kind is ItemKind.PULL

    @property
    def paper(self) -> PaperValue | None:
        """The first paper, or None."""
        return self.every_paper[0] if self.every_paper else None

    @property
    def total(self) -> int:
        """Number of papers, shown or not."""
        return len(self.report.papers)

    @cached_property
    def same(self) -> int:
        """Number of papers that have the verdict of the whole."""
        return sum(paper.verdict is self.report.verdict for paper in self.report.papers)

    @cached_property
    def warned(self) -> list[PaperValue]:
        """Papers that were retracted, or declined before."""
        return [paper for paper in self.every_paper if paper.warning]

    @cached_property
    def some_ready(self) -> bool:
        """Whether a paper could be accepted."""
        return any(paper.verdict in WRITTEN for paper in self.report.papers)

    @cached_property
    def fix_count(self) -> int:
        """Number of fixes, shown or not."""
        return sum(f.severity is Severity.ERROR for f in _findings(self.report))

    @cached_property
    def only_fixes(self) -> bool:
        """Whether everything that was found has to be fixed."""
        return all(f.severity is Severity.ERROR for f in _findings(self.report))

    @cached_property
    def broken_file(self) -> bool:
        """Whether a broken file of the list is why something could not be checked."""
        papers = self.report.papers
        return any(f.code == BROKEN_FILE_CODE for paper in papers for f in paper.findings)

    @cached_property
    def fixes(self) -> list[FindingValue]:
        """What has to be fixed in the proposal as a whole."""
        return [f for f in self.every_finding[: self.extent.findings] if f.is_fix]

    @cached_property
    def remarks(self) -> list[FindingValue]:
        """The findings that do not block."""
        return [f for f in self.every_finding[: self.extent.findings] if not f.is_fix]

    @cached_property
    def papers(self) -> list[PaperValue]:
        """The papers that are shown, with the findings that fit."""
        left = self.extent.findings - len(self.every_finding)
        # Of a single paper the fixes go on where those of the proposal end.
        first = 1 + (len(self.fixes) if self.total == 1 else 0)
        papers = []
        for index, paper in enumerate(self.every_paper[: self.extent.papers]):
            shown = max(min(left, len(paper.all_findings)), 0)
            papers.append(paper.told(shown, index < self.extent.records, first))
            left -= len(paper.all_findings)
        return papers

    @cached_property
    def all_understood(self) -> bool:
        """Whether nothing of the text was left that could not be understood."""
        return all(finding.code != _NOT_UNDERSTOOD for finding in _findings(self.report))

    @cached_property
    def shared_fixes(self) -> list[SharedFix]:
        """What has to be fixed in several papers, each fix listed once."""
        groups: dict[tuple[str | None, ...], list[tuple[PaperValue, FindingValue]]] = {}
        asked = [p for p in self.papers if self.is_pull or p.report.verdict not in _NOTHING_TO_FIX]
        for paper in asked:
            for one in paper.fixes:
                key = (one.finding.code, one.finding.field, one.finding.fix)
                groups.setdefault(key, []).append((paper, one))
        return [
            SharedFix(
                first=found[0][1],
                papers=(numbers := tuple(dict.fromkeys(paper.number for paper, _ in found))),
                is_of_all=len(numbers) == self.total,
                is_same=len({one.finding.message for _, one in found}) == 1,
                line=found[0][0].line_for(found[0][1]),
            )
            for found in groups.values()
        ]

    @property
    def first_fixes(self) -> list[SharedFix]:
        """The shared fixes that are shown before a fold."""
        return self.shared_fixes[:_MANY_FIXES]

    @property
    def lists_papers(self) -> bool:
        """Whether several papers are few enough to be listed before a fold."""
        return 1 < self.total <= _MANY_SHOWN

    @cached_property
    def without_categories(self) -> int:
        """Number of papers whose categories a maintainer has to choose."""
        return sum(paper.needs_categories for paper in self.report.papers)

    @cached_property
    def likely_categories(self) -> list[str]:
        """Likely categories of papers that have none, as a maintainer writes them in a command."""
        found = dict.fromkeys(
            path
            for paper in self.report.papers
            if paper.needs_categories
            for path in paper.likely_categories
        )
        taxonomy = self.context.taxonomy
        return [taxonomy.short_title(path) for path in found if path in taxonomy.by_path][:_LIKELY]

    @property
    def has_similar(self) -> bool:
        """Whether the likely categories are those of papers with similar titles."""
        return any(f.code == _HINT for paper in self.report.papers for f in paper.findings)

    @cached_property
    def misread_categories(self) -> list[Markdown]:
        """The problems with the written categories, for papers without a category."""
        said = dict.fromkeys(
            FindingValue(finding=finding, context=self.context).message
            for paper in self.report.papers
            if paper.needs_categories
            for finding in paper.findings
            if finding.code in _CATEGORY_CODES and finding.code != "missing-category"
        )
        return list(said)

    @property
    def accept_command(self) -> Markdown:
        """The command that sets categories and accepts."""
        names = escape_code(", ".join(self.likely_categories) or "NAME, NAME")
        return Markdown(names.replace("`", "`/accept ", 1).replace("<code>", "<code>/accept "))

    @cached_property
    def omitted(self) -> list[tuple[int, str]]:
        """Numbers of findings, records and papers that do not fit."""
        shown = len(self.fixes) + len(self.remarks)
        shown += sum(paper.findings for paper in self.papers)
        told = self.report.papers[: self.extent.papers]
        numbers = (
            (len(list(_findings(self.report))) - shown, "finding"),
            (sum(p.verdict in WRITTEN for p in told[self.extent.records :]), "record"),
            (self.total - len(told), "paper"),
        )
        return [(number, noun) for number, noun in numbers if number > 0]

    @cached_property
    def categories(self) -> list[tuple[Markdown, list[Markdown]]]:
        """All categories by the one above, where somebody has to choose.

        A command takes short titles, a file holds paths.
        """
        shown = [*self.fixes, *self.remarks]
        shown += [f for paper in self.papers for f in paper.all_findings[: paper.findings]]
        if not (self.without_categories or any(finding.choose for finding in shown)):
            return []
        branches: dict[Markdown, list[Markdown]] = {}
        taxonomy = self.context.taxonomy
        for leaf in taxonomy.leaves:
            above = self.context.category(leaf.parent) if leaf.parent else Markdown("")
            name = escape_code(leaf.path if self.is_pull else taxonomy.short_title(leaf.path))
            branches.setdefault(above, []).append(Markdown(name))
        return [*branches.items()]


def comment_value(report: Report, context: CommentContext, extent: Extent) -> CommentValue:
    """Return what the templates know of a report."""

    def findings(found: Sequence[Finding]) -> tuple[FindingValue, ...]:
        return tuple(FindingValue(finding=finding, context=context) for finding in found)

    return CommentValue(
        report=report,
        context=context,
        extent=extent,
        every_paper=tuple(
            PaperValue(
                record=paper.paper,
                context=context,
                name=paper.short_name,
                report=paper,
                number=number,
                all_findings=findings(_findings_of(paper)),
                findings=len(_findings_of(paper)),
            )
            for number, paper in enumerate(report.papers, 1)
        ),
        every_finding=findings(report.findings),
    )


def _template_of(verdict: Verdict) -> str:
    """Return the name of the template with a verdict's words."""
    return f"{verdict}.md.j2"


def _findings(report: Report) -> Iterable[Finding]:
    return (*report.findings, *(f for paper in report.papers for f in _findings_of(paper)))


def _findings_of(paper: PaperReport) -> Sequence[Finding]:
    """Return the findings of a paper, but for those that a comment tells in its own place."""
    if not paper.needs_categories:
        return paper.findings
    return [finding for finding in paper.findings if finding.code not in _ASKED_OF_MAINTAINERS]
