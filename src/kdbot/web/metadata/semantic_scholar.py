"""Semantic Scholar's graph (https://api.semanticscholar.org/api-docs/graph), 500 papers at a time.

It is the one service that tells the venues of a whole list in one question. A title is searched for
by itself, and only an equal one is taken.
"""

import json
from collections.abc import Sequence
from urllib.parse import urlencode

from kdbot.model.evidence import MetadataRecord, Outcome, found_records, plain_month
from kdbot.model.identifiers import ARXIV_DOI
from kdbot.model.proposal import Origin
from kdbot.model.titles import fold_title, plain_words
from kdbot.web.http import Reply
from kdbot.web.metadata.service import (
    TITLE,
    MetadataService,
    Object,
    Question,
    distinct,
    objects,
    read_json,
    read_object,
    text,
    texts,
)
from kdbot.web.services import Known, ServiceClient, UnusableAnswerError

_FIELDS = "title,authors,venue,publicationVenue,journal,externalIds,publicationDate"
_NO_VALID_ID = "No valid paper ids given"


def _parse_semantic_scholar(reply: Reply, batch: Sequence[str]) -> dict[str, Known]:
    """Read an answer: an object for each identifier in the order of the question, or null.

    Raises:
        UnusableAnswerError: it is not such a list, or has another length.
    """
    if reply.status == 400 and _NO_VALID_ID.encode() in reply.body:
        return dict.fromkeys(batch)
    papers = read_json(reply)
    if not isinstance(papers, list) or len(papers) != len(batch):
        raise UnusableAnswerError("the answer does not have one entry for each paper")
    return {key: _record(key, paper) for key, paper in zip(batch, papers, strict=True)}


def _record(key: str, paper: Object | None) -> MetadataRecord | None:
    arxiv = text(paper, "externalIds", "ArXiv")
    title = text(paper, "title")
    # A paper that was joined with another one answers for both.
    is_other = key.startswith("ARXIV:") and arxiv and arxiv != key.removeprefix("ARXIV:")
    if not title or is_other:
        return None
    doi = text(paper, "externalIds", "DOI").lower()
    return MetadataRecord(
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
        doi=doi if doi and not doi.startswith(ARXIV_DOI) else None,
        acl=text(paper, "externalIds", "ACL") or None,
    )


def _parse_match(reply: Reply, title: str) -> MetadataRecord | None:
    """Read the one paper that a search for a title found.

    Raises:
        UnusableAnswerError: it is not such an answer.
    """
    found = read_object(reply)
    papers = objects(found, "data")
    if found is not None and not papers:
        raise UnusableAnswerError("the answer has no paper and does not say that there is none")
    same = (paper for paper in papers if fold_title(text(paper, "title")) == fold_title(title))
    return next((_record(TITLE, paper) for paper in same), None)


def _search(client: ServiceClient, title: str) -> MetadataRecord | None:
    query = urlencode({"query": plain_words(title), "fields": _FIELDS}, safe=",")
    path = f"/graph/v1/paper/search/match?{query}"
    return client.ask(SEMANTIC_SCHOLAR, path, lambda reply: _parse_match(reply, title))


def _name_of(question: Question, known: Sequence[Outcome]) -> str:
    arxiv = question.arxiv or next((r.arxiv for r in found_records(known) if r.arxiv), None)
    names = (("ARXIV", arxiv), ("ACL", question.acl), ("DOI", question.doi))
    named = next((f"{kind}:{name}" for kind, name in names if name), "")
    if named:
        # For a paper that is not on arXiv, no other service has title and authors.
        return named if question.venue or arxiv is None else ""
    return f"{TITLE}{question.title}" if question.search else ""


def _ask(client: ServiceClient, batch: Sequence[str]) -> dict[str, Known]:
    return client.ask(
        SEMANTIC_SCHOLAR,
        f"/graph/v1/paper/batch?fields={_FIELDS}",
        lambda reply: _parse_semantic_scholar(reply, batch),
        body=json.dumps({"ids": batch}).encode(),
    )


SEMANTIC_SCHOLAR = MetadataService(
    setting=Origin.SEMANTIC_SCHOLAR.setting,
    interval=1.0,  # without a key all the world shares one pool
    batch=500,  # the most that the service takes
    name_of=_name_of,
    ask=_ask,
    search=_search,
)
