"""Links of a README to its own headings: a link to a missing heading is broken."""

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping
from urllib.parse import unquote

from kdbot.publish.readme.render import find_headings

_NAMED = re.compile(r"<[^<>]*\b(?:name|id)\s*=\s*[\"']?([^\"'<>\s]+)", re.IGNORECASE)
_MARKDOWN = re.compile(r"\[((?:[^\[\]]|\[[^\[\]]{0,300}\]){0,300})\]\(#([^()\s]*)\)")
_HTML = re.compile(
    r"<a\s[^<>]*href\s*=\s*[\"']#([^\"'<>]*)[\"'][^<>]*>([^<>]{0,300})</a>", re.IGNORECASE
)


def relinked(readme: str, before: str) -> Callable[[str], str]:
    """Return a function that fixes the links to headings in a part of a README.

    A link to a heading with a new anchor gets that anchor; a broken link becomes its text.

    Args:
        readme: the whole as it is now.
        before: the README as it was, whose headings the links meant.
    """
    anchors = _anchors(readme)
    now: dict[str, str] = {}
    for anchor, text in _titles(readme).items():
        now.setdefault(_fold(text), anchor)
    old = {**_titles(before), **_named_titles(before)}
    meant = {a.casefold(): now[_fold(t)] for a, t in old.items() if _fold(t) in now}

    def target(anchor: str) -> str | None:
        name = unquote(anchor).casefold()
        return anchor if name in anchors or not name else meant.get(name)

    def markdown(match: re.Match[str]) -> str:
        found = target(match[2])
        return match[1] if found is None else f"[{match[1]}](#{found})"

    def html(match: re.Match[str]) -> str:
        found = target(match[1])
        return match[2] if found is None else match[0].replace(f"#{match[1]}", f"#{found}")

    return lambda text: _HTML.sub(html, _MARKDOWN.sub(markdown, text))


def _titles(readme: str) -> Mapping[str, str]:
    return {heading.anchor: heading.text for heading in find_headings(readme)}


def _named_titles(readme: str) -> Mapping[str, str]:
    """Return the heading at or after each name in a text (`<a name="x"></a>`)."""
    headings = find_headings(readme)
    lines = [heading.line for heading in headings]
    found: dict[str, str] = {}
    line = position = 0
    for match in _NAMED.finditer(readme):
        line += readme.count("\n", position, match.start())
        position = match.start()
        index = bisect_left(lines, line)
        if index < len(headings):
            found.setdefault(match[1], headings[index].text)
    return found


def _anchors(readme: str) -> frozenset[str]:
    named = (match[1] for match in _NAMED.finditer(readme))
    return frozenset(anchor.casefold() for anchor in (*_titles(readme), *named))


def _fold(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
