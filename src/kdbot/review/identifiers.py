"""Identifiers under the fields of a record: which one a text is, and under which field it goes."""

import re
from collections.abc import Iterator
from dataclasses import replace

from kdbot.model.collection import Collection
from kdbot.model.finding import (
    Finding,
    Rule,
    Severity,
    error_rule,
    notice_rule,
    quote,
    warning_rule,
)
from kdbot.model.identifiers import (
    FORUM,
    LANDING_KINDS,
    Identifier,
    IdentifierKind,
    parse_identifier,
)
from kdbot.model.paper import IDENTIFIER_NAMES, IDENTITY_NAMES
from kdbot.review.draft import Draft
from kdbot.text.addresses import clean_address
from kdbot.text.record import render_scalar

IDENTIFIER_CONFLICT = error_rule(
    "identifier-conflict",
    "A paper has only one identifier of each kind.",
    "Check the identifier; if this is another paper with the same title, say so.",
)


INVALID_LINK = error_rule(
    "invalid-link",
    "A link is the full http or https address of a public page.",
    "Copy the whole address from the browser, beginning with `https://`.",
)
MISSING_LINK = notice_rule(
    "missing-link",
    "A record has an identifier or a link, so that readers can reach the paper.",
    "Add the paper's arXiv identifier, DOI or address if it has one.",
)
NOT_CANONICAL = warning_rule(
    "not-canonical",
    "Each value in a file has its canonical form and is in its own field.",
    "Write the canonical form.",
)


_CUT_NUMBER = re.compile(r"[0-9]{4}\.[0-9]{1,4}")
_LOOKS_LIKE_ARXIV = re.compile(
    r"arxiv|^[0-9]{4}\.[0-9]|^[a-z-]+(?:\.[a-z]{2})?/[0-9]+", re.IGNORECASE
)
_LOOKS_LIKE_DOI = re.compile(r"doi\b|^10\.", re.IGNORECASE)
_SHARED_HOST_PATH = re.compile(r"https://[^/]+/?")

_INVALID = {
    "arxiv": error_rule(
        "invalid-arxiv-id",
        "An arXiv identifier matches arXiv's format.",
        "Copy the identifier from the paper's page on arXiv, such as `2306.08543`.",
    ),
    "doi": error_rule(
        "invalid-doi",
        "A DOI begins with `10.`, a number and a slash.",
        "Copy the DOI from the publisher's page, such as `10.1145/3580305.3599790`.",
    ),
    "acl": error_rule(
        "invalid-acl-id",
        "An ACL Anthology identifier matches one of its two formats.",
        "Copy the identifier from the paper's page, such as `2024.eacl-long.109`.",
    ),
    "openreview": error_rule(
        "invalid-openreview-id",
        "An OpenReview identifier is the `id` of a forum.",
        "Copy the text after `forum?id=` in the address of the paper's page.",
    ),
    "url": INVALID_LINK,
}
"""The rule of each field with one text."""
_FORM = {
    "arxiv": "an arXiv identifier has two digits for the year, two for the month, a dot, and five "
    "digits (four until 2014)",
    "doi": "a DOI begins with `10.`, a number of four or more digits and a slash",
    "acl": "an ACL Anthology identifier looks like `2024.eacl-long.109` or `P19-1001`",
    "openreview": "an OpenReview identifier is the `id` in the address of a forum",
}


def read_identifier(field: str, text: str) -> Identifier:
    """Tell which identifier a text under a field is."""
    if field == "openreview" and FORUM.fullmatch(text):
        return parse_identifier(IdentifierKind.OPENREVIEW.page(text))
    found = parse_identifier(text)
    if found.kind is IdentifierKind.NONE and field == "url":
        return parse_identifier(clean_address(text))
    return found


def field_of(identifier: Identifier) -> str | None:
    """Return the field of an identifier of this kind, or None if it is not an identifier."""
    return None if identifier.kind is IdentifierKind.NONE else identifier.kind.value


def is_name_of_paper(text: str) -> bool:
    """Tell whether a text without an identifier is a name, such as a title or an acronym."""
    looks_like_link = (
        "://" in text or _LOOKS_LIKE_ARXIV.search(text) or _LOOKS_LIKE_DOI.search(text)
    )
    return not looks_like_link and any(c.isalpha() for c in text) and "www." not in text.lower()


def _fault_of(field: str, text: str) -> tuple[Rule, str, str | None]:
    """Return the rule that an unreadable identifier breaks, its form, and a fix if one is known."""
    kind = field
    if field == "url":
        kind = "arxiv" if _LOOKS_LIKE_ARXIV.search(text) else field
        kind = "doi" if _LOOKS_LIKE_DOI.search(text) else kind
    if kind == "arxiv" and _CUT_NUMBER.fullmatch(text):
        whole = f"{text:0<10}"
        if parse_identifier(whole).kind is IdentifierKind.ARXIV:
            lost = _FORM["arxiv"] + ", so a zero at the end may have been lost"
            return _INVALID[kind], lost, f"If so, write {whole!r}.".replace("'", "`")
    return _INVALID[kind], _FORM.get(kind, "it is not the address of a page"), None


