"""The words by which people name the fields of a paper: labels, table headers, link texts."""

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

from kdbot.model.titles import plain_words
from kdbot.text.hosts import LinkRole

IGNORED = "ignored"
PAPER = "paper"  # names the title as often as the link: the value decides

_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "title": (
            "title, paper title, article title, title of paper, title of the paper, name, "
            "paper name, full title, 标题, 题目, 论文标题, 论文题目, 论文名称, 论文名, タイトル, "
            "論文タイトル, 論文名, 題名, 제목, 논문 제목, 논문제목, titre, titel, título, titolo"
        ),
        PAPER: (
            "paper, paper 1, paper 2, paper 3, paper 4, paper 5, article, publication, work, "
            "reference, ref, 论文, 文章, 論文, 논문"
        ),
        "url": (
            "link, links, url, download, download pdf, paper link, paper links, paper url, "
            "paper pdf, paper arxiv, "
            "arxiv, arxiv link, arxiv url, arxiv id, arxiv paper, arxiv preprint, "
            "arxiv version, pdf, pdf link, abs, preprint, preprint link, doi, openreview, "
            "open review, openreview link, acl anthology, anthology, paper address, "
            "paper site, paper link or identifier, link to paper, link to the paper, "
            "hugging face paper, huggingface paper, hf paper, link to arxiv, paper id, "
            "identifier, camera ready, dblp, dblp key, "
            "链接, 论文链接, 论文地址, 地址, リンク, 論文リンク, "
            "論文url, 링크, 논문 링크, 논문링크, lien, enlace"
        ),
        "code": (
            "code, codes, code link, code url, code repo, code repository, source code, "
            "github, github link, github repo, github repository, github url, github code, "
            "git, repo, repository, repo link, repository link, implementation, "
            "official implementation, official code, codebase, project code, open source code, "
            "link to code, link to the code, code github, gitlab, 代码, 代码链接, 代码地址, "
            "开源代码, 代码仓库, 项目代码, コード, 実装, 코드, 구현"
        ),
        "project": (
            "project, project page, project website, project site, project link, "
            "project homepage, page, website, web page, webpage, homepage, home page, web, "
            "site, demo, demo page, online demo, live demo, project url, "
            "项目, 项目主页, 主页, 项目页面, 项目地址"
        ),
        "data": (
            "data, dataset, datasets, data set, data link, dataset link, dataset url, "
            "hugging face dataset, huggingface dataset, hf dataset, benchmark data, "
            "data and models, 数据, 数据集, 数据集链接"
        ),
        "venue": (
            "venue, venues, conference, conf, journal, conference journal, venue year, "
            "journal conference, published in, published at, publication venue, accepted at, "
            "accepted by, accepted to, accepted in, accepted, booktitle, pub, publisher, status, "
            "publication status, where, 会议, 期刊, 发表, 发表于, 会议期刊, 会議, 学会, 発表, "
            "학회, 발표"
        ),
        "date": (
            "date, year, month, published, published on, publication date, release date, "
            "date of publication, submission date, submitted, time, released, 日期, 时间, "
            "年份, 发表时间, 发布时间, 発表日, 年, 날짜, 연도"
        ),
        "authors": ("authors, author, author s, by, 作者, 著者, 저자"),
        "categories": (
            "category, categories, section, sections, topic, topics, suggested section, "
            "suggested category, suggested categories, topic on, related area, related areas, "
            "area, areas, field, classification, proposed section, "
            "proposed category, target section, taxonomy, relevant section, subsection, 类别, "
            "分类, 章节"
        ),
        IGNORED: (
            "abstract, tldr, tl dr, tl dr s, summary, short summary, description, overview, "
            "keywords, keyword, tags, tag, comment, comments, note, notes, remark, remarks, "
            "bibtex, citation, cite, blog, blog post, twitter, x, tweet, video, slides, "
            "poster, model, models, model weights, weights, checkpoints, checkpoint, contact, "
            "email, affiliation, affiliations, institution, contribution, contributions, "
            "key contributions, method, results, motivation, why, reason, type, stars, star, "
            "license, 摘要, 简介, 备注, 机构"
        ),
    }
)
_FIELD_BY_WORD: Mapping[str, str] = MappingProxyType(
    {word.strip(): field for field, words in _WORDS.items() for word in words.split(",")}
)
# What the words of a link say beyond the names of fields; before a colon they would say less.
_LINK_WORDS = {
    LinkRole.PAPER: (
        "abstract, acl, acm, conference paper, eprint, full paper, full text, here, html, ieee, "
        "neurips paper, oa, open access, original paper, proceedings, publish, read paper, report, "
        "springer, tech report, technical report, 原文"
    ),
    LinkRole.CODE: (
        "colab code, jax, keras, pytorch, pytorch code, source, star, stars, tensorflow, tf, "
        "unofficial code"
    ),
    LinkRole.PROJECT: "home, official site",
    LinkRole.DATA: "benchmark, corpus",
    LinkRole.OTHER: (
        "bib, bibtex, bilibili, blog, blog post, book, checkpoint, checkpoints, cite, colab, docs, "
        "documentation, example, media, medium, model, model card, models, news, note, notebook, "
        "notes, podcast, post, poster, presentation, reddit, review, reviews, slide, slides, supp, "
        "supplement, supplementary, talk, tutorial, tweet, twitter, video, videos, weights, wiki, "
        "youtube, zhihu, 中文解读, 解读"
    ),
}
_ROLE_BY_WORD = {word.strip(): role for role, ws in _LINK_WORDS.items() for word in ws.split(",")}
_ROLE_OF_FIELD = {
    PAPER: LinkRole.PAPER,
    "title": LinkRole.PAPER,
    "url": LinkRole.PAPER,
    "code": LinkRole.CODE,
    "project": LinkRole.PROJECT,
    "data": LinkRole.DATA,
    IGNORED: LinkRole.OTHER,
}
_NOTHING = frozenset({
    "", "-", "--", "---", "–", "—", "/", "✗", "✘", "❌", "×", "?", "~", "...", "…", "no response",
    "none", "n a", "na", "nil", "null", "tbd", "tba", "coming soon", "not available",
    "keine antwort", "无", "暂无",
})  # fmt: skip
_BESIDE = re.compile(r"\s*(?:[/&+,]|\band\b)\s*")  # `Code & Models`
_MAX_LINK_WORDS = 3  # words
_LEAD = frozenset({"our", "the", "official", "this", "my", "new", "and", "a"})
MAX_LABEL = 44
"""Longest label in characters."""


