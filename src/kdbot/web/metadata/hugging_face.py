"""Hugging Face's paper pages (https://huggingface.co/docs/hub/paper-pages), one paper a question.

It is the only service that knows repositories, project pages and data sets; people and programs
tie them to papers there, so they are proposals and no facts.
"""

import re
from urllib.parse import quote

from kdbot.model.evidence import MetadataRecord, plain_month
from kdbot.model.proposal import Origin
from kdbot.model.urls import canonical_url
from kdbot.web.http import Reply
from kdbot.web.metadata.service import MetadataService, read_object, text, texts
from kdbot.web.services import UnusableAnswerError

_MAX_DATA = 8
_DATASET = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+", re.ASCII)


def _parse_hugging_face(reply: Reply, arxiv: str) -> MetadataRecord | None:
    """Read the page of one paper.

    Raises:
        UnusableAnswerError: it is not one, or is about another paper.
    """
    page = read_object(reply)
    if page is None:
        return None
    if text(page, "id") != arxiv:
        raise UnusableAnswerError("the answer is about another paper")
    names = texts(page, "linkedDatasets", key="id")
    datasets = [name for name in names if _DATASET.fullmatch(name)][:_MAX_DATA]
    return MetadataRecord(
        source=Origin.HUGGING_FACE,
        arxiv=arxiv,
        title=text(page, "title"),
        authors=texts(page, "authors", key="name"),
        date=plain_month(text(page, "publishedAt")),
        code=_address(text(page, "githubRepo")),
        project=_address(text(page, "projectPage")),
        data=tuple(f"https://huggingface.co/datasets/{name}" for name in datasets),
    )


def _address(address: str) -> tuple[str, ...]:
    return (address,) if canonical_url(address) else ()


HUGGING_FACE = MetadataService(
    setting=Origin.HUGGING_FACE.setting,
    interval=0.6,  # 500 questions in five minutes
    name_of=lambda question, _known: question.arxiv or "" if question.links else "",
    path_of=lambda arxiv: f"/api/papers/{quote(arxiv, safe='')}",
    parse=_parse_hugging_face,
)
