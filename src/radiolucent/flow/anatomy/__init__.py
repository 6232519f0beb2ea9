"""Anatomy ready to use without training: operations of `segment` that join several stages, and so live in `flow`.

They are found by `flow.ops` like the operations of a stage: command, plan, history and contract tests follow.
"""

from ...core.promises import Waiver
from .brain import brain
from .lesion import lesion
from .lungs import lungs
from .regions import air, body, bone
from .vessels import vessels

OPS = (body, lungs, bone, air, vessels, brain, lesion)
WAIVERS: tuple[Waiver, ...] = ()

__all__ = ["OPS", "WAIVERS", "air", "body", "bone", "brain", "lesion", "lungs", "vessels"]
