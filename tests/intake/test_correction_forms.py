"""Corrections as forms of statement × fields × ways to name the paper, and the same in doubt.

No row is anybody's text. A form that works for one field works for every field that it can state.
"""

from tests.intake.texts import ACTS
from tests.rows import each

MINILLM = "MiniLLM: Knowledge Distillation of Large Language Models"
RENAMED = "MiniLLM: On-Policy Distillation of Large Language Models"
LINK = "https://arxiv.org/abs/2306.08543"
GKD = "On-Policy Distillation of Language Models: Learning from Self-Generated Mistakes"
LISTED = [
    {"title": MINILLM, "url": LINK},
    {"title": GKD, "url": "https://arxiv.org/abs/2306.13649"},
    {
        "title": "DistiLLM: Towards Streamlined Distillation for Large Language Models",
        "url": "https://arxiv.org/abs/2402.03898",
    },
]
NAMES = {
    "title": MINILLM,
    "quoted": f'"{MINILLM}"',
    "bold": f"**{MINILLM}**",
    "address": LINK,
    "short": "MiniLLM",
    "entry": f"[{MINILLM}]({LINK})",
    "issue title": "the paper",
}
# Field: its words, the old, the new and another value, and what changes in the record.
FIELDS = {
    "venue": ("venue", "ICML 2023", "ICLR 2024", "NeurIPS 2023", {"venue": "ICLR", "year": 2024}),
    "code": (
        "code link", "https://github.com/old/minillm", "https://github.com/microsoft/LMOps",
        "https://github.com/b/minillm", {"code": ("https://github.com/microsoft/LMOps",)},
    ),
    "url": (
        "paper link", LINK, "https://openreview.net/forum?id=5h0qf7IBZZ",
        "https://openreview.net/forum?id=aaaaaaaaaa", {"openreview": "5h0qf7IBZZ"},
    ),
    "title": (
        "title", f'"{MINILLM}"', f'"{RENAMED}"', '"Tiny Students Learn Fast and Well"',
        {"title": RENAMED},
    ),
    "date": ("date", "2023-07", "2023-06", "2023-05", {"date": "2023-06"}),
    "data": (
        "dataset link", "https://huggingface.co/datasets/x/y",
        "https://huggingface.co/datasets/a/b", "https://huggingface.co/datasets/c/d",
        {"data": ("https://huggingface.co/datasets/a/b",)},
    ),
}  # fmt: skip
# The words of other languages: Chinese, Japanese, Korean, French, German.
WORDS = {
    "venue": ("会议", "会議名", "학회", "conférence", "Konferenz"),
    "code": ("代码链接", "コードのリンク", "코드 링크", "lien du code", "Code-Link"),
    "url": ("论文链接", "論文リンク", "논문 링크", "lien", "Link"),
    "title": ("标题", "タイトル", "제목", "titre", "Titel"),
    "date": ("日期", "日付", "날짜", "date", "Datum"),
    "data": ("数据集链接", "データセットのリンク", "데이터셋 링크", "lien", "Dataset-Link"),
}
FORMS = (
    "The {f} of {p} should be {n}.",
    "The {f} of {p} should be {n}, not {o}.",
    "Please change the {f} of {p} from {o} to {n}.",
    "Hi, could you update the {f} of {p} to {n}? Thanks!",
    "In the {f} of {p}, please replace {o} with {n}.",
    "The {f} of this paper has changed: {p}\n\nBefore: {o}\nAfter: {n}",
    "Paper: {p}\n{F}: {o} -> {n}",
    "{p}\n\n- {F}: {o} → {n}",
    "{p}\n\n- Old {f}: {o}\n- New {f}: {n}",
    "{p}\n\nWrong {f}: {o}\nCorrect {f}: {n}",
    "**Paper:** {p}\n**Current {f}:** {o}\n**Suggested {f}:** {n}",
    "### Paper\n\n{p}\n\n### Current {f}\n\n{o}\n\n### Correct {f}\n\n{n}",
    "## Paper\n{p}\n## What is wrong\nThe {f}\n## Correct value\n{n}",
    "The {f} of {p} is now {n}.",
    "{p}\n\n| Field | Current | Correct |\n|---|---|---|\n| {F} | {o} | {n} |",
    "The {f} of {p} is wrong. The correct {f} is {n}",
    "The {f} of {p} is wrong, the correct one is {n}.",
    "{p} is listed with the {f} {o}, it should be {n}.",
    "Instead of {o}, the {f} of {p} should be {n}.",
    "I noticed that the {f} for {p} is wrong. It should be {n} instead of {o}.",
    "Updated {f} for {p}: {n}",
    "The {f} ({o}) of {p} is outdated; the new one is {n}.",
    "The {f} of the following paper is incorrect:\n\n{p}\n\nIt should be:\n\n{n}",
    "The {f} of {p} currently says {o} but it should be {n}.",
    "The {f} of {p} has changed to {n}.",
    "Maybe you should fix the {f} of {p}: it should be {n}.",
    "For {p}, please use {n} as the {f}.",
    "{p} 的{zh}应为 {n}",
    "请把 {p} 的{zh}从 {o} 改为 {n}，谢谢",
    "{p} 的{zh}有误（{o}），正确的是 {n}",
    "{p} の{ja}は {o} ではなく {n} です。",
    "{p} 의 {ko} 는 {o} 가 아니라 {n} 입니다.",
    "Le {fr} de {p} est faux, il devrait être {n} au lieu de {o}.",
    "Der {de} von {p} ist falsch, richtig ist {n} statt {o}.",
)
VALUE_FORMS = (  # a title may name the paper in these
    "Paper: {p}\nCurrent: {o}\nExpected: {n}\n\nThat is about the {f}.",
    "| Paper | Old {f} | New {f} |\n|---|---|---|\n| {p} | {o} | {n} |",
    "Wrong {f}:\n```diff\n- {p}, {o}\n+ {p}, {n}\n```",
    "Please correct {p}:\n\n- {F}: {n}",
    "{F} of {p}: {n} (currently {o})",
)
FORMS_OF = {
    "venue": (
        "{p} has been accepted to {n}.",
        "Hi, our paper {p} was accepted by {n}, could you update the list?",
        "Good news: {p} got accepted at {n}! Please update.",
        "{p} was published in {n}.",
        "{p} is a paper at {n}, not at {o}.",
        "{p} will appear at {n}",
        "{p} is published at [{n}](https://iclr.cc/virtual/2024/poster/19450)",
        "Please update {p} (accepted to {n}).",
        "{p} is not {o} but {n}.",
        "{p} 已被 {n} 接收",
        "{p} 的论文已被{n}录用",
        "{p} 发表于 {n}，不是 {o}",
    ),
    "code": (
        "Here is the code of {p}: {n}",
        "The code of {p} is available at {n}",
        "We have released the code for {p} at {n}.",
        "The code of {p} has moved from {o} to {n}.",
        "The code link of {p} ({o}) is dead. {n} works.",
        "The code of {p} is available [here]({n}).",
        "{p} has no code link, but there is one: {n}",
    ),
    "url": (
        "The link of {p} is broken. The correct link is {n}",
        "The link of {p} is dead. The paper is available at {n}",
        "The link to {p} doesn't work. Updated link: {n}",
        "The link of {p} points to the wrong paper. It should point to {n}",
    ),
}
IN_DOUBT = (
    "The {f} of {p} is wrong.\n\nMay be:\n\n{n}",
    "The {f} of {p} is wrong, maybe it should be {n}",
    "I think the {f} of {p} is {n}.",
    "Could it be that the {f} of {p} is {n}?",
    "Shouldn't the {f} of {p} be {n}?",
    "The {f} of {p} should be {n}. But I am not sure about this.",
    "I am not sure about this. The {f} of {p} should be {n}.",
    "The {f} of {p} should probably be {n}.",
    "I guess the correct {f} of {p} is {n}",
    "The {f} of {p} appears to be {n}",
    "As far as I know, the {f} of {p} is {n}",
    "If I'm not mistaken, the {f} of {p} is {n}",
    "I wonder if the {f} of {p} should be {n}",
    "Could you check whether the {f} of {p} is {n}?",
    "Somebody told me that the {f} of {p} is {n}.",
    "The {f} of {p} should be {n} or {n2}.",
    "The correct {f} of {p} is either {n} or {n2}",
    "Which {f} is right for {p}, {n} or {n2}?",
    "Its {f} is {n}, but {n2} elsewhere. Which one should I cite?\n\nI mean {p}.",
    "The {f} of {p} should not be {n}.",
    "{p} is listed with the {f} {n}, which is wrong.",
    "The {f} of {p}, {n}, is broken.",
    "The {f} of {p} used to be {n}.",
    f"The {{f}} of {{p}} and of {GKD} should be {{n}}.",
    'The {f} of "A Fully Unknown Paper about Something Else" should be {n}.',
    "{p} 的{zh}可能是 {n}",
    "{p} 的{zh}好像是 {n}",
    "{p} 的{zh}应该是 {n} 吧？",
    "{p} の{ja}は {n} かもしれません。",
    "Le {fr} de {p} est peut-être {n}.",
    "Der {de} von {p} ist vielleicht {n}.",
    "{p} 的{zh}应该是 {n} 吧。",
)
STATED = [
    *((field, form) for field in FIELDS for form in FORMS),
    *((field, form) for field in FIELDS if field != "title" for form in VALUE_FORMS),
    *((field, form) for field, forms in FORMS_OF.items() for form in forms),
]
ALL_FORMS = list(dict.fromkeys((*(form for _, form in STATED), *IN_DOUBT)))


