"""The weekly audit in words: the README's line, the audit's issue, and its check boxes."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kdbot.model.audit import Audit, AuditSummary, Edit, EditKind, EditState, ProposedEdit
from kdbot.model.finding import name_some
from kdbot.model.paper import Paper, path_of
from kdbot.publish.comment.notes import (
    COMMENT_LIMIT,
    Section,
    list_items,
    render_note,
    render_sections,
)
from kdbot.publish.comment.phrases import clip, message_text, title_link
from kdbot.publish.comment.words import BUILT_IN, Markdown, Words, paragraph
from kdbot.publish.markdown import escape_code


def render_audit(audit: AuditSummary | None) -> str:
    """Return the line, or nothing where no audit has run yet."""
    if audit is None:
        return ""
    found = [
        text
        for count, text in (
            (audit.dead, f"{audit.dead:,} gone"),
            (audit.moved, f"{audit.moved:,} moved"),
            (audit.upgraded, f"{_count(audit.upgraded, 'preprint')} published since"),
        )
        if count
    ]
    outcome = ", ".join(found) or "no problems found"
    return (
        f"Last audit, week {audit.week}: {_count(audit.papers, 'paper')} and "
        f"{_count(audit.links, 'link')} checked; {outcome}."
    )


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


ALL = "all"
"""Key of the box that applies everything that is ticked."""

_BOX_LINE = re.compile(
    r"[ \t]*[-*+] \[(?P<tick>[ xX])\] <!-- kdbot:box (?P<key>[0-9a-z.:]{1,40}) -->", re.ASCII
)


def render_proposed_edit(key: str, text: str, *, ticked: bool, depth: int = 0) -> str:
    """Return the line of a box; the text is Markdown that is safe already."""
    return f"{'  ' * depth}- [{'x' if ticked else ' '}] <!-- kdbot:box {key} --> {text}"


def offered_boxes(body: str) -> frozenset[str]:
    """Return the keys of all boxes in an issue's text."""
    return frozenset(key for key, _ in _box_lines(body))


def ticked_boxes(body: str) -> frozenset[str]:
    """Return the keys of the ticked boxes in an issue's text."""
    return frozenset(key for key, ticked in _box_lines(body) if ticked)


def kept_ticks(body: str, boxes: Iterable[ProposedEdit]) -> frozenset[str]:
    """Return which boxes to show with a tick: as a person left them, else as they are offered."""
    offered, ticked = offered_boxes(body), ticked_boxes(body)
    return (ticked & {ALL}) | frozenset(
        box.key for box in boxes if (box.key in ticked if box.key in offered else box.ticked)
    )


def chosen_boxes(boxes: Mapping[str, ProposedEdit], body: str) -> tuple[ProposedEdit, ...]:
    """Return the open boxes that a person has ticked, or all that are ticked where they say so.

    A box that was offered with a tick is no choice by itself.
    """
    ticked = ticked_boxes(body)
    return tuple(
        box
        for key, box in sorted(boxes.items(), key=lambda item: (item[1].kind, item[0]))
        if key in ticked and box.state is EditState.OPEN and (ALL in ticked or not box.ticked)
    )


def _box_lines(body: str) -> list[tuple[str, bool]]:
    lines = body.replace("\r", "\n").split("\n")
    found = (_BOX_LINE.match(line) for line in lines)
    return [(match["key"], match["tick"] != " ") for match in found if match]


_UPGRADES_MARKER = "<!-- kdbot:venues"

_WORDS = "audit.md.j2"
_FOLDED = frozenset({EditKind.LINK})
_MAX_ADDRESS = 300
_MAX_PAPERS = 3
_ROOM = COMMENT_LIMIT // 2
_MAX_KEYS = 1_500
"""Boxes that the first line of a pull request names: half of its room."""


def render_upgrades(
    boxes: Sequence[ProposedEdit], papers: Mapping[str, Paper], *, words: Words = BUILT_IN
) -> str:
    """Return the text of the pull request with the venues; its first line names the boxes."""
    marker = f"{_UPGRADES_MARKER} {' '.join(box.key for box in boxes[:_MAX_KEYS])} -->"
    head = paragraph(words.say(_WORDS, "upgrades_head"))
    items = [f"- {_box_text(box, papers, words)}" for box in boxes]
    section = Section(heading="Venues", items=items)
    return render_sections(f"{marker}\n{head}", [section], str(words.say(_WORDS, "upgrades_foot")))


