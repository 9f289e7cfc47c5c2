"""`index.json`: all papers as columns, for the search of the page.

Its form is the page's own business: other programs read `papers.json`.
"""

import json
from collections.abc import Sequence
from itertools import chain
from typing import Any

from kdbot.model.paper import Paper
from kdbot.publish.markdown import visible_text
from kdbot.publish.readme.tables import edition
from kdbot.publish.site.rows import Filter, Row, Rows

_ARXIV = "https://arxiv.org/abs/"


def render_index(rows: Rows, filters: Sequence[Filter]) -> str:
    """Return the index, newest paper first; what is empty is 0, so that it weighs little.

    An address of 1 is that of the id's page on arXiv. The pieces of a cell alternate: each text,
    then its address.
    """
    options, found, papers = filters[0].options, rows.rows, rows.papers
    places = {option.value: number for number, option in enumerate(options)}
    index = {
        "heads": rows.heads,
        "categories": [(option.value, option.label) for option in options],
        "id": [paper.id for paper in papers],
        "title": [row.title for row in found],
        "address": [1 if leads_to_own_arxiv(row) else row.url or 0 for row in found],
        "authors": [row.authors or 0 for row in found],
        "key": [paper.key or 0 for paper in papers],
        "known": [_other_names(paper) or 0 for paper in papers],
        "added": [paper.added or 0 for paper in papers],
        "standing": {n: row.standing for n, row in enumerate(found) if row.standing},
        "in": [[places[path] for path in row.categories] for row in found],
        "cells": {
            name: [[*chain(*row.cells[column])] or 0 for row in found]
            for column, (name, _) in enumerate(rows.heads[1:])
        },
        "details": {
            number: [(label, [*chain(*pieces)]) for label, pieces in row.details]
            for number, row in enumerate(found)
            if row.details
        },
        "year": [(paper.date or "")[:4] for paper in papers],
        "filters": {f.name: _values(f) for f in filters if f.values is not None},
    }
    return json.dumps(index, ensure_ascii=False, separators=(",", ":")) + "\n"


def render_folder_index(index: str, bibtex: str) -> str:
    """Return index and BibTeX as a script, for a page that was opened from a folder."""
    text = json.dumps(bibtex, ensure_ascii=False)
    # Two line ends of JSON's texts once were none of JavaScript's.
    script = f"globalThis.kdbotFolder={{index:{index.rstrip()},bibtex:{text}}};\n"
    return script.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def leads_to_own_arxiv(row: Row) -> bool:
    """Tell whether a row's title leads to the page on arXiv that its id names."""
    return row.url == _ARXIV + row.paper.id


def _other_names(paper: Paper) -> str:
    """Return what readers ask by as well: other titles, and `ICLR 2024` for a paper of 2023."""
    names = [*paper.other_titles, edition(paper) if paper.year else ""]
    return " ".join(filter(None, map(visible_text, names)))


def _values(chosen: Filter) -> Any:
    values = chosen.values or ()
    if not chosen.options:
        return "".join("1" if found else "0" for found in values)
    return [found[0] if len(found) == 1 else list(found) or 0 for found in values]
