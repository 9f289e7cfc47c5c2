"""All services about some papers: each asked once, and only what it may be able to add."""

from collections.abc import Iterable, Sequence
from functools import cache
from importlib import import_module

from kdbot.model.evidence import Outcome
from kdbot.model.proposal import Origin
from kdbot.web.metadata.service import MetadataService, Question
from kdbot.web.services import ServiceClient


@cache
def metadata_services() -> tuple[MetadataService, ...]:
    """Give the services in the order of `Origin`, each from the module of its name."""
    services = []
    for origin in Origin:
        if origin.address:
            module = import_module(f"{__package__}.{origin.name.lower()}")
            service = getattr(module, origin.name)
            assert isinstance(service, MetadataService)  # noqa: S101 - narrows for the type checker
            services.append(service)
    return tuple(services)


def fetch_preprints(
    identifiers: Iterable[str], client: ServiceClient
) -> dict[str, tuple[Outcome, ...]]:
    """Ask arXiv about papers, and DataCite about those for which arXiv does not answer."""
    unique = dict.fromkeys(identifiers)
    questions = [Question(key=one, arxiv=one, venue=False, links=False) for one in unique]
    return fetch_metadata(questions, client)


def fetch_metadata(
    questions: Sequence[Question], client: ServiceClient
) -> dict[str, tuple[Outcome, ...]]:
    """Ask the services about papers; each one's outcomes by its key, in the order of the table."""
    outcomes: dict[str, tuple[Outcome, ...]] = {question.key: () for question in questions}
    for service in metadata_services():
        names = {q.key: service.name_of(q, outcomes[q.key]) for q in questions}
        answered = service.fetch(filter(None, names.values()), client)
        for key, name in names.items():
            if name in answered:
                outcomes[key] += (answered[name],)
    return outcomes
