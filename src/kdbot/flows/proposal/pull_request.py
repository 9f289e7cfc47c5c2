"""A pull request: read its head, review it, and say so in a comment, a label and a status."""

from dataclasses import dataclass, field, replace

from kdbot.flows.proposal.evidence import gather_evidence
from kdbot.flows.proposal.open_proposals import proposed_in_issue, proposed_in_pulls, related_to
from kdbot.flows.proposal.pull_answer import PullAnswer, answer_pull, missing_review
from kdbot.flows.proposal.pull_files import PullFiles, read_pull_files
from kdbot.flows.proposal.pull_papers import check_lost, judge_papers, other_rows, without_papers
from kdbot.flows.proposal.pull_readme import ReadmeEdit, read_readme_edit
from kdbot.flows.proposal.reading import input_digest
from kdbot.flows.run import Run
from kdbot.github.acceptance import input_of, with_state
from kdbot.github.head import CommitStatus, PullRequest
from kdbot.github.item import Item
from kdbot.github.labels import COULD_NOT_CHECK, NOT_A_DUPLICATE, STATES
from kdbot.github.reconcile import Desired
from kdbot.github.rules import MANY_OPEN_PROPOSALS, MOST_OPEN
from kdbot.model.collection import Collection
from kdbot.model.errors import KdbotError
from kdbot.model.evidence import Evidence
from kdbot.model.finding import has_errors
from kdbot.model.proposal import Intent, Proposal
from kdbot.model.report import Report, Verdict
from kdbot.publish.text import render_annotations
from kdbot.review.proposal import OpenProposal, review
from kdbot.storage.files import README, read_text
from kdbot.storage.repository import open_collection


def review_pull_request(run: Run, number: int) -> None:
    """Bring comment, label, status and suggestions of a pull request to what its head asks for.

    The head is read as data of one commit, and nothing is written where it has moved meanwhile:
    another run reads the new one.

    Args:
        run: the run.
        number: of the pull request.

    Raises:
        GitHubUnavailableError: GitHub could not be asked.
        ItemGoneError: the pull request is not there.
    """
    try:
        collection = open_collection(run.root)
    except KdbotError as error:
        from kdbot.flows.weekly.broken_files import answer_unchecked

        answer_unchecked(run, number, error)
        return
    reviewer = PullReviewer(run=run, collection=collection)
    run.settle(number, reviewer.decide)
    print(reviewer.annotations, end="", flush=True)


