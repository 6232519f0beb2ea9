"""JSON beside an image: keys that are attributes of DICOM are treated as these, other texts are cleaned."""

from __future__ import annotations

import json
import re
from typing import Any

from .columns import kind_of
from .dates import capped_age, shifted
from .elements import DamageError
from .key import Key
from .person import bounded
from .profile import Options, plan
from .table import tags
from .text import cleaned

DEEPEST = 32
_GONE = "XZDNE"


def cleaned_json(data: bytes, key: Key, options: Options) -> tuple[bytes, int]:
    """The side-car without what identifies, and how many values were changed or left out."""
    try:
        told = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise DamageError("the side-car is no JSON") from error
    side = _Side(key, options, told)
    return (json.dumps(side.value(told, 0), indent=2, ensure_ascii=False) + "\n").encode(), side.cut


class _Side:
    """One file's cleaning: what is known of its patient, and how much was cut."""

    def __init__(self, key: Key, options: Options, told: Any) -> None:
        self.key, self.actions, self.cut = key, plan(options, "").inner, 0
        top = told if isinstance(told, dict) else {}
        self.patient = str(top.get("PatientID") or "").strip().encode()
        telling = [str(v) for k, v in top.items() if re.search(r"Name$|ID$|Number$|Physician|Address", k)]
        self.known = bounded(w.lower() for text in telling for w in {text, *re.split(r"[\s^,]+", text)} if len(w) > 2)

    def value(self, told: Any, depth: int) -> Any:
        """The same structure, cleaned."""
        if depth > DEEPEST:
            raise DamageError("the side-car nests too deep")
        if isinstance(told, dict):
            pairs = ((self._name(k), self._attribute(k, v, depth)) for k, v in told.items())
            return {name: v for name, v in pairs if v is not None}
        if isinstance(told, list):
            return [self.value(one, depth + 1) for one in told]
        if not isinstance(told, str):
            return told
        made = cleaned(told, self.known)
        self.cut += bool(made.cut)
        return made.text

    def _name(self, name: str) -> str:
        return name if name in tags() else cleaned(name).text

    def _attribute(self, name: str, told: Any, depth: int) -> Any:
        action = self.actions.get(tags().get(name, -1), "K")
        if name not in tags():
            action = {"gone": "X", "day": "S" if "S" in self.actions.values() else "X"}.get(kind_of(name), "K")
        new = self._acted(action, name, told, depth)
        self.cut += action not in "KHLR" and new != told
        return new

    def _acted(self, action: str, name: str, told: Any, depth: int) -> Any:
        if name == "PatientID":
            return self.key.word("patient", self.patient)
        if action in _GONE or (action == "S" and not self.patient):
            return None
        if action == "U":
            return self.key.uid(str(told).encode()).decode() if isinstance(told, str) else None
        if action == "S":
            moved = shifted(str(told).replace("-", "").encode(), self.key.days_back(self.patient))
            return moved.decode() if moved else None
        if action == "A":
            age = capped_age(str(told).encode())
            return age.decode() if age else None
        return self.value(told, depth + 1)
