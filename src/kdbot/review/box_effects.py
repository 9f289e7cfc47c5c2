"""What a ticked box does to the records that it is about."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from typing import Any

from kdbot.model.audit import Box, BoxKind, Edit
from kdbot.model.paper import Paper

_NAMES = frozenset(field.name for field in fields(Paper)) - {"id", "extra"}
_FLAGS = frozenset({"withdrawn"})
FLAG_SET = "true"
"""How an edit writes a field that is true or false."""


def apply_box(box: Box, papers: Mapping[str, Paper]) -> dict[str, Paper]:
    """Return the records that the box changes, changed.

    An edit whose record says something else by now is left out: a person was faster.
    """
    changed: dict[str, Paper] = {}
    for edit in box.edits:
        paper = changed.get(edit.paper) or papers.get(edit.paper)
        after = None if paper is None else _edited(paper, edit)
        if after is not None:
            changed[edit.paper] = after
    return changed


def still_applies(box: Box, papers: Mapping[str, Paper]) -> bool:
    """Tell whether the box has anything to do, or to ask, in the list as it is."""
    if box.kind is BoxKind.DISTINCT:
        return all(paper in papers for paper in box.papers)
    return bool(apply_box(box, papers))


def is_applied(box: Box, papers: Mapping[str, Paper]) -> bool:
    """Tell whether the records say already all that the box would make them say."""
    return all(edit.paper in papers and _says(papers[edit.paper], edit) for edit in box.edits)


def _says(paper: Paper, edit: Edit) -> bool:
    if edit.field not in _NAMES:
        return False
    value = getattr(paper, edit.field)
    if isinstance(value, tuple):
        return edit.before not in value and (edit.after is None or edit.after in value)
    if edit.field in _FLAGS:
        return bool(value == (edit.after == FLAG_SET))
    return bool(value == edit.after)


def _edited(paper: Paper, edit: Edit) -> Paper | None:
    """Return the record after one edit, or None where the edit does not fit it."""
    if edit.field not in _NAMES or edit.before == edit.after:
        return None
    value = getattr(paper, edit.field)
    if isinstance(value, tuple):
        items = _edited_items(value, edit)
        return None if items is None else _with(paper, edit.field, items)
    if edit.field in _FLAGS:
        is_set = edit.after == FLAG_SET
        return None if value == is_set else _with(paper, edit.field, is_set)
    return _with(paper, edit.field, edit.after) if value == edit.before else None


def _with(paper: Paper, name: str, value: Any) -> Paper:
    return replace(paper, **{name: value})


def _edited_items(items: tuple[str, ...], edit: Edit) -> tuple[str, ...] | None:
    if edit.before is None:
        return None if edit.after in items else (*items, str(edit.after))
    if edit.before not in items:
        return None
    instead: Iterable[str] = () if edit.after is None or edit.after in items else (edit.after,)
    place = items.index(edit.before)
    return (*items[:place], *instead, *items[place + 1 :])
