"""An address has one role, whatever way it comes in: issue text, table row, bullet or YAML."""

import pytest

from kdbot.intake.lists.reader import parse_readme_list
from kdbot.intake.record import parse_record
from kdbot.text.hosts import is_repository, role_of_address
from tests.rows import each

PAPER = "[A Title of a Paper about Things](https://arxiv.org/abs/2402.12030)"
FIELDS = ("code", "project", "data")
ROLES = {
    "code": """
        github.com/a/b github.com/a/b/tree/main/x www.github.com/a/b gitlab.com/a/b
        gitlab.com/a/b/-/tree/main gitlab.inria.fr/a/b gitlab.lrz.de/a/b/c git.sr.ht/~a/b
        gitee.com/a/b gitcode.com/a/b bitbucket.org/a/b codeberg.org/a/b
        anonymous.4open.science/r/ABC-1234 git.example.edu/a/b gitea.example.edu/a/b
    """,
    "data": """
        huggingface.co/datasets/a/b huggingface.co/datasets/a hf.co/datasets/a/b
        modelscope.cn/datasets/a/b www.modelscope.cn/datasets/a/b www.kaggle.com/datasets/a/b
        doi.org/10.5281/zenodo.1234567
    """,
    "project": """
        a.github.io/b a.github.io a.gitlab.io/b sites.google.com/view/a a.hf.space
        huggingface.co/spaces/a/b modelscope.cn/studios/a/b
    """,
    "other": """
        huggingface.co/a/b hf.co/a/b modelscope.cn/models/a/b huggingface.co/a
        huggingface.co/collections/a/b www.kaggle.com/code/a/b github.com/a github.com/topics/x
        github.com/orgs/a github.com/a/b/issues/1 github.com/a/b/pull/2 github.com/a/b/wiki
        github.com/a/b/releases gist.github.com/a/123 gitlab.inria.fr/a
        www.youtube.com/watch?v=1 x.com/a/status/1 medium.com/@a/b zhuanlan.zhihu.com/p/1
        www.bilibili.com/video/1 colab.research.google.com/drive/1 en.wikipedia.org/wiki/A
        pypi.org/project/a drive.google.com/file/d/1/view
    """,
}
ADDRESSES = [(f"https://{rest}", role) for role, text in ROLES.items() for rest in text.split()]
PAPERS = [
    "openreview.net/forum?id=abcdEFGH",
    "aclanthology.org/2024.acl-long.1",
    "dl.acm.org/doi/10.1145/1.2",
    "proceedings.mlr.press/v202/a23a.html",
    "proceedings.iclr.cc/paper_files/paper/2025/hash/a-Abstract-Conference.html",
    "www.cv-foundation.org/openaccess/content_iccv_2015/html/a.html",
    "papers.nips.cc/paper/2023/hash/a-Abstract.html",
    "openaccess.thecvf.com/content/CVPR2023/html/a.html",
    "ojs.aaai.org/index.php/AAAI/article/view/1",
    "www.nature.com/articles/s41586-1",
    "onlinelibrary.wiley.com/x/y",
    "osf.io/abcde",
    "example.org/x.pdf",
    "www.usenix.org/conference/a20/presentation/lee",
    "diglib.example.org/handle/10.2312/hpg20211284",
    "digitalcommons.example.edu/cgi/viewcontent.cgi?article=1318&context=a",
    "journal.example.org/ojs/index.php/a/article/download/17/20",
    "www.researchsquare.com/article/rs-1/v1",
    "github.com/a/b/blob/main/paper.pdf",
]


@pytest.fixture
def of_issue(propose):
    def read(url):
        (paper,) = propose("", f"Please add this paper: {PAPER}, {url}").candidates
        return {name: paper.given[name].value for name in FIELDS if name in paper.given}

    return read


@pytest.fixture
def of_list(venues):
    def read(text):
        (paper,) = parse_readme_list(f"## Papers\n\n{text}\n", venues).papers
        return {name: list(values) for name in FIELDS if (values := getattr(paper, name))}

    return read


@each(("url", "role"), ADDRESSES)
def test_G10_an_address_has_one_role(url, role, of_issue, of_list):
    expected = {} if role == "other" else {role: [url]}
    assert (role_of_address(url) or "other") == role
    assert of_issue(url) == expected
    assert of_list(f"| Title | Links |\n| --- | --- |\n| {PAPER} | {url} |") == expected
    assert of_list(f"- {PAPER} {url}") == expected


@each(("url", "role"), ADDRESSES)
def test_G10_a_word_beside_an_address_counts_the_same(url, role, of_issue, of_list):
    """*Code* names a repository, on every way in and in the check of a file."""
    is_code = "code" in of_issue(f"Code: {url}")
    assert ("code" in of_list(f"- {PAPER} [[Code]({url})]")) is is_code
    table = f"| Title | Code |\n| --- | --- |\n| {PAPER} | [Code]({url}) |"
    assert ("code" in of_list(table)) is is_code
    record = parse_record(f'title: "A Title"\ncode: ["{url}"]\n'.encode(), "papers/x.yaml")
    assert all(map(is_repository, record.given["code"].value)) is is_code
    assert is_code or role != "code"


@each("rest", PAPERS)
def test_G10_a_page_of_a_paper_is_one_on_every_way_in(rest, propose, venues):
    url = f"https://{rest}"
    assert role_of_address(url) == "paper"
    body = f"Please add this paper: [A Title of a Paper about Things]({url})"
    (paper,) = propose("", body).candidates
    assert paper.given["url"].value == url
    for text in (
        f"- [A Title of a Paper about Things]({url})",
        f"| Title | Paper |\n| --- | --- |\n| A Title of a Paper about Things | [link]({url}) |",
    ):
        (listed,) = parse_readme_list(f"## Papers\n\n{text}\n", venues).papers
        assert list(listed.urls) == [url]
        assert not listed.code


def test_G10_there_are_enough_of_them():
    assert len(ADDRESSES) + len(PAPERS) >= 40
