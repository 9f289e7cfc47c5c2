"""Venues as services, lists and people write them.

A name is looked for in three ways. A text in a venue's place is taken whole, with what people write
around a name left out. In running words a name counts beside a word of acceptance or a year. In a
citation it counts where it fills a part of its own.

Preprint servers publish nothing: everything on arXiv is also in CoRR. Publishers and hosts of
papers are not venues either.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from kdbot.model.venue import Venues, fold_venue, year_of_venue
from kdbot.text.characters import EAST_ASIAN
from kdbot.text.dates import YEAR, YEAR_ALONE, find_arxiv_date, is_date, parse_year

ARXIV = "arXiv"
"""The name of the preprint server as a venue."""
_PREPRINTS = frozenset({
    "arxiv", "arxiv org", "arxiv preprint", "arxiv e prints", "biorxiv", "chemrxiv",
    "computing research repository", "corr", "medrxiv", "openreview", "preprints org", "psyarxiv",
    "research square", "ssrn", "ssrn electronic journal", "techrxiv",
})  # fmt: skip
_PUBLISHERS = frozenset({
    "aaai press", "acl anthology", "aclanthology", "acm", "acm digital library",
    "association for computing machinery", "cambridge university press", "cell press", "ceur",
    "ceur ws", "curran associates", "elsevier", "frontiers", "github", "ieee", "ieee xplore",
    "isca archive", "mdpi", "mit press", "openreview", "openreview net", "oxford university press",
    "pdf", "pmlr", "proceedings of machine learning research", "researchgate", "sciencedirect",
    "springer", "springer nature", "taylor and francis", "wiley",
})  # fmt: skip

_EDGE = " \t\n,;:.|-–—•·>*_`~@/'’\"\u200b\ufeff"
_LEAD_IN = re.compile(
    r"\A\s*(?:(?:(?:was |is )?(?:accepted|published|presented)"
    r"(?: as an? (?:\w+ )?(?:paper|poster|oral|spotlight))? (?:by|at|to|in|as)"
    r"|to appear (?:at|in)|(?:in )?proceedings of|appear(?:s|ed) (?:at|in)|in:?|at)(?: the)?)\s+",
    re.IGNORECASE,
)
_MARKS = re.compile(
    r"\b(?:oral|spotlight|posters?|main|long|short|best|outstanding|award|honorable mention"
    r"|papers?|accepted|to appear|track|conference|proceedings?|highlight"
    r"|(?:notable[- ])?top[- ]?[0-9]+ ?%)(?!\w)|(?<=[A-Za-z]) [0-9]{1,2}\s*$",
    re.IGNORECASE,
)
_PRAISE = re.compile(
    r"(?:\s+(?:as an? )?(?:oral|spotlight|posters?|highlight|papers?|presentation))+\W*$",
    re.IGNORECASE,
)
_GROUP = re.compile(r"[(\[（][^()\[\]（）]*(?:[)\]）]|$)")
_PART = re.compile(r"[,;/|:()\[\]]|\s[-–—]\s")
_DATED = re.compile(
    r"(?<![0-9])(?:19|20)[0-9]{2}(?:[./-][01][0-9])?(?![0-9])|['’] ?[0-9]{2}(?![0-9])"
    r"|(?<=[A-Za-z]) ?[0-9]{2}$"
)

_ARXIV_ID = re.compile(r"\barxiv:\s?[0-9a-z][\w./-]*", re.IGNORECASE)
_REVIEW = r"\b(?:(?:under|in) (?:review|submission)|submitted|submission)\b"
_IN_REVIEW = re.compile(_REVIEW, re.IGNORECASE)
_IN_REVIEW_AT = re.compile(rf"{_REVIEW}\s*(?:to|at|for|by|in)?\s*(?:the )?$", re.IGNORECASE)
_IN_REVIEW_BEHIND = re.compile(rf"[\s,]*[(\[–—-]?\s?{_REVIEW}", re.IGNORECASE)
_REACH = 40

_FINDINGS = re.compile(r"\bfindings\b", re.IGNORECASE)
_APART = re.compile(
    r"\b(?:workshops?|symposium|tutorials?|doctoral|student research|shared task|competition"
    r"|challenge|blog ?posts?|blog track|tiny ?papers?|late[- ]breaking|industry(?: track)?"
    r"|(?:system )?demo(?:nstration)?s?)\b",
    re.IGNORECASE,
)
_TRACKS = {"workshop": "Workshop", "blog": "Blog Track", "industry": "Industry Track"}
_DATASETS = re.compile(r"\bd(?:atasets?)? ?(?:and|&) ?b(?:enchmarks?)?\b", re.IGNORECASE)

_REMARK_PART = re.compile(r"[;,]\s|\.(?=\s|$)|\s[-–—|]\s|\n")
_REMARK_YEAR = re.compile(rf"{_DATED.pattern}|[A-Z][0-9]{{2}}(?![0-9])")
_ACCEPTED = re.compile(
    r"\b(?:accept(?:ed|ance)|appear(?:s|ed|ing)?|published|publication|camera[- ]ready|presented"
    r"|proceedings|in proc|conference paper|main conference|oral|poster|spotlight|best paper)\b",
    re.IGNORECASE,
)
_NOT_ACCEPTED = re.compile(
    r"\b(?:submitted|submission|under (?:review|consideration)|in review|rejected|withdrawn"
    r"|rebuttal|add(?:s|ed)?|results"
    r"|(?:extended|shorter|short|earlier|early|preliminary|longer|long|previous|initial|old|journal"
    r"|conference|workshop) versions? (?:of|was|were|is|has|appear\w*|accepted|published|at|in)"
    r"|(?:extends|extension of)|template|style|format)\b",
    re.IGNORECASE,
)

_ACL = re.compile(r"(?P<year>[0-9]{4})\.(?P<event>[a-z0-9_]+)-(?P<volume>[a-z0-9_]+)\.[0-9]+")
_ACL_VOLUMES = frozenset({"main", "long", "short", "1", "2"})
# The one joint conference that the Anthology files under the name of one half.
_ACL_JOINT = {("2024", "lrec"): "LREC-COLING"}

# Chinese, Japanese and Korean write a name with no space before it and behind it.
_WORD = re.compile(rf"[^\W_{EAST_ASIAN}](?:[^\W{EAST_ASIAN}]|[&’'*-])*")
_YEAR_BEHIND = re.compile(
    r"(?:[\s,]{0,3}|-)(?:[('’‘`]\s?)?(?:(?:19|20)[0-9]{2}|[0-29][0-9])(?![0-9.(])"
    r"(?:\)(?=$|[\s,.]))?"
)
_VOLUME = re.compile(r",? [0-9]{1,3} ?\([0-9]{1,3}\)")
_TRACK_BEHIND = re.compile(
    r"\s+(?:\(?(?:oral|spotlight|poster|main|findings|workshop|industry"
    r"|datasets (?:and|&) benchmarks|long|short|demo|highlight)\)?"
    r"(?: (?:conference|paper|track))?)(?![\w-])",
    re.IGNORECASE,
)
_CUE_BEFORE = re.compile(
    r"(?:accepted|published|presented|appear\w*|conference|venue|at|in|by|to|our|@|[(\[])\s*"
    r"(?:the |a |an )?[*\"]*$",
    re.IGNORECASE,
)
_CUE_BEHIND = re.compile(
    r"\s+(?:(?:oral|spotlight|poster|accepted|main|camera[- ]ready) )?"
    r"(?:journal|conference|papers?|workshop|proceedings)\b",
    re.IGNORECASE,
)
_UNKNOWN = re.compile(
    r"\b(?:[Aa]ccepted|[Pp]ublished|[Aa]ppear(?:s|ed|ing)?|[Pp]resented)"
    r"(?: as (?:an? )?(?:[Oo]ral|[Pp]oster|[Ss]potlight)(?: paper)?)? (?:at|by|to|in)(?: the)? "
    r"((?:[A-Z][\w&-]*(?: |$|(?=['’]))){1,6}(?:['’]?(?:20)?[0-9]{2}(?![0-9]))?)"
)
_IN_YEAR = re.compile(rf",? ?in {YEAR}\b")
_HELD_AT = re.compile(r"\bworkshop\b[^.;]{0,60}\s(?:at|@|with)\s+(?:the\s+)?$", re.IGNORECASE)
_JOURNAL_NAME = re.compile(
    r"\b(?:[A-Z][\w&-]{2,20} ){0,3}"
    r"(?:Journal of|Transactions on|Annals of|Foundations and Trends in)"
    r"(?: (?:of|the|and|on|in|for|&)| [A-Z][\w&-]{2,20}){0,7} [A-Z][\w&-]{2,20}"
)
_PROCEEDINGS = re.compile(
    r"\bProc(?:eedings|\.)?(?: of)?(?: the)? (?:(?:[12][0-9]{3}|[0-9]{1,3}(?:st|nd|rd|th)) )*"
    r"((?:[A-Z][\w&/-]*|of|on|and|the|for|in|[0-9]{1,3}(?:st|nd|rd|th))"
    r"(?: (?:[A-Z][\w&/-]*|of|on|and|the|for|in|[0-9]{1,3}(?:st|nd|rd|th))){2,20})"
    r"(?: \(([A-Z][\w&/'’ -]{1,20})\))?"
)
_GATHERS = re.compile(r"\b(?:Conference|Symposium|Workshop|Congress|Meeting)\b")
_PAPER_AT = re.compile(
    r"\b(?:papers?|works?|articles?) (?:(?:at|from) (?:the )?|(?:on|in|by) (?=\S+['’]))"
    r"((?:[A-Z]{2,9}/)?[A-Z][A-Za-z]{0,9}[A-Z][A-Za-z]{0,9} ?(?:['’] ?[0-9]{2}|20[0-9]{2}))"
    r"(?![\w-])"
)
_MAX_NAME_WORDS = 16  # words
_MAX_WORDS = 600

STOP = r"\.(?<![\s.&-][A-ZÀ-ÖØ-ÞĆČĐŁŚŞŠŻŽİ]\.)(?:\s+|$)"
"""Pattern of a full stop that ends a part of a citation, and no initial of a name."""

_SENTENCES = re.compile(r"\.\s+(?=[A-Z]{2})")
_CITATION_PARTS = (
    re.compile(rf"{STOP}|[;|()\[\]【】]|\s[-–—]\s"),
    re.compile(rf"{STOP}|[,;|()\[\]【】]|\s[-–—]\s"),
)
_ACRONYM_WITH_YEAR = re.compile(
    rf"([A-Z][\w&/+*:. -]{{1,60}}?)[\s,(]*(?:['’]?[0-9]{{2}}|{YEAR})\)?(?:\s+[\w ]{{0,24}})?"
)
_ACRONYM = re.compile(r"[A-Z][a-z]*[A-Z]")
_COUNTRIES = frozenset({"US", "USA", "UK", "UAE", "EU", "PRC"})  # where a conference is held
_SMALL = frozenset({"and", "for", "in", "of", "on", "the"})
_MAX_PART = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A value in a text, with its position."""

    text: str
    start: int
    end: int


