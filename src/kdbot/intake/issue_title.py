"""The title of an issue: what it says of a paper, and what its body leaves out."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce

from kdbot.intake.intent import adds_paper, speaks_of_own_paper, speaks_of_paper
from kdbot.intake.links import find_links
from kdbot.intake.markdown.lines import plain_line
from kdbot.intake.mentions import WEAK, Mention, merge_mentions, merge_values, split_labels
from kdbot.intake.reading import Reading
from kdbot.intake.titles import cited_values, quoted_titles, short_names_in
from kdbot.model.identifiers import IdentifierKind
from kdbot.model.titles import fold_title
from kdbot.model.venue import Venues
from kdbot.text.citations import read_citation
from kdbot.text.hosts import LinkRole, role_of_address
from kdbot.text.labels import field_of_label
from kdbot.text.titles import (
    clean_title,
    is_generic,
    is_request,
    is_sentence_case_title,
    is_short_name,
    is_title,
    mask_titles,
    words_of,
)
from kdbot.text.venues import bare_venue, find_venue, is_preprint

_ASKING_WORDS = (
    r"kindly|please|suggest(?:ion|ing)?|request(?:ing)?|proposal|propose|consider|could you|can you"
    r"|for|to|of|that|new|missing|recommend(?:ation|ing)?|add(?:s|ed|ing|ition)?|includ(?:e|ing)"
    r"|submit(?:ting)?|submission|upload|our|the|my|one|recent|papers?|survey|work|article|accepted|latest"
    r"|update|readme|in|with|titled|entitled"
)
_HEAD = re.compile(
    r"^(?:\[[^\]]{1,30}\]\s*|(?:re|feat|docs?|chore|papers?|request|new|add|update)(?:\([^)]*\))?"
    rf"\s*[:：]\s*|(?:{_ASKING_WORDS})\b[\s:：,\-–—]*)+",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s*[-–—(]?\s*(?<!\w)(?:(?:to|in|into|under|for|on)\s+(?:the|this|your)\s+.{1,60}|(?:to|in"
    r"|into)\s+(?:readme|list).{0,30}|papers?|reference|\(?(?:our|new) paper\)?)[\s.]*$",
    re.IGNORECASE,
)
_ADDS = re.compile(
    r"^(?:\[[^\]]{1,30}\]\s*)?(?:please |kindly )?(?:add|include)(?:ing|s|ed)?\s", re.IGNORECASE
)
_PAPER = re.compile(r"\s*(?:(?:oral|accepted) )?(?:papers?|work)\b[\s:：]*", re.IGNORECASE)
_TOPIC = re.compile(
    r"\b(?:papers?|surveys?|works?|articles?)\s+(?:for|on|about|of|in)\s*$", re.IGNORECASE
)
_A_PAPER = re.compile(r"\b(?:paper|survey|work)s?\s*$")
_PAPERS = re.compile(r"\b(?:papers|surveys|works)\W*$")  # *Add recent diffusion papers*
_PARTS = re.compile(r"\s+[-–—|]\s+")
_DESCRIBING = frozenset({"a", "an", "some", "one", "two", "three", "several", "new"})
_LEAST_ALONE = 6  # words
_NO_NAMES = frozenset({"readme", "readme.md", "license", "contributing", "more", "links", "typo"})


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueTitle:
    """What was found in an issue's title.

    Attributes:
        title: title of a paper, or None.
        marked: whether quotes, or a request for a paper before it, set it apart.
        whole: whether there is nothing else.
        short_names: acronyms of papers, in their order.
        values: other fields.
    """

    title: str | None = None
    marked: bool = False
    whole: bool = False
    short_names: tuple[str, ...] = ()
    values: dict[str, tuple[str, ...]] = field(default_factory=dict)


def read_issue_title(text: str, venues: Venues) -> IssueTitle:
    """Read an issue's title: `Add X paper`, `X - authors - date`, `Missing paper (X)`."""
    labels = list(split_labels(plain_line(text)))
    if any(label == "categories" for label, _ in labels):
        text = " ".join(part.text for label, part in labels if label != "categories")
    said = _read_issue_words(text, venues)
    text = mask_titles(text, [said.title])
    venue = find_venue(text, venues)
    if venue is None or find_venue(text[venue.end :], venues) is not None:
        return said
    return replace(said, values={"venue": (venue.text,), **said.values})


