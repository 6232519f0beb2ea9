"""Drawn anatomy that looks like writing, for the net of `kernels/lettering.py` to learn from: what stands in rows, loops, ripples.

Bones of a hand, vertebrae, teeth, gut and vessels, streaks, ghosts, and ultrasound in the geometry of its probe. No patient.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

SIDE = 128

Rng = np.random.Generator
Plane = NDArray[np.float32]


def noise(rng: Rng, shape: tuple[int, int], slope: float) -> Plane:
    """Gaussian noise whose amplitude falls with frequency to the power of `slope`, of unit variance."""
    fy, fx = np.fft.fftfreq(shape[0])[:, None], np.fft.rfftfreq(shape[1])
    gain = (fy**2 + fx**2 + 1e-4) ** (-slope / 2)
    made = np.fft.irfft2(np.fft.rfft2(rng.normal(size=shape)) * gain, shape)
    return ((made - made.mean()) / (made.std() + 1e-9)).astype(np.float32)


def _blurred(made: Plane, low: float, high: float, rng: Rng) -> Plane:
    return np.asarray(cv2.GaussianBlur(made, (0, 0), float(rng.uniform(low, high))), np.float32)


def _tissue_around(rng: Rng) -> Plane:
    """Soft tissue in air, or everywhere, with a fatty rim and the grain of a scanner."""
    made = np.zeros((SIDE, SIDE), np.float32)
    middle, axes = tuple(map(int, rng.integers(20, 108, 2))), tuple(map(int, rng.integers(30, 130, 2)))
    turn = float(rng.uniform(0, 180))
    cv2.ellipse(made, middle, axes, turn, 0, 360, float(rng.uniform(0.1, 0.8)), -1)
    if rng.random() < 0.5:
        inner = tuple(max(4, n - int(rng.integers(3, 16))) for n in axes)
        cv2.ellipse(made, middle, inner, turn, 0, 360, float(rng.uniform(0.3, 1)), -1)
    return made + rng.choice([0.0, 0.05, 0.15]) * noise(rng, made.shape, rng.uniform(1, 2.5))


def _row(rng: Rng) -> list[tuple[float, float]]:
    """Places along a line or a bow, about evenly spaced, and the step between them."""
    step, bow = float(np.exp(rng.uniform(np.log(5), np.log(34)))), rng.normal(0, 0.004)
    x = np.arange(-10, SIDE + 10, step) + rng.uniform(0, step)
    x = x[: int(rng.integers(2, 12))] if rng.random() < 0.6 else x
    x = x + rng.normal(0, 0.12 * step, len(x)) + rng.uniform(0, SIDE / 2) * (rng.random() < 0.5)
    y = rng.uniform(8, SIDE - 8) + bow * (x - SIDE / 2) ** 2 + rng.normal(0, rng.uniform(0, 0.3) * step, len(x))
    return [*zip(x, y, strict=True), (step, step)]


def _bone(
    rng: Rng, layer: Plane, at: tuple[float, float], axes: tuple[float, float], rim: float, marrow: float
) -> None:
    """An oval with a bright rim, now and then open, dented or of two parts."""
    half, turn = tuple(int(8 * max(1.0, n)) for n in axes), float(rng.normal(0, 25))
    middle = tuple(int(8 * n) for n in at)
    cv2.ellipse(layer, middle, half, turn, 0, 360, 1.0, -1, cv2.LINE_AA, 3)
    inner = tuple(int(max(0, n - 8 * rim)) for n in half)
    if min(inner) > 0:
        shift = tuple(int(n + 8 * rng.normal(0, 0.25 * rim)) for n in middle)
        cv2.ellipse(layer, shift, inner, turn, 0, 360, marrow, -1, cv2.LINE_AA, 3)
    if rng.random() < 0.15:
        start = float(rng.uniform(0, 360))
        cv2.ellipse(layer, middle, half, turn, start, start + rng.uniform(20, 90), 0.0, -1, cv2.LINE_AA, 3)


def hand(rng: Rng) -> Plane:
    """Bones side by side with rims, as fingers, wrists, ribs and teeth show; one or more rows in soft tissue."""
    made = _tissue_around(rng)
    bones = np.zeros_like(made)
    for _ in range(int(rng.choice([1, 1, 2, 3]))):
        *places, (step, _) = _row(rng)
        wide, tall = step * rng.uniform(0.25, 0.52), step * np.exp(rng.normal(-0.9, 0.4))
        rim, marrow = rng.uniform(0.08, 0.6) * step, float(rng.uniform(0, 0.9))
        for at in places:
            axes = (wide * np.exp(rng.normal(0, 0.2)), tall * np.exp(rng.normal(0, 0.2)))
            _bone(rng, bones, at, axes, rim * np.exp(rng.normal(0, 0.2)), marrow)
    grain = 1 + rng.uniform(0, 0.4) * noise(rng, made.shape, rng.uniform(0.5, 1.5))
    return made + rng.uniform(0.4, 3) * _blurred(bones * grain, 0.4, 1.8, rng)


def spine(rng: Rng) -> Plane:
    """Vertebrae one over the other, from the front (pedicles, spines) or from the side, in the shade of a body."""
    made = rng.uniform(0.2, 1.5) * noise(rng, (SIDE, SIDE), rng.uniform(2, 3)).astype(np.float32)
    layer, step = np.zeros_like(made), float(np.exp(rng.uniform(np.log(7), np.log(40))))
    half, x = step * rng.uniform(0.5, 1.1), rng.uniform(20, 108)
    pedicle, spinous, plate = rng.random(3) * rng.choice([0, 1, 1], 3)
    lean, sidewise = rng.normal(0, 0.08), rng.random() < 0.35
    gap = rng.uniform(0.05, 0.2) * step
    for y in np.arange(-step, SIDE + step, step):
        middle = x + lean * (y - SIDE / 2) + rng.normal(0, 0.02 * step)
        top, bottom = y + gap, y + step - gap
        corners = np.array(
            [[middle - half, top], [middle + half, top], [middle + half * 0.95, bottom], [middle - half * 0.95, bottom]]
        )
        cv2.fillPoly(layer, [np.int32(8 * corners)], 0.5, cv2.LINE_AA, 3)
        cv2.polylines(layer, [np.int32(8 * corners)], True, 0.5 + 0.5 * plate, max(1, int(0.08 * step)), cv2.LINE_AA, 3)
        if sidewise:
            _bone(rng, layer, (middle + half * 1.8, y + 0.7 * step), (half * 0.7, step * 0.2), 2, 0.6)
            continue
        for side in (-1, 1):
            at = (middle + side * 0.62 * half, y + 0.42 * step)
            _bone(rng, layer, at, (0.14 * step, 0.2 * step), max(1, 0.06 * step), 0.5 + 0.2 * pedicle)
        _bone(rng, layer, (middle, y + 0.75 * step), (0.1 * step, 0.24 * step), 1, 0.5 + 0.5 * spinous)
    made += rng.uniform(0.3, 3) * _blurred(layer, 0.5, 2, rng)
    return made + rng.choice([0.02, 0.1]) * noise(rng, made.shape, rng.uniform(0, 1))


def loops(rng: Rng) -> Plane:
    """Thin walls that wind: gut, gyri, vessels, pleats of skin; level lines of smooth noise, brighter here and there."""
    made = rng.uniform(0, 0.6) * noise(rng, (SIDE, SIDE), rng.uniform(2, 3))
    for _ in range(int(rng.integers(1, 4))):
        smooth = cv2.GaussianBlur(rng.normal(size=(SIDE, SIDE)).astype(np.float32), (0, 0), float(rng.uniform(2.5, 12)))
        slope = np.hypot(*np.gradient(smooth))
        far = np.abs(smooth - rng.normal(0, 0.5) * smooth.std()) / (slope + 0.15 * slope.mean())
        wall = np.exp(-0.5 * (far / rng.uniform(0.5, 2)) ** 2)
        here = np.clip(noise(rng, wall.shape, 2.2) + rng.uniform(-0.5, 1.5), 0, 1.5)
        made = made + rng.choice([-1, 1, 1]) * rng.uniform(0.3, 3) * wall * here
    made = _blurred(made.astype(np.float32), 0.3, 1.2, rng)
    return made + rng.choice([0.0, 0.03, 0.15]) * noise(rng, made.shape, rng.uniform(0, 1.5))


def ripples(rng: Rng) -> Plane:
    """Noise of one direction and one pitch, as far as a shape reaches: streaks of CT, fibres, waves of moire."""
    turn, pitch = rng.uniform(0, np.pi), np.exp(rng.uniform(np.log(2.2), np.log(14)))
    fy, fx = np.fft.fftfreq(SIDE)[:, None], np.fft.fftfreq(SIDE)
    along, across = fx * np.cos(turn) + fy * np.sin(turn), -fx * np.sin(turn) + fy * np.cos(turn)
    width = rng.uniform(0.15, 0.7) / pitch
    gain = np.exp(
        -0.5 * ((np.abs(across) - 1 / pitch) / width) ** 2 - 0.5 * (along / (rng.uniform(0.1, 0.6) / pitch)) ** 2
    )
    wave = np.real(np.fft.ifft2(np.fft.fft2(rng.normal(size=(SIDE, SIDE))) * gain))
    made = _tissue_around(rng)
    inside = made > 0.05 if rng.random() < 0.6 else np.clip(noise(rng, made.shape, 2.5) + 0.7, 0, 2)
    made = made * rng.choice([0.0, 1, 3]) + rng.uniform(0.1, 2) * inside * wave / (wave.std() + 1e-9)
    if rng.random() < 0.4:
        made = np.clip(made, *sorted(rng.normal(0.3, 1.2, 2)) if rng.random() < 0.5 else (0, None))
    return _blurred(np.asarray(made, np.float32), 0.3, 0.9, rng)


def ghosts(rng: Rng) -> Plane:
    """Faint copies of a bright body beside it, in bands, in the positive noise of magnitude."""
    body = np.zeros((SIDE, SIDE), np.float32)
    middle, axes = tuple(map(int, rng.integers(-30, 160, 2))), tuple(map(int, rng.integers(30, 110, 2)))
    for shrink, value in ((0, 1.0), (int(rng.integers(2, 8)), 0.3), (int(rng.integers(8, 14)), 0.6)):
        cv2.ellipse(
            body, middle, tuple(max(2, n - shrink) for n in axes), 0, 0, 360, float(value * rng.uniform(0.6, 1.4)), -1
        )
    rim = np.abs(cv2.Laplacian(cv2.GaussianBlur(body, (0, 0), float(rng.uniform(0.7, 2))), cv2.CV_32F))
    faint = rng.uniform(0.01, 0.12)
    copies = np.zeros_like(body)
    for _ in range(int(rng.integers(1, 6))):
        copies += np.roll(rim, rng.integers(-90, 90, 2), (0, 1)) * rng.random()
    bands = np.clip(noise(rng, (SIDE, SIDE), rng.uniform(1, 2)), 0, 2) * (
        noise(rng, (SIDE, 1), 0.8) > rng.uniform(-0.5, 1)
    )
    grain = [rng.uniform(0.1, 0.6) * faint * noise(rng, body.shape, rng.uniform(0, 1)) for _ in "ri"]
    quiet = np.hypot(faint * copies * bands / (rim.max() + 1e-9) * 2 + grain[0], grain[1])
    return (body + quiet).astype(np.float32)


def _echoes(rng: Rng, lines: int, samples: int) -> Plane:
    """What a probe meets, by line and depth: mean echo, with pleura, its repeats, rays, shadows and fading."""
    depth = np.linspace(0, 1, samples)[:, None]
    made = 0.5 * noise(rng, (samples, lines), rng.uniform(1.5, 2.5))
    pleura, strength = rng.uniform(0.1, 0.5), rng.uniform(0, 4)
    path = pleura + 0.02 * noise(rng, (1, lines), 2)
    for order in range(1, int(rng.integers(2, 6))):
        made += strength / order**1.3 * np.exp(-0.5 * ((depth - order * path) / rng.uniform(0.003, 0.02)) ** 2)
    rays = np.clip(noise(rng, (1, lines), rng.uniform(0.5, 2)) - rng.uniform(0, 2), 0, 2)
    made += rng.uniform(0, 2) * rays * (depth > path)
    shadows = np.clip(noise(rng, (1, lines), 2) - rng.uniform(0, 1.5), 0, 1)
    made -= rng.uniform(0, 5) * shadows * (depth > rng.uniform(0.05, 0.4))
    return (made + rng.uniform(0, 2) - rng.uniform(0, 5) * depth).astype(np.float32)


def _speckled(rng: Rng, mean: Plane, frames: int) -> Plane:
    """Log-compressed speckle around a mean echo, wider with depth; the mean of some frames, part of which stand still."""
    still, soft, total = rng.uniform(0, 0.9), rng.uniform(0.2, 1), np.zeros_like(mean)
    blur = (float(rng.uniform(0.6, 2.5)), float(rng.uniform(0.6, 2)))
    waves = [
        cv2.GaussianBlur(rng.normal(size=(2, *mean.shape)).astype(np.float32)[k], (0, 0), blur[0], sigmaY=blur[1])
        for k in (0, 1)
    ]
    for _ in range(frames):
        new = [
            cv2.GaussianBlur(rng.normal(size=mean.shape).astype(np.float32), (0, 0), blur[0], sigmaY=blur[1])
            for _ in "ri"
        ]
        echo = np.hypot(*(still * a + (1 - still) * b for a, b in zip(waves, new, strict=True)))
        loud = np.log(echo / (echo.mean() + 1e-9) + 0.05) + mean
        total += np.minimum(soft * np.logaddexp(0, loud / soft), 4)
    return total / frames


def probe(rng: Rng) -> Plane:
    """A piece of a sector or of a linear probe's field: depth and lines bent to their places, dark beyond, coded as video."""
    mean = _echoes(rng, int(rng.integers(60, 200)), int(rng.integers(120, 400)))
    drawn = _speckled(rng, mean, int(rng.choice([1, 1, 2, 6])))
    samples, lines = drawn.shape
    scale = float(np.exp(rng.uniform(np.log(0.2), np.log(1.2))))
    rows, columns = (np.mgrid[:SIDE, :SIDE].astype(np.float32) / SIDE - 0.5) * scale
    if rng.random() < 0.65:
        apex, half, at = rng.uniform(0.05, 0.4), rng.uniform(0.4, 0.8), rng.uniform(-1.1, 1.1)
        reach = apex + rng.uniform(0, 1)
        x, y = columns + reach * np.sin(at * half), rows + reach * np.cos(at * half)
        where = ((np.arctan2(x, y) / half + 1) / 2 * lines, (np.hypot(x, y) - apex) * samples)
    else:
        where = ((columns + rng.uniform(0, 1)) * lines, (rows + rng.uniform(0, 1)) * samples)
    made = cv2.remap(drawn, *(np.asarray(w, np.float32) for w in where), cv2.INTER_LINEAR, borderValue=0)
    return _as_video(rng, made) if rng.random() < 0.6 else np.asarray(made, np.float32)


