"""Inline Markdown and fragments of HTML as runs: words, links, images and line breaks.

HTML that GitHub renders (`<a>`, `<img>`, `<br>`, `<ins>`, `<b>`, …) is read like the same Markdown.
A line of a list is read more leniently than the words of a proposal: common mistakes are fixed
first, and bare addresses become links.
"""

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from typing import Any, TypeAlias

from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference
from markdown_it.token import Token

from kdbot.intake.markdown.lines import Run
from kdbot.model.urls import destination
from kdbot.text.addresses import trim_address

_MAX_CHARACTERS = 8_000
"""Longest line of a list that is read; the rest of a longer one is left out."""

_MAX_RUNS = 600
"""Most runs that a line of a list is cut into."""

_MAX_NESTING = 12
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s[^<]*)?)/?>")
_ATTRIBUTE = re.compile(
    r"\b(href|src|alt)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE
)
_ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,31}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_STRAY_BRACKET = re.compile(r"^\((?=https?://)")
_HIDDEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE
)
# A tag, one that is never closed, or words; a quoted attribute may contain the end of a tag.
_HTML = re.compile(
    r"(?P<tag><(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+'|[\"'])*+>)|<[a-zA-Z/!?][^<>]*|[^<]+|<"
)
_STYLES = {
    **dict.fromkeys(("strong", "b"), "strong"),
    **dict.fromkeys(("em", "i", "sub", "small"), "emphasis"),
    **dict.fromkeys(("ins", "u"), "inserted"),
}
_BREAKS = frozenset(
    {
        *("br", "p", "div", "li", "ul", "ol", "tr", "table", "hr"),
        *("h1", "h2", "h3", "h4", "summary", "details"),
    }
)
_CELLS = frozenset({"td", "th"})

_WRITTEN_OUT = re.compile(
    r"https?://(?:[^\s<>|\[\]{}\"'`,]|,(?!https?://)){4,2000}"
    r"|(?<![\w/-])(?:arxiv\s+preprint\s+)?arxiv[:\s]\s{0,2}(?P<id>[0-9]{4}\.[0-9]{4,5})(?:v[0-9]{1,2})?"
    r"(?![\w.]*\w)(?:\s*\[[a-z.-]{2,12}\])?",
    re.IGNORECASE,
)
_COMMENT = re.compile(r" {0,3}\[(?://|comment)\]:\s*(?:#|<>)")
_DEFINITION = re.compile(r" {0,3}\[([^\[\]^]{1,100})\]:\s*<?(https?://[^\s<>]+)>?")

_BOLD_LINK = re.compile(r"\[(\*{2,3}|__)(?![*_\s])([^\[\]]{1,400}?)(?<![\s\\])\1\](?=\()")
_SPACE_IN_ADDRESS = re.compile(r"\]\((?=\s*https?://)([^()<>\"]{1,2000})\)")
_STRAY_SPACE = re.compile(r"\]\((?:[^\S\n]+https?://[^()\s]+[^\S\n]*|https?://[^()\s]+[^\S\n]+)\)")
_STRAY_BETWEEN = re.compile(r"\](?:\.|[^\S\n]{1,3})\((?=\s?https?://)")
_GLUED_TAG = re.compile(r"^([\W_]{0,4}`[^`\n]{2,40}[0-9)\]]`)(?=[^\W_])", re.MULTILINE)
_TWICE_IN_BRACKETS = re.compile(r"\]\(\((https?://[^()\s]{1,2000})\)\)")
_NESTED_LINK = re.compile(r"\]\(\[(?:[^\[\]()]{0,2000})\]\((https?://[^()\s]{1,2000})\)\)")
_MATH = re.compile(r"(?<![\\$\w])\$(?![\s$])((?:[^$\n\\]|\\.){1,200}?)(?<!\s)\$(?![\w$])")
_MATH_SPECIAL = re.compile(r"([\\*_`\[\]<>~|])")

# Without any of these a text is plain words.
_MARKED = re.compile(r"[\[\]<>&*_`\\$!|~\n]|https?:|arxiv", re.IGNORECASE)

References: TypeAlias = dict[str, dict[str, str]]
"""Link definitions of a document, as markdown-it keeps them."""

_Step: TypeAlias = tuple[str, Mapping[str, str]]
"""A tag, a slash before it where it ends, and its attributes; the tag of words is empty."""


