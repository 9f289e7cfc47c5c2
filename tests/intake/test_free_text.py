"""The parts of reading free text: titles, links, labels, venues, authors, BibTeX, intent."""

import time
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from kdbot.intake.bibtex import parse_bibtex
from kdbot.intake.intent import _asks_fact, asks_to_add, is_mention, split_sentences
from kdbot.intake.links import find_links, role_of_link
from kdbot.intake.markdown.blocks import parse_markdown
from kdbot.intake.markdown.lines import Line, Run
from kdbot.intake.mentions import split_labels
from kdbot.model.proposal import Intent
from kdbot.text.hosts import LinkRole
from kdbot.text.labels import field_of_label, label_role
from kdbot.text.latex import decode_latex, escape_latex
from kdbot.text.names import names_in, without_byline
from kdbot.text.titles import clean_title, is_short_name, is_title
from kdbot.text.venues import find_venue
from tests.rows import each


def plain(text):
    return Line(spans=(Run(text=text),))


def first_line(markdown):
    return parse_markdown(markdown)[0].lines[0]


@each(
    "text",
    [
        "MiniLLM: Knowledge Distillation of Large Language Models",
        "Are Large Language Models Really Good Logical Reasoners? A Study and Beyond",
        "LLMs can Compress LLMs: Adaptive Pruning by Agents",
        "Textbooks Are All You Need",
        "What Should We Learn From Teachers",
        "Orca 2: Teaching Small Language Models How to Reason",
    ],
)
def test_words_that_look_like_a_title(text):
    assert is_title(text)


@each(
    "text",
    [
        "paper link",
        "Thanks again for maintaining this valuable resource!",
        "Please Add Our New Paper To The List",
        "We recently released a new paper on arXiv",
        "unified experimental comparisons across representative techniques",
        "Added the paper Learning to Teach to the list",
        "https://arxiv.org/abs/2306.08543",
        "Best regards",
        "Our Method Is Better Than Yours in Every Way because we tried",
        "SLM survey paper",
    ],
)
def test_words_that_do_not(text):
    assert not is_title(text)


@each(
    ("text", "title"),
    [
        ('"A Title of a Paper"', "A Title of a Paper"),
        ("“A Title of a Paper”.", "A Title of a Paper"),
        ("1. A Title of a Paper", "A Title of a Paper"),
        ("- [2] A Title of a Paper:", "A Title of a Paper"),
        ("A Title of a Paper (our work)", "A Title of a Paper"),
        ("A Title of a Paper (", "A Title of a Paper"),
        ("[ICLR 2024] A Title of a Paper", "A Title of a Paper"),
        ("A Title of “a” Paper", "A Title of “a” Paper"),
        ("What Is a Title?", "What Is a Title?"),
        ("A  Title\tof a Paper", "A Title of a Paper"),
        ("3D Students (and Teachers)", "3D Students (and Teachers)"),
        ("", ""),
    ],
)
def test_a_title_is_cleaned_of_what_stands_around_it(text, title):
    assert clean_title(text) == title
    assert clean_title(clean_title(text)) == title


@each(
    ("text", "short"),
    [
        *[(name, True) for name in ("HOMER", "LLM-Neo", "M4", "SLM Survey")],
        *[(name, False) for name in ("Orca 2", "paper", "arXiv", "The Method", "")],
    ],
)
def test_acronyms_stand_in_place_of_a_title(text, short):
    assert is_short_name(text) == short


@each(
    ("text", "addresses"),
    [
        ("(https://arxiv.org/abs/2306.08543),", ["https://arxiv.org/abs/2306.08543"]),
        ("X（https://arxiv.org/abs/2306.08543): an", ["https://arxiv.org/abs/2306.08543"]),
        ("https://en.wikipedia.org/wiki/A_(b) c", ["https://en.wikipedia.org/wiki/A_(b)"]),
        ("https://a.org/x,https://b.org/y", ["https://a.org/x", "https://b.org/y"]),
        ("链接：https://a.org/x。谢谢", ["https://a.org/x"]),
        ("arXiv:2306.08543v2 and arXiv 1412.6550", ["2306.08543v2", "1412.6550"]),
        ("[2306.08543]", ["2306.08543"]),
        ("arxiv.org/abs/2306.08543", ["arxiv.org/abs/2306.08543"]),
        ("doi:10.1145/3580305.3599790.", ["doi:10.1145/3580305.3599790"]),
        ("version 1412.6550 of 2024.07, 12345.67890, 202605.0776, 3636534.3649361", []),
        ("P19-1001 costs 5 dollars", []),
        ("mail me at a@arxiv.org/abs/2306.08543x", []),
        ("no link", []),
    ],
)
def test_addresses_and_identifiers_end_where_a_person_ends_them(text, addresses):
    found = [link.address for link in find_links(plain(text))]
    assert [a.removeprefix("arXiv:") for a in found] == addresses


