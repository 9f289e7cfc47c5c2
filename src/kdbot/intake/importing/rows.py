"""The rows of an existing list as fields of records, decisions applied, and grouped by paper.

Columns without a field of kdbot's become custom fields of that list.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from itertools import pairwise
from typing import Any

from kdbot.intake.importing.decisions import Decision, Decisions
from kdbot.intake.importing.rules import UNUSABLE_ADDRESS, UNUSED_DECISION
from kdbot.intake.lists.paper import ListedPaper, UnreadLine
from kdbot.model.collection import IDENTIFIER_FIELDS
from kdbot.model.finding import Finding, quote
from kdbot.model.identifiers import IdentifierKind, parse_identifier
from kdbot.model.paper import FIELD_NAMES, LINK_LISTS, FieldValue, Paper
from kdbot.model.schema import Field, FieldKind, PaperSchema
from kdbot.model.titles import fold_title, stand_in_title
from kdbot.model.urls import canonical_url
from kdbot.text.addresses import ANCILLARY, is_public_address, stored_address
from kdbot.text.hosts import is_repository

_IDENTIFIERS = dict(IDENTIFIER_FIELDS)
_BROKEN_ARXIV = re.compile(r"(https?://arxiv\.org/(?:abs|pdf)/[0-9]{4}\.[0-9]{5})(?![0-9])")
_COLUMN_TITLE = re.compile(r"[A-Za-z][A-Za-z0-9 _/&().,:'’?%+-]{1,38}")
_MAX_TEXT = 300
_MAX_LONG_TEXT = 4_000
_TITLE_WORDS = 4
_MAX_NAMESAKES = 50  # rows of one title beyond which only an address joins them
_LEAST = 2  # fewest papers of a section with a field, unless all have it
_FEW = "few papers of its section have such a field"
_LINKS = "links"
"""Field for the addresses that no other field is for: films, posts, models, slides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One place where a paper stands.

    Attributes:
        line: line in the source.
        section: path of its category.
        values: fields of the record: text, or tuples of text; absent where empty.
        standing: fields that its mark fills, such as *(retracted)*.
        extra: fields that only this list's schema knows.
        keep: codes of findings that a person decided to live with.
        findings: what is odd about the line.
    """

    line: int
    section: str
    values: Mapping[str, str | tuple[str, ...]]
    standing: Mapping[str, Any] = field(default_factory=dict)
    extra: tuple[tuple[str, FieldValue], ...] = ()
    keep: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()

    def text(self, name: str) -> str:
        """Return a text field, or an empty text."""
        value = self.values.get(name, "")
        return value if isinstance(value, str) else ""

    def items(self, name: str) -> tuple[str, ...]:
        """Return a list field, or an empty one."""
        value = self.values.get(name, ())
        return value if isinstance(value, tuple) else ()

    @property
    def keys(self) -> tuple[tuple[str, str], ...]:
        """What the row's paper is known by, the strongest first."""
        found = [(name, self.text(name)) for name in _IDENTIFIERS.values() if self.text(name)]
        if (url := canonical_url(self.text("url"))) and not url.endswith("/"):
            found.append(("url", url))
        return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedRows:
    """The rows that remain.

    Attributes:
        rows: in the order of the source.
        dropped: with the decision that dropped them.
        findings: decisions that no row matches.
    """

    rows: tuple[Row, ...]
    dropped: tuple[tuple[Row, Decision], ...]
    findings: tuple[Finding, ...]


def read_rows(
    papers: Iterable[ListedPaper], paths: Mapping[tuple[str, ...], str], schema: PaperSchema
) -> list[Row]:
    """Turn what a list says into fields of records.

    Args:
        papers: each place where a paper stands.
        paths: the category of each section.
        schema: the record's schema; a column with the title of a custom field of this list fills
            that field.
    """
    own = {_field_name(f.title): f for f in schema.fields if f.name not in FIELD_NAMES}
    return [
        Row(
            line=paper.line,
            section=paths[paper.section],
            values=_values(paper),
            standing=paper.standing,
            extra=tuple(
                (own[_field_name(title)].name, _field_value(own[_field_name(title)], values))
                for title, values in (*paper.extra, (_LINKS, _other_links(paper)))
                if values and _field_name(title) in own
            ),
            findings=(*paper.findings, *_unusable(paper)),
        )
        for paper in papers
    ]


