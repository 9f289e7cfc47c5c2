"""Corrections of listed papers in words: which papers are meant, and the new values of each.

The list itself is the best evidence. A title, a name or an address that it has can only say which
paper is meant, or be the old value; of what is left, a single value of a field that the text
speaks of is the new one. Words decide where several are left, and may call one old or in doubt.

A value is taken where all of this holds; anything else is left to people, as written, so that the
bot's comment can list it:

- the paper is named, and the value is not that of another name (`_give`, `_is_anothers`);
- the words, or the value's form, say which field it is, and it is no part of an entry that is only
  restated (`_counts`);
- nobody doubts it: no *maybe*, no question, no hearsay, no second candidate (`judge_values`);
- it is the only one of its field, and can take the place of the listed one (`_settle`,
  `_may_replace`).

A form's answer and a free text are read in the same way.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from itertools import islice, zip_longest

from kdbot.intake.intent import asks_to_add, is_list_name, is_mention
from kdbot.intake.markdown.lines import Line
from kdbot.intake.standing import judge_values, names_others
from kdbot.intake.topics import topics_of
from kdbot.intake.values import How, Standing, Statement, Value, ValueReader
from kdbot.model.identifiers import IdentifierKind, parse_identifier
from kdbot.model.paper import ADDRESS_NAMES, LINK_LISTS, LISTS
from kdbot.model.proposal import Candidate, Given, Intent, Origin
from kdbot.model.titles import acronym_head, fold_title
from kdbot.model.venue import year_of_venue
from kdbot.text.characters import EAST_ASIAN_LETTER
from kdbot.text.dates import parse_year
from kdbot.text.hosts import may_be_paper
from kdbot.text.titles import is_request, is_short_name
from kdbot.text.venues import bare_venue, is_preprint, with_year_beside

_ADDRESSES = frozenset(ADDRESS_NAMES)
_MANY_WORDS = 3
_LINE_WORDS = 5
_ENTRY_FIELDS = frozenset({"venue", "code", "project"})
_ABOUT_ENTRY = _ENTRY_FIELDS | {"url"}
_APART = frozenset({How.LABEL, How.MARKED, How.LINK, How.SHORT})
_STATED = frozenset({How.LABEL, How.MARKED, How.LINK, How.STATED, How.ALONE})
# Pages about papers, which no record leads to.
_SERVICES = re.compile(
    r"//(?:www\.)?(?:paperswithcode|semanticscholar|researchgate|scholar\.google)\."
)
_QUOTES = "\"“”‘’'`*_ "
_MARK = "[\"“”'`‘’]"
_EDGE = r"[()\[\]:：,;\"“”`‘’]"
_WORDS = r"[^()\[\]:：,;\"“”`→]{1,60}?"
_BECOMES = r"->|→|=>|⇒|should (?:be|read)|instead of|rather than"
# *"Foundamental" → "Fundamental"*, *(in Remote instead of inRemote)*, *Old was renamed to New*
_EXCHANGES = {
    kind: re.compile(pattern, re.IGNORECASE)
    for kind, pattern in {
        "marked": rf"{_MARK}(?P<one>{_WORDS}){_MARK}\s*(?P<op>{_BECOMES}|(?:in)?to)\s*{_MARK}"
        rf"(?P<two>{_WORDS}){_MARK}",
        "bare": rf"(?:^|{_EDGE})\s*(?P<one>{_WORDS})\s+(?P<op>{_BECOMES})\s+(?P<two>{_WORDS})"
        rf"(?:{_EDGE}|[.。]?\s*$|\.\s)",
        "name": r"(?:^|\s)(?P<one>[\w.+-]{2,30}) (?:(?:was|is|has been|got) )?"
        r"(?P<op>changed|renamed) (?:in)?to (?P<two>[A-Z0-9][\w+-]{1,30})(?![\w+-])",
    }.items()
}
_SURE_TOPICS = frozenset({"title", "venue", "date", "authors", "categories", "project"})
_ALIKE = 0.5
_TURNED = re.compile(r"instead of|rather than", re.IGNORECASE)
_PLACE = re.compile(r"\b(?:under|in|into|to|from)(?: the)?\W*$", re.IGNORECASE)
_PUBLISHED = re.compile(r"^(?:accepted|published|presented|to appear)\b", re.IGNORECASE)
_ALWAYS = frozenset({"other"})  # told whatever is given: no value of a record is about it
_SUBJECT = re.compile(
    r"^\W*(?:\d{1,2}[.)]\s*)?(?P<verb>(?:[Mm]ove|[Cc]hange|[Uu]pdate|[Ss]et|[Mm]ark)[ds]? "
    r"(?:the )?)?(?P<name>[a-z]+\d{4}\w*|[A-Z][\w.+-]*(?: [A-Z0-9][\w.+-]*){0,6})(?:"
    r"\s*(?:[:：](?!/)|->|→|=>)| (?:to|from|as|is|was|has|should|accepted|published|now|got)\b)"
)
_KEY = re.compile(r"[A-Za-z]+\d{4}\w*")  # of an entry in BibTeX
_TITLE_OF = re.compile(
    r"\b(?:titles?|names?) (?:of|for)(?: the)?(?: paper)?[\s\"“'*]*$", re.IGNORECASE
)
_NO_SUBJECT = re.compile(
    r"\b(?:PDFs?|URLs?|DOIs?|IDs?|README|GitHub|OpenReview|BibTeX|DBLP|IEEE\w*|ACM|ACL|CVF|HTML|TL;?DR"
    r"|ArXiv|arXiv|BioRxiv|I)\b"
)
_MAX_PAPERS = 20
_MAX_STATEMENTS = 150  # a longer text is a list of papers
_MAX_UNREAD = 8
_MAX_QUOTED = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredForm:
    """What the form asks beside the correction's own words.

    Attributes:
        names: of the paper, as answered.
        title: of the listed paper that they mean, if it is known.
        field: that the menu calls wrong, or empty.
    """

    names: tuple[str, ...] = ()
    title: str | None = None
    field: str = ""


@dataclass(slots=True)
class _Paper:
    """A paper while its corrections are being found.

    Attributes:
        names: as the text calls it; a listed one first by its title.
        listed: whether the list has it.
        stated: values by field, with what the words say of each.
        own: the listed address in the spellings of the text.
        unread: sentences that say something of it, with the fields that they are about; what gives
            no value is not understood.
        title: as the list has it, or None.
        heard: sentences that may say something of it, told where no value was found.
    """

    names: list[str] = field(default_factory=list)
    listed: str | None = None
    title: str | None = None
    stated: dict[str, dict[str, Standing]] = field(default_factory=dict)
    own: set[str] = field(default_factory=set)
    unread: list[tuple[str, frozenset[str]]] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, value: Value) -> "_Paper":
        """Return a paper that a value names; a short name is kept as the text has it."""
        listed = value.identity
        names = [value.value] if listed is None or value.how is How.SHORT else []
        if listed is None:
            return cls(names)
        return cls([*names, listed.title], listed.id, listed.title)

    def take(self, value: Value) -> None:
        """Keep a value; what the words say of it once counts for all its places."""
        known = self.stated.setdefault(value.field, {})
        key = next((v for v in known if _key_of(v) == _key_of(value.value)), value.value)
        if known.get(key, Standing.NONE) is Standing.NONE:
            known[key] = value.standing

    def doubt_title(self) -> None:
        """Leave a title to people that is stated before the listed one: which of them is new?"""
        stated = self.stated.get("title", {})
        for title, said in stated.items():
            if said is Standing.NONE:
                stated[title] = Standing.DOUBT


class _CorrectionReader:
    """Reads statements into papers.

    Args:
        statements: the sentences, with what is said of their values.
        form: what the form asked for, each of whose sentences states a correction.
    """

    def __init__(self, statements: Sequence[Statement], form: AnsweredForm | None) -> None:
        self._statements, self._everything = statements, form is not None
        self._papers: list[_Paper] = []
        self._title = form.title if form else None
        self._knows_one = any(v.identity for s in statements for v in s.values)
        heading = next((s.topics for s in statements if s.heading), frozenset())
        self._heading = heading | ({form.field} if form and form.field else set())
        self._topics: frozenset[str] = frozenset()
        self._announced: frozenset[str] = self._heading  # what is said of the entries that follow
        faults = (s for s in statements if s.says and not _states_new(s))
        self._faulty = frozenset(name for s in faults for name in s.said_topics)
        self._is_block = False  # whether a label names the paper, as in a form's entry
        self._is_other = False  # whether the line is about a name that is not the paper's
        named = (v for s in statements for v in s.values if v.standing is not Standing.OLD)
        self._subjects = {value.identity.id for value in named if value.identity}

    def read(self) -> list[_Paper]:
        """Return the papers that the statements name, or one without a name."""
        pairs = zip_longest(self._statements, self._statements[1:])
        named = [self._named(one, following) for one, following in pairs]
        near = {v.identity.id: v for s in self._statements for v in s.values if v.identity}
        if not self._papers and len(near) == 1:
            # The only listed title that is like the one in the text.
            self._papers += (_Paper.of(v) for v in near.values() if not v.is_listed)
        elif not (self._papers or self._everything):
            addresses = (v for s in self._statements for v in s.values if v.is_address)
            self._papers += (_Paper.of(value) for value in islice(addresses, 1))
        current = next(iter(self._papers), None) or self._begin(_Paper(title=self._title))
        for statement, papers in zip(self._statements, named, strict=True):
            current = self._read(statement, papers, current)
        return self._papers

    def _named(self, statement: Statement, following: Statement | None) -> dict[int, _Paper]:
        """Return the papers that a statement names, by the places of their names."""
        is_entry = following is not None and any(v.field != "title" for v in following.values)
        return {
            number: self._paper_of(value)
            for number, value in enumerate(statement.values)
            if self._is_name(statement, value, is_entry=is_entry)
        }

    def _is_name(self, statement: Statement, value: Value, *, is_entry: bool) -> bool:
        """Tell whether a value says which paper is meant, and is no new value of it."""
        is_open = value.standing is Standing.NONE
        before = statement.line.text[: value.start]
        if value.is_listed and value.identity is not None:
            is_target = value.standing is Standing.OLD and not _renames(statement)
            if is_target and self._subjects - {value.identity.id}:
                # *its link leads to the Orca paper*; *Paper: (Orca's) -> …*, below another title
                return value.identity.id in self._subjects and statement.label is None
            is_sure = statement.says or not is_open
            return is_sure or not is_mention(before)
        if self._everything:
            return False
        if value.field == "url":
            return (
                value.is_address and not self._knows_one and is_open and not statement.about("url")
            )
        if value.field != "title" or value.standing in {Standing.NEW, Standing.OLD}:
            return False
        if value.identity is not None:
            return value.is_cut or (value.how is How.PART and not statement.about("title"))
        is_line = value.how is How.LINE and is_entry and statement.opens
        is_line = is_line and not (statement.heading or statement.says)
        is_apart = value.how in _APART or (is_line and len(value.value.split()) >= _LINE_WORDS)
        is_about = value.how is not How.LABEL and statement.about("title")
        is_place = statement.about("categories") and _PLACE.search(before)
        no_title = is_place or _PUBLISHED.search(value.value) or is_mention(before)
        is_title = not (no_title or is_list_name(value.value) or is_request(value.value))
        return is_open and is_apart and is_title and not is_about

    def _read(self, statement: Statement, named: Mapping[int, _Paper], current: _Paper) -> _Paper:
        """Keep the values of a statement; return the paper that it names last."""
        goes_on = self._is_other and not statement.opens
        self._is_other = not named and (goes_on or _has_other_subject(statement, current))
        if self._is_other:
            current.unread.append((statement.text, _ALWAYS))
            return current
        only = list({id(paper): paper for paper in named.values()}.values())
        spoken = only if len(only) == 1 else [current]
        taken: dict[str, _Paper] = {}
        left: set[str] = set()
        for number, value in enumerate(statement.values):
            if number in named:
                is_beside = len(only) > 1 and number - 1 in named
                spoken = [*(spoken if is_beside else ()), named[number]]
                self._note_name(statement, value, named[number])
            elif not self._counts(statement, value, current) or _is_anothers(
                statement, number, named
            ):
                self._leave(statement, value, spoken[-1])
                is_apart = value.field == "title" and value.how in _STATED
                left |= {"title"} if is_apart and value.identity is None else set()
            else:
                is_first = len(only) > 1 and _is_before(statement, value, named)
                taken |= _give(statement, value, only if is_first else spoken, all_=is_first)
        current = next(reversed(list(named.values())), current)
        self._is_block = statement.label is not None if named else self._is_block
        if title := self._reworded(statement, current):
            current.stated["title"] = {title: Standing.NEW}
            taken["title"] = current
        self._topics = statement.topics or self._topics
        if statement.speaks:
            self._announced = statement.said_topics or self._announced
        heard = replace(statement, topics=statement.topics | left)
        self._hear(heard, taken, current, named=bool(named))
        return current

    def _hear(
        self, statement: Statement, taken: Mapping[str, _Paper], current: _Paper, *, named: bool
    ) -> None:
        """Keep a sentence that says something, which a value of each of its fields has to show."""
        if statement.heading or not any(map(str.isalnum, statement.text)):
            return
        is_said = self._everything and (not named or statement.speaks)
        paper = next(reversed([*taken.values()]), current)
        if statement.says or taken or is_said:
            paper.unread.append((statement.text, statement.topics | taken.keys()))
        elif named or statement.topics & _SURE_TOPICS:
            paper.heard.append(statement.text)

    def _reworded(self, statement: Statement, paper: _Paper) -> str | None:
        """Return the listed title with the words that a sentence exchanges in it, or None."""
        is_about = "title" in statement.topics | self._heading
        for kind, pattern in _EXCHANGES.items() if paper.title else ():
            for found in pattern.finditer(statement.text[:_MAX_QUOTED]):
                old, new = (text.strip(_QUOTES) for text in found.group("one", "two"))
                if _TURNED.fullmatch(found["op"]):
                    old, new = new, old
                is_alike = _are_alike(old, new)
                is_head = fold_title(acronym_head(paper.title or "") or "") == fold_title(old)
                is_meant = (
                    is_head if kind == "name" else is_about and (kind == "marked" or is_alike)
                )
                parts = re.split(rf"(?<!\w){re.escape(old)}(?!\w)", paper.title or "")
                if is_meant and len(parts) == 2 and old and new:
                    return new.join(parts)
        return None

    def _leave(self, statement: Statement, value: Value, paper: _Paper) -> None:
        if value.is_address and not self._everything:
            paper.unread.append((value.value, frozenset({"url"})))
        elif value.field != "categories":
            paper.heard.append(statement.text)

    def _note_name(self, statement: Statement, value: Value, paper: _Paper) -> None:
        if value.field == "url" and value.standing is Standing.NEW:
            paper.take(value)  # its other spelling is the old one
            paper.own.add(value.value)
        if value.field == "title" and "title" in (statement.topics or self._topics):
            paper.doubt_title()

    def _counts(self, statement: Statement, value: Value, paper: _Paper) -> bool:
        """Tell whether a value is one of a field that the text speaks of."""
        is_said = value.standing in {Standing.NEW, Standing.OLD}
        about = statement.topics or (self._topics | self._heading)
        if value.field == "other" or value.how is How.OPEN or names_others(statement.text):
            return False
        if value.field == "authors" and not (self._everything or is_said):
            # An entry has them too; they are meant where the words speak of them.
            own = (s for s in self._statements if s.label != "authors")
            return any(s.about("authors") for s in own)
        if self._restates(statement, value) or _identifies(statement, value):
            return False
        if statement.label in ({"url", "paper"} if value.field == "url" else {value.field}):
            return value.field != "title" or self._everything or is_said
        if statement.about("other") and not statement.about(value.field):
            return False  # *the number in Table 2 is wrong, see …*
        if _is_entry(statement, value, self._announced) or (
            self._everything and not about and value.field != "title"
        ):
            return True
        match value.field:
            case "title":
                is_apart = value.how in _STATED and not is_short_name(value.value)
                is_like = value.how is How.ALONE and value.standing is Standing.NEW
                is_like = is_like and _are_alike(value.value, paper.title or "")
                is_meant = "title" in about or is_like or _is_swapped(statement, "title")
                return is_apart and is_meant
            case "url":
                is_meant = is_said or (value.is_address and "url" in about)
                is_own = not (asks_to_add(statement.text) or _SERVICES.search(value.value))
                return is_meant and is_own
            case "code" | "project" | "data":
                return is_said or not about.isdisjoint(LINK_LISTS)
        is_new = value.standing is Standing.NEW and not statement.topics
        return value.field in about or is_new or _is_swapped(statement, value.field)

    def _restates(self, statement: Statement, value: Value) -> bool:
        """Tell whether an entry has a value of which nothing is said, while another is wrong."""
        is_labelled = self._is_block and statement.label is not None
        is_entry = not statement.speaks and (is_labelled or len(statement.values) > 1)
        is_entry = is_entry or len(statement.linked) > 1
        is_open = value.standing is Standing.NONE and not self._everything
        is_another = bool(self._faulty) and value.field not in self._faulty
        return is_open and is_entry and is_another

    def _paper_of(self, value: Value) -> _Paper:
        """Return the paper that a name means: a known one, or another."""
        named = _Paper.of(value)
        for known in self._papers:
            is_same = any(_is_same(one, other) for one in named.names for other in known.names)
            if is_same or (named.listed is not None and named.listed == known.listed):
                known.listed, known.title = known.listed or named.listed, known.title or named.title
                return known
        return self._begin(named)

    def _begin(self, paper: _Paper) -> _Paper:
        if len(self._papers) < _MAX_PAPERS:
            self._papers.append(paper)
        return self._papers[-1]


def _give(
    statement: Statement, value: Value, papers: Sequence[_Paper], *, all_: bool
) -> Mapping[str, _Paper]:
    """Give a value to its paper, or to all; of two that are named before it, people decide."""
    if len(papers) > 1 and not all_:
        for paper in papers:
            paper.unread.append((statement.text, _ALWAYS))
        return {}
    for paper in papers:
        paper.take(value)
    return {value.field: papers[0]}


def _is_anothers(statement: Statement, number: int, named: Mapping[int, _Paper]) -> bool:
    """Tell whether a value is before the only name, which has its own one behind it.

    *Links of Foo ([code](…)) and Bar ([code](…))*, of which only Bar is listed.
    """
    value, last = statement.values[number], max(named, default=-1)
    behind = statement.values[last + 1 :]
    return number < last and any(one.field == value.field for one in behind) and len(named) == 1


def _are_alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one.casefold(), other.casefold()).ratio() >= _ALIKE


def _is_before(statement: Statement, value: Value, named: Mapping[int, _Paper]) -> bool:
    """Tell whether a venue is all that is said, before the papers that it is said of."""
    others = [n for n, one in enumerate(statement.values) if n not in named and one is not value]
    is_first = all(value.end <= statement.values[number].start for number in named)
    return value.field == "venue" and is_first and not others


def _has_other_subject(statement: Statement, paper: _Paper) -> bool:
    """Tell whether a sentence is about a name that is not this paper's: *Move Foo to ICLR*."""
    others = (v for v in statement.values if v.field == "title" and v.identity is None)
    is_of = (_TITLE_OF.search(statement.words[: v.start]) for v in others)
    if paper.listed and any(is_of):
        return True  # *The title of "Another Paper" should be …*
    found = _SUBJECT.match(statement.words[:_MAX_QUOTED])
    if found is None or statement.heading or topics_of(found["name"]):
        return False
    is_name = any(sum(map(str.isupper, word)) > 1 for word in found["name"].split())
    is_name = is_name or _KEY.fullmatch(found["name"]) is not None
    is_other = not any(_is_same(found["name"], known) for known in paper.stated.get("title", ()))
    return is_other and (is_name or bool(found["verb"])) and not _NO_SUBJECT.search(found["name"])


