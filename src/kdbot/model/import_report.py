"""What an import says to the person who brings a list."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One thing to look at.

    Attributes:
        file: the source's name.
        line: its line there, or None.
        text: the text of that line.
        reason: why it needs attention.
    """

    file: str
    line: int | None
    text: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemarkGroup:
    """Remarks of one kind.

    Attributes:
        title: what they are about.
        advice: what to do.
        remarks: in the order of the source.
    """

    title: str
    advice: str
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """All of it, what a person should decide first at the top.

    Attributes:
        summary: sentences with the figures.
        groups: not empty.
    """

    summary: tuple[str, ...]
    groups: tuple[RemarkGroup, ...]
