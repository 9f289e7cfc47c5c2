"""Titles of papers: cleaned, and distinguished from other words.

The required certainty depends on the place of the words: after `Title:`, or as the text of a link
to a paper, nearly anything is a title; on a line without other words, or in the middle of a
sentence, the words themselves must look like one.
"""

import html
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import islice
from operator import itemgetter

from kdbot.text.characters import EAST_ASIAN
from kdbot.text.latex import decode_latex


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(text.split())


_GENERIC = word_set(
    "a an the this that these those our my their his her your and or of for to in on at by from"
    " with is are it its here there link links url paper papers article articles work works survey"
    " surveys review preprint publication publications arxiv abs abstract pdf html version versions"
    " doi openreview anthology acl emnlp naacl iclr icml neurips nips aaai cvpr eccv iccv ijcai"
    " coling code codes github repo repository project page pages website site homepage web demo"
    " dataset data datasets model models hugging face huggingface hf read click see more full text"
    " new recent latest published accepted conference journal camera ready main official technical"
    " report blog post one two three first second third previous long short method methods follow"
    " related request please add adding added include including following below above springer"
    " ieee acm elsevier wiley mdpi sciencedirect xplore proceedings 论文 链接"
    " 代码 这里 这篇 我们的 paperlink arxiv.org openreview.net github.com"
)
_SPEAKERS = word_set(
    "i we my our your us me please thanks thank hi hello hey dear sorry would could i'm i've i'd"
    " we've we're it's there's you you're kindly hope glad here's wondering am was were has have"
    " had been will they he she"
)
SMALL_WORDS = word_set(
    "a an and are as at be by can do does for from how in into is it its not of on or over the"
    " their through to towards toward under up via vs vs. what when where which while who why with"
    " without within"
)
"""Words that a title has in lower case, in any language's rules for capitals."""
_OPENERS = word_set(
    "this we i our it update best regards sincerely cheers note however moreover also here these"
    " there if since as looking feel let would could can create generated submit"
)
_PRONOUNS = word_set("it they this these we our")
_NEVER_OPENS = word_set(
    "it's please thanks thank hi hello hey dear added adds i'd i'm we've kindly"
)
_ASKS = word_set(
    "add adding added include including consider propose recommend new fix fixed fixes about"
)
_REPORTS = word_set(
    "suggestion suggest request kindly please missing update updates proposal recommendation"
    " question questions wrong broken dead incorrect typo bug error errors issue help withdrawn"
)
_DETERMINERS = word_set(
    "the our my a an one two three this these some several new recent missing paper papers"
)
_OPEN_END = word_set(
    "a an the of for in on at to by from with or and is are as our your via & towards under within"
    " between its their using"
)
_LAST_NOT = _OPEN_END | word_set(
    "this that paper papers list work works here into section category repo repository readme"
    " available"
)


_LINKS = word_set("link links url urls website homepage")  # `Open Link:` before an address

