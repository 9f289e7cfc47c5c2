"""Findings in a comment: numbered fixes in the open, remarks in a fold."""

from collections.abc import Iterable, Sequence

from kdbot.model.finding import Finding, Severity
from kdbot.publish.comment.context import CommentContext, ItemKind
from kdbot.publish.markdown import escape_code, escape_message, escape_text

_MESSAGE_LIMIT = 3_000
"""Characters of a message or fix that are shown, before escaping."""

_CATEGORY_CODES = frozenset({"missing-category", "unknown-category"})
_SHORT_MESSAGE = 250


def render_fixes(findings: Sequence[Finding], context: CommentContext, first: int = 1) -> str:
    """Return a list of what has to be mended, numbered from `first`."""
    return "\n".join(
        f"{number}. {_finding_text(finding, context)}"
        for number, finding in enumerate(findings, first)
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


def render_categories(findings: Iterable[Finding], context: CommentContext) -> str:
    """Return the folded list of all categories, where one of the findings asks to choose.

    A form shows titles, a file holds paths.
    """
    if not any(map(_asks_to_choose, findings)):
        return ""
    as_paths = context.kind is ItemKind.PULL
    branches: dict[str, list[str]] = {}
    for leaf in context.taxonomy.leaves:
        above = context.category(leaf.parent) if leaf.parent else ""
        name = escape_code(leaf.path) if as_paths else escape_text(leaf.title)
        branches.setdefault(above, []).append(name)
    lines = [
        f"- {above}{': ' * bool(above)}{', '.join(names)}" for above, names in branches.items()
    ]
    return fold(f"The {len(context.taxonomy.leaves)} categories of the list", "\n".join(lines))


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
    message, fix = finding.message, finding.fix
    if _asks_to_choose(finding):
        # The message names all categories; here they stand once, below the findings.
        message, fix = message.partition(". ")[0], "Choose one or more of those listed below"
    words = [_sentence(text) for text in (message, fix) if text]
    return f"{place}{subject}{' '.join(words)} ({context.code_link(finding.code)})"


def _asks_to_choose(finding: Finding) -> bool:
    return finding.code in _CATEGORY_CODES and len(finding.message) > _SHORT_MESSAGE


def message_text(text: str) -> str:
    """Return a finding's words as Markdown, of which the first `_MESSAGE_LIMIT` are shown."""
    shown = text.strip()
    if len(shown) > _MESSAGE_LIMIT:
        shown = shown[: _MESSAGE_LIMIT - 1]
        shown += "`…" if shown.count("`") % 2 else "…"
    return escape_message(shown)


def _sentence(text: str) -> str:
    stripped = text.strip()
    ends = len(stripped) > _MESSAGE_LIMIT or stripped.endswith((".", "!", "?", ":", "…"))
    return message_text(stripped if ends else f"{stripped}.")
