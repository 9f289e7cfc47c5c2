"""What people decided about an existing list, so that its import can be repeated.

The file is YAML:

    papers:
      - match: {arxiv: "2310.02421"}
        set: {arxiv: "2306.09299", date: 2023-06}
        reason: The address was that of another paper.
      - match: {title: Not a Paper, section: some/category}
        drop: true
        reason: There is no such paper.
    categories:
      - path: some/category
        note: Shown below its heading.
    added:
      - day: 2024-02-20
      - day: 2024-03-19
        papers: ["2403.02966", A Title]

A day without `papers` applies to all other papers. `more: [facts.yaml]` names further files of the
same form in the same folder, whose decisions follow.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from kdbot.intake.yaml_text import Path
from kdbot.intake.yaml_values import YamlValues
from kdbot.model.paper import FIELD_NAMES, IDENTIFIER_NAMES, LISTS
from kdbot.model.titles import fold_title

_MATCH_KEYS = (*IDENTIFIER_NAMES, "url", "title", "section")
_LIST_FIELDS = frozenset(LISTS) - {"categories"}
_SET_KEYS = frozenset(FIELD_NAMES) - {"categories", "added", "key"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to do with some rows of a list.

    Attributes:
        match: all that a row must have: identifiers, address, title, path of its section.
        values: fields that get another value; an empty value removes the field.
        drop: whether the rows are left out.
        keep: codes of findings that the row may keep.
        reason: why.
        file: name of the file of decisions.
        line: its line there.
    """

    match: Mapping[str, str]
    values: Mapping[str, str | tuple[str, ...]]
    drop: bool
    keep: tuple[str, ...]
    reason: str
    file: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """All decisions about one list.

    Attributes:
        papers: about its rows, in the order in which they are applied.
        notes: sentences below headings, by the category's path.
        added: days on which papers entered the list, by identifier or folded title.
        added_otherwise: the day of all other papers, or None.
        more: names of further files of decisions, beside this one.
    """

    papers: tuple[Decision, ...] = ()
    notes: Mapping[str, str]
    added: Mapping[str, str]
    added_otherwise: str | None = None
    more: tuple[str, ...] = ()

    def followed_by(self, other: "Decisions") -> "Decisions":
        """Return these decisions with those of a further file after them."""
        return replace(
            self,
            papers=(*self.papers, *other.papers),
            notes={**self.notes, **other.notes},
            added={**self.added, **other.added},
            added_otherwise=self.added_otherwise or other.added_otherwise,
        )


NO_DECISIONS = Decisions(notes={}, added={})


def parse_decisions(data: bytes, file: str) -> Decisions:
    """Read a file of decisions.

    Raises:
        KdbotError: the file cannot be read, or contains an unknown key.
    """
    values = YamlValues(data, file)
    root = values.root if values.root is not None else {}
    values.check(root, (), {"papers", "categories", "added", "more"})
    papers, categories, days = (
        list(enumerate(values.items(root, (), key) if key in root else ()))
        for key in ("papers", "categories", "added")
    )
    added: dict[str, str] = {}
    otherwise = None
    for index, item in days:
        path = ("added", index)
        values.check(item, path, {"day", "papers"})
        day = values.text(item, path, "day")
        if "papers" in item:
            added.update((paper_key(name), day) for name in values.texts(item, path, "papers"))
        else:
            otherwise = day
    return Decisions(
        papers=tuple(_decision(values, file, item, ("papers", index)) for index, item in papers),
        notes={
            values.text(item, ("categories", index), "path"): values.text(
                item, ("categories", index), "note"
            )
            for index, item in categories
        },
        added=added,
        added_otherwise=otherwise,
        more=values.texts(root, (), "more"),
    )


def paper_key(name: str) -> str:
    """Return the key of a paper in a list of days: its identifier, or its folded title."""
    return name if " " not in name and any(c.isdigit() for c in name) else fold_title(name)


def _decision(values: YamlValues, file: str, item: Any, path: Path) -> Decision:
    values.check(item, path, {"match", "set", "drop", "keep", "reason"})
    match, changed = item.get("match"), item.get("set", {})
    values.check(match, (*path, "match"), _MATCH_KEYS)
    values.check(changed, (*path, "set"), _SET_KEYS)
    if not match:
        values.fail(path, "`match` is empty; it must say which rows the decision is about")
    return Decision(
        match={key: values.text(match, (*path, "match"), key) for key in match},
        values={
            key: values.texts(changed, (*path, "set"), key)
            if key in _LIST_FIELDS
            else changed[key] and values.text(changed, (*path, "set"), key)
            for key in changed
        },
        drop=item.get("drop") is True,
        keep=values.texts(item, path, "keep"),
        reason=values.text(item, path, "reason"),
        file=file,
        line=values.lines[path],
    )