_MAX_WORDS = 45
_MAX_WRAPPINGS = 4
_SHORT_TAIL = 24  # behind a bracket that nothing closes
_MIN_RATIO = 0.6
_TITLE_RATIO = 0.7
_WORD = re.compile(r"[^\W_][\w'’.+*/&$\\{}@^-]*")
_QUOTES = frozenset("\"“”„«»'‘’`《》「」『』<>＂")
_PAIRS = {"“": "”", '"': '"', "'": "'", "‘": "’", "`": "`", "*": "*", "_": "_", "«": "»"}
_EMOJI = "\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2b00-\u2bff©®\U0001f000-\U0001faff"
_JOINERS = "\ufe0f\u200d"
_PICTURES = "©® \t\n" + "".join(
    chr(code)
    for first, last in re.findall("(.)-(.)", _EMOJI)
    for code in range(ord(first), ord(last) + 1)
)
_EMOJI_CODE = re.compile(r":[a-z0-9_+-]{2,40}:")
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#[0-9]{2,5}|#x[0-9A-Fa-f]{2,4});")
_LATEX = re.compile(r"\{[^{}]*\}|\$\s*\\[A-Za-z]")
_HOLLOW = re.compile(rf"(?<!\w)[\[(（]\s*[{_EMOJI}{_JOINERS},;|/]*\s*[\])）]")
_AFFILIATION = re.compile(
    r"\s*[(（](?:@|authors?\s*[:：]|作者\s*[:：])[^()（）]{1,80}[)）]\s*$|(?<=\w)\.pdf$",
    re.IGNORECASE,
)
# A full stop ends a sentence, not an abbreviation of single letters nor an ellipsis.
_STOP = re.compile(r"(?<![.]|\b[A-Za-z])\.$")
# A title of Latin letters with what it means in another language behind it.
_IN_BRACKETS = rf"\s*[(（]([^()（）]*?[{EAST_ASIAN}][^()（）]*)[)）]"
_TRANSLATION = re.compile(rf"(?<=[A-Za-z0-9?!])(?:{_IN_BRACKETS}){{1,3}}\s*$")
_TRANSLATED = re.compile(_IN_BRACKETS)
QUOTED = (
    r"[“\"](?:[“\"][^“”\"\n]{2,200}[”\"][^“”\"\n]{3,300}|[^“”\"\n]{8,300})[”\"](?!\w)"
    r"|《[^《》\n]{4,300}》|«[^«»\n]{8,300}»|「[^「」\n]{4,300}」|<<[^<>\n]{8,300}>>"
    r"|(?<!\w)['‘](?:[^'‘’\n]|(?<=\w)['’](?=\w)){12,300}['’](?!\w)|`[^`\n]{12,300}`"
)
"""Pattern of quotes around words that may be a title."""
HONOURS = (
    r"(?:oral(?: presentation)?|spotlight|poster|highlight|best paper(?: award)?|long paper"
    r"|short paper)"
)
"""Pattern of what a venue says of a paper, which people put in brackets behind its title."""

_REMARK = re.compile(
    r"\s*[(\[（](?:(?:this is )?(?:our|my)(?: own)?(?: new| recent)? (?:work|paper)|ours|new|mine|"
    r"by us|self|link|pdf|paper|arxiv|code|under review|preprint|我们的工作"
    rf"|{HONOURS})[)\]）]\s*$",
    re.IGNORECASE,
)
_NICKNAME = re.compile(r"\s*\(([^()]{2,40})\)$")
_TWICE = re.compile(r"(\S{2,30})(?::| [-–—]) (?=\1[: ])")
_NAME_AND_TITLE = re.compile(r"(\S{2,30}) ?[(（](\1[:：] ?.{8,300})[)）]")
_LEAST_NICKNAMED = 4
_LEAST_SURE = 6  # words
_ASKS_ALL = re.compile(r"\b(?:are|do|can|should|did|will) (?:we|you)\b|\b(?:we|you) need\b")
_SENTENCE_END = re.compile(r"[.!]\s*$|[a-z]{3}[.!]\s+[A-Z]")
_PLACE = re.compile(
    r"(?:(?:to|in|under) )?(?:section|part|chapter|table)\s+[0-9ivx]", re.IGNORECASE
)
_OPENS_TITLE = re.compile(
    r"An? (?:[\w-]+ ){0,3}(?:survey|review|overview|study|tutorial|perspective)\b|Towards? |On "
)
_ADDRESSES = re.compile(r"(?:you|we|i|they) (?:may|might|could|should|would)\b", re.IGNORECASE)
# A title may have a comma of its script, but it speaks of no paper.
_CJK_SENTENCE = re.compile(r"。|[该本这]论文|[該本]論文|本文|我们|提出了?.{0,20}，|，.{0,20}提出")
_NUMBERING = re.compile(
    r"^\s*(?:[-–—•*·▪●►]\s*|[(\[（]?(?:\d{1,2}|[ivx]{1,4})[)\].:：、）]{1,2}\s+|[(\[]\d{1,2}[)\]]\s*|"
    r"\d{1,2}[、.]\s*(?=[^\d\s])|\[\^\w{1,8}\]:?\s*)+"
)
_TAG = re.compile(
    r"^(?:[\[【][^\[\]【】]{2,30}[\]】]|\((?=[^()]*\d)[^()]{4,30}\)(?=\s))\s*(?=\S+\s+\S+\s+\S)"
)
_LEAD_IN = re.compile(
    r"^(?:(?:the |our |my |this |new |recent )*(?:paper|work|article|title"
    r"|survey"
    r"|preprint|论文|标题|题目)(?: title| name| titled| entitled| called)?\s*[:：(（\[]"
    r"|titled|entitled)\s*",
    re.IGNORECASE,
)


