"""Which listed paper the words of a text mean: a title, an identifier, an address, a short name."""

import re
from collections.abc import Iterator
from dataclasses import replace

from kdbot.model.collection import Identities, Identity
from kdbot.model.identifiers import IdentifierKind, parse_identifier
from kdbot.model.proposal import Candidate, Given, Intent
from kdbot.model.titles import acronym_head, fold_title
from kdbot.review.identifiers import is_shared
from kdbot.review.similarity import find_alike
from kdbot.text.hosts import is_paper_address


def find_named(name: str, identities: Identities) -> tuple[Identity, ...]:
    """Return the listed papers that a name may mean; a correction needs exactly one.

    Args:
        name: a title, an identifier, an address, or the name before a title's colon.
        identities: those of the list.
    """
    found = parse_identifier(name)
    if found.kind is not IdentifierKind.NONE and found.canonical is not None:
        key = (found.kind, found.canonical)
        return () if is_shared(key) else identities.by_key.get(key, ())
    folded = fold_title(name)
    if not folded:
        return ()
    return (
        identities.by_title.get(folded)
        or _papers_called(name, identities)
        or tuple(find_alike(name, identities))
    )


def settle_values(candidate: Candidate, identities: Identities) -> Candidate:
    """Use the listed record to tell which of two stated values is new.

    *Title in the list: A. Title in the paper: B* calls neither of them right or wrong. Where the
    record has the first of the two, the other one is new. An address of another kind next
    to a stated value may also be a new value, so it is left to a maintainer.
    """
    if candidate.intent not in {Intent.UPDATE, Intent.SPOKEN_OF} or candidate.file is not None:
        return candidate
    found = (find_named(name, identities) for name in candidate.names)
    named = next((papers for papers in found if len(papers) == 1), None)
    if named is None:
        return candidate
    new = dict(_new_values(candidate, named[0]))
    if not new:
        return replace(
            candidate, unread=(*candidate.unread, *_other_addresses(candidate, named[0]))
        )
    given = {n: Given(value=value, origin=candidate.read_from) for n, value in new.items()}
    return replace(candidate, given={**given, **candidate.given}, intent=Intent.UPDATE)


def _new_values(candidate: Candidate, listed: Identity) -> Iterator[tuple[str, str]]:
    """Yield the fields with two stated values: the listed one first, then the other."""
    known = {*map(fold_title, listed.titles), *(canonical for _, canonical in listed.keys)}
    for name, values in candidate.unsettled.items():
        form = fold_title if name == "title" else _address_key
        keys = tuple({form(value): value for value in values}.items())
        is_pair = len(keys) == 2 and keys[0][0] in known and keys[1][0] not in known
        if is_pair and name not in candidate.given:
            yield name, keys[1][1]


def _other_addresses(candidate: Candidate, listed: Identity) -> Iterator[str]:
    """Yield the addresses that call a corrected paper otherwise than its record does."""
    old = map(_address_key, candidate.replaced.get("url", ()))
    known = {canonical for _, canonical in listed.keys} | set(old)
    for name in candidate.names if candidate.given and "url" not in candidate.given else ():
        if is_paper_address(name) and _address_key(name) not in known:
            yield name


def _address_key(address: str) -> str:
    return parse_identifier(address).canonical or address


def _papers_called(words: str, identities: Identities) -> tuple[Identity, ...]:
    """Return the listed papers whose name before the colon, or whose title, is these words."""
    folded = fold_title(words)
    titles = identities.by_word.get(folded.split()[0], ()) if folded else ()
    listed = (pair for title in titles for pair in identities.by_any_title[title])
    named = {i.id: i for i, title in listed if fold_title(acronym_head(title) or title) == folded}
    return tuple(named.values())


def find_in_text(text: str, identities: Identities) -> tuple[Identity, ...]:
    """Return the listed papers that a text names: by title, by its beginning, by a short name.

    Of names within each other the longest counts: *Orca 2* is not *Orca*. A name may be between
    letters of a script without spaces.
    """
    text = text[:_MAX_TEXT]
    folded, words = fold_title(text), set(_WORD.findall(text))
    found: list[tuple[str, Identity]] = []
    for identity in identities.all:
        name = max((_name_in(t, folded, words, text) for t in identity.titles), key=len)
        if name:
            found.append((name, identity))
    names = {name for name, _ in found}
    return tuple(one for name, one in found if not any(name in n and name != n for n in names))


def is_full_name(name: str, *, pages: bool) -> bool:
    """Tell whether a name is an identifier, or long enough for a title.

    Args:
        name: as the text has it.
        pages: whether the address of a paper's page counts.
    """
    kind = parse_identifier(name).kind
    if kind is not IdentifierKind.NONE:
        return kind is not IdentifierKind.URL or (pages and is_paper_address(name))
    return len(name.split()) >= _TITLE_WORDS


def _name_in(title: str, folded: str, words: set[str], text: str) -> str:
    """Return the part of a title by which a text names it, empty where it does not, folded."""
    parts = fold_title(title).split()
    head = " ".join(parts[:_TITLE_WORDS])
    if len(parts) >= _TITLE_WORDS and _stands_in(head, folded):
        return head
    name = title.partition(":")[0].strip() if ":" in title else ""
    is_name = (name in words and _is_no_other_version(name, text)) or (
        " " in name and _stands_in(name, text)
    )
    return fold_title(name) if is_name and any(map(str.isupper, name)) else ""


def _is_no_other_version(name: str, text: str) -> bool:
    """Tell whether a name occurs without a number of its own: *Orca 3* is not *Orca*."""
    return re.search(rf"{re.escape(name)}(?!\s[vV]?\d{{1,2}}(?!\d))", text) is not None


def _stands_in(words: str, text: str) -> bool:
    """Tell whether a text contains words, not within longer ones of the Latin script."""
    at = text.find(words)
    return at >= 0 and not (at and text[at - 1].isascii() and text[at - 1].isalnum())


_WORD = re.compile(r"[A-Za-z0-9À-ɏ_.+-]*[A-Za-z0-9À-ɏ]")
_TITLE_WORDS = 4
_MAX_TEXT = 4_000
