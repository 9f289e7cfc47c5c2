"""What a list remembers of papers that it was proposed and does not take."""

from dataclasses import dataclass
from datetime import date

from kdbot.model.identifiers import IdentifierKind


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclinedPaper:
    """One paper that a maintainer declined.

    Attributes:
        identifier: kind and canonical form, such as `arxiv:2402.12030`.
        title: its title, by a service that knows the identifier.
        reason: why it was declined, in the maintainer's words.
        day: when, in UTC.
        number: the issue or pull request where it was discussed.
    """

    identifier: str
    title: str
    reason: str
    day: date
    number: int

    @property
    def key(self) -> tuple[IdentifierKind, str]:
        """The identifier as identities have it."""
        kind, _, value = self.identifier.partition(":")
        return IdentifierKind(kind), value
