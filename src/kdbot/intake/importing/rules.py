"""What an import reports: what a person must decide, and what was settled by rule."""

from kdbot.intake.lists.paper import BLANK_IN_URL, CELL_MISSING, SECOND_IDENTIFIER
from kdbot.model.finding import Rule, Severity

_DECIDE = "Decide, and write it down in the file of decisions."


def _question(code: str, summary: str, remedy: str = _DECIDE) -> Rule:
    return Rule(code=code, severity=Severity.WARNING, summary=summary, remedy=remedy)


def _notice(code: str, summary: str, remedy: str) -> Rule:
    return Rule(code=code, severity=Severity.NOTICE, summary=summary, remedy=remedy)


NOTHING_FOUND = Rule(
    code="import-nothing-found",
    severity=Severity.ERROR,
    summary="The source names papers below headings, in tables, lists or paragraphs.",
    remedy="Give each paper a line with its title and a link, below a heading.",
)
TWO_TITLES = _question(
    "import-same-identifier-two-titles", "Rows of one identifier have one title."
)
TWO_IDENTIFIERS = _question(
    "import-same-title-two-identifiers", "Rows of one title have one identifier."
)
VENUES_DIFFER = _question("import-venues-differ", "Rows of one paper have one venue.")
DATES_DIFFER = _question("import-dates-differ", "Rows of one paper have one date.")
ROW_TWICE = _question(
    "import-row-twice-in-section",
    "A paper stands in a section once.",
    "Nothing, where it is one paper; the rows are merged.",
)
PUBLISHER = _question("import-publisher-as-venue", "A publisher or an archive is no venue.")
MONTH_DISAGREES = _question(
    "import-date-disagrees", "A date is not later than the month of the paper's arXiv identifier."
)
VENUE_WITHOUT_PAPER = _question(
    "import-preprint-without-identifier", "A paper that appeared on arXiv has an arXiv identifier."
)
UNUSED_DECISION = _question(
    "import-decision-unused",
    "Every decision is about a row of the source.",
    "Remove the decision, or mend what it matches.",
)
VENUE_ALIAS = _notice(
    "import-venue-alias",
    "A venue is written by its canonical name.",
    "Nothing; the canonical name is taken.",
)
VENUE_UNKNOWN = _notice(
    "import-venue-unknown",
    "A venue stands in the file of venues.",
    "Look it over in `schema/venues.yaml`, where it was added.",
)
NOT_A_REPOSITORY = _notice(
    "import-code-not-repository",
    "A code link leads to a repository.",
    "Nothing; it is kept as a project page.",
)
UNUSABLE_ADDRESS = _notice(
    "import-address-unusable",
    "A link leads to a public page of the web.",
    "Add the page's lasting address where there is one.",
)
NO_MONTH = _notice(
    "import-date-without-month",
    "A date names its month.",
    "Write the month into the paper's file where it is known.",
)
NO_LINK = _notice(
    "import-paper-without-link",
    "A paper has a link.",
    "Add the paper's address where there is one.",
)
OUT_OF_ORDER = _notice(
    "import-rows-out-of-order",
    "Rows stand newest first.",
    "Nothing; the tables are sorted when they are built.",
)

_NOTICES = (
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
SMALL_QUESTIONS = frozenset({MONTH_DISAGREES.code, ROW_TWICE.code})
"""Questions that can wait: what is taken is right in most lists."""
LISTED_TITLES = {rule.code: (title, rule.remedy) for rule, title in _NOTICES}
"""Title and advice of each kind of notice in the report of an import."""
