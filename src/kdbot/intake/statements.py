"""The sentences of a correction: which values stand in them, and which are called right or wrong.

An address, a title, a venue, a date or a category is new where the words before it (else behind
it, else of the sentence before) call it correct, and old where they call it wrong, broken or
present. *Not* turns over what was said of the value before.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from itertools import islice

from kdbot.intake.cues import Cues, cues_of
from kdbot.intake.intent import split_sentences
from kdbot.intake.links import Link, find_links, role_of_link
from kdbot.intake.markdown.lines import Line, LineCutter
from kdbot.intake.mentions import split_labels
from kdbot.intake.sections import section_hints
from kdbot.intake.titles import find_titles, marked_ranges, title_of_link
from kdbot.model.taxonomy import Taxonomy
from kdbot.model.venue import Venues
from kdbot.text.dates import find_date
from kdbot.text.hosts import LinkRole, is_repository, names_paper
from kdbot.text.labels import IGNORED
from kdbot.text.titles import clean_title, is_named_title, is_title
from kdbot.text.venues import find_known_venues

_MAX_SENTENCES = 200
_MAX_ITEMS = 40
_MAX_TEXT = 600
_NEAR = 60
_NEAR_VENUE = 40
_FEW_WORDS = 3
_MANY_WORDS = 12
_NOT_A_VENUE = re.compile(
    r"\W{0,2}(?:anthology|web ?site|program(?:me)?\b|page|list|template)", re.IGNORECASE
)
_IN_WORDS = frozenset({"venue", "date", "categories"})
_IS_RIGHT = re.compile(r"\bis (?:the )?(?:correct|right|new)\b", re.IGNORECASE)


class Standing(Enum):
    """What the words around a value say of it."""

    NEW = auto()
    OLD = auto()
    DOUBT = auto()
    NONE = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A value in a sentence.

    Attributes:
        field: the record's field that it would fill; `url` for any address of the paper.
        value: as written; a category as its path.
        start: position in the sentence.
        end: position behind it.
        standing: what is said of it.
        names: whether it can tell which paper is meant, too.
    """

    field: str
    value: str
    start: int
    end: int
    standing: Standing = Standing.NONE
    names: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One sentence, or one label with its value.

    Attributes:
        text: as written.
        label: the field that a label before it names, or None.
        part: the line of the value behind the label.
        items: the values in it.
        cues: what kinds of words are in it.
        topics: fields that it speaks of.
        heading: whether it is the issue's title.
    """

    text: str
    part: Line
    label: str | None = None
    items: tuple[Item, ...] = ()
    cues: Cues = field(default_factory=lambda: cues_of(""))
    topics: frozenset[str] = frozenset()
    heading: bool = False


def _any_of(latin: str, wide: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])(?:{latin})|(?:{wide})", re.IGNORECASE)


_NEW = _any_of(
    r"(?:correct|right|proper|actual|new(?:er|est)?|updated|latest|official|accurate|fixed)"
    r"(?: \w+){0,2}?(?= ?(?:one|link|url|address|title|name|version|venue|paper|pdf|doi|code|date"
    r"|month"
    r"|year|author|repo|category|is\b|should|would|[:：(]|$))|should (?:now )?(?:be|read|have|link"
    r"|point"
    r"|belong)|must be|need(?:s)? to be|(?:chang(?:e|ed|ing)|updat(?:e|ed|ing)"
    r"|correct(?:ed|ing)?|fix(?:ed)?|replac(?:e|ed|ing)|renam(?:e|ed|ing)|mov(?:e|ed|ing)"
    r"|switch(?:ed)?"
    r"|redirect(?:ed)?)\b[^.,;:]{0,80}\b(?:to|with|by|as|into)\b|better belongs?"
    r"|(?:also )?belongs?\b|moved to|use instead|it was\b"
    r"|correct[oa]s?\b|nuev[oa]\b|nov[oa]\b|cert[oa]\b|bon(?:ne)?\b|nouve\w+|richtig\w*|korrekt\w*"
    r"|neue?\b|müsste|правильн\w+|нов(?:ая|ый)",
    r"正确|正確|应为|应该是|应改为|应属|改为|改成|更新为|换成|最新|新的|應為|正しい|正しく"
    r"|新しい|올바른|정확한|새로운|새 |→|⇒|->|=>",
)
_NEW_VENUE = _any_of(
    r"(?:accepted|published|presented|appear\w*) (?:at|by|to|in|as|for)|now (?:at|in)\b"
    r"|aceptado en",
    r"被(?=…|[A-Z])|发表在|发表于|接收于|采訳|に採択",
)
_SOFT = _any_of(
    r"(?:found|available|released?|public|hosted|accessible|code|it) (?:is )?(?:at|here|on|under"
    r"|via|in)"
    r"|here(?: is|'s|’s)",
    r"开源在|公开在",
)
_POINTS = re.compile(
    r"\b(?:links|points?|leads?|directs?|goes|redirects?|pointing|linking) (?:\w+ )?to"
    r"(?: the| an?)?(?: paper)?\W*$",
    re.IGNORECASE,
)
_OLD = _any_of(
    r"wrong\w*|incorrect\w*|broken|dead|old(?:er)?|outdated|expired|invalid|obsolete|404\w*|403"
    r"|current\w*"
    r"|earlier|previous\w*|former\w*|original(?:ly)?|(?:links|points?|leads?|directs?|goes) to"
    r"|(?:link|point|lead)ing to"
    r"|instead of|rather than|listed (?:as|under|in|with)|used to be|no longer|mistaken\w*"
    r"|(?:is|was|are|does|do|did|has)(?: not|n['’]t)(?: \w+){0,2}? (?:work|open|load|exist|valid"
    r"|avail"
    r"|access|related|correct)\w*|not (?:work|avail|access|reach)\w*|returns?|fails?|rot[ao]\b"
    r"|antigu\w+"
    r"|err[oó]ne\w+|quebrad\w+|incorret\w+|errad[oa]|cass[ée]\w*|ancien\w*|falsch\w*|alte?r?\b"
    r"|defekt\w*"
    r"|kaputt\w*|tote?r?\b|sbagliat\w+|vecchi\w+|неверн\w+|стар\w+|бит(?:ая|ые)|не работа\w+",
    r"错误|有误|错了|失效|打不开|点不开|挂了|过期|原来|原先|旧|目前|现在|当前|錯誤|舊|誤|リンク切れ|古い|現在|잘못|깨진"
    r"|끊|기존|현재|오류",
)
_TURNS = re.compile(
    r"(?:\bnot|instead of|rather than|而不是|而非|不是|ではなく|아니라)"
    r"\W{0,3}(?:[\w-]+\W{1,2}){0,2}$"
)
_FROM = re.compile(r"(?:\bfrom|从|由|\bиз)\s*[\"“'‘`]*\s*$", re.IGNORECASE)
_TO = re.compile(
    r"(?:\bto|\binto|→|⇒|->|=>|改为|改成|到|至|\bа|\bzu|\bnach)\s*[\"“'‘`]*\s*$", re.IGNORECASE
)
_DOUBT = re.compile(
    r"\b(?:perhaps|maybe|might|possibly|probably|not (?:so )?sure|could be|quiz[aá]s|talvez"
    r"|peut-[êe]tre|vielleicht|возможно)\b|可能|也许|大概|かもしれ|たぶん|아마",
    re.IGNORECASE,
)
_TOPICS = {
    "code": _any_of(r"codes?\b|repo(?:s|sitor\w+)?\b|github|implementation\w*",
                    "代码|代碼|コード|코드"),
    "title": _any_of(r"titles?\b|titled\b|renam\w+|t[ií]tulo|titre\b|titel\b|titolo|назван\w+",
                     "标题|標題|题目|题名|タイトル|제목"),
    "venue": _any_of(
        r"venues?\b|conferences?\b|conf\b|journals?\b|proceedings?\b|publication\b|accepted\b"
        r"|published (?:in|at|by)|conferencia|revista|zeitschrift|konferenz",
        "会议|會議|期刊|接收|录用|錄用|採択|学会|학회|저널|채택",
    ),
    "date": _any_of(r"dates?\b|years?\b|months?\b|fecha|año|data\b|ano\b|jahr\b|datum\b|monat\b",
                    "年份|日期|月份|年月|날짜|연도|日付"),
    "authors": _any_of(r"authors?\b|autor\w*|auteurs?\b|автор\w*", "作者|著者|저자"),
    "categories": _any_of(
        r"categor\w+|(?:sub)?sections?\b|classif\w+|belongs?\b|kategorie\w*|категор\w+",
        "分类|分類|类别|不属于|カテゴリ|분류",
    ),
    "project": _any_of(r"project (?:web)?(?:pages?|sites?)|home ?page|web ?site", "项目主页|主页"),
    "url": _any_of(
        r"(?:hyper)?links?\b|urls?\b|pdfs?\b|address(?:es)?\b|doi\b|enlaces?\b|liens?\b|ссылк\w+",
        "链接|連結|鏈接|地址|网址|リンク|링크",
    ),
    "other": _any_of(r"abstracts?\b|institutions?\b|affiliations?\b|logos?\b|descriptions?\b"
                     r"|citations?\b|references?\b|bibtex|volumes?\b|figures?\b|tables?\b",
                     "摘要|机构"),
}  # fmt: skip
_PAPER_LINK = re.compile(
    r"(?:paper|pdf|arxiv|article|publication|full[- ]text)\W{0,2}\s?(?:\w+ )?(?:hyper)?(?:link"
    r"|url|address)|论文链接",
    re.IGNORECASE,
)
_LABELLED_TITLE = re.compile(r"^\W*(?:(?:the|old|new|correct\w*|current|wrong|right|original"
                             r"|updated) ){1,2}title\W{0,3}[:：]\W*", re.IGNORECASE)  # fmt: skip
_NAMED_VENUE = re.compile(
    r"(?:accepted (?:by|at|to|in|for)|published (?:in|by|at)|should be|should read|journal is)"
    r" (?:the )?((?:[A-Z][\w&.’'-]*)(?: (?:(?:of|and|&|on|in|for|the) )?[A-Z][\w&.’'-]*){1,8})"
)


def read_statements(
    lines: Iterable[Line], venues: Venues, taxonomy: Taxonomy, *, heading: int = 0
) -> Iterator[Statement]:
    """Yield the sentences of a text with their values, in order.

    Args:
        lines: as a reader sees them.
        venues: the names that the list knows.
        taxonomy: the categories, whose names are recognised.
        heading: how many of the lines are the issue's title.
    """
    pending = Standing.NONE
    topics: frozenset[str] = frozenset()
    for number, line in enumerate(lines):
        reached = 0
        for label, part in split_labels(line):
            begin = line.text.find(part.text, reached)
            if label and begin > reached:
                # *New title:* and *Current link:* say what a value is before it comes.
                pending = _last_cue(line.text[reached:begin] + ":") or pending
            reached = max(begin, reached) + len(part.text)
            if label == IGNORED:
                continue
            closed = [*((k.start, k.end) for k in find_links(part)), *marked_ranges(part)]
            cutter = LineCutter(part)
            for sentence in islice(split_sentences(part.text, closed), _MAX_SENTENCES):
                cut = cutter.cut(sentence.start, sentence.start + len(sentence.text))
                statement, pending = _read(cut, label, pending, topics, venues, taxonomy)
                if number < heading and pending is Standing.NEW:
                    pending = Standing.NONE  # *Correct link of X* does not say which it is
                topics = statement.topics or topics
                yield replace(statement, heading=number < heading)


def _read(
    line: Line,
    label: str | None,
    pending: Standing,
    before: frozenset[str],
    venues: Venues,
    taxonomy: Taxonomy,
) -> tuple[Statement, Standing]:
    text = line.text
    found = sorted(_find_items(line, label, before, venues, taxonomy), key=lambda item: item.start)
    items: list[Item] = []
    for item in found[:_MAX_ITEMS]:
        if not items or item.start >= items[-1].end:
            items.append(item)
    words = _blank(text, items)
    topics = frozenset(name for name, found in _TOPICS.items() if found.search(words[:_MAX_TEXT]))
    if topics & {"code", "project"} and not _PAPER_LINK.search(words):
        topics -= {"url"}
    judged = tuple(_judge(words, items, pending, topics or before))
    rest = words[items[-1].end if items else 0 :]
    told_on = pending if len(words.split()) <= _MANY_WORDS else Standing.NONE
    left = _last_cue(rest[:_MAX_TEXT]) or told_on
    statement = Statement(
        text=text.strip(), part=line, label=label, items=judged, cues=cues_of(words), topics=topics
    )
    return statement, left


def _blank(text: str, items: Sequence[Item]) -> str:
    """Return the words around the values, each in its place."""
    for item in items:
        inner = text[item.start : item.end]
        if item.field in {"title", "venue"} or "://" in inner or names_paper(inner):
            text = text[: item.start] + "…" * len(inner) + text[item.end :]
    return text


def _find_items(
    line: Line, label: str | None, topics: frozenset[str], venues: Venues, taxonomy: Taxonomy
) -> Iterator[Item]:
    text = line.text
    links = find_links(line)
    for link in links:
        title = title_of_link(link)
        if title and is_title(title):  # of no width: what is said of it is said of the address, too
            yield Item(field="title", value=title, names=True, start=link.start, end=link.start)
        names = names_paper(link.address) or role_of_link(link, label) is LinkRole.PAPER
        yield Item(
            field=_field_of(link, text, label),
            value=link.address,
            names=names,
            start=link.start,
            end=link.end,
        )
    for placed in find_titles(line):
        end = placed.start + len(placed.title) + 2
        if placed.marked and not any(k.start <= placed.start + 1 < k.end for k in links):
            yield Item(field="title", value=placed.title, names=True, start=placed.start, end=end)
    lead = _LABELLED_TITLE.match(text)
    if lead and not links and not any(placed.marked for placed in find_titles(line)):
        title = clean_title(text[lead.end() :])
        if is_named_title(title):
            yield Item(field="title", value=title, names=True, start=lead.end(), end=len(text))
    yield from _find_words(text, topics, venues, taxonomy)


def _find_words(
    text: str, topics: frozenset[str], venues: Venues, taxonomy: Taxonomy
) -> Iterator[Item]:
    """Yield venues, dates and categories in words."""
    text = text[:_MAX_TEXT]
    known = [f for f in find_known_venues(text, venues) if not _NOT_A_VENUE.match(text, f.end)]
    for found in known:
        yield Item(field="venue", value=found.text, start=found.start, end=found.end)
    for match in _NAMED_VENUE.finditer(text):
        inside = any(f.start < match.end() and match.start(1) < f.end for f in known)
        if not inside and (_TOPICS["venue"].search(text) or "venue" in topics):
            yield Item(field="venue", value=match[1], start=match.start(1), end=match.end(1))
    if _TOPICS["date"].search(text) or "date" in topics:
        for match in re.finditer(
            r"\b(?:19|20)\d\d[-./年 ]\d{1,2}\b月?|\b[A-Z][a-z]{2,8}\.? (?:19|20)\d\d\b", text
        ):
            if (date := find_date(match[0])) and len(date) > 4:
                yield Item(field="date", value=date, start=match.start(), end=match.end())
    paths = {leaf.path for leaf in taxonomy.leaves}
    for hint in section_hints("", (text,), taxonomy):
        name = taxonomy.by_path[hint].title if hint in paths else hint
        at = text.casefold().find(name.casefold())
        if hint in paths and at >= 0:
            yield Item(field="categories", value=hint, start=at, end=at + len(name))


def _field_of(link: Link, text: str, label: str | None) -> str:
    """Return the field that an address would fill: by its label, its kind, and the words before."""
    role = role_of_link(link, label)
    if names_paper(link.address):
        return "url"
    before = text[max(link.start - _NEAR, 0) : link.start]
    if not link.bare and role in {LinkRole.CODE, LinkRole.PROJECT, LinkRole.DATA}:
        return role.value
    if _PAPER_LINK.search(before):
        return "url"
    places = [
        (m.end(), name) for name in ("code", "project") for m in _TOPICS[name].finditer(before)
    ]
    near = max(places, default=(0, ""))[1]
    if near == "project" or (near == "code" and is_repository(link.address)):
        return near
    if role in {LinkRole.CODE, LinkRole.PROJECT, LinkRole.DATA}:
        return role.value
    return "other" if is_repository(link.address) or role is LinkRole.OTHER else "url"


def _judge(
    text: str, items: Sequence[Item], pending: Standing, about: frozenset[str]
) -> Iterator[Item]:
    """Yield the values with what is said of them."""
    reached = {True: 0, False: 0}
    last = {True: Standing.NONE, False: Standing.NONE}
    for number, item in enumerate(items):
        in_words = item.field in _IN_WORDS
        before = text[max(reached[in_words], item.start - _MAX_TEXT) : item.start]
        end = items[number + 1].start if number + 1 < len(items) else len(text)
        said: Standing | None
        if item.field == "title" and "title" not in about:
            said = Standing.OLD if _POINTS.search(before) else Standing.NONE
        else:
            said = _said_before(before, last[in_words], item.field)
            if said is None and not in_words:
                opens = number == 0 and len(before.split()) <= _FEW_WORDS
                said = _said_behind(text[item.end : end])
                said = said or (pending if opens and pending is not Standing.NONE else None)
                said = said or (Standing.NEW if _SOFT.search(before) else None)
        if said is Standing.NEW and _DOUBT.search(text):
            said = Standing.DOUBT
        said = said or Standing.NONE
        yield replace(item, standing=said)
        if item.end > item.start:
            reached[in_words], last[in_words] = item.end, said


def _said_before(before: str, last: Standing, field: str) -> Standing | None:
    if _FROM.search(before):
        return Standing.OLD
    if _TURNS.search(before):
        return Standing.NEW if last is Standing.OLD else Standing.OLD
    if _TO.search(before) and last is Standing.OLD:
        return Standing.NEW
    if field != "venue":
        return _last_cue(before)
    near = before[-_NEAR_VENUE:]
    return _last_cue(near) or (Standing.NEW if _NEW_VENUE.search(near) else None)


def _said_behind(behind: str) -> Standing | None:
    """Return what the words right behind a value say of it: *… is broken*, *… is correct*."""
    near = behind[:_NEAR]
    old, new = _OLD.search(near), _IS_RIGHT.search(near)
    if new and not (old and old.start() < new.start()):
        return Standing.NEW
    return Standing.OLD if old else None


def _last_cue(text: str) -> Standing | None:
    old = max((m.end() for m in _OLD.finditer(text)), default=-1)
    new = max((m.end() for m in _NEW.finditer(text)), default=-1)
    if old < 0 and new < 0:
        return None
    return Standing.NEW if new > old else Standing.OLD