def text_of(field, form, name):
    word, old, new, other, _ = FIELDS[field]
    words = dict(zip(("zh", "ja", "ko", "fr", "de"), WORDS[field], strict=True))
    body = form.format(f=word, F=word.capitalize(), p=NAMES[name], o=old, n=new, n2=other, **words)
    title = MINILLM if name == "issue title" else "Correction"
    return {"title": title, "body": body, "listed": LISTED, "expected": []}


def names_for(field, form):
    """How the paper may be named: by nothing that is the old value, too."""
    old = {"url": {"address"}, "title": NAMES.keys() - {"address", "short", "issue title"}}
    is_old = field == "url" or "{o}" in form
    return NAMES.keys() - (old.get(field, set()) if is_old else set())


def some_names(field, form):
    """Two of the ways, in turn through the fields, or all where only one field has the form."""
    names, allowed = list(NAMES), names_for(field, form)
    if form in FORMS_OF.get(field, ()):
        return allowed
    turns = sorted(FIELDS, key=lambda one: one in {"url", "title"})  # which have fewer ways
    first = (ALL_FORMS.index(form) + 2 * turns.index(field)) % len(names)
    return [name for name in (*names[first:], *names[:first]) if name in allowed][:2]


@each("form", ALL_FORMS)
def test_every_form_meets_every_way_to_name_the_paper(form):
    fields = [field for field, one in STATED if one == form] or FIELDS
    met = {name for field in fields for name in some_names(field, form)}
    assert met == {name for field in fields for name in names_for(field, form)}


