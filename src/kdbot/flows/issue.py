"""An issue: read it, review it, and say so in one comment and one label."""

from dataclasses import dataclass, field, replace

from kdbot.flows.evidence import gather_evidence
from kdbot.flows.open_proposals import proposed_in_issue
from kdbot.flows.proposals import read_proposal
from kdbot.flows.run import Run
from kdbot.github.acceptance import digest_of
from kdbot.github.item import FIRST_TIMERS, HistoryEvent, Item
from kdbot.github.labels import (
    ACCEPTED,
    COULD_NOT_CHECK,
    NEW_PAPER,
    NOT_A_DUPLICATE,
    STATE_OF_VERDICT,
    STATES,
)
from kdbot.github.reconcile import Desired
from kdbot.github.rules import MANY_OPEN_PROPOSALS, MOST_OPEN
from kdbot.model.collection import Collection
from kdbot.model.evidence import Evidence
from kdbot.model.proposal import Intent, Proposal
from kdbot.model.report import Report, Verdict
from kdbot.publish.closing import render_acceptance_reset, render_duplicate_note
from kdbot.publish.comment import render_comment, render_no_proposal
from kdbot.publish.digest import proposal_digest
from kdbot.review.review import OpenProposal, review
from kdbot.storage.repository import open_collection


def review_issue(run: Run, number: int, pulls: tuple[OpenProposal, ...] = ()) -> None:
    """Bring the comment and the labels of an issue to what its present text asks for.

    Args:
        run: the run.
        number: of the issue.
        pulls: what open pull requests propose, where the caller may read them.

    Raises:
        GitHubUnavailableError: GitHub could not be asked.
        ItemGoneError: the issue is not there.
        KdbotError: the list cannot be read.
    """
    reviewer = IssueReviewer(run=run, collection=open_collection(run.root), pulls=pulls)
    run.settle(number, reviewer.decide)


@dataclass(slots=True, kw_only=True)
class IssueReviewer:
    """Decides what an issue should look like; asks the world once, however often it decides.

    Attributes:
        run: the run.
        collection: the list.
        pulls: what open pull requests propose, where that is known.
    """

    run: Run
    collection: Collection
    pulls: tuple[OpenProposal, ...] = ()
    _evidence: dict[tuple[str, str], Evidence] = field(default_factory=dict)
    _older: dict[int, tuple[Item, ...]] = field(default_factory=dict)
    _history: dict[int, tuple[HistoryEvent, ...]] = field(default_factory=dict)

    def decide(self, item: Item) -> Desired | None:
        """Return what the issue should look like; None for one that is left alone."""
        if not item.open or item.locked or item.author.bot or item.pull_request:
            self.run.say(f"#{item.number} is closed, locked or no person's issue: left alone")
            return None
        proposal = self.read(item)
        if proposal.intent is Intent.NONE and not self._is_known(item):
            self.run.say(f"#{item.number} proposes no paper: nothing to say")
            return None
        report = self._review(item, proposal)
        if self._is_accepted_as_it_is(item, report):
            self.run.say(f"#{item.number} is accepted: left to the run that adds it")
            return None
        return self._desired(item, report)

    def read(self, item: Item) -> Proposal:
        """Read the proposal in an issue."""
        return read_proposal(
            item.title, item.body, collection=self.collection, settings=self.run.settings
        )

    def _is_known(self, item: Item) -> bool:
        """Tell whether the issue was a proposal before, or its form says that it is one."""
        marked = item.own_comments(self.run.settings.bot.id)
        return bool(marked) or not item.labels.isdisjoint(STATES | {NEW_PAPER})

    def _review(self, item: Item, proposal: Proposal) -> Report:
        older = self._older_items(item.number) if proposal.candidates else ()
        others = (
            *(proposed_in_issue(o, self.collection, self.run.settings) for o in older),
            *(pull for pull in self.pulls if pull.number < item.number),
        )
        evidence = self._evidence_of(item, proposal)
        distinct = NOT_A_DUPLICATE in item.labels
        report = review(
            proposal, self.collection, evidence=evidence, others=others, distinct=distinct
        )
        mine = 1 + sum(other.author.id == item.author.id for other in older)
        if mine > MOST_OPEN and report.papers:
            message = f"You have {mine} open proposals, so this one may wait longer."
            finding = MANY_OPEN_PROPOSALS.finding(message)
            report = replace(report, findings=(*report.findings, finding))
        return report

    def _evidence_of(self, item: Item, proposal: Proposal) -> Evidence:
        """Ask the world about a proposal, once for each of its texts."""
        text = (item.title, item.body)
        if text not in self._evidence:
            self._evidence[text] = gather_evidence(self.run, proposal, self.collection)
        return self._evidence[text]

    def _older_items(self, number: int) -> tuple[Item, ...]:
        """Return the open issues with a lower number; what a pull request proposes is in files."""
        if number not in self._older:
            self._older[number] = tuple(
                item
                for item in self.run.client.open_items_before(number)
                if not item.pull_request and not item.author.bot
            )
        return self._older[number]

    def _desired(self, item: Item, report: Report) -> Desired:
        closes = self._closes(item, report)
        context = replace(
            self.run.comment_context(self.collection),
            first_timer=item.association in FIRST_TIMERS,
            earlier={p.file: p.original for p in report.papers if p.original is not None},
            closes=closes,
        )
        if report.verdict is Verdict.NOT_A_PROPOSAL:
            comment = render_no_proposal(context=context)
        else:
            comment = render_comment(report, context=context)
        label = STATE_OF_VERDICT.get(report.verdict)
        note = render_duplicate_note(report.papers[0], context=context) if closes else None
        reset = self._reset_acceptance(item, report)
        surplus = {ACCEPTED} if reset else set()
        if report.verdict is Verdict.COULD_NOT_CHECK:
            labels = {COULD_NOT_CHECK}
        else:
            labels = {label} if label else set()
            surplus |= {*STATES, COULD_NOT_CHECK} - labels
        return Desired(
            comment=comment,
            labels=frozenset(labels),
            not_labels=frozenset(surplus),
            note=reset or note,
            close="duplicate" if closes else None,
        )

    def _closes(self, item: Item, report: Report) -> bool:
        """Tell whether a duplicate is to be closed: once, and never against a person's word."""
        if not report.papers or any(p.verdict is not Verdict.DUPLICATE for p in report.papers):
            return False
        if NOT_A_DUPLICATE in item.labels or ACCEPTED in item.labels:
            return False
        if item.number not in self._history:
            self._history[item.number] = self.run.client.history(item.number)
        bot = self.run.settings.bot.id
        return not any(e.kind == "closed" and e.actor.id == bot for e in self._history[item.number])

    def _is_accepted_as_it_is(self, item: Item, report: Report) -> bool:
        """Tell whether a person accepted exactly this; the time of my comment is part of that."""
        own = item.own_comments(self.run.settings.bot.id)
        digest = proposal_digest(report, self.collection.schema)
        return ACCEPTED in item.labels and bool(own) and digest_of(own[0]) == digest

    def _reset_acceptance(self, item: Item, report: Report) -> str | None:
        """Return the note that `accepted` does not count any more, where the item bears it."""
        if ACCEPTED not in item.labels or not item.own_comments(self.run.settings.bot.id):
            return None
        digest = proposal_digest(report, self.collection.schema)
        return render_acceptance_reset(digest, "The proposal changed after `accepted` was set.")
