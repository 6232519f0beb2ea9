"""A saved net as one ONNX file, with what another program must know to use it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..core import InputError
from ..learn.model import Model, load
from ..learn.onnx import INPUT, OUTPUT, onnx_model
from ..learn.picture_net import PictureNet
from ..write import whole_file


def export(model: Path, out: Path, *, overwrite: bool = False) -> str:
    """Write the net of a saved model into the ONNX file `out`; its metadata say how pictures are prepared.

    The file gives what `predict_proba` gives, before calibration; calibrator and threshold stand in the metadata.
    """
    if out.suffix != ".onnx":
        raise InputError(f"the file is to be called NAME.onnx, not {out.name}")
    loaded = load(model)
    net = loaded.estimator
    if not isinstance(net, PictureNet):
        kind = loaded.manifest.get("candidate", type(net).__name__)
        raise InputError(f"{model} holds no net on pictures but {kind}; only such nets are written as ONNX")
    if any(len(one.inputs) > 1 for one in net.nets_):
        raise InputError(
            f"the net in {model} looks at columns of a table beside the picture; such nets are not written"
        )
    told = {name: text if isinstance(text, str) else json.dumps(text) for name, text in _told(loaded).items()}
    made = onnx_model(net.nets_, net.head_, mirrored=net.mirrored, told=told)
    with whole_file(out, overwrite=overwrite) as draft:
        draft.write_bytes(made.SerializeToString())
    views = " and their mirrored views" if net.mirrored else ""
    return (
        f"{out}: {len(net.nets_)} net(s){views} in one graph, {out.stat().st_size / 1e6:.1f} MB; "
        "research software, not for diagnosis"
    )


def _told(loaded: Model) -> Mapping[str, Any]:
    net, manifest = loaded.estimator, loaded.manifest
    shape = list(net.nets_[0].input_shape[1:])
    return {
        "producer": f"radiolucent {manifest['versions'].get('radiolucent', '')}".strip(),
        "use": manifest.get("use", "research only, not for diagnosis"),
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
