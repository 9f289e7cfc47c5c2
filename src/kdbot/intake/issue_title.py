"""What an issue's title says of the paper."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from kdbot.intake.lines import Line, Span
from kdbot.intake.short_names import name_in_news, short_names_in
from kdbot.intake.title_details import is_detail, without_details
from kdbot.intake.title_place import quoted_titles
from kdbot.intake.venue_text import find_venue, is_date, read_authors
from kdbot.model.venue import Venues
from kdbot.text.titles import (
    clean_title,
    is_generic,
    is_request,
    is_short_name,
    is_title,
    words_of,
)

_ASKING_WORDS = (
    r"kindly|please|suggest(?:ion|ing)?|request(?:ing)?|proposal|propose|consider|could you|can you"
    r"|for|to|of|that|new|missing|recommend(?:ation|ing)?|add(?:s|ed|ing|ition)?|includ(?:e|ing)"
    r"|submit(?:ting)?|upload|our|the|my|one|recent|papers?|survey|work|article|accepted|latest"
    r"|update|readme|in|with|titled|entitled"
)
_HEAD = re.compile(
    r"^(?:\[[^\]]{1,30}\]\s*|(?:re|feat|docs?|chore|papers?|request|new|add|update)(?:\([^)]*\))?"
    rf"\s*[:：]\s*|(?:{_ASKING_WORDS})\b[\s:：,\-–—]*)+",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s*[-–—(]?\s*(?:(?:to|in|into|under|for|on)\s+(?:the|this|your)\s+.{1,60}"
    r"|(?:to|in|into)\s+(?:readme|list).{0,30}|papers?|reference|\(?(?:our|new) paper\)?)[\s.]*$",
    re.IGNORECASE,
)
_ANNOUNCED = re.compile(
    r"^[^:：]{0,60}\b(?:paper|work|survey|preprint|article)s?[^:：]{0,30}[:：]\s*", re.IGNORECASE
)
_ADDS = re.compile(
    r"^(?:\[[^\]]{1,30}\]\s*)?(?:please |kindly )?(?:add|include)(?:ing|s|ed)?\s", re.IGNORECASE
)
_BRACKETED = re.compile(r"[(（]([^()（）]{20,300})[)）]\s*$")
_GERUND = re.compile(
    r"Adding (?!.*\b(?:lists?|readme|papers?|sections?|repo\w*|surveys?|categor\w+|tables?)\b)"
    r"[A-Z][\w-]+ [A-Z][^:]{4,200} (?:to|into) [A-Z]"
)
_TOPIC = re.compile(
    r"\b(?:papers?|surveys?|works?|articles?)\s+(?:for|on|about|of|in)\s*$", re.IGNORECASE
)
_A_PAPER = re.compile(r"\b(?:paper|survey|work)s?\s*$")
_PARTS = re.compile(r"\s+[-–—|]\s+")
_DESCRIBING = frozenset({"a", "an", "some", "one", "two", "three", "several", "new"})
_NO_NAMES = frozenset({"readme", "readme.md", "license", "contributing", "more", "links", "typo"})


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueTitle:
    """What was found in an issue's title.

    Attributes:
        title: title of a paper, or None.
        short_names: acronyms of papers, in their order.
        values: other fields.
    """

    title: str | None = None
    short_names: tuple[str, ...] = ()
    values: dict[str, tuple[str, ...]] = field(default_factory=dict)


def read_issue_title(text: str, venues: Venues) -> IssueTitle:
    """Read an issue's title: `Add X paper`, `X - authors - date`, `Missing paper (X)`."""
    if marked := _marked_title(text):
        return IssueTitle(title=marked)
    head, values = _details(text, venues)
    if name := name_in_news(text):
        return IssueTitle(short_names=(name,), values=_with_venue(values, text, venues))
    asking = _HEAD.match(head)
    if asking and _TOPIC.search(asking.group()):
        return IssueTitle(values=values)
    stripped = clean_title(_TAIL.sub("", _HEAD.sub("", head)))
    if _A_PAPER.search(head) and not _HEAD.match(head):
        return IssueTitle(values=values)
    whole = clean_title(head)
    for candidate in (whole, stripped) if not _HEAD.match(whole) else (stripped,):
        words = words_of(candidate)
        describing = bool(words) and words[0] in _DESCRIBING
        if is_title(candidate) and not is_request(candidate) and not describing:
            return IssueTitle(title=candidate, values=values)
    name = clean_title(_PARTS.split(stripped)[0])
    line = Line(spans=(Span(text=text),))
    names = (name,) if _is_name(name, text) else short_names_in(line, listed=False)
    names = tuple(name for name in names if venues.canonical(name) is None)
    return IssueTitle(short_names=names, values=_with_venue(values, text, venues))


def _marked_title(text: str) -> str | None:
    """Return the title that quotes, brackets, a colon or *Adding … to* set apart."""
    for placed in quoted_titles(text):
        if is_title(placed.title) or len(words_of(placed.title)) > 2:
            return placed.title
    inner = _BRACKETED.search(text)
    if inner and is_title(clean_title(inner.group(1))):
        head = clean_title(_HEAD.sub("", text[: inner.start()]))
        if not is_title(head):
            return clean_title(inner.group(1))
    announced = clean_title(_ANNOUNCED.sub("", text))
    if announced != clean_title(text) and is_title(announced):
        return announced
    if _GERUND.match(text):
        return clean_title(text)
    return None


def _with_venue(
    values: Mapping[str, tuple[str, ...]], text: str, venues: Venues
) -> dict[str, tuple[str, ...]]:
    venue = find_venue(text, venues)
    return {**values, **({"venue": (venue.text,)} if venue else {})}


def _details(text: str, venues: Venues) -> tuple[str, dict[str, tuple[str, ...]]]:
    text, values = without_details(text, venues)
    head, *tails = _PARTS.split(text)
    for tail in tails:
        if names := read_authors(tail):
            values["authors"] = names
        elif is_date(tail):
            values["date"] = (tail.strip(),)
        elif not is_detail(tail, venues):
            return text, values
    return head, values


def _is_name(name: str, text: str) -> bool:
    """Tell whether what is left of a title is a method's name; `Add Hymba` names one."""
    words = name.split()
    if any(is_generic(word) for word in words) or name.casefold() in _NO_NAMES:
        return False
    if is_short_name(name):
        return all(word[0].isupper() or not word.isalpha() for word in words)
    return len(words) == 1 and len(name) > 2 and name[0].isupper() and bool(_ADDS.match(text))
