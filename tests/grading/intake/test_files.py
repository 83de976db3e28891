"""Nothing is followed, waited for or read without end."""

import os
import tracemalloc
from pathlib import Path

import pytest

from revise.errors import UnreadableSubmission
from revise.grading.intake import files
from revise.grading.intake.parse import clean, parse


def test_a_device_is_not_opened():
    with pytest.raises(UnreadableSubmission, match="it is a device"):
        files.read_file(Path("/dev/zero"))


def test_a_file_at_the_limit_is_read(tmp_path):
    path = tmp_path / "x"
    path.write_bytes(b"12345")
    assert files.read_file(path, most=5) == b"12345"
    with pytest.raises(UnreadableSubmission, match="too large"):
        files.read_file(path, most=4)


@pytest.mark.parametrize("name", ["a\0b", "x" * 5000])
def test_an_impossible_name_is_a_reason(tmp_path, name):
    with pytest.raises(UnreadableSubmission):
        files.read_file(tmp_path / name)


def test_the_search_is_bounded_and_follows_no_link(tmp_path):
    """Does a huge tree, or a link to another submission, not widen the search?"""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "theirs.ipynb").touch()
    folder = tmp_path / "folder"
    deep = folder / "a" / "b" / "c"
    deep.mkdir(parents=True)
    (folder / "link").symlink_to(outside)
    (folder / "link.ipynb").symlink_to(outside / "theirs.ipynb")
    (folder / "a" / "b" / "near.ipynb").touch()
    (deep / "far.ipynb").touch()
    assert files.find(folder, (".ipynb",)) == [folder / "a" / "b" / "near.ipynb"]
    for number in range(files.MOST_ENTRIES):
        (deep.parent / f"{number}").touch()
    assert len(list(files._files(folder, 0, [files.MOST_ENTRIES]))) <= files.MOST_ENTRIES


def test_text_is_made_whole():
    assert clean("a\r\nb\rc\0\ud83d\ude00\ud83d") == "a\nb\nc\ufffd😀\ufffd"


def test_a_bomb_of_parts_takes_little_memory():
    """Is a file that would unpack to gigabytes refused before it is unpacked?"""
    bomb = b'{"cells":[' + b"{}," * 12_000_000 + b"{}]}"
    tracemalloc.start()
    try:
        with pytest.raises(UnreadableSubmission, match="too many parts"):
            parse(bomb)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_is_a_reason(tmp_path):
    folder = tmp_path / "closed"
    folder.mkdir()
    (folder / "x.ipynb").touch()
    folder.chmod(0)
    with pytest.raises(UnreadableSubmission, match="permission denied"):
        files.read_file(folder / "x.ipynb")
    assert files.find(folder, (".ipynb",)) == []
    folder.chmod(0o755)
