"""Findings: what is wrong, where it is and what to write instead."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial

_QUOTE_LIMIT = 80
_LONG_QUOTE_LIMIT = 160


class Severity(StrEnum):
    """Say what a finding does: an error blocks, a warning asks a person, a notice informs."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that a person should know about a proposal or a file.

    Values that come from outside are between backticks in `message` and `fix`, put there by
    `quote`; renderers split at the backticks and escape both halves for their own medium.

    Attributes:
        code: stable kebab-case name of the rule.
        severity: whether it blocks.
        message: one or two sentences: what was read and why it is a problem.
        fix: what to write instead, in the imperative; None if there is nothing to do.
        field: name of the paper's field, as in the YAML; None for the proposal as a whole.
        file: path in the repository, where the finding has one.
        line: line in that file, counted from 1.
        replacement: the text that fixes that line when it takes the line's place, newline
            excluded; None where no such text is known.
    """

    code: str
    severity: Severity
    message: str
    fix: str | None = None
    field: str | None = None
    file: str | None = None
    line: int | None = None
    replacement: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of finding: the row of its code in the generated table of findings.

    Attributes:
        severity: the usual severity of its findings.
        code: stable kebab-case name.
        summary: what the rule asks for, one sentence.
        remedy: how to fix a breach, one sentence.
        since: the first version of kdbot that has the code.
    """

    severity: Severity
    code: str
    summary: str
    remedy: str
    since: str = field(default="0.1.0", kw_only=True)

    def finding(
        self,
        message: str,
        *,
        fix: str | None = None,
        field: str | None = None,
        file: str | None = None,
        line: int | None = None,
        replacement: str | None = None,
        severity: Severity | None = None,
    ) -> Finding:
        """Return a finding of this rule; `fix` falls back to the rule's remedy."""
        return Finding(
            code=self.code,
            severity=self.severity if severity is None else severity,
            message=message,
            fix=self.remedy if fix is None else fix,
            field=field,
            file=file,
            line=line,
            replacement=replacement,
        )


error_rule = partial(Rule, Severity.ERROR)
"""A rule whose breach blocks: its code, summary and remedy."""
warning_rule = partial(Rule, Severity.WARNING)
"""A rule whose breach asks a person."""
notice_rule = partial(Rule, Severity.NOTICE)
"""A rule whose findings inform."""


def quote(value: object, limit: int = _QUOTE_LIMIT) -> str:
    """Return the value between backticks, on one line, cut to `limit` characters.

    Backticks inside become apostrophes and unprintable characters a visible escape, so that the
    pair of backticks around the value is the only one.
    """
    text = " ".join(str(value).split()).replace("`", "'")
    text = text[: limit + 1]
    if not text.isprintable():
        text = "".join(c if c.isprintable() else f"\\u{{{ord(c):x}}}" for c in text)
    return f"`{text}`" if len(text) <= limit else f"`{text[: limit - 1]}…`"


def quote_long(value: object) -> str:
    """Return a title, a path or an address as `quote` does, with more of it."""
    return quote(value, _LONG_QUOTE_LIMIT)


def name_some(names: Sequence[str], most: int, separator: str = ", ") -> str:
    """Return the first names in one sentence's part, and how many there are beside them."""
    shown = separator.join(names[:most])
    return f"{shown} and {len(names) - most:,} more" if len(names) > most else shown


def has_errors(findings: Iterable[Finding]) -> bool:
    """Tell whether any of the findings blocks."""
    return any(finding.severity is Severity.ERROR for finding in findings)
