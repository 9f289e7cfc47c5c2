"""The headings of an existing list to a taxonomy."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from kdbot.model.taxonomy import Category, Taxonomy
from kdbot.model.titles import title_slug

_GENERAL = "General"
"""Title of the category for papers above a heading's first sub-heading."""

_MAX_ID = 40
"""Longest id of a category: a path of five levels stays within what a record may hold."""

Section = tuple[str, ...]


@dataclass(slots=True)
class _Node:
    title: str
    children: dict[str, "_Node"] = field(default_factory=dict)
    holds_papers: bool = False

    def below(self, section: Section) -> "_Node":
        """Return the node that the titles lead to, made where it is missing."""
        node = self
        for title in section:
            node = node.children.setdefault(title.casefold(), _Node(title))
        return node


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
    root = _Node("")
    for section in empty:
        root.below(section)
    distinct = list(dict.fromkeys(sections))
    for section in distinct:
        root.below(section).holds_papers = True
    paths: dict[Section, str] = {}
    categories = tuple(_categories(root, (), "", paths, notes))
    return Sections(
        taxonomy=Taxonomy(categories=categories),
        paths={section: paths[_folded(section)] for section in distinct},
    )


def _category_id(title: str, taken: Iterable[str] = ()) -> str:
    """Return the id of a category: a slug of its title that no sibling has."""
    slug = title_slug(title.replace("&", " and "))
    if len(slug) > _MAX_ID:
        slug = slug[: _MAX_ID + 1].rpartition("-")[0] or slug[:_MAX_ID]
    used, number, candidate = set(taken), 2, slug
    while candidate in used:
        candidate = f"{slug}-{number}"
        number += 1
    return candidate


def _folded(section: Section) -> Section:
    return tuple(title.casefold() for title in section)


def _categories(
    node: _Node,
    section: Section,
    prefix: str,
    paths: dict[Section, str],
    notes: Mapping[Section, str],
) -> Iterator[Category]:
    """Yield all categories below a node, and note the path of each folded section."""
    taken: list[str] = []
    if node.holds_papers and node.children and section:
        taken.append(_category_id(_GENERAL))
        paths[_folded(section)] = path = f"{prefix}/{taken[0]}"
        yield Category(path=path, title=_GENERAL, depth=len(section), leaf=True)
    for child in node.children.values():
        taken.append(_category_id(child.title, taken))
        path = f"{prefix}/{taken[-1]}" if prefix else taken[-1]
        below = (*section, child.title)
        leaf, note = not child.children, notes.get(below)
        yield Category(path=path, title=child.title, note=note, depth=len(section), leaf=leaf)
        if leaf:
            paths[_folded(below)] = path
        yield from _categories(child, below, path, paths, notes)
