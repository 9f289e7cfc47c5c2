"""The parts of a citation: where a text is cut, and what each part may be.

A part is worth something as something else than a title: people, a venue, a date, words that only
name a link, a sentence. `citations` chooses the title among them.
"""

import re
from collections.abc import Iterator
from itertools import chain, islice, pairwise
from typing import NamedTuple

from kdbot.model.venue import Venues
from kdbot.text.dates import YEAR, YEAR_ALONE, find_arxiv_date, is_date
from kdbot.text.labels import label_role
from kdbot.text.names import is_cut_short, names_in
from kdbot.text.titles import (
    HONOURS,
    QUOTED,
    goes_on,
    is_generic,
    is_request,
    is_short_name,
    is_speech,
    is_title,
    spells_out,
    words_of,
)
from kdbot.text.venues import STOP, bare_venue, venue_in

Spans = tuple[tuple[int, int, str], ...]
"""Start, end and kind of words in another style: `quoted` for a title in bold or in a link, `link`
for an address, `venue` for an emphasised journal, and nothing, with equal ends, where emphasis
begins or ends."""
EDGE = " \t\n,;:.|-–—•·>*_`~#：，\u200b\ufeff"
"""What stands around a part."""
COSTS = {
    "": 0.0, "colon": 0.0, "by": 0.1, "comma": 0.2, "place": 0.2, "mark": 0.3, "cut": 0.4,
    "span": 0.5, "cue": 1.0, "dash": 1.3, "semi": 1.5, "line": 2.0, "stop": 5.0, "bar": 6.0,
}  # fmt: skip
"""What a mark costs inside a title."""
APART = 3.0
"""What a quotation, a link or a person with initials costs there."""
PLACED = 1.5
"""What a venue costs there."""
NAMES = frozenset({"people", "surname"})
"""Kinds of parts that may be people."""
CAPITALIZED = r"[^\W\d_a-z][\w'’-]*"
"""Pattern of a word with a capital."""
_UNKNOWN = -1.5  # what a part is worth that is nothing but a title
_MAX_PARTS = 48
_MAX_VENUE = 120  # characters
_MAX_CUT_SHORT = 12  # words
_MAX_INTRODUCTION = 8
_MAX_NAME = 3
_LEAST_TITLED = 4
_LEAST_DESCRIBING = 10
_BRACKETS = "()[]（）【】\"“”«»「」《》'‘’`<>"
_CLOSED = EDGE + ")]）】"
_OPENING, _CLOSING, _INSIDE = r"[(\[（【]", r"[)\]）】]", r"[^()\[\]（）【】\n]"

