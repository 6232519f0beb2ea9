"""Train the net that finds text in pixels (`kernels/lettering.py`) on what is drawn here, and write its weights.

Text of many fonts is rendered over drawn anatomy, noise and photographs that ship inside scikit-image and pydicom. No
picture of `../shared/data` is looked at. The families in `HELD_OUT` are kept for measuring.

The shipped weights: `--steps 10000 --examples 40000`, stopped after 7,500 steps (17 minutes on two shared cores). Threads
and the fonts that are installed change them a little; what was measured with them is in `results/lettering.py`.

    python results/train_lettering.py --steps 10000 --examples 40000
"""

from __future__ import annotations

import argparse
import string
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

SIDE, STRIDE = 128, 4
FONTS = Path("/usr/share/fonts")
HELD_OUT = ("LiberationSerif", "NimbusRoman", "NimbusMonoPS", "URWGothic", "NotoMono", "NotoSansMono", "Aileron")
NO_LETTERS = ("D050000L", "StandardSymbolsPS", "MathTeXGyre", "Z003")
CHARACTERS = string.ascii_letters + string.ascii_uppercase + 4 * string.digits + "-/:.,^()=+%"
CHANNELS = (8, 16, 24, 32, 32, 32)

Rng = np.random.Generator
Plane = NDArray[np.float32]


def fonts() -> list[str]:
    """Font files to train on."""
    files = sorted(str(f) for suffix in ("ttf", "otf") for f in FONTS.rglob(f"*.{suffix}"))
    return [f for f in files if not any(name in f for name in HELD_OUT + NO_LETTERS)]


# --- what text is drawn over ---------------------------------------------------------------------------------------


def noise(rng: Rng, shape: tuple[int, int], slope: float) -> Plane:
    """Gaussian noise whose amplitude falls with frequency to the power of `slope`, of unit variance."""
    fy, fx = np.fft.fftfreq(shape[0])[:, None], np.fft.rfftfreq(shape[1])
    gain = (fy**2 + fx**2 + 1e-4) ** (-slope / 2)
    made = np.fft.irfft2(np.fft.rfft2(rng.normal(size=shape)) * gain, shape)
    return ((made - made.mean()) / (made.std() + 1e-9)).astype(np.float32)


def tissue(rng: Rng) -> Plane:
    """Broad shades with texture."""
    made = noise(rng, (SIDE, SIDE), rng.uniform(1.2, 3)) + rng.uniform(0, 0.5) * noise(
        rng, (SIDE, SIDE), rng.uniform(0, 1.2)
    )
    return made


def organs(rng: Rng) -> Plane:
    """Ellipses, bars and polygons with edges of some width, as sections and bones have."""
    made = np.zeros((SIDE, SIDE), np.float32)
    for _ in range(int(rng.integers(2, 14))):
        layer = np.zeros_like(made)
        centre, axes = rng.integers(-20, SIDE + 20, 2), rng.integers(2, 90, 2)
        kind = rng.integers(3)
        if kind == 0:
            cv2.ellipse(
                layer,
                tuple(map(int, centre)),
                tuple(map(int, axes)),
                float(rng.uniform(0, 180)),
                0,
                360,
                1.0,
                int(rng.choice([-1, -1, 1, 2, 4, 7])),
            )
        elif kind == 1:
            cv2.fillPoly(layer, [rng.integers(-10, SIDE + 10, (int(rng.integers(3, 7)), 2)).astype(np.int32)], 1.0)
        else:
            points = np.cumsum(rng.normal(0, 14, (12, 2)), 0) + rng.integers(0, SIDE, 2)
            cv2.polylines(layer, [points.astype(np.int32)], False, 1.0, int(rng.integers(1, 9)), cv2.LINE_AA)
        made += rng.normal(0, 1) * cv2.GaussianBlur(layer, (0, 0), rng.uniform(0.3, 3))
    return made + rng.choice([0.0, 0.03, 0.1, 0.3]) * noise(rng, (SIDE, SIDE), rng.uniform(0, 1))