def is_preprint(venue: str) -> bool:
    """Tell whether a name is that of a preprint server, which publishes nothing."""
    return fold_venue(venue) in _PREPRINTS


def is_publisher(text: str) -> bool:
    """Tell whether a name is that of a publisher or a host of papers, whatever year is with it."""
    return fold_venue(bare_venue(text)) in _PUBLISHERS


def is_in_review(text: str) -> bool:
    """Tell whether a text in a venue's place says that the paper is not accepted there yet."""
    folded = text.casefold()
    return ("review" in folded or "submi" in folded) and _IN_REVIEW.search(text) is not None


def canonical_venue(text: str, venues: Venues) -> str | None:
    """Return the canonical name that a text in a venue's place stands for, or None.

    Year, track and words about the paper are left out: `Accepted to EMNLP 24 (Oral)`. A
    workshop is not its conference, and what was published is no preprint.
    """
    if text in venues.names:
        return text
    text = _ARXIV_ID.sub(" ", " ".join(text.split()))
    if (whole := venues.canonical(text)) is not None:
        return whole
    names = [name for reading in _readings(text) if (name := venues.canonical(reading))]
    names.sort(key=is_preprint)
    return _with_track(names[0], text, venues) if names else None


def published_venue(text: str, venues: Venues) -> str | None:
    """Return the canonical name that a text stands for, or None for a preprint server too."""
    name = None if is_preprint(text) else canonical_venue(text, venues)
    return None if name is None or is_preprint(name) else name


