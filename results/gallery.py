"""Build build/gallery/index.html: `make gallery`. With the shared pictures where they lie, else with those that ship.

python results/gallery.py [--shipped] [--out FOLDER] [--only WORD]
python results/gallery.py --page      writes docs/gallery.md, with pictures that ship
"""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from pydicom.data import get_testdata_file

from radiolucent import __version__, process
from radiolucent.core import Grid, Image
from radiolucent.flow.gallery import Shot, shots
from radiolucent.flow.load import load
from radiolucent.flow.ops import operation, operations
from radiolucent.report.gallery import Entry, View, gallery_page

SHARED = Path(os.environ.get("RADIOLUCENT_SHARED", Path(__file__).parents[2] / "shared"))
STAGES = ("process", "segment", "measure")
SEED = 0
ASSUMED_MM = {"X-ray": 0.8, "US": 0.2}
"""Spacing assumed for pictures that know none, for the gallery only."""


def main() -> None:
    """Write the page and say what was remarked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shipped", action="store_true", help="only pictures that ship in dependencies, and phantoms")
    parser.add_argument("--out", type=Path, default=Path("build/gallery"))
    parser.add_argument("--only", default="", help="operations whose names hold this word")
    parser.add_argument("--page", action="store_true", help="write the page of the documentation instead")
    given = parser.parse_args()
    if given.page:
        documented(Path("docs"))
        return
    is_shared = SHARED.is_dir() and not given.shipped
    pictures = shared_pictures() if is_shared else shipped_pictures()
    frames = {"US": cine()} if is_shared else {}
    names = [
        name
        for name, op in operations().items()
        if op.stage in STAGES and op.inputs[0].kind is Image and given.only in name
    ]
    entries: dict[str, list[Entry]] = {}
    for name in names:
        made = list(shots(pictures, [name], frames=frames))
        entries.setdefault(name.partition(".")[0], []).append(entry(name, made))
        for one in made:
            slow = f"{one.seconds:.2f} s" if one.seconds is not None else "-"
            print(f"{name:40} {one.modality:6} {slow:>9}  {one.remark[:150]}", flush=True)
    about = ABOUT["shared" if is_shared else "shipped"]
    given.out.mkdir(parents=True, exist_ok=True)
    (given.out / "index.html").write_text(gallery_page(entries, about=about, version=__version__), encoding="utf-8")
    print(given.out / "index.html")


ABOUT = {
    "shared": "X-ray: Montgomery County; CT: STS; MR: spinal cord toolbox; ultrasound: BUSI and POCUS. "
    "X-ray and ultrasound pictures know no spacing; 0.8 mm and 0.2 mm are assumed here.",
    "shipped": "X-ray: our phantom; CT and MR: pydicom's examples; ultrasound: our phantom with speckle.",
}


CHOSEN = (
    *("process.gaussian", "process.median", "process.bilateral", "process.total_variation", "process.srad"),
    *("process.clahe", "process.unsharp_mask", "process.homomorphic", "process.local_contrast", "process.frangi"),
    *("process.fourier", "process.wavelet_transform", "process.riesz"),
    *("segment.region_competition", "measure.sift"),
)
"""What the page of the documentation shows."""
TILE = 120
"""Side of a picture there [pixels]."""


def documented(folder: Path) -> None:
    """A page with a strip for each chosen operation: before and after, of each modality."""
    (folder / "gallery").mkdir(exist_ok=True)
    lines = [PAGE]
    for name in (name for name in CHOSEN if name in operations()):
        made = list(shots(shipped_pictures(), [name]))
        file = folder / "gallery" / f"{name.replace('.', '_')}.webp"
        strip = np.hstack([tile(png) for one in made for png in (one.before, one.after)])
        file.write_bytes(cv2.imencode(".webp", strip[..., ::-1], [cv2.IMWRITE_WEBP_QUALITY, 75])[1].tobytes())
        told = operation(name).summary.rstrip(".")
        lines.append(
            f"## {name}\n\n{told}.\n\n![{name}, before and after](gallery/{file.name})\n\n`{made[0].command}`\n"
        )
    (folder / "gallery.md").write_text("\n".join(lines), encoding="utf-8")


PAGE = """# Gallery

