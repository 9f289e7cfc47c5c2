"""All services about some papers: each asked once, and only what it may be able to add."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from kdbot.model.metadata import CouldNotAsk, Outcome, found_records
from kdbot.web.metadata.arxiv import fetch_arxiv
from kdbot.web.metadata.datacite import fetch_datacite
from kdbot.web.metadata.dblp import fetch_dblp
from kdbot.web.metadata.hugging_face import fetch_hugging_face
from kdbot.web.metadata.openreview import fetch_openreview
from kdbot.web.metadata.semantic_scholar import fetch_semantic_scholar
from kdbot.web.service_client import ServiceClient

MOST_FALLBACKS = 200
"""Papers about which DataCite is asked in the place of arXiv: it takes one question for each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is to be found out about one paper.

    Attributes:
        key: what the asker knows the paper by; each key once.
        arxiv: its arXiv identifier, or None.
        acl: its ACL Anthology identifier, or None.
        doi: its DOI, or None.
        openreview: its OpenReview forum, or None.
        title: its title, empty where it is not known.
        venue: whether to ask where it was published.
        links: whether to ask for code, project pages and data.
    """

    key: str
    arxiv: str | None = None
    acl: str | None = None
    doi: str | None = None
    openreview: str | None = None
    title: str = ""
    venue: bool = True
    links: bool = True


def fetch_preprints(
    identifiers: Iterable[str], client: ServiceClient
) -> dict[str, tuple[Outcome, ...]]:
    """Ask arXiv about papers, and DataCite about those for which arXiv does not answer."""
    answered = fetch_arxiv(identifiers, client)
    outcomes: dict[str, tuple[Outcome, ...]] = {key: (one,) for key, one in answered.items()}
    failed = (key for key, outcome in answered.items() if isinstance(outcome, CouldNotAsk))
    for key, outcome in fetch_datacite(islice(failed, MOST_FALLBACKS), client).items():
        outcomes[key] = (answered[key], outcome)
    return outcomes


def fetch_metadata(
    questions: Sequence[Question], client: ServiceClient
) -> dict[str, tuple[Outcome, ...]]:
    """Ask the services about papers; the outcomes of each by its key, in the order of the asking.

    arXiv (or else DataCite) first, then where it was published by Semantic Scholar, DBLP and
    OpenReview, then the links by Hugging Face.
    """
    preprints = fetch_preprints((q.arxiv for q in questions if q.arxiv), client)
    outcomes = {q.key: preprints.get(q.arxiv or "", ()) for q in questions}
    published = [q for q in questions if q.venue]
    _add(outcomes, fetch_semantic_scholar, {q.key: _scholar_key(q) for q in published}, client)
    titles = {q.key: q.title or _title(outcomes[q.key]) for q in published}
    _add(outcomes, fetch_dblp, titles, client)
    forums = {q.key: q.openreview or _forum(outcomes[q.key]) for q in published}
    _add(outcomes, fetch_openreview, forums, client)
    pages = {q.key: q.arxiv or "" for q in questions if q.links}
    _add(outcomes, fetch_hugging_face, pages, client)
    return outcomes


def _add(
    outcomes: dict[str, tuple[Outcome, ...]],
    fetch: Callable[[Iterable[str], ServiceClient], Mapping[str, Outcome]],
    names: Mapping[str, str],
    client: ServiceClient,
) -> None:
    """Ask one service by the names that it knows papers by, and add what it says of each."""
    answered = fetch(filter(None, names.values()), client)
    for key, name in names.items():
        if name in answered:
            outcomes[key] += (answered[name],)


def _scholar_key(question: Question) -> str:
    if question.arxiv:
        return f"ARXIV:{question.arxiv}"
    if question.acl:
        return f"ACL:{question.acl}"
    return f"DOI:{question.doi}" if question.doi else ""


def _title(outcomes: Iterable[Outcome]) -> str:
    return next((record.title for record in found_records(outcomes) if record.title), "")


def _forum(outcomes: Iterable[Outcome]) -> str:
    return next((r.openreview for r in found_records(outcomes) if r.openreview), "")