def _is_entry(statement: Statement, value: Value, announced: frozenset[str]) -> bool:
    """Tell whether a sentence has only a paper's name and values: *- MiniLLM: ICLR 2024*.

    Below *Code links added:* its venue only says which paper is meant.
    """
    has_name = any(one.field == "title" for one in statement.values)
    fields = announced & _ABOUT_ENTRY
    is_meant = not fields or value.field in fields or (value.field != "venue" and "url" in fields)
    return value.field in _ENTRY_FIELDS and has_name and is_meant and not statement.speaks


def _identifies(statement: Statement, value: Value) -> bool:
    """Tell whether the link of a paper's name only says which one is said to change.

    *[MiniLLM](https://…): arXiv -> ICLR*
    """
    is_name = any(v.field == "title" and v.start == value.start for v in statement.values)
    is_open = value.how is How.LINK and value.standing is Standing.NONE
    return is_open and is_name and value.field != "venue" and _states_new(statement)


def _states_new(statement: Statement) -> bool:
    return any(value.standing is Standing.NEW for value in statement.values)


def _renames(statement: Statement) -> bool:
    return any(v.field == "title" and v.standing is Standing.NEW for v in statement.values)


def _is_swapped(statement: Statement, name: str) -> bool:
    """Tell whether one value of a field takes the place of another: *arXiv -> ICCV*."""
    said = {value.standing for value in statement.values if value.field == name}
    return {Standing.NEW, Standing.OLD} <= said


