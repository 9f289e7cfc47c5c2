"""What a citation makes of a record: its BibTeX key (`gu2024minillm`), and names in their parts."""

import re
from collections.abc import Container, Iterator
from dataclasses import replace
from itertools import count, product
from string import ascii_lowercase

from kdbot.model.paper import Paper
from kdbot.model.schema import PaperSchema
from kdbot.model.titles import ascii_words
from kdbot.text.titles import word_set

_LONGEST_PART = 30
# Words without which two titles are told apart as well.
_MINOR = word_set(
    "a an and are as at by for from how in into is of on or the to via what when where which who"
    " why with"
)
_SUFFIX = re.compile(r"jr|sr|ii|iii|iv")


def citation_key(paper: Paper, taken: Container[str] = ()) -> str:
    """Return the key that a paper gets when it enters the list.

    The first author's surname with its particles, the year of the venue or else of the first
    appearance, and the title's first significant word, all in ASCII; without authors the title's
    first two such words. `a`, `b` … stand behind it where it is taken.

    Args:
        paper: the record, with `year` and `authors` where they are known.
        taken: keys of other papers.
    """
    words = ascii_words(paper.title)
    parts = [word for word in words if word not in _MINOR] or words
    if paper.authors and (family := _surname(paper.authors[0])):
        parts.insert(0, family)
    first, second = [*parts, "", ""][:2]
    if not first[:1].isalpha():
        first = f"paper{first}"
    year = paper.year or (paper.date or "")[:4]
    base = f"{first[:_LONGEST_PART]}{year}{second[:_LONGEST_PART]}"
    return next(key for end in _endings() if (key := f"{base}{end}") not in taken)


def stamped(paper: Paper, added: str, taken: set[str], schema: PaperSchema) -> Paper:
    """Return a paper as it enters the list: with its day, and with a key where the list has them.

    Args:
        paper: the record.
        added: the UTC day, `YYYY-MM-DD`.
        taken: the keys of other papers, to which its key is added.
        schema: the list's schema, which may be older than citation keys.
    """
    if "key" not in schema.by_name:
        return replace(paper, added=added)
    key = paper.key or citation_key(paper, taken)
    taken.add(key)
    return replace(paper, added=added, key=key)


def _surname(name: str) -> str:
    """Return the surname of a name in ASCII lower case, or an empty text."""
    return "".join(ascii_words(split_name(name)[1]))


def split_name(name: str) -> tuple[str, str]:
    """Return given names and surname of `Given Family`, `Family, Given` or `Given Family, Jr.`.

    Particles in lower case belong to the surname (`de Freitas`); what stands behind it (`Jr.`,
    `III`) to the given names. A single word, such as an organisation, is a surname.
    """
    before, comma, after = (part.strip() for part in name.partition(","))
    if comma and before and after and not _is_suffix(after):
        return after, before
    words = [*before.split(), *after.split()]
    suffix: list[str] = []
    while len(words) > 1 and _is_suffix(words[-1]):
        suffix.insert(0, words.pop())
    start = max(len(words) - 1, 0)
    while start > 1 and words[start - 1].islower():
        start -= 1
    return " ".join([*words[:start], *suffix]), " ".join(words[start:])


def _is_suffix(word: str) -> bool:
    return _SUFFIX.fullmatch(word.strip(".").casefold()) is not None


def _endings() -> Iterator[str]:
    yield ""
    for length in count(1):
        yield from ("".join(letters) for letters in product(ascii_lowercase, repeat=length))
