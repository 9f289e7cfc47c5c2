"""Files are found, read and written; a fault says where."""

import os

import pytest

from kdbot.model.errors import KdbotError
from kdbot.storage.files import find_root, paper_files, read_text, write_files


def test_the_root_is_the_folder_with_the_settings(tmp_path):
    (tmp_path / "kdbot.toml").write_text("")
    (tmp_path / "papers" / "deep").mkdir(parents=True)
    assert find_root(tmp_path / "papers" / "deep") == tmp_path


def test_outside_of_a_list_the_error_says_what_to_do(tmp_path):
    with pytest.raises(KdbotError, match="--root"):
        find_root(tmp_path)


def test_only_what_differs_is_written(tmp_path):
    (tmp_path / "same").write_text("a\n")
    before = (tmp_path / "same").stat().st_mtime_ns
    assert write_files(tmp_path, {"same": "a\n", "new/file": "b\n", "gone": None}) == ["new/file"]
    assert (tmp_path / "same").stat().st_mtime_ns == before
    assert (tmp_path / "new" / "file").read_bytes() == b"b\n"


def test_a_file_is_removed(tmp_path):
    (tmp_path / "old").write_text("a")
    assert write_files(tmp_path, {"old": None}) == ["old"]
    assert not (tmp_path / "old").exists()


def test_a_place_that_cannot_be_written_changes_nothing(tmp_path):
    (tmp_path / "block").write_text("a file where a folder is needed")
    with pytest.raises(KdbotError, match="block/new"):
        write_files(tmp_path, {"a": "x", "block/new": "y"})
    assert sorted(os.listdir(tmp_path)) == ["block"]


def test_a_link_among_the_papers_is_refused(tmp_path):
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "a.yaml").symlink_to("/etc/hostname")
    with pytest.raises(KdbotError, match=r"papers/a\.yaml"):
        paper_files(tmp_path)


def test_text_that_is_no_utf_8_is_said(tmp_path):
    (tmp_path / "README.md").write_bytes(b"\xff")
    with pytest.raises(KdbotError, match=r"README\.md: is not UTF-8"):
        read_text(tmp_path, "README.md")
