"""Every file of the site: pages, exports, and `index.json` for the search.

The index holds all papers as columns. Its form is the page's own business: other programs read
`papers.json`.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from kdbot.model.collection import Collection
from kdbot.model.settings import Settings
from kdbot.publish.exports.atom import FEED, render_feed
from kdbot.publish.exports.badge import BADGE, render_badge
from kdbot.publish.exports.bibtex import PAPERS_BIB, render_bibtex
from kdbot.publish.exports.citation_cff import CITATION, render_citation
from kdbot.publish.exports.citations import PAPERS_CSL, PAPERS_RIS, render_csl, render_ris
from kdbot.publish.exports.papers_csv import PAPERS_CSV, render_papers_csv
from kdbot.publish.exports.papers_json import (
    PAPERS_JSON,
    PAPERS_SCHEMA,
    paper_records,
    render_papers_json,
    render_papers_schema,
)
from kdbot.publish.site.pages import (
    PAGE,
    Download,
    make_nodes,
    read_asset,
    render_category_pages,
    render_page,
)
from kdbot.publish.site.rows import Filter, Row, Rows, Text, make_filters

_INDEX = "index.json"
_FOLDER_INDEX = "folder.js"
"""The same index as a script: browsers let a page in a folder load scripts, but fetch nothing."""

_ARXIV = "https://arxiv.org/abs/"

_STYLE = "site.css"
_SCRIPT = "site.js"

_DOWNLOADS = (
    Download(href=PAPERS_BIB, says="BibTeX: an entry for each paper, under keys that stay."),
    Download(href=PAPERS_CSL, says="CSL-JSON, for Zotero, pandoc and citeproc."),
    Download(href=PAPERS_RIS, says="RIS, for EndNote and Zotero."),
    Download(href=PAPERS_CSV, says="A row for each paper, for spreadsheets and data frames."),
    Download(href=PAPERS_JSON, says="All records and the tree of categories, for programs."),
    Download(href=PAPERS_SCHEMA, says="The JSON Schema of papers.json."),
    Download(href=FEED, says="Atom feed: subscribe to be told of new papers."),
    Download(href=CITATION, says="How to cite the list itself."),
)


def _render_index(rows: Rows, filters: Sequence[Filter]) -> str:
    """Return the index, newest paper first; what is empty is 0, so that it weighs little.

    An address of 1 is that of the id's page on arXiv. Pieces of a cell stand in a row, each text
    followed by its address.
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
        "key": [row.key or 0 for row in found],
        "known": [" ".join(row.other_titles) or 0 for row in found],
        "added": [paper.added or 0 for paper in rows.papers],
        "withdrawn": [number for number, row in enumerate(found) if row.withdrawn],
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


def _render_folder_index(index: str, bibtex: str) -> str:
    """Return index and BibTeX as a script, for a page that was opened from a folder."""
    text = json.dumps(bibtex, ensure_ascii=False)
    # Two line ends of JSON's texts once were none of JavaScript's.
    script = f"globalThis.kdbotFolder={{index:{index.rstrip()},bibtex:{text}}};\n"
    return script.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _address(row: Row) -> str | int:
    if row.title.url == _ARXIV + row.id:
        return 1
    return row.title.url or 0


def _flat(pieces: Sequence[Text]) -> list[str]:
    return [part for piece in pieces for part in piece]


def _values(chosen: Filter) -> Any:
    values = chosen.values or ()
    if not chosen.options:
        return "".join("1" if found else "0" for found in values)
    return [found[0] if len(found) == 1 else list(found) or 0 for found in values]


def site_files(collection: Collection, settings: Settings) -> Mapping[str, str]:
    """Return the text of every file of the site by its path in it.

    The same collection and settings give the same bytes: nothing asks for the day or the machine.
    """
    rows = Rows(
        collection=collection,
        columns=settings.tables.columns,
        venue_year=settings.tables.venue_year,
    )
    papers = rows.papers
    filters = make_filters(rows)
    nodes = make_nodes(rows, filters[0])
    records = paper_records(papers, collection.schema)
    bibtex = render_bibtex(papers, collection.venues)
    files = {
        _STYLE: read_asset(_STYLE),
        _SCRIPT: read_asset(_SCRIPT),
        _INDEX: _render_index(rows, filters),
        PAPERS_BIB: bibtex,
        PAPERS_CSL: render_csl(papers, collection.venues),
        PAPERS_RIS: render_ris(papers, collection.venues),
        PAPERS_CSV: render_papers_csv(records, collection.schema),
        PAPERS_JSON: render_papers_json(records, collection, settings),
        PAPERS_SCHEMA: render_papers_schema(collection.schema),
        FEED: render_feed(papers, collection, settings),
        BADGE: render_badge(len(papers)),
        CITATION: render_citation(papers, collection.venues, settings),
    }
    digests = {
        "css": _digest(files[_STYLE]),
        "js": _digest(files[_SCRIPT]),
        "index": _digest(files[_INDEX] + bibtex),
    }
    return {
        PAGE: render_page(rows, filters, nodes, _DOWNLOADS, digests, settings),
        _FOLDER_INDEX: _render_folder_index(files[_INDEX], bibtex),
        **files,
        **render_category_pages(rows, nodes, digests, settings),
    }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:8]
