"""A saved net as one ONNX file, with what another program must know to use it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..core import InputError
from ..learn.model import Model, load
from ..learn.onnx import INPUT, OUTPUT, onnx_model, onnx_segmenter
from ..learn.picture_net import PictureNet
from ..learn.segmenter import UNetSegmenter
from ..write import whole_file


def export(model: Path, out: Path, *, overwrite: bool = False) -> str:
    """Write the net of a saved model into the ONNX file `out`; its metadata say how pictures are prepared.

    A net that classifies gives what `predict_proba` gives, before calibration; calibrator and threshold stand in the
    metadata. A U-Net gives the probabilities of a patch; laying patches over an image is the other program's work.
    """
    if out.suffix != ".onnx":
        raise InputError(f"the file is to be called NAME.onnx, not {out.name}")
    loaded = load(model)
    net = loaded.estimator
    if isinstance(net, UNetSegmenter):
        made, what = onnx_segmenter(net.net_, told=_as_text(_of_patches(loaded))), "a U-Net for patches"
    elif isinstance(net, PictureNet):
        made, what = _of_members(loaded, model), f"{len(net.nets_)} net(s)"
        what += " and their mirrored views in one graph" * net.mirrored
    else:
        kind = loaded.manifest.get("candidate", type(net).__name__)
        raise InputError(f"{model} holds no net on pictures but {kind}; only such nets are written as ONNX")
    with whole_file(out, overwrite=overwrite) as draft:
        draft.write_bytes(made.SerializeToString())
    return f"{out}: {what}, {out.stat().st_size / 1e6:.1f} MB; research software, not for diagnosis"


def _of_members(loaded: Model, folder: Path) -> Any:
    net = loaded.estimator
    if any(len(one.inputs) > 1 for one in net.nets_):
        raise InputError(
            f"the net in {folder} looks at columns of a table beside the picture; such nets are not written"
        )
    return onnx_model(net.nets_, net.head_, mirrored=net.mirrored, told=_as_text(_of_pictures(loaded)))


def _of_pictures(loaded: Model) -> dict[str, Any]:
    net, manifest = loaded.estimator, loaded.manifest
    shape = list(net.nets_[0].input_shape[1:])
    return _of_any(manifest) | {
        "classes": manifest.get("classes") or [str(name) for name in getattr(net, "classes_", ())],
        "target": manifest.get("target", ""),
        "input": f"{INPUT}: float32 (n, {', '.join(map(str, shape))}), grey values 0 to 255; scaling is in the graph",
        "output": f"{OUTPUT}: what the model answers before calibration; columns in the order of `classes`",
        "preparation": manifest.get("preparation", ""),
        "prepared_size": manifest.get("size"),
        "size": shape[-2],
        "reduction": "from prepared_size to size by area (larger: bilinear)",
        "calibrator": manifest.get("calibrator"),
        "threshold": manifest.get("threshold"),
    }


def _of_patches(loaded: Model) -> dict[str, Any]:
    net = loaded.estimator
    shape = ", ".join(map(str, net.net_.input_shape[1:]))
    return _of_any(loaded.manifest) | {
        "classes": net.classes_.tolist(),
        "input": f"{INPUT}: float32 (n, {shape}), patches of an image, channels being neighbouring slices",
        "output": f"{OUTPUT}: probabilities of each pixel, in the order of `classes`",
        "preparation": "the whole image cut at its 0.5th and 99.5th percentile, then to mean 0 and standard deviation 1",
        "patch": list(net.patch_),
    }


def _of_any(manifest: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "producer": f"radiolucent {manifest['versions'].get('radiolucent', '')}".strip(),
        "use": manifest.get("use", "research only, not for diagnosis"),
    }


def _as_text(told: Mapping[str, Any]) -> dict[str, str]:
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in told.items()}
