"""Rules about proposals that only GitHub can tell."""

from kdbot.model.finding import Rule, Severity

MANY_OPEN_PROPOSALS = Rule(
    code="many-open-proposals",
    severity=Severity.NOTICE,
    summary="A person has at most five open proposals at a time.",
    remedy="Nothing to do; several papers can stand in one proposal.",
)
RULES = (MANY_OPEN_PROPOSALS,)
