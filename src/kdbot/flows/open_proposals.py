"""What other open proposals are about, to hold younger ones against."""

from collections.abc import Iterable

from kdbot.flows.proposals import read_proposal
from kdbot.github.item import Item
from kdbot.github.pulls import PullClient
from kdbot.model.collection import Collection, Identity
from kdbot.model.identifiers import IdentifierKind, arxiv_from_stem
from kdbot.model.settings import Settings
from kdbot.review.review import OpenProposal, identities_in
from kdbot.storage.files import PAPERS

MOST_PULLS = 30
"""Pull requests that are looked into, one call each: the youngest of those that came before."""


def proposed_in_issue(item: Item, collection: Collection, settings: Settings) -> OpenProposal:
    """Read which papers an issue names."""
    proposal = read_proposal(item.title, item.body, collection=collection, settings=settings)
    return OpenProposal(number=item.number, identities=identities_in(proposal, collection))


def proposed_in_pulls(client: PullClient, items: Iterable[Item]) -> tuple[OpenProposal, ...]:
    """Read which papers the pull requests among some items bring, one call each.

    The names of the files tell, since a paper's file is named after the paper.

    Raises:
        GitHubUnavailableError: GitHub could not be asked.
    """
    pulls = [item for item in items if item.pull_request and not item.author.bot][-MOST_PULLS:]
    found = []
    for pull in pulls:
        files = client.files(pull.number)
        new = (file.path for file in files if file.status in {"added", "renamed", "copied"})
        identities = tuple(identity for path in new if (identity := _identity(path)) is not None)
        found.append(OpenProposal(number=pull.number, identities=identities))
    return tuple(found)


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
