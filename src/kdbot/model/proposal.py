"""A proposal: what a person asks for, with where each value was read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from kdbot.model.finding import Finding


class Origin(StrEnum):
    """Where a value was read; the words are shown to people.

    A metadata service is one row here and the module of that name in `kdbot.web.metadata`. The
    services are asked in this order.

    Attributes:
        address: where the service is asked unless `[services]` says otherwise; empty for others.
        gives: what it knows, for the reference of the settings.
    """

    address: str
    gives: str

    def __new__(cls, words: str, address: str = "", gives: str = "") -> Self:
        """Make a member whose value is only its text."""
        member = str.__new__(cls, words)
        member._value_ = words
        member.address, member.gives = address, gives
        return member

    @property
    def setting(self) -> str:
        """The key of the service in `[services]`."""
        return self.name.lower().replace("_", "")

    FORM = "the form"
    TEXT = "your text"
    TITLE = "the issue's title"
    FILE = "the file"
    ROW = "the README row"
    COMMENT = "my comment"
    COMMAND = "a command"
    IDENTIFIER = "the arXiv identifier"
    # fmt: off
    ARXIV = "arXiv", "https://export.arxiv.org", "titles, authors and dates of preprints."
    DATACITE = (
        "DataCite", "https://api.datacite.org",
        "the same for arXiv DOIs, when arXiv does not answer.",
    )
    SEMANTIC_SCHOLAR = (
        "Semantic Scholar", "https://api.semanticscholar.org", "venues, many papers per request."
    )
    CROSSREF = "Crossref", "https://api.crossref.org", "retractions and corrections, by DOI."
    DBLP = "DBLP", "https://dblp.org", "venues and the papers published there."
    OPENREVIEW = "OpenReview", "https://api2.openreview.net", "forums and their decisions."
    HUGGING_FACE = (
        "Hugging Face", "https://huggingface.co", "paper pages and their repositories."
    )
    # fmt: on


class Intent(StrEnum):
    """What a proposal, or its text about one paper, is for.

    `ADD` asks to list the paper. `UPDATE` corrects a listed paper and states the new value,
    `REMOVE` asks to remove one, `SPOKEN_OF` says of one that something is wrong without saying
    what is right, and `UNSURE` names a paper for a reason that is not clear. `NONE`, of a whole
    proposal only, means that the bot has nothing to say.
    """

    ADD = "add"
    UPDATE = "update"
    REMOVE = "remove"
    SPOKEN_OF = "spoken-of"
    UNSURE = "unsure"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One field as it was given.

    Attributes:
        value: text, list of text, or true/false; of any JSON-like shape where a file is wrong.
        origin: where it was read.
        line: line of the value in its file, counted from 1, or None.
        item_lines: lines of a list's items, where they have any.
    """

    value: Any
    origin: Origin
    line: int | None = None
    item_lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One paper as proposed, before any rule has been applied.

    The keys of `given` are the record's field names; a paper's address or identifier of any kind
    is under `url` until the review has found which identifier it is.

    Attributes:
        given: fields as read.
        intent: what is asked for this paper.
        names: of a paper that may be listed, the titles, identifiers, addresses and short names
            by which the text calls it, the surest first. The review finds the record by them, and
            by `given` where there are none; with names, `given` has only new values.
        replaced: of an update, the fields whose listed value is called wrong, with the old values
            that the text states; none where the listed value is meant, whatever it is.
        unread: of an update, what was not understood, as written.
        file: path of the record in the repository, where the proposal is a file.
        short_name: an acronym that was given instead of a title.
        asked: of an unsure one, whether words ask for a paper, so that a short name or a page names
            it well enough.
        findings: what the intake noticed about this paper.
        read_from: where the text about it was found.
        source: text of the file, from which the suggested lines are made.
    """

    given: Mapping[str, Given]
    intent: Intent = Intent.ADD
    names: tuple[str, ...] = ()
    replaced: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    file: str | None = None
    short_name: str | None = None
    asked: bool = False
    findings: tuple[Finding, ...] = ()
    read_from: Origin = Origin.TEXT
    source: str | None = None

    @property
    def updates(self) -> bool:
        """Whether it states new values of a listed paper."""
        return self.intent is Intent.UPDATE


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Everything that one issue, pull request or file proposes.

    Attributes:
        intent: what it is for as a whole; each candidate has its own. `NONE` means silence.
        candidates: the papers, in the order of the text.
        findings: what the intake noticed about the text as a whole.
        remarks: free words for the maintainers, or None.
    """

    intent: Intent
    candidates: tuple[Candidate, ...] = ()
    findings: tuple[Finding, ...] = field(default=())
    remarks: str | None = None
