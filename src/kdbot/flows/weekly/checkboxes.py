"""Check boxes of the bot's own tracking issues: apply the ticked ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from kdbot.flows.list.checked_list import acceptable, whole_collection
from kdbot.flows.proposal.accepted_files import files_of_papers, papers_message
from kdbot.flows.push import (
    Change,
    PullRequestText,
    PushedChange,
    Work,
    commit_message,
    write_change,
)
from kdbot.flows.run import Run
from kdbot.flows.weekly.tracking_issues import (
    VENUES_BRANCH,
    audit_issue,
    comment_refusals,
    current_audit,
    keep_answers,
    new_papers_issue,
    open_upgrades,
)
from kdbot.github.item import Item, TextEdit
from kdbot.github.reconcile import TrackingIssue, is_tracking_issue
from kdbot.model.audit import (
    Audit,
    EditState,
    NewPaper,
    ProposedEdit,
    apply_proposed_edit,
    is_applied,
    render_audit_file,
)
from kdbot.model.collection import Collection
from kdbot.model.evidence import Evidence, MetadataRecord
from kdbot.model.finding import Severity
from kdbot.model.paper import Paper, path_of
from kdbot.model.proposal import Candidate, Given, Intent, Origin, Proposal
from kdbot.model.report import WRITTEN, PaperReport, Verdict
from kdbot.publish.audit import ALL, AUDIT_MARKER, chosen_boxes, ticked_boxes
from kdbot.publish.tracking_issues import NEW_PAPERS_MARKER, chosen_categories, paper_key
from kdbot.review.metadata_check import metadata_key
from kdbot.review.proposal import review
from kdbot.storage.files import AUDIT
from kdbot.storage.repository import open_collection


@dataclass(slots=True, kw_only=True)
class CheckBoxes:
    """The ticked boxes of one issue.

    Only which boxes are ticked is read from the issue; what each does is in `audit.json`. A box
    that is done is not done again, and the issue is written again whenever it differs.

    Attributes:
        run: the run.
        item: the issue as it was read once.
        ticked: keys of the boxes that people with write permission have ticked.
        refused: why a box could not be applied, by its key.
        audit: the audit with what was done, for the issue's text.
    """

    run: Run
    item: Item
    ticked: frozenset[str] = frozenset()
    refused: dict[str, str] = field(default_factory=dict)
    audit: Audit | None = None

    verb = "Apply"

    @property
    def work(self) -> Work:
        """The change, with words of its pull request where the branch is protected."""
        number = self.item.number
        pull = PullRequestText(
            branch=f"kdbot/ticked-{number}",
            title=f"{self.verb} the ticked boxes of #{number}",
            body=f"A maintainer ticked boxes in #{number}; the branch is protected, so the change "
            "waits here.",
        )
        return Work(name=self.item.name, pull=pull, make=self.make)

    def chosen(self, audit: Audit) -> frozenset[str]:
        """Return the keys of open boxes that somebody has ticked."""
        raise NotImplementedError

    def permitted(self, keys: frozenset[str]) -> frozenset[str]:
        """Return those of some chosen boxes that may be applied."""
        return keys & self.ticked

    def make(self, alone: bool) -> Change | None:
        """Write the changed records, and unless they go alone `audit.json` and what is built."""
        raise NotImplementedError

    def wanted(self, dropped: frozenset[str]) -> TrackingIssue:
        """Return what the issue should be; the ticks of dropped boxes are taken off."""
        raise NotImplementedError

    def finish(self, pushed: PushedChange | None) -> None:
        """Write the issue again, and say what was not done, or where it waits.

        Raises:
            GitHubUnavailableError: GitHub could not be asked.
        """
        keys = self.chosen(self._audit())
        if pushed is not None and pushed.declined is not None:
            number = pushed.declined.number
            reason = f"a maintainer closed the pull request #{number} with this change"
            self.refused |= dict.fromkeys(self.permitted(keys), reason)
        dropped = (keys - self.permitted(keys)) | frozenset(self.refused)
        waits_in = pushed.url if pushed is not None and pushed.waits else None
        if waits_in is None:
            # The box that applies all others has done its work; a tick set since then stays.
            dropped |= ticked_boxes(self.item.body) & {ALL}
        self.run.reconciler.tracking_issue(self.wanted(dropped))
        if self.audit is not None and (pushed is None or not pushed.on_branch):
            keep_answers(self.run, self.audit)
        comment_refusals(self.run, self.item.number, self.refused, waits_in)

    def _audit(self) -> Audit:
        return self.audit if self.audit is not None else current_audit(self.run)


def check_boxes_of(run: Run, item: Item) -> CheckBoxes | None:
    """Return the ticked boxes of one of the bot's issues, None if there is nothing to do.

    Raises:
        GitHubUnavailableError: GitHub could not be asked.
        KdbotError: `audit.json` cannot be read.
    """
    kinds = {AUDIT_MARKER: _AuditCheckBoxes, NEW_PAPERS_MARKER: _NewPaperCheckBoxes}
    kind = next((kinds[marker] for marker in kinds if is_tracking_issue(item, marker)), None)
    if kind is None or not item.open or item.locked:
        return None
    boxes = kind(run=run, item=item)
    keys = boxes.chosen(current_audit(run))
    if not keys:
        is_own = item.editor is None or item.editor.id == item.bot
        return None if is_own else boxes
    people = _who_ticked(run.client.text_edits(item.node), ticked_boxes(item.body), item.bot)
    boxes.ticked = frozenset(
        key for key, login in people.items() if login is not None and run.client.may_write(login)
    )
    if keys != boxes.permitted(keys):
        run.message(f"#{item.number}: some boxes were ticked by a person without write permission")
    return boxes


class _AuditCheckBoxes(CheckBoxes):
    """Ticked boxes of the audit's issue."""

    def chosen(self, audit: Audit) -> frozenset[str]:
        """Return the keys of open boxes that somebody has ticked."""
        return frozenset(box.key for box in chosen_boxes(audit.boxes, self.item.body))

    def permitted(self, keys: frozenset[str]) -> frozenset[str]:
        """Return those of some chosen boxes that may be applied.

        Those that were offered with a tick go together, by the box at the top.
        """
        return keys if ALL in self.ticked else keys & self.ticked

    def make(self, alone: bool) -> Change | None:
        """Write the changed records, and unless they go alone `audit.json` and what is built."""
        run, collection = self.run, whole_collection(self.run.root, self.run.checkout)
        audit = current_audit(run)
        self.refused = {}
        texts: dict[str, str | None] = {}
        changed: dict[str, Paper] = {}
        done: dict[str, ProposedEdit] = {}
        permitted = self.permitted(self.chosen(audit))
        for box in chosen_boxes(audit.boxes, self.item.body):
            if box.key not in permitted:
                continue
            after = apply_proposed_edit(box, {**collection.papers, **changed})
            files, why = acceptable(after.values(), collection)
            if box.edits and len(files) < max(len(after), 1):
                if not is_applied(box, {**collection.papers, **changed}):
                    message = why[0].message if why else "the record has changed since"
                    names = " and ".join(f"`{path_of(paper)}`" for paper in box.papers)
                    self.refused[box.key] = f"{names}: {message}"
                    continue
                after, files = {}, {}
            texts |= files
            changed |= after
            if not (alone and files):
                # What waits in a pull request is as open as it was until that is merged.
                done[box.key] = replace(box, state=EditState.DONE)
        self.audit = replace(audit, boxes={**audit.boxes, **done})
        if not (texts if alone else done):
            return None
        if not alone:
            texts[AUDIT] = render_audit_file(self.audit)
        return write_change(run, texts, _message(changed, len(permitted)), alone=alone)

    def wanted(self, dropped: frozenset[str]) -> TrackingIssue:
        """Return what the issue should be; the ticks of dropped boxes are taken off."""
        run = self.run
        shown = open_upgrades(run.client.own_pulls(VENUES_BRANCH))
        return audit_issue(
            self._audit(),
            whole_collection(run.root, run.checkout).papers,
            run.words,
            pull_request=shown.html_url if shown else None,
            refused=dropped,
        )


