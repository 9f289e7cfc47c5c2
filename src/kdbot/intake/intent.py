"""Whether words ask for a paper or offer one, ask a question, or only mention a paper."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from kdbot.text.characters import EAST_ASIAN
from kdbot.text.titles import is_title

_PAPERS = (
    r"(?:papers?|works?|articles?|surveys?|preprints?|stud(?:y|ies)|publications?|manuscripts?"
    r"|thes[ie]s|dissertations?)"
)
_ADD_VERB = (
    r"(?:add(?:s|ed|ing|ition|itions)?|includ(?:e|es|ing)|(?:be|been|being|get|getting|have (?:it"
    r"|this|them|us)) (?:included|listed|added)|consider(?:ing|ed)?(?! (?:to )?(?:updat"
    r"|cit))(?! \w+ing (?:an? )?(?:reference|citation))|suggest(?:s|ed|ing|ions?)?|recommend(?:s|ed"
    r"|ing|ations?)?|propos(?:e|ing|als?)|get \S{1,80} (?:listed|added|included)|append (?:our|the"
    r"|this|these|it)|incorporat(?:e|ed|ing)|(?<!not )listing|list (?:it|them|our|this)"
    r"|(?<!your )(?<!valuable )contribut(?:e|es|ing|ion)\b(?! if)|request(?:s|ing)? (?:for|to)"
    r"|paper request|collect (?:it|this|our)|love to have (?:it|this|our)|see (?:it|this"
    r"|our \w+) (?:in|on|listed)|feature (?:it|our|this)|submit(?:s|ted|ting)? (?:our|my|an?|the"
    r"|this|these|two|some)\b|(?<!for )shar(?:e|ing) (?:our|my|this|a|with)|(?:if|that|could|can"
    r"|would) (?:(?!(?:codes?|repo\w*|links?|github|venue|doi)\b)[\w'’-]+ ){1,5}(?:is|are|be|was"
    r"|were) (?:listed|added|included)|introduc(?:e|ing) (?:our|some|this|a|you|two|new)|updat(?:e"
    r"|ing) (?:the|your|this) (?:list|repo\w*|readme|survey|collection) with|refer (?:you"
    r"|the (?:authors?|maintainers?)) to|point you to|(?:bring|draw) (?:our|this|it|your attention)"
    r"|what about (?:the |this )?(?:papers?|works?)|not (?:yet |been )*(?:included|listed"
    r"|summ\w+) (?:in|yet|here))"
)
_ATTRIBUTE = (
    r"(?:\s+(?:the|our|its|a|an|my|their|official|missing|public|in|publication))*\s+(?:code|github"
    r"|repo\w*|venue|project page|web ?site|links?\b|datasets?|conference|badges?|implementation"
    r"|year|date|dois?|metadata|abstracts?)\b"
    r"|\s+(?:the )?\w+ (?:pages|dois?|links?)\b"
)
_NO_PAPER = (
    r"(?:\s+(?:the|our|an?|my|new))*\s+(?:(?:comparison )?tables?|figures?|templates?|license"
    r"|scripts?|toc|(?:reference|citation)s? (?:to|of))\b"
    r"|\s+(?:it|them|this|that) to (?:the|its|our|their) (?:entry|row|record)\b"
)
_ADD_ELSEWHERE = (
    r"加入|添加|收录|推荐|新增|补充|增加|纳入|收錄|推薦|補充|納入|追加|掲載|収録|加えて|추가|포함|등재|실어|\b(?:añad|agreg|incorporar"
    r"|incluir|incluya|inclus[ãi]o|inclusión|adicion|acrescent|ajout|inclure|hinzufüg|aufnehm"
    r"|aufzunehm|ergänz|aufgenommen|aggiung|inserir|добав|включ|ekle)"
)
_ASKS_TO_ADD_ELSEWHERE = re.compile(_ADD_ELSEWHERE, re.IGNORECASE)
_ADD = re.compile(
    rf"\b{_ADD_VERB}\b(?!{_ATTRIBUTE})(?!{_NO_PAPER})|\bmissing (?:an? |one |some )?{_PAPERS}\b"
    r"|(?<!code )(?<!link )(?<!venue )(?<!figure )\bis miss(?:ed|ing)\b"
    rf"|\bnew (?:accepted )?{_PAPERS}\b(?! list)|{_ADD_ELSEWHERE}",
    re.IGNORECASE,
)
# *Code links for two papers added*
_LINK_ADDED = re.compile(
    r"\b(?:code|links?|urls?|venues?|dois?) (?:of|for) (?:[\w'’-]+ ){1,6}?added\b", re.IGNORECASE
)
_OFFER = re.compile(
    rf"{_ADD.pattern}|\b(?:our|my)\s+(?:[\w'’-]+\s+){{0,5}}{_PAPERS}\b|\b(?:our|my) \w+\s*$"
    r"|\b(?:new|recent|following|these|this|two|three|some|several|another|relevant|one) "
    rf"(?:[\w'’-]+ ){{0,3}}{_PAPERS}\b|\bintroduc(?:e|ing)\b|\bshar(?:e|ing)\b|\battention\b"
    r"|\bc[oa]me across\b|\bi (?:just )?found\b|\bbut not\b|\bhere (?:is|are)\b|\bpaper\s*[:：]"
    r"|\bmissing\b|我们的|\bwe (?:also )?have (?:an?|another|two|some)\b|\bwe (?:have |just "
    r"|recently |also |'ve )*(?:present|propose|release[ds]?|publish\w*|wrote)|\b(?:has"
    r"|have) (?:recently |just )?been (?:accepted|published) (?:at|by|in|to)\b",
    re.IGNORECASE,
)
_RELEVANT = re.compile(
    r"\b(?:might|may|could|would|should|is|are) (?:also )?(?:be )?(?:a good |highly "
    r"|very )?(?:relevant|of interest|fit|worth (?:adding|including|mentioning))\b",
    re.IGNORECASE,
)
_ANOTHER = re.compile(
    r"\b(?:another one|the (?:first|second|third|other|next|last))\b", re.IGNORECASE
)
_MENTION = re.compile(
    r"\b(?:based (?:up)?on|buil(?:d|ds|t|ding) (?:up)?on|builds? off|inspired by|inspiration from"
    r"|(?<!the )(?<!these )follow(?:s|ed|ing)? (?!(?:is|are|papers?|works?|articles?|surveys?|up"
    r"|new|lists?|format|links?|two|three|recent|information|entr\w+)\b)|exten(?:d|ds|ding)\b"
    r"|extension (?:of|to)|similar(?:ly)? to|compar(?:e|ed|es|ing|ison) (?:\S+ )?(?:to|with"
    r"|against)|comparisons? with|unlike|in contrast|contrast(?:s|ed)? with|outperform\w*"
    r"|surpass\w*|(?:we|i|they|you|also"
    r"|which|that|already|it|and|both) (?:also )?cited?\b|cites|citing|cited (?:in|by)|baselines?\b"
    r"|prior (?:work|art)s?|previous(?:ly)? (?:work|paper|method)s?|earlier (?:work|paper"
    r"|method)s?|existing (?:work|paper|method)s?|related works? (?:such|includ|like|are|is)"
    r"|as (?:shown|described|proposed|discussed|introduced|mentioned|defined) (?:in|by)|see also"
    r"|refer to|such as|orthogonal to|complement(?:s|ary)?(?: to)?\b|adapted from|adopt(?:s|ed"
    r"|ing)?|original(?:ly)?|uses|using|used (?:in|by)|beyond|improv\w+ (?:on|over|upon)"
    r"|derived from|variant of|e\.g\.|instead of|rather than|relies on|evaluated? (?:on|against)"
    r"|trained (?:on|with)|according to|inherits|replicat\w+|reproduc\w+|in the spirit of|akin to"
    r"|reminiscent of|different from|differs? from|along the lines of|concurrent(?:ly)? (?:with"
    r"|to)|superseded by|is like\b|works? like|just like|motivated by|concurrent works?"
    r"|generali[sz](?:es?|ed|ing)\b|starts? from|you (?:have |already |also )*(?:list|listed"
    r"|include|included|have|cover|covered)\b|your (?:list|survey|repo|repository) (?:has"
    r"|includes|covers|lists|cites))",
    re.IGNORECASE,
)
_YOUR_LIST = (
    r"\byour (?:(?!(?:our|my|to|of|in|on|is|are|this|these|miss\w*|lacks?|not"
    r"|with)\b)[\w'’-]+ ){0,4}(?:survey|paper|list|repo|repository|article|work|collection"
    r"|review)(?: paper)?,?\s*"
)
_YOURS = re.compile(
    rf"{_YOUR_LIST}[(\[（]\s*$|(?<!to )(?<!in )(?<!into )(?<!for )(?<!from )(?<!on )(?<!with )"
    rf"{_YOUR_LIST}[:：\"“]*\s*(?:titled|entitled|called)?[\s:\"“(\[]*$"
    r"|\byour (?:own )?paper\s*[(\[]?$",
    re.IGNORECASE,
)
_THIS_LIST = re.compile(
    r"^\W*(?:your (?:[\w'’-]+ ){0,2}(?:survey|list|repo|repository|collection|review)|(?:this"
    r"|the) (?:[\w'’-]+ ){0,2}(?:list|repo|repository|collection))\W*$",
    re.IGNORECASE,
)
_ENUMERATES = re.compile(
    rf"\b{_ADD_VERB}\b(?:(?!\b(?:our|my|which|that|it)\b)[^,;:]){{0,60}}"
    r"\b(?:such as|like|e\.g\.)[^.]*$",
    re.IGNORECASE,
)
# These refer to a paper only right before it.
_BESIDE = re.compile(
    r"\b(?:after|below|above|before|next to|besides|alongside|replac(?:e|ing)|confused with"
    r"|follow-?up (?:work |paper )?(?:of|to|on)|(?:thanks|thank you) for|reading|like|than"
    r"|over)\s+(?:the (?:\w+ )?)?[\[(“\"]*$|\b(?:related|background|baselines?"
    r"|cf)\s*[.:：]\s*[\[(“\"]*$",
    re.IGNORECASE,
)
_MENTION_HEAD = re.compile(
    r"\b(?:related (?:work|paper|reading)s?|references?|baselines?|background|prior work"
    r"|previous work|see also|further reading|bibliography|acknowledg\w+|compared (?:with|to"
    r"|methods)|we (?:also )?cite[ds]?|cited (?:works?|papers?)|buil[dt]s? (?:up)?on|based on"
    r"|inspired by|already (?:in|listed|included|covered)|context|alternatives|similar (?:works?"
    r"|papers?))\b|参考文献|相关工作",
    re.IGNORECASE,
)
_ASKS_FACT = re.compile(
    r"^\W*(?:hi|hello|hey|dear|and|so|but|also|btw|ps|quick question|question)?[\s,:!-]*(?:is|are"
    r"|was|were|does|did|has|have|isn't|aren't|do (?!you (?:want|mind|consider))|can (?:i|we)"
    r"|(?:can|could) (?:someone|anyone|you (?:please |kindly )?(?:tell|explain|share|provide|point"
    r"|clarify|confirm|release))|any (?:idea|plan|chance|update))\b|\b(?:how|why|what|where|which"
    r"|when|who)\b|\b(?:wonder\w*|curious|know|see|check|tell|asking|ask|sure|clarify"
    r"|confirm) (?:me )?(?:if|whether)\b",
    re.IGNORECASE,
)
_INDIRECT = re.compile(
    r"\b(?:whether|if)\b|(?<!not )(?<!n't )(?<!n’t )\b(?:know|wonder\w*|curious|ask"
    r"|understand) (?:about )?(?:when|how|why|what|which|where)\b",
    re.IGNORECASE,
)
_INVITES = re.compile(r"\b(?:let (?:me|us) know|feel free)\b.*", re.IGNORECASE)
_WISH = re.compile(
    r"\b(?:could|can|would|should|may|might)\b.{0,100}\b(?:added|included|considered|add|include"
    r"|listed|adding|including|take into account)\b|\bplease\b.{0,40}\b(?:add|includ\w+"
    r"|consider\w*|update|accept|review|merge)\b|\bnot (?:included|listed|covered"
    r"|mentioned) (?:yet|here|in)\b|^\W*(?:what|how) about\b|\bwhy not (?:add|include)\b"
    r"|\b(?:any chance|reason)\b.{0,120}\b(?:listed|added|included)\b|\bpossible to (?:add|include"
    r"|list)\b|\b(?:worth|fit|suitable for) (?:adding|including)\b",
    re.IGNORECASE,
)
_END = re.compile(r"[.!?。！？]+(?=\s|$|[\"”’)])|[。！？]|\n")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|et al|vs|cf|dr|prof|mr|ms|fig|sec|eq|no|vol|st|[^\W\d])|(?:^"
    r"|\s)\d{1,2})\.$",
    re.IGNORECASE,
)
_MAX_TEXT = 600
_ASKS_ELSEWHERE = re.compile(
    r"¿|\b(?:wie|warum|wann|comment|pourquoi|quand|como|por que|come|perché|как|почему|где)\b"
    rf"|[{EAST_ASIAN}]",
    re.IGNORECASE,
)
_THING = re.compile(
    rf"\b{_PAPERS}\b(?![ -](?:generat|writ|search|manag|tool)\w*)|论文|論文|文章|논문"
    r"|artículo|artigo|статья|статью",
    re.IGNORECASE,
)
_ADDS_PAPER = re.compile(
    r"\b(?:add|includ|consider|suggest|recommend)\w*\b.*\b(?:paper|survey|article|work)s?\b",
    re.IGNORECASE,
)
_OWN_PAPER = re.compile(
    r"\b(?:our|my|this)\s+(?:[\w'’-]+\s+){0,5}(?:paper|work|survey|article|preprint)\b",
    re.IGNORECASE,
)
_A_LIST = re.compile(r"\bawesome\b|\bpapers$|\b(?:reading|paper)[ -]list\b|\blist$", re.IGNORECASE)
_MAX_SENTENCES = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """Words that end in a mark or a line break, with their position in the line."""

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
    """Tell whether the words before a paper only mention it: *builds on*, *we cite*."""
    before = before[-400:]
    if _ENUMERATES.search(before):
        return False
    if _YOURS.search(before) or _BESIDE.search(before):
        return True
    mentioned = _last(_MENTION, before)
    return mentioned >= 0 and mentioned >= _last(_OFFER, before)


def names_this_list(text: str) -> bool:
    """Tell whether a link's words name the list that is written to: *your survey*."""
    return bool(_THIS_LIST.search(text[:100]))


