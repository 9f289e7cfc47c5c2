"""What is asked of the world before a proposal is reviewed on GitHub."""

from collections.abc import Iterable, Iterator

from kdbot.flows.run import Run
from kdbot.model.collection import Collection
from kdbot.model.evidence import CouldNotAsk, Evidence
from kdbot.model.paper import Paper
from kdbot.model.proposal import Origin, Proposal
from kdbot.model.report import Verdict
from kdbot.review.metadata_check import metadata_key
from kdbot.review.normalize import normalize_candidate
from kdbot.review.proposal import review


def gather_evidence(run: Run, proposal: Proposal, collection: Collection) -> Evidence:
    """Look at the links of a proposal and ask the services about its papers.

    What is listed already with all that is proposed is nobody's question.
    """
    offline = review(proposal, collection)
    new = [paper.paper for paper in offline.papers if paper.verdict is not Verdict.DUPLICATE]
    links = {result.url: result for result in run.probe(_links(new))}
    return Evidence(links=links, metadata=run.ask(proposal, collection) if new else {})


def unasked_evidence(proposal: Proposal, collection: Collection) -> Evidence:
    """Return that nobody was asked, so that what only a service knows is missed by nobody."""
    outcome = CouldNotAsk(source=Origin.ARXIV, reason="nobody is asked while a paper is added")
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
    """Yield the addresses in fields that this list alone has."""
    for _, value in paper.extra:
        if isinstance(value, tuple):
            yield from (text for text in value if text.startswith(("https://", "http://")))
