"""What the words around a value say about it: that it is right and new, or wrong and old.

A value is new if the words before it (else after it, else in the sentence before) call it correct,
and old if they call it wrong, broken or present. *Not* inverts what was said about the value
before.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from kdbot.intake.topics import PAPER_LINK, any_of, topics_of
from kdbot.intake.values import How, Standing, Statement, Value
from kdbot.model.paper import LINK_LISTS
from kdbot.text.characters import EAST_ASIAN
from kdbot.text.hosts import may_be_paper

_MAX_TEXT = 600
_NEAR = 60
_NEAR_VENUE = 40
_FEW_WORDS = 3
_IN_WORDS = frozenset({"venue", "date", "categories"})
_IS_RIGHT = re.compile(
    r"\bis (?:(?!not\b|no\b|wrong|old)\w+ ){0,4}?(?:correct|right|new|final|published|official)\b"
    r"|^\W*(?:now |seems? to )?work(?:s|ing)?\b|^\W*instead\b(?! of)",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[,;:，；：。]|\.(?=\s|$)")
_ASIDE = re.compile(r"\W*[(（]([^()（）]*)[)）]")
_NEW = any_of(
    r"(?:should|must|needs? to|expected)\b[^.]{0,60}?\b(?:(?:links?|points?|leads?|directs?"
    r"|goe?s?) to|opens?)\b|(?:correct(?:ed|ion)?|right|proper|real|true|actual|expected|suggested"
    r"|proposed|new(?:er|est)?|updated|latest|official|accurate|fixed|valid|working)(?! (?:the|this"
    r"|that|its?|my|our|your)\b)(?: \w+){0,2}?(?= ?(?:one|link|url|address|title|name|version|venue"
    r"|paper|pdf|doi|code|date|month|result|year|author|repo|category|value|entry|is\b|should|would|[:：(]|$))"
    r"|should (?:\w+ )?(?:be|read|have|belong|link|point)|must be|here(?: is|['’]s) (?:the"
    r"|our) (?:\w+ )?(?:link|url)|following (?:link|url|address|title)|needs? to be"
    r"|(?:chang(?:e[sd]?|ing)|updat(?:e[sd]?|ing)|correct(?:s|ed|ing)?|fix(?:e[sd])?"
    r"|replac(?:e[sd]?|ing)|renam(?:e[sd]?|ing)|mov(?:e[sd]?|ing)|switch(?:es|ed)?|amended"
    r"|redirect(?:ed)?)\b(?:[^.,;:]|\.(?=\S)){0,80}\b(?:to|with|by|as|into)\b|(?:published|final"
    r"|camera-ready) (?:title|name|version)|better belongs?|(?:also )?belongs?\b|moved to"
    r"|after ?[:：]|(?:can|could|should|please) use\b|it was\b|corr?ec?t[oa]s?\b|nuev[oa]\b"
    r"|nov[oa]\b|cert[oa]\b|bon(?:ne)?\b|nouve\w+|richtig\w*|korrekt\w*|neue?\b|müsste|sollte"
    r"|deber[ií]a|deveria|devrait|dovrebbe|правильн\w+|нов(?:ая|ый)",
    r"正确|正確|实际上是|实际是|应为|应该是|应改为|应属|改为|改成|更新为|换成|最新|新的"
    r"|應為|正しい|正しく|新しい|올바른|정확한|새로운|새 |→|⇒|->|=>",
)
_NEW_VENUE = any_of(
    r"(?:accepted|published|presented|appear\w*) (?:at|by|to|in|on|as|for)|got into|now (?:at"
    r"|in)\b|(?:it|this|that|which|paper|…)(?:['’]s| is| was| has been)(?: \w+ly| now)? (?:an?|in"
    r"|at)\b|aceptado en|accepté (?:à|a|par)|aceito n",
    r"被(?=…|[A-Z])|发表在|发表于|接收于|采訳|に採択",
)
_SOFT = any_of(
    r"found (?:it|this|one|the \w+)\s*$|(?:found|available|released?|public|hosted|accessible|code"
    r"|it) (?:is )?(?:at|here|on|under|via|in)|here(?: is|'s|’s)",
    r"开源在|公开在",
)
_IS_NOW = re.compile(
    r"\b(?:(?:is|are|lives) now|now (?:is|are|lives)|moved)(?: (?:at|on|in|under|here|hosted"
    r"|available|accessible|public|maintained|located|found)\b)*[\s:：(]*$",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"\b(?:links|points?|leads?|directs?|goes|redirects?|pointing|linking) (?:\w+ )?to(?: the"
    r"| an?)?(?: paper)?\W*$|(?:指向|链接到|跳转到|给成|写成)了?\W*$",
    re.IGNORECASE,
)
_OLD = any_of(
    r"(?:list|table|readme|entry|column|row) (?:says?|shows?|has|reads)|you list\b|wrong\w*"
    r"|incorrect\w*|incomplete|broken|dead|old(?:er)?|outdated|expired|gone\b|vanished|disappeared|offline"
    r"|unreachable|(?:is|are) down\b|invalid|obsolete|404\w*|403|current\w*|(?:link|pdf|url) opens"
    r"|before ?[:：]|earlier|previous\w*(?! (?:works?|papers?)\b)|prior|former\w*|original(?:ly)?"
    r"|(?:links|points?|leads?|directs?|goes) to|(?:link|point|lead)ing to"
    r"|going to (?:an?other|the wrong|a different)|instead of|rather than"
    r"|listed (?:as|at|under|in|with)|used to be|no longer|mistaken\w*"
    r"|(?:is|was|are|does|do|did|has)(?: not|n['’]t)(?: \w+){0,2}? (?:work|open|load|exist|valid"
    r"|avail|access|related|correct)\w*"
    r"|not (?:work|avail|access|reach)\w*|returns?|fails?|rot[ao]\b|antigu\w+|err[oó]ne\w+"
    r"|quebrad\w+|incorret\w+|errad[oa]|cass[ée]\w*|ancien\w*|falsch\w*|alte?r?\b|defekt\w*"
    r"|kaputt\w*|tote?r?\b|sbagliat\w+|vecchi\w+|неверн\w+|стар\w+|бит(?:ая|ые)|не работа\w+",
    r"写成了?|错误|有误|错了|失效|打不开|点不开|挂了|过期|原来|原先|旧|目前|现在|当前|錯誤|舊|誤|リンク切れ|古い|現在|잘못|깨진|깨졌|끊|기존|현재|오류",
)
_TURNS = re.compile(
    r"(?:\bnot|instead of|rather than|而不是|而非|不是|ではなく|아니라)\W{0,3}"
    r"(?:[\w-]+\W{1,2}){0,2}$"
)
_FROM = re.compile(
    r"(?:\bfrom(?: (?:a|an|the|our|my|its))?|从|由|\bиз)\s*[\"“'‘`\[(]*\s*$", re.IGNORECASE
)
_TO = re.compile(
    r"(?:\bto(?: (?:the|an?|this)(?: \w+){0,3})?|\binto|→|⇒|->|=>|改为|改成|到|至|\bа|\bzu"
    r"|\bnach)\s*[\"“'‘`]*\s*$",
    re.IGNORECASE,
)
_STRUCK = re.compile(r"~~\W*$")  # an even one, which closes what is struck out
_NOT_SURE = r"(?:not|n['’]t) (?:\w+ )?(?:sure|certain)"
_PERHAPS = "可能|也许|也許|大概|好像|似乎|或许"
# A person who says so does not know the value.
_DOUBT = any_of(
    r"(?:(?:i|we) (?:guess|suppose|assume|wonder)|wonder\w*"
    r"|(?:perhaps|maybe|possibly)(?! (?:you|we)\b)|might(?! want)|probably|presumably"
    rf"|{_NOT_SURE}|unsure|afaik"
    r"|as far as (?:i|we) (?:know|can)"
    r"|if (?:i(?:['’]m| am)|we(?:['’]re| are)) not (?:mistaken|wrong)"
    r"|correct me|could it be|(?:check|verify|confirm|know|tell me|clarify|ask|see) (?:if|whether)"
    r"|(?:looks|seems) (?:like )?(?:this|that|it|to be)\b[^.;,]{0,20}\b(?:right|correct|new)"
    r"|(?:could|may) be(?! (?:updated|changed|replaced|fixed|corrected|added|you))|quiz[aá]s?"
    r"|tal ?vez|peut-[êe]tre|vielleicht|vermutlich|возможно|наверно\w*)\b",
    rf"(?:{_PERHAPS})(?:应该|就)?(?:是|为|為)"
    r"|是不是|是否|应该是[^，。]{0,80}吧|かもしれ|たぶん|でしょうか|아마|것 같",
)
# These do not either, unless the same words call the value right.
_HEARSAY = any_of(
    r"(?:(?:i|we) (?:think|believe|feel|heard|read)|seems?(?! to (?:work|load))"
    r"|appears? (?:to (?:be|have)|that)|looks like|apparently|(?:told|informed) (?:me|us))\b",
    _PERHAPS,
)
_ASSERTS = any_of(
    r"(?:should|must|correct|right|new|now|actual(?:ly)?|moved|instead)\b",
    "正确|正確|应为|應為|应该|應該|改为|实际|而不是",
)
# In a sentence without a value it says that the writer knows none.
_UNSURE = re.compile(
    rf"\b(?:{_NOT_SURE}(?! (?:why|how|when)\b)|unsure"
    r"|if (?:i|we) (?:was|were|knew)|correct me"
    r"|(?:do|could|can) you (?:please )?(?:confirm|verify|know))\b"
    r"|\bwhich (?:one|version|link|title|venue|of)\b[^.]{0,60}\?|不确定|不太确定",
    re.IGNORECASE,
)
_REQUESTS = re.compile(
    rf"\b(?:please|could|can|would|mind|possible|help|how about)\b|[{EAST_ASIAN}¿]",
    re.IGNORECASE,
)
_NOT_TAKEN = re.compile(
    r"\b(?:reject\w*|submitted (?:to|at)|under review|withdrawn|not (?:been |yet )*accepted)\b",
    re.IGNORECASE,
)
_BECOMES = re.compile(
    r"\W*(?:-+>|=+>|>{2,}|→|⇒|(?:should|shall) (?:be|read)|(?:has )?(?:moved|redirects) to|改为"
    r"|改成|应为|で?は?なく|[가이] ?아니라)\W*",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\([^()]{0,80}\)|（[^（）]{0,80}）")
_OR = re.compile(r"\W*(?:or|oder|ou|или|或者?|または|또는)\W*(?:(?:at|in|on|to) )?", re.IGNORECASE)
_AND_NOT = re.compile(
    r"\W*(?:and |but )?(?:not|instead of|rather than|而不是|不是)\b\W*"
    r"(?:the |to |in |at |as |on |an? )?\W*",
    re.IGNORECASE,
)
_AND = re.compile(r"\s*(?:,|and|&|和|及|と|、)\s*", re.IGNORECASE)
_NOT_BEFORE = re.compile(r"\bnot (?:\w+ ){0,4}$|不是\W*$", re.IGNORECASE)
_BUT = re.compile(r"\bbut\b|而是", re.IGNORECASE)
_OPENS_QUESTION = re.compile(
    r"[^\w…]*(?:(?:hi|hello|hey)\W+)?(?:is|are|was|were|does|did|has)"
    r" (?:this|that|the|it|there|your)\b",
    re.IGNORECASE,
)
_BEFORE_NOT = re.compile(r"\b(?:not|links?|points?|leads?|goes|opens|from|listed)\b", re.IGNORECASE)
_EXCHANGES = re.compile(
    r"\b(?:replac|chang|switch|swap|exchang|renam|updat)(?:e[sd]?|ing|e?d|s)?\b[^.;]{0,80}$",
    re.IGNORECASE,
)
_FOR_ANOTHER = re.compile(r"\b(?:with|by|to|into)\b[^.;]{0,40}$", re.IGNORECASE)
_PROMISED = re.compile(r"\b(?:will be|to be released|soon)\b|即将|将会", re.IGNORECASE)
_NOT_YET = re.compile(
    r"\bcoming soon\b|\b(?:will|to) be (?:\w+ )?(?:released|public|available|open)|即将"
)
_QUOTED = re.compile(r"[\"“][^\"“”]{1,60}[\"”]")
_IS_CALLED = re.compile(
    r"\b(?:title|name)\b[^.;]{0,120}\b(?:is|reads)\W*$|\b(?:is|was|been"
    r"|got)\b[^.;]{0,30}\b(?:titled|now called|renamed)(?: to)?\W*$"
    r"|\b(?:is|was|been|got) (?:\w+ )?(?:published|accepted|presented)\b(?:(?!\b(?:paper|work"
    r"|article)\b)[^.;]){0,120}\b(?:(?:with|under)(?: (?:the|a|its))?(?: \w+)? (?:name|title)"
    r"|(?:en)?titled)\W*$",
    re.IGNORECASE,
)
_LINK_OF_PAPER = re.compile(r"\blink (?:for|of|to) (?:the|this|our|my) paper\b", re.IGNORECASE)
_TOPICS_OF = {
    "url": {"url"}, "code": {"code", "url"}, "project": {"project", "url"}, "data": {"data", "url"},
    "venue": {"venue", "date"}, "date": {"date", "venue"},
}  # fmt: skip


def judge_values(statements: Iterable[Statement]) -> Iterator[Statement]:
    """Yield the statements with what they say of their values, and whether they say something."""
    statements = tuple(statements)
    asides = [s.words[:_MAX_TEXT] for s in statements if not _states(s)]
    unsure = any(map(_UNSURE.search, asides))
    is_promised = any(map(_NOT_YET.search, asides))
    pending, topics, before = Standing.NONE, frozenset[str](), ""
    for statement in statements:
        if statement.label:
            # *New title:* and *Current link:* say what a value is before it comes.
            first = before if len(before.split()) <= _FEW_WORDS else ""  # *Updated* title:
            pending = _last_cue(f"{first.rstrip()} {statement.before.lstrip()}") or Standing.NONE
        text, topics = statement.words, statement.topics or topics
        before = text
        values = tuple(_judge(statement, pending, topics))
        if unsure or pending is Standing.DOUBT:
            values = tuple(map(_doubted, values))
        elif is_promised:
            values = tuple(_doubted(v) if v.field in LINK_LISTS else v for v in values)
        cue = _last_cue(text[:_MAX_TEXT])
        says = cue is Standing.OLD or (cue is Standing.NEW and bool(topics_of(text)))
        says = says or {v.standing for v in values if v.field == "venue"} >= _SAID
        judged = replace(statement, values=values, says=says)
        yield judged
        pending = _announced(judged, topics, pending)


def _announced(statement: Statement, topics: frozenset[str], pending: Standing) -> Standing:
    """Return what a sentence says of the value with which the next one opens."""
    text, values = statement.words, statement.values
    ends = [value.end for value in values if value.field != "title" or "title" in topics]
    rest = text[max(ends, default=0) :]
    if not _states(statement) and _OPENS_IN_DOUBT.search(rest[:_NEAR]):
        return Standing.DOUBT  # *May be:*
    if _LEAVES.search(rest[-_NEAR:]):
        return Standing.OLD
    cue = _last_cue(rest[:_MAX_TEXT])
    if _ARRIVES.fullmatch(rest[:_NEAR]):
        pending = Standing.NEW
    elif not values and _ASKS_TO_UPDATE.search(rest[:_MAX_TEXT]):
        return Standing.NONE  # *The old link is dead. Could you update it?*
    elif cue:
        pending = cue
    elif len(text.split()) > _MANY_WORDS or any(v.standing in _SAID for v in values):
        return Standing.NONE
    is_heading = statement.heading and pending is Standing.NEW
    return Standing.NONE if is_heading else pending  # *Correct link of X* is not said which


def _states(statement: Statement) -> bool:
    """Tell whether a sentence has a value that is no name of a listed paper."""
    return any(value.identity is None for value in statement.values)


def _doubted(value: Value) -> Value:
    """Return a value that nobody vouches for; the name of a listed paper stays one."""
    is_name = value.identity is not None or value.standing is Standing.OLD
    return value if is_name else replace(value, standing=Standing.DOUBT)


_SAID = frozenset({Standing.NEW, Standing.OLD})
_OPENS_IN_DOUBT = re.compile(rf"(?:^|[.!?。]\s*)(?:{_DOUBT.pattern})\W*$", re.IGNORECASE)
_IS_WRONG = re.compile(
    r"[ ,]{0,2}(?:(?:which |that )?(?:is|was) )?(?:wrong|incorrect|not (?:correct|right)|broken"
    r"|outdated)\b|的?(?:是?错|有误|不对)",
    re.IGNORECASE,
)
_LEAVES = re.compile(r"(?:^|\W)from\W*$", re.IGNORECASE)
_ARRIVES = re.compile(r"\W*to\W*", re.IGNORECASE)
_ASKS_TO_UPDATE = re.compile(r"\b(?:update|change|replace|fix)\b[^.]{0,60}\?", re.IGNORECASE)
_MANY_WORDS = 12


def _judge(statement: Statement, pending: Standing, about: frozenset[str]) -> Iterator[Value]:
    """Yield the values of a sentence with what is said of them."""
    text, values = statement.words, statement.values
    words = _QUOTED.sub("…", text)
    in_doubt, is_promised = _is_doubted(words), _PROMISED.search(words) is not None
    paired, is_title = _paired(text, values), "title" in about
    reached = {True: 0, False: 0}
    last = {True: Standing.NONE, False: Standing.NONE}
    for number, item in enumerate(values):
        in_words = item.field in _IN_WORDS
        before = text[max(reached[in_words], item.start - _MAX_TEXT) : item.start]
        end = next((v.start for v in values[number + 1 :] if v.field != "title"), len(text))
        said: Standing | None
        if number in paired:
            said = paired[number]
        elif number and _is_behind(values[number - 1], item):
            said = last[True] if item.is_address or last[True] is Standing.OLD else Standing.NONE
        elif number and _are_joined(text, values[number - 1], item):
            said = last[in_words]
        elif item.field == "title" and (item.is_listed or not (is_title or item.how is How.ALONE)):
            said = Standing.OLD if _POINTS.search(before) else Standing.NONE
        else:
            opens = number == 0 and len(before.split()) <= _FEW_WORDS
            is_pending = statement.label is not None if in_words else opens
            announced = pending if is_pending and not in_doubt else Standing.NONE
            said = _said_around(item, before, text[item.end : end], last[in_words], announced)
        if item.field == "venue" and _NOT_TAKEN.search(before):
            said = Standing.OLD
        elif _is_unclear(item, said, before, words):
            said = Standing.DOUBT
        elif in_doubt or (is_promised and item.field in LINK_LISTS):
            said = Standing.OLD if said is Standing.OLD else Standing.DOUBT
        yield replace(item, standing=said)
        is_name = said is Standing.NONE and (item.field == "title" or item.identity is not None)
        if (item.end > item.start or in_words) and not is_name:
            reached[in_words], last[in_words] = item.end, said


def _is_unclear(item: Value, said: Standing, before: str, words: str) -> bool:
    """Tell whether a title may be called right, or a repository is called the link of a paper."""
    if item.field == "title":  # *The title in the list is correct, but …*
        return said is Standing.NONE and _IS_RIGHT.search(words) is not None
    called = PAPER_LINK.search(before) or _LINK_OF_PAPER.search(before)
    is_repository = item.field in {"url", "code"} and not may_be_paper(item.value)
    is_meant = called is not None and topics_of(before).isdisjoint(LINK_LISTS)
    return said is Standing.NEW and is_repository and is_meant


def _said_around(
    item: Value, before: str, behind: str, last: Standing, announced: Standing
) -> Standing:
    """Return what the words before a value say of it, else those behind it.

    Args:
        item: the value.
        before: the words up to it from the value before.
        behind: the words up to the next value.
        last: what was said of the value before.
        announced: what the sentence before, or the label, says of a value that it announces.
    """
    said = _said_before(before, last, item.field)
    if item.field in _IN_WORDS:
        if said is not Standing.NEW and _IS_WRONG.match(behind):
            return Standing.OLD
        return said or announced
    is_now = _IS_NOW.search(before) is not None
    if said is None or is_now:
        said = _said_behind(behind)
        said = said or (announced if announced is not Standing.NONE else None)
        softly = _IS_CALLED if item.field == "title" else _SOFT
        said = said or (Standing.NEW if is_now or softly.search(before) else None)
    return said or Standing.NONE


def _is_doubted(words: str) -> bool:
    """Tell whether a sentence asks for a value, or says that it may be another."""
    asks = words.rstrip().endswith(("?", "？")) or _OPENS_QUESTION.match(words) is not None
    if asks and _REQUESTS.search(words) is None:
        return True
    is_hearsay = _HEARSAY.search(words) is not None and _ASSERTS.search(words) is None
    return is_hearsay or _DOUBT.search(words) is not None


_DERIVED = re.compile(
    r"\b(?:follow-?up|successor|sequel)s?\b|\b(?:extension|extended version"
    r"|journal version)(?: \w+){0,2}? (?:of|to|on)\b",
    re.IGNORECASE,
)
_OF_OTHERS = re.compile(
    r"\b(?:on top of|third[- ]party|tool(?:kit)?s?|my (?:code|repo|implementation)"
    r"|mi implementación|librar(?:y|ies)|re-?implement\w*|unofficial|(?:my|our|a) fork of|wrapper"
    r"|plugin|tutorial|blog|slides|talk|lecture|I (?:have )?(?:trained|implemented|wrote|built"
    r"|made|translated|ported))\b|我的代码|我的实现|复现|私のコード|再現|제 코드|재현",
    re.IGNORECASE,
)


def calls_value(text: str) -> bool:
    """Tell whether a heading, or a label, says that a value is right or wrong: *Correct link*."""
    return _last_cue(f"{text}:") is not None


def names_others(text: str) -> bool:
    """Tell whether words are about something based on a paper: a toolkit, a later paper, a post."""
    return any(found.search(text[:_MAX_TEXT]) for found in (_OF_OTHERS, _DERIVED))


def _is_behind(venue: Value, item: Value) -> bool:
    """Tell whether an address is behind a venue: *published at [ICLR](https://…)*."""
    is_link = venue.field == "venue" and venue.how is How.LINK
    return is_link and venue.start == item.start


def _are_joined(text: str, one: Value, other: Value) -> bool:
    """Tell whether what is said of one value is said of the next as well: *the code is A and B*."""
    is_one = one.field == other.field and one.field in LINK_LISTS
    return is_one and _AND.fullmatch(text[one.end : other.start]) is not None


def _paired(text: str, items: Sequence[Value]) -> dict[int, Standing]:
    """Return what is said about two neighbouring values of one field.

    *A -> B* and *replace A with B* call the first old and the second new.
    """
    paired: dict[int, Standing] = {}
    wide = [(n, item) for n, item in enumerate(items) if item.end > item.start]
    for (n, one), (m, other) in pairwise(wide):
        gap = text[one.end : other.start]
        before = text[max(one.start - _NEAR * 2, 0) : one.start]
        another = _FOR_ANOTHER.search(gap)
        exchanged = another and not _OLD.search(another[0]) and _EXCHANGES.search(before)
        gap = _BRACKETS.sub("", gap)
        if one.field != other.field:
            continue
        if _OR.fullmatch(gap):
            paired |= {n: Standing.DOUBT, m: Standing.DOUBT}
        elif (
            _BECOMES.fullmatch(gap)
            or exchanged
            or (_NOT_BEFORE.search(before) and _BUT.search(gap))
        ):
            paired |= {n: Standing.OLD, m: Standing.NEW}
        elif _AND_NOT.fullmatch(gap) and not _BEFORE_NOT.search(before):
            paired |= {n: Standing.NEW, m: Standing.OLD}
    return paired


def _said_before(before: str, last: Standing, field: str) -> Standing | None:
    if _FROM.search(before) or before.count("~~") % 2:
        return Standing.OLD
    if _STRUCK.search(before):
        return Standing.NEW
    if _TURNS.search(before):
        return Standing.NEW if last is Standing.OLD else Standing.OLD
    if _TO.search(before) and last is Standing.OLD:
        return Standing.NEW
    if field != "venue":
        return _last_cue(before, field)
    near = before[-_NEAR_VENUE:]
    return _last_cue(near, field) or (Standing.NEW if _NEW_VENUE.search(near) else None)


def _said_behind(behind: str) -> Standing | None:
    """Return what the words right after a value say about it: *… is broken*, *… (dead)*."""
    aside = _ASIDE.match(behind := behind.lstrip(" ,;"))
    # An open bracket is about the next value: *… (currently …)*
    near = _CLAUSE.split(aside[1] if aside else behind[:_NEAR].partition("(")[0], maxsplit=1)[0]
    if aside and len(near.split()) > _FEW_WORDS:
        return None
    old, new = _OLD.search(near), _IS_RIGHT.search(near)
    if new and not (old and old.start() < new.start()):
        return Standing.NEW
    return Standing.OLD if old else None


def _last_cue(text: str, field: str = "") -> Standing | None:
    """Return what the last word that calls a value right or wrong says, or None.

    Args:
        text: the words before the value.
        field: of the value: *the title is wrong* says nothing of an address.
    """
    found = [(m.end(), True, m) for m in _NEW.finditer(text)]  # *should point to* has *point to*
    found += [(m.end(), False, m) for m in _OLD.finditer(text)]
    for _, is_new, cue in sorted(found, key=lambda one: one[:2], reverse=True):
        if not field or _concerns(text, cue, field):
            return Standing.NEW if is_new else Standing.OLD
    return None


def _concerns(text: str, cue: re.Match[str], field: str) -> bool:
    """Tell whether the clause of a cue is about a field, or about none."""
    ends = [mark.span() for mark in _CLAUSE.finditer(text)]
    start = max((end for _, end in ends if end <= cue.start()), default=0)
    end = min((start for start, _ in ends if start >= cue.end()), default=len(text))
    topics = topics_of(text[start:end])
    return not topics or bool(topics & _TOPICS_OF.get(field, {field}))
