"""Names of authors as people, lists and bibliographies write them, given name first.

The BibTeX key of a record (`gu2024minillm`) is also built here.
"""

import re
from collections.abc import Container, Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import count, product
from string import ascii_lowercase

from kdbot.model.paper import Paper
from kdbot.model.schema import PaperSchema
from kdbot.model.titles import ascii_words
from kdbot.text.dates import YEAR
from kdbot.text.titles import word_set

_ARTICLES = frozenset({"A", "An", "The"})
_SOCIETIES = frozenset({"IEEE", "ACM", "AAAI", "ISCA", "SIAM"})
"""Words that begin the name of a journal or a conference, never a person's."""
_EVENTS = word_set("Award Challenge Conference Journal Paper Part Symposium Workshop")
_PARTICLES = frozenset({
    "al", "bin", "da", "dal", "de", "del", "della", "den", "der", "di", "dos", "du", "el", "ibn",
    "la", "le", "ten", "ter", "van", "vom", "von", "y", "zu",
})  # fmt: skip
_PARTICLE = "|".join(sorted(_PARTICLES))
# A full stop follows an initial, or a short form such as `Chr.`
_WORD = re.compile(r"[^\W\d_a-z](?:[\w'’.-]{0,3}|[\w'’.-]*[\w'’-])")
_NAME_WORD = rf"(?:{_WORD.pattern}|(?:{_PARTICLE}))"
_NAME = re.compile(rf"{_NAME_WORD}(?: {_NAME_WORD}){{1,4}}")
_PLAIN_NAME = re.compile(r"[A-Z][a-z]+ [A-Z][a-z]{2,}")
_MARKS = re.compile(r"[*†‡§¹²³⁰-⁹^0-9]+")
_CUT = re.compile(
    r"\be[lt](?:\. ?| )al\b|\.\.\.|…"
    r"|(?:\b(?:and|&)|\+ ?(?=[0-9])) ?(?:[0-9]+ )?(?:others|(?-i:more))\b",
    re.IGNORECASE,
)
_CUT_SIGN = re.compile(r"[ .]al|\.\.\.|…|others|more")
_BETWEEN = re.compile(r"(?:[,;、]\s*(?:and\b|&)?|and(?<!\wand)\b|&|\n)\s*")
# A word in small letters that no list of names has, nor the end of one that is cut short.
_NO_NAME = re.compile(
    rf"(?<![^\s,;])(?!(?:{_PARTICLE}|and|e[lt]|others|more)(?![a-z]))[a-z]+(?![^\s,;])"
)
# What only a field of names can have: other marks between them, and where somebody works.
_LOOSE_BETWEEN = re.compile(r"\s[·|]\s")
_WORKPLACE = re.compile(r"\s?\([^()0-9|]{1,60}\)(?=\s*(?:[,;、&\n]|and\b|$))")
# What separates or marks people, and is in no BibTeX name.
_RUNNING = re.compile(r"[;、*†‡§¹²³]|\s[&·|]\s|(?<!\\)\^[0-9]|\([^()]{1,60}\)(?:,|$)")
_EDGE = " \t\n,;:.|-–—•·>*_`~()[]\u200b\ufeff"
_NEXT_PART = re.compile(r"\.\s+[A-Z]{2}")  # `Ann Lee. ICML`
_BRACED = re.compile(r"\{(?:[^{}]|\{[^{}]*\})*\}")
_WORKS_AT = re.compile(r"\bUniv|\bU\.|\b(?:Institute|College|Academy|Laboratory|Labs?)\b")
_INSTITUTION = re.compile(
    r"(?:[A-Z][\w&.'’-]*|of|the|and|for)(?: (?:[A-Z][\w&.'’-]*|of|the|and|for)){0,6} "
    r"(?:University|Institute|College|Academy|Laboratory|Labs?)"
    r"|(?:University|Department|Faculty) of [A-Z][\w .'’-]{1,40}"
)
_COMPANIES = word_set(
    "Adobe AI2 Alibaba Amazon Anthropic Apple AWS Baidu Berkeley ByteDance CMU DeepMind DeepSeek"
    " ETH Facebook FAIR Google Huawei IBM Intel Meta Microsoft MIT NVIDIA Nvidia NYU OpenAI"
    " Princeton Qualcomm Salesforce Samsung Stanford Tencent Tsinghua"
)
_DIVISIONS = word_set("AI Asia Brain Cloud Health Inc Lab Labs Research Team")
_BYLINE = re.compile(r",?\s[Bb]y (?:the )?([A-Z][\w&.'’, -]{1,60})$")
_MAX_AFFILIATIONS = 300
_MAX_LENGTH = 60
_MAX_NAMES = 500
_INITIALS = re.compile(r"(?:[^\W\d_a-z]\.-?)+")
_FAMILY = r"[^\W\d_a-z][\w'’-]*(?: [^\W\d_a-z][\w'’-]*)?"
_CITATION_KEY = re.compile(
    rf"{_FAMILY}(?:,? (?:and|&) {_FAMILY}|,? et\.? al\.?)?,? ?[(\[]?{YEAR}[a-z]?"
)
_NAME_IN_FRONT = re.compile(r"[^:]*:|\w[^(]*\((?=.*\bet\.? al)")
_MAX_KEY_WORDS = 8
_LEAST_INITIALS = 2
_INITIALS_SHARE = 4  # one word of so many at least
_JOINING = frozenset({"and", "&", "et"})


