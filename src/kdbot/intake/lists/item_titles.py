"""Where the title of a list's line is: in a link, in bold, in quotes, or loose among other words.

The forms are those of well-known lists: a linked title, or a plain one in front of links with
labels, or below its authors or the name of its model.
"""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from kdbot.intake.markdown.lines import Run
from kdbot.intake.markdown.runs import (
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
from kdbot.model.venue import Venues
from kdbot.text.citations import (
    begins_with_people,
    first_names,
    read_citation,
    split_title,
    strip_prefix,
)
from kdbot.text.dates import YEAR, find_date, is_date
from kdbot.text.hosts import is_paper_address, names_paper
from kdbot.text.labels import PAPER, field_of_label
from kdbot.text.names import are_people, is_citation_key, is_cut_short, names_in
from kdbot.text.titles import (
    clean_title,
    drop_lead_in,
    goes_on,
    is_quoted,
    is_sentence_case_title,
    is_short_name,
    trim_pictures,
    without_nickname,
)
from kdbot.text.titles import is_title as reads_like_title
from kdbot.text.venues import venue_in

_DASHED = re.compile(r"[-–—]+\s+(\w)")
ONLY_TAGS = re.compile(r"(?:\s*[\[【(][^\[\]【】()]{1,60}[\]】)]\s*[|:：,-]?)+\s*")
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
_INSIDE = re.compile(r"(?:on|of|for|in|at|and) ")
"""How words go on that cannot open a title: `ICCV 2021 Workshop on …`."""
_FRONT = re.compile(
    r"(?:#[0-9]{1,4}[.:)]?\s+)?(?:(?P<date>(?:19|20)[0-9]{2}"
    r"(?:[./-](?:0[1-9]|1[0-2])(?:[./-][0-3][0-9])?(?=\s?[-–]|\s)|(?=\s?[-–])))"
    r"(?:\s?[-–]\s?(?P<venue>[A-Z]{2,}[A-Za-z]{0,3}|arXiv|NeurIPS|[A-Z][a-z]+[A-Z]\w*)(?=\s?[-–]))?"
    r"|(?P<dated>[A-Z]{3,}[a-z]{0,3}(?:19|20)[0-9]{2}(?=\s?[-–])|[A-Z][A-Za-z-]*[A-Z]['’][0-9]{2}(?=\s))"
    r"|(?<=\s))"
    r"\s?[-–]?\s?(?=[A-Z0-9\"“])"
)
"""A number, a date and a venue before a title: `2019-CVPR-Title`, `2021.07 Title`, `#1 Title`."""
_NAME_IN_TAG = re.compile(
    r"\s*(?:[0-9]{1,3}[.)]\s*)?[\[【]([A-Z][\w+-]*[a-z][\w+-]*)[\]】]\s*[:：]\s*(?=[A-Z])"
)
"""The name of a method in front of its title, as a tag: `【TownNet】: Maps of Large Towns`."""
_TAGS_BEHIND = re.compile(r"(?:\s*\[[^\[\]]{1,40}\])+$")
_SUBTITLE = re.compile(
    r"\s+[-–—]{1,3}\s+(?:an? (?:[\w-]+ ){0,3}(?:survey|review|overview|study|perspective|approach"
    r"|framework|analysis|comparison|benchmark|primer)|survey|review|towards? [\w-]+|from [\w-]+ to"
    r"|how|why|what|when|where|the (?:case|role|art|power|importance)|lessons|beyond|part [0-9ivx]+"
    r")\b[^.,;()\[\]|]{0,80}",
    re.IGNORECASE,
)
"""What goes on with a title behind a dash, and is no remark: `Maps: Large Towns - a survey`."""
_SLASHES = re.compile(r"\s//?\s")
_LATEX_QUOTES = re.compile(r"``|''")
_TAGGED = re.compile(r"[0-9\[【(（|]")
_LAST_YEAR = re.compile(rf"(?:[\s,]+{YEAR}|[\s,]*[(\[]{YEAR}[)\]])$")
_LEAST_MARKED = 3
"""Fewest words of a title that is cut out of marked words."""
_QUOTED_LINE = re.compile(r"\s*[\"“]([^\"“”]{8,300})[\"”](.*)")
_NAME_IN_FRONT = re.compile(r"\W*[\w.+/ -]{2,30}[:：]\s*")
"""The name of a method in front of the people who made it."""
_QUOTED_BEHIND_NAME = re.compile(
    r"[\w.+/ -]{2,30}[:：]\s*[\"“]([^\"“”]{4,300})[\"”]\W*((?:[A-Z][\w'’-]*\W*){0,2})"
)
_NAMED = re.compile(
    r"[^:]{2,100}: (?P<people>[A-Z].{4,600}? \((?:19|20)[0-9]{2}[a-z]?\))\. (?P<title>.{8,400})"
)
"""A citation behind the name of its method: `MapNet (…): Lee, A., & Roe, B. (2018). Title.`"""
NAME_AND_PEOPLE = re.compile(
    r"(?P<name>[^:]{2,120}?)\s*(?:: |\()(?P<people>[A-Z][\w'’-]+(?: (?:and|&) [A-Z][\w'’-]+)?"
    rf" et\.? al\.?(?:,? {YEAR})?)\)?"
)
"""A name or a title with its first author behind it: `Maps: Lee et al.`, `Maps (Lee et al.)`."""
_GLUED_VENUE = re.compile(r"\.(?=[A-Z]{3,}[A-Za-z]*\s?['’]?[0-9]{2,4}$)")
_APART = re.compile(r"[\s.,|(\\]*(?=[A-Z0-9\"“])(.+)")
"""Words behind a name that do not go on with it."""
_COLON = re.compile(r".?\s*(?:[:：,]|[-–—]+\s)\s*(.*)")
_TELLS = re.compile(
    r"(?:note|is|are|was|provides|contains|consists|includes|offers|supports|covers|enables|allows)\b"
)
"""How a sentence begins whose subject is a name in front."""
_TOOL = re.compile(
    r"\b(?:library|toolkit|tool|package|platform|data ?set|corpus|collection|repository)s?\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")
_MIN_LINKED = 4
_MIN_BEFORE = 6
"""Fewest words in front of a link that can be the title themselves."""
_FEW = 4
"""Fewer words than a line has that is more than its links."""
_MAX_NAME = 3
"""Most words of a name that precedes the words of a title."""
MIN_DESCRIPTION = 6
"""Fewest words after a title that are kept as the paper's description."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """The parts of a line: its title, and the words around it."""

    title: str
    before: str
    after: str


def title_link(runs: tuple[Run, ...], venues: Venues) -> Run | None:
    """Find the link whose words are the title: quoted, near the line's start, or without others."""
    index = _title_index(runs, venues)
    return None if index is None else runs[index]


@lru_cache(maxsize=8)  # whether a line is a paper's, and what it says, is asked of the same words
def _title_index(runs: tuple[Run, ...], venues: Venues) -> int | None:
    found = _find_title(runs, venues)
    return None if found is None else len(runs_before(runs, found))


def _find_title(runs: Sequence[Run], venues: Venues) -> Run | None:
    if has_bold_line(runs):
        return None
    # A title may lead to a note beside the list (`[Title](notes/title.md)`).
    links = [p for p in runs if p.address[:1] not in {"", "#"} and not is_badge(p)]
    tags = [*_tags(runs), *filter(says_where, runs)]
    if tags and _reads_as_title(words_of([p for p in runs if p.is_words]), venues):
        links = [link for link in links if all(link is not tag for tag in tags)]
    titled = next((p for p in links if is_title(p.text) and not is_label(p)), None)
    if titled is not None:
        leading = strip_tags(words_of(runs_before(runs, titled)), venues)[1]
        if (
            is_quoted(titled.text)
            or _ends_line(runs, titled)
            or leading.rstrip().endswith((":", "“", '"'))
            or len(clean_title(leading).split()) < _MIN_BEFORE
            or are_authors(leading)
        ):
            return titled
    named = (p for p in links if is_paper_address(p.address) and may_name_paper(p, venues))
    found = next((p for p in named if not any(p is tag for tag in tags)), None)
    before = words_of(runs_before(runs, found)) if found else ""
    if found is None or ONLY_TAGS.fullmatch(before):
        return found
    behind = words_of(runs[len(runs_before(runs, found)) + 1 :])
    is_bare = len(words_of([p for p in runs if p.is_words]).split()) < _FEW
    is_cited = _PEOPLE_BEHIND.match(behind) or (
        behind[:1] in "-–—,.:" and begins_with_people(behind.lstrip(" -–—,.:"))
    )
    is_cited = is_cited and len(before.split()) < _MIN_BEFORE
    return found if is_bare or is_cited else None


def may_name_paper(link: Run, venues: Venues) -> bool:
    """Tell whether a link's words may name its paper: no label or field, identifier or venue."""
    text = clean_title(link.text)
    is_value = is_label(link) or field_of_label(text.rstrip("0123456789")) is not None
    return not is_value and bool(text) and venue_in(text, venues) != text


def has_bold_line(runs: Sequence[Run]) -> bool:
    """Tell whether a title in bold is the first line, above links (`[Venue 2024](…)`)."""
    filled = [run for run in runs if run.text.strip(" ") or run.images]
    if len(filled) < 2 or not filled[0].strong or is_link(filled[0]) or not filled[1].is_break:
        return False
    below = itertools.dropwhile(lambda run: run.is_break, filled[1:])
    second = words_of(list(itertools.takewhile(lambda run: not run.is_break, below)))
    return reads_like_title(clean_title(filled[0].text)) or are_authors(second)


def _reads_as_title(text: str, venues: Venues) -> bool:
    """Tell whether the words around links in brackets are a title, which these only follow."""
    text = clean_title(strip_tags(text, venues)[1])
    return is_sentence_case_title(text) and venue_in(text, venues) != text


def _ends_line(runs: Sequence[Run], link: Run) -> bool:
    """Tell whether a title that links to its paper ends its line, after its description."""
    after = runs[len(runs_before(runs, link)) + 1 :]
    words = own_words([run for run in after if not run.is_break])
    is_long = len(clean_title(link.text).split()) >= _MIN_LINKED
    return is_long and names_paper(link.address) and not words.strip(" .。,;()")


def runs_before(runs: Sequence[Run], link: Run) -> Sequence[Run]:
    """Return the runs before one of them."""
    return runs[: next(i for i, run in enumerate(runs) if run is link)]


@lru_cache(maxsize=512)  # each reader of a line asks for the same words
def strip_tags(text: str, venues: Venues) -> tuple[str, str]:
    """Split tags, dates and venues off the front of a title; words alone are its own."""
    text = _with_name(text, venues)
    if front := _FRONT.match(text):
        prefix, rest = strip_tags(text[front.end() :], venues)
        said = filter(None, (front["venue"], front["dated"], front["date"], prefix))
        return " ".join(said), rest
    prefix, rest = strip_prefix(text, venues)
    is_name = is_citation_key(rest) and not find_date(prefix)  # `DAC (Lee et al.)`
    if is_name or _INSIDE.match(rest):
        return "", trim_pictures(text)
    is_tag = _TAGGED.search(prefix) is not None or venue_in(prefix, venues) is not None
    return (prefix, rest) if is_tag else ("", trim_pictures(text))


def _with_name(text: str, venues: Venues) -> str:
    """Return a title without the brackets around the name that it begins with."""
    named = _NAME_IN_TAG.match(text)
    is_name = named is not None and venue_in(named[1], venues) is None
    return f"{named[1]}: {text[named.end() :]}" if named and is_name else text


def split_marked(text: str, venues: Venues) -> tuple[str, str]:
    """Split what a link or bold type sets apart, most often a title alone, from people and venue.

    What is cut off in front has a name in two words, an initial, a quotation or a number.
    """
    text = _GLUED_VENUE.sub(". ", text)
    if (named := _NAMED.match(text)) and begins_with_people(named["people"]):
        title, tail = split_marked(named["title"], venues)
        return title, f"{named['people']} | {tail}"
    if (named := NAME_AND_PEOPLE.fullmatch(text)) is not None:
        return without_nickname(clean_title(named["name"])), named["people"]
    found = read_citation(text, venues)
    title = found.title if found else ""
    if found and title:
        front = text[: text.find(title[: len(title) // 2 + 1])].strip(" \"“‘'*_([")
        is_cited = _CITED_FRONT.search(front) and (found.is_sure or found.is_quoted)
        is_long = len(title.split()) >= (_LEAST_MARKED - 1 if front else _LEAST_MARKED)
        if is_long and not _INSIDE.match(title) and (is_cited if front else found.is_sure):
            return title, f"{found.rest} {found.lead}"
    year = _LAST_YEAR.search(text)
    title = without_nickname(clean_title(text[: year.start()] if year else text))
    return title, year[0] if year else ""


def cite_link(runs: Sequence[Run], head: Run, venues: Venues) -> Citation:
    """Split the words of a link, and keep those around it."""
    prefix, text = strip_tags(head.text, venues)
    title, tail = split_marked(text, venues)
    front = runs_before(runs, head)
    after = lines_of([p for p in runs[len(front) + 1 :] if not is_label(p)])
    before = lines_of([p for p in front if not is_label(p)])
    people = before.rstrip(' "“,') if before.endswith(("“", '"')) else ""
    return Citation(
        title=title,
        before=f"{before} {prefix}",
        after=f"| {people} | {tail} | {_BY.sub('', after, count=1)}",
    )


@lru_cache(maxsize=8)  # whether a line is a paper's, and what it says, is asked of the same words
def cite_words(runs: tuple[Run, ...], venues: Venues) -> Citation:
    """Split the words before the links, or else the words after them."""
    is_plain = len(runs) == 1 and runs[0] == Run(text=runs[0].text)
    found = None if is_plain else _quoted_below(runs) or _below_name(runs) or _described_name(runs)
    found = found or (None if is_plain else _behind_name(runs, venues))
    if found is not None:
        return found
    lead = list(runs) if is_plain else _lead(runs, venues)
    if (behind := _behind_people(runs, lead)) is not None:
        cited = cite_words(tuple(behind), venues)
        return replace(cited, after=f"{cited.after} | {words_of(lead)}")
    if len(clean_title(strip_tags(words_of(lead), venues)[1])) < 3:
        lead = [p for p in runs if p.is_words or (is_link(p) and not is_label(p))]
    rest = lines_of([p for p in runs if all(p is not q for q in lead) and not is_label(p)])
    marked = _marked_title(lead)
    if marked is None:
        # Brackets that open around the first link's label are not part of the citation.
        text = _with_name(words_of(lead).rstrip(" [("), venues)
        text = _LATEX_QUOTES.sub('"', text) if "``" in text else text
        text = _SLASHES.sub(" | ", text) if len(_SLASHES.findall(text)) > 1 else text
        prefix = strip_tags(text, venues)[0]
        text = text[front.end() :] if (front := _FRONT.match(text)) else text
        if lead and lead[0].strong and field_of_label(lead[0].text) in {"title", PAPER}:
            text = drop_lead_in(text)
        title, after = _with_subtitle(trim_pictures(text), venues)
        if lead and is_label(runs[0]) and text[:1] in "-–—" and not reads_like_title(title):
            title, after = "", f"{title} | {after}"  # `[pdf](…) - a remark`
        if tags := _TAGS_BEHIND.search(title):
            title, after = clean_title(title[: tags.start()]) or title, f"{after} | {tags[0]}"
        if year := _LAST_YEAR.search(title):
            title, after = title[: year.start()], f"{year[0]} | {after}"
        after = after.rstrip().removesuffix(prefix.strip(" -:|,"))
        bold = filter(None, (clean_title(run.text) for run in lead if run.strong))
        is_marked = any(words in title or title in words for words in bold)
        is_none = are_people(title) or _PERSON.fullmatch(title) or goes_on(title)
        title = "" if is_none and not is_marked else title
        # Behind `, in` stands where a paper appeared, though *Data Mining* could be a name.
        joint = "in " if words_of(lead).endswith((" in", " In")) else ""
        return Citation(title=title, before=prefix, after=f"{after} | {joint}{rest}")
    before, _, after = words_of(lead).partition(words_of([marked]))
    prefix, text = strip_tags(words_of([marked]), venues)
    title, tail = split_marked(text, venues)
    return Citation(title=title, before=f"{before} {prefix}", after=f"{tail} | {after} | {rest}")


def _with_subtitle(text: str, venues: Venues) -> tuple[str, str]:
    """Split a citation, and put back what belongs to its title: behind a dash, before a `;`."""
    title, after = split_title(text, venues)
    front = text[: max(text.find(title), 0)]
    if title[:1].islower() and front.endswith("; "):
        title, after = f"{front}{title}", after.replace(front[:-2], "", 1)
    if quoted := _QUOTED_BEHIND_NAME.fullmatch(title):
        return quoted[1], f"{quoted[2]} | {after}"
    end = text.find(title) + len(title)
    match = _SUBTITLE.match(text, end) if title and end >= len(title) else None
    if match is None or venue_in(match[0], venues) is not None:
        return title, after
    behind = match[0].strip(" -–—")
    return f"{title}{match[0].rstrip()}", after.replace(behind, "", 1)


def _quoted_below(runs: Sequence[Run]) -> Citation | None:
    """Find a title in quotes that opens a line below the authors (`**Name:** Ann Lee, Bo Kim.`)."""
    for index, (above, run) in enumerate(itertools.pairwise(runs), 1):
        match = _QUOTED_LINE.match(run.text) if above.is_break and run.is_words else None
        if match is None:
            continue
        people = _NAME_IN_FRONT.sub("", clean_title(words_of(runs[:index]))).replace(" ⋅ ", ", ")
        are_some = names_in(people) is not None or are_people(people) or _PERSON.fullmatch(people)
        is_below_name = _is_head(runs[0]) and find_date(match[2]) is not None
        if not (is_cut_short(people) or are_some or is_below_name):
            return None
        rest = lines_of([p for p in runs[index + 1 :] if not is_label(p)])
        after = f"{people} | {match[2]} | {rest}"
        return Citation(title=clean_title(match[1]), before="", after=after)
    return None


def _below_name(runs: Sequence[Run]) -> Citation | None:
    """Find a title that opens a line below the name of a model: `**GPT-3** [[OpenAI]](…) 2020`."""
    first = next((run for run in runs if run.text.strip()), None)
    if first is None or not any(run.is_break for run in runs):
        return None
    behind = runs[len(runs_before(runs, first)) + 1 :]
    if not (first.strong or (first.is_words and behind and behind[0].is_break)):
        return None
    name = clean_title(first.text)
    others = [run for run in runs if run is not first and not is_label(run)]
    line = words_of(list(itertools.takewhile(lambda run: not run.is_break, others)))
    is_dated = find_date(line) is not None and len(_WORD.findall(line)) <= _FEW
    is_name = is_name_alone(name) or is_short_name(name)
    if is_sentence_case_title(clean_title(line)) or not (
        is_name or (is_dated and len(name.split()) <= _MAX_NAME)
    ):
        return None
    for index, (above, run) in enumerate(itertools.pairwise(runs), 1):
        title = clean_title(run.text) if above.is_break and run.is_words else ""
        below = [p for p in runs[index + 1 :] if is_label(p) or is_paper_address(p.address)]
        is_named = title.startswith(name) and len(title.split()) >= _MAX_NAME
        is_people = begins_with_people(title) or are_people(title, least=2)
        is_named = is_named or (is_sentence_case_title(title) and not is_people)
        if is_named and (below or not any(map(is_link, runs))):
            rest = lines_of([p for p in others if p is not run])
            return Citation(title=title, before="", after=f"| {rest}")
    is_alone = is_name and is_dated
    return Citation(title=name, before="", after=f"| {lines_of(others)}") if is_alone else None


def _split_name(runs: Sequence[Run]) -> tuple[Run | None, Sequence[Run]]:
    """Split off the name that opens a line, in bold or a link without a label, if there is one."""
    behind = itertools.dropwhile(lambda run: run.images or not trim_pictures(run.text), runs)
    first = next(behind, None)
    is_apart = first is not None and (first.strong or is_link(first)) and not is_label(first)
    return (first if is_apart else None), list(behind)


def _is_head(run: Run) -> bool:
    """Tell whether a marked name has its colon, as the head of a title does: `**TownNet:**`."""
    return run.strong and run.text.rstrip().endswith((":", "："))


def _described_name(runs: Sequence[Run]) -> Citation | None:
    """Find the name of a tool or a data set in front of a sentence: `**TownSet**: contains …`."""
    first, following = _split_name(runs)
    if first is None:
        return None
    name = clean_title(first.text)
    words = words_of(list(itertools.takewhile(lambda run: run.is_words, following)))
    mark = _COLON.match(first.text.strip()[-1:] + words)
    if mark is None or not is_name_alone(name) or names_paper(first.address):
        return None
    is_tool = is_link(first) and _TOOL.search(mark[1]) is not None and not reads_like_title(mark[1])
    if not (is_tool or _TELLS.match(mark[1])):
        return None
    rest = lines_of([p for p in following if not is_label(p)]).lstrip(" :：-–—")
    return Citation(title=name, before="", after=f"| {trim_pictures(rest)}")


def _behind_name(runs: Sequence[Run], venues: Venues) -> Citation | None:
    """Find a title behind a name that is set apart from it: `**TownNet** Drawing Maps of Towns`."""
    first, following = _split_name(runs)
    if first is None:
        return None
    name = clean_title(first.text)
    is_name = is_name_alone(name) or is_short_name(name)
    words = words_of(list(itertools.takewhile(lambda run: run.is_words, following)))
    match = _APART.match(words)
    is_name = is_name and not (_is_head(first) or is_date(name))
    if match is None or not is_name or field_of_label(name) is not None:
        return None
    title, after = split_title(match[1], venues)
    is_verb = title.partition(" ")[0].endswith("s") or title.casefold().startswith(name.casefold())
    if is_verb or not reads_like_title(title) or are_people(title, least=2):
        return None
    rest = lines_of([p for p in following if not p.is_words and not is_label(p)])
    before = "" if is_link(first) and venue_in(name, venues) is None else name
    return Citation(title=title, before=before, after=f"{after} | {rest}")


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
    words = words_of([run for run in runs if run.is_words and not _is_tag(run)])
    has_tags = any(_is_tag(run) or says_where(run) for run in runs)
    is_titled = has_tags and _reads_as_title(words, venues)
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
        is_tag = is_link(run) and (_is_tag_behind(run, lead) or (is_titled and says_where(run)))
        if is_tag or (is_titled and not has_words and _is_tag(run)):
            continue
        if not (run.inserted or is_badge(run) or is_label(run)):
            lead.append(run)
    return lead


def _is_tag(run: Run) -> bool:
    """Tell whether marked words are a date, or all in brackets."""
    is_marked = run.strong or run.emphasis
    return is_marked and (is_date(run.text) or ONLY_TAGS.fullmatch(run.text) is not None)


def _is_tag_behind(run: Run, lead: Sequence[Run]) -> bool:
    """Tell whether a title ends before a run: a tag in brackets (`[**`qnn`**]`), a date in code."""
    is_marked = run.strong or run.emphasis or is_link(run)
    before = lead[-1].text.rstrip()[-1:] if lead and lead[-1].is_words else ""
    is_in_brackets = before in {"[", "("} or run.text[:1] + run.text[-1:] == "[]"
    return is_marked and (is_in_brackets or is_date(run.text))


def are_authors(text: str) -> bool:
    """Tell whether words in front of a linked title are its authors, misspelt ones too."""
    initials = len(_INITIAL.findall(text))
    is_initialled = (
        initials > 1 and text.count(",") > 1 and _MAX_INITIALLED * initials >= len(text.split())
    )
    return is_initialled or are_people(text, least=2)


def _begins_with_people(text: str) -> bool:
    is_cut = is_cut_short(text) and not text.startswith("et al")
    return is_cut or bool(first_names(text)) or are_people(text, least=2)


def _marked_title(lead: Sequence[Run]) -> Run | None:
    """Find the one bold, or else italic, run that is long enough for a title."""
    if not any(run.strong or run.emphasis for run in lead):
        return None
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
    before = runs_before(lead, run)
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
