"""The links of a line, and what each of them leads to."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from kdbot.intake.markdown.lines import Line
from kdbot.model.identifiers import Identifier, IdentifierKind, parse_identifier
from kdbot.text import hosts
from kdbot.text.hosts import LinkRole
from kdbot.text.labels import IGNORED, PAPER, field_of_label


class Role(StrEnum):
    """What a link leads to; the values of all but the last two are record fields."""

    PAPER = "url"
    CODE = "code"
    PROJECT = "project"
    DATA = "data"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One address in a line.

    Attributes:
        address: as it was written.
        text: the words of the link; the address itself where it stands bare.
        start: position in the line's text.
        end: position behind it.
        bare: whether the address itself is what a reader sees.
        identifier: what it identifies, or None.
    """

    address: str
    text: str
    start: int
    end: int
    bare: bool
    identifier: Identifier | None = None


_ROLES = {
    LinkRole.PAPER: Role.PAPER,
    LinkRole.CODE: Role.CODE,
    LinkRole.PROJECT: Role.PROJECT,
    LinkRole.DATA: Role.DATA,
    LinkRole.OTHER: Role.OTHER,
}
_OPENING = re.compile(
    r"https?://|www\.|(?<![\w./@-])(?:arxiv\.org|github\.com|huggingface\.co|aclanthology\.org"
    r"|openreview\.net|doi\.org|(?:dx|www)\.doi\.org|alphaxiv\.org)/",
    re.IGNORECASE,
)
_PERHAPS = re.compile(r"[0-9]|[\w/]\.\w|://")
_END = re.compile(r"[\s<>\"“”‘’「」『』《》（）【】，。；、：！？|`\\^{}]|[,;](?=https?:)")
_MAX_ADDRESS = 2_000
_TRAILING = ".,;:!?'*_~"
_PAIRS = {")": "(", "]": "["}
_TOKEN = re.compile(r"[^\s,;()\[\]{}<>\"“”（）【】，。；、|]+")
_NEW_STYLE = re.compile(r"[0-9]{4}\.[0-9]{5}(?:v[0-9]{1,2})?")
_ARXIV_WORD = re.compile(r"arxiv(?:\.org)?(?: preprint)?(?: id)?[\s:#(\[]*$", re.IGNORECASE)


def find_links(line: Line) -> tuple[Link, ...]:
    """Return the links of a line in their order: marked ones, bare addresses, bare identifiers."""
    found: list[Link] = []
    position = 0
    previous: str | None = None
    for span in line.spans:
        end = position + len(span.text)
        if span.url is None:
            if _PERHAPS.search(span.text):
                found += _bare_links(span.text, position)
        elif span.url == previous and found and found[-1].end == position:
            head = found.pop()
            found.append(_link(span.url, head.text + span.text, head.start, end, bare=head.bare))
        elif span.url and not span.url.startswith(("#", "mailto:", "/")):
            bare = "://" in span.text
            found.append(_link(span.url, span.text, position, end, bare=bare))
        previous, position = span.url, end
    return tuple(found)


def role_of_address(link: Link) -> Role:
    """Say what an address leads to, by its host and path alone."""
    role = hosts.role_of_address(link.address)
    return Role.UNKNOWN if role is None else _ROLES[role]


def role_of_link(link: Link, label: str | None) -> Role:
    """Say what a link leads to: by its address, else by its own words or the label before it."""
    own = "" if link.bare else field_of_label(link.text) or ""
    role = role_of_address(link)
    named = own if label is None or own not in {"", "url"} else label
    if role is Role.UNKNOWN or (role is Role.PROJECT and named == "data"):
        return {
            PAPER: Role.PAPER,
            "title": Role.PAPER,
            "url": Role.PAPER,
            "code": Role.CODE,
            "data": Role.DATA,
            "project": Role.PROJECT,
            IGNORED: Role.OTHER,
        }.get(named or "", role)
    if role is Role.OTHER and named == "data" and "huggingface.co" in link.address:
        return Role.DATA
    if role is Role.OTHER and named == "code" and hosts.is_repository(link.address):
        return Role.CODE
    return role


def _link(address: str, text: str, start: int, end: int, *, bare: bool) -> Link:
    identifier = parse_identifier(address)
    known = identifier.kind not in {IdentifierKind.NONE, IdentifierKind.URL}
    return Link(
        address=address,
        text=text,
        start=start,
        end=end,
        bare=bare,
        identifier=identifier if known else None,
    )


def _bare_links(text: str, offset: int) -> Iterator[Link]:
    position = 0
    while True:
        opening = _OPENING.search(text, position)
        yield from _bare_identifiers(
            text, position, opening.start() if opening else len(text), offset
        )
        if opening is None:
            return
        end = _END.search(text, opening.end())
        stop = min(end.start() if end else len(text), opening.start() + _MAX_ADDRESS)
        address = _trim(text[opening.start() : stop])
        position = opening.start() + max(len(address), 1)
        if len(address) > len(opening.group()):
            yield _link(address, address, opening.start() + offset, position + offset, bare=True)


def _trim(address: str) -> str:
    while address:
        last = address[-1]
        unbalanced = last in _PAIRS and address.count(_PAIRS[last]) < address.count(last)
        if last not in _TRAILING and not unbalanced:
            break
        address = address[:-1]
    return address


def _bare_identifiers(text: str, start: int, end: int, offset: int) -> Iterator[Link]:
    for token in _TOKEN.finditer(text, start, end):
        word = token.group().strip("'*_:.!?‘’")
        if not 6 < len(word) < 80 or not any(c.isdigit() for c in word):
            continue
        begin = token.start() + token.group().find(word)
        named = bool(_ARXIV_WORD.search(text[max(begin - 30, 0) : begin]))
        link = _link(word, word, begin + offset, begin + len(word) + offset, bare=True)
        if link.identifier and _plain(word, link.identifier.kind, named, text):
            yield link


def _plain(word: str, kind: IdentifierKind, named: bool, text: str) -> bool:
    """Tell whether a bare word is an identifier beyond doubt."""
    if kind is IdentifierKind.ARXIV:
        lowered = word.lower()
        return named or "arxiv" in lowered or "/" in word or bool(_NEW_STYLE.fullmatch(word))
    if kind is IdentifierKind.ACL:
        return word[0].isdigit() or "acl" in text.lower() or "anthology" in text.lower()
    return kind is IdentifierKind.DOI
