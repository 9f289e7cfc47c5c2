"""What a line of prose and its links say about papers, sentence by sentence."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kdbot.intake.intent import (
    asks_to_add,
    is_mention,
    names_this_list,
    offers,
    split_sentences,
)
from kdbot.intake.links import Link, find_links, role_of_link
from kdbot.intake.markdown.lines import Line, LineCutter, Run
from kdbot.intake.mentions import (
    LIKELY,
    SURE,
    WEAK,
    Mention,
    link_values,
    merge_mentions,
    merge_values,
    read_field,
    split_labels,
)
from kdbot.intake.titles import (
    PlacedTitle,
    cite_line,
    cited_values,
    find_titles,
    is_venues_page,
    marked_ranges,
    name_of_link,
    read_title,
    says_where,
    short_names_in,
    title_of_link,
    without_place,
)
from kdbot.model.identifiers import IdentifierKind
from kdbot.model.venue import Venues
from kdbot.text.citations import MAX_CITATION, Citation, people_in
from kdbot.text.dates import find_arxiv_date
from kdbot.text.hosts import LinkRole, role_of_address
from kdbot.text.labels import IGNORED, PAPER, field_of_label, label_role
from kdbot.text.names import is_affiliation, names_in, without_workplaces
from kdbot.text.titles import (
    clean_title,
    drop_lead_in,
    is_named_title,
    is_request,
    is_sentence_case_title,
    is_short_name,
    is_title,
    mask_titles,
    without_titles,
    words_of,
)
from kdbot.text.venues import find_venue, is_publisher

_NAMES_A_LINK = re.compile(
    r"\b(paper|preprint|pdf|code|github|repo(?:sitory)?|implementation|project(?: page)?|website"
    r"|homepage|web ?page|demo|dataset|data|model|weights|blog|video|slides)s?\b",
    re.IGNORECASE,
)
_MAX_TEXT = 600
_MAX_LINES = 4
_SUBTITLE = re.compile(r"[)\]）\s]*[:：]\s*(.+?)(?:\s[-–—]\s|\.(?:\s|$)|\s\(|$)")
_AND = re.compile(r"^\W*(?:and|as well as)\b")
_NEAR = 40
# A sentence without quotes and a run of capitals has no title in it.
_MAY_NAME = re.compile(
    r"\A\W*[0-9]|[\"“‘«《「`]|(?<!\w)'|(?:\b[A-Z0-9][\w'’.+-]*\W+(?:[a-z]{1,7}\W+){0,2}){2}[A-Z0-9]|[^\x00-\u024f]{4}"
)
_SEVERAL = re.compile(
    r"\b(?:two|three|four|five|six|[2-9]|several|some|both|following|these|our|my|all|new)"
    r" (?:[\w.:'’-]+ ){0,6}(?:papers|works|articles|surveys)\b",
    re.IGNORECASE,
)
_ENUMERATES = re.compile(r"\b(?:papers|works|articles|surveys)\b[^:：.]{0,40}[:：]\s*(?=[A-Z])")
_BETWEEN_TITLES = re.compile(r"[,;]\s+(?:(?:and|&)\s+)?|(?<=[0-9)\]])\s+(?:and|&)\s+")
_WHERE = re.compile(r"(?:\s(?:from|in|at|@)\s|\s?[(\[])(?=[A-Z])")
_MAY_BE_NAMES = frozenset({IGNORED, "code", "project", "data"})
_FEW = 2
_FEW_TITLED = 4
_FEWEST_LETTERS = 3  # of a line, or a sentence, that can name anything


def _read_links(
    line: Line, links: Sequence[Link], titles: Sequence[PlacedTitle], venues: Venues
) -> tuple[list[Mention], bool]:
    """Return what the links of a sentence say; whether the last paper was only mentioned."""
    text = line.text
    mentions: list[Mention] = []
    start = 0
    spoken = False
    known: list[str | None] = [placed.title for placed in titles]
    marked = [placed.title for placed in titles if placed.marked]
    for link in links:
        if is_venues_page(link, venues):
            continue
        role = _role(link, text[max(link.start - 80, 0) : link.start])
        before = text[start : link.start]
        fresh: Mention | None = None
        if role is LinkRole.PAPER or (role is LinkRole.CODE and title_of_link(link)):
            near = [t for t in titles if start <= t.start < link.start]
            fresh = _paper(link, role, before, near)
            if fresh.title is None and (whole := _around(before, text[link.end :])):
                fresh = replace(fresh, title=whole, rank=LIKELY)
            if fresh.title is None and start and role is LinkRole.PAPER:
                title, said = read_title(_AND.sub("", before), venues, strict=True)
                fresh = replace(fresh, title=title, values=merge_values(fresh.values, said))
            known.append(fresh.title)
            around = text[max(link.start - _MAX_TEXT, 0) : link.start]
            around = mask_titles(without_titles(around, marked), known)
            spoken = names_this_list(link.text) or is_mention(around)
            fresh = None if spoken else fresh
        elif role is LinkRole.OTHER and "scholar.google." in link.address and title_of_link(link):
            fresh = Mention(title=title_of_link(link), rank=SURE)
        elif role not in {LinkRole.OTHER, None} and not spoken:
            fresh = Mention(values={role.value: (link.address,)})
        start = link.end
        if fresh is None:
            continue
        if mentions and _same_paper(mentions[-1], fresh, before):
            mentions[-1] = merge_mentions(mentions[-1], fresh)
        else:
            mentions.append(fresh)
    return mentions, spoken


def _role(link: Link, before: str) -> LinkRole | None:
    """Say what a link leads to; a word before it in a sentence counts less than a label."""
    words = _NAMES_A_LINK.findall(before)
    label = field_of_label(words[-1]) if words else None
    leads_to = role_of_address(link.address)
    counts = leads_to is None or (leads_to is LinkRole.PROJECT and label == "data")
    role = role_of_link(link, label if counts and label != IGNORED else None)
    is_paper = title_of_link(link) or link.address.lower().endswith(".pdf")
    return LinkRole.PAPER if role is None and is_paper else role


def _paper(
    link: Link,
    role: LinkRole,
    before: str,
    near: Sequence[PlacedTitle],
) -> Mention:
    """Return what a link to a paper says: the title in it, or the last one before it."""
    title, rank, short = title_of_link(link), SURE, None
    if title is None:
        rank = LIKELY
        title = near[-1].title if near else None
    if title is None:
        names = [name_of_link(link), clean_title(before)]
        named = not link.bare and label_role(link.text) is None
        short = next(filter(is_short_name, names), None) if named else None
        short = short or (names[1] if is_short_name(names[1]) else None)
    if role is LinkRole.CODE:
        return Mention(title=title, rank=rank, values={"code": (link.address,)})
    return Mention(title=title, rank=rank, short_name=short, papers=(link,))


def _around(before: str, behind: str) -> str | None:
    """Return the title around a link: `Name (link): What It Does`."""
    found = _SUBTITLE.match(behind[:_MAX_TEXT])
    if found is None or not is_title(subtitle := clean_title(found[1])):
        return None
    words = before.rstrip(" ([（")
    names = (clean_title(words), clean_title(words.rpartition(" ")[2]))
    name = next(filter(is_short_name, names), None)
    return f"{name}: {subtitle}" if name else None


def _same_paper(left: Mention, right: Mention, between: str) -> bool:
    """Tell whether two neighbours of one sentence are about one paper."""
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
    kinds = {kind for kind, _ in known}
    if right.title or len(between) > _NEAR:
        return False
    return last is None or last.kind not in kinds | {IdentifierKind.DOI}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What is known about the place of a line.

    Attributes:
        venues: the venues that the list knows.
        listed: whether the line is an item of a list.
        titled: whether a title comes right before it.
        before_link: whether the next line begins with a link.
    """

    venues: Venues
    listed: bool
    titled: bool
    before_link: bool = False


