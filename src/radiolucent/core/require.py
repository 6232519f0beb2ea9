"""Optional packages: one sentence says which extra brings them."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from .errors import InputError


def require(module: str, *, extra: str) -> ModuleType:
    """Import `module`, or say which extra of radiolucent installs it."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name and error.name.split(".")[0] != module.split(".")[0]:
            raise  # the package is there; what it needs itself is missing, and its own message says so
        raise InputError(f"{module} is not installed; `pip install 'radiolucent[{extra}]'` brings it") from error