def limb(rng: Rng) -> Plane:
    """A section of soft tissue in air, with round bones and vessels."""
    made = np.zeros((SIDE, SIDE), np.float32)
    cv2.ellipse(
        made,
        tuple(map(int, rng.integers(10, 118, 2))),
        tuple(map(int, rng.integers(40, 130, 2))),
        float(rng.uniform(0, 180)),
        0,
        360,
        float(rng.uniform(0.2, 1)),
        -1,
    )
    for _ in range(int(rng.integers(1, 7))):
        middle, radius = tuple(map(int, rng.integers(8, 120, 2))), float(rng.uniform(2, 16))
        axes = tuple(map(int, np.maximum(radius * rng.uniform(0.7, 1.3, 2), 1)))
        thick = int(rng.integers(1, 6)) if rng.random() < 0.7 else -1
        cv2.ellipse(
            made, middle, axes, float(rng.uniform(0, 180)), 0, 360, float(rng.uniform(-0.2, 2)), thick, cv2.LINE_AA
        )
    made = cv2.GaussianBlur(made, (0, 0), float(rng.uniform(0.4, 1.6)))
    return made + 10 ** rng.uniform(-3, -1) * noise(rng, (SIDE, SIDE), rng.uniform(0, 1))


def speckle(rng: Rng) -> Plane:
    """Log-compressed speckle with a drawn echogenicity, often cut off by the edge of a sector."""
    size = rng.uniform(0.5, 3.5, 2)
    wave = [
        cv2.GaussianBlur(rng.normal(size=(SIDE, SIDE)).astype(np.float32), (0, 0), size[0], sigmaY=size[1])
        for _ in "ri"
    ]
    strength = np.log(np.hypot(*wave) + 1e-3)
    made = np.maximum(strength - strength.mean() + rng.uniform(0.3, 2) * noise(rng, (SIDE, SIDE), 2.5) + 1, 0)
    if rng.random() < 0.4:
        edge = np.zeros_like(made)
        cv2.circle(edge, tuple(map(int, rng.integers(-150, 280, 2))), int(rng.integers(60, 220)), 1.0, -1)
        made *= edge
    return np.minimum(made, rng.uniform(2.5, 5))


def flat(rng: Rng) -> Plane:
    """Nothing, or next to nothing: collimated margins, banners."""
    made = np.zeros((SIDE, SIDE), np.float32)
    if rng.random() < 0.5:
        made += rng.choice([1e-3, 1e-2]) * rng.normal(size=made.shape).astype(np.float32)
    if rng.random() < 0.5:
        cut = int(rng.integers(8, 120))
        made[:cut] = rng.normal() if rng.random() < 0.5 else organs(rng)[:cut]
    return made


def photographs() -> list[Plane]:
    """Pictures inside scikit-image that bear no text, and medical ones inside pydicom."""
    import pydicom
    import skimage
    from pydicom.data import get_testdata_file

    folder = Path(skimage.__file__).parent / "data"
    names = (
        "camera.png",
        "coins.png",
        "cell.png",
        "microaneurysms.png",
        "retina.jpg",
        "moon.png",
        "grass.png",
        "gravel.png",
        "brick.png",
        "ihc.png",
        "phantom.png",
        "hubble_deep_field.jpg",
        "chelsea.png",
        "coffee.png",
        "astronaut.png",
    )
    made = [np.asarray(Pillow.open(folder / name).convert("L"), np.float32) for name in names]
    for name in ("CT_small.dcm", "MR_small.dcm", "693_J2KR.dcm", "emri_small.dcm"):
        path = get_testdata_file(name, download=False)
        if path:
            planes = pydicom.dcmread(path).pixel_array.astype(np.float32)
            made += list(planes[:3]) if planes.ndim == 3 else [planes]
    return made


def chest(rng: Rng) -> list[Plane]:
    """Drawn chest radiographs of the package's own phantom."""
    from radiolucent.phantom.thorax import attenuation, patient, position

    made = []
    for number in range(12):
        stand = position(rng, view="PA")
        depth = attenuation(
            patient(rng, sex="MF"[number % 2], with_nodule=bool(number % 3)), stand, int(rng.integers(200, 700))
        )
        through = np.exp(-depth)
        made.append((-np.log(np.maximum(rng.poisson(10 ** rng.uniform(3, 5) * through), 1))).astype(np.float32))
    return made


