"""From a term to the nodes of the knowledge graph that it may mean."""

from __future__ import annotations

import json
from typing import Annotated, Literal

from pydantic import Field

from ...reason.graph import Answer
from ...reason.graph import link as linked
from ...reason.graph.linking import one
from ...reason.graph.names import KINDS
from .ask import as_table


def link(
    term: Annotated[str, Field(description='a term in English or Chinese, or a code such as "SCT 39607008"')],
    *,
    kind: Annotated[
        Literal["Finding", "Condition", "Anatomy", "Measurement", "Modality", "Guideline", "ContextGroup", "Code"]
        | None,
        Field(description="only nodes of this kind"),
    ] = None,
    form: Annotated[Literal["table", "json"], Field(description="how it is printed")] = "table",
) -> str:
    """Say which nodes of the knowledge graph a term may mean.

    Case, accents, hyphens, plural, British spelling, order and linking words do not matter; the likeliest comes first. A
    term that nothing is called by is an error that names the nearest.
    """
    kinds = (kind,) if kind else KINDS
    one(term, kinds=kinds)
    rows = [(it.node, it.kind, it.name, it.how) for it in linked(term, kinds=kinds)]
    columns = ("node", "kind", "name", "by")
    if form == "json":
        return json.dumps([dict(zip(columns, row)) for row in rows], ensure_ascii=False, indent=1)
    return as_table(Answer(columns, tuple(rows)))
