"""Crossref (https://api.crossref.org/swagger-ui/index.html), 50 DOIs a question.

It is asked for one thing: what was said of a work after its publication. A notice is under
`updated-by` of the work that it is about, those of Retraction Watch included, and under `update-to`
of the notice, which some publishers give the number of the work itself. The types are those of
https://www.crossref.org/documentation/crossmark/version-control-corrections-and-retractions/.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote

from kdbot.model.evidence import MetadataRecord, Outcome, found_records
from kdbot.model.paper import STATUSES, is_graver
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
from kdbot.web.services import Known, ServiceClient, UnusableAnswerError

_FIELDS = "DOI,title,author,relation,update-to,updated-by"
# COPE asks for a correction where a part is taken back: https://doi.org/10.24318/cope.2019.1.4.
_STATUS_OF_TYPE = {
    "retraction": "retracted",
    "removal": "retracted",
    "withdrawal": "withdrawn",
    "expression of concern": "expression of concern",
    "correction": "corrected",
    "corrigendum": "corrected",
    "erratum": "corrected",
    "partial retraction": "corrected",
}
_MARKED_TITLE = re.compile(
    r"\W*(?P<word>retracted|withdrawn)(?: article| paper)?\s*:\s*", re.IGNORECASE
)
"""How publishers mark the title of a work, some without a notice that programs can read."""


def _parse_crossref(reply: Reply, batch: Sequence[str]) -> dict[str, Known]:
    """Read a list of works; a DOI that is not among them is another agency's.

    Raises:
        UnusableAnswerError: it is not such a list, or not all of it.
    """
    document = read_object(reply)
    items = part(document, "message", "items")
    works = objects(document, "message", "items")
    if not isinstance(items, list) or part(document, "message", "total-results") != len(works):
        raise UnusableAnswerError("the answer is not a complete list of works")
    known = {text(work, "DOI").lower(): work for work in works}
    return {doi: _record(doi, known[doi]) if doi in known else None for doi in batch}


def _record(doi: str, work: Object) -> MetadataRecord:
    titles = work.get("title")
    title = titles[0] if isinstance(titles, list) and titles else ""
    title = " ".join(title.split()) if isinstance(title, str) else ""
    marked = _MARKED_TITLE.match(title)
    status, day, where = _gravest(doi, work)
    if marked and is_graver(marked["word"].lower(), status):
        status, day, where = marked["word"].lower(), None, None
    successor = objects(work, "relation", "is-replaced-by")
    names = (f"{text(one, 'given')} {text(one, 'family')}" for one in objects(work, "author"))
    return MetadataRecord(
        source=Origin.CROSSREF,
        title=title[marked.end() :] if marked else title,
        authors=tuple(name.strip() for name in names if name.strip()),
        withdrawn=status == "withdrawn",
        status=status if status not in {"", "withdrawn"} else None,
        status_date=day,
        status_reason=where,
        successor=text(successor[0], "id") or None if status and successor else None,
    )


def _gravest(doi: str, work: Object) -> tuple[str, str | None, str | None]:
    """Return the status by the gravest notices, the day of the first, and where one is."""
    notices = [(_STATUS_OF_TYPE.get(_kind(notice), ""), notice) for notice in _notices(doi, work)]
    status = max((status for status, _ in notices), key=("", *STATUSES).index, default="")
    found = [notice for said, notice in notices if said == status] if status else []
    others = (one for one in found if text(one, "DOI").lower() not in {"", doi})
    named = next(others, None)
    where = f"{_kind(named).capitalize()}: https://doi.org/{text(named, 'DOI')}" if named else None
    return status, min(filter(None, map(_day, found)), default=None), where


def _kind(notice: Object) -> str:
    return text(notice, "type").lower().replace("_", " ").replace("-", " ")


def _notices(doi: str, work: Object) -> Iterator[Object]:
    yield from objects(work, "updated-by")
    yield from (one for one in objects(work, "update-to") if text(one, "DOI").lower() == doi)


def _day(notice: Object) -> str | None:
    dates = part(notice, "updated", "date-parts")
    parts = dates[0] if isinstance(dates, list) and dates else None
    numbers = parts[:3] if isinstance(parts, list) else []
    if not numbers or not all(isinstance(number, int) for number in numbers):
        return None
    return "-".join(f"{number:02}" for number in numbers)


def _name_of(question: Question, known: Sequence[Outcome]) -> str:
    doi = question.doi or next((r.doi for r in found_records(known) if r.doi), None) or ""
    # A comma ends a value of a filter, and cannot be escaped.
    return "" if "," in doi else doi.lower()


def _ask(client: ServiceClient, batch: Sequence[str]) -> Mapping[str, Known]:
    filters = ",".join(f"doi:{quote(doi, safe='/')}" for doi in batch)
    path = f"/works?filter={filters}&select={_FIELDS}&rows={len(batch)}"
    return client.ask(CROSSREF, path, lambda reply: _parse_crossref(reply, batch))


CROSSREF = MetadataService(
    setting=Origin.CROSSREF.setting,
    interval=1.0,  # one list a second without an address for mail
    batch=50,
    name_of=_name_of,
    ask=_ask,
)
