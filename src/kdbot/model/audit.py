"""The weekly audit: what it found, what it offers to do about it, and what people have answered."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from kdbot.model.evidence import LinkRecord
from kdbot.model.json_text import from_json, to_json
from kdbot.model.paper import Paper


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditSummary:
    """The last weekly audit in numbers.

    Attributes:
        week: ISO week, as `2025-W10`.
        papers: papers that were looked at.
        links: addresses that were asked.
        dead: addresses that were gone on two audits.
        moved: addresses that lead elsewhere for good.
        upgraded: preprints that have been published since.
    """

    week: str
    papers: int
    links: int
    dead: int = 0
    moved: int = 0
    upgraded: int = 0


class EditKind(StrEnum):
    """What a check box of the audit's issue does, in the order of the issue.

    What it says is in the template `audit.md.j2`, what it writes into records in its edits.
    """

    MOVED = "moved"
    MOVED_AWAY = "moved-away"
    ARCHIVED = "archived"
    DROPPED = "dropped"
    TITLE = "title"
    VENUE = "venue"
    WITHDRAWN = "withdrawn"
    DISTINCT = "distinct"
    LINK = "link"


OF_SERVICES = frozenset({EditKind.TITLE, EditKind.VENUE, EditKind.WITHDRAWN, EditKind.LINK})
"""What comes of what metadata services say."""


class EditState(StrEnum):
    """What people have answered."""

    OPEN = "open"
    DONE = "done"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One change of one record.

    Attributes:
        paper: id of the record.
        field: name of the field.
        before: the value, or the item of a list, that it takes the place of; None to add one.
        after: what is written; None to take `before` out.
    """

    paper: str
    field: str
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, kw_only=True)
class ProposedEdit:
    """One check box: a ready change that a person allows or leaves.

    Attributes:
        kind: what it does.
        papers: ids of the records that it is about.
        edits: the changes; empty for an answer without changes.
        sources: who says so, in words for people.
        ticked: whether it is offered with a tick, to be applied with all others at once.
        state: what people have answered.
    """

    kind: EditKind
    papers: tuple[str, ...]
    edits: tuple[Edit, ...] = ()
    sources: tuple[str, ...] = ()
    ticked: bool = False
    state: EditState = EditState.OPEN

    @cached_property
    def key(self) -> str:
        """The name of the box in the issue: a digest of what it does."""
        edits = [[edit.paper, edit.field, edit.before, edit.after] for edit in self.edits]
        text = json.dumps([str(self.kind), sorted(self.papers), sorted(edits, key=str)])
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    @property
    def is_upgrade(self) -> bool:
        """Tell whether it is a venue that two sources name: those come as one pull request."""
        return self.kind is EditKind.VENUE and len(self.sources) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFinding:
    """A finding about a paper that only a person can settle.

    Attributes:
        code: code of the finding.
        message: as in a finding: values from outside are between backticks.
    """

    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPaper:
    """A paper that the list's query found and the list does not have.

    Attributes:
        arxiv: its identifier.
        title: its title.
        authors: names in the order of the paper.
        date: month of its first version, or None.
        categories: suggested paths of the taxonomy, the likeliest first.
        likeness: how much its title is like the list's, from 0 to 100.
        week: ISO week in which it was found first.
        state: what people have answered.
    """

    arxiv: str
    title: str
    authors: tuple[str, ...] = ()
    date: str | None = None
    categories: tuple[str, ...] = ()
    likeness: int = 0
    week: str
    state: EditState = EditState.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchecked:
    """What could not be asked.

    Attributes:
        count: papers or links that it concerns.
        reason: why, in words for people, without a full stop.
    """

    count: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingProposal:
    """A proposal that has been open for long.

    Attributes:
        number: its issue or pull request.
        label: its state label.
        since: the day on which it was opened.
    """

    number: int
    label: str
    since: date


