"""An issue of sections, cut so that GitHub takes it."""

from collections.abc import Sequence
from dataclasses import dataclass

from kdbot.publish.comment import COMMENT_LIMIT, comment_length

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
        items: list[str] = []
        for item in section.items:
            cost = comment_length(item) + 1
            if cost > left:
                break
            left -= cost
            items.append(item)
        parts.append(_render(section, items))
    return "\n\n".join([*parts, foot])


def _render(section: Section, items: list[str]) -> str:
    more = len(section.items) - len(items)
    blocks = [section.note, "\n".join(items), f"And {more:,} more." if more else ""]
    text = "\n\n".join(block for block in blocks if block)
    if section.folded:
        summary = f"{section.heading} ({len(section.items):,})"
        return f"<details>\n<summary>{summary}</summary>\n\n{text}\n\n</details>"
    return f"### {section.heading}\n\n{text}"
