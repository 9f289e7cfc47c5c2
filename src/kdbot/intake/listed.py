"""Which listed papers a text names: by identifier, address, title or the name before its colon."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from kdbot.model.collection import Identities, Identity
from kdbot.model.identifiers import IdentifierKind, parse_identifier
from kdbot.model.urls import canonical_url
from kdbot.text.characters import EAST_ASIAN
from kdbot.text.titles import SMALL_WORDS

_WORD = re.compile(rf"[{EAST_ASIAN}]|(?:(?![{EAST_ASIAN}_])\w)+")
_NAME = re.compile(r"(?<![A-Za-z0-9À-ɏ_.+-])[A-Za-z0-9À-ɏ_.+-]*[A-Za-z0-9À-ɏ]\+*")
_NICKNAME = re.compile(r"\(([\w.+-]{2,20})\)$")  # *A Title of It (NAME)*
_NO_WORD = re.compile(r"[^\W\d_]\d|\d[^\W\d_]|[a-z][A-Z]")  # *MiniLLM* in any case is that
_OTHER_VERSION = re.compile(r"\s[vV]?\d{1,2}(?!\d)")
_DOI = re.compile(r"\b10\.\d{4,9}/[^\s?#]+")
_ELLIPSIS = re.compile(r" ?\w{0,20} ?(?:…|\.{3})")
_NAME_ENDS = re.compile(r"[^\w\s(\[:-]*(?:\s*$|(?<=[.!?])\s|\s(?P<next>[a-z]+))")
_NAME_BEGINS = re.compile(
    r"(?:^|\b(?:of|for|to|papers?|articles?)|\b[Ff]ix(?:e[sd])?|\b[Uu]pdate[sd]?)(?: the)?\W*$"
)
_NEAR = 30
_OPENING = 2
_FEWEST = 3  # words of a title that is found between other words
_PREFIX = 4
_MAX_NAME = 3
_MOST = 0.6
_MAX_WORDS = 4_000
_Words = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a line has the title of a listed paper, or its name.

    Attributes:
        identity: the listed paper.
        start: position of its first letter.
        end: position behind its last letter.
        whole: whether the whole title is there.
        short: whether it is only the name before the colon, or a beginning that serves as one.
        is_most: whether most of the title is there.
    """

    identity: Identity
    start: int
    end: int
    whole: bool = False
    short: bool = False
    is_most: bool = False


