"""The words by which people name the fields of a paper: labels, table headers, link texts."""

import unicodedata
from collections.abc import Iterator, Mapping
from itertools import islice
from types import MappingProxyType

from kdbot.intake.lines import Line, LineCutter

IGNORED = "ignored"
PAPER = "paper"  # names the title as often as the link: the value decides

_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "title": (
            "title, paper title, article title, title of paper, title of the paper, name, "
            "paper name, full title, 标题, 题目, 论文标题, 论文题目, 论文名称, 论文名"
        ),
        PAPER: (
            "paper, paper 1, paper 2, paper 3, paper 4, paper 5, article, publication, work, "
            "reference, ref, 论文, 文章"
        ),
        "url": (
            "link, links, url, paper link, paper links, paper url, paper pdf, paper arxiv, "
            "arxiv, arxiv link, arxiv url, arxiv id, arxiv paper, arxiv preprint, "
            "arxiv version, pdf, pdf link, abs, preprint, preprint link, doi, openreview, "
            "open review, openreview link, acl anthology, anthology, paper address, "
            "paper site, paper link or identifier, link to paper, link to the paper, "
            "hugging face paper, huggingface paper, hf paper, link to arxiv, paper id, "
            "identifier, camera ready, 链接, 论文链接, 论文地址, 地址"
        ),
        "code": (
            "code, codes, code link, code url, code repo, code repository, source code, "
            "github, github link, github repo, github repository, github url, github code, "
            "git, repo, repository, repo link, repository link, implementation, "
            "official implementation, official code, codebase, project code, open source code, "
            "link to code, link to the code, code github, gitlab, 代码, 代码链接, 代码地址, "
            "开源代码, 代码仓库, 项目代码"
        ),
        "project": (
            "project, project page, project website, project site, project link, "
            "project homepage, page, website, web page, webpage, homepage, home page, web, "
            "site, demo, demo page, project url, 项目, 项目主页, 主页, 项目页面, 项目地址"
        ),
        "data": (
            "data, dataset, datasets, data set, data link, dataset link, dataset url, "
            "hugging face dataset, huggingface dataset, hf dataset, benchmark data, "
            "data and models, 数据, 数据集, 数据集链接"
        ),
        "venue": (
            "venue, venues, conference, conf, journal, conference journal, venue year, "
            "journal conference, published in, published at, publication venue, accepted at, "
            "accepted by, accepted to, accepted in, accepted, booktitle, publisher, status, "
            "publication status, where, 会议, 期刊, 发表, 发表于, 会议期刊"
        ),
        "date": (
            "date, year, month, published, published on, publication date, release date, "
            "date of publication, submission date, submitted, time, released, 日期, 时间, "
            "年份, 发表时间, 发布时间"
        ),
        "authors": ("authors, author, author s, by, 作者"),
        "categories": (
            "category, categories, section, sections, topic, topics, suggested section, "
            "suggested category, suggested categories, classification, proposed section, "
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
FIELD_BY_WORD: Mapping[str, str] = MappingProxyType(
    {word.strip(): field for field, words in _WORDS.items() for word in words.split(",")}
)
_LINKED = frozenset({"url", "code", "project"})
_LEAD = frozenset({"our", "the", "official", "this", "my", "new", "and", "a"})
_SEPARATORS = ",;|·•(["
_BRACKETS = {"(": ")", "[": "]"}
_LONGEST = 44
_MAX_COLONS = 60


def fold_label(text: str) -> str:
    """Return a label in lower case without marks, emoji, numbers in front and small words."""
    kept = (c if c.isalnum() else " " for c in unicodedata.normalize("NFKC", text).casefold())
    words = "".join(kept).split()
    while words and (words[0] in _LEAD or (words[0].isdigit() and len(words) > 1)):
        words = words[1:]
    return " ".join(words)


def field_of_label(text: str) -> str | None:
    """Return the field that a label names, `paper` or `ignored` included, or None."""
    if len(text) > _LONGEST:
        return None
    folded = fold_label(text)
    found = FIELD_BY_WORD.get(folded)
    if found is None and folded.endswith(("s", " link", " links", " url")):
        found = FIELD_BY_WORD.get(folded.removesuffix("s"))
    return found


def split_labels(line: Line) -> Iterator[tuple[str | None, Line]]:
    """Cut a line at the labels in it: `Title: X, Code: Y` gives the title and the code.

    What stands before the first label comes with None, and so does what stands behind the bracket
    around a label and its value.
    """
    text, cutter = line.text, LineCutter(line)
    start = closed = 0
    field: str | None = None
    for colon in islice(_colons(line), _MAX_COLONS):
        if closed and closed < colon:
            yield field, cutter.cut(start, closed)
            field, start, closed = None, closed, 0
        found = _label_before(line, text, start, colon) or _amid_words(text, start, colon, field)
        if found is None:
            continue
        begin, next_field = found
        if field or text[start:begin].strip():
            yield field, cutter.cut(start, begin)
        field, start = next_field, colon + 1
        bracket = _BRACKETS.get(text[begin - 1 : begin] if begin else "")
        closed = max(text.find(bracket, colon), 0) if bracket else 0
    if closed:
        yield field, cutter.cut(start, closed)
        field, start = None, closed
    if field or text[start:].strip():
        yield field, cutter.cut(start, len(text))


def _colons(line: Line) -> Iterator[int]:
    position = 0
    for span in line.spans:
        if span.url is None:
            for offset, char in enumerate(span.text):
                behind = span.text[offset + 1 : offset + 2]
                if char in ":：" and behind != "/" and not behind.isdigit():
                    yield position + offset
        position += len(span.text)


def _label_before(line: Line, text: str, start: int, colon: int) -> tuple[int, str] | None:
    head = text[max(start, colon - _LONGEST) : colon]
    offset = colon - len(head)
    whole = len(head) == colon - start
    if whole and (field := field_of_label(head.strip(" ([*_-–•")) if head.strip() else None):
        return start, field
    if start == 0 and whole and not any(mark in head for mark in _SEPARATORS):
        return _after_span(line, offset, head)
    cut = max(head.rfind(mark) for mark in _SEPARATORS)
    if cut >= 0 and (field := field_of_label(head[cut + 1 :])) and head[cut + 1 :].strip():
        return offset + cut + 1, field
    return _after_span(line, offset, head)


def _after_span(line: Line, offset: int, head: str) -> tuple[int, str] | None:
    """Find a label that begins where a span or an address ends."""
    words = head.split(" ")
    for count in (3, 2, 1):
        tail = " ".join(words[-count:])
        begin = offset + len(head) - len(tail)
        field = field_of_label(tail) if tail.strip() and count <= len(words) else None
        if field and (_at_edge(line, begin) or _after_address(head[: len(head) - len(tail)])):
            return begin, field
    return None


def _amid_words(text: str, start: int, colon: int, field: str | None) -> tuple[int, str] | None:
    """Find a label between words: `Title:`, and behind it `arXiv:` before an address."""
    words = text[max(start, colon - _LONGEST) : colon].split(" ")
    for count in (2, 1):
        tail = " ".join(words[-count:])
        found = field_of_label(tail) if tail[:1].isalpha() and count < len(words) else None
        linked = found in _LINKED and "://" in text[colon : colon + 10]
        if found and (tail == "Title" or (field == "title" and linked)):
            return colon - len(tail), found
    return None


def _at_edge(line: Line, begin: int) -> bool:
    position = 0
    for span in line.spans:
        if position == begin and (span.strong or position == 0):
            return True
        position += len(span.text)
    return False


def _after_address(before: str) -> bool:
    words = before.split()
    return bool(words) and "://" in words[-1]
