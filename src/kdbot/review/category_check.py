"""Categories: each is one of the taxonomy that holds papers, and there is at least one."""

from collections.abc import Iterable, Iterator

from kdbot.model.finding import Finding, name_some, quote
from kdbot.model.taxonomy import Category, Taxonomy
from kdbot.review.context import Context
from kdbot.review.draft import Draft
from kdbot.review.nearest import nearest_categories
from kdbot.review.rules import CATEGORY_NOT_A_LEAF, MISSING_CATEGORY, UNKNOWN_CATEGORY

_SHOWN = 16


def check_categories(draft: Draft, context: Context) -> Iterator[Finding]:
    """Ask for at least one category, and for known ones."""
    taxonomy = context.collection.taxonomy
    categories = draft.items("categories")
    listed = False
    for item, text in enumerate(categories):
        known = taxonomy.by_path.get(text)
        if known is None:
            yield _unknown(draft, taxonomy, item, listing=not listed)
            listed = True
        elif not known.leaf:
            below = taxonomy.under(text)
            yield draft.finding(
                CATEGORY_NOT_A_LEAF,
                f"{quote(known.title)} has categories below it: {_names(draft, taxonomy, below)}.",
                field="categories",
                item=item,
                fix=f"Choose among those {len(below)}." if len(below) > 1 else None,
            )
    if not categories and not draft.has_error("categories"):
        yield draft.finding(
            MISSING_CATEGORY,
            f"I read no category. The list has {_branches(taxonomy)}.",
            field="categories",
            fix=f"Write one or more of them in the field {quote(_field_name(draft, context))}.",
        )


def _field_name(draft: Draft, context: Context) -> str:
    """Return the field as its author sees it: the key of a file, or the label of the form."""
    return "categories" if draft.file else context.collection.schema.title("categories")


def _unknown(draft: Draft, taxonomy: Taxonomy, item: int, *, listing: bool) -> Finding:
    text = draft.items("categories")[item]
    several = [category for category in taxonomy.named(text) if category.leaf]
    close = tuple(several) or nearest_categories(text, taxonomy)
    reason = "it may mean more than one category" if several else "the list has no such category"
    only = close[0] if len(close) == 1 else None
    fix = f"Write {_names(draft, taxonomy, close)}." if only else None
    if len(close) > 1:
        fix = f"Write one of {_names(draft, taxonomy, close)}."
    known = "" if close or not listing else f" It has {_branches(taxonomy)}."
    return draft.finding(
        UNKNOWN_CATEGORY,
        f"I read {quote(text)}; {reason}.{known}",
        field="categories",
        item=item,
        fix=fix,
        replacement=draft.mended_line("categories", only.path, item=item) if only else None,
    )


def _branches(taxonomy: Taxonomy) -> str:
    """Return the titles of the categories, those of each branch together."""
    branches: dict[str, list[str]] = {}
    for leaf in taxonomy.leaves:
        branches.setdefault(leaf.parent or "", []).append(leaf.title)
    parts = []
    for parent, titles in branches.items():
        above = " > ".join(taxonomy.titles(parent)) if parent else ""
        names = ", ".join(quote(title) for title in titles)
        parts.append(f"{quote(above, 160)}: {names}" if above else names)
    return "; ".join(parts)


def _names(draft: Draft, taxonomy: Taxonomy, categories: Iterable[Category]) -> str:
    """Return categories as their author writes them: paths in a file, titles in a form."""
    names = (c.path if draft.file else " > ".join(taxonomy.titles(c.path)) for c in categories)
    return name_some([quote(name, 160) for name in names], _SHOWN)
