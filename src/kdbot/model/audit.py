"""What the last audit found, as far as readers are told."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditSummary:
    """The last weekly audit in numbers.

    Attributes:
        week: ISO week, as `2025-W10`.
        papers: papers that were looked at.
        links: addresses that were asked.
        dead: addresses that were gone on two audits.
        moved: addresses that lead elsewhere for good.
        upgraded: preprints that have been published since.
    """

    week: str
    papers: int
    links: int
    dead: int = 0
    moved: int = 0
    upgraded: int = 0
