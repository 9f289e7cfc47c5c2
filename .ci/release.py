"""Build what a tag releases: wheel, source distribution, and the notes from the change log.

Usage: .ci/release.py TAG FOLDER. The tag is `v` and the version of pyproject.toml.
"""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main(tag: str, folder: str) -> int:
    """Build into a folder and return the exit status: 1 where the tag is no release."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    if tag != f"v{version}":
        return fail(f"the tag {tag} is not v{version}, the version of pyproject.toml")
    notes = notes_of(version, (ROOT / "CHANGELOG.md").read_text("utf-8"))
    if not notes:
        return fail(f"CHANGELOG.md has no words about {version}")
    out = Path(folder).resolve()
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(out)]
    for kind in ("wheel", "sdist"):
        subprocess.run([*command, "-t", kind], cwd=ROOT, check=True)  # noqa: S603
    (out / "notes.md").write_text(notes, "utf-8")
    return 0


def notes_of(version: str, log: str) -> str:
    """Return the section of one version, without its heading; nothing where there is none."""
    section = re.search(
        rf"^## \[{re.escape(version)}\][^\n]*\n(.*?)(?=^## |^\[[^\]]+\]: |\Z)",
        log,
        re.MULTILINE | re.DOTALL,
    )
    return section[1].strip() + "\n" if section and section[1].strip() else ""


def fail(why: str) -> int:
    """Say why there is no release."""
    print(f"release: {why}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
