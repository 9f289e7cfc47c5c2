"""The one comment: the verdict in words, what to do about it, and the paper as it will appear."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kdbot.model.errors import KdbotError
from kdbot.model.finding import Finding
from kdbot.model.report import WRITTEN, PaperReport, Report, Verdict
from kdbot.publish.comment.context import CommentContext, ItemKind
from kdbot.publish.comment.findings import (
    is_fix,
    render_categories,
    render_fixes,
    render_list,
    render_remarks,
)
from kdbot.publish.comment.headline import render_headline, render_next_step, render_paper_verdict
from kdbot.publish.comment.paper import (
    is_row,
    render_changes,
    render_listed,
    render_record_alone,
    render_record_fold,
    render_understood_fold,
)
from kdbot.publish.markdown import escape_code, escape_message
from kdbot.publish.report import proposal_digest

COMMENT_LIMIT = 60_000
"""Characters of a comment; GitHub refuses more than 65,536."""
_NO_DIGEST = "0" * 64
"""Stands for no proposal, so that `accepted` under such a comment never counts."""
_KEPT_FINDINGS = 10
_MANY_FINDINGS = 600
_MANY_PAPERS = 100
"""More than these never fit, so they are not tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Extent:
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


def report_marker(digest: str) -> str:
    """Return the first line of the comment, by which the bot finds it again."""
    return f"<!-- kdbot:report sha256={digest} -->"


def render_comment(report: Report, *, context: CommentContext) -> str:
    """Return the comment on a proposal; an empty text where there is nothing to say.

    Text of others passes through the escapes of `publish.markdown` alone. A comment that would be
    longer than `COMMENT_LIMIT` loses whole findings from its end, then all that a record says as
    well, then the other findings, and only then records and papers; it says how many. So the
    records of a proposal that the review calls ready stand there, and stand there whole.
    """
    if report.verdict is Verdict.NOT_A_PROPOSAL:
        return ""
    digest = proposal_digest(report, context.schema)
    papers = min(len(report.papers), _MANY_PAPERS)
    all_findings = len(report.findings) + sum(len(paper.findings) for paper in report.papers)
    extent = _Extent(findings=min(all_findings, _MANY_FINDINGS), records=papers, papers=papers)

    def text_of(extent: _Extent) -> str:
        told = _cut(report, extent)
        return _render(report, told, context, digest, all_findings - _count(told), extent)

    def fits(extent: _Extent) -> bool:
        return comment_length(text_of(extent)) <= COMMENT_LIMIT

    # What is dropped first costs the reader least; each step keeps as much as fits.
    extent = _reduce(extent, "findings", min(_KEPT_FINDINGS, all_findings), fits)
    if not fits(extent):
        extent = replace(extent, brief=True)
    if not fits(extent) and fits(replace(extent, findings=0)):
        extent = _reduce(extent, "findings", 0, fits)
    extent = _reduce(extent, "records", 0, fits)
    extent = _reduce(extent, "papers", 1, fits)
    extent = _reduce(extent, "findings", 0, fits)
    return text_of(_reduce(extent, "papers", 0, fits))


def render_no_proposal(*, context: CommentContext) -> str:
    """Return the comment on an issue that was a proposal and is none after an edit."""
    nothing = Report(verdict=Verdict.NOT_A_PROPOSAL)
    return (
        f"{report_marker(proposal_digest(nothing, context.schema))}\n"
        "**No proposal here any more** — after your edit I find no paper in this issue, so I leave "
        "it to the people here. Name a paper by its link or its full title, and I will look again."
        f"\n\n{_footer(context.version, context.run_url)}"
    )


def render_rules_broken(error: KdbotError, *, version: str, run_url: str | None) -> str:
    """Return the comment where the list's own rules cannot be read, so that nothing is checked.

    Args:
        error: which file cannot be read, and why.
        version: of kdbot.
        run_url: page of the run, or None.
    """
    where = f"{escape_code(error.where)} " if error.where else ""
    return (
        f"{report_marker(_NO_DIGEST)}\n"
        "**Could not check** ⏳ — this is on my side: a file that this list is made of is broken "
        f"({where}{escape_message(error.what.rstrip('.'))}). Your proposal stays as it was, and "
        "the maintainers are told. I will look again as soon as the file is fixed, at the latest "
        "in the night after; you do not need to do anything."
        f"\n\n{_footer(version, run_url)}"
    )


