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
_NOTICE = {"notice": True, "quoted": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One paper of the collection, in canonical form.

    Attributes:
        id: stem of the paper's file; `papers/<id>.yaml` is the record.
        title: that of the newest public version, on one line.
        other_titles: earlier or other titles of the same paper.
        arxiv: arXiv identifier without version, or None.
        doi: DOI in lower case, or None.
        acl: ACL Anthology identifier, or None.
        openreview: OpenReview forum, or None.
        url: if there is no identifier, or the title should link elsewhere.
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
        status: what its publisher says of it since, a value of `STATUSES`, or None.
        status_date: day, month or year of the withdrawal or of the status, or None.
        status_reason: why, in the words of those who say it, or None.
        successor: identifier or address of the paper that takes its place, or None.
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
    withdrawn: bool = field(default=False, metadata={"notice": True})
    status: str | None = field(default=None, metadata={"notice": True})
    status_date: str | None = field(default=None, metadata=_NOTICE)
    status_reason: str | None = field(default=None, metadata=_NOTICE)
    successor: str | None = field(default=None, metadata=_NOTICE)
    note: str | None = field(default=None, metadata=_QUOTED)
    extra: tuple[tuple[str, FieldValue], ...] = ()

    @property
    def standing(self) -> str:
        """What readers have to know before they rely on it, such as `retracted`; else empty."""
        return standing(self.withdrawn, self.status)


STATUSES = ("corrected", "expression of concern", "withdrawn", "retracted")
"""What is said of a paper after it is public, the gravest last.

Those are the terms of https://www.niso.org/publications/rp-45-2024-crec and of CSL's `status`. The
withdrawal by the authors is a field of its own.
"""


def standing(withdrawn: object, status: object) -> str:
    """Return the gravest of `STATUSES` that applies, or an empty text."""
    held = {"withdrawn" if withdrawn else "", status}
    return next((one for one in reversed(STATUSES) if one in held), "")


def standing_mark(paper: Paper) -> str:
    """Return the standing and its day as a row of the README shows them, or an empty text."""
    return f"{paper.standing} {paper.status_date or ''}".strip() if paper.standing else ""


def read_standing_mark(mark: str) -> dict[str, Any]:
    """Return the values of a record that `standing_mark` shows; empty for any other text."""
    word = next((one for one in STATUSES if f"{mark} ".startswith(f"{one} ")), "")
    if not word:
        return {}
    said: dict[str, Any] = {"withdrawn": True} if word == "withdrawn" else {"status": word}
    day = mark[len(word) :].strip()
    return {**said, "status_date": day} if day else said


def is_graver(one: str, other: str) -> bool:
    """Tell whether one status says more against a paper than another, or than none."""
    places = ("", *STATUSES)
    return places.index(one) > places.index(other)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordChange:
    """One commit's change of a listed paper.

    Attributes:
        before: the record as it was.
        after: as the commit left it.
        commit: full name of the commit.
        time: when it was made, `YYYY-MM-DDTHH:MM:SSZ`.
        credit: login of the person whose correction it is, or an empty text.
    """

    before: Paper
    after: Paper
    commit: str
    time: str
    credit: str


def _with_role(role: str) -> tuple[str, ...]:
    return tuple(field.name for field in fields(Paper) if role in field.metadata)


FIELD_NAMES = tuple(f.name for f in fields(Paper) if f.name not in {"id", "extra"})
IDENTIFIER_NAMES = _with_role("identifier")
"""Identifiers of a paper, strongest first; each is also the value of its `IdentifierKind`."""
IDENTITY_NAMES = (*IDENTIFIER_NAMES, "url")
"""Fields that say which paper it is."""
LINK_LISTS = _with_role("links")
"""Fields with several addresses each; `url` has one."""
ADDRESS_NAMES = ("url", *LINK_LISTS)
"""Fields that hold addresses."""
QUOTED = frozenset(_with_role("quoted"))
"""Fields whose values are in double quotes in the paper's file."""
NUMBERS = frozenset(_with_role("number"))
"""Fields that are numbers in YAML and JSON, and are kept as text."""
NOTICE_FIELDS = _with_role("notice")
"""Fields that tell what is said against a paper, and where."""
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


def is_record(path: str) -> bool:
    """Tell whether a path is that of a record's file."""
    folder, _, name = path.rpartition("/")
    return folder == PAPERS and name.endswith(".yaml") and not name.startswith(".")


def stem_of(file: str) -> str:
    """Return the stem of a record's path."""
    return file.rpartition("/")[2].removesuffix(".yaml")
