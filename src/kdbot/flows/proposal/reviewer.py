"""What the reviews of issues and of pull requests share: their loop, evidence and surroundings."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ClassVar, TypeVar

from kdbot import own_version
from kdbot.flows.proposal.reading import comment_context, read_proposal
from kdbot.flows.run import Run
from kdbot.github.acceptance import input_of
from kdbot.github.item import FIRST_TIMERS, Item
from kdbot.github.labels import ACCEPTED, COULD_NOT_CHECK, NOT_A_DUPLICATE, STATES
from kdbot.github.rules import MANY_OPEN_PROPOSALS, MAX_OPEN
from kdbot.github.writes import Desired, Write, set_status
from kdbot.intake.proposal import parse_proposal
from kdbot.model.collection import Collection, Identity
from kdbot.model.errors import KdbotError
from kdbot.model.evidence import Evidence, Unavailable
from kdbot.model.finding import Finding
from kdbot.model.form import form_fields
from kdbot.model.identifiers import IdentifierKind, arxiv_from_stem
from kdbot.model.paper import PAPERS, Paper
from kdbot.model.proposal import Intent, Origin, Proposal
from kdbot.model.report import Report, StatusState, Verdict
from kdbot.model.schema import parse_schema
from kdbot.model.settings import Settings
from kdbot.model.taxonomy import Taxonomy
from kdbot.model.titles import fold_title
from kdbot.model.venue import Venues
from kdbot.publish.comment.context import CommentContext
from kdbot.publish.comment.render import render_rules_broken
from kdbot.publish.issue_form import NEW_PAPER
from kdbot.review.declined import paper_marks
from kdbot.review.metadata_check import metadata_key
from kdbot.review.normalize import normalize_candidate
from kdbot.review.paper import OpenProposal
from kdbot.review.proposal import identities_in, review
from kdbot.storage.files import SCHEMA, TAXONOMY, VENUES, read_bytes
from kdbot.storage.repository import open_collection

_R = TypeVar("_R", bound="Reviewer")


@dataclass(slots=True, kw_only=True)
class Reviewer:
    """Decides what an item should look like; asks the world once, however often it decides.

    Attributes:
        run: the run.
        collection: the list.
        items: the open issues and pull requests, where they have been read already.
        asks: whether the world may be asked; a job that may write to the branch asks nobody.
    """

    run: Run
    collection: Collection
    items: tuple[Item, ...] | None = None
    asks: bool = True
    _evidence: dict[object, Evidence] = field(default_factory=dict)
    _older: dict[int, tuple[Item, ...]] = field(default_factory=dict)
    _proposed: dict[int, OpenProposal] = field(default_factory=dict)

    reads_pulls: ClassVar[bool] = False
    """Whether the job may read pull requests."""

    def decide(self, item: Item) -> Desired | None:
        """Return what the item should look like; None for one that is left alone."""
        raise NotImplementedError

    def source(self, item: Item) -> str:
        """Return the digest of all that a review of an item would read now."""
        raise NotImplementedError

    def is_current(self, item: Item) -> bool:
        """Tell whether the bot's report was made from all that a review would read now."""
        own = item.own_comments()
        if len(own) != 1 or COULD_NOT_CHECK in item.labels or len(item.labels & STATES) != 1:
            return False
        known = input_of(own[0])
        return known is not None and known == self.source(item)

    def evidence_of(self, text: object, proposal: Proposal, collection: Collection) -> Evidence:
        """Ask the world about a proposal, once for each of its texts."""
        if text not in self._evidence:
            self._evidence[text] = (
                _gather_evidence(self.run, proposal, collection)
                if self.asks
                else _unasked_evidence(proposal, collection)
            )
        return self._evidence[text]

    def confirmed(self, report: Report, text: object) -> tuple[str, ...]:
        """Return the marks of the papers that the world has confirmed, of one text."""
        return paper_marks(report.papers, self._evidence.get(text, Evidence()))

    def context(self, item: Item, report: Report) -> CommentContext:
        """Return the context of the comment with a report on an item."""
        return replace(
            comment_context(self.collection, self.run.settings),
            run_url=self.run.run_url,
            words=self.run.words,
            first_timer=item.association in FIRST_TIMERS,
            earlier={p.file: p.original for p in report.papers if p.original is not None},
        )

    def others(self, number: int) -> tuple[OpenProposal, ...]:
        """Return what the open issues and pull requests with a lower number propose."""
        older = self._older_items(number)
        for item in older:
            if not item.pull_request and item.number not in self._proposed:
                self._proposed[item.number] = _proposed_in_issue(
                    item, self.collection, self.run.settings
                )
        issues = (self._proposed[item.number] for item in older if not item.pull_request)
        return (*issues, *(proposed_in_pull(item) for item in older if item.pull is not None))

    def input_digest(self, item: Item, named: Iterable[Identity], *parts: str) -> str:
        """Return the sha256 of all that a review reads.

        Args:
            item: the issue or pull request.
            named: the papers that it names.
            parts: its texts.
        """
        papers = tuple(named)
        related = _related_to(papers, self.collection, self.others(item.number)) if papers else ()
        digest = hashlib.sha256(_rules_digest(self.run.root))
        for part in (*parts, str(NOT_A_DUPLICATE in item.labels), *related):
            data = part.encode("utf-8", "surrogatepass")
            digest.update(len(data).to_bytes(8, "big") + data)
        return digest.hexdigest()

    def check_many_open(self, item: Item) -> Iterator[Finding]:
        """Tell a person with many open proposals that the last may wait."""
        older = self._older_items(item.number)
        mine = 1 + sum(
            other.author.id == item.author.id and (self.reads_pulls or not other.pull_request)
            for other in older
        )
        if mine > MAX_OPEN:
            message = f"You have {mine} open proposals, so this one may wait longer."
            yield MANY_OPEN_PROPOSALS.finding(message)

    def introduce(self, item: Item) -> None:
        """Tell maintainers, only in the job's summary, about an account that is new here.

        Its age and its other proposals are in what was read for the review.
        """
        author = item.author
        if item.association not in FIRST_TIMERS or author.created is None:
            return
        days = (self.run.now() - author.created).days
        older = self._older.get(item.number, ())
        others = sum(other.author.id == author.id for other in older)
        self.run.message(
            f"#{item.number}: first contribution of {author.login}: the account is {days:,} days "
            f"old and has {others} older open proposals here"
        )

    def _older_items(self, number: int) -> tuple[Item, ...]:
        if number not in self._older:
            items = self.items
            if items is None:
                items = self.run.client.open_items_before(number, pulls=self.reads_pulls)
            self._older[number] = tuple(
                item for item in items if item.number < number and not item.author.bot
            )
        return self._older[number]


