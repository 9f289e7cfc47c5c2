"""The one comment: the verdict in words, what to do about it, and the paper as it will appear."""

from collections.abc import Callable
from functools import cache
from typing import Any

from kdbot.model.errors import KdbotError
from kdbot.model.report import Report, Verdict
from kdbot.publish.comment.context import CommentContext
from kdbot.publish.comment.notes import COMMENT_LIMIT, REPORT_MARKER, comment_length
from kdbot.publish.comment.values import MANY_PAPERS, CommentValue, Extent
from kdbot.publish.comment.words import BUILT_IN, Words
from kdbot.publish.markdown import paragraph
from kdbot.publish.report import proposal_digest

_NO_DIGEST = "0" * 64
"""Stands for no proposal, so that `accepted` under such a comment never counts."""
_KEPT_FINDINGS = 10
_MANY_FINDINGS = 600
"""More than these never fit, so they are not tried."""


def _report_marker(digest: str) -> str:
    """Return the first line of the comment, by which the bot finds it again."""
    return f"{REPORT_MARKER} sha256={digest} -->"


def render_comment(report: Report, *, context: CommentContext) -> str:
    """Return the comment on a proposal; an empty text where there is nothing to say.

    Text of others passes through the escapes of `publish.markdown` alone. A comment that would be
    longer than `COMMENT_LIMIT` loses whole findings from its end, then all that a record says as
    well, then the other findings, and only then records and papers; it says how many. So it
    always contains the complete records of a proposal that the review calls ready.
    """
    if report.verdict is Verdict.NOT_A_PROPOSAL:
        return ""
    digest = proposal_digest(report, context.schema)
    value = CommentValue(report, context)
    papers = min(value.total, MANY_PAPERS)
    all_findings = len(report.findings) + sum(len(paper.findings) for paper in report.papers)
    extent = Extent(findings=min(all_findings, _MANY_FINDINGS), records=papers, papers=papers)

    @cache
    def rendered(extent: Extent, _by_built_in: bool) -> str:
        words = context.words.render("comment.md.j2", comment=value.told(extent))
        return f"{_report_marker(digest)}\n{words}"

    def text_of(extent: Extent) -> str:
        # A list's own template may fail at one extent; from then on nothing of it is kept.
        return rendered(extent, context.words.are_built_in)

    def fits(extent: Extent) -> bool:
        return comment_length(text_of(extent)) <= COMMENT_LIMIT

    # What is dropped first costs the reader least; each step keeps as much as fits.
    extent = _reduce(extent, "findings", min(_KEPT_FINDINGS, all_findings), fits)
    if not fits(extent):
        extent = extent._replace(brief=True)
    if not fits(extent) and fits(extent._replace(findings=0)):
        extent = _reduce(extent, "findings", 0, fits)
    extent = _reduce(extent, "records", 0, fits)
    extent = _reduce(extent, "papers", 1, fits)
    extent = _reduce(extent, "findings", 0, fits)
    text = text_of(_reduce(extent, "papers", 0, fits))
    if comment_length(text) > COMMENT_LIMIT and not context.words.are_built_in:
        context.words.give_up("a comment is longer than GitHub takes")
        return render_comment(report, context=context)
    return text


def render_no_proposal(*, context: CommentContext) -> str:
    """Return the comment on an issue that was a proposal and is none after an edit."""
    nothing = Report(verdict=Verdict.NOT_A_PROPOSAL)
    words = context.words.render("comment.md.j2", comment=CommentValue(nothing, context))
    return f"{_report_marker(proposal_digest(nothing, context.schema))}\n{words}"


def render_status(report: Report, *, context: CommentContext) -> str:
    """Return the commit status in words, one line of plain text."""
    value = CommentValue(report, context)
    return str(paragraph(context.words.say(value.words, "status", value)))


def render_rules_broken(
    error: KdbotError, *, version: str, run_url: str | None, words: Words = BUILT_IN
) -> str:
    """Return the comment where the list's own rules cannot be read, so that nothing is checked.

    Args:
        error: which file cannot be read, and why.
        version: of kdbot.
        run_url: page of the run, or None.
        words: the list's templates.
    """
    said = words.render(
        "rules-broken.md.j2",
        file=error.where,
        problem=error.what.rstrip("."),
        comment={"context": {"version": version, "run_url": run_url}},
    )
    return f"{_report_marker(_NO_DIGEST)}\n{said}"


def _reduce(extent: Extent, name: str, least: int, fits: Callable[[Extent], bool]) -> Extent:
    """Return the extent with the largest value of one part that fits, not below `least`."""
    most = getattr(extent, name)
    if most <= least or fits(extent):
        return extent

    def cut(count: int) -> Extent:
        changes: dict[str, Any] = {name: count}
        return extent._replace(**changes)

    while most - least > 1:
        middle = (least + most) // 2
        least, most = (middle, most) if fits(cut(middle)) else (least, middle)
    return cut(least)
