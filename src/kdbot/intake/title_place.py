"""Where titles stand: behind a link, between quotes, in bold, before a link, in the issue's title."""

import re
from collections.abc import Iterator

from kdbot.intake.lines import Line
from kdbot.intake.links import Link
from kdbot.intake.title_text import (
    clean_title,
    drop_lead_in,
    is_generic,
    is_named_title,
    is_request,
    is_sentence_case_title,
    is_short_name,
    is_title,
    words_of,
)
from kdbot.intake.venue_text import find_venue, is_date, read_authors
from kdbot.model.venue import Venues

_QUOTED = re.compile(
    r"[“\"]([^“”\"]{8,300})[”\"]|《([^《》]{4,300})》|«([^«»]{8,300})»|「([^「」]{4,300})」"
    r"|<<([^<>]{8,300})>>|(?<!\w)['‘]([^'‘’]{12,300})['’](?!\w)|`([^`]{12,300})`"
)
_NAMED = re.compile(
    r"\b(?:paper|papers|work|article|survey|preprint|study|titled|entitled|called|named)\b[\s,:]+(?=[A-Z\d])"
)
_WORD = re.compile(r"\S+")
_JOINING = frozenset(
    ["a", "an", "and", "are", "as", "at", "be", "by", "can", "do", "does", "for", "from", "how", "in", "into", "is", "its", "not", "of", "on", "or", "over", "the", "their", "through", "to", "towards", "toward", "under", "up", "via", "vs", "vs.", "what", "when", "where", "which", "while", "who", "why", "with", "without", "within", "using", "based", "&", "-", "–", "—"]
)
_TAIL = re.compile(r"\s+(?:to|into|in|under|for)\s+(?:the\s+)?([^\s].{0,60})$")
_PLACE = re.compile(
    r"\b(?:section|category|list|readme|repo|repository|table|part)\b", re.IGNORECASE
)
_NAME_AFTER = re.compile(
    r"\b(?:add(?:ing|ed)?|includ(?:e|ing)|call(?:ed)?|named?|paper|work|method|present|propose|introduce|consider)"
    r"\s+(?:the\s+|our\s+|a\s+|paper\s+|call(?:ed)?\s+|our paper\s+)*$",
    re.IGNORECASE,
)
_REQUEST_HEAD = re.compile(
    r"^(?:\[[^\]]{1,30}\]\s*|(?:re|feat|docs?|chore|paper|papers|request|new|add|update)(?:\([^)]*\))?\s*[:：]\s*"
    r"|(?:(?:kindly|please|suggestion|suggest|suggesting|request(?:ing)?|proposal|propose|consider|could you|can you"
    r"|for|to|of|that|new|missing|recommend(?:ation|ing)?|add(?:s|ed|ing|ition)?|includ(?:e|ing)|submit(?:ting)?|upload"
    r"|our|the|my|one|recent|paper|papers|survey|work|article|accepted|latest|update|readme|in|with|titled|entitled)"
    r"\b[\s:：,\-–—]*))+",
    re.IGNORECASE,
)
_REQUEST_TAIL = re.compile(
    r"\s*[-–—(]?\s*(?:(?:to|in|into|under|for|on)\s+(?:the|this|your)\s+.{1,60}|(?:to|in|into)\s+(?:readme|list).{0,30}"
    r"|papers?|\(?(?:our|new) paper\)?)\s*$",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\s*(?:\s[-–—|]\s|[|·•]|,\s|;\s|\.\s+(?=[A-Z])|\s[(\[（]|[（【])\s*")
_AUTHORS_TAIL = re.compile(r"\s+[-–—|]\s+")


def title_of_link(link: Link) -> str | None:
    """Return the words of a link where they are a title."""
    if link.bare:
        return None
    title = clean_title(link.text)
    return title if is_named_title(title) and not is_request(title) else None


def find_titles(line: Line) -> list[tuple[str, int, bool]]:
    """Return titles between quotes, in bold, or behind *the paper*, with their places.

    The third value says whether the marks around it make it a title beyond doubt.
    """
    found: list[tuple[str, int, bool]] = []
    text = line.text
    for match in _QUOTED.finditer(text):
        title = clean_title(next(filter(None, match.groups())))
        if is_title(title) or (
            is_named_title(title)
            and _NAMED.search(text[max(match.start() - 40, 0) : match.start()] + " A")
        ):
            found.append((title, match.start(), True))
    found += _bold_titles(line)
    for match in _NAMED.finditer(text):
        title = _run(text[match.end() :])
        if title and not any(
            at <= match.end() + len(title) and title[:20] in t for t, at, _ in found
        ):
            found.append((title, match.end(), False))
    unique: dict[str, tuple[str, int, bool]] = {}
    for item in sorted(found, key=lambda item: item[1]):
        unique.setdefault(item[0].casefold(), item)
    return list(unique.values())


def _bold_titles(line: Line) -> Iterator[tuple[str, int, bool]]:
    position = 0
    for span in line.spans:
        if (span.strong or span.em) and span.url is None:
            title = clean_title(span.text)
            if is_title(title) and span.text.strip()[:1].isupper():
                yield title, position, span.strong
        position += len(span.text)


def _run(text: str) -> str | None:
    """Return the longest run of words that reads like a title at the start of a text."""
    words: list[str] = []
    for match in _WORD.finditer(text[:400]):
        word = match.group()
        if (
            "://" in word
            or word[0] in "([（"
            or not (any(c.isupper() or c.isdigit() for c in word) or word.casefold() in _JOINING)
        ):
            break
        words.append(word)
        if word.endswith((".", "!", ";", ",")) and not (
            word.endswith(",") and ":" in " ".join(words)
        ):
            break
    while words and words[-1].casefold() in _JOINING:
        words.pop()
    title = clean_title(" ".join(words))
    tail = _TAIL.search(title)
    if tail and is_title(title[: tail.start()]):
        place = tail.group(1)
        capitals = [w for w in place.split() if w[:1].isupper()]
        if _PLACE.search(place) or (
            tail.group().lstrip().startswith("to") and 2 <= len(capitals) <= 4
        ):
            title = title[: tail.start()]
    return title if is_title(title) else None


def title_before(
    text: str, venues: Venues, *, strict: bool
) -> tuple[str | None, dict[str, tuple[str, ...]]]:
    """Return the title that ends where a link begins, with what stood between the two.

    Args:
        text: the words before the link, from the start of the sentence or the link before.
        venues: the venues that the list knows.
        strict: whether only what looks like a title by its words counts.
    """
    text = drop_lead_in(clean_title(text[-600:]))
    values: dict[str, tuple[str, ...]] = {}
    if not text or is_request(text):
        return None, values
    accepts = is_title if strict else is_sentence_case_title
    head, tails = text, []
    while cut := _last_split(head):
        tail = head[cut[1] :].strip(" .,()[]（）")
        if not _is_detail(tail, venues):
            break
        tails.append(tail)
        head = head[: cut[0]]
    cuts = [cut.start() for cut in _SPLIT.finditer(head)]
    for end in cuts:
        names = read_authors(head[end:].strip(" -–—|,.;([（"))
        if names and accepts(clean_title(head[:end])):
            values["authors"] = names
            head = head[:end]
            break
    for tail in tails:
        if is_date(tail):
            values.setdefault("date", (tail,))
        elif venue := find_venue(tail, venues):
            values["venue"] = (venue.text,)
    title = clean_title(head)
    if not accepts(title) and ":" in title:
        after = clean_title(title.split(":", 1)[1])
        title = after if is_title(after) and is_generic(title.split(":", 1)[0]) else title
    return (title, values) if accepts(title) else (None, values)


def _last_split(text: str) -> tuple[int, int] | None:
    last = None
    for match in _SPLIT.finditer(text):
        last = (match.start(), match.end())
    return last


def _is_detail(text: str, venues: Venues) -> bool:
    if not text or is_generic(text) or is_date(text):
        return True
    found = find_venue(text, venues) if len(text) < 80 else None
    return venues.canonical(text) is not None or (
        found is not None and len(found.text) >= 0.6 * len(text)
    )


def short_name_in(line: Line, *, listed: bool) -> str | None:
    """Return the acronym that a sentence offers in place of a title, or None."""
    position = 0
    text = line.text
    for span in line.spans:
        name = clean_title(span.text)
        if (span.strong or span.em) and is_short_name(name) and _NAME_AFTER.search(text[:position]):
            return name
        position += len(span.text)
    for match in re.finditer(r"\S+", text[:400]):
        name = clean_title(match.group())
        if is_short_name(name) and _NAME_AFTER.search(text[: match.start()]):
            return name
    if (
        listed
        and (head := clean_title(re.split(r"[(（:：–—]|\s-\s", text, maxsplit=1)[0]))
        and is_short_name(head)
    ):
        return head
    return None


def read_issue_title(
    text: str, venues: Venues
) -> tuple[str | None, str | None, dict[str, tuple[str, ...]]]:
    """Return title, short name and details that an issue's title gives."""
    for match in _QUOTED.finditer(text):
        title = clean_title(next(filter(None, match.groups())))
        if is_title(title):
            return title, None, {}
    inner = re.search(r"[(（]([^()（）]{20,300})[)）]\s*$", text)
    if (
        inner
        and is_title(clean_title(inner.group(1)))
        and not is_title(clean_title(text[: inner.start()]))
    ):
        return clean_title(inner.group(1)), None, {}
    head, *tails = _AUTHORS_TAIL.split(text)
    values: dict[str, tuple[str, ...]] = {}
    for tail in tails:
        if names := read_authors(tail):
            values["authors"] = names
        elif is_date(tail):
            values["date"] = (tail.strip(),)
        elif not _is_detail(tail, venues):
            head = text
    stripped = _REQUEST_TAIL.sub("", _REQUEST_HEAD.sub("", head))
    whole = clean_title(head)
    for candidate in (whole, clean_title(stripped)):
        if _REQUEST_HEAD.match(candidate) and candidate == whole and whole != clean_title(stripped):
            continue
        if (
            is_title(candidate)
            and not is_request(candidate)
            and words_of(candidate)[0] not in {"a", "some", "one", "two"}
        ):
            return candidate, None, values
    if (venue := find_venue(text, venues)) is not None:
        values["venue"] = (venue.text,)
    name = clean_title(stripped.split(" - ")[0])
    return None, (name if is_short_name(name) else None), values
