"""The links of a line, and what each of them leads to."""

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

from kdbot.intake.markdown.lines import Line
from kdbot.model.identifiers import Identifier
from kdbot.model.urls import parse_url
from kdbot.text.addresses import find_bare_links, identify
from kdbot.text.hosts import LinkRole, link_role
from kdbot.text.labels import IGNORED, field_of_label, label_role, role_of_field


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One address in a line.

    Attributes:
        address: as it was written.
        text: the words of the link; the address itself if it is bare.
        start: position in the line's text.
        end: position behind it.
        bare: whether the address itself is what a reader sees.
        identifier: what it identifies, or None.
    """

    address: str
    text: str
    start: int
    end: int
    bare: bool
    identifier: Identifier | None = None


@lru_cache(maxsize=256)
def find_links(line: Line) -> tuple[Link, ...]:
    """Return the links of a line in their order: marked ones, bare addresses, bare identifiers.

    Several readers ask for the links of a line, so those of a block's lines are cached.
    """
    found: list[Link] = []
    position = 0
    previous: str | None = None
    for span in line.spans:
        end = position + len(span.text)
        is_bare = span.url is None or _is_address(span.text.strip(), span.url)
        if is_bare:
            found += (
                Link(
                    address=bare.address,
                    text=bare.address,
                    start=position + bare.start,
                    end=position + bare.start + len(bare.address),
                    bare=True,
                    identifier=bare.identifier,
                )
                for bare in find_bare_links(span.text)
            )
        elif span.url and span.url == previous and found and found[-1].end == position:
            head = found.pop()
            found.append(_link(span.url, head.text + span.text, head.start, end, bare=head.bare))
        elif span.url and not span.url.startswith(("#", "mailto:", "/")):
            found.append(_link(span.url, span.text, position, end, bare="://" in span.text))
        previous, position = span.url, end
    return tuple(found)


def _is_address(words: str, url: str) -> bool:
    """Tell whether the words of `[https://…](url)` are the address: the other one redirects."""
    return "://" in words and (parse_url(url) is None or words in unquote(url)[len(words) :])


def role_of_link(link: Link, label: str | None) -> LinkRole | None:
    """Return what a link leads to, by its address and by its own words or the label before it.

    Args:
        link: the link.
        label: the field that a label before it names, `paper` and `ignored` included, or None.
    """
    own = None if link.bare else field_of_label(link.text)
    promised = None if link.bare else label_role(link.text)
    said = LinkRole.OTHER if own == IGNORED and promised is None else promised
    if said is None or (label is not None and own in {None, "url"}):
        said = role_of_field(label)
    role = link_role(said, link.address)
    # What is called code and is not known for a page stays so, for the review to tell.
    is_unknown = said is LinkRole.CODE and link_role(None, link.address) is None
    return LinkRole.CODE if is_unknown else role


def _link(address: str, text: str, start: int, end: int, *, bare: bool) -> Link:
    return Link(
        address=address,
        text=text,
        start=start,
        end=end,
        bare=bare,
        identifier=identify(address),
    )
