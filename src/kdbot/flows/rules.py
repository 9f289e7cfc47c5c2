"""The registry of rules: every module that states some beside the checks that make the findings."""

from collections.abc import Iterator
from types import ModuleType

from kdbot.github import diagnosis
from kdbot.github import rules as github_rules
from kdbot.intake import issue_form, issue_text, readme_diff, yaml_text
from kdbot.intake.importing import rules as import_rules
from kdbot.intake.lists import paper as listed_paper
from kdbot.model.finding import Rule
from kdbot.publish.comment import words
from kdbot.publish.readme import regions, render
from kdbot.review import (
    categories,
    checks,
    declined,
    duplicates,
    file_name,
    identifiers,
    left_to_people,
    links,
    metadata_check,
    paper,
    schema_check,
    shape,
    updates,
)
from kdbot.review import proposal as proposal_review

_MODULES = (
    categories,
    checks,
    declined,
    duplicates,
    file_name,
    identifiers,
    left_to_people,
    links,
    metadata_check,
    paper,
    proposal_review,
    schema_check,
    shape,
    updates,
    yaml_text,
    issue_form,
    issue_text,
    regions,
    render,
    words,
    readme_diff,
    listed_paper,
    import_rules,
    github_rules,
    diagnosis,
)


def _constants(module: ModuleType) -> Iterator[Rule]:
    for value in vars(module).values():
        values = value.values() if isinstance(value, dict) else (value,)
        yield from (one for one in values if isinstance(one, Rule))


_RULES = {rule.code: rule for module in _MODULES for rule in _constants(module)}
ALL_RULES = tuple(_RULES[code] for code in sorted(_RULES))
"""Every rule, as the documentation lists them."""