def _as_video(rng: Rng, made: Plane) -> Plane:
    """Once through a codec of 8 x 8 blocks, at any quality; some enlarged after."""
    low, high = float(made.min()), float(made.max()) + 1e-6
    side = int(rng.choice([SIDE, SIDE, SIDE // 2, 3 * SIDE // 4]))
    gain = 255 * np.exp(rng.uniform(np.log(0.1), 0))
    bytes_ = np.rint((cv2.resize(made, (side, side), interpolation=cv2.INTER_AREA) - low) / (high - low) * gain).astype(
        np.uint8
    )
    coded = cv2.imencode(".jpg", bytes_, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(15, 90))])[1]
    back = cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE).astype(np.float32) / gain * (high - low) + low
    way = cv2.INTER_CUBIC if rng.random() < 0.5 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(back, (SIDE, SIDE), interpolation=way), np.float32)


def reduced(rng: Rng, made: Plane) -> Plane:
    """Seen small, coded, and enlarged by 2 to 4, as collections of small pictures are."""
    times = int(rng.choice([2, 2, 3, 4]))
    side = SIDE // times
    small = cv2.resize(made, (side, side), interpolation=cv2.INTER_AREA) if rng.random() < 0.5 else made[:side, :side]
    low, high = float(small.min()), float(small.max()) + 1e-6
    bytes_ = np.rint((small - low) / (high - low) * 255).astype(np.uint8)
    if rng.random() < 0.6:
        bytes_ = cv2.imdecode(
            cv2.imencode(".jpg", bytes_, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(40, 96))])[1], cv2.IMREAD_GRAYSCALE
        )
    way = cv2.INTER_CUBIC if rng.random() < 0.4 else cv2.INTER_LINEAR
    back = cv2.resize(bytes_.astype(np.float32), (SIDE, SIDE), interpolation=way)
    return np.asarray(back / 255 * (high - low) + low, np.float32)


ANATOMY = (hand, spine, loops, ripples, ghosts, probe)