def without_field(papers: Iterable[ListedPaper], schema: PaperSchema) -> Iterator[UnreadLine]:
    """Yield the values of columns for which the schema has no field."""
    known = {_field_name(f.title) for f in schema.fields}
    for paper in papers:
        for title, values in paper.extra:
            if _field_name(title) not in known and not _is_elsewhere(values, paper):
                text = f"{title}: {', '.join(values)}"
                yield UnreadLine(line=paper.line, end=paper.end, text=text, reason=_FEW)


def decide(rows: Sequence[Row], decisions: Decisions) -> DecidedRows:
    """Apply decisions, one after the other, each to all rows that it matches."""
    kept = list(rows)
    dropped: list[tuple[Row, Decision]] = []
    findings = []
    for decision in decisions.papers:
        matching = {id(row): row for row in kept if _matches(row, decision)}
        if not matching:
            what = ", ".join(f"{key} {quote(value)}" for key, value in decision.match.items())
            message = f"No row matches {what}."
            findings.append(
                UNUSED_DECISION.finding(message, file=decision.file, line=decision.line)
            )
        if decision.drop:
            dropped += [(row, decision) for row in matching.values()]
            kept = [row for row in kept if id(row) not in matching]
        else:
            kept = [_decided(row, decision) if id(row) in matching else row for row in kept]
    return DecidedRows(rows=tuple(kept), dropped=tuple(dropped), findings=tuple(findings))


def group_rows(rows: Sequence[Row]) -> list[list[Row]]:
    """Join the rows of one paper: an identifier or address in common, else title and more.

    A title joins rows by itself only if it is long enough to be one paper's; rows with one title
    but different identifiers of one kind stay separate.
    """
    groups = _Groups(rows)
    by_key: dict[tuple[str, str], int] = {}
    for index, row in enumerate(rows):
        for key in row.keys:
            groups.join(by_key.setdefault(key, index), index)
    for indices in _namesakes(rows):
        for position, index in enumerate(indices):
            others = (other for other in indices[:position] if groups.may_be_one(other, index))
            groups.join(next(others, index), index)
    return groups.all()


