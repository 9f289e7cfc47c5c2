"""All checks of a single record, as pure functions in one tuple."""

from kdbot.model.finding import Finding
from kdbot.review.category_check import check_categories
from kdbot.review.category_suggestion import check_category_hint
from kdbot.review.character_check import check_characters
from kdbot.review.context import Check, Context
from kdbot.review.draft import Draft
from kdbot.review.field_checks import check_date, check_identifiers, check_links, check_venue
from kdbot.review.schema_check import check_schema
from kdbot.review.title_check import check_title

CHECKS: tuple[Check, ...] = (
    check_title,
    check_characters,
    check_identifiers,
    check_venue,
    check_date,
    check_links,
    check_categories,
    check_category_hint,
    check_schema,
)


def check_draft(draft: Draft, context: Context) -> tuple[Finding, ...]:
    """Return what all checks say of a draft."""
    return tuple(finding for check in CHECKS for finding in check(draft, context))