_GIVEN = r"(?:[A-Z]\.(?:[ -]?(?=[A-Z]\.))?){1,4}"
_PARTICLE = r"(?:van|von|de|der|den|di|da|del|la|le|el|al)\b"
_FAMILY = rf"(?:{_PARTICLE} ){{0,2}}[^\W\d_a-z][\w'’-]+(?:[ -]{CAPITALIZED})?"
_INITIALLED = (
    rf"(?:and |& )?(?:{_FAMILY},\s+{_GIVEN}(?![\w-])"
    rf"|{CAPITALIZED} [A-Z]{{1,3}}(?=[,;]|\.(?! {CAPITALIZED}(?:[,.;]|$| and | & )))"
    rf"|(?:{CAPITALIZED} )?{_GIVEN} ?{_FAMILY}(?![\w:-]))"
)
_AT_START = (
    r"(?:(?=and |& )|(?<!\w)(?<![^\Wdy] )"
    r"(?:\A|(?<=[\n(\[\"“])|(?<=[ ,;.:|*•–—-] )|(?<=and )|(?<=& )|(?<=by )))"
)
_DATED = r"(?:[A-Z][A-Za-z&]+ )?[A-Z][A-Za-z&]+ *(?:['’ -]?[0-9]{2}|20[0-9]{2})(?![0-9])"
_AS_PAPER = r"(?:(?: (?:workshop|oral|poster|spotlight|findings|main|full|long|short))* papers?)?"
_DATED_NAME = re.compile(_DATED)
# Behind a name: `NAME (ICLR 2024): A Title of It`, `NAME: "A Title of It"`.
_TITLE_NEXT = re.compile(
    r"\s*(?:[(\[](?=[^()\[\]]{0,30}[0-9])(?!(?i:arxiv|https?|doi)|[0-9])[^()\[\]]{2,40}[)\]]"
    r"[\s:：]+[\"“]?[A-Z]|[:：]\s*[\"“«])"
)
_WORD_BEHIND = re.compile(r",\s[A-Z][\w/]+$")
_BARE_NAME = re.compile(r"(?:Proc\. (?:of )?)?([A-Z][^\n,.;|()\[\]]{1,80})")
_NO_STOP = "".join(
    rf"(?<!{word})"
    for word in (
        r"\bvs",
        r"\.[a-z]",
        r"\bcf",
        r"\bProc",
        r"\b[DS][rt]",
        r"\b[Nn]o",
        r"[Vv]ol",
        r"\bpp",
    )
)
_CUE = "|".join(
    rf"(?<=\b{word})"
    for word in (
        "paper",
        "work",
        "article",
        "survey",
        "preprint",
        "titled",
        "entitled",
        "called",
        "named",
        "[Aa]dd",
        "[Aa]dded",
        "[Ii]nclude",
    )
)
# What begins with a letter, with a space or the like, and with any other mark, apart: at each place
# only one of them is tried.
_MARK = re.compile(
    r"(?=[^a-z]|and |http|v[ao]n |d[aei]|[le][al] |by )(?:(?=[\s,，|·•])(?:"
    r"(?P<line>\s*\n\s*)|(?P<bar>\s+[|·•]\s*|[|·•]\s+)|(?P<dash>\s+[-–—]{1,3}\s+)"
    rf"|(?P<cue>(?<=[rkeydt])(?:{_CUE}),?\s+(?=[A-Z0-9]))"
    r"|(?P<comma>[,，]\s+)|(?P<mark>(?<=[?!])\s+)"
    r"|(?P<place>\s+(?=(?:to|into|in|under|for|on) (?:the|your|this|our) [^.:]{0,60}?"
    r"\b(?:list|repo\w*|section|category|collection|readme|project|table|part)\b))"
    rf"|(?P<cut>(?:\s@|,?\s(?:[Ii]n|[Aa]t|from))?\s(?={_DATED}{_AS_PAPER}(?:$|[.,;|(\[])|{YEAR}\.?\s*$)"
    r"|(?:\s@|,?\s(?:in|at))\s(?=[A-Z]{2}|$))"
    rf")|(?=[\w&])(?:(?P<person>{_AT_START}{_INITIALLED})"
    r"|(?P<link>https?://[^\s()\[\]<>]+)"
    r"|(?P<by>(?<=\s)[Bb]y:?\s(?=[A-Z][\w.'’-]*\s(?:[A-Z]|et al|and )))"
    rf")|(?=[^\w\s])(?:(?P<quoted>{QUOTED})"
    rf"|(?P<bracket>(?<!\w){_OPENING}{_INSIDE}{{0,120}}{_CLOSING}"
    rf"|{_OPENING}(?![a-z]){_INSIDE}{{1,120}}{_CLOSING}(?!\w))"
    rf"|(?P<stop>(?=\.){_NO_STOP}{STOP})|(?P<semi>;\s+)|(?P<colon>:\s+|：\s*)))"
)
_PAGES = re.compile(
    r"(?:pp?|pages?|vol(?:ume)?|no|issue|art(?:icle)?)\b[\s.:]*[0-9][\w\s.:–-]*"
    r"|[0-9][0-9\s():.–-]*|[JCD]",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    rf"(?:{HONOURS}|spotlight presentation|accepted|to appear|in press)", re.IGNORECASE
)
_AFTER_TITLE = frozenset({"", "stop", "comma", "line", "span"})
_BARE_LEADS = frozenset({"in", "at", "from", "@"})
_LEAD = re.compile(
    r"(?:(?:accepted|published|presented|to appear|appear\w*)(?: (?:by|at|to|in))?|in|at|from|@)"
    r"(?: the)?:?\s+|proc\.?(?: of)?\s+|proceedings\b",
    re.IGNORECASE,
)
_MAY_HAVE_PARTS = re.compile(r"[0-9,;|(\[.]|\s[-–—]\s")
_NAMED_SO = re.compile(r"\s*[(\[][^()\[\]]{1,40}[)\]]\s*:\s")
_IN_SHORT = re.compile(r"[A-Z][\w'’-]+\+")
_INTRODUCES = re.compile(r"\b(?:papers?|articles?|preprint)\b|^\W*(?:[Nn]ew|[Oo]ur) work\b")
_ASKS = re.compile(r"\b(?:can|could|would|will) (?:you|we|i)\b", re.IGNORECASE)
_OFFERS = re.compile(
    r"\b(?:add\w*|papers?|works?|consider\w*|suggest\w*|suggestion|request\w*|recommend\w*|please"
    r"|thanks?|hi|hello|dear|share|list|relevant|interest\w*|propos\w*|submit\w*|publish\w*"
    r"|accepted|found|missing|includ\w*|our|my|update\w*)\b",
    re.IGNORECASE,
)
_JOINS = re.compile(r"(?:and|but|so|please|we|it|this|I)\b")
_OR = re.compile(r",\s(?:or|and)\b")
_OPENED = frozenset("([（【")
_RELATIVE = re.compile(r"(?:which|that|who|where)\b")
_TELLS = re.compile(
    r"(?:(?:an?|the|our|which|that) )?(?:(?:[\w-]+ )?(?:work|paper|study|article|survey) )?"
    r"(?:(?:was|is|has been|will be|to be) )?"
    r"(?:accepted|published|presented|appear(?:s|ed|ing)?)\s",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"(?:under|in the|with (?:its|the|available|code))\s", re.IGNORECASE)
