"""What every test stands on: a key of its own, never the user's."""

import conformance
import numpy as np
import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)  # a first call compiles, and machines are busy
settings.load_profile("untimed")


@pytest.fixture(scope="session", autouse=True)
def own_key(tmp_path_factory):
    """Keys of cases come from a file of this session; processes that a test starts inherit it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RADIOLUCENT_KEY_FILE", str(tmp_path_factory.mktemp("key") / "key"))
        yield


def pytest_configure(config):
    if config.getoption("--conformance", None):
        config.pluginmanager.register(conformance)


def pytest_addoption(parser):
    parser.addoption("--conformance", metavar="FILE", help="write what the tests against references found as a page")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item):
    """What a test records crosses to the process that writes it down, and numpy's scalars cannot."""
    item.user_properties[:] = [(key, v.item() if isinstance(v, np.generic) else v) for key, v in item.user_properties]
