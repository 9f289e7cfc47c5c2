"""A pull request: read its head, review it, and answer with a comment, a label and a status."""

from collections.abc import Sequence
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
from kdbot.github.labels import NOT_A_DUPLICATE, labels_of
from kdbot.github.pull_files import PullFiles, ReadmeEdit, read_pull_files, read_readme_edit
from kdbot.github.pull_review import (
    check_lost,
    judge_papers,
    missing_review,
    other_rows,
    without_papers,
)
from kdbot.github.rules import FOR_A_MAINTAINER, KEY_ORDER
from kdbot.github.writes import Desired
from kdbot.model.finding import Finding, has_errors
from kdbot.model.proposal import Intent, Proposal
from kdbot.model.regions import README
from kdbot.model.report import WRITTEN, PaperReport, Report, Verdict
from kdbot.publish.comment.context import ItemKind
from kdbot.publish.comment.render import render_comment, render_status
from kdbot.publish.comment.suggestions import render_suggestions
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
        findings = (*report.findings, *(f for paper in report.papers for f in paper.findings))
        desired = self._answer(item, pull, files, report, findings)
        if self.run.client.head_sha(item.number) != pull.head_sha:
            self.run.message(
                f"#{item.number}: the head has changed; another run reviews the new one"
            )
            return None
        self.introduce(item)
        self.annotations = render_annotations(f for f in findings if f.file)
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

    def _answer(
        self,
        item: Item,
        pull: PullRequest,
        files: PullFiles,
        report: Report,
        findings: Sequence[Finding],
    ) -> Desired:
        """Return what a report leads to, with a status and suggestions that GitHub does not have.

        A change that needs a maintainer is never ready; a change that its author has to make comes
        first.
        """
        reserved = any(finding.code in FOR_A_MAINTAINER for finding in findings)
        if reserved and report.verdict in WRITTEN:
            report = replace(report, verdict=Verdict.NEEDS_MAINTAINER)
        context = replace(
            self.context(item, report),
            kind=ItemKind.PULL,
            head_sha=pull.head_sha,
            head=(pull.head_repository, pull.head_branch) if pull.head_repository else None,
        )
        suggestions = render_suggestions(
            findings, files.candidates, files.shown, reorder=KEY_ORDER.code, context=context
        )
        told = self.run.client.suggested(pull.number) if suggestions else ()
        could_not_check = report.verdict is Verdict.COULD_NOT_CHECK
        state, description = report.verdict.outcome.status, render_status(report, context=context)
        labels, surplus = labels_of(report.verdict)
        return Desired(
            comment=with_state(
                render_comment(report, context=context),
                source=None if could_not_check else self.source(item),
                present=item.report,
                confirmed=self.confirmed(report, pull.head_sha),
            ),
            labels=labels,
            not_labels=surplus,
            status=status_unless_known(item, self.run, state, description),
            review=missing_review(pull, suggestions, told, self.run.words),
        )
