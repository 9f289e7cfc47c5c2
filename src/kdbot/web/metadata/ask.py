"""All services about some papers: each asked once, and only what it may be able to add."""

from collections.abc import Iterable, Sequence

from kdbot.model.evidence import Outcome
from kdbot.web.metadata.arxiv import ARXIV
from kdbot.web.metadata.datacite import DATACITE
from kdbot.web.metadata.dblp import DBLP
from kdbot.web.metadata.hugging_face import HUGGING_FACE
from kdbot.web.metadata.openreview import OPENREVIEW
from kdbot.web.metadata.semantic_scholar import SEMANTIC_SCHOLAR
from kdbot.web.metadata.service import MetadataService, Question
from kdbot.web.services import ServiceClient

SERVICES: tuple[MetadataService, ...] = (
    ARXIV,
    DATACITE,
    SEMANTIC_SCHOLAR,
    DBLP,
    OPENREVIEW,
    HUGGING_FACE,
)
"""In the order of the asking: one may need what those before it have said."""


def fetch_preprints(
    identifiers: Iterable[str], client: ServiceClient
) -> dict[str, tuple[Outcome, ...]]:
    """Ask arXiv about papers, and DataCite about those for which arXiv does not answer."""
    questions = (Question(key=one, arxiv=one, venue=False, links=False) for one in identifiers)
    return fetch_metadata(list({q.key: q for q in questions}.values()), client)


def fetch_metadata(
    questions: Sequence[Question], client: ServiceClient
) -> dict[str, tuple[Outcome, ...]]:
    """Ask the services about papers; each one's outcomes by its key, in the order of the table."""
    outcomes: dict[str, tuple[Outcome, ...]] = {question.key: () for question in questions}
    for service in SERVICES:
        names = {q.key: service.name_of(q, outcomes[q.key]) for q in questions}
        answered = service.fetch(filter(None, names.values()), client)
        for key, name in names.items():
            if name in answered:
                outcomes[key] += (answered[name],)
    return outcomes
