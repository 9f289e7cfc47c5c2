"""Findings in a comment: numbered fixes in the open, remarks in a fold."""

from collections.abc import Sequence

from kdbot.model.finding import Finding, Severity
from kdbot.publish.comment_context import CommentContext, ItemKind
from kdbot.publish.markdown import escape_message

_MESSAGE_LIMIT = 3_000
"""Characters of a message or fix that are shown, before escaping."""


def render_fixes(findings: Sequence[Finding], context: CommentContext) -> str:
    """Return a numbered list of what has to be mended."""
    return "\n".join(
        f"{number}. {_finding_text(finding, context)}" for number, finding in enumerate(findings, 1)
    )


def render_list(findings: Sequence[Finding], context: CommentContext) -> str:
    """Return a list of findings that ask for nothing."""
    return "\n".join(f"- {_finding_text(finding, context)}" for finding in findings)


def render_remarks(findings: Sequence[Finding], context: CommentContext) -> str:
    """Return the findings that block nothing, folded; nothing where there are none."""
    if not findings:
        return ""
    items = render_list(findings, context)
    count = "1 remark that does" if len(findings) == 1 else f"{len(findings)} remarks that do"
    return fold(f"{count} not block", items)


def fold(summary: str, body: str) -> str:
    """Return a part that opens on a click; `summary` is our own text."""
    return f"<details>\n<summary>{summary}</summary>\n\n{body}\n\n</details>"


def is_fix(finding: Finding) -> bool:
    """Tell whether a finding has to be mended before the paper can be added."""
    return finding.severity is Severity.ERROR


def _finding_text(finding: Finding, context: CommentContext) -> str:
    subject = f"**{context.label(finding.field)}** — " if finding.field else ""
    place = ""
    if context.kind is ItemKind.PULL and finding.file and finding.line:
        place = f"{context.place_link(finding.file, finding.line)}: "
    words = [_sentence(text) for text in (finding.message, finding.fix) if text]
    return f"{place}{subject}{' '.join(words)} ({context.code_link(finding.code)})"


def _sentence(text: str) -> str:
    shown = text.strip()
    if len(shown) > _MESSAGE_LIMIT:
        shown = shown[: _MESSAGE_LIMIT - 1]
        shown += "`…" if shown.count("`") % 2 else "…"
    elif not shown.endswith((".", "!", "?", ":", "…")):
        shown += "."
    return escape_message(shown)