@lru_cache(maxsize=512)  # each reader of a line asks for the same words
def clean_title(text: str) -> str:
    """Return a title on one line without the decoration that people put around it.

    Numbering, tags, quotes, emphasis, pictures, marks at its ends, remarks behind it and brackets
    without their partner are removed. Invisible characters stay, since a record with one is
    refused, not fixed.
    """
    text = _ENTITY.sub(lambda m: html.unescape(m[0]), text)
    text = decode_latex(text) if _LATEX.search(text) else text
    text = _without_end(_AFFILIATION, " ".join(text.split()))
    text = _TAG.sub("", _NUMBERING.sub("", text))
    for _ in range(_MAX_WRAPPINGS):
        before = text
        text = _without_end(_TRANSLATION, text)
        text = _without_end(_REMARK, trim_pictures(text)).strip(" \t*_~|·•`>")
        if is_quoted(text):
            text = text[text[0] in _QUOTES : len(text) - (text[-1] in _QUOTES)]
        text = text.rstrip(",;:：，；。-–—").lstrip("-–—:：,;，").strip()
        text = _STOP.sub("", text) if text.endswith(".") else text
        text = _unwrap(text)
        if text == before:
            break
    named = _NAME_AND_TITLE.fullmatch(text)
    return named[2] if named else text


def _without_end(pattern: re.Pattern[str], text: str) -> str:
    """Return a text without what a pattern finds before its last bracket, or its last letter."""
    return pattern.sub("", text) if text.rstrip()[-1:] in ")]）fF" else text


def translation_in(text: str, title: str) -> str:
    """Return the words of another language in brackets behind a title, or an empty text."""
    found, position = [], text.find(title) + len(title)
    while title in text and (match := _TRANSLATED.match(text, position)):
        found.append(match[1].strip())
        position = match.end()
    return " ".join(found)


def canonical_title(text: str) -> str:
    """Return a record's title on one line, without the marks around it.

    Of what `clean_title` removes, this removes the part that no title can have.
    """
    text = " ".join(text.split())
    for _ in range(_MAX_WRAPPINGS):
        if len(text) < 3 or _PAIRS.get(text[0]) != text[-1] or text[0] in text[1:-1]:
            strong = text[:2] == text[-2:] and text[:2] in {"**", "__"} and len(text) > 4
            if not strong or text[:2] in text[2:-2]:
                break
            text = text[2:-2].strip()
        else:
            text = text[1:-1].strip()
    return text


def trim_pictures(text: str) -> str:
    """Return a text without the emoji at its ends and empty brackets, on one line."""
    if not text.isascii() or ":" in text or "[" in text or "(" in text:
        text = _HOLLOW.sub(" ", _EMOJI_CODE.sub(" ", text))
    text = " ".join(text.split())
    for _ in range(0 if text.isascii() else _MAX_WRAPPINGS):
        bare = text.strip(_PICTURES)
        if bare == text:
            break
        text = bare.strip(_JOINERS)
    return text


def without_nickname(title: str) -> str:
    """Return a title without the name that a list adds to it: `How to Walk Far (WALK-9)`.

    A name before a title that begins with it goes too: `Maps: Maps: How to Walk Far`. An acronym
    that the words before it spell out is the title's own: `Exponential Units (EUs)`.
    """
    if twice := _TWICE.match(title):
        title = title[twice.end() :]
    match = _NICKNAME.search(title)
    head = title[: match.start()] if match else ""
    if match is None or len(head.split()) < _LEAST_NICKNAMED:
        return title
    name = match[1]
    is_repeated = f" {name.casefold()} " in f" {' '.join(words_of(head)).casefold()} "
    # Titles have a space before a bracket; lists often leave it out.
    is_glued = not match[0][0].isspace()
    is_name = is_short_name(name) and (is_glued or not spells_out(head, name))
    return head.rstrip(" ,") if is_repeated or is_name else title


def spells_out(text: str, acronym: str) -> bool:
    """Tell whether the last words of a text contain the letters of an acronym, in order."""
    letters = [c for c in acronym.casefold() if c.isalpha()]
    words = [word.casefold() for word in words_of(text) if word.casefold() not in SMALL_WORDS]
    behind = iter("".join(words[-len(letters) :]))
    return all(letter in behind for letter in letters)


def drop_lead_in(text: str) -> str:
    """Return the words behind `Paper:`, `Our paper titled` and their like."""
    return _LEAD_IN.sub("", text, count=1)


