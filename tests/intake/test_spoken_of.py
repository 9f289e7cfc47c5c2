"""Which of the papers in a text are proposed, and which are only spoken of."""

import pytest

from kdbot.model.proposal import Intent

P = "https://arxiv.org/abs/2501.00001"
D = "https://arxiv.org/abs/2402.12345"

# {P} is proposed, {D} is not.
OTHERS = [
    "Please add {P}. It was motivated by {D}.",
    "Please add our paper {P}. Compared to {D}, it is faster.",
    "Please add our paper {P}, the follow-up of {D}.",
    "Please add our paper {P}, a follow-up work to [Foo]({D}).",
    "Please add {P}. This is different from the approach taken in {D}.",
    "Please add {P}. Our baseline is {D}.",
    "Please add {P} (not to be confused with {D}).",
    "Please add {P}. The dataset comes from {D}.",
    "Please add {P}. For background see {D}.",
    "Please add {P}. We generalize [Foo]({D}) to speech.",
    "Please add {P}. In the spirit of [Foo]({D}), we train small models.",
    "Please add {P}. We start from [Foo]({D}).",
    "Your list has [Foo]({D}) but not {P}. Please add it.",
    "Since you already list [Foo]({D}), please consider {P} too.",
    "I saw you included {D}. Could you also include {P}?",
    "Next to {D}, please add {P}.",
    "Similar to {D}, our paper {P} trains students. Please add it.",
    "Please add {P} right after {D} in the table.",
    "Please add {P} below [Foo]({D}).",
    "Please replace {D} with {P}, which is the extended version.",
    "Please add {P}. Concurrent work: {D}.",
    "Please add {P}. It cites {D}.",
    "Please add {P}. See also the survey {D}.",
    "Please add {P}\n\nRelated: {D}",
    "Please add {P}\n\nBTW, great work on {D}!",
    "I learned a lot from your paper {D}. Please add {P}.",
    "I learned a lot from your work [A Survey of Things]({D}). Please add [A Title of It]({P}).",
    "Thanks for the survey {D}. Please add {P}.",
    "After reading {D} I think {P} should be added.",
]

# Both are proposed.
BOTH = [
    "Please add {P}. Another one is {D}.",
    "Please add {P}. Also {D}.",
    "Please add {P}. And {D} too!",
    "Please add {P}. The second paper is {D}.",
    "You may want to add {P}. {D} might also be relevant.",
    "Two papers of ours: the first is [A Title of It]({P}). The second is [A Title of That]({D}).",
    "[A Title of It]({P}) is on a loss. [Another Title of It]({D}) is on data. Please add both.",
    "Please add [A Title of Something New]({P}). We also wrote [Another Title of Something]({D}).",
    "Please add these: {P} (loss) and {D} (data).",
    "These would fit: {P}, {D}",
    "I'd add {P} to Feedback and {D} to Planning.",
    "Paper A ({P}) and Paper B ({D}) are missing.",
    "I noticed {P} and {D} are not included yet.",
    "{P}\n{D}\n\nPlease add, thanks",
    "Please add:\n\n{P}\n\nwhich trains students, and\n\n{D}\n\nwhich trains teachers.",
    "Our recent ICLR paper: {P}. Our older ACL paper: {D}.",
    "Missing:\n- [ ] {P}: a paper about students\n- [ ] {D}: a paper about teachers",
    "Could you include {P}? It is the first to do X. {D} extends it to Y and would fit too.",
]

ONE = [
    "Hello, recently we uploaded {P} to arXiv and think it fits your list.",
    "I came across {P} today. It looks like a good fit for the Planning section.",
    "{P} is a nice paper for this list.",
    "What about {P}?",
    "How about adding {P}?",
    "Any chance to get {P} listed?",
    "Is there a reason {P} isn't listed? It would be good to have it.",
    "My advisor's paper {P}",
    "Heads up: {P} is out.",
    "We just put out {P}.",
    "Why not add {P}?",
    "It seems that {P} is missing.",
    "Hi, I think your survey is missing this paper: {P}",
    "Your list lacks the paper {P}",
]

NONE = [
    "Is {D} still state of the art?",
    "I could not reproduce the results of {D}. Any hints?",
    "In {D}, Table 2 reports 45.1 but the list says 44.",
    "What is the difference between {P} and {D}?",
    "FYI: {D} was retracted.",
    "Have you seen {D}?",
    "Our paper {P} cites your survey.",
    "I used the papers of this list, like {D}, in my course. Thank you!",
    "The PDF of {D} cannot be opened.",
    "Could you explain how {D} relates to {P}?",
    "Can you tell me which category {D} belongs to?",
    "When will you add the code for {D}?",
    "Looking for a PyTorch implementation of {D}. Does anyone have one?",
    "Could you release the code of your survey's figures ({D})?",
    "I am writing a review of {D} and need the LaTeX of your table.",
]


def papers(proposal):
    return {c.given["url"].value for c in proposal.candidates if "url" in c.given}


@pytest.mark.parametrize("text", OTHERS)
def test_a_paper_beside_the_proposed_one_is_no_candidate(propose, text):
    proposal = propose("Add a paper", text.format(P=P, D=D))
    assert proposal.intent is not Intent.NONE
    assert papers(proposal) == {P}


@pytest.mark.parametrize("text", BOTH)
def test_two_papers_are_two_candidates(propose, text):
    assert papers(propose("Add papers", text.format(P=P, D=D))) == {P, D}


@pytest.mark.parametrize("text", ONE)
def test_a_request_has_many_words(propose, text):
    proposal = propose("New paper", text.format(P=P, D=D))
    assert proposal.intent is Intent.ADD
    assert papers(proposal) == {P}


