"""The rules about papers that are the same, or look the same, and about changes of a listed one."""

from kdbot.model.collection import BROKEN_FILE_CODE, IDENTIFIER_FIELDS
from kdbot.model.finding import Rule, Severity
from kdbot.model.identifiers import IdentifierKind

_ERROR, _WARNING, _NOTICE = Severity.ERROR, Severity.WARNING, Severity.NOTICE


def _same_identifier(name: str, label: str) -> Rule:
    return Rule(
        code=f"duplicate-{name}",
        severity=_ERROR,
        summary=f"One {label} stands for one paper, and one paper has one record.",
        remedy="Nothing to add; if the listed paper lacks something, say what.",
    )


DUPLICATE_URL = _same_identifier("url", "address")
DUPLICATE_BY_KIND = {
    IdentifierKind.ARXIV: _same_identifier("arxiv", "arXiv identifier"),
    IdentifierKind.DOI: _same_identifier("doi", "DOI"),
    IdentifierKind.ACL: _same_identifier("acl", "ACL Anthology identifier"),
    IdentifierKind.OPENREVIEW: _same_identifier("openreview", "OpenReview forum"),
    IdentifierKind.URL: DUPLICATE_URL,
}
FIELD_BY_KIND = {**dict(IDENTIFIER_FIELDS), IdentifierKind.URL: "url"}
DUPLICATE_TITLE = Rule(
    code="duplicate-title",
    severity=_ERROR,
    summary="Two records do not share a title, case and punctuation aside.",
    remedy="If it is another paper, say so, with its identifier.",
)
DUPLICATE_PROPOSAL = Rule(
    code="duplicate-proposal",
    severity=_ERROR,
    summary="Of two open proposals of one paper the older one is kept.",
    remedy="Add what is missing to the older proposal.",
)
REPEATED_IN_PROPOSAL = Rule(
    code="repeated-in-proposal",
    severity=_ERROR,
    summary="A proposal names each paper once.",
    remedy="Put everything about the paper into one place, and remove the other.",
)
SIMILAR_TITLE = Rule(
    code="similar-title",
    severity=_WARNING,
    summary="A title that is much like a listed one is looked at by a person.",
    remedy="If it is the same paper, say so; otherwise there is nothing to do.",
)
SHARED_URL = Rule(
    code="shared-url",
    severity=_WARNING,
    summary="A page that several papers share, such as a personal site, proves nothing.",
    remedy="Write the address of the paper itself.",
)
IDENTIFIER_CONFLICT = Rule(
    code="identifier-conflict",
    severity=_ERROR,
    summary="One paper does not have two identifiers of the same kind.",
    remedy="Check the identifier; if this is another paper of the same title, say so.",
)
TITLE_CONFLICT = Rule(
    code="title-conflict",
    severity=_ERROR,
    summary="One identifier does not go with two quite different titles.",
    remedy="Check the identifier and the title against the paper's page.",
)
CHANGED_VALUE = Rule(
    code="changed-value",
    severity=_WARNING,
    summary="A change of what the list says about a paper is seen by a person.",
    remedy="Nothing to do; a maintainer looks at the change.",
)
REMOVED_VALUE = Rule(
    code="removed-value",
    severity=_WARNING,
    summary="Taking away what the list says about a paper is seen by a person.",
    remedy="Say in the description why the value goes, or put it back.",
)
KEPT_VALUE = Rule(
    code="kept-value",
    severity=_NOTICE,
    summary="A proposal to add a paper does not overwrite what the list says about it.",
    remedy="If the list is wrong, say so in a correction.",
)
MATCHED_BY_NAME = Rule(
    code="matched-by-name",
    severity=_WARNING,
    summary="A paper that was named by its short name alone is confirmed by a person.",
    remedy="If another paper is meant, write its identifier.",
)
NOT_LISTED = Rule(
    code="not-listed",
    severity=_NOTICE,
    summary="A correction is about a paper of the list; any other is taken for a new one.",
    remedy="If the paper is listed under another title, write its identifier.",
)
BROKEN_FILE = Rule(
    code=BROKEN_FILE_CODE,
    severity=_WARNING,
    summary="A paper is compared with its file in the list, which has to be readable and valid.",
    remedy="There is nothing to do for you: I look again as soon as a maintainer has fixed it.",
)
RULES = (
    *DUPLICATE_BY_KIND.values(),
    *(
        value
        for value in tuple(globals().values())
        if isinstance(value, Rule) and value is not DUPLICATE_URL
    ),
)
