"""Every call of docs/ibsi2.md: the reference map where there is one, else the definition, written out at some voxels."""

import re
from functools import cache
from itertools import product
from pathlib import Path

import nibabel
import numpy as np
import pytest
import pywt
from scipy import ndimage
from shared import shared

from radiolucent import process
from radiolucent.core import Grid, Image

PAGE = Path(__file__).parents[2] / "docs" / "ibsi2.md"
ROWS = re.findall(r"^\| (\w+) \| (\w+) \| `(.+)` \| (\w+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
PADS = {"constant": "constant", "reflect": "symmetric", "wrap": "wrap"}
FREE = 64


def slices(image):
    return Image(image.array, Grid(image.grid.shape, "tyx", (2.0, 2.0)))


@cache
def phantom(name):
    values = np.asarray(
        nibabel.load(shared(f"reference/ibsi/ibsi_2_digital_phantom/nifti/{name}/image/{name}.nii.gz")).dataobj
    )
    return Image(np.ascontiguousarray(values.T), Grid(values.T.shape, "zyx", (2.0, 2.0, 2.0)))


def some_voxels():
    """Within, near the ends, and in the plane of the impulse, where a direction shows."""
    random = np.random.default_rng(0)
    inner, ends, plane = (
        random.integers(20, 44, (20, 3)),
        random.integers(0, 64, (20, 3)),
        random.integers(22, 42, (20, 3)),
    )
    plane[:, 0] = 31
    return np.concatenate([inner, ends, plane, [[31, 31, 31], [0, 0, 0]]])


def convolved_at(values, voxels, kernel, plane, boundary):
    """The sum of the definition over one plane: kernel (odd sides) turned about its centre, at some voxels."""
    reach = [side // 2 for side in kernel.shape]
    widths = [(0, 0)] * 3
    for axis, r in zip(plane, reach, strict=True):
        widths[axis] = (r, r)
    wide = np.pad(values.astype(float), widths, mode=PADS[boundary])
    found = []
    for voxel in voxels:
        where = [slice(v, v + 1) for v in voxel]
        for axis, r in zip(plane, reach, strict=True):
            where[axis] = slice(voxel[axis], voxel[axis] + 2 * r + 1)
        found.append((wide[tuple(where)].squeeze() * kernel[::-1, ::-1]).sum())
    return np.array(found)


def flat_log(values, voxels):
    y, x = np.mgrid[-10:11, -10:11]
    away = (y**2 + x**2) / 2.5**2
    kernel = -(2 - away) * np.exp(-away / 2) / (2 * np.pi * 2.5**4)
    return convolved_at(values, voxels, kernel, (1, 2), "reflect")


def flat_laws(values, turned, energy):
    level, spot = np.array([1, 4, 6, 4, 1]) / np.sqrt(70), np.array([-1, 0, 2, 0, -1]) / np.sqrt(6)
    kernel = np.outer(spot, level)  # x is the last axis and takes the first letter
    turns = [np.rot90(kernel, k) for k in range(4)] if turned else [kernel]
    response = np.max([ndimage.convolve(values.astype(float), turn[None], mode="reflect") for turn in turns], axis=0)
    return ndimage.uniform_filter(np.abs(response), (1, 15, 15), mode="reflect") if energy else response


def gabor_at(values, voxels, sigma, wavelength, aspect, angles, planes, boundary):
    """Lengths in voxels; the kernel reaches over the whole picture."""
    y, x = np.mgrid[-FREE : FREE + 1, -FREE : FREE + 1]
    total = np.zeros(len(voxels))
    for plane, angle in product(planes, np.deg2rad(angles)):
        along, across = x * np.cos(angle) + y * np.sin(angle), x * np.sin(angle) - y * np.cos(angle)
        kernel = np.exp(-(along**2 + (aspect * across) ** 2) / (2 * sigma**2) + 2j * np.pi * along / wavelength)
        total += np.abs(convolved_at(values, voxels, kernel, plane, boundary))
    return total / len(planes) / len(angles)


def coiflet(values, turned):
    """HHL along x, y, z: of the turned volume, turned back."""
    bank = pywt.Wavelet("coif1")
    total, count = 0.0, 0
    for order in [(0, 1, 2), (1, 2, 0), (2, 0, 1)] if turned else [(0, 1, 2)]:
        for turns in range(8) if turned else [0]:
            seen = np.transpose(values.astype(float), order)
            seen = np.rot90(np.rot90(seen, turns % 4, (1, 2)), 2 * (turns // 4), (0, 1))
            for axis, taps in ((2, bank.dec_hi), (1, bank.dec_hi), (0, bank.dec_lo)):
                seen = ndimage.convolve1d(
                    seen, taps, axis, mode="wrap"
                )  # of even taps the one after the middle meets the voxel
            seen = np.rot90(np.rot90(seen, -2 * (turns // 4), (0, 1)), -(turns % 4), (1, 2))
            total, count = total + np.transpose(seen, np.argsort(order)), count + 1
    return total / count


def spectral(values, transfer):
    axis = np.linspace(-1, 1, 64)
    z, y, x = np.meshgrid(axis, axis, axis, indexing="ij")
    factor = np.fft.ifftshift(transfer(x, y, z, np.sqrt(x**2 + y**2 + z**2)))
    return np.fft.ifftn(np.fft.fftn(values) * factor).real


def band(level, r):
    top = 2.0 ** (1 - level)
    with np.errstate(divide="ignore"):
        return np.where((r > top / 4) & (r <= top), np.cos(np.pi / 2 * np.log2(2 * r / top)), 0)


def log_of(name, sigma, boundary):
    values = phantom(name).array.astype(float)
    return ndimage.gaussian_laplace(values, sigma, mode=boundary, truncate=4)


DEFINED = {
    "2_c": lambda v, at: flat_log(v, at),
    "3_c_1": lambda v, at: flat_laws(v, False, False)[tuple(at.T)],
    "3_c_2": lambda v, at: flat_laws(v, True, False)[tuple(at.T)],
    "3_c_3": lambda v, at: flat_laws(v, True, True)[tuple(at.T)],
    "4_a_1": lambda v, at: gabor_at(v, at, 5, 2, 0.5, [60], [(1, 2)], "constant"),
    "4_a_2": lambda v, at: gabor_at(v, at, 5, 2, 0.5, np.arange(0, 360, 45), [(1, 2), (0, 2), (0, 1)], "constant"),
    "4_b_1": lambda v, at: gabor_at(v, at, 10, 4, 2.5, [225], [(1, 2)], "reflect"),
    "4_b_2": lambda v, at: gabor_at(v, at, 10, 4, 2.5, np.arange(0, 360, 22.5), [(1, 2), (0, 2), (0, 1)], "reflect"),
    "6_a_1": lambda v, at: coiflet(v, False)[tuple(at.T)],
    "6_a_2": lambda v, at: coiflet(v, True)[tuple(at.T)],
    "8_a_1": lambda v, at: spectral(v, lambda x, y, z, r: band(1, r))[tuple(at.T)],
    "8_a_2": lambda v, at: spectral(v, lambda x, y, z, r: band(2, r))[tuple(at.T)],
    "8_a_3": lambda v, at: spectral(v, lambda x, y, z, r: band(3, r))[tuple(at.T)],
    "9_a": lambda v, at: spectral(log_of("impulse", 1.5, "constant"), lambda x, y, z, r: -1j * x / r)[tuple(at.T)],
    "9_b_1": lambda v, at: spectral(log_of("sphere", 1.5, "reflect"), lambda x, y, z, r: -((y / r) ** 2))[tuple(at.T)],
    "10_a": lambda v, at: spectral(v, lambda x, y, z, r: -1j * x / r * band(1, r))[tuple(at.T)],
    "10_b_1": lambda v, at: spectral(v, lambda x, y, z, r: -((y / r) ** 2) * band(1, r))[tuple(at.T)],
}


@pytest.mark.parametrize(("name", "of", "call", "against"), ROWS, ids=[row[0] for row in ROWS])
def test_each_call_of_the_page_gives_what_the_manual_says(name, of, call, against, record_property):
    names = {op.__name__: op for op in process.OPS} | {"image": phantom(of), "slices": slices}
    ours = eval(call, {"__builtins__": {}}, names | {"True": True, "False": False, "None": None}).array  # our own page
    assert ours.shape == (64, 64, 64)
    assert np.isfinite(ours).all()
    if against == "runs":
        return
    if against == "map":
        path = f"reference/ibsi/ibsi_2_reference_data/reference_response_maps/{name}-ValidCRM.nii.gz"
        expected = np.asarray(nibabel.load(shared(path)).dataobj).T
        off, scale = np.abs(ours - expected).max(), np.ptp(expected)
    else:
        voxels = some_voxels()
        off, scale = np.abs(ours[tuple(voxels.T)] - DEFINED[name](phantom(of).array, voxels)).max(), np.ptp(ours)
    record_property("difference", float(off / scale))
    assert off <= 0.01 * scale


def test_the_page_names_every_configuration():
    assert len(ROWS) == 36
    assert {row[0] for row in ROWS if row[3] == "definition"} == set(DEFINED)


def test_every_map_that_is_given_is_compared():
    folder = shared("reference/ibsi/ibsi_2_reference_data/reference_response_maps")
    given = {path.name.removesuffix("-ValidCRM.nii.gz") for path in folder.glob("*.nii.gz")}
    assert given == {row[0] for row in ROWS if row[3] == "map"}
    assert len(given) == 17
