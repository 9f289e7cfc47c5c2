"""What a free text is for: to add papers, to change listed ones, to ask for a category, or else."""

import re
from collections.abc import Iterable, Sequence

from kdbot.intake.phrases import ADD_VERB, ATTRIBUTE, PAPERS, asks_fact, asks_to_add, wishes
from kdbot.model.proposal import Intent

_REMOVAL = re.compile(
    r"\b(?:remov(?:e|es|ed|al|ing)|delet(?:e|ed|ion|ing)|take (?:it |this |that )?down"
    r"|(?:appears?|listed) twice|duplicate[sd]?|retract\w*|withdraw\w*|withdrawn|unlist\w*"
    r"|should not be (?:here|listed|included|in\b|on\b)"
    r"|(?:does not|doesn't|do not|don't) (?:really )?belong|no longer want|(?:was|got) rejected"
    r"|not (?:really )?relevant to|not (?:asking|proposing|suggesting) (?:to|that|for))|删除|移除",
    re.IGNORECASE,
)
_OPEN = r"(?:public|publicly|released?|available|open|published|online|out|open-?sourced?)"
_UPDATE = re.compile(
    rf"\bcodes?\b.{{0,200}}?\b(?:is|are|has been|have been|was|were|now)\b.{{0,16}}?\b{_OPEN}\b"
    r"|\b(?:released|open-?sourced|published) (?:the|our|its) code\b"
    r"|\b(?:accepted|published) (?:at|by|to|in|as)\b"
    r"|\balso (?:fits?|belongs?|be (?:listed|added|placed|put)|go)\b"
    r"|\bbelongs? (?:in|to|under)\b|\bmoved? (?:it|this|the|our|from|to|into|under)\b"
    r"|\bshould be (?:in|under|moved|placed|listed|changed|corrected|fixed|replaced)\b"
    r"|\b(?:wrong|incorrect|broken|dead|outdated|invalid) (?:\w+ )?(?:links?|urls?|venue|titles?"
    r"|category|section|year|date|authors?|conference|code|paper)\b"
    r"|\blinks?\b.{0,60}\b(?:broken|dead|wrong|incorrect|404|not work\w*|outdated|lead|points?)\b"
    r"|\btypo\b|\bmis-?spel\w+"
    r"|\bupdat(?:e|ed|ing) (?:the|our|my|its|this|codes?|venue|link|info\w*|status|publication|to"
    r"|for|entry|record|paper)\b|\bplease update\b|\bnow (?:accepted|published|at|in)\b"
    r"|\bcorrect(?:ion|ing|ed)?\b (?:the|of|for|to|title|link|venue)"
    r"|\bfix(?:es|ed|ing)?\b|\brenamed\b|\btitle (?:has |was )?(?:been )?changed\b"
    r"|\bchanged? (?:its|the|our) (?:title|link|venue)\b"
    rf"|{ADD_VERB}{ATTRIBUTE}|\bmissing (?:code|venue|github|link|repo)"
    r"|更新|更正|修正|错误|已开源|被.{1,20}接收|录用",
    re.IGNORECASE,
)
_UPDATE_TITLE = re.compile(
    r"^\W*(?:fix|correct|updat|chang)\w*\s(?:(?!\b(?:new|papers|works|readme|list)\b)[^:,;]){0,60}?"
    r"\b(?:links?|venues?|code|info\w*|status|titles?|urls?)\b",
    re.IGNORECASE,
)
_LISTED = re.compile(
    r"(?<!tool is )(?<!code is )(?<!library is )(?<!dataset is )(?<!repo is )"
    r"\balready (?:listed|included|in|on|covered|there|part|appears?)\b"
    r"|\b(?:thank\w*|appreciat\w*|grateful)\b(?:(?!\b(?:if|could|would|consider\w*)\b).){0,60}"
    r"\b(?:including|covering|listing|featuring"
    r"|collecting|mentioning) (?:our|my)\b"
    r"|\bcurrently (?:listed|in|under)\b"
    r"|\byou (?:have )?(?:listed?|included?|cover(?:ed)?) (?:our|my)\b"
    r"|\bis (?:listed|filed|placed|classified) (?:in|under|as)\b"
    r"|\bin (?:the|your) list\b.{0,40}\b(?:is|has|shows?|points?|says?)\b|\balso belongs?\b",
    re.IGNORECASE,
)
_GROUP = r"(?:(?:sub-?)?(?:categor(?:y|ies)|sections?)|taxonomy|topics?)"
_PLAIN_WORD = r"(?!(?:papers?|works?|survey|to|in|under|into|it|them|our)\b)[\w&'’\"“”*-]+\s+"
_CATEGORY = re.compile(
    r"\b(?:new|missing|separate|additional|another|dedicated|own)\s+"
    rf"(?:{_PLAIN_WORD}){{0,4}}{_GROUP}\b"
    r"|\b(?:add|adding|create|creating|introduce|open|have|suggest|propose)\s+(?:a|an|one)\s+"
    rf"(?:{_PLAIN_WORD}){{0,5}}{_GROUP}\b|\b(?:no|a) {_GROUP} (?:for|on|about)\b"
    r"|新(?:增|建)?(?:类别|分类)|(?:增加|添加)一个(?:类别|分类)",
    re.IGNORECASE,
)
_CITED_YOU = re.compile(
    r"\bcit(?:e|ed|es|ing) (?:your|you|this (?:repo|list|survey)|the (?:survey|list))\b"
    r"|\bhow (?:to|should \w+|can \w+|do \w+) cite\b|\b(?:should|please) (?:also )?cite\b"
    r"|\breferences? to (?:our|my)\b"
    r"|\bmissing (?:citation|reference)|\byou (?:did not|didn't|do not|don't|should) cite\b",
    re.IGNORECASE,
)
_FAULT = re.compile(
    r"\b(?:steps to reproduce|tracebacks?|exceptions?|crash\w*|reproduc\w+ the (?:bug|error)"
    r"|(?:does not|doesn't) (?:load|open|render|build|run)|(?:fails?|failed) (?:to|with)"
    r"|stack ?trace|bug report|there is no code|no code (?:here|yet|available|released))\b",
    re.IGNORECASE,
)
_THING = re.compile(rf"\b{PAPERS}\b|论文", re.IGNORECASE)
_MAX_SENTENCES = 300
_MOST = 600


