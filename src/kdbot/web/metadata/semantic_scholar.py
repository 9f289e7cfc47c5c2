"""Semantic Scholar's graph (https://api.semanticscholar.org/api-docs/graph), 500 papers at a time.

It is the one service that tells the venues of a whole list in one question.
"""

import json
from collections.abc import Sequence

from kdbot.model.evidence import Found, MetadataRecord, NotFound, Outcome, plain_month
from kdbot.model.proposal import Origin
from kdbot.web.http import Reply
from kdbot.web.metadata.service import (
    MetadataService,
    Object,
    Question,
    distinct,
    read_json,
    text,
    texts,
)
from kdbot.web.services import ServiceClient, UnusableAnswerError

_FIELDS = "title,authors,venue,publicationVenue,journal,externalIds,publicationDate"
_NO_VALID_ID = "No valid paper ids given"
_ARXIV_DOI = "10.48550/arxiv."
_ABSENT = NotFound(source=Origin.SEMANTIC_SCHOLAR)


def _parse_semantic_scholar(reply: Reply, batch: Sequence[str]) -> dict[str, Outcome]:
    """Read an answer: an object for each identifier in the order of the question, or null.

    Raises:
        UnusableAnswerError: it is no such list, or one of another length.
    """
    if reply.status == 400 and _NO_VALID_ID.encode() in reply.body:
        return dict.fromkeys(batch, _ABSENT)
    papers = read_json(reply)
    if not isinstance(papers, list) or len(papers) != len(batch):
        raise UnusableAnswerError("the answer has not one paper for each that was asked for")
    return {key: _outcome(key, paper) for key, paper in zip(batch, papers, strict=True)}


def _outcome(key: str, paper: Object | None) -> Outcome:
    arxiv = text(paper, "externalIds", "ArXiv")
    title = text(paper, "title")
    # A paper that was joined with another one answers for both.
    is_other = key.startswith("ARXIV:") and arxiv and arxiv != key.removeprefix("ARXIV:")
    if not title or is_other:
        return _ABSENT
    doi = text(paper, "externalIds", "DOI").lower()
    return Found(
        record=MetadataRecord(
            source=Origin.SEMANTIC_SCHOLAR,
            arxiv=arxiv or None,
            title=title,
            authors=texts(paper, "authors", key="name"),
            date=plain_month(text(paper, "publicationDate")),
            venues=distinct(
                text(paper, "publicationVenue", "name"),
                text(paper, "venue"),
                text(paper, "journal", "name"),
            ),
            doi=doi if doi and not doi.startswith(_ARXIV_DOI) else None,
            acl=text(paper, "externalIds", "ACL") or None,
        )
    )


def _name_of(question: Question, _known: Sequence[Outcome]) -> str:
    names = (("ARXIV", question.arxiv), ("ACL", question.acl), ("DOI", question.doi))
    named = (f"{kind}:{name}" for kind, name in names if name)
    return next(named, "") if question.venue else ""


def _ask(client: ServiceClient, batch: Sequence[str]) -> dict[str, Outcome]:
    return client.ask(
        SEMANTIC_SCHOLAR,
        f"/graph/v1/paper/batch?fields={_FIELDS}",
        lambda reply: _parse_semantic_scholar(reply, batch),
        body=json.dumps({"ids": list(batch)}).encode(),
    )


SEMANTIC_SCHOLAR = MetadataService(
    origin=Origin.SEMANTIC_SCHOLAR,
    setting=Origin.SEMANTIC_SCHOLAR.setting,
    interval=1.0,  # without a key all the world shares one pool
    batch=500,  # the most that the service takes
    name_of=_name_of,
    ask=_ask,
)
