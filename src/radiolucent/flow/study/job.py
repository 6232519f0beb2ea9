"""The cohort job: from a folder of scans and a spreadsheet to an audited study."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ... import __version__
from ...core import InputError
from ...report.leaks import leaks_page
from ...report.page import study_page
from ...report.study import Study
from ...report.summary import summary
from ..candidates import candidate
from ..predict_table import EMBEDDING
from ..progress import bar
from .features import known_of_rows, net_of
from .fitting import fit, gather, look
from .from_text import cohort_of, label_check
from .galleries import leak_galleries
from .material import Material, gathered, hand_over
from .outcome import Outcome, judged, predictions
from .provenance import provenance
from .question import Question, asked, finished_in, write_json
from .rows import measure_all
from .showing import cases, decided, shown_study


def learn(
    question: Question, out: Path, *, threads: int, resume: bool = False, shown: bool = True, command: str = ""
) -> str:
    """Run the study and write report, metrics, predictions, model and provenance into `out`; gives a summary to print.

    Raises InputError for whatever is wrong with the input, before anything is learned.
    """
    started = time.time()
    cohort = cohort_of(question)
    check = label_check(question)
    with finished_in(out, asked(question, cohort.source_hash, __version__), resume=resume) as (work, final):
        material = gathered(question, cohort, work, threads=threads, shown=shown)
        _stop_at_leaks(material, out)
        hand_over(material)
        outcome = _learned(material, threads=threads, shown=shown)
        if check is not None:
            outcome.metrics["label_check"] = check[0]
        source = {"cohort": cohort.source_hash}
        told = provenance(started, command=command, seed=question.seed, inputs={}, hashes=source)
        study = shown_study(material, outcome, told)
        _write(study, told, material, outcome, final)
        if check is not None and len(check[1]):
            check[1].to_csv(final / "label_check.csv", index=False)
    return f"{summary(study)}\n\n{material.wanted.says}\nThe report is {out / 'report.html'}"


def _stop_at_leaks(material: Material, out: Path) -> None:
    blocking = material.leaks.blocking
    if not blocking or material.question.allow_leaks:
        return
    page = out / "leaks.html"
    page.write_text(leaks_page(blocking, leak_galleries(material, blocking)), encoding="utf-8")
    raise InputError(
        f"the given split leaks: {' '.join(leak['says'] for leak in blocking)} The pairs are shown in {page}; "
        "mend the split, or go on with --allow-leaks, which marks the report and gives every figure twice"
    )


def _learned(material: Material, *, threads: int, shown: bool) -> Outcome:
    """Fit every candidate on the same folds, choose on tuning rows, fit the chosen one on all, and look at what it sees."""
    work, design = material.work, material.design
    features = 0.0
    if any(candidate(name).needs == "rows" for name in material.names):
        with bar("measure", len(material.y), shown=shown) as advance:
            features = _measured(material, threads, advance)
    for name in material.names:
        fit(work, name, range(design.folds), threads=threads, shown=shown)
    fitted = {name: gather(work, name, design, material.wanted.kind.width) for name in material.names}
    outcome = judged(material, fitted, features_seconds=features)
    if design.kind == "folds":
        fit(work, outcome.best, [design.folds], threads=threads, shown=shown, label="final model")
    for name in dict.fromkeys([outcome.best, *(n for n in ("cnn", "metadata") if n in fitted)]):
        look(work, name, cases(material, fitted[name]), decided(material, fitted[name]), threads=threads, shown=shown)
    return outcome


def _measured(material: Material, threads: int, advance: Callable[[int], None]) -> float:
    """What classical candidates see, as the question describes it; gives the seconds."""
    question, cohort, description = material.question, material.cohort, material.description
    model = net_of(question, cohort)
    return measure_all(
        material.prepared.pictures,
        material.work,
        workers=threads,
        progress=advance,
        description=description,
        net=None if model is None else model.estimator,
        base=known_of_rows(question, cohort, description),
    )


def _write(study: Study, told: dict[str, Any], material: Material, outcome: Outcome, final: Path) -> None:
    """Everything in one folder first, so that a full disk leaves no half of a study."""
    shutil.copytree(outcome.model, final / "model")
    if material.description.embedding and candidate(outcome.best).needs == "rows":
        shutil.copytree(str(material.question.embed), final / "model" / EMBEDDING)
    predictions(material, outcome).to_csv(final / "predictions.csv", index=False, float_format="%.6f")
    write_json(final / "metrics.json", outcome.metrics)
    write_json(final / "provenance.json", told)
    (final / "report.html").write_text(study_page(study), encoding="utf-8")
