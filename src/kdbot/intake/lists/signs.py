"""How a line of a list that is about a paper is recognised."""

import re
from collections.abc import Sequence
from enum import StrEnum
from urllib.parse import urlsplit

from kdbot.intake.lists.item_titles import (
    ONLY_TAGS,
    Citation,
    are_authors,
    cite_words,
    has_bold_line,
    may_name_paper,
    runs_before,
    title_link,
)
from kdbot.intake.lists.paper import ListedPaper, in_sentences
from kdbot.intake.markdown.lines import Run
from kdbot.intake.markdown.runs import (
    has_paper_link,
    is_badge,
    is_label,
    is_link,
    is_name_alone,
    is_title,
    links_alone,
    own_words,
    says_where,
    words_of,
)
from kdbot.model.identifiers import parse_identifier
from kdbot.model.venue import Venues
from kdbot.text.citations import begins_with_people, first_names
from kdbot.text.dates import find_date
from kdbot.text.hosts import is_paper_address, may_be_paper, names_paper
from kdbot.text.names import are_people, names_in
from kdbot.text.titles import (
    clean_title,
    is_described,
    is_named_title,
    is_sentence_case_title,
    is_speech,
    trim_pictures,
)
from kdbot.text.titles import is_title as reads_like_title
from kdbot.text.venues import names_venue, venue_in

_EVENT = re.compile(
    r"(?:[A-Z0-9][\w'’-]* ){0,5}(?:Conference|Workshop|Symposium) (?:on|of|for) [^:?]{3,100}"
)
_KIND = r"(?:talk|keynote|tutorial|lecture|workshop|seminar|webinar|panel|course)s?"
_TALK = re.compile(
    rf"(?:an? )?(?:(?:invited|keynote|plenary|guest) )?{_KIND}\s*(?:[:：]|(?:by|at|given)\b).*"
    rf"|.*[(\[](?:invited |video )?{_KIND}[)\]]\W*",
    re.IGNORECASE,
)
_TALK_AT = re.compile(r".*\b(?:talk|keynote|tutorial|lecture|(?<=/)workshop)s?\W*", re.IGNORECASE)
_FILM = re.compile(r"https?://(?:[\w-]+\.)?(?:youtube\.|youtu\.be|vimeo\.|bilibili\.)")
_TAGGED = re.compile(r"\([A-Z][^()]{1,30}\b(?:19|20)[0-9]{2}\b[^()]{0,20}\)")
"""A venue in brackets behind the name of a paper; a sentence may speak of several."""
_ASIDE = re.compile(
    r"(?:(?:(?:latest|recent|what.?s) )?(?:news?|updates?)(?: log)?|what.?s new|change ?log"
    r"|announcements?|(?:table of )?contents?|citations?|citing|cite(?: us)?|bibtex"
    r"|contribut(?:ing|ors?|ions?)|acknowledge?ments?|star history|licen[cs]e|contact(?: us)?"
    r"|how to (?:cite|contribute)|authors|maintainers?|(?:the |our )?team)"
    r"(?: (?:of|for|to|about) (?:this|the|our)\b.{0,40})?",
    re.IGNORECASE,
)
"""Headings above what is no part of a list of papers."""
_PREDICATE = re.compile(r"\b(?:is|are|was|were|has|have|can|which|by which)\b")
"""How a sentence goes on whose subject is a link."""
_ANNOUNCES = re.compile(
    r"\b(?:is|are|was|were|been|got|gets) (?:now |just |finally |also )?"
    r"(?:accepted|released|published|online|available|updated|added)\b"
    r"|^(?:we (?:have |just |also |now )?)?(?:add|release|update|upload|publish|create)(?:e?d|s)? "
    r"(?:an?|the|this|our|new|more|[0-9]+)\b|^we (?:add|release|update|upload)(?:e?d)?\b",
    re.IGNORECASE,
)
"""What a line of news says of a paper."""
_TAG_BEHIND = re.compile(
    r"[(\[][^()\[\]]{2,50}(?:19|20)[0-9]{2}[^()\[\]]{0,20}[)\]][\s\[(|:.,-]*\Z"
)
_MAX_TO_DATE = 10
"""Most words, other than people, between a linked title and the date of its paper."""


