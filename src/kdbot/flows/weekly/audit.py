"""`kdbot weekly`: audit the list, commit what was found, and put it before people in one issue."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from kdbot.flows.list.ask_services import open_services
from kdbot.flows.list.checked_list import whole_collection
from kdbot.flows.push import Change, PullRequestText, push_changes
from kdbot.flows.run import Run
from kdbot.flows.weekly.evidence import gather_evidence, links_of, probe_links
from kdbot.flows.weekly.tracking_issues import (
    WEEKLY_PULL,
    AuditFile,
    audit_issue,
    current_audit,
    new_papers_issue,
)
from kdbot.flows.weekly.venues import BRANCH, declined_upgrades, open_upgrades, propose_upgrades
from kdbot.github.errors import GitHubUnavailableError
from kdbot.github.labels import AUDIT as AUDIT_LABEL
from kdbot.github.labels import NEW_PAPERS as NEW_PAPERS_LABEL
from kdbot.github.reconcile import read_tracking_issue
from kdbot.model.audit import Audit
from kdbot.model.collection import Collection
from kdbot.model.errors import KdbotError
from kdbot.publish.audit import AUDIT_MARKER, offered_boxes
from kdbot.publish.new_papers import NEW_PAPERS_MARKER
from kdbot.review.audit import AuditEvidence, audit_collection
from kdbot.storage.files import AUDIT
from kdbot.web.services import RetryPolicy, ServiceClient

_OpenServices = Callable[[], AbstractContextManager[ServiceClient]]


def weekly(
    run: Run,
    *,
    artifacts: Sequence[Path] | None,
    environment: Mapping[str, str],
    services: _OpenServices | None = None,
) -> int:
    """Audit the list and return the exit status: 1 where a part of it could not be done.

    A second run in the same week on the same state writes nothing, neither to git nor to GitHub.

    Args:
        run: the run.
        artifacts: what the shards of the probe found; None to ask the links now.
        environment: for the folder of the cache and the process that asks the links.
        services: opens the metadata services; None for those of the list's settings.

    Raises:
        GitHubUnavailableError: GitHub could not be asked at all.
        KdbotError: the list has errors, the working copy holds changes, or the push did not work
            out.
    """
    if not run.dry_run and not run.checkout.is_clean():
        raise KdbotError("the working copy holds changes", fix="commit them, or use a fresh clone")
    policy = RetryPolicy(attempts=4, timeout=60.0)
    open_client = services or (
        lambda: open_services(run.settings, environment, retry_policy=policy)
    )
    previous, collection = current_audit(run), whole_collection(run.root, run.checkout)
    # Asked first: of a repository that is gone GraphQL says so, where REST says 404 of any item.
    items = run.client.open_items()
    upgrades = run.client.pulls_from(BRANCH)
    declined = _declined(run) | declined_upgrades(upgrades, run.settings.bot.id)
    probed = probe_links(run.root, artifacts, environment)
    with open_client() as client:
        evidence = gather_evidence(
            run, collection, probed, previous, client, items=items, declined=declined
        )
    auditor = _Auditor(run=run, evidence=evidence, collection=collection)
    result = push_changes(run, [auditor])
    for error in result.failed.values():
        raise error
    pushed = result.pushed.get(auditor.name)
    run.message(pushed.url if pushed else "nothing new to commit")
    shown = open_upgrades(upgrades, run.settings.bot.id)
    page = shown.url if shown else None
    done = [_attempt(run, "the pull request of the venues", lambda: auditor.propose(page))]
    done += [
        _attempt(run, "the issue of the audit", auditor.tell),
        _attempt(run, "the issue of new papers", auditor.offer),
    ]
    return 0 if all(done) else 1


@dataclass(slots=True, kw_only=True)
class _Auditor:
    """Makes the audit, anew from each tip of the branch.

    Attributes:
        run: the run.
        evidence: what was asked of the world, once.
        collection: the list at the tip.
        audit: the last result.
        pull_request: page of the pull request with the venues, or None.
    """

    run: Run
    evidence: AuditEvidence
    collection: Collection
    audit: Audit = field(default_factory=Audit)
    pull_request: str | None = None
    name: str = "audit"
    pull: PullRequestText = WEEKLY_PULL

    def make(self, *, alone: bool) -> Change | None:
        """Write `audit.json`, and unless it goes alone what is built from it."""
        run, today = self.run, self.run.now().date()
        self.collection = whole_collection(run.root, run.checkout)
        urls = links_of(self.collection.papers.values())
        previous = current_audit(run, refresh=True)
        self.audit = audit_collection(self.collection, urls, self.evidence, previous, today)
        summary = self.audit.summary
        week = summary.week if summary else ""
        if run.dry_run:
            run.message(f"would write {AUDIT} of week {week}")
            return None
        change = AuditFile(run=run, audit=self.audit).make(alone=alone)
        return change if change is not None and change.names else None

    def propose(self, known: str | None) -> None:
        """See to the pull request of the venues."""
        self.pull_request = known
        self.pull_request = propose_upgrades(self.run, self.audit, self.collection) or known

    def tell(self) -> None:
        """See to the issue of the audit."""
        wanted = audit_issue(
            self.audit,
            self.collection.papers,
            pull_request=self.pull_request,
        )
        self.run.reconcile_tracking_issue(wanted)

    def offer(self) -> None:
        """See to the issue of new papers."""
        self.run.reconcile_tracking_issue(new_papers_issue(self.audit, self.collection.taxonomy))


def _declined(run: Run) -> frozenset[str]:
    """Return what a person said no to by closing an issue: all boxes that it held then."""
    bot = run.settings.bot.id
    declined: set[str] = set()
    for marker, label in ((AUDIT_MARKER, AUDIT_LABEL), (NEW_PAPERS_MARKER, NEW_PAPERS_LABEL)):
        issue = read_tracking_issue(run.client, marker, label, bot)
        if issue is None or issue.open:
            continue
        if issue.last_closed_by is not None and issue.last_closed_by.id != bot:
            declined |= {key.removeprefix("new:") for key in offered_boxes(issue.body)}
    return frozenset(declined)


def _attempt(run: Run, what: str, do: Callable[[], None]) -> bool:
    """Do one of several things that do not depend on each other."""
    try:
        do()
    except (GitHubUnavailableError, KdbotError) as error:
        run.message(f"{what}: {error}")
        return False
    return True
