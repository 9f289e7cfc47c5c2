"""The kinds of runs in a line: links, labels, badges and titles, and their words."""

import re
from collections.abc import Iterable, Sequence
from urllib.parse import unquote

from kdbot.intake.markdown.lines import Run
from kdbot.model.identifiers import IdentifierKind, parse_identifier
from kdbot.model.venue import Venues
from kdbot.text.dates import is_date
from kdbot.text.hosts import LinkRole, is_paper_address, link_role, may_be_paper
from kdbot.text.labels import fold_label, label_role
from kdbot.text.names import is_citation_key, names_in
from kdbot.text.titles import clean_title, is_generic, is_short_name, word_set
from kdbot.text.titles import words_of as words_in
from kdbot.text.venues import venue_in

_BADGES = ("img.shields.io", "badgen.net", "badge.fury.io", "badges.", "custom-icon-badges")
_BADGE_WORDS = re.compile(r"/badge/([^/?#]+)")
_BADGE_COLOUR = re.compile(r"-[0-9A-Za-z]+(?:\.svg)?$")
_ANYWHERE = word_set("link links url here download 链接 地址 リンク 링크 lien enlace")
"""Labels of links to a paper as of links to anything else."""
_PICTURE = re.compile(r"\s*:[a-z0-9_+-]+:\s*")
"""GitHub's name of an emoji."""
_PART = re.compile(
    r"(?:part|vol(?:ume)?|version|chapter|v)\.? ?(?:[0-9]{1,2}|[ivx]{1,4})", re.IGNORECASE
)
"""What a link to one part or version of a paper is called."""
_IDENTIFIERS = frozenset({IdentifierKind.ARXIV, IdentifierKind.DOI, IdentifierKind.ACL})
"""Schemes whose identifiers, as a link's words, only say where it leads."""
_MAX_LABEL_WORDS = 4
_WHERE = re.compile(
    r"\b(?:under review|preprint)$|^\w*rxiv\b"
    r"|(?:^(?:[^\s,]+ ){0,3}[^\s,]+|\s[0-9]+(?:\.[0-9]+)?(?:\([0-9]+\))?)"
    r"(?:,? |,)\(?(?:19|20)[0-9]{2}\)?(?:: ?\w+)?$",
    re.IGNORECASE,
)
_NAME_ALONE = re.compile(
    r"\S+(?: \([^()]{3,60}\)"
    r"| (?:dataset|data set|corpus|benchmark|challenge|model|simulator|toolkit|library))?",
    re.IGNORECASE,
)


def is_link(run: Run) -> bool:
    """Tell whether a run leads to another page."""
    return (run.url or "").lower().startswith(("http://", "https://"))


def is_title(text: str) -> bool:
    """Tell whether a link's words may be a paper's title, not a label (`[arXiv 10 Mar 2020]`)."""
    if text.startswith("[") and text.endswith("]"):
        return False
    text = clean_title(text)
    if label_role(text) is not None or is_date(text) or is_citation_key(text):
        return False
    return len(words_in(text)) >= 3 or len(text) >= 20


def is_name_alone(title: str) -> bool:
    """Tell whether a title is a name alone: one word, with its kind or what it stands for.

    `MS COCO` and `Orca 2` are names too.
    """
    is_one = title.isascii() and _NAME_ALONE.fullmatch(title) is not None
    _, space, last = title.partition(" ")
    is_second = bool(space) and (last.isupper() or last[:1].isdigit()) and " " not in last
    return is_one or (is_second and is_short_name(title))


def role_of(run: Run) -> LinkRole:
    """Tell what a link is for."""
    if _counts_stars(run):
        return LinkRole.CODE
    return link_role(label_role(run.text), run.address) or LinkRole.OTHER


def words_of(runs: Sequence[Run]) -> str:
    """Return the words of runs on one line, links' words included, badges left out."""
    return " ".join("".join(_seen(run) for run in runs).split())


def lines_of(runs: Sequence[Run]) -> str:
    """Return the words of runs with ` | ` for each line break, but not inside a list of names."""
    text = ""
    for run, following in zip(runs, [*runs[1:], Run(text="")], strict=False):
        text += (" " if text.rstrip().endswith(",") else " | ") if run.is_break else _seen(run)
        is_joined = following.emphasis or following.text.lstrip()[:1] in {",", ";", "&"}
        is_list = run.emphasis and not run.text.rstrip().endswith((",", " and", "&"))
        if is_list and not is_joined and names_in(run.text, least=2) is not None:
            text += " | "
    return " ".join(text.split())


def is_label(run: Run) -> bool:
    """Tell whether a link's words only say what it leads to, or are a bare address."""
    if run.url is None:
        return False
    if not is_link(run):
        return not is_title(run.text)
    is_picture = not clean_title(run.text) or _PICTURE.fullmatch(run.text) is not None
    if is_picture or is_badge(run) or label_role(run.text) is not None:
        return True
    if is_citation_key(run.text) or is_generic(run.text) or _PART.fullmatch(run.text.strip(" []")):
        return True
    return parse_identifier(run.text.strip(" []()")).kind in _IDENTIFIERS


def says_where(run: Run) -> bool:
    """Tell whether a link's words only say where a paper appeared: `[J Transl Med (2026)](…)`."""
    return is_link(run) and _WHERE.search(run.text.strip(" []")) is not None


def own_words(runs: Sequence[Run]) -> str:
    """Return the words of runs on one line, without links that only say where they lead."""
    return words_of([run for run in runs if not is_label(run)])


def links_alone(runs: Sequence[Run]) -> bool:
    """Tell whether a line contains links with labels, and hardly any other words."""
    links = [run for run in runs if is_link(run)]
    others = [run for run in runs if not is_link(run)]
    are_labels = all(is_label(run) or says_where(run) for run in links)
    return bool(links) and are_labels and len(words_in(words_of(others))) <= _MAX_LABEL_WORDS


def has_paper_link(runs: Iterable[Run]) -> bool:
    """Tell whether any link says that it leads to a paper, or does."""
    return any(is_link(run) and _leads_to_paper(run) for run in runs)


def _leads_to_paper(run: Run) -> bool:
    if is_paper_address(run.address):
        return True
    says_paper = label_role(run.text) is LinkRole.PAPER
    return says_paper and (fold_label(run.text) not in _ANYWHERE or may_be_paper(run.address))


def _seen(run: Run) -> str:
    return " " if run.images and (run.url is None or is_badge(run)) else run.text


def is_badge(run: Run) -> bool:
    """Tell whether a link shows a picture in place of words, or an image is a badge."""
    is_linked = run.url is not None and bool(run.images)
    return is_linked or any(host in image for image in run.images for host in _BADGES)


def _counts_stars(run: Run) -> bool:
    """Tell whether a badge counts the stars of the repository that it leads to."""
    return any("/stars/" in image for image in run.images)


def badge_venue(run: Run, venues: Venues) -> str | None:
    """Read the venue off a badge (`…/badge/Conference-ICLR'24-blue`).

    The form is that of https://shields.io: label, message and colour between hyphens, a doubled
    hyphen for one inside a word, an underscore for a space.
    """
    for image in run.images:
        match = _BADGE_WORDS.search(image)
        if match is None:
            continue
        words = unquote(_BADGE_COLOUR.sub("", match[1]).replace("--", "\0"))
        parts = [part.replace("\0", "-").replace("_", " ").strip() for part in words.split("-")]
        for part in (*reversed(parts), " ".join(parts)):
            if part and (venue := venue_in(part, venues)):
                return venue
    return None
