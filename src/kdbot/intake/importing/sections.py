"""The headings of an existing list to a taxonomy."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kdbot.model.taxonomy import Category, Taxonomy
from kdbot.model.titles import title_slug

GENERAL = "General"
"""Title of the category for papers that stand above a heading's first sub-heading."""

MAX_ID = 40
"""Longest id of a category: a path of five levels stays within what a record may hold."""

Section = tuple[str, ...]


@dataclass(slots=True)
class _Node:
    title: str
    children: dict[str, "_Node"] = field(default_factory=dict)
    holds_papers: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sections:
    """A list's headings as categories.

    Attributes:
        taxonomy: the tree, in the order of the list.
        paths: the category of each section, by the titles from its outermost heading down.
    """

    taxonomy: Taxonomy
    paths: Mapping[Section, str]


def read_sections(
    sections: Iterable[Section], notes: Mapping[Section, str], empty: Iterable[Section] = ()
) -> Sections:
    """Make a taxonomy of the sections in which papers stand.

    Headings without papers below them are no categories, but for those that are named in `empty`.
    Papers hold to leaves alone: those of a heading that also has sub-headings go into a category
    of their own below it.
    """
    root = _Node(title="")
    for section in empty:
        node = root
        for title in section:
            node = node.children.setdefault(title.casefold(), _Node(title=title))
    distinct = list(dict.fromkeys(sections))
    for section in distinct:
        node = root
        for title in section:
            node = node.children.setdefault(title.casefold(), _Node(title=title))
        node.holds_papers = True
    categories: list[Category] = []
    paths: dict[Section, str] = {}
    _walk(root, (), "", categories, paths, notes)
    by_folded = {tuple(t.casefold() for t in section): path for section, path in paths.items()}
    return Sections(
        taxonomy=Taxonomy(categories=tuple(categories)),
        paths={s: by_folded[tuple(t.casefold() for t in s)] for s in distinct},
    )


def category_id(title: str, taken: Iterable[str] = ()) -> str:
    """Return the id of a category: a slug of its title that no sibling has."""
    slug = title_slug(title.replace("&", " and "))
    if len(slug) > MAX_ID:
        slug = slug[: MAX_ID + 1].rpartition("-")[0] or slug[:MAX_ID]
    used, number, candidate = set(taken), 2, slug
    while candidate in used:
        candidate = f"{slug}-{number}"
        number += 1
    return candidate


def _walk(
    node: _Node,
    section: Section,
    prefix: str,
    categories: list[Category],
    paths: dict[Section, str],
    notes: Mapping[Section, str],
) -> None:
    children = list(node.children.values())
    taken: list[str] = []
    if node.holds_papers and children and section:
        taken.append(category_id(GENERAL))
        path = f"{prefix}/{taken[0]}"
        paths[section] = path
        categories.append(Category(path=path, title=GENERAL, depth=len(section), leaf=True))
    for child in children:
        taken.append(category_id(child.title, taken))
        path = f"{prefix}/{taken[-1]}" if prefix else taken[-1]
        below = (*section, child.title)
        leaf = not child.children
        categories.append(
            Category(
                path=path, title=child.title, note=notes.get(below), depth=len(section), leaf=leaf
            )
        )
        if leaf:
            paths[below] = path
        _walk(child, below, path, categories, paths, notes)
