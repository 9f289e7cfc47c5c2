"""Put together what a line break has torn apart."""

from collections.abc import Sequence

from kdbot.intake.lines import Line, Span
from kdbot.intake.links import find_links
from kdbot.text.title_words import word_set
from kdbot.text.titles import clean_title, is_generic, is_title

_CONTINUES = word_set("a an and at by for from in of on or the to towards under via with within")
_MAX_PARTS = 4


def join_lines(lines: Sequence[Line]) -> list[Line]:
    """Join a line with the next where a title runs on: behind a small word or an open quote."""
    joined: list[Line] = []
    parts = 0
    for line in lines:
        on = joined and parts < _MAX_PARTS
        if on and (_runs_on(joined[-1].text) or _goes_on(joined[-1], line)):
            joined[-1] = Line(spans=(*joined[-1].spans, Span(text=" "), *line.spans))
            parts += 1
        else:
            joined.append(line)
            parts = 1
    return joined


def starts_with_link(line: Line) -> bool:
    """Tell whether nothing but a mark stands before the first link of a line."""
    links = find_links(line)
    return bool(links) and not line.text[: links[0].start].strip(" -–—•*[(")


def _goes_on(line: Line, following: Line) -> bool:
    """Tell whether the next line is the end of a title, with its link in brackets behind it."""
    links = find_links(following)
    if not links or find_links(line) or not 30 <= len(line.text) <= 300:
        return False
    head = following.text[: links[0].start].rstrip()
    words = head.rstrip(" ([（").split()
    capitals = sum(word[0].isupper() for word in words)
    return (
        head.endswith(("(", "[", "（"))
        and 2 <= len(words) <= 8
        and 2 * capitals > len(words)
        and not is_generic(" ".join(words))
        and not line.text.rstrip().endswith((".", ":", "!", "?"))
        and is_title(clean_title(line.text))
    )


def _runs_on(text: str) -> bool:
    words = text.rsplit(None, 1)
    if not words or "://" in words[-1] or "|" in text or len(text) > 2_000:
        return False
    if words[-1] in _CONTINUES:
        return True
    return text.count("“") > text.count("”") or (text.count('"') % 2 == 1 and len(text) < 400)