def crop(rng: Rng, pictures: list[Plane]) -> Plane:
    """A piece of a picture, at some zoom, turned or mirrored."""
    source = pictures[int(rng.integers(len(pictures)))]
    side = int(min(*source.shape, SIDE * rng.uniform(0.4, 2)))
    top, left = (int(rng.integers(0, n - side + 1)) for n in source.shape)
    made = cv2.resize(
        source[top : top + side, left : left + side],
        (SIDE, SIDE),
        interpolation=cv2.INTER_AREA if side > SIDE else cv2.INTER_LINEAR,
    )
    made = np.rot90(made, int(rng.integers(4)))
    return np.ascontiguousarray(made[:, ::-1] if rng.random() < 0.5 else made).astype(np.float32)


def clutter(rng: Rng, made: Plane) -> Plane:
    """What looks like text and is none: lines, grids, rulers, rings, wires, dots, crosses, islands."""
    layer = _CLUTTER[int(rng.integers(len(_CLUTTER)))](rng, np.zeros_like(made))
    layer = np.rot90(layer, int(rng.integers(4)))
    return made + rng.choice([-1, 1]) * rng.uniform(0.05, 1) * (np.ptp(made) + 1e-3) * layer


def _lines(rng: Rng, layer: Plane) -> Plane:
    for _ in range(int(rng.integers(1, 5))):
        a, b = rng.integers(0, SIDE, (2, 2))
        cv2.line(layer, tuple(map(int, a)), tuple(map(int, b)), 1.0, int(rng.integers(1, 4)), cv2.LINE_AA)
    return layer


def _grid(rng: Rng, layer: Plane) -> Plane:
    step = int(rng.integers(4, 30))
    layer[:, ::step] = 1
    if rng.random() < 0.5:
        layer[::step] = 1
    return layer


def _ruler(rng: Rng, layer: Plane) -> Plane:
    column, step, length = int(rng.integers(0, SIDE)), int(rng.integers(4, 30)), int(rng.integers(2, 9))
    for number, row in enumerate(range(int(rng.integers(0, step)), SIDE, step)):
        layer[row : row + int(rng.integers(1, 3)), column : column + length * (2 if number % 5 == 0 else 1)] = 1
    return layer


def _rings(rng: Rng, layer: Plane) -> Plane:
    for _ in range(int(rng.integers(1, 4))):
        middle = tuple(map(int, rng.integers(0, SIDE, 2)))
        cv2.circle(layer, middle, int(rng.integers(2, 40)), 1.0, int(rng.integers(1, 4)), cv2.LINE_AA)
    return layer


def _wire(rng: Rng, layer: Plane) -> Plane:
    points = np.cumsum(rng.normal(0, 5, (40, 2)), 0) + rng.integers(0, SIDE, 2)
    cv2.polylines(layer, [points.astype(np.int32)], False, 1.0, int(rng.integers(1, 4)), cv2.LINE_AA)
    return layer


def _dots(rng: Rng, layer: Plane) -> Plane:
    there = (rng.random(layer.shape) < rng.choice([0.003, 0.02, 0.1])).astype(np.float32)
    return np.clip(2 * cv2.GaussianBlur(there, (0, 0), float(rng.uniform(0.4, 1.5))), 0, 1)


def _cross(rng: Rng, layer: Plane) -> Plane:
    x, y, size = *map(int, rng.integers(0, SIDE, 2)), int(rng.integers(2, 9))
    layer[max(0, y - size) : y + size, x : x + 1] = 1
    layer[y : y + 1, max(0, x - size) : x + size] = 1
    return layer


def _islands(rng: Rng, layer: Plane) -> Plane:
    return (noise(rng, layer.shape, rng.uniform(0.8, 2)) > rng.uniform(0.5, 2)).astype(np.float32)


_CLUTTER = (_lines, _grid, _ruler, _rings, _wire, _dots, _cross, _islands)


def collimated(rng: Rng, made: Plane) -> Plane:
    """One side put out, to the darkest or the brightest there is."""
    cut, turn = int(rng.integers(10, 118)), int(rng.integers(4))
    made = np.ascontiguousarray(np.rot90(made, turn))
    made[:cut] = made.min() if rng.random() < 0.7 else made.max()
    return made


