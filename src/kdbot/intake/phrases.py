"""What the words around a paper say: that it is asked for, or only spoken of."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kdbot.model.proposal import Intent

_PAPERS = (
    r"(?:papers?|works?|articles?|surveys?|preprints?|stud(?:y|ies)|publications?|manuscripts?)"
)
_ADD_VERB = (
    r"(?:add(?:s|ed|ing|ition|itions)?|includ(?:e|es|ing)|(?:be|been|being|get|getting) included"
    r"|consider(?:ing|ed)?|suggest(?:s|ed|ing|ions?)?|recommend(?:s|ed|ing|ations?)?"
    r"|propos(?:e|ing|als?)|append|incorporat(?:e|ing)|listing|list (?:it|them|our|this)|contribut\w+"
    r"|request(?:s|ing)? (?:for|to)|collect (?:it|this|our)|feature (?:it|our|this)|submit\w*)"
)
_ATTRIBUTE = (
    r"(?:\s+(?:the|our|its|a|an|my|their|official|missing|public|in))*\s+(?:code|github|repo\w*|venue"
    r"|project page|web ?site|links?\b|datasets?|conference|badges?|implementation|year|date)"
)
_ADD = re.compile(
    rf"\b{_ADD_VERB}\b(?!{_ATTRIBUTE})|\bmissing {_PAPERS}\b|加入|添加|收录|推荐|新增|补充|增加",
    re.IGNORECASE,
)
_OFFER = re.compile(
    rf"{_ADD.pattern}|\b(?:our|my)\s+(?:[\w'’-]+\s+){{0,5}}{_PAPERS}\b|\b(?:our|my) \w+\s*$"
    rf"|\b(?:new|recent|following|these|this|two|three|some|several|another|relevant|one) (?:[\w'’-]+ )"
    rf"{{0,3}}{_PAPERS}\b|\bintroduc(?:e|ing)\b|\bshar(?:e|ing)\b|\battention\b|\bhere (?:is|are)\b"
    r"|\bwe (?:have |just |recently |also |'ve )*(?:present|propose|release[ds]?|publish\w*|wrote|built)"
    r"|\bpaper\s*[:：]|\bmissing\b|我们的",
    re.IGNORECASE,
)
_MENTION = re.compile(
    r"\b(?:based (?:up)?on|buil(?:d|ds|t|ding) (?:up)?on|builds? off|inspired by|inspiration from"
    r"|follow(?:s|ed|ing)? (?!papers?\b|works?\b|articles?\b|surveys?\b|up\b|new\b|lists?\b|format\b|links?\b"
    r"|two\b|three\b|recent\b|information\b|entr)|exten(?:d|ds|ding)\b|extension (?:of|to)|similar(?:ly)? to"
    r"|compar(?:e|ed|es|ing|ison) (?:to|with|against)|comparisons? with|unlike|in contrast|contrast(?:s|ed)? with"
    r"|outperform\w*|surpass\w*|(?:we|i|they|you|also|which|that|already|it|and|both) (?:also )?cited?\b"
    r"|cites|citing|cited (?:in|by)|baselines?\b|prior (?:work|art)s?|previous(?:ly)? (?:work|paper|method)s?"
    r"|earlier (?:work|paper|method)s?|existing (?:work|paper|method)s?|related works? (?:such|includ|like|are|is)"
    r"|as (?:shown|described|proposed|discussed|introduced|mentioned|defined) (?:in|by)|see also|refer to"
    r"|such as|orthogonal to|complement(?:s|ary)?(?: to)?\b|adapted from|adopt(?:s|ed|ing)?|original(?:ly)?"
    r"|uses|using|used (?:in|by)|beyond|improv\w+ (?:on|over|upon)|derived from|variant of|e\.g\.|instead of"
    r"|rather than|relies on|evaluated? (?:on|against)|trained (?:on|with)|according to|inherits|replicat\w+"
    r"|reproduc\w+|in the spirit of|akin to|reminiscent of|different from|differs? from|along the lines of"
    r"|concurrent(?:ly)? (?:with|to)|superseded by|is like|works? like|just like)",
    re.IGNORECASE,
)
_YOURS = re.compile(
    r"(?<!to )(?<!in )(?<!into )(?<!for )\byour (?:[\w'’-]+ ){0,4}(?:survey|paper|list|repo|repository|article"
    r"|work|collection|review)(?: paper)?,?[\s:：\"“(\[]*(?:titled|entitled|called)?[\s:\"“(\[]*$",
    re.IGNORECASE,
)
_MENTION_HEAD = re.compile(
    r"\b(?:related (?:work|paper|reading)s?|references?|baselines?|background|prior work|previous work"
    r"|see also|further reading|bibliography|acknowledg\w+|compared (?:with|to|methods)|we (?:also )?cite[ds]?"
    r"|cited (?:works?|papers?)|buil[dt]s? (?:up)?on|based on|inspired by|already (?:in|listed|included|covered)"
    r"|context|alternatives|similar (?:works?|papers?))\b|参考文献|相关工作",
    re.IGNORECASE,
)
_REMOVAL = re.compile(
    r"\b(?:remov(?:e|es|ed|al|ing)|delet(?:e|ed|ion|ing)|take (?:it |this |that )?down|retract\w*|withdraw\w*"
    r"|withdrawn|unlist\w*|should not be (?:here|listed|included|in\b|on\b)|(?:does not|doesn't|do not|don't)"
    r" (?:really )?belong|no longer want|was rejected|got rejected|not (?:really )?relevant to)|删除|移除",
    re.IGNORECASE,
)
_UPDATE = re.compile(
    r"\bcodes? (?:is|are|has|have|was|were)\b(?: now| been| finally| just| already)* (?:public|publicly|released?"
    r"|available|open|published|online|out)\b|\b(?:released|open-?sourced|published) (?:the|our|its) code\b"
    r"|\b(?:accepted|published) (?:at|by|to|in|as)\b|\balso (?:fits?|belongs?|be (?:listed|added|placed|put)|go)\b"
    r"|\bbelongs? (?:in|to|under)\b|\bmoved? (?:it|this|the|our|from|to|into|under)\b|\bshould be (?:in|under|moved"
    r"|classified|placed|listed|changed|corrected|fixed|replaced)\b|\b(?:wrong|incorrect|broken|dead|outdated|invalid)"
    r" (?:\w+ )?(?:links?|urls?|venue|titles?|category|section|year|date|authors?|conference|code|paper)\b"
    r"|\blinks?\b.{0,60}\b(?:broken|dead|wrong|incorrect|404|not work\w*|outdated|lead|points?)\b|\btypo\b"
    r"|\bmis-?spel\w+|\bupdat(?:e|ed|ing) (?:the|our|my|its|this|venue|link|info\w*|status|publication|to|for|"
    r"entry|record|paper)\b|\bcorrect(?:ion|ing|ed)?\b (?:the|of|for|to|title|link|venue)|\bfix(?:es|ed|ing)?\b"
    r"|\brenamed\b|\btitle (?:has |was )?(?:been )?changed\b|\bchanged? (?:its|the|our) (?:title|link|venue)\b"
    rf"|{_ADD_VERB}{_ATTRIBUTE}|\bmissing (?:code|venue|github|link|repo)|更新|已开源|被.{{1,20}}接收|录用",
    re.IGNORECASE,
)
_LISTED = re.compile(
    r"\balready (?:listed|included|in|on|covered|there|part|appears?)\b|\b(?:including|covering|listing|featuring"
    r"|collecting|mentioning) (?:our|my)\b|\bcurrently (?:listed|in|under)\b|\byou (?:have )?(?:listed?|included?"
    r"|cover(?:ed)?) (?:our|my)\b|\bis (?:listed|filed|placed|classified) (?:in|under|as)\b|\bin (?:the|your) list\b"
    r".{0,40}\b(?:is|has|shows?|points?|says?)\b|\balso belongs?\b",
    re.IGNORECASE,
)
_GROUP = r"(?:categor(?:y|ies)|sub-?categor(?:y|ies)|sections?|sub-?sections?|taxonomy|topics?)"
_PLAIN_WORD = r"(?!(?:papers?|works?|survey|to|in|under|into|it|them|our)\b)[\w&'’\"“”*-]+\s+"
_CATEGORY = re.compile(
    rf"\b(?:new|missing|separate|additional|another|dedicated|own)\s+(?:{_PLAIN_WORD}){{0,4}}{_GROUP}\b"
    rf"|\b(?:add|adding|create|creating|introduce|open|have|suggest|propose)\s+(?:a|an|one)\s+"
    rf"(?:{_PLAIN_WORD}){{0,5}}{_GROUP}\b|\b{_GROUP} (?:for|on|about) .{{1,60}}\b(?:is missing|missing|lacking)\b"
    rf"|\bno {_GROUP} (?:for|on|about)\b|新(?:增|建)?(?:类别|分类)|(?:增加|添加)一个(?:类别|分类)",
    re.IGNORECASE,
)
_ASKS_FACT = re.compile(
    r"^\W*(?:hi|hello|hey|dear|and|so|but|also|btw|ps|quick question|question)?[\s,:!-]*(?:is|are|was|were|does|did"
    r"|has|have|why|how|what|when|where|which|who|isn't|aren't|do (?!you (?:want|mind|consider|accept))"
    r"|can (?:i|we|someone|anyone|you (?:tell|explain|share|provide|point|clarify|confirm))|could (?:you (?:tell"
    r"|explain|share|provide|point|clarify|confirm)|someone|anyone)|any (?:idea|plan|chance|update))\b"
    r"|\b(?:wonder\w*|curious|know|see|check|tell|asking|ask|sure|clarify|confirm) (?:me )?(?:if|whether|how|why|what|which)\b",
    re.IGNORECASE,
)
_WISH = re.compile(
    r"\b(?:could|can|would|should|may|might)\b.{0,80}\b(?:be )?(?:added|included|considered|add|include|listed|adding"
    r"|including)\b|\bplease\b|\bmissing in\b|\bnot (?:included|listed|covered|mentioned) (?:yet|here|in)\b"
    r"|\bpossible to (?:add|include|list)\b|\b(?:worth|fit|suitable for) (?:adding|including)\b",
    re.IGNORECASE,
)
_CITED_YOU = re.compile(
    r"\bcit(?:e|ed|es|ing) (?:your|you|this (?:repo|list|survey)|the (?:survey|list))\b|\bhow (?:to|should \w+|can \w+|do \w+)"
    r" cite\b|\b(?:should|please) (?:also )?cite\b|\bmissing (?:citation|reference)|\byou (?:did not|didn't|do not"
    r"|don't|should) cite\b",
    re.IGNORECASE,
)
_THING = re.compile(rf"\b{_PAPERS}\b|论文", re.IGNORECASE)
_END = re.compile(r"[.!?。！？]+(?=\s|$|[\"”’)])|[。！？]|\n")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|et al|vs|cf|dr|prof|mr|ms|fig|sec|eq|no|vol|st|\w)|\d)\.$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """Words that end in a mark or a line break, and where they stand in their line."""

    text: str
    start: int


def split_sentences(text: str, closed: Sequence[tuple[int, int]] = ()) -> list[Sentence]:
    """Cut a line into sentences; marks inside `closed` ranges (links, quotes) end nothing."""
    sentences = []
    start = 0
    ranges = iter(sorted(closed))
    current = next(ranges, None)
    for mark in _END.finditer(text):
        while current and current[1] <= mark.start():
            current = next(ranges, None)
        inside = current is not None and current[0] <= mark.start()
        if inside or _ABBREVIATION.search(text, max(mark.end() - 12, 0), mark.end()):
            continue
        sentences.append(Sentence(text=text[start : mark.end()], start=start))
        start = mark.end()
    if text[start:].strip():
        sentences.append(Sentence(text=text[start:], start=start))
    return sentences


def is_mention(before: str) -> bool:
    """Tell whether the words before a paper only speak of it: *builds on*, *we cite*."""
    before = before[-400:]
    if _YOURS.search(before):
        return True
    mentioned = _last(_MENTION, before)
    return mentioned >= 0 and mentioned >= _last(_OFFER, before)


def is_mention_head(text: str) -> bool:
    """Tell whether a heading or a line that ends in a colon announces papers of others."""
    text = text[:200]
    return bool(_MENTION_HEAD.search(text)) and not _ADD.search(text)


def asks_to_add(text: str) -> bool:
    """Tell whether a sentence asks for a paper to be added."""
    return bool(_ADD.search(text[:600])) and not _asks_fact(text)


def judge_intent(title: str, sentences: Iterable[str], *, linked: bool, named: bool) -> Intent:
    """Say what a text is for, from its title, its sentences and what was found in it.

    Args:
        title: the issue's title.
        sentences: all sentences of the body.
        linked: whether a paper's link or identifier was found.
        named: whether a paper was found by any sign.
    """
    body = [sentence[:600] for sentence in sentences][:400]
    texts = [title[:300], *body]
    added = [text for text in texts if asks_to_add(text)]
    removed = [text for text in texts if _REMOVAL.search(text)]
    if removed and all(text in removed for text in added):
        return Intent.NONE
    asked = any(_asks_fact(text) for text in body or texts)
    asked_to_add = any(text in added for text in body) or (bool(added) and not asked)
    grouped = [text for text in texts if _CATEGORY.search(text)]
    if grouped and (not named or grouped[0] is texts[0]) and not _paper_asked(added, grouped):
        return Intent.CATEGORY
    if named and _updates(texts, added=bool(added)):
        return Intent.UPDATE
    if any(_CITED_YOU.search(text) for text in texts) and not asked_to_add:
        return Intent.NONE
    if asked and not asked_to_add:
        return Intent.NONE
    if linked or (named and (asked_to_add or not body)):
        return Intent.ADD
    wanted = any(_THING.search(text) for text in texts) and asked_to_add
    return Intent.ADD if wanted else Intent.NONE


def _updates(texts: Sequence[str], *, added: bool) -> bool:
    if any(_LISTED.search(text) and not _asks_fact(text) for text in texts):
        return True
    return not added and any(_UPDATE.search(text) and not _asks_fact(text) for text in texts)


def _paper_asked(added: Sequence[str], grouped: Sequence[str]) -> bool:
    return any(text not in grouped and _THING.search(text) for text in added)


def _asks_fact(text: str) -> bool:
    text = text[:600]
    question = text.rstrip().endswith(("?", "？")) or "whether" in text or " if " in text
    return question and bool(_ASKS_FACT.search(text)) and not _WISH.search(text)


def _last(pattern: re.Pattern[str], text: str) -> int:
    position = -1
    for match in pattern.finditer(text):
        position = match.start()
    return position
