"""A pull request: read its head, review it, and say so in a comment, a label and a status."""

from dataclasses import dataclass, field, replace

from kdbot.flows.evidence import gather_evidence
from kdbot.flows.open_proposals import proposed_in_issue, proposed_in_pulls
from kdbot.flows.pull_answer import PullAnswer, answer_pull, missing_review
from kdbot.flows.pull_files import PullFiles, read_pull_files
from kdbot.flows.pull_papers import check_lost, judge_papers, other_rows, without_papers
from kdbot.flows.pull_readme import ReadmeEdit, read_readme_edit
from kdbot.flows.run import Run
from kdbot.github.head import CommitStatus, PullRequest
from kdbot.github.item import Item
from kdbot.github.labels import NOT_A_DUPLICATE
from kdbot.github.reconcile import Desired
from kdbot.github.rules import MANY_OPEN_PROPOSALS, MOST_OPEN
from kdbot.model.collection import Collection
from kdbot.model.evidence import Evidence
from kdbot.model.finding import has_errors
from kdbot.model.proposal import Intent, Proposal
from kdbot.model.report import Report, Verdict
from kdbot.publish.annotations import render_annotations
from kdbot.review.review import OpenProposal, review
from kdbot.storage.files import README, read_text
from kdbot.storage.repository import open_collection


def review_pull_request(
    run: Run, number: int, pulls: tuple[OpenProposal, ...] | None = None
) -> None:
    """Bring comment, label, status and suggestions of a pull request to what its head asks for.

    The head is read as data of one commit, and nothing is written where it has moved meanwhile:
    another run reads the new one.

    Args:
        run: the run.
        number: of the pull request.
        pulls: what open pull requests propose, where the caller knows and looks at all of them;
            the log then gets no annotations, which would stand beside the wrong commit.

    Raises:
        GitHubUnavailableError: GitHub could not be asked.
        ItemGoneError: the pull request is not there.
        KdbotError: the list cannot be read.
    """
    reviewer = PullReviewer(run=run, collection=open_collection(run.root), pulls=pulls)
    run.settle(number, reviewer.decide)
    if pulls is None:
        print(reviewer.annotations, end="", flush=True)


@dataclass(slots=True, kw_only=True)
class PullReviewer:
    """Decides what a pull request should look like; asks the world once, however often it decides.

    Attributes:
        run: the run.
        collection: the list.
        pulls: what open pull requests propose; None where that is to be asked.
        annotations: workflow commands that show the findings at file and line.
    """

    run: Run
    collection: Collection
    pulls: tuple[OpenProposal, ...] | None = None
    annotations: str = ""
    _files: dict[str, PullFiles] = field(default_factory=dict)
    _evidence: dict[str, Evidence] = field(default_factory=dict)
    _others: tuple[tuple[Item, ...], tuple[OpenProposal, ...]] | None = None

    def decide(self, item: Item) -> Desired | None:
        """Return what the pull request should look like; None for one that is left alone."""
        if not item.open or item.locked or item.author.bot or not item.pull_request:
            self.run.say(
                f"#{item.number} is closed, locked or no person's pull request: left alone"
            )
            return None
        client = self.run.client.pulls
        pull = client.read(item.number)
        if pull.base != self.run.settings.branch:
            self.run.say(f"#{item.number} is not for {self.run.settings.branch}: left alone")
            return None
        files = self._read(pull)
        report = self._review(item, pull, files)
        answer = answer_pull(
            report, item, pull, files, context=self.run.comment_context(self.collection)
        )
        desired = self._complete(pull, answer)
        if client.read(item.number).head_sha != pull.head_sha:
            self.run.say(f"#{item.number}: the head has moved on; another run reads the new one")
            return None
        self.annotations = render_annotations(f for f in answer.findings if f.file)
        return desired

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
        older, others = self._older(item.number)
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

    def _older(self, number: int) -> tuple[tuple[Item, ...], tuple[OpenProposal, ...]]:
        """Return the open issues and pull requests with a lower number, and what they propose."""
        if self._others is None:
            items = tuple(i for i in self.run.client.open_items_before(number) if not i.author.bot)
            issues = (
                proposed_in_issue(item, self.collection, self.run.settings)
                for item in items
                if not item.pull_request
            )
            pulls = self.pulls
            if pulls is None:
                pulls = proposed_in_pulls(self.run.client.pulls, items)
            self._others = items, (*issues, *(p for p in pulls if p.number < number))
        return self._others

    def _complete(self, pull: PullRequest, answer: PullAnswer) -> Desired:
        """Return the answer with what GitHub does not have of it yet: a status and a review."""
        client, bot = self.run.client.pulls, self.run.settings.bot.id
        status = replace(answer.status, url=self.run.run_url)
        said = client.status(pull.head_sha, bot)
        known = said == CommitStatus(state=status.state, description=status.description)
        review = None
        if answer.suggestions:
            told = client.suggested(pull.number, bot)
            review = missing_review(pull.head_sha, answer.suggestions, told)
        return replace(answer.desired, status=None if known else status, review=review)
