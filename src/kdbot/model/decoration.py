"""What stands around a link or an identifier in people's text and is no part of it."""

import re

_LINK_TARGET = re.compile(r"(?:<(?P<bracketed>[^<>]*)>|(?P<plain>[^\s<>]*))(?: (?:\".*\"|'.*'))?")
_PAIRS = {
    "<": ">", "(": ")", "[": "]", "{": "}", '"': '"', "'": "'", "`": "`", "*": "*", "_": "_",
    "“": "”", "‘": "’", "«": "»",
}  # fmt: skip
_OPENING = {")": "(", "]": "[", "}": "{", ">": "<"}
_STOPS = ".,;:!?…"
_SENTENCE_MARKS = _STOPS + "'\"*”’"
# Nobody wraps an identifier deeper than a bold link in brackets.
_MAX_LAYERS = 6


def strip_decoration(text: str) -> str:
    """Take Markdown links, brackets, quotes, emphasis and sentence marks off a text.

    Of a Markdown link its target remains; an image is not taken for a link.
    """
    for _ in range(_MAX_LAYERS):
        if (target := _link_target(text)) is not None:
            text = target
        elif len(text) > 1 and text[-1] == _PAIRS.get(text[0]):
            text = text[1:-1].strip()
        elif (trimmed := text.rstrip(_STOPS) if text[:1] in _PAIRS else trim_end(text)) != text:
            text = trimmed.rstrip()
        else:
            break
    return text


def _link_target(text: str) -> str | None:
    if not (text.startswith("[") and text.endswith(")") and "](" in text):
        return None
    match = _LINK_TARGET.fullmatch(text.rpartition("](")[2][:-1].strip())
    return match and (match["plain"] or match["bracketed"] or "")


def trim_end(text: str) -> str:
    """Drop the marks with which a sentence, not the address in it, ends.

    A closing bracket stays where it closes one of the text's own, as in GitHub's bare links:
    https://github.github.com/gfm/#extended-autolink-path-validation.
    """
    while text:
        last = text[-1]
        opening = _OPENING.get(last)
        if last not in _SENTENCE_MARKS and (
            opening is None or text.count(last) <= text.count(opening)
        ):
            break
        text = text[:-1]
    return text
