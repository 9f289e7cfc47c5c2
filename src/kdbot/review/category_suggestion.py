"""A hint where a paper has no category that the list knows."""

from collections.abc import Iterator

from kdbot.model.finding import Finding, Rule, Severity, quote
from kdbot.review.category_hint import suggest_categories
from kdbot.review.context import Context
from kdbot.review.draft import Draft

CATEGORY_HINT = Rule(
    code="category-hint",
    severity=Severity.NOTICE,
    summary="Where no category is given, those of papers with similar titles are told as a hint.",
    remedy="Take what fits; this is a guess by the titles alone.",
)

_LONGEST_QUOTE = 160


def check_category_hint(draft: Draft, context: Context) -> Iterator[Finding]:
    """Name the likeliest categories of a paper that has none, or only unknown ones."""
    taxonomy, identities = context.collection.taxonomy, context.collection.identities
    title = draft.text("title")
    known = (taxonomy.by_path.get(path) for path in draft.items("categories"))
    if not title or any(category is not None and category.leaf for category in known):
        return
    papers = context.collection.papers
    titles = {identity.id: identity.title for identity in identities.all}
    found = suggest_categories(title, titles, lambda paper: papers[paper].categories)
    names = [" > ".join(taxonomy.titles(path)) for path in found if path in taxonomy.by_path]
    if names:
        shown = ", ".join(quote(name, _LONGEST_QUOTE) for name in names)
        message = f"Papers with titles like this one stand in {shown}."
        yield draft.finding(CATEGORY_HINT, message, field="categories")