def is_shared(key: tuple[IdentifierKind, str]) -> bool:
    """Tell whether a key is the root of a site, which several papers may share."""
    kind, url = key
    return kind is IdentifierKind.URL and _SHARED_HOST_PATH.fullmatch(url) is not None


def check_identifiers(draft: Draft, _collection: Collection) -> Iterator[Finding]:
    """Ask each identifier to be one, and a record to have one or an address."""
    for name in IDENTITY_NAMES:
        text = draft.text(name)
        if text and field_of(read_identifier(name, text)) is None:
            rule, form, fix = _fault_of(name, text)
            yield draft.finding(rule, f"I read {quote(text)}; {form}.", field=name, fix=fix)
    places = (draft.values, draft.candidate.given)
    if not any(name in place for name in IDENTITY_NAMES for place in places):
        yield draft.finding(
            MISSING_LINK, "The paper has no identifier and no link, so its title will have no link."
        )


def place_identifiers(draft: Draft) -> Draft:
    """Move each identifier to its own field; the address stays if there is no identifier."""
    values, given = dict(draft.values), dict(draft.given)
    findings: list[Finding] = []
    for name in IDENTITY_NAMES:
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
            findings.append(_conflict(draft, field, found.canonical, str(values[field])))
        elif field not in values or field == name:
            values[field], given[field] = found.canonical, place
    if any(name in values for name in IDENTIFIER_NAMES):
        values.pop("url", None)
    return replace(draft, values=values, given=given).noting(*findings)


def _conflict(draft: Draft, field: str, one: str, other: str) -> Finding:
    return draft.finding(
        IDENTIFIER_CONFLICT,
        f"I read both {quote(other)} and {quote(one)} for one paper, but they are two papers.",
        field=field,
        fix="Keep the one that is meant.",
    )


def fix_identifiers(draft: Draft) -> Draft:
    """Return a file's draft with each identifier under its field, and a finding for each other."""
    for name in IDENTITY_NAMES:
        if text := draft.text(name):
            found = read_identifier(name, text)
            field = field_of(found)
            if field == name:
                draft = _fix_own(draft, name, text, found)
            elif field is not None:
                draft = _move(draft, name, text, field, str(found.canonical))
    return draft


def _fix_own(draft: Draft, name: str, text: str, found: Identifier) -> Draft:
    if name == "url" or text == found.canonical:
        return draft
    canonical = str(found.canonical)
    finding = draft.finding(
        NOT_CANONICAL,
        f"I read {quote(text)}; the identifier is {quote(canonical)}.",
        field=name,
        fix=f"Write {quote(canonical)}.",
        replacement=draft.fixed_line(name, canonical),
        severity=Severity.ERROR,
    )
    return draft.with_value(name, canonical).noting(finding)


def _move(draft: Draft, name: str, text: str, field: str, canonical: str) -> Draft:
    """Move an identifier from another field into its own."""
    listed = draft.text(field)
    if listed == canonical and name == "url" and field != _landing_field(draft):
        return draft
    finding = _misplaced(draft, name, text, field, canonical)
    moved = draft.without(name).noting(finding)
    return moved if listed else moved.with_value(field, canonical, draft.given[name])


def _misplaced(draft: Draft, name: str, text: str, field: str, canonical: str) -> Finding:
    listed = draft.text(field)
    if not listed:
        others = any(draft.text(other) for other in IDENTIFIER_NAMES if other != name)
        return draft.finding(
            NOT_CANONICAL,
            f"I read {quote(text)} under {quote(name)}; it is the identifier {quote(canonical)}, "
            f"which belongs under {quote(field)}.",
            field=name,
            fix=f"Write {quote(f'{field}: {render_scalar(canonical, field)}')}.",
            replacement=draft.fixed_line(name, canonical, key=field),
            severity=Severity.WARNING if others else Severity.ERROR,
        )
    if listed == canonical:
        return draft.finding(
            NOT_CANONICAL,
            f"{quote(text)} is the same page as the field {quote(field)}.",
            field=name,
            fix="Remove the line.",
        )
    return draft.finding(
        IDENTIFIER_CONFLICT,
        f"I read {quote(listed)} under {quote(field)} and {quote(text)} under {quote(name)}; "
        "they are two papers.",
        field=name,
        fix="Keep the one that is meant.",
    )


def _landing_field(draft: Draft) -> str | None:
    """Return the identifier that the title leads to where the record has no other address."""
    return next((name for name in LANDING_KINDS if draft.text(name)), None)
