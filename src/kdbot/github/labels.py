"""Labels as code: the bot's words for the state of a proposal."""

from collections.abc import Mapping
from dataclasses import dataclass

from kdbot.model.report import Verdict

NEW_PAPER = "new paper"
NEEDS_CHANGES = "needs changes"
READY = "ready"
DUPLICATE = "duplicate"
NEEDS_MAINTAINER = "needs a maintainer"
COULD_NOT_CHECK = "could not check"
ACCEPTED = "accepted"
ADDED = "added"
NOT_A_DUPLICATE = "not a duplicate"
AUDIT = "audit"
NEW_PAPERS = "candidates"
DOCTOR = "doctor"
BROKEN_FILE = "broken file"

STATES = frozenset({NEEDS_CHANGES, READY, DUPLICATE, NEEDS_MAINTAINER})
"""The labels of which an open proposal bears one at a time."""

STATE_OF_VERDICT = {
    Verdict.READY: READY,
    Verdict.UPDATE: READY,
    Verdict.NEEDS_CHANGES: NEEDS_CHANGES,
    Verdict.DUPLICATE: DUPLICATE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A label of the repository.

    Attributes:
        name: at most 50 characters.
        color: six hexadecimal digits.
        description: at most 100 characters.
    """

    name: str
    color: str
    description: str


LABELS = (
    Label(name=NEW_PAPER, color="1d76db", description="Proposes papers for the list"),
    Label(name=NEEDS_CHANGES, color="fbca04", description="The author can mend what is named"),
    Label(name=READY, color="0e8a16", description="Nothing is missing; a maintainer decides"),
    Label(name=DUPLICATE, color="cfd3d7", description="Listed or proposed already"),
    Label(
        name=NEEDS_MAINTAINER, color="d93f0b", description="Does what a maintainer alone may allow"
    ),
    Label(name=COULD_NOT_CHECK, color="e4e669", description="On the bot's side; it tries again"),
    Label(name=ACCEPTED, color="5319e7", description="A maintainer's word: add it to the list"),
    Label(name=ADDED, color="0e8a16", description="In the list"),
    Label(
        name=NOT_A_DUPLICATE, color="bfdadc", description="A maintainer's word: a different paper"
    ),
    Label(name=AUDIT, color="c5def5", description="What the weekly audit found"),
    Label(name=NEW_PAPERS, color="c5def5", description="What the weekly search found"),
    Label(name=DOCTOR, color="c5def5", description="What is wrong with the repository's settings"),
    Label(name=BROKEN_FILE, color="d93f0b", description="A file of the list that cannot be used"),
)


def label_changes(present: Mapping[str, Label]) -> tuple[tuple[Label, Label | None], ...]:
    """Return each label to be written, with the one that it replaces; None creates it.

    Args:
        present: the repository's labels by their name in lower case; others are left alone.
    """
    return tuple(
        (label, known) for label in LABELS if (known := present.get(label.name.casefold())) != label
    )
