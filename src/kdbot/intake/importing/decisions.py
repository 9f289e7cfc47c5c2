"""What people decided about an existing list, so that its import can be repeated.

The file is YAML:

    papers:
      - match: {arxiv: "2310.02421"}
        set: {arxiv: "2306.09299", date: 2023-06}
        reason: The address was that of another paper.
      - match: {title: A Paper That Is None, section: some/category}
        drop: true
        reason: There is no such paper.
    categories:
      - path: some/category
        note: Shown below its heading.
    added:
      - day: 2024-02-20
      - day: 2024-03-19
        papers: ["2403.02966", A Title]

A day without papers is that of all others. `more: [facts.yaml]` names files of the same form beside
it, whose decisions follow.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NoReturn

from kdbot.intake.yaml_text import MAINTAINED, parse_yaml
from kdbot.model.errors import KdbotError
from kdbot.model.finding import Finding
from kdbot.model.paper import FIELD_NAMES, IDENTIFIER_NAMES, LISTS
from kdbot.model.titles import fold_title

_MATCH_KEYS = (*IDENTIFIER_NAMES, "url", "title", "section")
_LIST_FIELDS = frozenset(LISTS) - {"categories"}
_SET_KEYS = frozenset(FIELD_NAMES) - {"categories", "added", "key"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What shall happen to some rows of a list.

    Attributes:
        match: what a row must have, all of it: identifiers, address, title, path of its section.
        values: fields that get another value; an empty one takes the field away.
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
        KdbotError: the file cannot be read, or holds a key that means nothing.
    """
    document = parse_yaml(data, file, MAINTAINED)
    if isinstance(document, Finding):
        where = f"{file}:{document.line}" if document.line else file
        raise KdbotError(document.message, where=where, fix=document.fix)
    reader = _Reader(file=file, lines=document.lines)
    root = document.value if document.value is not None else {}
    reader.check(root, (), {"papers", "categories", "added", "more"})
    added: dict[str, str] = {}
    otherwise = None
    for index, item in enumerate(reader.items(root, "added")):
        path = ("added", index)
        reader.check(item, path, {"day", "papers"})
        day = reader.text(item, path, "day")
        if "papers" in item:
            added.update((paper_key(name), day) for name in reader.texts(item, path, "papers"))
        else:
            otherwise = day
    return Decisions(
        papers=tuple(
            reader.decision(item, ("papers", index))
            for index, item in enumerate(reader.items(root, "papers"))
        ),
        notes={
            reader.text(item, ("categories", i), "path"): reader.text(
                item, ("categories", i), "note"
            )
            for i, item in enumerate(reader.items(root, "categories"))
        },
        added=added,
        added_otherwise=otherwise,
        more=reader.texts(root, (), "more") if "more" in root else (),
    )


def paper_key(name: str) -> str:
    """Return the key of a paper in a list of days: its identifier, or its folded title."""
    return name if " " not in name and any(c.isdigit() for c in name) else fold_title(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """Takes values out of the document, and says where one is wrong."""

    file: str
    lines: Mapping[tuple[str | int, ...], int]

    def decision(self, item: Any, path: tuple[str | int, ...]) -> Decision:
        self.check(item, path, {"match", "set", "drop", "keep", "reason"})
        match, values = item.get("match"), item.get("set", {})
        self.check(match, (*path, "match"), set(_MATCH_KEYS))
        self.check(values, (*path, "set"), set(_SET_KEYS))
        if not match:
            self.fail(path, "`match` says of which rows this is decided; it is empty")
        return Decision(
            match={key: self.text(match, (*path, "match"), key) for key in match},
            values={
                key: self.texts(values, (*path, "set"), key)
                if key in _LIST_FIELDS
                else self.text(values, (*path, "set"), key)
                for key in values
            },
            drop=item.get("drop") is True,
            keep=self.texts(item, path, "keep") if "keep" in item else (),
            reason=self.text(item, path, "reason"),
            file=self.file,
            line=self.lines[path],
        )

    def check(self, item: Any, path: tuple[str | int, ...], known: set[str]) -> None:
        if not isinstance(item, dict):
            self.fail(path, "this must be a mapping")
        for key in item:
            if key not in known:
                self.fail((*path, key), f"unknown key `{key}`; known: {', '.join(sorted(known))}")

    def items(self, root: Mapping[str, Any], key: str) -> list[Any]:
        value: list[Any] = root.get(key, [])
        if not isinstance(value, list):
            self.fail((key,), f"`{key}` must be a list")
        return value

    def text(self, item: Mapping[str, Any], path: tuple[str | int, ...], key: str) -> str:
        value = item.get(key)
        if not isinstance(value, str):
            self.fail(path, f"`{key}` is missing here, or is no text")
        return value

    def texts(
        self, item: Mapping[str, Any], path: tuple[str | int, ...], key: str
    ) -> tuple[str, ...]:
        value: Any = item.get(key)
        if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
            self.fail((*path, key), f"`{key}` must be a list of texts")
        return tuple(value)

    def fail(self, path: tuple[str | int, ...], message: str) -> NoReturn:
        line = self.lines.get(path)
        raise KdbotError(message, where=f"{self.file}:{line}" if line else self.file)