def is_mention_head(text: str) -> bool:
    """Tell whether a heading or a line that ends in a colon announces papers of others."""
    text = text[:200]
    found = _MENTION_HEAD.search(text)
    inside = found is not None and text[: found.start()].strip(" #*_0123456789.") and is_title(text)
    return found is not None and not inside and not _ADD.search(text)


def asks_to_add(text: str) -> bool:
    """Tell whether a sentence asks for a paper to be added."""
    text = text[:_MAX_TEXT]
    return bool(_ADD.search(_LINK_ADDED.sub(" ", text))) and not _asks_fact(text)


def offers(text: str) -> bool:
    """Tell whether a sentence presents a paper: *our new paper*, *here is*, *please add*."""
    text = text[:_MAX_TEXT]
    found = _OFFER.search(text) or _RELEVANT.search(text) or _ANOTHER.search(text)
    return bool(found) and not _asks_fact(text)


def adds_paper(text: str) -> bool:
    """Tell whether words ask for something that is called a paper: *add our paper*."""
    return _ADDS_PAPER.search(text) is not None


def speaks_of_own_paper(sentences: Iterable[str]) -> bool:
    """Tell whether a sentence speaks of a paper of its author's: *our new paper*."""
    return any(map(_OWN_PAPER.search, sentences))


