"""DBLP's search (https://dblp.org/faq/How+to+use+the+dblp+search+API.html), one title a question.

It knows best where a paper of computer science was published, but no arXiv identifier: papers are
asked for by their title, and only an equal title is taken.
"""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

from kdbot.model.evidence import MetadataRecord, Outcome, found_records
from kdbot.model.identifiers import IdentifierKind, parse_identifier
from kdbot.model.paper import is_year
from kdbot.model.proposal import Origin
from kdbot.model.titles import fold_title, plain_words
from kdbot.web.http import Reply
from kdbot.web.metadata.service import (
    MetadataService,
    Object,
    Question,
    distinct,
    objects,
    part,
    read_object,
    text,
    texts,
)
from kdbot.web.services import UnusableAnswerError

_MAX_HITS = 30
_KINDS = ("Conference and Workshop Papers", "Journal Articles")
_NAMESAKE = re.compile(r" [0-9]{4}$")


def _parse_dblp(reply: Reply, title: str) -> MetadataRecord | None:
    """Read the papers that a search found, as one record of those that have the title.

    Published versions are first, conferences before journals; where there is only the preprint,
    its venue is `CoRR`.

    Raises:
        UnusableAnswerError: it is not a list of hits, or was cut before the title.
    """
    document = read_object(reply)
    if text(document, "result", "status", "@code") != "200":
        raise UnusableAnswerError("the answer is not a list of papers")
    hits = part(document, "result", "hits")
    papers = sorted(
        (
            part(hit, "info")
            for hit in objects(hits, "hit")
            if fold_title(text(hit, "info", "title").removesuffix(".")) == fold_title(title)
        ),
        key=_rank,
    )
    if papers:
        return _record(papers)
    if text(hits, "@total") not in {"", "0", text(hits, "@sent")}:
        raise UnusableAnswerError("more papers match the title than are shown")
    return None


def _record(papers: list[Object]) -> MetadataRecord:
    links = (link for p in papers for link in (text(p, "doi"), *_texts(p, "ee")))
    identifiers = [parse_identifier(link) for link in links]
    named = {found.kind: found.canonical for found in reversed(identifiers)}
    authors = texts(papers[0], "authors", "author", key="text")
    return MetadataRecord(
        source=Origin.DBLP,
        arxiv=named.get(IdentifierKind.ARXIV),
        title=text(papers[0], "title").removesuffix("."),
        authors=tuple(_NAMESAKE.sub("", author) for author in authors),
        venues=distinct(*(venue for paper in papers for venue in _texts(paper, "venue"))),
        year=text(papers[0], "year") if is_year(text(papers[0], "year")) else None,
        doi=named.get(IdentifierKind.DOI),
        acl=named.get(IdentifierKind.ACL),
        openreview=named.get(IdentifierKind.OPENREVIEW),
    )


def _rank(paper: Object) -> tuple[int, str]:
    kind = text(paper, "type")
    return _KINDS.index(kind) if kind in _KINDS else len(_KINDS), text(paper, "year")


def _texts(paper: Object, name: str) -> Iterator[str]:
    found = paper.get(name)
    for item in found if isinstance(found, list) else [found]:
        yield text({"": item}, "")


def _name_of(question: Question, known: Sequence[Outcome]) -> str:
    records = found_records(known)
    titles = (question.title, *(record.title for record in records))
    title = next(filter(None, titles), "")
    is_known = bool(records) or not question.search
    return title if question.venue and is_known and plain_words(title) else ""


def _path_of(title: str) -> str:
    query = urlencode({"q": plain_words(title), "format": "json", "h": _MAX_HITS})
    return f"/search/publ/api?{query}"


DBLP = MetadataService(
    setting=Origin.DBLP.setting,
    interval=1.5,
    name_of=_name_of,
    path_of=_path_of,
    parse=_parse_dblp,
)
