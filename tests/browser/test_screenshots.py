"""The pictures of the page in the README: `make screenshots` renews them."""

import os
from pathlib import Path

import pytest

from tests.site.lists import COUNT


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
