"""Acronyms and names of methods that stand in place of titles."""

import re

from kdbot.intake.lines import Line
from kdbot.text.titles import clean_title, is_generic, is_short_name

_WORD = re.compile(r"\S+")
_OFFERED = re.compile(
    r"\b(?:add(?:s|ing|ed)?|includ(?:e|ing)|call(?:ed)?|named?|papers?|works?|methods?|present(?:ing)?"
    r"|propos(?:e|ing)|introduc(?:e|ing)|consider|authors? of"
    r"|(?:our|my) (?:\w+ )?(?:benchmark|dataset|model|framework|system)"
    r"|(?:codes?|repo|repository|venue|links?|entry|info(?:rmation)?|title|status) (?:of|for))"
    r"[,:]?\s+(?:the\s+|our\s+|a\s+|paper\s+|call(?:ed)?\s+)*$",
    re.IGNORECASE,
)
_HEADS_NEWS = re.compile(
    r"\s+(?:(?:is|was|has been|got)\s+(?:\w+\s+){0,2}?(?:accepted|published|at|in)|accepted)\b",
    re.IGNORECASE,
)
_NAME_END = re.compile(r"[(（:：–—]|\s-\s")
_MOST = 600


def name_in_news(text: str) -> str | None:
    """Return the acronym that a text begins with and has news of: *MiniLLM is now at ICLR*."""
    word = _WORD.match(text.lstrip())
    name = clean_title(word.group().strip("?!.,:")) if word else ""
    news = word is not None and _HEADS_NEWS.match(text.lstrip(), word.end())
    return name if news and is_short_name(name) else None


def short_names_in(line: Line, *, listed: bool) -> tuple[str, ...]:
    """Return the acronyms that a sentence offers, or has news of, in place of titles."""
    text = line.text[:_MOST]
    names = [name] if (name := name_in_news(text)) else []
    joined = False
    linked = {span.text for span in line.spans if span.url and not is_generic(span.text)}
    for match in _WORD.finditer(text):
        word = match.group()
        if names and word in {"and", "&"}:
            joined = True
            continue
        name = clean_title(word.strip("?!.,:"))
        told = joined or _OFFERED.search(text, 0, match.start())
        if told and (name in linked or (is_short_name(name) and not word.islower())):
            names.append(name)
            joined = word.endswith(",")
        else:
            joined = False
    if not names and listed and is_short_name(head := clean_title(_NAME_END.split(text, 1)[0])):
        names.append(head)
    return tuple(names)
