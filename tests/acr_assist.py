"""The American College of Radiology's decision modules as their XML says: data elements, computed ones, branches, endpoints."""

import json
import re
from xml.etree import ElementTree

from shared import shared


class Module:
    """One module; values of data elements are text, or lists of text."""

    def __init__(self, path):
        root = ElementTree.parse(shared(f"reference/rules-acr-assist/{path}")).getroot()
        self.computed = [element for element in root.find("DataElements") if element.tag == "ComputedDataElement"]
        self.branches = root.findall("Rules/DecisionPoint/Branch")
        self.ends = {end.get("Id"): end for end in root.find("EndPoints")}
        self.choices = {choice.findtext("Value"): choice.findtext("Label") for choice in root.iter("Choice")}

    def endpoint(self, given):
        """The endpoint of the first branch that holds, or `None`."""
        values = dict(given)
        for element in self.computed:
            value = self._computed(element, values)
            if value is not None:
                values[element.get("Id")] = value
        for branch in self.branches:
            if _all(branch, values):
                return branch.find("EndPointRef").get("EndPointId")
        return None

    def says(self, endpoint):
        """The text of an endpoint in one line."""
        words = [
            part for text in self.ends[endpoint].iter("ReportText") for part in (text.get("Value"), text.text) if part
        ]
        return " ".join(" ".join(words).split())

    def _computed(self, element, values):
        point = element.find("DecisionPoint")
        for branch in point if point is not None else []:
            if branch.tag == "DefaultBranch" or _all(branch, values):
                text, sum_of = branch.findtext("TextExpression"), branch.findtext("ArithmeticExpression")
                return text if sum_of is None else str(_sum(sum_of, values))
        return None


def _sum(expression, values):
    assert not re.sub(r"\{\w+\}|[+\s]", "", expression), expression  # sums are all that there is
    return sum(int(values.get(name, 0)) for name in re.findall(r"\{(\w+)\}", expression))


def _all(node, values):
    conditions = [child for child in node if child.tag.endswith("Condition") or child.tag.startswith("SectionIf")]
    return bool(conditions) and all(_holds(condition, values) for condition in conditions)


def _holds(condition, values):
    if condition.tag == "AndCondition":
        return _all(condition, values)
    if condition.tag == "OrCondition":
        return any(_holds(child, values) for child in condition)
    value, wanted = values.get(condition.get("DataElementId")), condition.get("ComparisonValue")
    if condition.tag in ("SectionIf", "SectionIfNot"):
        return (value is not None) == (condition.tag == "SectionIf")
    if value is None:
        return False
    if condition.tag == "ContainsCondition":
        return wanted in value
    if condition.tag == "EqualCondition":
        return value == wanted
    below = float(value) < float(wanted)
    return below if condition.tag == "LessThanCondition" else not below


def scenarios(path):
    """Each scenario's name and inputs; one of the files ends its list with a comma, which JSON does not know."""
    text = shared(f"reference/rules-acr-assist/{path}").read_text(encoding="utf-8-sig")
    content, _ = json.JSONDecoder().raw_decode(re.sub(r",(\s*[\]}])", r"\1", text).lstrip())
    for one in content["scenarios"]:
        yield one["scenario_id"], {item["dataelement_id"]: item["dataelement_value"] for item in one["inputs"]}
