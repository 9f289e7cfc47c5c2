"""Titles that a sentence about a title states, whatever their letters look like."""

import re
from collections.abc import Iterator, Sequence

from kdbot.intake.cues import TOPICS
from kdbot.intake.links import Link, find_links
from kdbot.intake.markdown.lines import Line
from kdbot.intake.standing import Item
from kdbot.intake.titles import marked_ranges
from kdbot.text.titles import clean_title, is_named_title, is_title

_MAX_TEXT = 600
_TITLE_WORDS = 4
_STATED_TITLE = re.compile(
    r"\b(?:should (?:be|read)|titled?(?: now)? is|corrected (?:to|as)|changed? (?:in)?to"
    r"|following|as follows|^\W*(?:before|after|old|new|current|correct(?:ed)?))"
    r"[^\w:：]{0,2}(?P<colon>[:：])?\s+(?P<title>[^\s\"“”*`].+)$",
    re.IGNORECASE,
)


def is_title_alone(line: Line) -> bool:
    """Tell whether a line is the title that the one before it announces with a colon."""
    return not find_links(line) and _may_stand_bare(clean_title(line.text))


def _may_stand_bare(text: str) -> bool:
    """Tell whether words without quotes can be a title: *as in the PDF* is none."""
    return not text[:1].islower() and len(text.split()) >= _TITLE_WORDS and is_named_title(text)


def find_stated_titles(line: Line, links: Sequence[Link]) -> Iterator[Item]:
    """Yield what a sentence about a title has in quotes, in bold or behind *should be*.

    Its letters need not be those of a title; it names no paper by itself.
    """
    text = line.text
    places = [*marked_ranges(line)]
    stated = None if places else _STATED_TITLE.search(text[:_MAX_TEXT])
    if stated and not any(link.end > stated.start("title") for link in links):
        title = clean_title(stated["title"])
        said = TOPICS["title"].search(text[: stated.start()]) is not None
        if _may_stand_bare(title) if stated["colon"] else said and is_title(title):
            yield Item(field="title", value=title, start=stated.start("title"), end=len(text))
    for start, end in places:
        title = clean_title(text[start:end])
        within = any(link.start <= start < link.end for link in links)
        if not within and len(title.split()) >= _TITLE_WORDS and is_named_title(title):
            yield Item(field="title", value=title, start=start, end=end)