@dataclass(frozen=True, kw_only=True)
class Audit:
    """The state of the audit, as `audit.json` keeps it.

    Attributes:
        summary: the last audit in numbers; None if there was none yet.
        links: what is known of each address.
        papers: what was found of each paper, by its id; nothing for those in order.
        boxes: what is offered, by key.
        new_papers: what the list's query found, by arXiv identifier.
        unchecked: what could not be asked, by whom or what.
        waiting: proposals that wait for long, by number.
    """

    summary: AuditSummary | None = None
    links: Mapping[str, LinkRecord] = field(default_factory=dict)
    papers: Mapping[str, tuple[AuditFinding, ...]] = field(default_factory=dict)
    boxes: Mapping[str, ProposedEdit] = field(default_factory=dict)
    new_papers: Mapping[str, NewPaper] = field(default_factory=dict)
    unchecked: Mapping[str, Unchecked] = field(default_factory=dict)
    waiting: tuple[WaitingProposal, ...] = ()


def week_of(day: date) -> str:
    """Return the ISO week of a day, as `2025-W10`."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def index_edits(boxes: Iterable[ProposedEdit]) -> dict[str, ProposedEdit]:
    """Return boxes by their key."""
    return {box.key: box for box in boxes}


_VERSION = 1
"""Version of the form; a file of another version is not read."""


def render_audit_file(audit: Audit) -> str:
    """Return the text of `audit.json`, keys sorted, with a final newline."""
    document = to_json(replace(audit, papers={p: said for p, said in audit.papers.items() if said}))
    waiting = {str(one.pop("number")): one for one in document.get("waiting", ())}
    maps = {
        name: document.get(name, {})
        for name in ("boxes", "links", "new_papers", "papers", "unchecked")
    }
    parts = [f"{_json(name)}: {_render_map(values)}" for name, values in maps.items()]
    parts += [f'"version": {_VERSION}', f'"waiting": {_render_map(waiting)}']
    if audit.summary is not None:
        parts.append(f'"summary": {_json(to_json(audit.summary, whole=True))}')
    return "{\n" + ",\n".join(sorted(parts)) + "\n}\n"


def parse_audit_file(document: Mapping[str, Any]) -> Audit:
    """Read the parsed JSON of `audit.json`, which fits its schema.

    Raises:
        ValueError: it is not what `render_audit_file` writes.
    """
    values = dict(document)
    if (version := values.pop("version", None)) != _VERSION:
        raise ValueError(f"its version is {version!r}, but this kdbot reads {_VERSION}")
    waiting = sorted((int(number), one) for number, one in values.pop("waiting", {}).items())
    values["waiting"] = [{"number": number, **one} for number, one in waiting]
    return from_json(Audit, values)


def parse_audit_summary(document: Mapping[str, Any]) -> AuditSummary | None:
    """Read only the numbers of the last audit.

    Raises:
        ValueError: they are not what `render_audit_file` writes.
    """
    summary = document.get("summary")
    return None if summary is None else from_json(AuditSummary, summary, whole=True)


def _render_map(values: Mapping[str, Any]) -> str:
    keys = sorted(values, key=lambda key: (len(key) if key.isdecimal() else 0, key))
    lines = (f"{_json(key)}: {_json(values[key])}" for key in keys)
    return "{\n" + ",\n".join(lines) + "\n}" if values else "{}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


_NAMES = frozenset(field.name for field in fields(Paper)) - {"id", "extra"}
_FLAGS = frozenset({"withdrawn"})
FLAG_SET = "true"
"""How an edit writes a field that is true or false."""


def apply_proposed_edit(box: ProposedEdit, papers: Mapping[str, Paper]) -> dict[str, Paper]:
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


def still_applies(box: ProposedEdit, papers: Mapping[str, Paper]) -> bool:
    """Tell whether the box has anything to do, or to ask, in the list as it is."""
    if box.kind is EditKind.DISTINCT:
        return all(paper in papers for paper in box.papers)
    return bool(apply_proposed_edit(box, papers))


def is_applied(box: ProposedEdit, papers: Mapping[str, Paper]) -> bool:
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
    value: Any = getattr(paper, edit.field)
    after: Any = edit.after if value == edit.before else value
    if isinstance(value, tuple):
        after = _edited_items(value, edit)
    elif edit.field in _FLAGS:
        after = edit.after == FLAG_SET
    return None if after == value else replace(paper, **{edit.field: after})


def _edited_items(items: tuple[str, ...], edit: Edit) -> tuple[str, ...]:
    if edit.before is None:
        return items if edit.after in items else (*items, str(edit.after))
    if edit.before not in items:
        return items
    instead: Iterable[str] = () if edit.after is None or edit.after in items else (edit.after,)
    place = items.index(edit.before)
    return (*items[:place], *instead, *items[place + 1 :])
