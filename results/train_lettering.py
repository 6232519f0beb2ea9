"""Train the net that finds text in pixels (`kernels/lettering.py`) on what is drawn here, and write its weights.

Text of many fonts is rendered over what `lettering_grounds.py` and `lettering_anatomy.py` draw: anatomy, noise, photographs that
ship inside scikit-image. No picture of a patient is looked at. The families in `HELD_OUT` are kept for measuring (`lettering.py`),
those in `FOR_CHOOSING` for choosing settings.

    python results/train_lettering.py
    python results/train_lettering.py --start WEIGHTS --steps 2800 --examples 12000 --seed 5 --rate 2e-3
    python results/train_lettering.py --start WEIGHTS --steps 4000 --examples 16000 --seed 9 --rate 2e-3

The shipped weights: the first command, stopped after 2,300 of its steps, then the second, both over less anatomy
(`lettering_anatomy.py` came later) and with a dilation of 2 in the last layer; then the third as it stands, with 4; 56 minutes
of one thread on a busy machine. Threads and the fonts that are installed change them a little; how good they are is told by
`results/lettering.py`.
"""

from __future__ import annotations

import argparse
import string
import sys
import time
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

sys.path.insert(0, str(Path(__file__).parent))

from lettering_grounds import SIDE, Plane, Rng, background, chest, heads, photographs

STRIDE = 4
FONTS = Path("/usr/share/fonts")
HELD_OUT = ("LiberationSerif", "NimbusRoman", "NimbusMonoPS", "URWGothic", "NotoMono", "NotoSansMono", "Aileron")
FOR_CHOOSING = ("C059", "URWBookman", "DejaVuSansMono")
NO_LETTERS = ("D050000L", "StandardSymbolsPS", "MathTeXGyre", "Z003")
LATIN = string.ascii_letters + string.ascii_uppercase + 4 * string.digits + "-/:.,^()=+%"
GREEK_CYRILLIC = "".join(map(chr, [*range(0x391, 0x3A2), *range(0x3B1, 0x3CA), *range(0x410, 0x450)]))
CHINESE = "".join(map(chr, range(0x4E00, 0x9000, 7)))
CHANNELS = (12, 24, 32, 32, 32, 32)
STEPS, EXAMPLES, BATCH = 9_000, 30_000, 32

FAINTEST = 0.01
"""Text stands out by a multiple of its ground's spread, which counts as at least this share of the picture's range."""


def fonts() -> list[str]:
    """Font files to train on."""
    files = sorted(str(f) for suffix in ("ttf", "otf") for f in FONTS.rglob(f"*.{suffix}"))
    return [f for f in files if not any(name in f for name in HELD_OUT + FOR_CHOOSING + NO_LETTERS)]


def signs(rng: Rng, font: str) -> str:
    """The letters that a line is made of: mostly Latin, now and then others that the font has."""
    if rng.random() < 0.3 and "Droid" in font:
        return CHINESE
    return GREEK_CYRILLIC if rng.random() < 0.06 and "DejaVu" in font else LATIN