_MAX_PART = 30
# Words that do not help to distinguish two titles.
_MINOR = word_set(
    "a an and are as at by for from how in into is of on or the to via what when where which who"
    " why with"
)
_SUFFIX = re.compile(r"jr|sr|ii|iii|iv")
_SUFFIXES = (" Jr", " Sr")


def names_in(text: str, *, least: int = 1) -> tuple[str, ...] | None:
    """Read a text that is a list of people; None if it is anything else.

    Empty where the list is cut short (*et al.*): some of a paper's authors are not its authors.

    Args:
        text: the words.
        least: how many names make a list.
    """
    names, is_cut = _names_in(text.strip(" ,;|"))
    return None if len(names) < least else () if is_cut else names


@lru_cache(maxsize=512)  # each reader of a line asks for the same words
def _names_in(text: str) -> tuple[tuple[str, ...], bool]:
    """Return the names in a text, none if it is no list of them, and whether it is cut short."""
    if _PLAIN_NAME.fullmatch(text):
        return (text,) if _is_name(text) else (), False
    if (word := _NO_NAME.search(text.partition("(")[0])) and not is_cut_short(text[: word.start()]):
        return (), False
    text = without_workplaces(text)
    cut = _find_cut(text)
    whole = " ".join((text[: cut.start()] if cut else text).split()).strip(_EDGE)
    names = () if _NEXT_PART.search(whole) else _split(whole)
    among_others = len(names) > 1
    if len(names) > _MAX_NAMES or not all(_is_name(n, among_others) for n in names):
        return (), False
    return names, cut is not None


def are_people(text: str, *, least: int = 3) -> bool:
    """Tell whether words are only people, also with initials last (`Lee, A., Roe, B. C.`).

    Args:
        text: the words.
        least: how many; two names and *and* can be a title (`Graph Networks and Deep Learning`),
            and a single one needs initials.
    """
    dotted = text.split() if "." in text else ()
    words = [stripped for word in dotted if (stripped := word.strip(",;*†‡§"))]
    initials = sum(_INITIALS.fullmatch(word) is not None for word in words)
    if initials < min(least, _LEAST_INITIALS) or _INITIALS_SHARE * initials < len(words):
        return names_in(text, least=max(least, 2)) is not None
    others = (word for word in words if word and word.casefold() not in _PARTICLES | _JOINING)
    return all(_INITIALS.fullmatch(word) or _WORD.fullmatch(word) for word in others)


