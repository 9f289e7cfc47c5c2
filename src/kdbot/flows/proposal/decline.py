"""`/decline`: close a proposal with a reason that the list records."""

from collections.abc import Sequence
from dataclasses import dataclass

from kdbot.flows.proposal.accept import close_pulls, review_as_shown
from kdbot.flows.proposal.issue import IssueReviewer
from kdbot.flows.proposal.pull_request import PullReviewer
from kdbot.flows.push import (
    Change,
    PullRequestText,
    Work,
    commit_message,
    write_change,
)
from kdbot.flows.run import Run
from kdbot.github.acceptance import confirmed_in
from kdbot.github.commands import Said
from kdbot.github.item import Item
from kdbot.github.labels import ACCEPTED, COULD_NOT_CHECK, DECLINED, STATES
from kdbot.github.writes import Desired
from kdbot.model.collection import DeclinedPaper
from kdbot.publish.comment.notes import render_declined
from kdbot.review.declined import identifier_of, paper_mark
from kdbot.storage.repository import DECLINED as FILE
from kdbot.storage.repository import load_declined, open_collection, parse_declined
from kdbot.storage.repository import render_declined as render_file

REMEMBERED = "declined"
"""Name of the change that records declined proposals."""
_SPAM = "spam"
_MAX_REASON = 500
_PULL = PullRequestText(
    branch="kdbot/declined",
    title="Record declined proposals",
    body="The branch is protected, so the record waits here. Every decline updates it.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclinedProposal:
    """A proposal that a maintainer declined.

    Attributes:
        run: the run.
        item: the issue or pull request.
        said: the command.
        reason: why, in the words of the command or of the criterion that it names.
        papers: what the list remembers of it.
    """

    run: Run
    item: Item
    said: Said
    reason: str
    papers: tuple[DeclinedPaper, ...]

    def finish(self) -> None:
        """Say why it was declined, and close it.

        Raises:
            GitHubUnavailableError: GitHub could not be asked.
            ItemGoneError: it is not there.
        """
        run = self.run
        is_spam = self.reason == _SPAM
        note = render_declined(
            self.said.key,
            None if is_spam else self.reason,
            () if is_spam else tuple(run.settings.criteria.values()),
            words=run.words,
        )
        desired = Desired(
            labels=frozenset({DECLINED}),
            not_labels=STATES | {COULD_NOT_CHECK, ACCEPTED},
            note=note,
            close="not_planned",
        )
        run.reconciler.item(self.item.number, desired)
        run.react(self.said.comment.id, "+1")
        close_pulls(run, self.item)


def remember_declined(run: Run, proposals: Sequence[DeclinedProposal]) -> Work:
    """Return the change of `declined.yaml` by all that was declined since."""

    def make(alone: bool) -> Change | None:
        present, new = load_declined(run.root), [p for one in proposals for p in one.papers]
        identities = open_collection(run.root).identities
        merged = {paper.identifier: paper for paper in (*present, *_waiting(run), *new)}
        kept = tuple(paper for paper in merged.values() if paper.key not in identities.by_key)
        if set(kept) == set(present):
            return None
        numbers = ", ".join(f"#{n}" for n in sorted({paper.number for paper in new}))
        subject = f"declined: record {numbers}"
        message = commit_message(subject, [paper.identifier for paper in new])
        return write_change(run, {FILE: render_file(kept)}, message, alone=alone)

    return Work(name=REMEMBERED, pull=_PULL, make=make)


def _waiting(run: Run) -> tuple[DeclinedPaper, ...]:
    """Return what waits in the pull request of a time when the branch was protected."""
    if all(pull.closed_at for pull in run.client.own_pulls(_PULL.branch)):
        return ()
    data = run.checkout.read_file(_PULL.branch, FILE)
    return parse_declined(data, f"{FILE} of {_PULL.branch}") if data else ()


def judge_decline(run: Run, item: Item, said: Said) -> DeclinedProposal:
    """Return what a decline leads to; nothing is asked but, for a pull request, its files.

    Raises:
        GitHubUnavailableError: GitHub could not be asked.
    """
    reason = run.settings.criteria.get(said.argument.casefold(), said.argument)
    reason = _SPAM if reason.casefold() == _SPAM else reason[:_MAX_REASON]
    papers = () if reason == _SPAM else tuple(_remembered(run, item, said, reason))
    return DeclinedProposal(run=run, item=item, said=said, reason=reason, papers=papers)


def _remembered(run: Run, item: Item, said: Said, reason: str) -> list[DeclinedPaper]:
    """Return the new papers whose identifier and title a service has found to be one paper's.

    Otherwise another proposal could get a good paper declined by its identifier or title.
    """
    report = item.report
    marks = confirmed_in(report) if report else frozenset()
    if not marks:
        return []
    collection = open_collection(run.root)
    if item.pull_request:
        papers = PullReviewer(run=run, collection=collection, asks=False).papers(item)
    else:
        reviewer = IssueReviewer(run=run, collection=collection, asks=False)
        _, shown = review_as_shown(reviewer, item, report)
        papers = shown.papers
    found = [paper.paper for paper in papers if paper_mark(paper.paper) in marks]
    return [
        DeclinedPaper(
            identifier=identifier,
            title=paper.title,
            reason=reason,
            day=said.comment.created.date(),
            number=item.number,
        )
        for paper in found
        if (identifier := identifier_of(paper)) is not None
    ]
