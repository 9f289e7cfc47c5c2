"""What a metadata service is to the rest: the one interface that each module here fills in."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
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
