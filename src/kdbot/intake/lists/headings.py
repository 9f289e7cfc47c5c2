"""Headings of a README: their words, and which of them head no category."""

import re

from kdbot.intake.lists.listed_paper import words_of
from kdbot.intake.markdown.inline import References, parse_inline
from kdbot.intake.markdown.lines import Run
from kdbot.text.citations import trim_pictures

_TITLE_WORDS = 3
_LONG_TITLE = 45
_BACK_TO_TOP = re.compile(
    r"\s*(?:back to (?:top|contents|toc|table of contents)|🔝|⬆️|↑|🔼)\s*", re.IGNORECASE
)
_NUMBERING = re.compile(
    r"^(?:[0-9]{1,2}(?:\.[0-9]{1,2})*[.):、]?|[IVX]{1,4}[.)]|[A-Z][.)])\s+(?=\S)"
)
_ASIDE = re.compile(
    r"(?:(?:latest|recent|what.?s) )?(?:news?|updates?)(?: log)?|what.?s new|change ?log"
    r"|(?:table of )?contents?|citations?|citing|cite(?: us)?|bibtex|contribut(?:ing|ors?|ions?)"
    r"|acknowledge?ments?|star history|licen[cs]e|contact(?: us)?|how to (?:cite|contribute)",
    re.IGNORECASE,
)


def heading_title(text: str, references: References | None = None) -> str:
    """Return a heading's words: no numbering, no pictures, no way back to the top."""
    runs = parse_inline(text, references)
    kept = [p for p in runs if not _is_way_back(p)] or runs
    title = trim_pictures(_BACK_TO_TOP.sub(" ", words_of(kept))).strip(" \t:：|*_-–—")
    return _NUMBERING.sub("", title) or title


def _is_way_back(run: Run) -> bool:
    return run.address.startswith("#")


def heads_one_paper(title: str) -> bool:
    """Tell whether a heading reads like a paper's title: long, numbered, or with a colon inside."""
    return len(title.split()) >= _TITLE_WORDS and (
        re.match(r"\[[0-9]+\]", title) is not None or ": " in title or len(title) >= _LONG_TITLE
    )


def is_aside(title: str) -> bool:
    """Tell whether a heading stands above news, contents or a citation, and not above papers."""
    return _ASIDE.fullmatch(title) is not None
