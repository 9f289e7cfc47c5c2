"""Papers that a proposal names more than once."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from kdbot.model.finding import Severity
from kdbot.review.draft import Draft, Value
from kdbot.review.duplicate_rules import REPEATED_IN_PROPOSAL
from kdbot.review.duplicates import draft_identity, same_paper


def unite_repeats(drafts: Iterable[Draft], listed_as: Callable[[Draft], str | None]) -> list[Draft]:
    """Return the drafts with those of one paper made into one, where they are no files.

    A paper that stands in several sections of a README is several rows, and one record. One that
    is named by two identifiers, of which no draft knows both, is told by the list.

    Args:
        drafts: in the order of the proposal.
        listed_as: gives the stem of the listed paper that a draft is, or None.
    """
    united: list[Draft] = []
    stems: list[str | None] = []
    for draft in drafts:
        stem = listed_as(draft) if draft.file is None else None
        known = (
            index
            for index, other in enumerate(united)
            if (stem is not None and stem == stems[index]) or _are_one(draft, other)
        )
        first = next(known, None)
        if first is None:
            united.append(draft)
            stems.append(stem)
        else:
            united[first] = _unite(united[first], draft)
    return united


def _are_one(one: Draft, other: Draft) -> bool:
    if one.file is not None or other.file is not None:
        return False
    return same_paper(draft_identity(one, ""), draft_identity(other, ""))


def _unite(first: Draft, other: Draft) -> Draft:
    values: dict[str, Value] = {**other.values, **first.values}
    for name, value in other.values.items():
        listed = first.values.get(name)
        if isinstance(value, tuple) and isinstance(listed, tuple):
            values[name] = tuple(dict.fromkeys((*listed, *value)))
    note = REPEATED_IN_PROPOSAL.finding(
        "This paper is named more than once; I put everything about it together.",
        fix="Nothing to do.",
        severity=Severity.NOTICE,
    )
    return replace(
        first,
        values=values,
        given={**other.given, **first.given},
        findings=(*first.findings, *other.findings, note),
    )
