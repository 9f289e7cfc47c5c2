"""Every file of the site: pages, exports, and `index.json` for the search."""

import hashlib
from collections.abc import Iterable, Mapping

from kdbot.model.collection import Collection
from kdbot.model.paper import RecordChange
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
from kdbot.publish.site.index import render_folder_index, render_index
from kdbot.publish.site.pages import PAGE, Pages, category_file, read_file
from kdbot.publish.site.rows import Rows, make_filters

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
        _INDEX: render_index(rows, filters),
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
    files[_FOLDER_INDEX] = render_folder_index(files[_INDEX], files["papers.bib"])
    files |= pages.render_category_pages()
    for category in categories:
        feed, page, bibtex = (category_file(category.path, end) for end in ("xml", "html", "bib"))
        listed = rows.by_branch[category.path]
        files[feed] = feeds.render(listed, (feed, page), category.title)
        files[bibtex] = join_entries(entries[paper.id] for paper in listed)
    return files


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:8]