@lru_cache(maxsize=4)
def make_parser(*, tags: bool = True, links: bool = True) -> MarkdownIt:
    """Return a CommonMark parser; addresses stay as they were written, to be quoted back.

    Args:
        tags: whether inline HTML is read.
        links: whether links and images are read.
    """
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": _MAX_NESTING})
    parser.disable([*(() if tags else ("html_inline",))])
    parser.disable([*(() if links else ("image", "link", "reference"))])
    parser.normalizeLink = _as_written  # type: ignore[method-assign]
    return parser


def _as_written(url: str) -> str:
    return url


def parse_inline(text: str, references: References | None = None) -> tuple[Run, ...]:
    """Read one cell, list item or paragraph of a list: each link is one run.

    Args:
        text: Markdown, without block syntax; line ends in it are breaks.
        references: addresses of the document's link definitions, by their label.
    """
    if _MARKED.search(text) is None:
        return (Run(text=text[:_MAX_CHARACTERS]),) if text else ()
    text = text[:_MAX_CHARACTERS]
    if "<" in text and _MARKED.search(_TAG.sub("", text)) is None:
        steps = _html_steps(text)
    else:
        environment = {"references": references or {}}
        tokens = make_parser().parseInline(fix_markdown(text), environment)[0].children or []
        steps = _token_steps(tokens)
    runs = (
        found[0] if address is None else _link(address, found) for address, found in _linked(steps)
    )
    return tuple(islice(_with_bare_links(_merged(runs)), _MAX_RUNS))


def plain_text(text: str, references: References | None = None) -> str:
    """Return what a reader sees of a list's line, without markup, on one line."""
    return " ".join("".join(run.text for run in parse_inline(text, references)).split())


def token_runs(tokens: Sequence[Token]) -> Iterator[Run]:
    """Return the runs of markdown-it's inline tokens, each with the address of its link."""
    return _with_addresses(_linked(_token_steps(tokens)))


def html_runs(content: str) -> Iterator[Run]:
    """Return the runs of a block of HTML; comments, scripts and images are left out."""
    return _with_addresses(_linked(_html_steps(content)))


def take_definition(line: str, references: References) -> bool:
    """Keep a link definition (`[label]: https://…`); tell whether the line is one.

    The first of two definitions of one label counts; one without an address is a comment.
    """
    if _COMMENT.match(line):
        return True
    match = _DEFINITION.match(line)
    if match is not None:
        definition = {"href": match[2], "title": ""}
        references.setdefault(normalizeReference(match[1]), definition)
    return match is not None


def fix_markdown(text: str) -> str:
    """Return a line in which a Markdown parser finds what its author meant.

    Mathematics is escaped as GitHub reads it, a bold link's stars are dropped, since one star more
    inside would change their sense, a link inside an address is the address, and an address has no
    spaces and one pair of brackets.
    """
    text = _MATH.sub(_protect_math, text)
    text = _NESTED_LINK.sub(r"](\1)", _BOLD_LINK.sub(r"[\2]", text))
    text = _GLUED_TAG.sub(r"\1 ", text)
    text = _STRAY_BETWEEN.sub("](", _TWICE_IN_BRACKETS.sub(r"](\1)", text))
    return _SPACE_IN_ADDRESS.sub(lambda match: "](" + "".join(match[1].split()) + ")", text)


def has_stray_space(text: str) -> bool:
    """Tell whether a link's address has a space before, in or behind it."""
    return _STRAY_SPACE.search(text) is not None or any(
        " " in match[1].strip() for match in _SPACE_IN_ADDRESS.finditer(text)
    )


def _protect_math(match: re.Match[str]) -> str:
    if "](" in match[1] or "http" in match[1] or "</" in match[1]:
        return match[0]
    return "$" + _MATH_SPECIAL.sub(r"\\\1", match[1]) + "$"


def _token_steps(tokens: Iterable[Token]) -> Iterator[_Step]:
    """Bring tokens of Markdown and of HTML to the same steps, named as HTML names its tags."""
    for token in tokens:
        if token.type == "html_inline":
            yield from _tag_step(token.content)
        elif token.type == "link_open":
            yield "a", {"href": str(token.attrs.get("href", ""))}
        elif token.type == "image":
            yield "img", {"src": str(token.attrs.get("src", "")), "alt": token.content}
        elif token.type in {"softbreak", "hardbreak"}:
            yield "br", {}
        elif token.type == "code_inline":
            yield "`", {"text": token.content}
        elif token.nesting:
            yield ("/" if token.nesting < 0 else "") + token.tag, {}
        elif token.content:
            yield "", {"text": token.content}


