"""`index.json`: all papers as columns, for the search of the page.

Its form is the page's own business: other programs read `papers.json`.
"""

import json
from collections.abc import Sequence
from typing import Any

from kdbot.model.paper import Paper
from kdbot.publish.markdown import visible_text
from kdbot.publish.site.rows import Filter, Row, Rows, Text

ARXIV = "https://arxiv.org/abs/"


def render_index(rows: Rows, filters: Sequence[Filter]) -> str:
    """Return the index, newest paper first; what is empty is 0, so that it weighs little.

    An address of 1 is that of the id's page on arXiv. The pieces of a cell alternate: each text,
    then its address.
    """
    paths = {c.path: n for n, c in enumerate(rows.collection.taxonomy.categories)}
    found = rows.rows
    index = {
        "heads": rows.heads,
        "categories": [
            [c.path, option.label]
            for c, option in zip(
                rows.collection.taxonomy.categories, filters[0].options, strict=True
            )
        ],
        "id": [row.id for row in found],
        "title": [row.title.text for row in found],
        "address": [_address(row) for row in found],
        "authors": [row.authors or 0 for row in found],
        "key": [paper.key or 0 for paper in rows.papers],
        "known": [
            " ".join((*map(visible_text, paper.other_titles), *_edition(paper))) or 0
            for paper in rows.papers
        ],
        "added": [paper.added or 0 for paper in rows.papers],
        "standing": {str(n): row.standing for n, row in enumerate(found) if row.standing},
        "in": [[paths[path] for path in row.categories] for row in found],
        "cells": {
            name: [_flat(row.cells[column]) or 0 for row in found]
            for column, name in enumerate(rows.cell_names)
        },
        "details": {
            str(number): [[label, _flat(pieces)] for label, pieces in row.details]
            for number, row in enumerate(found)
            if row.details
        },
        "year": [(paper.date or "")[:4] for paper in rows.papers],
        "filters": {f.name: _values(f) for f in filters if f.values is not None},
    }
    return json.dumps(index, ensure_ascii=False, separators=(",", ":")) + "\n"


def render_folder_index(index: str, bibtex: str) -> str:
    """Return index and BibTeX as a script, for a page that was opened from a folder."""
    text = json.dumps(bibtex, ensure_ascii=False)
    # Two line ends of JSON's texts once were none of JavaScript's.
    script = f"globalThis.kdbotFolder={{index:{index.rstrip()},bibtex:{text}}};\n"
    return script.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _edition(paper: Paper) -> tuple[str, ...]:
    """Return the venue with its year, by which readers ask: `ICLR 2024` has papers of 2023."""
    return (f"{visible_text(paper.venue)} {paper.year}",) if paper.venue and paper.year else ()


def _address(row: Row) -> str | int:
    if row.title.url == ARXIV + row.id:
        return 1
    return row.title.url or 0


def _flat(pieces: Sequence[Text]) -> list[str]:
    return [part for piece in pieces for part in piece]


def _values(chosen: Filter) -> Any:
    values = chosen.values or ()
    if not chosen.options:
        return "".join("1" if found else "0" for found in values)
    return [found[0] if len(found) == 1 else list(found) or 0 for found in values]
