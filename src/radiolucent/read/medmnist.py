"""`medmnist:NAME[@SIZE]`: the official file from Zenodo, checked by its published checksum and kept in a cache."""

from __future__ import annotations

import csv
import os
from importlib import resources
from pathlib import Path

import pooch
from platformdirs import user_cache_path

from radiolucent.core import InputError, unknown

PREFIX = "medmnist:"
RECORD = "https://zenodo.org/records/10519652/files/"
"""MedMNIST v2/v3, doi:10.5281/zenodo.10519652; licences differ by set, see medmnist.com."""

SIZES = ("28", "64", "128", "224")
TIMEOUT_S = 30


def cache_folder() -> Path:
    """Where downloads lie: `RADIOLUCENT_CACHE`, or the user's cache folder."""
    named = os.environ.get("RADIOLUCENT_CACHE")
    return Path(named) if named else user_cache_path("radiolucent")


def fetch(source: str) -> Path:
    """The file that `medmnist:NAME[@SIZE]` means, downloaded if it is not in the cache yet."""
    name, _, size = source.removeprefix(PREFIX).lower().partition("@")
    size = size or "28"
    sums = checksums()
    if name not in sums:
        raise unknown("MedMNIST set", name, sums)
    if size not in SIZES:
        raise unknown(f"size of {name}", size, SIZES)
    file = f"{name}.npz" if size == "28" else f"{name}_{size}.npz"
    return _retrieved(file, sums[name][size])


def checksums() -> dict[str, dict[str, str]]:
    """MD5 of every set by size, as published with the record."""
    text = resources.files(__package__).joinpath("medmnist.csv").read_text("utf-8")
    return {row["name"]: {size: row[f"md5_{size}"] for size in SIZES} for row in csv.DictReader(text.splitlines())}


def _retrieved(file: str, md5: str) -> Path:
    url, folder = f"{RECORD}{file}?download=1", cache_folder() / "medmnist"
    download = pooch.HTTPDownloader(timeout=TIMEOUT_S, progressbar=False)
    try:
        return Path(pooch.retrieve(url, f"md5:{md5}", file, folder, downloader=download))
    except OSError as error:  # what requests raises is one
        raise InputError(
            f"{file} cannot be downloaded ({type(error).__name__}); fetch {url} on a machine that may, "
            f"and put it at {folder / file}"
        ) from error
    except ValueError as error:
        raise InputError(
            f"{url} gave a file with another checksum than {md5}; try again, or put it at {folder}"
        ) from error
