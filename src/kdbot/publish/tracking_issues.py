"""The tracking issues: problems of the repository, files that need a fix, papers to add."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote as quote_path

from kdbot.model.audit import EditState, NewPaper
from kdbot.model.collection import BrokenFile
from kdbot.model.finding import Finding, Severity
from kdbot.model.identifiers import IdentifierKind
from kdbot.model.paper import PAPERS
from kdbot.model.taxonomy import Taxonomy
from kdbot.publish.audit import AUDIT_WORDS, offered_boxes, render_proposed_edit, ticked_boxes
from kdbot.publish.comment.notes import Section, render_sections
from kdbot.publish.comment.words import BUILT_IN, Words
from kdbot.publish.markdown import (
    Markdown,
    clip,
    escape_text,
    is_address,
    link,
    link_target,
    paragraph,
    visible_text,
)
from kdbot.publish.report import dump_json, finding_object, render_findings_text

DOCTOR_MARKER = "<!-- kdbot:doctor -->"
DOCTOR_TITLE = "Repository check"

_HEADINGS = {
    Severity.ERROR: "To fix",
    Severity.WARNING: "To look at",
    Severity.NOTICE: "Good to know",
}
_TRACKING = "tracking.md.j2"

BROKEN_FILES_MARKER = "<!-- kdbot:broken-files -->"
BROKEN_FILES_TITLE = "Files of the list that need a fix"

_SHORT = 10  # digits of a commit
_MAX_FINDINGS = 5  # of one file


NEW_PAPERS_MARKER = "<!-- kdbot:new-papers -->"
NEW_PAPERS_TITLE = "New papers that may belong here"

_MAX_AUTHORS = 3
_MAX_TITLE = 300


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
    return dump_json(value)


def render_diagnosis(diagnosis: Diagnosis, *, words: Words = BUILT_IN) -> str:
    """Return the diagnosis in Markdown, for the issue and for the summary of a job."""
    say = partial(words.say, _TRACKING)
    items: dict[Severity, list[str]] = {severity: [] for severity in _HEADINGS}
    for finding, place in diagnosis.findings:
        address = Markdown(link_target(place)) if is_address(place) else None
        items[finding.severity].append(say("repository_item", finding, place, address))
    unknown = Section(
        heading="Unknown",
        items=[say("unknown_item", *one) for one in diagnosis.unknown],
        note=say("unknown_note"),
        folded=True,
    )
    found = [Section(heading=_HEADINGS[s], items=of_severity) for s, of_severity in items.items()]
    head = say("repository_head", diagnosis.needs_work, bool(diagnosis.unknown))
    return render_sections(str(head), [*found, unknown], str(say("repository_foot")))


def kept_words(broken: BrokenFile, *, shown: bool) -> str:
    """Return the sentence that says what readers see of a broken file.

    Args:
        broken: the file.
        shown: whether readers see the paper at all.
    """
    if broken.kept:
        return f"The list shows the paper as of commit {broken.kept[:_SHORT]}."
    if shown:
        return "No earlier version was found; the README keeps its present rows."
    return "No earlier version was found, so the list does not show the paper."


def render_broken_files_issue(
    files: Sequence[BrokenFile],
    shown: frozenset[str],
    repository_url: str,
    *,
    words: Words = BUILT_IN,
) -> str:
    """Return the text of the issue, its marker on the first line.

    Args:
        files: what is broken.
        shown: those paths among them that readers see the paper of.
        repository_url: page of the repository.
        words: the list's templates.
    """
    say = partial(words.say, _TRACKING)
    items = [say("files_item", _values(file, shown, repository_url)) for file in files]
    sections = [Section(heading=_HEADINGS[Severity.ERROR], items=items)]
    head = f"{BROKEN_FILES_MARKER}\n{paragraph(say('files_head', len(files)))}"
    return render_sections(head, sections, str(say("files_foot")))


def _values(broken: BrokenFile, shown: frozenset[str], repository_url: str) -> dict[str, Any]:
    """Return what the template knows of a broken file."""
    line, commit = broken.findings[0].line, broken.commit
    place = f"{broken.file}, line {line}" if line else broken.file
    anchor = f"#L{line}" if line else ""
    where = f"blob/{commit or 'HEAD'}/{quote_path(broken.file)}?plain=1{anchor}"
    made = f"{repository_url}/commit/{commit}"
    takes_back = broken.kept and broken.findings[0].code.startswith("yaml-")
    is_paper = broken.file.startswith(f"{PAPERS}/")
    return {
        "place": Markdown(link(place, f"{repository_url}/{where}")),
        "commit": Markdown(link(commit[:_SHORT], made)) if commit else None,
        "findings": broken.findings[:_MAX_FINDINGS],
        "more": max(len(broken.findings) - _MAX_FINDINGS, 0),
        "readers_see": kept_words(broken, shown=broken.file in shown) if is_paper else None,
        "command": f"git checkout {(broken.kept or '')[:_SHORT]} -- {broken.file}"
        if takes_back
        else None,
    }


def paper_key(paper: NewPaper) -> str:
    """Return the key of the box that adds a paper."""
    return f"new:{paper.arxiv}"


def _category_key(paper: NewPaper, index: int) -> str:
    """Return the key of the box that chooses one of the suggested categories."""
    return f"new:{paper.arxiv}:{index}"


def chosen_categories(paper: NewPaper, body: str) -> tuple[str, ...]:
    """Return the categories that stand ticked in the issue's text."""
    ticked = ticked_boxes(body)
    return tuple(
        path for index, path in enumerate(paper.categories) if _category_key(paper, index) in ticked
    )