class Sign(StrEnum):
    """What a line's looks say."""

    PAPER = "paper"
    PROSE = "prose"
    MAYBE = "maybe"
    NONE = "none"


def sign_of_item(runs: Sequence[Run], venues: Venues) -> Sign:
    """Tell whether a list item is about a paper.

    It is if a link leads to a paper or says so, if a linked title is followed by authors or a year,
    and if a title is followed by a known venue. With only a linked title it may be.
    """
    if has_paper_link(runs):
        first = next(run for run in runs if is_link(run))
        head = title_link(tuple(runs), venues)
        title = "" if head else cite_words(tuple(runs), venues).title
        is_prose = is_described(title) or (not is_label(first) and is_speech(title))
        is_prose = is_prose and not _is_set_apart(runs, title)
        is_prose = is_prose or _ANNOUNCES.search(title) is not None or _is_news(runs, head)
        return Sign.PROSE if is_prose else Sign.PAPER
    head = next((p for p in runs if is_link(p) and not is_badge(p) and is_title(p.text)), None)
    if head is not None and _FILM.match(head.address):
        return Sign.NONE
    if head is not None and may_be_paper(head.address):
        following = runs[len(runs_before(runs, head)) + 1 :]
        after = words_of([p for p in following if not is_label(p)])
        leading = words_of(runs_before(runs, head))
        before = venue_in(leading, venues)
        is_published = before is not None and venues.canonical(before) is not None
        near = " ".join(after.split()[:_MAX_TO_DATE])
        is_dated = find_date(after if first_names(after) else near)
        is_tagged = ONLY_TAGS.fullmatch(leading) is not None and find_date(leading) is not None
        is_sure = is_published or is_dated or is_tagged or are_authors(leading)
        return Sign.PAPER if is_sure else Sign.MAYBE
    words = words_of(runs)
    if not names_venue(words, venues) or len(_TAGGED.findall(words)) > 1:
        return Sign.NONE
    cited = cite_words(tuple(runs), venues)
    venue = venue_in(cited.after if cited.after.strip(" |") else "", venues)
    if venue is None and ONLY_TAGS.fullmatch(cited.before):
        venue = venue_in(cited.before, venues)
    is_citation = venue is not None and venues.canonical(venue) is not None
    if names_in(cited.title) is not None or are_people(cited.title) or is_event(cited.title):
        return Sign.NONE
    return Sign.PAPER if is_citation and reads_like_title(cited.title) else Sign.NONE


def _is_news(runs: Sequence[Run], head: Run | None) -> bool:
    """Tell whether a line says when what happened to a linked paper: `May 2024: […](…) is out`."""
    before = runs_before(runs, head) if head else ()
    behind = words_of(runs[len(before) + 1 :])
    return bool(words_of(before)) and _ANNOUNCES.match(behind) is not None


def is_event(title: str) -> bool:
    """Tell whether words in a title's place name a conference or a workshop."""
    return _EVENT.fullmatch(title) is not None


def is_aside(title: str) -> bool:
    """Tell whether a heading is above news, thanks or the like, not above papers."""
    return _ASIDE.fullmatch(title) is not None


def is_talk(paper: ListedPaper) -> bool:
    """Tell whether a line without an identifier is about a talk, a course or a workshop."""
    if any(map(names_paper, paper.urls)):
        return False
    pages = [url for url in paper.urls if not is_paper_address(url)]
    places = (paper.venue or "", *(urlsplit(url).path for url in pages))
    if pages and len(pages) == len(paper.urls):
        places = (*places, paper.title)
    return _TALK.fullmatch(paper.title) is not None or any(map(_TALK_AT.fullmatch, places))


