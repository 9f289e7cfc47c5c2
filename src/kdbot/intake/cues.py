"""Words that tell what a sentence is for: it asks, reports a fault, brings news, asks for removal.

Each list contains stems in several languages; a sentence is judged by the kinds of words in it,
not by its grammar. A fault counts only with the name of the faulty field: *the link is broken*.
"""

import re
from dataclasses import dataclass

_MAX_TEXT = 600


def _stems(latin: str, wide: str) -> str:
    """Return a pattern of stems of words between spaces, and of those that stand anywhere."""
    return rf"(?<![^\W_])(?:{latin})|(?:{wide})"


def any_of(latin: str, wide: str) -> re.Pattern[str]:
    """Compile word stems: `latin` ones begin a word, `wide` ones match anywhere."""
    return re.compile(_stems(latin, wide), re.IGNORECASE)


_FIELD = _stems(
    r"(?:hyper)?links?\b|urls?\b|titles?\b|names?\b|venues?\b|conferences?\b|conf\b|journals?\b"
    r"|authors?\b|ids?\b|identifiers?\b|years?\b|months?\b|dates?\b|codes?\b|repo(?:s|sitor\w+)?\b|github|categor\w+"
    r"|sections?\b|classif\w+|papers?\b|articles?\b|entr(?:y|ies)\b|citations?\b|ciations?\b"
    r"|references?\b|metadata|preprints?\b|info(?:rmation)?\b|pages?\b|pdfs?\b|doi\b|abstract"
    r"|publications?\b|proceedings?|institutions?\b|affiliations?\b|descriptions?\b|logos?\b"
    r"|status\b|enlaces?\b|t[ií]tulos?\b|autor\w*|años?\b|fechas?\b|c[oó]digos?\b|art[ií]culos?\b"
    r"|liga\w+|categor[ií]a\w*|artigos?\b|liens?\b|titres?\b|auteurs?\b|ann[ée]es?\b|titel\b"
    r"|jahr\w*|datum\b|artikel\w*|eintr[aä]g\w*|titol[oi]\b|articol[oi]\b|ссыл\w+|назван\w+"
    r"|автор\w*|стать\w+|категор\w+",
    r"链接|連結|鏈接|标题|標題|题目|名称|作者|年份|日期|月份|会议|會議|期刊|代码|代碼|论文|論文|文章|分类|分類|类别|信息|地址|网址|リンク|タイトル|著者|会議"
    r"|コード|カテゴリ|링크|제목|저자|연도|날짜|학회|코드|논문|분류|정보|주소",
)
_FAULT = _stems(
    r"wrong\w*|incorrect\w*|inaccurat\w*|mist(?:ake\w*|aken\w*)|mislabel\w*|misplac\w*"
    r"|misclassif\w*|mis-?spel\w*|typos?\b|erroneous\w*|errors?\b|erratum|broken|dead\b|404\w*"
    r"|403\b|invalid|not (?:https?:|…)|ha(?:s|ve) no (?:code|link|venue|pdf|page)|new (?:title"
    r"|link|url|address|version)|no longer|gone\b|vanished|disappeared|unreachable|offline|(?:is"
    r"|are) down|there (?:is|are) no\b|outdated|out of date|expired|obsolete|not (?:work|access"
    r"|available|updat|reach|load|match|relat|correct|right|accurate|reflect|up[- ]to)\w*|(?:does"
    r"|do|did)(?: not|n[’']t) (?:work|open|load|match|exist|belong|link|lead)|can(?:not"
    r"|[’']t) (?:be (?:open|access|load|found|reach)|open|access|load|reach)\w*|fail(?:s|ed"
    r"|ing)?\b|leads? to|link(?:ed|ing) to|it links to|point(?:s|ed|ing)? to|mismatch\w*|(?:link"
    r"|pdf|url) opens|should (?:be|have|point|open|read|say|link|belong|go|not)|must be|instead of"
    r"|rather than|renam\w+|swapped|switched|copy[- ]?past\w+|fix(?:e[sd]|ing)?\b|correct(?:s|ed"
    r"|ing|ions?)?\b|replac\w+|chang(?:e|es|ed|ing)\b|mov(?:ed?|es|ing)\b|updat(?:e|es|ed|ing)\b"
    r"|revis(?:e|ion)\b|modif\w+|moved\b|(?:better )?belongs?\b|actually\b|dup\w*|doubled|twice"
    r"|two times|rot[ao]s?\b|err[oó]ne\w+|err(?:ad|at)[oai]s?\b|equivocad\w+|corregir\w*|apunta\w*"
    r"|deber[ií]a\w*|corrig\w+|corrección|actualiz\w+|quebrad\w+|incorret\w+|atualiz\w+"
    r"|cass[ée]\w*|mort\b|erron[ée]\w*|mettre à jour|fau(?:x|sse)\b|falsch\w*|stimm(?:t|en)\b"
    r"|old (?:links?|urls?|repo\w*|version|title|address)|defekt\w*|kaputt\w*|fehler\w*|korrig\w+"
    r"|korrektur|aktualisier\w+|müsste|sbagliat\w+|aggiorn\w+|неверн\w+|неправильн\w+|ошиб\w+"
    r"|бит(?:ая|ые)|не работа\w+|исправ\w+|обнов\w+",
    r"错误|有误|写成|实际|移到|移至|归到|错了|写错|不对|不应该|不属于|失效|打不开|点不开|挂了|已挂|过期|更正|修正|修改|改为|改成|改一下|更新|应为|应该是|应属|錯誤"
    r"|有誤|更改|應為|誤り|間違|誤って|修正|訂正|リンク切れ|正しく|開けな|更新|変更|오류|수정|잘못|깨진|깨져|깨졌|끊|변경|정정|갱신|업데이트|열리지",
)
_OTHER_THING = re.compile(
    r"\b(?:tool|code|library|data ?set|repo\w*|model) (?:is|are) already \w+ (?:in|on|under)?",
    re.IGNORECASE,
)
_AND_PAPERS = re.compile(r"\band (?:\w+ )?(?:new )?papers?\b", re.IGNORECASE)
_PAPER_WORD = re.compile(r"\bpapers?\b|论文|論文|논문", re.IGNORECASE)
_UPDATES = re.compile(r"\bupdat\w*|更新|업데이트|갱신|actualiz\w+|atualiz\w+", re.IGNORECASE)
_CORRECTION = re.compile(
    r"\b(?:correction|erratum|typo)s?\b|, not the [\w-]+ (?:one|paper|link|version)\b|\b(?:renamed"
    r"|retitled)\b|\bar[xX]iv\W{1,3}(?:->|→)|\b(?:instead of|rather than|chang\w+"
    r"|replac\w+) (?:from )?\W?arxiv\b|\bfrom \W?arxiv\W{0,2}\d{0,4}\W{0,2} to (?!the\b|this\b"
    r"|your\b|our\b)|勘误|訂正",
    re.IGNORECASE,
)
_HAS_FIELD = re.compile(_FIELD, re.IGNORECASE)
_HAS_FAULT = re.compile(_FAULT, re.IGNORECASE)
_NEWS = any_of(
    r"(?:accepted|published|appear(?:s|ed)?|presented) (?:at|by|to|in|as|for)\b|got accepted"
    r"|got into|made it (?:in)?to|to appear (?:at|in)|(?:accepted|published) (?:recently|now)"
    r"|(?:just|recently|now|been) (?:accepted|published)|(?:codes?|data ?sets?|project page"
    r"|web ?site)\b[^.]{0,80}\b(?:is|are|has been|have been|was|now)\b[^.]{0,20}\b(?:public\w*"
    r"|released?|available|open|on (?:github|hugging ?face|zenodo))|(?:published|final|official"
    r"|journal|conference) version\b|(?:released?|open-?sourced|published) (?:the|our|its) code"
    r"|camera[- ]ready|ha(?:s|ve) an? (?:doi|code|repo)\w* now|now ha(?:s|ve) (?:an? |the |its "
    r"|official )*(?:code|repo|github|implementation|doi|project)|now (?:at|in)\b|aceptad\w+"
    r"|publicado en|aceito|accepté|angenommen|принят",
    r"接收|录用|錄用|接受|已开源|已開源|已发表|採択|採録|公開しました|채택|게재|공개(?:했|되|하)",
)
_LISTED = any_of(
    r"already (?:\w+ ){0,3}(?:listed|included|in|on|covered|there|part|appears?|registered)\b"
    r"|(?:currently|is|are|was) (?:\w+ )?(?:listed|filed|placed|classified) (?:in|under|as|with)"
    r"|(?:thank\w*|appreciat\w*|grateful)\b[^.]{0,50}\b(?:includ|cover|list|featur|collect"
    r"|mention)ing our\b|you (?:have )?(?:listed?|included?|cover(?:ed)?) (?:our|my)\b"
    r"|recently added in|in (?:the|your) list\b[^.]{0,40}\b(?:is|has|shows?|points?|says?)\b",
    r"已经收录|已收录了|(?<![能望以可请])被收录(?:在|于|到|了)"
    r"|(?<!能)收录(?:在|于)|현재 (?:목록|리스트)",
)
_REMOVAL = any_of(
    r"remov(?:e[sd]?|al|ing)\b|delet(?:e|ion|ing)\b|be deleted|take (?:it |this |that )?(?:down"
    r"|out)\b|(?:appears?|listed|occurs?|there) (?:twice|two times)|duplicat\w*|doubled|retract\w*"
    r"|withdr[ae]w\w*|unlist\w*|should not (?:be|have been) (?:here|listed|included|published)"
    r"|no longer want|not (?:really )?relevant to|there are two [\"“…]|eliminar|retirar|borrar"
    r"|excluir|duplicad\w+|repetid\w+|supprimer|retirer|en double|entfern\w+|lösch\w+"
    r"|zurückgezogen|doppelt|rimuov\w+|удал\w+|отозва\w+|дубл\w+",
    r"删除|移除|撤稿|撤回|重复|刪除|重複|去重|削除|取り下げ|삭제|철회|제거|중복",
)
_CITES = any_of(
    r"cit(?:e|ing) (?:our|my|us|the following|your|it|this)\b|consider (?:to )?cit(?:e|ing)"
    r"|cites? (?:your|you|our)\b|how (?:to|should \w+|can \w+|do \w+) cite\b|(?:should"
    r"|please) cite\b|references? to (?:our|my)\b|missing (?:citation|reference)|(?:did"
    r"|do) ?(?:not|n't) cite\b",
    r"引用我们|引用一下|인용",
)
_ARTIFACTS = re.compile(
    r"hf\.co/papers|huggingface\.co/papers/submit|open-?source team at hugging ?face"
    r"|discoverability|artifacts? on hugging ?face",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(
    r"\b(?:add(?:s|ed|ing|ition)?|includ(?:e|ing)|provid(?:e|ing)|insert\w*"
    r"|attach\w*)\b(?: of)?(?:\s(?!papers?\b|works?\b|surveys?\b|articles?\b|and\b|to\b|in\b"
    r"|into\b)[\w'’&()-]+){0,5}?\s(?:codes?|code link|github|repo\w*|links?|venues?|conferences?"
    r"|journals?|project pages?|web ?sites?|badges?|implementations?|doi|dates?)\b(?! (?:paper"
    r"|survey|list))|\b(?:codes?|github|venue|conference|project page|links?|doi)(?: link"
    r"| url)?(?: is| are)? missing\b|\bmissing (?:the )?(?:codes?|github|venue|conference|links?"
    r"|doi)\b|(?:代码|链接|会议|项目主页)[^，。]{0,4}(?:添加|补充|加上)|(?:添加|补充|加上|更新)[^，。]{0,8}(?:代码|链接|会议信息)"
    r"|(?:コード|リンク)[^、。]{0,6}追加|(?:코드|링크)[^.]{0,6}추가",
    re.IGNORECASE,
)
_THE_LIST = re.compile(
    r"\b(?:updat\w+|chang\w+|fix\w*|modif\w+) (?:(?:the|your|this|my) )?(?:readme(?:\.md)?|list"
    r"|repo\w*|survey|collection)\b",
    re.IGNORECASE,
)
TOPICS = {
    "code": any_of(r"codes?\b|repo(?:s|sitor\w+)?\b|github|implementation\w*|c[oó]digos?\b",
                    "代码|代碼|コード|코드"),
    "title": any_of(r"titles?\b|titled\b|now called\b|names? of (?:the|this|our|my) paper"
                     r"|paper['’]?s? name|renam\w+|t[ií]tulo|titre\b|titel\b|titolo|назван\w+",
                     "标题|標題|题目|题名|タイトル|제목"),
    "venue": any_of(
        r"venues?\b|conferences?\b|conf\b|journals?\b|proceedings?\b|publication\b|accepted\b"
        r"|accept[ée]\w*|angenommen|aceptad\w+|aceito|принят\w*|published (?:in|at|by|on)"
        r"|conferencia|revista|zeitschrift|konferenz",
        "会议|會議|期刊|接收|录用|錄用|採択|学会|학회|저널|채택",
    ),
    "date": any_of(r"dates?\b|years?\b|months?\b|fecha|año|data\b|ano\b|jahr\b|datum\b|monat\b",
                    "年份|日期|月份|年月|날짜|연도|日付"),
    "authors": any_of(r"authors?\b|autor\w*|auteurs?\b|автор\w*", "作者|著者|저자"),
    "categories": any_of(
        r"categor\w+|(?:sub)?sections?\b|classif\w+|belongs?\b|kategorie\w*|категор\w+",
        "分类|分類|类别|不属于|カテゴリ|분류",
    ),
    "data": any_of(r"data ?sets?\b", "数据集|データセット|데이터셋"),
    "project": any_of(r"project (?:web)?(?:pages?|sites?)|home ?page|web ?site", "项目主页|主页"),
    "url": any_of(
        r"(?:hyper)?links?\b|urls?\b|pdfs?\b|address(?:es)?\b|doi\b|ids?\b|enlaces?\b|liens?\b|ссылк\w+",
        "链接|連結|鏈接|地址|网址|リンク|링크",
    ),
    "other": any_of(r"abstracts?\b|institutions?\b|affiliations?\b|logos?\b|descriptions?\b"
                     r"|citations?\b|references?\b|bibtex|volumes?\b|figures?\b|tables?\b",
                     "摘要|机构"),
}  # fmt: skip
PAPER_LINK = re.compile(
    r"(?:paper|pdf|arxiv|article|publication|full[- ]text)\W{0,2}\s?(?:\w+ )?(?:hyper)?(?:link|url"
    r"|address)|论文链接",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"[?？]\s*[\"”’)）]*\s*$|吗\s*$|请问|請問|^\W*(?:any (?:news|plans?|update))\b", re.IGNORECASE
)
_NAMES_PAPER = re.compile(r"\W*(?:papers?|titles?|name|论文|标题)\b", re.IGNORECASE)
_OWN = re.compile(r"\b(?:our|my|authors?)\b|我们|我們|저희|私たち", re.IGNORECASE)
_OF_OTHERS = re.compile(
    r"\b(?:on top of|third[- ]party|tool(?:kit)?s?|my (?:code|repo|implementation)"
    r"|mi implementación|librar(?:y|ies)|re-?implement\w*|unofficial|(?:my|our|a) fork of|wrapper"
    r"|plugin|tutorial|blog|I (?:have )?(?:trained|implemented|wrote|built|made|translated"
    r"|ported))\b|我的代码|我的实现|复现|私のコード|再現|제 코드|재현",
    re.IGNORECASE,
)

# In capitals they may be a title's own words.
_COMPLAINT = re.compile(
    r"\b(?:wrong|broken|dead|incorrect|missing) (?:\w+ )?(?:link|url|code|venue|title|year|date)\b"
    r"|\b(?:link|pdf|url|venue|year) (?:is|are|opens|points|leads|goes|should)\b|\bshould be$"
)
_DERIVED = re.compile(
    r"\b(?:follow-?up|successor|sequel|extension|extended version"
    r"|journal version)(?: \w+){0,2}? (?:of|to|on)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cues:
    """Which kinds of words a sentence has.

    Attributes:
        fault: says that something about a paper is wrong, or has to be changed.
        update: says so only by the word *update*.
        attribute: asks for a code link, a venue or the like to be added.
        news: says that a paper was accepted, or its code released.
        listed: says that the paper is in the list.
        removal: mentions removing, retracting or a doubled entry.
        cites: mentions citing.
        artifacts: belongs to the call for artifacts that many repositories receive.
        question: ends as a question does.
    """

    fault: bool
    update: bool
    attribute: bool
    news: bool
    listed: bool
    removal: bool
    cites: bool
    artifacts: bool
    question: bool

    @property
    def speaks_of_listed(self) -> bool:
        """Whether it is about a paper that the list has already."""
        return self.fault or self.attribute or self.listed


def cues_of(sentence: str) -> Cues:
    """Return the cues of one sentence, whose titles are masked."""
    text = _THE_LIST.sub(" ", sentence[:_MAX_TEXT])
    update = bool(_UPDATES.search(text) and not _HAS_FAULT.search(_UPDATES.sub(" ", text)))
    # *Paper updates* are as often new papers.
    wrong = _PAPER_WORD.sub(" ", text) if update else text
    return Cues(
        fault=bool(
            (_HAS_FAULT.search(text) and _HAS_FIELD.search(wrong)) or _CORRECTION.search(text)
        ),
        update=update,
        attribute=bool(_ATTRIBUTE.search(text) and not _AND_PAPERS.search(text)),
        news=bool(_NEWS.search(text)),
        listed=bool(_LISTED.search(_OTHER_THING.sub(" ", text))),
        removal=bool(_REMOVAL.search(text)),
        cites=bool(_CITES.search(text)),
        artifacts=bool(_ARTIFACTS.search(text)),
        question=bool(_QUESTION.search(text.strip())),
    )


def topics_of(text: str) -> frozenset[str]:
    """Return the record fields that a sentence mentions; `other` for anything else."""
    text = text[:_MAX_TEXT]
    topics = frozenset(name for name, found in TOPICS.items() if found.search(text))
    is_code_link = bool(topics & {"code", "project"}) and not PAPER_LINK.search(text)
    return topics - {"url"} if is_code_link else topics


def is_complaint(text: str) -> bool:
    """Tell whether words in a title's place report a fault: *MiniLLM: wrong link, correct*."""
    return _COMPLAINT.search(text[:_MAX_TEXT]) is not None


def names_own(text: str) -> bool:
    """Tell whether words name a paper as the author's, or as the one that is meant."""
    return _OWN.search(text) is not None or _NAMES_PAPER.match(text) is not None


def names_derived(text: str) -> bool:
    """Tell whether words describe a later paper by an earlier one: *the follow-up of*."""
    return _DERIVED.search(text[:_MAX_TEXT]) is not None


def names_others(text: str) -> bool:
    """Tell whether words are about something based on a paper: a toolkit, a fork, a blog post."""
    return _OF_OTHERS.search(text) is not None