class _NewPaperCheckBoxes(CheckBoxes):
    """Ticked papers of the issue of new papers: reviewed and added by the rules of accept."""

    verb = "Add"

    def chosen(self, audit: Audit) -> frozenset[str]:
        """Return the keys of open papers that somebody has ticked."""
        open_papers = (p for p in audit.new_papers.values() if p.state is EditState.OPEN)
        return frozenset(map(paper_key, open_papers)) & ticked_boxes(self.item.body)

    def make(self, alone: bool) -> Change | None:
        """Write the records of what is ready, and unless they go alone what is built from them."""
        run, collection = self.run, open_collection(self.run.root)
        audit = current_audit(run)
        self.refused = {}
        keys = self.permitted(self.chosen(audit))
        papers = [p for _, p in sorted(audit.new_papers.items()) if paper_key(p) in keys]
        reports = {paper.arxiv: self._review(paper, collection) for paper in papers}
        ready = [report for report in reports.values() if _is_complete(report)]
        settled = [paper for paper in papers if self._is_settled(paper, reports[paper.arxiv])]
        listed = [p for p in settled if reports[p.arxiv].verdict is Verdict.DUPLICATE]
        # Until a pull request is merged its papers are as open as they were.
        answered = listed if alone else settled
        done = {paper.arxiv: replace(paper, state=EditState.DONE) for paper in answered}
        self.audit = replace(audit, new_papers={**audit.new_papers, **done})
        if not settled or (alone and not ready):
            return None
        today = None if alone else run.now().date()
        files = dict(files_of_papers(ready, None, collection, today))
        if not alone:
            files[AUDIT] = render_audit_file(self.audit)
        message = (
            papers_message(ready, self.item.number, None)
            if ready
            else f"audit: take what is ticked (#{self.item.number})\n"
        )
        return write_change(run, files, message, alone=alone)

    def wanted(self, dropped: frozenset[str]) -> TrackingIssue:
        """Return what the issue should be; the ticks of dropped papers are taken off."""
        taxonomy = open_collection(self.run.root).taxonomy
        return new_papers_issue(self._audit(), taxonomy, self.run.words, refused=dropped)

    def _review(self, paper: NewPaper, collection: Collection) -> PaperReport:
        given = {
            "url": Given(value=paper.arxiv, origin=Origin.ARXIV),
            "categories": Given(
                value=list(chosen_categories(paper, self.item.body)), origin=Origin.FORM
            ),
        }
        record = MetadataRecord(
            source=Origin.ARXIV,
            arxiv=paper.arxiv,
            title=paper.title,
            authors=paper.authors,
            date=paper.date,
        )
        key = str(metadata_key({"arxiv": paper.arxiv}))
        evidence = Evidence(metadata={key: (record,)})
        proposal = Proposal(intent=Intent.ADD, candidates=(Candidate(given=given),))
        return review(proposal, collection, evidence=evidence).papers[0]

    def _is_settled(self, paper: NewPaper, report: PaperReport) -> bool:
        """Tell whether a ticked paper is, or will be, in the list; say why where it is not."""
        if _is_complete(report) or report.verdict is Verdict.DUPLICATE:
            return True
        errors = [f.message for f in report.findings if f.severity is Severity.ERROR]
        if report.needs_categories:
            errors = ["the paper has no category; tick one below it"]
        why = errors[0].partition(". ")[0] if errors else str(report.verdict)
        self.refused[paper_key(paper)] = f"`{paper.arxiv}`: {why}"
        return False


