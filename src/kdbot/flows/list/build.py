"""`kdbot build`: regenerate every derived file and the site from papers, schema and prose."""

import gc
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from kdbot.flows.list.checked_list import whole_collection
from kdbot.flows.list.last_versions import record_changes
from kdbot.flows.output import unified_diff, use_color
from kdbot.flows.rules import ALL_RULES
from kdbot.model.collection import Collection
from kdbot.model.finding import Finding
from kdbot.model.paper import RecordChange, stem_of
from kdbot.model.regions import README
from kdbot.model.settings import Settings
from kdbot.publish.derived import DERIVED_FOLDERS, derived_files
from kdbot.publish.report import render_findings_text
from kdbot.publish.tracking_issues import kept_words
from kdbot.storage.audit import load_audit_summary
from kdbot.storage.files import read_bytes, read_text, write_files
from kdbot.storage.package_data import read_examples
from kdbot.storage.repository import load_settings

_SITE = "site"
"""Folder of the site in the list's own folder."""


def build(
    root: Path,
    *,
    check: bool,
    environment: Mapping[str, str],
    reference: Mapping[str, str] = MappingProxyType({}),
) -> int:
    """Write what is stale, or with `check` show it, and return the exit status.

    The site is not committed, so it is written and never stale. A broken file of a paper keeps
    nothing else from being built; the status is 1 then.

    Args:
        root: the list.
        check: whether to write nothing.
        environment: for `GITHUB_REPOSITORY` and NO_COLOR.
        reference: pages about kdbot itself by their path; those that the list has are kept.
    """
    settings = load_settings(root, environment)
    collection = whole_collection(root)
    files = stale_files(root, collection, settings, reference)
    color = use_color(sys.stderr, environment)
    for broken in collection.broken.values():
        sys.stderr.write(render_findings_text(broken.findings, color=color))
        shown = stem_of(broken.file) in collection.papers
        print(f"    {kept_words(broken, shown=shown)}", file=sys.stderr)
    if isinstance(files, tuple):
        sys.stderr.write(render_findings_text(files, color=color))
        print("kdbot: nothing was written", file=sys.stderr)
        return 1
    if check:
        for name, text in sorted(files.items()):
            sys.stdout.writelines(unified_diff(name, _present(root, name) or "", text or ""))
        print(f"{len(files)} stale", file=sys.stderr)
        return 1 if files or collection.broken else 0
    for name in write_files(root, files):
        print(name)
    if changed := _write_site(root, collection, settings):
        print(f"{_SITE}/ ({len(changed)} files)")
    return 1 if collection.broken else 0


def stale_files(
    root: Path,
    collection: Collection,
    settings: Settings,
    reference: Mapping[str, str] = MappingProxyType({}),
) -> Mapping[str, str | None] | tuple[Finding, ...]:
    """Return the derived files that are not what they should be.

    Returns:
        The text of each by its path, None for one that should not be there; or the findings that
        keep the files from being built.
    """
    readme = read_text(root, README)
    audit = load_audit_summary(root)
    derived = derived_files(collection, settings, readme, audit, ALL_RULES, read_examples())
    if isinstance(derived, tuple):
        return derived
    present = (
        path.relative_to(root).as_posix()
        for folder in DERIVED_FOLDERS
        for path in (root / folder).rglob("*")
        if path.is_file()
    )
    wanted: dict[str, str | None] = dict.fromkeys(present)
    wanted.update(derived)
    # The reference of kdbot itself lies in its own repository, not in every list.
    wanted.update({name: t for name, t in reference.items() if (root / name).exists()})
    return {name: text for name, text in wanted.items() if text != _present(root, name)}


def _present(root: Path, name: str) -> str | None:
    if not (root / name).exists():
        return None
    return read_bytes(root, name).decode("utf-8", "surrogateescape")


def _site_files(
    collection: Collection, settings: Settings, changes: Iterable[RecordChange] = ()
) -> Mapping[str, str]:
    """Return the text of every file of the site by its path below `_SITE`."""
    from kdbot.publish.site.files import site_files as render_site

    return render_site(collection.shown, settings, changes)


def _write_site(root: Path, collection: Collection, settings: Settings) -> list[str]:
    """Write the site, remove from its folder what no longer belongs to it, and name what changed.

    Raises:
        KdbotError: a file cannot be written.
    """
    folder = root / _SITE
    present = (path.relative_to(root) for path in folder.rglob("*") if path.is_file())
    files: dict[str, str | None] = dict.fromkeys(path.as_posix() for path in present)
    # A site of ten thousand papers is millions of texts of which none is garbage yet.
    gc.disable()
    try:
        rendered = _site_files(collection, settings, record_changes(root))
    finally:
        gc.enable()
    files.update({f"{_SITE}/{name}": text for name, text in rendered.items()})
    return write_files(root, files)
