"""Which paper a text names: the recorded table, and aliases by the ways sites form addresses."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kdbot.model.identifiers import (
    Identifier,
    IdentifierKind,
    parse_identifier,
)
from tests.rows import each

TABLE = Path(__file__).parent.parent / "data" / "identifiers.jsonl"
CASES = [json.loads(line) for line in TABLE.read_text(encoding="utf-8").splitlines()]

NOTHING = Identifier(kind=IdentifierKind.NONE, canonical=None)


@each("case", CASES, ids=[case["input"] for case in CASES])
def test_table(case):
    assert parse_identifier(case["input"]) == Identifier(
        kind=IdentifierKind(case["kind"]), canonical=case["canonical"], version=case["version"]
    )


ARXIV_ALIASES = {
    "2402.13116": """
        arXiv:2402.13116
        ARXIV:2402.13116
        arXiv 2402.13116
        arXiv.2402.13116
        arXiv preprint arXiv:2402.13116
        arXiv preprint arXiv:2402.13116, 2024
        arXiv preprint arXiv:2402.13116 (2024).
        oai:arXiv.org:2402.13116
        CoRR, abs/2402.13116, 2024
        DBLP:journals/corr/abs-2402-13116
        2402.13116.
        2402.13116.pdf
        (2402.13116)
        `2402.13116`
        **2402.13116**
        "2402.13116",
        2402.13116 .
        arXiv：2402.13116
        <https://arxiv.org/abs/2402.13116>
        (https://arxiv.org/abs/2402.13116).
        [**Title** | arXiv](<https://arxiv.org/abs/2402.13116> "the paper")
        [![arXiv](https://img.shields.io/badge/arXiv-b31b1b.svg)](https://arxiv.org/abs/2402.13116)
        arXiv: https://arxiv.org/abs/2402.13116
        //arxiv.org/abs/2402.13116
        HTTPS://ARXIV.ORG/ABS/2402.13116
        https%3A%2F%2Farxiv.org%2Fabs%2F2402.13116
        https://www.arxiv.org/abs/2402.13116
        https://browse.arxiv.org/pdf/2402.13116.pdf
        https://cn.arxiv.org/abs/2402.13116
        https://arxiv.org./abs/2402.13116
        https://arxiv.org:443/abs/2402.13116
        https://arxiv.org/abs/2402.13116/
        https://arxiv.org//abs//2402.13116
        https://arxiv.org/abs/2402.13116)
        https://arxiv.org/abs/2402.13116,
        https://arxiv.org/abs/2402%2E13116
        https://arxiv.org/abs/2402.13116%20
        https://arxiv.org/abs/arXiv:2402.13116
        https://arxiv.org/abs/2402.13116?context=cs.CL#comments
        https://arxiv.org/pdf/2402.13116?download=1
        https://arxiv.org/format/2402.13116
        https://arxiv.org/bibtex/2402.13116
        https://arxiv.org/2402.13116
        https://export.arxiv.org/api/query?max_results=1&id_list=2402.13116
        https://alphaxiv.org/abs/2402.13116
        https://www.alphaxiv.org/overview/2402.13116?chatId=1
        https://www.alphaxiv.org/zh/overview/2402.13116
        https://www.ar5iv.org/2402.13116
        https://www.emergentmind.com/papers/2402.13116
        https://papers.cool/arxiv/2402.13116
        https://huggingface.co/api/papers/2402.13116
        https://huggingface.co/papers/2402.13116.md
        https://dblp.org/rec/journals/corr/abs-2402-13116
        https://dblp.org/rec/journals/corr/abs-2402-13116.html?view=bibtex
        https://dblp.uni-trier.de/rec/bib/journals/corr/abs-2402-13116
        https://api.semanticscholar.org/graph/v1/paper/arXiv:2402.13116/citations?fields=title
        https://web.archive.org/web/2024*/https://arxiv.org/abs/2402.13116
        https://web.archive.org/web/20240301000000if_/http:/arxiv.org/pdf/2402.13116.pdf
        https://web.archive.org/web/20240301/arxiv.org/abs/2402.13116
        https://scholar.archive.org/work/x7/access/wayback/https://arxiv.org/pdf/2402.13116.pdf
        https://web.archive.org/web/2024/https://huggingface.co/papers/2402.13116
        doi:10.48550/arXiv.2402.13116
        https://dx.doi.org/10.48550/arxiv.2402.13116
        https://api.datacite.org/dois/10.48550/arXiv.2402.13116
    """,
    "math/0309136": """
        math.GT/0309136
        MATH.gt/0309136
        arXiv:math.GT/0309136
        https://arxiv.org/abs/math.GT/0309136
        https://arxiv.org/pdf/math/0309136.pdf
        https://arxiv.org/abs/math%2F0309136
        https://arxiv.org/html/math.GT/0309136
        https://scirate.com/arxiv/math/0309136
        10.48550/arXiv.math.GT/0309136
        https://dblp.org/rec/journals/corr/abs-math-0309136
    """,
    "cs/0001001": """
        cs.CL/0001001
        https://dblp.org/rec/journals/corr/cs-CL-0001001
    """,
    "cond-mat/0309136": "cond-mat.mes-hall/0309136",
    "quant-ph/0606045": "https://dblp.org/rec/journals/corr/abs-quant-ph-0606045",
}

OTHER_ALIASES = {
    (IdentifierKind.DOI, "10.1145/3580305.3599790"): """
        DOI 10.1145/3580305.3599790
        DOI: 10.1145/3580305.3599790
        doi:https://doi.org/10.1145/3580305.3599790
        info:doi/10.1145/3580305.3599790
        10.1145%2F3580305.3599790
        (10.1145/3580305.3599790)
        doi.org/10.1145/3580305.3599790
        http://doi.acm.org/10.1145/3580305.3599790
        https://www.doi.org/10.1145/3580305.3599790
        https://doi.org/doi:10.1145/3580305.3599790
        https://doi.org/10.1145%2F3580305.3599790
        https://doi.org/10.1145/3580305.3599790?utm_source=x&y#z
        https://dl.acm.org/doi/10.1145/3580305.3599790
        https://dl.acm.org/doi/fullHtml/10.1145/3580305.3599790
        https://dl.acm.org/doi/10.1145/3580305.3599790?cid=1
        https://api.crossref.org/works/10.1145/3580305.3599790
        https://web.archive.org/web/2024/https://doi.org/10.1145/3580305.3599790
    """,
    (IdentifierKind.DOI, "10.1007/s11263-021-01453-z"): """
        10.1007/S11263-021-01453-Z
        https://link.springer.com/article/10.1007/s11263-021-01453-z
        https://link.springer.com/article/10.1007/s11263-021-01453-z/fulltext.html#Sec1
        https://link.springer.com/content/pdf/10.1007%2Fs11263-021-01453-z.pdf
    """,
    (IdentifierKind.DOI, "10.1007/978-3-030-58580-8_1"): """
        https://link.springer.com/chapter/10.1007/978-3-030-58580-8_1
        https://link.springer.com/10.1007/978-3-030-58580-8_1
    """,
    (IdentifierKind.DOI, "10.1002/asi.24750"): """
        https://onlinelibrary.wiley.com/doi/abs/10.1002/asi.24750
        https://asistdl.onlinelibrary.wiley.com/doi/10.1002/asi.24750/full
    """,
    (IdentifierKind.DOI, "10.1162/tacl_a_00324"): """
        https://doi.org/10.1162/tacl_a_00324
        https://direct.mit.edu/tacl/article/doi/10.1162/tacl_a_00324/96460/A-Title-in-Words
    """,
    (IdentifierKind.DOI, "10.1093/bioinformatics/btz682"): """
        https://academic.oup.com/bioinformatics/article/doi/10.1093/bioinformatics/btz682
        https://academic.oup.com/bioinformatics/article/doi/10.1093/bioinformatics/btz682/5566506
    """,
    (IdentifierKind.DOI, "10.1126/science.abq1158"): """
        https://www.science.org/doi/10.1126/science.abq1158
    """,
    (IdentifierKind.DOI, "10.3389/fpsyg.2020.00001"): """
        https://www.frontiersin.org/articles/10.3389/fpsyg.2020.00001/full
    """,
    (IdentifierKind.DOI, "10.1371/journal.pone.0123456"): """
        https://journals.plos.org/plosone/article?id=10.1371/journal.pone.0123456
    """,
    (IdentifierKind.DOI, "10.1002/(sici)1097-4571(1998)49:8<693::aid-asi4>3.0.co;2-o"): """
        10.1002/(SICI)1097-4571(1998)49:8<693::AID-ASI4>3.0.CO;2-O
        https://doi.org/10.1002/(SICI)1097-4571(1998)49:8%3C693::AID-ASI4%3E3.0.CO;2-O
    """,
    (IdentifierKind.DOI, "10.1101/2023.07.05.547496"): """
        https://www.biorxiv.org/content/biorxiv/early/2023/07/05/2023.07.05.547496.full.pdf
        https://doi.org/10.1101/2023.07.05.547496
    """,
    (
        IdentifierKind.DOI,
        "10.1117/1.jei.25.5.051205",
    ): "https://www.spiedigitallibrary.org/journals/Journal-of-Electronic-Imaging/volume-25/"
    "issue-5/051205/Shadow-detection/10.1117/1.JEI.25.5.051205.short?SSO=1",
    (
        IdentifierKind.DOI,
        "10.1117/12.3073127",
    ): "https://www.spiedigitallibrary.org/conference-proceedings-of-spie/13816/1381614/"
    "Spatiotemporal-diffusion-model/10.1117/12.3073127.full",
    (IdentifierKind.DOI, "10.1038/s41586-023-06221-2"): """
        https://www.nature.com/articles/s41586-023-06221-2
        https://www.nature.com/articles/s41586-023-06221-2.pdf
        https://www.nature.com/articles/s41586-023-06221-2/figures/1
    """,
    (IdentifierKind.DOI, "10.1038/ncomms5213"): "http://www.nature.com/articles/ncomms5213",
    (IdentifierKind.DOI, "10.1038/nature25978"): "https://www.nature.com/articles/nature25978",
    (IdentifierKind.DOI, "10.1038/323533a0"): "https://www.nature.com/articles/323533a0",
    (IdentifierKind.DOI, "10.1039/c6sc05720a"): """
        https://pubs.rsc.org/en/content/articlelanding/2017/sc/c6sc05720a
        http://pubs.rsc.org/en/Content/ArticleLanding/2017/SC/C6SC05720A#!divAbstract
    """,
    (IdentifierKind.DOI, "10.1155/2018/9410278"): """
        https://www.hindawi.com/journals/scn/2018/9410278/
        https://downloads.hindawi.com/journals/scn/2018/9410278.pdf
    """,
    (IdentifierKind.DOI, "10.24963/ijcai.2019/594"): """
        https://www.ijcai.org/proceedings/2019/0594.pdf
        https://www.ijcai.org/Proceedings/2019/594
        https://doi.org/10.24963/ijcai.2019/594
    """,
    (IdentifierKind.DOI, "10.3390/s21196530"): """
        https://www.mdpi.com/1424-8220/21/19/6530/htm
        https://www.mdpi.com/1424-8220/21/19/6530
        https://doi.org/10.3390/s21196530
    """,
    (IdentifierKind.DOI, "10.3390/rs9090936"): "https://www.mdpi.com/2072-4292/9/9/936",
    (IdentifierKind.DOI, "10.3115/1073083.1073135"): "10.3115/1073083.1073135",
    (IdentifierKind.ACL, "P19-1001"): """
        P19-1001
        p19-1001
        ACL:P19-1001
        10.18653/v1/P19-1001
        https://aclanthology.org/P19-1001/
        https://aclanthology.org/p19-1001.pdf
        https://aclanthology.org/P19-1001.bib
        https://www.aclweb.org/anthology/P/P19/P19-1001.pdf
        https://www.aclweb.org/anthology/papers/P/P19/P19-1001/
        https://anthology.aclweb.org/P19-1001
        https://aclanthology.org/attachments/P19-1001.Supplementary.pdf
        https://api.semanticscholar.org/graph/v1/paper/DOI:10.18653/v1/P19-1001
        https://web.archive.org/web/2024/https://aclanthology.org/P19-1001/
    """,
    (IdentifierKind.ACL, "P14-1001"): "https://doi.org/10.3115/v1/P14-1001",
    (IdentifierKind.ACL, "2023.acl-long.870"): """
        2023.ACL-long.870
        https://aclanthology.org/2023.acl-long.870/
        https://aclanthology.org/2023.ACL-LONG.870.pdf
        https://aclanthology.org/2023.acl-long.870.bib
        https://aclanthology.org/2023.acl-long.870/?utm_source=x
    """,
    (IdentifierKind.OPENREVIEW, "5h0qf7IBZZ"): """
        openreview.net/forum?id=5h0qf7IBZZ
        https://openreview.net/pdf?id=5h0qf7IBZZ
        https://www.openreview.net/forum?id=5h0qf7IBZZ
        https://openreview.net/forum?id=5h0qf7IBZZ&amp;noteId=abcdEFGH12
        https://openreview.net/forum?id=5h0qf7IBZZ&referrer=%5Bthe%20profile%5D(%2Fprofile)
        https://openreview.net/forum?id=5h0qf7IBZZ#discussion
        https://web.archive.org/web/2024/https://openreview.net/forum?id=5h0qf7IBZZ
    """,
    (IdentifierKind.OPENREVIEW, "_Aw0rrrPUF"): "https://openreview.net/forum?id=_Aw0rrrPUF",
    (IdentifierKind.OPENREVIEW, "B1QRgziT-"): "https://openreview.net/forum?id=B1QRgziT-",
}


def spellings(table):
    return [
        (named, text.strip())
        for named, texts in table.items()
        for text in texts.strip().split("\n")
    ]


@each(
    ("canonical", "text"),
    [pytest.param(*case, id=f"D14-{case[1]}") for case in spellings(ARXIV_ALIASES)],
)
def test_alias_of_arxiv(canonical, text):
    assert parse_identifier(text) == Identifier(kind=IdentifierKind.ARXIV, canonical=canonical)


@each(("named", "text"), spellings(OTHER_ALIASES))
def test_alias_of_other_scheme(named, text):
    kind, canonical = named
    assert parse_identifier(text) == Identifier(kind=kind, canonical=canonical)


@each(
    ("text", "canonical", "version"),
    [
        pytest.param("arXiv:2402.13116v1 [cs.CL] 20 Feb 2024", "2402.13116", 1, id="D14-stamp"),
        pytest.param("2402.13116V12", "2402.13116", 12, id="D14-upper-case"),
        pytest.param("https://arxiv.org/html/2402.13116v2/x1.png", "2402.13116", 2, id="D14-html"),
        pytest.param("https://arxiv.org/src/2402.13116v3/anc/a", "2402.13116", 3, id="D14-src"),
        pytest.param("https://www.alphaxiv.org/abs/2402.13116v4", "2402.13116", 4, id="D14-front"),
        pytest.param("10.48550/arXiv.2402.13116v5", "2402.13116", 5, id="D14-doi"),
        pytest.param("math.GT/0309136v2", "math/0309136", 2, id="D14-old-style"),
        ("https://aclanthology.org/2023.acl-long.870v2.pdf", "2023.acl-long.870", 2),
        ("https://aclanthology.org/P19-1001v3.pdf", "P19-1001", 3),
        ("10.1101/2023.07.05.547496v3", "10.1101/2023.07.05.547496", 3),
        ("https://www.medrxiv.org/content/10.1101/2020.03.22.20040758v2",
         "10.1101/2020.03.22.20040758", 2),
        ("https://www.biorxiv.org/content/10.1101/123456v1.full.pdf+html", "10.1101/123456", 1),
    ],
)  # fmt: skip
def test_version_is_apart_from_the_canonical_form(text, canonical, version):
    parsed = parse_identifier(text)
    assert (parsed.canonical, parsed.version) == (canonical, version)


@each(
    "text",
    [
        pytest.param("https://arxiv.org@evil.example/abs/2402.13116", id="D15-user-name"),
        pytest.param("arxiv.org@evil.example", id="D15-user-name-alone"),
        pytest.param("https://arxiv.org\\@evil.example/abs/2402.13116", id="D15-backslash"),
        pytest.param("evil.example/arxiv.org/abs/2402.13116", id="D15-path-without-scheme"),
        pytest.param("https://arxiv.org/abs/2413.13116", id="D15-month-13"),
        pytest.param("https://arxiv.org/abs/2402.131166", id="D15-six-digits"),
        pytest.param("https://arxiv.org/abs/1501.0001", id="D15-four-digits-after-2014"),
        pytest.param("https://arxiv.org/abs/1412.00001", id="D15-five-digits-before-2015"),
        pytest.param("٢٤٠٢.١٣١١٦", id="D15-arabic-digits"),
        pytest.param("https://arxiv.org/abs/٢٤٠٢.١٣١١٦", id="D15-arabic-digits-in-link"),
        pytest.param("２４０２.１３１１６", id="D15-full-width-digits"),
        pytest.param("https://arxiv.org/abs/2402.1311６", id="D15-full-width-digit-in-link"),
        pytest.param("2402.13116\u200b", id="D15-zero-width-behind"),
        pytest.param("2402\u200b.13116", id="D15-zero-width-within"),
        pytest.param("https://arxiv.org/abs/2402.13116\u200b", id="D15-zero-width-in-link"),
        pytest.param("https://arxiv.org/abs/2402.13116%E2%80%8B", id="D15-zero-width-encoded"),
        pytest.param("https://arxiv\u200b.org/abs/2402.13116", id="D15-zero-width-in-host"),
        pytest.param("https://аrxiv.org/abs/2402.13116", id="D15-cyrillic-host"),
        pytest.param("https://ｄｏｉ.org/10.1145/3580305", id="D15-full-width-host"),
        pytest.param("https://paperswithcode.com\u2100/a", id="D15-host-that-unfolds"),
        pytest.param("httpſ://arxiv.org/abs/2402.13116", id="D15-long-s"),
        pytest.param("https://hugging\u212aface.co/papers/2402.13116", id="D15-kelvin-sign"),
        pytest.param("https://arxiv.org/abs/2402.13116v0", id="D15-version-0"),
        pytest.param("https://arxiv.org/abs/2402.13116v", id="D15-version-empty"),
        pytest.param("https://arxiv.org/abs/2402.13116v1v2", id="D15-two-versions"),
        pytest.param(
            "http://export.arxiv.org/api/query?id_list=2402.13116,2402.13117", id="D15-two"
        ),
        pytest.param("https://www.alphaxiv.org/abs/2513.00001", id="D15-front-end"),
        pytest.param("https://scirate.com/arxiv/2513.00001", id="D15-scirate"),
        pytest.param("https://dblp.org/rec/journals/corr/abs-2513-00001", id="D15-dblp"),
        pytest.param("https://web.archive.org/web/2024/https://arxiv.org/abs/x", id="D15-archived"),
        pytest.param("10.48550/arXiv.2513.00001", id="D15-doi"),
        pytest.param("https://doi.org/10.48550/arXiv.2402.1311", id="D15-doi-link"),
        "https://www.doi.org/",
        "https://doi.org/10.1145/",
        "https://doi.org/10.1145",
        "10.123/too-short-a-registrant",
        "https://openreview.net/forum?id=",
        "https://openreview.net/forum",
        "https://openreview.net/forum?id=abcd&id=efgh",
        "202605.0776",
        "3636534.3649361",
        "2402.13116 2402.13117",
        "see arXiv:2402.13116",
        "https://arxiv.org/abs/2402.13116 https://arxiv.org/abs/2402.13117",
        "https://arxiv.org/abs/2402\n.13116",
        "![badge](https://example.com/badge.svg)",
        "ftp://arxiv.org/abs/2402.13116",
        "data:text/html,x",
        "example.com/paper.pdf",
        "https://",
        "http://user:pass@example.com/",
        "N/A",
        "",
    ],
)
def test_names_nothing(text):
    assert parse_identifier(text) == NOTHING


@each(
    ("text", "canonical"),
    [
        pytest.param(
            "https://evil.example/arxiv.org/abs/2402.13116",
            "https://evil.example/arxiv.org/abs/2402.13116",
            id="D15-identifier-in-foreign-path",
        ),
        pytest.param(
            "https://evil.example/?u=https://arxiv.org/abs/2402.13116",
            "https://evil.example/?u=https://arxiv.org/abs/2402.13116",
            id="D15-identifier-in-foreign-query",
        ),
        pytest.param(
            "https://arxiv.org:8080/abs/2402.13116",
            "https://arxiv.org:8080/abs/2402.13116",
            id="D15-foreign-port",
        ),
        ("https://arxiv.org/list/cs.CL/recent", "https://arxiv.org/list/cs.CL/recent"),
        ("https://arxiv.org", "https://arxiv.org/"),
        ("https://huggingface.co/papers/", "https://huggingface.co/papers"),
        ("https://huggingface.co/papers/date/2024-02-21",
         "https://huggingface.co/papers/date/2024-02-21"),
        ("https://huggingface.co/datasets/x/2402.13116",
         "https://huggingface.co/datasets/x/2402.13116"),
        ("https://scirate.com/arxiv/cs.CL", "https://scirate.com/arxiv/cs.CL"),
        ("https://dblp.org/rec/conf/acl/XuLT24", "https://dblp.org/rec/conf/acl/XuLT24"),
        ("https://aclanthology.org/volumes/2023.acl-long/",
         "https://aclanthology.org/volumes/2023.acl-long"),
        ("https://aclanthology.org/venues/acl/", "https://aclanthology.org/venues/acl"),
        ("https://openreview.net/group?id=ICLR.cc/2024/Conference",
         "https://openreview.net/group?id=ICLR.cc/2024/Conference"),
        ("https://openreview.net/references/pdf?id=abcdef",
         "https://openreview.net/references/pdf?id=abcdef"),
        ("https://www.nature.com/articles/sdata201573",
         "https://www.nature.com/articles/sdata201573"),
        ("https://www.nature.com/natmachintell", "https://www.nature.com/natmachintell"),
        ("https://www.mdpi.com/1234-5678/9/9/936", "https://www.mdpi.com/1234-5678/9/9/936"),
        ("https://www.ijcai.org/proceedings/2016/0594.pdf",
         "https://www.ijcai.org/proceedings/2016/0594.pdf"),
        # Registered with no resolver: only ACM's own page exists.
        ("https://dl.acm.org/doi/10.5555/3295222.3295349",
         "https://dl.acm.org/doi/10.5555/3295222.3295349"),
        ("https://www.preprints.org/manuscript/202605.0776",
         "https://www.preprints.org/manuscript/202605.0776"),
        ("https://web.archive.org/web/2024/https://lmsys.org/blog/x/",
         "https://web.archive.org/web/2024/https://lmsys.org/blog/x"),
        ("www.example.com/paper", "https://www.example.com/paper"),
        ("https://en.wikipedia.org/wiki/Foo_(bar)", "https://en.wikipedia.org/wiki/Foo_(bar)"),
        ("(see https://example.com/a)", None),
        ("https://example.com/a.#b", "https://example.com/a"),
    ],
)  # fmt: skip
def test_plain_address(text, canonical):
    kind = IdentifierKind.NONE if canonical is None else IdentifierKind.URL
    assert parse_identifier(text) == Identifier(kind=kind, canonical=canonical)


@each(
    ("text", "page"),
    [
        ("2402.13116v2", "https://arxiv.org/abs/2402.13116"),
        ("hep-th/9901001", "https://arxiv.org/abs/hep-th/9901001"),
        ("P19-1001", "https://aclanthology.org/P19-1001"),
        ("openreview.net/pdf?id=-Aw0rrrPUF", "https://openreview.net/forum?id=-Aw0rrrPUF"),
        ("10.1145/3580305.3599790", "https://doi.org/10.1145/3580305.3599790"),
        ("10.1002/a<b>#c?d%e", "https://doi.org/10.1002/a%3Cb%3E%23c%3Fd%25e"),
        ("http://example.com/a/", "https://example.com/a"),
    ],
)
def test_an_identifier_leads_to_its_page(text, page):
    found = parse_identifier(text)
    assert found.kind.page(found.canonical) == page


PIECES = """
    https:// http:/ www. arxiv.org doi.org aclanthology.org openreview.net dl.acm.org/doi/
    web.archive.org/web/2024/ /abs/ /forum ?id= & &amp; utm_a= 2402.13116 math.GT/0309136 10.1145/
    10.48550/arXiv. P19-1001 2023.acl-long.870 v2 .pdf / . , ( ) [ ]( < > % %2F %25 # ? : @ * _ - '
    " \\ é ６ \u212a
"""
FRAGMENTS = st.sampled_from([*PIECES.split(), " ", "\u200b", "\ud800"])
TEXTS = st.text() | st.lists(FRAGMENTS, max_size=12).map("".join)


@settings(max_examples=500)
@given(TEXTS)
@example("https://h/a.#.")
@example("https://h/?a=1.&.&")
@example("https://h/%%34%31")
@example("10.1145/a%2Fb%252F.")
@example("10.1145//a//")
def test_canonical_form_is_canonical_D14(text):
    parsed = parse_identifier(text)
    assert (parsed.kind is IdentifierKind.NONE) == (parsed.canonical is None)
    if parsed.canonical is None:
        return
    # An OpenReview identifier cannot be told from a word: it is read in a link alone.
    if parsed.kind is not IdentifierKind.OPENREVIEW:
        again = parse_identifier(parsed.canonical)
        assert (again.kind, again.canonical) == (parsed.kind, parsed.canonical)
    landed = parse_identifier(parsed.kind.page(parsed.canonical))
    assert (landed.kind, landed.canonical) == (parsed.kind, parsed.canonical)


SEEDS = ["[", "](", "(", ")", "<", "*", "a.", "a-", "10.1/", "/", "//", "%", "%2f", "&amp;", "&a=.",
         "https://", "web.archive.org/web/2024/", "https://h/.", "https://arxiv.org/abs/", "1.",
         "journals/corr/", "arxiv ", " ", "[a] ", '"', "\u212a", "()", "2402.13116"]  # fmt: skip


@each("unit", SEEDS)
@each("lead", ["", "https://h/", "[a](", "arXiv:", "https://dl.acm.org/doi/"])
def test_time_is_bounded_for_adversaries(lead, unit):
    for length in (65_536, 4_000, 2_000):
        text = (lead + unit * length)[:length]
        start = time.process_time()
        parse_identifier(text)
        assert time.process_time() - start < 0.1
