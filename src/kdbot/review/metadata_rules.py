"""The rules about what metadata services say of a paper."""

from kdbot.model.finding import Rule, Severity

_ERROR, _WARNING, _NOTICE = Severity.ERROR, Severity.WARNING, Severity.NOTICE

TITLE_MISMATCH = Rule(
    code="title-mismatch",
    severity=_WARNING,
    summary="The title is that of the paper which the identifier names.",
    remedy="Check which of the two is meant, and correct the other one.",
)
UNKNOWN_PAPER = Rule(
    code="unknown-paper",
    severity=_ERROR,
    summary="An arXiv identifier is one that arXiv has given out.",
    remedy="Copy the identifier from the paper's page on arXiv.",
)
WITHDRAWN_PAPER = Rule(
    code="withdrawn-paper",
    severity=_WARNING,
    summary="A paper that its authors have taken back is marked as withdrawn.",
    remedy="Nothing to do; a maintainer decides whether the list keeps the paper.",
)
PUBLISHED_SINCE = Rule(
    code="published-since",
    severity=_NOTICE,
    summary="A paper that has been published bears the venue and not the preprint server.",
    remedy="Write the venue, if it is this paper's.",
)
SUGGESTED_LINK = Rule(
    code="suggested-link",
    severity=_NOTICE,
    summary="Links that others tie to a paper are told, and are added by people alone.",
    remedy="Add the link if it is the authors' own.",
)
METADATA_NOT_CHECKED = Rule(
    code="metadata-not-checked",
    severity=_NOTICE,
    summary="What a service that could not be asked would say of a paper is not known.",
    remedy="Nothing to do; this is on my side, and is checked again by the weekly audit.",
)
RULES = tuple(value for value in tuple(globals().values()) if isinstance(value, Rule))
