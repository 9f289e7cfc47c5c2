"""Acronyms and names of methods that stand in place of titles."""

import re

from kdbot.intake.lines import Line
from kdbot.intake.title_text import clean_title, is_short_name

_WORD = re.compile(r"\S+")
_OFFERED = re.compile(
    r"\b(?:add(?:s|ing|ed)?|includ(?:e|ing)|call(?:ed)?|named?|paper|work|method|present(?:ing)?"
    r"|propos(?:e|ing)|introduc(?:e|ing)|consider|authors? of)\s+"
    r"(?:the\s+|our\s+|a\s+|paper\s+|call(?:ed)?\s+)*$",
    re.IGNORECASE,
)
_NAME_END = re.compile(r"[(（:：–—]|\s-\s")
_MOST = 600


def short_names_in(line: Line, *, listed: bool) -> tuple[str, ...]:
    """Return the acronyms that a sentence offers in place of titles."""
    text = line.text[:_MOST]
    names: list[str] = []
    joined = False
    for match in _WORD.finditer(text):
        word = match.group()
        if names and word in {"and", "&"}:
            joined = True
            continue
        name = "" if word.islower() else clean_title(word.strip("?!.,"))
        if is_short_name(name) and (joined or _OFFERED.search(text, 0, match.start())):
            names.append(name)
            joined = word.endswith(",")
        else:
            joined = False
    if not names and listed and is_short_name(head := clean_title(_NAME_END.split(text, 1)[0])):
        names.append(head)
    return tuple(names)
