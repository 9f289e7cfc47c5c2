"""The weekly audit in words: the README's line, the audit's issue, and its check boxes."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial

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
from kdbot.publish.comment.phrases import message_text, title_link
from kdbot.publish.comment.words import BUILT_IN, Words
from kdbot.publish.markdown import Markdown, clip, count, escape_code, paragraph


def render_audit(audit: AuditSummary | None) -> str:
    """Return the line, or nothing where no audit has run yet."""
    if audit is None:
        return ""
    counts = (
        (audit.dead, f"{audit.dead:,} gone"),
        (audit.moved, f"{audit.moved:,} moved"),
        (audit.upgraded, f"{count(audit.upgraded, 'preprint')} published since"),
    )
    outcome = ", ".join(text for number, text in counts if number) or "no problems found"
    return (
        f"Last audit, week {audit.week}: {count(audit.papers, 'paper')} and "
        f"{count(audit.links, 'link')} checked; {outcome}."
    )


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
    return frozenset(match["key"] for match in _box_lines(body))


def ticked_boxes(body: str) -> frozenset[str]:
    """Return the keys of the ticked boxes in an issue's text."""
    return frozenset(match["key"] for match in _box_lines(body) if match["tick"] != " ")


def _box_lines(body: str) -> Iterator[re.Match[str]]:
    return filter(None, map(_BOX_LINE.match, body.replace("\r", "\n").split("\n")))


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


_UPGRADES_MARKER = "<!-- kdbot:venues"

AUDIT_WORDS = "audit.md.j2"
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
    head = paragraph(words.say(AUDIT_WORDS, "upgrades_head"))
    items = [f"- {_box_text(box, papers, words)}" for box in boxes]
    section = Section(heading="Venues", items=items)
    return render_sections(
        f"{marker}\n{head}", [section], str(words.say(AUDIT_WORDS, "upgrades_foot"))
    )


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
    text = f"{paragraph(words.say(AUDIT_WORDS, 'refused'))}\n\n{reasons}"
    return render_note("refused", text, " ".join(sorted(refused)))


def render_ticks_wait(pull_request: str, *, words: Words = BUILT_IN) -> str:
    """Return the note that what was ticked waits in a pull request, whose page is given."""
    text = paragraph(words.say(AUDIT_WORDS, "ticks_wait", pull_request))
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
    head = f"{AUDIT_MARKER}\n{words.say(AUDIT_WORDS, 'audit_head', line, is_open)}"
    if any(_box_is_open(box, papers) and box.ticked for box in audit.boxes.values()):
        everything = words.say(AUDIT_WORDS, "everything")
        head += f"\n\n{render_proposed_edit(ALL, everything, ticked=ALL in ticked)}"
    sections = [
        *(_open_sections(audit, papers, ticked, pull_request, words) if is_open else ()),
        *_settled_sections(audit, papers, words),
    ]
    return render_sections(head, sections, str(words.say(AUDIT_WORDS, "audit_foot")))


def _open_sections(
    audit: Audit,
    papers: Mapping[str, Paper],
    ticked: frozenset[str],
    pull_request: str | None,
    words: Words,
) -> Iterator[Section]:
    """Yield what is left to do: boxes by kind, venues, findings, the proposals that wait."""
    say = partial(words.say, AUDIT_WORDS)
    found = [box for _, box in sorted(audit.boxes.items()) if _box_is_open(box, papers)]

    def line(box: ProposedEdit, depth: int = 0) -> str:
        text = _box_text(box, papers, words)
        return render_proposed_edit(box.key, text, ticked=box.key in ticked, depth=depth)

    by_heading: dict[str, list[EditKind]] = {}
    for kind in EditKind:
        by_heading.setdefault(say("heading", kind), []).append(kind)
    for heading, kinds in by_heading.items():
        boxes = [box for box in found if box.kind in kinds and not box.is_upgrade]
        items = [*map(line, boxes)]
        if len(kinds) > 1:
            # A block for each dead link: what it is, with the boxes of what can be done.
            by_link: dict[str, list[ProposedEdit]] = {}
            for box in boxes:
                by_link.setdefault(box.edits[0].before or "", []).append(box)
            items = []
            for url, choices in sorted(by_link.items()):
                names = _names_of(choices[0].papers, papers)
                head = say("gone", names, _address(url), audit.links.get(url))
                ordered = sorted(choices, key=lambda box: box.kind)
                items.append("\n".join([head, *(line(box, depth=1) for box in ordered)]))
        folded = kinds[0] is EditKind.LINK
        yield Section(heading=heading, items=items, note=say("note", kinds[0]), folded=folded)
    # The venues that two sources name, which no box is needed for.
    yield Section(
        heading=say("upgrades_heading"),
        items=[f"- {_box_text(box, papers, words)}" for box in found if box.is_upgrade],
        note=paragraph(say("upgrades_note", pull_request)),
        folded=True,
    )
    # What only a person can settle, by paper.
    items = [
        say("finding_item", _names_of((paper,), papers), path_of(paper), message_text(one.message))
        for paper, findings in sorted(audit.papers.items())
        if paper in papers
        for one in findings
    ]
    yield Section(heading=say("findings_heading"), items=items)
    # The proposals that wait, the oldest first, and how long they had at the audit.
    year, week = map(int, audit.summary.week.split("-W")) if audit.summary else (1, 1)
    monday = date.fromisocalendar(year, week, 1)
    items = [
        say("waiting_item", one, max(1, (monday - one.since).days // 7))
        for one in sorted(audit.waiting, key=lambda one: (one.since, one.number))
    ]
    yield Section(heading=say("waiting_heading"), items=items)


def _settled_sections(audit: Audit, papers: Mapping[str, Paper], words: Words) -> Iterator[Section]:
    """Yield what was ticked since the audit, and what could not be asked."""
    say = partial(words.say, AUDIT_WORDS)
    done = (box for _, box in sorted(audit.boxes.items()) if box.state is EditState.DONE)
    items = [f"- ✅ {_box_text(box, papers, words)}" for box in done]
    yield Section(heading=say("done_heading"), items=items)
    items = [say("unchecked_item", *one) for one in sorted(audit.unchecked.items())]
    yield Section(heading=say("unchecked_heading"), items=items, note=say("unchecked_note"))


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
    return words.say(AUDIT_WORDS, "offer", box.kind, where, edit, before, after, list(box.sources))


def _names_of(ids: Sequence[str], papers: Mapping[str, Paper]) -> Markdown:
    """Return the titles of some papers, the first ones where there are many."""
    names = [title_link(papers[paper]) for paper in ids if paper in papers]
    return Markdown(name_some(names, _MAX_PAPERS, " and "))


def _address(text: str | None) -> Markdown:
    """Return an address or a value as code, cut where it is very long."""
    return Markdown(escape_code(clip(text or "", _MAX_ADDRESS)))
