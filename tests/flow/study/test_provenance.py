from time import time

from radiolucent.flow.study.provenance import provenance


def test_paths_are_reduced_to_names_for_they_may_identify_people(tmp_path):
    table = tmp_path / "table.csv"
    table.write_text("a\n")
    told = provenance(
        time(), command=f"radiolucent learn {table} -o /home/dr-jones/run/", seed=3, inputs={"table": table}
    )
    assert told["command"] == "radiolucent learn table.csv -o run"
    assert "jones" not in str(told)
    assert told["hashes"]["table"] == "87428fc522803d31065e7bce3cf03fe475096631e5e07bbd7a0fde60c4cf25c7"
    assert told["versions"]["radiolucent"]
    assert told["seed"] == 3
