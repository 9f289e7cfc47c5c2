"""A citation in one run of words, split into title, venue, date and authors."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from kdbot.model.venue import Venues
from kdbot.text.dates import YEAR, YEAR_ALONE, find_date, is_date
from kdbot.text.names import is_cut_short, is_name, names_in, without_workplaces
from kdbot.text.titles import (
    HONOURS,
    clean_title,
    is_request,
    is_short_name,
    trim_pictures,
    without_nickname,
)
from kdbot.text.venues import STOP, venue_in

_MAX_PREFIXES = 4
_LEAST_LISTED = 2
_JOINING_NAMES = frozenset(
    ["and", "et", "al", "al.", "&", "de", "der", "di", "la", "le", "van", "von"]
)
_MAX_COMMAS = 60
_MAX_TAIL = 90
_MAX_NAME_WORDS = 5

_SENTENCE_END = re.compile(
    r"(?<=[?!])\s+(?=[A-Z\[(*])|(?<![\s.&-][A-ZÀ-ÖØ-ÞĆČĐŁŚŞŠŻŽİ])\.\s+(?=[^\W_]|[\[(*\"“])|\.\s*$"
)
_INITIALS = re.compile(r"\.[A-Z]\.$")
_ABBREVIATION = re.compile(r"\b(?:vs|et al|e\.g|i\.e|cf|Dr|St|No|Vol)$")
_RUNS = re.compile(rf"{STOP}|[|()\[\]]|,?\s(?={YEAR}\b)|\s[-–—]\s")
_QUOTED = re.compile(r"[\"“]([\"“][^\"“”]{2,200}[\"”][^\"“”]{3,300}|[^\"“”]{8,300})[\"”]")
_PREFIX = re.compile(
    r"\s*(?:[\[【]([^\[\]【】]{1,60})[\]】]|\(([^()]{1,40})\)|[0-9]{1,4}[.)、](?:\s|(?=[^\W\d_]))"
    rf"|{YEAR}(?:[-/.][0-9]{{1,2}}){{0,2}}\s*(?:[:|,，：-]|(?=[\[“\"])))\s*[-:–|,]?\s*"
)
# What a conference did in a year is a title: `NTIRE 2019 Challenge`, `SemEval-2010 Task 8: …`.
_EVENT = re.compile(
    r"\b(?:challenges?|competition|track|shared task|task [0-9]|workshop on|report|tutorial"
    r"|dataset|overview|evaluating|results)\b",
    re.IGNORECASE,
)
_TAG = re.compile(
    r"\s*(?P<name>[A-Z][A-Za-z&]{1,11}(?: [A-Z][A-Za-z&]{1,11}){0,3})"
    rf"(?: ?(?P<year>{YEAR})|(?P<short>(?:['’-] ?)?[0-9]{{2}}))(?![0-9])"
    r"(?:[ -](?i:spotlight|oral|workshop|poster|highlight|findings|best paper|扩展版)(?![\w-]))?"
    r"(?P<colon>\s*[:：])?,?\s+(?=\S+\s+\S)"
)
_TAILS = (
    re.compile(rf"(?:,\s*{YEAR}|\s*\({YEAR}\)|\s*\[{YEAR}\])\s*$"),
    re.compile(r"[(\[]([^()\[\]]{2,60})[)\]]\s*$"),
    re.compile(r"[-–—|,]\s+([^-–—|,]{2,40})$"),
    re.compile(r"[-–—|,.]\s+([^-–—|,.]{2,40},\s[12][0-9]{3})$"),
    re.compile(
        r"(?:\s@|,?\s(?:[Ii]n|[Aa]t))?\s([A-Z][A-Za-z]+ *(?:['’ ]?[0-9]{2}|20[0-9]{2}))\s*$"
    ),
)
_PLACED = re.compile(rf",\s[Ii]n(?:\s(?=[A-Z])([^,]{{3,90}}\s{YEAR}))?\s*\.?\s*$")
"""Where a paper appeared, or only the word before it: `, in Journal of Maps 2014`."""
_PIPE = re.compile(r"\s\||\|\s")
_LEAST_PIPED = 2
_HONOUR = re.compile(rf"[(\[]{HONOURS}[)\]]$", re.IGNORECASE)
_IN_FRONT = re.compile(HONOURS, re.IGNORECASE)
_PUBLISHED = re.compile(r"(?i:(?:accepted|published|to appear)(?: (?:by|at|to|in))?|in|at)\s+")
_BY = re.compile(r"(?<=\s)by\s+(?=[A-Z])")
_BARE_YEAR = re.compile(rf"(?<=\s)({YEAR})$")
_DATED_BRACKETS = re.compile(
    rf"(?:\([A-Z]|\[[A-Za-z])[^()\[\]]{{1,30}}[ ,]\s?{YEAR}(?:[./-][0-9]{{1,2}})?[)\]]\s*"
)
_YEAR_FIRST = re.compile(rf"{YEAR}\s*[,，]\s*")
_SURNAMES = re.compile(r",\s+([^\W\d_a-z][\w'’-]+(?:(?:, | & | and )[^\W\d_a-z][\w'’-]+){0,4})$")
_YEAR_THEN = re.compile(rf"\s?[(\[]((?:[^()\[\]]{{1,24}}\s)?{YEAR})[)\]][.,:]?\s+(?=[^\W\d_])")
_INITIAL = re.compile(r"\s*[A-Z]\.[ -]?(?:[A-Z]\.[ -]?)*[A-Z]")
_EDGE = " \t\n,;:.|-–—•·>*_`~\u200b\ufeff"

_CAPITALIZED = r"[^\W\d_a-z][\w'’-]*"
_GIVEN = r"(?:[A-Z]\.(?:[ -]?(?=[A-Z]\.))?){1,4}"
_PARTICLE = r"(?:van|von|de|der|den|di|da|del|la|le|el|al)\b"
_FAMILY = rf"(?:{_PARTICLE} ){{0,2}}{_CAPITALIZED}(?:[ -]{_CAPITALIZED})?"
_PERSON = re.compile(
    rf"(?P<initials>{_FAMILY}, {_GIVEN}|{_GIVEN} ?{_FAMILY}"
    rf"|{_CAPITALIZED} [A-Z]{{1,3}}(?=[,.;])(?!\. {_CAPITALIZED},)\.?)"
    rf"|(?P<full>{_CAPITALIZED}(?: (?:[A-Z]\.|{_PARTICLE}|{_CAPITALIZED})){{1,3}})"
    rf"|(?P<family>{_CAPITALIZED})"
)
_INITIALLED = re.compile(rf"(?:{_CAPITALIZED} )?{_GIVEN} ?{_FAMILY}")
_INVERTED = re.compile(
    rf"({_CAPITALIZED}), ({_CAPITALIZED}(?: [A-Z]\.)?)(?=,? (?:and|&) |, |\.? ?[\"“])"
)
_NEXT_PERSON = re.compile(
    r"[*†‡]?(?:,? (?:\.{3}|…),? (?:and |& )?|,? (?:and|&) |, (?:and |& )?|; ?)(?=[^\W\d_])"
)
_AND_OTHERS = re.compile(r"[*†‡]?,? et\.? al\b\.?")
_DATED_END = re.compile(
    rf"[.,]?\s*(?:[(\[]{YEAR}[^()\[\]]{{0,20}}[)\]][.,:]?"
    rf"|{YEAR}[a-z]?(?:,\s*[A-Z][a-z]{{2,8}})?[.,:])\s*"
)
_QUOTED_END = re.compile(r"[.,:;]?\s*(?=[\"“])")
_STOPPED_END = re.compile(r"[.:]\s+|(?<=\.)\s+")
_COMMA_END = re.compile(r"[.,:]?\s+")
_MAX_PEOPLE = 100
_LEAST_FULL = 3
_MAX_JOURNAL = 4


def strip_prefix(text: str, venues: Venues) -> tuple[str, str]:
    """Split what some lists put before a title (`[2023/05]`, `(ICLR 2024)`) from the rest."""
    prefix, text = "", trim_pictures(text)
    for _ in range(_MAX_PREFIXES):
        match = _PREFIX.match(text) or _venue_tag(text, venues)
        if match is None or not text[match.end() :].strip(_EDGE):
            break
        round_brackets = match[2]
        is_another = prefix and match[0][-1:].isspace() and len((round_brackets or "").split()) == 1
        if round_brackets and not (is_another or _is_tag(round_brackets, venues)):
            break
        prefix += f" {match[0]}"
        text = trim_pictures(text[match.end() :])
    return prefix.strip(), text


def _is_tag(text: str, venues: Venues) -> bool:
    """Tell whether words in round brackets before a title are not part of it."""
    return bool(
        find_date(text)
        or venue_in(text, venues)
        or _IN_FRONT.fullmatch(text)
        or is_short_name(text)
    )


def _venue_tag(text: str, venues: Venues) -> re.Match[str] | None:
    """Find a venue with its year in front of a title, without brackets (`CVPR'23 oral`).

    An unknown name counts only with a four-digit year and a colon (`Neurcom 2021: …`).
    """
    match = _TAG.match(text)
    if match is None:
        return None
    if venues.canonical(match["name"]) is not None:
        return match if match["colon"] or not _EVENT.match(text, match.end()) else None
    is_dated = match["year"] and match["colon"]
    return match if is_dated and not _EVENT.search(text, match.end()) else None


def split_title(text: str, venues: Venues) -> tuple[str, str]:
    """Split a plain citation into its title and the rest.

    (`Title. Authors. Venue Year.`, `Authors. Title. Venue, Year.`, `Authors, Year. Title. Venue.`)
    """
    pipe = _PIPE.search(text)
    placed = None if pipe else _PLACED.search(text)
    if pipe and len(text[: pipe.start()].split()) >= _LEAST_PIPED:
        title, rest = split_title(text[: pipe.start()], venues)
        return title, f"{rest} | {text[pipe.end() :]}"
    if placed:
        title, rest = split_title(text[: placed.start()], venues)
        return title, f"{rest} | {placed[1] or ''}"
    leading = _leading_people(text)
    if leading is not None and not _are_people(text[leading[1] :]):
        _, end = leading
        title, rest = split_title(text[end:], venues)
        return title, f"{rest} | {text[:end].strip()}"
    if (listed := _people_between_commas(text, venues)) is not None:
        return listed
    quoted = _QUOTED.search(text)
    before = text[: quoted.start()].rstrip() if quoted else ""
    if quoted and (len(before.split()) <= 6 or before.endswith(":") or _may_be_people(before)):
        return clean_title(quoted[1]), f"{text[: quoted.start()]} {text[quoted.end() :]}".strip()
    dated = _YEAR_THEN.search(text)
    if dated and len(text[: dated.start()].split()) >= 2:
        rest = text[dated.end() :]
        if _are_people(rest):
            return clean_title(text[: dated.start()]), f"{dated[1]} | {rest}"
    return _split_plain(text, venues)


def _are_people(text: str, *, least: int = 1) -> bool:
    """Tell whether words are only people, so many of them, or some of several."""
    return is_cut_short(text) or names_in(text, least=least) is not None


def split_surnames(title: str, prefix: str) -> tuple[str, str]:
    """Split the authors off a title that follows a year and a comma: `2018, Title, Lee`."""
    match = _SURNAMES.search(title) if _YEAR_FIRST.fullmatch(prefix) else None
    if match is None or len(title[: match.start()].split()) < _LEAST_LISTED:
        return title, ""
    return title[: match.start()], match[1]


def split_linked(text: str, venues: Venues) -> tuple[str, str]:
    """Split the words of a link: a title with its tail, or a whole citation."""
    leading = _leading_people(text)
    if leading is not None:
        people, end = leading
        # One name and a quotation can be a title: `Language Models "Speak" of Towns`.
        if people.is_several or text[:end].rstrip()[-1:] in ".,:;":
            return split_title(text, venues)
    title, rest = split_tail(text, "", venues)
    ends = _SENTENCE_END.finditer(title)
    end_of_title = next((m for m in ends if _are_people(title[m.end() :], least=2)), None)
    return split_title(text, venues) if end_of_title else (title, rest)


def _split_plain(text: str, venues: Venues) -> tuple[str, str]:
    by = _BY.search(text)
    if by and names_in(text[by.end() :].strip(_EDGE), least=2) is not None:
        return split_tail(text[: by.start()], text[by.end() :], venues)
    title, rest = _split_words(text, venues)
    year = _BARE_YEAR.search(title)
    return (title[: year.start()].rstrip(), f"{year[1]} | {rest}") if year else (title, rest)


def _split_words(text: str, venues: Venues) -> tuple[str, str]:
    for match in _SENTENCE_END.finditer(text):
        head = text[: match.start()]
        if not text[match.end() :].strip():
            text = head
            break
        if not _ABBREVIATION.search(head) and len(head.split()) >= 2:
            rest = text[match.end() :]
            if not head.endswith(("?", "!")) or _follows_title(rest, venues):
                return split_tail(head, rest, venues)
    for cut in islice(_outer_commas(text), _MAX_COMMAS):
        part, _, _ = text[cut + 1 :].partition(",")
        if (
            _begins_with_names(text[cut + 1 :])
            or _are_initialled(text[cut + 1 :])
            or venue_in(part, venues) == part.strip(_EDGE)
        ):
            return split_tail(text[:cut], text[cut + 1 :], venues)
    return split_tail(text, "", venues)


def begins_with_people(text: str) -> bool:
    """Tell whether words are a citation that begins with its authors."""
    return _leading_people(text) is not None


def _leading_people(text: str) -> "tuple[_People, int] | None":
    """Return the people in front of a citation, and where its title begins; None without them.

    A year or a quoted title tells people by itself; before a full stop they are several, and three
    where all names are written out: two words and two more can be a title.
    """
    people = _read_people(text)
    if people is None:
        return None
    mark = _DATED_END.match(text, people.end) or _QUOTED_END.match(text, people.end)
    if mark is None and people.is_several:
        mark = (_COMMA_END if people.is_cut else _STOPPED_END).match(text, people.end)
        # Before a colon names that are written out can be a title's: `Trees, Nets and Maps: …`.
        if mark and mark[0][0] == ":" and people.full_names:
            mark = None
    return (people, mark.end()) if mark and text[mark.end() :].strip() else None


def _may_be_people(text: str) -> bool:
    """Tell whether words before a quoted title are people: only capitals, and a full stop."""
    words = (word for word in text.split() if word not in _JOINING_NAMES)
    return text.endswith((".", ",")) and all(word[0].isupper() for word in words)


def _people_between_commas(text: str, venues: Venues) -> tuple[str, str] | None:
    """Split `Ann Lee, Bo Kim, Title of It, ICLR, 2015` into its title and the rest, or return None.

    Two names may be a title's words, so a venue, a year or an identifier must follow; three, or
    one with initials, are people by themselves.
    """
    parts = [part.strip() for part in text.split(",", _MAX_COMMAS)]
    count, is_sure = _count_people(parts, venues)
    is_one = not is_sure and count < _LEAST_LISTED
    if is_one or venue_in(parts[count], venues) == parts[count]:
        return None
    end = next((n for n in range(count + 1, len(parts)) if _ends_title(parts[n], venues)), None)
    if not is_sure and count < (_LEAST_FULL if end is None else _LEAST_LISTED):
        return None
    people = ", ".join(parts[:count])
    stop = len(parts) if end is None else end
    if end is not None and _is_journal(parts[count + 1 : end], parts[end]):
        stop -= 1
    title, rest = _split_plain(", ".join(parts[count:stop]), venues)
    rest = f"{rest}, {', '.join(parts[stop:])}".strip(" ,")
    is_long = len(title.split()) >= (_LEAST_LISTED if is_sure else _LEAST_FULL)
    return (title, f"{people} | {rest}") if is_long else None


def _count_people(parts: Sequence[str], venues: Venues) -> tuple[int, bool]:
    """Count the people that parts begin with, and tell whether one has initials.

    What a venue or the end follows is the title, though it may look like a name.
    """
    is_sure = False
    for count, (part, following) in enumerate(pairwise(parts)):
        is_initialled = _is_initialled(part)
        is_named = is_initialled or _is_full_name(part)
        if not is_named:
            return count, is_sure
        if not is_initialled and (not following or venue_in(following, venues) == following):
            return count, is_sure
        is_sure = is_sure or is_initialled
    return len(parts) - 1, is_sure


def _is_initialled(text: str) -> bool:
    """Tell whether a part between commas is people with initials: `A. Lee and B. Roe`."""
    people = text.removeprefix("and ").split(" and ")
    return all(_INITIALLED.fullmatch(person) for person in people)


def _is_journal(parts: Sequence[str], end: str) -> bool:
    """Tell whether the last of a title's parts is where it appeared: `Machine Learning`, `1996`."""
    words = [word for word in parts[-1].split() if word not in _JOINING_NAMES] if parts else []
    is_short = 0 < len(words) <= _MAX_JOURNAL and not parts[-1].startswith(("and ", "or "))
    return is_short and YEAR_ALONE.match(end) is not None and all(w[0].isupper() for w in words)