def upgrades_in(body: str) -> frozenset[str]:
    """Return the keys of the boxes that a pull request of venues was made of."""
    first = body.replace("\r", "\n").partition("\n")[0].strip()
    if not first.startswith(f"{_UPGRADES_MARKER} ") or not first.endswith(" -->"):
        return frozenset()
    return frozenset(first.removeprefix(_UPGRADES_MARKER).removesuffix("-->").split())


def render_refusals(refused: Mapping[str, str], *, words: Words = BUILT_IN) -> str:
    """Return the note that says why ticked boxes could not be applied.

    Args:
        refused: sentences, values of others between backticks, by the key of the box.
        words: the list's templates.
    """
    reasons = list_items([f"- {message_text(reason)}" for reason in refused.values()], _ROOM)
    text = f"{paragraph(words.say(_WORDS, 'refused'))}\n\n{reasons}"
    return render_note("refused", text, " ".join(sorted(refused)))


def render_ticks_wait(pull_request: str, *, words: Words = BUILT_IN) -> str:
    """Return the note that what was ticked waits in a pull request, whose page is given."""
    text = paragraph(words.say(_WORDS, "ticks_wait", pull_request))
    return render_note("ticks-wait", text, pull_request)


AUDIT_MARKER = "<!-- kdbot:audit -->"
AUDIT_TITLE = "Weekly audit"


def needs_issue(audit: Audit, papers: Mapping[str, Paper]) -> bool:
    """Tell whether the audit has anything for a person to do."""
    is_open = any(_box_is_open(box, papers) for box in audit.boxes.values())
    return is_open or bool(audit.papers) or bool(audit.waiting)


def render_audit_issue(
    audit: Audit,
    papers: Mapping[str, Paper],
    ticked: frozenset[str],
    pull_request: str | None = None,
    *,
    words: Words = BUILT_IN,
) -> str:
    """Return the text of the issue, its marker on the first line.

    Args:
        audit: all that it says.
        papers: the list's records.
        ticked: keys of the boxes to show with a tick.
        pull_request: page of the pull request with the venues, or None.
        words: the list's templates.
    """
    is_open = needs_issue(audit, papers)
    line = Markdown(render_audit(audit.summary))
    head = f"{AUDIT_MARKER}\n{words.say(_WORDS, 'audit_head', line, is_open)}"
    if any(_box_is_open(box, papers) and box.ticked for box in audit.boxes.values()):
        everything = words.say(_WORDS, "everything")
        head += f"\n\n{render_proposed_edit(ALL, everything, ticked=ALL in ticked)}"
    found = _AuditIssue(audit=audit, papers=papers, ticked=ticked, words=words)
    left = [*found.boxes(), found.upgrades(pull_request), found.remarks(), found.waiting()]
    sections = [*(left if is_open else ()), found.done(), found.unchecked()]
    return render_sections(head, sections, str(words.say(_WORDS, "audit_foot")))


