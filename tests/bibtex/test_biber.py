"""biber, which most LaTeX documents read their bibliography with, takes every entry as it is.

`make test-bibtex` runs this; it needs Debian's `biber`, so it is no part of `make test`.
"""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from kdbot.publish.exports.citations import join_entries, make_references, render_entry
from kdbot.storage.repository import load_records, load_rules, with_papers

ROOT = Path(__file__).resolve().parents[2]
BIBER = shutil.which("biber")


@pytest.fixture(scope="module")
def collection():
    return with_papers(load_rules(ROOT), load_records(ROOT).candidates)


def run_biber(text, folder):
    assert BIBER is not None, "biber is missing: apt-get install --no-install-recommends biber"
    (folder / "papers.bib").write_text(text, "utf-8")
    command = [BIBER, "--tool", "--validate-datamodel", "--output-file", "out.bib", "papers.bib"]
    return subprocess.run(
        command, check=False, cwd=folder, capture_output=True, text=True, timeout=300
    )


def test_biber_takes_the_whole_list_without_a_warning(collection, tmp_path):
    papers = collection.papers.values()
    references = make_references(papers, collection.venues)
    done = run_biber(join_entries(map(render_entry, references)), tmp_path)
    assert done.returncode == 0, done.stdout
    assert "WARN" not in done.stdout + done.stderr
    assert "ERROR" not in done.stdout + done.stderr
    written = (tmp_path / "out.bib").read_text("utf-8")
    keys = re.findall(r"^@\w+\{(.*),$", written, re.MULTILINE)
    assert sorted(keys) == sorted(paper.key for paper in papers)


def test_biber_warns_of_what_is_wrong(tmp_path):
    text = "@inproceedings{a2024b,\n  title = {T},\n  year = {twenty},\n}\n"
    assert "WARN" in run_biber(text, tmp_path).stdout
