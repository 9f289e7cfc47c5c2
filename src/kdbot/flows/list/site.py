"""The site on disk: written below `site/`, which holds nothing else and is not committed."""

import gc
from collections.abc import Mapping
from pathlib import Path

from kdbot.model.collection import Collection
from kdbot.model.settings import Settings
from kdbot.storage.files import write_files

SITE = "site"
"""Folder of the site in the list's own folder."""


def site_files(collection: Collection, settings: Settings) -> Mapping[str, str]:
    """Return the text of every file of the site by its path below `SITE`."""
    from kdbot.publish.site.files import site_files as render_site

    return render_site(collection.shown, settings)


def write_site(root: Path, collection: Collection, settings: Settings) -> list[str]:
    """Write the site, remove from its folder what no longer belongs to it, and name what changed.

    Raises:
        KdbotError: a file cannot be written.
    """
    folder = root / SITE
    present = (path.relative_to(root) for path in folder.rglob("*") if path.is_file())
    files: dict[str, str | None] = dict.fromkeys(path.as_posix() for path in present)
    # A site of ten thousand papers is millions of texts of which none is garbage yet.
    gc.disable()
    try:
        rendered = site_files(collection, settings)
    finally:
        gc.enable()
    files.update({f"{SITE}/{name}": text for name, text in rendered.items()})
    return write_files(root, files)
