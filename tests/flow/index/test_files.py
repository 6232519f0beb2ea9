"""Files are found and read whatever is among them."""

import os
from pathlib import Path

import pytest

from radiolucent.core import UnreadableError
from radiolucent.flow.index import files
from radiolucent.flow.index.files import There, looked_at, read_all, there

KEY = b"k" * 32


def test_every_file_is_found_once_and_hidden_ones_are_not(export):
    (export / ".hidden").write_text("x")
    (export / "link").symlink_to(export / "pa", target_is_directory=True)
    found = sorted(file.path for file in there(export))
    assert found == sorted(
        ["fake.dcm", "notes.txt", *(f"p{k}/a.dcm" for k in "abc"), *(f"pa/ct/00{k}.dcm" for k in range(5))]
    )
    assert not [file for file in there(export, without=export / "pa") if file.path.startswith("pa")]


def test_a_folder_that_must_not_be_opened_is_told_and_the_rest_is_found(export, monkeypatch):
    def refusing(path, real=os.scandir):
        if Path(path).name == "pa":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(files.os, "scandir", refusing)
    found = {file.path: file.why for file in there(export)}
    assert found["pa"] == "the folder cannot be opened: Permission denied"
    assert found["pb/a.dcm"] == ""
    (seen,) = looked_at(export, KEY, [There("pa", 0, 0, found["pa"])])
    assert (seen.kind, seen.told) == ("unreadable", found["pa"])


def test_a_file_that_must_not_be_read_is_told(export, monkeypatch):
    def refusing(path, key):
        raise UnreadableError(f"{path} cannot be read as DICOM: Permission denied")

    monkeypatch.setattr(files, "record", refusing)
    (seen,) = looked_at(export, KEY, [There("pa/a.dcm", 1, 1)])
    assert (seen.kind, seen.told) == ("unreadable", "cannot be read as DICOM: Permission denied")


@pytest.mark.skipif(os.name == "nt", reason="names of files are text there")
def test_a_file_whose_name_is_no_text_is_told(export):
    os.rename(os.fsencode(export / "pa" / "a.dcm"), os.fsencode(export / "pa") + b"/\xe9.dcm")
    (odd,) = [file for file in there(export) if file.why]
    assert odd.path == r"pa/\udce9.dcm"
    assert "rename it" in odd.why


def test_a_file_that_has_vanished_is_told(export):
    (seen,) = looked_at(export, KEY, [There("pa/gone.dcm", 1, 1)])
    assert seen.kind == "unreadable"


def test_a_name_of_an_image_without_an_image_is_told_and_a_letter_is_not(export):
    seen = looked_at(export, KEY, [There("fake.dcm", 1, 1), There("notes.txt", 1, 1)])
    assert [one.kind for one in seen] == ["unreadable", "none"]


def test_a_file_that_ends_the_process_is_told_and_the_others_are_read(export):
    # what crashes must crash in a process of its own: the batch is too large to be pickled by reference only
    batches = [[There("pa/a.dcm", 1, 1)], [Crash("pb/a.dcm", 1, 1), There("pc/a.dcm", 1, 1)]]
    seen = {one.path: one for batch in read_all(export, KEY, batches, workers=2) for one in batch}
    assert sorted(seen) == ["pa/a.dcm", "pb/a.dcm", "pc/a.dcm"]
    assert (seen["pb/a.dcm"].kind, seen["pc/a.dcm"].kind) == ("unreadable", "image")
    assert "ended the process" in seen["pb/a.dcm"].told


class Crash(There):
    """A file whose arrival ends the process."""

    def __reduce__(self):
        return (os._exit, (3,))