def mask_titles(text: str, titles: Iterable[str | None]) -> str:
    """Return a text without its titles: a title's words say nothing of what its author asks.

    What was taken for a title only by its place stays.
    """
    return without_titles(text, (title for title in titles if title and is_title(title)))


def without_titles(text: str, titles: Iterable[str]) -> str:
    """Return a text without titles that are surely some, whatever their words look like."""
    for title in titles:
        text = text.replace(title, "…")
    return text


@lru_cache(maxsize=2048)  # each question about a text asks for its words
def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text, at most as many as a title could have and one more."""
    return tuple(map(itemgetter(0), islice(_WORD.finditer(text), _MAX_WORDS + 1)))


def is_generic(text: str) -> bool:
    """Tell whether a text says no more than *link to the paper*."""
    return all(
        word.casefold() in _GENERIC or word.replace(".", "").isdigit() for word in words_of(text)
    )


def is_named_title(text: str) -> bool:
    """Tell whether a text in a title's place can be one."""
    words = words_of(text)
    if _PLACE.match(" ".join(words[:3])) or _CJK_SENTENCE.search(text):
        return False
    if not 2 <= len(words) <= _MAX_WORDS or "://" in text or is_generic(text):
        return _is_cjk_title(text)
    if not _SPEAKERS.isdisjoint(words) and _ratio(words) < _MIN_RATIO:
        return False
    if len(words) >= 4 or ":" in text:
        return True
    return _ratio(words) >= 1 and len(text) >= 12


def is_speech(text: str) -> bool:
    """Tell whether words are somebody's sentence, not a title: `This survey has been accepted`."""
    words = words_of(text)
    if not _SPEAKERS.isdisjoint(words) and _ratio(words) < _MIN_RATIO:
        return True
    return bool(words) and words[0].casefold() in _OPENERS and _ratio(words) < _TITLE_RATIO


def is_described(text: str) -> bool:
    """Tell whether a text in a title's place is a name with a sentence: `Maps: They help`."""
    words = words_of(text.partition(": ")[2])
    return bool(words) and words[0].casefold() in _PRONOUNS and _ratio(words_of(text)) < _MIN_RATIO


@lru_cache(maxsize=512)  # each reader of a line asks for the same words
def is_title(text: str) -> bool:
    """Tell whether a text looks like a title, judged only by its words."""
    words = words_of(text)
    if not 4 <= len(words) <= _MAX_WORDS or "://" in text or is_generic(text):
        return False
    if _CJK_SENTENCE.search(text):
        return False
    first = words[0]
    if _opens_a_sentence(words):
        return False
    is_long = len(words) >= _LEAST_SURE and _ends_written(text)
    if _speaks(text) or (words[-1].casefold() in _LAST_NOT and not is_long):
        return False
    if not (first[0].isdigit() or _has(str.isupper, first)):
        return False
    named = _has_short_head(text) and not _SENTENCE_END.search(text)
    return _ratio(words) >= _MIN_RATIO or (named and _ratio(words) >= 0.3)


def _ends_written(text: str) -> bool:
    """Tell whether words end like a title, with a capital: `A Study of Research Papers`."""
    return words_of(text)[-1] in {"Papers", "Works", "Lists", "Repositories"}


def _speaks(text: str) -> bool:
    """Tell whether a text speaks to somebody; a title may ask *where are we*."""
    return not (
        _SPEAKERS.isdisjoint(words_of(text))
        or _SPEAKERS.isdisjoint(words_of(_ASKS_ALL.sub(" ", text)))
    )


def _opens_a_sentence(words: Sequence[str]) -> bool:
    first = words[0].casefold()
    if _PLACE.match(" ".join(words[:3])) or _ADDRESSES.match(" ".join(words[:2])):
        return True
    if first in _NEVER_OPENS or (
        first in {"add", "adding"}
        and (words[1] in _DETERMINERS or is_generic(words[1]) or is_short_name(words[1]))
    ):
        return True
    return first in _OPENERS and not (words[0][0].isupper() and _ratio(words) >= 0.9)


