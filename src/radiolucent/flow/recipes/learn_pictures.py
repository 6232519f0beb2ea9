"""The model of `radiolucent recognise`, from a folder of pictures per class."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

from pydantic import Field

from ...core import InputError
from ...learn import size_mb
from ..progress import share_bar
from ..recogniser import STEPS, card_text, learned, place


def learn_pictures(
    source: Annotated[
        Path, Field(description="folder with one sub-folder of pictures per class (HeadCT, CXR, Hand ...)")
    ],
    *,
    out: Annotated[
        Path | None, Field(description="folder for the model (default: your cache, where `recognise` looks for it)")
    ] = None,
    steps: Annotated[int, Field(ge=10, le=100_000, description="training steps of 64 pictures")] = STEPS,
    seed: Annotated[int, Field(ge=0, description="the same seed gives the same model again")] = 0,
    overwrite: Annotated[bool, Field(description="replace the model if there is one")] = False,
) -> str:
    """Learn to name what pictures show from a folder of pictures per class; kept in your cache.

    A model card (card.md) lies beside the model and says what it was trained on and how well it did on a held-out fifth.
    """
    target = out or place()
    draft = target.with_name(f".{target.name}.new")
    if target.exists() and not overwrite:
        raise InputError(f"{target} exists; give --overwrite to replace it")
    shutil.rmtree(draft, ignore_errors=True)
    draft.parent.mkdir(parents=True, exist_ok=True)
    with share_bar("learn") as progress:
        card = learned(source, draft, steps=steps, seed=seed, progress=progress)
    (draft / "card.md").write_text(card_text(card, card["classes"]), encoding="utf-8")
    shutil.rmtree(target, ignore_errors=True)
    draft.replace(target)
    held = card["held_out"]
    return (
        f"{len(card['classes'])} classes, accuracy {held['accuracy']:.4f} [{held['low']:.4f}, {held['high']:.4f}] on "
        f"{held['n']} held-out pictures, {size_mb(target):.1f} MB: {target}"
    )
