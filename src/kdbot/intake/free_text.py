"""Free text to candidates: the mentions in a text, grouped by paper."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from kdbot.intake.links import Link
from kdbot.intake.markdown.blocks import parse_markdown
from kdbot.intake.mentions import SURE, WEAK, Mention, merge_mentions
from kdbot.intake.reading import read_body
from kdbot.model.paper import LISTS
from kdbot.model.proposal import Candidate, Given, Intent, Origin
from kdbot.model.titles import fold_title
from kdbot.model.venue import Venues
from kdbot.text.titles import is_named_title, is_short_name, is_title
from kdbot.text.venues import find_venue, with_year_beside

MAX_CANDIDATES = 50
_ACRONYM_BEHIND = re.compile(r"(?<=\w) \([\w.+-]{2,20}\)$")


@dataclass(slots=True)
class _Draft:
    """A paper while its parts are being found."""

    mention: Mention
    number: int
    last: tuple[int, ...] = ()

    def take(self, mention: Mention) -> None:
        self.mention = merge_mentions(self.mention, mention)
        self.last = mention.mark


class _Drafts:
    """The papers found so far, in reading order, and by what names them."""

    def __init__(self) -> None:
        self._by_number: dict[int, _Draft] = {}
        self._by_key: dict[str, _Draft] = {}

    def __iter__(self) -> Iterator[_Draft]:
        return iter(self._by_number.values())

    def add(self, mention: Mention, number: int) -> _Draft:
        draft = self._by_number[number] = _Draft(mention, number, mention.mark)
        return draft

    def has(self, draft: _Draft | None) -> bool:
        return draft is not None and draft.number in self._by_number

    def note(self, mention: Mention, draft: _Draft) -> None:
        for key in _keys(mention):
            self._by_key.setdefault(key, draft)

    def find(self, mention: Mention) -> _Draft | None:
        """Return the paper that a mention names, None if there is none, or a different one.

        Two papers that it names are one.
        """
        named = {d.number: d for key in _keys(mention) if (d := self._by_key.get(key))}
        same = [draft for _, draft in sorted(named.items()) if self.has(draft)]
        if not same or _contradicts(same[0].mention, mention):
            return None
        for other in same[1:]:
            if not _contradicts(same[0].mention, other.mention):
                self.join(same[0], other)
        return same[0]

    def join(self, draft: _Draft, other: _Draft) -> None:
        draft.take(self._by_number.pop(other.number).mention)
        self._by_key |= dict.fromkeys(_keys(other.mention), draft)


def gather(mentions: Sequence[Mention], venues: Venues) -> list[Mention]:
    """Put mentions of the same paper together; one mention for each paper, in reading order.

    A second title or a link to another paper begins another paper; what names no paper (a link to
    code, a venue) belongs to the paper before it, or else to the next one.
    """
    mentions = [m for n, m in enumerate(mentions) if not _heads_a_group(m, mentions[n + 1 :])]
    mentions = [_named_so(mentions, n) for n in range(len(mentions))]
    drafts = _Drafts()
    waiting: list[Mention] = []
    current: _Draft | None = None
    for number, mention in enumerate(mentions):
        if known := drafts.find(mention):
            if current and drafts.has(current) and _heads(current, known, mention):
                drafts.join(known, current)
            known.take(mention)
            current = known
        elif not mention.names_paper:
            if current is None or not _fits(current, mention):
                waiting.append(mention)
                continue
            current.take(mention)
        elif current is not None and _continues(current, mention, mentions[number + 1 :]):
            current.take(mention)
        else:
            current = drafts.add(mention, number)
            for loose in waiting:
                current.take(replace(loose, mark=mention.mark))
            waiting.clear()
        drafts.note(mention, current)
    shared = next((m.values["venue"] for m in mentions if m.shared and "venue" in m.values), None)
    return [_with_shared(draft.mention, shared, venues) for draft in drafts]


def _with_shared(paper: Mention, shared: tuple[str, ...] | None, venues: Venues) -> Mention:
    """Return a paper with the venue that the words above it give to it and to others."""
    found = find_venue(paper.section, venues)
    venue = (found.text,) if found else shared
    return replace(paper, values={"venue": venue, **paper.values}) if venue else paper


def _named_so(mentions: Sequence[Mention], number: int) -> Mention:
    """Return a mention; a labelled acronym beside a labelled title is the paper's short name."""
    mention = mentions[number]
    name = mention.title or ""
    if not mention.labelled or mention.papers or not is_short_name(name) or is_named_title(name):
        return mention
    before = next((m for m in reversed(mentions[:number]) if m.title or m.papers), None)
    beside = (before, *mentions[number + 1 : number + 2])
    is_name = any(m and m.labelled and m.title and is_title(m.title) for m in beside)
    return replace(mention, title=None, short_name=name) if is_name else mention


