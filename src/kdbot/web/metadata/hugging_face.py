"""Hugging Face's paper pages (https://huggingface.co/docs/hub/paper-pages), one paper a question.

It is the only service that knows repositories, project pages and data sets; people and programs
tie them to papers there, so they are proposals and no facts.
"""

import re
from collections.abc import Iterable
from urllib.parse import quote

from kdbot.model.metadata import Found, MetadataRecord, NotThere, Outcome, plain_month
from kdbot.model.proposal import Origin
from kdbot.model.urls import canonical_url
from kdbot.web.metadata.json_answer import read_object, text, texts
from kdbot.web.service_client import ServiceClient
from kdbot.web.service_connection import Reply
from kdbot.web.service_terms import Service, UnusableAnswerError

HUGGING_FACE = Service(
    origin=Origin.HUGGING_FACE,
    setting="huggingface",
    interval=0.6,  # 500 questions in five minutes
)
_MOST_DATA = 8
_DATASET = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+", re.ASCII)
_ABSENT = NotThere(source=Origin.HUGGING_FACE)


def fetch_hugging_face(identifiers: Iterable[str], client: ServiceClient) -> dict[str, Outcome]:
    """Ask Hugging Face about papers by their arXiv identifiers."""

    def ask(arxiv: str) -> Outcome:
        path = f"/api/papers/{quote(arxiv, safe='')}"
        return client.ask(HUGGING_FACE, path, lambda reply: parse_hugging_face(reply, arxiv))

    return client.gather(
        HUGGING_FACE, identifiers, size=1, ask=lambda batch: {batch[0]: ask(batch[0])}
    )


def parse_hugging_face(reply: Reply, arxiv: str) -> Outcome:
    """Read the page of one paper.

    Raises:
        UnusableAnswerError: it is none, or that of another paper.
    """
    page = read_object(reply)
    if page is None:
        return _ABSENT
    if text(page, "id") != arxiv:
        raise UnusableAnswerError("the answer is about another paper")
    names = texts(page, "linkedDatasets", key="id")
    datasets = [name for name in names if _DATASET.fullmatch(name)][:_MOST_DATA]
    return Found(
        record=MetadataRecord(
            source=Origin.HUGGING_FACE,
            arxiv=arxiv,
            title=text(page, "title"),
            authors=texts(page, "authors", key="name"),
            date=plain_month(text(page, "publishedAt")),
            code=_address(text(page, "githubRepo")),
            project=_address(text(page, "projectPage")),
            data=tuple(f"https://huggingface.co/datasets/{name}" for name in datasets),
        )
    )


def _address(address: str) -> tuple[str, ...]:
    return (address,) if canonical_url(address) else ()
