"""Which listed paper the words of a text mean: a title, an identifier, an address, a short name."""

from kdbot.model.collection import Identities, Identity
from kdbot.model.identifiers import IdentifierKind, parse_identifier
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


def _papers_called(words: str, identities: Identities) -> tuple[Identity, ...]:
    """Return the listed papers whose name before the colon, or whose title, is these words."""
    folded = fold_title(words)
    titles = identities.by_word.get(folded.split()[0], ()) if folded else ()
    listed = (pair for title in titles for pair in identities.by_any_title[title])
    named = {i.id: i for i, title in listed if fold_title(acronym_head(title) or title) == folded}
    return tuple(named.values())


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


_TITLE_WORDS = 4
