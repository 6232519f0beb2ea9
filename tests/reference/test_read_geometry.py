"""Where samples lie, against nibabel on real MRI, CT and PET, and against each slice's own header on tilted CT."""

import nibabel
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nibabel.affines import apply_affine
from shared import shared

from radiolucent.core import Image, UnreadableError
from radiolucent.dicom import read_header
from radiolucent.phantom import lettered
from radiolucent.read import read
from radiolucent.write import write

RAS_TO_LPS = np.array([-1, -1, 1])


def _same_as_nibabel(path):
    (case,) = read(path)
    image, file = case.images["image"], nibabel.load(path)
    values = np.asanyarray(file.dataobj)
    values = values.reshape(values.shape[: max(3, max(k + 1 for k, n in enumerate(values.shape) if n > 1))])
    np.testing.assert_allclose(image.array, values.T, rtol=1e-6, equal_nan=True)
    corners = np.stack(np.meshgrid(*[[0, n - 1] for n in values.shape[:3]]), -1).reshape(-1, 3)
    ours = image.grid.affine @ np.c_[corners[:, ::-1], np.ones(len(corners))].T
    np.testing.assert_allclose(ours[:3].T, apply_affine(file.affine, corners) * RAS_TO_LPS, atol=1e-4)


@pytest.mark.parametrize("folder", ["data/sct-spine-mri", "data/sts-ctpetmr-dev"])
def test_arrays_and_places_equal_nibabels(folder):
    compared, refused = 0, []
    for path in sorted(shared(folder).rglob("*.nii.gz")):
        try:
            _same_as_nibabel(path)
            compared += 1
        except UnreadableError as error:
            refused.append(str(error))
    assert compared > 10
    assert all("warp" in line for line in refused), "only displacement fields may be refused"


def test_a_tilted_ct_puts_every_slice_where_its_header_says():
    folder = shared("reference/geom-dcmqa/dcm_qa_ct/dev-subset/In")
    (case,) = read(folder)
    (image,) = case.images.values()
    headers = [read_header(file) for file in folder.glob("*.dcm")]
    stated = sorted(tuple(map(float, header.ImagePositionPatient)) for header in headers)
    ours = sorted(tuple((image.grid.affine @ [k, 0, 0, 1])[:3]) for k in range(len(headers)))
    np.testing.assert_allclose(ours, stated, atol=0.01)
    assert image.unit == "HU"


def test_a_tilted_ct_has_the_values_that_dcm2niix_found():
    folder = shared("reference/geom-dcmqa/dcm_qa_ct/dev-subset")
    (case,) = read(folder / "In")
    (image,) = case.images.values()
    file = nibabel.load(folder / "RefGen" / "Philips_tilt12.nii.gz")
    found = np.asanyarray(file.dataobj)[:, ::-1].T  # dcm2niix turns rows over
    assert any(np.array_equal(image.array, turned) for turned in (found, found[::-1]))


@settings(max_examples=48, deadline=None)
@given(st.permutations([0, 1, 2]), st.tuples(st.booleans(), st.booleans(), st.booleans()))
def test_a_lettered_cube_stays_in_place_through_a_file_however_it_is_stored(tmp_path_factory, order, flips):
    path = tmp_path_factory.mktemp("n") / "a.nii"
    cube = lettered(12)
    file = nibabel.Nifti1Image(cube.array.T, np.diag([-1, -1, 1, 1]) @ _xyz(cube))
    codes = np.stack([order, np.where(flips, -1, 1)], -1)
    nibabel.save(file.as_reoriented(codes), path)
    (case,) = read(path)
    turned = case.images["image"]
    write(turned, path, overwrite=True)
    (case,) = read(path)
    assert _placed(case.images["image"]) == _placed(turned) == _placed(cube)


def _xyz(image: Image) -> np.ndarray:
    return image.grid.affine[:, [2, 1, 0, 3]]


def _placed(image: Image) -> set:
    index = np.argwhere(image.array)
    places = (image.grid.affine @ np.c_[index, np.ones(len(index))].T)[:3].T
    return {(*np.round(place, 3) + 0.0, int(image.array[tuple(k)])) for place, k in zip(places, index)}