def _is_same(name: str, known: str) -> bool:
    """Tell whether two names are one paper's: *Orca* heads a title, and is not *Orca 2*."""
    short, long = sorted((name, known), key=len)
    head, key = acronym_head(long), _key_of(short)
    return (
        key == _key_of(long)
        or (head is not None and fold_title(head) == key)
        or (len(short.split()) > _MANY_WORDS and _key_of(long).startswith(key))
    )


def _key_of(text: str) -> str:
    """Return a key that is equal for two spellings of one name or address."""
    found = parse_identifier(text)
    if found.kind is not IdentifierKind.NONE:
        return f"{found.kind}:{found.canonical}"
    return fold_title(text)


def read_statements(
    lines: Iterable[Line], reader: ValueReader, *, heading: int = 0
) -> tuple[Statement, ...]:
    """Return the sentences of lines, with their values and what is said of these.

    Args:
        lines: of the issue's title, if any, and of the body.
        reader: finds the values.
        heading: how many of the lines are the issue's title.
    """
    found = islice(reader.read(lines, heading=heading), _MAX_STATEMENTS)
    return tuple(judge_values(found))


def read_corrections(
    statements: Sequence[Statement], *, intent: Intent, form: AnsweredForm | None = None
) -> tuple[Candidate, ...]:
    """Return what a text says about listed papers, one candidate each.

    Args:
        statements: the issue's title, if any, and the own sentences of the body.
        intent: what the text is for; an update without a value only mentions a paper.
        form: where the text is an answer of the form, the others.
    """
    papers = _CorrectionReader(statements, form).read()
    for paper in papers:
        # What the words call another paper is that one, if it is listed.
        paper.names += form.names if form else ()
    if len(papers) > 1:
        papers = [p for p in papers if p.stated or p.unread or p.listed] or papers[:1]
    origin = Origin.FORM if form else Origin.TEXT
    found = (_candidate(paper, origin, intent) for paper in papers)
    return tuple(one for one in found if one.names)


