"""A paper in a comment: as it will appear, what would change, and what it is a double of."""

import re
from collections.abc import Mapping

from kdbot.model.finding import name_some
from kdbot.model.paper import FIELD_NAMES, FieldValue, Paper
from kdbot.model.proposal import Origin
from kdbot.model.report import WRITTEN, PaperReport, Report
from kdbot.model.schema import PaperSchema
from kdbot.publish.comment.context import CommentContext, ItemKind, comment_link
from kdbot.publish.comment.findings import fold
from kdbot.publish.markdown import INVISIBLE, escape_code, escape_text, fence
from kdbot.publish.readme.tables import field_value, paper_address, render_head, render_row
from kdbot.text.record import render_record

_TITLE_LIMIT = 200
_VALUE_LIMIT = 200
_ITEM_LIMIT = 20
_ADDRESS_LIMIT = 1_000
_RECORD = re.compile(
    r"^`(?P<path>papers/[A-Za-z0-9.-]+\.yaml)`:\n\n(?P<fence>`{3,})yaml\n(?P<yaml>.*?)(?P=fence)$",
    re.MULTILINE | re.DOTALL,
)


def title_text(paper: Paper) -> str:
    """Return the paper's title in italics, or as code what else names it."""
    title = escape_text(_clip(paper.title, _TITLE_LIMIT))
    return f"*{title}*" if title else escape_code(_clip(paper.arxiv or paper.id, _TITLE_LIMIT))


def title_link(paper: Paper) -> str:
    """Return the paper's title as a link to it, where it leads to a host that may be linked."""
    address = paper_address(paper) or ""
    title = _clip(paper.title, _TITLE_LIMIT)
    can_be_linked = 0 < len(address) <= _ADDRESS_LIMIT and escape_text(title)
    return comment_link(title, address) if can_be_linked else title_text(paper)


def facts(paper: Paper, context: CommentContext) -> str:
    """Return identifier, venue, month, number of authors and the categories, in words."""
    count = len(paper.authors)
    known = [
        f"arXiv {escape_code(_clip(paper.arxiv, _VALUE_LIMIT))}" if paper.arxiv else "",
        escape_text(_clip(paper.venue or "", _VALUE_LIMIT)) if paper.venue != "arXiv" else "",
        escape_text(_clip(paper.date or "", _VALUE_LIMIT)),
        f"{count} {'author' if count == 1 else 'authors'}" if count else "",
    ]
    text = ", ".join(fact for fact in known if fact)
    paths = (_clip(path, _VALUE_LIMIT) for path in paper.categories[:_ITEM_LIMIT])
    places = "; ".join(map(context.category, paths))
    return (f" ({text})" if text else "") + (f", in {places}" if places else "")


def render_listed(report: PaperReport, context: CommentContext) -> str:
    """Return a sentence that says which paper of the list, or which proposal, this one is."""
    number = context.earlier.get(report.file)
    if number is not None:
        return f"{title_text(report.paper)} is also proposed in #{number}, which came first."
    listed = report.before
    if listed is None:
        return f"{title_text(report.paper)} is already there."
    file = context.file_link(f"papers/{listed.id}.yaml", f"papers/{listed.id}.yaml")
    there = f"has been listed since {escape_text(listed.added)}" if listed.added else "is listed"
    return f"{title_link(listed)}{facts(listed, context)}, {there}: {file}."


def render_changes(report: PaperReport, context: CommentContext) -> str:
    """Return a table of the fields that an update changes, before and after."""
    before, after = report.before, report.paper
    if before is None:
        return ""
    extra = [name for name, _ in (*before.extra, *after.extra)]
    rows = []
    for name in dict.fromkeys((*FIELD_NAMES, *extra)):
        old, new = field_value(before, name), field_value(after, name)
        if (old or None) != (new or None):
            title = escape_text(context.schema.title(name))
            rows.append(
                f"| {title} | {_value(name, old, context)} | {_value(name, new, context)} |"
            )
    if not rows:
        return ""
    return "\n".join(("| Field | Before | After |", "| :--- | :--- | :--- |", *rows))


