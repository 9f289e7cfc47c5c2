"""What a proposal adds to a listed paper, and what an edit of its file changes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kdbot.model.collection import Collection
from kdbot.model.finding import Finding, Severity, notice_rule, quote_long, warning_rule
from kdbot.model.paper import IDENTIFIER_NAMES, STAMPED, FieldValue, Paper, paper_values
from kdbot.model.proposal import Origin
from kdbot.model.titles import fold_title
from kdbot.review.draft import Draft, item_form
from kdbot.text.venues import is_preprint

CHANGED_VALUE = warning_rule(
    "changed-value",
    "A maintainer reviews every change to what the list says about a paper.",
    "Nothing to do; a maintainer reviews the change.",
)
REMOVED_VALUE = warning_rule(
    "removed-value",
    "A maintainer reviews every removal of what the list says about a paper.",
    "Say in the description why you remove the value, or restore it.",
)
KEPT_VALUE = notice_rule(
    "kept-value",
    "A proposal to add a paper does not overwrite what the list says about it.",
    "If the list is wrong, propose a correction.",
)


ADDED_BY_HAND = warning_rule(
    "added-by-hand",
    "The bot writes the day on which a paper was added, and its citation key, when the paper "
    "is merged.",
    "Remove the line; the bot writes it at the merge.",
)

_WHOLE_LISTS = frozenset({"authors"})
_STAMPS = {
    "added": "The day on which the paper was added",
    "key": "The paper's citation key",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """A listed record together with what a proposal says of it.

    Attributes:
        values: the values of the record afterwards.
        findings: what a person should see of the change.
        changed: names of the fields that are not as before.
    """

    values: Mapping[str, FieldValue]
    findings: tuple[Finding, ...]
    changed: tuple[str, ...]


def listed_values(paper: Paper) -> dict[str, FieldValue]:
    """Return the values of a listed record, empty fields left out."""
    values = paper_values(paper)
    return {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}


def merge_proposal(before: Paper, draft: Draft, collection: Collection) -> Merge:
    """Add what a form or a text says to a listed record.

    Lists are united and empty fields filled; a venue takes the place of a preprint server. Any
    other value is replaced only where the words speak of a listed paper, and kept otherwise.
    Nothing is ever removed.
    """
    old = listed_values(before)
    values = dict(old)
    findings: list[Finding] = []
    for name, value in draft.values.items():
        if name in STAMPED or (name == "title" and _is_earlier_title(before, draft)):
            continue
        if isinstance(value, tuple):
            kept = _without_replaced(name, old.get(name), draft, collection)
            values[name] = _united(name, kept, value, collection)
        elif isinstance(value, bool) or not old.get(name):
            identified = any(old.get(kind) for kind in IDENTIFIER_NAMES)
            if name != "url" or not identified or _is_correction(draft):
                values[name] = value
        else:
            chosen, noticed = _choose(draft, name, str(old[name]), value)
            values[name] = chosen
            findings.extend(noticed)
    if _is_correction(draft) and "url" in draft.candidate.given and "url" not in draft.values:
        values["url"] = ""  # the address that was right turned out to be an identifier
    values = {name: value for name, value in _with_year(values, old, draft).items() if value}
    return Merge(values=values, findings=tuple(findings), changed=_changed(old, values))


def _is_correction(draft: Draft) -> bool:
    """Tell whether the values are stated apart from the names of the paper."""
    return draft.candidate.updates and bool(draft.candidate.names)


def _without_replaced(
    name: str, listed: FieldValue | None, draft: Draft, collection: Collection
) -> FieldValue | None:
    """Return the listed values without those that a correction calls wrong.

    Where it does not say which is wrong, the only one is.
    """
    if name not in draft.candidate.replaced or not isinstance(listed, tuple):
        return listed
    old = draft.candidate.replaced[name]
    if not old:
        return () if len(listed) == 1 or name in _WHOLE_LISTS else listed
    form = item_form(name, collection.schema)
    wrong = set(map(form, old))
    return tuple(item for item in listed if form(item) not in wrong)


def _is_earlier_title(before: Paper, draft: Draft) -> bool:
    """Tell whether a proposal, not a correction, has an earlier title of the paper."""
    folded = fold_title(draft.text("title"))
    return not draft.candidate.updates and folded in map(fold_title, before.other_titles)


def _with_year(
    values: Mapping[str, FieldValue], old: Mapping[str, FieldValue], draft: Draft
) -> Mapping[str, FieldValue]:
    """Return the values with the year of the venue that was chosen; it is never another's."""
    if values.get("venue") == old.get("venue"):
        said = draft.values.get("venue", old.get("venue"))
        year = values.get("year") if said == old.get("venue") else old.get("year")
    else:
        year = draft.values.get("year")
    return {**values, "year": year or ""}