def judge_intent(
    title: str, sentences: Iterable[str], *, linked: bool, named: bool, short: bool = False
) -> Intent:
    """Say what a text is for, from its title, its sentences and what was found in it.

    Args:
        title: the issue's title.
        sentences: all sentences of the body.
        linked: whether a paper's link or identifier was found.
        named: whether a paper was found by link or title.
        short: whether a mere acronym was found.
    """
    body = [text[:_MOST] for text in list(sentences)[:_MAX_SENTENCES]]
    texts = [title[:_MOST], *body]
    added = [text for text in texts if asks_to_add(text)]
    removed = [text for text in texts if _REMOVAL.search(text)]
    if removed and all(text in removed for text in added):
        return Intent.NONE
    if texts[0] in removed and texts[0] not in added and not any(map(wishes, added)):
        return Intent.NONE
    if _wants_category(texts, added, named=named):
        return Intent.CATEGORY
    asked = any(asks_fact(text) for text in body or texts)
    if (named or (short and not asked)) and _wants_update(texts, added=bool(added)):
        return Intent.UPDATE
    asked_to_add = any(text in added for text in body) or (bool(added) and not asked)
    other = any(_CITED_YOU.search(text) or _FAULT.search(text) for text in texts)
    if (asked or other) and not asked_to_add:
        return Intent.NONE
    found = linked or ((named or short) and (asked_to_add or not body))
    wanted = asked_to_add and any(_THING.search(text) for text in texts)
    return Intent.ADD if found or wanted else Intent.NONE


def _wants_category(texts: Sequence[str], added: Sequence[str], *, named: bool) -> bool:
    grouped = [text for text in texts if _CATEGORY.search(text)]
    if not grouped or (named and grouped[0] is not texts[0]):
        return False
    return not any(text not in grouped and _THING.search(text) for text in added)


def _wants_update(texts: Sequence[str], *, added: bool) -> bool:
    said = [text for text in texts if not asks_fact(text)]
    if _UPDATE_TITLE.search(texts[0]) and texts[0] in said:
        return True
    if any(_LISTED.search(text) for text in said):
        return True
    return not added and any(_UPDATE.search(text) for text in said)
