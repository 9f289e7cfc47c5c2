"""Files are found, read and written; a fault says where."""

import fcntl
import os
import signal
import subprocess
import sys
import time

import pytest

from kdbot.model.errors import KdbotError
from kdbot.storage.files import find_root, paper_files, read_file, read_text, write_files


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


def test_a_link_among_the_papers_is_no_file(tmp_path):
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "a.yaml").symlink_to("/etc/hostname")
    (tmp_path / "papers" / "b.yaml").write_text("")
    names, odd = paper_files(tmp_path)
    assert names == ["b.yaml"]
    assert [finding.file for finding in odd] == ["papers/a.yaml"]


@pytest.mark.parametrize("text", ["title: [", "<<<<<<< HEAD\n", "", "\xff"])
@pytest.mark.parametrize("new", ['title: "B"\n', None])
def test_G01_a_paper_that_cannot_be_read_is_not_written_over(tmp_path, text, new):
    (tmp_path / "papers").mkdir()
    file = tmp_path / "papers" / "a.yaml"
    file.write_text(text, "latin-1")
    with pytest.raises(KdbotError, match=r"papers/a\.yaml.*not overwritten"):
        write_files(tmp_path, {"papers/a.yaml": new, "README.md": "x"})
    assert file.read_text("latin-1") == text
    assert not (tmp_path / "README.md").exists()


def test_text_that_is_no_utf_8_is_said(tmp_path):
    (tmp_path / "README.md").write_bytes(b"\xff")
    with pytest.raises(KdbotError, match=r"README\.md: is not UTF-8"):
        read_text(tmp_path, "README.md")


MANY = """
import sys
from pathlib import Path
from kdbot.storage.files import write_files
write_files(Path(sys.argv[1]), {f"papers/{n:05}.yaml": "x" * 100 for n in range(4_000)})
"""


def everything(folder):
    return {path.relative_to(folder).parts[0] for path in folder.iterdir()}


def test_G14_the_next_run_removes_what_a_killed_one_has_left(tmp_path):
    (tmp_path / ".foreign").write_text("somebody's own")
    with subprocess.Popen([sys.executable, "-c", MANY, str(tmp_path)]) as child:
        until = time.monotonic() + 60
        while not (tmp_path / "papers" / "00003.yaml").exists() and time.monotonic() < until:
            time.sleep(0.001)
        child.send_signal(signal.SIGKILL)
    assert len(everything(tmp_path)) == 3, "it was killed too late"
    assert not any(name.startswith(".") for name in os.listdir(tmp_path / "papers"))
    assert write_files(tmp_path, {}) == []
    assert everything(tmp_path) == {".foreign", "papers"}


def test_G14_what_another_run_is_writing_stays(tmp_path):
    folder = tmp_path / ".kdbot-staging-other"
    folder.mkdir()
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        write_files(tmp_path, {"a": "x"})
        assert folder.exists()
    finally:
        os.close(descriptor)
    write_files(tmp_path, {"a": "x"})
    assert everything(tmp_path) == {"a"}


@pytest.mark.parametrize("kind", ["fifo", "folder", "device"])
def test_G13_only_a_plain_file_is_read(kind, tmp_path):
    place = tmp_path / "place"
    if kind == "fifo":
        os.mkfifo(place)
    elif kind == "folder":
        place.mkdir()
    else:
        place.symlink_to("/dev/zero")
    with pytest.raises(KdbotError, match="place: is not a regular file"):
        read_file(place)
    with pytest.raises(KdbotError, match="place: is not a regular file"):
        write_files(tmp_path, {"place": "x"})
