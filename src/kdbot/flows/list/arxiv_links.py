"""Links to arXiv, judged by its metadata: a hundred pages a question instead of one."""

from collections.abc import Iterator, Mapping

from kdbot.model.evidence import LinkResult, LinkState
from kdbot.model.metadata import CouldNotAsk, Found, Outcome
from kdbot.web.metadata.arxiv import fetch_arxiv
from kdbot.web.service_client import ServiceClient


def judge_arxiv(identifiers: Mapping[str, str], client: ServiceClient) -> Iterator[LinkResult]:
    """Yield what arXiv's metadata says of its pages.

    A page of a paper that arXiv knows is there; one of a paper that it does not know is gone. The
    page of a withdrawn paper is there too.

    Args:
        identifiers: for each URL the identifier of its paper.
        client: the services.
    """
    outcomes = fetch_arxiv(identifiers.values(), client)
    for url, identifier in identifiers.items():
        yield _result(url, outcomes[identifier])


def _result(url: str, outcome: Outcome) -> LinkResult:
    match outcome:
        case Found():
            state, evidence = LinkState.OK, "arXiv knows the paper"
        case CouldNotAsk(reason=reason):
            state, evidence = LinkState.UNREACHABLE, f"arXiv could not be asked: {reason}"
        case _:
            state, evidence = LinkState.DEAD, "arXiv knows no such paper"
    return LinkResult(url=url, state=state, attempts=1, evidence=evidence)
