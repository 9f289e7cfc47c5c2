"""The titles in a sentence, and which of them can tell what paper is meant."""

import re
from collections.abc import Iterator, Sequence

from kdbot.intake.cues import TOPICS
from kdbot.intake.links import Link, find_links
from kdbot.intake.markdown.lines import Line
from kdbot.intake.standing import Item
from kdbot.intake.titles import find_titles, marked_ranges, title_of_link
from kdbot.text.titles import clean_title, is_named_title, is_short_name, is_title

_MAX_TEXT = 600
_TITLE_WORDS = 4
_QUOTES = "\"“”‘’'`*_~ "
_IS_LINK = re.compile(r"(?:the )?(?:doi|link|url|pdf|preprint)\b", re.IGNORECASE)
_PARTED = re.compile(r"\w.*[\"“”«»].*\w|->|→|=>")
_PAPER = re.compile(
    r"\b(?:papers?|articles?|preprint|publication|work|survey)\W{0,3}$", re.IGNORECASE
)
_ANNOUNCES = re.compile(
    r"^[^:：=\"“]{0,80}\b(?:title|name)\b[^:：=\"“]{0,60}[:：]\W*(?=\w)", re.IGNORECASE
)
_STATES = re.compile(
    r"\b(?:should (?:\w+ )?(?:be|read)|titled?(?: now)? is|corrected (?:to|as)|changed? (?:in)?to"
    r"|following|as follows|^\W*(?:before|after|old|new|current"
    r"|correct(?:ed)?))[^\w:：]{0,2}(?P<colon>[:：])?\s+(?P<title>[^\s\"“”*`].+)$",
    re.IGNORECASE,
)
_NAMED_FIRST = re.compile(
    r"^\W*(?:\d{1,2}[.)]\s)?([A-Z][\w.+-]*)\s*(?:[:：](?!/)|->|→|=>|\s(?:is|was|has|should|now)\b)"
)


def is_title_alone(line: Line) -> bool:
    """Tell whether a line can be the title that the one before it announces with a colon."""
    return not find_links(line) and _may_stand_bare(clean_title(line.text))


def find_stated_titles(
    line: Line, links: Sequence[Link], label: str | None, *, is_subject: bool, awaited: bool
) -> Iterator[Item]:
    """Yield the titles in a sentence, and the short name with which it begins.

    Args:
        line: the sentence, or what stands behind a label.
        links: its links.
        label: the field that the label names.
        is_subject: whether it speaks of a title: then one in marks counts whatever its letters
            look like, and so does what stands behind a colon or *should be*.
        awaited: whether the line before announces a title.
    """
    text = line.text
    for link in links:
        title = title_of_link(link)
        if title and is_title(title) and not _IS_LINK.match(title):
            # Of no width: what is said of it is said of the address, too.
            yield title_item(title, link.start, link.start)
    whole = clean_title(text)
    if label in {"title", "paper"} and not links:
        inner = whole.strip(_QUOTES)
        if is_named_title(inner) or is_short_name(inner):
            yield title_item(inner, 0, len(text))
            return
    if (
        awaited
        and is_title_alone(line)
        and (is_subject or is_title(whole))
        and not _PARTED.search(whole)
    ):
        yield title_item(whole.strip(_QUOTES), 0, len(text), names=not is_subject)
        return
    places = [(p.start, p.start + len(p.title) + 2, p.title) for p in find_titles(line) if p.marked]
    marked = [(start, end, clean_title(text[start:end])) for start, end in marked_ranges(line)]
    marked = [m for m in marked if _is_marked_title(m[2], text[: m[0]], is_subject=is_subject)]
    for start, end, title in (*places, *marked):
        if not any(link.start <= start + 1 < link.end for link in links):
            names = is_title(title) or _PAPER.search(text[:start][-_MAX_TEXT:]) is not None
            yield title_item(title, start, end, names=names)
    if not (places or marked) and is_subject:
        yield from _find_bare(text, links)
    if (named := _NAMED_FIRST.match(text)) and is_short_name(named[1]):
        yield title_item(named[1], named.start(1), named.end(1))


def title_item(title: str, start: int, end: int, *, names: bool = True) -> Item:
    """Return a title as a value; one that names can tell which paper is meant."""
    return Item(field="title", value=title, names=names, start=start, end=end)


def _is_marked_title(title: str, before: str, *, is_subject: bool) -> bool:
    is_long = len(title.split()) >= _TITLE_WORDS and is_named_title(title)
    is_upper = not title[:1].islower()
    return is_long and is_upper and (is_subject or _PAPER.search(before[-_MAX_TEXT:]) is not None)


def _find_bare(text: str, links: Sequence[Link]) -> Iterator[Item]:
    """Yield the title that ends a sentence, behind a colon or *should be*."""
    for pattern in (_ANNOUNCES, _STATES):
        stated = pattern.search(text[:_MAX_TEXT])
        if stated is None:
            continue
        start = stated.end() if pattern is _ANNOUNCES else stated.start("title")
        has_colon = pattern is _ANNOUNCES or bool(stated["colon"])
        said = TOPICS["title"].search(text[:start]) is not None
        title = clean_title(text[start:])
        is_good = _may_stand_bare(title) if has_colon else said and is_title(title)
        if is_good and not any(link.end > start for link in links):
            yield title_item(title, start, len(text), names=False)
            return


def _may_stand_bare(text: str) -> bool:
    """Tell whether words without quotes can be a title: *as in the PDF* is none."""
    return not text[:1].islower() and len(text.split()) >= _TITLE_WORDS and is_named_title(text)
