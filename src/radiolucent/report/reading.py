"""What a study says, looked up with care: metrics may lack a part (no model, no groups, one class only)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from .numbers import Fig, defined, has_interval
from .study import Study
from .texts import Texts, texts

YES = {"1", "1.0", "yes", "true", "positive", "present"}
NO = {"0", "0.0", "no", "false", "negative", "absent"}
EMPTY: Mapping[str, Any] = {}


@dataclass(frozen=True)
class Reading:
    """A study with the words it is told in."""

    study: Study
    say: Texts

    def __post_init__(self) -> None:
        """Let every sentence name the study's own figure."""
        measure = self.say(f"metric.{self.headline}")
        inside = measure if measure.isupper() else measure[:1].lower() + measure[1:]
        floor = self.say(f"without.{self.headline}") if self.headline == "mae" else self.say("candidates.chance")
        always = {"measure": inside, "Measure": measure, "floor": floor}
        object.__setattr__(self, "say", replace(self.say, always=always))

    @property
    def metrics(self) -> Mapping[str, Any]:
        return self.study.metrics

    @property
    def design(self) -> Mapping[str, Any]:
        return self.metrics.get("design") or EMPTY

    @property
    def candidates(self) -> Mapping[str, Any]:
        return self.metrics.get("candidates") or EMPTY

    @property
    def best_name(self) -> str:
        return str(self.metrics.get("best") or next(iter(self.candidates), ""))

    @property
    def best(self) -> Mapping[str, Any]:
        """Scores of the best candidate."""
        return self.candidates.get(self.best_name) or EMPTY

    @property
    def baseline(self) -> Mapping[str, Any] | None:
        """Scores of the candidate that sees no picture, if it was run."""
        return self.candidates.get(self.study.baseline)

    @property
    def is_binary(self) -> bool:
        return self.metrics["task"]["kind"] == "binary"

    @property
    def is_given(self) -> bool:
        """Whether predictions made elsewhere are audited: nothing was fitted here, so nothing has a cost."""
        costs = [scores.get(key) for scores in self.candidates.values() for key in ("seconds", "fit_seconds")]
        return all(cost is None for cost in costs)

    @property
    def knows_patients(self) -> bool:
        return self.design.get("patient_column") is not None

    @property
    def n_evaluated(self) -> int:
        return int(self.design.get("n_evaluated") or self.metrics["n"])

    @property
    def patients_evaluated(self) -> int:
        return int(self.design.get("patients_evaluated") or self.metrics.get("patients") or 0)

    @property
    def kind(self) -> str:
        """binary, multiclass, ordinal, number or labels."""
        return str(self.metrics["task"]["kind"])

    @property
    def headline(self) -> str:
        """The figure that the study is about: auc, kappa or mae."""
        return headline(self.metrics)

    @property
    def figure(self) -> Fig | None:
        """That figure of the best candidate."""
        return self.best.get(self.headline)

    @property
    def nothing(self) -> float | None:
        """Its value where nothing was learned."""
        if self.headline == "mae":
            return (self.metrics.get("without_skill") or EMPTY).get("mae")
        return 0.5 if self.headline == "auc" else 0.0

    def gain(self, figure: Fig) -> Fig:
        """A difference turned so that more is better."""
        if self.headline != "mae":
            return figure
        low, high = figure.get("high"), figure.get("low")
        return {key: None if v is None else -v for key, v in (("value", figure["value"]), ("low", low), ("high", high))}

    @property
    def auc(self) -> Fig | None:
        return self.best.get("auc")

    @property
    def classes(self) -> list[str]:
        return [str(name) for name in self.metrics["classes"]]

    @property
    def target(self) -> str:
        return str(self.metrics["task"]["target"])

    @cached_property
    def labels(self) -> dict[str, str]:
        """How each class is called in a sentence: "1" of the target pneumonia is "pneumonia", "0" "no pneumonia"."""
        lower = {name: name.strip().lower() for name in self.classes}
        if self.is_binary and all(word in YES | NO for word in lower.values()):
            no = self.say("class.no", {"target": self.target})
            return {name: self.target if word in YES else no for name, word in lower.items()}
        is_code = {name: self.kind == "number" or word.replace(".", "", 1).isdigit() for name, word in lower.items()}
        return {
            name: self.say("class.of", {"target": self.target, "value": name}) if is_code[name] else name
            for name in self.classes
        }

    @property
    def positive(self) -> str:
        return str(self.metrics["task"].get("positive") or self.classes[-1])

    @property
    def positive_label(self) -> str:
        return self.labels.get(self.positive, self.positive)

    @property
    def negative_label(self) -> str:
        rest = [self.labels[name] for name in self.classes if name != self.positive]
        return self.say.listed(rest)

    def name(self, candidate: object) -> str:
        """The reader's word for a candidate; a column of predictions made elsewhere keeps its own name, in quotes."""
        if self.is_given:
            return self.say("candidate.given", {"name": candidate})
        return self.say.name("candidate", candidate)

    @property
    def best_label(self) -> str:
        return self.name(self.best_name)

    @property
    def metadata_columns(self) -> str:
        """The baseline's columns as a phrase: "age, sex and view"."""
        columns = [str(column) for column in self.study.methods.get("metadata_columns", ())]
        if not columns:
            return self.say("beats.columns_unknown")
        return self.say.listed(columns)

    @property
    def choice(self) -> Fig | None:
        """The figure of the choice itself, where more than one fold chose (with one, it is the best candidate's own)."""
        choice = self.metrics.get("choice") or EMPTY
        found = choice.get(self.headline)
        return found if len(choice.get("picked") or ()) > 1 and defined(found) else None

    def difference(self, other: str) -> Mapping[str, Any] | None:
        """The paired difference best minus `other`."""
        rows = self.metrics.get("differences") or ()
        return next((row for row in rows if row["b"] == other and row["a"] == self.best_name), None)

    @property
    def true_counts(self) -> dict[str, int]:
        """Evaluated images of each class."""
        confusion = self.best.get("confusion")
        if confusion:
            return {name: int(sum(row)) for name, row in zip(self.classes, confusion, strict=True)}
        return {str(name): int(n) for name, n in self.metrics["class_counts"].items()}

    @property
    def images(self) -> str:
        """ "1,000 images" (those that were scored)."""
        return self.say.count("images", self.n_evaluated)

    def leaks(self, *kinds: str) -> list[Mapping[str, Any]]:
        return [leak for leak in self.metrics.get("leaks") or () if not kinds or leak["kind"] in kinds]

    def rivals(self) -> list[str]:
        """The other candidates, without the baseline."""
        return [name for name in self.candidates if name not in (self.best_name, self.study.baseline)]


def read(study: Study, language: str) -> Reading:
    """The study in the words of a language, those for sequences where it is of sequences."""
    say = texts(language)
    say = say.of_sequences() if study.metrics["task"].get("unit") == "sequence" else say
    return Reading(study, say)


def headline(metrics: Mapping[str, Any]) -> str:
    """The name of the figure that a study is about."""
    return str(metrics["task"].get("headline") or "auc")


def differs(figure: Fig | None) -> bool:
    """Whether a difference is beyond chance: its interval is known and does not hold 0."""
    return figure is not None and defined(figure) and has_interval(figure) and not figure["low"] <= 0 <= figure["high"]
