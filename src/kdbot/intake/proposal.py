"""The one door: the title and body of an issue to a proposal."""

from dataclasses import replace

from kdbot.intake.form_answers import RULES as FORM_RULES
from kdbot.intake.form_answers import read_form
from kdbot.intake.free_text import MAX_CANDIDATES, gather, settle, to_candidates
from kdbot.intake.intent import judge_intent
from kdbot.intake.issue_form import parse_issue_form
from kdbot.intake.issue_title import IssueTitle, read_issue_title
from kdbot.intake.lines import Line, Span
from kdbot.intake.links import Role, find_links, role_of_address
from kdbot.intake.markdown import MAX_CHARACTERS, MAX_LINES, bound_text, parse_markdown
from kdbot.intake.mentions import WEAK, Mention
from kdbot.intake.reading import MAX_LINKS, Reading, read_body
from kdbot.intake.sections import resolve_categories, section_categories, section_hints
from kdbot.intake.title_place import quoted_titles
from kdbot.model.finding import Finding, Rule, Severity
from kdbot.model.form import FormFields
from kdbot.model.proposal import Intent, Origin, Proposal
from kdbot.model.taxonomy import Taxonomy
from kdbot.model.titles import fold_title
from kdbot.model.venue import Venues
from kdbot.text.titles import mask_titles

BODY_TOO_LONG = Rule(
    code="body-too-long",
    severity=Severity.WARNING,
    summary="A proposal is short: what stands behind the bound is not read.",
    remedy="Keep the paper's link, title and links near the top, and send a long list in parts.",
)
RULES: tuple[Rule, ...] = (BODY_TOO_LONG, *FORM_RULES)
_MAX_TITLE = 1_000


def parse_proposal(
    title: str | None, body: str | None, *, form: FormFields, taxonomy: Taxonomy, venues: Venues
) -> Proposal:
    """Read what an issue proposes.

    Args:
        title: the issue's title.
        body: its body, an answered form or free text; None where it was created without one.
        form: the questions of the forms.
        taxonomy: the categories, whose names are recognised in free text.
        venues: the venues that the list knows.
    """
    bounded = bound_text(body or "")
    heading = " ".join(bound_text((title or "")[:_MAX_TITLE]).text.split())
    if (answers := parse_issue_form(bounded.text, form)) is not None:
        proposal = read_form(answers, form=form, taxonomy=taxonomy, venues=venues)
        return replace(proposal, findings=(*_too_long(bounded.cut), *proposal.findings))
    reading = read_body(parse_markdown(bounded.text), venues)
    proposal = _read_free_text(heading, reading, taxonomy, venues)
    if proposal.intent is Intent.NONE:
        return proposal
    return replace(proposal, findings=_too_long(bounded.cut or reading.cut))


def _too_long(cut: bool) -> tuple[Finding, ...]:
    if not cut:
        return ()
    return (
        BODY_TOO_LONG.finding(
            f"I read at most {MAX_CHARACTERS:,} characters, {MAX_LINES:,} lines, {MAX_LINKS} links "
            f"and {MAX_CANDIDATES} papers of a proposal; what stands behind them is unread."
        ),
    )


def _read_free_text(heading: str, reading: Reading, taxonomy: Taxonomy, venues: Venues) -> Proposal:
    papers = settle(gather(reading.mentions))
    said = read_issue_title(heading, venues)
    papers = _with_issue_title(papers, heading, said)
    quoted = (placed.title for placed in quoted_titles(heading))
    intent = judge_intent(
        mask_titles(heading, [said.title, *quoted]),
        reading.sentences,
        linked=any(paper.papers and paper.proposed for paper in papers),
        named=any(paper.papers or paper.title for paper in papers),
        short=bool(papers),
    )
    if intent in {Intent.NONE, Intent.CATEGORY}:
        return Proposal(intent=intent)
    reading.cut = reading.cut or len(papers) > MAX_CANDIDATES
    hints = section_hints(heading, reading.sentences, taxonomy)
    papers = [_with_categories(paper, hints, taxonomy) for paper in papers]
    return Proposal(
        intent=intent,
        candidates=to_candidates(papers, Origin.TEXT, updates=intent is Intent.UPDATE),
    )


def _with_issue_title(papers: list[Mention], heading: str, said: IssueTitle) -> list[Mention]:
    """Let the issue's title say what the body leaves out."""
    found = find_links(Line(spans=(Span(text=heading),)))
    links = tuple(link for link in found if role_of_address(link) is Role.PAPER)
    if not papers:
        names = (None,) if said.title else said.short_names or (None,)
        alone = (
            Mention(title=said.title, short_name=name, papers=links, values=said.values)
            for name in names
        )
        return [mention for mention in alone if mention.names_paper]
    if len(papers) > 1:
        return papers
    paper = papers[0]
    title = _surer_title(paper, said.title)
    return [
        replace(
            paper,
            title=title,
            short_name=paper.short_name or next(iter(said.short_names), None),
            papers=paper.papers or links,
            values={**said.values, **paper.values},
        )
    ]


def _surer_title(paper: Mention, said: str | None) -> str | None:
    """Choose between a body's title and the one in the issue's title, which may be cut short."""
    if paper.title is None or said is None:
        return paper.title or said
    longer = fold_title(paper.title).startswith(fold_title(said))
    return paper.title if paper.rank > WEAK or longer else said


def _with_categories(paper: Mention, hints: tuple[str, ...], taxonomy: Taxonomy) -> Mention:
    stated = paper.values.get("categories")
    if stated:
        categories = resolve_categories(stated, taxonomy)
    else:
        categories = section_categories(paper.section, taxonomy) or hints
    return (
        replace(paper, values={**paper.values, "categories": categories}) if categories else paper
    )
