"""A candidate's values in canonical form.

Values from a form or a text are normalized without a message. A file belongs to its author:
there the canonical form is a finding, with the line that fixes it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from kdbot.model.collection import Collection
from kdbot.model.finding import Finding, Severity, quote
from kdbot.model.identifiers import IdentifierKind, arxiv_month
from kdbot.model.paper import IDENTIFIER_NAMES, FieldValue
from kdbot.model.proposal import Candidate, Given, Intent, Origin
from kdbot.model.titles import fold_title
from kdbot.model.venue import year_of_venue
from kdbot.review.checks import VENUE_IS_PUBLISHER, no_venue
from kdbot.review.draft import Draft, is_file, item_form
from kdbot.review.identifiers import (
    NOT_CANONICAL,
    fix_identifiers,
    is_name_of_paper,
    place_identifiers,
    read_identifier,
)
from kdbot.review.links import NOT_A_REPOSITORY
from kdbot.review.shape import shape_draft
from kdbot.text.addresses import address_fault, clean_address, same_address
from kdbot.text.citations import split_title
from kdbot.text.dates import parse_month, parse_year
from kdbot.text.hosts import LinkRole, is_repository, link_role, role_of_address
from kdbot.text.titles import canonical_title, clean_title, is_named_title, is_short_name
from kdbot.text.venues import bare_venue, canonical_venue, is_preprint

_FRONT = re.compile(r"/(?:tree|blob)/(?:main|master)/?$|/?#readme$", re.IGNORECASE)
# Fields whose other forms the schema or the taxonomy refuses.
_STRICT = frozenset({"date", "categories"})
_FORM = {
    "title": "without the other text the title is",
    "venue": "the list writes this venue as",
    "date": "as year and month this is",
    "categories": "the path of this category is",
}
_SHORT = 2  # words of a name


def normalize_candidate(candidate: Candidate, collection: Collection) -> Draft:
    """Return the canonical values of a candidate, with what was noticed on the way.

    Never raises, whatever the values are.
    """
    draft = shape_draft(candidate, collection.schema)
    in_file = candidate.file is not None
    if in_file:
        draft = fix_identifiers(draft)
    else:
        draft = _venue_of_title(_name_paper(place_identifiers(draft)), collection)
        draft = _drop_publisher(draft, collection)
    written, draft = draft.text("venue"), _canonicalize(draft, collection)
    if in_file:
        return _ask_for_year(draft, written, collection)
    draft = _take_year(draft, written, collection)
    return date_by_identifier(_sort_links(draft))


def _name_paper(draft: Draft) -> Draft:
    """Read words in the link field as the paper's title, or as its short name."""
    words = draft.text("url")
    if not words or read_identifier("url", words).kind is not IdentifierKind.NONE:
        return draft
    if not is_name_of_paper(words):
        return draft
    named, candidate, title = draft.without("url"), draft.candidate, draft.text("title")
    is_short, is_new = len(words.split()) <= _SHORT, candidate.intent is Intent.ADD
    if not (title or is_short) and (is_named_title(words) or not is_new):
        return named.with_value("title", words, draft.given["url"])
    is_name = is_short and (not title or is_short_name(words))
    if is_new and not is_name and fold_title(title) != fold_title(words):
        return draft  # `invalid-link` asks for the address
    if candidate.short_name is None:
        return replace(named, candidate=replace(candidate, short_name=words))
    return named


def _venue_of_title(draft: Draft, collection: Collection) -> Draft:
    """Read the venue from brackets at the end of the title, if no venue is stated."""
    title = draft.text("title")
    if not title.rstrip().endswith((")", "]")):
        return draft
    title, tail = split_title(title, collection.venues)
    venue = tail.strip(" |")
    if canonical_venue(venue, collection.venues) is None:
        return draft
    place = draft.given["title"]
    draft = draft.with_value("title", title, place)
    return draft if draft.text("venue") else draft.with_value("venue", venue, place)


def _canonicalize(draft: Draft, collection: Collection) -> Draft:
    """Return the draft with canonical values; in a file, with a finding for each that was not."""
    values = dict(draft.values)
    findings: list[Finding] = []
    for name, value in draft.values.items():
        if isinstance(value, bool) or name in IDENTIFIER_NAMES:
            continue
        items = value if isinstance(value, tuple) else (value,)
        fixed = tuple(_canonical(name, item, draft, collection) for item in items)
        if isinstance(value, tuple) and draft.file is None:
            fixed = _distinct(name, fixed, collection)
        if fixed != items:
            values[name] = fixed if isinstance(value, tuple) else fixed[0]
            if is_file(draft.given[name]):
                findings.extend(_differences(draft, name, value, fixed))
    return draft.with_values(values).noting(*findings)


