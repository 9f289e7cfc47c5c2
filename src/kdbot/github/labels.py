"""Labels as code: the bot's words for the state of a proposal."""

from collections.abc import Mapping

from kdbot.model.report import WRITTEN, Label, Verdict

NEW_PAPER = "new paper"
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
"""The labels of which an open proposal bears one at a time."""
COULD_NOT_CHECK = next(name for name, (_, keeps) in _OF_VERDICTS.items() if keeps)
"""The label that is added to one of them while the world does not answer."""

LABELS = (
    Label(NEW_PAPER, "1d76db", "Proposes papers for the list"),
    *(label for label, _ in _OF_VERDICTS.values()),
    Label(ACCEPTED, "5319e7", "A maintainer's word: add it to the list"),
    Label(ADDED, "0e8a16", "In the list"),
    Label(DECLINED, "cfd3d7", "A maintainer said no, and why"),
    Label(
        name=NOT_A_DUPLICATE, color="bfdadc", description="A maintainer's word: a different paper"
    ),
    Label(AUDIT, "c5def5", "What the weekly audit found"),
    Label(NEW_PAPERS, "c5def5", "What the weekly search found"),
    Label(DOCTOR, "c5def5", "What is wrong with the repository's settings"),
    Label(BROKEN_FILE, "d93f0b", "A file of the list that cannot be used"),
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
    """Return the labels that a verdict sets on a proposal, and those that it takes off.

    What was added once and says something new that can be added is an open proposal again.
    """
    label = verdict.outcome.label
    wanted = frozenset({label.name} if label else ())
    others = frozenset() if verdict.outcome.keeps_label else frozenset(_OF_VERDICTS) - wanted
    if verdict in WRITTEN:
        others |= {ADDED}
    # What is reviewed is open, whatever was said of it before.
    return wanted, others | {DECLINED}