def background(rng: Rng, pictures: list[Plane]) -> Plane:
    """One of everything above."""
    pick = rng.random()
    made = (
        tissue(rng)
        if pick < 0.2
        else organs(rng)
        if pick < 0.4
        else speckle(rng)
        if pick < 0.58
        else flat(rng)
        if pick < 0.68
        else crop(rng, pictures)
    )
    while rng.random() < 0.35:
        made = clutter(rng, made)
    if rng.random() < 0.3:
        made = cv2.GaussianBlur(made, (0, 0), float(rng.uniform(0.3, 2)))
    if rng.random() < 0.4:
        made = made + made.std() * 10 ** rng.uniform(-2, 0) * noise(rng, made.shape, rng.uniform(0, 0.8))
    if rng.random() < 0.15:
        made = collimated(rng, made)
    return made.astype(np.float32)


# --- text ----------------------------------------------------------------------------------------------------------


def words(rng: Rng) -> str:
    """Something like a name, a date, a number or a remark."""
    count = int(rng.integers(3, 20))
    kind = rng.integers(4)
    if kind == 0:
        return "".join(rng.choice(list(string.digits + "-/:. "), count))
    made = "".join(rng.choice(list(CHARACTERS), count))
    if kind == 1:
        made = made.upper()
    if kind == 2:
        made = made.capitalize()
    return made if rng.random() < 0.4 else made[: count // 2] + " " + made[count // 2 :]


def ink(rng: Rng, files: list[str]) -> NDArray[np.float32]:
    """A line of text, 0 to 1, cut to its ink."""
    text, pick = words(rng), rng.random()
    if pick < 0.2:
        face = int(rng.choice([0, 1, 2, 3, 4, 5, 6, 7]))
        scale, thick = rng.uniform(0.28, 0.9), int(rng.integers(1, 3))
        canvas = np.zeros((80, 700), np.uint8)
        cv2.putText(canvas, text, (10, 50), face, scale, 255, thick, int(rng.choice([cv2.LINE_8, cv2.LINE_AA])))
        drawn = canvas.astype(np.float32) / 255
    else:
        size = int(rng.integers(7, 27))
        font = ImageFont.load_default_imagefont() if pick < 0.25 else ImageFont.truetype(str(rng.choice(files)), size)
        sheet = Pillow.new("L", (700, 80))
        draw = ImageDraw.Draw(sheet)
        draw.fontmode = "1" if rng.random() < 0.25 else "L"
        draw.text((10, 20), text, fill=255, font=font)
        drawn = np.asarray(sheet, np.float32) / 255
    there = np.argwhere(drawn > 0.2)
    if not len(there):
        return ink(rng, files)
    (top, left), (bottom, right) = there.min(0), there.max(0) + 1
    return drawn[top:bottom, left:right]


def write_on(rng: Rng, made: Plane, truth: NDArray[np.float32], files: list[str]) -> None:
    """Draw one line of text into `made`, and where it lies into `truth`."""
    line = ink(rng, files)
    if rng.random() < 0.12:
        line = np.ascontiguousarray(np.rot90(line, int(rng.choice([1, 3]))))
    if rng.random() < 0.06:
        line = np.ascontiguousarray(line[:, ::-1])
    room = [max(1, side - n) for side, n in zip(made.shape, line.shape)]
    top, left = (
        int(rng.integers(-(n // 3), side - n // 2)) if rng.random() < 0.2 else int(rng.integers(0, limit))
        for n, side, limit in zip(line.shape, made.shape, room)
    )
    y, x = slice(max(0, top), min(SIDE, top + line.shape[0])), slice(max(0, left), min(SIDE, left + line.shape[1]))
    piece = line[y.start - top : y.stop - top, x.start - left : x.stop - left]
    under = made[y, x]
    if not piece.size or truth[y, x].any():
        return
    span = float(np.ptp(made)) + 1e-3
    spread = max(float(under.std()), 0.004 * span)
    sign = rng.choice([-1, 1], p=[0.3, 0.7])
    pick = rng.random()
    if pick < 0.35:
        value = made.max() if sign > 0 else made.min()
        if abs(value - under.mean()) < 4 * spread:
            value = under.mean() + sign * 4 * spread
    else:
        value = under.mean() + sign * spread * np.exp(rng.uniform(np.log(2.4), np.log(16)))
    if rng.random() < 0.1:
        pad = int(rng.integers(1, 5))
        made[max(0, y.start - pad) : y.stop + pad, max(0, x.start - pad) : x.stop + pad] = (
            under.mean() - sign * rng.uniform(0, 4) * spread
        )
    made[y, x] = made[y, x] * (1 - piece) + value * piece
    truth[y, x] = 1


def example(rng: Rng, files: list[str], pictures: list[Plane]) -> tuple[Plane, NDArray[np.float32]]:
    """A picture as the net sees it, and for each block whether there is text."""
    from radiolucent.kernels.lettering import normalised

    made, truth = background(rng, pictures), np.zeros((SIDE, SIDE), np.float32)
    if rng.random() < 0.6:
        for _ in range(int(rng.choice([1, 1, 2, 3, 5]))):
            write_on(rng, made, truth, files)
    if rng.random() < 0.25:
        made = made + 0.1 * max(float(made.std()), 1e-3) * rng.random() * rng.normal(size=made.shape).astype(np.float32)
    if rng.random() < 0.3:
        low, high = float(made.min()), float(made.max()) + 1e-6
        bytes_ = ((made - low) / (high - low) * 255).astype(np.uint8)
        coded = cv2.imencode(".jpg", bytes_, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(60, 98))])[1]
        made = cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE).astype(np.float32)
    blocks = truth.reshape(SIDE // STRIDE, STRIDE, SIDE // STRIDE, STRIDE).mean((1, 3))
    return normalised(made), (blocks > 0.4).astype(np.float32)


def batches(seed: int, count: int, files: list[str], pictures: list[Plane]) -> tuple[NDArray, NDArray]:
    rng = np.random.default_rng(seed)
    pairs = [example(rng, files, pictures) for _ in range(count)]
    return np.stack([a for a, _ in pairs]), np.stack([b for _, b in pairs])


def net():
    """The layers that `kernels/lettering.py` applies, in Keras."""
    import keras

    from radiolucent.kernels.lettering import LAYERS

    x = given = keras.Input((None, None, 2))
    for channels, (stride, dilation) in zip(CHANNELS, LAYERS):
        x = keras.layers.ZeroPadding2D(dilation)(x)
        x = keras.layers.Conv2D(channels, 3, strides=stride, dilation_rate=dilation, activation="relu")(x)
    return keras.Model(given, keras.layers.Conv2D(1, 1)(x))


def save(model, path: Path) -> None:
    """Weights as float16, in order."""
    arrays = {
        f"{'kernel' if k % 2 == 0 else 'bias'}_{k // 2}": w.astype(np.float16)
        for k, w in enumerate(model.get_weights())
    }
    np.savez_compressed(path, **arrays)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--examples", type=int, default=12000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "src/radiolucent/kernels/lettering.npz")
    given = parser.parse_args()

    files, pictures = fonts(), photographs() + chest(np.random.default_rng(1))
    x, y = batches(given.seed, given.examples, files, pictures)
    print("examples", x.shape, "share of text", float(y.mean()), flush=True)
    import time

    import keras

    keras.utils.set_random_seed(given.seed)
    model, size = net(), 32
    rate = keras.optimizers.schedules.CosineDecay(1e-6, given.steps, alpha=0.02, warmup_target=3e-3, warmup_steps=100)
    model.compile(keras.optimizers.Adam(rate), keras.losses.BinaryCrossentropy(from_logits=True), jit_compile=False)
    rng, start = np.random.default_rng(given.seed), time.time()
    total = 0.0
    for step in range(given.steps):
        rows = rng.integers(0, len(x), size)
        total += float(model.train_on_batch(x[rows], y[rows][..., None]))
        if step % 100 == 99:
            print(step + 1, f"loss {total / 100:.4f}", f"{time.time() - start:.0f} s", flush=True)
            total = 0.0
            save(model, given.out)
    save(model, given.out)


if __name__ == "__main__":
    main()
