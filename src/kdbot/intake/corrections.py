"""Corrections of listed papers in words: which papers are meant, and the new values of each.

A form's answer and a free text are read in the same way. What was not understood is kept as
written, so that the bot's comment can list it; a doubtful text never becomes a value.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kdbot.intake.cues import names_derived, names_others, names_own, topics_of
from kdbot.intake.intent import is_list_name, is_mention
from kdbot.intake.links import find_links
from kdbot.intake.markdown.lines import Line
from kdbot.intake.mentions import read_field
from kdbot.intake.sections import resolve_categories
from kdbot.intake.standing import Item, Standing, last_cue
from kdbot.intake.statements import Statement, StatementReader
from kdbot.model.identifiers import IdentifierKind, parse_identifier
from kdbot.model.paper import ADDRESS_NAMES
from kdbot.model.proposal import Candidate, Given, Intent, Origin
from kdbot.model.taxonomy import Taxonomy
from kdbot.model.titles import acronym_head, fold_title
from kdbot.model.venue import Venues
from kdbot.text.dates import find_date, is_date
from kdbot.text.hosts import names_paper
from kdbot.text.titles import clean_title, is_short_name
from kdbot.text.venues import bare_venue, find_known_venues, is_preprint

_MANY = frozenset({"code", "project", "data", "categories", "authors"})
_ADDRESSES = frozenset(ADDRESS_NAMES)
_UNSETTLED = frozenset({"title", "url"})
_WORD = re.compile(r"\w+")
_MANY_WORDS = 3
_SPEAKS = re.compile(
    r"\b(?:it|is|was|are|not|should|wrong|please|has|been|now|and)\b", re.IGNORECASE
)
_STRUCK = re.compile(r"~~[^~]{0,300}~~|^[^~]{0,300}~~(?!.*~~)")
_HEAD = re.compile(r"\W*(?:\d{1,2}[.)]\s)?([A-Z][\w.+-]*(?: \d)?)\s*[:：](?!/)")
_MAX_PAPERS = 20


@dataclass(slots=True)
class _Paper:
    """A paper while its corrections are being found.

    Attributes:
        names: as the text calls it.
        former: titles and addresses that are called old: the list may have them.
        values: new values by field.
        replaced: old values by field; none where the listed one is meant, whatever it is.
        unsettled: values by field that no word calls old or new.
        unread: sentences that give no value.
        faulty: whether a sentence calls something of it wrong.
        unwanted: whether one asks to remove it.
        heading: the issue's title, where that does.
    """

    names: list[str] = field(default_factory=list)
    former: list[str] = field(default_factory=list)
    values: dict[str, list[str]] = field(default_factory=dict)
    replaced: dict[str, list[str]] = field(default_factory=dict)
    unsettled: dict[str, list[str]] = field(default_factory=dict)
    unread: list[tuple[str, frozenset[str]]] = field(default_factory=list)
    faulty: bool = False
    unwanted: bool = False
    heading: str = ""


class _CorrectionReader:
    """Reads statements into papers.

    Args:
        venues: the names that the list knows.
        taxonomy: the categories.
        everything: whether each sentence states a correction, as those of the form do.

    Attributes:
        about: the sentences about what is corrected, not about other papers.
    """

    def __init__(self, venues: Venues, taxonomy: Taxonomy, *, everything: bool) -> None:
        self._venues, self._taxonomy = venues, taxonomy
        self._statements = StatementReader(venues, taxonomy)
        self._everything = everything
        self._papers: list[_Paper] = [_Paper()]
        self.about: list[str] = []
        self._topics: frozenset[str] = frozenset()
        self._heads: dict[str, str] = {}

    def read(self, lines: Sequence[Line], *, heading: int) -> list[_Paper]:
        """Return the papers that the lines name, or one without a name."""
        for statement in self._statements.read(lines, heading=heading):
            # In a text such a label names the paper; the form has its own question for that.
            is_name = statement.label in {"title", "paper", "url"} and not self._everything
            if statement.label and not is_name:
                self._read_label(statement)
            else:
                self._read_sentence(statement)
            self._topics = statement.topics or self._topics
        first, *others = self._papers
        if len(self._heads) > 1 and not first.names:
            # *Orca: … / Hymba: …* are two papers, though no capitals within give the names away.
            first.unread += [(text, frozenset()) for text in self._heads.values()]
            first.values.clear()
        if not others or first.names or first.values:
            return self._papers
        others[0].unread = [*first.unread, *others[0].unread]
        return others

    def _read_label(self, statement: Statement) -> None:
        label, paper = str(statement.label), self._papers[-1]
        stated = list(self._stated(label, statement.part))
        for name, value in stated:
            _take(paper, name, value)
        taken, rest = 0, ""
        if label in _ADDRESSES:
            # *Code: https://… and the month should be 2023-07* has two values.
            more = [i for i in statement.items if i.field != label and i.standing is Standing.NEW]
            taken = sum(self._read_item(item, statement, paper) for item in more)
            rest = _without_links(statement.part)
        if not stated or (len(rest.split()) >= _MANY_WORDS and not taken):
            paper.unread.append((statement.text, frozenset()))

    def _stated(self, label: str, part: Line) -> Iterator[tuple[str, str]]:
        """Yield fields and values that a label states; words that speak are no value."""
        if label == "title":
            yield "title", clean_title(part.text)
            return
        if label in {"url", "paper"}:
            yield from (("url", link.address) for link in find_links(part))
            return
        mention = read_field(label, part, self._venues)
        for name, values in mention.values.items() if mention else ():
            items = resolve_categories(values, self._taxonomy) if name == "categories" else values
            yield from ((name, value) for text in items if (value := self._value(name, text)))

    def _value(self, name: str, text: str) -> str:
        """Return the value in the words behind a label, empty where they are a sentence."""
        text = _STRUCK.sub("", text).strip(" ~")
        if name == "date" and not is_date(text):
            return find_date(text) or ""
        if name == "venue" and _SPEAKS.search(text):
            return next((found.text for found in find_known_venues(text, self._venues)), "")
        return text

    def _read_sentence(self, statement: Statement) -> None:
        line = statement.part.text
        meant = [item for item in statement.items if _is_name(item)]
        named = {
            item.start: self._named(item) for item in meant if not is_mention(line[: item.start])
        }
        taken = self._read_items(statement, meant, named)
        paper = self._papers[-1] if not named else named[max(named)]
        head = _HEAD.match(line)
        if head and taken and not named and not (last_cue(head[0]) or topics_of(head[1])):
            self._heads[head[1]] = statement.text
        cues = statement.cues
        wrong = cues.fault or cues.attribute or cues.removal
        told = (taken or names_own(statement.text)) and not is_mention(statement.text)
        told = (told or wrong or cues.listed) and not names_others(statement.text)
        if told or (statement.heading and not names_others(statement.text)):
            self.about.append(statement.text)
        paper.faulty |= wrong
        paper.unwanted |= cues.removal
        if statement.heading:
            paper.heading = statement.text if wrong else ""
            return
        topics = self._left(statement, wrong=wrong, taken=taken, named=bool(named))
        if topics is not None:
            paper.unread.append((statement.text, topics))

    def _read_items(
        self, statement: Statement, meant: Sequence[Item], named: Mapping[int, _Paper]
    ) -> bool:
        """Record the values of a sentence; tell whether there was one.

        Where a sentence names several papers, a value belongs to the one named right before it; if
        two are named there, a maintainer decides.
        """
        taken = False
        about = statement.topics or self._topics
        alone = len({id(paper) for paper in named.values()}) <= 1
        spoken = [next(iter(named.values()), self._papers[-1])] if alone else []
        is_open = True
        for item in statement.items:
            if item in meant:
                if not alone and item.start in named:
                    spoken = [*spoken, named[item.start]] if is_open else [named[item.start]]
                    is_open = True
                # *Title: … / Paper: …* names the paper first; then its link is one of its values.
                if statement.label and item.field == "url" and any(map(_has_title, spoken)):
                    _take(spoken[0], "url", item.value)
            elif len({id(paper) for paper in spoken}) != 1:
                for paper in {id(paper): paper for paper in named.values()}.values():
                    paper.unread.append((statement.text, frozenset()))
            else:
                is_open = False
                if item.field in _UNSETTLED and item.standing is Standing.NONE:
                    spoken[0].former.append(item.value)
                taken |= self._read_item(item, statement, spoken[0])
            is_paper = item.names or item.field == "title"
            is_unsettled = item.standing is Standing.NONE and item.field in about & _UNSETTLED
            if is_unsettled and is_paper and spoken:
                spoken[0].unsettled.setdefault(item.field, []).append(item.value)
        return taken

    def _left(
        self, statement: Statement, *, wrong: bool, taken: bool, named: bool
    ) -> frozenset[str] | None:
        """Return the topic of a sentence that lacks a value, None for a complete sentence."""
        doubted = any(item.standing is Standing.DOUBT for item in statement.items)
        says = wrong or (self._everything and any(map(str.isalnum, statement.text)))
        if doubted or (says and not taken and not (self._everything and named and not wrong)):
            return statement.topics
        if not statement.cues.fault:
            return None
        # *The code link is dead, and the venue is ICLR* has one value and one complaint.
        fields = {"url", "other", *(item.field for item in statement.items)}
        return statement.topics - fields or None

    def _begin(self) -> _Paper:
        if len(self._papers) < _MAX_PAPERS:
            self._papers.append(_Paper())
        return self._papers[-1]

    def _named(self, item: Item) -> _Paper:
        """Return the paper that a name means: a known one, the present one, or another."""
        for known in self._papers:
            if any(_is_same(item.value, name) for name in known.names):
                return known
        paper = self._papers[-1]
        if any((item.field == "title") != names_paper(name) for name in paper.names):
            paper = self._begin()
        paper.names.append(item.value)
        return paper

    def _read_item(self, item: Item, statement: Statement, paper: _Paper) -> bool:
        """Record a value; tell whether it was one."""
        standing = item.standing
        about = statement.topics or self._topics
        is_aside = item.field not in _ADDRESSES or "other" in statement.topics
        if statement.topics and item.field not in statement.topics and is_aside:
            return False  # *the number in Table 2 is wrong, see …*; *the title at ICLR is wrong*
        if standing is Standing.OLD:
            if item.field == "url" or (item.field == "title" and "title" in about):
                paper.former.append(item.value)
            paper.replaced.setdefault(item.field, []).append(item.value)
            return False
        is_beside = item.field in _ADDRESSES - {"url"}
        is_subject = item.field in about or _is_entry(statement)
        alike = [i for i in statement.items if (i.field, i.standing) == (item.field, standing)]
        is_unsure = len(alike) > 1 or names_others(statement.text)
        if standing is Standing.NONE and is_beside and is_unsure:
            return False  # which of them is meant? is it the paper's at all?
        if standing is Standing.NONE and not (is_subject and (is_beside or item.field == "venue")):
            return False
        if standing is Standing.DOUBT or item.field == "other" or names_derived(statement.text):
            return False
        if item.field == "title" and ("title" not in about or is_short_name(item.value)):
            return False  # *The title of MiniLLM is correct*
        _take(paper, item.field, item.value)
        if statement.cues.fault and item.field in about and item.field in _MANY:
            paper.replaced.setdefault(item.field, [])
        return True


def _is_entry(statement: Statement) -> bool:
    """Tell whether a sentence has only a name and values: *- MiniLLM: ICLR 2024*."""
    text, reached, words = statement.part.text, 0, 0
    for item in statement.items:
        words += len(_WORD.findall(text[reached : item.start]))
        reached = max(reached, item.end)
    words += len(_WORD.findall(text[reached:]))
    return not words and any(item.names for item in statement.items)


def _has_title(paper: _Paper) -> bool:
    return any(not names_paper(name) for name in paper.names)


def _is_same(name: str, known: str) -> bool:
    """Tell whether two names are one paper's: *Orca* heads a title, and is not *Orca 2*."""
    short, long = sorted((name, known), key=len)
    head, key = acronym_head(long), _key_of(short)
    code = parse_identifier(known).canonical if names_paper(known) else None
    return (
        key == _key_of(long)
        or (head is not None and fold_title(head) == key)
        or (len(short.split()) > _MANY_WORDS and _key_of(long).startswith(key))
        or (code is not None and code in name)  # the same identifier at another address
    )


