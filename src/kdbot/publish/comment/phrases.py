"""How a comment names a paper, and how much of a text of others it shows."""

from kdbot.model.paper import Paper
from kdbot.publish.comment.context import comment_link
from kdbot.publish.markdown import Markdown, clip, escape_code, escape_message, escape_text
from kdbot.publish.readme.tables import paper_address

_ADDRESS_LIMIT = 1_000
_MESSAGE_LIMIT = 3_000
"""Characters of a message or fix that are shown, before escaping."""


def title_text(paper: Paper, name: str | None = None) -> Markdown:
    """Return the paper's title in italics, or what else names it, called what it is.

    Args:
        paper: the paper.
        name: what a text calls it, for a paper without a title.
    """
    title = escape_text(clip(paper.title))
    if title:
        return Markdown(f"*{title}*")
    found = ((kind, getattr(paper, name)) for name, kind in _NAMED_BY.items())
    known = next((f"{kind} {escape_code(clip(value))}" for kind, value in found if value), None)
    if name:
        called = f"“{escape_text(clip(name))}”"
        return Markdown(f"{called} ({known})" if known else called)
    return Markdown(known or "a paper without a title")


_NAMED_BY = {
    "arxiv": "arXiv",
    "doi": "DOI",
    "acl": "ACL Anthology",
    "openreview": "OpenReview",
    "url": "the page",
}


def title_link(paper: Paper, name: str | None = None) -> Markdown:
    """Return the paper's title as a link to it, where it leads to a host that may be linked."""
    address = paper_address(paper) or ""
    title = clip(paper.title)
    can_be_linked = 0 < len(address) <= _ADDRESS_LIMIT and escape_text(title)
    return Markdown(comment_link(title, address)) if can_be_linked else title_text(paper, name)


def message_text(text: str) -> Markdown:
    """Return a finding's words as Markdown, of which the first `_MESSAGE_LIMIT` are shown."""
    shown = text.strip()
    if len(shown) > _MESSAGE_LIMIT:
        shown = shown[: _MESSAGE_LIMIT - 1]
        shown += "`…" if shown.count("`") % 2 else "…"
    return Markdown(escape_message(shown))


def sentence(text: str) -> Markdown:
    """Return a finding's words as Markdown, with a full stop where none ends them."""
    stripped = text.strip()
    ends = len(stripped) > _MESSAGE_LIMIT or stripped.endswith((".", "!", "?", ":", "…"))
    return message_text(stripped if ends or not stripped else f"{stripped}.")
