"""`kdbot validate`: are all papers, or the given files, as they should be?"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from kdbot.flows.job import open_job
from kdbot.flows.list.checked_list import check_files, check_list
from kdbot.flows.output import use_color
from kdbot.model.finding import Finding, Severity, has_errors
from kdbot.model.paper import PAPERS
from kdbot.publish.comment.words import OVERRIDES, check_templates
from kdbot.publish.report import render_annotations, render_findings_json, render_findings_text
from kdbot.storage.declined import load_declined
from kdbot.storage.files import load_templates
from kdbot.storage.repository import load_settings


def validate(root: Path, files: Sequence[Path], form: str, environment: Mapping[str, str]) -> int:
    """Print what is found, by file and line, and return the exit status.

    The text names a given file as the call does; the other formats by its place in the list.

    Args:
        root: the list.
        files: the files to look at; none for all.
        form: `text`, `json` or `github`.
        environment: for NO_COLOR, and for the job's summary, which `github` writes: of annotations
            GitHub shows ten of a kind.

    Raises:
        KdbotError: the settings, the schema, the taxonomy, the venues or the declined papers cannot
            be read.
    """
    load_settings(root, environment)
    load_declined(root)
    if files:
        findings = check_files(root, files)
    else:
        findings = (*check_list(root).findings, *check_templates(load_templates(root, OVERRIDES)))
    findings = tuple(sorted(findings, key=lambda found: (found.file or "", found.line or 0)))
    if form == "json":
        sys.stdout.write(render_findings_json(findings))
    elif form == "github":
        sys.stdout.write(render_annotations(findings))
        job = open_job(environment)
        for line in (*render_findings_text(findings).splitlines(), _summary(findings)):
            job.summarize(line)
    else:
        given = {f"{PAPERS}/{path.name}": str(path) for path in files}
        shown = (replace(f, file=given.get(str(f.file), f.file)) for f in findings)
        sys.stdout.write(render_findings_text(shown, color=use_color(sys.stdout, environment)))
    print(_summary(findings), file=sys.stderr)
    return 1 if has_errors(findings) else 0


def _summary(findings: Sequence[Finding]) -> str:
    counts = [
        f"{count} {severity}{'' if count == 1 else 's'}"
        for severity in Severity
        if (count := sum(finding.severity is severity for finding in findings))
    ]
    return ", ".join(counts) or "no findings"