Before and after, of four modalities from left to right: X-ray (our phantom), CT and MR (examples that ship with pydicom),
ultrasound (our phantom with speckle). Made by `python results/gallery.py --page`; `make gallery` shows every operation.
"""


def tile(png: bytes | None) -> NDArray[np.uint8]:
    """A picture in the middle of a square, or an empty square."""
    square = np.zeros((TILE, TILE, 3), np.uint8)
    if png is None:
        return square
    picture = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)[..., ::-1]
    scale = TILE / max(picture.shape[:2])
    size = [max(1, round(side * scale)) for side in picture.shape[1::-1]]
    small = cv2.resize(np.ascontiguousarray(picture), size, interpolation=cv2.INTER_AREA)
    top, left = ((TILE - side) // 2 for side in small.shape[:2])
    square[top : top + small.shape[0], left : left + small.shape[1]] = small
    return square


def entry(name: str, made: list[Shot]) -> Entry:
    """An operation and its views."""
    return Entry(name, operation(name).summary, made[0].command, tuple(view(one) for one in made))


def view(one: Shot) -> View:
    """Seconds, and the first few numbers."""
    numbers = {key.partition(".")[2] or key: f"{value:.4g}" for key, value in list((one.numbers or {}).items())[:8]}
    words = "" if one.seconds is None else f"{one.seconds:.3f} s"
    return View(one.modality, one.before, one.after, words, one.remark, numbers)


def shared_pictures() -> dict[str, Image]:
    """One of each modality, small enough for the slowest operation."""
    data = SHARED / "data"
    return {
        "X-ray": halved(read(data / "montgomery-lungmask-138/images/MCUCXR_0001_0.png", ASSUMED_MM["X-ray"]), "DX"),
        "CT": slab(read(data / "sts-ctpetmr-dev/STS_008/CT_image.nii.gz"), 24, "CT", "HU"),
        "MR": slab(read(data / "sct-spine-mri/t2/t2.nii.gz"), 24, "MR", "1"),
        "US": halved(read(data / "busi-masks-150-gray/malignant/malignant (1).png", ASSUMED_MM["US"]), "US"),
    }


def shipped_pictures() -> dict[str, Image]:
    """What anybody has who has installed the package."""
    ct, mr = (read(Path(get_testdata_file(f"{name}_small.dcm", download=False))) for name in ("CT", "MR"))
    return {"X-ray": phantom("DX", 0.8), "CT": ct, "MR": mr, "US": phantom("US", 0.2)}


def phantom(modality: str, spacing_mm: float) -> Image:
    """Soft shapes; for ultrasound with multiplicative speckle."""
    rng = np.random.default_rng(SEED)
    y, x = np.indices((160, 144)) / 160
    body = 90 + 60 * (np.hypot(y - 0.5, x - 0.25) < 0.18) - 50 * (np.hypot(y - 0.5, (x - 0.65) * 1.5) < 0.25) + 40 * y
    noise = rng.rayleigh(0.8, body.shape) if modality == "US" else 1 + rng.normal(0, 0.03, body.shape)
    array = np.clip(body * noise, 0, 255).astype(np.uint8)
    return Image(array, Grid(array.shape, "yx", (spacing_mm, spacing_mm)), modality)


def cine() -> Image:
    """A grey loop of a moving lung."""
    loop = read(SHARED / "data/pocus-lus-videos/convex/Cov-Atlas+(44).gif", ASSUMED_MM["US"])
    return Image(loop.array[..., 0] if loop.is_colour else loop.array, loop.grid, "US")


def read(path: Path, spacing_mm: float | None = None) -> Image:
    """The one image in a file."""
    return next(iter(load(path, spacing_mm=spacing_mm)[0].images.values()))


def slab(image: Image, slices: int, modality: str, unit: str) -> Image:
    """The middle slices, with sides of even length, where they lay."""
    start = max(0, (image.grid.shape[0] - slices) // 2)
    array = even(image.array[start : start + slices])
    affine = image.grid.affine
    origin = None if affine is None else tuple(float(v) for v in (affine @ [start, 0, 0, 1])[:3])
    return Image(array, replace(image.grid, shape=array.shape, origin_mm=origin), modality, unit)


def even(array: NDArray[np.generic]) -> NDArray[np.generic]:
    """Without the last sample where their number is odd, so that wavelets can halve it."""
    return array[tuple(slice(0, n - n % 2) if n > 1 else slice(None) for n in array.shape)]


def halved(image: Image, modality: str) -> Image:
    """Every second sample of a smoothed picture."""
    half = process.resample(image, spacing_mm=tuple(2 * step for step in image.grid.known_spacing_mm()))
    array = even(half.array)
    return Image(array, replace(half.grid, shape=array.shape), modality)


if __name__ == "__main__":
    main()