def review_item(run: Run, number: int, kind: type[_R]) -> _R | None:
    """Bring an item to what its present state asks for, and return the reviewer.

    Where the rules of the list cannot be read, its author is told that nothing was checked.

    Raises:
        GitHubUnavailableError: GitHub could not be asked.
        ItemGoneError: the item is not there.
    """
    try:
        collection = open_collection(run.root)
    except KdbotError as error:
        reason = error
    else:
        reviewer = kind(run=run, collection=collection)
        run.reconciler.item(number, reviewer.decide)
        return reviewer
    run.message(f"#{number}: could not check: {reason}")
    run.reconciler.item(number, lambda item: _unchecked(run, item, reason))
    return None


def _gather_evidence(run: Run, proposal: Proposal, collection: Collection) -> Evidence:
    """Look at the links of a proposal and ask the services about its papers.

    If a listed paper already has all that is proposed, no service is asked.
    """
    offline = review(proposal, collection)
    new = [paper.paper for paper in offline.papers if paper.verdict is not Verdict.DUPLICATE]
    links = {result.url: result for result in run.probe(_links(new))}
    return Evidence(links=links, metadata=run.ask(proposal, collection) if new else {})


def _unasked_evidence(proposal: Proposal, collection: Collection) -> Evidence:
    """Return that nobody was asked, so that what only a service knows is missed by nobody."""
    outcome = Unavailable(
        source=Origin.ARXIV, reason="services are not queried while a paper is added"
    )
    keys = (metadata_key(normalize_candidate(c, collection).values) for c in proposal.candidates)
    return Evidence(metadata={key: (outcome,) for key in keys if key is not None})


def _links(papers: Iterable[Paper]) -> tuple[str, ...]:
    """Return the addresses that papers bring; the pages of identifiers are the services' part."""
    return tuple(
        dict.fromkeys(
            address
            for paper in papers
            for address in (
                paper.url,
                *paper.code,
                *paper.project,
                *paper.data,
                *_own_addresses(paper),
            )
            if address
        )
    )


