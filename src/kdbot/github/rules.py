"""Rules about proposals that need data from GitHub."""

from kdbot.model.finding import error_rule, notice_rule, warning_rule
from kdbot.review.declined import DECLINED_BEFORE

_NOTHING_TO_DO = "Nothing to do; a maintainer reviews it."

MAX_OPEN = 5
"""Open proposals of one person up to which there is no note about waiting."""

MANY_OPEN_PROPOSALS = notice_rule(
    "many-open-proposals",
    "A person has at most five open proposals at a time.",
    "Nothing to do; one proposal can contain several papers.",
)
FILE_MODE = error_rule(
    "file-mode",
    "A paper's file is a regular file: not a symbolic link, a submodule or executable.",
    "Replace it with a regular file of mode 100644.",
)
NO_PAPER_FILE = error_rule(
    "no-paper-file",
    "`papers/` contains one YAML file per paper, and nothing else.",
    "Write each paper to its own `.yaml` file, directly in `papers/`.",
)
README_REGION_EDITED = error_rule(
    "readme-region-edited",
    "The generated parts of the README are built from `papers/`, not edited by hand.",
    "Remove the README from this pull request, and add the papers as files.",
)
FILE_TOO_LARGE = warning_rule(
    "file-too-large",
    "A file that the bot reads is not larger than its limit.",
    _NOTHING_TO_DO,
)
TOO_MANY_FILES = warning_rule(
    "too-many-files",
    "A pull request adds at most twenty papers.",
    "A maintainer reviews it; several smaller pull requests are faster.",
)
FILES_OUTSIDE_PAPERS = warning_rule(
    "files-outside-papers",
    "A pull request that proposes papers changes only files in `papers/`.",
    _NOTHING_TO_DO,
)
REMOVED_PAPER = warning_rule(
    "removed-paper",
    "A maintainer decides whether a paper is removed from the list.",
    "Explain in the description why the paper should be removed.",
)
RENAMED_PAPER = warning_rule(
    "renamed-paper",
    "A listed paper's file keeps its name, unless the paper gets an identifier.",
    "Explain in the description why the file is renamed.",
)
LINK_OF_ANOTHER = warning_rule(
    "link-of-another",
    "A maintainer decides about the links of a paper that somebody else proposed.",
    "Explain in the description why the listed value is wrong.",
)
RESERVED_VALUE = warning_rule(
    "reserved-value",
    "A maintainer decides about the day, key, other titles and withdrawal of a record.",
    "Remove the line, or explain in the description why it is right.",
    since="0.2.0",
)
NEW_README_HOST = notice_rule(
    "new-readme-host",
    "A maintainer reviews links and images of the README on a new host.",
    _NOTHING_TO_DO,
)
KEY_ORDER = notice_rule(
    "key-order",
    "The lines of a record are in the order of the schema.",
    "Move the lines, or leave it to the merge, which sorts them.",
)

FOR_A_MAINTAINER = frozenset(
    rule.code
    for rule in (
        FILE_TOO_LARGE,
        TOO_MANY_FILES,
        FILES_OUTSIDE_PAPERS,
        REMOVED_PAPER,
        RENAMED_PAPER,
        LINK_OF_ANOTHER,
        RESERVED_VALUE,
        DECLINED_BEFORE,
    )
)
"""Codes of what a pull request may do only if a maintainer agrees."""
