"""Look for words of `wording.yaml` in everything that people read: `python .ci/wording.py`.

Documents, templates, messages, help texts, docstrings and comments count; generated regions of the
README, records of papers and tests do not. Exit status 1 names each place with the better word.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml
from written_text import written_text

_ROOT = Path(__file__).resolve().parents[1]
_READ = re.compile(
    r"(?:README|CONTRIBUTING|SECURITY|CODE_OF_CONDUCT|CHANGELOG|AGENTS)\.md|docs/.*\.md|Makefile"
    r"|\.github/.*\.(?:ya?ml|md)|\.ci/(?!wording)[^/]*|action\.yml|kdbot\.toml|schema/.*\.(?:json|yaml)|imports/.*\.yaml"
    r"|src/kdbot/.*\.(?:py|j2|json|js|html|md|toml|txt|yml|yaml)"
)
_FOLDERS = ("docs", ".github", ".ci", "schema", "imports", "src/kdbot")


def load_wording() -> list[dict[str, str]]:
    """Return the rows of `wording.yaml`: `pattern`, `better` and `example`."""
    rows: list[dict[str, str]] = yaml.safe_load(
        Path(__file__).with_suffix(".yaml").read_text("utf-8")
    )
    return rows


def find_wording(text: str, rows: list[dict[str, str]]) -> Iterator[tuple[int, str, str]]:
    """Yield line number, the words found and the better ones."""
    plain = written_text(text)
    for row in rows:
        # A phrase may be wrapped, also behind the mark of a comment.
        pattern = row["pattern"].replace(" ", r"\s+(?:#\s+|//\s+)?")
        for found in re.finditer(pattern, plain, re.IGNORECASE):
            yield plain.count("\n", 0, found.start()) + 1, found[0], row["better"]


def main() -> int:
    """Print each place and return the exit status."""
    rows = load_wording()
    failed = False
    paths = [path for folder in _FOLDERS for path in (_ROOT / folder).rglob("*")]
    for path in sorted((*_ROOT.glob("*"), *paths)):
        name = path.relative_to(_ROOT).as_posix()
        if not _READ.fullmatch(name) or not path.is_file():
            continue
        for line, words, better in sorted(find_wording(path.read_text("utf-8"), rows)):
            failed = True
            print(f"{name}:{line}: {' '.join(words.split())!r}: write {better!r}")
    return failed


if __name__ == "__main__":
    sys.exit(main())
