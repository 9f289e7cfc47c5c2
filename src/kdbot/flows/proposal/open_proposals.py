"""What other open proposals are about, to hold younger ones against."""

from collections.abc import Iterable

from kdbot.flows.proposal.reading import read_proposal
from kdbot.github.item import Item
from kdbot.model.collection import Collection, Identity
from kdbot.model.identifiers import IdentifierKind, arxiv_from_stem
from kdbot.model.settings import Settings
from kdbot.model.titles import fold_title
from kdbot.review.proposal import OpenProposal, identities_in
from kdbot.storage.files import PAPERS


def proposed_in_issue(item: Item, collection: Collection, settings: Settings) -> OpenProposal:
    """Read which papers an issue names."""
    proposal = read_proposal(item.title, item.body, collection=collection, settings=settings)
    return OpenProposal(number=item.number, identities=identities_in(proposal, collection))


def proposed_in_pulls(items: Iterable[Item]) -> tuple[OpenProposal, ...]:
    """Read which papers the pull requests among some items bring.

    The names of the files tell, since a paper's file is named after the paper.
    """
    return tuple(
        OpenProposal(
            number=item.number,
            identities=tuple(
                identity
                for path in item.pull.new_paths
                if (identity := _identity(path)) is not None
            ),
        )
        for item in items
        if item.pull is not None and not item.author.bot
    )


def related_to(
    named: Iterable[Identity], collection: Collection, others: Iterable[OpenProposal]
) -> tuple[str, ...]:
    """Return what a review of some papers depends on beside their own text, to tell it apart.

    Listed papers with an identifier or the title of one of them count with their records, open
    proposals with their number.
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
    return (*(repr(collection.papers[paper]) for paper in sorted(listed)), *numbers)


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
