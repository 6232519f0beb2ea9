"""The audit log says who did what, when and with what outcome, tells nothing of patients, and no change escapes."""

import json

import numpy as np
import pytest
from small_dicom import write_dicom

from radiolucent.cli import main
from radiolucent.core import InputError
from radiolucent.flow.audit import AuditLog, audited


@pytest.fixture
def log(tmp_path):
    made = AuditLog(tmp_path / "audit.jsonl")
    for k in range(4):
        made.add({"state": f"{k}"})
    return made


def lines(log):
    return log.path.read_text().splitlines(keepends=True)


def test_an_untouched_log_is_verified_and_can_be_added_to(log):
    assert log.verified().lines == 4
    AuditLog(log.path).add({"state": "more"})
    assert AuditLog(log.path).verified().lines == 5


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda told: [told[0].replace('"0"', '"9"'), *told[1:]], "line 1 was changed"),
        (lambda told: told[1:], "before line 1"),
        (lambda told: [told[0], *told[2:]], "before line 2"),
        (lambda told: [told[1], told[0], *told[2:]], "before line 1"),
        (lambda told: [*told[:2], told[1], *told[2:]], "before line 3"),
        (lambda told: told[:-1], "1 of 4 lines were taken off its end"),
        (lambda told: [], "4 of 4 lines"),
        (lambda told: [*told[:-1], told[-1][:20]], "line 4 was changed, cut"),
        (lambda told: [*told, '{"n": 4}\n'], "line 5 was changed"),
    ],
)
def test_every_change_is_told_and_nothing_is_added_to_a_changed_end(log, change, said):
    log.path.write_text("".join(change(lines(log))))
    with pytest.raises(InputError, match=said):
        log.verified()


def test_a_cut_log_is_not_added_to(log):
    log.path.write_text("".join(lines(log)[:-1]))
    with pytest.raises(InputError, match="does not end as it was sealed"):
        log.add({"state": "more"})


def test_head_and_key_that_are_gone_or_forged_are_told(log):
    head = log.head.read_text()
    log.head.write_text(head.replace('"lines": 4', '"lines": 3'))
    with pytest.raises(InputError, match="was changed"):
        log.verified()
    log.head.unlink()
    with pytest.raises(InputError, match="is gone"):
        log.verified()
    log.path.with_name("audit.jsonl.key").unlink()
    with pytest.raises(InputError, match="key of this audit log is not there"):
        AuditLog(log.path)


def test_a_run_that_was_cut_off_between_line_and_seal_is_gone_on_with(log):
    sealed = log.head.read_text()
    log.add({"state": "cut off"})
    log.head.write_text(sealed)
    assert log.verified().lines == 5
    log.add({"state": "next"})
    assert log.verified().lines == 6


@pytest.mark.parametrize(
    ("error", "outcome"), [(None, 0), (InputError("x"), 4), (ValueError("x"), 8), (KeyboardInterrupt(), 12)]
)
def test_outcomes_are_told(tmp_path, error, outcome):
    path = tmp_path / "log"

    def run():
        with audited("predict", path, ["/data/okafor.dcm"]):
            if error is not None:
                raise error

    if error is None:
        run()
    else:
        with pytest.raises(type(error)):
            run()
    told = [json.loads(line) for line in path.read_text().splitlines()]
    assert [one["state"] for one in told] == ["begun", "ended"]
    assert told[1]["EventOutcomeIndicator"] == outcome
    assert "okafor" not in path.read_text()
    assert told[0]["ActiveParticipant"][0]["UserID"]


def test_commands_write_the_log_and_verify_reads_it(tmp_path, capsys, monkeypatch):
    write_dicom(tmp_path / "in/okafor.dcm", np.zeros((4, 4), np.uint16), PatientID="MRN4711", PatientName="Okafor^M")
    log = tmp_path / "audit.jsonl"
    words = ["deid", str(tmp_path / "in"), str(tmp_path / "out"), "--key", str(tmp_path / "k"), "--threads", "1"]
    assert main([*words, "--audit-log", str(log)]) == 0
    monkeypatch.setenv("RADIOLUCENT_AUDIT_LOG", str(log))
    assert main(["convert", str(tmp_path / "in/okafor.dcm"), str(tmp_path / "x.nii.gz")]) == 0
    assert main(["convert", str(tmp_path / "gone"), str(tmp_path / "y.nii.gz")]) == 2
    told = [json.loads(line) for line in log.read_text().splitlines()]
    assert [one["EventOutcomeIndicator"] for one in told] == [0, 0, 0, 0, 0, 4]
    assert not [word for word in ("okafor", "4711", str(tmp_path)) if word in log.read_text().lower()]
    assert main(["audit-log", "verify", str(log)]) == 0
    assert told[-1]["hash"] in capsys.readouterr().out
    assert main(["audit-log", "verify", str(log), "--last", told[2]["hash"]]) == 0
    log.write_text("".join(log.read_text().splitlines(keepends=True)[:-1]))
    assert main(["audit-log", "verify", str(log)]) == 2
    assert main(["audit-log", "verify", str(tmp_path / "none")]) == 2
