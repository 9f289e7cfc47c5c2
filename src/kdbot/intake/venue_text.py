"""Venues, dates and authors where they stand in running text."""

import re
from dataclasses import dataclass

from kdbot.model.venue import Venues, fold_venue

_WORD = re.compile(r"[^\W_][\w&’'*-]*")
_YEAR = re.compile(
    r"[\s,]{0,3}(?:[('’‘`]\s?)?(?:(?:19|20)[0-9]{2}|[0-9]{2})(?![0-9.])(?:\)(?=$|[\s,.]))?"
)
_TRACK = re.compile(
    r"\s+(?:\(?(?:oral|spotlight|poster|main|findings|workshop|industry"
    r"|datasets (?:and|&) benchmarks|long|short|demo|highlight)\)?"
    r"(?: (?:conference|paper|track))?)(?![\w-])",
    re.IGNORECASE,
)
_GLUED = re.compile(r"([A-Za-z][A-Za-z&*-]*[A-Za-z])(?:['’]?)((?:20)?[0-9]{2})\Z")
_BEFORE = re.compile(
    r"(?:accepted|published|presented|appear\w*|conference|venue|at|in|by|to|our|@|[(\[])\s*"
    r"(?:the |a |an )?[*\"]*$",
    re.IGNORECASE,
)
_UNKNOWN = re.compile(
    r"\b(?:accepted|published|appear(?:s|ed|ing)?|presented) (?:at|by|to|in)(?: the)? "
    r"((?:[A-Z][\w&-]*(?: |$)){1,6}(?:['’]?(?:20)?[0-9]{2}(?![0-9]))?)"
)
_ARXIV_DATE = re.compile(r"arxiv[\s,]{0,2}((?:20)?[0-9]{2}[./-][0-9]{2})(?![0-9])", re.IGNORECASE)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DATE = re.compile(
    rf"(?:[0-9]{{1,2}} )?{_MONTH}\.?,? (?:[0-9]{{1,2}},? )?(?:19|20)[0-9]{{2}}"
    r"|(?:19|20)[0-9]{2}[-./](?:0?[1-9]|1[0-2])(?:[-./][0-3]?[0-9])?|(?:19|20)[0-9]{2}",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"(?:[^\W\d_a-z][\w'’.-]*\s+){1,3}(?:(?:van|von|de|der|den|la|al|bin)\s+){0,2}[^\W\d_a-z][\w'’-]*\*?"
)
_MAX_STARTS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A value in a text and where it stands."""

    text: str
    start: int
    end: int


def find_venue(text: str, venues: Venues) -> Found | None:
    """Return the first venue named in a text, with its year and track, as written."""
    words = list(_WORD.finditer(text))[: _MAX_STARTS * 2]
    starts = 0
    for number, word in enumerate(words):
        if not any(map(str.isupper, word.group())):
            continue
        if fold_venue(word.group()).partition(" ")[0] not in venues.first_words:
            continue
        starts += 1
        if starts > _MAX_STARTS:
            break
        for last in words[number : number + 7][::-1]:
            phrase = text[word.start() : last.end()]
            if venues.canonical(phrase) and (found := _whole(text, word.start(), last.end())):
                return found
    unknown = _UNKNOWN.search(text)
    if unknown and any(sum(map(str.isupper, w)) > 1 for w in unknown.group(1).split()):
        return Found(text=unknown.group(1).strip(), start=unknown.start(1), end=unknown.end(1))
    return None


def _whole(text: str, start: int, end: int) -> Found | None:
    name = text[start:end]
    year = _YEAR.match(text, end)
    dated = (
        year is not None or _GLUED.match(name) is not None or bool(re.search(r"[0-9]{2}\Z", name))
    )
    if year:
        end = year.end()
    capitals = sum(map(str.isupper, name))
    sure = capitals >= 3 or (capitals >= 2 and len(name) >= 4)
    if name.lower() == "arxiv":
        if _ARXIV_DATE.match(text, start):
            return Found(text=name, start=start, end=start + len(name))
        sure = False
        if not dated:
            return None
    if not dated and not (sure and _BEFORE.search(text, max(start - 30, 0), start)):
        return None
    if track := _TRACK.match(text, end):
        end = track.end()
    written = text[start:end].rstrip()
    if written.endswith(")") and "(" not in written:
        written = written[:-1]
    return Found(text=written, start=start, end=start + len(written))


def find_arxiv_date(text: str) -> str | None:
    """Return the month behind `arXiv 24.02`."""
    match = _ARXIV_DATE.search(text)
    return match.group(1) if match else None


def is_date(text: str) -> bool:
    """Tell whether a text is a date and nothing else."""
    return bool(_DATE.fullmatch(text.strip(" .,()[]")))


def read_authors(text: str) -> tuple[str, ...]:
    """Return the names where a text is a list of at least two people, else nothing."""
    text = re.sub(r"\s*(?:,?\s+et al\.?|,? and others)\s*$", "", text.strip(" .*_"))
    parts = re.split(r"\s*[,;]\s*(?:and\s+|&\s+)?|\s+(?:and|&)\s+", text)
    names = tuple(part.strip("*† ") for part in parts if part.strip())
    if len(names) < 2 or len(names) > 200:
        return ()
    return names if all(len(n) < 60 and _NAME.fullmatch(n) for n in names) else ()
