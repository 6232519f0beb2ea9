"""Errors that a person can act on."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class InputError(Exception):
    """What was given cannot be used. The message says what was asked, what there is and what to do.

    The command line prints it as one line and ends with exit code 2; everything else that is raised is a defect.
    """


class UnreadableError(InputError):
    """One file of many cannot be read; a cohort may skip it when told to."""


def unknown(kind: str, asked: object, known: Iterable[object]) -> InputError:
    """Build the error for a name that does not exist: it names the nearest one and lists the others."""
    names = [str(name) for name in known]
    near = get_close_matches(str(asked), names, n=1, cutoff=0.5)
    hint = f"; did you mean {near[0]!r}?" if near else "."
    return InputError(f"there is no {kind} {str(asked)!r}{hint} There are: {listed(names)}")


def listed(known: Iterable[object], most: int = 25) -> str:
    """Names as an error lists them: the first ones, and how many more there are."""
    names = [str(name) for name in known]
    shown = ", ".join(names[:most]) or "none"
    return shown + (f", and {len(names) - most} more" if len(names) > most else "")