def _is_full_name(text: str) -> bool:
    names = text.removeprefix("and ").strip().split(" and ")
    return all(len(name.split()) > 1 and is_name(name) for name in names)


def _ends_title(part: str, venues: Venues) -> bool:
    """Tell whether a part behind a comma is no more of a title: a venue, a year, an identifier."""
    first = re.split(r"[\s/]", part, maxsplit=1)[0]
    is_dated = YEAR_ALONE.match(part) is not None or first.casefold().startswith("arxiv")
    return is_dated or not part or venue_in(part, venues) is not None


def split_tail(title: str, rest: str, venues: Venues) -> tuple[str, str]:
    """Take a venue or a year off the end of a title, and put it before the rest."""
    title = title.rstrip(_EDGE.replace(".", "") if _INITIALS.search(title) else _EDGE)
    title = _HONOUR.sub("", title).rstrip()
    for pattern in _TAILS:
        match = pattern.search(title, max(len(title) - _MAX_TAIL, 0))
        if match is None or len(title[: match.start()].split()) < 2:
            continue
        tail = _PUBLISHED.sub("", match[0].strip(" ,()[]-–—|.@"), count=1)
        is_venue = venue_in(tail, venues) == tail or _DATED_BRACKETS.fullmatch(match[0])
        if is_venue or is_date(tail):
            return without_nickname(clean_title(title[: match.start()])), f"{tail} | {rest}"
    return without_nickname(clean_title(title)), rest


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A citation that begins with its authors.

    Attributes:
        title: of the paper.
        authors: their full names; empty where one is cut short, or the list is.
        rest: the other words, with year and venue.
    """

    title: str
    authors: tuple[str, ...]
    rest: str


def read_reference(text: str, venues: Venues) -> Reference | None:
    """Read a citation that begins with its authors, or return None.

    `Lee, A., & Roe, B. (2024). Title. Venue`, `Ann Lee, Bo Roe. 2024. Title. In Venue`,
    `A. Lee and B. Roe, "Title," Venue, 2024`, `Lee et al. Title. Venue`.
    """
    leading = _leading_people(text)
    if leading is None:
        return None
    people, end = leading
    title, rest = split_title(text[end:], venues)
    dated = _DATED_END.match(text, people.end)
    if dated and not YEAR_ALONE.search(rest):
        rest = f"{rest} {dated[0].strip(_EDGE)}".strip()
    is_sure = dated or people.is_several or (venue_in(rest, venues) or YEAR_ALONE.search(rest))
    if not is_sure or len(title.split()) < 2 or title[0].islower() or is_request(title):
        return None
    return Reference(title=title, authors=people.full_names, rest=rest)


@dataclass(frozen=True, slots=True, kw_only=True)
class _People:
    """The people that a text begins with.

    Attributes:
        full_names: empty where one has no given name, or there are others.
        end: where they end.
        is_cut: whether others follow.
        is_several: whether there are so many of them that they are no title.
    """

    full_names: tuple[str, ...]
    end: int
    is_cut: bool
    is_several: bool


def _read_people(text: str) -> _People | None:
    """Read the people that a text begins with, up to a mark of a citation; None without one."""
    if not text[:1].isalpha():
        return None
    people: list[re.Match[str]] = []
    first = _INVERTED.match(text)
    start = _NEXT_PERSON.match(text, first.end()) if first else None
    if first and _QUOTED_END.match(text, first.end()):
        names = (f"{first[2]} {first[1]}",)
        return _People(full_names=names, end=first.end(), is_cut=False, is_several=False)
    position = start.end() if start else 0
    while len(people) < _MAX_PEOPLE and (person := _PERSON.match(text, position)):
        people.append(person)
        end = person.end()
        others = _AND_OTHERS.match(text, end)
        following = None if _ends_people(text, end) else _NEXT_PERSON.match(text, end)
        if others or following is None:
            return _people(people, first if start else None, others)
        position = following.end()
    return None


def _ends_people(text: str, end: int) -> bool:
    return bool(_DATED_END.match(text, end) or _QUOTED_END.match(text, end))


def _people(
    people: list[re.Match[str]], first: re.Match[str] | None, others: re.Match[str] | None
) -> _People | None:
    """Collect people; family names do not form a list next to names that are written out."""
    kinds = {str(person.lastgroup) for person in people}
    end = (others or people[-1]).end()
    is_mixed = "family" in kinds and (len(kinds) > 1 or first is not None)
    if is_mixed or (kinds == {"family"} and not others and len(people) < 2):
        return None
    inverted = (f"{first[2]} {first[1]}",) if first else ()
    names = (*inverted, *(person[0] for person in people))
    is_whole = kinds == {"full"} and not others and all(is_name(n, len(names) > 1) for n in names)
    return _People(
        full_names=names if is_whole else (),
        end=end,
        is_cut=others is not None,
        is_several=others is not None
        or ("initials" in kinds and len(names) > 1)
        or (kinds == {"full"} and len(names) >= _LEAST_FULL),
    )


def first_names(text: str) -> tuple[str, ...]:
    """Read the authors from the first part of a citation that is a list of names."""
    if is_cut_short(text):
        return ()
    found = (names_in(run) for run in _RUNS.split(without_workplaces(text)) if run)
    return next((names for names in found if names is not None), ())


def date_in(text: str, venue: str | None) -> str | None:
    """Find a date in loose words; the year of the venue does not count."""
    return find_date(text.replace(venue, " ") if venue else text)


def _outer_commas(text: str) -> Iterator[int]:
    depth = 0
    for index, character in enumerate(text):
        depth += (character in "([{") - (character in ")]}")
        if character == "," and depth <= 0:
            yield index


def _follows_title(text: str, venues: Venues) -> bool:
    """Tell whether words begin with authors or a venue: a title may contain a question mark."""
    part = re.split(r"[,.|]", text, maxsplit=1)[0].strip(_EDGE)
    return _begins_with_names(text) or is_name(part) or venue_in(part, venues) == part


def _are_initialled(text: str) -> bool:
    """Tell whether words are people with initials: `G. Hinton and R. Salakhutdinov`."""
    return _INITIAL.match(text) is not None and names_in(text) is not None


def _begins_with_names(text: str) -> bool:
    parts = [part.strip(" .*") for part in text.split(",", 2)]
    first, is_cut, _ = parts[0].partition("et al")
    if is_cut:
        return len(first.split()) <= _MAX_NAME_WORDS
    return len(parts) >= 2 and all(map(is_name, parts[:2]))
