"""The one issue of papers that the list may want."""

from collections.abc import Sequence

from kdbot.model.audit import BoxState, NewPaper
from kdbot.model.identifiers import Identifier, IdentifierKind, landing_url
from kdbot.model.taxonomy import Taxonomy
from kdbot.publish.audit import offered_boxes, render_box, ticked_boxes
from kdbot.publish.comment.sections import Section, render_sections
from kdbot.publish.markdown import escape_text, link

NEW_PAPERS_MARKER = "<!-- kdbot:new-papers -->"
NEW_PAPERS_TITLE = "New papers that may belong here"

_MOST_AUTHORS = 3
_LONGEST_TITLE = 300
_FOOT = (
    "<sub>I rewrite this issue each week and after each tick. To say no to all that is left, close "
    "it: I will not offer these papers again. Ticks count from people with write permission; "
    "other edits of this text change nothing.</sub>"
)


def paper_key(paper: NewPaper) -> str:
    """Return the key of the box that adds a paper."""
    return f"new:{paper.arxiv}"


def _category_key(paper: NewPaper, index: int) -> str:
    """Return the key of the box that chooses one of the suggested categories."""
    return f"new:{paper.arxiv}:{index}"


def chosen_categories(paper: NewPaper, body: str) -> tuple[str, ...]:
    """Return the categories that stand ticked in the issue's text."""
    ticked = ticked_boxes(body)
    return tuple(
        path for index, path in enumerate(paper.categories) if _category_key(paper, index) in ticked
    )


def render_new_papers_issue(
    papers: Sequence[NewPaper],
    taxonomy: Taxonomy,
    body: str,
    refused: frozenset[str] = frozenset(),
) -> str:
    """Return the text of the issue, its marker on the first line.

    Args:
        papers: what is offered, in the order to be shown.
        taxonomy: titles of the categories.
        body: the text as it stands, for the ticks in it; empty where there is none.
        refused: keys of papers whose ticks are taken off.
    """
    added = [paper for paper in papers if paper.state is BoxState.DONE]
    head = (
        f"{NEW_PAPERS_MARKER}\n**Do these papers belong here?** — I found them on arXiv by the "
        "query of the list and do not have them yet; those with titles most like the list's come "
        "first. Choose the categories, then tick the paper: it is reviewed and added at once."
    )
    if not is_waiting(papers):
        head = f"{NEW_PAPERS_MARKER}\n**Nothing new is waiting** ✅"
    weeks: dict[str, list[str]] = {}
    for paper in papers:
        if paper.state is BoxState.OPEN:
            weeks.setdefault(paper.week, []).append(_render(paper, taxonomy, body, refused))
    sections = [
        *(Section(heading=f"Week {week}", items=items) for week, items in weeks.items()),
        Section(heading="Added", items=[f"- ✅ {_title(paper)}" for paper in added]),
    ]
    return render_sections(head, sections, _FOOT)


def _render(paper: NewPaper, taxonomy: Taxonomy, body: str, refused: frozenset[str]) -> str:
    """Return a paper's box with those of its categories, of which the first is the likeliest."""
    offered, ticked = offered_boxes(body), ticked_boxes(body)
    key = paper_key(paper)
    lines = [render_box(key, f"{_title(paper)}{_facts(paper)}", ticked=key in ticked - refused)]
    for index, path in enumerate(paper.categories):
        own = _category_key(paper, index)
        is_ticked = own in ticked if own in offered else index == 0
        name = " › ".join(map(escape_text, _titles(path, taxonomy)))
        lines.append(render_box(own, name, ticked=is_ticked, depth=1))
    return "\n".join(lines)


def _title(paper: NewPaper) -> str:
    page = landing_url(Identifier(kind=IdentifierKind.ARXIV, canonical=paper.arxiv))
    title = paper.title
    clipped = title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1]}…"
    return link(clipped, page)


def _facts(paper: NewPaper) -> str:
    names = [*paper.authors[:_MOST_AUTHORS]]
    if len(paper.authors) > _MOST_AUTHORS:
        names.append("others")
    known = [escape_text(", ".join(names)[:_LONGEST_TITLE]), escape_text(paper.date or "")]
    text = "; ".join(part for part in known if part)
    return f" ({text})" if text else ""


def _titles(path: str, taxonomy: Taxonomy) -> Sequence[str]:
    return taxonomy.titles(path) if path in taxonomy.by_path else (path,)


def is_waiting(papers: Sequence[NewPaper]) -> bool:
    """Tell whether any paper waits for an answer."""
    return any(paper.state is BoxState.OPEN for paper in papers)
