"""Every rule that can be broken, gathered from the packages that hold it."""

from kdbot.github import diagnosis
from kdbot.github import rules as github_rules
from kdbot.intake import proposal, readme_diff, yaml_text
from kdbot.intake.importing import rules as import_rules
from kdbot.model.finding import Rule
from kdbot.publish.readme import regions, render
from kdbot.review import rules

ALL_RULES: tuple[Rule, ...] = (
    *yaml_text.RULES,
    *proposal.RULES,
    *rules.RULES,
    *regions.RULES,
    *render.RULES,
    *readme_diff.RULES,
    *import_rules.RULES,
    *github_rules.RULES,
    *diagnosis.RULES,
)
