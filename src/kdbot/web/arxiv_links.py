"""Links to arXiv's pages, judged by what its metadata knows of their papers."""

from collections.abc import Mapping, Sequence

from kdbot.model.evidence import CouldNotAsk, Found, LinkResult, LinkState, NotThere, Outcome
from kdbot.model.proposal import Origin
from kdbot.model.settings import ServiceSettings


def fetch_arxiv_links(
    identifiers: Mapping[str, str], services: ServiceSettings, user_agent: str
) -> tuple[LinkResult, ...]:
    """Ask about all papers at once; `identifiers` are those of `selection.partition_arxiv`."""
    from kdbot.web.metadata.ask import fetch_preprints
    from kdbot.web.services import ServiceClient

    if not identifiers:
        return ()
    client = ServiceClient(services, user_agent=user_agent)
    try:
        outcomes = fetch_preprints(identifiers.values(), client)
    finally:
        client.close()
    return judge_by_metadata(identifiers, outcomes)


def judge_by_metadata(
    identifiers: Mapping[str, str], outcomes: Mapping[str, Sequence[Outcome]]
) -> tuple[LinkResult, ...]:
    """Give a result for each URL of an identifier.

    Only arXiv itself can say that a paper is not there: another service may learn of it later.
    """
    return tuple(
        _judge(url, identifier, outcomes.get(identifier, ()))
        for url, identifier in identifiers.items()
    )


def _judge(url: str, identifier: str, outcomes: Sequence[Outcome]) -> LinkResult:
    for outcome in outcomes:
        if isinstance(outcome, Found):
            evidence = f"the metadata of {outcome.source} has {identifier}"
            return LinkResult(
                url=url, state=LinkState.OK, final_url=url, attempts=1, evidence=evidence
            )
    if any(isinstance(one, NotThere) and one.source is Origin.ARXIV for one in outcomes):
        evidence = f"arXiv does not know {identifier}"
        return LinkResult(url=url, state=LinkState.DEAD, attempts=1, evidence=evidence)
    reasons = [one.reason for one in outcomes if isinstance(one, CouldNotAsk)]
    return LinkResult(
        url=url,
        state=LinkState.UNREACHABLE,
        attempts=1,
        evidence=f"arXiv could not be asked: {'; '.join(reasons) or 'no answer'}",
    )
