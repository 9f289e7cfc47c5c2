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

from markdown_it import MarkdownIt
from markdown_it.token import Token

from kdbot.model.audit import AuditSummary
from kdbot.model.collection import Collection
from kdbot.model.finding import Finding, error_rule
from kdbot.model.paper import Paper
from kdbot.model.regions import README
from kdbot.model.settings import Settings, SummarySettings
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
from kdbot.publish.readme.tables import PaperTables, render_headings, render_tables

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

_NOTICE = "<!-- Generated from papers/ by `kdbot build`; edits are overwritten. -->"


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
    found = list(_headings(_parser().parse(markdown)))
    names = _anchors(text for _, text, _ in found)
    return tuple(
        _Heading(level=level, text=text, line=line, anchor=anchor)
        for (level, text, line), anchor in zip(found, names, strict=True)
    )


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark")


def _headings(tokens: list[Token]) -> Iterator[tuple[int, str, int]]:
    for index, token in enumerate(tokens):
        line = token.map[0] if token.map else 0
        if token.type == "heading_open":
            yield int(token.tag[1:]), _text(tokens[index + 1].children or []), line
        elif token.type == "html_block":
            for match in _HTML_HEADING.finditer(token.content):
                text = " ".join(_TAG.sub("", match[2]).split())
                yield int(match[1]), text, line + token.content.count("\n", 0, match.start())


def _text(tokens: list[Token]) -> str:
    shown = {"text": None, "text_special": None, "code_inline": None, "softbreak": "\n"}
    return "".join(shown[t.type] or t.content for t in tokens if t.type in shown)


def _render_contents(
    headings: Sequence[_Heading], categories: range, tables: PaperTables, first_line: int
) -> str:
    """Return the list of links.

    Args:
        headings: all headings of the README.
        categories: which of them are the categories', in the order of the taxonomy.
        tables: the papers, for the counts.
        first_line: headings above this line are not listed; it is the region's own.
    """
    return "".join(_lines(headings, categories, tables, first_line))


def _lines(
    headings: Sequence[_Heading], categories: range, tables: PaperTables, first_line: int
) -> Iterator[str]:
    taxonomy = tables.collection.taxonomy
    by_heading = dict(zip(categories, taxonomy.categories, strict=True))
    for index, heading in enumerate(headings):
        category = by_heading.get(index)
        if category is not None:
            yield _category_line(category, heading, tables.count(category))
        elif heading.level == _SECTION and heading.line > first_line:
            yield f"- {_anchor_link(heading)}\n"


def _category_line(category: Category, heading: _Heading, count: int) -> str:
    return f"{'  ' * category.depth}- {_anchor_link(heading)} ({count:,})\n"


def _anchor_link(heading: _Heading) -> str:
    return f"[{escape_text(heading.text)}](#{heading.anchor})"


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedReadme:
    """A README with pages for what did not fit.

    Attributes:
        text: the README.
        newest: how many papers a category shows; None where all are shown.
        pages: full lists by their path in the repository; empty where nothing was cut.
    """

    text: str
    newest: int | None
    pages: Mapping[str, str]


