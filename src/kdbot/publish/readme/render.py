"""The README with its regions and contents rendered, and the pages with the rest.

The rule of anchors is that of html-pipeline's table-of-contents filter, whose results
github-slugger keeps as fixtures: lower case, everything dropped but letters, marks, digits,
connectors, hyphens and spaces, each space a hyphen; a slug that is taken gets `-1`, `-2` and so on.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from kdbot.model.audit import AuditSummary
from kdbot.model.collection import Collection
from kdbot.model.finding import Finding, error_rule
from kdbot.model.regions import PAGE_NOTICE, PAGE_TITLES, README
from kdbot.model.settings import Settings
from kdbot.model.taxonomy import Category
from kdbot.publish.audit import render_audit
from kdbot.publish.markdown import escape_text
from kdbot.publish.readme.blocks import (
    render_badges,
    render_diagram,
    render_newest,
    render_summary,
    render_update_log,
    summary_papers,
)
from kdbot.publish.readme.regions import (
    OPTIONAL_REGIONS,
    REGIONS,
    replace_regions,
    split_regions,
)
from kdbot.publish.readme.tables import ShownPapers, render_heading, render_tables

_KEPT = ("L", "M", "Nd", "Nl", "Pc")
_HTML_HEADING = re.compile(r"<h([1-6])(?:\s[^>]*)?>(.*?)</h\1\s*>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^>]*>")

_SECTION = 2


TOO_LARGE = error_rule(
    "readme-too-large",
    "The README stays below the size at which GitHub truncates it.",
    "Lower the last value of `tables.steps` in kdbot.toml, or shorten the README's own text.",
)

LISTS = "lists"
"""Everything in this folder is derived; a page that is no longer needed is deleted."""
_SUMMARY_PAGE = f"{LISTS}/summary.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heading:
    """One heading of a Markdown text.

    Attributes:
        level: 1 to 6.
        text: what a reader sees.
        line: its line, counted from 0.
        anchor: the part after `#` in a link to it.
    """

    level: int
    text: str
    line: int
    anchor: str


def _slug(text: str) -> str:
    """Return the slug of a heading's text, before doubles are told apart."""
    return "".join(
        "-" if c == " " else c
        for c in text.strip().lower()
        if c in " -" or unicodedata.category(c).startswith(_KEPT)
    )


def _anchors(texts: Iterable[str]) -> list[str]:
    """Return the anchors of the headings of one document, in their order."""
    taken: dict[str, int] = {}
    found = []
    for text in texts:
        base = anchor = _slug(text)
        while anchor in taken:
            taken[base] += 1
            anchor = f"{base}-{taken[base]}"
        taken[anchor] = 0
        found.append(anchor)
    return found


def find_headings(markdown: str) -> tuple[_Heading, ...]:
    """Return all headings of a Markdown text: `#`, underlined and HTML ones, not those in code."""
    found = list(_headings(markdown))
    names = _anchors(text for _, text, _ in found)
    return tuple(
        _Heading(level=level, text=text, line=line, anchor=anchor)
        for (level, text, line), anchor in zip(found, names, strict=True)
    )


@cache
def _parser() -> MarkdownIt:
    """Return one that reads blocks: of the text in them, that of headings alone counts."""
    return MarkdownIt("commonmark").disable("inline")


def _headings(markdown: str) -> Iterator[tuple[int, str, int]]:
    parser = _parser()
    env: dict[str, Any] = {}  # definitions of links, which headings may use
    tokens = parser.parse(markdown, env)
    for index, token in enumerate(tokens):
        line = token.map[0] if token.map else 0
        if token.type == "heading_open":
            shown: list[Token] = []
            parser.inline.parse(tokens[index + 1].content, parser, env, shown)
            yield int(token.tag[1:]), _text(shown), line
        elif token.type == "html_block":
            for match in _HTML_HEADING.finditer(token.content):
                text = " ".join(_TAG.sub("", match[2]).split())
                yield int(match[1]), text, line + token.content.count("\n", 0, match.start())


def _text(tokens: list[Token]) -> str:
    shown = {"text": None, "text_special": None, "code_inline": None, "softbreak": "\n"}
    return "".join(shown[t.type] or t.content for t in tokens if t.type in shown)