def _heads_a_group(mention: Mention, following: Sequence[Mention]) -> bool:
    """Tell whether a heading is above papers with their own titles, or above several."""
    if not mention.heading or mention.papers:
        return False
    below = list(takewhile(lambda later: not later.heading, following))
    keys = {_link_key(link) for later in below for link in later.papers[:1]}
    return len(keys) > 1 or any(later.title for later in below)


def settle(mentions: Sequence[Mention]) -> list[Mention]:
    """Drop what cannot be a paper of its own next to the others."""
    linked = [m for m in mentions if m.papers]
    if not linked:
        titled = [m for m in mentions if m.title]
        return (
            titled
            if any(m.rank > WEAK for m in titled) or not mentions
            else list(titled or mentions)
        )
    proposed = any(m.proposed for m in linked)
    numbered = any(m.numbered for m in linked)
    kept = []
    for mention in mentions:
        if mention.papers and proposed and not mention.proposed:
            continue
        alone = not mention.papers
        if alone and mention.title is None:
            continue
        sure = mention.rank == SURE or mention.labelled or (mention.numbered and numbered)
        # A quoted title with a page of its own: `- "A Title": https://…`.
        sure = sure or (mention.rank > WEAK and _is_item(mention.mark) and bool(mention.values))
        if alone and (mention.cited or not sure):
            continue
        kept.append(mention)
    return kept


def to_candidates(
    mentions: Sequence[Mention], origin: Origin, *, intent: Intent
) -> tuple[Candidate, ...]:
    """Return the papers as candidates of a proposal."""
    return tuple(_candidate(m, origin, intent=intent) for m in mentions[:MAX_CANDIDATES])


def read_pasted(text: str, venues: Venues) -> Candidate | None:
    """Read a reference or a whole request that was pasted where a form asks for a link.

    None if it names no paper, or several.
    """
    papers = settle(gather(read_body(parse_markdown(text), venues).mentions, venues))
    candidates = to_candidates(papers, Origin.FORM, intent=Intent.ADD)
    return candidates[0] if len(candidates) == 1 and candidates[0].given else None


def _best_link(links: Sequence[Link]) -> Link | None:
    """Return the link that says most surely which paper it is: an identifier's, arXiv first."""
    identified = [link for link in links if link.identifier is not None]
    arxiv = [
        link for link in identified if link.identifier and link.identifier.kind.value == "arxiv"
    ]
    return next(iter((*arxiv, *identified, *links)), None)


def _candidate(mention: Mention, origin: Origin, *, intent: Intent) -> Candidate:
    given: dict[str, Given] = {}
    if mention.title:
        given["title"] = Given(value=mention.title, origin=origin)
    if link := _best_link(mention.papers):
        given["url"] = Given(value=link.address, origin=origin)
    for other in mention.papers:
        found = other.identifier
        if link and link.identifier and found and found.kind is not link.identifier.kind:
            given.setdefault(found.kind.value, Given(value=found.canonical, origin=origin))
    for name, items in _with_year_of_venue(mention.values).items():
        value: object = list(items) if name in LISTS else items[0]
        given[name] = Given(value=value, origin=origin)
    return Candidate(given=given, short_name=mention.short_name, intent=intent)


