"""The records in a comment, which `accepted` counts for: written there, and read back."""

import re
from collections.abc import Mapping

from kdbot.model.report import WRITTEN, Report
from kdbot.model.schema import PaperSchema
from kdbot.text.characters import INVISIBLE
from kdbot.text.record import render_record, without_stamps

_RECORD = re.compile(
    r"^`(?P<path>papers/[A-Za-z0-9.-]+\.yaml)`:\n\n(?P<fence>`{3,})yaml\n(?P<yaml>.*?)(?P=fence)$",
    re.MULTILINE | re.DOTALL,
)


def shown_records(comment: str) -> Mapping[str, str]:
    """Return the YAML of each record that a comment of the bot's shows, by the record's path."""
    text = comment.replace("\r\n", "\n")
    return {match["path"]: match["yaml"] for match in _RECORD.finditer(text)}


def shows_all(comment: str, report: Report, schema: PaperSchema) -> bool:
    """Tell whether all that an acceptance of the report would write stands whole in a comment.

    Stamps do not count: a listed paper can get them while an update of it waits.

    Args:
        comment: text of the bot's own comment.
        report: the review whose papers would be written.
        schema: the list's, in whose order records are written.
    """
    shown = shown_records(comment)
    return all(
        without_stamps(shown.get(paper.file, ""))
        == without_stamps(shown_yaml(render_record(paper.paper, schema)))
        for paper in report.papers
        if paper.verdict in WRITTEN
    )


def shown_yaml(yaml: str) -> str:
    """Return YAML in which no comment opens and nothing is hidden; it reads as the same value.

    Such characters stand in double quotes alone, where YAML has escapes for them.
    """
    text = INVISIBLE.sub(lambda m: f"\\U{ord(m[0]):08x}", yaml)
    return text.replace("<!--", "\\x3c!--").replace("-->", "--\\x3e")