@each(
    ("markdown", "label", "role"),
    [
        ("https://arxiv.org/abs/2306.08543", "code", LinkRole.PAPER),
        ("https://github.com/a/b", None, LinkRole.CODE),
        ("https://github.com/a/b/tree/main/c", "paper", LinkRole.CODE),
        ("https://github.com/a", None, LinkRole.OTHER),
        ("https://github.com/a/b/issues/3", "code", LinkRole.OTHER),
        ("https://github.com/a/b/blob/main/paper.pdf", None, LinkRole.PAPER),
        ("https://github.com/a/b/blob/main/White_Paper.md", "paper", LinkRole.PAPER),
        ("https://github.com/a/b/files/4229997/paper.pdf", None, LinkRole.OTHER),
        ("https://github.com/user-attachments/files/1/paper.pdf", None, LinkRole.OTHER),
        ("https://github.com/a/awesome-b", None, None),
        ("https://github.com/a/awesome-b", "code", LinkRole.CODE),
        ("https://huggingface.co/datasets/a/b", None, LinkRole.DATA),
        ("https://huggingface.co/a/b", None, LinkRole.OTHER),
        ("https://a.github.io/b", None, LinkRole.PROJECT),
        ("https://x.com/a/status/1", "paper", LinkRole.OTHER),
        ("https://example.org/a", None, None),
        ("https://example.org/a", "project", LinkRole.PROJECT),
        ("[paper](https://example.org/a)", None, LinkRole.PAPER),
        ("[code](https://example.org/a)", "url", LinkRole.CODE),
        ("https://doi.org/10.5281/zenodo.123456", None, LinkRole.DATA),
        ("https://proceedings.mlr.press/v1/a.html", None, LinkRole.PAPER),
    ],
)
def test_a_link_leads_to_what_address_and_words_say(markdown, label, role):
    (link,) = find_links(first_line(markdown))
    assert role_of_link(link, label) is role


@each(
    ("text", "field"),
    [
        ("Title", "title"),
        ("📚 Paper", "paper"),
        ("1. Code Link", "code"),
        ("Our official code", "code"),
        ("论文链接", "url"),
        ("会议", "venue"),
        ("Suggested section", "categories"),
        ("Abstract", "ignored"),
        ("Foo", None),
        ("a long sentence that merely ends in the word title", None),
    ],
)
def test_labels_are_known_by_their_words(text, field):
    assert field_of_label(text) == field


@each(
    ("markdown", "parts"),
    [
        ("Title: A: B", [("title", "A: B")]),
        ("Title: X | Code: y", [("title", "X |"), ("code", "y")]),
        ("**Paper:** X **Code:** y", [("paper", "X"), ("code", "y")]),
        ("See this (Title: A) too", [(None, "See this ("), ("title", "A"), (None, ") too")]),
        ("arXiv:2306.08543", [(None, "arXiv:2306.08543")]),
        ("https://a.org", [(None, "https://a.org")]),
        ("I said: no", [(None, "I said: no")]),
        ("Title: Maps Authors: B Venue: C", [("title", "Maps"), ("authors", "B"), ("venue", "C")]),
        (
            "How Small Students Walk Paper: https://a.org",
            [(None, "How Small Students Walk"), ("paper", "https://a.org")],
        ),
        ("see our Paper: https://a.org", [(None, "see our Paper: https://a.org")]),
    ],
)
def test_a_line_is_cut_at_its_labels(markdown, parts):
    found = [(field, part.text.strip()) for field, part in split_labels(first_line(markdown))]
    assert found == parts


