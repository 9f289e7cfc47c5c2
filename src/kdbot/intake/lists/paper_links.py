"""What a link beside a paper is for: the paper, its code, its page, its data, or something else."""

import re

from kdbot.model.identifiers import IdentifierKind, parse_identifier
from kdbot.model.urls import parse_url
from kdbot.text.hosts import LinkRole, is_repository, role_of_address

_LABELS = {
    LinkRole.PAPER: """
        abs abstract acl acl-anthology acm arxiv arxiv-link arxiv-paper arxiv-preprint arxiv-version
        conference-paper doi eprint full-paper full-text here html ieee journal link neurips-paper
        openreview original-paper paper paper-link paper-pdf papers pdf pdf-link preprint
        proceedings publication publish read-paper report springer tech-report technical-report url
        论文 链接 论文链接 原文 地址 论文地址
    """,
    LinkRole.CODE: """
        code code-link codes colab-code git github github-code github-repo gitlab implementation
        jax keras official official-code official-implementation project-code pytorch
        pytorch-code repo repository source source-code star stars tensorflow tf unofficial-code
        代码
    """,
    LinkRole.PROJECT: """
        demo demo-page home home-page homepage official-site page project project-page
        project-website site web web-page webpage website 主页
    """,
    LinkRole.DATA: """
        benchmark corpus data data-link dataset dataset-link datasets hf-dataset
        huggingface-dataset 数据 数据集
    """,
    LinkRole.OTHER: """
        bib bibtex bilibili blog blog-post checkpoint checkpoints cite colab docs documentation
        example media medium model model-card models news notebook notes podcast post poster
        presentation reddit review reviews slide slides supp supplement supplementary talk tutorial
        tweet twitter video videos weights wiki youtube zhihu 中文解读 解读
    """,
}
_ROLE_BY_LABEL = {word: role for role, words in _LABELS.items() for word in words.split()}
_NO_LABEL = re.compile(r"[\W_]+", re.UNICODE)

_NEVER_PAPER = re.compile(
    r"(?:www\.|m\.)?(?:youtube\.com|youtu\.be|bilibili\.com|vimeo\.com|twitter\.com|x\.com"
    r"|medium\.com|reddit\.com|linkedin\.com|zhihu\.com|facebook\.com|coursera\.org|udemy\.com"
    r"|discord\.gg|slideshare\.net|amazon\.com|wikipedia\.org|kaggle\.com|pypi\.org)"
    r"|(?:zhuanlan\.zhihu|mp\.weixin\.qq|scholar\.google|docs\.google|drive\.google"
    r"|colab\.research\.google|img\.shields)\.(?:com|io)|[a-z]+\.wikipedia\.org|[a-z]+\.medium\.com"
)
_SURE = frozenset({LinkRole.PAPER, LinkRole.DATA, LinkRole.OTHER})
_LONGEST_ADDRESS = 500
_IDENTIFIED = frozenset(
    {IdentifierKind.ARXIV, IdentifierKind.DOI, IdentifierKind.ACL, IdentifierKind.OPENREVIEW}
)


def names_paper(url: str) -> bool:
    """Tell whether an address carries a paper's identifier."""
    return parse_identifier(url).kind in _IDENTIFIED


def is_public_address(url: str) -> bool:
    """Tell whether an address can be a link of a list: web, with a name that is no machine's."""
    parts = parse_url(url)
    if parts is None or len(url) > _LONGEST_ADDRESS:
        return False
    top = parts.host.rpartition(".")[2]
    return "." in parts.host and not top.isdecimal() and not parts.host.startswith("[")


def is_paper_address(url: str) -> bool:
    """Tell whether an address is a paper's: by identifier, by publisher, or a PDF."""
    if names_paper(url):
        return True
    return parse_url(url) is not None and role_of_address(url) is LinkRole.PAPER


def may_be_paper(url: str) -> bool:
    """Tell whether an address could be a paper's: no repository's front page, film or post."""
    parts = parse_url(url)
    if parts is None or parts.path == "/" or _NEVER_PAPER.fullmatch(parts.host):
        return False
    return not is_repository(url) or any(f"/{kind}/" in parts.path for kind in ("blob", "raw"))


def label_role(label: str) -> LinkRole | None:
    """Tell what a link's words promise ("Paper", "[Code]", "Project Page 2"), or None."""
    words = _NO_LABEL.sub(" ", label).casefold().split()
    while len(words) > 1 and words[-1].isdecimal():
        words.pop()
    if not words or len(words) > 3:
        return None
    return _ROLE_BY_LABEL.get("-".join(words))


def link_role(label: str, url: str) -> LinkRole:
    """Tell what a link is for; what it promises counts more than where it leads.

    "Code" that leads to no repository is a project page, or the paper itself.
    """
    role, leads_to = label_role(label), role_of_address(url)
    if role is LinkRole.CODE and not is_repository(url):
        return leads_to if leads_to in _SURE else LinkRole.PROJECT
    if role is LinkRole.PAPER and is_repository(url) and not is_paper_address(url):
        return LinkRole.CODE
    if role is LinkRole.OTHER and names_paper(url):
        return LinkRole.PAPER
    return role or leads_to or LinkRole.OTHER