_ARXIV_MONTH = re.compile(r"arxiv[,:]?\s+(\S.{3,18})", re.IGNORECASE)
_VENUE_WORD = re.compile(
    r"\b(?:Conference|Proceedings|Transactions|Journal|Symposium|Letters|Annals|Association)\b"
)
# What a conference did in a year is a title: `NTIRE 2019 Challenge`, `SemEval-2010 Task 8: …`.
_EVENT = re.compile(
    r"\b(?:challenges?|competition|track|shared task|task [0-9]|workshop on|report|tutorial"
    r"|dataset|overview|evaluating|results)\b",
    re.IGNORECASE,
)
_DATED_WORD = re.compile(rf"[A-Z]\S{{1,20}}(?: [A-Z]\S{{1,20}})? {YEAR}|[A-Z]\S*{YEAR}")
_NUMBERED = re.compile(r"\s*(?:\[[0-9]{1,3}\]|:[a-z0-9_+-]{2,40}:)\s+")
_JOURNAL = re.compile(
    rf"{CAPITALIZED}(?: (?:of|and|the|on|in|for|&|{CAPITALIZED})){{2,9}} [0-9]{{1,4}}"
)
_TAG = re.compile(
    rf"\s*({_DATED})"
    r"(?:[ -](?i:spotlight|oral|workshop|poster|highlight|findings|best paper))?"
    r"\s+(?=\w\S*\s+\S)"
)
_SURNAME = re.compile(rf"(?:and |& )?{CAPITALIZED}(?:(?: and | & ){CAPITALIZED})?")


class Part(NamedTuple):
    """A part of a citation.

    Attributes:
        start: where it begins.
        end: where it ends.
        mark: the mark before it.
        kind: what it is if it is no title.
        other: what it is worth so.
        words: how many words it has as a part of a title.
        bonus: what speaks for a title beside its words.
        continues: whether it goes on with a small letter.
    """

    start: int
    end: int
    mark: str
    kind: str = ""
    other: float = _UNKNOWN
    words: int = 0
    bonus: float = 0.0
    continues: bool = False


def read_parts(text: str, venues: Venues, spans: Spans = ()) -> Iterator[Part]:
    """Yield the parts of a citation with what each may be."""
    if numbered := _NUMBERED.match(text):
        text = " " * numbered.end() + text[numbered.end() :]
    before: Part | None = None
    end = Part(len(text), len(text), "")
    for part, following in pairwise(chain(islice(_cut(text, venues, spans), _MAX_PARTS), [end])):
        before = _read_part(text, part, following.mark, before, venues)
        yield before


def date_of(text: str) -> str | None:
    """Return the date that words are, beside the word *arXiv* too, as written."""
    text = text.strip(EDGE + _BRACKETS)
    beside = _ARXIV_MONTH.fullmatch(text)
    text = beside[1] if beside else text
    return text if is_date(text) else find_arxiv_date(text)


def journal_in(text: str) -> str | None:
    """Return the journal in a part that ends with its volume, or None."""
    text = text.strip(EDGE)
    if not text[-1:].isdigit():
        return None
    if _is_dated_word(text):
        return text
    return text.rpartition(" ")[0] if _JOURNAL.fullmatch(text) else None


