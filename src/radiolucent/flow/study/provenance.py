"""Where the figures of a study come from: command, seed, versions, hashes, times, machine."""

from __future__ import annotations

import hashlib
import os
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from time import time
from typing import Any

import psutil

PACKAGES = (
    "radiolucent",
    "numpy",
    "scipy",
    "scikit-learn",
    "lightgbm",
    "opencv-contrib-python-headless",
    "keras",
    "tensorflow-cpu",
)


def provenance(
    started: float, *, command: str, seed: int, inputs: Mapping[str, Path], hashes: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """What a reviewer needs to run it again; paths, in the command too, are reduced to names: they may identify people."""
    return {
        "command": " ".join(_name(word) for word in command.split(" ")),
        "seed": seed,
        "started": datetime.fromtimestamp(started, UTC).isoformat(timespec="seconds"),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(time() - started, 1),
        "hashes": {name: sha256(path) for name, path in inputs.items()} | dict(hashes or {}),
        "versions": {"python": platform.python_version()} | {name: v for name in PACKAGES if (v := _version(name))},
        "machine": {
            "system": f"{platform.system()} {platform.machine()}",
            "cores": os.cpu_count(),
            "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        },
    }


def _name(word: str) -> str:
    """A word of a command line without the folders of a path."""
    return word.rstrip("/").rpartition("/")[2] if "/" in word else word


def sha256(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