def comment_length(text: str) -> int:
    """Return the length as GitHub may count it: code points or UTF-16 units, whichever is more."""
    return max(len(text), len(text.encode("utf-16-le", "surrogatepass")) // 2)


def _reduce(extent: _Extent, name: str, least: int, fits: Callable[[_Extent], bool]) -> _Extent:
    """Return the extent with the largest value of one part that fits, not below `least`."""
    most = getattr(extent, name)
    if most <= least or fits(extent):
        return extent

    def cut(count: int) -> _Extent:
        changes: dict[str, Any] = {name: count}
        return replace(extent, **changes)

    while most - least > 1:
        middle = (least + most) // 2
        if fits(cut(middle)):
            least = middle
        else:
            most = middle
    return cut(least)


def _cut(report: Report, extent: _Extent) -> Report:
    """Return the report with the first findings and papers alone."""
    left = extent.findings
    own = report.findings[:left]
    papers: list[PaperReport] = []
    for paper in report.papers[: extent.papers]:
        left -= len(papers[-1].findings) if papers else len(own)
        papers.append(replace(paper, findings=paper.findings[: max(left, 0)]))
    return replace(report, findings=own, papers=tuple(papers))


def _count(report: Report) -> int:
    return len(report.findings) + sum(len(paper.findings) for paper in report.papers)


def _render(
    report: Report,
    told: Report,
    context: CommentContext,
    digest: str,
    omitted: int,
    extent: _Extent,
) -> str:
    blocks = [
        f"{report_marker(digest)}\n{render_headline(report, context)}",
        *_proposal_blocks(told.findings, context),
    ]
    # Of a single paper the fixes go on where those of the proposal end.
    first = 1 + (sum(map(is_fix, told.findings)) if len(report.papers) == 1 else 0)
    for index, paper in enumerate(told.papers):
        if len(report.papers) > 1:
            blocks.append(render_paper_verdict(index, report, context, brief=extent.brief))
        elif paper.verdict is Verdict.DUPLICATE:
            blocks.append(render_listed(paper, context))
        has_record = index < extent.records
        show = _brief_blocks if extent.brief else _paper_blocks
        blocks += show(paper, context, first=first, record=has_record)
    everything = [*told.findings, *(f for paper in told.papers for f in paper.findings)]
    blocks.append(render_categories(everything, context))
    hidden = sum(paper.verdict in WRITTEN for paper in told.papers[extent.records :])
    if more := _omission(omitted, hidden, len(report.papers) - len(told.papers)):
        blocks.append(more)
    blocks += [render_next_step(report, context), _footer(context.version, context.run_url)]
    return "\n\n".join(block for block in blocks if block)


def _proposal_blocks(findings: Sequence[Finding], context: CommentContext) -> list[str]:
    fixes = [finding for finding in findings if is_fix(finding)]
    remarks = [finding for finding in findings if not is_fix(finding)]
    # What only a maintainer may allow is the news of such a comment, so it is not folded.
    shown = render_list if context.needs_maintainer else render_remarks
    return [render_fixes(fixes, context), shown(remarks, context)]


def _paper_blocks(
    paper: PaperReport, context: CommentContext, *, first: int, record: bool
) -> list[str]:
    fixes = [finding for finding in paper.findings if is_fix(finding)]
    remarks = [finding for finding in paper.findings if not is_fix(finding)]
    blocks = [render_fixes(fixes, context, first)]
    if paper.verdict is Verdict.DUPLICATE:
        # An issue is closed for it; in a pull request it is a line of a file that has to go.
        shown = blocks if context.kind is ItemKind.PULL else []
        return [*shown, render_remarks(remarks, context)]
    if paper.verdict is Verdict.UPDATE or _is_edit(paper, context):
        blocks.append(render_changes(paper, context))
    if paper.verdict is Verdict.COULD_NOT_CHECK:
        blocks.append(render_list(remarks, context))
    else:
        blocks.append(render_remarks(remarks, context))
    if not record:
        return blocks
    if context.kind is ItemKind.PULL and is_row(paper):
        # Whatever its faults, the row comes back as a file: nothing that was written is lost.
        new = paper.before is None
        return [*blocks, render_record_fold(paper, context, new=new)]
    if paper.verdict in WRITTEN:
        new = paper.verdict is Verdict.READY and context.kind is ItemKind.ISSUE
        return [*blocks, render_record_fold(paper, context, new=new)]
    return [*blocks, render_understood_fold(paper, context)]


def _brief_blocks(
    paper: PaperReport, context: CommentContext, *, first: int, record: bool
) -> list[str]:
    blocks = [
        render_fixes([f for f in paper.findings if is_fix(f)], context, first),
        render_remarks([f for f in paper.findings if not is_fix(f)], context),
    ]
    is_shown = paper.verdict in WRITTEN or (context.kind is ItemKind.PULL and is_row(paper))
    return [*blocks, render_record_alone(paper, context)] if record and is_shown else blocks


def _is_edit(paper: PaperReport, context: CommentContext) -> bool:
    """Tell whether a pull request changes the very file of a listed paper."""
    before = paper.before
    return (
        context.kind is ItemKind.PULL
        and before is not None
        and paper.file == f"papers/{before.id}.yaml"
    )


def _omission(findings: int, records: int, papers: int) -> str:
    parts = [
        f"{count:,} more {noun}{'' if count == 1 else 's'}"
        for count, noun in ((findings, "finding"), (records, "record"), (papers, "paper"))
        if count > 0
    ]
    if not parts:
        return ""
    return f"… and {', '.join(parts)}, for which there is no room here."


def _footer(version: str, run_url: str | None) -> str:
    parts = [
        "I edit this comment instead of posting new ones",
        "`/recheck` as a comment makes me look again",
        f"[run log]({run_url})" if run_url else "",
        f"kdbot {version}",
    ]
    return f"<sub>{' · '.join(part for part in parts if part)}</sub>"