def _contents(
    headings: Sequence[_Heading], categories: range, papers: ShownPapers, first_line: int
) -> Iterator[str]:
    """Yield the lines of the list of links.

    Args:
        headings: all headings of the README.
        categories: which of them are the categories', in the order of the taxonomy.
        papers: for the counts.
        first_line: headings above this line are not listed; it is the region's own.
    """
    listed = papers.collection.taxonomy.categories
    for index, heading in enumerate(headings):
        anchor = f"[{escape_text(heading.text)}](#{heading.anchor})"
        if index in categories:
            category = listed[index - categories.start]
            count = len(papers.by_branch[category.path])
            yield f"{'  ' * category.depth}- {anchor} ({count:,})\n"
        elif heading.level == _SECTION and heading.line > first_line:
            yield f"- {anchor}\n"


def render_readme(
    readme: str, collection: Collection, settings: Settings, audit: AuditSummary | None
) -> Mapping[str, str] | tuple[Finding, ...]:
    """Return the README with every region rendered again, or its findings.

    Every category shows all its papers, or as few of the newest as it takes to stay below
    `settings.tables.target_bytes`; then there is a page with the full list of each category that
    was cut. Nothing outside the regions changes, and a second rendering changes nothing at all.

    Args:
        readme: the file's text, with its line ends.
        collection: the papers with schema and taxonomy.
        settings: title, columns, sizes.
        audit: the last audit, or None.

    Returns:
        The README and the pages by their path in the repository.
    """
    required = tuple(name for name in REGIONS if name != "summary" or settings.summary.rows)
    papers, taxonomy = (
        ShownPapers(collection=collection, settings=settings.tables),
        (collection.taxonomy),
    )
    skeleton = replace_regions(
        readme,
        dict.fromkeys(REGIONS + OPTIONAL_REGIONS, "")
        | {"tables": "\n".join(map(render_heading, taxonomy.categories))},
        required,
    )
    if not isinstance(skeleton, str):
        return skeleton
    headings, line = find_headings(skeleton), _line(skeleton, "tables")
    first = next((i for i, one in enumerate(headings) if one.line >= line), len(headings))
    categories = range(first, first + len(taxonomy.categories))
    contents = _contents(headings, categories, papers, _line(skeleton, "contents"))
    texts = {
        "badges": render_badges(papers.papers, settings),
        "audit": render_audit(audit),
        "update-log": render_update_log(papers.papers, settings.page),
        "newest": render_newest(papers.papers),
        "contents": "".join(contents),
        "taxonomy": render_diagram(taxonomy, settings.title),
    }
    joined = summary_papers(papers.papers, settings.summary)
    for newest in (None, *settings.tables.steps):
        pages = {
            c.path: f"{LISTS}/{c.path.replace('/', '--')}.md"
            for c in taxonomy.leaves
            if newest is not None and len(papers.by_branch[c.path]) > newest
        }
        texts["tables"] = render_tables(papers, newest, pages)
        texts["summary"] = render_summary(
            joined, collection, settings.summary, newest, _SUMMARY_PAGE
        )
        rendered = replace_regions(readme, texts, required)
        assert isinstance(rendered, str)  # noqa: S101 - the markers have been checked
        text = rendered
        size = len(text.encode("utf-8", "surrogateescape"))
        if size <= settings.tables.target_bytes:
            break
    if size > settings.tables.limit_bytes:
        return (
            TOO_LARGE.finding(
                f"The README would have {size:,} bytes with {newest} papers per category; "
                f"the limit is {settings.tables.limit_bytes:,}.",
                file=README,
            ),
        )
    files = {README: text}
    for index, category in zip(categories, taxonomy.categories, strict=True):
        if category.path in pages:
            files[pages[category.path]] = _category_page(papers, category, headings[index].anchor)
    if newest is not None and len(joined) > newest:
        table = render_summary(joined, collection, settings.summary)
        files[_SUMMARY_PAGE] = _page("Summary", "", len(joined), "", f"{table}\n")
    return files


def _line(readme: str, name: str) -> int:
    regions = (r for r in split_regions(readme, required=()) if not isinstance(r, Finding))
    return next((region.line for region in regions if region.name == name), 0)


def _category_page(papers: ShownPapers, category: Category, anchor: str) -> str:
    """Return the full page of a category; `anchor` is that of its heading in the README."""
    listed = papers.by_branch[category.path]
    title = PAGE_TITLES.join(map(escape_text, papers.collection.taxonomy.titles(category.path)))
    note = f"> {escape_text(category.note)}\n\n" if category.note else ""
    return _page(title, note, len(listed), f"#{anchor}", papers.shown(listed, category))


def _page(title: str, note: str, count: int, anchor: str, table: str) -> str:
    """Return a full page with its way back into the README."""
    return (
        f"{PAGE_NOTICE}\n\n# {title}\n\n{note}{count:,} papers, newest first. "
        f"[Back to the list](../README.md{anchor})\n\n{table}"
    )
