"""What tells apart frames that lie at one place: echo, b-value, component, moment."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from pydicom.dataset import Dataset

from .groups import is_enhanced, ruling
from .private import private

_COMPONENTS = {"M": "magnitude", "P": "phase", "R": "real", "I": "imaginary"}
_CLOCK = re.compile(r"(\d{8})(\d{2})(\d{2})?(\d{2})?(\.\d+)?")
_COMPONENTS |= {word.upper(): word for word in _COMPONENTS.values()}


@dataclass(frozen=True)
class Variant:
    """One frame's settings, as far as they are stated.

    `moment` is its place in a time series, `delay_ms` its delay from a trigger or from the start, `acquired_s` the time
    of the clock, `acquisition` and `number` count, `gradient` is the direction of diffusion.
    """

    component: str = ""
    echo_ms: float | None = None
    inversion_ms: float | None = None
    b_value: float | None = None
    moment: int | None = None
    delay_ms: float | None = None
    acquired_s: float | None = None
    acquisition: int | None = None
    gradient: tuple[float, ...] | None = None
    number: int | None = None


def variants(dataset: Dataset, frames: int) -> tuple[Variant, ...]:
    """The settings of every frame; a classic file has the same for all."""
    if is_enhanced(dataset):
        return tuple(_variant(dataset, frame) for frame in range(frames))
    return (_variant(dataset, 0),) * frames


def _variant(dataset: Dataset, frame: int) -> Variant:
    content = ruling(dataset, frame, "FrameContentSequence")
    timing = ruling(dataset, frame, "MRTimingAndRelatedParametersSequence")
    echo = ruling(dataset, frame, "MREchoSequence")
    diffusion = ruling(dataset, frame, "MRDiffusionSequence")
    beat = ruling(dataset, frame, "CardiacSynchronizationSequence")
    return Variant(
        component=_component(dataset, ruling(dataset, frame, "MRImageFrameTypeSequence")),
        echo_ms=_first(echo.get("EffectiveEchoTime"), dataset.get("EchoTime")),
        inversion_ms=_first(_inversion(dataset, frame), dataset.get("InversionTime")),
        b_value=b_value(dataset, diffusion),
        moment=_whole(content.get("TemporalPositionIndex"), dataset.get("TemporalPositionIdentifier")),
        delay_ms=_first(
            beat.get("NominalCardiacTriggerDelayTime"), timing.get("TriggerTime"), dataset.get("FrameReferenceTime")
        ),
        acquired_s=_clock_s(content, dataset),
        acquisition=_whole(content.get("FrameAcquisitionNumber"), dataset.get("AcquisitionNumber")),
        gradient=_gradient(dataset, diffusion),
        number=_whole(dataset.get("InstanceNumber")) if not is_enhanced(dataset) else frame,
    )


def b_value(dataset: Dataset, diffusion: Dataset) -> float | None:
    """s/mm^2, out of the standard's element or those of Siemens and GE (where it bears a large constant)."""
    general_electric = private(dataset, 0x43, "GEMS_PARM_01", 0x39)
    if general_electric is not None and not isinstance(general_electric, str | bytes | int | float):
        general_electric = float(general_electric[0]) % 100000
    return _first(diffusion.get("DiffusionBValue"), private(dataset, 0x19, "SIEMENS MR HEADER", 0x0C), general_electric)


def _component(dataset: Dataset, frame_type: Dataset) -> str:
    stated = frame_type.get("ComplexImageComponent")
    words = [stated] if stated else []
    kind = dataset.get("ImageType")
    if dataset.get("Modality") == "MR" and kind and not isinstance(kind, str):
        words += list(kind)[2:]
    return next((_COMPONENTS[word] for word in words if word in _COMPONENTS), "")


def _inversion(dataset: Dataset, frame: int) -> Any:
    times = ruling(dataset, frame, "MRModifierSequence").get("InversionTimes")
    return times if times is None or isinstance(times, float | int) else next(iter(times), None)


def _gradient(dataset: Dataset, diffusion: Dataset) -> tuple[float, ...] | None:
    item = diffusion.get("DiffusionGradientDirectionSequence")
    value = (item[0] if item else diffusion).get("DiffusionGradientOrientation")
    value = private(dataset, 0x19, "SIEMENS MR HEADER", 0x0E) if value is None else value
    return None if value is None or isinstance(value, str | bytes) else tuple(float(part) for part in value)


def _clock_s(content: Dataset, dataset: Dataset) -> float | None:
    whole = content.get("FrameAcquisitionDateTime") or dataset.get("AcquisitionDateTime")
    return clock_s(dataset.get("AcquisitionDate"), dataset.get("AcquisitionTime"), whole=whole)


def clock_s(day: Any, time: Any, *, whole: Any = None) -> float | None:
    """Seconds on the clock with the day, so that midnight does no harm; `whole` (date and time in one) goes before."""
    if whole:
        return _seconds(str(whole))
    return _seconds(str(day or "19700101") + str(time)) if time else None


def _seconds(text: str) -> float | None:
    found = _CLOCK.match(text.replace(":", ""))
    if found is None:
        return None
    day, hour, minute, second, share = found.groups()
    try:
        start = datetime(int(day[:4]), int(day[4:6]), int(day[6:]), int(hour), int(minute or 0), int(second or 0))
    except ValueError:
        return None
    return (start - datetime(1970, 1, 1)).total_seconds() + float(share or 0)


def positive(value: Any) -> float | None:
    """A stated number, where it is one, finite and above zero."""
    number = _first(value)
    return number if number is not None and number > 0 else None


def _first(*values: Any) -> float | None:
    for value in values:
        try:
            number = float(value)
        except (TypeError, ValueError):
            continue
        if np.isfinite(number):
            return number
    return None


def _whole(*values: Any) -> int | None:
    number = _first(*values)
    return None if number is None else int(number)
