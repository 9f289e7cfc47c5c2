"""Every file that is a function of the papers, the schema and the README's prose."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from kdbot.model.audit import AuditSummary
from kdbot.model.collection import Collection
from kdbot.model.finding import Finding, Rule
from kdbot.model.settings import Settings
from kdbot.publish.charts import DARK, LIGHT, render_growth_chart
from kdbot.publish.exports.citations import CITATION, render_citation
from kdbot.publish.issue_form import (
    CORRECTION_FORM,
    NEW_PAPER_FORM,
    render_correction_form,
    render_issue_form,
)
from kdbot.publish.readme.blocks import DARK_CHART, LIGHT_CHART
from kdbot.publish.readme.render import LISTS, render_readme
from kdbot.publish.reference import FINDINGS, render_findings_table

DERIVED_FOLDERS = (LISTS,)
"""Folders with only derived files: a file that `derived_files` does not name is stale."""


def derived_files(
    collection: Collection,
    settings: Settings,
    readme: str,
    audit: AuditSummary | None,
    rules: Iterable[Rule],
    examples: Mapping[str, tuple[str, str]] = MappingProxyType({}),
) -> Mapping[str, str] | tuple[Finding, ...]:
    """Return the text of every derived file by its path, or what keeps them from being built.

    Args:
        collection: all papers, with schema and taxonomy.
        settings: those of the list.
        readme: the README's text, with its line ends.
        audit: the last audit, or None.
        rules: everything that can be found, for the table of findings.
        examples: by a rule's code, a proposal that has the finding and one that has not.
    """
    rendered = render_readme(readme, collection.shown, settings, audit)
    if isinstance(rendered, tuple):
        return rendered
    papers = tuple(collection.papers.values())
    return {
        **rendered,
        NEW_PAPER_FORM: render_issue_form(settings, collection.schema, collection.taxonomy),
        CORRECTION_FORM: render_correction_form(settings),
        FINDINGS: render_findings_table(rules, examples),
        CITATION: render_citation(papers, collection.venues, settings),
        LIGHT_CHART: render_growth_chart(papers, LIGHT),
        DARK_CHART: render_growth_chart(papers, DARK),
    }
