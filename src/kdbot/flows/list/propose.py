"""`kdbot propose`: what the bot would answer, on a laptop and without network."""

import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from kdbot.flows.proposal.reading import comment_context, read_proposal
from kdbot.intake.readme_diff import parse_readme_diff
from kdbot.model.collection import Collection
from kdbot.model.evidence import Evidence
from kdbot.model.finding import has_errors
from kdbot.model.proposal import Proposal
from kdbot.model.report import Report, Verdict
from kdbot.model.settings import Settings
from kdbot.publish.comment.context import CommentContext
from kdbot.publish.comment.render import render_comment
from kdbot.publish.comment.words import OVERRIDES, Words
from kdbot.publish.report import files_to_write, render_report_json
from kdbot.review.proposal import review
from kdbot.storage.files import README, load_templates, read_text, write_files
from kdbot.storage.repository import load_settings, open_collection


def propose(
    root: Path,
    text: str,
    *,
    title: str,
    diff: bool,
    form: str,
    write: bool,
    online: bool,
    environment: Mapping[str, str],
) -> int:
    """Print the answer and return the exit status: 1 where a finding blocks.

    Args:
        root: the list.
        text: an issue's body, or a unified diff.
        title: the issue's title.
        diff: whether the text is a diff of a README.
        form: `comment`, `json` or `yaml`.
        write: whether to save the files of what is ready.
        online: whether to ask the metadata services.
        environment: for GITHUB_REPOSITORY.
    """
    settings = load_settings(root, environment)
    collection = open_collection(root)
    if diff:
        proposal = parse_readme_diff(
            text, read_text(root, README), collection.taxonomy, collection.venues
        )
    else:
        proposal = read_proposal(title, text, collection=collection, settings=settings)
    evidence = _ask(proposal, collection, settings, environment) if online else Evidence()
    report = review(proposal, collection, evidence=evidence)
    words = Words(load_templates(root, OVERRIDES), warn=_warn)
    context = replace(comment_context(collection, settings), words=words)
    sys.stdout.write(_render(report, form, context))
    if report.verdict is Verdict.NOT_A_PROPOSAL:
        print("kdbot: this proposes no paper; the bot would say nothing", file=sys.stderr)
    if write:
        for name in write_files(root, files_to_write(report, collection.schema)):
            print(f"kdbot: wrote {name}", file=sys.stderr)
    findings = [*report.findings, *(f for paper in report.papers for f in paper.findings)]
    return 1 if has_errors(findings) else 0


def _ask(
    proposal: Proposal, collection: Collection, settings: Settings, environment: Mapping[str, str]
) -> Evidence:
    from kdbot.flows.list.ask_services import fetch_for_proposal, open_services

    with open_services(settings, environment, messages=sys.stderr) as client:
        return Evidence(metadata=fetch_for_proposal(proposal, collection, client))


def _warn(message: str) -> None:
    print(f"kdbot: {message}", file=sys.stderr)


def _render(report: Report, form: str, context: CommentContext) -> str:
    if form == "json":
        return render_report_json(report)
    if form == "yaml":
        files = files_to_write(report, context.schema)
        return "".join(f"# {name}\n{text}" for name, text in files.items())
    comment = render_comment(report, context=context)
    return f"{comment}\n" if comment else ""
