"""The name of a record's file: its arXiv identifier, or else a slug of its title."""

import re
from collections.abc import Container, Iterator

from kdbot.model.finding import Finding, error_rule, quote, quote_long
from kdbot.model.identifiers import arxiv_from_stem, arxiv_stem
from kdbot.model.paper import IDENTITY_NAMES, path_of, stem_of
from kdbot.model.titles import title_slug
from kdbot.review.draft import Draft
from kdbot.review.identifiers import field_of, read_identifier
from kdbot.text.record import render_scalar

WRONG_FILE_NAME = error_rule(
    "wrong-file-name",
    "A record's file is named after its arXiv identifier or, without one, its title.",
    "Rename the file.",
)

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_MAX_SLUG = 69  # sixty characters, a dash and a hash of eight


def paper_key(draft: Draft, taken: Container[str] = ()) -> str:
    """Return the stem that a new record's file must have.

    Args:
        draft: the record.
        taken: stems that are not free for a slug.
    """
    arxiv = draft.text("arxiv")
    if arxiv and field_of(read_identifier("arxiv", arxiv)) == "arxiv":
        return arxiv_stem(arxiv)
    return title_slug(_name_of(draft), taken=taken)


def _name_of(draft: Draft) -> str:
    """Return the title, or a substitute in a record that cannot be written yet."""
    identifiers = (draft.text(name) for name in IDENTITY_NAMES)
    names = (draft.text("title"), draft.candidate.short_name, *identifiers)
    return next((name for name in names if name), "")


def check_file_name(draft: Draft, *, listed: bool, taken: bool = False) -> Iterator[Finding]:
    """Ask a file to be named after its paper.

    Args:
        draft: the record.
        listed: whether the file is on the list already; its slug stays when the title is fixed.
        taken: whether the right name is that of another file with the same paper; one of the two
            has to go then, and neither is renamed to the other.
    """
    if draft.file is None or not draft.text("title"):
        return
    stem, key = stem_of(draft.file), paper_key(draft)
    arxiv, named = draft.text("arxiv"), arxiv_from_stem(stem)
    by_identifier = bool(arxiv) and key == arxiv_stem(arxiv)
    if arxiv and not by_identifier:
        # The identifier has its own finding; the file name may be right, so do not use the title.
        return
    if by_identifier:
        right = stem == key
    elif listed:
        is_short = len(stem) <= _MAX_SLUG
        right = is_short and _SLUG.fullmatch(stem) is not None and named is None
    else:
        right = stem in {key, paper_key(draft, taken=(key,))}
    if right and draft.file == path_of(stem):
        return
    reason = "its arXiv identifier" if arxiv else "its title"
    fixes = [] if taken else [f"rename it to {quote_long(path_of(key))}"]
    if named and stem != key:
        line = quote(f"arxiv: {render_scalar(named, 'arxiv')}")
        fixes = [f"if the name is right, write {line}", *(f"if not, {fix}" for fix in fixes)]
    if not fixes:
        return
    fix = "; ".join(fixes)
    yield draft.finding(
        WRONG_FILE_NAME,
        f"The file is named {quote(draft.file)}; a paper's file is named after {reason}.",
        fix=f"{fix[0].upper()}{fix[1:]}.",
    )
