"""The rows of an existing list as fields of records, decisions applied, and joined by paper."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kdbot.intake.importing.decisions import Decision, Decisions
from kdbot.intake.importing.rules import UNUSABLE_ADDRESS, UNUSED_DECISION
from kdbot.intake.lists.paper import ListedPaper
from kdbot.model.collection import IDENTIFIER_FIELDS
from kdbot.model.finding import Finding, quote
from kdbot.model.identifiers import IdentifierKind, canonical_url, parse_identifier
from kdbot.model.paper import FIELD_NAMES, LINK_LISTS, FieldValue
from kdbot.model.schema import Field, FieldKind, PaperSchema
from kdbot.model.titles import fold_title
from kdbot.text.addresses import is_public_address
from kdbot.text.hosts import is_repository

IDENTIFIERS = dict(IDENTIFIER_FIELDS)
_BROKEN_ARXIV = re.compile(r"(https?://arxiv\.org/(?:abs|pdf)/[0-9]{4}\.[0-9]{5})(?![0-9])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One place where a paper stands.

    Attributes:
        line: line in the source.
        section: path of its category.
        values: fields of the record: text, or tuples of text; absent where empty.
        withdrawn: whether its authors withdrew the paper.
        extra: fields that only this list's schema knows.
        keep: codes of findings that a person decided to live with.
        findings: what is odd about the line.
    """

    line: int
    section: str
    values: Mapping[str, str | tuple[str, ...]]
    withdrawn: bool = False
    extra: tuple[tuple[str, FieldValue], ...] = ()
    keep: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()

    def text(self, name: str) -> str:
        """Return a text field, empty where there is none."""
        value = self.values.get(name, "")
        return value if isinstance(value, str) else ""

    def items(self, name: str) -> tuple[str, ...]:
        """Return a list field, none where there are none."""
        value = self.values.get(name, ())
        return value if isinstance(value, tuple) else ()

    @property
    def keys(self) -> tuple[tuple[str, str], ...]:
        """What the row's paper is known by, the strongest first."""
        found = [(name, self.text(name)) for name in IDENTIFIERS.values() if self.text(name)]
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
        schema: the record's schema; a column of the list that bears the title of a field that
            kdbot itself does not know fills that field.
    """
    own = {f.title.casefold(): f for f in schema.fields if f.name not in FIELD_NAMES}
    return [
        Row(
            line=paper.line,
            section=paths[paper.section],
            values=_values(paper),
            withdrawn=paper.withdrawn,
            extra=tuple(
                (own[title.casefold()].name, _field_value(own[title.casefold()], values))
                for title, values in paper.extra
                if title.casefold() in own
            ),
            findings=(*paper.findings, *_unusable(paper)),
        )
        for paper in papers
    ]


def decide(rows: Sequence[Row], decisions: Decisions, file: str) -> DecidedRows:
    """Apply decisions, one after the other, each to all rows that it matches."""
    kept = list(rows)
    dropped: list[tuple[Row, Decision]] = []
    findings = []
    for decision in decisions.papers:
        matching = [row for row in kept if _matches(row, decision)]
        if not matching:
            what = ", ".join(f"{key} {quote(value)}" for key, value in decision.match.items())
            message = f"No row matches {what}."
            findings.append(UNUSED_DECISION.finding(message, file=file, line=decision.line))
        if decision.drop:
            dropped += [(row, decision) for row in matching]
            kept = [row for row in kept if all(row is not m for m in matching)]
        else:
            changed = {id(row): _decided(row, decision) for row in matching}
            kept = [changed.get(id(row), row) for row in kept]
    return DecidedRows(rows=tuple(kept), dropped=tuple(dropped), findings=tuple(findings))


def _values(paper: ListedPaper) -> dict[str, str | tuple[str, ...]]:
    values: dict[str, str | tuple[str, ...]] = {"title": paper.title}
    for url in map(_mended, paper.urls):
        identifier = parse_identifier(url)
        name = IDENTIFIERS.get(identifier.kind)
        if name is not None and identifier.canonical:
            values.setdefault(name, identifier.canonical)
    landing = _mended(paper.urls[0]) if paper.urls else ""
    has_identifier = any(name in values for name in IDENTIFIERS.values())
    is_identified = parse_identifier(landing).kind in IDENTIFIERS
    is_spare = has_identifier and is_repository(landing)
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


def _mended(url: str) -> str:
    """Return an arXiv address whose end was cut or doubled (`…/abs/1911.02972v`) as a whole one."""
    match = _BROKEN_ARXIV.match(url)
    is_broken = match is not None and parse_identifier(url).kind is not IdentifierKind.ARXIV
    return match[1] if match and is_broken else url


def _repository(url: str) -> str:
    """Return an address without the ending that a clone's has and a page's has not."""
    return url.removesuffix(".git") if is_repository(url) else url


def _unusable(paper: ListedPaper) -> Iterator[Finding]:
    for name in LINK_LISTS:
        for url in getattr(paper, name):
            if not is_public_address(url):
                message = f"{quote(url)} is no address of a public page and is left out."
                yield UNUSABLE_ADDRESS.finding(message, line=paper.line, field=name)


def _field_value(field: Field, values: tuple[str, ...]) -> FieldValue:
    if field.kind is FieldKind.FLAG:
        return values[0].casefold() in {"yes", "true", "✓", "✅"}
    return values if field.kind is FieldKind.LIST else ", ".join(values)


def _matches(row: Row, decision: Decision) -> bool:
    return all(
        row.section == value
        if key == "section"
        else fold_title(row.text("title")) == fold_title(value)
        if key == "title"
        else canonical_url(row.text("url")) == canonical_url(value)
        if key == "url"
        else row.text(key) == value
        for key, value in decision.match.items()
    )


def _decided(row: Row, decision: Decision) -> Row:
    values = {**row.values, **decision.values}
    return replace(
        row,
        values={name: value for name, value in values.items() if value},
        keep=row.keep | frozenset(decision.keep),
    )