def compare_edit(before: Paper, draft: Draft, collection: Collection) -> Merge:
    """Tell what an edit of a listed record's file changes, including what it removes."""
    old = listed_values(before)
    values = {name: value for name, value in draft.values.items() if value}
    changed = _changed(old, values)
    findings = [f for name in changed for f in _tell_change(draft, name, old, values, collection)]
    return Merge(values=values, findings=tuple(findings), changed=changed)


def _changed(old: Mapping[str, FieldValue], new: Mapping[str, FieldValue]) -> tuple[str, ...]:
    return tuple(name for name in {**old, **new} if old.get(name) != new.get(name))


def _united(
    name: str, old: FieldValue | None, new: tuple[str, ...], collection: Collection
) -> tuple[str, ...]:
    listed = old if isinstance(old, tuple) else ()
    if listed and name in _WHOLE_LISTS:
        return listed
    form = item_form(name, collection.schema)
    known = {form(item) for item in listed}
    return (*listed, *(item for item in new if form(item) not in known))


def _choose(draft: Draft, name: str, old: str, new: str) -> tuple[str, list[Finding]]:
    """Choose between the listed value of a text field and another one."""
    if old == new or _says_less(draft, name, old, new):
        return old, []
    if name in IDENTIFIER_NAMES and not _is_correction(draft):
        return old, []
    if name == "venue" and is_preprint(old):
        return new, []
    if draft.candidate.updates:
        message = f"The list says {quote_long(old)}; the proposal says {quote_long(new)}."
        return new, [draft.finding(CHANGED_VALUE, message, field=name)]
    message = f"I read {quote_long(new)}; the list keeps {quote_long(old)}."
    return old, [draft.finding(KEPT_VALUE, message, field=name)]


def _says_less(draft: Draft, name: str, old: str, new: str) -> bool:
    """Tell whether a value says nothing that the list does not know better."""
    match name:
        case "venue":
            return is_preprint(new)
        case "date":
            return draft.given["date"].origin is Origin.IDENTIFIER
        case "title":
            folded, listed = fold_title(new), fold_title(old)
            if _is_correction(draft):
                return False
            return listed.startswith(folded) and (folded != listed or not draft.candidate.updates)
    return False


def _tell_change(
    draft: Draft,
    name: str,
    old: Mapping[str, FieldValue],
    new: Mapping[str, FieldValue],
    collection: Collection,
) -> Iterator[Finding]:
    if name in _STAMPS:
        message = f"{_STAMPS[name]} was {_shown(old.get(name))}."
        yield draft.finding(ADDED_BY_HAND, message, field=name, fix="Restore that line.")
        return
    before, after = _as_items(old.get(name)), _as_items(new.get(name))
    form = item_form(name, collection.schema)
    kept = {form(item) for item in after}
    gone = [item for item in before if form(item) not in kept]
    if not gone:
        return
    if len(after) <= len(before) - len(gone):
        message = f"The list says {_shown(gone)} here; the edit removes it."
        yield draft.finding(REMOVED_VALUE, message, field=name)
    else:
        known = {form(item) for item in before}
        instead = [item for item in after if form(item) not in known]
        message = f"The list says {_shown(gone)}; the edit says {_shown(instead)}."
        yield draft.finding(CHANGED_VALUE, message, field=name, severity=Severity.WARNING)


def _as_items(value: FieldValue | None) -> tuple[str, ...]:
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (str(value),)


def _shown(value: FieldValue | list[str] | None) -> str:
    items = value if isinstance(value, list) else _as_items(value)
    return ", ".join(quote_long(item) for item in items) or "not written"
