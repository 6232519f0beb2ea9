"""Zip files: what they hold is read, what would harm is refused."""

import stat
import zipfile

import numpy as np
import pytest
from PIL import Image as Pillow
from small_dicom import write_series

from radiolucent.core import Grid, Image, InputError, UnreadableError
from radiolucent.dicom import limits
from radiolucent.read import archive, read
from radiolucent.write import write

VOLUME = np.arange(48, dtype=np.uint16).reshape(3, 4, 4)
KEY = b"k" * 32


def _zip(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return path


def test_a_zipped_export_reads_as_its_folder(tmp_path):
    folder = write_series(tmp_path / "s", VOLUME, places=[(0, 0, 2.0 * k) for k in range(3)])
    members = {f"DICOM/A/{file.name}": file.read_bytes() for file in folder.iterdir()}
    path = _zip(tmp_path / "a.zip", {**members, "README.txt": b"burnt on Monday"})
    (case,), (plain,) = read(path, key=KEY), read(folder, key=KEY)
    np.testing.assert_array_equal(case.images["image"].array, VOLUME)
    assert case.fingerprint() == plain.fingerprint()


def test_one_other_picture_is_read_and_several_are_not_guessed_from(tmp_path):
    grid = Grid((3, 4, 4), "zyx", (1.0, 1.0, 1.0), None, (0.0, 0.0, 0.0), ((0, 0, 1), (0, 1, 0), (1, 0, 0)))
    content = write(Image(VOLUME, grid), tmp_path / "a.nii").read_bytes()
    (case,) = read(_zip(tmp_path / "a.zip", {"x/a.nii": content, "notes.txt": b""}), key=KEY)
    np.testing.assert_array_equal(case.images["image"].array, VOLUME)
    with pytest.raises(UnreadableError, match="2 other pictures"):
        read(_zip(tmp_path / "b.zip", {"a.nii": content, "b.nii": content}))


@pytest.mark.parametrize("name", ["../evil.dcm", "a/../../evil.dcm", "/evil.dcm", "..\\evil.dcm", "C:/evil.dcm"])
def test_a_name_that_leads_out_is_refused_and_nothing_is_written(tmp_path, name):
    path = _zip(tmp_path / "a.zip", {"good.txt": b"x", name: b"evil"})
    with pytest.raises(UnreadableError, match="outside its own folder"):
        read(path)
    assert not list(tmp_path.rglob("evil*"))
    with pytest.raises(UnreadableError, match="outside"):
        archive.unpacked(path, tmp_path / "place")
    assert not (tmp_path / "place").exists()


def test_a_link_is_refused(tmp_path):
    link = zipfile.ZipInfo("link.dcm")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as made:
        made.writestr(link, "/etc/passwd")
    with pytest.raises(UnreadableError, match="outside"):
        read(tmp_path / "a.zip")


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path):
    path = _zip(tmp_path / "a.zip", {f"{k}.dcm": bytes(40 * 2**20) for k in range(2)})
    assert path.stat().st_size < 2**18
    with pytest.raises(UnreadableError, match="bomb"):
        read(path)


def test_more_files_than_anybody_exports_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MOST_MEMBERS", 3)
    with pytest.raises(UnreadableError, match="bomb"):
        read(_zip(tmp_path / "a.zip", {str(k): b"" for k in range(4)}))


def test_the_bound_on_memory_holds_here_too(tmp_path, monkeypatch):
    path = _zip(tmp_path / "a.zip", {"a.dcm": bytes(3000)})
    monkeypatch.setattr(limits, "MOST_BYTES", 1000)
    with pytest.raises(InputError, match="GiB"):
        read(path)


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_damaged_zip_is_unreadable_and_named(tmp_path, share):
    path = _zip(tmp_path / "a.zip", {"a.dcm": np.random.default_rng(0).bytes(5000)})
    path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])
    with pytest.raises(UnreadableError, match=r"a\.zip"):
        read(path)


def test_tables_and_arrays_that_are_zips_inside_are_no_archives(tmp_path):
    np.savez(tmp_path / "a.npz", a=VOLUME)
    assert not archive.can_read(tmp_path / "a.npz")
    Pillow.fromarray(np.zeros((4, 4), np.uint8)).save(tmp_path / "a.zip", format="PNG")
    assert not archive.can_read(tmp_path / "a.zip")
