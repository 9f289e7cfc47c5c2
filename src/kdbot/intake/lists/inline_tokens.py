"""Tokens of Markdown and of HTML as the same steps, named as HTML names its tags."""

import html
import re
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from markdown_it.token import Token

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s[^<>]*)?)/?>")
_ATTRIBUTE = re.compile(
    r"\b(href|src|alt)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE
)

Step: TypeAlias = tuple[str, Mapping[str, str]]
"""A tag, a slash before it where it ends, and its attributes; the tag of words is empty."""


def read_steps(token: Token) -> Iterator[Step]:
    """Bring tokens of Markdown and of HTML to the same steps, named as HTML names its tags."""
    if token.type == "html_inline":
        match = _TAG.fullmatch(token.content)
        if match:
            yield match[1] + match[2].lower(), _attributes(match[3])
    elif token.type == "link_open":
        yield "a", {"href": str(token.attrs.get("href", ""))}
    elif token.type == "image":
        yield "img", {"src": str(token.attrs.get("src", "")), "alt": token.content}
    elif token.type in {"softbreak", "hardbreak"}:
        yield "br", {}
    elif token.type in {"text", "code_inline", "text_special"}:
        yield "", {"text": token.content}
    elif token.type.endswith(("_open", "_close")):
        yield ("/" if token.type.endswith("_close") else "") + token.tag, {}


def _attributes(text: str) -> dict[str, str]:
    return {
        match[1].lower(): html.unescape(match[2] or match[3] or match[4] or "").strip()
        for match in _ATTRIBUTE.finditer(text)
    }
