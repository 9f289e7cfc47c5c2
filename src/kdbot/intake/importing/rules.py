"""What an import reports: questions for a maintainer, and what a rule has settled."""

from kdbot.intake.lists.paper import BLANK_IN_URL, CELL_MISSING, SECOND_IDENTIFIER
from kdbot.model.finding import error_rule, notice_rule, warning_rule

_DECIDE = "Decide, and record the decision in the decisions file."


NOTHING_FOUND = error_rule(
    "import-nothing-found",
    "The source lists papers below headings, in tables, lists or paragraphs.",
    "Put each paper on a line with its title and a link, below a heading.",
)
TWO_TITLES = warning_rule(
    "import-same-identifier-two-titles", "Rows with one identifier have one title.", _DECIDE
)
TWO_IDENTIFIERS = warning_rule(
    "import-same-title-two-identifiers", "Rows with one title have one identifier.", _DECIDE
)
VENUES_DIFFER = warning_rule("import-venues-differ", "Rows of one paper have one venue.", _DECIDE)
DATES_DIFFER = warning_rule("import-dates-differ", "Rows of one paper have one date.", _DECIDE)
ROW_TWICE = warning_rule(
    "import-row-twice-in-section",
    "A paper is listed once in a section.",
    "Nothing to do if it is one paper: the rows are merged.",
)
PUBLISHER = warning_rule(
    "import-publisher-as-venue", "A publisher or an archive is not a venue.", _DECIDE
)
MONTH_DISAGREES = warning_rule(
    "import-date-disagrees",
    "A date matches the month of the paper's arXiv identifier.",
    _DECIDE,
)
VENUE_WITHOUT_PAPER = warning_rule(
    "import-preprint-without-identifier",
    "A paper that appeared on arXiv has an arXiv identifier.",
    _DECIDE,
)
UNUSED_DECISION = warning_rule(
    "import-decision-unused",
    "Every decision matches a row of the source.",
    "Remove the decision, or fix its `match`.",
)
TITLE_UNKNOWN = warning_rule(
    "import-title-unknown",
    "A paper is listed by its title, not only by the name of its method.",
    "Run `kdbot enrich` to look up the title, or write it into the paper's file.",
    since="0.2.0",
)
VENUE_ALIAS = notice_rule(
    "import-venue-alias",
    "A venue has its canonical name.",
    "Nothing to do: the canonical name is used.",
)
VENUE_UNKNOWN = notice_rule(
    "import-venue-unknown",
    "Every venue is listed in `schema/venues.yaml`.",
    "Check the new entry in `schema/venues.yaml`.",
)
NOT_A_REPOSITORY = notice_rule(
    "import-code-not-repository",
    "A code link leads to a repository.",
    "Nothing to do: it is kept as a project page.",
)
UNUSABLE_ADDRESS = notice_rule(
    "import-address-unusable",
    "A link leads to a public web page.",
    "Add the page's permanent address if it has one.",
)
NO_MONTH = notice_rule(
    "import-date-without-month",
    "A date includes the month.",
    "Add the month to the paper's file if you know it.",
)
NO_LINK = notice_rule(
    "import-paper-without-link",
    "A paper has a link.",
    "Add the paper's address if it has one.",
)
OUT_OF_ORDER = notice_rule(
    "import-rows-out-of-order",
    "Rows are sorted newest first.",
    "Nothing to do: the tables are sorted when they are built.",
)

_NOTICES = (
    (TITLE_UNKNOWN, "Titles to confirm"),
    (MONTH_DISAGREES, "Dates that differ from the month of the arXiv identifier"),
    (ROW_TWICE, "Papers listed twice in a section"),
    (VENUE_ALIAS, "Venues changed to their canonical names"),
    (VENUE_UNKNOWN, "New venues"),
    (NOT_A_REPOSITORY, "Code links that are not repositories"),
    (UNUSABLE_ADDRESS, "Addresses that are not public"),
    (NO_MONTH, "Dates without a month"),
    (NO_LINK, "Papers without a link"),
    (OUT_OF_ORDER, "Sections that were not sorted"),
    (SECOND_IDENTIFIER, "Lines that name a second paper"),
    (BLANK_IN_URL, "Addresses with a space"),
    (CELL_MISSING, "Rows with a missing cell"),
)
SMALL_QUESTIONS = frozenset({TITLE_UNKNOWN.code, MONTH_DISAGREES.code, ROW_TWICE.code})
"""Questions that can wait: the value chosen by rule is right in most lists."""
LISTED_TITLES = {rule.code: (title, rule.remedy) for rule, title in _NOTICES}
"""Title and advice of each kind of notice in the report of an import."""