def is_sentence_case_title(text: str) -> bool:
    """Tell whether a text that stands right before a paper's link can be its title."""
    words = words_of(text)
    if is_title(text):
        return True
    if words and words[-1].casefold() in _LINKS:
        return False
    if len(words) == 3 and words[0].casefold() not in _OPENERS | SMALL_WORDS:
        return _ratio(words) == 1 and is_named_title(text) and not is_short_name(text)
    if not 4 <= len(words) <= _MAX_WORDS or is_generic(text) or _SENTENCE_END.search(text):
        return False
    _, mark, answer = text.partition("? ")
    if any(word.casefold() in _ASKS | _REPORTS for word in words):
        return False
    if not mark and _speaks(text.casefold()):
        return False
    if mark and (len(answer.split()) < 4 or _speaks(answer.casefold())):
        return False
    first = words[0].casefold()
    openers = _OPENERS if mark or _OPENS_TITLE.match(text) else _OPENERS | SMALL_WORDS
    if first in openers or words[-1].casefold() in _LAST_NOT:
        return False
    return words[0][0].isupper() or _has_short_head(text)


def is_request(text: str, *, marked: bool = False) -> bool:
    """Tell whether a text asks for something rather than names a paper.

    Args:
        text: the words.
        marked: whether a link, quotes or a label set them apart as a title; then *Adding Noise*
            is one, and *Adding a paper* is not.
    """
    words = [word.casefold() for word in words_of(text)]
    if not words:
        return False
    if words[-1] in _LAST_NOT and not (marked and _ends_written(text)):
        return True
    second = words[1] if len(words) > 1 else ""
    asks = words[0] in _ASKS | _REPORTS
    is_plain = second in _DETERMINERS | _ASKS | _REPORTS or is_generic(second)
    return asks and (not marked or is_plain)


def goes_on(text: str) -> bool:
    """Tell whether words stop in the middle of a sentence: `It combines maps with`."""
    return text.rpartition(" ")[2] in _OPEN_END


def is_short_name(text: str) -> bool:
    """Tell whether a text is an acronym or the name of a method: `HOMER`, `LLM-Neo`, `Orca 2`."""
    words = words_of(text)
    if not 1 <= len(words) <= 3 or is_generic(text) or len(text) > 40 or "," in text:
        return False
    first = words[0]
    parts = first.split("-") if len(words) > 1 else [first]
    inner = any(c.isupper() for part in parts for c in part[1:]) or any(map(str.isdigit, first))
    return first[0].isalpha() and inner and len(first) > 1


@lru_cache(maxsize=512)  # each question about a text asks for it
def _ratio(words: tuple[str, ...]) -> float:
    """Return the share of the weighty words that have a capital."""
    weighty = [w for w in words if w.casefold() not in SMALL_WORDS and _has(str.isalpha, w)]
    capitals = sum(not word.islower() and _has(str.isupper, word) for word in weighty)
    return capitals / len(weighty) if weighty else 0.0


def _has(is_one: Callable[[str], bool], word: str) -> bool:
    """Tell whether a character is one of a kind; mostly the first is."""
    return is_one(word[0]) or any(map(is_one, word))


def _has_short_head(text: str) -> bool:
    head, colon, tail = text.partition(":")
    words = head.split()
    return (
        bool(colon)
        and 1 <= len(words) <= 3
        and any(c.isupper() for c in head)
        and "(" not in head
        and not is_generic(head)
        and len(tail.split()) >= 3
    )


def _is_cjk_title(text: str) -> bool:
    wide = sum(unicodedata.east_asian_width(c) == "W" for c in text[:200])
    return wide >= 6 and "://" not in text and len(text) <= 80


def is_quoted(text: str) -> bool:
    """Tell whether quotes are at both ends, or an unmatched one is at an end."""
    if not text:
        return False
    first, last = text[0] in _QUOTES, text[-1] in _QUOTES
    return (first and last) or ((first or last) and _QUOTES.isdisjoint(text[1:-1]))


def _unwrap(text: str) -> str:
    """Take off the brackets around a text, and cut one that has no partner."""
    for opening, closing in ("()", "[]", "（）", "【】"):
        opened, closed = text.count(opening), text.count(closing)
        if text.startswith(opening) and text.endswith(closing) and opened == closed == 1:
            return text[1:-1].strip()
        if opened > closed:
            head, _, tail = text.rpartition(opening)
            if head.strip() and len(tail) < _SHORT_TAIL:
                return head.strip()
            return text.removeprefix(opening).strip()
        if closed > opened and text.endswith(closing):
            return text[:-1].strip()
    return text