def bare_venue(text: str) -> str:
    """Return a venue's name without the year and the words around it; a track stays."""
    text = " ".join(text.split())
    name = _GROUP.sub(lambda m: m[0] if _APART.search(m[0]) else " ", text)
    name = _DATED.sub(" ", _LEAD_IN.sub("", name.strip(_EDGE)))
    # Of each run of spaces one stays, or the praise would be looked for from every one of them.
    return _PRAISE.sub("", re.sub(r"\s+", " ", name)).strip(_EDGE) or text


def with_year_beside(venue: str, date: str) -> str | None:
    """Return a venue with the year that is beside it as a date: `NeurIPS, 2021`.

    None where the date has a month, so that it is the paper's own, and for a preprint server. A
    year that the venue already has stays.
    """
    if not venue or parse_year(date) is None or is_preprint(bare_venue(venue)):
        return None
    return venue if year_of_venue(venue) else f"{venue} {date}"


def year_of_acl(acl: str) -> str | None:
    """Return the year that an ACL Anthology identifier of the new form begins with, or None."""
    match = _ACL.fullmatch(acl)
    return match["year"] if match else None


def venue_of_acl(acl: str, venues: Venues) -> str | None:
    """Return the venue that an ACL Anthology identifier of the new form names, or None.

    `2024.findings-acl.12` is of the Findings, `2024.eacl-long.3` of the conference; volumes for
    demonstrations, students and workshops are of neither.
    """
    match = _ACL.fullmatch(acl)
    if match is None:
        return None
    event, volume = match["event"], match["volume"]
    if event == "findings":
        return venues.canonical(f"Findings of {volume}")
    event = _ACL_JOINT.get((match["year"], event), event)
    return venues.canonical(f"{event} {volume}") or (
        venues.canonical(event) if volume in _ACL_VOLUMES else None
    )


