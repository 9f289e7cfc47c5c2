"""The words by which a sentence says which field of a record it is about, in several languages."""

import re

_MAX_TEXT = 600


def any_of(latin: str, wide: str) -> re.Pattern[str]:
    """Compile word stems: `latin` ones begin a word, `wide` ones match anywhere."""
    return re.compile(rf"(?<![^\W_])(?:{latin})|(?:{wide})", re.IGNORECASE)


_TOPICS = {
    "code": any_of(r"codes?\b|repo(?:s|sitor\w+)?\b|github|implementation\w*|c[oó]digos?\b",
                    "代码|代碼|コード|코드"),
    "title": any_of(r"titles?\b|titled\b|now called\b|names? \(|names? of (?:(?:the|this|our|my) )?"
                     r"paper|(?:with|under) (?:(?:the|a|its) )?(?:new )?name\b"
                     r"|paper['’]?s? name|renam\w+|t[ií]tulo|titre\b|titel\b|titolo|назван\w+",
                     "标题|標題|题目|题名|タイトル|제목"),
    "venue": any_of(
        r"venues?\b|conferences?\b|conf\b|journals?\b|proceedings?\b|accepted\b"
        r"|publication\b(?! dates?| years?| records?)|accept[ée]\w*|angenommen|aceptad\w+|aceito"
        r"|принят\w*|published (?:in|at|by|on)"
        r"|conferencia|revista|zeitschrift|konferenz",
        "会议|會議|期刊|接收|录用|錄用|採択|学会|학회|저널|채택",
    ),
    "date": any_of(r"dates?\b|years?\b|months?\b|fecha|año|data\b|ano\b|jahr\b|datum\b|monat\b",
                    "年份|日期|月份|年月|날짜|연도|日付"),
    "authors": any_of(
        r"(?<!dear )(?<!hi )(?<!hello )authors?\b|autor\w*|auteurs?\b|автор\w*",
        "(?<!尊敬的)(?<!亲爱的)作者|著者|저자",
    ),
    "categories": any_of(
        r"categor\w+|(?:sub)?sections?\b|classif\w+|belongs?\b|kategorie\w*|категор\w+",
        "分类|分類|类别|不属于|カテゴリ|분류",
    ),
    "data": any_of(r"data ?sets?\b", "数据集|データセット|데이터셋"),
    "project": any_of(r"project (?:web)?(?:pages?|sites?)|home ?page|web ?site", "项目主页|主页"),
    "url": any_of(
        r"(?:hyper)?link(?:s|ages?)?\b|urls?\b|address(?:es)?\b|doi\b|ids?\b|enlaces?\b|liens?\b|ссылк\w+",
        "链接|連結|鏈接|地址|网址|リンク|링크",
    ),
    "other": any_of(r"abstracts?\b|institutions?\b|affiliations?\b|logos?\b|descriptions?\b"
                     r"|citations?\b|references?\b|bibtex|volumes?\b|figures?\b|tables?\b",
                     "摘要|机构"),
}  # fmt: skip


def topics_of(text: str) -> frozenset[str]:
    """Return the record fields that a sentence mentions; `other` for anything else."""
    return frozenset(name for name, found in _TOPICS.items() if found.search(text[:_MAX_TEXT]))


PAPER_LINK = re.compile(
    r"(?:paper|pdf|arxiv|article|publication|full[- ]text)\W{0,2}\s?(?:\w+ )?(?:hyper)?(?:link|url"
    r"|address)|论文链接",
    re.IGNORECASE,
)
