"""Where the title of a paper leads."""

from kdbot.model.identifiers import Identifier, IdentifierKind, landing_url
from kdbot.model.paper import Paper


def paper_address(paper: Paper) -> str | None:
    """Return `url`, else the page of the arXiv, ACL, OpenReview or DOI identifier, else None."""
    if paper.url:
        return paper.url
    for kind, canonical in (
        (IdentifierKind.ARXIV, paper.arxiv),
        (IdentifierKind.ACL, paper.acl),
        (IdentifierKind.OPENREVIEW, paper.openreview),
        (IdentifierKind.DOI, paper.doi),
    ):
        if canonical:
            return landing_url(Identifier(kind=kind, canonical=canonical))
    return None
