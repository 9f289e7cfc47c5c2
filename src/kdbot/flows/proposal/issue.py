"""An issue: read it, review it, and answer with one comment and one label."""

from dataclasses import replace

from kdbot.flows.proposal.reading import read_proposal
from kdbot.flows.proposal.reviewer import Reviewer, review_item
from kdbot.flows.run import Run
from kdbot.github.acceptance import (
    Acceptance,
    acceptance_key,
    digest_of,
    find_acceptance,
    with_state,
)
from kdbot.github.commands import category_command
from kdbot.github.item import Item
from kdbot.github.labels import (
    ACCEPTED,
    ADDED,
    COULD_NOT_CHECK,
    NOT_A_DUPLICATE,
    STATES,
    labels_of,
)
from kdbot.github.writes import Desired
from kdbot.intake.commands import parse_categories, with_categories
from kdbot.model.proposal import Intent, Proposal
from kdbot.model.report import Report, Verdict
from kdbot.publish.comment.notes import render_acceptance_reset, render_duplicate_note
from kdbot.publish.comment.render import render_comment, render_no_proposal
from kdbot.publish.issue_form import NEW_PAPER
from kdbot.publish.report import proposal_digest
from kdbot.review.proposal import identities_in, review


def review_issue(run: Run, number: int) -> None:
    """Bring the comment and the labels of an issue to what its present text asks for.

    Raises:
        GitHubUnavailableError: GitHub could not be asked.
        ItemGoneError: the issue is not there.
    """
    review_item(run, number, IssueReviewer)


class IssueReviewer(Reviewer):
    """Decides what an issue should look like."""

    def decide(self, item: Item) -> Desired | None:
        """Return what the issue should look like; None for one that is left alone."""
        reopen = is_wrongly_closed(item)
        if not (item.open or reopen) or item.locked or item.author.bot or item.pull_request:
            self.run.message(
                f"#{item.number} is closed, locked or not written by a person; nothing to do"
            )
            return None
        proposal = self.read(item)
        if proposal.intent is Intent.NONE and not self._is_known(item):
            self.run.message(f"#{item.number} proposes no paper; nothing to do")
            return None
        report = self.review(item, proposal)
        if report.verdict is Verdict.NOT_A_PROPOSAL and not self._is_known(item):
            self.run.message(f"#{item.number} names no paper of the list; nothing to do")
            return None
        if self._is_accepted_as_it_is(item, report):
            self.run.message(f"#{item.number} is accepted; another run adds it")
            return None
        self.run.message(f"#{item.number}: {report.verdict}")
        self.introduce(item)
        return replace(self.answer(item, proposal, report), reopen=reopen)

    def source(self, item: Item) -> str:
        """Return the digest of all that a review of an issue would read now."""
        return self._input(item, self.read(item))

    def read(self, item: Item) -> Proposal:
        """Read the proposal in an issue, with the categories that `/category` has set."""
        proposal = read_proposal(
            item.title, item.body, collection=self.collection, settings=self.run.settings
        )
        categories = self._categories(item)
        if not (categories and proposal.candidates):
            return proposal
        return with_categories(proposal, categories, self.collection.taxonomy)

    def review(self, item: Item, proposal: Proposal) -> Report:
        """Review a proposal beside the older ones that are open."""
        evidence = self.evidence_of((item.title, item.body), proposal, self.collection)
        distinct = NOT_A_DUPLICATE in item.labels
        others = self.others(item.number) if proposal.candidates else ()
        report = review(
            proposal, self.collection, evidence=evidence, others=others, distinct=distinct
        )
        if not report.papers:
            return report
        return replace(report, findings=(*report.findings, *self.check_many_open(item)))

    def answer(
        self, item: Item, proposal: Proposal, report: Report, refused: Acceptance | None = None
    ) -> Desired:
        """Return what a report on an issue leads to.

        Args:
            item: the issue.
            proposal: what was read in it.
            report: the report.
            refused: an acceptance that does not count, or None to compare what was accepted with
                the report.
        """
        present = item.report
        could_not_check = report.verdict is Verdict.COULD_NOT_CHECK
        if could_not_check and ACCEPTED in item.labels and present and refused is None:
            # What was accepted is in that report, and an outage does not revoke it.
            return Desired(labels=frozenset({COULD_NOT_CHECK}))
        closes = refused is None and self._closes(item, report)
        context = replace(self.context(item, report), closes=closes)
        if report.verdict is Verdict.NOT_A_PROPOSAL:
            comment = render_no_proposal(context=context)
        else:
            comment = render_comment(report, context=context)
        note = render_duplicate_note(report.papers[0], context=context) if closes else None
        reset = self._reset(item, refused)
        labels, surplus = labels_of(report.verdict)
        complete = self.asks and not could_not_check
        return Desired(
            comment=with_state(
                comment,
                source=self._input(item, proposal) if complete else None,
                present=present,
                confirmed=self.confirmed(report, (item.title, item.body)),
            ),
            labels=labels,
            not_labels=surplus | {ACCEPTED} if reset else surplus,
            note=reset or note,
            close="duplicate" if closes else None,
        )

    def _is_known(self, item: Item) -> bool:
        """Tell whether the issue was a proposal before, or its form says that it is one."""
        is_known = item.report is not None
        return is_known or not item.labels.isdisjoint(STATES | {NEW_PAPER})

    def _input(self, item: Item, proposal: Proposal) -> str:
        named = identities_in(proposal, self.collection) if proposal.candidates else ()
        return self.input_digest(item, named, item.title, item.body, *self._categories(item))

    def _categories(self, item: Item) -> tuple[str, ...]:
        """Return the categories that a command has set, by the comments as they are now."""
        taxonomy = self.collection.taxonomy
        said = category_command(item, taxonomy, self.run.client.may_write)
        return parse_categories(said.argument, taxonomy)[0] if said else ()

    def _closes(self, item: Item, report: Report) -> bool:
        """Tell whether to close a duplicate: once, and never against a maintainer's decision."""
        if not report.papers or not all(p.verdict.outcome.closes for p in report.papers):
            return False
        if NOT_A_DUPLICATE in item.labels or ACCEPTED in item.labels:
            return False
        return not item.was_closed_by_bot

    def _is_accepted_as_it_is(self, item: Item, report: Report) -> bool:
        """Tell whether a person accepted exactly this; the time of the report is part of that."""
        shown = item.report
        digest = proposal_digest(report, self.collection.schema)
        return ACCEPTED in item.labels and shown is not None and digest_of(shown) == digest

    def _reset(self, item: Item, refused: Acceptance | None) -> str | None:
        """Return the note that an acceptance does not count any more, where there is one.

        An issue that was accepted before its first report is left to the accept job.
        """
        if ACCEPTED not in item.labels and refused is None:
            return None
        if refused is None and item.report is None:
            return None
        found = refused or find_acceptance(item, self.run.client.may_write)
        how = found.how if found else "`accepted` was set"
        reason = (refused and refused.refusal) or f"The proposal changed after {how}."
        return render_acceptance_reset(acceptance_key(found), reason, words=self.run.words)


def is_wrongly_closed(item: Item) -> bool:
    """Tell whether a person says that an issue is no duplicate which the bot closed as one."""
    closer = item.last_closed_by
    return (
        not item.open
        and NOT_A_DUPLICATE in item.labels
        and ADDED not in item.labels
        and closer is not None
        and closer.id == item.bot
    )
