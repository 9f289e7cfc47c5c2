"""The name of a record's file: the paper's key."""

import re
from collections.abc import Container, Iterator

from kdbot.model.finding import Finding, quote
from kdbot.model.identifiers import arxiv_from_stem, arxiv_stem
from kdbot.model.titles import title_slug
from kdbot.review.draft import Draft
from kdbot.review.identifiers import IDENTIFIER_NAMES, field_of, read_identifier
from kdbot.review.rules import WRONG_FILE_NAME

FOLDER = "papers"

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_SLUG = 69  # sixty characters, a dash and a hash of eight


def stem_of(file: str) -> str:
    """Return the stem of a record's path."""
    return file.rpartition("/")[2].removesuffix(".yaml")


def path_of(paper_id: str) -> str:
    """Return the path of a record's file."""
    return f"{FOLDER}/{paper_id}.yaml"


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
    """Return the title, or what goes by its place in a record that cannot be written yet."""
    identifiers = (draft.text(name) for name in (*IDENTIFIER_NAMES, "url"))
    names = (draft.text("title"), draft.candidate.short_name, *identifiers)
    return next((name for name in names if name), "")


def check_file_name(draft: Draft, *, listed: bool) -> Iterator[Finding]:
    """Ask a file to be named after its paper.

    Args:
        draft: the record.
        listed: whether the file is on the list already; its slug stays when the title is mended.
    """
    if draft.file is None or not draft.text("title"):
        return
    stem, key = stem_of(draft.file), paper_key(draft)
    arxiv = draft.text("arxiv")
    if arxiv and key == arxiv_stem(arxiv):
        right = stem == key
    elif listed:
        right = _is_slug(stem)
    else:
        right = stem in {key, paper_key(draft, taken=(key,))}
    if not right or draft.file != path_of(stem):
        reason = "its arXiv identifier" if arxiv else "its title"
        yield draft.finding(
            WRONG_FILE_NAME,
            f"The file is named {quote(draft.file)}; a paper's file is named after {reason}.",
            fix=f"Rename it to {quote(path_of(key), 160)}.",
        )


def _is_slug(stem: str) -> bool:
    return (
        len(stem) <= _LONGEST_SLUG
        and _SLUG.fullmatch(stem) is not None
        and arxiv_from_stem(stem) is None
    )
