"""Every file of the site: the page, the lists by category, the index and the exports."""

import hashlib
from collections.abc import Mapping

from kdbot.model.collection import Collection
from kdbot.model.settings import Settings
from kdbot.publish.exports.atom import FEED, render_feed
from kdbot.publish.exports.badge import BADGE, render_badge
from kdbot.publish.exports.bibtex import PAPERS_BIB, render_bibtex
from kdbot.publish.exports.citation_cff import CITATION, render_citation
from kdbot.publish.exports.papers_csv import PAPERS_CSV, render_papers_csv
from kdbot.publish.exports.papers_json import (
    PAPERS_JSON,
    PAPERS_SCHEMA,
    paper_records,
    render_papers_json,
    render_papers_schema,
)
from kdbot.publish.site.category_page import make_nodes, render_category_pages
from kdbot.publish.site.filters import make_filters
from kdbot.publish.site.index_json import (
    FOLDER_INDEX,
    INDEX,
    render_folder_index,
    render_index,
)
from kdbot.publish.site.page import PAGE, Download, render_page
from kdbot.publish.site.rows import Rows
from kdbot.publish.site.templates import read_asset

STYLE = "site.css"
SCRIPT = "site.js"

DOWNLOADS = (
    Download(href=PAPERS_BIB, says="BibTeX: an entry for each paper, under keys that stay."),
    Download(href=PAPERS_CSV, says="A row for each paper, for spreadsheets and data frames."),
    Download(href=PAPERS_JSON, says="All records and the tree of categories, for programs."),
    Download(href=PAPERS_SCHEMA, says="The JSON Schema of papers.json."),
    Download(href=FEED, says="Atom feed: subscribe to be told of new papers."),
    Download(href=CITATION, says="How to cite the list itself."),
)


def site_files(collection: Collection, settings: Settings) -> Mapping[str, str]:
    """Return the text of every file of the site by its path in it.

    The same collection and settings give the same bytes: nothing asks for the day or the machine.
    """
    rows = Rows(collection=collection, columns=settings.tables.columns)
    papers = rows.papers
    filters = make_filters(rows)
    nodes = make_nodes(rows, filters[0])
    records = paper_records(papers, collection.schema)
    bibtex = render_bibtex(papers, collection.venues)
    files = {
        STYLE: read_asset(STYLE),
        SCRIPT: read_asset(SCRIPT),
        INDEX: render_index(rows, filters),
        PAPERS_BIB: bibtex,
        PAPERS_CSV: render_papers_csv(records, collection.schema),
        PAPERS_JSON: render_papers_json(records, collection, settings),
        PAPERS_SCHEMA: render_papers_schema(collection.schema),
        FEED: render_feed(papers, collection, settings),
        BADGE: render_badge(len(papers)),
        CITATION: render_citation(papers, settings),
    }
    digests = {
        "css": _digest(files[STYLE]),
        "js": _digest(files[SCRIPT]),
        "index": _digest(files[INDEX] + bibtex),
    }
    return {
        PAGE: render_page(rows, filters, nodes, DOWNLOADS, digests, settings),
        FOLDER_INDEX: render_folder_index(files[INDEX], bibtex),
        **files,
        **render_category_pages(rows, nodes, digests, settings),
    }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:8]
