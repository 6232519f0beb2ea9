import numpy as np
import pytest
import tifffile
from PIL import Image as Pillow
from small_dicom import write_dicom

from radiolucent.core import Grid, Image, InputError, UnreadableError
from radiolucent.flow.study.pictures import Seen, prepared, unlike


@pytest.fixture
def folder(tmp_path):
    random = np.random.default_rng(0)
    for number in range(6):
        Pillow.fromarray(random.integers(0, 255, (40, 30), np.uint8)).save(tmp_path / f"{number}.png")
    return tmp_path


def read(folder, references, **changes):
    work = folder / "work"
    work.mkdir(exist_ok=True)
    settings = {"size": None, "skip": False, "workers": 1, "progress": lambda items: None} | changes
    return prepared([str(folder / name) for name in references], work, **settings)


NAMES = [f"{number}.png" for number in range(6)]


def test_small_pictures_keep_their_size(folder):
    found = read(folder, NAMES)
    assert found.pictures.shape == (6, 40, 40)
    assert found.seen == Seen({"OT": 6}, {"1": 6}, 0, 30, 40)
    assert isinstance(found.pictures, np.memmap)


def test_a_size_that_was_asked_for_is_used(folder):
    assert read(folder, NAMES, size=16).pictures.shape == (6, 16, 16)


def test_an_unreadable_image_stops_the_run_and_is_named(folder):
    (folder / "3.png").write_bytes((folder / "3.png").read_bytes()[:80])
    with pytest.raises(UnreadableError, match=r"row 4 of the cohort, 3\.png.*--skip-unreadable"):
        read(folder, NAMES)


def test_unreadable_images_are_left_out_when_told_and_counted(folder):
    (folder / "3.png").write_bytes(b"no picture")
    found = read(folder, NAMES, skip=True)
    assert list(found.skipped) == [3]
    assert not found.pictures[3].any()
    assert sum(found.seen.modalities.values()) == 5


def test_a_colour_picture_among_grey_ones_is_named(folder):
    Pillow.fromarray(np.random.default_rng(1).integers(0, 255, (40, 30, 3), np.uint8)).save(folder / "2.png")
    with pytest.raises(UnreadableError, match=r"row 3 of the cohort, 2\.png.*in colour among 5 grey images"):
        read(folder, NAMES)
    assert list(read(folder, NAMES, skip=True).skipped) == [2]


def test_grey_stored_as_colour_is_grey(folder):
    grey = np.random.default_rng(1).integers(0, 255, (40, 30, 1), np.uint8)
    Pillow.fromarray(np.repeat(grey, 3, axis=2)).save(folder / "2.png")
    assert read(folder, NAMES).seen.colour == 0


def test_sixteen_bits_and_other_sizes_are_taken_as_they_are(folder):
    wide = np.random.default_rng(1).integers(0, 65535, (20, 60)).astype(np.uint16)
    Pillow.fromarray(wide).save(folder / "2.png")
    found = read(folder, NAMES, size=40)
    assert (found.seen.shortest, found.seen.longest) == (20, 60)
    assert 200 < found.pictures[2].max() <= 255


def test_nothing_readable_is_an_error(folder):
    for name in NAMES:
        (folder / name).write_bytes(b"no picture")
    with pytest.raises(InputError, match="none of the first images"):
        read(folder, NAMES, skip=True)


def test_what_was_read_before_a_stop_is_not_read_again(folder):
    first = np.array(read(folder, NAMES).pictures)
    notes = (folder / "work/pictures.jsonl").read_text()
    (folder / "work/pictures.jsonl").write_text("".join(notes.splitlines(keepends=True)[:4]) + '{"modality": "O')
    (folder / "0.png").unlink()
    again = read(folder, NAMES, size=40)
    assert (again.pictures == first).all()


SEEN = Seen({"DX": 10}, {"1": 10}, 0, 100, 200)


def image(shape=(150, 150), modality="DX", unit="1", colour=()):
    array = np.zeros((*shape, *colour), np.uint8)
    if colour:
        array[..., 0] = 200
    return Image(array, Grid(shape, "yx"), modality, unit)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (image(modality="US"), "modality is US, the model was trained on DX"),
        (image(unit="HU"), "unit is 'HU'"),
        (image(colour=(3,)), "in colour"),
        (image(shape=(20, 20)), "20 x 20 pixels, the model was trained on sides of 100 to 200"),
        (image(shape=(500, 200)), "500 x 200 pixels"),
    ],
)
def test_an_image_unlike_the_training_data_is_refused_with_the_reason(given, reason):
    assert reason in unlike(given, SEEN)


def test_an_image_like_the_training_data_is_not_refused():
    assert unlike(image(), SEEN) is None


def dicom(path, **elements):
    stored = np.random.default_rng(2).integers(0, 4000, (32, 32)).astype(np.uint16)
    return write_dicom(path, stored, Modality="DX", PatientBirthDate="19500101", StudyDate="20200101", **elements)


def test_rows_that_the_checks_block_stop_the_run_with_rule_and_remedies(tmp_path):
    for number in range(4):
        dicom(tmp_path / f"{number}.png", Laterality="L" if number == 2 else None, BitsStored=12, HighBit=11)
    pixels = np.full((20, 20), np.nan, np.float32)
    tifffile.imwrite(tmp_path / "4.png", pixels)
    with pytest.raises(UnreadableError, match=r"1 of 5 rows \(intensity\.not_finite; rows 5\).*--skip-un.*--allow-blo"):
        read(tmp_path, NAMES[:5])
    left = read(tmp_path, NAMES[:5], skip=True)
    assert list(left.skipped) == [4]
    assert "intensity.not_finite" in left.skipped[4]
    kept = read(tmp_path, NAMES[:5], allow_blocked=True)
    assert not kept.skipped
    assert kept.remarks[0]["rule"] == "intensity.not_finite"
    assert kept.remarks[0]["images"] == 1


def test_warnings_are_counted_by_rule_with_the_images_that_are_used(tmp_path):
    for number in range(4):
        dicom(tmp_path / f"{number}.png", BurnedInAnnotation="YES" if number else "NO", BitsStored=12, HighBit=11)
    (burned,) = [one for one in read(tmp_path, NAMES[:4]).remarks if one["rule"] == "header.burned_in"]
    assert (burned["severity"], burned["images"]) == ("warn", 3)


def test_pictures_without_fault_raise_no_remark(folder):
    assert read(folder, NAMES).remarks == ()
