"""Ticked papers of the issue of new papers: reviewed and added by the rules of accept."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from kdbot.flows.additions import READY, files_of_papers, papers_message
from kdbot.flows.merge import Change, PullRequestText, land, rebuild
from kdbot.flows.run import Run
from kdbot.flows.standing_issues import new_papers_issue, settle_issue, tell_refusals
from kdbot.github.item import Item
from kdbot.model.audit import Audit, BoxState, NewPaper
from kdbot.model.audit_file import render_audit_file
from kdbot.model.collection import Collection
from kdbot.model.evidence import Evidence
from kdbot.model.finding import Severity
from kdbot.model.metadata import Found, MetadataRecord
from kdbot.model.proposal import Candidate, Given, Intent, Origin, Proposal
from kdbot.model.report import PaperReport, Verdict
from kdbot.publish.check_boxes import ticked_boxes
from kdbot.publish.new_papers_issue import chosen_categories, paper_key
from kdbot.review.metadata_draft import metadata_key
from kdbot.review.review import review
from kdbot.storage.audit import load_audit
from kdbot.storage.files import AUDIT, write_files
from kdbot.storage.repository import open_collection


def obey_new_paper_ticks(run: Run, item: Item, allowed: bool) -> None:
    """Add the ticked papers in one commit, and write the issue anew.

    Args:
        run: the run.
        item: the issue.
        allowed: whether the ticks count; if not, they are taken off again.
    """
    worker = _Ticked(run=run, item=item)
    landed = land(run, worker.make, _pull_request_text(item.number)) if allowed else None
    if run.dry_run:
        return
    if landed is not None and not landed.on_branch:
        tell_refusals(run, item.number, worker.refused, waits_in=landed.url)
        return
    dropped = frozenset(worker.refused) if allowed else ticked_boxes(item.body)
    taxonomy = open_collection(run.root).taxonomy
    settle_issue(run, new_papers_issue(load_audit(run.root), taxonomy, refused=dropped))
    tell_refusals(run, item.number, worker.refused)


@dataclass(slots=True, kw_only=True)
class _Ticked:
    """Adds what is ticked, anew from each tip of the branch.

    Attributes:
        run: the run.
        item: the issue as it was read once.
        refused: why a paper could not be added, by the key of its box.
    """

    run: Run
    item: Item
    refused: dict[str, str] = field(default_factory=dict)

    def make(self) -> Change | None:
        """Write the records of what is ready, `audit.json`, and what is built from them."""
        run, collection, audit = self.run, open_collection(self.run.root), load_audit(self.run.root)
        self.refused = {}
        ticked = ticked_boxes(self.item.body)
        chosen = [
            paper
            for _, paper in sorted(audit.new_papers.items())
            if paper.state is BoxState.OPEN and paper_key(paper) in ticked
        ]
        reports = {paper.arxiv: self._review(paper, collection) for paper in chosen}
        ready = [report for report in reports.values() if report.verdict in READY]
        settled = [paper for paper in chosen if self._is_settled(paper, reports[paper.arxiv])]
        if not settled:
            return None
        if run.dry_run:
            run.say(f"would add {', '.join(report.file for report in ready)}")
            return None
        files = dict(files_of_papers(ready, None, collection, run.now().date()))
        files[AUDIT] = render_audit_file(_with_answers(audit, settled))
        names = (*write_files(run.root, files), *rebuild(run))
        return Change(names=names, message=_message(ready, self.item.number))

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
        evidence = Evidence(metadata={key: (Found(record=record),)})
        proposal = Proposal(intent=Intent.ADD, candidates=(Candidate(given=given),))
        return review(proposal, collection, evidence=evidence).papers[0]

    def _is_settled(self, paper: NewPaper, report: PaperReport) -> bool:
        """Tell whether a ticked paper is, or will be, in the list; say why where it is not."""
        if report.verdict in READY or report.verdict is Verdict.DUPLICATE:
            return True
        errors = [f.message for f in report.findings if f.severity is Severity.ERROR]
        why = errors[0].partition(". ")[0] if errors else str(report.verdict)
        self.refused[paper_key(paper)] = f"`{paper.arxiv}`: {why}"
        return False


def _with_answers(audit: Audit, settled: Sequence[NewPaper]) -> Audit:
    done = {paper.arxiv: replace(paper, state=BoxState.DONE) for paper in settled}
    return replace(audit, new_papers={**audit.new_papers, **done})


def _message(ready: Sequence[PaperReport], number: int) -> str:
    if ready:
        return papers_message(ready, number, None)
    return f"audit: take what is ticked (#{number})\n"


def _pull_request_text(number: int) -> PullRequestText:
    return PullRequestText(
        branch=f"kdbot/ticked-{number}",
        title=f"Add what is ticked in #{number}",
        body=f"A maintainer ticked papers in #{number}; the branch is protected, so the change "
        "waits here.",
    )
