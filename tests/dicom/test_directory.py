"""A DICOMDIR stands for the files that it lists."""

import shutil

import numpy as np
import pytest
from pydicom.fileset import FileSet
from small_dicom import write_series

from radiolucent.core import UnreadableError
from radiolucent.dicom import is_directory, listed_files
from radiolucent.read import read

VOLUME = np.arange(48, dtype=np.uint16).reshape(3, 4, 4)


@pytest.fixture
def medium(tmp_path):
    places = [(0, 0, 2.0 * k) for k in range(3)]
    needed = {"StudyDate": "20200101", "StudyTime": "120000", "StudyID": "1", "SeriesNumber": 1, "AccessionNumber": ""}
    folder = write_series(tmp_path / "s", VOLUME, places=places, **needed)
    made = FileSet()
    for file in sorted(folder.iterdir()):
        made.add(file)
    made.write(tmp_path / "cd")
    return tmp_path / "cd"


def test_it_is_known_and_lists_its_files(medium):
    assert is_directory(medium / "DICOMDIR")
    assert len(listed_files(medium / "DICOMDIR")) == 3
    assert not is_directory(listed_files(medium / "DICOMDIR")[0])


def test_reading_it_reads_what_it_lists_as_does_its_folder(medium):
    for path in (medium / "DICOMDIR", medium):
        (case,) = read(path, key=b"k" * 32)
        np.testing.assert_array_equal(case.images["image"].array, VOLUME)


def test_a_file_that_is_listed_and_absent_is_named(medium):
    listed_files(medium / "DICOMDIR")[1].unlink()
    with pytest.raises(UnreadableError, match="1 of 3 files"):
        read(medium / "DICOMDIR")


def test_names_in_small_letters_are_found(medium, tmp_path):
    small = tmp_path / "copy"
    for file in listed_files(medium / "DICOMDIR"):
        place = small / file.relative_to(medium).as_posix().lower()
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, place)
    shutil.copy(medium / "DICOMDIR", small / "DICOMDIR")
    assert len(listed_files(small / "DICOMDIR")) == 3


def test_a_file_outside_the_medium_is_refused(medium):
    content = (medium / "DICOMDIR").read_bytes()
    name = listed_files(medium / "DICOMDIR")[0].relative_to(medium).as_posix().replace("/", "\\").encode()
    assert name in content
    outside = b"..\\..\\x".ljust(len(name))
    (medium / "DICOMDIR").write_bytes(content.replace(name, outside))
    with pytest.raises(UnreadableError, match="outside its own folder"):
        listed_files(medium / "DICOMDIR")