def _cut(text: str, venues: Venues, spans: Spans) -> Iterator[Part]:
    """Yield the parts of a text, each with what its marks say it is."""
    position, mark = 0, ""
    tag = None if spans else _TAG.match(text)
    if tag and venues.canonical(tag[1]) is not None and not _EVENT.match(text, tag.end()):
        yield Part(0, tag.end(), "")
        position, mark = tag.end(), "cut"
    for start, end, kind in (*spans, (len(text), len(text), "")):
        for begin, stop, is_a in (*_cut_words(text, position, start, venues), (start, end, kind)):
            if is_a and is_a in COSTS:
                mark = is_a if COSTS[is_a] >= COSTS[mark] else mark
            elif stop > begin:
                yield Part(begin, stop, mark, is_a)
                mark = ""
        if COSTS[mark] < COSTS["span"]:
            mark = "colon" if text[:end].rstrip().endswith((":", "：")) else "span"
        position = end


def _cut_words(
    text: str, position: int, limit: int, venues: Venues
) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and kind of the parts in one style, and of the marks between them."""

    def words(end: int) -> Iterator[tuple[int, int, str]]:
        bare = text[position:end].lstrip(_CLOSED)
        if bare.strip("?! "):
            yield end - len(bare), end, ""

    for match in _MARK.finditer(text, position, limit):
        kind, (begin, end) = str(match.lastgroup), match.span()
        # `Either | Or` is a title.
        is_none = kind == "bar" and text[:begin].strip().isalpha()
        if kind == "stop" and " " not in text[:begin].strip():
            kind = "dash"  # `CPM-1. What It Does`
        is_none = is_none or (kind == "cut" and not _is_cut(text[position:limit], match, venues))
        if is_none:
            continue
        yield from words(begin)
        yield begin, end, kind
        position = end
        if kind == "person" and text[end : end + 2] == ". ":
            yield end, end, "stop"
            position += 2
    yield from words(limit)


def _is_cut(text: str, cut: re.Match[str], venues: Venues) -> bool:
    """Tell whether a year, or a venue with its year, follows, and no date's end.

    A venue without a year follows *in* or *at*: one in another style, or an acronym.
    """
    name = _DATED_NAME.match(cut.string, cut.end())
    before = cut.string[: cut.start()]
    if name is None and cut[0].strip(" ,") in _BARE_LEADS:
        bare = _BARE_NAME.match(cut.string, cut.end())
        is_apart = cut.end() == cut.endpos or (bare is not None and bare[1].strip().isupper())
        return is_apart and bare is not None and venues.canonical(bare_venue(bare[1])) is not None
    if name is None and _WORD_BEHIND.search(before[-40:]):
        return False  # `A Title of It, Sensors 2023`
    if name is None:
        return not (is_date(text.strip(EDGE)) or before.casefold().endswith("report"))
    if goes_on(before):
        return False  # `A Data Set for COVID-19`
    is_acronym = " " not in name[0] and sum(map(str.isupper, name[0])) > 1
    return is_acronym or venues.canonical(name[0]) is not None


def _read_part(text: str, part: Part, following: str, before: Part | None, venues: Venues) -> Part:
    """Return a part with what it may be.

    Args:
        text: the whole text.
        part: as it was cut.
        following: the mark behind it.
        before: the part before it.
        venues: the venues that the list knows.
    """
    bare = text[part.start : part.end].strip(EDGE + _BRACKETS)
    words, continues = len(words_of(bare)), part.start > 0 and text[part.start].islower()
    # `ICML 2024. iMap: Maps of Towns`
    continues = continues and not (following == "colon" and is_short_name(bare))
    part = Part(part.start, part.end, part.mark, part.kind, words=words, continues=continues)
    if part.kind in {"person", "link", "venue"}:
        kind = "people" if part.kind == "person" else part.kind
        return part._replace(kind=kind, other=2.0, bonus=-APART)
    # Quotes are around a title; bold type and a link may be around names or a venue.
    if part.kind == "quoted" and part.words > 2:
        is_in_quotes = not text[part.start].isalnum()
        if is_in_quotes or not _is_value(bare, venues):
            return part._replace(bonus=APART)
    is_bracket = part.kind == "bracket"
    place = _Place(
        mark=part.mark if before else "start",
        bracket=is_bracket,
        named=following in {"colon", "by"} or _NAMED_SO.match(text, part.end) is not None,
        behind=text[part.end : part.end + 60],
    )
    kind, other = _other(bare, place, venues)
    if is_bracket:
        return _read_bracket(text, part._replace(kind=kind or part.kind, other=other), bare, before)
    if following == "dash" and not before and part.words < 3 and other < 0:
        other = -1.0  # `Name - What It Does` may be a title
    if other == _UNKNOWN and _goes_on(part, bare, following, before):
        kind, other = "speech", 0.5
    if not before and other < 0 and is_short_name(bare) and _TITLE_NEXT.match(text, part.end):
        kind, other = "name", 0.5
    if other == _UNKNOWN and _is_journal(part, bare, before):
        kind, other = "venue", 2.0
    if other == _UNKNOWN and _describes(text, part, before):
        kind, other = "words", 2.0
    bonus = float(part.words >= _LEAST_TITLED and is_title(bare))
    return Part(*part[:3], kind, other, part.words, bonus, continues)


def _goes_on(part: Part, text: str, following: str, before: Part | None) -> bool:
    """Tell whether words of which nothing is known go on with a sentence."""
    if before and before.kind == "speech" and following == "colon":
        return text[1:].islower()
    is_behind_bracket = part.mark == "" and before is not None and before.kind == "bracket"
    return part.continues and part.mark in {"", "stop", "span"} and not is_behind_bracket


def _is_journal(part: Part, text: str, before: Part | None) -> bool:
    """Tell whether a dated word behind a title is a journal: `A Title of It, Sensors 2023`."""
    is_behind = part.mark == "comma" and before is not None and before.words >= _LEAST_TITLED
    return is_behind and before is not None and not before.kind and _is_dated_word(text)


def _is_dated_word(text: str) -> bool:
    return _DATED_WORD.fullmatch(text) is not None and len(text.split()) == 2


def _describes(text: str, part: Part, before: Part | None) -> bool:
    """Tell whether words tell what a paper does, behind its title: `A Title of It: we show that`.

    A subtitle in small letters is shorter.
    """
    if before is None or not part.continues or before.words < _LEAST_TITLED:
        return False
    if part.mark == "comma" and before.kind == "words" and before.continues:
        return True
    if part.mark != "colon":
        return False
    is_long = part.words >= _LEAST_DESCRIBING and text[part.start : part.end].islower()
    return text[before.end - 1] == "?" or (is_long and before.bonus > 0)


def _read_bracket(text: str, part: Part, bare: str, before: Part | None) -> Part:
    """Return a part in brackets: `Paper (Its Title)`, `Its Title (NAME)`, `Big Units (BU)`."""
    may_open = before is not None and (
        before.kind in {"words", "surname"} or (before.kind == "link" and not before.start)
    )
    if part.other < 0 and part.words >= _LEAST_TITLED and may_open:
        return part._replace(kind="bracket", bonus=float(is_title(bare)))
    is_spelled = part.kind != "venue" and is_short_name(bare)
    is_spelled = is_spelled and spells_out(text[: part.start], bare)
    if text[part.start - 1 : part.start] == " " and is_spelled:
        return part._replace(kind="bracket", other=_UNKNOWN, words=0)
    return part._replace(kind=part.kind if part.other >= 0 else "bracket", words=0)


def _is_value(text: str, venues: Venues) -> bool:
    """Tell whether words are people or a venue."""
    is_venue = len(text) < _MAX_VENUE and venue_in(text, venues) == text
    return is_venue or names_in(text) is not None


class _Place(NamedTuple):
    """Where a part stands.

    Attributes:
        mark: the mark before it; `start` for the first.
        bracket: whether it is in brackets.
        named: whether a colon follows.
        behind: the text behind it.
    """

    mark: str
    bracket: bool
    named: bool
    behind: str


def _other(text: str, place: _Place, venues: Venues) -> tuple[str, float]:
    """Return what words are if they are no title, and what they are worth so."""
    if not text:
        return "nothing", 2.0
    if (len(text) == 1 or any(map(str.isdigit, text))) and (
        _PAGES.fullmatch(text) or date_of(text)
    ):
        return "date", 3.0
    if place.mark == "comma" and _RELATIVE.match(text):
        return "words", 2.0
    speaks = _speaks(text, place)
    if not speaks and (worth := _venue_worth(text, place, venues)):
        return "venue", worth
    if worth := _words_worth(text, place):
        return "words", worth
    if people := _people(text, place):
        return people
    if place.bracket and is_short_name(text):
        return "name", 0.5
    return ("speech", 3.0) if speaks else ("", _UNKNOWN)


def _words_worth(text: str, place: _Place) -> float:
    """Return what words are worth that only name a link, or say where an entry belongs."""
    if text.casefold() in _BARE_LEADS:
        return 2.5
    if place.named and text.isupper() and label_role(text) is None:
        return 0.0  # `SEE: What It Does`
    is_alone = place.mark not in {"", "colon", "comma"} and not _OR.match(place.behind)
    if is_alone and text[-1] != "?" and _is_about(text):
        return 2.5
    if place.mark == "comma" and _is_about(text):
        return -0.1
    if place.mark == "place" or (place.mark == "comma" and _ASIDE.match(text)):
        return 2.0
    is_short = place.named and len(text.split()) <= _MAX_INTRODUCTION
    return 2.5 if is_short and _INTRODUCES.search(text) else 0.0


def _is_about(text: str) -> bool:
    return _ABOUT.fullmatch(text) is not None or is_generic(text)


def _people(text: str, place: _Place) -> tuple[str, float] | None:
    """Return what words are worth as people, or as a part of their list."""
    in_short = _IN_SHORT.fullmatch(text) and not place.named
    if in_short or (is_cut_short(text) and len(text.split()) <= _MAX_CUT_SHORT):
        return "people", 3.0
    if place.named or place.bracket or place.mark in {"", "colon", "mark"}:
        return None
    names = names_in(text.removeprefix("and ").removeprefix("& ")) or ()
    if names and all(len(name.split()) <= _MAX_NAME for name in names):
        return "people", 0.4 * len(names)
    if _SURNAME.fullmatch(text):
        return "surname", -0.3
    return ("venue", 1.0) if _VENUE_WORD.search(text) else None


def _speaks(text: str, place: _Place) -> bool:
    """Tell whether words ask for something, or tell it, and are no title."""
    if place.named and not _OFFERS.search(text):
        return False
    if place.mark == "comma" and not _JOINS.match(text):
        return False
    is_short = place.mark == "comma" and len(text.split()) <= _MAX_NAME
    is_question = text[-1] == "?" and _ASKS.search(text) is None
    if place.bracket or place.mark == "colon" or is_short or is_question:
        return False
    asks = is_request(text) and not is_title(text) and place.behind[:1] not in _OPENED
    return is_speech(text) or asks


def _find_venue(text: str, start: int, venues: Venues) -> str | None:
    """Return the venue in a part; one without digits and marks is the whole part, or none."""
    if len(text) >= _MAX_VENUE:
        return None
    if _MAY_HAVE_PARTS.search(text):
        return venue_in(text, venues)
    return text[start:] if venues.canonical(text[start:]) is not None else None


def _venue_worth(text: str, place: _Place, venues: Venues) -> float:
    """Return what words are worth as a venue, 0 if they are none."""
    lead = None if place.mark == "colon" else _LEAD.match(text)
    year = YEAR_ALONE.search(text)
    is_event = place.named and (_EVENT.search(place.behind) or _EVENT.search(text)) is not None
    if venue := _find_venue(text, lead.end() if lead else 0, venues):
        is_dated = year is not None or text[-2:].isdigit()
        is_inside = place.mark == "colon" or (place.named and not year)
        is_known = not is_inside or venues.canonical(venue) is not None
        is_whole = len(venue) > 0.6 * (len(text) - (lead.end() if lead else 0))
        if is_whole and is_known and not is_event:
            return 3.0 if lead or is_dated else 2.2
        if not place.named and (lead or is_dated or place.bracket):
            return 2.0
    if year and (
        (place.bracket and not text[0].islower())
        or (place.named and not is_event and _DATED_WORD.fullmatch(text))
    ):
        return 2.0
    if _TELLS.match(text) and text[-1] != "?":
        return 2.5
    if place.mark in _AFTER_TITLE and _JOURNAL.fullmatch(text):
        return 2.0
    if lead and lead[0].casefold() != "from " and text[lead.end() : lead.end() + 1].isupper():
        return 3.0 if year else 1.5 if len(lead[0]) < 5 else 2.5
    return 0.0
