"""The metadata services: the interface that each module here fills in, and how they are asked.

A service is a row of `Origin` and the module of its name, whose constant of that name is a
`MetadataService`. Each is asked once, and only what it may be able to add.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import islice

from kdbot.model.evidence import Outcome
from kdbot.model.proposal import Origin
from kdbot.web.services import Service, ServiceClient


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


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataService(Service):
    """A service that knows papers.

    Attributes:
        origin: its name for people.
        name_of: the name by which the service knows a question's paper, empty not to ask it. It is
            given what the services before it have said.
        ask: asks about a batch of such names and says what the service knows of each; raises
            `UnavailableError`.
        batch: names in one question at most.
        max_papers: papers that it is asked about in one run.
    """

    origin: Origin
    name_of: Callable[[Question, Sequence[Outcome]], str]
    ask: Callable[[ServiceClient, Sequence[str]], Mapping[str, Outcome]]
    batch: int = 1
    max_papers: int | None = None

    def fetch(self, names: Iterable[str], client: ServiceClient) -> dict[str, Outcome]:
        """Ask about papers by the names that the service knows them by."""
        chosen = islice(dict.fromkeys(names), self.max_papers)
        return client.gather(
            self, self.origin, chosen, size=self.batch, ask=lambda batch: self.ask(client, batch)
        )


@cache
def _metadata_services() -> tuple[MetadataService, ...]:
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
    for service in _metadata_services():
        names = {q.key: service.name_of(q, outcomes[q.key]) for q in questions}
        answered = service.fetch(filter(None, names.values()), client)
        for key, name in names.items():
            if name in answered:
                outcomes[key] += (answered[name],)
    return outcomes