def _take(paper: _Paper, name: str, value: str) -> None:
    values = paper.values.setdefault(name, [])
    if value not in values:
        values.append(value)


def _is_name(item: Item) -> bool:
    """Tell whether a value only says which paper is meant, not what is right or wrong."""
    if item.field == "title":
        return (
            item.names
            and not is_list_name(item.value)
            and item.standing in {Standing.NONE, Standing.DOUBT}
        )
    return item.field == "url" and item.names and item.standing is Standing.NONE


def _without_links(line: Line) -> str:
    text = line.text
    for link in reversed(find_links(line)):
        text = text[: link.start] + text[link.end :]
    return text


def _key_of(text: str) -> str:
    """Return a key that is equal for two spellings of one name or address."""
    found = parse_identifier(text)
    if found.kind is not IdentifierKind.NONE:
        return f"{found.kind}:{found.canonical}"
    return fold_title(text)


_MAX_UNREAD = 8
_MAX_QUOTED = 300
_MAX_CONTEXT = 4_000


def read_corrections(
    lines: Sequence[Line],
    venues: Venues,
    taxonomy: Taxonomy,
    origin: Origin,
    *,
    intent: Intent,
    heading: int = 0,
    everything: bool = False,
    names: Sequence[str] = (),
) -> tuple[Candidate, ...]:
    """Return what a text says about listed papers, one candidate each.

    Args:
        lines: the issue's title, if any, and the own lines of the body.
        venues: the names that the list knows.
        taxonomy: the categories, whose names are recognised.
        origin: where the text is from.
        intent: what the text is for; an update without a value only mentions a paper.
        heading: how many of the lines are the issue's title.
        everything: whether each sentence states a correction, as those of the form do.
        names: what is already known about the paper, since the form asks for it.
    """
    reader = _CorrectionReader(venues, taxonomy, everything=everything)
    papers = reader.read(lines, heading=heading)
    for paper in papers:
        paper.names += names  # what the words call another paper is that one, if it is listed
    if len(papers) > 1:
        papers = [p for p in papers if p.values or p.faulty or p.unread] or papers[:1]
    context = "\n".join(reader.about)[:_MAX_CONTEXT]
    if intent is Intent.UNSURE:
        context = ""  # a sentence with only a name says nothing about its paper
    is_alone = len(papers) == 1
    found = (
        _candidate(p, origin, intent, context if is_alone or not p.names else "") for p in papers
    )
    return tuple(one for one in found if one.names or one.context)


