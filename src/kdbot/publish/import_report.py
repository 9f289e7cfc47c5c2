"""The report of an import as a page of Markdown, and its first lines for a terminal."""

from collections.abc import Callable, Iterator

from kdbot.model.import_report import ImportReport, Remark
from kdbot.publish.markdown import escape_text, visible_text

IMPORT_REPORT = "import-report.md"
_TERMINAL_LINES = 10
_SHOWN = 60
"""Remarks of one kind that stand open; the rest is folded."""


def render_import_report(report: ImportReport, address_of: Callable[[str, int], str]) -> str:
    """Return the page.

    Args:
        report: what it says.
        address_of: gives the address of a line of a source.
    """
    parts = ["# Import report\n"]
    parts.append("".join(f"- {escape_text(line)}\n" for line in report.summary))
    for group in report.groups:
        parts.append(f"## {escape_text(group.title)} ({len(group.remarks):,})\n")
        if group.advice:
            parts.append(f"{escape_text(group.advice)}\n")
        lines = [_remark(remark, address_of) for remark in group.remarks]
        parts.append("".join(lines[:_SHOWN]))
        if rest := lines[_SHOWN:]:
            parts.append(f"<details><summary>{len(rest):,} more</summary>\n")
            parts.append("".join(rest))
            parts.append("</details>\n")
    return "\n".join(parts)


def _remark(remark: Remark, address_of: Callable[[str, int], str]) -> str:
    where = escape_text(remark.file)
    if remark.line is not None:
        where = f"[{where}, line {remark.line:,}]({address_of(remark.file, remark.line)})"
    # Addresses stay as they are written, to be searched for and copied.
    words = f"<{remark.text}>" if _is_address(remark.text) else _quoted(remark.text)
    return f"- {where}: {words} ({escape_text(remark.reason)})\n"


def _is_address(text: str) -> bool:
    return text.startswith(("http://", "https://")) and not any(c in text for c in " <>")


def _quoted(text: str) -> str:
    """Return words as code, in which nothing is Markdown and an address stays whole."""
    text = visible_text(text)
    fence = "`"
    while fence in text:
        fence += "`"
    space = " " if text[:1] == "`" or text[-1:] == "`" else ""
    return f"{fence}{space}{text}{space}{fence}"


def first_lines(report: ImportReport, where: str) -> Iterator[str]:
    """Yield what a terminal shows: the figures, what to decide, and where the rest is."""
    shown = [*report.summary]
    for group in report.groups:
        first = group.remarks[0]
        place = f"{first.file}:{first.line}" if first.line else first.file
        example = visible_text(first.text)[:70]
        shown.append(f"{group.title}: {len(group.remarks):,}, such as {place}: {example}")
    yield from shown[: _TERMINAL_LINES - 1]
    yield f"See {where} for all of them"
