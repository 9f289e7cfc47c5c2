"""Rules about proposals that only GitHub can tell."""

from kdbot.model.finding import Rule, Severity
from kdbot.review.declined import DECLINED_BEFORE

_ERROR, _WARNING, _NOTICE = Severity.ERROR, Severity.WARNING, Severity.NOTICE
_NOTHING_TO_DO = "Nothing to do; a maintainer looks at it."

MAX_OPEN = 5
"""Open proposals of one person before they are told that the last may wait."""

MANY_OPEN_PROPOSALS = Rule(
    code="many-open-proposals",
    severity=_NOTICE,
    summary="A person has at most five open proposals at a time.",
    remedy="Nothing to do; several papers can stand in one proposal.",
)
FILE_MODE = Rule(
    code="file-mode",
    severity=_ERROR,
    summary="A paper's file is a plain file: no link, no submodule, not executable.",
    remedy="Replace it with a plain file of mode 100644.",
)
NO_PAPER_FILE = Rule(
    code="no-paper-file",
    severity=_ERROR,
    summary="`papers/` holds one YAML file for each paper, and nothing else.",
    remedy="Put each paper into a file of its own, directly in `papers/`, that ends with `.yaml`.",
)
README_REGION_EDITED = Rule(
    code="readme-region-edited",
    severity=_ERROR,
    summary="The marked parts of the README are built from `papers/` and not written by hand.",
    remedy="Take the README out of this pull request, and add the papers as files.",
)
FILE_TOO_LARGE = Rule(
    code="file-too-large",
    severity=_WARNING,
    summary="A file that is read without asking a person is of moderate size.",
    remedy=_NOTHING_TO_DO,
)
TOO_MANY_FILES = Rule(
    code="too-many-files",
    severity=_WARNING,
    summary="A pull request brings at most twenty papers.",
    remedy="A maintainer looks at it; several smaller pull requests go faster.",
)
FILES_OUTSIDE_PAPERS = Rule(
    code="files-outside-papers",
    severity=_WARNING,
    summary="A pull request that proposes papers changes files of `papers/` alone.",
    remedy=_NOTHING_TO_DO,
)
REMOVED_PAPER = Rule(
    code="removed-paper",
    severity=_WARNING,
    summary="A paper is taken off the list for a reason, by a maintainer's decision.",
    remedy="Say in the description why the paper should go.",
)
RENAMED_PAPER = Rule(
    code="renamed-paper",
    severity=_WARNING,
    summary="A listed paper's file keeps its name, unless the paper got an identifier.",
    remedy="Say in the description why the file has another name now.",
)
LINK_OF_ANOTHER = Rule(
    code="link-of-another",
    severity=_WARNING,
    summary="Where a paper that somebody else proposed leads to is a maintainer's call.",
    remedy="Say in the description what was wrong with the value that the list has.",
)
RESERVED_VALUE = Rule(
    code="reserved-value",
    severity=_WARNING,
    summary="Day, key, other titles and withdrawal of a record are a maintainer's call.",
    remedy="Take the line out, or say in the description why it is right.",
)
NEW_README_HOST = Rule(
    code="new-readme-host",
    severity=_NOTICE,
    summary="A link or an image of the README that leads to a new host is looked at by a person.",
    remedy=_NOTHING_TO_DO,
)
KEY_ORDER = Rule(
    code="key-order",
    severity=_NOTICE,
    summary="The lines of a record stand in the order of the schema.",
    remedy="Move the lines; the merge puts them in order otherwise.",
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
