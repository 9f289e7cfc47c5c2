"""Check the links of the documents: `python .ci/document_links.py [--external]`.

Without the option: every link to a file, an anchor or an issue form of this repository resolves;
exit status 1 names each that does not. With it: the external addresses, one a line, for
`kdbot links --urls -`. Generated regions of the README are left to the audit of the papers.
"""

import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from written_text import written_text

from kdbot.publish.readme.render import find_headings

_ROOT = Path(__file__).resolve().parents[1]
_DOCUMENTS = ("*.md", "docs/*.md", ".github/*.md")
_LINKED = re.compile(r"""\b(?:href|src|srcset)=["']([^"'\s]+)["']""")
_NAMED = re.compile(r"""\b(?:id|name)=["']([^"'\s]+)["']""")
_LINES = re.compile(r"L\d+(?:-L\d+)?")
# Pages of a repository on GitHub, which are reached by `../../` from its README.
_GITHUB_PAGES = re.compile(
    r"(?:actions|blob|commits?|deployments|discussions|issues|pulls?|releases|search|security|tree)\b"
)
_FORM = re.compile(r"issues/new\?template=([\w.-]+)")


def _targets(text: str) -> Iterator[tuple[int, str]]:
    """Yield line number and target of each link and image."""
    for token in MarkdownIt("gfm-like", {"linkify": False, "html": True}).parse(text):
        line = token.map[0] + 1 if token.map else 0
        for part in (token, *(token.children or ())):
            for name in ("href", "src"):
                if target := part.attrGet(name):
                    yield line, str(target)
            if part.type in {"html_block", "html_inline"}:
                yield from ((line, one) for one in _LINKED.findall(part.content))


@cache
def _anchors(path: Path) -> frozenset[str]:
    text = path.read_text("utf-8")
    return frozenset({one.anchor for one in find_headings(text)} | set(_NAMED.findall(text)))


def _problem(page: Path, target: str) -> str | None:
    """Return what is wrong with a target within the repository."""
    parts = urlsplit(target)
    if target.startswith("../../"):
        form = _FORM.search(target)
        if form and not (_ROOT / ".github/ISSUE_TEMPLATE" / form[1]).is_file():
            return "no such issue form"
        return None if _GITHUB_PAGES.match(target.removeprefix("../../")) else "no page of GitHub"
    path = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    if not path.is_relative_to(_ROOT) or not path.exists():
        return "no such file"
    if not parts.fragment or _LINES.fullmatch(parts.fragment):
        return None
    if path.is_dir():
        path /= "README.md"
    found = path.suffix == ".md" and path.is_file() and unquote(parts.fragment) in _anchors(path)
    return None if found else "no such heading"


def main(arguments: list[str]) -> int:
    """Print the problems, or the external addresses, and return the exit status."""
    external: set[str] = set()
    failed = False
    for page in sorted(page for pattern in _DOCUMENTS for page in _ROOT.glob(pattern)):
        name = page.relative_to(_ROOT).as_posix()
        for line, target in _targets(written_text(page.read_text("utf-8"))):
            if urlsplit(target).scheme in {"http", "https"}:
                external.add(target)
            elif not urlsplit(target).scheme and (problem := _problem(page, target)):
                failed = True
                print(f"{name}:{line}: {target}: {problem}", file=sys.stderr)
    if "--external" in arguments:
        print("\n".join(sorted(external)))
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
