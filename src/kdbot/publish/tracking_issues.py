"""The bot's tracking issues: what is wrong with the repository, and which files need a fix."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote as quote_path

from kdbot.model.collection import BrokenFile
from kdbot.model.finding import Finding, Severity
from kdbot.publish.comment.sections import Section, render_sections
from kdbot.publish.markdown import escape_code, escape_message, is_address, link, visible_text
from kdbot.publish.report import finding_object
from kdbot.publish.text import render_findings_text

DOCTOR_MARKER = "<!-- kdbot:doctor -->"
DOCTOR_TITLE = "Repository check"

_HEADINGS = {
    Severity.ERROR: "To fix",
    Severity.WARNING: "To look at",
    Severity.NOTICE: "Good to know",
}
_DOCTOR_FOOT = (
    "<sub>I check the repository once a week, rewrite this issue, and close it when nothing is "
    "left. `kdbot doctor` checks now; `kdbot setup` fixes most of it.</sub>"
)

BROKEN_FILES_MARKER = "<!-- kdbot:broken-files -->"
BROKEN_FILES_TITLE = "Files of the list that need a fix"

_SHORT = 10  # digits of a commit
_MOST_FINDINGS = 5  # of one file
_BROKEN_FILES_FOOT = (
    "<sub>I rewrite this issue when something changes, and close it when every file is in order. "
    "`kdbot validate` says the same on a laptop.</sub>"
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
        Section(heading=heading, items=list(_doctor_items(diagnosis, severity)))
        for severity, heading in _HEADINGS.items()
    ]
    unknown = [
        f"- {escape_message(what)}: {escape_message(reason)}" for what, reason in diagnosis.unknown
    ]
    note = "The token of the job may not read this; `kdbot doctor` with an owner's token can."
    sections.append(Section(heading="Unknown", items=unknown, note=note, folded=True))
    return render_sections(head, sections, _DOCTOR_FOOT)


def _doctor_items(diagnosis: Diagnosis, severity: Severity) -> Iterator[str]:
    for finding, place in diagnosis.findings:
        if finding.severity is severity:
            where = link("Open", place) if is_address(place) else escape_message(f"`{place}`")
            yield (
                f"- {escape_message(finding.message)} {escape_message(finding.fix or '')} "
                f"({where}, `{finding.code}`)"
            )


def kept_words(broken: BrokenFile, *, shown: bool) -> str:
    """Return the sentence that says what readers see of a broken file.

    Args:
        broken: the file.
        shown: whether readers see the paper at all.
    """
    if broken.kept:
        return f"The list shows the paper as of commit {broken.kept[:_SHORT]}."
    if shown:
        return "No earlier version could be had; the README keeps the rows that it has."
    return "No earlier version could be had, so the list does not show the paper."


def render_broken_files_issue(
    files: Sequence[BrokenFile], shown: frozenset[str], repository_url: str
) -> str:
    """Return the text of the issue, its marker on the first line.

    Args:
        files: what is broken.
        shown: those paths among them that readers see the paper of.
        repository_url: page of the repository.
    """
    if not files:
        head = f"{BROKEN_FILES_MARKER}\n**Every file is in order** ✅"
        return render_sections(head, [], _BROKEN_FILES_FOOT)
    many = "A file of the list needs" if len(files) == 1 else f"{len(files)} files need"
    head = (
        f"{BROKEN_FILES_MARKER}\n**{many} a fix** — everything else goes on. Until then I change "
        "nothing in what is named here, and answer proposals about it with *could not check*."
    )
    items = [_broken_file(file, shown, repository_url) for file in files]
    return render_sections(head, [Section(heading="To fix", items=items)], _BROKEN_FILES_FOOT)


def _broken_file(broken: BrokenFile, shown: frozenset[str], repository_url: str) -> str:
    lines = [f"- {_place(broken, repository_url)}{_since(broken, repository_url)}:"]
    for finding in broken.findings[:_MOST_FINDINGS]:
        line = f"Line {finding.line}: " if finding.line else ""
        fix = f" {escape_message(finding.fix)}" if finding.fix else ""
        lines.append(f"  - {line}{escape_message(finding.message)}{fix}")
        if finding.replacement:
            lines.append(f"    Write {escape_code(finding.replacement)}.")
    if (more := len(broken.findings) - _MOST_FINDINGS) > 0:
        lines.append(f"  - And {more} more.")
    if broken.file.startswith("papers/"):
        lines.append(f"  - {kept_words(broken, shown=broken.file in shown)}")
    if broken.kept and broken.findings[0].code.startswith("yaml-"):
        command = f"git checkout {broken.kept[:_SHORT]} -- {broken.file}"
        lines.append(f"  - Or take that version back: {escape_code(command)}")
    return "\n".join(lines)


def _place(broken: BrokenFile, repository_url: str) -> str:
    line = broken.findings[0].line
    anchor = f"#L{line}" if line else ""
    words = f"{broken.file}, line {line}" if line else broken.file
    where = f"blob/{broken.commit or 'HEAD'}/{quote_path(broken.file)}?plain=1{anchor}"
    return link(words, f"{repository_url}/{where}")


def _since(broken: BrokenFile, repository_url: str) -> str:
    if not broken.commit:
        return ""
    commit = link(broken.commit[:_SHORT], f"{repository_url}/commit/{broken.commit}")
    return f", since commit {commit}"