def read_line(line: Line, place: Place) -> Iterator[Mention]:
    """Return what a line says, in its order."""
    for label, part in split_labels(line):
        if label is None or _is_named_so(line, part) or _names_several(label, part):
            yield from _read_prose(line if label else part, place)
        elif mention := read_field(label, part, place.venues):
            yield mention


def _is_named_so(line: Line, value: Line) -> bool:
    """Tell whether what looks like a label is the name that a title begins with: `STAR: …`."""
    label = line.text[: line.text.find(value.text)].strip(" :：0123456789.()[]")
    is_name = label.isupper() and label.isalpha() and field_of_label(label) in _MAY_BE_NAMES
    return is_name and not find_links(value) and is_title(clean_title(value.text))


def _names_several(label: str, value: Line) -> bool:
    """Tell whether one label has several papers: `Papers: https://…, https://…`."""
    is_paper = label in {PAPER, "url"}
    return is_paper and len(_identities(link for link in find_links(value) if link.identifier)) > 1


def read_lines(lines: Sequence[Line], place: Place) -> tuple[Mention | None, int]:
    """Return the citation over several lines that begins here, and how many lines it takes."""
    found: Mention | None = None
    whole, taken = lines[0], 0
    if any(label for label, _ in split_labels(whole)):
        return None, 0
    for number, line in enumerate(lines[1:_MAX_LINES], 2):
        whole = Line(spans=(*whole.spans, Run(text="\n"), *line.spans))
        is_label = any(label for label, _ in split_labels(line))
        cited = None if is_label or len(line.text) > _MAX_TEXT else cite_line(whole, place.venues)
        if cited is None or not (cited.is_complete and cited.is_sure):
            break
        if names_in(cited.title, least=2) is not None:
            break
        if (mention := _read_cited(whole, place)) and mention.title:
            found, taken = mention, number
    return found, taken