def split_names(text: str) -> tuple[str, ...]:
    """Split a list at commas, semicolons, *and* and line breaks, without asking what the parts are.

    A family name in front comes behind, where the list is plainly written so: `Doe, Ann; Roe, Bo`,
    `Doe, Ann and Roe, Bo`. Empty where the list is cut short.
    """
    if is_cut_short(text):
        return ()
    names = _split(_LOOSE_BETWEEN.sub(", ", _WORKPLACE.sub("", text)))
    return tuple(name for name in names if _WORKS_AT.search(name) is None)


def without_workplaces(text: str) -> str:
    """Return a list of names without where each works: `Ann Lee (MIT), Bo Chen (CMU)`."""
    found = _WORKPLACE.findall(text) if "(" in text else ()
    is_one = len(found) > 1 or any(map(_WORKS_AT.search, found))
    return _WORKPLACE.sub("", text) if is_one else text


def without_byline(title: str) -> str:
    """Return a title without where it comes from: `A Title of It by Google Research`.

    *By Ann Lee* stays: *by Natural Language* is written in the same way.
    """
    found = _BYLINE.search(title)
    places = _BETWEEN.split(found[1]) if found else ()
    return title[: found.start()] if found and all(map(is_workplace, places)) else title


def is_workplace(text: str) -> bool:
    """Tell whether words are an institution: `Google Research`, `Lund University`."""
    words = text.split()
    is_company = words[0] in _COMPANIES and set(words) <= _COMPANIES | _DIVISIONS
    is_named = len(words) > 1 and words[-1] in {"Research", "Team"}
    return is_company or is_named or _INSTITUTION.fullmatch(text) is not None


def is_cut_short(text: str) -> bool:
    """Tell whether a list of names says that it goes on: *et al.*, *and others*, three dots."""
    return _find_cut(text) is not None


def _find_cut(text: str) -> re.Match[str] | None:
    return _CUT.search(text) if _CUT_SIGN.search(text.casefold()) else None


def is_citation_key(text: str) -> bool:
    """Tell whether words only point to a paper: `Lee et al., 2024`, `Lee & Roe (2024)`."""
    # `TownNet: Lee et al.` and `TownNet (Lee et al.)` name it too.
    is_named = _NAME_IN_FRONT.match(text) is not None
    is_short = is_cut_short(text) and len(text.split()) <= _MAX_KEY_WORDS and not is_named
    return is_short or _CITATION_KEY.fullmatch(text.strip(" .,;:()[]")) is not None


def _split(text: str) -> tuple[str, ...]:
    lines = (" ".join(line.split()) for line in _MARKS.sub("", text).split("\n"))
    text = "\n".join(filter(None, lines))
    for separator in (";", " and "):
        if separator not in text:
            continue
        parts = [part.strip() for part in text.split(separator) if part.strip()]
        if len(parts) > 1 and all(map(_is_family_first, parts)):
            return tuple(map(_given_name_first, parts))
    parts = [part.rstrip() for part in _BETWEEN.split(text) if part.strip(" .*†‡_")]
    pairs = list(zip(parts[::2], parts[1::2], strict=False))
    if len(parts) == 2 * len(pairs) and all(map(_are_family_and_initials, pairs)):
        return tuple(f"{given} {family}" for family, given in pairs)
    names = (part.strip(" .*†‡_") for part in parts)
    return tuple(f"{name}." if name.endswith(_SUFFIXES) else name for name in names)


def _are_family_and_initials(pair: tuple[str, str]) -> bool:
    """Tell whether two parts of a list are one person: `Lee`, `A. B.`."""
    family, given = (part.replace(" ", "") for part in pair)
    return _INITIALS.fullmatch(given) is not None and _INITIALS.fullmatch(family) is None


def bibtex_names(text: str) -> tuple[str, ...]:
    """Read BibTeX's list of names (https://ctan.org/pkg/bibtex), empty where it is cut short.

    `and` within braces separates nothing. A list with commas between the names, which BibTeX takes
    for one name, is read as people mean it, and not at all where it could be either.
    """
    parts, depth, start = [], 0, 0
    for match in re.finditer(r"[{}]|\sand\s", text):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth == 0 and len(match[0]) > 1:
            parts.append(text[start : match.start()])
            start = match.end()
    names = [" ".join(part.split()).rstrip(",") for part in (*parts, text[start:]) if part.strip()]
    if names[-1:] == ["others"] or is_cut_short(_BRACED.sub("", text)):
        return ()
    kinds = {_is_running(name) for name in names}
    if True in kinds or (None in kinds and any("," not in name for name in names)):
        found = split_names(text)
        return found if all(_is_name(name, True) for name in found) else ()
    return () if None in kinds and len(names) == 1 else tuple(map(_given_name_first, names))