def _read_issue_words(text: str, venues: Venues) -> IssueTitle:
    if marked := _marked_title(text):
        return IssueTitle(title=marked, marked=True)
    head, values = _details(text, venues)
    asking = _HEAD.match(head)
    if asking and _TOPIC.search(asking[0]):
        return IssueTitle(values=values)
    named, to, _ = _HEAD.sub("", head).partition(" to ")
    if asking and to and is_short_name(named):
        return IssueTitle(short_names=(named,), values=values)
    stripped = clean_title(_TAIL.sub("", _HEAD.sub("", head)))
    venue = find_venue(stripped, venues)
    if venue and venue.start == 0 and (paper := _PAPER.match(stripped, venue.end)):
        stripped = stripped[paper.end() :]
    if _A_PAPER.search(head) and not asking:
        return IssueTitle(values=values)
    whole = clean_title(head)
    titles = (whole, stripped) if not _HEAD.match(whole) else (stripped,)
    for candidate in () if _PAPERS.search(head) else titles:
        words = words_of(candidate)
        describing = bool(words) and words[0] in _DESCRIBING
        if is_title(candidate) and not is_request(candidate) and not describing:
            is_marked = asking is not None and adds_paper(asking[0])
            is_whole = candidate == whole and fold_title(whole) == fold_title(text)
            return IssueTitle(title=candidate, marked=is_marked, whole=is_whole, values=values)
    parts = (_PARTS.split(_TAIL.sub("", _HEAD.sub("", words)))[0] for words in (text, head))
    name = next((one for part in parts if _is_name(one := clean_title(part), text)), None)
    line = plain_line(text)
    names = (name,) if name else short_names_in(line, listed=False)
    names = tuple(name for name in names if venues.canonical(name) is None)
    return IssueTitle(short_names=names, values=values)


def _marked_title(text: str) -> str | None:
    """Return the title that quotes set apart."""
    for placed in quoted_titles(text):
        if is_title(placed.title) or len(words_of(placed.title)) > 2:
            return placed.title
    return None


def _details(text: str, venues: Venues) -> tuple[str, dict[str, tuple[str, ...]]]:
    """Split an issue's title into its main words and what they say of a paper beside a title."""
    asking = _HEAD.match(text)
    begin = asking.end() if asking else 0
    cited = read_citation(text[begin:], venues)
    if cited is None:
        return text, {}
    head = text[:begin] + text[begin:][cited.start : cited.end]
    return head, cited_values(cited, venues)


def _is_name(name: str, text: str) -> bool:
    """Tell whether what is left of a title is a method's name; `Add Hymba` names one."""
    words = name.split()
    if any(is_generic(word) for word in words) or name.casefold() in _NO_NAMES:
        return False
    if is_short_name(name):
        return all(word[0].isupper() or not word.isalpha() for word in words)
    return len(words) == 1 and len(name) > 2 and name[0].isupper() and bool(_ADDS.match(text))


def with_issue_title(
    papers: list[Mention], heading: str, said: IssueTitle, reading: Reading
) -> list[Mention]:
    """Let the issue's title say what the body leaves out; without papers, the other way round."""
    found = find_links(plain_line(heading))
    links = tuple(link for link in found if role_of_address(link.address) is LinkRole.PAPER)
    if not papers:
        names = (None,) if said.title else said.short_names or (None,)
        values: Mapping[str, tuple[str, ...]] = {}
        for mention in reading.mentions:
            values = merge_values(values, mention.values)
        values = _with_said(values, said.values)
        if len({link.identifier for link in links}) > 1 and not said.title:
            return [Mention(papers=(link,), values=values) for link in links]
        alone = (
            Mention(title=said.title, short_name=name, papers=links, values=values)
            for name in names
        )
        return [mention for mention in alone if mention.names_paper]
    if said.title and _is_one_paper(papers, reading.sentences):
        papers = [reduce(merge_mentions, papers)]
    if len(papers) > 1:
        shared = {name: value for name, value in said.values.items() if name == "venue"}
        return [replace(paper, values=_with_said(paper.values, shared)) for paper in papers]
    paper = papers[0]
    # Where a template asks for all else, the issue's title is that of the paper, in any letters.
    whole = clean_title(heading)
    is_asked = paper.labelled and field_of_label(paper.section) is not None
    is_its = is_asked and not said.short_names and len(words_of(whole)) >= _LEAST_ALONE
    is_its = is_its and not (_HEAD.match(whole) or speaks_of_paper([whole]))
    is_its = is_its and is_sentence_case_title(whole)
    title = _surer_title(paper, said.title or (whole if is_its else None))
    return [
        replace(
            paper,
            title=title,
            short_name=paper.short_name or next(iter(said.short_names), None),
            papers=paper.papers or links,
            values=_with_said(paper.values, said.values),
        )
    ]


def _is_one_paper(papers: Sequence[Mention], sentences: Iterable[str]) -> bool:
    """Tell whether two links without titles, arXiv's and another, are those of *our paper*."""
    links = [link.identifier for paper in papers for link in paper.papers]
    kinds = {identifier.kind for identifier in links if identifier}
    is_pair = len(papers) == len(links) == len(kinds) == 2 and IdentifierKind.ARXIV in kinds
    untitled = not any(paper.title or paper.short_name for paper in papers)
    return is_pair and untitled and speaks_of_own_paper(sentences)


def _with_said(
    values: Mapping[str, tuple[str, ...]], said: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """Return a paper's values with those of the issue's title; a preprint server gives way."""
    venue = values.get("venue")
    is_open = "venue" in said and venue is not None and is_preprint(bare_venue(venue[0]))
    return {**said, **values, **({"venue": said["venue"]} if is_open else {})}


def _surer_title(paper: Mention, said: str | None) -> str | None:
    """Choose between a body's title and the one in the issue's title, which may be cut short."""
    if paper.title is None or said is None:
        return paper.title or said
    longer = fold_title(paper.title).startswith(fold_title(said))
    return paper.title if paper.rank > WEAK or longer else said