@pytest.mark.parametrize("text", NONE)
def test_a_question_or_a_remark_proposes_nothing(propose, text):
    proposal = propose("Question", text.format(P=P, D=D))
    assert proposal.intent not in {Intent.ADD, Intent.UPDATE}


# Titles whose words would ask, remove or compare if their author said them.
TITLES = [
    "Outperforming Larger Models with Less Training Data",
    "Removing Shortcuts from Distilled Students",
    "Why Do Students Fail? A Study of Distillation",
    "Beyond Teachers: Based on What?",
    "Unlike Teachers, Students Forget Quickly",
    "Fixing the Broken Links of Chain-of-Thought",
    "Does Code Now Help? Already Included Knowledge",
    "A New Category of Students",
    "Do Not Cite Your Teacher: Deleting Memories",
    "Is This the Right Teacher? Comparing Students with Teachers",
    "How to Update Your Student",
    "Distilling Step-by-Step! Outperforming Larger Language Models",
]
PLACES = [
    "Please add [{T}]({P}).",
    'Please add our paper "{T}" ({P}).',
    'Please add our paper "{T}" {P}',
    "Please add\n\n{T}\n{P}",
    "Please add:\n- {T} ({P})",
    "Please add\n\nTitle: {T}\nLink: {P}",
    "Please add **{T}**: {P}",
    "| Title | Link |\n|--|--|\n| {T} | {P} |",
    "Could you include the following?\n\n**{T}**\n- Paper: {P}",
]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("title", TITLES)
def test_the_words_of_a_title_ask_for_nothing(propose, title, place):
    proposal = propose("Add a paper", place.format(T=title, P=P))
    assert proposal.intent is Intent.ADD
    assert [c.given["title"].value for c in proposal.candidates] == [title]
    assert papers(proposal) == {P}


@pytest.mark.parametrize("heading", ["{T}", "Add paper: {T}", 'Add "{T}"'])
@pytest.mark.parametrize("title", TITLES)
def test_nor_do_they_in_the_title_of_an_issue(propose, title, heading):
    proposal = propose(heading.format(T=title), P)
    assert proposal.intent is Intent.ADD
    assert [c.given["title"].value for c in proposal.candidates] == [title]
    assert papers(proposal) == {P}


ADDITIONS = [
    ("論文の追加", "この論文をリストに追加していただけますか？ {P}"),
    (
        "追加希望",
        "論文「Tiny Students Learn Fast and Well」（採択）をリストに掲載してください。{P}",
    ),
    ("논문 추가 요청", "안녕하세요, 저희 논문을 리스트에 추가해 주실 수 있나요? 감사합니다.\n{P}"),
    (
        "Solicitud",
        '¿Podrían añadir nuestro artículo "Tiny Students Learn Fast and Well" a la lista? {P}',
    ),
    (
        "Adicionar artigo",
        "Olá! Gostaria de sugerir a inclusão do nosso artigo na lista: {P} Obrigado!",
    ),
    ("Ajouter un article", "Bonjour, pourriez-vous ajouter notre article à votre liste ? {P}"),
    ("Neues Paper", "Hallo, könntet ihr unser Paper in die Liste aufnehmen? {P}"),
    ("Добавить статью", "Здравствуйте! Добавьте, пожалуйста, нашу статью: {P}"),
    (
        "求收录",
        "您好，希望能收录我们 ICLR 2025 的工作，论文链接：{P}，代码已开源：https://github.com/a/b，谢谢！",
    ),
    ("新增論文", "您好，想請您將我們的論文加入清單：{P}"),
    ("论文推荐", "推荐一篇关于蒸馏的新论文：Tiny Students Learn Fast and Well {P}"),
    ("Aggiungere articolo", "Ciao, potreste aggiungere il nostro articolo alla lista? {P}"),
    ("Makale ekleme", "Merhaba, makalemizi listeye ekleyebilir misiniz? {P}"),
    (
        "Paper accepted at ICLR 2025",
        'Our paper "Tiny Students Learn Fast and Well" ({P}) is out, glad to see it listed.',
    ),
    (
        "Add our work",
        "Great list! We believe our work {P} fixes a key error of students; please add it.",
    ),
    ("Missing paper", "Your section on broken rewards misses {P}, which corrects wrong labels."),
]
REMARKS = [
    ("质疑", "请问 MiniLLM ({P}) 的代码在哪里？"),
    ("질문", "MiniLLM({P})은 어떻게 학습하나요?"),
    ("質問", "{P} の実験はどのように再現できますか？"),
    ("Pregunta", "¿Cómo se entrena el modelo de {P}?"),
    ("Frage", "Wie kann ich die Ergebnisse von {P} reproduzieren?"),
    ("Question", "Comment reproduire les résultats de {P} ?"),
    ("Help", "I get CUDA OOM when training the model of {P} with your code."),
    ("Citation", "If you use this list please cite {P}"),
    (
        "Great survey",
        "I read your survey https://arxiv.org/abs/2402.13116 with pleasure, thank you!",
    ),
]


@pytest.mark.parametrize(("title", "body"), ADDITIONS)
def test_a_request_is_one_in_any_language(propose, title, body):
    proposal = propose(title, body.format(P=P))
    assert proposal.intent is Intent.ADD
    assert papers(proposal) == {P}
    assert {c.given["title"].value for c in proposal.candidates if "title" in c.given} <= {
        "Tiny Students Learn Fast and Well"
    }


@pytest.mark.parametrize(("title", "body"), REMARKS)
def test_a_question_is_one_in_any_language(propose, title, body):
    assert propose(title, body.format(P=P)).intent in {Intent.NONE, Intent.UNSURE}