def _html_steps(content: str) -> Iterator[_Step]:
    for match in _HTML.finditer(_HIDDEN.sub("", content)):
        if match["tag"]:
            yield from _tag_step(match[0])
        elif len(match[0]) == 1 or match[0][0] != "<":
            yield "", {"text": html.unescape(match[0])}


def _tag_step(tag: str) -> Iterator[_Step]:
    if match := _TAG.fullmatch(tag):
        attributes = {
            found[1].lower(): _STRAY_BRACKET.sub(
                "", _unescaped(found[2] or found[3] or found[4] or "").strip()
            )
            for found in _ATTRIBUTE.finditer(match[3])
        }
        yield match[1] + match[2].lower(), attributes


def _unescaped(value: str) -> str:
    """Return an attribute's value; `&not` in `?a=1&noteId=2` is no entity without its semicolon.

    https://html.spec.whatwg.org/#named-character-reference-state
    """
    return _ENTITY.sub(lambda match: html.unescape(match[0]), value)


def _linked(steps: Iterable[_Step]) -> Iterator[tuple[str | None, list[Run]]]:
    """Yield each run by itself, or all runs of a link with its address."""
    style = Run(text="")
    inside: list[Run] | None = None
    address = ""
    for name, attributes in steps:
        bare = name.lstrip("/")
        if bare == "a":
            if inside is not None:
                yield address, inside
            inside, address = ([], attributes.get("href", "")) if name == "a" else (None, "")
        elif bare in _STYLES:
            changed: dict[str, Any] = {_STYLES[bare]: name == bare}
            style = replace(style, **changed)
        elif (run := _run(name, attributes, style)) is not None:
            if inside is None:
                yield None, [run]
            else:
                inside.append(run)
    if inside is not None:
        yield address, inside


def _run(name: str, attributes: Mapping[str, str], style: Run) -> Run | None:
    if name == "":
        return style.saying(attributes["text"])
    if name == "`":
        return replace(style, text=attributes["text"], emphasis=True)
    if name == "img":
        return Run(text=attributes.get("alt", ""), images=(attributes.get("src", ""),))
    if name.lstrip("/") in _BREAKS:
        return Run(text="\n")
    return Run(text="|") if name in _CELLS else None


def _with_addresses(groups: Iterable[tuple[str | None, list[Run]]]) -> Iterator[Run]:
    """Yield all runs, those of a link with its address.

    An image may be the only words of a link, as a badge is; any other image says nothing.
    """
    for address, runs in groups:
        for run in runs:
            if run.images and address:
                yield Run(text=run.text or "image", url=address)
            elif not run.images:
                yield replace(run, url=address or None)


def _link(address: str, inside: Sequence[Run]) -> Run:
    words = [run for run in inside if run.is_words]
    seen = "".join(run.text for run in inside if not (words and run.is_image))
    return Run(
        text="" if seen.lstrip().startswith(("http://", "https://")) else " ".join(seen.split()),
        url=destination(address),
        images=() if words else tuple(image for run in inside for image in run.images),
        strong=any(run.strong for run in words),
        emphasis=any(run.emphasis for run in words),
        inserted=any(run.inserted for run in words),
    )


def _merged(runs: Iterable[Run]) -> Iterator[Run]:
    """Join neighbouring words of one style."""
    last: Run | None = None
    for run in runs:
        if last is not None:
            if last.is_words and run.is_words and last.saying("") == run.saying(""):
                last = last.saying(last.text + run.text)
                continue
            yield last
        last = run
    if last is not None:
        yield last


def _with_bare_links(runs: Iterable[Run]) -> Iterator[Run]:
    """Make a link of each address and arXiv identifier that is written out."""
    for run in runs:
        if not run.is_words:
            yield run
            continue
        start = 0
        for match in _WRITTEN_OUT.finditer(run.text):
            url = f"https://arxiv.org/abs/{match['id']}" if match["id"] else trim_address(match[0])
            if before := run.text[start : match.start()]:
                yield run.saying(before)
            yield replace(run, text="", url=url)
            start = match.end() if match["id"] else match.start() + len(url)
        if rest := run.text[start:]:
            yield run.saying(rest)
