"""arXiv's Atom interface (https://info.arxiv.org/help/api/user-manual.html), a hundred at a time.

Three of its ways decide the form of this module: an identifier that it does not know is left out
without a word, one that is malformed makes the whole question a 400, and an overloaded arXiv
answers 200 with a page in HTML. So nothing is taken for missing but what a whole feed leaves out.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from kdbot.model.evidence import MetadataRecord, Outcome, Unavailable, one_line, plain_month
from kdbot.model.identifiers import is_arxiv_id, parse_arxiv_id, parse_identifier
from kdbot.model.proposal import Origin
from kdbot.model.titles import fold_title, plain_words
from kdbot.web.http import Reply
from kdbot.web.metadata.service import TITLE, MetadataService, Question
from kdbot.web.services import Known, ServiceClient, UnavailableError, UnusableAnswerError

_MAX_QUESTIONS = 24
_MAX_HITS = 50
_MAX_REASON = 300
_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"
_SEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
_ENTRY_ID = re.compile(r"https?://(?:[a-z]+\.)?arxiv\.org/abs/(?P<id>\S+)")
_ERROR_ID = re.compile(r"https?://(?:[a-z]+\.)?arxiv\.org/api/errors\b")
_MALFORMED = re.compile(r"incorrect id format for (?P<id>\S+)")
_PAPER = "(?:paper|article|manuscript|preprint|submission|work|version)"
_BACK = "(?:withdrawn|retracted)"
_FIRST = re.compile(
    rf"\W*(?:v[0-9]+\W+)?(?:{_BACK}|withdrew|withdrawal (?:due|because|by|for|of))\b", re.IGNORECASE
)
"""A remark that begins with it is about this very paper."""

_WITHDRAWN = re.compile(
    rf"[,;.(] {_BACK} (?:due|because|for|by|pending|since)\b"
    # What another paper did, `which has been withdrawn`, says nothing about this one.
    rf"|\b(?:{_PAPER}|it)\b(?:(?!\b(?:which|that)\b)[^.;]){{0,40}}"
    rf"\b(?:ha(?:s|ve) been|as been|was|is(?: being)?) (?:temporarily |now )?{_BACK}\b(?! from the)"
    rf"|\b{_PAPER}\b[^.;]{{0,80}}(?<!could )(?<!might )(?<!would )(?<!may )\bbe {_BACK}\b"
    rf"|\b(?:authors?|we|i)\b[^.;]{{0,40}}\b(?:withdraw|withdrew|retract(?:ed)?|{_BACK})"
    rf" (?:the|this|our|my) {_PAPER}"
    rf"|\bwithdrawal of (?:the|this|our|my) {_PAPER}"
    rf"|\b(?:{_BACK}|removed) by (?:the )?arxiv\b|\b{_BACK} by (?:the )?(?:authors?|submitter)\b",
    re.IGNORECASE,
)
"""What https://info.arxiv.org/help/withdraw.html asks for: arXiv itself has no field for it."""

_NOTICE = re.compile(rf"(?:this|the) {_PAPER} (?:has been|was|is) {_BACK}\b", re.IGNORECASE)

_EARLIER = re.compile(
    r"\b(?:previous|previously|earlier|original|old|older|first|prior|initial|v[0-9]+)\b[^.;]*\Z",
    re.IGNORECASE,
)
"""Said before it of another version, which was withdrawn in favour of this one."""

