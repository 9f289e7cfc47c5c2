"""The bot's two standing issues, as the audit wants them."""

from collections.abc import Mapping
from dataclasses import dataclass

from kdbot.flows.merge import Change, PullRequestText, commit_message, propose, rebuild
from kdbot.flows.run import Run
from kdbot.github.labels import AUDIT, NEW_PAPERS
from kdbot.github.reconcile import Desired
from kdbot.github.standing import CreateIssue, StandingIssue, UpdateIssue, settle_standing
from kdbot.model.audit import Audit, BoxState, render_audit_file
from kdbot.model.paper import Paper
from kdbot.model.taxonomy import Taxonomy
from kdbot.publish.audit import (
    AUDIT_MARKER,
    AUDIT_TITLE,
    kept_ticks,
    needs_issue,
    render_audit_issue,
    render_refusals,
    render_ticks_wait,
)
from kdbot.publish.markdown import visible_text
from kdbot.publish.new_papers import (
    NEW_PAPERS_MARKER,
    NEW_PAPERS_TITLE,
    is_waiting,
    render_new_papers_issue,
)
from kdbot.review.new_papers import shown_papers
from kdbot.storage.audit import load_audit, parse_audit
from kdbot.storage.files import AUDIT as AUDIT_FILE
from kdbot.storage.files import write_files

WEEKLY_PULL = PullRequestText(
    branch="kdbot/weekly",
    title="The weekly audit",
    body="The branch is protected, so what the audit found waits here. Every week updates it.",
)
"""The pull request that holds the audit where the published branch is protected."""


def current_audit(run: Run) -> Audit:
    """Return the last audit: that of the published branch, or a later one that waits for it.

    Raises:
        KdbotError: `audit.json` cannot be read.
    """
    audit, branch = load_audit(run.root), WEEKLY_PULL.branch
    data = run.checkout.read_file(branch, AUDIT_FILE)
    if data is None:
        return audit
    waiting = parse_audit(data, f"{AUDIT_FILE} of {branch}")
    return waiting if _age(waiting) > _age(audit) else audit


def keep_answers(run: Run, audit: Audit) -> None:
    """Bring answers that change no record to the audit that waits for a protected branch.

    Raises:
        GitHubUnavailableError: GitHub could not be asked.
        KdbotError: git failed.
    """
    if _age(audit) > _age(current_audit(run)):
        propose(run, AuditFile(run=run, audit=audit))


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFile:
    """A change of the audit alone.

    Attributes:
        run: the run.
        audit: what the file shall say.
    """

    run: Run
    audit: Audit
    name: str = "audit"
    pull: PullRequestText = WEEKLY_PULL

    def make(self, *, alone: bool) -> Change | None:
        """Write `audit.json`, and unless it goes alone what is built from it."""
        names = tuple(write_files(self.run.root, {AUDIT_FILE: render_audit_file(self.audit)}))
        week = self.audit.summary.week if self.audit.summary else "of none"
        return Change(
            names=names if alone else (*names, *rebuild(self.run)),
            message=commit_message(f"audit: week {week}", ()),
        )


def _age(audit: Audit) -> tuple[str, int]:
    """Return what a later audit has more of: weeks, and answers within a week."""
    states = [box.state for box in audit.boxes.values()]
    done = [*states, *(paper.state for paper in audit.new_papers.values())].count(BoxState.DONE)
    return audit.summary.week if audit.summary else "", done


def audit_issue(
    audit: Audit,
    papers: Mapping[str, Paper],
    *,
    pull_request: str | None = None,
    refused: frozenset[str] = frozenset(),
) -> StandingIssue:
    """Return the issue of the audit; the ticks of refused boxes are taken off."""

    def render(body: str) -> str:
        ticked = kept_ticks(body, audit.boxes.values()) - refused
        return render_audit_issue(audit, papers, ticked, pull_request)

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
