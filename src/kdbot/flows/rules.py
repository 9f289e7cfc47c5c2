"""The registry of rules: every module that states some beside the checks that make the findings."""

from collections.abc import Iterable, Iterator
from types import ModuleType

from kdbot.github import diagnosis
from kdbot.github import rules as github_rules
from kdbot.intake import issue_form, proposal, readme_diff, yaml_text
from kdbot.intake.importing import rules as import_rules
from kdbot.intake.lists import paper as listed_paper
from kdbot.model.finding import Rule
from kdbot.publish.comment import words
from kdbot.publish.readme import regions, render
from kdbot.review import (
    categories,
    character_check,
    checks,
    duplicates,
    file_form,
    identifiers,
    links,
    metadata_check,
    paper,
    schema_check,
    shape,
    title_check,
    updates,
)
from kdbot.review import proposal as proposal_review

_REVIEW = (
    categories,
    character_check,
    checks,
    duplicates,
    file_form,
    identifiers,
    links,
    metadata_check,
    paper,
    proposal_review,
    schema_check,
    shape,
    title_check,
    updates,
)
_OTHERS = (
    yaml_text,
    issue_form,
    proposal,
    regions,
    render,
    words,
    readme_diff,
    listed_paper,
    import_rules,
    github_rules,
    diagnosis,
)


def _rules_in(modules: Iterable[ModuleType]) -> tuple[Rule, ...]:
    """Return the rules that are constants of modules, each once, by code."""
    rules = {rule.code: rule for module in modules for rule in _constants(module)}
    return tuple(rules[code] for code in sorted(rules))


def _constants(module: ModuleType) -> Iterator[Rule]:
    for value in vars(module).values():
        values = value.values() if isinstance(value, dict) else (value,)
        yield from (one for one in values if isinstance(one, Rule))


REVIEW_RULES = _rules_in(_REVIEW)
"""What a record of the list can break."""
ALL_RULES = _rules_in((*_REVIEW, *_OTHERS))
"""Every rule, as the documentation lists them."""