def _candidate(paper: _Paper, origin: Origin, intent: Intent) -> Candidate:
    values: dict[str, list[str]] = {}
    doubted: list[str] = []
    replaced: dict[str, tuple[str, ...]] = {}
    for name, stated in paper.stated.items():
        others = {v: said for v, said in stated.items() if v not in paper.own}
        new, unsure = _settle(name, others or stated)
        if name == "title" and new and not _may_replace(new[0], paper.title, stated[new[0]]):
            new, unsure = [], new
        if new and intent is Intent.UPDATE:
            values[name] = new
        elif unsure:
            doubted += unsure
        old = tuple(v for v, said in stated.items() if said is Standing.OLD)
        if old:
            replaced[name] = old
    told = _tell_year(values)
    given = {
        name: Given(value=items if name in LISTS else items[0], origin=origin)
        for name, items in values.items()
    }
    is_subject = origin is Origin.FORM or not given
    given_fields = (
        values.keys() | told | (_ADDRESSES if values.keys() & _ADDRESSES else frozenset())
    )
    unread = [
        text for text, topics in paper.unread if (topics - given_fields if topics else is_subject)
    ]
    unread += () if given else paper.heard
    unread += [value for value in doubted if not any(value in text for text in unread)]
    if intent is Intent.UPDATE and not given:
        intent = Intent.SPOKEN_OF
    return Candidate(
        given=given,
        intent=intent,
        names=tuple(dict.fromkeys(paper.names)),
        replaced={name: old for name, old in replaced.items() if name in values},
        unread=tuple(dict.fromkeys(text[:_MAX_QUOTED] for text in unread))[:_MAX_UNREAD],
    )


