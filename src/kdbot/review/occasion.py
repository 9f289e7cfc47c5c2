"""What a paper under review is held against."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from kdbot.model.collection import Collection, Identities, Identity
from kdbot.model.evidence import Evidence
from kdbot.review.context import Context
from kdbot.review.duplicates import same_paper
from kdbot.review.file_name import path_of


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenProposal:
    """Another proposal that waits, older than the one under review.

    Attributes:
        number: of its issue or pull request.
        identities: of the papers that it proposes.
    """

    number: int
    identities: tuple[Identity, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """The list, the world, other proposals, and the papers of this one that came before.

    Attributes:
        context: the list with its rules.
        evidence: what was asked of the world beforehand.
        others: older open proposals.
        distinct: whether a person has said that this is no duplicate.
        taken: new papers of this proposal by the stem of their file.
    """

    context: Context
    evidence: Evidence
    others: Sequence[OpenProposal]
    distinct: bool
    taken: dict[str, Identity] = field(default_factory=dict)

    @property
    def collection(self) -> Collection:
        """The list."""
        return self.context.collection

    @property
    def identities(self) -> Identities:
        """The identities of the list's papers."""
        return self.context.collection.identities

    def repeated(self, identity: Identity) -> str | None:
        """Return the file of the same paper in this proposal, or None."""
        same = (other for other in self.taken.values() if same_paper(identity, other))
        return next((path_of(other.id) for other in same), None)

    def older(self, identity: Identity) -> int | None:
        """Return the number of the oldest open proposal of the same paper, or None."""
        own = replace(identity, title="") if self.distinct else identity
        numbers = [
            other.number
            for other in self.others
            if any(same_paper(own, proposed) for proposed in other.identities)
        ]
        return min(numbers, default=None)