def _is_complete(report: PaperReport) -> bool:
    """Tell whether a paper can be written as it is."""
    return report.verdict in WRITTEN and not report.needs_categories


def _message(changed: Mapping[str, Paper], count: int) -> str:
    if len(changed) == 1:
        return commit_message(f"papers: fix {next(iter(changed))} as ticked", ())
    what = f"fix {len(changed)} papers" if changed else f"take {count} answers"
    return commit_message(f"papers: {what} as ticked", changed)


def _who_ticked(
    edits: Sequence[TextEdit], ticked: frozenset[str], bot_id: int
) -> Mapping[str, str | None]:
    """Return the login of the person who ticked each box, None where it was no person.

    A later edit of the text leaves a tick as it is, so this is the author of the first of the
    edits after which the box has been ticked. The bot's own last edits are skipped: it may have
    overwritten a tick and restored it. An edit without text on GitHub ends the search.
    """
    found: dict[str, str | None] = {}
    for key in ticked:
        login: str | None = None
        seen_other = False
        for edit in edits:
            is_ticked = edit.body is not None and key in ticked_boxes(edit.body)
            if edit.editor.id == bot_id and not seen_other:
                continue
            if not is_ticked:
                break
            seen_other = True
            login = None if edit.editor.bot or edit.editor.id == 0 else edit.editor.login
        found[key] = login
    return found