class _Groups:
    """Which rows are of one paper, as far as is known."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows
        self._of = [[index] for index in range(len(rows))]

    def join(self, first: int, second: int) -> None:
        """Put two rows and all that belong to them together."""
        large, small = sorted((self._of[first], self._of[second]), key=len, reverse=True)
        if large is not small:
            large += small
            for index in small:
                self._of[index] = large

    def may_be_one(self, earlier: int, later: int) -> bool:
        """Tell whether two rows of one title are of one paper."""
        if self._of[earlier] is self._of[later]:
            return True
        one, other = self._members(earlier), self._members(later)
        return conflicting(one, other) is None and _are_alike(one, other)

    def all(self) -> list[list[Row]]:
        """Return the rows of each paper, in the order of the list."""
        distinct = {id(group): self._members(group[0]) for group in self._of}
        return sorted(distinct.values(), key=lambda group: group[0].line)

    def _members(self, index: int) -> list[Row]:
        return [self._rows[i] for i in sorted(self._of[index])]


def _namesakes(rows: Sequence[Row]) -> Iterator[list[int]]:
    """Yield the indices of the rows of each title that several have, but not more than a few."""
    by_title: defaultdict[str, list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        by_title[fold_title(row.text("title"))].append(index)
    by_title.pop("", None)
    yield from (indices for indices in by_title.values() if 1 < len(indices) <= _MAX_NAMESAKES)


def _are_alike(first: Sequence[Row], second: Sequence[Row]) -> bool:
    """Tell whether rows of one title are of one paper, by its length or by what else they share."""
    title = first_text(first, "title") or ""
    if len(title.split()) >= _TITLE_WORDS:
        return True
    if not any(row.keys for row in first) or not any(row.keys for row in second):
        stated = ((first_text(first, n), first_text(second, n)) for n in ("venue", "date"))
        return any(one == other for one, other in stated if one)
    names = ("code", "project", "data", "authors")
    own, others = (
        {value for row in rows for name in names for value in row.items(name)}
        for rows in (first, second)
    )
    return not own.isdisjoint(others)


def conflicting(first: Sequence[Row], second: Sequence[Row]) -> tuple[str, str, str] | None:
    """Return the field and the two values by which rows of one title differ, or None."""
    for name in _IDENTIFIERS.values():
        left, right = first_text(first, name), first_text(second, name)
        if left and right and left != right:
            return name, left, right
    return None


def first_text(rows: Iterable[Row], name: str) -> str | None:
    """Return a text field of the first row that has it."""
    return next((row.text(name) for row in rows if row.text(name)), None)


def custom_columns(
    papers: Collection[ListedPaper], known: Iterable[str]
) -> Mapping[str, Mapping[str, Any]]:
    """Return the JSON Schema of each further field that papers have, by the field's name.

    A field is one that most papers of some section have. One of addresses is a list of links, one
    with several values a list of texts, any other a text. What does not fit a record is left out.

    Args:
        papers: the papers of the list.
        known: titles and names of the fields that every list has.
    """
    taken = set(map(_field_name, known))
    of_records = {field.name for field in fields(Paper)}
    columns: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
    counts: defaultdict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
    titles: dict[str, str] = {}
    for paper in papers:
        for title, values in paper.extra:
            name = _field_name(title)
            is_new = _COLUMN_TITLE.fullmatch(title) is not None and name not in taken
            if is_new and name in of_records:
                is_new = not _is_elsewhere(values, paper)
                name = f"{name}_column"
            if is_new:
                titles.setdefault(name, title)
                columns[name].append(values)
                counts[name][paper.section] += 1
        if paper.links and _LINKS not in taken:
            titles.setdefault(_LINKS, _LINKS.title())
            counts[_LINKS][paper.section] += 1
            columns[_LINKS].append(paper.links)
    sizes = Counter(paper.section for paper in papers)
    return {
        name: _field_schema(titles[name], columns[name])
        for name in columns
        if (name == _LINKS or _is_usual(counts[name], sizes))
        and _fit(columns[name])
        and not _are_numbers(columns[name])
    }


def _is_elsewhere(values: tuple[str, ...], paper: ListedPaper) -> bool:
    """Tell whether a cell has only addresses that another field of its paper has."""
    return {*values} <= {*paper.urls, *paper.code, *paper.project, *paper.data, *paper.links}


def _is_usual(counts: Counter[tuple[str, ...]], sizes: Counter[tuple[str, ...]]) -> bool:
    """Tell whether most papers of some section have a field."""
    return any(
        2 * count >= sizes[section] and count >= min(_LEAST, sizes[section])
        for section, count in counts.items()
    )


def _field_name(title: str) -> str:
    return "_".join(re.findall(r"[a-z0-9]+", title.casefold()))


def _fit(cells: Iterable[tuple[str, ...]]) -> bool:
    texts = [text for cell in cells for text in cell]
    return all(0 < len(text) <= _MAX_LONG_TEXT and text.isprintable() for text in texts)


def _are_numbers(cells: Sequence[tuple[str, ...]]) -> bool:
    """Tell whether values only number the rows of their tables."""
    numbers = [int(text) for (text, *_) in cells if text.isdecimal()]
    steps = sum(below - above == 1 for above, below in pairwise(numbers))
    return len(numbers) == len(cells) and 2 * steps > len(cells)


def _field_schema(title: str, cells: list[tuple[str, ...]]) -> Mapping[str, Any]:
    texts = [text for cell in cells for text in cell]
    longest = _MAX_TEXT if all(len(text) <= _MAX_TEXT for text in texts) else _MAX_LONG_TEXT
    about = {"title": title, "description": f"{title}, as in the list."}
    if all(text.startswith(("https://", "http://")) for text in texts):
        item = {"type": "string", "format": "uri", "minLength": 10, "maxLength": 500}
    else:
        item = {"type": "string", "minLength": 1, "maxLength": longest}
    if "format" not in item and all(len(cell) == 1 for cell in cells):
        return {**about, **item, "examples": [texts[0]]}
    return {
        **about,
        "type": "array",
        "items": item,
        "maxItems": max(8, *map(len, cells)),
        "uniqueItems": True,
        "examples": [list(cells[0])],
    }


def _values(paper: ListedPaper) -> dict[str, str | tuple[str, ...]]:
    values: dict[str, str | tuple[str, ...]] = {"title": paper.title}
    for url in map(_whole_address, paper.urls):
        identifier = parse_identifier(url)
        name = _IDENTIFIERS.get(identifier.kind)
        if name is not None and identifier.canonical:
            values.setdefault(name, identifier.canonical)
    known = next((name for name in _IDENTIFIERS.values() if name in values), None)
    if paper.is_named and known is not None:
        values["title"] = stand_in_title(paper.title, known, str(values[known]))
    landing = _whole_address(paper.urls[0]) if paper.urls else ""
    is_identified = parse_identifier(landing).kind in _IDENTIFIERS
    is_spare = known is not None and is_repository(landing)
    if landing and not is_identified and not is_spare and is_public_address(landing):
        values["url"] = landing
    for name in ("venue", "date"):
        if value := getattr(paper, name):
            values[name] = value
    if paper.authors:
        values["authors"] = paper.authors
    for name in LINK_LISTS:
        links = [_repository(url) for url in getattr(paper, name) if is_public_address(url)]
        if links:
            values[name] = tuple(dict.fromkeys(links))
    return values


def _other_links(paper: ListedPaper) -> tuple[str, ...]:
    """Return the addresses of a paper for which a record has no field."""
    first: dict[IdentifierKind, str | None] = {}
    others = []
    for index, url in enumerate(map(_whole_address, paper.urls)):
        found = parse_identifier(url)
        is_known = found.kind in _IDENTIFIERS and not ANCILLARY.search(url)
        is_first = is_known and first.setdefault(found.kind, found.canonical) == found.canonical
        if not is_first and (index or is_known):
            others.append(url)
    links = (*others, *map(stored_address, paper.links))
    return tuple(dict.fromkeys(url for url in links if is_public_address(url)))


def _whole_address(url: str) -> str:
    """Return an arXiv address whose end was cut or doubled (`…/abs/1911.02972v`) as a whole one."""
    url = stored_address(url)
    match = _BROKEN_ARXIV.match(url)
    is_broken = match is not None and parse_identifier(url).kind is not IdentifierKind.ARXIV
    return match[1] if match and is_broken else url


def _repository(url: str) -> str:
    """Return an address without the `.git` of a clone address."""
    url = stored_address(url)
    return url.removesuffix(".git") if is_repository(url) else url


def _unusable(paper: ListedPaper) -> Iterator[Finding]:
    for name in LINK_LISTS:
        for url in getattr(paper, name):
            if not is_public_address(url):
                message = f"{quote(url)} is not the address of a public page; it is left out."
                yield UNUSABLE_ADDRESS.finding(message, line=paper.line, field=name)


def _field_value(field: Field, values: tuple[str, ...]) -> FieldValue:
    if field.holds_addresses:
        return tuple(map(stored_address, values))
    if field.kind is FieldKind.FLAG:
        return values[0].casefold() in {"yes", "true", "✓", "✅"}
    if field.kind is not FieldKind.LIST:
        return ", ".join(values)
    # A table shows several texts with commas between them.
    return values if len(values) > 1 else tuple(values[0].split(", "))


def _matches(row: Row, decision: Decision) -> bool:
    alike: dict[str, Callable[[str], str | None]] = {"title": fold_title, "url": canonical_url}
    return all(
        row.section == value
        if key == "section"
        else alike.get(key, str)(row.text(key)) == alike.get(key, str)(value)
        for key, value in decision.match.items()
    )


def _decided(row: Row, decision: Decision) -> Row:
    values = {**row.values, **decision.values}
    return replace(
        row,
        values={name: value for name, value in values.items() if value},
        keep=row.keep | frozenset(decision.keep),
    )
