"""Labels within a line: `Title: X, Code: Y` cut into what each of them names."""

from collections.abc import Iterator
from itertools import islice

from kdbot.intake.lines import Line, LineCutter
from kdbot.text.labels import LONGEST_LABEL, field_of_label

_LINKED = frozenset({"url", "code", "project"})
_SEPARATORS = ",;|·•(["
_BRACKETS = {"(": ")", "[": "]"}
_MAX_COLONS = 60


def split_labels(line: Line) -> Iterator[tuple[str | None, Line]]:
    """Cut a line at the labels in it: `Title: X, Code: Y` gives the title and the code.

    What stands before the first label comes with None, and so does what stands behind the bracket
    around a label and its value.
    """
    text, cutter = line.text, LineCutter(line)
    start = closed = 0
    field: str | None = None
    for colon in islice(_colons(line), _MAX_COLONS):
        if closed and closed < colon:
            yield field, cutter.cut(start, closed)
            field, start, closed = None, closed, 0
        found = _label_before(line, text, start, colon) or _amid_words(text, start, colon, field)
        if found is None:
            continue
        begin, next_field = found
        if field or text[start:begin].strip():
            yield field, cutter.cut(start, begin)
        field, start = next_field, colon + 1
        bracket = _BRACKETS.get(text[begin - 1 : begin] if begin else "")
        closed = max(text.find(bracket, colon), 0) if bracket else 0
    if closed:
        yield field, cutter.cut(start, closed)
        field, start = None, closed
    if field or text[start:].strip():
        yield field, cutter.cut(start, len(text))


def _colons(line: Line) -> Iterator[int]:
    position = 0
    for span in line.spans:
        if span.url is None:
            for offset, char in enumerate(span.text):
                behind = span.text[offset + 1 : offset + 2]
                if char in ":：" and behind != "/" and not behind.isdigit():
                    yield position + offset
        position += len(span.text)


def _label_before(line: Line, text: str, start: int, colon: int) -> tuple[int, str] | None:
    head = text[max(start, colon - LONGEST_LABEL) : colon]
    offset = colon - len(head)
    whole = len(head) == colon - start
    if whole and (field := field_of_label(head.strip(" ([*_-–•")) if head.strip() else None):
        return start, field
    if start == 0 and whole and not any(mark in head for mark in _SEPARATORS):
        return _after_span(line, offset, head)
    cut = max(head.rfind(mark) for mark in _SEPARATORS)
    if cut >= 0 and (field := field_of_label(head[cut + 1 :])) and head[cut + 1 :].strip():
        return offset + cut + 1, field
    return _after_span(line, offset, head)


def _after_span(line: Line, offset: int, head: str) -> tuple[int, str] | None:
    """Find a label that begins where a span or an address ends."""
    words = head.split(" ")
    for count in (3, 2, 1):
        tail = " ".join(words[-count:])
        begin = offset + len(head) - len(tail)
        field = field_of_label(tail) if tail.strip() and count <= len(words) else None
        if field and (_at_edge(line, begin) or _after_address(head[: len(head) - len(tail)])):
            return begin, field
    return None


def _amid_words(text: str, start: int, colon: int, field: str | None) -> tuple[int, str] | None:
    """Find a label between words: `Title:`, and behind it `arXiv:` before an address."""
    words = text[max(start, colon - LONGEST_LABEL) : colon].split(" ")
    for count in (2, 1):
        tail = " ".join(words[-count:])
        found = field_of_label(tail) if tail[:1].isalpha() and count < len(words) else None
        linked = found in _LINKED and "://" in text[colon : colon + 10]
        if found and (tail == "Title" or (field == "title" and linked)):
            return colon - len(tail), found
    return None


def _at_edge(line: Line, begin: int) -> bool:
    position = 0
    for span in line.spans:
        if position == begin and (span.strong or position == 0):
            return True
        position += len(span.text)
    return False


def _after_address(before: str) -> bool:
    words = before.split()
    return bool(words) and "://" in words[-1]