class ListedPapers:
    """The titles, names and addresses of a list, to be looked up in a text.

    Args:
        identities: what tells its papers apart; None where the list is not known.
    """

    def __init__(self, identities: Identities | None) -> None:
        self.is_known = identities is not None
        self.identities = identities or Identities(all=())

    @cached_property
    def _by_opening(self) -> Mapping[_Words, list[tuple[_Words, Identity]]]:
        found: defaultdict[_Words, list[tuple[_Words, Identity]]] = defaultdict(list)
        for identity in self.identities.all:
            for title in identity.titles:
                words = tuple(word.casefold() for word in _WORD.findall(title))
                if len(words) >= _FEWEST:
                    found[words[:_OPENING]].append((words, identity))
        return found

    @cached_property
    def _by_name(self) -> Mapping[str, list[Identity]]:
        found: defaultdict[str, list[Identity]] = defaultdict(list)
        for identity in self.identities.all:
            for title in identity.titles:
                head = title.partition(":")[0].strip() if ":" in title else title
                nickname = _NICKNAME.search(title)
                names = (head, nickname[1] if nickname else "")
                named = (n for n in names if 0 < len(n.split()) <= _MAX_NAME)
                for name in filter(lambda name: any(map(str.isupper, name)), named):
                    spellings = {name, name.casefold()} if _NO_WORD.search(name) else {name}
                    for spelling in spellings:
                        found[spelling].append(identity)
        return found

    def at_address(self, address: str) -> Identity | None:
        """Return the one listed paper of an identifier or an address, or None."""
        found = parse_identifier(address)
        keys = [(found.kind, found.canonical or "")]
        if found.kind is IdentifierKind.NONE or found.kind is IdentifierKind.URL:
            keys.append((IdentifierKind.URL, canonical_url(address) or ""))
            doi = _DOI.search(address)
            keys += [(IdentifierKind.DOI, parse_identifier(doi[0]).canonical or "")] if doi else []
        for key in keys:
            papers = self.identities.by_key.get(key, ())
            if len(papers) == 1:
                return papers[0]
        return None

    def only(self, text: str) -> Identity | None:
        """Return the one listed paper that a line names by title or by name, or None."""
        named = {p.identity.id: p.identity for p in self.find(text) if p.whole or p.short}
        return next(iter(named.values())) if len(named) == 1 else None

    def find(self, text: str) -> Iterator[Place]:
        """Yield the titles and names of listed papers in a line, in their order."""
        words = [(match[0].casefold(), *match.span()) for match in _WORD.finditer(text)][
            :_MAX_WORDS
        ]
        reached = 0
        taken: list[tuple[int, int]] = []
        for number in range(len(words)):
            if number < reached:
                continue
            best = self._title_at(words, number)
            if best is not None:
                length, whole, identity = best
                start, end = words[number][1], words[number + length - 1][2]
                if whole and text[end : end + 1] == identity.title[-1:]:
                    end += 1  # *Is It So?*
                least = _MOST * min(len(_WORD.findall(t)) for t in identity.titles)
                most = length >= max(least, _PREFIX)
                is_cut = not (whole or most) and _is_cut(text, start, end, identity)
                if not (whole or is_cut or length >= _PREFIX):
                    continue
                yield Place(
                    identity=identity, start=start, end=end, whole=whole, short=is_cut, is_most=most
                )
                taken.append((start, end))
                reached = number + length
        names = [match.span() for match in _NAME.finditer(text)][:_MAX_WORDS]
        for number, (start, _) in enumerate(names):
            for _, end in reversed(names[number : number + _MAX_NAME]):
                words_at = text[start:end]
                named = self._by_name.get(words_at) or self._by_name.get(words_at.casefold(), [])
                inside = any(begin < end and start < stop for begin, stop in taken)
                if len(named) == 1 and not inside and not _OTHER_VERSION.match(text, end):
                    yield Place(identity=named[0], start=start, end=end, short=True)
                    taken.append((start, end))
                    break

    def _title_at(
        self, words: list[tuple[str, int, int]], number: int
    ) -> tuple[int, bool, Identity] | None:
        opening = tuple(word for word, _, _ in words[number : number + _OPENING])
        found: dict[str, tuple[int, bool, Identity]] = {}
        for title, identity in self._by_opening.get(opening, ()):
            length = _OPENING
            while (
                length < len(title)
                and number + length < len(words)
                and words[number + length][0] == title[length]
            ):
                length += 1
            whole = length == len(title)
            if whole or length >= _FEWEST:
                found[identity.id] = max(
                    found.get(identity.id, (0, False, identity)),
                    (length, whole, identity),
                    key=lambda one: one[:2],
                )
        ranked = sorted(found.values(), key=lambda one: one[:2], reverse=True)
        if not ranked or (len(ranked) > 1 and ranked[0][:2] == ranked[1][:2]):
            return None
        return ranked[0]


def _is_cut(text: str, start: int, end: int, identity: Identity) -> bool:
    """Tell whether a text stops within a title as if that were its name: *The Art of Go w…*."""
    name = text[start:end]
    words = name.split()
    if len(words) < _FEWEST or not any(title.startswith(name) for title in identity.titles):
        return False
    is_name = all(word[0].isupper() for word in words if len(word) >= _PREFIX)
    begins = _NAME_BEGINS.search(text[max(start - _NEAR, 0) : start])
    ends = _NAME_ENDS.match(text, end) if is_name and begins else None
    is_end = ends is not None and (ends["next"] or "") not in SMALL_WORDS
    return is_end or _ELLIPSIS.match(text, end) is not None


@lru_cache(maxsize=1)  # a run reads many texts beside one list
def listed_papers(identities: Identities | None) -> ListedPapers:
    """Return the look-up of a list; None where the list is not known."""
    return ListedPapers(identities)
