"""The order of findings: what blocks first, then as the form asks."""

from collections.abc import Iterable

from kdbot.model.finding import Finding, Severity
from kdbot.model.schema import PaperSchema

_RANK = {severity: rank for rank, severity in enumerate(Severity)}


def ordered(findings: Iterable[Finding], schema: PaperSchema) -> tuple[Finding, ...]:
    """Return findings, each once: errors first, then by field, line and code."""
    position = {name: index for index, name in enumerate(schema.by_name)}
    last = len(position)

    def key(finding: Finding) -> tuple[int, int, int, str]:
        place = position.get(finding.field or "", last)
        return _RANK[finding.severity], place, finding.line or 0, finding.code

    return tuple(sorted(dict.fromkeys(findings), key=key))