def render_new_papers_issue(
    papers: Sequence[NewPaper],
    taxonomy: Taxonomy,
    body: str,
    refused: frozenset[str] = frozenset(),
    *,
    words: Words = BUILT_IN,
) -> str:
    """Return the text of the issue, its marker on the first line.

    Args:
        papers: what is offered, in the order to be shown.
        taxonomy: titles of the categories.
        body: the text as it stands, for the ticks in it; empty where there is none.
        refused: keys of papers whose ticks are taken off.
        words: the list's templates.
    """
    say = partial(words.say, AUDIT_WORDS)
    head = paragraph(say("new_papers_head", is_waiting(papers)))
    weeks: dict[str, list[str]] = {}
    for paper in papers:
        if paper.state is EditState.OPEN:
            weeks.setdefault(paper.week, []).append(_render(paper, taxonomy, body, refused))
    sections = [Section(heading=f"Week {week}", items=items) for week, items in weeks.items()]
    added = [f"- ✅ {_title(paper)}" for paper in papers if paper.state is EditState.DONE]
    sections.append(Section(heading=say("added_heading"), items=added))
    return render_sections(f"{NEW_PAPERS_MARKER}\n{head}", sections, str(say("new_papers_foot")))


def _render(paper: NewPaper, taxonomy: Taxonomy, body: str, refused: frozenset[str]) -> str:
    """Return a paper's box with those of its categories, of which the first is the likeliest."""
    offered, ticked = offered_boxes(body), ticked_boxes(body)
    key, authors = paper_key(paper), [*paper.authors[:_MAX_AUTHORS]]
    if len(paper.authors) > _MAX_AUTHORS:
        authors.append("others")
    known = [escape_text(", ".join(authors)[:_MAX_TITLE]), escape_text(paper.date or "")]
    facts = "; ".join(filter(None, known))
    text = f"{_title(paper)} ({facts})" if facts else _title(paper)
    lines = [render_proposed_edit(key, text, ticked=key in ticked - refused)]
    for index, path in enumerate(paper.categories):
        own = _category_key(paper, index)
        is_ticked = own in ticked if own in offered else index == 0
        titles = taxonomy.titles(path) if path in taxonomy.by_path else (path,)
        name = " › ".join(map(escape_text, titles))
        lines.append(render_proposed_edit(own, name, ticked=is_ticked, depth=1))
    return "\n".join(lines)


def _title(paper: NewPaper) -> str:
    page = IdentifierKind.ARXIV.page(paper.arxiv)
    return link(clip(paper.title, _MAX_TITLE), page)


def is_waiting(papers: Sequence[NewPaper]) -> bool:
    """Tell whether any paper waits for an answer."""
    return any(paper.state is EditState.OPEN for paper in papers)