def venues_in_remark(remark: str, venues: Venues, *, needs_cue: bool = True) -> tuple[str, ...]:
    """Return the venues at which a remark says that the paper was accepted, in its order.

    Args:
        remark: the authors' words.
        venues: the names that the list knows.
        needs_cue: whether a name counts only beside a word of acceptance or a year.
    """
    found: dict[str, None] = {}
    for part in _remark_parts(remark):
        if _NOT_ACCEPTED.search(part) and not re.search(r"\baccepted\b", part, re.IGNORECASE):
            continue
        if needs_cue and not (_ACCEPTED.search(part) or _REMARK_YEAR.search(part)):
            continue
        reached = 0
        for start, end, name in _known_names(part.replace("/", " "), venues):
            if start >= reached:
                reached = end
                exact = _with_track(name, part, venues)
                if exact is not None and not is_preprint(exact):
                    found[exact] = None
    return tuple(found)


def find_venue(text: str, venues: Venues) -> Found | None:
    """Return the first venue named in running words, with its year and track, as written."""
    for start, end, _ in _known_names(text, venues):
        if found := _as_written(text, start, end):
            return _workshop_at(text, found) or found
    if (held := _PROCEEDINGS.search(text)) and _GATHERS.search(held[1]):
        group = 2 if held[2] else 1
        return Found(text=held[group], start=held.start(group), end=held.end(group))
    if (named := _JOURNAL_NAME.search(text)) and not _IN_REVIEW_AT.search(text[: named.start()]):
        return Found(text=named[0], start=named.start(), end=named.end())
    unknown = _UNKNOWN.search(text) or _PAPER_AT.search(text)
    if unknown and _is_venue_with_year(unknown):
        return Found(text=unknown[1].strip(), start=unknown.start(1), end=unknown.end(1))
    return None


def _is_venue_with_year(found: re.Match[str]) -> bool:
    """Tell whether what a paper was published in is a venue: an acronym, or dated and no date."""
    if any(sum(map(str.isupper, word)) > 1 for word in found[1].split()):
        return True
    is_dated = YEAR_ALONE.search(found[1]) or _IN_YEAR.match(found.string, found.end())
    return bool(is_dated) and not is_date(found[1].strip())


