"""A lettered phantom, turned and mirrored in all 48 ways, lies in the same place after DICOM, NIfTI and NRRD."""

from itertools import permutations, product

import numpy as np
import pytest
import SimpleITK

from radiolucent.core import Grid
from radiolucent.phantom import lettered
from radiolucent.read import read
from radiolucent.write import write
from radiolucent.write.dicom import write_series

CUBE = lettered(12)
WAYS = [(order, flips) for order in permutations(range(3)) for flips in product((1, -1), repeat=3)]


def turned(order, flips):
    """The same cube, with its axes stored in another order and counted from the other end."""
    grid = CUBE.grid
    array = CUBE.array[tuple(slice(None, None, flip) for flip in flips)].transpose(order)
    first = [n - 1 if flip < 0 else 0 for n, flip in zip(CUBE.array.shape, flips)]
    origin = tuple((grid.affine @ [*first, 1])[:3])
    direction = tuple(tuple(flips[axis] * np.array(grid.direction[axis])) for axis in order)
    spacing = tuple(grid.spacing_mm[axis] for axis in order)
    return CUBE.with_array(array, grid=Grid(array.shape, "zyx", spacing, None, origin, direction))


def placed(array, affine):
    """Every sample that is not zero with its place, LPS [mm]."""
    index = np.argwhere(array)
    places = (affine @ np.c_[index, np.ones(len(index))].T)[:3].T
    return {(*np.round(place, 3) + 0.0, int(array[tuple(k)])) for place, k in zip(places, index)}


def stored(image, form, folder):
    if form == "dicom":
        folder.mkdir()
        write_series(image, folder)
        return folder
    path = folder.with_suffix(f".{form}")
    write(image, path)
    return path


def read_by_simpleitk(path):
    """The array and its affine, as another program reads them."""
    if path.is_dir():
        reader = SimpleITK.ImageSeriesReader()
        reader.SetFileNames(reader.GetGDCMSeriesFileNames(str(path)))
        image = reader.Execute()
    else:
        image = SimpleITK.ReadImage(str(path))
    turn = np.array(image.GetDirection()).reshape(3, 3) * image.GetSpacing()
    return SimpleITK.GetArrayFromImage(image), np.vstack([np.c_[turn[:, ::-1], image.GetOrigin()], [0, 0, 0, 1]])


@pytest.mark.parametrize("form", ["dicom", "nii", "nrrd"])
def test_a_cube_turned_in_any_way_is_read_back_in_its_place_by_us_and_by_simpleitk(form, tmp_path, record_property):
    there = placed(CUBE.array, CUBE.grid.affine)
    for number, (order, flips) in enumerate(WAYS):
        image = turned(order, flips)
        assert placed(image.array, image.grid.affine) == there
        path = stored(image, form, tmp_path / f"{number}")
        (case,) = read(path, key=b"k" * 32)
        (back,) = case.images.values()
        assert placed(back.array, back.grid.affine) == there, (order, flips)
        assert placed(*read_by_simpleitk(path)) == there, (order, flips)
    record_property("planted", len(WAYS))
    record_property("found", len(WAYS))
    record_property("difference", 0.0)
