"""An optional package that is missing is named with the extra that brings it."""

import sys

import pytest

from radiolucent.core import InputError, require


def test_what_is_installed_is_given():
    assert require("json", extra="deep").dumps([1]) == "[1]"


def test_what_is_missing_is_named_with_its_extra():
    with pytest.raises(
        InputError, match=r"no_such_net is not installed; `pip install 'radiolucent\[deep\]'` brings it"
    ):
        require("no_such_net", extra="deep")


def test_a_package_that_lacks_something_itself_says_so(tmp_path, monkeypatch):
    (tmp_path / "half_there.py").write_text("import not_there_at_all")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError, match="not_there_at_all"):
        require("half_there", extra="deep")
    sys.modules.pop("half_there", None)