def _tell_year(values: dict[str, list[str]]) -> frozenset[str]:
    """Give a year to the venue beside it, and drop it: alone it is no date. Return what it told."""
    year = parse_year(values.get("date", [""])[0])
    if year is None:
        return frozenset()
    del values["date"]
    dated = with_year_beside(values.get("venue", [""])[0], year)
    if dated is None:
        return frozenset()
    values["venue"] = [dated]
    return frozenset({"date"} if year_of_venue(dated) == year else ())


def _may_replace(title: str, listed: str | None, said: Standing) -> bool:
    """Tell whether a title may take the place of the listed one.

    A part of the listed one does where it is called the new title, one of another script does not:
    it has words about the title in it.
    """
    if title.endswith(("…", "...")):
        return False
    known = listed or ""
    is_part = said is not Standing.NEW and fold_title(title) in fold_title(known)
    is_wide, was_wide = (bool(EAST_ASIAN_LETTER.search(text)) for text in (title, known))
    is_other = bool(known) and is_wide != was_wide
    return not (is_part or is_other or title.count('"') % 2)


def _settle(name: str, stated: Mapping[str, Standing]) -> tuple[list[str], list[str]]:
    """Return the new values of a field, and those of which it is not sure.

    What is called new is; of others, one that is the only one.
    """
    new = [value for value, said in stated.items() if said is Standing.NEW]
    open_ = [value for value, said in stated.items() if said is Standing.NONE]
    if any(said is Standing.DOUBT for said in stated.values()):
        return [], [v for v, said in stated.items() if said is not Standing.OLD]
    if name == "venue":
        published = [v for v in (*new, *open_) if not is_preprint(bare_venue(v))]
        new = [v for v in new if v in published]
        open_ = [v for v in open_ if v in published]
        new, open_ = _longest(new), _longest(open_)
    if name == "url":
        # A dead link *jumps to* the front page of its site, and links *move to* a new site.
        new = list(filter(may_be_paper, new)) or new
    if len(new) == 1 or (new and name in LISTS):
        return new, []
    if not new and (len(open_) == 1 or name == "authors"):
        return open_, []
    return [], [*new, *open_]


def _longest(venues: list[str]) -> list[str]:
    """Return one venue for the same with its year and without."""
    longest = max(venues, key=len, default="")
    keys = [_key_of(venue) for venue in venues]
    return [longest] if longest and all(_key_of(longest).startswith(k) for k in keys) else venues
