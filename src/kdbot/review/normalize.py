"""A candidate's values in canonical form.

What a person wrote in a form or a text is brought there without a word. What stands in a file is
its author's: there the canonical form is a finding, with the line that mends it.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from kdbot.model.collection import Collection
from kdbot.model.finding import Finding, Severity, quote
from kdbot.model.identifiers import IdentifierKind, arxiv_month
from kdbot.model.paper import IDENTIFIER_NAMES
from kdbot.model.proposal import Candidate, Given, Origin
from kdbot.model.venue import year_of_venue
from kdbot.review.checks import VENUE_IS_PUBLISHER
from kdbot.review.draft import Draft, Value
from kdbot.review.file_form import canonical_text, fix_file
from kdbot.review.identifiers import (
    IDENTIFIER_CONFLICT,
    field_of,
    is_name_of_paper,
    read_identifier,
)
from kdbot.review.links import NOT_A_REPOSITORY
from kdbot.review.shape import shape_draft
from kdbot.text.addresses import address_fault, same_address
from kdbot.text.dates import parse_year
from kdbot.text.hosts import LinkRole, is_repository, link_role, role_of_address
from kdbot.text.titles import clean_title
from kdbot.text.venues import bare_venue, is_preprint, is_publisher

_FRONT = re.compile(r"/(?:tree|blob)/(?:main|master)/?$|/?#readme$", re.IGNORECASE)


def normalize_candidate(candidate: Candidate, collection: Collection) -> Draft:
    """Return the canonical values of a candidate, with what was noticed on the way.

    Never raises, whatever the values are.
    """
    draft = shape_draft(candidate, collection.schema)
    if candidate.file is not None:
        return fix_file(draft, collection)
    draft = _name_paper(_identify(draft))
    draft = _canonicalize(draft, collection)
    draft = _sort_links(draft)
    return date_by_identifier(_drop_publisher(draft, collection))


def _identify(draft: Draft) -> Draft:
    """Put each identifier under its own field; the address stays where there is no identifier."""
    values, given = dict(draft.values), dict(draft.given)
    findings: list[Finding] = []
    for name in (*IDENTIFIER_NAMES, "url"):
        text = draft.text(name)
        found = read_identifier(name, text)
        field = field_of(found)
        if not text or field is None or found.canonical is None:
            continue
        place = given.pop(name)
        del values[name]
        if field == "url":
            values["url"], given["url"] = text.strip("<>"), place
        elif values.get(field, found.canonical) not in (found.canonical, draft.values.get(field)):
            findings.extend(_conflict(draft, field, found.canonical, str(values[field])))
        elif field not in values or field == name:
            values[field], given[field] = found.canonical, place
    if any(name in values for name in IDENTIFIER_NAMES):
        values.pop("url", None)
    return replace(draft, values=values, given=given, findings=(*draft.findings, *findings))


def _conflict(draft: Draft, field: str, one: str, other: str) -> Iterator[Finding]:
    yield draft.finding(
        IDENTIFIER_CONFLICT,
        f"I read both {quote(other)} and {quote(one)} for one paper; they are two papers.",
        field=field,
        fix="Keep the one that is meant.",
    )


def _name_paper(draft: Draft) -> Draft:
    """Take words in the place of a link for the paper's title, or for its short name."""
    words = draft.text("url")
    if not words or read_identifier("url", words).kind is not IdentifierKind.NONE:
        return draft
    if not is_name_of_paper(words):
        return draft
    values = {k: v for k, v in draft.values.items() if k != "url"}
    given = {k: v for k, v in draft.given.items() if k != "url"}
    candidate = draft.candidate
    if "title" not in values and len(words.split()) > 2:
        values["title"], given["title"] = words, draft.given["url"]
    elif candidate.short_name is None:
        candidate = replace(candidate, short_name=words)
    return replace(draft, candidate=candidate, values=values, given=given)


