"""What joins stages, as commands of the stage that a person would look in: `radiolucent STAGE RECIPE IN ... -o OUT`.

A recipe is a plain function in a file of its own name in this folder. Its positional parameters are paths (or words:
`str`), its keyword parameters are typed, bounded and explained like an operation's (an `out` that must be given is
`-o`), and it returns the sentence that is printed when it has done its work. From its signature follow its flags, their
checks and its place in docs/commands.md. To add one: write the file, and one line here.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from ...core import unknown
from ..ops import Operation, describe

RECIPES = {
    "measure.radiomics": "Measure the radiomics features of regions by the definitions of IBSI, a row for each region.",
    "measure.similar": "Show the pictures of a cohort that look most like one picture.",
    "measure.stability": "Say which features survive small changes of image and mask, or agree between test and retest.",
    "measure.harmonise": "Say how much of each feature is the mark of site or scanner, and take it out by ComBat.",
    "segment.learn": "Learn the masks of a cohort with a U-Net, tested on patients that it has not seen.",
    "segment.unet": "Segment an image with a U-Net that was learned before.",
    "segment.learn_pixels": "Learn to label pixels from pictures with masks: features at several scales, and a random forest.",
    "segment.pixels": "Label each pixel of a picture by a classifier learned from masks.",
    "segment.compare": "Compare all segmentation methods on a picture or a cohort: outlines, scores, seconds, memory.",
    "recognise.learn_pictures": "Learn to name what pictures show from a folder of pictures per class; kept in your cache.",
    "reason.label_check": "List where reports speak against given labels, predictions or measurements of the same rows.",
    "reason.text": "Read radiology reports: labels that are stated (1), denied (0) or doubted (-1), each with its words.",
    "reason.ask": "Ask the knowledge graph a named question, or put a SPARQL query to it.",
    "reason.link": "Say which nodes of the knowledge graph a term may mean.",
    "process.rate_distortion": "Say how far a picture may be compressed before a result that is drawn from it changes.",
}
"""Every recipe as `stage.function` with its first sentence; static, so that lists of commands import no recipe."""


def recipes_of(stage: str) -> dict[str, str]:
    """The recipes of one stage: the command's word (`rate-distortion`) and what it does."""
    named = {name.partition("."): line for name, line in RECIPES.items()}
    return {short.replace("_", "-"): line for (own, _, short), line in named.items() if own == stage}


def recipe(stage: str, word: str) -> Operation:
    """The recipe that a command's word names, with what its signature says; only its own file is imported."""
    short = word.replace("-", "_")
    if f"{stage}.{short}" not in RECIPES:
        raise unknown(f"{stage} recipe", word, recipes_of(stage))
    function = getattr(import_module(f"{__name__}.{short}"), short)
    return describe(function, stage=stage, inputs=(Path, str))
