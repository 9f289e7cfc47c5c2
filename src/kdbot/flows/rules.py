"""The registry of rules: every module defines its rules next to the checks that report them."""

from collections.abc import Iterator
from importlib import import_module

from kdbot.model.finding import Rule

_MODULES = """
github.diagnosis github.rules intake.importing.rules intake.issue_form intake.issue_text
intake.lists.paper intake.readme_diff intake.yaml_text publish.comment.words
publish.readme.regions publish.readme.render review.categories review.checks review.declined
review.duplicates review.file_name review.identifiers review.left_to_people review.links
review.metadata_check review.paper review.proposal review.schema_check review.shape review.updates
"""


def _constants() -> Iterator[Rule]:
    for name in _MODULES.split():
        for value in vars(import_module(f"kdbot.{name}")).values():
            values = value.values() if isinstance(value, dict) else (value,)
            yield from (one for one in values if isinstance(one, Rule))


_RULES = {rule.code: rule for rule in _constants()}
ALL_RULES = tuple(_RULES[code] for code in sorted(_RULES))
"""Every rule, as the documentation lists them."""
