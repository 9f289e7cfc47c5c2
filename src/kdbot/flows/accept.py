"""The label `accepted`: the paper and all that is built from it, in one commit."""

from dataclasses import dataclass, field

from kdbot.flows.additions import READY, files_of_papers, papers_message
from kdbot.flows.merge import Change, Landed, PullRequestText, land, rebuild
from kdbot.flows.proposals import read_proposal
from kdbot.flows.run import Run
from kdbot.flows.shown_records import complete_proposal, shown_values
from kdbot.github.acceptance import Acceptance, find_acceptance
from kdbot.github.item import Item
from kdbot.github.labels import ACCEPTED, ADDED, COULD_NOT_CHECK, NOT_A_DUPLICATE, STATES
from kdbot.github.reconcile import Desired
from kdbot.model.collection import Collection
from kdbot.model.proposal import Proposal
from kdbot.model.report import Report, Verdict
from kdbot.publish.closing import render_acceptance_reset, render_accepted, render_waiting
from kdbot.publish.digest import proposal_digest
from kdbot.review.review import review
from kdbot.storage.files import write_files
from kdbot.storage.repository import open_collection


def accept_issue(run: Run, number: int) -> None:
    """Add what an accepted issue proposes, or say why the acceptance does not count.

    Nobody but GitHub is asked. A run that was cut off is completed by the next one: what is listed
    already is not committed again, and the issue is thanked for and closed.

    Raises:
        GitHubUnavailableError: GitHub could not be asked.
        ItemGoneError: the issue is not there.
        KdbotError: the list cannot be read, built or pushed.
    """
    item = run.client.item(number)
    if not item.open or item.locked or item.pull_request or ACCEPTED not in item.labels:
        run.say(f"#{number} is closed, locked or not accepted: left alone")
        return
    acceptance = find_acceptance(item, run.client.history(number), run.settings.bot.id)
    if isinstance(acceptance, Acceptance) and not run.client.may_write(acceptance.by.login):
        acceptance = "The label `accepted` was set by somebody without write permission."
    if not isinstance(acceptance, Acceptance):
        _refuse(run, item, acceptance or "The label `accepted` is gone.")
        return
    acceptor = _Acceptor(run=run, item=item, acceptance=acceptance)
    landed = land(run, acceptor.make, _pull_request_text(number)) or acceptor.landed_before
    if acceptor.refusal is not None:
        _refuse(run, item, acceptor.refusal)
    elif landed is not None:
        _thank(run, acceptor, landed)


@dataclass(slots=True, kw_only=True)
class _Acceptor:
    """Makes the change, anew from each tip of the branch.

    Attributes:
        run: the run.
        item: the issue as it was read once: what was accepted is what is committed.
        acceptance: what was accepted, and by whom.
        report: the last review.
        refusal: why the proposal is not what was accepted, or None.
        landed_before: the commit of an earlier run that was cut off behind it, or None.
    """

    run: Run
    item: Item
    acceptance: Acceptance
    report: Report = field(default_factory=lambda: Report(verdict=Verdict.NOT_A_PROPOSAL))
    refusal: str | None = None
    landed_before: Landed | None = None

    def make(self) -> Change | None:
        """Write the papers that are ready and what is built from them."""
        run, collection = self.run, open_collection(self.run.root)
        if not self._review(collection):
            self.refusal = "The proposal, or the list, changed after `accepted` was set."
            return None
        ready = [paper for paper in self.report.papers if paper.verdict in READY]
        if not ready:
            self.landed_before = self._find_landed()
            self.refusal = None if self.landed_before else "Nothing of the proposal is ready."
            return None
        if run.dry_run:
            run.say(f"would add {', '.join(paper.file for paper in ready)}")
            return None
        files = files_of_papers(ready, self.item.author, collection, run.now().date())
        names = (*write_files(run.root, files), *rebuild(run))
        return Change(
            names=names, message=papers_message(ready, self.item.number, self.item.author)
        )

    def _review(self, collection: Collection) -> bool:
        """Review the proposal again, and tell whether it is what was accepted.

        What metadata services had added stands in my comment alone, since nobody but GitHub is
        asked here. It is taken from there where nobody else has edited that comment, and only
        where the whole comes out as the digest says.
        """
        run, comment = self.run, self.acceptance.comment
        proposal = _read(run, self.item, collection)
        shown = shown_values(comment.body)
        for candidates in (proposal, complete_proposal(proposal, shown, collection)):
            self.report = _review(candidates, self.item, collection)
            if proposal_digest(self.report, collection.schema) == self.acceptance.digest:
                return candidates is proposal or run.client.is_as_its_author_left_it(comment)
        return False

    def _find_landed(self) -> Landed | None:
        listed = (p.file for p in self.report.papers if p.verdict is Verdict.DUPLICATE)
        urls = (self.run.client.commit_for(file, self.item.number) for file in listed)
        return next((Landed(url=url, on_branch=True) for url in urls if url), None)


def _read(run: Run, item: Item, collection: Collection) -> Proposal:
    return read_proposal(item.title, item.body, collection=collection, settings=run.settings)


def _review(proposal: Proposal, item: Item, collection: Collection) -> Report:
    return review(proposal, collection, distinct=NOT_A_DUPLICATE in item.labels)


def _pull_request_text(number: int) -> PullRequestText:
    return PullRequestText(
        branch=f"kdbot/accept-{number}",
        title=f"Add what #{number} proposes",
        body=f"A maintainer accepted #{number}; the branch is protected, so the change waits "
        f"here.\n\nCloses #{number}.",
    )


def _refuse(run: Run, item: Item, reason: str) -> None:
    collection = open_collection(run.root)
    report = _review(_read(run, item, collection), item, collection)
    digest = proposal_digest(report, collection.schema)
    note = render_acceptance_reset(digest, reason)
    _settle(run, item, Desired(not_labels=frozenset({ACCEPTED}), note=note))


def _thank(run: Run, acceptor: _Acceptor, landed: Landed) -> None:
    if not landed.on_branch:
        _settle(run, acceptor.item, Desired(note=render_waiting(landed.url)))
        return
    done = Desired(
        labels=frozenset({ADDED}),
        not_labels=STATES | {COULD_NOT_CHECK},
        note=render_accepted(acceptor.report, digest=acceptor.acceptance.digest, commit=landed.url),
        close="completed",
    )
    _settle(run, acceptor.item, done)


def _settle(run: Run, item: Item, desired: Desired) -> None:
    run.settle(item.number, lambda present: desired if present.open else None)
