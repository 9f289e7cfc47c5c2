"""Markdown with lines cut out of it: parts that the cut has left open, unpaired or empty."""

import re

_EMPTY_FOLD = re.compile(
    r"(?:^[ \t]*)?<details\b[^<>]*>\s*+(?:<summary\b[^<>]*>.{0,500}?</summary>\s*+)?"
    r"</details>[ \t]*+\n?",
    re.IGNORECASE | re.MULTILINE,
)
_LAST_SUMMARY = re.compile(
    r"(?:^[ \t]*)?<summary\b[^<>]*>(?:(?!<summary\b).)*</summary>\s*\Z",
    re.IGNORECASE | re.MULTILINE,
)
_TAG = re.compile(r"<(/?)(details|div|center|ul|ol)\b[^<>]*>", re.IGNORECASE)
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})", re.MULTILINE)
_EMPTY_LINES = re.compile(r"\n{3,}")


def without_empty_parts(text: str) -> str:
    """Drop foldable parts without content, and all but one of several empty lines."""
    return _EMPTY_LINES.sub("\n\n", _EMPTY_FOLD.sub("", text)).strip("\n")


def closed(text: str) -> str:
    """Close what a cut has left open, so that nothing behind is taken for a part of it."""
    text = balanced(text, opening=True)
    if text.rfind("<!--") > text.rfind("-->"):
        text += "\n-->"
    fences = _FENCE.findall(text)
    return f"{text}\n{fences[-1]}" if len(fences) % 2 else text


def balanced(text: str, *, opening: bool) -> str:
    """Drop the tags that the cut has left alone: ends without beginning, or the reverse."""
    open_tags: list[re.Match[str]] = []
    lone: list[re.Match[str]] = []
    for match in _TAG.finditer(text):
        if not match[1]:
            open_tags.append(match)
        elif open_tags and open_tags[-1][2].casefold() == match[2].casefold():
            open_tags.pop()
        else:
            lone.append(match)
    kept, position = [], 0
    for match in sorted([*lone, *open_tags], key=lambda m: m.start()):
        kept.append(text[position : match.start()])
        position = match.end()
    text = "".join((*kept, text[position:]))
    text = _LAST_SUMMARY.sub("", text) if opening else text
    return _EMPTY_LINES.sub("\n\n", text).strip("\n")
