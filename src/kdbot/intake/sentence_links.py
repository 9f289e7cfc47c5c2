"""What the links of a sentence say of papers."""

import re
from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType

from kdbot.intake.lines import Line
from kdbot.intake.links import Link, Role, role_of_link
from kdbot.intake.mentions import LIKELY, SURE, Mention, merge_mentions
from kdbot.intake.phrases import is_mention, names_this_list
from kdbot.intake.title_place import PlacedTitle, title_before, title_of_link
from kdbot.model.identifiers import IdentifierKind
from kdbot.model.venue import Venues
from kdbot.text.labels import PAPER
from kdbot.text.titles import clean_title, is_short_name, is_title, mask_titles

_NAMES_A_LINK = re.compile(
    r"\b(paper|preprint|pdf|code|github|repo(?:sitory)?|implementation|project(?: page)?|website"
    r"|homepage|web ?page|demo|dataset|data|model|weights|blog|video|slides)s?\b",
    re.IGNORECASE,
)
_LABEL_OF = MappingProxyType(
    dict.fromkeys(("paper", "preprint", "pdf"), PAPER)
    | dict.fromkeys(("code", "github", "repo", "repository", "implementation"), "code")
    | dict.fromkeys(("project", "project page", "website", "homepage"), "project")
    | dict.fromkeys(("web page", "webpage", "demo"), "project")
    | dict.fromkeys(("dataset", "data"), "data")
)
_SUBTITLE = re.compile(r"[)\]）\s]*[:：]\s*(.+?)(?:\s[-–—]\s|\.(?:\s|$)|\s\(|$)")
_MOST = 600
_NEAR = 40


def read_links(
    line: Line, links: Sequence[Link], titles: Sequence[PlacedTitle], venues: Venues
) -> tuple[list[Mention], bool]:
    """Return what the links of a sentence say; whether the last paper was only spoken of."""
    text = line.text
    named = any(span.strong and is_short_name(clean_title(span.text)) for span in line.spans)
    mentions: list[Mention] = []
    start = 0
    spoken = False
    known: list[str | None] = [placed.title for placed in titles]
    for link in links:
        role = _role(link, text[max(link.start - 80, 0) : link.start])
        before = text[start : link.start]
        fresh: Mention | None = None
        if role is Role.PAPER or (role is Role.CODE and title_of_link(link)):
            near = [t for t in titles if start <= t.start < link.start]
            fresh = _paper(link, role, before, near, venues, named=named)
            if fresh.title is None and (whole := _around(before, text[link.end :])):
                fresh = replace(fresh, title=whole, rank=LIKELY)
            known.append(fresh.title)
            around = mask_titles(text[max(link.start - _MOST, 0) : link.start], known)
            spoken = names_this_list(link.text) or is_mention(around)
            fresh = None if spoken else fresh
        elif role is Role.OTHER and "scholar.google." in link.address and title_of_link(link):
            fresh = Mention(title=title_of_link(link), rank=SURE)
        elif role not in {Role.OTHER, Role.UNKNOWN} and not spoken:
            fresh = Mention(values={role.value: (link.address,)})
        start = link.end
        if fresh is None:
            continue
        if mentions and _same_paper(mentions[-1], fresh, before):
            mentions[-1] = merge_mentions(mentions[-1], fresh)
        else:
            mentions.append(fresh)
    return mentions, spoken


def _role(link: Link, before: str) -> Role:
    words = _NAMES_A_LINK.findall(before)
    role = role_of_link(link, _LABEL_OF.get(words[-1].lower()) if words else None)
    return Role.PAPER if role is Role.UNKNOWN and title_of_link(link) else role


def _paper(
    link: Link,
    role: Role,
    before: str,
    near: Sequence[PlacedTitle],
    venues: Venues,
    *,
    named: bool,
) -> Mention:
    """Return what a link to a paper says; `named`: an acronym in bold stands for its title."""
    values: dict[str, tuple[str, ...]] = {}
    title, rank, short = title_of_link(link), SURE, None
    if title is None:
        rank = LIKELY
        if near:
            title = near[-1].title
        else:
            title, values = title_before(before, venues, strict=named)
    if title is None:
        names = [clean_title(text) for text in (link.text, before)]
        short = next((n for n in names if not link.bare and is_short_name(n)), None)
        short = short or (names[1] if is_short_name(names[1]) else None)
    if role is Role.CODE:
        return Mention(title=title, rank=rank, values={**values, "code": (link.address,)})
    return Mention(title=title, rank=rank, short_name=short, papers=(link,), values=values)


def _around(before: str, behind: str) -> str | None:
    """Return the title that stands around a link: `Name (link): What It Does`."""
    found = _SUBTITLE.match(behind[:_MOST])
    if found is None or not is_title(subtitle := clean_title(found[1])):
        return None
    words = before.rstrip(" ([（")
    names = (clean_title(words), clean_title(words.rpartition(" ")[2]))
    name = next(filter(is_short_name, names), None)
    return f"{name}: {subtitle}" if name else None


def _same_paper(left: Mention, right: Mention, between: str) -> bool:
    """Tell whether two neighbours of one sentence speak of one paper."""
    if not left.names_paper or not right.names_paper:
        return True
    if left.title and right.title:
        return left.title == right.title
    if not left.papers or not right.papers:
        return True
    known = {
        (link.identifier.kind, link.identifier.canonical) for link in left.papers if link.identifier
    }
    last = right.papers[0].identifier
    if last and (last.kind, last.canonical) in known:
        return True
    if right.title or len(between) > _NEAR:
        return False
    return last is None or last.kind not in {kind for kind, _ in known} | {IdentifierKind.DOI}
