"""The bot's two standing issues, as the audit wants them."""

from collections.abc import Mapping

from kdbot.flows.run import Run
from kdbot.github.labels import AUDIT, NEW_PAPERS
from kdbot.github.reconcile import Desired
from kdbot.github.standing import CreateIssue, StandingIssue, UpdateIssue, settle_standing
from kdbot.model.audit import Audit
from kdbot.model.paper import Paper
from kdbot.model.taxonomy import Taxonomy
from kdbot.publish.audit_boxes import render_refusals, render_ticks_wait
from kdbot.publish.audit_issue import AUDIT_MARKER, AUDIT_TITLE, needs_issue, render_audit_issue
from kdbot.publish.check_boxes import kept_ticks
from kdbot.publish.markdown import visible_text
from kdbot.publish.new_papers_issue import (
    NEW_PAPERS_MARKER,
    NEW_PAPERS_TITLE,
    is_waiting,
    render_new_papers_issue,
)
from kdbot.review.new_papers import shown_papers


def audit_issue(
    audit: Audit,
    papers: Mapping[str, Paper],
    *,
    pull_request: str | None = None,
    waits_in: str | None = None,
    refused: frozenset[str] = frozenset(),
) -> StandingIssue:
    """Return the issue of the audit; the ticks of refused boxes are taken off."""

    def render(body: str) -> str:
        ticked = kept_ticks(body, audit.boxes.values()) - refused
        return render_audit_issue(audit, papers, ticked, pull_request, waits_in)

    return StandingIssue(
        marker=AUDIT_MARKER,
        label=AUDIT,
        title=AUDIT_TITLE,
        open=needs_issue(audit, papers),
        render=render,
    )


def new_papers_issue(
    audit: Audit, taxonomy: Taxonomy, *, refused: frozenset[str] = frozenset()
) -> StandingIssue:
    """Return the issue of new papers; the ticks of refused papers are taken off."""
    shown = shown_papers(audit.new_papers)
    return StandingIssue(
        marker=NEW_PAPERS_MARKER,
        label=NEW_PAPERS,
        title=NEW_PAPERS_TITLE,
        open=is_waiting(shown),
        render=lambda body: render_new_papers_issue(shown, taxonomy, body, refused),
    )


def settle_issue(run: Run, wanted: StandingIssue) -> None:
    """Bring a standing issue to what it should be.

    Raises:
        GitHubUnavailableError: GitHub could not be asked.
    """

    def tell(write: CreateIssue | UpdateIssue) -> None:
        match write:
            case CreateIssue(body=body):
                run.say(f"open the issue {wanted.title!r}")
            case UpdateIssue(number=number, changes=changes):
                run.say(f"#{number}: change {', '.join(changes)}")
                body = changes.get("body", "")
        if run.dry_run:
            print("".join(f"    | {visible_text(line)}\n" for line in body.split("\n")))

    settle_standing(
        run.client,
        wanted,
        bot_id=run.settings.bot.id,
        sleep=run.sleep,
        tell=tell,
        dry_run=run.dry_run,
    )


def tell_refusals(
    run: Run, number: int, refused: Mapping[str, str], waits_in: str | None = None
) -> None:
    """Say in one short comment why ticked boxes were not obeyed, or where the change waits.

    Args:
        run: the run.
        number: of the issue.
        refused: sentences by the key of the box; nothing is said where there are none.
        waits_in: page of the pull request that holds the change, or None.
    """
    note = render_ticks_wait(waits_in) if waits_in else render_refusals(refused)
    if not refused and not waits_in:
        return
    run.settle(number, lambda _: Desired(note=note))