def render_record_fold(report: PaperReport, context: CommentContext, *, new: bool) -> str:
    """Return the folded table row and YAML of a paper that is ready.

    Args:
        report: the paper.
        context: where the comment stands.
        new: whether the file is yet to be created; only then there is a link that creates it.
    """
    columns = context.settings.tables.columns
    row = render_row(report.paper, columns, context.schema, comment_link)
    yaml = render_record(report.paper, context.schema)
    parts = [f"{render_head(columns, context.schema)}{row.rstrip()}", _file_text(report, context)]
    url = context.new_file_url(report.file, yaml) if new else None
    if url and context.kind is ItemKind.ISSUE:
        parts.append(f"A maintainer can also [create this file by hand]({url}).")
    shown = fold("The paper as it will appear, and its file", "\n\n".join(parts))
    if url and context.kind is ItemKind.PULL:
        link = f"[Create {escape_text(report.file)}]({url})"
        return f"{link} in your branch: it holds what you wrote in the README.\n\n{shown}"
    return shown


def render_record_alone(report: PaperReport, context: CommentContext) -> str:
    """Return the folded YAML of a paper that is ready, where there is no room for its row."""
    return fold("Its file", _file_text(report, context))


def shown_records(comment: str) -> Mapping[str, str]:
    """Return the YAML of each record that a comment of the bot's shows, by the record's path."""
    text = comment.replace("\r\n", "\n")
    return {match["path"]: match["yaml"] for match in _RECORD.finditer(text)}


def shows_all(comment: str, report: Report, schema: PaperSchema) -> bool:
    """Tell whether all that an acceptance of the report would write stands whole in a comment.

    Args:
        comment: text of the bot's own comment.
        report: the review whose papers would be written.
        schema: the list's, in whose order records are written.
    """
    shown = shown_records(comment)
    return all(
        shown.get(paper.file) == _shown_yaml(render_record(paper.paper, schema))
        for paper in report.papers
        if paper.verdict in WRITTEN
    )


def is_row(report: PaperReport) -> bool:
    """Tell whether a paper was read from a row of the README, so that its file is yet to come."""
    return Origin.ROW in report.origins.values()


def render_understood_fold(report: PaperReport, context: CommentContext) -> str:
    """Return the folded table of what was read, with where each value comes from."""
    rows = []
    for name in dict.fromkeys((*FIELD_NAMES, *(name for name, _ in report.paper.extra))):
        value = field_value(report.paper, name)
        if value:
            origin = report.origins.get(name)
            source = escape_text(str(origin)) if origin else ""
            title = escape_text(context.schema.title(name))
            rows.append(f"| {title} | {_value(name, value, context)} | {source} |")
    if not rows:
        return ""
    head = ("| Field | Value | From |", "| :--- | :--- | :--- |")
    return fold("What I understood", "\n".join((*head, *rows)))


def _value(name: str, value: FieldValue | None, context: CommentContext) -> str:
    if not value:
        return "none"
    if isinstance(value, bool):
        return "yes"
    items = [_clip(item, _VALUE_LIMIT) for item in ((value,) if isinstance(value, str) else value)]
    show = context.category if name == "categories" else escape_code
    separator = "; " if name == "categories" else ", "
    return name_some([show(item) for item in items], _ITEM_LIMIT, separator)


def _file_text(report: PaperReport, context: CommentContext) -> str:
    """Return the path and the text of a record; `shown_records` reads them back."""
    yaml = _shown_yaml(render_record(report.paper, context.schema))
    return f"{escape_code(report.file)}:\n\n{fence(yaml, 'yaml')}"


def _shown_yaml(yaml: str) -> str:
    """Return YAML in which no comment opens and nothing is hidden; it reads as the same value.

    Such characters stand in double quotes alone, where YAML has escapes for them.
    """
    text = INVISIBLE.sub(lambda m: f"\\U{ord(m[0]):08x}", yaml)
    return text.replace("<!--", "\\x3c!--").replace("-->", "--\\x3e")


def _clip(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