def render_readme(
    readme: str, collection: Collection, settings: Settings, audit: AuditSummary | None
) -> RenderedReadme | tuple[Finding, ...]:
    """Return the README with every region rendered again, or its findings.

    Every category shows all its papers, or as few of the newest as it takes to stay below
    `settings.tables.target_bytes`. Nothing outside the regions changes, and a second rendering
    changes nothing at all.

    Args:
        readme: the file's text, with its line ends.
        collection: the papers with schema and taxonomy.
        settings: title, columns, sizes.
        audit: the last audit, or None.
    """
    required = tuple(name for name in REGIONS if name != "summary" or settings.summary.rows)
    tables = PaperTables(
        collection=collection,
        columns=settings.tables.columns,
        venue_year=settings.tables.venue_year,
        style=settings.tables.style,
        other_style=settings.tables.other_style,
    )
    skeleton = replace_regions(
        readme,
        dict.fromkeys(REGIONS + OPTIONAL_REGIONS, "") | {"tables": render_headings(tables)},
        required,
    )
    if not isinstance(skeleton, str):
        return skeleton
    found = find_headings(skeleton)
    categories = _category_headings(skeleton, found, len(collection.taxonomy.categories))
    texts = {
        "badges": render_badges(tables.papers, settings),
        "audit": render_audit(audit),
        "update-log": render_update_log(tables.papers, settings.page),
        "newest": render_newest(tables.papers),
        "contents": _render_contents(found, categories, tables, _line(skeleton, "contents")),
        "taxonomy": render_diagram(collection.taxonomy, settings.title),
    }
    anchors = [found[index].anchor for index in categories]
    rendered = None
    for newest in (None, *settings.tables.steps):
        rendered = _cut(readme, tables, settings, texts, newest, anchors, required)
        size = len(rendered.text.encode("utf-8", "surrogateescape"))
        if size <= settings.tables.target_bytes:
            break
    assert rendered is not None  # noqa: S101 - the loop runs at least once
    if size > settings.tables.limit_bytes:
        return (
            TOO_LARGE.finding(
                f"The README would have {size:,} bytes with {newest} papers per category; "
                f"the limit is {settings.tables.limit_bytes:,}.",
                file=README,
            ),
        )
    return rendered


def _cut(
    readme: str,
    tables: PaperTables,
    settings: Settings,
    texts: Mapping[str, str],
    newest: int | None,
    anchors: list[str],
    required: tuple[str, ...],
) -> RenderedReadme:
    collection = tables.collection
    pages = {}
    paths = {}
    for category, anchor in zip(collection.taxonomy.categories, anchors, strict=True):
        papers = tables.by_category.get(category.path, ())
        if category.leaf and newest is not None and len(papers) > newest:
            paths[category.path] = _category_page(category)
            pages[_category_page(category)] = _render_category_page(tables, category, anchor)
    joined = summary_papers(tables.papers, settings.summary)
    if newest is not None and len(joined) > newest:
        pages[_SUMMARY_PAGE] = _render_summary_page(joined, collection, settings.summary)
    cut = {
        "tables": render_tables(tables, newest, paths),
        "summary": render_summary(joined, collection, settings.summary, newest, _SUMMARY_PAGE),
    }
    text = replace_regions(readme, {**texts, **cut}, required)
    assert isinstance(text, str)  # noqa: S101 - the markers have been checked
    return RenderedReadme(text=text, newest=newest, pages=pages)


def _line(readme: str, name: str) -> int:
    for region in split_regions(readme, required=()):
        if not isinstance(region, Finding) and region.name == name:
            return region.line
    return 0


def _category_headings(readme: str, found: tuple[_Heading, ...], count: int) -> range:
    """Return which of the skeleton's headings are the categories'."""
    line = _line(readme, "tables")
    first = next((i for i, heading in enumerate(found) if heading.line >= line), len(found))
    return range(first, first + count)


def _category_page(category: Category) -> str:
    """Return the path of a category's full page."""
    return f"{LISTS}/{category.path.replace('/', '--')}.md"


def _render_category_page(tables: PaperTables, category: Category, anchor: str) -> str:
    """Return the full page of a category; `anchor` is that of its heading in the README."""
    papers = tables.by_category.get(category.path, ())
    titles = " › ".join(map(escape_text, tables.collection.taxonomy.titles(category.path)))
    note = f"> {escape_text(category.note)}\n\n" if category.note else ""
    return (
        f"{_NOTICE}\n\n# {titles}\n\n{note}{len(papers):,} papers, newest first. "
        f"[Back to the list](../README.md#{anchor})\n\n{tables.shown(papers, category)}"
    )


def _render_summary_page(
    papers: Sequence[Paper], collection: Collection, settings: SummarySettings
) -> str:
    """Return the full page of the summary table."""
    table = render_summary(papers, collection, settings)
    return (
        f"{_NOTICE}\n\n# Summary\n\n{len(papers):,} papers, newest first. "
        f"[Back to the list](../README.md)\n\n{table}\n"
    )
