"""The table of all findings, for `docs/findings.md`: an anchor and a row for each code."""

from collections.abc import Iterable

from kdbot.model.finding import Rule, Severity
from kdbot.publish.markdown import escape_message

FINDINGS = "docs/findings.md"

_HEAD = """\
<!-- Generated from the code by `kdbot build`; edits are overwritten. -->

# Findings

Everything that kdbot can find, with its stable code. The comment, the annotations, the terminal
and the JSON all use these codes; a link such as `docs/findings.md#dead-link` leads to a row.

- An **error** has to be mended before a paper can be added.
- A **warning** asks a maintainer to look.
- A **notice** informs and asks for nothing.

What `kdbot doctor` finds is about the repository and its settings, not about a paper: an error
there keeps the bot from its work.
"""
_HEADINGS = {
    Severity.ERROR: "Errors",
    Severity.WARNING: "Warnings",
    Severity.NOTICE: "Notices",
}


def render_findings_table(rules: Iterable[Rule]) -> str:
    """Return the page: the rules by severity, then by code, each code an anchor."""
    ordered = sorted(rules, key=lambda rule: rule.code)
    parts = [_HEAD]
    for severity, heading in _HEADINGS.items():
        rows = [_row(rule) for rule in ordered if rule.severity is severity]
        if rows:
            head = "| Code | What is asked for | How to mend it |\n| :--- | :--- | :--- |\n"
            parts.append(f"## {heading}\n\n{head}{''.join(rows)}")
    return "\n".join(parts)


def _row(rule: Rule) -> str:
    code = f'<a id="{rule.code}"></a>[`{rule.code}`](#{rule.code})'
    return f"| {code} | {escape_message(rule.summary)} | {escape_message(rule.remedy)} |\n"
