"""The metadata services: the interface that each module here fills in, and how they are asked.

A service is a row of `Origin` and the module of its name, whose constant of that name is a
`MetadataService`. Each is asked once, and only what it may be able to add.

A service may add, leave out or change a value at any time; a part of a wrong shape is as good as
none, while an answer that is not JSON does not count.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import islice
from typing import Any

from kdbot.model.evidence import MetadataRecord, Outcome, Unavailable
from kdbot.model.json_text import parse_json
from kdbot.model.proposal import Origin
from kdbot.web.http import GONE, Reply
from kdbot.web.services import (
    Known,
    Service,
    ServiceClient,
    UnavailableError,
    UnusableAnswerError,
)

Object = Mapping[str, Any]

TITLE = "title:"
"""Prefix of a title in the place of an identifier."""


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
        search: whether to look for it by its title, since it has no identifier.
    """

    key: str
    arxiv: str | None = None
    acl: str | None = None
    doi: str | None = None
    openreview: str | None = None
    title: str = ""
    venue: bool = True
    links: bool = True
    search: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataService(Service):
    """A service that knows papers.

    Attributes:
        name_of: the name by which the service knows a question's paper, or its title behind
            `TITLE`; empty not to ask it. It is given what the services before it have said.
        path_of: path and query of the question about one name, where it has one for each.
        parse: what an answer to that question says of the paper, or None where the service does
            not know it; raises `UnusableAnswerError`.
        ask: asks about a batch of names instead, and says what the service knows of each; raises
            `UnavailableError`.
        search: searches for a title; raises `UnavailableError`.
        batch: names in one question at most.
        max_papers: papers that it is asked about in one run.
    """

    name_of: Callable[[Question, Sequence[Outcome]], str]
    path_of: Callable[[str], str] = str
    parse: Callable[[Reply, str], MetadataRecord | None] = lambda _reply, _name: None
    ask: Callable[[ServiceClient, Sequence[str]], Mapping[str, Known]] | None = None
    search: Callable[[ServiceClient, str], MetadataRecord | None] | None = None
    batch: int = 1
    max_papers: int | None = None

    @property
    def origin(self) -> Origin:
        """Its name for people."""
        return next(one for one in Origin if one.address and one.setting == self.setting)

    def fetch(self, names: Iterable[str], client: ServiceClient) -> dict[str, Outcome]:
        """Ask about papers by the names that the service knows them by."""
        chosen = islice(dict.fromkeys(names), self.max_papers)
        return client.gather(
            self, self.origin, chosen, size=self.batch, ask=lambda batch: self._ask(client, batch)
        )

    def _ask(self, client: ServiceClient, batch: Sequence[str]) -> dict[str, Known]:
        titles = [name for name in batch if name.startswith(TITLE)]
        named = [name for name in batch if name not in titles]
        answers: dict[str, Known] = {}
        if named and self.ask is not None:
            answers |= self.ask(client, named)
        elif named:
            (name,) = named
            path = self.path_of(name)
            answers[name] = client.ask(self, path, lambda reply: self.parse(reply, name))
        for title in titles:
            assert self.search is not None  # noqa: S101 - its `name_of` gives titles
            try:
                answers[title] = self.search(client, title.removeprefix(TITLE))
            except UnavailableError as error:
                answers[title] = Unavailable(source=self.origin, reason=str(error))
        return answers


@cache
def _metadata_services() -> tuple[MetadataService, ...]:
    """Return the services in the order of `Origin`, each from the module of its name."""
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


def read_json(reply: Reply) -> Any:
    """Return the value of an answer, or None where the service says that there is none.

    An absence counts only if it is stated in JSON: a page in HTML that is not found is another
    page than the one that was asked for.

    Raises:
        UnusableAnswerError: no JSON, or another status.
    """
    try:
        value = parse_json(reply.body)
    except ValueError as error:
        raise UnusableAnswerError(f"the answer is not valid JSON (HTTP {reply.status})") from error
    if reply.status in GONE:
        return None
    if reply.status != 200:
        raise UnusableAnswerError(f"the answer is HTTP {reply.status}")
    return value


def read_object(reply: Reply) -> Object | None:
    """Return the object of an answer, or None where the service says that there is none.

    Raises:
        UnusableAnswerError: no object, or another status.
    """
    value = read_json(reply)
    if value is not None and not isinstance(value, Mapping):
        raise UnusableAnswerError("the answer is not a JSON object")
    return value


def part(value: Any, *names: str) -> Any:
    """Return what is under names within names, or None."""
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def text(value: Any, *names: str) -> str:
    """Return a text under names within names on one line, empty if there is none."""
    found = part(value, *names)
    return " ".join(found.split()) if isinstance(found, str) else ""


def objects(value: Any, *names: str) -> tuple[Object, ...]:
    """Return the objects of a list; a single object is a list of one."""
    found = part(value, *names)
    items = found if isinstance(found, list) else [found]
    return tuple(item for item in items if isinstance(item, Mapping))


def texts(value: Any, *names: str, key: str) -> tuple[str, ...]:
    """Return the text under one key of each object of a list, the empty ones left out."""
    return tuple(filter(None, (text(item, key) for item in objects(value, *names))))


def distinct(*texts: str) -> tuple[str, ...]:
    """Return the texts that are not empty, each once."""
    return tuple(dict.fromkeys(filter(None, texts)))
