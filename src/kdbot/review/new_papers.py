"""Which papers of a search the list may want: those that it lacks, the likest first."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from kdbot.model.audit import EditState, NewPaper
from kdbot.model.collection import Collection
from kdbot.model.evidence import MetadataRecord
from kdbot.model.identifiers import IdentifierKind
from kdbot.model.titles import fold_title
from kdbot.review.categories import TitleIndex, elect_categories

_SHOWN_WEEKS = 4
"""Weeks for which a paper that nobody has answered about is offered."""

_REMEMBERED = 400
_NEAREST = 3


def offer_new_papers(
    found: Iterable[MetadataRecord],
    collection: Collection,
    known: Mapping[str, NewPaper],
    week: str,
    declined: frozenset[str] = frozenset(),
) -> dict[str, NewPaper]:
    """Return what is offered, and what was, so that nothing is offered as new twice.

    Args:
        found: what the list's query finds now.
        collection: the list.
        known: what was offered before.
        week: the present ISO week.
        declined: identifiers of papers that a person has said no to.
    """
    kept = {
        arxiv: replace(paper, state=EditState.DECLINED)
        if arxiv in declined and paper.state is EditState.OPEN
        else paper
        for arxiv, paper in known.items()
        if not _is_listed(arxiv, paper.title, collection)
    }
    index = TitleIndex({one.id: one.title for one in collection.identities.all})
    for record in found:
        arxiv = record.arxiv
        # A paper with an identifier of the old form is not new.
        is_new = arxiv is not None and "/" not in arxiv and arxiv not in {*kept, *declined}
        if arxiv and is_new and not _is_listed(arxiv, record.title, collection):
            kept[arxiv] = _new_paper(record, arxiv, index, collection, week)
    newest = sorted(kept.values(), key=lambda paper: (paper.week, paper.arxiv), reverse=True)
    return {paper.arxiv: paper for paper in newest[:_REMEMBERED]}


def shown_papers(papers: Mapping[str, NewPaper]) -> tuple[NewPaper, ...]:
    """Return the papers to offer: the newest week first, in each the likest to the list first."""
    weeks = sorted({paper.week for paper in papers.values()}, reverse=True)[:_SHOWN_WEEKS]
    shown = (paper for paper in papers.values() if paper.week in weeks)
    by_similarity = sorted(shown, key=lambda paper: (-paper.likeness, paper.arxiv))
    return tuple(
        paper
        for paper in sorted(by_similarity, key=lambda paper: paper.week, reverse=True)
        if paper.state is not EditState.DECLINED
    )


def _new_paper(
    record: MetadataRecord, arxiv: str, index: TitleIndex, collection: Collection, week: str
) -> NewPaper:
    nearest = index.nearest(record.title)
    similarity = sum(score for _, score in nearest[:_NEAREST]) / _NEAREST
    by_path = collection.taxonomy.by_path
    categories = elect_categories(nearest, lambda paper: collection.papers[paper].categories)
    return NewPaper(
        arxiv=arxiv,
        title=record.title,
        authors=record.authors,
        date=record.date,
        categories=tuple(path for path in categories if path in by_path),
        likeness=round(100 * similarity),
        week=week,
    )


def _is_listed(arxiv: str, title: str, collection: Collection) -> bool:
    identities = collection.identities
    named = identities.by_title.get(fold_title(title), ())
    # A listed paper of the same title may be this one unless it names another preprint.
    lacking = (one for one in named if all(k is not IdentifierKind.ARXIV for k, _ in one.keys))
    return (IdentifierKind.ARXIV, arxiv) in identities.by_key or any(lacking)
