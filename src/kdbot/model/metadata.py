"""What a metadata service says of a paper, and the three ways in which a question can end."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, TypeAlias

from kdbot.model.proposal import Origin

_MONTH = re.compile(r"(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])(?![0-9])")


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataRecord:
    """What one service knows of one paper, in its own words.

    Attributes:
        source: the service.
        arxiv: arXiv identifier without version, or None.
        title: on one line; empty where the service was not asked for it.
        authors: names in the order of the paper, given name first.
        date: month of the first version, `YYYY-MM`, or None.
        venues: names of where it was published as the service writes them, the best first; a
            preprint server is among them where the service says so.
        doi: DOI of the published version in lower case, or None.
        acl: ACL Anthology identifier, or None.
        openreview: OpenReview forum, or None.
        comment: the authors' remark on arXiv, or None.
        journal_ref: where the authors say it was published, or None.
        withdrawn: whether the authors took it back.
        code: addresses of repositories.
        project: addresses of project pages.
        data: addresses of data sets.
    """

    source: Origin
    arxiv: str | None = None
    title: str = ""
    authors: tuple[str, ...] = ()
    date: str | None = None
    venues: tuple[str, ...] = ()
    doi: str | None = None
    acl: str | None = None
    openreview: str | None = None
    comment: str | None = None
    journal_ref: str | None = None
    withdrawn: bool = False
    code: tuple[str, ...] = ()
    project: tuple[str, ...] = ()
    data: tuple[str, ...] = ()

    def as_record(self) -> dict[str, Any]:
        """Give the JSON object of this record, leaving out what is empty."""
        return {name: value for name, value in asdict(self).items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The service knows the paper."""

    record: MetadataRecord

    @property
    def source(self) -> Origin:
        """The service that was asked."""
        return self.record.source


@dataclass(frozen=True, slots=True, kw_only=True)
class NotThere:
    """The service says with authority that it does not know the paper."""

    source: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class CouldNotAsk:
    """Nobody said anything that can be relied on.

    Attributes:
        source: the service.
        reason: why, in words for people, without a full stop.
    """

    source: Origin
    reason: str


Outcome: TypeAlias = Found | NotThere | CouldNotAsk
"""The end of a question to one service about one paper."""


def found_records(outcomes: Iterable[Outcome]) -> tuple[MetadataRecord, ...]:
    """Return what was found, in the order of the outcomes."""
    return tuple(outcome.record for outcome in outcomes if isinstance(outcome, Found))


def plain_month(text: str | None) -> str | None:
    """Return the month of a date that begins with `YYYY-MM`, or None."""
    return text[:7] if text and _MONTH.match(text) else None


def one_line(text: str | None) -> str:
    """Return a text with every run of white space as one blank."""
    return " ".join((text or "").split())


_TEXTS = frozenset({"arxiv", "date", "doi", "acl", "openreview", "comment", "journal_ref", "title"})
_NAMES = frozenset(field.name for field in fields(MetadataRecord))


def parse_metadata_record(record: object) -> MetadataRecord:
    """Read a record back from its JSON object, which may come from another job or an old cache.

    Raises:
        ValueError: it is not what `MetadataRecord.as_record` writes.
    """
    if not isinstance(record, Mapping) or not record.keys() <= _NAMES:
        raise ValueError("a metadata record must have the keys of one and no others")
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in record.items()
    }
    for name, value in values.items():
        if not _fits(name, value):
            raise ValueError(f"of the wrong type in a metadata record: {name}")
    return MetadataRecord(**{**values, "source": Origin(str(values.get("source")))})


def _fits(name: str, value: object) -> bool:
    if name in _TEXTS or name == "source":
        return isinstance(value, str)
    if name == "withdrawn":
        return isinstance(value, bool)
    return isinstance(value, tuple) and all(isinstance(item, str) for item in value)
