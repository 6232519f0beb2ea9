"""Files come in with a Step that says which file it was and what was in it."""

import builtins
import io
import os
from contextlib import contextmanager
from dataclasses import replace

import nibabel
import numpy as np
import pytest
from PIL import Image as Pillow
from small_dicom import write_series

from radiolucent.core import Grid, Image, InputError
from radiolucent.flow.load import content_hash, include, load, only_image, reload
from radiolucent.read import as_mask, read

ARGS = {"spacing_mm": (0.5, 0.25), "case": 0, "allow_blocked": False}


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "picture.png"
    Pillow.fromarray(np.arange(80, dtype=np.uint8).reshape(8, 10)).save(path)
    return path


def save_mask(path, array):
    Pillow.fromarray(array).save(path)
    return path


def test_a_history_begins_with_the_file_and_the_hash_of_its_content(picture):
    (case,) = load(picture, spacing_mm=(0.5, 0.25))
    (step,) = case.history
    assert (step.op, dict(step.args)) == ("read.load", {**ARGS, "path": str(picture)})
    assert step.hashes["path"] == content_hash(picture)
    assert case.images["image"].grid.spacing_mm == (0.5, 0.25)


def test_reading_again_gives_the_equal_case_also_from_another_place(picture, tmp_path):
    (case,) = load(picture, spacing_mm=(0.5, 0.25))
    assert reload(case.history[0]).fingerprint() == case.fingerprint()
    moved = picture.rename(tmp_path / "moved.png")
    assert reload(case.history[0], path=moved).fingerprint() == case.fingerprint()


def test_changed_bytes_are_refused(picture):
    (case,) = load(picture)
    picture.write_bytes(picture.read_bytes() + b"\0")
    with pytest.raises(InputError, match="content is not what the history was made from"):
        reload(case.history[0])


def test_a_case_number_beyond_the_folder_is_refused(picture):
    (case,) = load(picture)
    step = replace(case.history[0], args={**case.history[0].args, "case": 3})
    with pytest.raises(InputError, match="began with case 3, there are 1"):
        reload(step)


@pytest.mark.parametrize("args", [{"spacing_mm": "wide"}, {"spacing_mm": (1, "b")}, {"case": "first"}])
def test_a_history_written_by_hand_is_checked(picture, args):
    (case,) = load(picture)
    with pytest.raises(InputError, match="must be"):
        reload(replace(case.history[0], args={**case.history[0].args, **args}))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"none\.png: there is no such file or folder"):
        load(tmp_path / "none.png")


def test_a_folder_has_the_hash_of_its_names_and_bytes(tmp_path):
    (tmp_path / "a").write_bytes(b"1")
    first = content_hash(tmp_path)
    (tmp_path / "a").rename(tmp_path / "b")
    assert content_hash(tmp_path) != first
    (tmp_path / "b").rename(tmp_path / "a")
    assert content_hash(tmp_path) == first


def test_a_mask_takes_over_the_grid_of_the_image_it_lies_on(picture, tmp_path):
    (case,) = load(picture, spacing_mm=(0.5, 0.25))
    black_and_white = save_mask(tmp_path / "mask.png", np.repeat(np.uint8([0, 255]), 40).reshape(8, 10))
    fuller = include(case, black_and_white, kind="mask", into="region")
    assert fuller.masks["region"].grid is case.images["image"].grid
    assert sorted(np.unique(fuller.masks["region"].array)) == [0, 1]
    assert fuller.history[-1].op == "read.mask"
    assert fuller.history[-1].hashes["path"] == content_hash(black_and_white)


def test_a_second_image_gets_the_name_that_is_asked_for(picture):
    (case,) = load(picture)
    assert list(include(case, picture, kind="image", into="reference").images) == ["image", "reference"]
    with pytest.raises(InputError, match="already has the image 'image'"):
        include(case, picture, kind="image", into="image")


def test_labels_are_whole_numbers_without_colour():
    grid = Grid((2, 2), "yx")
    assert as_mask(Image(np.array([[0.0, 1], [2, 3]]), grid)).array.dtype == np.int32
    with pytest.raises(InputError, match="fractions"):
        as_mask(Image(np.array([[0.5, 1], [2, 3]]), grid))
    with pytest.raises(InputError, match="in colour"):
        as_mask(Image(np.zeros((2, 2, 3), np.uint8), grid))


def test_one_image_is_wanted_where_one_is_wanted(picture):
    (case,) = load(picture)
    both = include(case, picture, kind="image", into="other")
    with pytest.raises(InputError, match="one image is wanted, there are 2"):
        only_image((both,), "here")


