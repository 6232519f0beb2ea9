import numpy as np
from scipy import fft

from radiolucent.kernels.ringing import along, unring


def truncated(size=128, finer=4):
    """Two discs as a scanner sees them that stops at a frequency; and the truth at the same pixels."""
    y, x = np.indices((size * finer,) * 2) / finer
    fine = 100.0 * ((y - 62) ** 2 + (x - 65) ** 2 < 38**2) + 60.0 * ((y - 50) ** 2 + (x - 75) ** 2 < 12**2)
    centre, half = size * finer // 2, size // 2
    kept = fft.fftshift(fft.fft2(fine))[centre - half : centre + half, centre - half : centre + half]
    seen = fft.ifft2(fft.ifftshift(kept)).real / finer**2
    return seen.astype(np.float32), fine[::finer, ::finer]


def by_the_book(line, shifts=20):
    """Kellner's figure 2 for one line, pixel by pixel."""
    n = len(line)
    spectrum = np.fft.fft(line)
    moved = {}
    for step in range(-shifts, shifts + 1):
        phase = np.exp(2j * np.pi * np.fft.fftfreq(n) * step / (2 * shifts))
        if step and n % 2 == 0:
            phase[n // 2] = 0
        moved[step] = np.fft.ifft(spectrum * phase).real
    result = np.zeros(n)
    for i in range(n):
        found = []
        for step, one in moved.items():
            left = sum(abs(one[(i - t) % n] - one[(i - t - 1) % n]) for t in (1, 2, 3))
            right = sum(abs(one[(i + t) % n] - one[(i + t + 1) % n]) for t in (1, 2, 3))
            found.append((min(left, right), abs(step), step))
        step = min(found)[2]
        other = moved[step][(i - np.sign(step)) % n]
        share = abs(step) / (2 * shifts)
        result[i] = moved[step][i] * (1 - share) + other * share
    return result


def test_a_line_is_corrected_as_in_the_paper():
    random = np.random.default_rng(0)
    for size in (32, 33):
        line = np.repeat(random.normal(0, 50, 5), 7)[:size] + random.normal(0, 1, size)
        np.testing.assert_allclose(along(line.astype(np.float32), 0), by_the_book(line), atol=0.2)


def test_ringing_beside_edges_vanishes():
    seen, truth = truncated()
    ours = unring(seen, (0, 1))
    edge = sum(np.abs(np.roll(truth, s, a) - truth) for s in (-2, -1, 1, 2) for a in (0, 1)) > 0
    before, after = (np.sqrt(np.mean((one - truth)[~edge] ** 2)) for one in (seen, ours))
    assert after < 0.2 * before


def test_a_smooth_picture_and_its_mean_stay():
    y, x = np.indices((48, 50))
    smooth = np.sin(2 * np.pi * y / 48) + np.cos(2 * np.pi * x / 50)
    np.testing.assert_allclose(unring(smooth, (0, 1)), smooth, atol=0.02)
    assert abs(unring(smooth + 5, (0, 1)).mean() - 5) < 1e-3