@each(
    ("text", "venue"),
    [
        ("accepted to ICLR 2024.", "ICLR 2024"),
        ("our ECCV24 paper", "ECCV24"),
        ("(upcoming at NeurIPS '22)", "NeurIPS '22"),
        ("Venue ICML 2025 Oral", "ICML 2025 Oral"),
        ("published in Findings of EMNLP 2023", "Findings of EMNLP 2023"),
        ("arXiv will be available soon", None),
        ("arXiv 2402.12030", None),
        ("(arXiv 24.02)", "arXiv"),
        ("We use code and data", None),
        ("A Title of It. TPAMI 39(4): 1-12", "TPAMI"),
        ("SLOW 2025 (Workshop on Teachers) at ACL 2025.", "ACL 2025 Workshop"),
        ("published in Pedagogics in 2023", "Pedagogics"),
        ("published in March 2023", None),
        ("in Journal of Patient Students, 2025", "Journal of Patient Students"),
        ("submitted to Journal of Patient Students", None),
        ("a new cvpr2021 paper", "cvpr2021"),
        ("In Proceedings of the 38th Symposium on Slow Walks (SOSW), 2023", "SOSW"),
        ("in Proc. of the Symposium on Slow Walks, 2023", "Symposium on Slow Walks"),
        ("a copy of the proceedings of Slow Walks", None),
        ("our paper from SOSW 2021", "SOSW 2021"),
        ("a paper on SOSW’19", "SOSW’19"),
        ("papers on LLMs 2024", None),
        ("we trained on COCO 2017", None),
        ("Published in UUU Transactions on Pedagogics -2023", "UUU Transactions on Pedagogics"),
    ],
)
def test_venues_in_running_text(venues, text, venue):
    found = find_venue(text, venues)
    assert (found and found.text) == venue


@each(
    ("text", "names"),
    [
        ("Ann Lee, Bo Chen and Cy Diaz", ("Ann Lee", "Bo Chen", "Cy Diaz")),
        ("Jean-Luc van Dam, Á. Cserveni", ("Jean-Luc van Dam", "Á. Cserveni")),
        ("Ann Lee*, Bo Chen", ("Ann Lee", "Bo Chen")),
        # Some of the authors are not the authors.
        ("Ann Lee*, Bo Chen et al.", ()),
        ("Ann Lee", None),
        ("smaller, faster, cheaper", None),
    ],
)
def test_authors_are_at_least_two_names(text, names):
    assert names_in(text, least=2) == names


def test_bibtex_is_read_even_where_it_breaks_off():
    (entry,) = parse_bibtex(
        '@article{x, title = "{A} Title", author={Lee, Ann and Bo Chen},'
        " journal={arXiv preprint arXiv:2306.08543}, year=2023, note={never closed"
    )
    assert entry.title == "A Title"
    assert entry.authors == ("Ann Lee", "Bo Chen")
    assert entry.links == ("arXiv:2306.08543",)
    assert (entry.venue, entry.date) == ("arXiv", "2023")


@each(
    ("title", "whole"),
    [
        ("Slow Walks by Google Research", "Slow Walks"),
        ("Slow Walks, by Meta AI and Lund University", "Slow Walks"),
        ("Slow Walks by the Qwen Team", "Slow Walks"),
        ("Slow Walks by Meta Learning", "Slow Walks by Meta Learning"),
        ("Slow Walks by Natural Language", "Slow Walks by Natural Language"),
    ],
)
def test_an_institution_behind_a_title_is_none_of_it(title, whole):
    assert without_byline(title) == whole


@each(
    ("words", "role"),
    [
        ("Code/Model/Data", LinkRole.CODE),
        ("Video & Slides", LinkRole.OTHER),
        ("Slides and Paper", LinkRole.PAPER),
        ("Maps and Code", None),
    ],
)
def test_the_words_of_a_link_may_name_several_things(words, role):
    assert label_role(words) is role


@each(
    ("before", "mentioned"),
    [
        ("Please add our paper ", False),
        ("Please add our paper, which builds on ", True),
        ("It outperforms A and ", True),
        ("We cite ", True),
        ("In your survey (", True),
        ("Please add to your list: ", False),
        ("Please add our domain generalisation paper ", False),
        ("Following your format, please add ", False),
        ("", False),
    ],
)
def test_a_paper_may_only_be_spoken_of(before, mentioned):
    assert is_mention(before) == mentioned


@each(
    ("text", "fact", "add"),
    [
        ("Could you please add our paper?", False, True),
        ("Do you want to include this paper?", False, True),
        ("Is MiniLLM included?", True, False),
        ("Why is it not added?", True, False),
        ("I wonder whether our paper could be added.", False, True),
        ("Could you add the code link?", False, False),
        ("Thank you.", False, False),
        ("请考虑收录", False, True),
    ],
)
def test_questions_and_requests_are_told_apart(text, fact, add):
    assert _asks_fact(text) == fact
    assert asks_to_add(text) == add


