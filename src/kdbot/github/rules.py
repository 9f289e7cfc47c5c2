"""Rules about proposals that only GitHub can tell."""

from kdbot.model.finding import error_rule, notice_rule, warning_rule
from kdbot.review.declined import DECLINED_BEFORE

_NOTHING_TO_DO = "Nothing to do; a maintainer looks at it."

MAX_OPEN = 5
"""Open proposals of one person before they are told that the last may wait."""

MANY_OPEN_PROPOSALS = notice_rule(
    "many-open-proposals",
    "A person has at most five open proposals at a time.",
    "Nothing to do; several papers can stand in one proposal.",
)
FILE_MODE = error_rule(
    "file-mode",
    "A paper's file is a plain file: no link, no submodule, not executable.",
    "Replace it with a plain file of mode 100644.",
)
NO_PAPER_FILE = error_rule(
    "no-paper-file",
    "`papers/` holds one YAML file for each paper, and nothing else.",
    "Put each paper into a file of its own, directly in `papers/`, that ends with `.yaml`.",
)
README_REGION_EDITED = error_rule(
    "readme-region-edited",
    "The marked parts of the README are built from `papers/` and not written by hand.",
    "Take the README out of this pull request, and add the papers as files.",
)
FILE_TOO_LARGE = warning_rule(
    "file-too-large",
    "A file that is read without asking a person is of moderate size.",
    _NOTHING_TO_DO,
)
TOO_MANY_FILES = warning_rule(
    "too-many-files",
    "A pull request brings at most twenty papers.",
    "A maintainer looks at it; several smaller pull requests go faster.",
)
FILES_OUTSIDE_PAPERS = warning_rule(
    "files-outside-papers",
    "A pull request that proposes papers changes files of `papers/` alone.",
    _NOTHING_TO_DO,
)
REMOVED_PAPER = warning_rule(
    "removed-paper",
    "A paper is taken off the list for a reason, by a maintainer's decision.",
    "Say in the description why the paper should go.",
)
RENAMED_PAPER = warning_rule(
    "renamed-paper",
    "A listed paper's file keeps its name, unless the paper got an identifier.",
    "Say in the description why the file has another name now.",
)
LINK_OF_ANOTHER = warning_rule(
    "link-of-another",
    "Where a paper that somebody else proposed leads to is a maintainer's call.",
    "Say in the description what was wrong with the value that the list has.",
)
RESERVED_VALUE = warning_rule(
    "reserved-value",
    "Day, key, other titles and withdrawal of a record are a maintainer's call.",
    "Take the line out, or say in the description why it is right.",
    since="0.2.0",
)
NEW_README_HOST = notice_rule(
    "new-readme-host",
    "A link or an image of the README that leads to a new host is looked at by a person.",
    _NOTHING_TO_DO,
)
KEY_ORDER = notice_rule(
    "key-order",
    "The lines of a record stand in the order of the schema.",
    "Move the lines; the merge puts them in order otherwise.",
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
"""Codes of what a pull request may do by a maintainer's word alone."""
