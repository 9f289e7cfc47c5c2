"""What an import reports: what a person must decide, and what was settled by rule."""

from kdbot.intake.lists.paper import BLANK_IN_URL, CELL_MISSING, SECOND_IDENTIFIER
from kdbot.model.finding import error_rule, notice_rule, warning_rule

_DECIDE = "Decide, and write it down in the file of decisions."


NOTHING_FOUND = error_rule(
    "import-nothing-found",
    "The source names papers below headings, in tables, lists or paragraphs.",
    "Give each paper a line with its title and a link, below a heading.",
)
TWO_TITLES = warning_rule(
    "import-same-identifier-two-titles", "Rows of one identifier have one title.", _DECIDE
)
TWO_IDENTIFIERS = warning_rule(
    "import-same-title-two-identifiers", "Rows of one title have one identifier.", _DECIDE
)
VENUES_DIFFER = warning_rule("import-venues-differ", "Rows of one paper have one venue.", _DECIDE)
DATES_DIFFER = warning_rule("import-dates-differ", "Rows of one paper have one date.", _DECIDE)
ROW_TWICE = warning_rule(
    "import-row-twice-in-section",
    "A paper stands in a section once.",
    "Nothing, where it is one paper; the rows are merged.",
)
PUBLISHER = warning_rule(
    "import-publisher-as-venue", "A publisher or an archive is no venue.", _DECIDE
)
MONTH_DISAGREES = warning_rule(
    "import-date-disagrees",
    "A date is not later than the month of the paper's arXiv identifier.",
    _DECIDE,
)
VENUE_WITHOUT_PAPER = warning_rule(
    "import-preprint-without-identifier",
    "A paper that appeared on arXiv has an arXiv identifier.",
    _DECIDE,
)
UNUSED_DECISION = warning_rule(
    "import-decision-unused",
    "Every decision is about a row of the source.",
    "Remove the decision, or mend what it matches.",
)
TITLE_UNKNOWN = warning_rule(
    "import-title-unknown",
    "A paper has its title, not the name of its method alone.",
    "Run `kdbot enrich`, which asks the services for the title, or write it into the paper's file.",
    since="0.2.0",
)
VENUE_ALIAS = notice_rule(
    "import-venue-alias",
    "A venue is written by its canonical name.",
    "Nothing; the canonical name is taken.",
)
VENUE_UNKNOWN = notice_rule(
    "import-venue-unknown",
    "A venue stands in the file of venues.",
    "Look it over in `schema/venues.yaml`, where it was added.",
)
NOT_A_REPOSITORY = notice_rule(
    "import-code-not-repository",
    "A code link leads to a repository.",
    "Nothing; it is kept as a project page.",
)
UNUSABLE_ADDRESS = notice_rule(
    "import-address-unusable",
    "A link leads to a public page of the web.",
    "Add the page's lasting address where there is one.",
)
NO_MONTH = notice_rule(
    "import-date-without-month",
    "A date names its month.",
    "Write the month into the paper's file where it is known.",
)
NO_LINK = notice_rule(
    "import-paper-without-link",
    "A paper has a link.",
    "Add the paper's address where there is one.",
)
OUT_OF_ORDER = notice_rule(
    "import-rows-out-of-order",
    "Rows stand newest first.",
    "Nothing; the tables are sorted when they are built.",
)

_NOTICES = (
    (TITLE_UNKNOWN, "Titles to confirm"),
    (MONTH_DISAGREES, "Dates that are not the month of the arXiv identifier"),
    (ROW_TWICE, "Papers that stand in a section twice"),
    (VENUE_ALIAS, "Venues by their canonical names"),
    (VENUE_UNKNOWN, "Venues that no file had"),
    (NOT_A_REPOSITORY, "Code links that are no repositories"),
    (UNUSABLE_ADDRESS, "Addresses that lead nowhere public"),
    (NO_MONTH, "Dates without a month"),
    (NO_LINK, "Papers without a link"),
    (OUT_OF_ORDER, "Sections that were not sorted"),
    (SECOND_IDENTIFIER, "Lines that name a second paper"),
    (BLANK_IN_URL, "Addresses with a blank"),
    (CELL_MISSING, "Rows with a cell too few"),
)
SMALL_QUESTIONS = frozenset({TITLE_UNKNOWN.code, MONTH_DISAGREES.code, ROW_TWICE.code})
"""Questions that can wait: what is taken is right in most lists."""
LISTED_TITLES = {rule.code: (title, rule.remedy) for rule, title in _NOTICES}
"""Title and advice of each kind of notice in the report of an import."""
