"""The README's line about the last audit."""

from kdbot.model.audit import AuditSummary


def render_audit(audit: AuditSummary | None) -> str:
    """Return the line, or nothing where no audit has run yet."""
    if audit is None:
        return ""
    found = [
        text
        for count, text in (
            (audit.dead, f"{audit.dead:,} gone"),
            (audit.moved, f"{audit.moved:,} moved"),
            (audit.upgraded, f"{_count(audit.upgraded, 'preprint')} published since"),
        )
        if count
    ]
    outcome = ", ".join(found) or "nothing to mend"
    return (
        f"Last audit, week {audit.week}: {_count(audit.papers, 'paper')} and "
        f"{_count(audit.links, 'link')} checked; {outcome}."
    )


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