def _with_year_of_venue(
    values: Mapping[str, tuple[str, ...]],
) -> Mapping[str, tuple[str, ...]]:
    """Return values with a year that has no month as that of the venue."""
    dated = with_year_beside(values.get("venue", ("",))[0], values.get("date", ("",))[0])
    if dated is None:
        return values
    return {**{name: v for name, v in values.items() if name != "date"}, "venue": (dated,)}


def _keys(mention: Mention) -> set[str]:
    keys = {_link_key(link) for link in mention.papers}
    if mention.title:
        # An acronym that only one of two mentions has behind the title is no other paper.
        keys.add("title:" + fold_title(_ACRONYM_BEHIND.sub("", mention.title)))
    return keys


def _link_key(link: Link) -> str:
    if link.identifier is not None:
        return f"{link.identifier.kind}:{link.identifier.canonical}"
    return "url:" + link.address.rstrip("/").lower()


def _contradicts(left: Mention, right: Mention) -> bool:
    """Tell whether both have certain, different titles for one address."""
    both = left.title and right.title and left.papers and right.papers
    if not both or fold_title(left.title or "") == fold_title(right.title or ""):
        return False
    identified = any(link.identifier for link in (*left.papers, *right.papers))
    return left.rank == right.rank == SURE and not identified


def _continues(current: _Draft, mention: Mention, following: Sequence[Mention]) -> bool:
    """Tell whether a mention goes on about the current paper."""
    left = current.mention
    same_place = current.last == mention.mark
    if mention.title and left.title:
        return mention.rank == WEAK and left.rank > WEAK and same_place and not mention.papers
    if mention.papers and left.papers:
        is_known = bool(left.title) or (left.labelled and mention.labelled)
        is_below = is_known and _next_line(current.last, mention.mark)
        return (same_place or is_below) and not mention.title and _other_kinds(left, mention)
    if mention.title and left.papers:
        if same_place and not mention.papers:
            return True
        if mention.rank == WEAK and not _next_line(current.last, mention.mark):
            return False
        return not _claimed(mention, following)
    if mention.title and left.short_name and not mention.labelled:
        return same_place or not (_is_item(current.last) and _is_item(mention.mark))
    if mention.short_name and not mention.title and not mention.papers:
        if left.short_name == mention.short_name or (
            left.title and same_place and _is_item(mention.mark)
        ):
            return True
        begins = _is_item(mention.mark) and not mention.labelled
        another = begins and (left.short_name or left.title or left.papers)
        return left.short_name is None and not same_place and not another
    return True


def _heads(current: _Draft, known: _Draft, mention: Mention) -> bool:
    """Tell whether a title is right above the link of a paper that has no title yet."""
    untitled = known.mention.title is None and mention.title is None
    alone = current.mention.title is not None and not current.mention.papers
    return untitled and alone and _next_line(current.last, mention.mark)


def _is_item(mark: tuple[int, ...]) -> bool:
    return len(mark) == 1 and mark[0] > 0


def _claimed(mention: Mention, following: Sequence[Mention]) -> bool:
    """Tell whether the next link to a paper comes without a title: then this one is its title.

    Where links and titles take turns up to a title, each is the title of the link above it.
    """
    if mention.papers:
        return True
    turns = [bool(m.papers) for m in (mention, *following) if m.title or m.papers]
    if len(turns) > 1 and turns == [bool(n % 2) for n in range(len(turns))] and not turns[-1]:
        return False
    for later in following:
        if later.title:
            return False
        if later.papers:
            return True
    return False


def _other_kinds(left: Mention, right: Mention) -> bool:
    kinds = {link.identifier.kind for link in left.papers if link.identifier}
    return not any(link.identifier and link.identifier.kind in kinds for link in right.papers)


def _fits(current: _Draft, mention: Mention) -> bool:
    values: Mapping[str, tuple[str, ...]] = mention.values
    have = current.mention.values
    clash = [
        n for n in values if n in have and have[n] != values[n] and n not in {"project", "data"}
    ]
    return not clash or current.last == mention.mark


def _next_line(before: tuple[int, ...], mark: tuple[int, ...]) -> bool:
    return before == mark or (len(before) == len(mark) == 2 and mark[1] - before[1] <= 1)
