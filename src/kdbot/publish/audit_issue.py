"""The one issue of the weekly audit."""

from collections.abc import Iterator, Mapping

from kdbot.model.audit import Audit, BoxState
from kdbot.model.paper import Paper
from kdbot.publish.audit import render_audit
from kdbot.publish.audit_boxes import box_is_open, box_sections, box_text, names_of, upgrade_section
from kdbot.publish.check_boxes import ALL, render_box
from kdbot.publish.comment.findings import message_text
from kdbot.publish.comment.sections import Section, render_sections
from kdbot.publish.markdown import escape_code, escape_text

AUDIT_MARKER = "<!-- kdbot:audit -->"
AUDIT_TITLE = "Weekly audit"

_FOOT = (
    "<sub>I rewrite this issue each week and after each tick, and close it when nothing is left. "
    "To say no to all that is left, close it yourself: I will not offer it again. "
    "Ticks count from people with write permission; other edits of this text change nothing.</sub>"
)


def needs_issue(audit: Audit, papers: Mapping[str, Paper]) -> bool:
    """Tell whether the audit has anything for a person to do."""
    is_open = any(box_is_open(box, papers) for box in audit.boxes.values())
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
    offered = [box for box in audit.boxes.values() if box_is_open(box, papers) and box.ticked]
    if offered:
        words = "**apply everything that has a tick below**; untick first what should stay"
        head += f"\n\n{render_box(ALL, words, ticked=ALL in ticked)}"
    sections = [
        *box_sections(audit, papers, ticked),
        upgrade_section(audit, papers, pull_request),
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
                    f"- {names_of((paper,), papers)} ({escape_code(f'papers/{paper}.yaml')}): "
                    f"{message_text(remark.message)}"
                )


def _waiting(audit: Audit) -> Iterator[str]:
    for one in audit.waiting:
        yield f"- #{one.number}, {escape_text(one.label)}, since {one.since.isoformat()}"


def _done(audit: Audit, papers: Mapping[str, Paper]) -> Section:
    done = [box for _, box in sorted(audit.boxes.items()) if box.state is BoxState.DONE]
    return Section(
        heading="Done since the audit", items=[f"- ✅ {box_text(box, papers)}" for box in done]
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
