"""Lists and sections of a comment or an issue, cut so that GitHub takes them."""

from collections.abc import Sequence
from dataclasses import dataclass

COMMENT_LIMIT = 60_000
"""Characters of a comment; GitHub refuses more than 65,536."""
_PER_SECTION = 160  # room for a heading, a fold and what is left out


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading with the items under it.

    Attributes:
        heading: its words.
        items: Markdown blocks, each whole by itself.
        note: a sentence above the items, or empty.
        folded: whether readers have to open it.
    """

    heading: str
    items: Sequence[str]
    note: str = ""
    folded: bool = False


def render_sections(head: str, sections: Sequence[Section], foot: str) -> str:
    """Return the text of all sections that hold something.

    Past `COMMENT_LIMIT` whole items are left out, the last ones of a section first, and the reader
    is told how many; the sections behind keep what there is room for.
    """
    shown = [section for section in sections if section.items]
    fixed = head + foot + "".join(section.heading + section.note for section in shown)
    left = COMMENT_LIMIT - comment_length(fixed) - _PER_SECTION * (len(shown) + 1)
    parts = [head]
    for section in shown:
        items = fit_items(section.items, left)
        left -= sum(comment_length(item) + 1 for item in items)
        parts.append(_render(section, items))
    return "\n\n".join([*parts, foot])


def comment_length(text: str) -> int:
    """Return the length as GitHub may count it: code points or UTF-16 units, whichever is more."""
    return max(len(text), len(text.encode("utf-16-le", "surrogatepass")) // 2)


def fit_items(items: Sequence[str], room: int) -> list[str]:
    """Return the first items that fit into so many characters, with a separator of one each."""
    kept: list[str] = []
    for item in items:
        room -= comment_length(item) + 1
        if room < 0:
            break
        kept.append(item)
    return kept


def list_items(items: Sequence[str], room: int) -> str:
    """Return items on a line each, as many as fit into `room` characters, and how many do not."""
    kept = fit_items(items, room)
    more = len(items) - len(kept)
    return "\n".join([*kept, *([f"- and {more:,} more"] if more else [])])


def _render(section: Section, items: list[str]) -> str:
    more = len(section.items) - len(items)
    blocks = [section.note, "\n".join(items), f"And {more:,} more." if more else ""]
    text = "\n\n".join(block for block in blocks if block)
    if section.folded:
        summary = f"{section.heading} ({len(section.items):,})"
        return f"<details>\n<summary>{summary}</summary>\n\n{text}\n\n</details>"
    return f"### {section.heading}\n\n{text}"
