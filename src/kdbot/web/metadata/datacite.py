"""DataCite (https://support.datacite.org/docs/api), which registers arXiv's DOIs.

It knows title, authors, date and comment of every paper of arXiv, one paper a question: the
fallback when arXiv itself does not answer.
"""

from collections.abc import Iterator, Sequence
from urllib.parse import quote

from kdbot.model.evidence import MetadataRecord, Outcome, Unavailable, plain_month
from kdbot.model.identifiers import ARXIV_DOI
from kdbot.model.proposal import Origin
from kdbot.web.http import Reply
from kdbot.web.metadata.arxiv import read_withdrawal
from kdbot.web.metadata.service import (
    MetadataService,
    Object,
    Question,
    objects,
    part,
    read_object,
    text,
    texts,
)
from kdbot.web.services import UnusableAnswerError


def _parse_datacite(reply: Reply, arxiv: str) -> MetadataRecord | None:
    """Read an answer about one paper of arXiv.

    Raises:
        UnusableAnswerError: it is not one, or is about another paper.
    """
    document = read_object(reply)
    if document is None:
        return None
    attributes = part(document, "data", "attributes")
    if text(attributes, "doi").lower() != ARXIV_DOI + arxiv:
        raise UnusableAnswerError("the answer is about another paper")
    titles = texts(attributes, "titles", key="title")
    if not titles:
        raise UnusableAnswerError("the answer has no title")
    comment = next(
        (
            text(description, "description")
            for description in objects(attributes, "descriptions")
            if text(description, "descriptionType") == "Other"
        ),
        "",
    )
    return MetadataRecord(
        source=Origin.DATACITE,
        arxiv=arxiv,
        title=titles[0],
        authors=tuple(filter(None, map(_name, objects(attributes, "creators")))),
        date=plain_month(min(_days(attributes, "Submitted"), default=None)),
        comment=comment or None,
        **read_withdrawal(comment, max(_days(attributes, "Updated"), default="")),
    )


def _name(creator: Object) -> str:
    given, family = text(creator, "givenName"), text(creator, "familyName")
    if given and family:
        return f"{given} {family}"
    family, comma, given = text(creator, "name").partition(", ")
    return f"{given} {family}" if comma else family


def _days(attributes: Object, kind: str) -> Iterator[str]:
    dates = objects(attributes, "dates")
    return (text(date, "date") for date in dates if text(date, "dateType") == kind)


def _name_of(question: Question, known: Sequence[Outcome]) -> str:
    """Ask only instead of arXiv."""
    is_needed = any(isinstance(one, Unavailable) and one.source is Origin.ARXIV for one in known)
    return question.arxiv or "" if is_needed else ""


DATACITE = MetadataService(
    setting=Origin.DATACITE.setting,
    interval=0.3,  # 1,000 questions in five minutes
    accept="application/vnd.api+json",
    name_of=_name_of,
    path_of=lambda arxiv: f"/dois/10.48550/arXiv.{quote(arxiv)}",
    parse=_parse_datacite,
    max_papers=200,  # it takes one question for each
)
