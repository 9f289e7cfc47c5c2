"""The rules of the review: one row for each finding that it can make about a record."""

from kdbot.model.finding import Rule, Severity
from kdbot.review import category_suggestion, duplicate_rules, metadata_rules

_ERROR, _WARNING, _NOTICE = Severity.ERROR, Severity.WARNING, Severity.NOTICE

NO_PAPER_FOUND = Rule(
    code="no-paper-found",
    severity=_ERROR,
    summary="A proposal names at least one paper.",
    remedy="Write the paper's arXiv identifier or link, or its full title.",
)
TOO_MANY_RECORDS = Rule(
    code="too-many-records",
    severity=_ERROR,
    summary="All that a proposal would write has room in one comment, where a maintainer reads it.",
    remedy="Split it into two proposals, or bring the files in a pull request.",
)
UNKNOWN_FIELD = Rule(
    code="unknown-field",
    severity=_ERROR,
    summary="A record has the fields of the schema and no others.",
    remedy="Rename the field to one of the schema, or remove the line.",
)
WRONG_SHAPE = Rule(
    code="wrong-shape",
    severity=_ERROR,
    summary="A field holds what the schema says: one text, a list of texts, or true/false.",
    remedy="Write the value in the shape that the schema gives the field.",
)
MISSING_TITLE = Rule(
    code="missing-title",
    severity=_ERROR,
    summary="Every record has the paper's title.",
    remedy="Write the title as published.",
)
SHORT_TITLE = Rule(
    code="short-title",
    severity=_ERROR,
    summary="The title is written out; an acronym does not stand for it.",
    remedy="Write the full title as published.",
)
HIDDEN_CHARACTER = Rule(
    code="hidden-character",
    severity=_ERROR,
    summary="No text of a record holds control, invisible or private characters.",
    remedy="Type the text anew instead of copying it.",
)
MIXED_SCRIPT = Rule(
    code="mixed-script",
    severity=_WARNING,
    summary="A word of the title keeps to one script, and to that of its neighbours.",
    remedy="Type the word anew.",
)
SHOUTING_TITLE = Rule(
    code="shouting-title",
    severity=_NOTICE,
    summary="A title is not in capitals throughout.",
    remedy="Write the title in the case that the paper uses.",
)
MISSING_CATEGORY = Rule(
    code="missing-category",
    severity=_ERROR,
    summary="Every record stands in at least one category.",
    remedy="Write at least one category in the field that is named.",
)
UNKNOWN_CATEGORY = Rule(
    code="unknown-category",
    severity=_ERROR,
    summary="A category is a path of schema/taxonomy.yaml.",
    remedy="Write one of the categories of the list.",
)
CATEGORY_NOT_A_LEAF = Rule(
    code="category-not-a-leaf",
    severity=_ERROR,
    summary="Papers stand in categories that have no categories below them.",
    remedy="Choose one of the categories below the one that was named.",
)
MISSING_FIELD = Rule(
    code="missing-field",
    severity=_ERROR,
    summary="A record has every field that the schema requires.",
    remedy="Add the field.",
)
TOO_LONG = Rule(
    code="too-long",
    severity=_ERROR,
    summary="A value, and a list, is no longer than the schema allows.",
    remedy="Shorten the value.",
)
TOO_SHORT = Rule(
    code="too-short",
    severity=_ERROR,
    summary="A value, and a list, is no shorter than the schema allows; an empty one is left out.",
    remedy="Write the whole value, or remove the line.",
)
REPEATED_VALUE = Rule(
    code="repeated-value",
    severity=_ERROR,
    summary="A list holds each value once.",
    remedy="Remove the second one.",
)
WRONG_FORM = Rule(
    code="wrong-form",
    severity=_ERROR,
    summary="A value has the form that the schema gives its field.",
    remedy="Write the value in the form of the schema's example.",
)
INVALID_ARXIV_ID = Rule(
    code="invalid-arxiv-id",
    severity=_ERROR,
    summary="An arXiv identifier is one that arXiv can have given out.",
    remedy="Copy the identifier from the paper's page on arXiv, such as `2306.08543`.",
)
INVALID_DOI = Rule(
    code="invalid-doi",
    severity=_ERROR,
    summary="A DOI begins with `10.`, a number and a slash.",
    remedy="Copy the DOI from the publisher's page, such as `10.1145/3580305.3599790`.",
)
INVALID_ACL_ID = Rule(
    code="invalid-acl-id",
    severity=_ERROR,
    summary="An ACL Anthology identifier is one of its two styles.",
    remedy="Copy the identifier from the paper's page, such as `2024.eacl-long.109`.",
)
INVALID_OPENREVIEW_ID = Rule(
    code="invalid-openreview-id",
    severity=_ERROR,
    summary="An OpenReview identifier is the `id` of a forum.",
    remedy="Copy what stands behind `forum?id=` in the address of the paper's page.",
)
INVALID_LINK = Rule(
    code="invalid-link",
    severity=_ERROR,
    summary="A link is the full http or https address of a public page.",
    remedy="Copy the whole address from the browser, beginning with `https://`.",
)
INVALID_DATE = Rule(
    code="invalid-date",
    severity=_ERROR,
    summary="A date is the month of the first public appearance, written YYYY-MM.",
    remedy="Write the year and the month, such as `2024-02`.",
)
NOT_CANONICAL = Rule(
    code="not-canonical",
    severity=_WARNING,
    summary="A file holds each value in its canonical form and under its own field.",
    remedy="Write the canonical form.",
)
UNKNOWN_VENUE = Rule(
    code="unknown-venue",
    severity=_NOTICE,
    summary="A venue is a name of schema/venues.yaml.",
    remedy="Nothing to do; a maintainer decides whether the list takes up this venue.",
)
VENUE_IS_PUBLISHER = Rule(
    code="venue-is-publisher",
    severity=_WARNING,
    summary="A venue is a conference, workshop or journal, and not who printed its proceedings.",
    remedy="Write the conference or journal, or leave the field empty.",
)
DATE_DISAGREES = Rule(
    code="date-disagrees",
    severity=_WARNING,
    summary="The date is the month that the arXiv identifier tells.",
    remedy="Keep the month of the identifier, unless the paper was public before.",
)
MISSING_DATE = Rule(
    code="missing-date",
    severity=_NOTICE,
    summary="A record tells the month in which the paper first appeared.",
    remedy="Write the year and the month, such as `2024-02`.",
)
MISSING_LINK = Rule(
    code="missing-link",
    severity=_NOTICE,
    summary="A record has an identifier or a link, so that readers can reach the paper.",
    remedy="Write the paper's arXiv identifier, its DOI or its address, where there is one.",
)
NOT_A_REPOSITORY = Rule(
    code="not-a-repository",
    severity=_WARNING,
    summary="A code link leads to a repository; other pages are project pages.",
    remedy="Move the address to the field `project`.",
)
ADDED_BY_HAND = Rule(
    code="added-by-hand",
    severity=_WARNING,
    summary="The day on which a paper entered the list is stamped when it is merged.",
    remedy="Remove the line; it is written at the merge.",
)
WRONG_FILE_NAME = Rule(
    code="wrong-file-name",
    severity=_ERROR,
    summary="A record's file is named after its arXiv identifier, or else after its title.",
    remedy="Rename the file.",
)
DEAD_LINK = Rule(
    code="dead-link",
    severity=_ERROR,
    summary="The links of a proposal answer.",
    remedy="Check the spelling, or leave the link out until the page is public.",
)
MOVED_LINK = Rule(
    code="moved-link",
    severity=_NOTICE,
    summary="A link is written as the address that its server names for good.",
    remedy="Write the new address.",
)
LINK_NOT_CHECKED = Rule(
    code="link-not-checked",
    severity=_NOTICE,
    summary="Every link of a proposal is looked at; some hosts do not answer programs.",
    remedy="Nothing to do; a maintainer opens the link by hand.",
)
RULES = (
    *(value for value in tuple(globals().values()) if isinstance(value, Rule)),
    *duplicate_rules.RULES,
    *metadata_rules.RULES,
    category_suggestion.CATEGORY_HINT,
)
"""Every rule of the review."""
