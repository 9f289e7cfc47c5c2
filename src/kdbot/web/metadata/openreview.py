"""OpenReview (https://docs.openreview.net/reference/api-v2), one forum a question.

It has the decision on a paper, and also the rejected and withdrawn ones.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import urlencode

from kdbot.model.evidence import MetadataRecord, Outcome, found_records
from kdbot.model.proposal import Origin
from kdbot.web.http import Reply
from kdbot.web.metadata.service import (
    MetadataService,
    Object,
    Question,
    objects,
    part,
    read_object,
    text,
)
from kdbot.web.services import UnusableAnswerError

_UNDECIDED = re.compile(
    r"submitted to|under review|in submission|reject|withdr[ae]w|_submission$|/submission$"
    r"|\bsubmission$",
    re.IGNORECASE,
)


def _parse_openreview(reply: Reply, forum: str) -> MetadataRecord | None:
    """Read the notes of a forum; the venue is left out unless the paper was accepted there.

    Raises:
        UnusableAnswerError: it is not a list of notes, or lacks the paper.
    """
    document = read_object(reply)
    if document is None:
        return None
    if not isinstance(part(document, "notes"), list):
        raise UnusableAnswerError("the answer is not a list of notes")
    notes = objects(document, "notes")
    if not notes:
        return None
    for note in notes:
        if text(note, "id") == forum:
            return _record(note, forum)
    raise UnusableAnswerError("the answer lacks the paper itself")


def _record(note: Object, forum: str) -> MetadataRecord:
    wrapped = note.get("content")
    # The second interface wraps each value, the first does not.
    values = wrapped.items() if isinstance(wrapped, Mapping) else ()
    content = {n: part(v, "value") if isinstance(v, Mapping) else v for n, v in values}
    venue, decision = text(content, "venue"), text(content, "venueid")
    is_accepted = bool(venue) and not (_UNDECIDED.search(venue) or _UNDECIDED.search(decision))
    authors = content.get("authors")
    return MetadataRecord(
        source=Origin.OPENREVIEW,
        openreview=forum,
        title=text(content, "title"),
        authors=tuple(name for name in authors if isinstance(name, str))
        if isinstance(authors, list)
        else (),
        date=_month(note),
        venues=(venue,) if is_accepted else (),
    )


def _month(note: Object) -> str | None:
    # When it was made public, published, or written, in milliseconds.
    for name in ("odate", "pdate", "cdate"):
        moment = note.get(name)
        if isinstance(moment, int) and 0 < moment < 4_102_444_800_000:
            return datetime.fromtimestamp(moment / 1000, UTC).strftime("%Y-%m")
    return None


def _name_of(question: Question, known: Sequence[Outcome]) -> str:
    records = found_records(known)
    forums = (question.openreview, *(record.openreview for record in records))
    # Only OpenReview has title and authors of a paper that no earlier service knows.
    return next(filter(None, forums), "") if question.venue or not records else ""


OPENREVIEW = MetadataService(
    setting=Origin.OPENREVIEW.setting,
    interval=3.0,  # guests have 20 questions a minute
    hides_papers=True,
    name_of=_name_of,
    path_of=lambda forum: f"/notes?{urlencode({'forum': forum})}",
    parse=_parse_openreview,
)
