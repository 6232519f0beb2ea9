import numpy as np
import pytest

from radiolucent.kernels.hessian import bends, derivative_kernel


@pytest.mark.parametrize("sigma", [0.5, 1.0, 2.7])
@pytest.mark.parametrize("order", [0, 1, 2])
def test_a_derivative_is_exact_on_polynomials(sigma, order):
    kernel = derivative_kernel(sigma, order)
    x = np.arange(len(kernel)) - len(kernel) // 2
    moments = [float(kernel @ x**power) for power in range(order + 1)]
    expected = [0.0] * order + [{0: 1.0, 1: 1.0, 2: 2.0}[order]]
    np.testing.assert_allclose(moments, expected, atol=1e-12)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_the_eigenvalues_of_a_quadratic_are_known(n):
    rng = np.random.default_rng(n)
    matrix = rng.normal(size=(n, n))
    matrix = matrix + matrix.T
    spacing_mm = (1.5, 1.0, 0.7)[:n]
    x = np.stack([(i - 12) * h for i, h in zip(np.indices((25,) * n), spacing_mm)])
    values = np.einsum("i...,ij,j...->...", x, matrix, x) / 2
    found = bends(values.astype(np.float32), 1.5, spacing_mm)[(slice(None), *(12,) * n)]
    np.testing.assert_allclose(found, np.linalg.eigvalsh(matrix), atol=2e-3)


def test_equal_eigenvalues_do_no_harm():
    x = np.indices((17, 17, 17)) - 8.0
    found = bends((x**2).sum(0).astype(np.float32), 1.0, (1.0, 1.0, 1.0))[:, 8, 8, 8]
    np.testing.assert_allclose(found, 2, atol=1e-3)
