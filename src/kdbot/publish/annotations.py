"""Findings as workflow commands: GitHub shows them at file and line.

The only place that writes lines which begin with `::`.
"""

from collections.abc import Iterable

from kdbot.model.finding import Finding, Severity
from kdbot.publish.markdown import visible_text

_COMMANDS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.NOTICE: "notice",
}


def render_annotations(findings: Iterable[Finding]) -> str:
    """Return one workflow command a line.

    Escapes are those of GitHub's own toolkit: `%`, CR and LF in the message, `:` and `,` as well
    in the properties.
    """
    return "".join(map(_annotation, findings))


def _annotation(finding: Finding) -> str:
    properties = {
        "file": finding.file,
        "line": finding.line if finding.file else None,
        "title": finding.code,
    }
    listed = ",".join(
        f"{name}={_escape_property(visible_text(str(value)))}"
        for name, value in properties.items()
        if value is not None
    )
    lines = [visible_text(text) for text in (finding.message, finding.fix) if text]
    message = _escape("\n".join(lines))
    return f"::{_COMMANDS[finding.severity]} {listed}::{message}\n"


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")
