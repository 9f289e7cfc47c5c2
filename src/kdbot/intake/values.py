"""The sentences of a text about listed papers, with the values in them and the papers they name."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import chain, islice

from kdbot.intake.intent import split_sentences
from kdbot.intake.links import Link, find_links, role_of_link
from kdbot.intake.listed import ListedPapers, Place
from kdbot.intake.markdown.lines import Line, LineCutter
from kdbot.intake.mentions import read_field, split_labels
from kdbot.intake.sections import resolve_categories, section_hints
from kdbot.intake.titles import (
    PlacedTitle,
    find_titles,
    marked_ranges,
    short_names_in,
    title_of_link,
)
from kdbot.intake.topics import PAPER_LINK, topics_of
from kdbot.model.collection import Identity
from kdbot.model.taxonomy import Taxonomy
from kdbot.model.titles import fold_title
from kdbot.model.venue import Venues
from kdbot.text.characters import EAST_ASIAN
from kdbot.text.dates import find_date, is_date
from kdbot.text.hosts import LinkRole, is_repository, names_paper
from kdbot.text.labels import IGNORED, field_of_label
from kdbot.text.titles import clean_title, is_named_title, is_request, is_short_name, is_title
from kdbot.text.venues import ARXIV, find_known_venues, find_venue

_MAX_SENTENCES = 200
_MAX_VALUES = 40
_MAX_TEXT = 600
_NEAR = 60
_TITLE_WORDS = 4
_QUOTES = "\"“”‘’'`*_~ "
_TOLD_LABEL = re.compile(
    r"\W*(?:(?:old|new|current|present|previous|former|existing|original|wrong|incorrect|correct|corrected"
    r"|right|actual|real|true|updated|suggested|expected|proposed|final|listed) )+"
    r"(?P<name>[^:：]{2,40})[:：]\s*(?=\S)",
    re.IGNORECASE,
)
_OPENING_QUOTES = frozenset("\"“‘'`《«「<")
_ADDRESS_LABELS = frozenset({"url", "paper", "code", "project", "data", "title"})
_NOT_A_VENUE = re.compile(
    r"\W{0,2}(?:anthology|web ?site|program(?:me)?\b|page|list|template)", re.IGNORECASE
)
_WORKSHOP_BEHIND = re.compile(
    r"(?:[ -][A-Z][\w&/'’-]*(?: (?:on|of|for|and|in) )?){0,5}?[ -](?:[Ww]orkshops?|WORKSHOP)\b"
    r"(?:,? (?:20)\d\d\b| ?['’]\d\d\b)?"
)
_WORKSHOP_AT = re.compile(
    r"\bworkshops?\b[^.,;]{0,40}\b(?:at|of|in|with|@)(?: the)?\W*$", re.IGNORECASE
)
# Without an identifier these lead to no paper.
_NO_PAPER = re.compile(r"/search\?|//(?:[\w-]+\.)*(?:arxiv|aclweb|aclanthology|openreview)\.\w+/")
_IS_LINK = re.compile(r"(?:the )?(?:doi|link|url|pdf|preprint)\b", re.IGNORECASE)
_MONTH = re.compile(r"\b(?:19|20)\d\d[-./年 ]\d{1,2}\b月?|\b[A-Z][a-z]{2,8}\.? (?:19|20)\d\d\b")
_NAMED_VENUE = re.compile(
    r"(?:accepted (?:by|at|to|in|for)|published (?:in|by|at|on)|accepted ?[:：]"
    r"|(?P<stated>should be|should read|refer+ed to as ?[:：]?|cited as ?[:：]?)"
    r"|(?:journal|venue) (?:is|to)) {1,2}(?:the )?(?P<name>(?:[A-Z][\w&.’'-]*)(?: (?:(?:of|and|&|on"
    r"|in|for|the|from) )?(?:[A-Z][\w&.’'-]*|transactions|journal|letters)){1,8})"
    r"(?: \((?P<short>[A-Z][\w-]{1,12})\))?"
)
_KEY = re.compile(r"[A-Z]?[a-z]+\d{4}[a-z]?")  # of a reference: *Nature2021*
_PREPRINT = re.compile(
    r"\barxiv\b(?!\W{0,2}(?:\d|link|id\b|paper|version|page|url|pdf))", re.IGNORECASE
)
_STATES_TITLE = re.compile(
    r"(?:[:：=]|->|→|=>|\b(?:be|is|to|as|with|into|read|follows)\b(?: now)?[:：]?"
    r"|\b(?:title|name)\s?(?=\()|debería ser|devrait être|sollte"
    r"|应为|应该是|改为|改成|正确的是|ではなく|아니라)\s*"
    r"(?=[^\W\d_a-z]|\d)"
)
SPEECH_BEHIND = re.compile(rf"(?<=[a-z])[\s，、。]*[{EAST_ASIAN}].*")
"""Words of another script behind a title: *A Title 을 추가해 주세요*."""
_ASKED = re.compile(r"\b(?:please|can|could|would|will)\b", re.IGNORECASE)
_FAULTY = re.compile(
    r"\b(?:wrong|incorrect|broken|dead|outdated|missing|invalid|404|typos?|errors?|README"
    r"|mistakes?|(?:not|n['’]t) work\w*)\b"
)  # *Fixing the Broken Links of Chain-of-Thought* is a title
_CHANGES = re.compile(r"(?:Update|Correct|Fix|Replace|Move)\b.*\bto\b")
_ARROW = re.compile(r"->|→|=>")
_ASIDE = re.compile(r"\s*\([^()]{12,}\)\s*$")
_PAIR = re.compile(r"->|→|=>|\b(?:instead of|rather than|should (?:be|read))\b")
_SPEECH = re.compile(r"\b(?:is|are|was|should|has)\b[^.]{0,200}\. (?:The|It|This|Please)\b")
_PARTED = re.compile(r"[\"“”«»]|->|→|=>")
_ALONE = re.compile(r"\W*(?:from|to|before|after|old|new|current)\W*$", re.IGNORECASE)
_STRUCK = re.compile(r"~~[^~]{0,300}~~|^[^~]{0,300}~~(?!.*~~)")
_SPEAKS = re.compile(
    r"\b(?:it|is|was|are|not|should|wrong|please|has|been|now|and)\b", re.IGNORECASE
)
_NAMED_FIRST = re.compile(
    r"^\W*(?:\d{1,2}[.)]\s)?([A-Z][\w.+-]*)\s*(?:[:：](?!/)|->|→|=>|\s(?:is|was|has|should|now)\b)"
)


class Standing(Enum):
    """What the words around a value say about it."""

    NEW = auto()
    OLD = auto()
    DOUBT = auto()
    NONE = auto()


class How(Enum):
    """What sets a value apart.

    A label or marks around it, a link's words, an address in view; for a title also that it is
    `STATED` behind *should be* or the like, or `ALONE` on the line that such words announce, or a
    `LINE` of its own; that it is a listed one, as a `WHOLE`, as the `SHORT` name before its colon
    or in `PART`; for a category, that the list does not have it (`OPEN`).
    """

    WORDS = auto()
    BARE = auto()
    LINK = auto()
    LABEL = auto()
    MARKED = auto()
    STATED = auto()
    ALONE = auto()
    LINE = auto()
    WHOLE = auto()
    SHORT = auto()
    PART = auto()
    OPEN = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A value in a sentence, or the name of a paper.

    Attributes:
        field: the record's field that it would fill; `url` for any address of the paper.
        value: as written; a category as its path.
        start: position in the sentence.
        end: position behind it.
        how: what sets it apart.
        is_address: whether it is an address that can be a paper's.
        identity: the listed paper that it is the title, a name or an address of.
        standing: what is said about it.
    """

    field: str
    value: str
    start: int
    end: int
    how: How = How.WORDS
    is_address: bool = False
    identity: Identity | None = None
    standing: Standing = Standing.NONE

    @property
    def is_listed(self) -> bool:
        """Whether the list has it as it stands here, not only its beginning."""
        if self.identity is None or self.field != "title":
            return self.identity is not None
        titles = map(fold_title, self.identity.titles)
        return self.how in {How.WHOLE, How.SHORT} or fold_title(self.value) in titles

    @property
    def is_cut(self) -> bool:
        """Whether it is a listed title without its end."""
        folded = fold_title(self.value)
        titles = self.identity.titles if self.identity else ()
        return any(fold_title(title).startswith(folded) for title in titles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One sentence, or one label with its value.

    Attributes:
        line: as written; behind a label only its value.
        label: the field that a label before it names, or None.
        before: the words of that label.
        values: in it, in their order.
        heading: whether it is the issue's title.
        opens: whether it opens its line.
        words: the text with its titles, venues and addresses blanked, each in its place.
        topics: the fields of which the words, or the label, speak.
        says: whether the words call something wrong, or a field's value right.
    """

    line: Line
    label: str | None = None
    before: str = ""
    values: tuple[Value, ...] = ()
    heading: bool = False
    opens: bool = False
    words: str = ""
    topics: frozenset[str] = frozenset()
    says: bool = False

    @property
    def text(self) -> str:
        """The sentence as written."""
        return self.line.text.strip()

    @property
    def speaks(self) -> bool:
        """Whether there are words beside the values."""
        return any(map(str.isalnum, self._rest))

    @property
    def linked(self) -> frozenset[str]:
        """The fields of the links that words stand for; an entry of a list has several."""
        return frozenset(v.field for v in self.values if v.how is How.LINK and v.end > v.start)

    @property
    def said_topics(self) -> frozenset[str]:
        """The fields of which it speaks without the words of an entry's links."""
        return self.topics if len(self.linked) < 2 else topics_of(self._rest)

    @property
    def _rest(self) -> str:
        """The words beside the values, each in its place."""
        rest = self.words
        for value in self.values:
            space = " " * (value.end - value.start)
            rest = rest[: value.start] + space + rest[value.end :]
        return rest

    def about(self, name: str) -> bool:
        """Tell whether it speaks of a field."""
        return name in self.topics


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sentence:
    """A sentence before its values are found.

    Attributes:
        line: with its links and styles.
        label: the field that a label before it names, or None.
        places: where it has titles and names of listed papers.
        opened: whether the one before announces a value with a colon.
        about_title: whether it, or the one before, speaks of a title.
    """

    line: Line
    label: str | None
    places: Sequence[Place]
    opened: bool
    about_title: bool


@dataclass(frozen=True, slots=True)
class ValueReader:
    """Finds the values in the lines of a text.

    Attributes:
        venues: the names that the list knows.
        taxonomy: the categories, whose names are recognised.
        listed: the papers of the list.
    """

    venues: Venues
    taxonomy: Taxonomy
    listed: ListedPapers

    def read(self, lines: Iterable[Line], *, heading: int = 0) -> Iterator[Statement]:
        """Yield the sentences of lines; the first `heading` lines are the issue's title."""
        opened, topics = False, frozenset[str]()
        for number, line in enumerate(lines):
            reached = 0
            for label, part in chain.from_iterable(map(_told, split_labels(line))):
                begin = line.text.find(part.text, reached)
                before = line.text[reached:begin] if label else ""
                reached = max(begin, reached) + len(part.text)
                for cut, places in self._cut(part) if label != IGNORED else ():
                    topics = topics_of(f"{before} {cut.text}") or topics
                    about = "title" in topics
                    sentence = _Sentence(
                        line=cut, label=label, places=places, opened=opened, about_title=about
                    )
                    values = self._values(sentence)
                    words = _blank(cut.text, values)
                    opened = cut.text.rstrip().endswith((":", "：")) or bool(_ALONE.match(cut.text))
                    yield Statement(
                        line=cut,
                        label=label,
                        before=before,
                        values=values,
                        heading=number < heading,
                        opens=begin == 0 and cut.text == part.text[: len(cut.text)],
                        words=words,
                        topics=topics_of(f"{before} {words}") | ({label} if label else set()),
                    )

    def _cut(self, part: Line) -> Iterator[tuple[Line, list[Place]]]:
        """Cut a part of a line into sentences, each with the listed papers in it."""
        text = part.text
        places = list(self.listed.find(text))
        closed = [(link.start, link.end) for link in find_links(part)]
        closed += (one for one in marked_ranges(part) if not _SPEECH.search(text[slice(*one)]))
        closed += ((place.start, place.end) for place in places)
        cutter = LineCutter(part)
        for sentence in islice(split_sentences(text, closed), _MAX_SENTENCES):
            start, end = sentence.start, sentence.start + len(sentence.text)
            within = [
                replace(place, start=place.start - start, end=place.end - start)
                for place in places
                if start <= place.start < end
            ]
            yield cutter.cut(start, end), within

    def _values(self, sentence: _Sentence) -> tuple[Value, ...]:
        """Return the values of a sentence; of two in one place, the one that is surer."""
        values: list[Value] = []
        for one in islice(self._found(sentence), _MAX_VALUES):
            if not any(_overlap(one, other) for other in values):
                values.append(one)
        return tuple(sorted(values, key=_place))

    def _found(self, sentence: _Sentence) -> Iterator[Value]:
        """Yield what may be a value, the surest first."""
        links = find_links(sentence.line)
        if sentence.label is not None and sentence.label not in _ADDRESS_LABELS:
            yield from self._labelled(sentence.label, sentence.line)
        for link in links:
            yield self._address(link, sentence)
            if not link.bare and (venue := next(self._venues_in(link.text), None)):
                # Of no width: what is said of it is also said of the address.
                yield replace(venue, start=link.start, end=link.start, how=How.LINK)
        text = sentence.line.text[:_MAX_TEXT]
        names = _quoted_names(sentence)
        found = [v for v in self._venues_in(text) if not any(v.start in name for name in names)]
        is_dated = any(venue.value[-1:].isdecimal() for venue in found)
        for title in self._titles(sentence, links):
            if title.how is not How.LINE or not is_dated:
                yield title
        yield from found
        for match in _MONTH.finditer(text):
            if (date := find_date(match[0])) and len(date) > 4:
                yield Value(field="date", value=date, start=match.start(), end=match.end())
        yield from self._categories_in(text)

    def _categories_in(self, text: str) -> Iterator[Value]:
        by_path = {leaf.path: leaf.title for leaf in self.taxonomy.leaves}
        hints = section_hints("", (text,), self.taxonomy)
        if "categories" in topics_of(text):
            # As the list writes them, these are its categories wherever they stand.
            found = (path for path, title in by_path.items() if _is_written_in(title, text))
            hints = (*hints, *sorted(found, key=lambda path: -len(by_path[path])))
        for hint in hints:
            at = text.casefold().find(by_path.get(hint, hint).casefold())
            if hint in by_path and at >= 0:
                end = at + len(by_path[hint])
                yield Value(field="categories", value=hint, start=at, end=end)

    def _address(self, link: Link, sentence: _Sentence) -> Value:
        is_page = role_of_link(link, sentence.label) is LinkRole.PAPER
        is_paper = is_page and not _NO_PAPER.search(link.address)
        field = _field_of(link, sentence.line.text, sentence.label)
        return Value(
            field=field,
            value=link.address,
            is_address=field == "url" and (is_paper or names_paper(link.address)),
            start=link.start,
            end=link.end,
            identity=self.listed.at_address(link.address),
            how=How.BARE if link.bare else How.LINK,
        )

    def _venues_in(self, text: str) -> Iterator[Value]:
        for known in find_known_venues(text, self.venues):
            if not _NOT_A_VENUE.match(text, known.end):
                behind = _WORKSHOP_BEHIND.match(text, known.end)
                end, name = behind.end() if behind else known.end, known.text
                name = text[known.start : end] if behind else name
                # *A workshop at ICLR* is not ICLR, and its name is not in one place.
                is_apart = _WORKSHOP_AT.search(text[max(known.start - _NEAR, 0) : known.start])
                how = How.OPEN if is_apart else How.WORDS
                yield Value(field="venue", value=name, start=known.start, end=end, how=how)
        for match in _PREPRINT.finditer(text):
            yield Value(field="venue", value=ARXIV, start=match.start(), end=match.end())
        about = "venue" in topics_of(text)
        for match in _NAMED_VENUE.finditer(text):
            if about or not match["stated"]:
                name, start = match["short"] or match["name"], match.start("name")
                yield Value(field="venue", value=name, start=start, end=match.end())
        found = find_venue(text, self.venues)
        if found and not _KEY.fullmatch(found.text):
            yield Value(field="venue", value=found.text, start=found.start, end=found.end)

    def _labelled(self, label: str, part: Line) -> Iterator[Value]:
        """Yield what a label states; words that speak are no value."""
        mention = read_field(label, part, self.venues)
        paths = {leaf.path for leaf in self.taxonomy.leaves}
        for name, texts in mention.values.items() if mention else ():
            items = resolve_categories(texts, self.taxonomy) if name == "categories" else texts
            for value in filter(None, (self._plain(name, text) for text in items)):
                how = How.OPEN if name == "categories" and value not in paths else How.LABEL
                yield Value(field=name, value=value, start=0, end=len(part.text), how=how)

    def _plain(self, name: str, text: str) -> str:
        """Return the value in the words behind a label, empty where they are a sentence."""
        text = _ARROW.split(_STRUCK.sub("", text))[-1].strip(" ~")
        if name == "venue":
            text = _ASIDE.sub("", text)
        if name == "date" and not is_date(text):
            return find_date(text) or ""
        if name == "venue" and _SPEAKS.search(text):
            return next((found.text for found in find_known_venues(text, self.venues)), "")
        return text

    def _titles(self, sentence: _Sentence, links: Sequence[Link]) -> Iterator[Value]:
        """Yield the titles in a sentence, the surest first, and the names of listed papers."""
        text, places = sentence.line.text, sentence.places
        marked = [_beside(one, places) for one in _marked(sentence, links)]
        other = [one for one in marked if one.is_listed or one.how is not How.PART]
        yield from (one for one in other if sentence.about_title or not _holds(one, places))
        for link in links:
            is_named = not link.bare and role_of_link(link, None) is not LinkRole.OTHER
            for place in places if is_named else ():
                if link.start <= place.start < link.end and (place.whole or place.short):
                    # Of no width, as above.
                    yield replace(_placed(text, place), start=link.start, end=link.start)
        is_open = all(one.is_listed for one in marked)
        unmarked = [_beside(one, places) for one in _unmarked(sentence, links)] if is_open else []
        yield from (_placed(text, place) for place in places if place.whole)
        yield from (one for one in unmarked if one.how is not How.LINE)
        yield from (_placed(text, place) for place in places if place.short)
        named = None if self.listed.is_known else _NAMED_FIRST.match(text)
        if named and is_short_name(named[1]):
            yield _title(named[1], named.start(1), named.end(1), How.SHORT)
        yield from (one for one in unmarked if one.identity is None)
        yield from (_placed(text, place) for place in places if place.is_most)
        for name in () if self.listed.is_known else short_names_in(sentence.line, listed=False):
            if (at := text.find(name)) >= 0 and self.venues.canonical(name) is None:
                yield _title(name, at, at + len(name), How.SHORT)


def _told(found: tuple[str | None, Line]) -> Iterator[tuple[str | None, Line]]:
    """Yield a labelled part; *Current venue* and *Correct venue* are labels of corrections too."""
    label, part = found
    told = _TOLD_LABEL.match(part.text) if label is None else None
    named = field_of_label(told["name"]) if told else None
    yield (named, LineCutter(part).cut(told.end(), len(part.text))) if told and named else found


def _title(title: str, start: int, end: int, how: How, listed: Identity | None = None) -> Value:
    return Value(field="title", value=title, start=start, end=end, identity=listed, how=how)


def _beside(title: Value, places: Sequence[Place]) -> Value:
    """Return a title with the listed paper whose title is in the same place, if any."""
    end = max(title.end, title.start + 2)
    within = [place for place in places if place.start < end and title.start < place.end]
    within.sort(key=lambda place: place.whole, reverse=True)
    meant = next((place for place in within if _is_meant(place, title)), None)
    how = How.SHORT if meant and meant.short else title.how
    return replace(title, identity=meant.identity, how=how) if meant else title


def _quoted_names(sentence: _Sentence) -> list[range]:
    """Return where quotes name a listed paper: *"A Title of It, TOG 2021"* states no venue."""
    text = sentence.line.text
    quoted = (range(*one) for one in marked_ranges(sentence.line))
    return [
        one
        for one in quoted
        if text[one.start] in _OPENING_QUOTES and any(p.start in one for p in sentence.places)
    ]


def _is_meant(place: Place, title: Value) -> bool:
    """Tell whether a title is the one that a list has in its place, its name or its beginning."""
    if place.short:
        return len(title.value) == place.end - place.start
    is_cut = replace(title, identity=place.identity).is_cut
    return place.whole or place.is_most or is_cut


def _holds(title: Value, places: Sequence[Place]) -> bool:
    """Tell whether words have a whole listed title in them, and more."""
    inside = any(p.whole and title.start <= p.start < title.end for p in places)
    return inside and not title.is_listed


def _placed(text: str, place: Place) -> Value:
    """Return a listed title, its name or its beginning as a text has it."""
    how = How.WHOLE if place.whole else How.SHORT if place.short else How.PART
    return _title(text[place.start : place.end], place.start, place.end, how, place.identity)


def _marked(sentence: _Sentence, links: Sequence[Link]) -> Iterator[Value]:
    """Yield titles that a link, a label, quotes or bold type set apart."""
    line, text = sentence.line, sentence.line.text[: 2 * _MAX_TEXT]
    for link in links:
        title = title_of_link(link)
        if title and is_title(title) and not _IS_LINK.match(title):
            # Of no width: what is said of it is also said of the address.
            yield _title(title, link.start, link.start, How.LINK)
    whole = clean_title(text).strip(_QUOTES)
    named = (is_named_title(whole) or is_short_name(whole)) and not is_request(whole, marked=True)
    # *Title: fixed "A" → "B"*, *Title: now called "A"*
    is_pair = bool(_PAIR.search(whole)) or (whole[:1].islower() and bool(_PARTED.search(whole)))
    if sentence.label in {"title", "paper"} and not links and named and not is_pair:
        yield _title(whole, 0, len(text), How.LABEL)
        return
    quoted = [(p.start, _end_of(p, text), p.title) for p in find_titles(line) if p.marked]
    bold = [(start, end, clean_title(text[start:end])) for start, end in marked_ranges(line)]
    for start, end, title in (*quoted, *(one for one in bold if _may_stand_bare(one[2]))):
        if not any(link.start <= start + 1 < link.end for link in links):
            yield _title(title, start, end, How.MARKED)


def _end_of(title: PlacedTitle, text: str) -> int:
    """Return the position behind a title and the quotes around it, if any."""
    is_quoted = text[title.start : title.start + 1] in _OPENING_QUOTES
    return title.start + len(title.title) + 2 * is_quoted


def _unmarked(sentence: _Sentence, links: Sequence[Link]) -> Iterator[Value]:
    """Yield the words behind *should be* or a colon, and a whole line, if they may be a title."""
    text = sentence.line.text[:_MAX_TEXT]
    whole = clean_title(text).strip(_QUOTES)
    if _PARTED.search(whole) and not (sentence.about_title and _ARROW.search(whole)):
        return
    if sentence.opened and not links and _may_stand_bare(whole):
        yield _title(whole, 0, len(text), How.ALONE)
        return
    for stated in islice(_STATES_TITLE.finditer(text), 4 * sentence.about_title):
        head = text[: stated.start()].rpartition(" ")[2]
        if stated[0][0] in ":：" and is_short_name(head):
            continue  # it is the title's own: *MiniLLM: …*
        title = clean_title(SPEECH_BEHIND.sub("", text[stated.end() :])).strip(_QUOTES)
        title = title.rstrip("?") if _ASKED.search(text[: stated.start()]) else title
        if _may_stand_bare(title) and not any(link.end > stated.end() for link in links):
            yield _title(title, stated.end(), len(text), How.STATED)
    is_fault = _CHANGES.match(whole) or (topics_of(whole) and _FAULTY.search(whole))
    if not links and not is_fault and _may_stand_bare(whole) and is_title(whole):
        yield _title(whole, 0, len(text), How.LINE)


def _overlap(one: Value, other: Value) -> bool:
    """Tell whether two values claim the same place; those of one label share it."""
    is_one = one.how is How.LABEL is other.how and one.field == other.field
    return not is_one and one.start < other.end and other.start < one.end


def _blank(text: str, values: Sequence[Value]) -> str:
    """Return the words around the values, each in its place."""
    for value in values:
        inner = text[value.start : value.end]
        if value.field in {"title", "venue"} or "://" in inner or value.how is How.BARE:
            text = text[: value.start] + "…" * len(inner) + text[value.end :]
    return text


def _place(value: Value) -> tuple[int, bool, int]:
    """Order values by their places: one of no width, then the longest."""
    return value.start, value.end > value.start, -value.end


def _is_written_in(name: str, text: str) -> bool:
    """Tell whether a text has words in this spelling, with nothing attached."""
    at = text.find(name)
    around = text[max(at - 1, 0) : at] + text[at + len(name) : at + len(name) + 1]
    return at >= 0 and not any(map(str.isalnum, around))


def _may_stand_bare(text: str) -> bool:
    """Tell whether words without quotes can be a title: *as in the PDF* cannot."""
    is_written = not (text[:1].islower() or _PARTED.search(text))
    return is_written and len(text.split()) >= _TITLE_WORDS and is_named_title(text)


def _field_of(link: Link, text: str, label: str | None) -> str:
    """Return the field that an address would fill: by its label, its kind, and the words before."""
    role = role_of_link(link, label)
    if names_paper(link.address):
        return "url"
    before = text[max(link.start - _NEAR, 0) : link.start]
    near = topics_of(before)
    is_own = role in {LinkRole.CODE, LinkRole.PROJECT, LinkRole.DATA}
    if role is not None and is_own and not link.bare:
        return role.value
    if PAPER_LINK.search(before):
        return "url"
    if "project" in near and "code" not in near:
        return "project"
    if "code" in near and is_repository(link.address):
        return "code"
    if role is not None and is_own:
        return role.value
    return "other" if is_repository(link.address) or role is LinkRole.OTHER else "url"