def sign_of_text(runs: Sequence[Run], venues: Venues) -> Sign:
    """Tell whether a paragraph is about a paper as a list's line is, or a sentence of prose."""
    if not has_paper_link(runs) or not words_of([p for p in runs if not is_label(p)]):
        return Sign.NONE
    if (head := title_link(tuple(runs), venues)) is not None:
        before = runs_before(runs, head)
        is_told = _PREDICATE.match(words_of(runs[len(before) + 1 :])) is not None
        return Sign.PROSE if is_told or is_speech(words_of(before)) else Sign.PAPER
    citation = cite_words(tuple(runs), venues)
    title = citation.title
    bold = [p for p in runs if p.strong and title and title in clean_title(p.text)]
    venue = venue_in(citation.after, venues) if _is_dated(runs, citation) else None
    is_published = venue is not None and venues.canonical(venue) is not None
    is_paper = (
        _is_set_apart(runs, title)
        or (not is_speech(title) and any(not _opens_sentence(runs, p) for p in bold))
        or reads_like_title(title)
        or (is_sentence_case_title(title) and (_has_own_line(runs) or _is_dated(runs, citation)))
        or (_opens_with_article(title) and (_ends_in_tag(runs) or is_published))
        or (is_named_title(title) and begins_with_people(words_of(runs)))
    )
    return Sign.PAPER if is_paper else Sign.PROSE


def _is_set_apart(runs: Sequence[Run], title: str) -> bool:
    """Tell whether a title in bold has a line of its own, or only tags and labels around it."""
    bold = next((p for p in runs if p.strong and title and title in clean_title(p.text)), None)
    others = own_words([p for p in runs if p is not bold and not (is_link(p) and says_where(p))])
    words = trim_pictures(ONLY_TAGS.sub("", others)).strip(" []")
    return has_bold_line(runs) or (bold is not None and not words)


def _opens_sentence(runs: Sequence[Run], marked: Run) -> bool:
    """Tell whether the words before the marked ones are several and not people."""
    before = words_of(runs_before(runs, marked))
    return len(before.split()) > 1 and not are_people(before) and not find_date(before)


def _is_dated(runs: Sequence[Run], citation: Citation) -> bool:
    """Tell whether there is a year between a title and the links that end the line."""
    links = [run for run in runs if is_link(run)]
    behind = [
        run for run in runs[len(runs_before(runs, links[0])) :] if run.text.strip(" \n|,.;[]()")
    ]
    return all(map(is_label, behind)) and find_date(citation.after) is not None


def _ends_in_tag(runs: Sequence[Run]) -> bool:
    """Tell whether a date in brackets is all there is between words and the links behind."""
    links = [run for run in runs if is_link(run)]
    return _TAG_BEHIND.search(words_of(runs_before(runs, links[0]))) is not None and links_alone(
        runs[len(runs_before(runs, links[0])) :]
    )


def _opens_with_article(title: str) -> bool:
    """Tell whether a title in the case of a sentence begins with a small word (`A town map of`)."""
    _, _, rest = title.partition(" ")
    return is_sentence_case_title(rest[:1].upper() + rest[1:]) and not _PREDICATE.search(title)


def _has_own_line(runs: Sequence[Run]) -> bool:
    """Tell whether the words before the first link have a line of their own, as a title does."""
    first = next((i for i, run in enumerate(runs) if run.is_break and words_of(runs[:i])), None)
    return first is not None and not any(map(is_link, runs[:first]))


def named_papers(runs: Sequence[Run], venues: Venues) -> tuple[Run, ...]:
    """Return the links of a line that each name a paper of their own by a name or a title.

    Fewer than two are none of them: the line is about one paper.
    """
    links = [run for run in runs if is_link(run) and names_paper(run.address)]
    if len(links) < 2:
        return ()
    own = next(run for run in runs if is_link(run) and is_paper_address(run.address))
    if is_label(own):
        # Behind an entry's own link, a note may name other papers.
        noted = list(in_sentences(runs))
        links = [run for run in links if all(run is not other for other in noted)]
    found: dict[str, Run] = {}
    for run in links:
        if may_name_paper(run, venues):
            found.setdefault(parse_identifier(run.address).canonical or "", run)
    # What a description calls by its name is no entry beside a paper with its title.
    titled = [run for run in found.values() if not is_name_alone(clean_title(run.text))]
    return tuple(titled or found.values())
