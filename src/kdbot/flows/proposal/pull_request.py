"""A pull request: read its head, review it, and answer with a comment, a label and a status."""

from dataclasses import dataclass, field, replace

from kdbot.flows.proposal.reviewer import (
    Reviewer,
    proposed_in_pull,
    review_item,
    status_unless_known,
)
from kdbot.flows.run import Run
from kdbot.github.acceptance import with_state
from kdbot.github.item import Item, PullRequest
from kdbot.github.labels import NOT_A_DUPLICATE
from kdbot.github.pull_files import PullFiles, ReadmeEdit, read_pull_files, read_readme_edit
from kdbot.github.pull_review import (
    PullAnswer,
    answer_pull,
    check_lost,
    judge_papers,
    missing_review,
    other_rows,
    without_papers,
)
from kdbot.github.writes import Desired
from kdbot.model.finding import has_errors
from kdbot.model.proposal import Intent, Proposal
from kdbot.model.regions import README
from kdbot.model.report import PaperReport, Report, Verdict
from kdbot.publish.report import render_annotations
from kdbot.review.proposal import review
from kdbot.storage.files import read_text


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
    reviewer = review_item(run, number, PullReviewer)
    if reviewer is not None:
        print(reviewer.annotations, end="", flush=True)


@dataclass(slots=True, kw_only=True)
class PullReviewer(Reviewer):
    """Decides what a pull request should look like.

    Attributes:
        annotations: workflow commands that show the findings at file and line.
    """

    annotations: str = ""
    _files: dict[str, PullFiles] = field(default_factory=dict)

    reads_pulls = True

    def decide(self, item: Item) -> Desired | None:
        """Return what the pull request should look like; None for one that is left alone."""
        if not item.open or item.locked or item.author.bot or not item.pull_request:
            self.run.message(
                f"#{item.number} is closed, locked or not written by a person; nothing to do"
            )
            return None
        pull = item.pull
        if pull is None or pull.base != self.run.settings.branch:
            self.run.message(
                f"#{item.number} does not target {self.run.settings.branch}; nothing to do"
            )
            return None
        files = self._read(pull)
        report = self._review(item, pull, files)
        answer = answer_pull(
            report, item, pull, files, context=self.run.comment_context(self.collection)
        )
        desired = self._complete(item, pull, answer, report)
        if self.run.client.head_sha(item.number) != pull.head_sha:
            self.run.message(
                f"#{item.number}: the head has changed; another run reviews the new one"
            )
            return None
        self.introduce(item)
        self.annotations = render_annotations(f for f in answer.findings if f.file)
        return desired

    def is_current(self, item: Item) -> bool:
        """Tell whether report and status were made from all that a review would read now."""
        pull = item.pull
        if pull is None or pull.status is None:
            return False
        return Reviewer.is_current(self, item)

    def source(self, item: Item) -> str:
        """Return the digest of all that a review of a pull request would read now."""
        parts = (item.pull.head_sha, item.pull.base) if item.pull else ()
        return self.input_digest(item, proposed_in_pull(item).identities, *parts)

    def papers(self, item: Item) -> tuple[PaperReport, ...]:
        """Return the papers that a pull request brings, as a review has them.

        Raises:
            GitHubUnavailableError: GitHub could not be asked.
        """
        pull = item.pull
        return self._review(item, pull, self._read(pull)).papers if pull else ()

    def _read(self, pull: PullRequest) -> PullFiles:
        if pull.head_sha not in self._files:
            self._files[pull.head_sha] = read_pull_files(self.run.client, pull)
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
        findings = (*findings, *self.check_many_open(item))
        proposal = Proposal(intent=Intent.ADD, candidates=candidates, findings=findings)
        collection = without_papers(self.collection, files.removed)
        report = review(
            proposal,
            collection,
            evidence=self.evidence_of(pull.head_sha, proposal, collection),
            others=self.others(item.number),
            distinct=NOT_A_DUPLICATE in item.labels,
        )
        return judge_papers(report, files, self.collection, item.author)

    def _complete(
        self, item: Item, pull: PullRequest, answer: PullAnswer, report: Report
    ) -> Desired:
        """Return the answer with what GitHub does not have of it yet: a status and a review."""
        review = None
        if answer.suggestions:
            told = self.run.client.suggested(pull.number)
            review = missing_review(pull, answer.suggestions, told, self.run.words)
        could_not_check = report.verdict is Verdict.COULD_NOT_CHECK
        comment = with_state(
            answer.desired.comment or "",
            source=None if could_not_check else self.source(item),
            present=item.report,
            confirmed=self.confirmed(report, pull.head_sha),
        )
        status = status_unless_known(item, self.run, *answer.status)
        return replace(answer.desired, comment=comment, status=status, review=review)
