"""The pictures of the page and of a conversation: `make screenshots` renews them."""

import os
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from tests.site.lists import COUNT

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_has_its_picture_taken(visit, listed_site, tmp_path, scheme):
    here = visit(
        listed_site,
        viewport={"width": 1080, "height": 720},
        device_scale_factor=2,
        color_scheme=scheme,
    )
    page = here.open("?code=1")
    here.expect_status_with(f"of {COUNT} papers")
    assert here.rows()
    folder = Path(os.environ.get("SCREENSHOTS") or tmp_path)
    picture = page.screenshot(path=folder / f"screenshot-{scheme}.png")
    assert len(picture) > 20_000


# GitHub's colours of text, links, lines, notes and code in each theme:
# https://github.com/sindresorhus/github-markdown-css
COLOURS = {
    "light": ("#1f2328", "#ffffff", "#0969da", "#d1d9e0", "#59636e", "#818b981f"),
    "dark": ("#f0f6fc", "#0d1117", "#4493f8", "#3d444d", "#9198a1", "#656c7633"),
}
STYLE = """
body {{ margin: 0; padding: 24px; width: 720px; color: {0}; background: {1};
  font: 15px/1.5 -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; }}
a {{ color: {2}; text-decoration: none; }}
h2 {{ font-size: 20px; }}
blockquote {{ margin: 0 0 16px; padding: 12px 16px; border: 1px solid {3}; border-radius: 6px; }}
blockquote > :first-child {{ margin-top: 0; }} blockquote > :last-child {{ margin-bottom: 0; }}
sub, summary {{ color: {4}; }} sub {{ font-size: 12px; }}
code {{ padding: 2px 5px; border-radius: 6px; background: {5};
  font: 13px ui-monospace, Menlo, "DejaVu Sans Mono", monospace; }}
"""
# In place of a font with emoji, which the machine may not have.
CHECK = (
    '<svg width="15" height="15" viewBox="0 0 16 16" style="vertical-align: -2px">'
    '<rect width="16" height="16" rx="3" fill="#1a7f37"/>'
    '<path d="M4 8.5 7 11.5 12.5 5" fill="none" stroke="#fff" stroke-width="2"/></svg>'
)


@pytest.mark.parametrize("scheme", list(COLOURS))
def test_a_conversation_has_its_picture_taken(chromium, tmp_path, scheme):
    text = (ROOT / "docs/conversation.md").read_text("utf-8")
    first = text[text.index("\n## ") :].split("\n## ")[1].partition("\n")[2]
    html = MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(first)
    html = html.replace("\N{WHITE HEAVY CHECK MARK}", CHECK)
    page = chromium.new_page(viewport={"width": 768, "height": 400}, device_scale_factor=2)
    page.set_content(f"<style>{STYLE.format(*COLOURS[scheme])}</style>{html}")
    assert page.locator("blockquote").count() == 4
    assert page.get_by_text("Ready for review").is_visible()
    folder = Path(os.environ.get("SCREENSHOTS") or tmp_path)
    picture = page.screenshot(path=folder / f"conversation-{scheme}.png", full_page=True)
    page.close()
    assert len(picture) > 20_000