def words(rng: Rng, letters: str = LATIN) -> str:
    """Something like a name, a date, a number or a remark."""
    count = int(rng.integers(3, 20))
    kind = rng.integers(4)
    if kind == 0:
        return "".join(rng.choice(list(string.digits + "-/:. "), count))
    made = "".join(rng.choice(list(letters), count))
    if kind == 1:
        made = made.upper()
    if kind == 2:
        made = made.capitalize()
    return made if rng.random() < 0.4 else made[: count // 2] + " " + made[count // 2 :]


def stroked(rng: Rng) -> Plane:
    """A line in one of OpenCV's pen alphabets."""
    canvas = np.zeros((80, 700), np.uint8)
    scale, thick, way = rng.uniform(0.24, 0.9), int(rng.integers(1, 3)), int(rng.choice([cv2.LINE_8, cv2.LINE_AA]))
    cv2.putText(canvas, words(rng), (10, 50), int(rng.integers(8)), scale, 255, thick, way)
    return canvas.astype(np.float32) / 255


def typeset(rng: Rng, files: list[str]) -> Plane:
    """A line in a font of 6 to 26 pixels, more of them small; some drawn larger and reduced, some small and enlarged."""
    size, file, zoom = int(np.exp(rng.uniform(np.log(6), np.log(27)))), str(rng.choice(files)), 1.0
    pick = rng.random()
    if pick < 0.1:
        zoom, size = 1 / rng.uniform(1.3, 2.5), int(rng.integers(12, 30))
    elif pick < 0.18 and size < 13:
        zoom = 2.0
    bitmap = rng.random() < 0.06
    font = ImageFont.load_default_imagefont() if bitmap else ImageFont.truetype(file, size)
    sheet = Pillow.new("L", (700, 80))
    draw = ImageDraw.Draw(sheet)
    draw.fontmode = "1" if rng.random() < 0.2 else "L"
    draw.text((10, 20), words(rng, LATIN if bitmap else signs(rng, file)), fill=255, font=font)
    drawn = np.asarray(sheet, np.float32) / 255
    way = cv2.INTER_AREA if zoom < 1 else int(rng.choice([cv2.INTER_NEAREST, cv2.INTER_LINEAR]))
    return cv2.resize(drawn, None, fx=zoom, fy=zoom, interpolation=way) if zoom != 1 else drawn


def ink(rng: Rng, files: list[str]) -> Plane:
    """A line of text, 0 to 1, cut to its ink."""
    drawn = stroked(rng) if rng.random() < 0.17 else typeset(rng, files)
    there = np.argwhere(drawn > 0.2)
    if not len(there):
        return ink(rng, files)
    (top, left), (bottom, right) = there.min(0), there.max(0) + 1
    return drawn[top:bottom, left:right]


def placed(rng: Rng, line: Plane) -> tuple[int, int]:
    """Where the line starts; one in five is cut by the rim."""
    top, left = (
        int(rng.integers(-(n // 3), SIDE - n // 2)) if rng.random() < 0.2 else int(rng.integers(0, max(1, SIDE - n)))
        for n in line.shape
    )
    return top, left


def shade(rng: Rng, under: Plane, limits: tuple[float, float]) -> tuple[float, float]:
    """Value of the text over `under`, and the step between them."""
    spread = max(float(under.std()), FAINTEST * (limits[1] - limits[0]))
    sign = rng.choice([-1, 1], p=[0.3, 0.7])
    if rng.random() < 0.25:
        value = limits[1] if sign > 0 else limits[0]
        if abs(value - under.mean()) >= 3 * spread:
            return value, float(value - under.mean())
    step = float(sign * spread * np.exp(rng.triangular(np.log(2.4), np.log(3), np.log(14))))
    return float(under.mean()) + step, step


def write_on(rng: Rng, made: Plane, truth: Plane, files: list[str], limits: tuple[float, float]) -> None:
    """Draw one line of text into `made`, and where it lies into `truth`."""
    line = ink(rng, files)
    if rng.random() < 0.12:
        line = np.ascontiguousarray(np.rot90(line, int(rng.choice([1, 3]))))
    if rng.random() < 0.06:
        line = np.ascontiguousarray(line[:, ::-1])
    top, left = placed(rng, line)
    y, x = slice(max(0, top), min(SIDE, top + line.shape[0])), slice(max(0, left), min(SIDE, left + line.shape[1]))
    piece = line[y.start - top : y.stop - top, x.start - left : x.stop - left]
    if not piece.size or truth[y, x].any():
        return
    value, step = shade(rng, made[y, x], limits)
    if not limits[0] - abs(step) / 2 <= value <= limits[1] + abs(step) / 2:
        return
    if rng.random() < 0.1:
        pad = int(rng.integers(1, 5))
        made[max(0, y.start - pad) : y.stop + pad, max(0, x.start - pad) : x.stop + pad] = value - step * rng.uniform(
            1, 2
        )
    made[y, x] = made[y, x] * (1 - piece) + value * piece
    truth[y, x] = 1


def around(rng: Rng, made: Plane) -> tuple[float, float]:
    """The range of the whole picture that `made` is a piece of: often its own, else wider, so that `made` is faint in it."""
    low, high = float(made.min()), float(made.max()) + 1e-6
    if rng.random() < 0.4:
        return low, high
    width = (high - low) * np.exp(rng.uniform(0, np.log(30)))
    start = low - (width - (high - low)) * float(rng.choice([0, 1, rng.random()]))
    return start, start + width


def stored(rng: Rng, made: Plane, limits: tuple[float, float]) -> Plane:
    """As 256 grey levels of the whole picture, some of them after JPEG."""
    low, high = limits
    bytes_ = np.rint(np.clip((made - low) / (high - low), 0, 1) * 255).astype(np.uint8)
    if rng.random() < 0.35:
        coded = cv2.imencode(".jpg", bytes_, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(60, 98))])[1]
        bytes_ = cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE)
    return (bytes_ / 255 * (high - low) + low).astype(np.float32)


def example(rng: Rng, files: list[str], pictures: list[Plane]) -> tuple[Plane, Plane]:
    """A picture as the net sees it, and for each block whether there is text."""
    from radiolucent.kernels.lettering import normalised

    made, truth = background(rng, pictures), np.zeros((SIDE, SIDE), np.float32)
    limits = around(rng, made)
    in_bytes = rng.random() < 0.7
    if in_bytes and rng.random() < 0.7:
        made = stored(rng, made, limits)
    if rng.random() < 0.65:
        for _ in range(int(rng.choice([1, 1, 2, 3, 5]))):
            write_on(rng, made, truth, files, limits)
    if rng.random() < 0.2:
        made = made + 0.1 * max(float(made.std()), 1e-3) * rng.random() * rng.normal(size=made.shape).astype(np.float32)
    made = stored(rng, made, limits) if in_bytes else made
    blocks = truth.reshape(SIDE // STRIDE, STRIDE, SIDE // STRIDE, STRIDE).mean((1, 3))
    return normalised(made, limits), (blocks > 0.4).astype(np.float32)


def batches(seed: int, count: int, files: list[str], pictures: list[Plane]) -> tuple[NDArray, NDArray]:
    """`count` examples, as 16-bit floats: what the net sees, and the truth."""
    x = np.empty((count, SIDE, SIDE, 2), np.float16)
    y = np.empty((count, SIDE // STRIDE, SIDE // STRIDE), np.float16)
    rng = np.random.default_rng(seed)
    for k in range(count):
        x[k], y[k] = example(rng, files, pictures)
    return x, y


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


def load(model, path: Path) -> None:
    """What `save` wrote."""
    with np.load(path, allow_pickle=False) as file:
        names = (f"{part}_{k}" for k in range(len(file.files) // 2) for part in ("kernel", "bias"))
        model.set_weights([file[name].astype(np.float32) for name in names])


def hard(model, x: NDArray, y: NDArray) -> NDArray[np.float64]:
    """How often each example is drawn from here on: as its loss, which counts up to ten times the middle one."""
    losses = []
    for start in range(0, len(x), 256):
        given, truth = x[start : start + 256].astype(np.float32), y[start : start + 256].astype(np.float32)
        z = np.asarray(model.predict_on_batch(given))[..., 0]
        losses.append((np.maximum(z, 0) - z * truth + np.log1p(np.exp(-abs(z)))).mean((1, 2)))
    loss = np.concatenate(losses)
    loss = np.minimum(loss, 10 * np.median(loss))
    return 0.4 / len(loss) + 0.6 * loss / loss.sum()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--examples", type=int, default=EXAMPLES)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rate", type=float, default=3e-3, help="the highest learning rate")
    parser.add_argument("--start", type=Path, help="weights to go on from")
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "src/radiolucent/kernels/lettering.npz")
    given = parser.parse_args()

    start, rng = time.time(), np.random.default_rng(1)
    x, y = batches(given.seed, given.examples, fonts(), photographs() + chest(rng) + heads(rng))
    print("examples", x.shape, "share of text", float(y.mean()), f"{time.time() - start:.0f} s", flush=True)
    import keras

    keras.utils.set_random_seed(given.seed)
    model = net()
    if given.start:
        load(model, given.start)
    rate = keras.optimizers.schedules.CosineDecay(
        1e-6, given.steps, alpha=0.02, warmup_target=given.rate, warmup_steps=100
    )
    model.compile(keras.optimizers.Adam(rate), keras.losses.BinaryCrossentropy(from_logits=True), jit_compile=False)
    looks = (0, given.steps // 2) if given.start else (given.steps // 3, 2 * given.steps // 3)
    train(model, x, y, given.steps, looks, np.random.default_rng(given.seed), given.out)


def train(model, x: NDArray, y: NDArray, steps: int, looks: tuple[int, int], rng: Rng, out: Path) -> None:
    """Batches of `BATCH`; from each of the steps `looks` on, harder ones more often. Weights are saved as they come."""
    share, start, total = None, time.time(), 0.0
    for step in range(steps):
        if step in looks:
            share = hard(model, x, y)
        rows = rng.choice(len(x), BATCH, p=share)
        total += float(model.train_on_batch(x[rows].astype(np.float32), y[rows][..., None].astype(np.float32)))
        if step % 100 == 99:
            print(step + 1, f"loss {total / 100:.4f}", f"{time.time() - start:.0f} s", flush=True)
            total = 0.0
            save(model, out)
    save(model, out)


if __name__ == "__main__":
    main()