def _candidate(paper: _Paper, origin: Origin, intent: Intent, context: str) -> Candidate:
    values = {
        name: items
        for name, items in paper.values.items()
        if intent is Intent.UPDATE and (name in _MANY or _are_one(name, items))
    }
    # Of two addresses that are both called right, neither is.
    given = {
        name: Given(value=list(items) if name in _MANY else _surest(name, items), origin=origin)
        for name, items in values.items()
    }
    # Next to a value in running words, a sentence without a subject of its own is courtesy.
    is_subject = origin is Origin.FORM or not given
    said = values.keys() | (_ADDRESSES if values.keys() & _ADDRESSES else frozenset())
    unread = [text for text, topics in paper.unread if (topics - said if topics else is_subject)]
    doubted = [", ".join(items) for name, items in paper.values.items() if name not in values]
    if intent is Intent.UPDATE and not given:
        intent = Intent.REMOVE if paper.unwanted else Intent.SPOKEN_OF
    if paper.heading and not given and not unread:
        unread = [paper.heading]
    titles = paper.values.get("title", ())
    return Candidate(
        given=given,
        intent=intent,
        names=tuple(dict.fromkeys((*paper.names, *paper.former, *titles))),
        replaced={name: tuple(items) for name, items in paper.replaced.items() if name in values},
        unsettled={n: tuple(v) for n, v in paper.unsettled.items()},
        unread=tuple(dict.fromkeys(t[:_MAX_QUOTED] for t in (*unread, *doubted)))[:_MAX_UNREAD],
        context=context,
    )


def _surest(name: str, items: Sequence[str]) -> str:
    """Return the longest value; a preprint server gives way to another venue."""
    return max(
        items, key=lambda item: (name != "venue" or not is_preprint(bare_venue(item)), len(item))
    )


def _are_one(name: str, items: Sequence[str]) -> bool:
    """Tell whether the values are one; a venue may be said with its year and without.

    A preprint server beside another venue is what the paper leaves.
    """
    published = [item for item in items if not is_preprint(bare_venue(item))]
    keys = {_key_of(item) for item in (name == "venue" and published) or items}
    longest = max(keys, key=len)
    return len(keys) == 1 or (name == "venue" and all(longest.startswith(key) for key in keys))
