"""Text in the samples of NIfTI, NRRD and MetaImage is made black in pictures, films and colour; other volumes are told."""

import gzip

import nibabel
import numpy as np
import pytest
import SimpleITK
from rendered_text import rendered

from radiolucent.deid.elements import DamageError
from radiolucent.deid.nifti import cleaned_nifti
from radiolucent.deid.planes import IS_LABELS, IS_ODD, IS_VOLUME, blanked_samples
from radiolucent.deid.volumes import cleaned_metaimage, cleaned_nrrd
from radiolucent.flow.deid import PAGE, Job, deidentify_folder

CLEANED = {
    ".nii": lambda data: cleaned_nifti(data, "a")[0],
    ".nii.gz": lambda data: cleaned_nifti(data, "a")[0],
    ".nrrd": lambda data: cleaned_nrrd(data)[0],
    ".mha": lambda data: cleaned_metaimage(data)[0],
}


def written(frames=1, dtype=np.uint8, colours=0):
    """Frames of noise with a name, and where its ink lies."""
    noise = np.random.default_rng(0).normal(100, 6, (frames, 120, 200)).clip(0, 255)
    ink = rendered("ROE^RICHARD", None, 18)
    mask = np.zeros((120, 200), bool)
    mask[50 : 50 + ink.shape[0], 20 : 20 + ink.shape[1]] = ink > 0.3
    noise[:, mask] = 250
    made = noise.astype(dtype)
    return (np.repeat(made[..., None], colours, -1) if colours else made), mask


def saved(path, array, is_colour=False, compressed=True):
    """(frames, rows, columns[, 3]) as a file, the columns first on disk; a single frame as a plane."""
    array = array[0] if len(array) == 1 else array
    if path.name.endswith((".nii", ".nii.gz")) and not is_colour:
        nibabel.save(nibabel.Nifti1Image(array.T, np.eye(4)), path)
    else:
        SimpleITK.WriteImage(
            SimpleITK.GetImageFromArray(array, isVector=is_colour), str(path), useCompression=compressed
        )
    return path.read_bytes()


def opened(path, data):
    path.write_bytes(data)
    return SimpleITK.GetArrayFromImage(SimpleITK.ReadImage(str(path)))


@pytest.mark.parametrize("suffix", sorted(CLEANED))
@pytest.mark.parametrize(("frames", "dtype"), [(1, np.uint8), (1, np.int16), (1, np.float32), (4, np.uint8)])
def test_text_becomes_black_and_all_else_keeps_its_bits(tmp_path, suffix, frames, dtype):
    array, ink = written(frames, dtype)
    data = CLEANED[suffix](saved(tmp_path / f"a{suffix}", array))
    made = blanked_samples(data, suffix)
    assert made.boxes >= 1
    after = opened(tmp_path / f"b{suffix}", made.data).reshape(array.shape)
    changed = (after != array).any(0)
    assert changed[ink].mean() > 0.9
    assert changed.mean() < 0.25  # the line is an eighth of the picture, and was looked for in four ways
    assert set(np.unique(after[:, changed])) == {array.min()}


@pytest.mark.parametrize("suffix", [".nrrd", ".mha", ".nii.gz"])
@pytest.mark.parametrize("compressed", [True, False])
def test_colour_becomes_black(tmp_path, suffix, compressed):
    array, ink = written(1, colours=3)
    if suffix == ".nii.gz":
        rgb = np.ascontiguousarray(array[0].swapaxes(0, 1)).view([("R", "u1"), ("G", "u1"), ("B", "u1")])[..., 0]
        nibabel.save(nibabel.Nifti1Image(rgb[..., None], np.eye(4)), tmp_path / "a.nii.gz")
        data = (tmp_path / "a.nii.gz").read_bytes()
    else:
        data = saved(tmp_path / f"a{suffix}", array, is_colour=True, compressed=compressed)
    made = blanked_samples(CLEANED[suffix](data), suffix)
    after = opened(tmp_path / f"b{suffix}", made.data).reshape(array.shape)
    assert (after[0][ink] == 0).all(-1).mean() > 0.9


@pytest.mark.parametrize("flipped", [False, True])
@pytest.mark.parametrize("turned", [False, True])
def test_rows_may_lie_either_way_up_and_before_columns(tmp_path, flipped, turned):
    array, ink = written()
    array, ink = (array[:, ::-1], ink[::-1]) if flipped else (array, ink)
    array, ink = (array.swapaxes(1, 2), ink.T) if turned else (array, ink)
    made = blanked_samples(CLEANED[".nii"](saved(tmp_path / "a.nii", np.ascontiguousarray(array))), ".nii")
    after = opened(tmp_path / "b.nii", made.data).reshape(array.shape)
    assert (after != array)[0][ink].mean() > 0.9


@pytest.mark.parametrize(
    ("array", "why"),
    [
        (written(3, np.int16)[0], IS_VOLUME),
        (written(3, np.uint8)[0] // 100, IS_LABELS),
        (written(1, np.complex64)[0], IS_ODD),
    ],
)
def test_what_is_not_searched_is_told_and_keeps_its_bytes(tmp_path, array, why):
    data = CLEANED[".nii.gz"](saved(tmp_path / "a.nii.gz", array))
    assert blanked_samples(data, ".nii.gz") == (data, 0, why)


def test_without_text_nothing_is_written_anew(tmp_path):
    noise = np.random.default_rng(1).integers(80, 120, (1, 100, 120), dtype=np.uint8)
    data = CLEANED[".nii.gz"](saved(tmp_path / "a.nii.gz", noise))
    assert blanked_samples(data, ".nii.gz") == (data, 0, "")


def test_a_packed_file_that_is_cut_off_is_damaged(tmp_path):
    data = CLEANED[".nrrd"](saved(tmp_path / "a.nrrd", written(2)[0]))
    with pytest.raises(DamageError):
        blanked_samples(data[:-400], ".nrrd")


def test_the_report_tells_what_was_not_searched(tmp_path):
    (tmp_path / "in").mkdir()
    saved(tmp_path / "in/volume.nii.gz", written(3, np.int16)[0])
    saved(tmp_path / "in/film.nii.gz", written(3)[0])
    told = deidentify_folder(Job(tmp_path / "in", tmp_path / "out", tmp_path / "key.json", clean=("pixels",)))
    assert told["files"] == {"done": 2}
    assert told["unsearched"] == [{"why": IS_VOLUME, "n": 1}]
    assert told["boxes"] >= 1
    assert IS_VOLUME in (tmp_path / "out" / PAGE).read_text()
    assert all(gzip.decompress(path.read_bytes()) for path in (tmp_path / "out/files").rglob("*.gz"))


def test_without_the_option_the_report_tells_that_nothing_was_searched(tmp_path):
    (tmp_path / "in").mkdir()
    saved(tmp_path / "in/film.nii.gz", written(3)[0])
    deidentify_folder(Job(tmp_path / "in", tmp_path / "out", tmp_path / "key.json"))
    assert "NRRD, MetaImage), and text" in (tmp_path / "out" / PAGE).read_text()
