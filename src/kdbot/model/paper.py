"""A paper: the one record that everything else is derived from."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, TypeAlias

PAPERS = "papers"
"""Folder of the records."""

FieldValue: TypeAlias = str | bool | tuple[str, ...]


# Roles of the fields, for the sets of names below.
_IDENTIFIER = {"identifier": True, "quoted": True}
_QUOTED = {"quoted": True}
_LINKS = {"links": True}
_NUMBER = {"number": True}
_STAMPED = {"stamped": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One paper of the collection, in canonical form.

    Attributes:
        id: stem of the paper's file; `papers/<id>.yaml` holds the record.
        title: that of the newest public version, on one line.
        other_titles: earlier or other titles of the same paper.
        arxiv: arXiv identifier without version, or None.
        doi: DOI in lower case, or None.
        acl: ACL Anthology identifier, or None.
        openreview: OpenReview forum, or None.
        url: where there is no identifier, or the reader should land elsewhere.
        venue: canonical venue name without year, or None.
        year: year of that venue, as four digits, or None.
        date: month of first public appearance, `YYYY-MM`, or None.
        authors: names in the order of the paper.
        code: addresses of repositories.
        project: addresses of project pages.
        data: addresses of data sets.
        categories: paths of the taxonomy.
        added: UTC day it entered the collection, `YYYY-MM-DD`; stamped at merge.
        key: BibTeX key, unique in the list; stamped with `added` and never changed.
        proposed_by: login of who proposed it.
        withdrawn: whether its authors withdrew it.
        note: one line shown to readers of the record.
        extra: fields that only this list's schema knows, in its order.
    """

    id: str
    title: str = field(metadata=_QUOTED)
    other_titles: tuple[str, ...] = field(default=(), metadata=_QUOTED)
    arxiv: str | None = field(default=None, metadata=_IDENTIFIER)
    doi: str | None = field(default=None, metadata=_IDENTIFIER)
    acl: str | None = field(default=None, metadata=_IDENTIFIER)
    openreview: str | None = field(default=None, metadata=_IDENTIFIER)
    url: str | None = None
    venue: str | None = None
    year: str | None = field(default=None, metadata=_NUMBER)
    date: str | None = None
    authors: tuple[str, ...] = ()
    code: tuple[str, ...] = field(default=(), metadata=_LINKS)
    project: tuple[str, ...] = field(default=(), metadata=_LINKS)
    data: tuple[str, ...] = field(default=(), metadata=_LINKS)
    categories: tuple[str, ...] = ()
    added: str | None = field(default=None, metadata=_STAMPED)
    key: str | None = field(default=None, metadata=_STAMPED)
    proposed_by: str | None = field(default=None, metadata=_STAMPED)
    withdrawn: bool = False
    note: str | None = field(default=None, metadata=_QUOTED)
    extra: tuple[tuple[str, FieldValue], ...] = ()


def _with_role(role: str) -> tuple[str, ...]:
    return tuple(field.name for field in fields(Paper) if role in field.metadata)


FIELD_NAMES = tuple(f.name for f in fields(Paper) if f.name not in {"id", "extra"})
IDENTIFIER_NAMES = _with_role("identifier")
"""Identifiers of a paper, strongest first; each is the value of its `IdentifierKind`, too."""
LINK_LISTS = _with_role("links")
"""Fields that hold several addresses each; `url` holds one."""
QUOTED = frozenset(_with_role("quoted"))
"""Fields whose texts stand in double quotes in the paper's file."""
NUMBERS = frozenset(_with_role("number"))
"""Fields that are numbers in YAML and JSON, and are kept as text."""
STAMPED = frozenset(_with_role("stamped"))
"""Fields that a merge writes, and no contributor."""
LISTS = tuple(f.name for f in fields(Paper) if f.default == () and f.name in FIELD_NAMES)
"""Fields that hold several values each."""
_KNOWN = frozenset(FIELD_NAMES)


def paper_from_values(paper_id: str, values: Mapping[str, Any]) -> Paper:
    """Build a paper from the plain values of a record that has passed the schema."""
    frozen: dict[str, Any] = {
        k: tuple(v) if isinstance(v, list | tuple) else v for k, v in values.items()
    }
    known = {k: v for k, v in frozen.items() if k in _KNOWN}
    extra = tuple((k, v) for k, v in frozen.items() if k not in _KNOWN)
    return Paper(id=paper_id, **known, extra=extra)


def paper_values(paper: Paper) -> dict[str, Any]:
    """Return the record as plain JSON-like values, empty fields left out, in field order."""
    values = {name: getattr(paper, name) for name in FIELD_NAMES}
    values.update(paper.extra)
    return {
        k: list(v) if isinstance(v, tuple) else v for k, v in values.items() if v or k == "title"
    }


def json_values(paper: Paper) -> dict[str, Any]:
    """Return the same values as JSON has them: what the schema calls a number is one."""
    return {k: as_number(k, v) for k, v in paper_values(paper).items()}


def as_number(name: str, value: Any) -> Any:
    """Return the number that a value of a numeric field stands for; any other as it is."""
    is_number = name in NUMBERS and isinstance(value, str) and is_year(value)
    return int(value) if is_number else value


def is_year(text: str) -> bool:
    """Tell whether a text is a year in four digits, which YAML and JSON know as a number."""
    return len(text) == 4 and text.isascii() and text.isdecimal() and text[0] != "0"


def path_of(paper_id: str) -> str:
    """Return the path of a record's file."""
    return f"{PAPERS}/{paper_id}.yaml"


def stem_of(file: str) -> str:
    """Return the stem of a record's path."""
    return file.rpartition("/")[2].removesuffix(".yaml")
