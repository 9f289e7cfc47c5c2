"""Labels as code: the states of a proposal."""

from collections.abc import Mapping

from kdbot.model.report import WRITTEN, Label, Verdict
from kdbot.publish.issue_form import NEW_PAPER

ACCEPTED = "accepted"
ADDED = "added"
DECLINED = "declined"
NOT_A_DUPLICATE = "not a duplicate"
AUDIT = "audit"
NEW_PAPERS = "candidates"
DOCTOR = "doctor"
BROKEN_FILE = "broken file"

_OF_VERDICTS = {
    label.name: (label, verdict.outcome.keeps_label)
    for verdict in Verdict
    if (label := verdict.outcome.label)
}
STATES = frozenset(name for name, (_, keeps) in _OF_VERDICTS.items() if not keeps)
"""The labels of the states; an open proposal has one at a time."""
COULD_NOT_CHECK = next(name for name, (_, keeps) in _OF_VERDICTS.items() if keeps)
"""The label that is added to one of them while a service does not answer."""

LABELS = (
    Label(NEW_PAPER, "1d76db", "Proposes papers for the list"),
    *(label for label, _ in _OF_VERDICTS.values()),
    Label(ACCEPTED, "5319e7", "A maintainer accepted it for the list"),
    Label(ADDED, "0e8a16", "In the list"),
    Label(DECLINED, "cfd3d7", "A maintainer declined it and said why"),
    Label(
        name=NOT_A_DUPLICATE, color="bfdadc", description="A maintainer decided: a different paper"
    ),
    Label(AUDIT, "c5def5", "What the weekly audit found"),
    Label(NEW_PAPERS, "c5def5", "What the weekly search found"),
    Label(DOCTOR, "c5def5", "Problems with the repository's settings"),
    Label(BROKEN_FILE, "d93f0b", "A broken file of the list"),
)


def label_changes(present: Mapping[str, Label]) -> tuple[tuple[Label, Label | None], ...]:
    """Return each label to be written, with the one that it replaces; None creates it.

    Args:
        present: the repository's labels by their name in lower case; others are left alone.
    """
    return tuple(
        (label, known) for label in LABELS if (known := present.get(label.name.casefold())) != label
    )


def labels_of(verdict: Verdict) -> tuple[frozenset[str], frozenset[str]]:
    """Return the labels that a verdict sets on a proposal, and those that it removes.

    A proposal that was added and now has something new to add is open again.
    """
    label = verdict.outcome.label
    wanted = frozenset({label.name} if label else ())
    others = frozenset() if verdict.outcome.keeps_label else frozenset(_OF_VERDICTS) - wanted
    if verdict in WRITTEN:
        others |= {ADDED}
    # A reviewed proposal is open, even if it was declined before.
    return wanted, others | {DECLINED}
