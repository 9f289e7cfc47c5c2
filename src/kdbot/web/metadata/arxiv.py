"""arXiv's Atom interface (https://info.arxiv.org/help/api/user-manual.html), a hundred at a time.

Three of its ways decide the form of this module: an identifier that it does not know is left out
without a word, one that is malformed makes the whole question a 400, and an overloaded arXiv
answers 200 with a page in HTML. So nothing is taken for missing but what a whole feed leaves out.
"""

from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

from kdbot.model.arxiv import parse_arxiv_id
from kdbot.model.metadata import CouldNotAsk, NotThere, Outcome
from kdbot.model.proposal import Origin
from kdbot.web.metadata.arxiv_feed import Feed, Rejection, parse_arxiv, read_feed
from kdbot.web.service_client import ServiceClient
from kdbot.web.service_terms import CouldNotAskError, Service

ARXIV = Service(
    origin=Origin.ARXIV, setting="arxiv", interval=3.0, accept="application/atom+xml, text/xml"
)
BATCH = 100
"""Identifiers in one question: more make the address too long for the servers between."""

_MOST_QUESTIONS = 24


def fetch_arxiv(identifiers: Iterable[str], client: ServiceClient) -> dict[str, Outcome]:
    """Ask arXiv about papers, up to `BATCH` in one question.

    What has not the form of an arXiv identifier is not there, and is not asked for.
    """
    wanted = tuple(dict.fromkeys(identifiers))
    askable = [identifier for identifier in wanted if _is_canonical(identifier)]
    outcomes = client.gather(ARXIV, askable, size=BATCH, ask=lambda batch: _ask(batch, client))
    absent = NotThere(source=Origin.ARXIV)
    return {identifier: outcomes.get(identifier, absent) for identifier in wanted}


def search_arxiv(query: str, client: ServiceClient, *, most: int = 100) -> Feed:
    """Return the newest papers of a query, the newest first, `most` at most.

    Raises:
        CouldNotAskError: there is no whole answer.
    """
    parameters = {
        "search_query": query,
        "sortBy": "submittedDate",
        "sortOrder": "descending",
        "start": 0,
        "max_results": most,
    }
    found = client.ask(ARXIV, f"/api/query?{urlencode(parameters)}", parse_arxiv)
    if isinstance(found, Rejection):
        raise CouldNotAskError("it refuses the query")
    return found


def _ask(batch: Sequence[str], client: ServiceClient) -> dict[str, Outcome]:
    """Ask about one batch; an identifier that arXiv rejects does not cost the others theirs."""
    outcomes: dict[str, Outcome] = {}
    parts: list[Sequence[str]] = [batch]
    for _ in range(_MOST_QUESTIONS):
        if not parts:
            return outcomes
        part = parts.pop()
        try:
            answer = _ask_twice(part, client)
        except CouldNotAskError as error:
            outcomes.update(_could_not_ask(part, str(error)))
            continue
        if isinstance(answer, Feed):
            outcomes.update(read_feed(part, answer))
        elif answer.identifier is not None and answer.identifier in part:
            outcomes[answer.identifier] = NotThere(source=Origin.ARXIV)
            parts += filter(None, [[one for one in part if one != answer.identifier]])
        elif len(part) > 1:
            middle = len(part) // 2
            parts += [part[middle:], part[:middle]]
        else:
            outcomes.update(_could_not_ask(part, "it rejects the question (HTTP 400)"))
    for part in parts:
        outcomes.update(_could_not_ask(part, "it rejects one question after the other (HTTP 400)"))
    return outcomes


def _could_not_ask(part: Sequence[str], reason: str) -> dict[str, Outcome]:
    return dict.fromkeys(part, CouldNotAsk(source=Origin.ARXIV, reason=reason))


def _ask_twice(part: Sequence[str], client: ServiceClient) -> Feed | Rejection:
    """Ask; and again where nothing at all is found, which arXiv now and then says under load."""
    answer = client.ask(ARXIV, _path(part), parse_arxiv)
    if isinstance(answer, Feed) and not answer.records:
        return client.ask(ARXIV, _path(part), parse_arxiv)
    return answer


def _path(batch: Sequence[str]) -> str:
    # The default of max_results is 10, and would cut the list without a word.
    parameters = {"id_list": ",".join(batch), "max_results": len(batch)}
    return f"/api/query?{urlencode(parameters, safe=',/')}"


def _is_canonical(identifier: str) -> bool:
    parsed = parse_arxiv_id(identifier)
    return parsed is not None and parsed.canonical == identifier