def _canonicalize(draft: Draft, collection: Collection) -> Draft:
    values: dict[str, Value] = {}
    for name, value in draft.values.items():
        if name in IDENTIFIER_NAMES or isinstance(value, bool):
            values[name] = value
        elif isinstance(value, tuple):
            items = [canonical_text(name, item, collection) or item for item in value]
            items = [_repository(item) for item in items] if name == "code" else items
            values[name] = _distinct(name, items, collection)
        elif name == "title":
            values[name] = clean_title(value) or value
        elif name == "venue":
            values[name] = canonical_text(name, value, collection) or bare_venue(value)
        else:
            values[name] = canonical_text(name, value, collection) or value
    return _year_of_venue(replace(draft, values=values), draft.text("venue"), collection)


def _repository(address: str) -> str:
    """Return the repository whose front page an address is."""
    return _FRONT.sub("", address) if is_repository(_FRONT.sub("", address)) else address


def _year_of_venue(draft: Draft, written: str, collection: Collection) -> Draft:
    """Take the year that is written beside a venue, unless a year is stated by itself."""
    year = year_of_venue(written)
    venue = draft.text("venue")
    is_known = "year" in collection.schema.by_name and "year" not in draft.values
    if year is None or not is_known or is_preprint(venue) or is_publisher(venue):
        return draft
    given = {**draft.given, "year": draft.given["venue"]}
    return replace(draft, values={**draft.values, "year": year}, given=given)


def _distinct(name: str, items: list[str], collection: Collection) -> tuple[str, ...]:
    form = same_address if collection.schema.lists_addresses(name) else str
    first: dict[str, str] = {}
    for item in items:
        first.setdefault(form(item), item)
    return tuple(first.values())


def _sort_links(draft: Draft) -> Draft:
    """Put repositories under the code, and code links that lead to none where they belong."""
    values, given = dict(draft.values), dict(draft.given)
    own = tuple(u for u in draft.items("project") if role_of_address(u) is LinkRole.CODE)
    if own:
        known = {same_address(url) for url in draft.items("code")}
        new = (url for url in own if same_address(url) not in known)
        values["code"] = (*draft.items("code"), *new)
        values["project"] = tuple(u for u in draft.items("project") if u not in own)
        given.setdefault("code", given["project"])
    findings: list[Finding] = []
    for url in draft.items("code"):
        if is_repository(url) or address_fault(url) is not None:
            continue
        is_data = link_role(LinkRole.CODE, url) is LinkRole.DATA
        field, words = ("data", "data") if is_data else ("project", "project pages")
        there = _items(values.get(field, ()))
        if same_address(url) not in map(same_address, there):
            values[field] = (*there, url)
            given.setdefault(field, given["code"])
        values["code"] = tuple(other for other in _items(values["code"]) if other != url)
        findings.append(
            draft.finding(
                NOT_A_REPOSITORY,
                f"{quote(url)} is a page and no repository; I put it under the {words}.",
                field="code",
                fix="Nothing to do, unless there is a repository: then write its address.",
                severity=Severity.NOTICE,
            )
        )
    for name in ("code", "project"):
        if values.get(name) == ():
            del values[name], given[name]
    return replace(draft, values=values, given=given, findings=(*draft.findings, *findings))


def _items(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _drop_publisher(draft: Draft, collection: Collection) -> Draft:
    venue = draft.text("venue")
    if not venue or venue in collection.venues.names or not is_publisher(venue):
        return draft
    finding = draft.finding(
        VENUE_IS_PUBLISHER,
        f"{quote(venue)} publishes or hosts papers and is no venue; I left the field empty.",
        field="venue",
    )
    values = {k: v for k, v in draft.values.items() if k != "venue"}
    given = {k: v for k, v in draft.given.items() if k != "venue"}
    return replace(draft, values=values, given=given, findings=(*draft.findings, finding))


def date_by_identifier(draft: Draft) -> Draft:
    """Take the month from the arXiv identifier where nobody wrote one."""
    arxiv, date = draft.text("arxiv"), draft.text("date")
    if not arxiv or (date and parse_year(date) is None):
        return draft
    if read_identifier("arxiv", arxiv).kind is not IdentifierKind.ARXIV:
        return draft
    month = arxiv_month(arxiv)
    return replace(
        draft,
        values={**draft.values, "date": month},
        given={**draft.given, "date": Given(value=month, origin=Origin.IDENTIFIER)},
    )
