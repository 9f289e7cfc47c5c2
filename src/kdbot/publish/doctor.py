"""What `kdbot doctor` has found: for the terminal, as JSON, and as an issue or a job's summary."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kdbot.model.finding import Finding, Severity
from kdbot.publish.markdown import escape_message, is_address, link, visible_text
from kdbot.publish.report_json import finding_object
from kdbot.publish.sections import Section, render_sections
from kdbot.publish.text import render_findings_text

DOCTOR_MARKER = "<!-- kdbot:doctor -->"
DOCTOR_TITLE = "Repository check"

_HEADINGS = {
    Severity.ERROR: "To fix",
    Severity.WARNING: "To look at",
    Severity.NOTICE: "Good to know",
}
_FOOT = (
    "<sub>I check the repository once a week, rewrite this issue, and close it when nothing is "
    "left. `kdbot doctor` checks now; `kdbot setup` fixes most of it.</sub>"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """The state of a repository, judged.

    Attributes:
        repository: `owner/name`.
        findings: what was found, each with where it is put right: a file or an address.
        unknown: what could not be read, each with the reason.
    """

    repository: str
    findings: Sequence[tuple[Finding, str]]
    unknown: Sequence[tuple[str, str]]

    @property
    def needs_work(self) -> bool:
        """Whether anything is more than a notice."""
        return any(finding.severity is not Severity.NOTICE for finding, _ in self.findings)


def render_diagnosis_text(diagnosis: Diagnosis, *, color: bool = False) -> str:
    """Return the diagnosis for the terminal."""
    parts = []
    for finding, place in diagnosis.findings:
        parts.append(render_findings_text((finding,), color=color))
        if not finding.file:
            parts.append(f"    {visible_text(place)}\n")
    parts += [
        f"unknown: {visible_text(what)}: {visible_text(reason)}\n"
        for what, reason in diagnosis.unknown
    ]
    return "".join(parts)


def render_diagnosis_json(diagnosis: Diagnosis) -> str:
    """Return the diagnosis as one JSON object, in ASCII."""
    value = {
        "repository": diagnosis.repository,
        "findings": [
            {**finding_object(finding), "place": place} for finding, place in diagnosis.findings
        ],
        "unknown": [{"what": what, "reason": reason} for what, reason in diagnosis.unknown],
    }
    return json.dumps(value, indent=2) + "\n"


def render_diagnosis(diagnosis: Diagnosis) -> str:
    """Return the diagnosis in Markdown, for the issue and for the summary of a job."""
    head = f"**No problems found**{' in what I may read' if diagnosis.unknown else ''} ✅"
    if diagnosis.needs_work:
        head = "**Action needed**: something keeps the bot from its work."
    sections = [
        Section(heading=heading, items=list(_items(diagnosis, severity)))
        for severity, heading in _HEADINGS.items()
    ]
    unknown = [
        f"- {escape_message(what)}: {escape_message(reason)}" for what, reason in diagnosis.unknown
    ]
    note = "The token of the job may not read this; `kdbot doctor` with an owner's token can."
    sections.append(Section(heading="Unknown", items=unknown, note=note, folded=True))
    return render_sections(head, sections, _FOOT)


def _items(diagnosis: Diagnosis, severity: Severity) -> Iterator[str]:
    for finding, place in diagnosis.findings:
        if finding.severity is severity:
            where = link("Open", place) if is_address(place) else escape_message(f"`{place}`")
            yield (
                f"- {escape_message(finding.message)} {escape_message(finding.fix or '')} "
                f"({where}, `{finding.code}`)"
            )
