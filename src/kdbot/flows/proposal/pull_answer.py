"""The answer to a pull request: from a report to a comment, a label, a status and suggestions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kdbot.flows.proposal.pull_files import PullFiles
from kdbot.github.head import PullRequest, StatusState, Suggested
from kdbot.github.item import FIRST_TIMERS, Item
from kdbot.github.labels import COULD_NOT_CHECK, NEEDS_MAINTAINER, STATE_OF_VERDICT, STATES
from kdbot.github.reconcile import CreateReview, Desired, LineComment, SetStatus
from kdbot.github.rules import FOR_A_MAINTAINER, KEY_ORDER
from kdbot.model.finding import Finding, Severity
from kdbot.model.report import WRITTEN, Report, Verdict
from kdbot.publish.comment.context import CommentContext, ItemKind
from kdbot.publish.comment.render import render_comment
from kdbot.publish.comment.suggestions import Suggestion, render_suggestions, suggestion_marker


@dataclass(frozen=True, slots=True, kw_only=True)
class PullAnswer:
    """What is to be said of a head.

    Attributes:
        desired: comment and labels.
        status: the commit status.
        suggestions: comments on lines.
        findings: everything that was found.
    """

    desired: Desired
    status: SetStatus
    suggestions: tuple[Suggestion, ...]
    findings: tuple[Finding, ...]


def answer_pull(
    report: Report, item: Item, pull: PullRequest, files: PullFiles, *, context: CommentContext
) -> PullAnswer:
    """Return what a report on a pull request leads to.

    What only a maintainer may allow is never ready by itself; what its author has to mend comes
    first.
    """
    findings = (*report.findings, *(f for paper in report.papers for f in paper.findings))
    reserved = any(finding.code in FOR_A_MAINTAINER for finding in findings)
    needs_maintainer = reserved and report.verdict in WRITTEN
    context = replace(
        context,
        kind=ItemKind.PULL,
        first_timer=item.association in FIRST_TIMERS,
        head_sha=pull.head_sha,
        head=(pull.head_repository, pull.head_branch) if pull.head_repository else None,
        earlier={p.file: p.original for p in report.papers if p.original is not None},
        needs_maintainer=needs_maintainer,
    )
    labels, surplus = _labels(report.verdict, needs_maintainer=needs_maintainer)
    state, description = _status(report, findings, needs_maintainer=needs_maintainer)
    return PullAnswer(
        desired=Desired(
            comment=render_comment(report, context=context), labels=labels, not_labels=surplus
        ),
        status=SetStatus(sha=pull.head_sha, state=state, description=description),
        suggestions=render_suggestions(
            findings, files.candidates, files.shown, reorder=KEY_ORDER.code, context=context
        ),
        findings=findings,
    )


def missing_review(
    sha: str, suggestions: Sequence[Suggestion], told: Sequence[Suggested]
) -> CreateReview | None:
    """Return the review with the suggestions that were never made, at most one for each commit."""
    if any(comment.sha == sha and suggestion_marker(comment.body) for comment in told):
        return None
    known = {suggestion_marker(comment.body) for comment in told}
    new = [suggestion for suggestion in suggestions if suggestion.marker not in known]
    if not new:
        return None
    many = "One line" if len(new) == 1 else f"{len(new)} places"
    body = (
        f"{many} can be mended with a click: *Commit suggestion* takes over what stands below. "
        "Everything that I found is in my comment."
    )
    comments = tuple(
        LineComment(
            path=suggestion.path,
            line=suggestion.end,
            start_line=suggestion.start if suggestion.start != suggestion.end else None,
            body=suggestion.body,
        )
        for suggestion in new
    )
    return CreateReview(sha=sha, body=body, comments=comments)


def _labels(verdict: Verdict, *, needs_maintainer: bool) -> tuple[frozenset[str], frozenset[str]]:
    """Return the labels to set and those to take off; what was not checked keeps its state."""
    if verdict is Verdict.COULD_NOT_CHECK:
        return frozenset({COULD_NOT_CHECK}), frozenset()
    label = NEEDS_MAINTAINER if needs_maintainer else STATE_OF_VERDICT[verdict]
    return frozenset({label}), (STATES | {COULD_NOT_CHECK}) - {label}


def _status(
    report: Report, findings: Sequence[Finding], *, needs_maintainer: bool
) -> tuple[StatusState, str]:
    if needs_maintainer:
        return "pending", "A maintainer has to look at this"
    match report.verdict:
        case Verdict.NEEDS_CHANGES:
            count = sum(finding.severity is Severity.ERROR for finding in findings)
            needs = "Needs 1 change" if count == 1 else f"Needs {count} changes"
            return "failure", f"{needs}; my comment says which"
        case Verdict.DUPLICATE:
            return "failure", "Already listed or proposed; my comment says where"
        case Verdict.COULD_NOT_CHECK:
            return "pending", "Could not check, on my side; I try again tonight"
    return "success", "Ready; a maintainer decides"