def _canonical(name: str, text: str, draft: Draft, collection: Collection) -> str:
    """Return the canonical form of a text, or of an item of a list; the text if it has none."""
    in_file = draft.file is not None
    match name:
        case "venue":
            known = canonical_venue(text, collection.venues)
            return known or (text if in_file else bare_venue(text))
        case "date":
            return parse_month(text) or text
        case "year":
            return year_of_venue(text) or text
        case "categories":
            named = collection.taxonomy.named(text)
            return named[0].path if len(named) == 1 else text
        case "title":
            return (canonical_title(text) if in_file else clean_title(text)) or text
        case "code" if not in_file:
            return _repository(clean_address(text))
    if collection.schema.lists_addresses(name):
        return clean_address(text)
    return " ".join(text.split()) or text


def _differences(
    draft: Draft, name: str, value: FieldValue, fixed: tuple[str, ...]
) -> Iterator[Finding]:
    in_list = isinstance(value, tuple)
    items = value if isinstance(value, tuple) else (str(value),)
    for position, (text, canonical) in enumerate(zip(items, fixed, strict=True)):
        if text == canonical:
            continue
        item = position if in_list else None
        message = f"I read {quote(text)}; {_FORM.get(name, 'its canonical form is')} "
        message += f"{quote(canonical)}."
        if " ".join(text.split()) == canonical:
            message = f"{quote(text)} is not on one line, or has several spaces in a row."
        yield draft.finding(
            NOT_CANONICAL,
            message,
            field=name,
            item=item,
            fix=f"Write {quote(canonical)}.",
            replacement=draft.fixed_line(name, canonical, item=item),
            severity=Severity.ERROR if name in _STRICT else Severity.WARNING,
        )


def _ask_for_year(draft: Draft, written: str, collection: Collection) -> Draft:
    """Return a file's draft with a finding where the year beside the venue has no field."""
    year = year_of_venue(written)
    in_file = "venue" in draft.given and is_file(draft.given["venue"])
    if not year or not in_file or not _lacks_year(draft, collection):
        return draft
    message = f"The year {quote(year)} after the venue belongs in its own field."
    fix = f"Add {quote(f'year: {year}')}."
    return draft.noting(draft.finding(NOT_CANONICAL, message, field="venue", fix=fix))


def _lacks_year(draft: Draft, collection: Collection) -> bool:
    return "year" in collection.schema.by_name and "year" not in draft.values


def _repository(address: str) -> str:
    """Return the repository whose front page an address is."""
    return _FRONT.sub("", address) if is_repository(_FRONT.sub("", address)) else address


def _take_year(draft: Draft, written: str, collection: Collection) -> Draft:
    """Take the year that is written beside a venue, unless a year is stated by itself."""
    year, venue = year_of_venue(written), draft.text("venue")
    if year is None or is_preprint(venue):
        return draft
    if not _lacks_year(draft, collection):
        return draft
    return draft.with_value("year", year, draft.given["venue"])


def _distinct(name: str, items: Iterable[str], collection: Collection) -> tuple[str, ...]:
    form = item_form(name, collection.schema)
    first: dict[str, str] = {}
    for item in items:
        first.setdefault(form(item), item)
    return tuple(first.values())


def _sort_links(draft: Draft) -> Draft:
    """Move repositories to `code`, and other code links to the field where they belong."""
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
                f"{quote(url)} is a web page, not a repository; I listed it under {words}.",
                field="code",
                fix="Nothing to do. If there is a repository, write its address.",
                severity=Severity.NOTICE,
            )
        )
    for name in ("code", "project"):
        if values.get(name) == ():
            del values[name], given[name]
    return replace(draft, values=values, given=given).noting(*findings)


def _items(value: FieldValue) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _drop_publisher(draft: Draft, collection: Collection) -> Draft:
    venue = draft.text("venue")
    reason = no_venue(venue, collection.venues)
    if reason is None:
        return draft
    finding = draft.finding(
        VENUE_IS_PUBLISHER,
        f"{quote(venue)} {reason}; I left the field empty.",
        field="venue",
    )
    return draft.without("venue").noting(finding)


def date_by_identifier(draft: Draft) -> Draft:
    """Use the month of the arXiv identifier if no month was given."""
    arxiv, date = draft.text("arxiv"), draft.text("date")
    if not arxiv or (date and parse_year(date) is None):
        return draft
    if read_identifier("arxiv", arxiv).kind is not IdentifierKind.ARXIV:
        return draft
    month = arxiv_month(arxiv)
    return draft.with_value("date", month, Given(value=month, origin=Origin.IDENTIFIER))