def _is_running(name: str) -> bool | None:
    """Tell whether what is one name in BibTeX is a list; None for `Ann Lee, Bo Chen`."""
    bare = _BRACED.sub("", name)
    family, *rest = (part.strip() for part in bare.split(","))
    if _RUNNING.search(bare) or (len(rest) > 1 and not all(map(_is_suffix, rest[:-1]))):
        return True
    first = family.partition(" ")[0]
    if not (len(rest) == 1 and _is_name(family) and _is_name(rest[0])):
        return False
    if _INITIALS.fullmatch(first):
        return True
    return False if first.casefold() in _PARTICLES else None


def _given_name_first(name: str) -> str:
    """Return `Ann Lee` for `Lee, Ann`, and `Ann Lee, Jr` for `Lee, Jr, Ann`."""
    family, *rest = (part.strip() for part in name.split(","))
    if not rest or _is_suffix(rest[-1]) or _BRACED.fullmatch(name.strip()):
        return name.strip()
    suffix = f", {rest[0]}" if len(rest) > 1 and rest[0] else ""
    return f"{rest[-1]} {family}{suffix}".strip()


def _is_name(text: str, among_others: bool = False) -> bool:
    """Tell whether words are written as a person's name is; `A Roe` is one among other names."""
    words = text.split()
    return (
        len(text) < _MAX_LENGTH
        and _NAME.fullmatch(" ".join(words)) is not None
        and (words[0] not in _ARTICLES or (among_others and words[0] == "A" and len(words) == 2))
        and words[0] not in _SOCIETIES
        and words[-1] not in _PARTICLES
        and _EVENTS.isdisjoint(words)
        and _WORKS_AT.search(text) is None
    )


def is_affiliation(text: str) -> bool:
    """Tell whether a text is a list of institutions."""
    parts = [part.strip(" .*†‡0123456789") for part in text[:_MAX_AFFILIATIONS].split(",")]
    return len(parts) < 12 and _INSTITUTION.fullmatch(parts[0]) is not None


def _is_family_first(text: str) -> bool:
    family, comma, given = text.partition(", ")
    words = [word for word in family.split() if word.casefold() not in _PARTICLES]
    return bool(comma) and len(words) == 1 and bool(given.strip()) and "," not in given


def citation_key(paper: Paper, taken: Container[str] = ()) -> str:
    """Return the key that a paper gets when it enters the list.

    The first author's surname with its particles, the year of the venue or else of the first
    appearance, and the title's first significant word, all in ASCII; without authors the title's
    first two such words. A key that is taken gets a suffix: `a`, `b` …

    Args:
        paper: the record, with `year` and `authors` where they are known.
        taken: keys of other papers.
    """
    words = ascii_words(paper.title)
    parts = [word for word in words if word not in _MINOR] or words
    surname = split_name(paper.authors[0])[1] if paper.authors else ""
    if family := "".join(ascii_words(surname)):
        parts.insert(0, family)
    first, second = [*parts, "", ""][:2]
    if not first[:1].isalpha():
        first = f"paper{first}"
    year = paper.year or (paper.date or "")[:4]
    base = f"{first[:_MAX_PART]}{year}{second[:_MAX_PART]}"
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


@lru_cache(maxsize=16_384)  # each export asks, and people write more than one paper
def split_name(name: str) -> tuple[str, str]:
    """Return given names and surname of `Given Family`, `Family, Given` or `Given Family, Jr.`.

    Particles in lower case belong to the surname (`de Freitas`); a suffix (`Jr.`, `III`) to the
    given names. A single word, such as an organisation, is a surname.
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
