"""Tables and comments as GitHub lays them out."""

from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from kdbot.publish.readme.tables import ShownPapers

# GitHub's own rules for a table, and the width of its column beside the sidebar:
# https://github.com/sindresorhus/github-markdown-css
STYLE = """
body { margin: 0; overflow-wrap: break-word; font: 16px/1.5 Helvetica, Arial, sans-serif; }
table { display: block; width: max-content; max-width: 100%; overflow: auto;
  border-collapse: collapse; }
th, td { padding: 6px 13px; border: 1px solid #d1d9e0; }
th { font-weight: 600; }
"""


@pytest.mark.parametrize("width", [980, 768])
def test_no_date_is_broken_into_two_lines(chromium, listed, listed_settings, width):
    tables = ShownPapers(collection=listed, settings=listed_settings.tables)
    html = MarkdownIt("gfm-like", {"linkify": False}).render(tables.table(tables.papers))
    page = chromium.new_page(viewport={"width": width, "height": 800})
    page.set_content(f"<style>{STYLE}</style>{html}")
    column = listed_settings.tables.columns.index("date") + 1
    heights = page.eval_on_selector_all(
        f"tbody td:nth-child({column})",
        "cells => cells.filter(cell => cell.textContent).map((cell) => {"
        " const range = document.createRange(); range.selectNodeContents(cell);"
        " return range.getClientRects().length; })",
    )
    page.close()
    assert len(heights) > 200
    assert set(heights) == {1}


def test_before_and_after_stay_on_a_phones_screen(chromium):
    golden = Path(__file__).parents[1] / "data/publish/golden/update.md"
    address = "https://github.com/a-rather-long-organisation/and-a-long-name-of-a-repository"
    text = golden.read_text("utf-8").replace("https://github.com/o/r", address)
    html = MarkdownIt("gfm-like", {"linkify": False}).render(text)
    page = chromium.new_page(viewport={"width": 343, "height": 700})
    page.set_content(f"<style>{STYLE}</style>{html}")
    wide = page.eval_on_selector_all("ul, ul *", "all => Math.max(...all.map(e => e.scrollWidth))")
    page.close()
    assert wide <= 343
