"""A list item or a paragraph about one paper, and how to recognise one.

The forms are those of well-known lists: a linked title, or a plain one in front of links with
labels; authors and venue behind it, in italics, in `<ins>`, in brackets or on a badge.
"""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from kdbot.intake.lists.paper import DESCRIPTION, ListedPaper, add_links, with_field
from kdbot.intake.markdown.lines import Run
from kdbot.intake.markdown.runs import (
    badge_venue,
    has_paper_link,
    is_badge,
    is_label,
    is_link,
    is_name_alone,
    is_title,
    lines_of,
    own_words,
    says_where,
    words_of,
)
from kdbot.model.identifiers import parse_identifier
from kdbot.model.venue import Venues
from kdbot.text.citations import (
    begins_with_people,
    date_in,
    first_names,
    read_citation,
    split_title,
    strip_prefix,
)
from kdbot.text.dates import YEAR, YEAR_ALONE, find_date, is_date
from kdbot.text.hosts import is_paper_address, may_be_paper, names_paper
from kdbot.text.labels import field_of_label, label_role
from kdbot.text.names import are_people, is_citation_key, is_cut_short, names_in
from kdbot.text.titles import (
    clean_title,
    goes_on,
    is_described,
    is_named_title,
    is_quoted,
    is_sentence_case_title,
    is_speech,
    trim_pictures,
)
from kdbot.text.titles import is_title as reads_like_title
from kdbot.text.venues import canonical_venue, is_preprint, names_venue, venue_in

_DASHED = re.compile(r"[-–—]+\s+(\w)")
_COMPACT_DAY = re.compile(r"(?<![0-9])(20[0-4][0-9])(0[1-9]|1[0-2])[0-3][0-9](?![0-9])")
_YEAR_BEHIND_HYPHEN = re.compile(r"(?<=[A-Za-z])()-([0-9]{2})(?![0-9])")
_TAGS = re.compile(r"(?:\s*[\[【(][^\[\]【】()]{1,60}[\]】)]\s*[|:：,-]?)+\s*")
"""Only tags in brackets."""
_BRACKETS = frozenset({"[]", "()", "【】", "（）"})
_INITIAL = re.compile(r"(?<![^\W\d_])[A-Z]\.")
_PERSON = re.compile(
    r"(?:[A-Z][\w'’-]+ )?(?:[A-Z]\. ?){1,4}[A-Z][\w'’-]+(?:,? et al)?|[A-Z][\w'’-]+, [A-Z]\.?"
)
"""One person with an initial, which is not a title."""
_PEOPLE_BEHIND = re.compile(
    r"\s*[-–—,.:]\s*(?:(?:[A-Z]\. ?){1,3}[A-Z][\w'’-]+|(?:[A-Z][\w'’-]+ ){1,2}et\.? al)\b"
)
"""What follows a short title in a link: people with initials, or the first of several."""
_MAX_INITIALLED = 4
"""Most words for each initial in a list of people."""
_BY = re.compile(r"^\W{0,2}by(?= [A-Z])")
_CITED_FRONT = re.compile(r"\b[A-Z]\.|\bet al|[0-9]{2}|[\"“]|\b[A-Z]\w+ [A-Z]\w+|[\])]")
_TAGGED = re.compile(r"[0-9\[【(（|]")
_LAST_YEAR = re.compile(rf"(?:[\s,]+{YEAR}|[\s,]*[(\[]{YEAR}[)\]])$")
_LEAST_MARKED = 3
"""Fewest words of a title that is cut out of marked words."""
_QUOTED_LINE = re.compile(r"\s*[\"“]([^\"“”]{8,300})[\"”](.*)")
_NAME_IN_FRONT = re.compile(r"\W*[\w.+/ -]{2,30}[:：]\s*")
"""The name of a method in front of the people who made it."""
_PREDICATE = re.compile(r"(?:is|are|was|were|has|have|can|which|by which)\b")
"""How a sentence goes on whose subject is a link."""
_MIN_LINKED = 4
_MAX_TO_DATE = 10
"""Most words, other than people, between a linked title and the date of its paper."""
_FEW = 4
"""Fewer words than a line has that is more than its links."""
_MAX_NAME = 3
"""Most words of a name that precedes the words of a title."""
MIN_DESCRIPTION = 6
"""Fewest words after a title that are kept as the paper's description."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Citation:
    """The parts of a line: its title, and the words around it."""

    title: str
    before: str
    after: str


def read_item(runs: Sequence[Run], line: int, venues: Venues) -> ListedPaper:
    """Read one line about one paper; its title stays empty if none is found."""
    head = _title_link(runs, venues)
    paper = ListedPaper(line=line)
    citation = _cite_link(runs, head, venues) if head else _cite_words(tuple(runs), venues)
    others = [run for run in runs if run is not head]
    if head and (may_be_paper(head.address) or not has_paper_link(others)):
        paper = add_links(replace(paper, urls=(head.address,)), others)
    else:
        paper = add_links(paper, runs)
    before, day = _take_day(citation.before)
    marked = _marked_venue(runs, venues)
    if marked is None or is_preprint(marked):
        # A link that is called arXiv says less than a venue in the words around it.
        found = venue_in(f"{citation.after} | {before}", venues)
        # `Ann Lee and Bo Kim, 2018` ends like a venue.
        is_none = found is None or (
            are_people(YEAR_ALONE.sub("", found), least=2)
            and canonical_venue(found, venues) is None
        )
        marked = marked if is_none else found
    venue = marked
    title = "" if label_role(citation.title) else citation.title
    authors = _authors(citation.after, runs, venue, title)
    paper = replace(
        paper,
        title=title,
        venue=venue,
        date=day or date_in(before, venue) or date_in(citation.after, venue),
        authors=authors,
    )
    described = _description(citation.after, venue) if title else ""
    return with_field(paper, DESCRIPTION, described) if described else paper


def _take_day(text: str) -> tuple[str, str | None]:
    """Take a date without separators (`20210625 ICML-21`) out of the words before a title."""
    match = _COMPACT_DAY.search(text)
    bare = text.replace(match[0], " ") if match else text
    return _YEAR_BEHIND_HYPHEN.sub(r"\1 \2", bare), f"{match[1]}-{match[2]}" if match else None


def _description(after: str, venue: str | None) -> str:
    """Return the text after a title besides authors, venue and date: a sentence or more."""
    parts = (
        part.strip(" -–—:,.") for part in (after.replace(venue, "|") if venue else after).split("|")
    )
    told = [
        part
        for part in parts
        if len(part.split()) >= MIN_DESCRIPTION and names_in(part) is None and not first_names(part)
    ]
    return " ".join(told)


def _is_name(link: Run, venues: Venues) -> bool:
    """Tell whether a link's words may name its paper: no label, no identifier, no venue."""
    text = clean_title(link.text)
    return not is_label(link) and bool(text) and venue_in(text, venues) != text


