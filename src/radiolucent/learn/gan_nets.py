"""The nets of a GAN as plain functions of JSON-able arguments: generator, critic, encoder; sides of 4 to 7 doubled."""

from __future__ import annotations

from typing import Any

from radiolucent.core import InputError

from .engine import keras_on

MOST_DOUBLINGS = 4


def halvings(size: int) -> int:
    """How often a side is halved until 4 to 7 pixels are left, or the error that says which sides will do."""
    for times in range(1, MOST_DOUBLINGS + 1):
        if size % 2**times == 0 and 4 <= size >> times <= 7:
            return times
    raise InputError(f"a GAN draws sides of 4, 5, 6 or 7 pixels doubled 1 to 4 times, not {size}; use 28, 32 or 64")


def fits(size: int) -> bool:
    """Whether a GAN draws pictures of this side."""
    return any(size in range(4 << times, (7 << times) + 1, 1 << times) for times in range(1, MOST_DOUBLINGS + 1))


def generator(*, size: int, latent: int, classes: int, width: int) -> Any:
    """Latent (latent,) and, with two classes and more, class (classes,) one-hot, to pictures (size, size, 1) in -1..1.

    Transposed convolutions of stride 2 as in DCGAN (Radford et al. 2016, arXiv:1511.06434), `width` filters at the finest
    scale, at most four times as many. Values are normalised pixel by pixel (Karras et al. 2018, arXiv:1710.10196) instead
    of over the batch, so that a picture does not depend on its neighbours in the batch and weights can be averaged. The
    latent is put on its sphere first, so that an encoder cannot leave what was trained on.
    """
    layers, times = keras_on().layers, halvings(size)
    latents = layers.Input((latent,))
    x, inputs = layers.RMSNormalization()(latents), [latents]
    if classes > 1:
        inputs.append(layers.Input((classes,)))
        x = layers.Concatenate()([x, layers.Dense(latent, use_bias=False)(inputs[1])])
    side, filters = size >> times, [min(4, 2**k) * width for k in range(times + 1)]
    x = layers.Reshape((side, side, filters[times]))(layers.Dense(side * side * filters[times])(x))
    for k in reversed(range(times)):
        x = layers.LeakyReLU(negative_slope=0.2)(layers.RMSNormalization()(x))
        x = layers.Conv2DTranspose(filters[k], 4, strides=2, padding="same", kernel_initializer="he_normal")(x)
    x = layers.LeakyReLU(negative_slope=0.2)(layers.RMSNormalization()(x))
    return keras_on().Model(inputs, layers.Conv2D(1, 3, padding="same", activation="tanh")(x))


def critic(*, size: int, classes: int, width: int, spectral: bool) -> Any:
    """Pictures (size, size, 1) and, with two classes and more, class one-hot, to one number: how real they look.

    Strided convolutions down to 4 pixels; their last values are the layer `features`. No normalisation over the batch,
    which a penalty on each picture's gradient forbids; with `spectral` every layer's norm is held at 1 (Miyato et al.
    2018, arXiv:1802.05957). The class enters by projection (Miyato & Koyama 2018, arXiv:1802.05637).
    """
    layers = keras_on().layers
    held = layers.SpectralNormalization if spectral else _as_it_is
    picture = layers.Input((size, size, 1))
    x = _trunk(picture, size=size, width=width, held=held)
    told, inputs = held(layers.Dense(1))(x), [picture]
    if classes > 1:
        inputs.append(layers.Input((classes,)))
        embedded = layers.Dense(x.shape[-1], use_bias=False)(inputs[1])
        told = layers.Add()([told, layers.Dot(axes=-1)([x, embedded])])
    return keras_on().Model(inputs, told)


def encoder(*, size: int, latent: int, width: int) -> Any:
    """Pictures (size, size, 1) to latents (latent,): the way back that f-AnoGAN learns."""
    layers = keras_on().layers
    picture = layers.Input((size, size, 1))
    return keras_on().Model(picture, layers.Dense(latent)(_trunk(picture, size=size, width=width, held=_as_it_is)))


def _trunk(x: Any, *, size: int, width: int, held: Any) -> Any:
    layers, side, filters = keras_on().layers, size, width
    while side > 4:
        convolution = layers.Conv2D(filters, 4, strides=2, padding="same", kernel_initializer="he_normal")
        x = layers.LeakyReLU(negative_slope=0.2)(held(convolution)(x))
        side, filters = (side + 1) // 2, min(4 * width, 2 * filters)
    return layers.Flatten(name="features")(x)


def _as_it_is(layer: Any) -> Any:
    return layer
