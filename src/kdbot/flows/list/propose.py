"""`kdbot propose`: preview the bot's answer locally and offline."""

import sys
import textwrap
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from kdbot.flows.output import use_color
from kdbot.flows.proposal.reading import comment_context, read_proposal
from kdbot.intake.readme_diff import parse_readme_diff
from kdbot.model.collection import Collection
from kdbot.model.evidence import Evidence
from kdbot.model.finding import has_errors
from kdbot.model.proposal import Proposal
from kdbot.model.regions import README
from kdbot.model.report import Report, Verdict
from kdbot.model.settings import Settings
from kdbot.publish.comment.context import CommentContext, ItemKind
from kdbot.publish.comment.render import render_comment
from kdbot.publish.comment.words import OVERRIDES, Words
from kdbot.publish.report import files_to_write, render_report_json, render_text
from kdbot.review.checks import MISSING_TITLE
from kdbot.review.proposal import review
from kdbot.storage.files import load_templates, read_text, write_files
from kdbot.storage.repository import load_settings, open_collection

_OTHERS_TURN = frozenset({Verdict.COULD_NOT_CHECK, Verdict.NEEDS_MAINTAINER})
"""Verdicts with which a proposal waits for the world, or for a maintainer; not for its author."""


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
    """Print the answer and return the exit status: 1 where its author has something to do.

    Args:
        root: the list.
        text: an issue's body, or a unified diff.
        title: the issue's title.
        diff: whether the text is a diff of a README.
        form: `text`, `comment`, `json` or `yaml`.
        write: whether to write the files of the papers that are ready.
        online: whether to ask the metadata services.
        environment: for GITHUB_REPOSITORY, the cache of the services, and colours.
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
    kind = ItemKind.PULL if diff else ItemKind.ISSUE
    context = replace(comment_context(collection, settings), words=words, kind=kind)
    if form == "text":
        color = use_color(sys.stdout, environment)
        sys.stdout.write(render_text(report, color=color) + _render_files(report, context, "    "))
    else:
        sys.stdout.write(_render(report, form, context))
    if report.verdict is Verdict.NOT_A_PROPOSAL:
        _warn("this proposes no paper; the bot would not comment")
    # A paper that was named by a bare link or identifier.
    codes = {finding.code for paper in report.papers for finding in paper.findings}
    if not online and MISSING_TITLE.code in codes:
        _warn("titles are not looked up offline; use `--online` to query the metadata services")
    lacking = [paper.file for paper in report.papers if write and paper.needs_categories]
    if write:
        complete = tuple(paper for paper in report.papers if not paper.needs_categories)
        files = files_to_write(replace(report, papers=complete), collection.schema)
        for name in write_files(root, files):
            _warn(f"wrote {name}")
        for name in lacking:
            _warn(f"not written: {name} has no category; add a line such as `Categories: NAME`")
    papers = (paper for paper in report.papers if paper.verdict not in _OTHERS_TURN)
    found = (*report.findings, *(f for paper in papers for f in paper.findings))
    return int(bool(lacking) or has_errors(found))


def _ask(
    proposal: Proposal, collection: Collection, settings: Settings, environment: Mapping[str, str]
) -> Evidence:
    from kdbot.flows.list.enrich import fetch_for_proposal, open_services

    with open_services(settings, environment, messages=sys.stderr) as client:
        return Evidence(metadata=fetch_for_proposal(proposal, collection, client))


def _warn(message: str) -> None:
    print(f"kdbot: {message}", file=sys.stderr)


def _render(report: Report, form: str, context: CommentContext) -> str:
    if form == "json":
        return render_report_json(report)
    if form == "yaml":
        return _render_files(report, context)
    comment = render_comment(report, context=context)
    return f"{comment}\n" if comment else ""


def _render_files(report: Report, context: CommentContext, indent: str = "") -> str:
    """Return the records that would be written; indented, each after an empty line."""
    texts = (f"# {name}\n{text}" for name, text in files_to_write(report, context.schema).items())
    if not indent:
        return "".join(texts)
    return "".join(f"\n{textwrap.indent(text, indent)}" for text in texts)
