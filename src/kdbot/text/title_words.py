"""Words that tell titles from other words."""


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(text.split())


GENERIC = word_set(
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
SPEAKERS = word_set(
    "i we my our your us me please thanks thank hi hello hey dear sorry would could i'm i've i'd"
    " we've we're it's there's you you're kindly hope glad here's wondering am was were has have"
    " had been will they he she"
)
SMALL = word_set(
    "a an and are as at be by can do does for from how in into is it its not of on or over the"
    " their through to towards toward under up via vs vs. what when where which while who why with"
    " without within"
)
OPENERS = word_set(
    "this we i our it update best regards sincerely cheers note however moreover also here these"
    " there if since as looking feel let would could can create generated submit"
)
NEVER_OPENS = word_set("please thanks thank hi hello hey dear added adds i'd i'm we've kindly")
ASKS = word_set(
    "add adding added include including consider propose recommend new fix fixed fixes about"
)
REPORTS = word_set(
    "suggestion suggest request kindly please missing update updates proposal recommendation"
    " question questions wrong broken dead incorrect typo bug error errors issue help withdrawn"
)
DETERMINERS = word_set(
    "the our my a an one two three this these some several new recent missing paper papers"
)
LAST_NOT = word_set(
    "a an the of for to in on at by from with or and is are as our your this that paper papers list"
    " work works here via into section category repo repository readme"
)
