"""Operations that stand for those of other packages."""

import pytest

from radiolucent.flow import ops


class Offer:
    """Stands for an entry point of another package."""

    value = "elsewhere 1.0"
    dist = None

    def __init__(self, name, function):
        self.name, self.function = name, function

    def load(self):
        if isinstance(self.function, Exception):
            raise self.function
        return self.function


@pytest.fixture
def offer(monkeypatch):
    """Make functions known as operations, by name."""

    def give(**functions):
        offers = tuple(Offer(name.replace("__", "."), function) for name, function in functions.items())
        monkeypatch.setattr(ops, "_offered", lambda: offers)
        ops.stage_operations.cache_clear()

    yield give
    ops.stage_operations.cache_clear()