@dataclass(frozen=True, slots=True, kw_only=True)
class _AuditIssue:
    """The sections of the audit's issue.

    Attributes:
        audit: for the boxes and what is known of their links.
        papers: the list's records.
        ticked: keys of the boxes to show with a tick.
        words: the list's templates.
    """

    audit: Audit
    papers: Mapping[str, Paper]
    ticked: frozenset[str]
    words: Words

    def boxes(self) -> Iterator[Section]:
        """Yield the sections of the open boxes, in the order of their kinds."""
        by_heading: dict[str, list[EditKind]] = {}
        for kind in EditKind:
            by_heading.setdefault(self._say("heading", kind), []).append(kind)
        for heading, kinds in by_heading.items():
            boxes = [box for box in self._open() if box.kind in kinds and not box.is_upgrade]
            items = [self._box(box) for box in boxes] if len(kinds) == 1 else [*self._links(boxes)]
            note, folded = self._say("note", kinds[0]), kinds[0] in _FOLDED
            yield Section(heading=heading, items=items, note=note, folded=folded)

    def upgrades(self, pull_request: str | None) -> Section:
        """Return the venues that two sources name, which no box is needed for."""
        return Section(
            heading=self._say("upgrades_heading"),
            items=[f"- {self._text(box)}" for box in self._open() if box.is_upgrade],
            note=paragraph(self._say("upgrades_note", pull_request)),
            folded=True,
        )

    def remarks(self) -> Section:
        """Return what only a person can settle, by paper."""
        items = [
            self._say(
                "finding_item",
                _names_of((paper,), self.papers),
                path_of(paper),
                message_text(remark.message),
            )
            for paper, remarks in sorted(self.audit.papers.items())
            if paper in self.papers
            for remark in remarks
        ]
        return Section(heading=self._say("findings_heading"), items=items)

    def waiting(self) -> Section:
        """Return the proposals that wait, the oldest first, and how long they had at the audit."""
        summary = self.audit.summary
        year, week = map(int, summary.week.split("-W")) if summary else (1, 1)
        monday = date.fromisocalendar(year, week, 1)
        items = [
            self._say("waiting_item", one, max(1, (monday - one.since).days // 7))
            for one in sorted(self.audit.waiting, key=lambda one: (one.since, one.number))
        ]
        return Section(heading=self._say("waiting_heading"), items=items)

    def done(self) -> Section:
        """Return what was ticked since the audit."""
        boxes = (box for _, box in sorted(self.audit.boxes.items()))
        items = [f"- ✅ {self._text(box)}" for box in boxes if box.state is EditState.DONE]
        return Section(heading=self._say("done_heading"), items=items)

    def unchecked(self) -> Section:
        """Return what could not be asked."""
        items = [self._say("unchecked_item", *one) for one in sorted(self.audit.unchecked.items())]
        note = self._say("unchecked_note")
        return Section(heading=self._say("unchecked_heading"), items=items, note=note)

    def _links(self, boxes: Iterable[ProposedEdit]) -> Iterator[str]:
        """Yield a block for each dead link: what it is, with the boxes of what can be done."""
        by_link: dict[str, list[ProposedEdit]] = {}
        for box in boxes:
            by_link.setdefault(box.edits[0].before or "", []).append(box)
        for url, choices in sorted(by_link.items()):
            names = _names_of(choices[0].papers, self.papers)
            head = self._say("gone", names, _address(url), self.audit.links.get(url))
            ordered = sorted(choices, key=lambda box: box.kind)
            yield "\n".join([head, *(self._box(box, depth=1) for box in ordered)])

    def _open(self) -> list[ProposedEdit]:
        boxes = (box for _, box in sorted(self.audit.boxes.items()))
        return [box for box in boxes if _box_is_open(box, self.papers)]

    def _box(self, box: ProposedEdit, depth: int = 0) -> str:
        ticked = box.key in self.ticked
        return render_proposed_edit(box.key, self._text(box), ticked=ticked, depth=depth)

    def _text(self, box: ProposedEdit) -> str:
        return _box_text(box, self.papers, self.words)

    def _say(self, macro: str, *values: object) -> Markdown:
        return self.words.say(_WORDS, macro, *values)


def _box_is_open(box: ProposedEdit, papers: Mapping[str, Paper]) -> bool:
    """Tell whether the box waits for an answer about papers that are there."""
    return box.state is EditState.OPEN and all(paper in papers for paper in box.papers)


def _box_text(box: ProposedEdit, papers: Mapping[str, Paper], words: Words) -> str:
    """Return what a box does, in words."""
    edit = box.edits[0] if box.edits else Edit(paper="", field="")
    before, after = _address(edit.before), _address(edit.after)
    if box.kind is EditKind.WITHDRAWN:
        fields = (_address(f"{one.field}: {one.after or 'none'}") for one in box.edits)
        after = Markdown(", ".join(fields))
    where = _names_of(box.papers, papers)
    return words.say(_WORDS, "offer", box.kind, where, edit, before, after, list(box.sources))


def _names_of(ids: Sequence[str], papers: Mapping[str, Paper]) -> Markdown:
    """Return the titles of some papers, the first ones where there are many."""
    names = [title_link(papers[paper]) for paper in ids if paper in papers]
    return Markdown(name_some(names, _MAX_PAPERS, " and "))


def _address(text: str | None) -> Markdown:
    """Return an address or a value as code, cut where it is very long."""
    return Markdown(escape_code(clip(text or "", _MAX_ADDRESS)))
