"""Titles in running text, without a mark around them."""

import re

from kdbot.text.title_words import word_set
from kdbot.text.titles import clean_title, is_title, words_of

_WORD = re.compile(r"\S+")
_JOINING = word_set(
    "a an and are as at be by can do does for from how in into is its not of on or over the their"
    " through to towards toward under up via vs vs. what when where which while who why with"
    " without within using based & - – —"
)
_TAIL = re.compile(r"\s+(to|into|in|under|for)\s+(?:the\s+)?(\S.{0,60})$")
_PLACE = re.compile(
    r"\b(?:section|category|list|readme|repo|repository|table|part)\b", re.IGNORECASE
)
_ADDRESS = re.compile(r"[(\[（]?(?:https?://|www\.)")
_LAST_TO = re.compile(r"\s(?:to|into|in|under)\s(?!.*\s(?:to|into|in|under)\s)")
_FROM_ARXIV = re.compile(r"\s+from\s+arxiv\b.*", re.IGNORECASE)


def run_of_title(text: str) -> str | None:
    """Return the longest run of words that reads like a title at the start of a text."""
    words: list[str] = []
    text = _ADDRESS.split(text[:400], maxsplit=1)[0]
    behind = ""
    for match in _WORD.finditer(text):
        word = match.group()
        written = any(c.isupper() or c.isdigit() for c in word) or word.casefold() in _JOINING
        if word[0] in "([（" or not written:
            behind = word
            break
        words.append(word)
        run = " ".join(words)
        if word.endswith((".", "!", ";")) or (
            word.endswith(",") and ":" not in run and is_title(run)
        ):
            break
    # A comma ends a title early only where no subtitle follows: `A, B: What They Do`.
    comma = next((n for n, word in enumerate(words, 1) if word.endswith(",")), len(words))
    words = words if ":" in " ".join(words) else words[:comma]
    placed = False
    words = _FROM_ARXIV.sub("", " ".join(words)).split()
    while words and words[-1].casefold() in _JOINING:
        placed |= words.pop() in {"to", "into", "in", "under"}
    title = clean_title(" ".join(words))
    if _PLACE.match(behind) and (to := _LAST_TO.search(title)):
        title = title[: to.start()]
    tail = None if placed else _TAIL.search(title)
    if tail and is_title(title[: tail.start()]) and _is_place(tail.group(1), tail.group(2)):
        title = title[: tail.start()]
    plural = any(
        word in {"Papers", "papers", "Works", "paper", "Paper"} for word in words_of(title)
    )
    return title if is_title(title) and not plural else None


def _is_place(preposition: str, text: str) -> bool:
    capitals = [word for word in text.split() if word[:1].isupper()]
    return bool(_PLACE.search(text)) or (preposition == "to" and 2 <= len(capitals) <= 4)
