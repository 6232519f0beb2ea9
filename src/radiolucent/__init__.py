"""Medical image analysis you can defend to a reviewer: X-ray, CT, MRI, ultrasound.

`import radiolucent as rl`: `rl.load(path)` gives Cases, `rl.process.gaussian(image, sigma_mm=1)` an Image,
`rl.run(case, plan)` a fuller Case. Nothing slow is imported before it is asked for.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_STAGES = (
    "dicom", "read", "write", "deid", "check", "process", "segment", "measure", "learn", "recognise", "explain",
    "reason", "evaluate", "report", "phantom", "testing",
)  # fmt: skip

_WHERE = {
    **dict.fromkeys(
        ("Case", "Finding", "Grid", "Image", "InputError", "Keypoints", "Mask", "Step", "Transform"), "core"
    ),
    "load": "flow.load",
    "include": "flow.load",
    "run": "flow.run",
    "replay": "flow.run",
    "read_plan": "flow.plan",
    "operations": "flow.ops",
}

__all__ = ["__version__", *_WHERE, *_STAGES]


def __getattr__(name: str) -> Any:
    """Load a stage, a type or a function of the flow when it is first asked for."""
    if name in _WHERE:
        value = getattr(import_module(f".{_WHERE[name]}", __name__), name)
    elif name in _STAGES:
        try:
            value = import_module(f".{name}", __name__)
        except ModuleNotFoundError as error:
            if error.name != f"{__name__}.{name}":
                raise
            raise AttributeError(f"radiolucent has no {name!r} yet") from error
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