def _read_cited(line: Line, place: Place) -> Mention | None:
    """Return what a line says that is one citation and nothing else, or None."""
    text = line.text
    if len(text) > MAX_CITATION or not _can_name(text):
        return None
    links: Sequence[Link] = find_links(line)
    if not (links or place.listed or place.before_link or _MAY_NAME.search(text)):
        return None
    links = [link for link in links if not is_venues_page(link, place.venues)]
    papers, values = link_values(
        links, lambda link: _role(link, text[max(link.start - 80, 0) : link.start])
    )
    cited = cite_line(line, place.venues)
    if cited is None or not cited.is_whole or len(_identities(papers)) > 1 or is_affiliation(text):
        return None
    if cited.lead and any(placed.title != cited.title for placed in find_titles(line)):
        return None
    linked = papers[0].start if papers else 0
    before = mask_titles(text[: max(cited.start, linked)], [cited.title])
    is_alone = not (cited.lead or find_titles(line) or is_mention(before))
    if cited.is_other and papers and is_alone:
        values = merge_values(values, cited_values(cited, place.venues))
        return Mention(papers=papers, values=values, offered=True)
    introduced = drop_lead_in(text) != text
    if not _is_cited(cited, bool(papers), place, introduced) or is_mention(before):
        return None
    if papers and cited.start > linked and not (cited.is_sure or is_title(cited.title)):
        return None
    if cited.is_quoted and says_where(text[: cited.start]):
        return None
    title = without_place(cited.title, text[: cited.start])
    values = merge_values(values, cited_values(cited, place.venues))
    is_few = place.listed and not papers and not place.before_link
    is_name = is_short_name(title) and not is_named_title(title)
    if is_name or (is_few and _is_short(title, bool(values))):
        return Mention(short_name=title, papers=papers, values=values, offered=True)
    strong = all(span.strong or not span.text.strip() for span in line.spans)
    is_linked = any(title_of_link(link) == cited.title for link in links)
    is_likely = papers or cited.is_sure or strong
    return Mention(
        title=title,
        rank=SURE if is_linked else LIKELY if is_likely or cited.is_quoted else WEAK,
        papers=papers,
        values=values,
        offered=place.listed or not cited.lead or offers(cited.lead),
    )


def _is_short(title: str, stated: bool) -> bool:
    """Tell whether words of a list item without a link are too few for a title."""
    is_small = title[0].islower() and stated
    return is_small or (len(title.split()) <= _FEW_TITLED and ":" not in title)