def _title_link(runs: Sequence[Run], venues: Venues) -> Run | None:
    """Find the link whose words are the title: quoted, near the line's start, or without others."""
    if _has_bold_line(runs):
        return None
    links = [p for p in runs if is_link(p) and not is_badge(p)]
    tags = [*_tags(runs), *filter(says_where, runs)]
    if tags and _reads_as_title(words_of([p for p in runs if p.is_words]), venues):
        links = [link for link in links if all(link is not tag for tag in tags)]
    titled = next((p for p in links if is_title(p.text) and not is_label(p)), None)
    if titled is not None:
        leading = strip_tags(words_of(_before(runs, titled)), venues)[1]
        if (
            is_quoted(titled.text)
            or _ends_line(runs, titled)
            or leading.rstrip().endswith(":")
            or len(clean_title(leading).split()) < 6
            or _are_people(leading)
        ):
            return titled
    named = (p for p in links if is_paper_address(p.address) and _is_name(p, venues))
    found = next((p for p in named if not any(p is tag for tag in tags)), None)
    if found is None or _TAGS.fullmatch(words_of(_before(runs, found))):
        return found
    behind = words_of(runs[len(_before(runs, found)) + 1 :])
    is_bare = len(words_of([p for p in runs if p.is_words]).split()) < _FEW
    return found if is_bare or _PEOPLE_BEHIND.match(behind) else None


def _has_bold_line(runs: Sequence[Run]) -> bool:
    """Tell whether a title in bold is the first line, above links (`[Venue 2024](…)`)."""
    filled = [run for run in runs if run.text.strip(" ") or run.images]
    if len(filled) < 2 or not filled[0].strong or is_link(filled[0]) or not filled[1].is_break:
        return False
    below = itertools.dropwhile(lambda run: run.is_break, filled[1:])
    second = words_of(list(itertools.takewhile(lambda run: not run.is_break, below)))
    return reads_like_title(clean_title(filled[0].text)) or _are_people(second)


