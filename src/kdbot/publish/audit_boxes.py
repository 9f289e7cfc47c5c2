"""What the boxes of the audit's issue say."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from kdbot.model.audit import Audit, Box, BoxKind, BoxState
from kdbot.model.finding import name_some
from kdbot.model.paper import Paper
from kdbot.publish.check_boxes import render_box
from kdbot.publish.comment.findings import message_text
from kdbot.publish.comment.notes import render_note
from kdbot.publish.comment.paper import title_link
from kdbot.publish.comment.render import COMMENT_LIMIT
from kdbot.publish.comment.sections import Section, list_items, render_sections
from kdbot.publish.markdown import escape_code, escape_text

UPGRADES_MARKER = "<!-- kdbot:venues"

_LONGEST_ADDRESS = 300
_MOST_PAPERS = 3
_ROOM = COMMENT_LIMIT // 2
_MOST_KEYS = 1_500
"""Boxes that the first line of a pull request names: half of its room."""


def box_sections(
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
        if box.state is BoxState.OPEN and all(paper in papers for paper in box.papers)
    ]

    def lines(kind: BoxKind, *, upgrades: bool = False) -> list[str]:
        return [
            render_box(box.key, box_text(box, papers), ticked=box.key in ticked)
            for box in open_boxes
            if box.kind is kind and box.is_upgrade is upgrades
        ]

    yield Section(
        heading="Links that have moved",
        items=lines(BoxKind.MOVED),
        note="Their servers say that this is for good, and the site is the same.",
    )
    yield Section(
        heading="Links that lead to another site",
        items=lines(BoxKind.MOVED_AWAY),
        note="**Another site** may be in other hands: look before you tick.",
    )
    yield Section(
        heading="Links that are gone",
        items=[*_gone(open_boxes, audit, papers, ticked)],
        note="Each was gone on two audits.",
    )
    yield Section(heading="Titles that differ a little", items=lines(BoxKind.TITLE))
    yield Section(
        heading="Published since, says one source",
        items=lines(BoxKind.VENUE),
        note="What two sources say comes as a pull request.",
    )
    yield Section(heading="Withdrawn by their authors", items=lines(BoxKind.WITHDRAWN))
    yield Section(
        heading="One paper or two?",
        items=lines(BoxKind.DISTINCT),
        note="Tick what is two papers. If it is one, merge the files.",
    )
    yield Section(
        heading="Links that services tie to papers", items=lines(BoxKind.LINK), folded=True
    )


def upgrade_section(audit: Audit, papers: Mapping[str, Paper], pull_request: str | None) -> Section:
    """Return the venues that two sources name, which no box is needed for."""
    upgrades = [
        box for _, box in sorted(audit.boxes.items()) if box.is_upgrade and box_is_open(box, papers)
    ]
    where = f"[this pull request]({pull_request})" if pull_request else "a pull request"
    return Section(
        heading="Published since",
        items=[f"- {box_text(box, papers)}" for box in upgrades],
        note=f"Two sources name the venue of each. Merging {where} writes them.",
        folded=True,
    )


def render_upgrades(boxes: Sequence[Box], papers: Mapping[str, Paper]) -> str:
    """Return the text of the pull request with the venues; its first line names the boxes."""
    head = (
        f"{UPGRADES_MARKER} {' '.join(box.key for box in boxes[:_MOST_KEYS])} -->\n"
        "Each of these papers stands in the list as a preprint, and two sources name the same "
        "venue. Close this pull request to say no to all of them; for a part, say so by a commit "
        "or by editing the records after the merge."
    )
    section = Section(heading="Venues", items=[f"- {box_text(box, papers)}" for box in boxes])
    return render_sections(head, [section], "<sub>I update this pull request each week.</sub>")


def upgrades_in(body: str) -> frozenset[str]:
    """Return the keys of the boxes that a pull request of venues was made of."""
    first = body.replace("\r", "\n").partition("\n")[0].strip()
    if not first.startswith(f"{UPGRADES_MARKER} ") or not first.endswith(" -->"):
        return frozenset()
    return frozenset(first.removeprefix(UPGRADES_MARKER).removesuffix("-->").split())


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


def box_is_open(box: Box, papers: Mapping[str, Paper]) -> bool:
    """Tell whether the box waits for an answer about papers that are there."""
    return box.state is BoxState.OPEN and all(paper in papers for paper in box.papers)


def box_text(box: Box, papers: Mapping[str, Paper]) -> str:
    """Return what a box does, in words."""
    where = names_of(box.papers, papers)
    by = f" ({' and '.join(map(escape_text, box.sources))})" if box.sources else ""
    if not box.edits:
        return f"{where} are two papers"
    edit = box.edits[0]
    before, after = address(edit.before), address(edit.after)
    match box.kind:
        case BoxKind.MOVED:
            return f"{where}: {before} is now {after}"
        case BoxKind.MOVED_AWAY:
            return f"{where}: {before} leads to **another site** now: {after}"
        case BoxKind.ARCHIVED:
            return f"link to its snapshot {after}"
        case BoxKind.DROPPED:
            return "take the link out"
        case BoxKind.VENUE:
            old = f"{escape_text(edit.before)} → " if edit.before else ""
            return f"{where}: {old}**{escape_text(edit.after or '')}**{by}"
        case BoxKind.TITLE:
            return f"{where}: write {after}{by}"
        case BoxKind.WITHDRAWN:
            return f"{where}: mark as withdrawn{by}"
        case _:
            return f"{where}: add {after} as {escape_code(edit.field)}{by}"


def names_of(ids: Sequence[str], papers: Mapping[str, Paper]) -> str:
    """Return the titles of some papers, the first ones where there are many."""
    names = [title_link(papers[paper]) for paper in ids if paper in papers]
    return name_some(names, _MOST_PAPERS, " and ")


def address(text: str | None) -> str:
    """Return an address or a value as code, cut where it is very long."""
    value = text or ""
    clipped = value if len(value) <= _LONGEST_ADDRESS else f"{value[: _LONGEST_ADDRESS - 1]}…"
    return escape_code(clipped)


def _gone(
    boxes: Iterable[Box], audit: Audit, papers: Mapping[str, Paper], ticked: frozenset[str]
) -> Iterator[str]:
    """Yield a block for each dead link: what it is, with the boxes of what can be done."""
    by_link: dict[str, list[Box]] = {}
    for box in boxes:
        if box.kind in {BoxKind.ARCHIVED, BoxKind.DROPPED}:
            by_link.setdefault(box.edits[0].before or "", []).append(box)
    for url, choices in sorted(by_link.items()):
        record = audit.links.get(url)
        since = f", since {record.dead_since.isoformat()}" if record and record.dead_since else ""
        answer = "leads nowhere: its host name could not be resolved"
        if record and record.status:
            answer = f"answers {record.status}"
        lines = [f"- {names_of(choices[0].papers, papers)}: {address(url)} {answer}{since}"]
        for box in sorted(choices, key=lambda box: box.kind):
            text = box_text(box, papers)
            lines.append(render_box(box.key, text, ticked=box.key in ticked, depth=1))
        yield "\n".join(lines)
