"""The weekly audit in words: the README's line, the audit's issue, and its check boxes."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from kdbot.publish.comment.phrases import message_text, title_link
from kdbot.publish.markdown import escape_code, escape_text


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
    outcome = ", ".join(found) or "nothing to mend"
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

_MAX_ADDRESS = 300
_MAX_PAPERS = 3
_ROOM = COMMENT_LIMIT // 2
_MAX_KEYS = 1_500
"""Boxes that the first line of a pull request names: half of its room."""


def _box_sections(
    audit: Audit, papers: Mapping[str, Paper], ticked: frozenset[str]
) -> Iterator[Section]:
    """Yield the sections of the open boxes.

    Args:
        audit: for the boxes and what is known of their links.
        papers: the list's records.
        ticked: keys of the boxes to show with a tick.
    """
    open_boxes = [
        box
        for _, box in sorted(audit.boxes.items())
        if box.state is EditState.OPEN and all(paper in papers for paper in box.papers)
    ]

    by_heading: dict[str, list[EditKind]] = {}
    for kind in EditKind:
        by_heading.setdefault(kind.offer.heading, []).append(kind)
    for heading, kinds in by_heading.items():
        boxes = [box for box in open_boxes if box.kind in kinds and not box.is_upgrade]
        items = [
            render_proposed_edit(b.key, _box_text(b, papers), ticked=b.key in ticked) for b in boxes
        ]
        if len(kinds) > 1:
            items = [*_choices(boxes, audit, papers, ticked)]
        offer = kinds[0].offer
        yield Section(heading=heading, items=items, note=offer.note, folded=offer.folded)


def _upgrade_section(
    audit: Audit, papers: Mapping[str, Paper], pull_request: str | None
) -> Section:
    """Return the venues that two sources name, which no box is needed for."""
    upgrades = [
        box
        for _, box in sorted(audit.boxes.items())
        if box.is_upgrade and _box_is_open(box, papers)
    ]
    where = f"[this pull request]({pull_request})" if pull_request else "a pull request"
    return Section(
        heading="Published since",
        items=[f"- {_box_text(box, papers)}" for box in upgrades],
        note=f"Two sources name the venue of each. Merging {where} writes them.",
        folded=True,
    )


def render_upgrades(boxes: Sequence[ProposedEdit], papers: Mapping[str, Paper]) -> str:
    """Return the text of the pull request with the venues; its first line names the boxes."""
    head = (
        f"{_UPGRADES_MARKER} {' '.join(box.key for box in boxes[:_MAX_KEYS])} -->\n"
        "Each of these papers stands in the list as a preprint, and two sources name the same "
        "venue. Close this pull request to say no to all of them; for a part, say so by a commit "
        "or by editing the records after the merge."
    )
    section = Section(heading="Venues", items=[f"- {_box_text(box, papers)}" for box in boxes])
    return render_sections(head, [section], "<sub>I update this pull request each week.</sub>")


def upgrades_in(body: str) -> frozenset[str]:
    """Return the keys of the boxes that a pull request of venues was made of."""
    first = body.replace("\r", "\n").partition("\n")[0].strip()
    if not first.startswith(f"{_UPGRADES_MARKER} ") or not first.endswith(" -->"):
        return frozenset()
    return frozenset(first.removeprefix(_UPGRADES_MARKER).removesuffix("-->").split())


def render_refusals(refused: Mapping[str, str]) -> str:
    """Return the note that says why ticked boxes could not be applied.

    Args:
        refused: sentences, values of others between backticks, by the key of the box.
    """
    reasons = list_items([f"- {message_text(reason)}" for reason in refused.values()], _ROOM)
    text = f"**Not done** — what was ticked does not fit the list as it is:\n\n{reasons}"
    return render_note("refused", text, " ".join(sorted(refused)))


def render_ticks_wait(pull_request: str) -> str:
    """Return the note that what was ticked waits in a pull request, whose page is given."""
    text = (
        "**Understood** ✅ — the branch is protected, so what was ticked waits in "
        f"[this pull request]({pull_request}). Merging it applies the ticked boxes."
    )
    return render_note("ticks-wait", text, pull_request)


def _box_is_open(box: ProposedEdit, papers: Mapping[str, Paper]) -> bool:
    """Tell whether the box waits for an answer about papers that are there."""
    return box.state is EditState.OPEN and all(paper in papers for paper in box.papers)


def _box_text(box: ProposedEdit, papers: Mapping[str, Paper]) -> str:
    """Return what a box does, in words."""
    where = _names_of(box.papers, papers)
    by = f" ({' and '.join(map(escape_text, box.sources))})" if box.sources else ""
    edit = box.edits[0] if box.edits else Edit(paper="", field="")
    old = f"{escape_text(edit.before)} → " if edit.before else ""
    return box.kind.offer.text.format(
        papers=where,
        before=_address(edit.before),
        after=_address(edit.after),
        change=f"{old}**{escape_text(edit.after or '')}**",
        field=escape_code(edit.field),
        by=by,
    )


def _names_of(ids: Sequence[str], papers: Mapping[str, Paper]) -> str:
    """Return the titles of some papers, the first ones where there are many."""
    names = [title_link(papers[paper]) for paper in ids if paper in papers]
    return name_some(names, _MAX_PAPERS, " and ")


def _address(text: str | None) -> str:
    """Return an address or a value as code, cut where it is very long."""
    value = text or ""
    clipped = value if len(value) <= _MAX_ADDRESS else f"{value[: _MAX_ADDRESS - 1]}…"
    return escape_code(clipped)


def _choices(
    boxes: Iterable[ProposedEdit], audit: Audit, papers: Mapping[str, Paper], ticked: frozenset[str]
) -> Iterator[str]:
    """Yield a block for each dead link: what it is, with the boxes of what can be done."""
    by_link: dict[str, list[ProposedEdit]] = {}
    for box in boxes:
        by_link.setdefault(box.edits[0].before or "", []).append(box)
    for url, choices in sorted(by_link.items()):
        record = audit.links.get(url)
        since = f", since {record.dead_since.isoformat()}" if record and record.dead_since else ""
        answer = "leads nowhere: its host name could not be resolved"
        if record and record.status:
            answer = f"answers {record.status}"
        lines = [f"- {_names_of(choices[0].papers, papers)}: {_address(url)} {answer}{since}"]
        for box in sorted(choices, key=lambda box: box.kind):
            text = _box_text(box, papers)
            lines.append(render_proposed_edit(box.key, text, ticked=box.key in ticked, depth=1))
        yield "\n".join(lines)


AUDIT_MARKER = "<!-- kdbot:audit -->"
AUDIT_TITLE = "Weekly audit"

_FOOT = (
    "<sub>I rewrite this issue each week and after each tick, and close it when nothing is left. "
    "To say no to all that is left, close it yourself: I will not offer it again. "
    "Ticks count from people with write permission; other edits of this text change nothing.</sub>"
)


def needs_issue(audit: Audit, papers: Mapping[str, Paper]) -> bool:
    """Tell whether the audit has anything for a person to do."""
    is_open = any(_box_is_open(box, papers) for box in audit.boxes.values())
    return is_open or bool(audit.papers) or bool(audit.waiting)


def render_audit_issue(
    audit: Audit,
    papers: Mapping[str, Paper],
    ticked: frozenset[str],
    pull_request: str | None = None,
) -> str:
    """Return the text of the issue, its marker on the first line.

    Args:
        audit: all that it says.
        papers: the list's records.
        ticked: keys of the boxes to show with a tick.
        pull_request: page of the pull request with the venues, or None.
    """
    if not needs_issue(audit, papers):
        head = f"{AUDIT_MARKER}\n**Nothing is left to do** ✅ — {render_audit(audit.summary)}"
        return render_sections(head, [_done(audit, papers), _unchecked(audit)], _FOOT)
    head = (
        f"{AUDIT_MARKER}\n**A person's word is needed** — {render_audit(audit.summary)} "
        "Ticking a box changes the list at once."
    )
    offered = [box for box in audit.boxes.values() if _box_is_open(box, papers) and box.ticked]
    if offered:
        words = "**apply everything that has a tick below**; untick first what should stay"
        head += f"\n\n{render_proposed_edit(ALL, words, ticked=ALL in ticked)}"
    sections = [
        *_box_sections(audit, papers, ticked),
        _upgrade_section(audit, papers, pull_request),
        Section(heading="For a person to settle", items=[*_remarks(audit, papers)]),
        Section(heading="Proposals that wait", items=[*_waiting(audit)]),
        _done(audit, papers),
        _unchecked(audit),
    ]
    return render_sections(head, sections, _FOOT)


def _remarks(audit: Audit, papers: Mapping[str, Paper]) -> Iterator[str]:
    for paper, remarks in sorted(audit.papers.items()):
        if paper in papers:
            for remark in remarks:
                yield (
                    f"- {_names_of((paper,), papers)} ({escape_code(path_of(paper))}): "
                    f"{message_text(remark.message)}"
                )


def _waiting(audit: Audit) -> Iterator[str]:
    """Yield the proposals that wait, the oldest first, and for how long they had at the audit."""
    year, week = map(int, audit.summary.week.split("-W")) if audit.summary else (1, 1)
    monday = date.fromisocalendar(year, week, 1)
    for one in sorted(audit.waiting, key=lambda one: (one.since, one.number)):
        weeks = max(1, (monday - one.since).days // 7)
        spent = f"{weeks} week{'' if weeks == 1 else 's'}"
        since = one.since.isoformat()
        yield f"- #{one.number}, {escape_text(one.label)}, for {spent} (since {since})"


def _done(audit: Audit, papers: Mapping[str, Paper]) -> Section:
    done = [box for _, box in sorted(audit.boxes.items()) if box.state is EditState.DONE]
    return Section(
        heading="Done since the audit", items=[f"- ✅ {_box_text(box, papers)}" for box in done]
    )


def _unchecked(audit: Audit) -> Section:
    items = [
        f"- {escape_text(name)}: {one.count:,}, {escape_text(one.reason)}"
        for name, one in sorted(audit.unchecked.items())
    ]
    return Section(
        heading="Could not be checked",
        items=items,
        note="This is nobody's fault; what was known of these stays as it was.",
    )