def asks_elsewhere(text: str) -> bool:
    """Tell whether words of another language than English ask for a paper to be added."""
    return _ASKS_TO_ADD_ELSEWHERE.search(text[:_MAX_TEXT]) is not None


def _asks_fact(text: str) -> bool:
    """Tell whether a sentence is a question that is no request."""
    text = _INVITES.sub(" ", text[:_MAX_TEXT])
    question = text.rstrip().endswith(("?", "？")) or _INDIRECT.search(text) is not None
    return question and bool(_ASKS_FACT.search(text)) and not _wishes(text)


def is_question(text: str) -> bool:
    """Tell whether a sentence is a question and no request, in any language."""
    asks = text.rstrip(' "”’)）').endswith(("?", "？")) or "请问" in text or "請問" in text
    return _asks_fact(text) or (asks and _ASKS_ELSEWHERE.search(text) is not None)


def _wishes(text: str) -> bool:
    """Tell whether a sentence asks directly for something: *could you*, *please add*."""
    return bool(_WISH.search(text[:_MAX_TEXT]))


def _last(pattern: re.Pattern[str], text: str) -> int:
    position = -1
    for match in pattern.finditer(text):
        position = match.start()
    return position


def is_list_name(text: str) -> bool:
    """Tell whether a name is that of a list of papers, not of a paper."""
    return _A_LIST.search(text) is not None


def speaks_of_paper(sentences: Iterable[str]) -> bool:
    """Tell whether a sentence has the word *paper*, or one like it."""
    return any(_THING.search(text[:_MAX_TEXT]) for text in islice(sentences, _MAX_SENTENCES))
