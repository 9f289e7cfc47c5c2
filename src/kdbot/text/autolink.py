"""Addresses and identifiers that stand bare among words, as people paste them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kdbot.model.identifiers import Identifier, IdentifierKind, parse_identifier
from kdbot.model.urls import trim_end

_OPENING = re.compile(
    r"https?://|www\.|(?<![\w./@-])(?:arxiv\.org|github\.com|huggingface\.co|aclanthology\.org"
    r"|openreview\.net|doi\.org|(?:dx|www)\.doi\.org|alphaxiv\.org)/",
    re.IGNORECASE,
)
_PERHAPS = re.compile(r"[0-9]|[\w/]\.\w|://")
_END = re.compile(r"[\s<>\"“”‘’「」『』《》（）【】，。；、：！？|`\\^{}]|[,;](?=https?:)")
_MAX_ADDRESS = 2_000
_TOKEN = re.compile(r"[^\s,;()\[\]{}<>\"“”（）【】，。；、|]+")
_NEW_STYLE = re.compile(r"[0-9]{4}\.[0-9]{5}(?:v[0-9]{1,2})?")
_ARXIV_WORD = re.compile(r"arxiv(?:\.org)?(?: preprint)?(?: id)?[\s:#(\[]*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class BareLink:
    """An address, or an identifier in the place of one.

    Attributes:
        address: as it was written.
        start: position in the text.
        identifier: what it identifies, or None.
    """

    address: str
    start: int
    identifier: Identifier | None


def find_bare_links(text: str) -> Iterator[BareLink]:
    """Yield the bare addresses and identifiers of a text in their order."""
    if not _PERHAPS.search(text):
        return
    position = 0
    while True:
        opening = _OPENING.search(text, position)
        yield from _identifiers(text, position, opening.start() if opening else len(text))
        if opening is None:
            return
        end = _END.search(text, opening.end())
        stop = min(end.start() if end else len(text), opening.start() + _MAX_ADDRESS)
        address = trim_address(text[opening.start() : stop])
        position = opening.start() + max(len(address), 1)
        if len(address) > len(opening[0]):
            found = identify(address)
            yield BareLink(address=address, start=opening.start(), identifier=found)


def trim_address(text: str) -> str:
    """Drop what follows a bare address and is no part of it, as GitHub's autolinks do.

    https://github.github.com/gfm/#extended-autolink-path-validation
    """
    while (shorter := trim_end(text).rstrip("_~")) != text:
        text = shorter
    return text


def identify(address: str) -> Identifier | None:
    """Return the identifier of the paper that an address or a word names, or None."""
    found = parse_identifier(address)
    return None if found.kind in {IdentifierKind.NONE, IdentifierKind.URL} else found


def _identifiers(text: str, start: int, end: int) -> Iterator[BareLink]:
    for token in _TOKEN.finditer(text, start, end):
        word = token[0].strip("'*_:.!?‘’")
        if not 6 < len(word) < 80 or not any(c.isdigit() for c in word):
            continue
        begin = token.start() + token[0].find(word)
        found = identify(word)
        if found and _is_plain(word, found.kind, text, begin):
            yield BareLink(address=word, start=begin, identifier=found)


def _is_plain(word: str, kind: IdentifierKind, text: str, begin: int) -> bool:
    """Tell whether a bare word is an identifier beyond doubt."""
    if kind is IdentifierKind.ARXIV:
        is_named = "arxiv" in word.lower() or "/" in word or _NEW_STYLE.fullmatch(word)
        return bool(is_named or _ARXIV_WORD.search(text[max(begin - 30, 0) : begin]))
    if kind is IdentifierKind.ACL:
        return word[0].isdigit() or "acl" in text.lower() or "anthology" in text.lower()
    return kind is IdentifierKind.DOI