def _workshop_at(text: str, found: Found) -> Found | None:
    """Return the workshop that is held at a conference: `MAPS 2024 (Workshop on Maps) at ACL`."""
    before = text[max(found.start - 2 * _REACH, 0) : found.start]
    if not _HELD_AT.search(before) or "workshop" in found.text.casefold():
        return None
    return replace(found, text=f"{found.text} Workshop")


def venue_in(text: str, venues: Venues) -> str | None:
    """Find the venue in the words of a citation, as written there with its year, or None.

    A known name counts where it is a part of its own, or the end of one with a year; an unknown
    one only in the form of an acronym with a year (`EuroSys'25`).
    """
    return _venue_in(text.strip(" |"), venues)


@lru_cache(maxsize=512)  # each reader of a line asks for the same words
def _venue_in(text: str, venues: Venues) -> str | None:
    if is_in_review(text):
        return None
    if (whole := _whole_venue(text, venues)) is not None:
        return whole
    parts = _citation_parts(text)
    # The part with the year is the venue; a publisher may also have a venue's name.
    for part in sorted(parts, key=lambda part: not YEAR_ALONE.search(part)):
        if (name := fold_venue(part)) and not name.isdecimal() and venues.canonical(part):
            return part
    for part in parts:
        words = _PRAISE.sub("", part).split() if YEAR_ALONE.search(part) else []
        endings = (" ".join(words[start:]) for start in range(1, len(words)))
        if ending := next((e for e in endings if venues.canonical(e)), None):
            return ending
    for part in parts:
        match = _ACRONYM_WITH_YEAR.fullmatch(part)
        if match is None or is_date(part) or not _ACRONYM.search(match[1]):
            continue
        words = match[1].split()
        if (
            match[1] not in _COUNTRIES
            and len(words) <= 6
            and not any(w.islower() and w not in _SMALL for w in words)
        ):
            return part
    return None


def _whole_venue(text: str, venues: Venues) -> str | None:
    """Return a part that is a known venue with its full stops or with what brackets say of it."""
    pieces = (piece for bar in text.split("|") for piece in (bar, *_SENTENCES.split(bar)))
    for part in (piece.strip(" .,") for piece in pieces):
        if ("." not in part and "(" not in part) or "[" in part or "]" in part:
            continue
        name = _DATED.sub(" ", _LEAD_IN.sub("", _GROUP.sub(" ", part).strip(_EDGE)))
        if not is_preprint(name) and venues.canonical(" ".join(name.split())):
            return part
    return None


def _readings(text: str) -> Iterator[str]:
    """Yield what may be the name in a text, from the whole to its parts."""
    parts = _PART.split(text)
    for part in (_GROUP.sub(" ", text), *(parts if len(parts) > 1 else ())):
        name = _LEAD_IN.sub("", part.strip(_EDGE), count=1)
        yield name
        yield _DATED.sub(" ", name)
        yield _MARKS.sub(" ", _MARKS.sub(" ", name))


def _with_track(name: str, text: str, venues: Venues) -> str | None:
    """Return the venue of a track of a conference; None for one that the list does not know."""
    if _FINDINGS.search(text) and not name.startswith("Findings"):
        return venues.canonical(f"Findings of {name}") or name
    if (apart := _APART.search(text)) and not _APART.search(name):
        word = "workshop" if "workshop" in text.lower() else apart[0].lower()
        track = next((track for start, track in _TRACKS.items() if word.startswith(start)), None)
        return venues.canonical(f"{name} {track}") if track else None
    if _DATASETS.search(text):
        return venues.canonical(f"{name} Datasets and Benchmarks") or name
    return name


def _remark_parts(remark: str) -> Iterator[str]:
    """Yield the parts of a remark; one that only names a track belongs to the part before it."""
    whole = ""
    for part in _REMARK_PART.split(remark):
        is_track = _FINDINGS.search(part) or _APART.search(part) or _DATASETS.search(part)
        if whole and is_track and not _REMARK_YEAR.search(part) and not _ACCEPTED.search(part):
            whole += f" {part}"
            continue
        if whole:
            yield whole
        whole = part
    if whole:
        yield whole


