"""The work of `radiolucent run`, apart from its flags, because reading and writing are slow to import."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from .. import __version__
from ..core import Case, InputError, Step
from ..flow.load import load
from ..flow.plan import content_of, is_history, read_plan
from ..flow.run import check, replay, run
from ..flow.save import check_suffix, produced, save_case, save_history
from .output import refuse_existing, whole_folder
from .spacing import spacing


def carry_out(given: argparse.Namespace) -> int:
    """Run the plan on every case of IN, or the history again, and write what was made."""
    refuse_existing(given.out, overwrite=given.overwrite)
    check_suffix(Path(f"image{given.suffix}"))
    if given.block_mb is not None and not given.block_mb > 0:
        raise InputError(f"--block-mb must be above 0, got {given.block_mb:g}")
    steps = read_plan(given.plan)
    if is_history(steps):
        return _again(steps, given)
    check(steps)
    if given.source is None:
        raise InputError(f"{given.plan} is a plan, so it needs IN: the file or folder to run it on")
    cases = load(given.source, spacing_mm=spacing(given.spacing_mm), allow_blocked=given.allow_blocked)
    with whole_folder(given.out) as folder:
        for case in cases:
            place = folder if len(cases) == 1 else folder / case.key
            place.mkdir(exist_ok=True)
            _save(case, run(case, steps, progress=_is_watched(given), block_mb=given.block_mb), place, given.suffix)
    print(f"{len(cases)} {'case' if len(cases) == 1 else 'cases'}, {len(steps)} steps: {given.out}")
    return 0


def _again(steps: tuple[Step, ...], given: argparse.Namespace) -> int:
    if given.spacing_mm:
        raise InputError("a history keeps the spacing that it was made with; leave --spacing-mm out")
    start = replay(steps[:1], path=given.source)
    done = run(start, (*start.history, *steps[1:]), progress=_is_watched(given), block_mb=given.block_mb)
    about = content_of(given.plan.read_text(encoding="utf-8"), suffix=given.plan.suffix)
    wanted = about.get("fingerprint")
    if wanted not in (None, done.fingerprint()):
        raise InputError(
            f"the replay gives another case (fingerprint {done.fingerprint()[:12]}… instead of {str(wanted)[:12]}…); "
            f"the history was written by version {about.get('radiolucent')}, this is {__version__}"
        )
    with whole_folder(given.out) as folder:
        _save(start, done, folder, given.suffix)
    print(f"{len(steps)} steps, {'equal to the first time' if wanted else 'nothing to compare with'}: {given.out}")
    return 0


def _save(before: Case, after: Case, folder: Path, suffix: str) -> None:
    save_case(produced(before, after), folder, suffix=suffix)
    save_history(after, folder / "history.json")
    (folder / "facts.json").write_text(json.dumps({"key": after.key, **after.facts}, indent=2) + "\n", encoding="utf-8")


def _is_watched(given: argparse.Namespace) -> bool:
    """Whether somebody sees a progress bar."""
    return not given.quiet and sys.stderr.isatty()