def fold_label(text: str) -> str:
    """Return a label in lower case without marks, emoji, numbers in front and small words."""
    words = _fold(text).split()
    while words and (words[0] in _LEAD or (words[0].isdigit() and len(words) > 1)):
        words = words[1:]
    return " ".join(words)


def field_of_label(text: str) -> str | None:
    """Return the field that a label names, `paper` or `ignored` included, or None."""
    if len(text) > MAX_LABEL:
        return None
    found = _field_of(fold_label(text))
    if found is None and "/" in text:
        # `Paper name/title`: two names of one field.
        named = {_field_of(fold_label(part)) for part in text.split("/")}
        named = {"code"} if named == {"code", "project"} else named
        found = named.pop() if len(named) == 1 else None
    return found


def says_nothing(text: str) -> bool:
    """Tell whether an answer or a cell means that there is no value: a dash, `N/A`, `TBD`."""
    bare = text.strip(" \t\n_*()[]").casefold()
    return bare in _NOTHING or (len(bare) <= MAX_LABEL and (_fold(bare) or "x") in _NOTHING)


def label_role(text: str) -> LinkRole | None:
    """Tell what a link's words promise ("Paper", "[Code]", "Code/Models", "Page 2"), or None."""
    if len(text) > MAX_LABEL:
        return None
    roles = [_label_role(part) for part in _BESIDE.split(text)]
    if len(roles) > 1 and None not in roles:
        return next((role for role in roles if role is not LinkRole.OTHER), LinkRole.OTHER)
    return _label_role(text)


def _label_role(text: str) -> LinkRole | None:
    words = _fold(text).split()
    while len(words) > 1 and words[-1].isdecimal():
        words.pop()
    folded = " ".join(words).rstrip("0123456789")  # *PDF2*
    field = _field_of(folded) if len(words) <= _MAX_LINK_WORDS else None
    if (role := _ROLE_BY_WORD.get(folded)) is not None or field in {IGNORED, "title"}:
        return role
    return role_of_field(field)


def role_of_field(field: str | None) -> LinkRole | None:
    """Return what a link after a field's label is for, or None if the label does not say."""
    return _ROLE_OF_FIELD.get(field or "")


def _fold(text: str) -> str:
    return plain_words(unicodedata.normalize("NFKC", text).casefold())


def _field_of(folded: str) -> str | None:
    found = _FIELD_BY_WORD.get(folded)
    if found is None and folded.endswith(("s", " link", " links", " url")):
        found = _FIELD_BY_WORD.get(folded.removesuffix("s"))
    return found
