"""Columns of an existing list that no field of kdbot's stands for: fields of that list's own."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from kdbot.intake.lists.paper import ListedPaper

_TITLE = re.compile(r"[A-Za-z][A-Za-z0-9 _/&-]{1,29}")
_MOST_TEXT = 300
_SHARE = 20  # a column that fewer than one paper in so many fills in is no field


def custom_columns(
    papers: Collection[ListedPaper], known: Iterable[str]
) -> Mapping[str, Mapping[str, Any]]:
    """Return the JSON Schema of each further column that papers fill in, by the field's name.

    A column of addresses is a list of links, one with several values a list of texts, any other a
    text. What cannot stand in a record, such as a paragraph in a cell, is no field.

    Args:
        papers: the papers of the list.
        known: titles and names of the fields that every list has.
    """
    taken = {_fold(name) for name in known}
    columns: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
    titles: dict[str, str] = {}
    for paper in papers:
        for title, values in paper.extra:
            name = _fold(title)
            if _TITLE.fullmatch(title) and name not in taken:
                titles.setdefault(name, title)
                columns[name].append(values)
    return {
        name: _field(titles[name], columns[name])
        for name in columns
        if len(columns[name]) * _SHARE >= len(papers) and _fits(columns[name])
    }


def _fold(title: str) -> str:
    return "_".join(re.findall(r"[a-z0-9]+", title.casefold()))


def _fits(cells: Iterable[tuple[str, ...]]) -> bool:
    texts = [text for cell in cells for text in cell]
    return all(0 < len(text) <= _MOST_TEXT and text.isprintable() for text in texts)


def _field(title: str, cells: list[tuple[str, ...]]) -> Mapping[str, Any]:
    texts = [text for cell in cells for text in cell]
    about = {"title": title, "description": f"{title}, as the list has it."}
    if all(text.startswith(("https://", "http://")) for text in texts):
        item = {"type": "string", "format": "uri", "minLength": 10, "maxLength": 500}
    else:
        item = {"type": "string", "minLength": 1, "maxLength": _MOST_TEXT}
    if "format" not in item and all(len(cell) == 1 for cell in cells):
        return {**about, **item, "examples": [texts[0]]}
    return {
        **about,
        "type": "array",
        "items": item,
        "maxItems": max(8, *map(len, cells)),
        "uniqueItems": True,
        "examples": [list(cells[0])],
    }
