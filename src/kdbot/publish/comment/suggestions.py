"""Findings whose fix is known, as suggestions that their author takes over with one click.

https://docs.github.com/en/pull-requests/how-tos/review-changes/incorporate-feedback
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kdbot.model.finding import Finding
from kdbot.model.proposal import Candidate
from kdbot.model.schema import PaperSchema
from kdbot.publish.comment.context import CommentContext
from kdbot.publish.comment.notes import COMMENT_LIMIT, comment_length
from kdbot.publish.markdown import escape_message, fence

_MARKER = "<!-- kdbot:suggestion"
_MAX_SUGGESTIONS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A comment on lines of a file with their replacement.

    Attributes:
        path: the file.
        start: the first line that it takes the place of.
        end: the last one.
        marker: first line of the comment; equal for the same fix of the same text.
        body: the comment.
    """

    path: str
    start: int
    end: int
    marker: str
    body: str


class _Fix(NamedTuple):
    """A replacement for some lines of a file, counted from 1."""

    start: int
    end: int
    text: str


def render_suggestions(
    findings: Sequence[Finding],
    candidates: Sequence[Candidate],
    shown: Mapping[str, frozenset[int]],
    *,
    reorder: str,
    context: CommentContext,
) -> tuple[Suggestion, ...]:
    """Return a suggestion for each finding that can be fixed by a click.

    Of two for the same line the first is kept. Lines that the diff does not show get none, and a
    text that is too long for a comment is none: GitHub would refuse them all.

    Args:
        findings: in their order.
        candidates: the files with their text.
        shown: lines of each file that the diff shows.
        reorder: code of the finding that asks for another order of a file's lines.
        context: where the comments will stand.
    """
    sources = {c.file: c for c in candidates if c.file and c.source is not None}
    suggestions: list[Suggestion] = []
    taken: set[tuple[str, int]] = set()
    repeats: Counter[str] = Counter()
    for finding in findings:
        path, candidate = finding.file or "", sources.get(finding.file or "")
        fix = _fix(finding, candidate, context.schema, reorder) if candidate else None
        if candidate is None or fix is None:
            continue
        lines = {(path, line) for line in range(fix.start, fix.end + 1)}
        if lines & taken or not all(line in shown.get(path, ()) for _, line in lines):
            continue
        replaced = "\n".join(_lines(candidate)[fix.start - 1 : fix.end])
        key = _key(path, finding.code, replaced, fix.text)
        repeats[key] += 1
        if repeats[key] > 1:
            key = _key(key, str(repeats[key]))
        marker = f"{_MARKER} {key} -->"
        words = f"{escape_message(finding.message)} ({context.code_link(finding.code)})"
        body = f"{marker}\n{words}\n\n{fence(fix.text, 'suggestion')}"
        if comment_length(body) <= COMMENT_LIMIT:
            taken |= lines
            suggestions.append(
                Suggestion(path=path, start=fix.start, end=fix.end, marker=marker, body=body)
            )
    return tuple(suggestions[:_MAX_SUGGESTIONS])


def suggestion_marker(body: str) -> str:
    """Return the line by which a comment on lines is known again; empty where it has none."""
    first = body.partition("\n")[0].strip()
    return first if first.startswith(_MARKER) else ""


def _fix(finding: Finding, candidate: Candidate, schema: PaperSchema, reorder: str) -> _Fix | None:
    if finding.line is None:
        return None
    lines = _lines(candidate)
    if finding.replacement is not None and finding.line <= len(lines):
        is_same = finding.replacement == lines[finding.line - 1]
        return None if is_same else _Fix(finding.line, finding.line, finding.replacement)
    if finding.code != reorder:
        return None
    moved = _reordered(lines, candidate, schema)
    differing = [i for i, (old, new) in enumerate(zip(lines, moved, strict=True)) if old != new]
    if not differing:
        return None
    first, last = differing[0], differing[-1]
    return _Fix(first + 1, last + 1, "\n".join(moved[first : last + 1]))


def _reordered(lines: list[str], candidate: Candidate, schema: PaperSchema) -> list[str]:
    """Move the lines of each field, with the lines below them, to their place."""
    starts = {name: given.line for name, given in candidate.given.items() if given.line}
    names = sorted(starts, key=lambda name: starts[name])
    bounds = [starts[name] - 1 for name in names] + [len(lines)]
    blocks = {name: lines[bounds[i] : bounds[i + 1]] for i, name in enumerate(names)}
    position = {field.name: index for index, field in enumerate(schema.fields)}
    right = sorted(names, key=lambda name: position.get(name, len(position)))
    return [*lines[: bounds[0]], *(line for name in right for line in blocks[name])]


def _key(*parts: str) -> str:
    """Return a short name for a fix: the line's text tells it, since its number moves."""
    data = b"".join(
        len(raw).to_bytes(4, "big") + raw
        for raw in (part.encode("utf-8", "surrogatepass") for part in parts)
    )
    return hashlib.sha256(data).hexdigest()[:24]


def _lines(candidate: Candidate) -> list[str]:
    return (candidate.source or "").replace("\r\n", "\n").removesuffix("\n").split("\n")
