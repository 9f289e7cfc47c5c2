"""The entry point: the title and body of an issue to a proposal."""

from dataclasses import replace

from kdbot.intake.issue_form import parse_issue_form, read_form
from kdbot.intake.markdown.blocks import bound_text
from kdbot.model.collection import Identities
from kdbot.model.form import FormFields
from kdbot.model.proposal import Proposal
from kdbot.model.taxonomy import Taxonomy
from kdbot.model.venue import Venues

_MAX_TITLE = 1_000


def parse_proposal(
    title: str | None,
    body: str | None,
    *,
    form: FormFields,
    taxonomy: Taxonomy,
    venues: Venues,
    listed: Identities | None = None,
) -> Proposal:
    """Read what an issue proposes.

    Args:
        title: the issue's title.
        body: its body, an answered form or free text; None where it was created without one.
        form: the questions of the forms.
        taxonomy: the categories, whose names are recognised in free text.
        venues: the venues that the list knows.
        listed: what tells its papers apart; without it their names are known by their form alone.
    """
    bounded = bound_text(body or "")
    heading = " ".join(bound_text((title or "")[:_MAX_TITLE]).text.split())
    if (answers := parse_issue_form(bounded.text, form)) is not None:
        proposal = read_form(answers, form=form, taxonomy=taxonomy, venues=venues, listed=listed)
        if not bounded.cut:
            return proposal
        from kdbot.intake.issue_text import too_long

        return replace(proposal, findings=(*too_long(cut=True), *proposal.findings))
    # Its many patterns cost a process more to load than a form needs altogether.
    from kdbot.intake.issue_text import read_issue_text

    return read_issue_text(heading, bounded, taxonomy, venues, listed)