@each(("field", "form"), STATED)
def test_a_form_states_each_field_of_a_paper_however_it_is_named(reader, field, form):
    for name in some_names(field, form):
        text = text_of(field, form, name)
        (paper,) = reader.answer(text).report.papers
        assert (paper.verdict, paper.before.title) == ("update", MINILLM), text["body"]
        before, after = reader.values(paper.before), reader.values(paper.paper)
        changed = {n: value for n, value in after.items() if before.get(n) != value}
        wanted = FIELDS[field][-1]
        assert {n: tuple(v) if isinstance(v, list) else v for n, v in changed.items()} == wanted


@each("form", IN_DOUBT)
def test_a_value_in_doubt_is_left_to_people(reader, form):
    for field in FIELDS:
        for name in some_names(field, form):
            text = text_of(field, form, name)
            assert ACTS.index(reader.answer(text).act) <= ACTS.index("needs-maintainer"), text


PAGE = "https://openreview.net/forum?id=5h0qf7IBZZ"


@each(
    ("body", "wanted"),
    [
        (
            (
                "Links of FooKD ([code](https://github.com/a/foo)) and MiniLLM"
                " ([code](https://github.com/a/m))"
            ),
            {"code": ["https://github.com/a/m"]},
        ),
        (f'"{MINILLM}, ICLR 2024" has a new project page.', {}),
        (f"The code of {MINILLM} is at https://github.com/a/m\n\nps: coming soon", {}),
        (
            (
                f'The paper link is dead:\n\n"{MINILLM}" (ICLR 2024) [[paper]({LINK})]'
                f"[[code](https://github.com/a/m)]\n\nPlease update it to {PAGE}"
            ),
            {"openreview": "5h0qf7IBZZ"},
        ),
        (
            (
                f"The venue of {MINILLM} is wrong:\n\n- `foo2024bar`: @article -> @inproceedings."
                " Now cites ICML 2024."
            ),
            {},
        ),
        (
            f"Please update:\n\nTitle: {MINILLM}\nAuthors: Ann Lee, Bo Roe\nVenue: ICLR 2024",
            {"venue": "ICLR"},
        ),
        (
            (
                f"《{MINILLM}》的代码链接错给成了《Tiny Students: Learning Fast and Well》的链接，"
                "正确的链接应该是 https://github.com/a/m"
            ),
            {"code": ["https://github.com/a/m"]},
        ),
        (
            (
                f"论文链接有误：{MINILLM} (ICLR 2024) [[paper]({LINK})][[code](https://github.com/a/m)]"
                " 的 [paper] 链接错误指向了\n"
                f"[B] Quick Students of Many Teachers (ICML 2024) [[paper]({LINK})]"
                " [[code](https://github.com/b/q)] [[project](https://b.github.io/q/)]"
            ),
            {},
        ),
        (f"Code links of two papers added:\n1. {MINILLM} (ICLR 2024).\n2. {GKD} (ICLR 2024).", {}),
        ("- [MiniLLM](https://github.com/a/m): arXiv -> ICLR", {"venue": "ICLR"}),
        ("Update venue:\n- [MiniLLM](https://a.github.io/m/): ICLR", {"venue": "ICLR"}),
        (
            'MiniLLM is published at "ICLR 2024" under the name "Small Students of Large Teachers"',
            {"title": "Small Students of Large Teachers", "venue": "ICLR"},
        ),
        ('The title of MiniLLM should be "MiniLLM: Small Students of Large..."', {}),
        (f"The link for the paper '{MINILLM}' should be https://github.com/a/m", {}),
        ("The paper link of MiniLLM should be https://github.com/a/m", {}),
        (f'The title of {MINILLM} is: 将 [11] 改指 "MiniLLM"，并补全 MiniLLM 的作者', {}),
    ],
)
def test_what_is_not_said_of_the_paper_is_not_taken(reader, body, wanted):
    text = {"title": "Correction", "body": body, "listed": LISTED, "expected": []}
    updates = [p for p in reader.answer(text).report.papers if p.verdict == "update"]
    changed = {}
    for paper in updates:
        before, after = reader.values(paper.before), reader.values(paper.paper)
        changed |= {n: v for n, v in after.items() if before.get(n) != v and n != "year"}
    assert changed == wanted
