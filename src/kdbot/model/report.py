"""A report: the verdict on a proposal, as a value that renderers tell in their own way."""

from collections.abc import Iterable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from enum import StrEnum
from typing import Literal, Self, TypeAlias

from kdbot.model.finding import Finding
from kdbot.model.paper import Paper
from kdbot.model.proposal import Intent, Origin

StatusState: TypeAlias = Literal["success", "failure", "pending"]
"""States of a commit status (https://docs.github.com/en/rest/commits/statuses)."""


@dataclass(frozen=True, slots=True)
class Label:
    """A label of the repository.

    Attributes:
        name: at most 50 characters.
        color: six hexadecimal digits.
        description: at most 100 characters.
    """

    name: str
    color: str
    description: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What follows from a verdict: its row in the table of verdicts.

    Attributes:
        words: what the terminal says.
        label: the state label of the proposal, or None.
        keeps_label: whether the label is added to the earlier state label, which stays.
        status: the state of the commit status of a pull request.
        writes: whether an acceptance writes the paper.
        closes: whether an issue in which all papers have it may be closed for that, once.
    """

    words: str
    label: Label | None = None
    _: KW_ONLY
    keeps_label: bool = False
    status: StatusState = "success"
    writes: bool = False
    closes: bool = False


_READY = Label("ready", "0e8a16", "Nothing is missing; a maintainer decides")
_NEEDS_CHANGES = Label("needs changes", "fbca04", "The author can fix the listed problems")
_COULD_NOT_CHECK = Label("could not check", "e4e669", "A problem on the bot's side; it tries again")
_MAINTAINER = Label("needs a maintainer", "d93f0b", "Only a maintainer can allow this")
_DUPLICATE = Label("duplicate", "cfd3d7", "Already listed or proposed")


class Verdict(StrEnum):
    """The answer to a proposal, or to one paper of it: the worst of several decides, first here.

    This is the table of verdicts. A new one is a row here and a template of its name,
    `publish/comment/templates/<verdict>.md.j2`.
    """

    outcome: Outcome

    def __new__(cls, name: str, outcome: Outcome) -> Self:
        """Make a verdict of its name and its row."""
        verdict = str.__new__(cls, name)
        verdict._value_ = name
        verdict.outcome = outcome
        return verdict

    # fmt: off
    NEEDS_CHANGES = "needs-changes", Outcome("needs changes", _NEEDS_CHANGES, status="failure")
    COULD_NOT_CHECK = (
        "could-not-check",
        Outcome("could not check", _COULD_NOT_CHECK, status="pending", keeps_label=True),
    )
    NEEDS_MAINTAINER = (
        "needs-maintainer", Outcome("needs a maintainer", _MAINTAINER, status="pending")
    )
    DUPLICATE = (
        "duplicate",
        Outcome("already listed or proposed", _DUPLICATE, status="failure", closes=True),
    )
    UPDATE = "update", Outcome("ready: changes a listed paper", _READY, writes=True)
    READY = "ready", Outcome("ready", _READY, writes=True)
    NOT_A_PROPOSAL = "not-a-proposal", Outcome("not a proposal")
    # fmt: on


_WORST_FIRST = tuple(Verdict)

WRITTEN = frozenset(verdict for verdict in Verdict if verdict.outcome.writes)
"""Verdicts of the papers that an acceptance writes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperReport:
    """The verdict on one paper.

    Attributes:
        paper: the record as it would be written.
        file: its path in the repository.
        verdict: the answer.
        findings: what was noticed, errors first, then in field order.
        before: the listed record that an update or a duplicate is about, or None.
        origins: where each field of the record was read.
        original: number of the older open proposal of the same paper, or None.
        likely_categories: paths of up to three likely ones, where the paper has none.
        intent: what was asked for this paper.
        read_from: where the text about it stands.
        short_name: the name that the text gives a paper without a title, or None.
        warning: what a maintainer has to know first, such as a retraction, or None.
    """

    paper: Paper
    file: str
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    before: Paper | None = None
    origins: Mapping[str, Origin] = field(default_factory=dict)
    original: int | None = None
    likely_categories: tuple[str, ...] = ()
    intent: Intent = Intent.ADD
    read_from: Origin = Origin.TEXT
    short_name: str | None = None
    warning: Finding | None = None

    @property
    def needs_categories(self) -> bool:
        """Whether a maintainer has to choose its categories before it can be written."""
        return self.verdict in WRITTEN and not self.paper.categories


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The verdict on a proposal: that of its worst paper.

    Attributes:
        verdict: the answer.
        papers: one for each paper, in the proposal's order.
        findings: what concerns the proposal as a whole.
    """

    verdict: Verdict
    papers: tuple[PaperReport, ...] = ()
    findings: tuple[Finding, ...] = ()


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the verdict that decides for a proposal of several papers."""
    return min(verdicts, key=_WORST_FIRST.index, default=Verdict.NOT_A_PROPOSAL)