def _is_cited(cited: Citation, linked: bool, place: Place, is_introduced: bool) -> bool:
    """Tell whether the words in a title's place are believed to be one."""
    title = cited.title
    if cited.is_other:
        return False
    least = 2 if (place.titled and not linked) or cited.is_sure else 3
    is_long = linked and len(title.split()) >= least
    is_named = is_title(title) or is_long or bool(cited.lead) or bool(cited.authors)
    if without_workplaces(title) != title or is_publisher(title):
        return False
    if cited.is_people and not (is_named and people_in(title, least=least) is None):
        return False
    if is_request(title, marked=cited.is_quoted) and not is_title(title):
        return False
    is_marked = cited.is_quoted and is_named_title(title)
    if cited.lead:
        return is_sentence_case_title(title) or (is_marked and linked)
    if cited.is_sure:
        is_named = is_marked or (is_named_title(title) and bool(cited.authors))
        is_name = place.listed and title[0].islower() and cited.start == 0
        return is_named or is_name or is_sentence_case_title(title)
    if linked or place.before_link:
        is_marked = is_marked or (is_introduced and is_named_title(title))
        return is_marked or is_sentence_case_title(title)
    return is_title(title)


def _identities(papers: Iterable[Link]) -> set[str]:
    """Return the identifiers among links of the kind that comes first."""
    found = [link.identifier for link in papers if link.identifier]
    return {str(one.canonical) for one in found if one.kind is found[0].kind}


def _without_short_name(line: Line) -> tuple[Line, str | None]:
    """Cut off an acronym in bold before a title; one before a colon is part of the title."""
    first, rest = line.spans[0], line.text[len(line.spans[0].text) :]
    name = clean_title(first.text)
    if not first.strong or first.url or not is_short_name(name) or rest.lstrip()[:1] in ":：(（[":
        return line, None
    links = find_links(line)
    head = line.text[len(first.text) : links[0].start if links else None]
    if not is_title(clean_title(head)):
        return line, None
    return LineCutter(line).cut(len(first.text), len(line.text)), name


def _enumerated(text: str, venues: Venues) -> list[Mention]:
    """Return the papers of `new papers: A Title of It from ICLR 24, Another Title from ICML 23`.

    Each has a title, or a name and the venue that tells that it is a paper's.
    """
    found = _ENUMERATES.search(text[:_MAX_TEXT])
    papers: list[Mention] = []
    for part in _BETWEEN_TITLES.split(text[found.end() :].rstrip(" .!")) if found else ():
        words, *behind = _WHERE.split(part, maxsplit=1)
        venue = find_venue(f"at {behind[0]}", venues) if behind else None
        title = clean_title(words if venue else part)
        values = {"venue": (venue.text,)} if venue else {}
        if is_title(title):
            papers.append(Mention(title=title, rank=LIKELY, values=values, offered=True))
        elif venue and title[:1].isupper() and len(title.split()) <= _FEW_TITLED:
            papers.append(Mention(short_name=title, values=values, offered=True))
        else:
            return []
    return papers if len(papers) > 1 else []


def _read_prose(line: Line, place: Place) -> Iterator[Mention]:
    if not find_links(line) and (papers := _enumerated(line.text, place.venues)):
        yield from papers
        return
    line, name = _without_short_name(line)
    if mention := _read_cited(line, place):
        yield replace(mention, short_name=name or mention.short_name)
        return
    for number, mention in enumerate(_read_rest(line, place)):
        yield replace(mention, short_name=name) if name and not number else mention


def _read_rest(line: Line, place: Place) -> Iterator[Mention]:
    links = find_links(line)
    text = line.text
    if not links:
        if not _can_name(text):
            return
        if whole := _read_whole(text, place):
            yield whole
            return
    closed = [(link.start, link.end) for link in links]
    closed += marked_ranges(line)
    if place.listed and links and is_title(clean_title(text[: links[0].start])):
        closed.append((0, links[0].start))
    cutter = LineCutter(line)
    for sentence in split_sentences(text, closed):
        start, end = sentence.start, sentence.start + len(sentence.text)
        inside = _links_between(links, start, end)
        if not inside and not _can_name(sentence.text):
            continue
        part = cutter.cut(start, end)
        if cited := _read_cited(part, place):
            yield cited
            continue
        yield from _read_sentence(part, inside, place)