VOLUME = np.random.default_rng(0).integers(-1000, 400, (8, 16, 16)).astype(np.int16)


def series(folder, **elements):
    known = {"RescaleIntercept": 0, "RescaleSlope": 1, "FrameOfReferenceUID": "1.2.9", **elements}
    return write_series(folder, VOLUME, places=[(0, 0, 2.0 * k) for k in range(8)], **known)


def test_what_the_checks_have_to_say_of_a_series_is_in_its_case(tmp_path):
    (case,) = load(series(tmp_path / "s", SliceThickness=9.0))
    (gap,) = [finding for finding in case.findings if finding.code == "series.thickness_gap"]
    assert gap.severity == "warn"
    assert reload(case.history[0]).fingerprint() == case.fingerprint()


def test_what_blocks_is_refused_with_its_rule_and_the_way_on(tmp_path):
    folder = series(tmp_path / "s", RescaleIntercept=9000)
    with pytest.raises(InputError, match=r"header\.rescale: .*radiolucent check.*--allow-blocked"):
        load(folder)
    (case,) = load(folder, allow_blocked=True)
    assert {finding.severity for finding in case.findings if finding.code == "header.rescale"} == {"block"}
    assert case.history[0].args["allow_blocked"] is True
    assert reload(case.history[0]).fingerprint() == case.fingerprint()


def test_pixels_that_are_no_numbers_block_in_every_format(tmp_path):
    values = np.ones((4, 5, 6), np.float32)
    values[2, 2, 2] = np.nan
    nibabel.save(nibabel.Nifti1Image(values, np.eye(4)), tmp_path / "a.nii")
    with pytest.raises(InputError, match=r"intensity\.not_finite"):
        load(tmp_path / "a.nii")
    assert len(load(tmp_path / "a.nii", allow_blocked=True)) == 1


def test_a_map_whose_background_is_no_number_is_read_with_a_warning(tmp_path):
    values = np.arange(120, dtype=np.float32).reshape(4, 5, 6)
    values[0] = values[:, -1] = np.nan
    nibabel.save(nibabel.Nifti1Image(values, np.eye(4)), tmp_path / "a.nii")
    (case,) = load(tmp_path / "a.nii")
    assert [(finding.code, finding.severity) for finding in case.findings] == [("intensity.not_finite", "warn")]


def test_copies_among_the_files_of_a_series_are_told_from_conflicts(tmp_path):
    folder = series(tmp_path / "s", SOPInstanceUID="1.2.3.4.5")
    with pytest.raises(InputError, match=r"series\.instance_conflict"):
        load(folder)


@pytest.mark.parametrize("suffix", [".nhdr", ".mhd"])
def test_the_hash_of_a_header_covers_the_samples_beside_it(tmp_path, suffix):
    header, data = tmp_path / f"a{suffix}", tmp_path / "a.raw"
    data.write_bytes(bytes(range(24)))
    if suffix == ".nhdr":
        header.write_text("NRRD0004\ntype: uchar\ndimension: 3\nsizes: 4 3 2\nencoding: raw\ndata file: a.raw\n")
    else:
        header.write_text(
            "ObjectType = Image\nNDims = 3\nDimSize = 4 3 2\nElementType = MET_UCHAR\n"
            "BinaryData = True\nElementDataFile = a.raw\n"
        )
    (case,) = load(header)
    before = content_hash(header)
    data.write_bytes(bytes(range(1, 25)))
    assert content_hash(header) != before
    with pytest.raises(InputError, match="content is not what the history was made from"):
        reload(case.history[0])


def test_a_file_that_may_not_be_opened_is_an_error_that_says_so(picture, tmp_path, monkeypatch):
    folder = series(tmp_path / "s")
    for path in (picture, folder / "003.dcm"):
        path.chmod(0)
    for path in (picture, folder):
        with denied(monkeypatch), pytest.raises(InputError, match="Permission denied"):
            load(path)
        with denied(monkeypatch), pytest.raises(InputError, match="Permission denied"):
            read(path, key=b"k" * 32)


@contextmanager
def denied(monkeypatch):
    """Whoever may do everything is not stopped by a file's mode: opening is made to fail as it would."""
    real_open, real_io = builtins.open, io.open

    def refusing(opener):
        def opened(file, *args, **kwargs):
            if isinstance(file, str | os.PathLike) and os.path.exists(file) and not os.stat(file).st_mode & 0o777:
                raise PermissionError(13, "Permission denied", str(file))
            return opener(file, *args, **kwargs)

        return opened

    with monkeypatch.context() as patch:
        patch.setattr(builtins, "open", refusing(real_open))
        patch.setattr(io, "open", refusing(real_io))
        yield