def _reads_as_title(text: str, venues: Venues) -> bool:
    """Tell whether the words around links in brackets are a title, which these only follow."""
    text = clean_title(strip_tags(text, venues)[1])
    return is_sentence_case_title(text) and venue_in(text, venues) != text


def _ends_line(runs: Sequence[Run], link: Run) -> bool:
    """Tell whether a title that links to its paper ends its line, after its description."""
    after = runs[len(_before(runs, link)) + 1 :]
    words = own_words([run for run in after if not run.is_break])
    is_long = len(clean_title(link.text).split()) >= _MIN_LINKED
    return is_long and names_paper(link.address) and not words.strip(" .。,;()")


def _before(runs: Sequence[Run], link: Run) -> Sequence[Run]:
    return runs[: next(i for i, run in enumerate(runs) if run is link)]


def strip_tags(text: str, venues: Venues) -> tuple[str, str]:
    """Split tags, dates and venues off the front of a title; words alone are its own."""
    prefix, rest = strip_prefix(text, venues)
    is_tag = _TAGGED.search(prefix) is not None or venue_in(prefix, venues) is not None
    return (prefix, rest) if is_tag else ("", trim_pictures(text))


def split_marked(text: str, venues: Venues) -> tuple[str, str]:
    """Split what a link or bold type sets apart, most often a title alone, from people and venue.

    What is cut off in front has a name in two words, an initial, a quotation or a number.
    """
    found = read_citation(text, venues)
    title = found.title if found else ""
    if found and title:
        front = text[: text.find(title[: len(title) // 2 + 1])].strip(" \"“‘'*_([")
        is_cited = _CITED_FRONT.search(front) and (found.is_sure or found.is_quoted)
        is_long = len(title.split()) >= (_LEAST_MARKED - 1 if front else _LEAST_MARKED)
        if is_long and (is_cited if front else found.is_sure):
            return title, f"{found.rest} {found.lead}"
    year = _LAST_YEAR.search(text)
    return clean_title(text[: year.start()] if year else text), year[0] if year else ""


def _cite_link(runs: Sequence[Run], head: Run, venues: Venues) -> _Citation:
    prefix, text = strip_tags(head.text, venues)
    title, tail = split_marked(text, venues)
    before = _before(runs, head)
    after = lines_of([p for p in runs[len(before) + 1 :] if not is_label(p)])
    return _Citation(
        title=title,
        before=f"{lines_of([p for p in before if not is_label(p)])} {prefix}",
        after=f"{tail} | {_BY.sub('', after, count=1)}",
    )


@lru_cache(maxsize=8)  # whether a line is a paper's, and what it says, is asked of the same words
def _cite_words(runs: tuple[Run, ...], venues: Venues) -> _Citation:
    """Split the words before the links, or else the words after them."""
    if (below := _quoted_below(runs) or _below_name(runs)) is not None:
        return below
    lead = _lead(runs, venues)
    if (behind := _behind_people(runs, lead)) is not None:
        cited = _cite_words(tuple(behind), venues)
        return replace(cited, after=f"{cited.after} | {words_of(lead)}")
    if len(clean_title(strip_tags(words_of(lead), venues)[1])) < 3:
        lead = [p for p in runs if p.is_words or (is_link(p) and not is_label(p))]
    rest = lines_of([p for p in runs if all(p is not q for q in lead) and not is_label(p)])
    marked = _marked_title(lead)
    if marked is None:
        # Brackets that open around the first link's label are not part of the citation.
        text = words_of(lead).rstrip(" [(")
        prefix = strip_tags(text, venues)[0]
        title, after = split_title(trim_pictures(text), venues)
        if year := _LAST_YEAR.search(title):
            title, after = title[: year.start()], f"{year[0]} | {after}"
        after = after.rstrip().removesuffix(prefix.strip(" -:|,"))
        is_marked = any(run.strong for run in lead)
        is_none = are_people(title) or _PERSON.fullmatch(title) or goes_on(title)
        title = "" if is_none and not is_marked else title
        # Behind `, in` stands where a paper appeared, though *Data Mining* could be a name.
        joint = "in " if words_of(lead).endswith((" in", " In")) else ""
        return _Citation(title=title, before=prefix, after=f"{after} | {joint}{rest}")
    before, _, after = words_of(lead).partition(words_of([marked]))
    prefix, text = strip_tags(words_of([marked]), venues)
    title, tail = split_marked(text, venues)
    return _Citation(title=title, before=f"{before} {prefix}", after=f"{tail} | {after} | {rest}")


def _quoted_below(runs: Sequence[Run]) -> _Citation | None:
    """Find a title in quotes that opens a line below the authors (`**Name:** Ann Lee, Bo Kim.`)."""
    for index, (above, run) in enumerate(itertools.pairwise(runs), 1):
        match = _QUOTED_LINE.match(run.text) if above.is_break and run.is_words else None
        if match is None:
            continue
        people = _NAME_IN_FRONT.sub("", trim_pictures(words_of(runs[:index]))).replace(" ⋅ ", ", ")
        if not (is_cut_short(people) or names_in(people) is not None or are_people(people)):
            return None
        rest = lines_of([p for p in runs[index + 1 :] if not is_label(p)])
        after = f"{people} | {match[2]} | {rest}"
        return _Citation(title=clean_title(match[1]), before="", after=after)
    return None


def _below_name(runs: Sequence[Run]) -> _Citation | None:
    """Find a title that opens a line below the name of a model: `**GPT-3** [[OpenAI]](…) 2020`."""
    first = next((run for run in runs if run.text.strip()), None)
    if first is None or not first.strong or not is_name_alone(clean_title(first.text)):
        return None
    for index, (above, run) in enumerate(itertools.pairwise(runs), 1):
        title = clean_title(run.text) if above.is_break and run.is_words else ""
        if title and reads_like_title(title) and any(map(is_label, runs[index + 1 :])):
            others = [p for p in runs if p is not run and p is not first and not is_label(p)]
            return _Citation(title=title, before="", after=f"| {lines_of(others)}")
    return None


def _behind_people(runs: Sequence[Run], lead: Sequence[Run]) -> Sequence[Run] | None:
    """Return what follows the authors, where a line begins with them and a title follows."""
    text = words_of(lead)
    if not lead or any(run.strong for run in lead):
        return None
    if not (are_people(text, least=2) or is_citation_key(text)):
        return None
    end = next(index for index, run in enumerate(runs, 1) if run is lead[-1])
    rest = runs[end:]
    first = next((run for run in rest if run.text.strip(" .,\n")), None)
    is_marked = first is not None and (first.strong or first.emphasis or is_link(first))
    if first is None or is_label(first):
        return None
    if is_marked:
        return rest if is_title(first.text) else None
    return rest if are_people(text) and reads_like_title(first.text) else None


def _lead(runs: Sequence[Run], venues: Venues) -> list[Run]:
    """Return the words up to the first link, underlined word or line break that follows them."""
    lead: list[Run] = []
    has_words = False
    for run in runs:
        has_words = has_words or bool(clean_title(strip_tags(words_of(lead), venues)[1]))
        is_end = (
            run.is_break
            or _is_tag_behind(run, lead)
            or run.inserted
            or (run.emphasis and not run.strong and _begins_with_people(run.text))
            or is_badge(run)
            or (is_link(run) and (is_label(run) or names_paper(run.address)))
        )
        if is_end and has_words:
            break
        if not (run.inserted or is_badge(run) or is_label(run)):
            lead.append(run)
    return lead


def _is_tag_behind(run: Run, lead: Sequence[Run]) -> bool:
    """Tell whether a title ends before a run: a tag in brackets (`[**`qnn`**]`), a date in code."""
    is_marked = run.strong or run.emphasis or is_link(run)
    before = lead[-1].text.rstrip()[-1:] if lead and lead[-1].is_words else ""
    is_in_brackets = before in {"[", "("} or run.text[:1] + run.text[-1:] == "[]"
    return is_marked and (is_in_brackets or is_date(run.text))


def _are_people(text: str) -> bool:
    """Tell whether words in front of a linked title are its authors, misspelt ones too."""
    initials = len(_INITIAL.findall(text))
    is_initialled = (
        initials > 1 and text.count(",") > 1 and _MAX_INITIALLED * initials >= len(text.split())
    )
    return is_initialled or are_people(text, least=2)


def _begins_with_people(text: str) -> bool:
    return is_cut_short(text) or bool(first_names(text)) or are_people(text, least=2)


def _marked_title(lead: Sequence[Run]) -> Run | None:
    """Find the one bold, or else italic, run that is long enough for a title."""
    if (described := described_title(lead)) is not None:
        return described
    tags = [*_tags(lead), *_names(lead)]
    for attribute in ("strong", "emphasis"):
        marked = [
            p
            for p in lead
            if getattr(p, attribute)
            and (is_title(p.text) or _opens_citation(p, lead))
            and not any(p is tag for tag in tags)
        ]
        others = words_of([p for p in lead if all(p is not m for m in marked)])
        if len(marked) == 1 and (attribute == "strong" or len(others.split()) < 4):
            return marked[0]
    return None


def _opens_citation(run: Run, lead: Sequence[Run]) -> bool:
    """Tell whether two words in bold are a title that a year follows: `**Title It** (2016)`."""
    before = _before(lead, run)
    behind = words_of(lead[len(before) + 1 :])
    is_first = not clean_title(words_of(before))
    return is_first and len(run.text.split()) > 1 and behind[:1] == "(" and bool(find_date(behind))


def described_title(runs: Sequence[Run]) -> Run | None:
    """Find a title in bold that a sentence follows behind a dash: `**Title** - attempts to …`."""
    bold = (i for i, run in enumerate(runs) if run.strong and any(map(str.isalpha, run.text)))
    index = next(bold, None)
    if index is None or words_of(runs[:index]).strip(" 0123456789.)("):
        return None
    behind = words_of([run for run in runs[index + 1 :] if run.is_words])
    dash = _DASHED.match(behind)
    least = MIN_DESCRIPTION if dash and dash[1].islower() else 2 * MIN_DESCRIPTION
    is_sentence = dash is not None and len(behind.split()) > least
    return runs[index] if is_sentence and len(clean_title(runs[index].text)) > 2 else None


def _tags(lead: Sequence[Run]) -> list[Run]:
    """Return the runs between brackets: `[**NEJM AI, 2024**]` and `[[MIA](…)]` are no titles."""
    found = []
    for before, run, after in zip(lead, lead[1:], [*lead[2:], Run(text="")], strict=False):
        opens, closes = before.text.rstrip()[-1:], after.text.lstrip()[:1]
        if opens and closes and opens + closes in _BRACKETS:
            found.append(run)
    return found


def _names(lead: Sequence[Run]) -> list[Run]:
    """Return the marked runs with words behind them: `**Name**: What It Does`, `**Name:** What`."""
    return [
        run
        for run, after in itertools.pairwise(lead)
        if len(words_of([after]).split()) >= (1 if run.text.rstrip().endswith(":") else _MAX_NAME)
        and _may_name(run.text, words_of([after]))
    ]


def _may_name(name: str, behind: str) -> bool:
    """Tell whether a marked text is the name in front of a title's other words."""
    if name.rstrip().endswith(":"):
        return field_of_label(name) is None
    words = len(name.split())
    return (
        words <= 2 * _MAX_NAME if behind[:1] == ":" else words < _MAX_NAME and behind[:1].isalpha()
    )


def _marked_venue(runs: Sequence[Run], venues: Venues) -> str | None:
    """Find the venue where the list sets it apart: underlined, on a badge, as a link's label."""
    for run in runs:
        text = run.text.strip(" ,.;:()[]")
        if run.inserted and (venue_in(text, venues) or find_date(text)):
            return text
    badges = (p for p in runs if is_badge(p))
    if on_badge := next((v for p in badges if (v := badge_venue(p, venues))), None):
        return on_badge
    labels = (p.text.strip() for p in runs if is_link(p) and not is_badge(p))
    return next((t for t in labels if t and len(t) <= 40 and venue_in(t, venues) == t), None)


def _authors(after: str, runs: Sequence[Run], venue: str | None, title: str) -> tuple[str, ...]:
    """Read the authors from the words behind the title, or from a line of their own."""
    if names := first_names(after.replace(venue, "|") if venue else after):
        return names
    lines: list[list[Run]] = [[]]
    for run in runs:
        if run.is_break:
            lines.append([])
        else:
            lines[-1].append(run)
    own_lines = (words_of(line) for line in lines if line and not any(map(is_link, line)))
    own_lines = (line for line in own_lines if title not in line)
    return next(filter(None, map(names_in, own_lines)), ()) or ()


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
        title = "" if _title_link(runs, venues) else _cite_words(tuple(runs), venues).title
        is_prose = is_described(title) or (not is_label(first) and is_speech(title))
        is_prose = is_prose and not _is_set_apart(runs, title)
        return Sign.PROSE if is_prose else Sign.PAPER
    head = next((p for p in runs if is_link(p) and not is_badge(p) and is_title(p.text)), None)
    if head is not None and may_be_paper(head.address):
        following = runs[len(_before(runs, head)) + 1 :]
        after = words_of([p for p in following if not is_label(p)])
        before = venue_in(words_of(_before(runs, head)), venues)
        is_published = before is not None and venues.canonical(before) is not None
        near = " ".join(after.split()[:_MAX_TO_DATE])
        is_dated = find_date(after if first_names(after) else near)
        leading = words_of(_before(runs, head))
        is_tagged = _TAGS.fullmatch(leading) is not None and find_date(leading) is not None
        is_sure = is_published or is_dated or is_tagged or _are_people(leading)
        return Sign.PAPER if is_sure else Sign.MAYBE
    if not names_venue(words_of(runs), venues):
        return Sign.NONE
    cited = _cite_words(tuple(runs), venues)
    venue = venue_in(cited.after, venues) if cited.after.strip(" |") else None
    is_citation = venue is not None and venues.canonical(venue) is not None
    if names_in(cited.title) is not None or are_people(cited.title):
        return Sign.NONE
    return Sign.PAPER if is_citation and reads_like_title(cited.title) else Sign.NONE


def sign_of_text(runs: Sequence[Run], venues: Venues) -> Sign:
    """Tell whether a paragraph is about a paper as a list's line is, or a sentence of prose."""
    if not has_paper_link(runs) or not words_of([p for p in runs if not is_label(p)]):
        return Sign.NONE
    if (head := _title_link(runs, venues)) is not None:
        behind = words_of(runs[len(_before(runs, head)) + 1 :])
        return Sign.PROSE if _PREDICATE.match(behind) else Sign.PAPER
    citation = _cite_words(tuple(runs), venues)
    title = citation.title
    bold = [p for p in runs if p.strong and title and title in clean_title(p.text)]
    is_marked = _is_set_apart(runs, title) or (
        not is_speech(title) and any(not _opens_sentence(runs, p) for p in bold)
    )
    is_cited = begins_with_people(words_of(runs)) and is_named_title(title)
    has_place = _has_own_line(runs) or _is_dated(runs, citation)
    has_place = has_place and is_sentence_case_title(title)
    is_title = is_cited or has_place or reads_like_title(title)
    return Sign.PAPER if is_marked or is_title else Sign.PROSE


def _is_set_apart(runs: Sequence[Run], title: str) -> bool:
    """Tell whether a title in bold has a line of its own, or only tags and labels around it."""
    bold = next((p for p in runs if p.strong and title and title in clean_title(p.text)), None)
    others = own_words([p for p in runs if p is not bold and not (is_link(p) and says_where(p))])
    words = trim_pictures(_TAGS.sub("", others)).strip(" []")
    return _has_bold_line(runs) or (bold is not None and not words)


def _opens_sentence(runs: Sequence[Run], marked: Run) -> bool:
    """Tell whether the words before the marked ones are several and not people."""
    before = words_of(_before(runs, marked))
    return len(before.split()) > 1 and not are_people(before) and not find_date(before)


def _is_dated(runs: Sequence[Run], citation: _Citation) -> bool:
    """Tell whether there is a year between a title and the links that end the line."""
    links = [run for run in runs if is_link(run)]
    behind = [run for run in runs[len(_before(runs, links[0])) :] if run.text.strip(" \n|,.;[]()")]
    return all(map(is_label, behind)) and find_date(citation.after) is not None


def _has_own_line(runs: Sequence[Run]) -> bool:
    """Tell whether the words before the first link have a line of their own, as a title does."""
    first = next((i for i, run in enumerate(runs) if run.is_break and words_of(runs[:i])), None)
    return first is not None and not any(map(is_link, runs[:first]))


def named_papers(runs: Sequence[Run], venues: Venues) -> tuple[Run, ...]:
    """Return the links of a line that each name a paper of their own by a name or a title."""
    found: dict[str, Run] = {}
    for run in runs:
        if is_link(run) and names_paper(run.address) and _is_name(run, venues):
            found.setdefault(parse_identifier(run.address).canonical or "", run)
    # What a description calls by its name is no entry beside a paper with its title.
    titled = [run for run in found.values() if not is_name_alone(clean_title(run.text))]
    return tuple(titled or found.values())
