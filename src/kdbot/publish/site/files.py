"""Every file of the site: pages, exports, and `index.json` for the search."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from kdbot.model.collection import Collection
from kdbot.model.paper import Paper, RecordChange
from kdbot.model.settings import Settings
from kdbot.publish.exports.atom import CHANGES, FEED, Feeds
from kdbot.publish.exports.citations import (
    CITATION,
    join_entries,
    make_references,
    render_citation,
    render_csl,
    render_entry,
    render_ris,
)
from kdbot.publish.exports.records import (
    PAPERS_SCHEMA,
    paper_records,
    render_badge,
    render_papers_csv,
    render_papers_json,
    render_papers_schema,
)
from kdbot.publish.markdown import visible_text
from kdbot.publish.readme.tables import edition
from kdbot.publish.site.pages import PAGE, Pages, category_file, read_file
from kdbot.publish.site.rows import Filter, Rows, make_filters

_INDEX = "index.json"
_FOLDER_INDEX = "folder.js"
"""The same index as a script: browsers let a page in a folder load scripts, but fetch nothing."""

_STYLE = "site.css"
_SCRIPT = "site.js"
_DOWNLOADS = {
    "papers.bib": "BibTeX: one entry per paper, with stable keys.",
    "papers.csl.json": "CSL-JSON, for Zotero, pandoc and citeproc.",
    "papers.ris": "RIS, for EndNote and Zotero.",
    "papers.csv": "One row per paper, for spreadsheets and data frames.",
    "papers.json": "All records and the tree of categories, for programs.",
    PAPERS_SCHEMA: "The JSON Schema of papers.json.",
    FEED: "Atom feed of new papers.",
    CHANGES: "Atom feed of new venues, code and retractions of listed papers.",
    CITATION: "How to cite the list itself.",
}
"""The files that the page offers, and what each is good for."""


def site_files(
    collection: Collection, settings: Settings, changes: Iterable[RecordChange] = ()
) -> Mapping[str, str]:
    """Return the text of every file of the site by its path in it.

    The same list with the same history gives the same bytes: nothing asks for day or machine.
    """
    rows = Rows(collection=collection, settings=settings.tables)
    papers, categories = rows.papers, collection.taxonomy.categories
    filters = make_filters(rows)
    records = paper_records(papers, collection.schema)
    references = make_references(papers, collection.venues)
    entries = {one.paper.id: render_entry(one) for one in references}
    feeds = Feeds(collection=collection, settings=settings)
    files = {
        _STYLE: read_file("assets", _STYLE),
        _SCRIPT: read_file("assets", _SCRIPT),
        _INDEX: _render_index(rows, filters),
        "papers.bib": join_entries(entries.values()),
        "papers.csl.json": render_csl(references),
        "papers.ris": render_ris(references),
        "papers.csv": render_papers_csv(records, collection.schema),
        "papers.json": render_papers_json(records, collection, settings),
        PAPERS_SCHEMA: render_papers_schema(collection.schema),
        FEED: feeds.render(papers),
        CHANGES: feeds.render_changes(changes),
        "badge.json": render_badge(len(papers)),
        CITATION: render_citation(papers, collection.venues, settings),
    }
    digests = {
        "css": _digest(files[_STYLE]),
        "js": _digest(files[_SCRIPT]),
        "index": _digest(files[_INDEX] + files["papers.bib"]),
    }
    pages = Pages(rows=rows, filters=filters, digests=digests, settings=settings)
    files[PAGE] = pages.render_page(_DOWNLOADS)
    files[_FOLDER_INDEX] = _render_folder_index(files[_INDEX], files["papers.bib"])
    files |= pages.render_category_pages()
    for category in categories:
        feed, page, bibtex = (category_file(category.path, end) for end in ("xml", "html", "bib"))
        listed = rows.by_branch[category.path]
        files[feed] = feeds.render(listed, (feed, page), category.title)
        files[bibtex] = join_entries(entries[paper.id] for paper in listed)
    return files


def _render_index(rows: Rows, filters: Sequence[Filter]) -> str:
    """Return all papers as columns, newest first; what is empty is 0, so that it weighs little.

    Its form is the page's own business: other programs read `papers.json`.

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
        "address": [1 if row.leads_to_own_arxiv else row.url or 0 for row in found],
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


def _render_folder_index(index: str, bibtex: str) -> str:
    """Return index and BibTeX as a script, for a page that was opened from a folder."""
    text = json.dumps(bibtex, ensure_ascii=False)
    # Two line ends of JSON's texts once were none of JavaScript's.
    script = f"globalThis.kdbotFolder={{index:{index.rstrip()},bibtex:{text}}};\n"
    return script.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _other_names(paper: Paper) -> str:
    """Return what readers ask by as well: other titles, and `ICLR 2024` for a paper of 2023."""
    names = [*paper.other_titles, edition(paper) if paper.year else ""]
    return " ".join(filter(None, map(visible_text, names)))


def _values(chosen: Filter) -> Any:
    values = chosen.values or ()
    if not chosen.options:
        return "".join("1" if found else "0" for found in values)
    return [found[0] if len(found) == 1 else list(found) or 0 for found in values]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:8]