def test_sentences_end_neither_in_abbreviations_nor_in_links():
    text = "See Roe et al. for v1.5, e.g. here. Is it? (a. b) Yes"
    spans = [(text.index("(a. b)"), text.index(" Yes"))]
    assert [s.text.strip() for s in split_sentences(text, spans)] == [
        "See Roe et al. for v1.5, e.g. here.",
        "Is it?",
        "(a. b) Yes",
    ]


@each(
    ("title", "body", "intent"),
    [
        ("Add a category for speech", "Many papers on speech have no home.", Intent.NONE),
        ("Add papers", "Is this list still maintained?", Intent.NONE),
        ("Please remove https://arxiv.org/abs/2306.08543", "", Intent.REMOVE),
        ("https://arxiv.org/abs/2306.08543", "", Intent.ADD),
        ("MiniLLM is at ICLR", "arXiv:2306.08543 was accepted at ICLR 2024", Intent.UPDATE),
        ("", "", Intent.NONE),
    ],
)
def test_what_a_text_is_for(propose, title, body, intent):
    assert propose(title, body).intent is intent


@each(
    ("written", "printed"),
    [
        (r"K. M{\"u}ller", "K. Müller"),
        (r"K. M\"uller", "K. Müller"),
        (r"M\"{u}ller, K.", "K. Müller"),
        (r"Ren{\'e} {\'{E}}", "René É"),
        (r"{\o}rsted, Hans", "Hans ørsted"),
        (r"{\O}stby, \AA sa", "Åsa Østby"),
        (r"Stra{\ss}er", "Straßer"),
        (r"Stra\ss er", "Straßer"),
        (r"{\v{C}}ech, Eduard", "Eduard Čech"),
        (r"Ha\v cek", "Haček"),
        (r"Fran\c{c}ois", "François"),
        (r"Mu\~noz", "Muñoz"),
        (r"Mart{\'\i}n", "Martín"),
        (r"Mart\'{\i}n", "Martín"),
        (r"{{\L}ukasz {\k{A}}}", "Łukasz Ą"),
        (r"Erd{\H{o}}s, P{\'a}l", "Pál Erdős"),
        (r"J{\.I}, \u{g}", "ğ Jİ"),
        (r"B{\ae}k, {\aa}~{\oe}", "å œ Bæk"),
        (r"Nguy{\~\^e}n", "Nguyễn"),
        (r"\unknown{X}", r"\unknownX"),
    ],
)
@each("quotes", ["{}", '""'])
def test_G09_an_accent_is_read_as_it_is_printed(written, printed, quotes):
    entry = f"@article{{k, author = {quotes[0]}{written}{quotes[1]}, title = {{A Title}}}}"
    (read,) = parse_bibtex(entry)
    assert read.authors == (printed,)
    assert read.title == "A Title"


def test_G09_a_title_and_its_addresses_are_read_as_they_are_printed():
    (entry,) = parse_bibtex(
        r"@misc{k, title={{\'E}tude of $\alpha$-Divergence \& {LLM}s: \emph{Why}~100\%},"
        r" url={https://x.org/~a\_b\%20c}, journal={arXiv preprint arXiv:2402.12030}}"
    )
    assert entry.title == "Étude of α-Divergence & LLMs: Why 100%"
    assert entry.links == ("arXiv:2402.12030", "https://x.org/~a_b%20c")


@given(st.text(alphabet="aEiou ßøØæÆœŒłŁıéèêñāăȧöåőčạçąẖαβγλωΓΔΩ&$#%_~^<>|-.,0", max_size=30))
def test_G09_what_the_export_writes_is_read_back(text):
    assert decode_latex(escape_latex(text)) == unicodedata.normalize("NFC", text)


def test_what_stands_together_below_the_line_stays_together() -> None:
    assert decode_latex("The {Group} $M_{23}$ of x^{2}") == "The Group $M_{23}$ of x^2"


@each("unit", ["\\'", "\\'{", '\\"{\\', "\\v", "\\v ", "{", "$\\alpha", '"{', "\\c{\\'"])
def test_G09_C08_the_time_is_linear(unit):
    text = (unit * 65_536)[:65_536]
    started = time.process_time()
    decode_latex(text)
    list(parse_bibtex(f'@a{{k, title = "{text}'))
    assert time.process_time() - started < 0.5
