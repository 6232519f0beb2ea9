"""The clinical images that pyradiomics tests itself with (BSD-3-Clause)."""

import gzip
import re

import numpy as np
from shared import shared


def volume(name: str) -> np.ndarray:
    """The samples of a small NRRD file, z first."""
    header, packed = _parts(name)
    field = dict(re.findall(r"^(\w+): (.*)$", header, re.MULTILINE))
    dtype = {"short": "<i2", "int": "<i4", "unsigned char": "u1", "unsigned short": "<u2"}[field["type"]]
    data = gzip.decompress(packed) if field["encoding"].startswith("gz") else packed
    return np.frombuffer(data, dtype).reshape([int(side) for side in field["sizes"].split()][::-1])


def spacing(name: str) -> tuple[float, ...]:
    """Its spacing [mm], z first."""
    axes = re.findall(r"\(([^)]*)\)", re.search(r"space directions: (.*)", _parts(name)[0])[1])
    return tuple(float(np.linalg.norm([float(part) for part in axis.split(",")])) for axis in axes)[::-1]


def _parts(name: str) -> tuple[str, bytes]:
    header, _, packed = shared(f"data/pyradiomics-cases/data/{name}.nrrd").read_bytes().partition(b"\n\n")
    return header.decode("ascii").replace("\r", ""), packed
