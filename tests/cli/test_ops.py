"""`radiolucent ops` tells everything that the signatures say."""

import json

from radiolucent.cli import main
from radiolucent.flow.ops import operations


def test_the_list_names_every_operation_with_parameters_and_units(capsys):
    assert main(["ops"]) == 0
    printed = capsys.readouterr().out
    for op in operations().values():
        assert op.name in printed
        assert op.summary in printed
    assert "sigma_mm" in printed
    assert "[mm]" in printed


def test_the_json_is_a_schema_for_each_operation(capsys):
    assert main(["ops", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [op["name"] for op in listed] == list(operations())
    gaussian = next(op for op in listed if op["name"] == "process.gaussian")
    assert gaussian["units"] == {"sigma_mm": "mm"}
    assert gaussian["parameters"]["additionalProperties"] is False
    assert gaussian["parameters"]["properties"]["sigma_mm"]["exclusiveMinimum"] == 0


def test_the_page_has_a_row_for_every_parameter(capsys):
    assert main(["ops", "--markdown"]) == 0
    printed = capsys.readouterr().out
    rows = [line for line in printed.splitlines() if line.startswith("| `")]
    assert len(rows) == sum(len(op.parameters) for op in operations().values())