_SUCCESSOR = re.compile(
    r"\b(?:superseded|replaced|subsumed|absorbed|incorporated|merged)\b[^;]{0,40}?(?<![\w./-])"
    r"(?P<id>[0-9]{4}\.[0-9]{4,5}|[a-z-]+(?:\.[A-Z]{2})?/[0-9]{7}|10\.[0-9]{4,9}/[^\s,;)]+)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A whole answer of arXiv.

    Attributes:
        total: how many papers arXiv says the question has.
        records: the papers of this answer by identifier, in its order.
    """

    total: int
    records: Mapping[str, MetadataRecord]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rejection:
    """arXiv refuses the question for the form of an identifier.

    Attributes:
        identifier: the one it names, or None.
    """

    identifier: str | None


def _parse_arxiv(reply: Reply) -> Feed | _Rejection:
    """Read an answer of arXiv.

    Raises:
        UnusableAnswerError: it is not a complete feed.
    """
    try:
        feed = _parse_xml(reply.body)
    except UnusableAnswerError:
        if reply.status == 400:
            return _Rejection(identifier=None)
        raise
    if feed.tag != f"{_ATOM}feed":
        raise UnusableAnswerError("the answer is not an Atom feed")
    entries = feed.findall(f"{_ATOM}entry")
    for entry in entries:
        if _ERROR_ID.match(_text(entry, "id")):
            match = _MALFORMED.search(_text(entry, "summary"))
            return _Rejection(identifier=match["id"] if match else None)
    if reply.status != 200:
        raise UnusableAnswerError(f"the answer is HTTP {reply.status}")
    records = dict(_record(entry) for entry in entries)
    total = _total(feed)
    if len(records) > total:
        raise UnusableAnswerError("the feed has more papers than it says")
    return Feed(total=total, records=records)


def read_withdrawal(comment: str, updated: str) -> dict[str, Any]:
    """Return the fields of a record for a paper that its authors took back; none for any other.

    The version that takes a paper back is its last one, and the remark gives the reason.

    Args:
        comment: the authors' remark.
        updated: time of the last version, which begins with its day, or an empty text.
    """
    found = _WITHDRAWN.search(comment)
    is_told = found is not None and not _EARLIER.search(comment[: found.end()])
    if not (is_told or _FIRST.match(comment)):
        return {}
    named = _SUCCESSOR.search(comment)
    successor = parse_identifier(named["id"].rstrip(".")) if named else None
    return {
        "withdrawn": True,
        "status_date": updated[:10] or None,
        "status_reason": comment[:_MAX_REASON],
        "successor": successor.canonical if successor else None,
    }


def _withdrawal(comment: str, entry: ET.Element) -> dict[str, Any]:
    updated, summary = _text(entry, "updated"), _text(entry, "summary")
    found = read_withdrawal(comment, updated)
    # Administrators of arXiv write it instead of the abstract.
    return found or (read_withdrawal(summary, updated) if _NOTICE.match(summary) else {})


def _read_feed(batch: Sequence[str], feed: Feed) -> dict[str, Known]:
    """Tell what a feed says of each identifier that was asked for.

    A missing paper does not exist only if the feed has all the results that it counts.
    """
    absent = None
    if len(feed.records) != feed.total:
        reason = f"the answer has {len(feed.records)} of {feed.total} papers"
        absent = Unavailable(source=Origin.ARXIV, reason=reason)
    return {identifier: feed.records.get(identifier, absent) for identifier in batch}


class _NoDoctype(ET.TreeBuilder):
    """Refuse a document type before the first entity of it is declared."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        del name, pubid, system
        raise UnusableAnswerError("the answer is a page, or XML with a document type")


def _parse_xml(body: bytes) -> ET.Element:
    # Entities are what makes XML dangerous, and they need a document type, which is refused.
    parser = ET.XMLParser(target=_NoDoctype())  # noqa: S314
    try:
        parser.feed(body)
        return parser.close()
    except ET.ParseError as error:
        raise UnusableAnswerError("the answer is not valid XML") from error


def _record(entry: ET.Element) -> tuple[str, MetadataRecord]:
    match = _ENTRY_ID.fullmatch(_text(entry, "id"))
    identifier = parse_arxiv_id(match["id"]) if match else None
    arxiv, title = identifier and identifier.canonical, _text(entry, "title")
    if not arxiv or not title:
        raise UnusableAnswerError("an entry of the feed has no identifier or no title")
    comment = one_line(entry.findtext(f"{_ARXIV}comment"))
    names = (one_line(name.text) for name in entry.iterfind(f"{_ATOM}author/{_ATOM}name"))
    record = MetadataRecord(
        source=Origin.ARXIV,
        arxiv=arxiv,
        title=title,
        authors=tuple(name for name in names if name),
        date=plain_month(_text(entry, "published")),
        doi=one_line(entry.findtext(f"{_ARXIV}doi")).lower() or None,
        comment=comment or None,
        journal_ref=one_line(entry.findtext(f"{_ARXIV}journal_ref")) or None,
        **_withdrawal(comment, entry),
    )
    return arxiv, record


def _total(feed: ET.Element) -> int:
    text = (feed.findtext(f"{_SEARCH}totalResults") or "").strip()
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise UnusableAnswerError("the feed does not say how many results there are")
    return int(text)


def _text(entry: ET.Element, name: str) -> str:
    return one_line(entry.findtext(f"{_ATOM}{name}"))


def search_arxiv(query: str, client: ServiceClient, *, limit: int = 100) -> Feed:
    """Return the newest papers of a query, the newest first, `limit` at most.

    Raises:
        UnavailableError: there is no complete answer.
    """
    parameters = {
        "search_query": query,
        "sortBy": "submittedDate",
        "sortOrder": "descending",
        "start": 0,
        "max_results": limit,
    }
    found = client.ask(ARXIV, f"/api/query?{urlencode(parameters)}", _parse_arxiv)
    if isinstance(found, _Rejection):
        raise UnavailableError("it refuses the query")
    return found


def _search(client: ServiceClient, title: str) -> MetadataRecord | None:
    """Search for a paper by its title; it counts where it is the only one of that title."""
    feed = search_arxiv(f'ti:"{plain_words(title)}"', client, limit=_MAX_HITS)
    same = [r for r in feed.records.values() if fold_title(r.title) == fold_title(title)]
    return same[0] if len(same) == 1 else None


def _name_of(question: Question, _known: Sequence[Outcome]) -> str:
    return question.arxiv or (f"{TITLE}{question.title}" if question.search else "")


def _ask(client: ServiceClient, batch: Sequence[str]) -> dict[str, Known]:
    """Ask about identifiers; one that arXiv rejects does not cost the others theirs.

    What is not in the form of an arXiv identifier is not there, and is not asked for.
    """
    outcomes: dict[str, Known] = dict.fromkeys(batch)
    askable = [identifier for identifier in batch if is_arxiv_id(identifier)]
    parts: list[Sequence[str]] = [askable] if askable else []
    for _ in range(_MAX_QUESTIONS):
        if not parts:
            return outcomes
        part = parts.pop()
        try:
            answer = _ask_twice(part, client)
        except UnavailableError as error:
            outcomes.update(_could_not_ask(part, str(error)))
            continue
        if isinstance(answer, Feed):
            outcomes.update(_read_feed(part, answer))
        elif answer.identifier is not None and answer.identifier in part:
            outcomes[answer.identifier] = None
            parts += filter(None, [[one for one in part if one != answer.identifier]])
        elif len(part) > 1:
            middle = len(part) // 2
            parts += [part[middle:], part[:middle]]
        else:
            outcomes.update(_could_not_ask(part, "it rejects the request (HTTP 400)"))
    for part in parts:
        outcomes.update(_could_not_ask(part, "it rejects one request after the other (HTTP 400)"))
    return outcomes


def _could_not_ask(part: Sequence[str], reason: str) -> dict[str, Known]:
    return dict.fromkeys(part, Unavailable(source=Origin.ARXIV, reason=reason))


def _ask_twice(part: Sequence[str], client: ServiceClient) -> Feed | _Rejection:
    """Ask; and again where nothing at all is found, which arXiv now and then says under load."""
    answer = client.ask(ARXIV, _path(part), _parse_arxiv)
    if isinstance(answer, Feed) and not answer.records:
        return client.ask(ARXIV, _path(part), _parse_arxiv)
    return answer


def _path(batch: Sequence[str]) -> str:
    # The default of max_results is 10, and would cut the list without a word.
    parameters = {"id_list": ",".join(batch), "max_results": len(batch)}
    return f"/api/query?{urlencode(parameters, safe=',/')}"


ARXIV = MetadataService(
    setting=Origin.ARXIV.setting,
    interval=3.0,
    accept="application/atom+xml, text/xml",
    batch=100,  # more make the address too long for the servers between
    name_of=_name_of,
    ask=_ask,
    search=_search,
)
