"""An accepted proposal: the paper and the files built from it, in one commit."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from kdbot.flows.proposal.accepted_files import (
    complete_proposal,
    files_of_papers,
    papers_message,
    shown_values,
)
from kdbot.flows.proposal.commands import unknown_categories
from kdbot.flows.proposal.issue import IssueReviewer
from kdbot.flows.push import (
    Change,
    PullRequestText,
    PushedChange,
    Work,
    closed_by_a_person,
    write_change,
)
from kdbot.flows.run import Run
from kdbot.github.acceptance import (
    Acceptance,
    acceptance_key,
    digest_of,
    find_acceptance,
    waits_in_pull_request,
)
from kdbot.github.client import OwnPull
from kdbot.github.item import Comment, Item
from kdbot.github.labels import (
    ACCEPTED,
    ADDED,
    COULD_NOT_CHECK,
    DECLINED,
    NOT_A_DUPLICATE,
    STATES,
)
from kdbot.github.writes import Desired
from kdbot.intake.commands import parse_categories, with_categories
from kdbot.model.collection import Collection
from kdbot.model.paper import is_record, stem_of
from kdbot.model.proposal import Proposal
from kdbot.model.report import WRITTEN, Report, Verdict
from kdbot.publish.comment.notes import WAITING_NOTE, render_accepted, render_notice
from kdbot.publish.report import proposal_digest, shows_all
from kdbot.review.proposal import review
from kdbot.storage.repository import open_collection

_NOT_PLANNED = "not_planned"
_NO_CATEGORY = "The paper has no category yet. Name it with `/accept NAME, NAME`."


@dataclass(frozen=True, slots=True, kw_only=True)
class Committed:
    """What an accepted proposal became.

    Attributes:
        url: page of the commit or of the merged pull request.
        added: ids of the papers that it brought.
        updated: ids of papers that were listed before.
    """

    url: str
    added: tuple[str, ...]
    updated: tuple[str, ...]


def judge_acceptance(run: Run, item: Item) -> Acceptance | Committed | None:
    """Return the acceptance of an item, whether it counts or not, or what it has become.

    Up to one call for each person, two for the branch where the author has accepted, and two for
    the pull request that it waits in.

    Raises:
        GitHubUnavailableError: GitHub could not be asked.
    """
    found = find_acceptance(item, run.client.may_write)
    if found is None:
        # A person may have merged a pull request for a label that is off by now.
        notes = item.own_comments(WAITING_NOTE)
        return _find_merged(run, item, notes[-1].created) if notes else None
    reason = None
    if waits_in_pull_request(item):
        pulls = [pull for pull in _own_pulls(run, item) if _is_later(pull, found.set)]
        if merged := next((pull for pull in pulls if pull.merged_at), None):
            return _merged(run, merged)
        if pulls and closed_by_a_person(run, pulls[0]):
            reason = f"A maintainer closed #{pulls[0].number}, the pull request with this change."
    if reason is None and _is_closed_as_not_planned(item, found):
        reason = "The issue was closed as not planned, so its papers were not added."
    if reason is None and found.refusal is None:
        if not run.client.may_write(found.by.login):
            reason = f"{_capital(found.how)} by a person without write permission."
        elif found.by.id == item.author.id and run.client.has_rules(run.settings.branch):
            reason = (
                f"{_capital(found.how)} by the proposal's own author, and the branch has "
                "rules that require another person's review."
            )
    return replace(found, refusal=reason) if reason else found


def _is_closed_as_not_planned(item: Item, found: Acceptance) -> bool:
    """Tell whether a person closed it as not planned; a later command overrides that."""
    if item.open or item.reason != _NOT_PLANNED:
        return False
    closed, said = item.last_event("closed"), found.said
    return not (said and closed and said.comment.created > closed.created)


def _capital(how: str) -> str:
    return f"The label {how}" if how.startswith("`accepted`") else f"The command {how}"


@dataclass(slots=True, kw_only=True)
class AcceptedProposal:
    """An accepted issue whose papers are to be added; only GitHub is asked.

    Attributes:
        run: the run.
        item: the issue as it was read once: what was accepted is what is committed.
        acceptance: what was accepted, and by whom.
        report: the last review.
        refusal: why the proposal is not what was accepted, or None.
        lacks_category: whether a paper has no category yet, which an acceptance can name.
        committed: what an earlier run, or a merge, has brought to the branch, or None.
    """

    run: Run
    item: Item
    acceptance: Acceptance
    report: Report = field(default_factory=lambda: Report(verdict=Verdict.NOT_A_PROPOSAL))
    refusal: str | None = None
    lacks_category: bool = False
    committed: Committed | None = None

    @property
    def work(self) -> Work:
        """The change, with words of its pull request where the branch is protected."""
        number = self.item.number
        pull = PullRequestText(
            branch=_accept_branch(number),
            title=f"Add what #{number} proposes",
            body=f"A maintainer accepted #{number}; the branch is protected, so the change waits "
            f"here.\n\nCloses #{number}.",
            asked=self.acceptance.set,
        )
        return Work(name=self.item.name, pull=pull, make=self.make)

    def make(self, alone: bool) -> Change | None:
        """Write the papers that are ready, and unless they go alone what is built from them."""
        run, collection = self.run, open_collection(self.run.root)
        self.committed, self.lacks_category = None, False
        self.refusal = self._review(collection)
        if any(paper.verdict is Verdict.COULD_NOT_CHECK for paper in self.report.papers):
            run.message(
                f"{self.item.name}: could not check all of its papers; the label `accepted` stays"
            )
            self.refusal = None
            return None
        if self.refusal is not None:
            if waits_in_pull_request(self.item):
                # A person may have merged it since it was judged.
                self.committed = _find_merged(self.run, self.item, self.acceptance.set)
            if self.acceptance.said is not None:
                # An earlier run may have committed it, in the categories that were named.
                self.committed = self.committed or self._find_committed()
            self.committed = self.committed or self._find_listed()
            self.refusal = None if self.committed else self.refusal
            return None
        ready = [paper for paper in self.report.papers if paper.verdict in WRITTEN]
        if not ready:
            self.committed = self._find_committed() or self._find_listed()
            self.refusal = None if self.committed else self._why_nothing()
            return None
        if any(paper.needs_categories for paper in ready):
            # The label waits for who says it; a command is over.
            self.lacks_category = self.acceptance.said is None
            self.refusal = None if self.lacks_category else _NO_CATEGORY
            return None
        today = None if alone else run.now().date()
        files = files_of_papers(ready, self.item.author, collection, today)
        message = papers_message(ready, self.item.number, self.item.author)
        return write_change(run, files, message, alone=alone)

    def prepare(self) -> None:
        """Write the report of an issue that was accepted before it had one.

        What a command accepted is open and has the label from then on, as if a person had set it.

        Raises:
            GitHubUnavailableError: GitHub could not be asked.
            ItemGoneError: the issue is not there.
        """
        if self.acceptance.said is not None:
            labels, surplus = frozenset({ACCEPTED}), frozenset({DECLINED})
            wanted = Desired(labels=labels, not_labels=surplus, reopen=not self.item.open)
            self.run.reconciler.item(self.item.number, wanted, self.item)
        if self.acceptance.report is not None:
            return
        reviewer = _reviewer(self.run)
        proposal = reviewer.read(self.item)
        report = reviewer.review(self.item, proposal)
        desired = reviewer.answer(self.item, proposal, report)
        self._reconcile(desired)

    def _reconcile(self, desired: Desired, known: Item | None = None) -> None:
        """Bring the issue to a state, unless somebody has closed it."""
        self.run.reconciler.item(self.item.number, lambda now: desired if now.open else None, known)

    def finish(self, pushed: PushedChange | None) -> None:
        """Thank for what is on the branch, or say where it waits or why it is not added.

        Raises:
            GitHubUnavailableError: GitHub could not be asked.
            ItemGoneError: the issue is not there.
        """
        if self.refusal is not None:
            refuse(self.run, self.item, replace(self.acceptance, refusal=self.refusal))
        elif pushed is not None and pushed.on_branch:
            ready = [paper for paper in self.report.papers if paper.verdict in WRITTEN]
            self.committed = Committed(
                url=pushed.url,
                added=tuple(p.paper.id for p in ready if p.before is None),
                updated=tuple(p.paper.id for p in ready if p.before is not None),
            )
        elif pushed is not None and pushed.declined is not None:
            reason = (
                f"A maintainer closed #{pushed.declined.number}, the pull request with this change."
            )
            refuse(self.run, self.item, replace(self.acceptance, refusal=reason))
        elif pushed is not None:
            self._reconcile(
                Desired(
                    note=render_notice("waiting", pushed.url, key=pushed.url, words=self.run.words)
                )
            )
        elif self.lacks_category:
            note = render_notice(
                "no-category", key=acceptance_key(self.acceptance), words=self.run.words
            )
            self._reconcile(Desired(note=note), self.item)
        if self.committed is not None:
            thank(self.run, self.item, self.committed, self.report)
            note = render_notice("pushed", self.committed.url, words=self.run.words)
            close_pulls(self.run, self.item, note)

    def _review(self, collection: Collection) -> str | None:
        """Review the proposal again, and return why it is not what was accepted, or None.

        Values from metadata services are only in the report, since only GitHub is asked here. They
        are read from the report if nobody else has edited it, and used only if the result
        matches the digest.
        """
        report, how = self.acceptance.report, self.acceptance.how
        reviewer = IssueReviewer(run=self.run, collection=collection, asks=False)
        proposal, self.report = review_as_shown(reviewer, self.item, report)
        if report is None:
            return None
        if proposal_digest(self.report, collection.schema) != self.acceptance.digest:
            if not report.is_as_written:
                return "Somebody else edited my report, so I cannot tell what was accepted."
            return f"The proposal, or the list, changed after {how}."
        if not shows_all(report.body, self.report, collection.schema):
            return "My report does not show all that would be written."
        return self._set_categories(proposal, collection)

    def _set_categories(self, proposal: Proposal, collection: Collection) -> str | None:
        """Review once more with the categories that a command names; nothing else is another.

        Only what the report shows may be written: a paper that is ready by its new category alone
        was seen by nobody.
        """
        said, taxonomy = self.acceptance.said, collection.taxonomy
        if said is None or not said.argument:
            return None
        paths, unknown = parse_categories(said.argument, taxonomy)
        if unknown or not paths:
            return unknown_categories(unknown or (said.argument,), taxonomy)
        shown = {paper.file for paper in self.report.papers if paper.verdict in WRITTEN}
        if not shown:
            return None
        distinct = NOT_A_DUPLICATE in self.item.labels
        final = review(with_categories(proposal, paths, taxonomy), collection, distinct=distinct)
        papers = tuple(
            paper for paper in final.papers if paper.file in shown or paper.verdict not in WRITTEN
        )
        self.report = replace(final, papers=papers)
        return None

    def _find_committed(self) -> Committed | None:
        """Return what the branch has of this proposal: by a merged pull request, or by a commit."""
        run, number = self.run, self.item.number
        if merged := _find_merged(self.run, self.item, self.acceptance.set):
            return merged
        for paper in self.report.papers:
            if paper.before is not None:
                commit = run.client.commit_for(paper.file, number)
                if commit is not None:
                    return _committed(*commit)
        return None

    def _why_nothing(self) -> str:
        """Return why there is nothing to write, in a sentence for people."""
        if all(paper.before is not None for paper in self.report.papers):
            return "The list already has everything that would be written."
        return "No paper of the proposal is ready."

    def _find_listed(self) -> Committed | None:
        """Return how the papers of a closed issue came to be listed by another change, or None.

        GitHub closes an issue whose number follows a closing keyword in a pull request.
        """
        papers = self.report.papers
        if self.item.open or not papers or any(paper.before is None for paper in papers):
            return None
        page = self.run.client.first_commit(papers[0].file)
        if page is None:
            return None
        return Committed(url=page, added=tuple(p.paper.id for p in papers), updated=())


def _accept_branch(number: int) -> str:
    """Return the branch of the pull request of an accepted issue."""
    return f"kdbot/accept-{number}"


def close_withdrawn(run: Run, items: Sequence[Item]) -> None:
    """Close the bot's pull requests for open issues that are not accepted any more, with a word.

    A review takes `accepted` off in a job that may not write pull requests.

    Args:
        run: the run.
        items: the open issues and pull requests.

    Raises:
        GitHubUnavailableError: GitHub could not be asked.
    """
    shown = {item.pull.head_branch: item for item in items if item.pull is not None and item.is_own}
    for issue in items:
        pull = shown.get(_accept_branch(issue.number))
        if pull and ACCEPTED not in issue.labels and waits_in_pull_request(issue):
            _close(run, pull.number, render_notice("withdrawn", issue.number, words=run.words))


def _close(run: Run, pull: int, note: str) -> None:
    run.reconciler.item(
        pull, lambda present: Desired(note=note, close="completed") if present.open else None
    )


def thank(run: Run, item: Item, committed: Committed, report: Report | None = None) -> None:
    """Say what was added, and close the issue.

    Args:
        run: the run.
        item: the issue.
        committed: what is on the branch of it.
        report: on all that it proposes; None to review it.

    Raises:
        GitHubUnavailableError: GitHub could not be asked.
        ItemGoneError: the issue is not there.
        KdbotError: git could not fetch what was merged meanwhile.
    """
    reviewer, done = _reviewer(run), {*committed.added, *committed.updated}
    if not run.dry_run and not done <= reviewer.collection.papers.keys():
        # It was merged after this job had cloned the branch.
        run.checkout.start_from(run.settings.branch)
        reviewer = _reviewer(run)
    papers = reviewer.collection.papers
    if report is None:
        report = review(reviewer.read(item), reviewer.collection)
    found = find_acceptance(item, run.client.may_write)
    note = render_accepted(
        [papers[paper] for paper in committed.added if paper in papers],
        [papers[paper] for paper in committed.updated if paper in papers],
        [paper.paper for paper in report.papers if paper.paper.id not in done],
        key=acceptance_key(found),
        commit=committed.url,
        words=run.words,
    )
    desired = Desired(
        labels=frozenset({ADDED}),
        not_labels=STATES | {COULD_NOT_CHECK, DECLINED},
        note=note,
        close="completed",
    )
    run.reconciler.item(item.number, desired)
    if found is not None and found.said is not None:
        run.react(found.said.comment.id, "+1")


def refuse(run: Run, item: Item, refused: Acceptance) -> None:
    """Say why an acceptance does not count, write what the review says now, and take it back.

    The label comes off, and the pull request is closed.

    Raises:
        GitHubUnavailableError: GitHub could not be asked.
        ItemGoneError: the issue is not there.
    """
    run.message(f"#{item.number}: the acceptance does not count: {refused.refusal}")
    reviewer = _reviewer(run)

    def decide(present: Item) -> Desired | None:
        if ACCEPTED not in present.labels and refused.said is None:
            return None
        proposal = reviewer.read(present)
        report = reviewer.review(present, proposal)
        desired = reviewer.answer(present, proposal, report, refused)
        if present.open and not _is_shown(reviewer, present):
            return desired
        # What services had added is in the report that stands, and no review here would find it.
        return Desired(not_labels=frozenset({ACCEPTED}), note=desired.note)

    run.reconciler.item(item.number, decide)
    if refused.said is not None:
        run.react(refused.said.comment.id, "confused")
    close_pulls(run, item)


def close_pulls(run: Run, item: Item, note: str | None = None) -> None:
    """Close the bot's open pull requests for an issue, with a word.

    Args:
        run: the run.
        item: the issue.
        note: the word; None for that it is not accepted any more.

    Raises:
        GitHubUnavailableError: GitHub could not be asked.
    """
    for pull in _own_pulls(run, item) if waits_in_pull_request(item) else ():
        if pull.closed_at is None:
            word = note or render_notice("withdrawn", item.number, words=run.words)
            _close(run, pull.number, word)


def _reviewer(run: Run) -> IssueReviewer:
    """Return what reviews issues without asking anybody but GitHub."""
    return IssueReviewer(run=run, collection=open_collection(run.root), asks=False)


def review_as_shown(
    reviewer: IssueReviewer, item: Item, shown: Comment | None
) -> tuple[Proposal, Report]:
    """Review an issue, with what services had added where the report that shows it needs that.

    Returns:
        The proposal with what was added, and the report on it.
    """
    proposal, collection = reviewer.read(item), reviewer.collection
    distinct = NOT_A_DUPLICATE in item.labels
    report = review(proposal, collection, distinct=distinct)
    if shown is None or not shown.is_as_written:
        return proposal, report
    if digest_of(shown) == proposal_digest(report, collection.schema):
        return proposal, report
    is_unedited = item.edited is None or item.edited <= shown.updated
    completed = complete_proposal(
        proposal, shown_values(shown.body), collection, is_unedited=is_unedited
    )
    return completed, review(completed, collection, distinct=distinct)


def _is_shown(reviewer: IssueReviewer, item: Item) -> bool:
    """Tell whether the report that is there is of the proposal as it is now."""
    shown = item.report
    if shown is None or not shown.is_as_written:
        return False
    _, again = review_as_shown(reviewer, item, shown)
    return digest_of(shown) == proposal_digest(again, reviewer.collection.schema)


def _own_pulls(run: Run, item: Item) -> tuple[OwnPull, ...]:
    return run.client.own_pulls(_accept_branch(item.number))


def _find_merged(run: Run, item: Item, accepted: datetime | None) -> Committed | None:
    """Return what a person merged of the pull requests for an acceptance, or None."""
    merged = (pull for pull in _own_pulls(run, item) if pull.merged_at)
    pull = next((pull for pull in merged if _is_later(pull, accepted)), None)
    return _merged(run, pull) if pull else None


def _merged(run: Run, pull: OwnPull) -> Committed | None:
    files = run.client.changed_files(pull.number)
    return _committed(pull.html_url, {file.filename: file.status for file in files})


def _committed(url: str, files: dict[str, str]) -> Committed | None:
    papers = {
        stem_of(path): status
        for path, status in files.items()
        if is_record(path) and status != "removed"
    }
    if not papers:
        return None
    added = tuple(paper for paper, status in papers.items() if status == "added")
    return Committed(
        url=url, added=added, updated=tuple(paper for paper in papers if paper not in added)
    )


def _is_later(pull: OwnPull, accepted: datetime | None) -> bool:
    """Tell whether a pull request is open, or was closed after the label was set."""
    return pull.closed_at is None or (accepted is not None and pull.closed_at >= accepted)
