"""Where the real images and the reference data lie; absent on a user's machine, so tests skip with a reason."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def shared(relative: str) -> Path:
    """Path of a shared file or folder, or skip the test and say which one is absent."""
    folder = Path(os.environ.get("RADIOLUCENT_SHARED", ROOT / "../shared")).resolve()
    path = folder / relative
    if not path.exists():
        pytest.skip(f"needs {relative} in the folder that RADIOLUCENT_SHARED names (default ../shared)")
    return path