def _known_names(text: str, venues: Venues) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and canonical name of all known names, the longest first at each place.

    Names are written with capitals; *neural networks* is what a paper is about.
    """
    words = list(_WORD.finditer(text))[:_MAX_WORDS]
    for number, word in enumerate(words):
        first = fold_venue(word[0])
        if first.partition(" ")[0] not in venues.first_words:
            continue
        # Most first words are also those of titles: the second one tells them apart.
        second = words[number + 1][0] if number + 1 < len(words) else ""
        is_other = " " not in first and second.isascii() and second.isalpha()
        is_other = is_other and f"{first} {second.lower()}" not in venues.beginnings
        for last in reversed(words[number : number + (1 if is_other else _MAX_NAME_WORDS)]):
            phrase = text[word.start() : last.end()]
            name = venues.canonical(phrase)
            is_written = any(map(str.isupper, phrase)) or (
                name is not None
                and sum(map(str.isupper, name)) >= _FEWEST_SURE
                and (last[0][-1].isdecimal() or _YEAR_BEHIND.match(text, last.end()) is not None)
            )
            if name is not None and is_written:
                yield word.start(), last.end(), name


def _as_written(text: str, start: int, end: int) -> Found | None:
    """Return a name with the year and the track behind it, where the words around it count."""
    if _IN_REVIEW_AT.search(text, max(start - _REACH, 0), start):
        return None
    name = text[start:end]
    year = _YEAR_BEHIND.match(text, end)
    is_dated = year is not None or name[-2:].isdecimal() or _VOLUME.match(text, end) is not None
    end = year.end() if year else end
    if name.lower() == "arxiv":
        if find_arxiv_date(text[start : start + 30]):
            return Found(text=name, start=start, end=start + len(name))
        if not is_dated:
            return None
    capitals = sum(map(str.isupper, name))
    is_sure = capitals >= 3 or (capitals >= 2 and len(name) >= 4)
    said = _CUE_BEFORE.search(text, max(start - 30, 0), start) or _CUE_BEHIND.match(text, end)
    if not is_dated and not (is_sure and said):
        return None
    if _IN_REVIEW_BEHIND.match(text, end):
        return None
    if track := _TRACK_BEHIND.match(text, end):
        end = track.end()
    written = text[start:end].rstrip()
    if written.endswith(")") and "(" not in written:
        written = written[:-1]
    return Found(text=written, start=start, end=start + len(written))


@lru_cache(maxsize=512)  # each reader of a line asks for the same words
def _citation_parts(text: str) -> tuple[str, ...]:
    """Return the parts of a citation that a venue may fill, the longer ones first."""
    text = " ".join(text.replace("\n", " | ").split())
    parts: dict[str, None] = {}
    for pattern in _CITATION_PARTS:
        pieces = [part.strip(_EDGE) for part in pattern.split(text)]
        for part, following in zip(pieces, [*pieces[1:], ""], strict=True):
            if YEAR_ALONE.fullmatch(following) and len(part) <= _MAX_PART:
                parts[f"{part}, {following}"] = None
            if part and len(part) <= _MAX_PART:
                parts[_LEAD_IN.sub("", part, count=1)] = None
    return tuple(parts)


def names_venue(text: str, venues: Venues) -> bool:
    """Tell whether a text has a known name anywhere, without asking for a cue."""
    return next(_known_names(text, venues), None) is not None


def find_known_venues(text: str, venues: Venues) -> Iterator[Found]:
    """Yield all known names in a text with the year behind each, without asking for a cue."""
    reached = 0
    for start, end, _ in _known_names(text, venues):
        if start < reached or sum(map(str.isupper, text[start:end])) < _FEWEST_CAPITALS:
            continue
        year = _YEAR_BEHIND.match(text, end)
        reached = year.end() if year else end
        written = text[start:reached].strip()
        yield Found(
            text=written.rstrip(")") if "(" not in written else written, start=start, end=reached
        )


_FEWEST_CAPITALS = 2
_FEWEST_SURE = 3  # of a name that a year follows, whatever its case