def _own_addresses(paper: Paper) -> Iterator[str]:
    """Yield the addresses in fields that only this list has."""
    for _, value in paper.extra:
        if isinstance(value, tuple):
            yield from (text for text in value if text.startswith(("https://", "http://")))


def status_unless_known(item: Item, run: Run, state: StatusState, description: str) -> Write | None:
    """Return the write of a commit status, or None where the head has it already."""
    pull = item.pull
    if pull is None or pull.status == (state, description):
        return None
    return set_status(pull.head_sha, state, description, run.run_url)


def _unchecked(run: Run, item: Item, error: KdbotError) -> Desired | None:
    """Return what an item should look like that could not be read; its state is kept."""
    if not item.open or item.locked or item.author.bot or ACCEPTED in item.labels:
        return None
    status = None
    if item.pull_request:
        if item.pull is None or item.pull.base != run.settings.branch:
            return None
        description = "Could not check, on my side; I will look again when it is fixed"
        status = status_unless_known(item, run, "pending", description)
    elif not _is_proposal(run, item):
        return None
    comment = render_rules_broken(
        error, version=own_version(), run_url=run.run_url, words=run.words
    )
    return Desired(comment=comment, labels=frozenset({COULD_NOT_CHECK}), status=status)


def _is_proposal(run: Run, item: Item) -> bool:
    """Tell by labels, or by a reading without rules, whether an issue proposes a paper."""
    if item.own_comments():
        return True
    if not item.labels.isdisjoint(STATES | {NEW_PAPER, COULD_NOT_CHECK}):
        return True
    schema, taxonomy = parse_schema({"properties": {}}), Taxonomy(categories=())
    proposal = parse_proposal(
        item.title,
        item.body,
        form=form_fields(run.settings, schema, taxonomy),
        taxonomy=taxonomy,
        venues=Venues(venues=()),
    )
    return proposal.intent is not Intent.NONE


def _proposed_in_issue(item: Item, collection: Collection, settings: Settings) -> OpenProposal:
    proposal = read_proposal(item.title, item.body, collection=collection, settings=settings)
    return OpenProposal(number=item.number, identities=identities_in(proposal, collection))


def proposed_in_pull(item: Item) -> OpenProposal:
    """Return which papers a pull request brings.

    The names of the files tell, since a paper's file is named after the paper.
    """
    paths = item.pull.new_paths if item.pull else ()
    identities = tuple(one for path in paths if (one := _identity(path)) is not None)
    return OpenProposal(number=item.number, identities=identities)


def _related_to(
    named: Iterable[Identity], collection: Collection, others: Iterable[OpenProposal]
) -> tuple[str, ...]:
    """Return what a review of some papers depends on beside their own text, to tell it apart.

    Listed papers with an identifier or the title of one of them count with their records, open
    proposals with their number, declined papers with what is remembered of them.
    """
    identities = collection.identities
    listed: set[str] = set()
    keys: set[object] = set()
    for identity in named:
        title = fold_title(identity.title)
        keys |= {*identity.keys, title} - {""}
        matches = (identities.by_key.get(key, ()) for key in identity.keys)
        listed |= {match.id for found in matches for match in found}
        listed |= {match.id for match in identities.by_title.get(title, ()) if title}
        listed |= {identity.id} & identities.by_id.keys()
    numbers = (
        f"#{other.number}"
        for other in others
        if any(keys & {*one.keys, fold_title(one.title)} for one in other.identities)
    )
    declined = (repr(one) for one in collection.declined if keys & {one.key, fold_title(one.title)})
    return (*(repr(collection.papers[paper]) for paper in sorted(listed)), *numbers, *declined)


def _identity(path: str) -> Identity | None:
    folder, _, name = path.rpartition("/")
    stem = name.removesuffix(".yaml")
    if folder != PAPERS or stem == name:
        return None
    arxiv = arxiv_from_stem(stem)
    if arxiv is not None:
        return Identity(id=stem, title="", keys=((IdentifierKind.ARXIV, arxiv),))
    # A slug is the title's words, as long as the title is short and plain.
    return Identity(id=stem, title=stem.replace("-", " "))


def _rules_digest(root: Path) -> bytes:
    digest = hashlib.sha256()
    for name in (SCHEMA, TAXONOMY, VENUES):
        digest.update(hashlib.sha256(read_bytes(root, name)).digest())
    return digest.digest()
