"""A comment's first line to the command that it gives, and names to categories."""

import re
from collections.abc import Sequence
from dataclasses import replace

from kdbot.model.proposal import Candidate, Given, Intent, Origin, Proposal
from kdbot.model.taxonomy import Taxonomy

_COMMAND = re.compile(r"(/[a-z][a-z-]{0,30})(?:[ \t]+([^\r\n]*))?")
_BETWEEN = re.compile(r"[,;]")
_MAX_ARGUMENT = 1_000
_MAX_NAMES = 20


def parse_command(body: str) -> tuple[str, str] | None:
    """Return the command of a comment with what is written after it, or None.

    A command is the very first thing in the first line: not after a space, and not in a quotation,
    a code span, a fence or an HTML comment.

    Returns:
        The word with its slash, known or not, and its argument, which may be empty.
    """
    first = re.split(r"[\r\n]", body, maxsplit=1)[0].rstrip()
    match = _COMMAND.fullmatch(first)
    if match is None:
        return None
    return match[1], " ".join((match[2] or "").split())[:_MAX_ARGUMENT]


def parse_categories(text: str, taxonomy: Taxonomy) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Read a list of categories, whose titles may contain commas.

    Returns:
        The paths of the categories that can have papers, each once, and the names that match no
        category or several.
    """
    parts = [part.strip() for part in _BETWEEN.split(text) if part.strip()][:_MAX_NAMES]
    paths: list[str] = []
    unknown: list[str] = []
    start = 0
    while start < len(parts):
        ends = range(len(parts), start, -1)
        found = ((end, _leaf(", ".join(parts[start:end]), taxonomy)) for end in ends)
        end, path = next(((end, path) for end, path in found if path), (start + 1, None))
        if path is None:
            unknown.append(parts[start])
        else:
            paths.append(path)
        start = end
    return tuple(dict.fromkeys(paths)), tuple(unknown)


def with_categories(proposal: Proposal, paths: Sequence[str], taxonomy: Taxonomy) -> Proposal:
    """Return a proposal with the categories that a command sets.

    They apply to the papers without a category of the list; if each paper has one, they replace
    all of them.
    """
    asked = [c for c in proposal.candidates if c.intent in _WITH_CATEGORIES]
    lacking = [c for c in asked if not _states_category(c, taxonomy)] or asked
    given = Given(value=list(paths), origin=Origin.COMMAND)
    return replace(
        proposal,
        candidates=tuple(
            replace(c, given={**c.given, "categories": given}) if c in lacking else c
            for c in proposal.candidates
        ),
    )


_WITH_CATEGORIES = frozenset({Intent.ADD, Intent.UPDATE})


def _states_category(candidate: Candidate, taxonomy: Taxonomy) -> bool:
    given = candidate.given.get("categories")
    names = given.value if given is not None and isinstance(given.value, list) else ()
    return any(isinstance(name, str) and _leaf(name, taxonomy) for name in names)


def _leaf(name: str, taxonomy: Taxonomy) -> str | None:
    """Return the path of the one category for papers that a name matches, or None."""
    leaves = [category.path for category in taxonomy.named(name) if category.leaf]
    return leaves[0] if len(leaves) == 1 else None