@dataclass(slots=True, kw_only=True)
class PullReviewer:
    """Decides what a pull request should look like; asks the world once, however often it decides.

    Attributes:
        run: the run.
        collection: the list.
        items: the open issues and pull requests, where they have been read already.
        annotations: workflow commands that show the findings at file and line.
    """

    run: Run
    collection: Collection
    items: tuple[Item, ...] | None = None
    annotations: str = ""
    _files: dict[str, PullFiles] = field(default_factory=dict)
    _evidence: dict[str, Evidence] = field(default_factory=dict)
    _older: dict[int, tuple[Item, ...]] = field(default_factory=dict)
    _proposed: dict[int, OpenProposal] = field(default_factory=dict)

    def decide(self, item: Item) -> Desired | None:
        """Return what the pull request should look like; None for one that is left alone."""
        if not item.open or item.locked or item.author.bot or not item.pull_request:
            self.run.say(
                f"#{item.number} is closed, locked or no person's pull request: left alone"
            )
            return None
        client, pull = self.run.client.pulls, item.pull
        if pull is None or pull.base != self.run.settings.branch:
            self.run.say(f"#{item.number} is not for {self.run.settings.branch}: left alone")
            return None
        files = self._read(pull)
        report = self._review(item, pull, files)
        answer = answer_pull(
            report, item, pull, files, context=self.run.comment_context(self.collection)
        )
        desired = self._complete(item, pull, answer, report)
        if client.read(item.number).head_sha != pull.head_sha:
            self.run.say(f"#{item.number}: the head has moved on; another run reads the new one")
            return None
        self.annotations = render_annotations(f for f in answer.findings if f.file)
        return desired

    def is_current(self, item: Item) -> bool:
        """Tell whether report and status were made from all that a review would read now."""
        bot, pull = self.run.settings.bot.id, item.pull
        own = item.own_comments(bot)
        if pull is None or len(own) != 1 or COULD_NOT_CHECK in item.labels:
            return False
        said = any(account == bot for account, _ in pull.statuses)
        known = input_of(own[0])
        is_labelled = len(item.labels & STATES) == 1
        return said and is_labelled and known is not None and known == self._input(item, pull)

    def _input(self, item: Item, pull: PullRequest) -> str:
        named = [one for proposed in proposed_in_pulls([item]) for one in proposed.identities]
        related = related_to(named, self.collection, self._others(item.number))
        distinct = str(NOT_A_DUPLICATE in item.labels)
        return input_digest(self.run.root, pull.head_sha, pull.base, distinct, *related)

    def _read(self, pull: PullRequest) -> PullFiles:
        if pull.head_sha not in self._files:
            self._files[pull.head_sha] = read_pull_files(self.run.client.pulls, pull)
        return self._files[pull.head_sha]

    def _review(self, item: Item, pull: PullRequest, files: PullFiles) -> Report:
        edit = ReadmeEdit()
        if files.readme is not None:
            base = read_text(self.run.root, README)
            edit = read_readme_edit(files.readme, base, self.collection)
        rows = other_rows(edit.candidates, files.candidates, self.collection)
        findings = (*files.findings, *check_lost(files, self.collection), *edit.findings)
        candidates = (*files.candidates, *rows)
        if not candidates:
            verdict = Verdict.NEEDS_CHANGES if has_errors(findings) else Verdict.READY
            return Report(verdict=verdict, findings=findings)
        older, others = self._older_items(item.number), self._others(item.number)
        mine = 1 + sum(other.author.id == item.author.id for other in older)
        if mine > MOST_OPEN:
            message = f"You have {mine} open proposals, so this one may wait longer."
            findings = (*findings, MANY_OPEN_PROPOSALS.finding(message))
        proposal = Proposal(intent=Intent.ADD, candidates=candidates, findings=findings)
        collection = without_papers(self.collection, files.removed)
        if pull.head_sha not in self._evidence:
            self._evidence[pull.head_sha] = gather_evidence(self.run, proposal, collection)
        report = review(
            proposal,
            collection,
            evidence=self._evidence[pull.head_sha],
            others=others,
            distinct=NOT_A_DUPLICATE in item.labels,
        )
        return judge_papers(report, files, self.collection, item.author)

    def _older_items(self, number: int) -> tuple[Item, ...]:
        """Return the open issues and pull requests with a lower number."""
        if number not in self._older:
            items = self.items
            if items is None:
                items = self.run.client.open_items_before(number, pulls=True)
            self._older[number] = tuple(
                item for item in items if item.number < number and not item.author.bot
            )
        return self._older[number]

    def _others(self, number: int) -> tuple[OpenProposal, ...]:
        """Return what older open issues and pull requests propose."""
        older = self._older_items(number)
        for item in older:
            if not item.pull_request and item.number not in self._proposed:
                self._proposed[item.number] = proposed_in_issue(
                    item, self.collection, self.run.settings
                )
        issues = (self._proposed[item.number] for item in older if not item.pull_request)
        return (*issues, *proposed_in_pulls(older))

    def _complete(
        self, item: Item, pull: PullRequest, answer: PullAnswer, report: Report
    ) -> Desired:
        """Return the answer with what GitHub does not have of it yet: a status and a review."""
        bot = self.run.settings.bot.id
        status = replace(answer.status, url=self.run.run_url)
        said = next((said for account, said in pull.statuses if account == bot), None)
        known = said == CommitStatus(state=status.state, description=status.description)
        review = None
        if answer.suggestions:
            told = self.run.client.pulls.suggested(pull.number, bot)
            review = missing_review(pull.head_sha, answer.suggestions, told)
        could_not_check = report.verdict is Verdict.COULD_NOT_CHECK
        comment = with_state(
            answer.desired.comment or "",
            source=None if could_not_check else self._input(item, pull),
            present=next(iter(item.own_comments(bot)), None),
        )
        return replace(
            answer.desired, comment=comment, status=None if known else status, review=review
        )