def _read_whole(text: str, place: Place) -> Mention | None:
    """Return what a line without links says as a whole that is no citation: people, or None."""
    if is_affiliation(text):
        return Mention()
    least = 1 if without_workplaces(text) != text else 3
    names = names_in(text, least=min(least, 2) if place.titled else least)
    return None if names is None else Mention(values={"authors": names} if names else {})


def _links_between(links: Sequence[Link], start: int, end: int) -> list[Link]:
    """Return the links of a part of a line, by their places in it."""
    first = bisect_left(links, start, key=lambda link: link.start)
    last = bisect_left(links, end, key=lambda link: link.start)
    return [
        replace(link, start=link.start - start, end=link.end - start) for link in links[first:last]
    ]


def _can_name(text: str) -> bool:
    """Tell whether a text without links has the letters to name anything."""
    return sum(map(str.isalnum, text[:_MAX_TEXT])) >= _FEWEST_LETTERS


def _read_sentence(line: Line, links: Sequence[Link], place: Place) -> Iterator[Mention]:
    titles = find_titles(line)
    mentions, spoken = _read_links(line, links, titles, place.venues)
    mentions = _with_titles(line.text, mentions, titles)
    if not any(m.title or m.papers for m in mentions) and not spoken:
        names = short_names_in(line, listed=place.listed)
        mentions += [Mention(short_name=n) for n in names if not place.venues.canonical(n)]
    if not spoken or mentions:
        context = _context(line.text, titles, place.venues)
        if mentions and context:
            first = mentions[0]
            mentions[0] = replace(first, values=merge_values(first.values, context))
        elif context:
            mentions = [Mention(values=context)]
    said = mask_titles(line.text, [*(m.title for m in mentions), *(t.title for t in titles)])
    offered = place.listed or offers(said) or _stands_alone(said, links)
    shared = _SEVERAL.search(said) is not None
    yield from (replace(mention, offered=offered, shared=shared) for mention in mentions)


def _stands_alone(text: str, links: Sequence[Link]) -> bool:
    """Tell whether a sentence begins with a linked title, or says little beside its links."""
    if links and title_of_link(links[0]) and len(words_of(text.partition("…")[0])) <= 1:
        return True
    for link in links:
        text = text.replace(link.text, " ")
    return len(words_of(text)) <= _FEW


def _with_titles(
    text: str, mentions: Sequence[Mention], titles: Sequence[PlacedTitle]
) -> list[Mention]:
    """Give the titles of a sentence to its links, or keep them without a link in a request.

    A title without a mark around it counts only in a request.
    """
    found = list(mentions)
    known = [placed.title for placed in titles]
    asked = asks_to_add(mask_titles(text, known))
    taken = {mention.title for mention in found}
    for placed in titles:
        fits = (asked or placed.marked) and not is_mention(mask_titles(text[: placed.start], known))
        if placed.title in taken or not fits:
            continue
        untitled = [n for n, m in enumerate(found) if m.papers and not m.title]
        if len(untitled) == 1 and len(titles) == 1:
            at = untitled[0]
            found[at] = replace(found[at], title=placed.title, rank=LIKELY)
        elif not any(m.papers for m in found):
            found.append(Mention(title=placed.title, rank=LIKELY))
    return found


def _context(
    text: str, titles: Sequence[PlacedTitle], venues: Venues
) -> Mapping[str, tuple[str, ...]]:
    """Return the venue and date around the titles of a sentence."""
    rest = text[:_MAX_TEXT]
    for placed in titles:
        rest = rest.replace(placed.title, " ")
    values: dict[str, tuple[str, ...]] = {}
    if venue := find_venue(" ".join(w for w in rest.split() if "://" not in w), venues):
        values["venue"] = (venue.text,)
    if date := find_arxiv_date(rest):
        values["date"] = (date,)
    return values
