"""What a header tells of an image is what reading the image gives."""

import struct
import zlib

import nibabel
import numpy as np
import pytest
import tifffile
from PIL import Image as Pillow
from shared import shared

from radiolucent.core import InputError
from radiolucent.read.outline import no_samples
from radiolucent.read.readers import READERS, read

SETS = [
    "data/pyradiomics-cases", "data/sct-spine-mri", "data/sts-ctpetmr-dev", "data/pocus-lus-videos",
    "data/busi-masks-150-gray", "reference/geom-dcmqa/dcm_qa/Ref",
]  # fmt: skip


def agree(path):
    """Whether the outline of a file is that of its image; `None` for a file that is none."""
    reader = next((reader for reader in READERS[2:] if reader.can_read(path)), None)
    if reader is None:
        return None
    try:
        (case,) = read(path, key=b"k" * 32)
    except InputError:
        return refuses(reader, path)
    told = reader.outline(path)
    if told.is_mask:
        return not case.images and bool(case.masks)
    (image,) = case.images.values()
    if image.grid.axes == "tyx":  # a video states about how many frames it has, and not when
        return told.grid.shape[1:] == image.grid.shape[1:] and abs(told.grid.shape[0] - image.grid.shape[0]) <= 3
    channels = image.array.shape[-1] if image.is_colour else 1
    return (told.grid, told.channels) == (image.grid, channels)


def refuses(reader, path):
    try:
        reader.outline(path)
    except InputError:
        return True
    return False


@pytest.mark.parametrize("folder", SETS)
def test_outlines_of_real_files_are_those_of_their_images(folder):
    files = sorted(file for file in shared(folder).rglob("*") if file.is_file())
    told = [(file.name, agree(file)) for file in files[:: max(1, len(files) // 6)]]
    assert [name for name, same in told if same is False] == []
    assert any(same for _, same in told)


@pytest.mark.parametrize(("name", "array"), [
    ("a.png", np.zeros((3, 5), np.uint8)), ("b.png", np.zeros((3, 5, 3), np.uint8)), ("c.png", np.zeros((3, 5), bool)),
    ("d.png", np.zeros((3, 5), np.uint16)), ("e.bmp", np.zeros((3, 5, 3), np.uint8)), ("f.gif", np.zeros((3, 5), np.uint8)),
])  # fmt: skip
def test_pictures_are_told_from_their_headers(tmp_path, name, array):
    Pillow.fromarray(array).save(tmp_path / name)
    if name == "f.gif":
        assert READERS[-1].outline(tmp_path / name).grid.shape == (3, 5)
        return
    assert agree(tmp_path / name)


@pytest.mark.parametrize("shape", [(3, 5), (3, 5, 3), (3, 5, 4), (4, 3, 5), (1, 3, 5)])
def test_tiffs_are_told_from_their_headers(tmp_path, shape):
    photometric = "rgb" if shape[-1] in (3, 4) else "minisblack"
    tifffile.imwrite(tmp_path / "a.tif", np.zeros(shape, np.uint16), photometric=photometric)
    assert agree(tmp_path / "a.tif")


def test_a_turned_picture_has_the_sides_that_it_is_shown_with(tmp_path):
    turned = Pillow.fromarray(np.zeros((3, 5), np.uint8))
    exif = turned.getexif()
    exif[0x0112] = 6
    turned.save(tmp_path / "a.jpg", exif=exif)
    assert agree(tmp_path / "a.jpg")
    assert READERS[2].outline(tmp_path / "a.jpg").grid.shape == (5, 3)


def test_colour_volumes_are_told_from_their_headers(tmp_path):
    array = np.zeros((4, 3, 5), dtype=[("R", "u1"), ("G", "u1"), ("B", "u1")])
    nibabel.Nifti1Image(array, np.eye(4)).to_filename(tmp_path / "a.nii")
    assert agree(tmp_path / "a.nii")


@pytest.mark.parametrize("name", ["a.png", "a.tif", "a.nii", "a.nrrd", "a.mha", "a.gif", "a.avi"])
def test_a_damaged_file_is_a_typed_error(tmp_path, name):
    starts = {
        ".png": b"\x89PNG\r\n\x1a\n",
        ".tif": b"II*\0",
        ".nrrd": b"NRRD0004\n",
        ".gif": b"GIF89a",
        ".avi": b"RIFF",
    }
    content = starts.get((tmp_path / name).suffix, b"") + b"damaged"
    if name == "a.avi":
        content = b"RIFF\x10\0\0\0AVI damaged"
    (tmp_path / name).write_bytes(content)
    reader = next(reader for reader in READERS if reader.can_read(tmp_path / name))
    with pytest.raises(InputError, match=name):
        reader.outline(tmp_path / name)


def test_a_tiny_file_that_promises_an_endless_picture_is_refused_by_header_and_by_reading(tmp_path):
    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    about = struct.pack(">IIBBBBB", 200_000, 200_000, 8, 0, 0, 0, 0)
    bomb = tmp_path / "bomb.png"
    bomb.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", about) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    )
    assert refuses(READERS[2], bomb)
    with pytest.raises(InputError, match=r"bomb\.png"):
        read(bomb)


def test_promised_samples_take_no_memory():
    assert no_samples(10**12).strides == (0,)
